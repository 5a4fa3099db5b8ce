//! A table as XLSX.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use weft_value::Value;

use super::{MOST_COLUMNS, MOST_ROWS};
use crate::FormatError;
use crate::rows::{Header, Table, cell_text};

/// The file of a table with one sheet. `made_at` is what it says of when it was made, in seconds since 1970.
pub fn write_xlsx(table: &Table, header: Header, sheet: &str, made_at: i64) -> Result<Vec<u8>, FormatError> {
    let first = u32::from(header == Header::First);
    if table.rows.len() as u64 + u64::from(first) > u64::from(MOST_ROWS) {
        return Err(FormatError::TooMuch { what: "its rows", limit: MOST_ROWS.into() });
    }
    if table.names.len() as u64 > u64::from(MOST_COLUMNS) {
        return Err(FormatError::TooMuch { what: "its columns", limit: MOST_COLUMNS.into() });
    }
    let mut book = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(made_at).map_err(refused)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    let page = book.add_worksheet();
    page.set_name(sheet).map_err(refused)?;
    if header == Header::First {
        for (column, name) in table.names.iter().enumerate() {
            page.write_string(0, column as u16, name.as_str()).map_err(refused)?;
        }
    }
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, value) in cells.iter().enumerate() {
            put(page, (row as u32 + first, column as u16), value)?;
        }
    }
    book.save_to_buffer().map_err(refused)
}

/// Text is never a formula, whatever it begins with.
fn put(page: &mut Worksheet, (row, column): (u32, u16), value: &Value) -> Result<(), FormatError> {
    match value {
        Value::Undefined | Value::Null => return Ok(()),
        Value::Number(number) if number.is_finite() => page.write_number(row, column, *number),
        Value::Bool(truth) => page.write_boolean(row, column, *truth),
        other => page.write_string(row, column, cell_text(other)),
    }
    .map(|_| ())
    .map_err(refused)
}

fn refused(error: XlsxError) -> FormatError {
    match error {
        XlsxError::MaxStringLengthExceeded => FormatError::TooMuch { what: "the characters of a cell", limit: 32_767 },
        other => FormatError::broken("XLSX", other),
    }
}
