//! A table of all items: one row each, one column for each field.

use indexmap::IndexSet;
use serde::Deserialize;
use weft_value::{Object, Text, Value};

use super::of_all;
use crate::coercion::to_text;
use crate::markup::MAX_BYTES;
use crate::{Field, NodeError, Outputs, Step};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    capitalize: bool,
    custom_styling: bool,
    caption: Field,
    table_attributes: Field,
    header_attributes: Field,
    row_attributes: Field,
    cell_attributes: Field,
}

/// The styles of a table that has none of its own.
struct Styles {
    table: &'static str,
    caption: &'static str,
    head: &'static str,
    cell: &'static str,
}

const STYLES: Styles = Styles {
    table: "border-spacing:0; font-family:helvetica,arial,sans-serif",
    caption: "text-align:left; font-weight:bold; padding:8px 0",
    head: "border:1px solid; padding:6px; text-align:left",
    cell: "border:1px solid; padding:6px",
};

/// How many columns a table may have.
const MAX_COLUMNS: usize = 1000;

impl Options {
    pub(super) fn table(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Outputs::one(Vec::new()));
        }
        let mut columns: IndexSet<&Text> = IndexSet::new();
        for fields in items.iter().filter_map(|item| item.json.as_object()) {
            columns.extend(fields.iter().map(|(name, _)| name));
        }
        if columns.len() > MAX_COLUMNS {
            let message = format!("The table would have {} columns, but {MAX_COLUMNS} is the most.", columns.len());
            return Err(NodeError::new("too_large", message).describe("Choose the fields with a Set node before."));
        }
        let attributes = |field: &Field, style: &str| -> Result<String, NodeError> {
            let own = field.text(step, 0)?;
            let style = if self.custom_styling { String::new() } else { format!(" style=\"{style}\"") };
            Ok(if own.is_empty() { style } else { format!(" {own}{style}") })
        };
        let row = attributes(&self.row_attributes, "").map(|row| row.replace(" style=\"\"", ""))?;
        let cell = attributes(&self.cell_attributes, STYLES.cell)?;
        let head = attributes(&self.header_attributes, STYLES.head)?;
        let mut out = format!("<table{}>\n", attributes(&self.table_attributes, STYLES.table)?);
        let caption = self.caption.text(step, 0)?;
        if !caption.is_empty() {
            let style = attributes(&Field::default(), STYLES.caption)?;
            out.push_str(&format!("<caption{style}>{}</caption>\n", escaped(&caption)));
        }
        out.push_str(&format!("<thead><tr{row}>"));
        for column in &columns {
            out.push_str(&format!("<th{head}>{}</th>", escaped(&self.title(column))));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for item in items {
            out.push_str(&format!("<tr{row}>"));
            for column in &columns {
                out.push_str(&format!("<td{cell}>{}</td>", shown(item.json.get(column))));
            }
            out.push_str("</tr>\n");
            if out.len() > MAX_BYTES {
                let message = format!("The table would have more than {} MB.", MAX_BYTES >> 20);
                return Err(NodeError::new("too_large", message).describe("Make a table of fewer items."));
            }
        }
        out.push_str("</tbody>\n</table>");
        let json: Object = [("table", out)].into_iter().collect();
        Ok(of_all(step, json))
    }

    fn title(&self, column: &str) -> String {
        if !self.capitalize {
            return column.to_owned();
        }
        let words = column.split(['_', ' ']).filter(|word| !word.is_empty()).map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(truth) => {
            let mark = if *truth { "checked=\"checked\" " } else { "" };
            format!("<input type=\"checkbox\" {mark}disabled/>")
        }
        other => escaped(&to_text(other)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
