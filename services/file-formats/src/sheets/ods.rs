//! ODS, cell by cell. The reader at hand makes every repeated cell before anybody can count, so that this one is ours.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use weft_value::Value;
use zip::ZipArchive;

use super::grid::Grid;
use super::weight::weigh;
use super::{Dates, MOST_COLUMNS, MOST_ROWS, SheetOptions, no_sheet};
use crate::FormatError;

fn broken(error: impl ToString) -> FormatError {
    FormatError::broken("ODS", error)
}

pub(super) fn read(bytes: &[u8], options: &SheetOptions, grid: &mut Grid) -> Result<(), FormatError> {
    weigh(bytes, "ODS")?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let content = archive.by_name("content.xml").map_err(broken)?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if tag.name().0 == "table:table" => {
                let name = attribute(&tag, "table:name")?.unwrap_or_default();
                if options.sheet.is_empty() || name == options.sheet {
                    return Sheet { dates: options.dates, grid, row: 0 }.read(&mut reader);
                }
            }
            Event::Eof => return Err(no_sheet(&options.sheet)),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, FormatError> {
    let found = tag.try_get_attribute(name).map_err(broken)?;
    let value = found.map(|found| found.normalized_value(XmlVersion::Explicit1_0).map(Cow::into_owned));
    value.transpose().map_err(broken)
}

/// How often a row or a cell comes; no more often than there can be any.
fn repeated(tag: &BytesStart<'_>, name: &str, most: u32) -> Result<u32, FormatError> {
    let said = attribute(tag, name)?;
    Ok(said.and_then(|said| said.parse::<u32>().ok()).unwrap_or(1).min(most))
}

/// The sheet that is wanted, from its beginning.
struct Sheet<'a> {
    dates: Dates,
    grid: &'a mut Grid,
    row: u32,
}

impl Sheet<'_> {
    fn read(mut self, reader: &mut Reader<impl BufRead>) -> Result<(), FormatError> {
        let mut buffer = Vec::new();
        while !self.grid.is_past(self.row) {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) if tag.name().0 == "table:table-row" => {
                    let times = repeated(&tag, "table:number-rows-repeated", MOST_ROWS)?;
                    let cells = self.cells(reader)?;
                    // Rows without a cell are passed over, however many there are.
                    let wanted = if cells.is_empty() { 0 } else { self.grid.rows_within(self.row, times) };
                    let text: usize = cells.iter().filter_map(|(_, value)| value.as_str()).map(str::len).sum();
                    self.grid.expect(wanted, (cells.len(), text))?;
                    for row in self.row..self.row.saturating_add(wanted) {
                        for (column, value) in &cells {
                            self.grid.put((row, *column), value.clone())?;
                        }
                    }
                    self.row = self.row.saturating_add(times);
                }
                Event::Empty(tag) if tag.name().0 == "table:table-row" => {
                    self.row = self.row.saturating_add(repeated(&tag, "table:number-rows-repeated", MOST_ROWS)?);
                }
                Event::End(tag) if tag.name().0 == "table:table" => return Ok(()),
                Event::Eof => return Err(broken("it ends within a sheet")),
                _ => {}
            }
        }
        Ok(())
    }

    /// The cells of one row that hold something.
    fn cells(&self, reader: &mut Reader<impl BufRead>) -> Result<Vec<(u32, Value)>, FormatError> {
        let (mut cells, mut column, mut buffer) = (Vec::new(), 0_u32, Vec::new());
        loop {
            buffer.clear();
            let (tag, is_empty) = match reader.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::End(tag) if tag.name().0 == "table:table-row" => return Ok(cells),
                Event::Eof => return Err(broken("it ends within a row")),
                _ => continue,
            };
            let tag = tag.into_owned();
            let is_cell = matches!(tag.name().0, "table:table-cell" | "table:covered-table-cell");
            if !is_cell {
                continue;
            }
            let times = repeated(&tag, "table:number-columns-repeated", MOST_COLUMNS)?;
            let text = if is_empty { String::new() } else { text(reader, tag.name().0)? };
            let value = self.value(&tag, text)?;
            if !value.is_nullish() {
                let last = column.saturating_add(times).min(MOST_COLUMNS);
                cells.extend((column..last).map(|column| (column, value.clone())));
            }
            column = column.saturating_add(times);
        }
    }

    /// `OpenDocument` 1.3, part 3, section 19.389: what the value is called depends on its type.
    fn value(&self, tag: &BytesStart<'_>, text: String) -> Result<Value, FormatError> {
        let Some(kind) = attribute(tag, "office:value-type")? else { return Ok(Value::Undefined) };
        let named = |name: &str| attribute(tag, name).map(Option::unwrap_or_default);
        Ok(match kind.as_str() {
            "float" | "percentage" | "currency" => {
                named("office:value")?.parse().map_or(Value::Undefined, Value::Number)
            }
            "boolean" => Value::Bool(named("office:boolean-value")? == "true"),
            "date" => {
                let date = named("office:date-value")?;
                let days = if self.dates == Dates::Numbers { days_of(&date) } else { None };
                days.map_or_else(|| Value::from(date), Value::Number)
            }
            "time" => {
                let time = named("office:time-value")?;
                let days = if self.dates == Dates::Numbers { part_of_a_day(&time) } else { None };
                days.map_or_else(|| Value::from(time), Value::Number)
            }
            _ => Value::from(attribute(tag, "office:string-value")?.unwrap_or(text)),
        })
    }
}

