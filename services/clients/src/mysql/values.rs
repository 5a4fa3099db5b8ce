//! Values, as they are sent and as they come.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mysql_common::constants::ColumnType;
use mysql_common::packets::Column;
use mysql_common::value::Value as Sent;
use weft_value::{Value, from_json};

/// The largest whole number up to which every one has a number of its own (2⁵³ − 1).
const MOST_EXACT: i64 = (1 << 53) - 1;
/// The number of the character set that is no text (`binary`).
const BYTES: u16 = 63;

/// What becomes of whole numbers that may be larger than a number of JavaScript can tell apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LargeNumbers {
    /// Numbers while they are exact, otherwise their text.
    #[default]
    WhereExact,
    /// Whatever may be large is text: a column is of one type.
    Text,
}

/// What becomes of decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimals {
    /// Their text, so that nothing is lost.
    #[default]
    Text,
    /// The nearest number.
    Number,
}

/// How values are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whole numbers.
    pub large: LargeNumbers,
    /// Decimals.
    pub decimals: Decimals,
}

/// A value, as it is sent. Lists and objects are JSON.
pub(super) fn sent(value: &Value) -> Sent {
    match value {
        Value::Undefined | Value::Null => Sent::NULL,
        Value::Bool(truth) => Sent::Int((*truth).into()),
        Value::Number(number) => whole(*number).map_or_else(|| fraction(*number), Sent::Int),
        Value::String(text) => Sent::Bytes(text.as_bytes().to_vec()),
        Value::DateTime(moment) => Sent::Bytes(clock(moment.millis()).into_bytes()),
        other => Sent::Bytes(other.to_json().into_bytes()),
    }
}

fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "2⁵³ − 1 is exact")]
    let is_whole = number.fract() == 0.0 && number.abs() <= MOST_EXACT as f64;
    #[expect(clippy::cast_possible_truncation, reason = "it has just been looked at")]
    is_whole.then_some(number as i64)
}

/// What is no number has no form that could be sent but its name, which the server refuses where it must not stand.
fn fraction(number: f64) -> Sent {
    if number.is_finite() { Sent::Double(number) } else { Sent::Bytes(number.to_string().into_bytes()) }
}

/// A moment in UTC, as the server writes it.
fn clock(millis: i64) -> String {
    let moment = Timestamp::from_millisecond(millis).unwrap_or_default().to_zoned(TimeZone::UTC);
    moment.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
}

/// A value of a column. Moments have no zone in this protocol and are taken as UTC, to which the session's clock is set.
pub(super) fn value_of(column: &Column, value: Sent, shape: Shape) -> Value {
    match value {
        Sent::NULL => Value::Null,
        Sent::Bytes(bytes) => of_bytes(column, bytes, shape),
        Sent::Int(number) if is_large(column) => large(number.into(), shape),
        Sent::UInt(number) if is_large(column) => large(number.into(), shape),
        #[expect(clippy::cast_precision_loss, reason = "the columns that hold more were dealt with above")]
        Sent::Int(number) => Value::Number(number as f64),
        #[expect(clippy::cast_precision_loss, reason = "the columns that hold more were dealt with above")]
        Sent::UInt(number) => Value::Number(number as f64),
        // The number that a person would read, not that which the nearest one with fewer digits is.
        Sent::Float(number) => number.to_string().parse().map_or(Value::Null, Value::Number),
        Sent::Double(number) => Value::Number(number),
        Sent::Date(year, month, day, hour, minute, second, micros) => {
            let millis = micros / 1000;
            if month == 0 || day == 0 {
                return format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into();
            }
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z").into()
        }
        Sent::Time(is_negative, days, hours, minutes, seconds, micros) => {
            let sign = if is_negative { "-" } else { "" };
            let hours = days.saturating_mul(24) + u32::from(hours);
            let clock = format!("{sign}{hours:02}:{minutes:02}:{seconds:02}");
            let digits = usize::from(column.decimals()).min(6);
            let fraction = format!("{micros:06}");
            if digits == 0 { clock.into() } else { format!("{clock}.{}", &fraction[..digits]).into() }
        }
    }
}

