//! One query in one process.

use async_trait::async_trait;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use weft_code_runner_protocol::{self as protocol, Done, FrameError, Kind, MAX_QUESTION, Sql};
use weft_value::{Item, Value};

use crate::process::{Process, ReadError};
use crate::step::{Conversation, Gave, Logs, Told, failed};
use crate::{CodeError, CodeErrorKind, SqlRequest};

#[async_trait]
impl Conversation for SqlRequest {
    async fn hold(&self, process: &mut Process, _: &mut Logs) -> Result<Told, ReadError> {
        process.send(&self.opening()).await?;
        for table in &self.tables {
            // One table at a time: there is never a second copy of all of them.
            let mut frame = Vec::new();
            protocol::write_json(Kind::Items, &Rows(table), &mut frame);
            process.send(&frame).await?;
        }
        let limit = self.limits.output_bytes.max(MAX_QUESTION);
        let mut result = None;
        loop {
            let (kind, body) = process.read(limit).await?;
            match kind {
                Kind::Returned if result.is_none() => result = Some(rows(&body)),
                Kind::Failed if result.is_none() => result = Some(Err(failed(&body)?)),
                Kind::Done => {
                    let done: Done = protocol::read_json(&body)?;
                    let items = result.ok_or(FrameError::Malformed)?;
                    let result = items.map(|items| Gave { items, failed: Vec::new() });
                    return Ok(Told { result, clean: done.clean });
                }
                _ => return Err(FrameError::Malformed.into()),
            }
        }
    }
}

impl SqlRequest {
    fn opening(&self) -> Vec<u8> {
        let scalar = |value: &Value| serde_json::to_value(value).unwrap_or(serde_json::Value::Null);
        let sql = Sql {
            text: self.text.as_ref().to_owned(),
            values: self.values.iter().map(scalar).collect(),
            tables: self.tables.len(),
            output_bytes: self.limits.output_bytes,
        };
        let mut frame = Vec::new();
        protocol::write_json(Kind::Sql, &sql, &mut frame);
        frame
    }
}

/// The data of items, without what they have beside it.
struct Rows<'a>(&'a [Item]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            list.serialize_element(&item.json)?;
        }
        list.end()
    }
}

/// A row an item. They are read here and not in the process that the query ran in, whose word is not taken for anything.
fn rows(body: &[u8]) -> Result<Vec<Item>, CodeError> {
    let broken = || CodeError::new(CodeErrorKind::InvalidReturn, "What the query returned cannot be kept.");
    let value = weft_value::from_json_bytes(body).map_err(|_| broken())?;
    let rows = value.as_array().ok_or_else(broken)?;
    let item = |row: &Value| if row.as_object().is_some() { Ok(Item::new(row.clone())) } else { Err(broken()) };
    rows.iter().map(item).collect()
}
