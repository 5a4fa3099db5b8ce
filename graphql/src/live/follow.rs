//! Following a log: what was recorded, then what is.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Result;
use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OnceCell, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use weft_model::{Event, ExecutionId, Position, StreamId, StreamVersion, TenantId};
use weft_projections::{QueryFault, executions, reading};

use super::hub::{BATCH, Batch, Changed, Told, told};
use crate::fault::refused;
use crate::ports::{Fault, LiveEvent};
use crate::session::State;

/// Where a subscription begins.
#[derive(Clone, Copy)]
pub(crate) enum Start {
    /// After a position, or at the very beginning.
    AfterOrBeginning(Option<Position>),
    /// After a position, or with what comes.
    AfterOrNow(Option<Position>),
}

/// How many batches wait for a slow client; it slows down its own reader, nobody else's.
const AHEAD: usize = 4;

/// Every batch of the tenant's log after the start, in order, without gaps and repetitions.
pub(crate) fn tenant(state: Arc<State>, tenant: TenantId, start: Start) -> impl Stream<Item = Result<Arc<Batch>>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        if let Err(Stopped::Fault(fault)) = follow(&state, tenant, start, &sender).await {
            let _ = sender.send(Err(ended(tenant, &fault))).await;
        }
    });
    ReceiverStream::new(receiver)
}

