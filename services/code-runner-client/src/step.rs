//! One step in one process: what is sent, what comes back, and what went wrong.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use weft_code_runner_protocol::{
    self as protocol, Ask, Done, EXIT_MEMORY, Execute, FailureKind, FrameError, Kind, Log, MAX_QUESTION, Refusal,
};

use crate::{
    CodeError, CodeErrorKind, CodeLimits, CodeOutcome, CodeRequest, items_from_return,
    outcome::items_that_succeeded,
    process::{Process, ReadError},
    watch,
};

/// A step's result, and its process where that may serve another.
pub(crate) struct Ended {
    pub(crate) result: Result<CodeOutcome, CodeError>,
    pub(crate) process: Option<Process>,
}

/// What is said with a process in one step.
#[async_trait]
pub(crate) trait Conversation: Send + Sync {
    /// Sends what the step needs and reads until it is done. Lines that are printed meanwhile go to `logs`.
    async fn hold(&self, process: &mut Process, logs: &mut Logs) -> Result<Told, ReadError>;
}

/// Holds `conversation` with `process`, within `limits`.
pub(crate) async fn execute(
    mut process: Process,
    limits: &CodeLimits,
    conversation: &impl Conversation,
    resident_bytes: usize,
) -> Ended {
    let before = process.meter.processor();
    let mut logs = Logs::new(limits.log_bytes);
    let told = {
        let meter = Arc::clone(&process.meter);
        tokio::select! {
            biased;
            told = conversation.hold(&mut process, &mut logs) => told.map_err(Trouble::Read),
            breach = watch::breach(&meter, limits, resident_bytes) => Err(Trouble::Breach(breach)),
        }
    };
    let after = process.meter.processor();
    process.steps += 1;
    let (result, process) = match told {
        Ok(told) => (told.result, Some(process).filter(|_| told.clean)),
        Err(Trouble::Breach(error)) => (Err(error), None),
        Err(Trouble::Read(error)) => (Err(failure_of(process, error).await), None),
    };
    let cpu_ms = after.zip(before).map_or(0, |(after, before)| milliseconds(after.saturating_sub(before)));
    let logs = logs.lines;
    let result = match result {
        Ok(Gave { items, failed }) => Ok(CodeOutcome { items, failed, logs, cpu_ms }),
        Err(error) => Err(CodeError { logs, cpu_ms, ..error }),
    };
    Ended { result, process }
}

enum Trouble {
    Breach(CodeError),
    Read(ReadError),
}

/// What a step came to, as its process told it.
pub(crate) struct Told {
    pub(crate) result: Result<Gave, CodeError>,
    /// Whether the process may serve another step.
    pub(crate) clean: bool,
}

/// What a step gave that came to its end.
pub(crate) struct Gave {
    pub(crate) items: Vec<weft_value::Item>,
    pub(crate) failed: Vec<CodeError>,
}

/// The conversation about code.
pub(crate) struct Code<'a>(pub(crate) &'a CodeRequest);

#[async_trait]
impl Conversation for Code<'_> {
    async fn hold(&self, process: &mut Process, logs: &mut Logs) -> Result<Told, ReadError> {
        let Self(request) = *self;
        let execute = Execute {
            code: request.code.as_ref().to_owned(),
            mode: request.mode,
            carries_on: request.carries_on,
            output_bytes: request.limits.output_bytes,
        };
        process.send(&opening(request, &execute)).await?;
        let limit = request.limits.output_bytes.max(MAX_QUESTION);
        let mut failures = FailedItems { by_item: BTreeMap::new(), left: request.limits.output_bytes };
        let mut result = None;
        loop {
            let (kind, body) = process.read(limit).await?;
            match kind {
                Kind::Ask if body.len() <= MAX_QUESTION => {
                    let reply = answer(request, &protocol::read_json(&body)?).await;
                    process.send(&reply).await?;
                }
                Kind::Log => logs.keep(protocol::read_json(&body)?),
                Kind::ItemFailed if result.is_none() && execute.tells_failed_items() => failures.keep(&body)?,
                Kind::Returned if result.is_none() => {
                    result = Some(returned(&body, &execute, request.items.len(), &mut failures.by_item));
                }
                Kind::Failed if result.is_none() => result = Some(Err(failed(&body)?)),
                Kind::Done => {
                    let done: Done = protocol::read_json(&body)?;
                    let items = result.ok_or(FrameError::Malformed)?;
                    let result = items.map(|items| Gave { items, failed: failures.by_item.into_values().collect() });
                    return Ok(Told { result, clean: done.clean });
                }
                _ => return Err(FrameError::Malformed.into()),
            }
        }
    }
}

