//! A table of all items: one row each, one column for each field.

use indexmap::IndexSet;
use serde::Deserialize;
use std::fmt::Write as _;
use weft_value::{Object, Text, Value};

use super::of_all;
use crate::coercion::to_text;
use crate::markup::{MAX_MADE, too_much};
use crate::{Field, NodeError, Outputs, Step};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    capitalize: bool,
    custom_styling: bool,
    /// Whether what stands in fields is HTML, not text.
    raw_cells: bool,
    caption: Field,
    table_attributes: Field,
    header_attributes: Field,
    row_attributes: Field,
    cell_attributes: Field,
}

/// The styles of a table that has none of its own: of itself, of headers, of cells.
const STYLES: [&str; 3] = [
    "border-collapse: collapse; font-family: sans-serif",
    "padding: 4px 12px; border-bottom: 2px solid #ccc; text-align: left",
    "padding: 4px 12px; border-bottom: 1px solid #ddd",
];

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
            let style = Some(style).filter(|style| !style.is_empty() && !self.custom_styling);
            let style = style.map(|style| format!(" style=\"{style}\"")).unwrap_or_default();
            Ok(if own.is_empty() { style } else { format!("{style} {own}") })
        };
        let row = attributes(&self.row_attributes, "")?;
        let cell = attributes(&self.cell_attributes, STYLES[2])?;
        let header = attributes(&Field::default(), STYLES[1])?;
        let mut out = format!("<table{}>", attributes(&self.table_attributes, STYLES[0])?);
        let caption = self.caption.text(step, 0)?;
        if !caption.is_empty() {
            let _ = write!(out, "<caption>{}</caption>", self.escaped(&caption));
        }
        let _ = write!(out, "<thead{}><tr>", attributes(&self.header_attributes, "")?);
        for column in &columns {
            let _ = write!(out, "<th{header}>{}</th>", self.escaped(&self.title(column)));
        }
        out.push_str("</tr></thead><tbody>");
        for item in items {
            let _ = write!(out, "<tr{row}>");
            for column in &columns {
                let _ = write!(out, "<td{cell}>{}</td>", self.shown(item.json.get(column)));
            }
            out.push_str("</tr>");
            if out.len() > MAX_MADE {
                return Err(too_much());
            }
        }
        out.push_str("</tbody></table>");
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

    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Bool(truth) => {
                let mark = if *truth { "checked=\"checked\" " } else { "" };
                format!("<input type=\"checkbox\" {mark}/>")
            }
            other => self.escaped(&to_text(other)),
        }
    }

    fn escaped(&self, text: &str) -> String {
        if self.raw_cells {
            return text.to_owned();
        }
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }
}