/// The client went, or the log cannot be read.
enum Stopped {
    Gone,
    Fault(Fault),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

type Sender = mpsc::Sender<Result<Arc<Batch>>>;

async fn follow(state: &State, tenant: TenantId, start: Start, sender: &Sender) -> Result<(), Stopped> {
    let mut cursor = match start {
        Start::AfterOrBeginning(after) => after.unwrap_or_default(),
        Start::AfterOrNow(Some(after)) => after,
        Start::AfterOrNow(None) => state.ports.events.head(tenant).await?,
    };
    loop {
        // Subscribed before the log is read: what is recorded meanwhile comes twice rather than never, and is told apart
        // by its position.
        let mut live = state.hubs.subscribe(&state.ports.events, tenant);
        catch_up(state, tenant, &mut cursor, sender).await?;
        loop {
            let batch = tokio::select! {
                () = sender.closed() => return Err(Stopped::Gone),
                batch = live.recv() => batch,
            };
            match batch {
                Ok(batch) if batch.end <= cursor => {}
                Ok(batch) if batch.after == cursor => {
                    cursor = batch.end;
                    send(sender, batch).await?;
                }
                // It begins before or after where we are: the log knows what lies between.
                Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            }
        }
    }
}

/// Reads the log from the cursor to its end.
async fn catch_up(state: &State, tenant: TenantId, cursor: &mut Position, sender: &Sender) -> Result<(), Stopped> {
    loop {
        let (events, end) = state.ports.events.read(tenant, *cursor, BATCH).await?;
        if end <= *cursor {
            return Ok(());
        }
        let batch = Batch { after: *cursor, end, events: told(events), changed: OnceCell::new() };
        *cursor = end;
        send(sender, Arc::new(batch)).await?;
    }
}

async fn send(sender: &Sender, batch: Arc<Batch>) -> Result<(), Stopped> {
    sender.send(Ok(batch)).await.map_err(|_| Stopped::Gone)
}

/// Every event of one stream after the start.
pub(crate) fn stream(
    state: Arc<State>,
    tenant_id: TenantId,
    stream: StreamId,
    start: Start,
) -> impl Stream<Item = Result<Arc<Told>>> {
    let recorded = recorded(Arc::clone(&state), tenant_id, stream, start);
    futures_util::stream::once(recorded).flat_map(move |recorded| match recorded {
        Err(error) => futures_util::stream::iter([Err(error)]).boxed(),
        Ok((events, last)) => {
            // The rest of the log is followed from the stream's last known event on, as part of the tenant's log.
            let live = tenant(Arc::clone(&state), tenant_id, Start::AfterOrNow(Some(last)));
            let live = live.flat_map(move |batch| futures_util::stream::iter(of_stream(batch, stream)));
            futures_util::stream::iter(told(events).into_iter().map(Ok)).chain(live).boxed()
        }
    })
}

fn of_stream(batch: Result<Arc<Batch>>, stream: StreamId) -> Vec<Result<Arc<Told>>> {
    match batch {
        Ok(batch) => batch.events.iter().filter(|event| event.live.stream == stream).cloned().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// What the stream holds after the start, and the position up to which that is everything.
async fn recorded(
    state: Arc<State>,
    tenant: TenantId,
    stream: StreamId,
    start: Start,
) -> Result<(Vec<Arc<LiveEvent>>, Position)> {
    let after = match start {
        Start::AfterOrNow(None) => None,
        Start::AfterOrBeginning(after) => Some(after.unwrap_or_default()),
        Start::AfterOrNow(after) => after,
    };
    let read = async {
        // The head first: what is recorded in between is in the stream's answer and, by its position, not told again.
        let head = state.ports.events.head(tenant).await?;
        let Some(after) = after else { return Ok((Vec::new(), head)) };
        let events = whole_stream(&state, tenant, stream).await?;
        let last = events.last().map_or(head, |event| event.position.max(head));
        Ok((events.into_iter().filter(|event| event.position > after).collect(), last.max(after)))
    };
    read.await.map_err(|fault: Fault| ended(tenant, &fault))
}

async fn whole_stream(state: &State, tenant: TenantId, stream: StreamId) -> Result<Vec<Arc<LiveEvent>>, Fault> {
    let mut events = Vec::<Arc<LiveEvent>>::new();
    loop {
        let version = events.last().map_or(StreamVersion(0), |event| event.version);
        let page = state.ports.events.read_stream(tenant, stream, version, BATCH).await?;
        let is_last = page.len() < BATCH;
        events.extend(page);
        if is_last {
            return Ok(events);
        }
    }
}

/// The executions that a batch changed, looked up once for all subscribers of the batch.
pub(crate) async fn feed(state: &State, tenant: TenantId, batch: Result<Arc<Batch>>) -> Result<Arc<Vec<Changed>>> {
    let batch = batch?;
    let changed = batch.changed.get_or_try_init(|| changed(state, tenant, &batch)).await;
    changed.cloned().map_err(|fault| ended(tenant, &fault))
}

async fn changed(state: &State, tenant: TenantId, batch: &Batch) -> Result<Arc<Vec<Changed>>, Fault> {
    let mut newest = HashMap::<ExecutionId, Position>::new();
    for event in batch.events.iter().map(|told| &told.live).filter(|live| matches!(live.event, Event::Execution(_))) {
        newest.insert(ExecutionId(event.stream.0), event.position);
    }
    if newest.is_empty() {
        return Ok(Arc::default());
    }
    // The rows must know of the events that are told.
    state.ports.freshness.at_least(tenant, batch.end).await?;
    let internal = |fault: QueryFault| Fault::Internal(Box::new(fault));
    let mut rows = reading(&state.scope, tenant).await.map_err(internal)?;
    let ids: Vec<_> = newest.keys().copied().collect();
    let found = executions::by_ids(tenant, &mut rows, &ids).await.map_err(internal)?;
    let mut changed: Vec<_> =
        found.into_values().filter_map(|row| Some(Changed { position: *newest.get(&row.id)?, row })).collect();
    changed.sort_by_key(|changed| changed.position);
    Ok(Arc::new(changed))
}

/// The end of a subscription through no fault of the client, which begins again after its last cursor.
fn ended(tenant: TenantId, fault: &Fault) -> async_graphql::Error {
    tracing::error!(tenant.id = %tenant, error = fault as &dyn std::error::Error, "A subscription ended");
    refused("UNAVAILABLE", "The subscription ended on our side. Subscribe again after the last position.")
}
