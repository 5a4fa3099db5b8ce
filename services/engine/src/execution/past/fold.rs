//! From events to what is known of an execution.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use weft_event_log::Recorded;
use weft_model::ExecutionId;
use weft_model::execution::{ExecutionEvent, Part, StepKey};
use weft_value::Value;

use super::reader::{Reader, Reading};
use super::{End, Past, PastError, PastRun, PastStep, PastWait};
use crate::execution::schedule::Items;

impl Past {
    pub(super) async fn begin(
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        event: ExecutionEvent,
    ) -> Result<Option<Self>, PastError> {
        let ExecutionEvent::Queued {
            workflow,
            version,
            mode,
            trigger,
            trigger_kind,
            output,
            retry_of,
            parent,
            partial,
            at,
            ..
        } = event
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            execution: ExecutionId(recorded.stream.0),
            workflow,
            version,
            mode,
            trigger,
            trigger_kind,
            retry_of,
            output: reader.lists(recorded, &output).await?,
            correlation: recorded.correlation,
            stream: recorded.version,
            position: recorded.position,
            epoch: 0,
            seed: None,
            started_at: at,
            ended: None,
            steps: HashMap::new(),
            failed: HashMap::new(),
            parent,
            partial,
            bytes: 0,
            stored: 0,
            adopted_in_vain: 0,
        }))
    }

    pub(super) async fn apply(
        &mut self,
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        event: ExecutionEvent,
    ) -> Result<(), PastError> {
        (self.stream, self.position) = (recorded.version, recorded.position);
        match event {
            ExecutionEvent::Queued { .. } => {}
            // Its time runs from when it was queued, whoever drives it: `started_at` stays.
            ExecutionEvent::Started { epoch, seed, .. } => {
                (self.epoch, self.seed) = (epoch, Some(seed));
            }
            ExecutionEvent::Adopted { epoch, .. } => {
                self.epoch = epoch;
                self.adopted_in_vain += 1;
            }
            ExecutionEvent::StepStarted { step, at: began, .. } => {
                self.put(step, PastStep::Started { attempt: step.attempt, began });
            }
            ExecutionEvent::StepSucceeded { step, sources, output, context, continued_after, .. } => {
                let run = PastRun { sources, continued_after, ..PastRun::default() };
                self.succeed(reader, recorded, step, (run, &output, context)).await?;
            }
            ExecutionEvent::StepReused { step, sources, output, context, continued_after, from, .. } => {
                let run = PastRun { sources, continued_after, from: Some(from), ..PastRun::default() };
                self.succeed(reader, recorded, step, (run, &output, context)).await?;
            }
            ExecutionEvent::StepFailed { step, error, retry_at, .. } => {
                *self.failed.entry((step.node, step.iteration)).or_default() += 1;
                self.put(step, PastStep::Failed { attempt: step.attempt, message: error.message, retry_at });
            }
            ExecutionEvent::StepOutcomeUnknown { step, .. } => self.put(step, PastStep::Unknown),
            ExecutionEvent::StepWaiting { step, timer, until, at: began, .. } => {
                self.put(step, PastStep::Waiting { attempt: step.attempt, began, timer, until });
            }
            ExecutionEvent::StepResumed { step, at, .. } => {
                let began = self.began(step).unwrap_or(at);
                self.put(step, PastStep::Resumed { attempt: step.attempt, began });
            }
            ExecutionEvent::StepAwaits { step, signal, awaited, details, timer, until, at: began, .. } => {
                let details = told(reader, recorded, details).await?;
                let attempt = step.attempt;
                self.put(step, PastStep::Awaiting(PastWait { attempt, began, signal, awaited, timer, until, details }));
            }
            ExecutionEvent::StepSignalled { step, output, at, .. } => {
                let items = brought(reader, recorded, &output).await?;
                let began = self.began(step).unwrap_or(at);
                self.put(step, PastStep::Signalled { attempt: step.attempt, began, items });
            }
            ExecutionEvent::Succeeded { .. } => self.ended = Some(End::Succeeded),
            ExecutionEvent::Failed { error, .. } => self.ended = Some(End::Failed(error)),
            ExecutionEvent::Cancelled { .. } => self.ended = Some(End::Cancelled),
        }
        Ok(())
    }

    /// A step that gave items, with those of its parts that are read.
    async fn succeed(
        &mut self,
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        step: StepKey,
        (run, output, context): (PastRun, &[Part], Option<Part>),
    ) -> Result<(), PastError> {
        let outputs = reader.lists(recorded, output).await?;
        let context = match context.filter(|_| matches!(reader.reading, Reading::Everything | Reading::Pages)) {
            Some(part) => Some(reader.part::<Value>(recorded, part).await?),
            None => None,
        };
        self.put(step, PastStep::Succeeded(Box::new(PastRun { outputs, context, ..run })));
        Ok(())
    }

    /// When the wait of this step was begun.
    fn began(&self, step: StepKey) -> Option<Timestamp> {
        match self.steps.get(&(step.node, step.iteration))? {
            PastStep::Waiting { began, .. } => Some(*began),
            PastStep::Awaiting(wait) => Some(wait.began),
            PastStep::Succeeded(_)
            | PastStep::Started { .. }
            | PastStep::Signalled { .. }
            | PastStep::Resumed { .. }
            | PastStep::Failed { .. }
            | PastStep::Unknown => None,
        }
    }

    fn put(&mut self, step: StepKey, state: PastStep) {
        if !matches!(state, PastStep::Started { .. } | PastStep::Resumed { .. } | PastStep::Signalled { .. }) {
            self.adopted_in_vain = 0;
        }
        self.steps.insert((step.node, step.iteration), state);
    }
}

/// What a step that waits told whoever sends its signal.
async fn told(reader: &mut Reader<'_>, recorded: &Recorded, details: Option<Part>) -> Result<Value, PastError> {
    match details.filter(|_| reader.reading != Reading::Outline) {
        Some(part) => reader.part(recorded, part).await,
        None => Ok(Value::Undefined),
    }
}

/// What a signal brought. It is never long, and the step that waits for it wants it at once.
async fn brought(reader: &mut Reader<'_>, recorded: &Recorded, output: &[Part]) -> Result<Items, PastError> {
    let left_on = reader.shelf.take();
    let lists = reader.lists(recorded, output).await;
    reader.shelf = left_on;
    Ok(lists?.first().map(|list| list.loaded().map(Arc::clone)).transpose()?.unwrap_or_default())
}
