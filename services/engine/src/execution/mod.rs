//! One execution: its schedule, what its steps see, what is recorded of it, and the loop that makes it progress.

mod drive;
mod outcome;
mod past;
mod recorder;
mod schedule;
mod settle;
mod step;
mod view;

pub(crate) use drive::{Drive, DriveEnd, DriveLimits, Finished, Parking, Reply};
pub(crate) use outcome::passed_on;
pub(crate) use past::{End, Past, PastError, PastStep};
pub(crate) use recorder::{Lost, Recorder, Target};
pub use schedule::{Items, Run, Schedule, Task};
pub use view::{ExecutionInfo, StepView};
