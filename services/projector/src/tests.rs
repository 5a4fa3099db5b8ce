//! The laws: twice is once, rebuilt is incremental, killed in the middle loses nothing.

mod history;
mod laws;
mod parking;
mod rebuilding;
mod stage;
mod waiting;
