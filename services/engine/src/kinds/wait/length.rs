//! How long a wait lasts.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use weft_nodes::{Field, FieldType, NodeError, Step, coerce};
use weft_value::Value;

use crate::clock::later;

/// The longest wait: ten years.
pub(super) const MAX_SECONDS: f64 = 10.0 * 366.0 * 86_400.0;
const TOO_LONG: &str = "A wait lasts between no time and ten years.";

/// A length.
pub(super) trait Length {
    /// When the wait ends that begins now.
    fn until(&self, step: &dyn Step) -> Result<Timestamp, NodeError>;
}

/// So long.
#[derive(Deserialize)]
pub(super) struct Interval {
    amount: Field,
    unit: Unit,
}

/// Until then.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moment {
    date_time: Field,
}

/// How long a call or a page is waited for.
#[derive(Deserialize)]
#[serde(tag = "limitType", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Limit {
    AfterTimeInterval { resume_amount: Field, resume_unit: Unit },
    AtSpecifiedTime { max_date_and_time: Field },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    fn seconds(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Minutes => 60.0,
            Self::Hours => 3600.0,
            Self::Days => 86_400.0,
        }
    }
}

impl Length for Interval {
    fn until(&self, step: &dyn Step) -> Result<Timestamp, NodeError> {
        after((&self.amount, "amount"), self.unit, step)
    }
}

impl Length for Moment {
    fn until(&self, step: &dyn Step) -> Result<Timestamp, NodeError> {
        at((&self.date_time, "dateTime"), step)
    }
}

impl Length for Limit {
    fn until(&self, step: &dyn Step) -> Result<Timestamp, NodeError> {
        match self {
            Self::AfterTimeInterval { resume_amount, resume_unit } => {
                after((resume_amount, "resumeAmount"), *resume_unit, step)
            }
            Self::AtSpecifiedTime { max_date_and_time } => at((max_date_and_time, "maxDateAndTime"), step),
        }
    }
}

/// How long something is waited for that may never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// For ever.
    Endless,
    /// Until then.
    Until(Timestamp),
    /// Not at all: its time has passed.
    Over,
}

/// The patience that a limit leaves from now on.
pub(crate) fn patience(limit: Option<&Limit>, step: &dyn Step) -> Result<Patience, NodeError> {
    let Some(limit) = limit else { return Ok(Patience::Endless) };
    let until = limit.until(step)?;
    Ok(if until > step.now() { Patience::Until(until) } else { Patience::Over })
}

fn refused(field: &str, message: &str) -> NodeError {
    NodeError::new("parameter", message).in_field(field).finally()
}

fn after((amount, name): (&Field, &str), unit: Unit, step: &dyn Step) -> Result<Timestamp, NodeError> {
    let seconds = amount.number(step, 0, name)? * unit.seconds();
    if (0.0..=MAX_SECONDS).contains(&seconds) {
        return Ok(later(step.now(), Duration::from_secs_f64(seconds)));
    }
    Err(refused(name, TOO_LONG))
}

fn at((moment, name): (&Field, &str), step: &dyn Step) -> Result<Timestamp, NodeError> {
    let given = moment.resolve(step, 0)?;
    let read = coerce(name, &given, FieldType::DateTime, false, step.time_zone());
    let Ok(Value::DateTime(moment)) = read else {
        let message = format!("“{}” is not a moment. Give one like 2026-12-24T18:00:00.", given.to_json());
        return Err(refused(name, &message));
    };
    let until = moment.zoned().timestamp();
    if until > later(step.now(), Duration::from_secs_f64(MAX_SECONDS)) {
        return Err(refused(name, TOO_LONG));
    }
    Ok(until)
}