fn opening(request: &CodeRequest, execute: &Execute) -> Vec<u8> {
    let mut frames = Vec::with_capacity(4096);
    protocol::write_json(Kind::Execute, execute, &mut frames);
    protocol::write_json(Kind::Globals, &request.globals, &mut frames);
    protocol::write_json(Kind::Items, request.items.as_slice(), &mut frames);
    frames
}

async fn answer(request: &CodeRequest, ask: &Ask) -> Vec<u8> {
    let mut frame = Vec::new();
    match request.host.look_up(&ask.node, &ask.query).await {
        Ok(value) => protocol::write_json(Kind::Answer, &value, &mut frame),
        Err(Refusal { message }) => protocol::write_json(Kind::Refused, &Refusal { message }, &mut frame),
    }
    frame
}

/// What was returned is read here, not in the runner: the code that could tamper with it runs there.
fn returned(
    body: &[u8],
    execute: &Execute,
    count: usize,
    failed: &mut BTreeMap<u32, CodeError>,
) -> Result<Vec<weft_value::Item>, CodeError> {
    let value = weft_value::from_json_bytes(body).map_err(|_| {
        CodeError::new(CodeErrorKind::InvalidReturn, "What the code returned is nested too deeply and cannot be kept.")
    })?;
    if execute.tells_failed_items() {
        items_that_succeeded(value, (count, execute.mode), failed)
    } else {
        items_from_return(value, execute.mode)
    }
}

pub(crate) fn failed(body: &[u8]) -> Result<CodeError, FrameError> {
    let failure: protocol::Failure = protocol::read_json(body)?;
    Ok(if failure.kind == FailureKind::Memory { watch::out_of_memory() } else { failure.into() })
}

/// Why the conversation broke off.
async fn failure_of(process: Process, error: ReadError) -> CodeError {
    match error {
        ReadError::TooLarge(_) => {
            CodeError::new(CodeErrorKind::OutputLimit, "The code returned more data than is allowed.")
        }
        ReadError::Frame(_) => crashed(),
        ReadError::Closed(_) => process.end().await.map_or_else(crashed, death),
    }
}

fn death(status: ExitStatus) -> CodeError {
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match (status.code(), status.signal()) {
        // Nobody but the kernel kills a runner that its parent has not killed: there was no memory left.
        (Some(EXIT_MEMORY), _) | (_, Some(SIGKILL)) => watch::out_of_memory(),
        (_, Some(SIGXCPU)) => CodeError::new(CodeErrorKind::CpuLimit, "The code used too much processor time."),
        _ => crashed(),
    }
}

fn crashed() -> CodeError {
    CodeError::new(
        CodeErrorKind::Crashed,
        "The process that ran the code ended unexpectedly, most likely for want of memory.",
    )
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(u64::MAX)
}

/// What is told of failed items, up to a number of bytes: as much as may be returned.
struct FailedItems {
    by_item: BTreeMap<u32, CodeError>,
    left: usize,
}

impl FailedItems {
    fn keep(&mut self, body: &[u8]) -> Result<(), ReadError> {
        self.left = self.left.checked_sub(body.len()).ok_or(ReadError::TooLarge(body.len()))?;
        let error = CodeError::from(protocol::read_json::<protocol::Failure>(body)?);
        self.by_item.insert(error.item.ok_or(FrameError::Malformed)?, error);
        Ok(())
    }
}

/// The lines of `console.*`, up to a number of bytes.
pub(crate) struct Logs {
    lines: Vec<Log>,
    left: usize,
    full: bool,
}

impl Logs {
    /// Counted for each line beside its text, so that empty lines are not free.
    const LINE: usize = 16;

    fn new(bytes: usize) -> Self {
        Self { lines: Vec::new(), left: bytes, full: false }
    }

    fn keep(&mut self, log: Log) {
        let size = log.text.len() + log.level.len() + Self::LINE;
        if self.full {
            return;
        }
        if let Some(left) = self.left.checked_sub(size) {
            self.left = left;
            self.lines.push(log);
        } else {
            self.full = true;
            let text = "More was written to the console than is kept.".to_owned();
            self.lines.push(Log { level: "warn".to_owned(), text });
        }
    }
}
