//! Items as tables: a row an item, a column a field.

use rusqlite::types::{ToSqlOutput, Value as Stored};
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value};
use weft_code_runner_protocol::{Failure, FailureKind};

use super::of;
use crate::fault::plain;

/// The type of a column that holds booleans and nothing else: what is selected from it is given back as such.
pub(super) const BOOLEAN: &str = "BOOLEAN";
/// The type of a column that holds objects and lists and nothing else.
pub(super) const JSON: &str = "JSON";
/// A table needs a column. This one stands for none, and is left out of every row.
pub(super) const NO_COLUMN: &str = "weft no column";
/// How the name of the last column begins, which says which fields an item lacks: one `1` for each, `0` for those that it has,
/// nothing after the last one that it lacks. After it comes how many columns it speaks of. Where `*` selects a table, the
/// column is there, and is left out of the row.
pub(super) const LACKS: &str = "weft lacks ";
/// SQLite's own limit, which is compiled in.
const MOST_COLUMNS: usize = 2000;

/// What is known of a table.
pub(super) struct Table {
    name: String,
    rows: usize,
    /// The name of the column that says what an item lacks.
    lacks: Option<String>,
}

impl Table {
    /// Makes the table `input<number>` of the JSON of a list of objects.
    pub(super) fn load(database: &Connection, number: usize, items: &[u8]) -> Result<Self, Failure> {
        let name = format!("input{number}");
        let unreadable = |_| plain(FailureKind::NotJson, "The items could not be read.");
        let items: Vec<Map<String, Value>> = serde_json::from_slice(items).map_err(unreadable)?;
        let columns = columns_of(number, &items)?;
        let has_room = !columns.is_empty() && columns.len() < MOST_COLUMNS;
        let lacks = has_room.then(|| format!("{LACKS}{}", columns.len()));
        let table = Self { name, rows: items.len(), lacks };
        fill(database, &table, &columns, &items).map_err(|error| of(&error))?;
        Ok(table)
    }

    /// What queries call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How many items it has.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Removes what says which fields an item lacks, and says whether there was that: a query may count the columns.
    pub(super) fn forget_lacks(&mut self, database: &Connection) -> rusqlite::Result<bool> {
        let Some(lacks) = self.lacks.take() else { return Ok(false) };
        database.execute_batch(&format!("alter table {} drop column {}", self.name, quoted(&lacks)))?;
        Ok(true)
    }
}

struct Column {
    name: String,
    holds: Option<&'static str>,
}

/// Every field of any item, in the order in which they are met first.
fn columns_of(number: usize, items: &[Map<String, Value>]) -> Result<Vec<Column>, Failure> {
    // Fields are kept by name as SQL compares names: without regard to the case of ASCII letters.
    let mut columns = Map::new();
    let mut found: Vec<Column> = Vec::new();
    for (name, value) in items.iter().flatten() {
        let key = name.to_ascii_lowercase();
        let place = if let Some(place) = columns.get(&key).and_then(Value::as_u64) {
            place as usize
        } else {
            columns.insert(key, found.len().into());
            found.push(Column { name: name.clone(), holds: None });
            found.len() - 1
        };
        let column = &mut found[place];
        if column.name != *name {
            let message = format!(
                "Input {number} has the fields “{}” and “{name}”, which are one to SQL. Rename one of them before.",
                column.name
            );
            return Err(plain(FailureKind::Thrown, &message));
        }
        column.hold(value);
        if found.len() > MOST_COLUMNS {
            let message = format!("Input {number} has more than {MOST_COLUMNS} fields, which is too many for a table.");
            return Err(plain(FailureKind::Thrown, &message));
        }
    }
    Ok(found)
}

impl Column {
    fn hold(&mut self, value: &Value) {
        const MIXED: &str = "";
        let holds = match value {
            Value::Null => return,
            Value::Bool(_) => BOOLEAN,
            Value::Array(_) | Value::Object(_) => JSON,
            Value::Number(_) | Value::String(_) => MIXED,
        };
        self.holds = Some(if self.holds.is_none_or(|before| before == holds) { holds } else { MIXED });
    }

    fn declaration(&self) -> String {
        format!("{} {}", quoted(&self.name), self.holds.unwrap_or_default())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn fill(
    database: &Connection,
    table: &Table,
    columns: &[Column],
    items: &[Map<String, Value>],
) -> rusqlite::Result<()> {
    let name = &table.name;
    let mut declared: Vec<String> =
        if columns.is_empty() { vec![quoted(NO_COLUMN)] } else { columns.iter().map(Column::declaration).collect() };
    declared.extend(table.lacks.as_deref().map(quoted));
    database.execute_batch(&format!("begin; create table {name} ({})", declared.join(", ")))?;
    let places = vec!["?"; declared.len()].join(", ");
    let mut insert = database.prepare(&format!("insert into {name} values ({places})"))?;
    for item in items {
        if columns.is_empty() {
            insert.execute([Stored::Null])?;
        } else {
            let lacks = table.lacks.as_ref().map(|_| ToSqlOutput::Owned(Stored::Text(lacks(columns, item))));
            let values = columns.iter().map(|column| stored(item.get(&column.name).unwrap_or(&Value::Null)));
            insert.execute(params_from_iter(values.chain(lacks)))?;
        }
    }
    drop(insert);
    database.execute_batch("commit")
}

/// Which of the columns the item lacks, as the column [`LACKS`] says it.
fn lacks(columns: &[Column], item: &Map<String, Value>) -> String {
    let mut lacks = String::new();
    if item.len() < columns.len() {
        lacks.extend(columns.iter().map(|column| if item.contains_key(&column.name) { '0' } else { '1' }));
        lacks.truncate(lacks.rfind('1').map_or(0, |last| last + 1));
    }
    lacks
}

/// A value as SQLite keeps it: booleans as 0 and 1, lists and objects as their JSON.
pub(super) fn stored(value: &Value) -> ToSqlOutput<'_> {
    match value {
        Value::Null => ToSqlOutput::Owned(Stored::Null),
        Value::Bool(truth) => ToSqlOutput::Owned(Stored::Integer(i64::from(*truth))),
        Value::Number(number) => ToSqlOutput::Owned(match whole(number) {
            Some(whole) => Stored::Integer(whole),
            None => Stored::Real(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => ToSqlOutput::Borrowed(text.as_str().into()),
        Value::Array(_) | Value::Object(_) => ToSqlOutput::Owned(Stored::Text(value.to_string())),
    }
}

/// A number of JavaScript that is whole, as long as doubles count by one.
fn whole(number: &serde_json::Number) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= MOST).map(|n| n as i64))
}

/// Adds a column that the query names and no item has, where it can be told to which table it belongs: to the one that the
/// query names, else to those without items. Says whether there was one.
pub(super) fn add(database: &Connection, tables: &mut [Table], column: &str) -> rusqlite::Result<bool> {
    let (table, name) = column.split_once('.').map_or((None, column), |(table, name)| (Some(table), name));
    let named = tables.iter().position(|known| table.is_some_and(|table| known.name.eq_ignore_ascii_case(table)));
    let belongs = |place: usize, known: &Table| named.map_or(known.rows == 0, |named| named == place);
    let mut added = false;
    for (_, table) in tables.iter().enumerate().filter(|(place, table)| belongs(*place, table)) {
        // Another spelling of a column that is there cannot be added, and SQLite would have found it.
        database.execute_batch(&format!("alter table {} add column {}", table.name, quoted(name)))?;
        added = true;
    }
    Ok(added)
}
