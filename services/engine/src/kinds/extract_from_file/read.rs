//! What a file holds: rows, or one value.

use base64::Engine as _;
use weft_file_formats::csv::CsvOptions;
use weft_file_formats::rows::{Empty, Header};
use weft_file_formats::sheets::{Dates, SheetFormat, SheetOptions};
use weft_file_formats::text::{Mark, decode};
use weft_file_formats::{FormatError, csv, html, ics, sheets};
use weft_nodes::{NodeError, Step, parse_html, set_path};
use weft_value::{BinaryRef, Item, Object, Value, from_json};

use super::super::convert_to_file::make::delimiter;
use super::pdf::PdfReading;
use super::{Keep, Moments, Operation, Parameters};
use crate::files::{BASE64, apart};

/// How a table is read.
pub(super) enum Table {
    Csv(CsvOptions, String),
    Html(Header, Empty, String),
    Sheet(SheetFormat, SheetOptions),
}

/// How a file is read.
pub(super) enum Reading {
    Table(Table),
    Single(Single),
    Pdf(PdfReading),
}

/// How one value is read.
pub(super) enum Single {
    Json(String, Mark),
    Ics(String),
    Text(String, Mark),
    Base64,
}

impl Parameters {
    /// How this file is read.
    pub(super) fn reading(&self, step: &dyn Step, index: usize, file: &BinaryRef) -> Result<Reading, NodeError> {
        let encoding = self.options.encoding.text(step, index)?.to_string();
        let mark = if self.options.strip_bom { Mark::Left } else { Mark::Kept };
        let table = match self.operation {
            Operation::Csv => self.csv(step, index, encoding)?,
            Operation::Html => self.html(encoding),
            Operation::Xlsx => self.sheet(step, index, SheetFormat::Xlsx)?,
            Operation::Ods => self.sheet(step, index, SheetFormat::Ods)?,
            Operation::Autodetect => match file.extension().unwrap_or_default().to_ascii_lowercase().as_str() {
                "html" | "htm" => self.html(encoding),
                "xlsx" | "xlsm" => self.sheet(step, index, SheetFormat::Xlsx)?,
                "ods" => self.sheet(step, index, SheetFormat::Ods)?,
                format @ ("xlsb" | "xls" | "rtf" | "pdf") => {
                    let message = format!("Tables of the format “{format}” cannot be read here. Save them as XLSX.");
                    return Err(NodeError::new("file_format", message).finally());
                }
                _ => self.csv(step, index, encoding)?,
            },
            Operation::FromJson => return Ok(Reading::Single(Single::Json(encoding, mark))),
            Operation::FromIcs => return Ok(Reading::Single(Single::Ics(encoding))),
            Operation::Text | Operation::Xml => return Ok(Reading::Single(Single::Text(encoding, mark))),
            Operation::Base64 => return Ok(Reading::Single(Single::Base64)),
            Operation::Pdf => return Ok(Reading::Pdf(self.pdf(step, index)?)),
        };
        Ok(Reading::Table(table))
    }

    fn header(&self) -> Header {
        if self.options.header_row { Header::First } else { Header::None }
    }

    fn empty(&self) -> Empty {
        if self.options.include_empty_cells { Empty::Kept } else { Empty::LeftOut }
    }

    fn csv(&self, step: &dyn Step, index: usize, encoding: String) -> Result<Table, NodeError> {
        let number = |field: &weft_nodes::Field, name: &str, otherwise: f64| {
            if field.is_empty() { Ok(otherwise) } else { field.number(step, index, name) }
        };
        let most = number(&self.options.max_row_count, "options.maxRowCount", -1.0)?;
        let options = CsvOptions {
            delimiter: delimiter(&self.options.delimiter.text(step, index)?)?,
            header: match self.header() {
                Header::None if self.options.numbered => Header::Numbers,
                header => header,
            },
            empty: self.empty(),
            from_line: number(&self.options.from_line, "options.fromLine", 1.0)?.max(1.0) as usize,
            most_rows: (most >= 0.0).then_some(most as usize),
        };
        Ok(Table::Csv(options, encoding))
    }

