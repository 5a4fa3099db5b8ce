//! The commands, one file each: arguments and `run`.

pub mod demo;
pub mod doctor;
pub mod eval;
pub mod execute;
mod given;
pub mod import;
pub mod log;
pub mod projection;
pub mod serve;
pub mod tenant;
pub mod user;
