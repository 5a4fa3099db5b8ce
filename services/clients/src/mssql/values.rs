//! Values, as they are sent and as they come.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::SignedDuration;
use tiberius::ColumnData;
use tiberius::numeric::Numeric;
use tiberius::time::{Date, DateTime2, Time};
use weft_value::Value;

/// The largest whole number up to which every one has a number of its own (2⁵³ − 1).
const MOST_EXACT: i128 = (1 << 53) - 1;
/// How many digits a number keeps whatever they are.
const EXACT_DIGITS: u8 = 15;
/// The first of January 1900 and 1970 in days since that of the year 1.
const YEAR_1900: i64 = 693_595;
const YEAR_1970: i64 = 719_162;
const DAY_MILLIS: i64 = 86_400_000;

/// A value, as it is sent. Lists and objects are JSON.
pub(super) fn sent(value: &Value) -> ColumnData<'static> {
    let text = |text: String| ColumnData::String(Some(text.into()));
    match value {
        // A text that is nothing becomes nothing of whatever a column is.
        Value::Undefined | Value::Null => ColumnData::String(None),
        Value::Bool(truth) => ColumnData::Bit(Some(*truth)),
        Value::Number(number) if number.fract() == 0.0 && number.abs() <= MOST_EXACT as f64 => {
            let whole = *number as i64;
            i32::try_from(whole).map_or(ColumnData::I64(Some(whole)), |whole| ColumnData::I32(Some(whole)))
        }
        Value::Number(number) if number.is_finite() => ColumnData::F64(Some(*number)),
        Value::Number(number) => text(number.to_string()),
        Value::String(said) => text(said.as_str().to_owned()),
        Value::DateTime(moment) => {
            moment_of(moment.millis()).map_or_else(|| text(moment.to_iso()), |at| ColumnData::DateTime2(Some(at)))
        }
        other => text(other.to_json()),
    }
}

fn moment_of(millis: i64) -> Option<DateTime2> {
    let day = u32::try_from(millis.div_euclid(DAY_MILLIS) + YEAR_1970).ok().filter(|day| *day < 3_652_059)?;
    let within = u64::try_from(millis.rem_euclid(DAY_MILLIS)).ok()?;
    Some(DateTime2::new(Date::new(day), Time::new(within, 3)))
}

/// A value of a column. Moments without a zone are taken as UTC.
pub(super) fn value_of(data: ColumnData<'static>) -> Value {
    use ColumnData as C;
    let or_null = |value: Option<Value>| value.unwrap_or(Value::Null);
    let number = |number: Option<f64>| or_null(number.map(Value::Number));
    match data {
        C::U8(value) => number(value.map(Into::into)),
        C::I16(value) => number(value.map(Into::into)),
        C::I32(value) => number(value.map(Into::into)),
        C::I64(value) => or_null(value.map(|value| whole(value.into()))),
        // The number that a person would read, not that which the nearest one with fewer digits is.
        C::F32(value) => number(value.and_then(|value| value.to_string().parse().ok())),
        C::F64(value) => number(value),
        C::Bit(value) => or_null(value.map(Value::from)),
        C::String(value) => or_null(value.map(|text| text.into_owned().into())),
        C::Guid(value) => or_null(value.map(|id| id.hyphenated().to_string().to_uppercase().into())),
        C::Binary(value) => or_null(value.map(|bytes| BASE64_STANDARD.encode(bytes).into())),
        C::Numeric(value) => or_null(value.map(decimal)),
        C::Xml(value) => or_null(value.map(|xml| xml.to_string().into())),
        C::DateTime(value) => or_null(value.map(|at| {
            let within = i64::from(at.seconds_fragments()) * 1000;
            // A three-hundredth of a second, rounded as the server shows it.
            moment(i64::from(at.days()) + YEAR_1900, (within + 150) / 300)
        })),
        C::SmallDateTime(value) => or_null(
            value.map(|at| moment(i64::from(at.days()) + YEAR_1900, i64::from(at.seconds_fragments()) * 60_000)),
        ),
        C::Time(value) => or_null(value.map(clock)),
        C::Date(value) => or_null(value.map(|date| moment(date.days().into(), 0))),
        C::DateTime2(value) => or_null(value.map(of_date_and_time)),
        C::DateTimeOffset(value) => or_null(value.map(|at| of_date_and_time(at.datetime2()))),
    }
}

/// A number where it is exact, otherwise its text.
fn whole(number: i128) -> Value {
    if number.abs() <= MOST_EXACT { Value::Number(number as f64) } else { number.to_string().into() }
}

/// A number where it keeps all digits, otherwise its text.
fn decimal(number: Numeric) -> Value {
    let digits = number.value().unsigned_abs().to_string();
    let scale = usize::from(number.scale());
    let sign = if number.value() < 0 { "-" } else { "" };
    let text = if scale == 0 {
        format!("{sign}{digits}")
    } else {
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (before, after) = padded.split_at(padded.len() - scale);
        format!("{sign}{before}.{after}")
    };
    let number = text.parse().ok().filter(|_| digits.len() <= EXACT_DIGITS.into());
    number.map_or_else(|| text.as_str().into(), Value::Number)
}

