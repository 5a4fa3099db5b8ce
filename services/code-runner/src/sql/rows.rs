//! What a statement gives, as the JSON of a list of objects.

use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};
use weft_code_runner_protocol::{Failure, FailureKind};

use super::Trouble;
use super::tables::{BOOLEAN, JSON, NO_COLUMN};
use crate::fault::plain;

/// How the values of a column are written.
#[derive(Clone, Copy)]
enum As {
    Stored,
    Boolean,
    Json,
}

struct Column {
    place: usize,
    /// The JSON of its name.
    name: String,
    written: As,
}

/// Executes `statement` and writes its rows, in at most `limit` bytes.
pub(super) fn write(statement: &mut Statement<'_>, limit: usize) -> Result<Vec<u8>, Trouble> {
    let columns = columns(statement);
    let mut json = vec![b'['];
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if json.len() > 1 {
            json.push(b',');
        }
        write_row(row, &columns, &mut json)?;
        if json.len() > limit {
            let message = "The query returned more data than is allowed. Select fewer columns, or limit the rows.";
            return Err(Trouble::Other(plain(FailureKind::Output, message)));
        }
    }
    json.push(b']');
    Ok(json)
}

/// The columns that become fields. Of several of one name the last one does, in the place of the first.
fn columns(statement: &Statement<'_>) -> Vec<Column> {
    let mut found: Vec<(String, Column)> = Vec::new();
    for (place, column) in statement.columns().iter().enumerate() {
        let written = match column.decl_type() {
            Some(BOOLEAN) => As::Boolean,
            Some(JSON) => As::Json,
            _ => As::Stored,
        };
        let name = column.name();
        if name == NO_COLUMN {
            continue;
        }
        let column = Column { place, name: serde_json::Value::from(name).to_string(), written };
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = column,
            None => found.push((name.to_owned(), column)),
        }
    }
    found.into_iter().map(|(_, column)| column).collect()
}

fn write_row(row: &Row<'_>, columns: &[Column], json: &mut Vec<u8>) -> Result<(), Trouble> {
    json.push(b'{');
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            json.push(b',');
        }
        json.extend_from_slice(column.name.as_bytes());
        json.push(b':');
        let written = text_of(row.get_ref(column.place)?, column).map_err(Trouble::Other)?;
        json.extend_from_slice(written.as_bytes());
    }
    json.push(b'}');
    Ok(())
}

fn text_of(value: ValueRef<'_>, column: &Column) -> Result<String, Failure> {
    Ok(match (value, column.written) {
        (ValueRef::Null, _) => "null".to_owned(),
        (ValueRef::Integer(number @ (0 | 1)), As::Boolean) => (number == 1).to_string(),
        (ValueRef::Integer(number), _) => number.to_string(),
        // What is not finite has no JSON, and is null there.
        (ValueRef::Real(number), _) => serde_json::Value::from(number).to_string(),
        (ValueRef::Text(bytes), As::Json) if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        (ValueRef::Text(bytes), _) => serde_json::Value::from(String::from_utf8_lossy(bytes)).to_string(),
        (ValueRef::Blob(_), _) => {
            let message = format!("The column {} holds bytes. Write it as text with hex(…).", column.name);
            return Err(plain(FailureKind::Thrown, &message));
        }
    })
}
