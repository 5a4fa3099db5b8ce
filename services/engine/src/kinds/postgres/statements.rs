//! From parameters and an item to a statement.

use std::collections::HashMap;
use std::fmt::Write as _;

use weft_clients::postgres::{array, identifier, literal, qualified, replaced};
use weft_nodes::{Field, NodeError, Step};
use weft_value::{Object, Text, Value};

use super::{
    Combine, Comparison, Condition, DataMode, DeleteCommand, Direction, Listed, Operation, Parameters, SortBy,
};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Table {
    schema: String,
    name: String,
}

impl Table {
    fn sql(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Asks for the types of its columns.
    pub(super) fn columns_query(&self) -> String {
        let text = |text: &str| literal(&Value::from(text));
        let schema = if self.schema.is_empty() { "current_schema()".to_owned() } else { text(&self.schema) };
        format!(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = {schema} AND table_name = {}",
            text(&self.name)
        )
    }
}

/// What is known of the types of a table's columns.
#[derive(Debug, Default)]
pub(super) struct Columns(HashMap<String, String>);

impl Columns {
    pub(super) fn new(rows: impl IntoIterator<Item = Object>) -> Self {
        let text = |row: &Object, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        Self(rows.into_iter().filter_map(|row| text(&row, "column_name").zip(text(&row, "data_type"))).collect())
    }

    /// A value as a literal for a column: lists and objects are JSON but in columns of arrays, and everything that is not a
    /// text is JSON in columns of JSON.
    pub(super) fn literal(&self, column: &str, value: &Value) -> String {
        let json = |value: &Value| literal(&Value::from(value.to_json()));
        match (self.0.get(column).map(String::as_str), value) {
            (_, Value::Undefined | Value::Null) => "NULL".to_owned(),
            (Some("json" | "jsonb"), value) if value.as_str().is_none() => json(value),
            (Some("ARRAY"), Value::Array(list)) => literal(&Value::from(array(list))),
            (_, Value::Array(_) | Value::Object(_)) => json(value),
            (_, other) => literal(other),
        }
    }
}

/// The tables that a step writes to.
#[derive(Default)]
pub(super) struct Tables(HashMap<Table, Columns>);

impl Tables {
    pub(super) fn knows(&self, table: &Table) -> bool {
        self.0.contains_key(table)
    }

    pub(super) fn learn(&mut self, table: Table, columns: Columns) {
        self.0.insert(table, columns);
    }
}

fn missing(what: &str, parameter: &'static str) -> NodeError {
    NodeError::new("parameter", format!("“{what}” must be filled in.")).in_field(parameter)
}

impl Parameters {
    /// A query of one's own, with its values.
    pub(super) fn query(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let query = self.query.text(step, index)?;
        if self.options.query_replacement.is_empty() {
            return Ok(query.as_str().to_owned());
        }
        let mut values = match self.options.query_replacement.resolve(step, index)? {
            Value::Array(list) => list.to_vec(),
            Value::String(text) => text.split(',').map(|value| Value::from(value.trim())).collect(),
            one => vec![one],
        };
        if self.options.replace_empty_strings {
            values.iter_mut().filter(|value| value.as_str() == Some("")).for_each(|value| *value = Value::Null);
        }
        replaced(&query, &values)
            .map_err(|problem| NodeError::new("parameter", problem).in_field("options.queryReplacement"))
    }

    pub(super) fn table(&self, step: &dyn Step, index: usize) -> Result<Table, NodeError> {
        let (schema, name) = (self.schema.text(step, index)?, self.table.text(step, index)?);
        if name.trim().is_empty() {
            return Err(missing("Table", "table"));
        }
        Ok(Table { schema: schema.trim().to_owned(), name: name.trim().to_owned() })
    }

    /// The statement of an operation on a table.
    pub(super) fn table_statement(
        &self,
        step: &dyn Step,
        index: usize,
        table: &Table,
        tables: &Tables,
    ) -> Result<String, NodeError> {
        let none = Columns::default();
        let columns = tables.0.get(table).unwrap_or(&none);
        match self.operation {
            Operation::Insert | Operation::Upsert => self.insert(step, index, table, columns),
            Operation::Update => self.update(step, index, table, columns),
            Operation::DeleteTable => self.delete(step, index, table),
            Operation::Select | Operation::ExecuteQuery => self.select(step, index, table),
        }
    }

