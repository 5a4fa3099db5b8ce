//! The bytes of a file, and what else there is to know of it.

use std::future::Future;

use weft_file_formats::rows::{Header, table};
use weft_file_formats::text::{Mark, encode};
use weft_file_formats::{csv, html, media_type, sheets};
use weft_nodes::{NodeError, Step, get_path};
use weft_value::{BinaryRef, Value};

use super::{Moved, Operation, Parameters};
use crate::files::{apart, from_base64};

impl Parameters {
    /// One file of all items; making it may take long.
    pub(super) fn of_all(
        &self,
        step: &dyn Step,
    ) -> Result<impl Future<Output = Result<Vec<u8>, NodeError>> + Send + use<>, NodeError> {
        let items = step.shared_input(0);
        let header = if self.options.header_row { Header::First } else { Header::None };
        let delimiter = delimiter(&self.options.delimiter.text(step, 0)?)?;
        let encoding = self.options.encoding.text(step, 0)?.to_string();
        let sheet = self.options.sheet_name.text(step, 0)?.to_string();
        let sheet = if sheet.is_empty() { "Sheet".to_owned() } else { sheet };
        let made_at = step.now().as_second();
        let (mark, operation, pretty) = (self.mark(), self.operation, self.options.format);
        Ok(apart(move || {
            let objects = || table(items.iter().filter_map(|item| item.json.as_object()));
            match operation {
                // n8n's CSV begins with the mark, which tells Excel that it is UTF-8.
                Operation::Csv => encode(&csv::write(&objects(), delimiter, header)?, &encoding, Mark::Kept),
                Operation::Xlsx => sheets::write_xlsx(&objects(), header, &sheet, made_at),
                Operation::Html => encode(&html::write(&objects(), header), &encoding, mark),
                Operation::ToJson | Operation::ToText | Operation::ToBinary | Operation::ICal => {
                    let list: Value = items.iter().map(|item| item.json.clone()).collect::<Vec<_>>().into();
                    encode(&json_text(&list, pretty), &encoding, mark)
                }
            }
        }))
    }

    /// The file of one item.
    pub(super) fn bytes_of(&self, step: &dyn Step, index: usize) -> Result<Vec<u8>, NodeError> {
        let json = &step.input(0)[index].json;
        let encoding = self.options.encoding.text(step, index)?;
        let source = self.source_property.text(step, index)?;
        let text = match self.operation {
            Operation::ToText => match field(json, &source)? {
                Value::String(text) if self.options.moved != Some(Moved::Json) => text.to_string(),
                other => json_text(&other, self.options.format),
            },
            Operation::ToBinary => {
                let text = field(json, &source)?;
                let text = text.as_str().ok_or_else(|| no_base64(&source))?;
                // What a browser calls a data URL has its media type before the base64.
                let data =
                    text.strip_prefix("data:").and_then(|url| url.split_once(";base64,")).map_or(text, |(_, d)| d);
                return from_base64(data).ok_or_else(|| no_base64(&source));
            }
            Operation::ICal => return self.event.bytes(step, index),
            Operation::ToJson | Operation::Csv | Operation::Xlsx | Operation::Html => {
                json_text(json, self.options.format)
            }
        };
        encode(&text, &encoding, self.mark()).map_err(|error| NodeError::new("file_format", error.to_string()))
    }

    fn mark(&self) -> Mark {
        if self.options.add_bom { Mark::Kept } else { Mark::Left }
    }

    /// Name and media type, as the options say or as they follow from each other.
    pub(super) fn described(&self, step: &dyn Step, index: usize) -> Result<BinaryRef, NodeError> {
        let mut given_name = self.options.file_name.text(step, index)?.to_string();
        if given_name.is_empty() && self.operation == Operation::ICal {
            given_name = self.event.file_name(step, index)?;
        }
        let given_type = self.options.mime_type.text(step, index)?.to_string();
        let (usual_name, usual_type) = match self.operation {
            Operation::Csv => ("data.csv", "text/csv"),
            Operation::Xlsx => ("data.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Operation::Html => ("data.html", "text/html"),
            Operation::ToJson => ("file.json", "application/json"),
            Operation::ToText if self.options.moved.is_some() => ("file", "text/plain"),
            Operation::ToText => ("file.txt", "text/plain"),
            Operation::ToBinary => ("file", "application/octet-stream"),
            Operation::ICal => ("event.ics", "text/calendar"),
        };
        let of_name = || media_type::of_name(&given_name);
        let mime_type = match given_type {
            given if !given.is_empty() => given,
            _ if usual_name == "file" => of_name().unwrap_or_else(|| usual_type.to_owned()),
            _ => usual_type.to_owned(),
        };
        let extension = media_type::extension(&mime_type);
        let name = match (given_name.is_empty(), extension) {
            (false, _) => given_name,
            (true, Some(extension)) if usual_name == "file" && extension != "bin" => {
                format!("{usual_name}.{extension}")
            }
            (true, _) => usual_name.to_owned(),
        };
        let of_name = media_type::extension_of_name(&name).or(extension).map(str::to_owned);
        Ok(BinaryRef { mime_type, file_extension: of_name, file_name: Some(name), ..BinaryRef::default() })
    }
}

fn json_text(value: &Value, pretty: bool) -> String {
    let compact = value.to_json();
    if !pretty {
        return compact;
    }
    let pretty =
        serde_json::from_str::<serde_json::Value>(&compact).and_then(|json| serde_json::to_string_pretty(&json));
    pretty.unwrap_or(compact)
}

fn field(json: &Value, name: &str) -> Result<Value, NodeError> {
    let value = get_path(json, name);
    if value.is_undefined() {
        return Err(
            NodeError::new("field_missing", format!("The item has no field “{name}”.")).in_field("sourceProperty")
        );
    }
    Ok(value)
}

fn no_base64(name: &str) -> NodeError {
    NodeError::new("parameter", format!("The field “{name}” holds no base64.")).in_field("sourceProperty")
}

/// One byte that stands between two fields; `\t` is how people write a tab.
pub(crate) fn delimiter(text: &str) -> Result<u8, NodeError> {
    match text {
        "" => Ok(b','),
        "\\t" | "tab" => Ok(b'\t'),
        other => match other.as_bytes() {
            [one] if *one != b'"' && *one != b'\n' => Ok(*one),
            _ => Err(NodeError::new(
                "parameter",
                format!("“{other}” cannot stand between two fields of CSV: take one character."),
            )
            .in_field("options.delimiter")),
        },
    }
}
