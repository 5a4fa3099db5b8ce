//! Items that are recorded and not in memory: they are read back from their payload.

use std::fmt;
use std::sync::Arc;

use weft_event_log::SystemLog;
use weft_model::{PayloadId, TenantId};
use weft_nodes::NodeError;
use weft_value::Item;

use super::patience::Patience;
use super::schedule::Items;
use super::step::unhurried;
use crate::clock::Clock;

/// Where what a tenant's executions recorded is read back.
pub(crate) struct Shelf {
    pub(crate) log: Arc<dyn SystemLog>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tenant: TenantId,
}

/// The part of a payload that holds the items of a list.
#[derive(Clone)]
pub(crate) struct RecordedPart {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) payload: PayloadId,
    pub(crate) part: u32,
}

impl fmt::Debug for RecordedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part {} of payload {}", self.part, self.payload)
    }
}

impl RecordedPart {
    /// Its items, of which there are `count`; waits for a database that is away.
    pub(crate) async fn load(&self, count: usize) -> Result<Items, NodeError> {
        let Shelf { log, clock, tenant } = &*self.shelf;
        let mut patience = Patience::begin(clock.now());
        let payload = loop {
            let fault = match log.read_payload(*tenant, self.payload).await {
                Ok(payload) => break payload,
                Err(fault) => fault,
            };
            tracing::warn!(error = &fault as &dyn std::error::Error, "Items could not be read back.");
            if !patience.bears(&fault, clock.now()) {
                return Err(NodeError::new(
                    "items_unreadable",
                    "Items of an earlier step could not be read. Try again later.",
                ));
            }
            patience.pauses.rest(&**clock).await;
        };
        let part = payload.as_ref().and_then(|payload| payload.part(self.part)).ok_or_else(gone)?;
        let items = unhurried(count, || serde_json::from_slice::<Vec<Item>>(part));
        items.map(Arc::new).map_err(|_| gone())
    }
}

fn gone() -> NodeError {
    NodeError::new("items_gone", "Items of an earlier step are not kept (any more).")
        .describe("Items are kept as long as the settings of the workflow say. Execute it again.")
        .finally()
}
