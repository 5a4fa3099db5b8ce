//! One execution: its schedule, what its steps see, what is recorded of it, and the loop that makes it progress.

mod drive;
mod kept;
mod outcome;
mod parking;
mod past;
mod patience;
mod recorder;
mod schedule;
mod settle;
mod step;
mod turn;
mod view;
mod writing;

pub(crate) use drive::{Drive, DriveEnd, Finished, Parking, Reply};
pub use kept::Kept;
pub(crate) use outcome::passed_on;
pub(crate) use past::{End, Past, PastError, PastStep};
pub(crate) use patience::Pauses;
pub use recorder::Room;
pub(crate) use recorder::{Full, Lost, Recorder, Target};
pub use schedule::{Items, Run, Schedule, Task};
pub(crate) use turn::Turn;
pub use view::{ExecutionInfo, StepView};
pub(crate) use writing::Writing;
