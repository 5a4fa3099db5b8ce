//! What a caller of a webhook gets.

use bytes::Bytes;
use weft_connectors::Upload;
use weft_nodes::{NodeError, get_path};
use weft_value::{BinaryRef, Item, Value};

use crate::files::{SentBody, SentParts, StepFiles};

/// The type of a text that is no other one.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const NO_ITEM: &str = "The last node of the workflow gave no item.";

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status (RFC 9110).
    pub status: u16,
    /// Headers, the content type among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// A file that is the body instead, read while it is sent.
    pub file: Option<Upload>,
}

impl Answer {
    /// JSON.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::of_type(status, JSON, value.to_json())
    }

    /// Text of a media type.
    pub fn of_type(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("content-type".into(), media_type.into())], body: body.into(), file: None }
    }

    /// Nothing.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), file: None }
    }

    /// `{"message": …}`.
    pub fn message(status: u16, message: &str) -> Self {
        let object: weft_value::Object = [("message", message)].into_iter().collect();
        Self::json(status, &object.into())
    }

    /// A file becomes the body. Whether it is there is known before anything is told.
    pub(crate) async fn put_file(&mut self, file: &BinaryRef, files: &StepFiles) -> Result<(), NodeError> {
        let mut parts = SentParts::default();
        parts.push_file(file)?;
        match parts.body(files) {
            SentBody::Whole(bytes) => self.body = bytes,
            SentBody::Read(upload) => {
                files.open(file).await?;
                self.file = Some(upload);
            }
        }
        Ok(())
    }

    /// With more headers, which replace those of the same name.
    #[must_use]
    pub fn with_headers(mut self, headers: impl IntoIterator<Item = (String, String)>) -> Self {
        for (name, value) in headers {
            self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
            self.headers.push((name, value));
        }
        self
    }
}

/// When and how the caller of an execution is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Respond {
    /// As soon as the execution is recorded; nothing but its identity is told.
    Nothing,
    /// As soon as the execution is recorded, with this.
    AtOnce(Answer),
    /// With the items of the node that was executed last, when everything has ended.
    LastNode(LastNode),
    /// With what a Respond node says.
    Node,
    /// With nothing, when everything has ended.
    End,
}

impl Respond {
    /// What is told as soon as the execution is recorded.
    pub(crate) fn at_once(self) -> Option<Answer> {
        match self {
            Self::AtOnce(answer) => Some(answer),
            Self::Nothing | Self::LastNode(_) | Self::Node | Self::End => None,
        }
    }
}

/// What of the last node's items is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastNode {
    /// Which part.
    pub data: LastNodeData,
    /// The status.
    pub status: u16,
    /// More headers.
    pub headers: Vec<(String, String)>,
    /// The name of the file that is told; empty for the first one of the item.
    pub file: String,
    /// The path of the field that is told of the first item's data; empty for all of it.
    pub property: String,
    /// The media type of the first item's data; empty where it is what the data is.
    pub media_type: String,
}

/// Which part of the last node's items is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LastNodeData {
    /// The data of the first item.
    #[default]
    FirstEntryJson,
    /// The data of all items, as a list.
    AllEntries,
    /// A file of the first item.
    FirstEntryBinary,
    /// Nothing.
    NoData,
}

impl LastNode {
    /// The answer that these items make.
    pub(crate) async fn answer(&self, items: &[Item], files: &StepFiles) -> Answer {
        let answer = match self.data {
            LastNodeData::NoData => Answer::empty(self.status),
            LastNodeData::AllEntries => Answer::json(self.status, &list(items)),
            LastNodeData::FirstEntryJson => match items.first() {
                Some(item) => self.data(&item.json),
                None => Answer::message(500, NO_ITEM),
            },
            LastNodeData::FirstEntryBinary => match items.first() {
                Some(item) => self.file(item, files).await,
                None => Answer::message(500, NO_ITEM),
            },
        };
        answer.with_headers(self.headers.iter().cloned())
    }

    /// The answer that data makes: a text as it is, everything else as JSON, and nothing without a body.
    fn data(&self, json: &Value) -> Answer {
        let data = if self.property.is_empty() { json.clone() } else { get_path(json, &self.property) };
        let or = |other: &'static str| if self.media_type.is_empty() { other } else { self.media_type.as_str() };
        match &data {
            Value::Undefined => Answer::empty(self.status),
            Value::String(text) => Answer::of_type(self.status, or(TEXT), text.as_str().to_owned()),
            other => Answer::of_type(self.status, or(JSON), other.to_json()),
        }
    }

    async fn file(&self, item: &Item, files: &StepFiles) -> Answer {
        let found = match self.file.as_str() {
            "" => item.binary.as_ref().and_then(|files| files.values().next()),
            name => item.binary.as_ref().and_then(|files| files.get(name)),
        };
        let Some(file) = found else {
            return Answer::message(500, "The item that the last node of the workflow gave has no such file.");
        };
        let mut answer = Answer::of_type(self.status, &file.mime_type, Bytes::new());
        match answer.put_file(file, files).await {
            Ok(()) => answer,
            Err(error) => Answer::message(500, &error.message),
        }
    }
}

/// The data of items as a list.
pub(crate) fn list(items: &[Item]) -> Value {
    items.iter().map(|item| item.json.clone()).collect::<Vec<_>>().into()
}
