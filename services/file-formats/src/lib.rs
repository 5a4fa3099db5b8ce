//! What is inside of files: CSV, HTML tables, spreadsheets, PDF, feeds, letters, calendars, pictures, archives, encodings of text.
//!
//! Plain functions over bytes, which block; whoever calls them does so where that harms nobody. This crate must not know items,
//! nodes, tenants or where files are kept. To add a format, add a file; every reader has a bound for what it makes of a file,
//! since a small file can stand for a large one.

pub mod archive;
pub mod csv;
pub mod feed;
pub mod html;
pub mod ics;
pub mod mail;
pub mod media_type;
pub mod pdf;
pub mod pictures;
pub mod rows;
pub mod sheets;
pub mod text;

/// Why a file cannot be read or made.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// It is not of that format, or broken.
    #[error("This is no {format} file that can be read: {reason}.")]
    Broken {
        /// The format, as people call it.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// More would be made of it than may be.
    #[error("The file holds too much: {what} are more than {limit}.")]
    TooMuch {
        /// What there is too much of, in the plural.
        what: &'static str,
        /// The most that may be.
        limit: u64,
    },
    /// Nobody wants the rest.
    #[error("The step ended.")]
    Stopped,
    /// A choice that is not there.
    #[error("{0}")]
    Unknown(String),
}

impl FormatError {
    #[expect(clippy::needless_pass_by_value, reason = "an error is handed over by map_err")]
    fn broken(format: &'static str, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        Self::Broken { format, reason: reason.trim_end_matches('.').to_owned() }
    }
}
