//! iCalendar (RFC 5545): a file of one event, and what a file holds.

mod read;
mod write;

pub use read::read;
pub use write::{Attendee, EventFile, write};

#[cfg(test)]
mod tests;
