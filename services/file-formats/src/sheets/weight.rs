//! How much an archive of XML amounts to, before anybody reads it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::FormatError;

/// The most bytes of XML in one spreadsheet.
pub(super) const MOST_XML: u64 = 128 << 20;
/// The most files in one.
const MOST_FILES: u64 = 10_000;

/// Unpacks every part of XML once, and keeps none of it: what an archive says of its own sizes proves nothing.
pub(super) fn weigh(bytes: &[u8], format: &'static str) -> Result<(), FormatError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| FormatError::broken(format, error))?;
    if archive.len() as u64 > MOST_FILES {
        return Err(FormatError::TooMuch { what: "its files", limit: MOST_FILES });
    }
    let (mut piece, mut left) = (vec![0; 64 * 1024], MOST_XML);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| FormatError::broken(format, error))?;
        loop {
            let length = entry.read(&mut piece).map_err(|error| FormatError::broken(format, error))?;
            if length == 0 {
                break;
            }
            let too_much = FormatError::TooMuch { what: "the bytes of its parts", limit: MOST_XML };
            left = left.checked_sub(length as u64).ok_or(too_much)?;
        }
    }
    Ok(())
}
