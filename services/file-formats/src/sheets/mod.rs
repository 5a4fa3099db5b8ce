//! Spreadsheets: XLSX (Office Open XML, ECMA-376) and ODS (`OpenDocument`, ISO/IEC 26300).
//!
//! Both are archives of XML. What the XML amounts to is measured before it is read, cells are counted as they are read, and a cell
//! that stands for many (a repeated one) counts as many.

mod grid;
mod ods;
mod weight;
mod write;
mod xlsx;

use weft_value::Object;

use crate::FormatError;
use crate::rows::{Empty, Header};
use grid::{Grid, Window};
pub use write::write_xlsx;

/// The most rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;
/// The most columns of a sheet.
const MOST_COLUMNS: u32 = 16_384;

/// Which kind of spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// Excel since 2007.
    Xlsx,
    /// `LibreOffice`.
    Ods,
}

/// What moments become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// Days since the end of 1899, as spreadsheets count them.
    Numbers,
    /// ISO 8601, without a time zone, since spreadsheets know none.
    Texts,
}

/// How a spreadsheet is read.
#[derive(Clone, Debug)]
pub struct SheetOptions {
    /// The name of the sheet; the first one where it is empty.
    pub sheet: String,
    /// The part of it: `A2:C10`, or the number of rows to leave out. All of it where it is empty.
    pub range: String,
    /// Whether the first row names the columns.
    pub header: Header,
    /// What becomes of empty cells.
    pub empty: Empty,
    /// What becomes of moments.
    pub dates: Dates,
}

/// The rows of a sheet.
pub fn read(bytes: &[u8], format: SheetFormat, options: &SheetOptions) -> Result<Vec<Object>, FormatError> {
    let mut grid = Grid::new(Window::read(&options.range)?);
    match format {
        SheetFormat::Xlsx => xlsx::read(bytes, options, &mut grid)?,
        SheetFormat::Ods => ods::read(bytes, options, &mut grid)?,
    }
    grid.into_objects(options.header, options.empty)
}

fn no_sheet(name: &str) -> FormatError {
    FormatError::Unknown(format!("The file has no sheet named “{name}”."))
}

#[cfg(test)]
mod tests;
