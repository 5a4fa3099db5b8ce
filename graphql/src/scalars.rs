//! Scalars of the contract.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// Whether a moment is of the years 1 to 9999 (in UTC): columns hold no earlier ones, RFC 3339 writes no later ones.
pub(crate) fn is_of_our_era(at: jiff::Timestamp) -> bool {
    (1..=9999).contains(&jiff::tz::Offset::UTC.to_datetime(at).year())
}

/// A moment, as RFC 3339 text in UTC: `2026-11-21T22:40:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTime(pub jiff::Timestamp);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let moment = text.parse().ok().filter(|at| is_of_our_era(*at));
        moment.map(Self).ok_or_else(|| InputValueError::custom("is not a moment such as 2026-11-21T22:40:00Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day, `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date(pub jiff::civil::Date);

#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let day = text.parse().ok().filter(|day: &jiff::civil::Date| day.year() >= 1);
        day.map(Self).ok_or_else(|| InputValueError::custom("is not a day such as 2026-11-21"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json(pub serde_json::Value);

#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// A position in the tenant's log; ever growing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position(pub weft_model::Position);

#[Scalar]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        // Columns hold what fits into 63 bits; nothing that is larger was ever given out.
        number
            .filter(|number| i64::try_from(*number).is_ok())
            .map(|number| Self(weft_model::Position(number)))
            .ok_or_else(|| InputValueError::custom("is not a position, a whole number that is not negative"))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.0)
    }
}

impl From<weft_model::Position> for Position {
    fn from(position: weft_model::Position) -> Self {
        Self(position)
    }
}

impl From<jiff::Timestamp> for DateTime {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at)
    }
}
