//! From parameters and an item to a statement.

use std::collections::HashMap;
use std::fmt::Write as _;

use weft_clients::postgres::{array, identifier, literal, qualified, replaced};
use weft_nodes::{NodeError, Step};
use weft_value::{Object, Value};

use super::{Operation, Parameters};
use crate::sql::{
    self, DeleteCommand, Dialect, assignments, columns, condition, matching, missing, order, replacement,
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

/// Values stand in the text, as literals.
struct Written<'a>(&'a Columns);

impl Dialect for Written<'_> {
    fn name(&self, name: &str) -> String {
        identifier(name)
    }

    fn value(&mut self, column: Option<&str>, value: &Value) -> String {
        column.map_or_else(|| literal(value), |column| self.0.literal(column, value))
    }
}

impl Parameters {
    /// A query of one's own, with its values.
    pub(super) fn query(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let query = self.query.text(step, index)?;
        if self.options.query_replacement.is_empty() {
            return Ok(query.as_str().to_owned());
        }
        let values = replacement(&self.options.query_replacement, self.options.replace_empty_strings, (step, index))?;
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
        let written = &mut Written(columns);
        match self.operation {
            Operation::Insert | Operation::Upsert => self.insert(step, index, table, written),
            Operation::Update => self.update(step, index, table, written),
            Operation::DeleteTable => self.delete(step, index, table, written),
            Operation::Select | Operation::ExecuteQuery => self.select(step, index, table, written),
        }
    }

    /// The columns of an item with their values.
    fn row(&self, step: &dyn Step, index: usize) -> Result<Vec<(weft_value::Text, Value)>, NodeError> {
        sql::row(self.data_mode, &self.values_to_send, self.options.replace_empty_strings, (step, index))
    }

    fn insert(
        &self,
        step: &dyn Step,
        index: usize,
        table: &Table,
        written: &mut Written<'_>,
    ) -> Result<String, NodeError> {
        let row = self.row(step, index)?;
        let mut sql = format!("INSERT INTO {}", table.sql());
        if row.is_empty() {
            sql.push_str(" DEFAULT VALUES");
        } else {
            let (names, values) = written.both(&row);
            let _ = write!(sql, " ({names}) VALUES ({values})");
        }
        if self.operation == Operation::Upsert {
            let matching = matching(&self.matching_columns, step, index)?;
            let set: Vec<String> = row
                .iter()
                .filter(|(name, _)| !matching.contains(name))
                .map(|(name, _)| format!("{0} = EXCLUDED.{0}", identifier(name)))
                .collect();
            let does = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
            let _ = write!(sql, " ON CONFLICT ({}) DO {does}", written.names(matching.iter()));
        } else if self.options.skip_on_conflict {
            sql.push_str(" ON CONFLICT DO NOTHING");
        }
        let _ = write!(sql, " RETURNING {}", columns(&self.options.output_columns, step, index, written)?);
        Ok(sql)
    }

    fn update(
        &self,
        step: &dyn Step,
        index: usize,
        table: &Table,
        written: &mut Written<'_>,
    ) -> Result<String, NodeError> {
        let (row, matching) = (self.row(step, index)?, matching(&self.matching_columns, step, index)?);
        let (set, found) = assignments(&row, &matching, written)?;
        let given = columns(&self.options.output_columns, step, index, written)?;
        Ok(format!("UPDATE {} SET {set} WHERE {found} RETURNING {given}", table.sql()))
    }

    fn delete(
        &self,
        step: &dyn Step,
        index: usize,
        table: &Table,
        written: &mut Written<'_>,
    ) -> Result<String, NodeError> {
        let cascade = if self.options.cascade { " CASCADE" } else { "" };
        Ok(match self.delete_command {
            DeleteCommand::Drop => format!("DROP TABLE IF EXISTS {}{cascade}", table.sql()),
            DeleteCommand::Delete => {
                let chosen = condition(&self.conditions, self.combine_conditions, (step, index), written)?;
                format!("DELETE FROM {}{chosen}", table.sql())
            }
            DeleteCommand::Truncate => {
                let restart = if self.restart_sequences { " RESTART IDENTITY" } else { "" };
                format!("TRUNCATE TABLE {}{restart}{cascade}", table.sql())
            }
        })
    }

    fn select(
        &self,
        step: &dyn Step,
        index: usize,
        table: &Table,
        written: &mut Written<'_>,
    ) -> Result<String, NodeError> {
        let mut sql = format!(
            "SELECT {} FROM {}{}{}",
            columns(&self.options.output_columns, step, index, written)?,
            table.sql(),
            condition(&self.conditions, self.combine_conditions, (step, index), written)?,
            order(&self.sort, step, index, written)?
        );
        if !self.return_all {
            let _ = write!(sql, " LIMIT {}", sql::limit(&self.limit, step, index)?);
        }
        Ok(sql)
    }
}
