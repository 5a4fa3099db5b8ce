//! Following a log: what was recorded, then what is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Result;
use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::warn;
use weft_model::{Event, ExecutionId, Position, StreamId, StreamVersion, TenantId};
use weft_projections::{QueryFault, executions, reading};

use super::hub::{BATCH, Batch, Changed, LOOK_AGAIN, Looked, Told};
use crate::fault::refused;
use crate::ports::Fault;
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
/// The watch speaks at least every [`LOOK_AGAIN`]. When it does not, a follower looks into the log itself.
const SILENCE: Duration = Duration::from_secs(2 * LOOK_AGAIN.as_secs() + 1);
/// How often the rows of a batch are waited for, each time as long as the projector's patience.
const ROUNDS: usize = 4;

/// Every batch of the tenant's log after the start, in order, without gaps and repetitions.
pub(crate) fn tenant(state: Arc<State>, tenant: TenantId, start: Start) -> impl Stream<Item = Result<Arc<Batch>>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let stopped = follow(&state, tenant, start, &sender).await;
        end(tenant, stopped, &sender).await;
    });
    ReceiverStream::new(receiver)
}

/// Every event of one stream after the start.
pub(crate) fn stream(
    state: Arc<State>,
    tenant: TenantId,
    stream: StreamId,
    start: Start,
) -> impl Stream<Item = Result<Arc<Told>>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let stopped = match recorded(&state, tenant, stream, start, &sender).await {
            // The rest of the log is followed from the stream's last known event on, as part of the tenant's log.
            Ok(last) => follow(&state, tenant, Start::AfterOrNow(Some(last)), &sender).await,
            Err(stopped) => stopped,
        };
        end(tenant, stopped, &sender).await;
    });
    ReceiverStream::new(receiver).flat_map(move |batch| futures_util::stream::iter(of_stream(batch, stream)))
}

