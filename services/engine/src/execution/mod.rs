//! One execution: its schedule, what its steps see, what is recorded of it, and the loop that makes it progress.

mod calling;
mod drive;
mod kept;
mod lookup;
mod origins;
mod outcome;
mod parking;
mod past;
mod patience;
mod recorder;
mod reuse;
mod schedule;
mod settle;
mod signal;
mod slot;
mod step;
mod turn;
mod view;
mod writing;

pub(crate) use drive::{Drive, DriveEnd, Finished, Parked, Parking, Reply};
pub use kept::Kept;
pub(crate) use outcome::{passed_on, step_error};
pub(crate) use parking::{tells_failure, tells_parent};
pub(crate) use past::{End, Past, PastError, PastStep, given_items};
pub(crate) use patience::Pauses;
pub use recorder::Room;
pub(crate) use recorder::{Full, Lost, Recorder, Target};
pub(crate) use reuse::Reusable;
pub use schedule::{Items, Returns, Run, Schedule, Task};
pub(crate) use schedule::{is_deep, leading_to};
pub use signal::{Call, CallEnd, CallUntil, Resumed, SignalWait, WaitFor};
pub(crate) use signal::{CallState, Caller, Calls, Handover, end_signal};
pub(crate) use slot::{Queues, Slot};
pub(crate) use turn::{Turn, Turns, most_of_one};
pub use view::{ExecutionInfo, StepView};
pub(crate) use writing::Writing;
