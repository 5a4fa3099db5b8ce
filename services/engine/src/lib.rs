//! Makes executions progress: compiles workflows, executes their steps, waits, retries and recovers.
//!
//! Three promises hold here. Nothing is acknowledged before its event is durable; nothing touches the outside world before the
//! intent is durable; nothing recorded is ever executed again. `execution/recorder` keeps the first, `execution/step.rs` the
//! second, `execution/past` with the deterministic `execution/schedule.rs` the third.
//!
//! This crate must not know HTTP servers, GraphQL or read models; where definitions come from is the port [`Definitions`]. To
//! add a kind that acts, add a file to `kinds/` and a line to [`kinds::all`].

mod action;
mod answer;
mod caller;
mod clock;
mod collected;
mod credentials;
mod definitions;
mod digest;
mod engine;
mod execution;
mod fail_point;
mod files;
mod jwt;
pub mod kinds;
mod plan;
mod poll;
mod problem;
mod remote;
mod resume;
mod run_once;
mod sending;
mod server_trial;
mod sign_in;
mod sql;
#[cfg(test)]
mod test_server;
pub mod testing;
mod tokens;
mod trial;

pub use action::{ActFailure, Acted, Action, ActionKind, LogLine, Services, Trigger, TriggerKind};
pub use answer::{Answer, LastNode, LastNodeData, Respond};
pub use caller::{Admitted, BASIC_CHALLENGE, CallerCheck, CheckFault, NotAdmitted, WaitingStep};
pub use clock::{Clock, Entropy, SystemClock, SystemEntropy};
pub use credentials::{CredentialUse, Credentials, NotOpened, Opened, credential_uses};
pub use definitions::{Definition, DefinitionFault, Definitions, ExecutionPages, TenantSettings, Versions};
pub use engine::{
    AnsweredPage, AskedPage, CancelError, Care, CompileError, Engine, EngineParts, EngineSettings, EngineState,
    FormState, FormVisit, RetryError, SendSignal, SignalError, StartError, StartExecution, Started, TestListener, Wait,
    WaitState,
};
pub use execution::{
    Call, CallEnd, CallUntil, ExecutionInfo, Items, List, Resumed, Returns, Room, Run, Schedule, SignalWait, StepView,
    StoredChunk, StoredList, Task, WaitFor,
};
pub use fail_point::Point as FailPoint;
pub use files::{FileSink, FileStream, INLINE, StepFiles, file_of, prettify, with_file};
pub use kinds::form::Completion;
pub use kinds::form_trigger::{
    Entries, Fault as FormFault, FieldKind, Filled, Form, FormCall, FormField, Submitted, name_of as field_name,
};
pub use kinds::webhook::{Access, ChatPage, FILE as CALLED_FILE, HookCall, Origins, TurnedAway, Webhook};
pub use plan::{Plan, PlanNode, PlanStep, Successor, compile, digest};
pub use poll::{Found, Known, Look, Poll, PollTimes};
pub use problem::{Problem, Severity};
pub use resume::ResumeAddress;
pub use run_once::{NodeReport, OnceReport, OnceStatus, RunOnce, RunReport, run_once};
pub use tokens::Tokens;
pub use trial::{Trial, TrialRefused, Tried, trial_of, try_credential};
