//! What an answer says.

use bson::{RawBsonRef, RawDocument, RawDocumentBuf};

use super::wire::not_understood;
use crate::Failure;

/// The document of an answer.
#[derive(Debug)]
pub(super) struct Answer(RawDocumentBuf);

impl Answer {
    pub(super) fn new(bytes: &[u8]) -> Result<Self, Failure> {
        RawDocumentBuf::from_bytes(bytes.to_vec()).map(Self).map_err(|_| not_understood("no document"))
    }

    pub(super) fn body(&self) -> &RawDocument {
        &self.0
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        number(&self.0, name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        text(&self.0, name)
    }

    pub(super) fn truth(&self, name: &str) -> bool {
        self.0.get(name).ok().flatten().and_then(RawBsonRef::as_bool).unwrap_or_default()
    }

    pub(super) fn document(&self, name: &str) -> Option<&RawDocument> {
        self.0.get(name).ok().flatten().and_then(RawBsonRef::as_document)
    }

    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        let found = self.0.get(name).ok().flatten().and_then(RawBsonRef::as_binary);
        found.map(|binary| binary.bytes.to_vec()).unwrap_or_default()
    }

    /// The documents of a list.
    pub(super) fn documents(&self, name: &str) -> Vec<&RawDocument> {
        listed(&self.0, name).filter_map(RawBsonRef::as_document).collect()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        listed(&self.0, name).filter_map(RawBsonRef::as_str).collect()
    }
}

pub(super) fn listed<'a>(document: &'a RawDocument, name: &str) -> impl Iterator<Item = RawBsonRef<'a>> {
    let list = document.get(name).ok().flatten().and_then(RawBsonRef::as_array);
    list.into_iter().flatten().map_while(Result::ok)
}

pub(super) fn text<'a>(document: &'a RawDocument, name: &str) -> Option<&'a str> {
    document.get(name).ok().flatten().and_then(RawBsonRef::as_str)
}

/// A number of whatever kind; a truth is 1 or 0.
pub(super) fn number(document: &RawDocument, name: &str) -> Option<f64> {
    match document.get(name).ok().flatten()? {
        RawBsonRef::Int32(number) => Some(number.into()),
        RawBsonRef::Int64(number) => Some(number as f64),
        RawBsonRef::Double(number) => Some(number),
        RawBsonRef::Boolean(truth) => Some(f64::from(u8::from(truth))),
        _ => None,
    }
}
