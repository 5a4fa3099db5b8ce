//! CSV (RFC 4180), as forgiving as spreadsheets are.

use csv::{QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};
use weft_value::{Object, Text, Value};

use crate::FormatError;
use crate::rows::{Bound, Empty, Header, Table, cell_text, objects};

/// How CSV is read.
#[derive(Clone, Debug)]
pub struct CsvOptions {
    /// What stands between two fields.
    pub delimiter: u8,
    /// Whether the first line names the columns.
    pub header: Header,
    /// What becomes of empty fields.
    pub empty: Empty,
    /// The line that reading begins with, from 1.
    pub from_line: usize,
    /// The most rows, the one of names aside.
    pub most_rows: Option<usize>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: b',', header: Header::First, empty: Empty::LeftOut, from_line: 1, most_rows: None }
    }
}

/// The rows of a text; every value is text.
pub fn read(text: &str, options: &CsvOptions) -> Result<Vec<Object>, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped: usize = text.split_inclusive('\n').take(options.from_line.saturating_sub(1)).map(str::len).sum();
    let text = &text[skipped..];
    let mut reader = ReaderBuilder::new()
        .delimiter(options.delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let named = usize::from(options.header == Header::First);
    let most = options.most_rows.map_or(usize::MAX, |rows| rows.saturating_add(named));
    let (mut rows, mut bound) = (Vec::new(), Bound::default());
    for record in reader.records().take(most) {
        let record = record.map_err(|error| FormatError::broken("CSV", error))?;
        let mut row = Vec::with_capacity(record.len());
        for field in &record {
            bound.add(field.len())?;
            row.push(Value::from(field));
        }
        rows.push(row);
    }
    Ok(objects(rows, options.header, options.empty))
}

/// The text of a table; lines end with `\n`, the last one with nothing, as n8n has it.
pub fn write(table: &Table, delimiter: u8, header: Header) -> Result<String, FormatError> {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .quote_style(QuoteStyle::Necessary)
        .flexible(true)
        .from_writer(Vec::new());
    let broken = |error: csv::Error| FormatError::broken("CSV", error);
    if header == Header::First {
        writer.write_record(table.names.iter().map(Text::as_str)).map_err(broken)?;
    }
    for row in &table.rows {
        let missing = std::iter::repeat_n(String::new(), table.names.len().saturating_sub(row.len()));
        writer.write_record(row.iter().map(cell_text).chain(missing)).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| FormatError::broken("CSV", error))?;
    let mut text = String::from_utf8(bytes).map_err(|error| FormatError::broken("CSV", error))?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::table;
    use weft_value::from_json;

    fn parse(text: &str, options: &CsvOptions) -> String {
        Value::from(read(text, options).unwrap().into_iter().map(Value::from).collect::<Vec<_>>()).to_json()
    }

    #[test]
    fn csv_is_read_with_quotes_other_delimiters_and_rows_of_any_length() {
        let plain = CsvOptions::default();
        for (text, options, expected) in [
            ("a,b\n1,\"x, \"\"y\"\"\nz\"\n", plain.clone(), r#"[{"a":"1","b":"x, \"y\"\nz"}]"#),
            ("\u{feff}é;b\r\n1;2\r\n", CsvOptions { delimiter: b';', ..plain.clone() }, r#"[{"é":"1","b":"2"}]"#),
            ("a,b\n1\n1,2,3\n", plain.clone(), r#"[{"a":"1"},{"a":"1","b":"2","__EMPTY":"3"}]"#),
            ("a,b\n1,\n", CsvOptions { empty: Empty::Kept, ..plain.clone() }, r#"[{"a":"1","b":""}]"#),
            ("skip\na\n1\n", CsvOptions { from_line: 2, ..plain.clone() }, r#"[{"a":"1"}]"#),
            ("a\n1\n2\n", CsvOptions { most_rows: Some(1), ..plain.clone() }, r#"[{"a":"1"}]"#),
            ("a\n1\n", CsvOptions { header: Header::None, ..plain.clone() }, r#"[{"row":["a"]},{"row":["1"]}]"#),
            ("", plain.clone(), "[]"),
            ("a,b", plain, "[]"),
        ] {
            assert_eq!(parse(text, &options), expected, "{text:?}");
        }
    }

    #[test]
    fn csv_is_written_as_it_is_read() {
        let list = from_json(r#"[{"a":1,"b":"x,\"y\""},{"a":true,"c":{"d":"é"}}]"#).unwrap();
        let table = table(list.as_array().unwrap().iter().filter_map(Value::as_object));
        let text = write(&table, b',', Header::First).unwrap();
        assert_eq!(text, "a,b,c.d\n1,\"x,\"\"y\"\"\",\nTRUE,,é");
        assert_eq!(parse(&text, &CsvOptions::default()), r#"[{"a":"1","b":"x,\"y\""},{"a":"TRUE","c.d":"é"}]"#);
        assert_eq!(write(&table, b';', Header::None).unwrap(), "1;\"x,\"\"y\"\"\";\nTRUE;;é");
    }
}
