//! The node at one item.

use jiff::tz::TimeZone;
use weft_expressions::dates;
use weft_value::{DateTime, Value};

use super::{Dialect, Direction, Operation, Parameters, moment};
use crate::coercion::{shown, to_number, to_text};
use crate::{Field, NodeError, Step};

/// The node at one item.
pub(super) struct At<'a> {
    pub(super) node: &'a Parameters,
    pub(super) step: &'a dyn Step,
    pub(super) index: usize,
}

impl At<'_> {
    /// What it gives.
    pub(super) fn value(&self) -> Result<Value, NodeError> {
        let node = self.node;
        match node.operation {
            Operation::GetCurrentDate => self.current(),
            Operation::FormatDate => self.formatted(),
            Operation::AddToDate => self.moved(1.0),
            Operation::SubtractFromDate => self.moved(-1.0),
            Operation::ExtractDate => {
                let moment = self.moment(&node.date, "date")?;
                Ok(dates::part(&moment, &node.part).unwrap_or_default())
            }
            Operation::GetTimeBetweenDates => self.between(),
            Operation::RoundDate => self.rounded(),
        }
    }

    fn current(&self) -> Result<Value, NodeError> {
        let zone = self.zone()?.unwrap_or_else(|| self.step.time_zone().clone());
        let now = DateTime::from_millis(self.step.now().as_millisecond(), zone).ok_or_else(beyond)?;
        let moment =
            if self.node.include_time.truth(self.step, self.index)? { Some(now) } else { dates::start_of(&now, "day") };
        Ok(moment.ok_or_else(beyond)?.to_iso().into())
    }

    /// A date that is missing stays missing.
    fn formatted(&self) -> Result<Value, NodeError> {
        let date = self.node.date.resolve(self.step, self.index)?;
        if date.is_nullish() {
            return Ok(date);
        }
        let moment = self.moment_of(&date, "date")?;
        let pattern = self.node.format.text(self.step, self.index)?;
        Ok(match self.node.options.dialect {
            Dialect::Luxon => dates::format(&moment, &pattern),
            Dialect::Moment => moment::format(&moment, &pattern),
        }
        .into())
    }

    fn moved(&self, sign: f64) -> Result<Value, NodeError> {
        let moment = self.moment(&self.node.date, "date")?;
        let amount = self.node.duration.number(self.step, self.index, "duration")?;
        let (amount, unit) = match self.node.options.dialect {
            Dialect::Luxon => (amount, self.node.time_unit.as_str()),
            Dialect::Moment => moment::whole(amount, &self.node.time_unit),
        };
        Ok(dates::plus(&moment, sign * amount, unit).ok_or_else(beyond)?.to_iso().into())
    }

    fn between(&self) -> Result<Value, NodeError> {
        let start = self.moment(&self.node.start_date, "startDate")?;
        let end = self.moment(&self.node.end_date, "endDate")?;
        let units: Vec<&str> = self.node.units.iter().map(String::as_str).collect();
        let difference = dates::difference(&start, &end, &units).ok_or_else(beyond)?;
        Ok(if self.node.options.iso_string { difference.iso.into() } else { difference.amounts.into() })
    }

    fn rounded(&self) -> Result<Value, NodeError> {
        let moment = self.moment(&self.node.date, "date")?;
        let unit = self.node.to_nearest.as_str();
        let moved = match self.node.mode {
            Direction::RoundDown => Some(moment),
            Direction::RoundUp => dates::plus(&moment, 1.0, unit),
        };
        let rounded = moved.and_then(|moment| dates::start_of(&moment, unit));
        Ok(rounded.ok_or_else(beyond)?.to_iso().into())
    }

    fn moment(&self, field: &Field, name: &'static str) -> Result<DateTime, NodeError> {
        self.moment_of(&field.resolve(self.step, self.index)?, name)
    }

    /// The moment that `value` stands for, on the clocks of the zone of the result.
    fn moment_of(&self, value: &Value, name: &'static str) -> Result<DateTime, NodeError> {
        let wanted = match self.zone()? {
            None if self.node.operation != Operation::FormatDate => Some(self.step.time_zone().clone()),
            wanted => wanted,
        };
        let text = to_text(value);
        let moment = match value {
            Value::DateTime(moment) => Some(DateTime::clone(moment)),
            _ => self.read(&text, value, wanted.as_ref())?,
        };
        let moment = moment.ok_or_else(|| self.unreadable(value, name))?;
        // A date that came as one stays on its own clocks unless a zone was chosen.
        let came_as_date = matches!(value, Value::DateTime(_));
        Ok(match wanted {
            Some(_) if came_as_date && self.node.options.timezone.is_empty() => moment,
            Some(zone) => dates::in_zone(&moment, zone),
            None => moment,
        })
    }

    fn read(&self, text: &str, value: &Value, wanted: Option<&TimeZone>) -> Result<Option<DateTime>, NodeError> {
        let options = &self.node.options;
        let pattern = options.from_format.text(self.step, self.index)?;
        let given_zone = self.zone_in(&options.from_timezone, "options.fromTimezone")?;
        if !pattern.is_empty() {
            // What was written by a pattern is a wall clock: without a zone it is read on the clocks that show it.
            let zone = given_zone.or_else(|| wanted.cloned()).unwrap_or(TimeZone::UTC);
            return Ok(match options.dialect {
                Dialect::Luxon => dates::parse(text, &pattern, &zone),
                Dialect::Moment => {
                    let now =
                        DateTime::from_millis(self.step.now().as_millisecond(), zone.clone()).ok_or_else(beyond)?;
                    moment::parse(text, &pattern, &zone, &now)
                }
            });
        }
        let may_count = matches!(value, Value::Number(_)) || value.as_str().is_some_and(|text| !text.trim().is_empty());
        if let Some(number) = to_number(value).filter(|_| may_count) {
            return Ok(DateTime::from_millis(millis_of(number), TimeZone::UTC));
        }
        let zone = given_zone.unwrap_or(TimeZone::UTC);
        if let Some(moment) = dates::read(text, &zone) {
            return Ok(Some(dates::in_own_offset(text, &moment)));
        }
        // Moment.js leaves other forms to JavaScript, in UTC whatever the zone of the input.
        let zone = if options.dialect == Dialect::Moment { TimeZone::UTC } else { zone };
        Ok(dates::read_loosely(text, &zone))
    }

    /// The zone of the result, where one was chosen.
    fn zone(&self) -> Result<Option<TimeZone>, NodeError> {
        self.zone_in(&self.node.options.timezone, "options.timezone")
    }

    fn zone_in(&self, field: &Field, name: &'static str) -> Result<Option<TimeZone>, NodeError> {
        let name_of_zone = match field.resolve(self.step, self.index)? {
            Value::Undefined | Value::Null | Value::Bool(false) => return Ok(None),
            Value::Bool(true) => return Ok(Some(self.step.time_zone().clone())),
            other => to_text(&other),
        };
        match name_of_zone.as_str() {
            "" => Ok(None),
            "workflow" => Ok(Some(self.step.time_zone().clone())),
            known => dates::zone_named(known).map(Some).ok_or_else(|| {
                NodeError::new("time_zone", format!("There is no time zone “{known}”."))
                    .describe("Write it as “Europe/Paris” or “UTC+3”, or “workflow” for the zone of the workflow.")
                    .in_field(name)
            }),
        }
    }

    fn unreadable(&self, value: &Value, name: &'static str) -> NodeError {
        let hint = if self.node.options.from_format.is_empty() {
            "Write the date as ISO 8601, 2026-01-31T10:00:00Z for instance, or say with the option “Format of the input” how it is written."
        } else {
            "It is not written as the option “Format of the input” says."
        };
        NodeError::new("date", format!("{} cannot be read as a date.", shown(value))).describe(hint).in_field(name)
    }
}

/// A timestamp in milliseconds: what has a fraction, or fewer than twelve digits, counts seconds.
fn millis_of(number: f64) -> i64 {
    let counts_seconds = number.fract() != 0.0 || number.abs() < 1e11;
    (if counts_seconds { number * 1000.0 } else { number }).round() as i64
}

fn beyond() -> NodeError {
    NodeError::new("date", "The date lies outside of the years −9999 to 9999.")
}
