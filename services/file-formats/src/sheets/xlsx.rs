//! XLSX, cell by cell.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use weft_value::Value;

use super::grid::Grid;
use super::weight::weigh;
use super::{Dates, SheetOptions, no_sheet};
use crate::FormatError;

pub(super) fn read(bytes: &[u8], options: &SheetOptions, grid: &mut Grid) -> Result<(), FormatError> {
    weigh(bytes, "XLSX")?;
    let broken = |error: XlsxError| FormatError::broken("XLSX", error);
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let wanted =
        if options.sheet.is_empty() { names.first() } else { names.iter().find(|name| **name == options.sheet) };
    let name = wanted.ok_or_else(|| no_sheet(&options.sheet))?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        grid.put(cell.get_position(), value_of(cell.get_value(), options.dates))?;
    }
    Ok(())
}

/// What a cell holds; an error is nothing.
fn value_of(cell: &DataRef<'_>, dates: Dates) -> Value {
    match cell {
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::from(text.as_str()),
        DataRef::SharedString(text) => Value::from(*text),
        DataRef::Bool(truth) => Value::Bool(*truth),
        DataRef::DateTime(moment) if dates == Dates::Texts && moment.is_datetime() => Value::from(iso(moment)),
        DataRef::DateTime(moment) => Value::Number(moment.as_f64()),
        DataRef::Error(_) | DataRef::Empty => Value::Undefined,
    }
}

fn iso(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}")
}