    /// The columns of an item with their values.
    fn row(&self, step: &dyn Step, index: usize) -> Result<Vec<(Text, Value)>, NodeError> {
        let mut row: Vec<(Text, Value)> = match self.data_mode {
            DataMode::AutoMapInputData => {
                let json = step.input(0).get(index).and_then(|item| item.json.as_object());
                json.into_iter().flat_map(Object::iter).map(|(name, value)| (name.clone(), value.clone())).collect()
            }
            DataMode::DefineBelow => {
                let pair =
                    |pair: &super::ColumnValue| Ok((pair.column.text(step, index)?, pair.value.resolve(step, index)?));
                self.values_to_send.values.iter().map(pair).collect::<Result<_, NodeError>>()?
            }
        };
        if row.iter().any(|(name, _)| name.is_empty()) {
            return Err(missing("Column", "valuesToSend"));
        }
        if self.options.replace_empty_strings {
            row.iter_mut().filter(|(_, value)| value.as_str() == Some("")).for_each(|(_, value)| *value = Value::Null);
        }
        Ok(row)
    }

    fn matching(&self, step: &dyn Step, index: usize) -> Result<Vec<Text>, NodeError> {
        let names = self.matching_columns.names(step, index)?;
        if names.is_empty() { Err(missing("Columns to match", "matchingColumns")) } else { Ok(names) }
    }

    fn insert(&self, step: &dyn Step, index: usize, table: &Table, columns: &Columns) -> Result<String, NodeError> {
        let row = self.row(step, index)?;
        let mut sql = format!("INSERT INTO {}", table.sql());
        if row.is_empty() {
            sql.push_str(" DEFAULT VALUES");
        } else {
            let values: Vec<String> = row.iter().map(|(name, value)| columns.literal(name, value)).collect();
            let _ = write!(sql, " ({}) VALUES ({})", listed(row.iter().map(|(name, _)| name)), values.join(","));
        }
        if self.operation == Operation::Upsert {
            let matching = self.matching(step, index)?;
            let set: Vec<String> = row
                .iter()
                .filter(|(name, _)| !matching.contains(name))
                .map(|(name, _)| format!("{0} = EXCLUDED.{0}", identifier(name)))
                .collect();
            let does = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
            let _ = write!(sql, " ON CONFLICT ({}) DO {does}", listed(matching.iter()));
        } else if self.options.skip_on_conflict {
            sql.push_str(" ON CONFLICT DO NOTHING");
        }
        let _ = write!(sql, " RETURNING {}", self.output(step, index)?);
        Ok(sql)
    }

    fn update(&self, step: &dyn Step, index: usize, table: &Table, columns: &Columns) -> Result<String, NodeError> {
        let (row, matching) = (self.row(step, index)?, self.matching(step, index)?);
        let equal = |(name, value): &(Text, Value)| format!("{} = {}", identifier(name), columns.literal(name, value));
        let mut conditions = Vec::with_capacity(matching.len());
        for name in &matching {
            let given = row.iter().find(|(known, value)| known == name && !value.is_undefined());
            conditions.push(given.map(equal).ok_or_else(|| {
                NodeError::new("parameter", format!("The item has no value for the column “{name}” to match."))
                    .in_field("matchingColumns")
            })?);
        }
        let set: Vec<String> = row.iter().filter(|(name, _)| !matching.contains(name)).map(equal).collect();
        if set.is_empty() {
            return Err(NodeError::new("parameter", "There is no column to update beside those to match."));
        }
        Ok(format!(
            "UPDATE {} SET {} WHERE {} RETURNING {}",
            table.sql(),
            set.join(", "),
            conditions.join(" AND "),
            self.output(step, index)?
        ))
    }

