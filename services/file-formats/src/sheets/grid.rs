//! The cells of a sheet that are not empty, by their places.

use std::collections::BTreeMap;

use weft_value::{Object, Value};

use super::{MOST_COLUMNS, MOST_ROWS};
use crate::FormatError;
use crate::rows::{Bound, Empty, Header, MAX_CELLS, names};

/// The part of a sheet that is read; places count from 0, ends are inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) rows: (u32, Option<u32>),
    pub(super) columns: Option<(u32, u32)>,
}

impl Window {
    /// `A2:C10`, `B3`, or a number of rows to leave out.
    pub(super) fn read(text: &str) -> Result<Self, FormatError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        if let Ok(left_out) = text.parse() {
            return Ok(Self { rows: (left_out, None), columns: None });
        }
        let wrong =
            || FormatError::Unknown(format!("“{text}” is no range of cells: write A2:C10, or a number of rows."));
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let ((row, column), (last_row, last_column)) = (place(from).ok_or_else(wrong)?, place(to).ok_or_else(wrong)?);
        if row > last_row || column > last_column {
            return Err(wrong());
        }
        Ok(Self { rows: (row, Some(last_row)), columns: Some((column, last_column)) })
    }

    fn has(&self, row: u32, column: u32) -> bool {
        let is_row = row >= self.rows.0 && self.rows.1.is_none_or(|last| row <= last);
        is_row && self.columns.is_none_or(|(first, last)| (first..=last).contains(&column))
    }
}

/// Row and column of `C10`.
fn place(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().replace('$', "");
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = digits.parse().ok()?;
    let is_inside = (1..=MOST_ROWS).contains(&row) && column <= MOST_COLUMNS;
    is_inside.then_some((row.checked_sub(1)?, column - 1))
}

/// Cells as they come.
pub(super) struct Grid {
    window: Window,
    rows: BTreeMap<u32, Vec<(u32, Value)>>,
    bound: Bound,
}

impl Grid {
    pub(super) fn new(window: Window) -> Self {
        Self { window, rows: BTreeMap::new(), bound: Bound::default() }
    }

    /// Whether nothing below this row is wanted.
    pub(super) fn is_past(&self, row: u32) -> bool {
        row >= MOST_ROWS || self.window.rows.1.is_some_and(|last| row > last)
    }

    /// How many of so many rows from this one on are wanted.
    pub(super) fn rows_within(&self, row: u32, times: u32) -> u32 {
        let end = self.window.rows.1.map_or(MOST_ROWS, |last| last.saturating_add(1).min(MOST_ROWS));
        times.min(end.saturating_sub(row))
    }

    /// Refuses rows that would be too much before they are made.
    pub(super) fn expect(&self, rows: u32, (cells, text): (usize, usize)) -> Result<(), FormatError> {
        self.bound.expect(u64::from(rows) * cells as u64, u64::from(rows) * text as u64)
    }

    /// Adds a cell; empty ones and those outside of the window are left out.
    pub(super) fn put(&mut self, (row, column): (u32, u32), value: Value) -> Result<(), FormatError> {
        if value.is_nullish() || row >= MOST_ROWS || column >= MOST_COLUMNS || !self.window.has(row, column) {
            return Ok(());
        }
        self.bound.add(value.as_str().map_or(0, str::len))?;
        self.rows.entry(row).or_default().push((column, value));
        Ok(())
    }

    /// The rows as objects; without names, each is `{row: […]}`.
    pub(super) fn into_objects(mut self, header: Header, empty: Empty) -> Result<Vec<Object>, FormatError> {
        let Some((&first, &last)) = self.rows.keys().next().zip(self.rows.keys().next_back()) else {
            return Ok(Vec::new());
        };
        let used = || self.rows.values().flatten().map(|(column, _)| *column);
        let end = used().max().unwrap_or_default();
        let start = self.window.columns.map_or_else(|| used().min().unwrap_or_default(), |(start, _)| start);
        let first = if self.window.rows.1.is_some() { self.window.rows.0 } else { first };
        let width = (end - start) as usize + 1;
        if header != Header::First {
            let height = u64::from(last - first) + 1;
            bounded(height * width as u64)?;
            let rows = (first..=last).map(|row| cells(self.rows.remove(&row).unwrap_or_default(), (start, width)));
            let object = |row: Vec<Value>| [("row", Value::from(row))].into_iter().collect();
            return Ok(rows.map(object).collect());
        }
        if empty == Empty::Kept {
            bounded(self.rows.len() as u64 * width as u64)?;
        }
        let names = names(&cells(self.rows.remove(&first).unwrap_or_default(), (start, width)), width);
        let object = |mut row: Vec<(u32, Value)>| {
            row.sort_by_key(|(column, _)| *column);
            let mut object = Object::with_capacity(if empty == Empty::Kept { width } else { row.len() });
            if empty == Empty::Kept {
                for name in &names {
                    object.insert(name.clone(), "");
                }
            }
            for (column, value) in row {
                object.insert(names[(column - start) as usize].clone(), value);
            }
            object
        };
        Ok(self.rows.into_values().map(object).collect())
    }
}

/// A row with something in each of its places.
fn cells(row: Vec<(u32, Value)>, (start, width): (u32, usize)) -> Vec<Value> {
    let mut cells = vec![Value::from(""); width];
    for (column, value) in row {
        cells[(column - start) as usize] = value;
    }
    cells
}

fn bounded(cells: u64) -> Result<(), FormatError> {
    if cells > MAX_CELLS {
        return Err(FormatError::TooMuch { what: "its cells", limit: MAX_CELLS });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_spreadsheets_write_it() {
        for (text, rows, columns) in [
            ("", (0, None), None),
            ("2", (2, None), None),
            ("A2:C10", (1, Some(9)), Some((0, 2))),
            (" $b$3 ", (2, Some(2)), Some((1, 1))),
            ("AA1:XFD1048576", (0, Some(1_048_575)), Some((26, 16_383))),
        ] {
            assert_eq!(Window::read(text).unwrap(), Window { rows, columns }, "{text}");
        }
        for text in ["C10:A2", "A0", "XFE1", "A", "1:2", "Ä1", "A1:B2:C3", "AAAA1"] {
            assert!(Window::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn cells_far_apart_do_not_become_the_cells_between_them() {
        let far = |header, empty| {
            let mut grid = Grid::new(Window::default());
            grid.put((0, 0), Value::from("a")).unwrap();
            grid.put((MOST_ROWS - 1, MOST_COLUMNS - 1), Value::from(1.0)).unwrap();
            grid.put((MOST_ROWS, 0), Value::from(1.0)).unwrap();
            grid.into_objects(header, empty).map(|objects| objects.len())
        };
        assert_eq!(far(Header::First, Empty::LeftOut).unwrap(), 1);
        assert_eq!(far(Header::First, Empty::Kept).unwrap(), 1);
        assert!(matches!(far(Header::None, Empty::LeftOut), Err(FormatError::TooMuch { .. })));
    }
}
