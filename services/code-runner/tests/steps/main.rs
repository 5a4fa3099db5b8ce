//! What code finds around it, and what becomes of what it returns.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod blocks;
mod failures;
mod globals;
mod items;
mod parent;
#[path = "../support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use weft_code_runner_client::{Keepsake, NodeLookup, Query, Refusal};
use weft_value::{Value, from_json};

/// An execution that keeps things.
#[derive(Default)]
struct Shelf(Mutex<HashMap<Keepsake, Value>>);

#[async_trait]
impl NodeLookup for Shelf {
    async fn look_up(&self, _node: &str, query: &Query) -> Result<Value, Refusal> {
        let mut kept = self.0.lock().unwrap();
        match query {
            Query::Kept { kind } => Ok(kept.get(kind).cloned().unwrap_or_else(Value::empty_object)),
            Query::Keep { kind, json } => {
                let value = from_json(json).map_err(|_| Refusal { message: "This shelf is too low.".into() })?;
                kept.insert(*kind, value);
                Ok(Value::Null)
            }
            other => panic!("{other:?} was not to be asked"),
        }
    }
}