    fn delete(&self, step: &dyn Step, index: usize, table: &Table) -> Result<String, NodeError> {
        let cascade = if self.options.cascade { " CASCADE" } else { "" };
        Ok(match self.delete_command {
            DeleteCommand::Drop => format!("DROP TABLE IF EXISTS {}{cascade}", table.sql()),
            DeleteCommand::Delete => format!("DELETE FROM {}{}", table.sql(), self.condition(step, index)?),
            DeleteCommand::Truncate => {
                let restart = if self.restart_sequences { " RESTART IDENTITY" } else { "" };
                format!("TRUNCATE TABLE {}{restart}{cascade}", table.sql())
            }
        })
    }

    fn select(&self, step: &dyn Step, index: usize, table: &Table) -> Result<String, NodeError> {
        let mut sql = format!(
            "SELECT {} FROM {}{}{}",
            self.output(step, index)?,
            table.sql(),
            self.condition(step, index)?,
            order(&self.sort, step, index)?
        );
        if !self.return_all {
            let limit = if self.limit.is_empty() { 50.0 } else { self.limit.number(step, index, "limit")? };
            let _ = write!(sql, " LIMIT {}", limit.max(0.0) as u64);
        }
        Ok(sql)
    }

    fn condition(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let written = |condition: &Condition| condition.sql(step, index);
        let conditions = self.conditions.values.iter().map(written).collect::<Result<Vec<_>, _>>()?;
        let between = if self.combine_conditions == Combine::And { " AND " } else { " OR " };
        Ok(if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(between)) })
    }

    /// The columns to give.
    fn output(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let names = self.options.output_columns.names(step, index)?;
        let all = names.is_empty() || names.iter().any(|name| name.as_str() == "*");
        Ok(if all { "*".to_owned() } else { listed(names.iter()) })
    }
}

impl Condition {
    fn sql(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let column = self.column.text(step, index)?;
        if column.is_empty() {
            return Err(missing("Column", "where"));
        }
        let operator = match self.comparison {
            Comparison::IsNull => return Ok(format!("{} IS NULL", identifier(&column))),
            Comparison::IsNotNull => return Ok(format!("{} IS NOT NULL", identifier(&column))),
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Like => "LIKE",
            Comparison::Greater => ">",
            Comparison::Less => "<",
            Comparison::GreaterOrEqual => ">=",
            Comparison::LessOrEqual => "<=",
        };
        let value = literal(&self.value.resolve(step, index)?);
        Ok(format!("{} {operator} {value}", identifier(&column)))
    }
}

fn order(sort: &Listed<SortBy>, step: &dyn Step, index: usize) -> Result<String, NodeError> {
    let written = |by: &SortBy| {
        let column = by.column.text(step, index)?;
        if column.is_empty() {
            return Err(missing("Column", "sort"));
        }
        let direction = if by.direction == Direction::Ascending { "ASC" } else { "DESC" };
        Ok(format!("{} {direction}", identifier(&column)))
    };
    let columns = sort.values.iter().map(written).collect::<Result<Vec<_>, NodeError>>()?;
    Ok(if columns.is_empty() { String::new() } else { format!(" ORDER BY {}", columns.join(", ")) })
}

fn listed<'a>(names: impl Iterator<Item = &'a Text>) -> String {
    names.map(|name| identifier(name)).collect::<Vec<_>>().join(",")
}

/// Makes a list of values of which each is an expression of its own, `={{ $json.a }}, {{ $json.b }}`, one expression that gives
/// the list: a comma in a value is then no comma of the list.
pub(super) fn split_replacement(parameters: &mut Object) {
    let Some(Value::Object(options)) = parameters.get_mut("options") else { return };
    let options = std::sync::Arc::make_mut(options);
    let Some(listed) = options.get("queryReplacement").and_then(Value::as_str).and_then(as_list) else { return };
    if Field::compile(&Value::from(listed.as_str()), "").is_ok() {
        options.insert("queryReplacement", listed);
    }
}

fn as_list(template: &str) -> Option<String> {
    let mut rest = template.strip_prefix('=')?.trim();
    let mut entries = Vec::new();
    loop {
        let (expression, after) = rest.strip_prefix("{{")?.split_once("}}")?;
        entries.push(format!("({})", expression.trim()));
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
    (entries.len() > 1).then(|| format!("={{{{ [{}] }}}}", entries.join(", ")))
}
