//! The text of a PDF, and what it says of itself.

use weft_file_formats::pdf;
use weft_nodes::{NodeError, Step};
use weft_value::{Object, Value};

use super::Parameters;
use crate::files::apart;

/// How a PDF is read.
pub(super) struct PdfReading {
    password: String,
    most: Option<usize>,
    joined: bool,
}

impl Parameters {
    pub(super) fn pdf(&self, step: &dyn Step, index: usize) -> Result<PdfReading, NodeError> {
        let most = &self.options.max_pages;
        let most = if most.is_empty() { 0.0 } else { most.number(step, index, "options.maxPages")? };
        Ok(PdfReading {
            password: self.options.password.text(step, index)?.to_string(),
            most: (most >= 1.0).then_some(most as usize),
            joined: self.options.join_pages,
        })
    }
}

impl PdfReading {
    /// n8n's names: `numpages`, `numrender`, `info`, `text`, `version`.
    pub(super) async fn fields(self, bytes: Vec<u8>) -> Result<Object, NodeError> {
        let Self { password, most, joined } = self;
        let read = apart(move || pdf::read(&bytes, &password, most)).await?;
        let count = read.pages.len() as f64;
        let text = if joined {
            Value::from(read.pages.join("\n\n"))
        } else {
            Value::from(read.pages.into_iter().map(Value::from).collect::<Vec<_>>())
        };
        let fields = [
            ("numpages", Value::Number(read.page_count as f64)),
            ("numrender", Value::Number(count)),
            ("info", read.info.into()),
            ("text", text),
            ("version", Value::from(read.version)),
        ];
        Ok(fields.into_iter().collect())
    }
}
