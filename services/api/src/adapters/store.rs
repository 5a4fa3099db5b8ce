//! Commands on definitions: cqrs-es's framework over our log.
//!
//! [`execute`] loads the stream, lets the decider decide, and appends with the stream's exact version. A race that was lost is
//! decided again on what is there now, so that a caller sees a rejection only when the command is refused for its own sake.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use cqrs_es::{AggregateContext, AggregateError, CqrsFramework, DomainEvent, EventEnvelope, EventStore};
use weft_event_log::{AppendError, AppendRequest, Companion, Expected, Log, LogFault, NewEvent};
use weft_model::cqrs::Aggregated;
use weft_model::credential::CredentialEvent;
use weft_model::member::MemberEvent;
use weft_model::tenant::TenantEvent;
use weft_model::variable::VariableEvent;
use weft_model::workflow::WorkflowEvent;
use weft_model::{Actor, CorrelationId, Decider, Event, Position, StreamId, StreamVersion, TenantId};

/// How often a lost race is run again. Every round somebody else has won, so this many people at once would have to edit the
/// same thing in the same milliseconds.
const ROUNDS: usize = 16;
/// Events that are read from a stream at once.
const PAGE: usize = 1_000;

/// Whose stream a command is for, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The tenant.
    pub tenant: TenantId,
    /// The aggregate's stream.
    pub stream: StreamId,
    /// Who asks.
    pub actor: Actor,
    /// The request.
    pub correlation: CorrelationId,
}

