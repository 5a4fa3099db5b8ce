//! Rows of cells to objects and back: what CSV, spreadsheets and HTML tables have in common.

use std::collections::{HashMap, HashSet};

use weft_value::{Object, Text, Value};

use crate::FormatError;

/// The most cells that are made of one file.
pub const MAX_CELLS: u64 = 5_000_000;
/// The most bytes of text in them.
pub const MAX_TEXT: u64 = 256 << 20;

/// Whether the first row names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// It does.
    First,
    /// The columns have no names.
    None,
    /// The columns have no names, and a row is an object by their numbers.
    Numbers,
}

/// What becomes of cells without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// They are left out.
    LeftOut,
    /// They are empty text.
    Kept,
}

/// Counts what is made of a file.
#[derive(Default)]
pub(crate) struct Bound {
    cells: u64,
    text: u64,
}

impl Bound {
    pub(crate) fn add(&mut self, text: usize) -> Result<(), FormatError> {
        self.expect(1, text as u64)?;
        self.cells += 1;
        self.text += text as u64;
        Ok(())
    }

    /// Whether there is room for so many cells and so many bytes of text.
    pub(crate) fn expect(&self, cells: u64, text: u64) -> Result<(), FormatError> {
        if self.cells + cells > MAX_CELLS {
            return Err(FormatError::TooMuch { what: "its cells", limit: MAX_CELLS });
        }
        if self.text + text > MAX_TEXT {
            return Err(FormatError::TooMuch { what: "the bytes of its text", limit: MAX_TEXT });
        }
        Ok(())
    }
}

