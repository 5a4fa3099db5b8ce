//! What is read beside the read models: people, items, the log.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::broadcast;
use weft_model::{Actor, Event, IdentityId, PayloadId, Position, StreamId, StreamVersion, TenantId};
use weft_tenants::RequestContext;

use super::Fault;

/// Who a member is. Names and addresses are of identities and in no log.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// The people behind these identities, in one statement; the unknown are left out.
    async fn people(
        &self,
        context: &RequestContext,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, Person>, Fault>;
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
}

/// The parts of one payload, each the JSON text of a list, or of an object whose `chunks` say where a long one is.
pub type Parts = Arc<Vec<Bytes>>;

/// The items that flowed.
#[async_trait]
pub trait Payloads: Send + Sync + 'static {
    /// A payload. `None` when its time is over and it was dropped.
    async fn payload(&self, context: &RequestContext, payload: PayloadId) -> Result<Option<Parts>, Fault>;

    /// The JSON text of some items of a long list. `None` when their time is over.
    async fn chunk(&self, context: &RequestContext, chunk: &Chunk) -> Result<Option<Bytes>, Fault>;
}

/// Some items of a long list, as its part in a payload names them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Chunk {
    /// The key of the file that they are in.
    pub key: String,
    /// How many there are.
    pub count: u32,
    /// How many bytes of JSON they are.
    pub bytes: u32,
}

/// One event as subscriptions see it.
#[derive(Clone, Debug)]
pub struct LiveEvent {
    /// Its place in the tenant's log.
    pub position: Position,
    /// The aggregate that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub version: StreamVersion,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The event.
    pub event: Event,
}

/// That a tenant's log grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Whose.
    pub tenant: TenantId,
    /// How far it goes now.
    pub head: Position,
}

/// A tenant's log, as far as subscriptions read it.
#[async_trait]
pub trait Events: Send + Sync + 'static {
    /// The tenant's events after `after`, in order, at most `limit`. Events that this program cannot decode are left out.
    /// The second value is the position up to which the log was read: the cursor of the next call.
    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, Position), Fault>;
    /// One stream's events after version `after`, in order, at most `limit`. Events that this program cannot decode are left out.
    /// The second value is the version up to which the stream was read: the `after` of the next call.
    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, StreamVersion), Fault>;
    /// How far the tenant's log goes.
    async fn head(&self, tenant: TenantId) -> Result<Position, Fault>;
    /// A message whenever some tenant's log grew (here or in another process); messages may be lost, events are not.
    fn growth(&self) -> broadcast::Receiver<Grown>;
}

/// How far the read side is.
#[async_trait]
pub trait Freshness: Send + Sync + 'static {
    /// Waits until every projection of the tenant has folded this position, or a bounded time (a second or so) is over.
    /// Whether it was reached.
    async fn at_least(&self, tenant: TenantId, position: Position) -> Result<bool, Fault>;
}

/// The time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}
