//! Tables in HTML.

use scraper::{ElementRef, Html, Selector};
use weft_value::{Object, Value};

use crate::FormatError;
use crate::rows::{Bound, Empty, Header, Table, cell_text, objects};

/// The rows of the first table of a document; what looks like a number or a truth value is one.
pub fn read(document: &Html, header: Header, empty: Empty) -> Result<Vec<Object>, FormatError> {
    let select = |text: &str| Selector::parse(text).map_err(|error| FormatError::broken("HTML", error));
    let (table, row, cell) = (select("table")?, select("tr")?, select("td, th")?);
    let none = || FormatError::broken("HTML", "it has no table");
    let table = document.select(&table).next().ok_or_else(none)?;
    let (mut rows, mut bound) = (Vec::new(), Bound::default());
    for row in table.select(&row) {
        let mut cells = Vec::new();
        for cell in row.select(&cell) {
            let text = text_of(cell);
            bound.add(text.len())?;
            cells.push(value_of(&text));
        }
        rows.push(cells);
    }
    Ok(objects(rows, header, empty))
}

fn text_of(cell: ElementRef<'_>) -> String {
    let words = cell.text().flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ")
}

fn value_of(text: &str) -> Value {
    match text {
        "TRUE" | "true" => Value::Bool(true),
        "FALSE" | "false" => Value::Bool(false),
        other => {
            // "007" and "1e5" are names of things rather than numbers.
            let number = other.parse::<f64>().ok().filter(|number| number.to_string() == other);
            number.map_or_else(|| Value::from(other), Value::Number)
        }
    }
}

/// A document with one table.
pub fn write(table: &Table, header: Header) -> String {
    let mut out = String::from("<html><head><meta charset=\"utf-8\"/><title>Sheet</title></head><body><table>");
    if header == Header::First {
        row(&mut out, table.names.iter().map(ToString::to_string));
    }
    for cells in &table.rows {
        let missing = std::iter::repeat_n(String::new(), table.names.len().saturating_sub(cells.len()));
        row(&mut out, cells.iter().map(cell_text).chain(missing));
    }
    out.push_str("</table></body></html>");
    out
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push_str("<tr>");
    for cell in cells {
        out.push_str("<td>");
        for c in cell.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\n' => out.push_str("<br/>"),
                c => out.push(c),
            }
        }
        out.push_str("</td>");
    }
    out.push_str("</tr>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::table;
    use weft_value::from_json;

    fn parse(text: &str, header: Header) -> Result<String, FormatError> {
        let rows = read(&Html::parse_document(text), header, Empty::LeftOut)?;
        Ok(Value::from(rows.into_iter().map(Value::from).collect::<Vec<_>>()).to_json())
    }

    #[test]
    fn the_first_table_is_read() {
        let text =
            "<p>x<table><thead><tr><th>a<th>b</thead><tr><td>1<td> two\n <b>three</b></table><table><tr><td>9</table>";
        assert_eq!(parse(text, Header::First).unwrap(), r#"[{"a":1,"b":"two three"}]"#);
        assert_eq!(parse("<table><tr><td>007</table>", Header::None).unwrap(), r#"[{"row":["007"]}]"#);
        assert!(parse("<p>nothing", Header::First).unwrap_err().to_string().contains("no table"));
    }

    #[test]
    fn what_is_written_is_escaped_and_read_again() {
        let list = from_json(r#"[{"a":"<script>&","b":1},{"a":"é"}]"#).unwrap();
        let text = write(&table(list.as_array().unwrap().iter().filter_map(Value::as_object)), Header::First);
        assert!(text.contains("&lt;script&gt;&amp;"), "{text}");
        assert_eq!(parse(&text, Header::First).unwrap(), r#"[{"a":"<script>&","b":1},{"a":"é"}]"#);
    }
}