fn of_stream(batch: Result<Arc<Batch>>, stream: StreamId) -> Vec<Result<Arc<Told>>> {
    match batch {
        Ok(batch) => batch.events.iter().filter(|event| event.live.stream == stream).cloned().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// The stream up to its first error, which clients take as the word to begin again after their last cursor: what came after it
/// would move that cursor over what is missing.
pub(crate) fn until_error<T>(told: impl Stream<Item = Result<T>>) -> impl Stream<Item = Result<T>> {
    futures_util::stream::unfold(Some(Box::pin(told)), |told| async {
        let mut told = told?;
        let next = told.next().await?;
        let rest = next.is_ok().then_some(told);
        Some((next, rest))
    })
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

/// Tells a client that is still there why it ends.
async fn end(tenant: TenantId, stopped: Stopped, sender: &Sender) {
    if let Stopped::Fault(fault) = stopped {
        let _ = sender.send(Err(ended(tenant, &fault))).await;
    }
}

async fn follow(state: &State, tenant: TenantId, start: Start, sender: &Sender) -> Stopped {
    let mut cursor = match beginning(state, tenant, start).await {
        Ok(cursor) => cursor,
        Err(fault) => return fault.into(),
    };
    loop {
        if let Err(stopped) = follow_watch(state, tenant, &mut cursor, sender).await {
            return stopped;
        }
    }
}

async fn beginning(state: &State, tenant: TenantId, start: Start) -> Result<Position, Fault> {
    match start {
        Start::AfterOrBeginning(after) => Ok(after.unwrap_or_default()),
        Start::AfterOrNow(Some(after)) => Ok(after),
        Start::AfterOrNow(None) => state.ports.events.head(tenant).await,
    }
}

/// Reads the log to its end and passes on what the watch tells, until something was missed or the watch is silent.
async fn follow_watch(state: &State, tenant: TenantId, cursor: &mut Position, sender: &Sender) -> Result<(), Stopped> {
    // Subscribed before the log is read: what is recorded meanwhile comes twice rather than never, and is told apart by its
    // position.
    let mut live = state.hubs.subscribe(&state.ports.events, tenant);
    catch_up(state, tenant, cursor, sender).await?;
    loop {
        let batch = tokio::select! {
            () = sender.closed() => return Err(Stopped::Gone),
            batch = tokio::time::timeout(SILENCE, live.recv()) => batch,
        };
        match batch {
            Ok(Ok(batch)) if batch.end <= *cursor => {}
            Ok(Ok(batch)) if batch.after == *cursor => {
                *cursor = batch.end;
                send(sender, batch).await?;
            }
            // It begins before or after where we are: the log knows what lies between.
            Ok(Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed)) | Err(_) => return Ok(()),
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
        let batch = Batch::new(*cursor, end, events);
        *cursor = end;
        send(sender, Arc::new(batch)).await?;
    }
}

async fn send(sender: &Sender, batch: Arc<Batch>) -> Result<(), Stopped> {
    sender.send(Ok(batch)).await.map_err(|_| Stopped::Gone)
}

/// Sends what the stream holds after the start, page by page. The position up to which that is everything.
async fn recorded(
    state: &State,
    tenant: TenantId,
    stream: StreamId,
    start: Start,
    sender: &Sender,
) -> Result<Position, Stopped> {
    // The head first: what is recorded in between is in the stream's pages and, by its position, not told again.
    let head = state.ports.events.head(tenant).await?;
    let after = match start {
        Start::AfterOrNow(None) => return Ok(head),
        Start::AfterOrBeginning(after) | Start::AfterOrNow(after) => after.unwrap_or_default(),
    };
    let (mut last, mut version) = (after, version_at(state, tenant, stream, after).await?);
    loop {
        let (mut events, read_to) = state.ports.events.read_stream(tenant, stream, version, BATCH).await?;
        if read_to <= version {
            return Ok(last.max(head));
        }
        version = read_to;
        events.retain(|event| event.position > after);
        if let Some(end) = events.last().map(|event| event.position) {
            send(sender, Arc::new(Batch::new(last, end, events))).await?;
            last = end;
        }
    }
}

/// The stream's version at a position. A cursor is the position of one of the stream's events, unless it was taken elsewhere:
/// then all of the stream is looked through.
async fn version_at(
    state: &State,
    tenant: TenantId,
    stream: StreamId,
    position: Position,
) -> Result<StreamVersion, Fault> {
    let Some(before) = position.0.checked_sub(1) else { return Ok(StreamVersion(0)) };
    let (events, _) = state.ports.events.read(tenant, Position(before), 1).await?;
    let own = events.first().filter(|event| event.position == position && event.stream == stream);
    Ok(own.map_or(StreamVersion(0), |event| event.version))
}

/// The executions that a batch changed, looked up once for all subscribers of the batch.
pub(crate) async fn feed(state: &State, tenant: TenantId, batch: Result<Arc<Batch>>) -> Result<Arc<Vec<Changed>>> {
    let batch = batch?;
    match batch.changed.get_or_try_init(|| look(state, tenant, &batch)).await {
        Ok(Looked::Found(changed)) => Ok(Arc::clone(changed)),
        Ok(Looked::Late) => {
            warn!(tenant.id = %tenant, log.position = batch.end.0, "A feed ended: the read side is far behind the log");
            Err(begin_again())
        }
        Err(fault) => Err(ended(tenant, &fault)),
    }
}

/// The rows that the batch changed, at least as new as the batch: an older one would be told as if it were the newest, and
/// nothing would correct it until the execution changes again.
async fn look(state: &State, tenant: TenantId, batch: &Batch) -> Result<Looked, Fault> {
    let mut newest = HashMap::<ExecutionId, Position>::new();
    for event in batch.events.iter().map(|told| &told.live).filter(|live| matches!(live.event, Event::Execution(_))) {
        newest.insert(ExecutionId(event.stream.0), event.position);
    }
    if newest.is_empty() {
        return Ok(Looked::Found(Arc::default()));
    }
    for _ in 0..ROUNDS {
        // A projection that is parked is not waited for, so that the rows themselves must say that they are new enough.
        if state.ports.freshness.at_least(tenant, batch.end).await?
            && let Some(changed) = rows(state, tenant, &newest).await?
        {
            return Ok(Looked::Found(Arc::new(changed)));
        }
    }
    Ok(Looked::Late)
}

/// Each execution with the newest of its positions, in their order; nothing while one of them is older than that.
async fn rows(
    state: &State,
    tenant: TenantId,
    newest: &HashMap<ExecutionId, Position>,
) -> Result<Option<Vec<Changed>>, Fault> {
    let mut rows = reading(&state.scope, tenant).await.map_err(fault_of)?;
    let ids: Vec<_> = newest.keys().copied().collect();
    let mut found = executions::by_ids(tenant, &mut rows, &ids).await.map_err(fault_of)?;
    let fresh = |(id, position): (&ExecutionId, &Position)| {
        let row = found.remove(id).filter(|row| row.position >= *position)?;
        Some(Changed { position: *position, row })
    };
    let Some(mut changed) = newest.iter().map(fresh).collect::<Option<Vec<_>>>() else { return Ok(None) };
    changed.sort_by_key(|changed| changed.position);
    Ok(Some(changed))
}

fn fault_of(fault: QueryFault) -> Fault {
    Fault::Internal(Box::new(fault))
}

/// The end of a subscription through a fault of ours.
fn ended(tenant: TenantId, fault: &Fault) -> async_graphql::Error {
    tracing::error!(tenant.id = %tenant, error = fault as &dyn std::error::Error, "A subscription ended");
    begin_again()
}

/// The end of a subscription through no fault of the client, which begins again after its last cursor.
fn begin_again() -> async_graphql::Error {
    refused("UNAVAILABLE", "The subscription ended on our side. Subscribe again after the last position.")
}