/// What a command did.
#[derive(Debug)]
pub struct Executed<D: Decider> {
    /// The state after it.
    pub state: D,
    /// The stream's version after it.
    pub version: StreamVersion,
    /// The position of its last event, or of the log's head when there was nothing to do.
    pub position: Position,
    /// How many events it came to; 0 when there was nothing to do.
    pub events: usize,
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CommandFault<R: std::error::Error> {
    /// A rule refused it.
    #[error(transparent)]
    Rejected(R),
    /// The append was refused: a name is taken, the log is away.
    #[error(transparent)]
    Append(AppendError),
    /// The stream could not be read.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// A stored event is not one of this program's.
    #[error("a stored event could not be understood")]
    Decode(#[source] weft_model::DecodeError),
    /// Too many others were faster.
    #[error("Too many people change this at once. Try again.")]
    Contended,
}

/// An event of one aggregate in the union of all events.
pub trait OfEvent: Sized {
    /// The event, where it is of this aggregate.
    fn of(event: Event) -> Option<Self>;
}

macro_rules! of_event {
    ($($event:ident => $variant:ident),+ $(,)?) => {$(
        impl OfEvent for $event {
            fn of(event: Event) -> Option<Self> {
                if let Event::$variant(event) = event { Some(event) } else { None }
            }
        }
    )+};
}

of_event! {
    TenantEvent => Tenant,
    MemberEvent => Member,
    WorkflowEvent => Workflow,
    VariableEvent => Variable,
    CredentialEvent => Credential,
}

/// What must become true with the events of a command: given the state after them and the events.
pub type CompanionsOf<'a, D> = &'a (dyn Fn(&D, &[<D as Decider>::Event]) -> Vec<Companion> + Send + Sync);

/// Executes a command.
pub async fn execute<D>(
    log: &dyn Log,
    target: Target,
    command: D::Command,
    companions: CompanionsOf<'_, D>,
) -> Result<Executed<D>, CommandFault<D::Rejection>>
where
    D: Decider + Clone + Send + Sync,
    D::Command: Clone + Send,
    D::Event: DomainEvent + OfEvent + Into<Event>,
    D::Rejection: Send + Sync + 'static,
{
    for _ in 0..ROUNDS {
        let slot = Mutex::new(None);
        let store = LogStore { log, target, companions, executed: &slot, decider: PhantomData };
        let framework = CqrsFramework::new(store, vec![], ());
        match framework.execute(&target.stream.to_string(), command.clone()).await {
            Ok(()) => {
                let executed = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
                return executed.ok_or(CommandFault::Contended);
            }
            Err(AggregateError::AggregateConflict) => {}
            Err(AggregateError::UserError(rejection)) => return Err(CommandFault::Rejected(rejection)),
            Err(
                AggregateError::DatabaseConnectionError(error)
                | AggregateError::DeserializationError(error)
                | AggregateError::UnexpectedError(error),
            ) => return Err(fault_of(error)),
        }
    }
    Err(CommandFault::Contended)
}

/// The state of a stream and its version.
pub async fn load<D>(log: &dyn Log, tenant: TenantId, stream: StreamId) -> Result<(D, StreamVersion), StreamFault>
where
    D: Decider,
    D::Event: OfEvent,
{
    let mut state = D::default();
    let mut version = StreamVersion(0);
    loop {
        let events = log.read_stream(tenant, stream, version, PAGE).await?;
        let is_last = events.len() < PAGE;
        for recorded in events {
            version = recorded.version;
            if let Some(event) = D::Event::of(recorded.event()?) {
                state.evolve(&event);
            }
        }
        if is_last {
            return Ok((state, version));
        }
    }
}

/// Why a stream could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum StreamFault {
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// A stored event is not one of this program's.
    #[error("a stored event could not be understood")]
    Decode(#[from] weft_model::DecodeError),
}

impl<R: std::error::Error> From<StreamFault> for CommandFault<R> {
    fn from(fault: StreamFault) -> Self {
        match fault {
            StreamFault::Log(fault) => Self::Log(fault),
            StreamFault::Decode(error) => Self::Decode(error),
        }
    }
}

/// cqrs-es carries our faults in a box; this takes them out again.
fn fault_of<R: std::error::Error>(error: Box<dyn std::error::Error + Send + Sync>) -> CommandFault<R> {
    match error.downcast::<AppendError>() {
        Ok(error) => CommandFault::Append(*error),
        Err(error) => match error.downcast::<StreamFault>() {
            Ok(fault) => (*fault).into(),
            // Nothing else is put in.
            Err(_) => CommandFault::Contended,
        },
    }
}

struct LogStore<'a, D: Decider> {
    log: &'a dyn Log,
    target: Target,
    companions: CompanionsOf<'a, D>,
    executed: &'a Mutex<Option<Executed<D>>>,
    decider: PhantomData<D>,
}

/// A loaded aggregate with the version that the append will insist on.
struct Loaded<D> {
    aggregate: Aggregated<D>,
    version: StreamVersion,
}

impl<D> AggregateContext<Aggregated<D>> for Loaded<D>
where
    D: Decider + Send + Sync,
    D::Command: Send,
    D::Event: DomainEvent,
    D::Rejection: Send,
{
    fn aggregate(&mut self) -> &mut Aggregated<D> {
        &mut self.aggregate
    }
}

impl<D> EventStore<Aggregated<D>> for LogStore<'_, D>
where
    D: Decider + Clone + Send + Sync,
    D::Command: Send,
    D::Event: DomainEvent + OfEvent + Into<Event>,
    D::Rejection: Send + Sync + 'static,
{
    type AC = Loaded<D>;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<Aggregated<D>>>, AggregateError<D::Rejection>> {
        let unexpected = |fault: StreamFault| AggregateError::UnexpectedError(Box::new(fault));
        let mut envelopes = Vec::new();
        loop {
            let after = StreamVersion(envelopes.len() as u32);
            let events = self.log.read_stream(self.target.tenant, self.target.stream, after, PAGE).await;
            let events = events.map_err(|fault| unexpected(fault.into()))?;
            let is_last = events.len() < PAGE;
            for recorded in events {
                let sequence = recorded.version.0 as usize;
                let event = recorded.event().map_err(|error| unexpected(error.into()))?;
                envelopes.extend(D::Event::of(event).map(|payload| EventEnvelope {
                    aggregate_id: aggregate_id.to_owned(),
                    sequence,
                    payload,
                    metadata: HashMap::new(),
                }));
            }
            if is_last {
                return Ok(envelopes);
            }
        }
    }

    async fn load_aggregate(&self, _aggregate_id: &str) -> Result<Loaded<D>, AggregateError<D::Rejection>> {
        let loaded = load::<D>(self.log, self.target.tenant, self.target.stream).await;
        let (state, version) = loaded.map_err(|fault| AggregateError::UnexpectedError(Box::new(fault)))?;
        Ok(Loaded { aggregate: Aggregated(state), version })
    }

    async fn commit(
        &self,
        events: Vec<D::Event>,
        context: Loaded<D>,
        _metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Aggregated<D>>>, AggregateError<D::Rejection>> {
        let Loaded { aggregate: Aggregated(state), version } = context;
        let (version, position) = if events.is_empty() {
            let head = self.log.head(self.target.tenant).await;
            (version, head.map_err(|fault| AggregateError::UnexpectedError(Box::new(StreamFault::from(fault))))?)
        } else {
            let request = self.request(&state, &events, version);
            match self.log.append(request).await {
                Ok(appended) => (appended.version, appended.last),
                Err(AppendError::Conflict { .. }) => return Err(AggregateError::AggregateConflict),
                Err(error) => return Err(AggregateError::UnexpectedError(Box::new(error))),
            }
        };
        let executed = Executed { state, version, position, events: events.len() };
        *self.executed.lock().unwrap_or_else(PoisonError::into_inner) = Some(executed);
        // Nobody listens through the framework: subscribers and projections follow the log.
        Ok(Vec::new())
    }
}

impl<D: Decider> LogStore<'_, D>
where
    D::Event: Clone + Into<Event>,
{
    fn request(&self, state: &D, events: &[D::Event], version: StreamVersion) -> AppendRequest {
        AppendRequest {
            tenant: self.target.tenant,
            stream: self.target.stream,
            expected: if version.0 == 0 { Expected::NoStream } else { Expected::Exactly(version) },
            actor: self.target.actor,
            correlation: self.target.correlation,
            causation: None,
            events: events.iter().map(|event| NewEvent::from(&event.clone().into())).collect(),
            payload: None,
            companions: (self.companions)(state, events),
        }
    }
}