    fn sheet(&self, step: &dyn Step, index: usize, format: SheetFormat) -> Result<Table, NodeError> {
        let options = SheetOptions {
            sheet: self.options.sheet_name.text(step, index)?.to_string(),
            range: self.options.range.text(step, index)?.to_string(),
            header: self.header(),
            empty: self.empty(),
            dates: if self.options.dates == Moments::Number { Dates::Numbers } else { Dates::Texts },
        };
        Ok(Table::Sheet(format, options))
    }

    fn html(&self, encoding: String) -> Table {
        Table::Html(self.header(), self.empty(), encoding)
    }

    /// The item with what its file holds.
    pub(super) fn with_field(&self, step: &dyn Step, index: usize, value: Value) -> Result<Item, NodeError> {
        let item = &step.input(0)[index];
        let destination = self.destination_key.text(step, index)?;
        let keep = self.options.keep_source;
        let json = if destination.is_empty() {
            match value {
                Value::Object(_) => value,
                other => [("data", other)].into_iter().collect::<Object>().into(),
            }
        } else {
            let keeps = matches!(keep, Some(Keep::Json | Keep::Both));
            let mut object = item.json.as_object().filter(|_| keeps).cloned().unwrap_or_default();
            set_path(&mut object, &destination, value);
            object.into()
        };
        self.with_files(step, index, json)
    }

    /// The item with these fields, which stand beside its own where those are kept.
    pub(super) fn with_fields(&self, step: &dyn Step, index: usize, fields: &Object) -> Result<Item, NodeError> {
        let keeps = matches!(self.options.keep_source, Some(Keep::Json | Keep::Both));
        let item = &step.input(0)[index];
        let mut object = item.json.as_object().filter(|_| keeps).cloned().unwrap_or_default();
        for (name, value) in fields {
            object.insert(name.clone(), value.clone());
        }
        self.with_files(step, index, object.into())
    }

    /// An item with the files of the one that came in, the one that was read only where that is kept.
    fn with_files(&self, step: &dyn Step, index: usize, json: Value) -> Result<Item, NodeError> {
        let mut made = Item::new(json);
        made.binary.clone_from(&step.input(0)[index].binary);
        if !matches!(self.options.keep_source, Some(Keep::Binary | Keep::Both)) {
            let property = self.binary_property_name.text(step, index)?;
            let mut others = made.binary.as_deref().cloned().unwrap_or_default();
            others.shift_remove(property.as_str());
            made.binary = (!others.is_empty()).then(|| others.into());
        }
        Ok(made)
    }
}

impl Table {
    pub(super) async fn rows(self, bytes: Vec<u8>) -> Result<Vec<Object>, NodeError> {
        if let Self::Html(header, empty, encoding) = self {
            let text = decode(&bytes, &encoding, Mark::Left).map_err(|error| unread(&error))?;
            // A document is not for other threads; how large it may be is bounded where it is read.
            return html::read(&parse_html(&text)?, header, empty).map_err(|error| unread(&error));
        }
        apart(move || match self {
            Self::Csv(options, encoding) => csv::read(&decode(&bytes, &encoding, Mark::Left)?, &options),
            Self::Sheet(format, options) => sheets::read(&bytes, format, &options),
            Self::Html(..) => Ok(Vec::new()),
        })
        .await
    }
}

fn unread(error: &FormatError) -> NodeError {
    NodeError::new("file_format", error.to_string()).finally()
}

impl Single {
    pub(super) fn value(self, bytes: &[u8]) -> Result<Value, NodeError> {
        let text = |encoding: &str, mark| decode(bytes, encoding, mark).map_err(|error| unread(&error));
        match self {
            Self::Json(encoding, mark) => match text(&encoding, mark)? {
                empty if empty.trim().is_empty() => Ok(Value::empty_object()),
                text => from_json(&text).map_err(|error| {
                    NodeError::new("json", "The file is not valid JSON.").describe(error.to_string()).finally()
                }),
            },
            Self::Ics(encoding) => ics::read(&text(&encoding, Mark::Left)?).map_err(|error| unread(&error)),
            Self::Text(encoding, mark) => text(&encoding, mark).map(Value::from),
            Self::Base64 => Ok(Value::from(BASE64.encode(bytes))),
        }
    }
}