/// The rows as objects; without names, each is `{row: […]}`, or `{row: {…}}` with numbers.
pub(crate) fn objects(mut rows: Vec<Vec<Value>>, header: Header, empty: Empty) -> Vec<Object> {
    if header == Header::None {
        let row = |cells: Vec<Value>| {
            let cells = cells.into_iter().map(|cell| if cell.is_undefined() { Value::from("") } else { cell });
            [("row", Value::from(cells.collect::<Vec<_>>()))].into_iter().collect()
        };
        return rows.into_iter().map(row).collect();
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    if header == Header::Numbers {
        let numbers: Vec<Text> = (0..width).map(|number| number.to_string().into()).collect();
        let row = |cells| [("row", Value::from(object(&numbers, cells, empty)))].into_iter().collect();
        return rows.into_iter().map(row).collect();
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let names = names(&rows.remove(0), width);
    rows.into_iter().map(|row| object(&names, row, empty)).filter(|object| !object.is_empty()).collect()
}

/// A name for each column: one that comes again gets a number, one that is missing is `__EMPTY`, as n8n has it.
pub(crate) fn names(first: &[Value], width: usize) -> Vec<Text> {
    let (mut taken, mut numbers) = (HashSet::new(), HashMap::new());
    let mut unique = |name: String| {
        let mut candidate = name.clone();
        // Thousands of columns may have no name: each goes on counting where the one before ended.
        let number = numbers.entry(name.clone()).or_insert(0_usize);
        while !taken.insert(candidate.clone()) {
            *number += 1;
            candidate = format!("{name}_{number}");
        }
        Text::from(candidate)
    };
    let name = |cell: Option<&Value>| match cell {
        None | Some(Value::Undefined | Value::Null) => String::new(),
        Some(Value::String(text)) => text.to_string(),
        Some(other) => other.to_json(),
    };
    let named = |name: String| if name.is_empty() { "__EMPTY".to_owned() } else { name };
    (0..width).map(|column| unique(named(name(first.get(column))))).collect()
}

fn object(names: &[Text], row: Vec<Value>, empty: Empty) -> Object {
    let mut object = Object::with_capacity(names.len());
    let mut cells = row.into_iter();
    for name in names {
        let cell = cells.next().unwrap_or_default();
        let is_empty = cell.is_nullish() || cell.as_str() == Some("");
        match empty {
            Empty::LeftOut if is_empty => {}
            Empty::Kept if cell.is_nullish() => object.insert(name.clone(), ""),
            Empty::LeftOut | Empty::Kept => object.insert(name.clone(), cell),
        }
    }
    object
}

/// Objects as a table: the names of the columns in the order in which they occur, and a row for each object.
pub struct Table {
    /// The names of the columns.
    pub names: Vec<Text>,
    /// The cells; a column that an object has not is undefined.
    pub rows: Vec<Vec<Value>>,
}

/// The table of objects. What is nested is flattened: `{"a":{"b":1}}` has the column `a.b`.
pub fn table<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Table {
    let mut columns: HashMap<Text, usize> = HashMap::new();
    let mut table = Table { names: Vec::new(), rows: Vec::new() };
    for object in objects {
        let mut row = vec![Value::Undefined; table.names.len()];
        flatten("", object, &mut |name, value| {
            let column = *columns.entry(name.clone()).or_insert_with(|| {
                table.names.push(name);
                table.names.len() - 1
            });
            if row.len() <= column {
                row.resize(column + 1, Value::Undefined);
            }
            row[column] = value.clone();
        });
        table.rows.push(row);
    }
    table
}

fn flatten(prefix: &str, object: &Object, put: &mut impl FnMut(Text, &Value)) {
    for (name, value) in object {
        flatten_value(&joined(prefix, name), value, put);
    }
}

fn flatten_value(name: &str, value: &Value, put: &mut impl FnMut(Text, &Value)) {
    match value {
        Value::Object(inner) => flatten(name, inner, put),
        Value::Array(list) => {
            for (index, entry) in list.iter().enumerate() {
                flatten_value(&joined(name, &index.to_string()), entry, put);
            }
        }
        other => put(Text::from(name), other),
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// A cell as text: nothing is empty, truth values are in capitals as in every spreadsheet.
pub(crate) fn cell_text(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => String::new(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::String(text) => text.to_string(),
        other => {
            let json = other.to_json();
            json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map_or(json.clone(), str::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_value::from_json;

    fn rows(json: &str) -> Vec<Vec<Value>> {
        let list = from_json(json).unwrap();
        list.as_array().unwrap().iter().map(|row| row.as_array().unwrap().to_vec()).collect()
    }

    fn json(objects: Vec<Object>) -> String {
        Value::from(objects.into_iter().map(Value::from).collect::<Vec<_>>()).to_json()
    }

    #[test]
    fn the_first_row_names_columns_and_names_are_made_unique() {
        let given = r#"[["a","a","",null],[1,2,"",4],["","","",""]]"#;
        assert_eq!(json(objects(rows(given), Header::First, Empty::LeftOut)), r#"[{"a":1,"a_1":2,"__EMPTY_1":4}]"#);
        assert_eq!(json(objects(rows(r#"[["a","b"],[1]]"#), Header::First, Empty::Kept)), r#"[{"a":1,"b":""}]"#);
        assert_eq!(json(objects(rows(r#"[["a"],[1]]"#), Header::None, Empty::Kept)), r#"[{"row":["a"]},{"row":[1]}]"#);
        let numbered = rows(r#"[["a","","c"],[1]]"#);
        let expected = r#"[{"row":{"0":"a","2":"c"}},{"row":{"0":1}}]"#;
        assert_eq!(json(objects(numbered, Header::Numbers, Empty::LeftOut)), expected);
        assert_eq!(json(objects(Vec::new(), Header::First, Empty::Kept)), "[]");
        let taken = r#"[["a","a_1","a","a"],[1,2,3,4]]"#;
        assert_eq!(json(objects(rows(taken), Header::First, Empty::Kept)), r#"[{"a":1,"a_1":2,"a_2":3,"a_3":4}]"#);
    }

    #[test]
    fn objects_make_a_table_with_every_column_that_occurs() {
        let list = from_json(r#"[{"a":1,"b":{"c":"é","d":[true]}},{"e":null,"a":2}]"#).unwrap();
        let table = table(list.as_array().unwrap().iter().filter_map(Value::as_object));
        assert_eq!(table.names.iter().map(Text::as_str).collect::<Vec<_>>(), ["a", "b.c", "b.d.0", "e"]);
        let texts: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(cell_text).collect()).collect();
        assert_eq!(texts, [vec!["1", "é", "TRUE"], vec!["2", "", "", ""]]);
    }

    #[test]
    fn too_many_cells_are_refused() {
        let mut bound = Bound { cells: MAX_CELLS, text: 0 };
        assert!(bound.add(1).unwrap_err().to_string().contains("cells"));
        let mut bound = Bound { cells: 0, text: MAX_TEXT };
        assert!(bound.add(1).unwrap_err().to_string().contains("text"));
    }
}
