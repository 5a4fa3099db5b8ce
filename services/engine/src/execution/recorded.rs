//! Items that are recorded and not in memory: they are read back from their payload.

use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weft_event_log::{LogFault, SystemLog};
use weft_model::{PayloadId, TenantId};
use weft_nodes::NodeError;
use weft_value::Item;

use super::patience::patiently;
use super::schedule::Items;
use super::step::unhurried;
use crate::clock::Clock;

/// Where what a tenant's executions recorded is read back.
pub(crate) struct Shelf {
    pub(crate) log: Arc<dyn SystemLog>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tenant: TenantId,
    /// The process ends, and with it the waiting for an absent database.
    pub(crate) stop: CancellationToken,
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
    /// Its items, of which there are `count`; waits for a database that is away, until the process ends or whoever asked has
    /// no more time for it.
    pub(crate) async fn load(&self, count: usize) -> Result<Items, NodeError> {
        let Shelf { log, clock, tenant, stop } = &*self.shelf;
        let tell = |fault: &LogFault| {
            tracing::warn!(error = fault as &dyn std::error::Error, "Items could not be read back.");
        };
        let payload = patiently((&**clock, stop), tell, || log.read_payload(*tenant, self.payload)).await;
        let payload = payload.map_err(|_| unreadable())?;
        let part = payload.as_ref().and_then(|payload| payload.part(self.part)).ok_or_else(gone)?;
        let items = unhurried(count, || serde_json::from_slice::<Vec<Item>>(part));
        items.map(Arc::new).map_err(|_| gone())
    }
}

/// They are there, and could not be had now.
pub(super) fn unreadable() -> NodeError {
    NodeError::new("items_unreadable", "Items of an earlier step could not be read. Try again later.")
}

fn gone() -> NodeError {
    NodeError::new("items_gone", "Items of an earlier step are not kept (any more).")
        .describe("Items are kept as long as the settings of the workflow say. Execute it again.")
        .finally()
}
