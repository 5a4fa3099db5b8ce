//! From what waits to what is durable, with patience for a database that is not well.

use bytes::Bytes;
use weft_event_log::{
    AppendError, AppendRequest, Appended, Companion, Expected, LogFault, NewEvent, NewPayload, StaticEntry,
};
use weft_model::execution::Part;
use weft_model::{PayloadId, StreamId, StreamVersion, WorkflowId};

use super::{Durable, Lost, Recorder, Target};
use crate::clock::{fresh_id, later};
use crate::execution::patience::{Patience, patiently};
use crate::execution::schedule::Items;
use crate::fail_point::{self, Point};

impl Recorder {
    /// What earlier executions of the workflow kept; waits for a database that is away.
    pub(crate) async fn read_kept(&self, workflow: WorkflowId) -> Result<Vec<StaticEntry>, Lost> {
        let tell = |fault: &LogFault| {
            tracing::warn!(
                execution.id = %self.target.stream,
                error = fault as &dyn std::error::Error,
                "Static data could not be read."
            );
        };
        let ask = || self.target.log.static_data(self.target.tenant, workflow);
        Ok(patiently((&*self.target.clock, &self.stop), tell, ask).await?)
    }

    /// Makes everything durable.
    pub(crate) async fn flush(&mut self) -> Result<(), Lost> {
        if self.events.is_empty() {
            return Ok(());
        }
        if self.expected == Expected::NoStream {
            fail_point::hit(Point::BeforeStart);
        }
        let request = self.request();
        let appended = self.append(request).await?;
        fail_point::hit(Point::AfterAppend);
        self.expected = Expected::Exactly(appended.version);
        self.position = appended.last;
        self.opening = None;
        self.bytes = 0;
        self.oldest = None;
        Ok(())
    }

    /// Makes events of another stream durable, at least once. Something of the execution must be durable already.
    pub(crate) async fn append_aside(&mut self, stream: StreamId, events: Vec<NewEvent>) -> Result<(), Lost> {
        let Target { tenant, actor, correlation, .. } = self.target;
        let request = AppendRequest {
            tenant,
            stream,
            expected: Expected::Any,
            actor,
            correlation,
            causation: None,
            events,
            payload: None,
            companions: Vec::new(),
        };
        self.append(request).await.map(drop)
    }

    fn request(&mut self) -> AppendRequest {
        let (parts, recent) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.recent));
        let files = std::mem::take(&mut self.files);
        let payload = (!parts.is_empty()).then(|| NewPayload {
            id: PayloadId(fresh_id(&*self.target.clock, &*self.target.entropy)),
            parts,
            expires_at: later(self.target.clock.now(), self.target.retention),
            files: files.into_iter().collect(),
        });
        if let Some(NewPayload { id, parts, .. }) = &payload {
            let durable = |(items, Part { part, .. }): (Items, Part)| {
                let bytes = parts.get(part as usize).map_or(0, Bytes::len);
                Durable { items, payload: *id, part, bytes }
            };
            self.durable.extend(recent.into_iter().map(durable));
        }
        let kept = std::mem::take(&mut self.kept).into_iter().map(|((workflow, node, key), value)| {
            Companion::KeepStaticData { workflow, entry: StaticEntry { node, key, value } }
        });
        AppendRequest {
            tenant: self.target.tenant,
            stream: self.target.stream,
            expected: self.expected,
            actor: self.target.actor,
            correlation: self.target.correlation,
            causation: None,
            events: std::mem::take(&mut self.events),
            payload,
            companions: std::mem::take(&mut self.companions).into_iter().chain(kept).collect(),
        }
    }

    /// Appends; where the database is not well, waits for it. The first append is not waited for: its caller is told instead,
    /// unless nobody knows whether it succeeded.
    async fn append(&mut self, request: AppendRequest) -> Result<Appended, Lost> {
        let now = self.target.clock.now();
        self.writing.begin(now);
        let appended = self.append_patiently(request, Patience::begin(now)).await;
        self.writing.end();
        appended
    }

    async fn append_patiently(&mut self, request: AppendRequest, mut patience: Patience) -> Result<Appended, Lost> {
        loop {
            // Events and parts are small or shared, so that a copy for a second try costs little; most appends succeed at once.
            let error = match self.target.log.append(request.clone()).await {
                Ok(appended) => {
                    self.in_doubt = false;
                    return Ok(appended);
                }
                Err(error) => error,
            };
            self.in_doubt |= matches!(error, AppendError::InDoubt);
            if !self.may_have_begun() || !patience.lasts(&error, self.target.clock.now()) {
                return self.refused(error, &request).await;
            }
            tracing::warn!(
                execution.id = %self.target.stream,
                error = &error as &dyn std::error::Error,
                "An append has to be repeated."
            );
            patience.rest(&*self.target.clock, &self.stop).await?;
        }
    }

    /// An append was refused for good. After one whose answer was lost, its own events may be the reason.
    async fn refused(&mut self, error: AppendError, request: &AppendRequest) -> Result<Appended, Lost> {
        if self.in_doubt {
            let found = self.find(request).await?;
            self.in_doubt = false;
            if let Some(appended) = found {
                return Ok(appended);
            }
        }
        Err(match error {
            AppendError::Conflict { .. } | AppendError::TimerGone { .. } => Lost::Fenced,
            other => Lost::Refused(other),
        })
    }

    /// After a commit whose answer was lost: our events, if they are in the stream.
    async fn find(&self, request: &AppendRequest) -> Result<Option<Appended>, Lost> {
        let count = request.events.len();
        let tell = |fault: &LogFault| {
            tracing::warn!(
                execution.id = %self.target.stream,
                error = fault as &dyn std::error::Error,
                "A stream could not be read."
            );
        };
        let ask = || self.target.log.read_stream(request.tenant, request.stream, after(request.expected), count);
        let recorded = patiently((&*self.target.clock, &self.stop), tell, ask).await?;
        let ours = recorded.len() == count && recorded.iter().zip(&request.events).all(|(r, e)| r.body == e.body);
        Ok(match (recorded.first(), recorded.last()) {
            (Some(first), Some(last)) if ours => {
                Some(Appended { first: first.position, last: last.position, version: last.version })
            }
            _ => None,
        })
    }
}

pub(super) fn after(expected: Expected) -> StreamVersion {
    match expected {
        Expected::Exactly(version) => version,
        Expected::Any | Expected::NoStream => StreamVersion(0),
    }
}
