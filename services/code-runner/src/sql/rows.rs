//! What a statement gives, as the JSON of a list of objects.

use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};
use weft_code_runner_protocol::{Failure, FailureKind};

use super::Trouble;
use super::tables::{BOOLEAN, JSON, LACKS, NO_COLUMN};
use crate::fault::plain;

/// How the values of a column are written.
#[derive(Clone, Copy)]
enum As {
    Stored,
    Boolean,
    Json,
}

struct Column {
    /// The JSON of its name.
    name: String,
    /// The columns of this name, the first one first: the last one that a row has gives its field.
    sources: Vec<Source>,
}

#[derive(Clone, Copy)]
struct Source {
    place: usize,
    written: As,
    /// Where the row says whether the item lacks the field, and the place of the field in what it says.
    lacks: Option<(usize, usize)>,
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

/// The columns that become fields. Those of one name are one, in the place of the first.
fn columns(statement: &Statement<'_>) -> Vec<Column> {
    let names = statement.column_names();
    let mut found: Vec<(&str, Column)> = Vec::new();
    let lacks = lacks(&names);
    for (place, column) in statement.columns().iter().enumerate() {
        let written = match column.decl_type() {
            Some(BOOLEAN) => As::Boolean,
            Some(JSON) => As::Json,
            _ => As::Stored,
        };
        let name = names[place];
        if name == NO_COLUMN || name.starts_with(LACKS) {
            continue;
        }
        let source = Source { place, written, lacks: lacks[place] };
        if let Some((_, known)) = found.iter_mut().find(|(known, _)| *known == name) {
            known.sources.push(source);
        } else {
            let column = Column { name: serde_json::Value::from(name).to_string(), sources: vec![source] };
            found.push((name, column));
        }
    }
    found.into_iter().map(|(_, column)| column).collect()
}

/// Of each column that `*` selects, which column says what its item lacks, and where in it.
fn lacks(names: &[&str]) -> Vec<Option<(usize, usize)>> {
    let mut lacks = vec![None; names.len()];
    for (place, name) in names.iter().enumerate() {
        let count = name.strip_prefix(LACKS).and_then(|count| count.parse::<usize>().ok());
        let Some(first) = count.and_then(|count| place.checked_sub(count)) else { continue };
        for (index, column) in lacks[first..place].iter_mut().enumerate() {
            *column = Some((place, index));
        }
    }
    lacks
}

/// Whether the row has this field: an item may lack it, and a row of a join may lack the item.
fn has(row: &Row<'_>, source: Source) -> rusqlite::Result<bool> {
    let Some((place, index)) = source.lacks else { return Ok(true) };
    if row.get_ref(source.place)? != ValueRef::Null {
        return Ok(true);
    }
    Ok(match row.get_ref(place)? {
        ValueRef::Text(lacks) => lacks.get(index) != Some(&b'1'),
        _ => false,
    })
}

fn write_row(row: &Row<'_>, columns: &[Column], json: &mut Vec<u8>) -> Result<(), Trouble> {
    json.push(b'{');
    let mut is_first = true;
    for column in columns {
        let mut found = None;
        for source in column.sources.iter().rev() {
            if has(row, *source)? {
                found = Some(source);
                break;
            }
        }
        let Some(source) = found else { continue };
        if !std::mem::take(&mut is_first) {
            json.push(b',');
        }
        json.extend_from_slice(column.name.as_bytes());
        json.push(b':');
        let written = text_of(row.get_ref(source.place)?, source.written, &column.name).map_err(Trouble::Other)?;
        json.extend_from_slice(written.as_bytes());
    }
    json.push(b'}');
    Ok(())
}

fn text_of(value: ValueRef<'_>, written: As, name: &str) -> Result<String, Failure> {
    Ok(match (value, written) {
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
            let message = format!("The column {name} holds bytes. Write it as text with hex(…).");
            return Err(plain(FailureKind::Thrown, &message));
        }
    })
}