fn of_date_and_time(at: DateTime2) -> Value {
    let time = at.time();
    let parts = 10_i64.pow(u32::from(time.scale().min(9)));
    let increments = i64::try_from(time.increments()).unwrap_or_default();
    let seconds = increments / parts;
    let millis = (increments % parts) * 1000 / parts;
    moment(at.date().days().into(), seconds * 1000 + millis)
}

/// A moment of a day, which is counted from the first of January of the year 1 on, in UTC.
fn moment(day: i64, millis: i64) -> Value {
    let at = (day - YEAR_1970).saturating_mul(DAY_MILLIS).saturating_add(millis);
    // Not a timestamp, which ends two hours before the last day that the server knows: tables hold 9999-12-31 for “never ends”.
    let at = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0).checked_add(SignedDuration::from_millis(at));
    at.map_or(Value::Null, |at| format!("{at:.3}Z").into())
}

fn clock(time: Time) -> Value {
    let scale = time.scale().min(9);
    let parts = 10_u64.pow(scale.into());
    let (seconds, rest) = (time.increments() / parts, time.increments() % parts);
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if scale == 0 { text.into() } else { format!("{text}.{rest:0>width$}", width = scale.into()).into() }
}

/// About how much memory a value takes.
pub(super) fn size_of(value: &Value) -> usize {
    16 + value.as_str().map_or(0, str::len)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tiberius::Uuid;
    use tiberius::time::{DateTime, DateTimeOffset, SmallDateTime};
    use weft_value::from_json;

    use jiff::Timestamp;

    use super::*;

    #[test]
    fn values_are_sent_as_what_they_are() {
        let given = from_json(r#"[null,true,7,-3000000000,1.5,1e300,"it's é",[1,{"a":null}]]"#).unwrap();
        let made: Vec<_> = given.as_array().unwrap().iter().map(sent).collect();
        let text = |text: &'static str| ColumnData::String(Some(text.into()));
        let expected = [
            ColumnData::String(None),
            ColumnData::Bit(Some(true)),
            ColumnData::I32(Some(7)),
            ColumnData::I64(Some(-3_000_000_000)),
            ColumnData::F64(Some(1.5)),
            ColumnData::F64(Some(1e300)),
            text("it's é"),
            text(r#"[1,{"a":null}]"#),
        ];
        assert_eq!(made, expected);
        assert_eq!(sent(&Value::Undefined), ColumnData::String(None));
        assert_eq!(sent(&Value::Number(f64::NAN)), text("NaN"));
    }

    #[test]
    fn columns_become_values() {
        let time = |increments, scale| Time::new(increments, scale);
        let at = DateTime2::new(Date::new(739_646), time(360_012_345_678, 7));
        for (data, expected) in [
            (ColumnData::U8(Some(255)), "255"),
            (ColumnData::I16(Some(-7)), "-7"),
            (ColumnData::I64(Some(9_007_199_254_740_991)), "9007199254740991"),
            (ColumnData::I64(Some(i64::MIN)), r#""-9223372036854775808""#),
            (ColumnData::F32(Some(0.1)), "0.1"),
            (ColumnData::F64(Some(-1.5)), "-1.5"),
            (ColumnData::Bit(Some(false)), "false"),
            (ColumnData::String(Some("世".into())), r#""世""#),
            (ColumnData::String(None), "null"),
            (ColumnData::Binary(Some(vec![255, 0].into())), r#""/wA=""#),
            (ColumnData::Guid(Some(Uuid::from_u128(0xabc))), r#""00000000-0000-0000-0000-000000000ABC""#),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(-1250, 2))), "-12.5"),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(-5, 3))), "-0.005"),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(12_345_678_901_234_567, 2))), r#""123456789012345.67""#),
            (ColumnData::DateTime(Some(DateTime::new(46_051, 10_800_001))), r#""2026-01-31T10:00:00.003Z""#),
            (ColumnData::DateTime(Some(DateTime::new(-53_690, 0))), r#""1753-01-01T00:00:00.000Z""#),
            (ColumnData::SmallDateTime(Some(SmallDateTime::new(46_050, 61))), r#""2026-01-30T01:01:00.000Z""#),
            (ColumnData::Date(Some(Date::new(0))), r#""0001-01-01T00:00:00.000Z""#),
            (ColumnData::DateTime2(Some(at)), r#""2026-01-31T10:00:01.234Z""#),
            (ColumnData::DateTimeOffset(Some(DateTimeOffset::new(at, 120))), r#""2026-01-31T10:00:01.234Z""#),
            (ColumnData::Time(Some(time(863_999_999_999, 7))), r#""23:59:59.9999999""#),
            (ColumnData::Time(Some(time(60, 0))), r#""00:01:00""#),
            (ColumnData::Date(Some(Date::new(3_652_058))), r#""9999-12-31T00:00:00.000Z""#),
        ] {
            assert_eq!(value_of(data.clone()).to_json(), expected, "{data:?}");
        }
    }

    #[test]
    fn a_moment_comes_as_it_was_sent() {
        for iso in ["2026-02-01T10:00:01.234Z", "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"] {
            let millis = iso.parse::<Timestamp>().unwrap().as_millisecond();
            let back = value_of(ColumnData::DateTime2(moment_of(millis)));
            assert_eq!(back.as_str(), Some(iso));
        }
        assert_eq!(moment_of(i64::MAX), None);
    }
}