fn is_large(column: &Column) -> bool {
    column.column_type() == ColumnType::MYSQL_TYPE_LONGLONG
}

#[expect(clippy::cast_precision_loss, reason = "only what is exact becomes a number")]
fn large(number: i128, shape: Shape) -> Value {
    let is_exact = number.unsigned_abs() <= u128::from(MOST_EXACT.unsigned_abs());
    match shape.large {
        LargeNumbers::WhereExact if is_exact => Value::Number(number as f64),
        LargeNumbers::WhereExact | LargeNumbers::Text => number.to_string().into(),
    }
}

fn of_bytes(column: &Column, bytes: Vec<u8>, shape: Shape) -> Value {
    use ColumnType as C;
    let kind = column.column_type();
    if kind == C::MYSQL_TYPE_BIT {
        return bits(&bytes);
    }
    if column.character_set() == BYTES && (may_be_bytes(kind) || kind == C::MYSQL_TYPE_GEOMETRY) {
        return BASE64_STANDARD.encode(bytes).into();
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let number = |text: &str| text.parse().map_or_else(|_| text.into(), Value::Number);
    match kind {
        C::MYSQL_TYPE_JSON => from_json(&text).unwrap_or_else(|_| text.as_str().into()),
        C::MYSQL_TYPE_NEWDECIMAL | C::MYSQL_TYPE_DECIMAL if shape.decimals == Decimals::Number => number(&text),
        C::MYSQL_TYPE_LONGLONG => {
            text.parse::<i128>().map_or_else(|_| text.as_str().into(), |number| large(number, shape))
        }
        C::MYSQL_TYPE_TINY
        | C::MYSQL_TYPE_SHORT
        | C::MYSQL_TYPE_INT24
        | C::MYSQL_TYPE_LONG
        | C::MYSQL_TYPE_YEAR
        | C::MYSQL_TYPE_FLOAT
        | C::MYSQL_TYPE_DOUBLE => number(&text),
        C::MYSQL_TYPE_DATE | C::MYSQL_TYPE_NEWDATE => moment(&format!("{text} 00:00:00")).unwrap_or(text).into(),
        C::MYSQL_TYPE_DATETIME | C::MYSQL_TYPE_DATETIME2 | C::MYSQL_TYPE_TIMESTAMP | C::MYSQL_TYPE_TIMESTAMP2 => {
            moment(&text).unwrap_or(text).into()
        }
        _ => text.into(),
    }
}

/// Whether what such a column holds is text or not depends on its character set.
fn may_be_bytes(kind: ColumnType) -> bool {
    use ColumnType as C;
    let is_long = matches!(kind, C::MYSQL_TYPE_TINY_BLOB | C::MYSQL_TYPE_MEDIUM_BLOB | C::MYSQL_TYPE_LONG_BLOB);
    is_long || kind.is_character_type()
}

/// The text of a moment as JavaScript writes it in JSON. Nothing for `0000-00-00` and its like, which is none.
fn moment(text: &str) -> Option<String> {
    let moment = text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(format!("{:.3}", moment.timestamp()))
}

/// Bits, the largest first, as a number; as the text of one where there are more than a number holds.
fn bits(bytes: &[u8]) -> Value {
    let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    large(number.into(), Shape::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: ColumnType) -> Column {
        Column::new(kind).with_character_set(45)
    }

    #[test]
    fn every_type_becomes_what_n8n_gives() {
        use ColumnType as C;
        for (kind, text, expected) in [
            (C::MYSQL_TYPE_TINY, "1", "1"),
            (C::MYSQL_TYPE_LONG, "-7", "-7"),
            (C::MYSQL_TYPE_LONGLONG, "9007199254740991", "9007199254740991"),
            (C::MYSQL_TYPE_LONGLONG, "9007199254740993", r#""9007199254740993""#),
            (C::MYSQL_TYPE_LONGLONG, "18446744073709551615", r#""18446744073709551615""#),
            (C::MYSQL_TYPE_NEWDECIMAL, "1.10", r#""1.10""#),
            (C::MYSQL_TYPE_FLOAT, "1.1", "1.1"),
            (C::MYSQL_TYPE_YEAR, "2026", "2026"),
            (C::MYSQL_TYPE_VAR_STRING, "é世", r#""é世""#),
            (C::MYSQL_TYPE_JSON, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (C::MYSQL_TYPE_DATE, "2026-01-31", r#""2026-01-31T00:00:00.000Z""#),
            (C::MYSQL_TYPE_DATETIME, "2026-01-31 10:00:00.123456", r#""2026-01-31T10:00:00.123Z""#),
            (C::MYSQL_TYPE_TIMESTAMP, "2026-01-31 10:00:00", r#""2026-01-31T10:00:00.000Z""#),
            (C::MYSQL_TYPE_DATETIME, "0000-00-00 00:00:00", r#""0000-00-00 00:00:00""#),
            (C::MYSQL_TYPE_TIME, "-838:59:59", r#""-838:59:59""#),
            (C::MYSQL_TYPE_BIT, "\x01\x02", "258"),
        ] {
            let value = value_of(&column(kind), Sent::Bytes(text.into()), Shape::default());
            assert_eq!(value.to_json(), expected, "{kind:?}: {text}");
        }
        let other = Shape { large: LargeNumbers::Text, decimals: Decimals::Number };
        let of = |kind, text: &str| value_of(&column(kind), Sent::Bytes(text.into()), other).to_json();
        assert_eq!(of(C::MYSQL_TYPE_LONGLONG, "7"), r#""7""#);
        assert_eq!(of(C::MYSQL_TYPE_NEWDECIMAL, "1.10"), "1.1");
        let bytes = Column::new(C::MYSQL_TYPE_BLOB).with_character_set(BYTES);
        assert_eq!(value_of(&bytes, Sent::Bytes(vec![0xff, 0]), Shape::default()).to_json(), r#""/wA=""#);
    }

    #[test]
    fn both_formats_give_the_same() {
        use ColumnType as C;
        for (kind, value, expected) in [
            (C::MYSQL_TYPE_LONG, Sent::Int(-7), "-7"),
            (C::MYSQL_TYPE_LONGLONG, Sent::UInt(u64::MAX), r#""18446744073709551615""#),
            (C::MYSQL_TYPE_FLOAT, Sent::Float(1.1), "1.1"),
            (C::MYSQL_TYPE_DOUBLE, Sent::Double(0.1), "0.1"),
            (C::MYSQL_TYPE_DATE, Sent::Date(2026, 1, 31, 0, 0, 0, 0), r#""2026-01-31T00:00:00.000Z""#),
            (C::MYSQL_TYPE_DATETIME, Sent::Date(2026, 1, 31, 10, 0, 0, 123_456), r#""2026-01-31T10:00:00.123Z""#),
            (C::MYSQL_TYPE_DATETIME, Sent::Date(0, 0, 0, 0, 0, 0, 0), r#""0000-00-00 00:00:00""#),
            (C::MYSQL_TYPE_TIME, Sent::Time(true, 34, 22, 59, 59, 0), r#""-838:59:59""#),
        ] {
            assert_eq!(value_of(&column(kind), value, Shape::default()).to_json(), expected, "{kind:?}");
        }
    }

    #[test]
    fn values_are_sent_as_what_they_are() {
        let json = from_json(r#"[null,true,7,-1.5,9007199254740993,"it's",[1],{"a":"é"}]"#).unwrap();
        let given: Vec<Sent> = json.as_array().unwrap().iter().map(sent).collect();
        let bytes = |text: &str| Sent::Bytes(text.into());
        assert_eq!(given[..4], [Sent::NULL, Sent::Int(1), Sent::Int(7), Sent::Double(-1.5)]);
        assert_eq!(given[4], Sent::Double(9_007_199_254_740_992.0));
        assert_eq!(given[5..], [bytes("it's"), bytes("[1]"), bytes(r#"{"a":"é"}"#)]);
        assert_eq!(sent(&Value::Number(f64::NAN)), bytes("NaN"));
        assert_eq!(clock(1_769_853_600_500), "2026-01-31 10:00:00.500");
    }
}
