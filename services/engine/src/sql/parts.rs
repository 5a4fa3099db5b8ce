//! From parameters and an item to the parts of a statement.

use std::sync::Arc;

use serde::Deserialize;
use weft_nodes::{Field, NodeError, Retried, Step};
use weft_value::{Object, Text, Value};

/// How many rows are read where nobody says how many.
const ROWS: f64 = 50.0;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Operation {
    Select,
    Insert,
    Upsert,
    Update,
    DeleteTable,
    ExecuteQuery,
}

impl Operation {
    /// What sets the same values again changes nothing. What a written query does is not known.
    pub(crate) fn retried(self) -> Retried {
        match self {
            Self::Select | Self::Upsert | Self::Update | Self::DeleteTable => Retried::Idempotent,
            Self::Insert | Self::ExecuteQuery => Retried::AtMostOnce,
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DataMode {
    #[default]
    AutoMapInputData,
    DefineBelow,
}

#[derive(Deserialize)]
pub(crate) struct Listed<T> {
    #[serde(default = "Vec::new")]
    pub(crate) values: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

#[derive(Deserialize)]
pub(crate) struct ColumnValue {
    #[serde(default)]
    column: Field,
    #[serde(default)]
    value: Field,
}

#[derive(Deserialize)]
pub(crate) struct Condition {
    #[serde(default)]
    column: Field,
    #[serde(default, rename = "condition")]
    comparison: Comparison,
    #[serde(default)]
    value: Field,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Comparison {
    #[default]
    #[serde(rename = "equal")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
    #[serde(rename = "LIKE")]
    Like,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = ">=")]
    GreaterOrEqual,
    #[serde(rename = "<=")]
    LessOrEqual,
    #[serde(rename = "IS NULL")]
    IsNull,
    #[serde(rename = "IS NOT NULL")]
    IsNotNull,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Combine {
    #[default]
    #[serde(rename = "AND")]
    And,
    #[serde(rename = "OR")]
    Or,
}

#[derive(Deserialize)]
pub(crate) struct SortBy {
    #[serde(default)]
    column: Field,
    #[serde(default)]
    direction: Direction,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Direction {
    #[default]
    #[serde(rename = "ASC")]
    Ascending,
    #[serde(rename = "DESC")]
    Descending,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DeleteCommand {
    #[default]
    Truncate,
    Delete,
    Drop,
}

/// Which statements are done together.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Batching {
    #[default]
    Single,
    Independently,
    Transaction,
}

/// How a database writes names and values.
pub(crate) trait Dialect {
    /// A name of a column.
    fn name(&self, name: &str) -> String;

    /// A value as it stands in a statement; for a column where it is stored in one.
    fn value(&mut self, column: Option<&str>, value: &Value) -> String;

    /// Names of columns with commas between them.
    fn names<'a>(&self, names: impl Iterator<Item = &'a Text>) -> String {
        names.map(|name| self.name(name)).collect::<Vec<_>>().join(",")
    }

    /// The names of the columns of a row, and the values that are stored in them.
    fn both(&mut self, row: &[(Text, Value)]) -> (String, String) {
        let values: Vec<String> = row.iter().map(|(name, value)| self.value(Some(name.as_str()), value)).collect();
        (self.names(row.iter().map(|(name, _)| name)), values.join(","))
    }
}

/// That a parameter is empty which a statement needs.
pub(crate) fn missing(what: &str, parameter: &'static str) -> NodeError {
    NodeError::new("parameter", format!("“{what}” must be filled in.")).in_field(parameter)
}

/// What becomes of texts that are empty; the form has a switch for it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "bool")]
pub(crate) enum EmptyTexts {
    #[default]
    Kept,
    Null,
}

impl From<bool> for EmptyTexts {
    fn from(replaced: bool) -> Self {
        if replaced { Self::Null } else { Self::Kept }
    }
}

impl EmptyTexts {
    fn settle<'a>(self, values: impl Iterator<Item = &'a mut Value>) {
        if self == Self::Null {
            values.filter(|value| value.as_str() == Some("")).for_each(|value| *value = Value::Null);
        }
    }
}

/// The values that a query of one's own asks for.
pub(crate) fn replacement(
    given: &Field,
    empty: EmptyTexts,
    (step, index): (&dyn Step, usize),
) -> Result<Vec<Value>, NodeError> {
    let mut values = match given.resolve(step, index)? {
        Value::Array(list) => list.to_vec(),
        Value::String(text) => text.split(',').map(|value| Value::from(value.trim())).collect(),
        one => vec![one],
    };
    empty.settle(values.iter_mut());
    Ok(values)
}

/// How many rows are read at most.
pub(crate) fn limit(given: &Field, step: &dyn Step, index: usize) -> Result<u64, NodeError> {
    let limit = if given.is_empty() { ROWS } else { given.number(step, index, "limit")? };
    Ok(limit.max(0.0) as u64)
}

/// The columns of an item with their values.
pub(crate) fn row(
    mode: DataMode,
    by_hand: &Listed<ColumnValue>,
    empty: EmptyTexts,
    (step, index): (&dyn Step, usize),
) -> Result<Vec<(Text, Value)>, NodeError> {
    let mut row: Vec<(Text, Value)> = match mode {
        DataMode::AutoMapInputData => {
            let json = step.input(0).get(index).and_then(|item| item.json.as_object());
            json.into_iter().flat_map(Object::iter).map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        DataMode::DefineBelow => {
            let pair = |pair: &ColumnValue| Ok((pair.column.text(step, index)?, pair.value.resolve(step, index)?));
            by_hand.values.iter().map(pair).collect::<Result<_, NodeError>>()?
        }
    };
    if row.iter().any(|(name, _)| name.is_empty()) {
        return Err(missing("Column", "valuesToSend"));
    }
    empty.settle(row.iter_mut().map(|(_, value)| value));
    Ok(row)
}

/// The columns by which rows are found.
pub(crate) fn matching(given: &Field, step: &dyn Step, index: usize) -> Result<Vec<Text>, NodeError> {
    let names = given.names(step, index)?;
    if names.is_empty() { Err(missing("Columns to match", "matchingColumns")) } else { Ok(names) }
}

/// That the row has a value for each of the columns to match.
pub(crate) fn all_matched(row: &[(Text, Value)], matching: &[Text]) -> Result<(), NodeError> {
    let has = |name: &Text| row.iter().any(|(known, value)| known == name && !value.is_undefined());
    let Some(name) = matching.iter().find(|name| !has(name)) else { return Ok(()) };
    let message = format!("The item has no value for the column “{name}” to match.");
    Err(NodeError::new("parameter", message).in_field("matchingColumns"))
}

/// What stands behind `SET` and behind `WHERE` where the columns to match find the row that the others change.
pub(crate) fn assignments(
    row: &[(Text, Value)],
    matching: &[Text],
    dialect: &mut impl Dialect,
) -> Result<(String, String), NodeError> {
    all_matched(row, matching)?;
    let mut equal = |(name, value): &(Text, Value)| {
        format!("{} = {}", dialect.name(name), dialect.value(Some(name.as_str()), value))
    };
    let set: Vec<String> = row.iter().filter(|(name, _)| !matching.contains(name)).map(&mut equal).collect();
    if set.is_empty() {
        return Err(NodeError::new("parameter", "There is no column to update beside those to match."));
    }
    let found = matching.iter().filter_map(|name| row.iter().find(|(known, _)| known == name));
    let conditions: Vec<String> = found.map(equal).collect();
    Ok((set.join(", "), conditions.join(" AND ")))
}

/// What stands behind a table whose rows are chosen, with a space before it.
pub(crate) fn condition(
    conditions: &Listed<Condition>,
    combine: Combine,
    (step, index): (&dyn Step, usize),
    dialect: &mut impl Dialect,
) -> Result<String, NodeError> {
    let mut written = |condition: &Condition| condition.sql(step, index, dialect);
    let conditions = conditions.values.iter().map(&mut written).collect::<Result<Vec<_>, _>>()?;
    let between = if combine == Combine::And { " AND " } else { " OR " };
    Ok(if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(between)) })
}

impl Condition {
    fn sql(&self, step: &dyn Step, index: usize, dialect: &mut impl Dialect) -> Result<String, NodeError> {
        let column = self.column.text(step, index)?;
        if column.is_empty() {
            return Err(missing("Column", "where"));
        }
        let name = dialect.name(&column);
        let operator = match self.comparison {
            Comparison::IsNull => return Ok(format!("{name} IS NULL")),
            Comparison::IsNotNull => return Ok(format!("{name} IS NOT NULL")),
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Like => "LIKE",
            Comparison::Greater => ">",
            Comparison::Less => "<",
            Comparison::GreaterOrEqual => ">=",
            Comparison::LessOrEqual => "<=",
        };
        let value = dialect.value(None, &self.value.resolve(step, index)?);
        Ok(format!("{name} {operator} {value}"))
    }
}

/// How rows are sorted, with a space before it.
pub(crate) fn order(
    sort: &Listed<SortBy>,
    step: &dyn Step,
    index: usize,
    dialect: &impl Dialect,
) -> Result<String, NodeError> {
    let written = |by: &SortBy| {
        let column = by.column.text(step, index)?;
        if column.is_empty() {
            return Err(missing("Column", "sort"));
        }
        let direction = if by.direction == Direction::Ascending { "ASC" } else { "DESC" };
        Ok(format!("{} {direction}", dialect.name(&column)))
    };
    let columns = sort.values.iter().map(written).collect::<Result<Vec<_>, NodeError>>()?;
    Ok(if columns.is_empty() { String::new() } else { format!(" ORDER BY {}", columns.join(", ")) })
}

/// The columns to give: all where none is named.
pub(crate) fn columns(
    given: &Field,
    step: &dyn Step,
    index: usize,
    dialect: &impl Dialect,
) -> Result<String, NodeError> {
    let names = given.names(step, index)?;
    let all = names.is_empty() || names.iter().any(|name| name.as_str() == "*");
    Ok(if all { "*".to_owned() } else { dialect.names(names.iter()) })
}

/// Makes a list of values of which each is an expression of its own, `={{ $json.a }}, {{ $json.b }}`, one expression that gives
/// the list: a comma in a value is then no comma of the list.
pub(crate) fn split_replacement(parameters: &mut Object) {
    let Some(Value::Object(options)) = parameters.get_mut("options") else { return };
    let options = Arc::make_mut(options);
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