/// The paragraphs of a cell, up to its end; notes that hang on it are left out.
fn text(reader: &mut Reader<impl BufRead>, cell: &str) -> Result<String, FormatError> {
    let (mut text, mut paragraphs, mut buffer) = (String::new(), 0, Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if matches!(tag.name().0, "office:annotation" | "draw:frame" | "table:table") => {
                let tag = tag.into_owned();
                reader.read_to_end_into(tag.name(), &mut Vec::new()).map_err(broken)?;
            }
            Event::Start(tag) if tag.name().0 == "text:p" => {
                paragraphs += 1;
                if paragraphs > 1 {
                    text.push('\n');
                }
            }
            Event::Start(tag) | Event::Empty(tag) => match tag.name().0 {
                "text:s" => {
                    let times = repeated(&tag, "text:c", 1_000)?;
                    text.extend(std::iter::repeat_n(' ', times as usize));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                _ => {}
            },
            Event::Text(content) if paragraphs > 0 => text.push_str(&content),
            Event::CData(content) if paragraphs > 0 => text.push_str(&content),
            Event::GeneralRef(reference) => {
                let named = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().map_err(broken)?,
                };
                text.extend(named);
            }
            Event::End(tag) if tag.name().0 == cell => return Ok(text),
            Event::Eof => return Err(broken("it ends within a cell")),
            _ => {}
        }
    }
}

/// Days since 30 December 1899 of `2024-10-01` or `2024-10-01T08:30:00`.
fn days_of(date: &str) -> Option<f64> {
    let (day, time) = date.split_once('T').unwrap_or((date, "0:0:0"));
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let mut parts = time.split(':').map(str::parse::<f64>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().and_then(Result::ok).unwrap_or_default();
    let is_date = (0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let days = || days_of_civil(year, month, day) + 25_569;
    is_date.then(|| days() as f64 + (hour * 3600.0 + minute * 60.0 + second) / 86_400.0)
}

/// Days since 1970 in the Gregorian calendar, by eras of 400 years whose years begin in March.
fn days_of_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// `PT08H30M00S` as a part of a day.
fn part_of_a_day(time: &str) -> Option<f64> {
    let mut rest = time.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (letter, length) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, behind)) = rest.split_once(letter) {
            seconds += number.parse::<f64>().ok()? * length;
            rest = behind;
        }
    }
    rest.is_empty().then_some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_counted_as_spreadsheets_do() {
        for (date, days) in [
            ("1970-01-01", Some(25_569.0)),
            ("2024-10-01T12:00:00", Some(45_566.5)),
            ("2024-02-29", Some(45_351.0)),
            ("1900-03-01T06:00:00.000", Some(61.25)),
            ("2024-13-01", None),
            ("x", None),
        ] {
            assert_eq!(days_of(date), days, "{date}");
        }
        assert_eq!(part_of_a_day("PT12H30M36S"), Some(0.521_25));
        assert_eq!(part_of_a_day("12:30"), None);
    }
}
