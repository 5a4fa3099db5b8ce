//! JSON in and out, with serde.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use thiserror::Error;

use crate::{Object, Text, Value};

/// Text that is not JSON.
#[derive(Debug, Error)]
#[error("This is not valid JSON: {0}.")]
pub struct JsonError(#[from] serde_json::Error);

/// The value that JSON text stands for. An escaped half of a surrogate pair that stands alone is U+FFFD, as everywhere
/// ([`Text`]).
pub fn from_json(text: &str) -> Result<Value, JsonError> {
    from_json_bytes(text.as_bytes())
}

/// The value that JSON in UTF-8 stands for; see [`from_json`].
pub fn from_json_bytes(bytes: &[u8]) -> Result<Value, JsonError> {
    // Lone halves are rare, and the parser refuses them: only what it refuses is looked through for them.
    serde_json::from_slice(bytes).or_else(|error| {
        let mut mended = bytes.to_vec();
        if mend_lone_halves(&mut mended) { Ok(serde_json::from_slice(&mended)?) } else { Err(error.into()) }
    })
}

/// Writes `\ufffd` over each escaped half of a surrogate pair in JSON that stands alone, which is JSON (RFC 8259, section 8.2),
/// but no Unicode; JavaScript writes it when a text was cut inside of an emoji. Everything else stays, and where it is. Whether
/// there was one.
pub fn mend_lone_halves(json: &mut [u8]) -> bool {
    let (mut at, mut found) = (0, false);
    while let Some(next) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += next;
        let step = match (escaped_unit(json, at), escaped_unit(json, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                json[at..at + 6].copy_from_slice(br"\ufffd");
                found = true;
                6
            }
            _ => 2,
        };
        at += step;
    }
    found
}

/// The UTF-16 unit that `\uXXXX` at this place stands for.
fn escaped_unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(br"\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)? as u16))
}

impl Value {
    /// The value as JSON text (`JSON.stringify` without indentation): `undefined` becomes `null` at the top and in lists and is
    /// left out of objects.
    pub fn to_json(&self) -> String {
        // Writing to a string cannot fail, and every key is a string.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Undefined | Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => serialize_number(*number, serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(array) => {
                let mut seq = serializer.serialize_seq(Some(array.len()))?;
                for value in array.iter() {
                    seq.serialize_element(value)?;
                }
                seq.end()
            }
            Self::Object(object) => object.serialize(serializer),
            Self::DateTime(moment) => serializer.serialize_str(&moment.to_iso()),
            Self::Opaque(opaque) => opaque.to_plain().serialize(serializer),
        }
    }
}

/// Whole numbers are written without a point up to 2⁵³, as JavaScript does.
fn serialize_number<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        serializer.serialize_unit()
    } else if number.fract() == 0.0 && number.abs() <= SAFE {
        serializer.serialize_i64(number as i64)
    } else {
        serializer.serialize_f64(number)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.iter().filter(|(_, value)| !value.is_undefined()) {
            map.serialize_entry(key.as_str(), value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut array = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(4096));
        while let Some(value) = seq.next_element()? {
            array.push(value);
        }
        array.shrink_to_fit();
        Ok(Value::Array(Arc::new(array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fault = None;
        let next = || {
            map.next_entry::<Text, Value>().unwrap_or_else(|error| {
                fault = Some(error);
                None
            })
        };
        let object: Object = std::iter::from_fn(next).collect();
        match fault {
            Some(error) => Err(error),
            None => Ok(Value::Object(Arc::new(object))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_key_order_and_whole_numbers() {
        let text = r#"{"b":1,"a":[1.5,null,true,"é"],"c":{"x":-0.25,"n":9007199254740991}}"#;
        assert_eq!(from_json(text).unwrap().to_json(), text);
    }

    #[test]
    fn undefined_is_left_out_of_objects_and_null_in_lists() {
        let object: Object = [("gone", Value::Undefined), ("kept", Value::Null)].into_iter().collect();
        assert_eq!(Value::from(object).to_json(), r#"{"kept":null}"#);
        assert_eq!(Value::from(vec![Value::Undefined, Value::Number(f64::NAN)]).to_json(), "[null,null]");
    }

    #[test]
    fn half_a_surrogate_pair_that_stands_alone_is_the_replacement_character() {
        for (json, expected) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""a\uDE00b""#, "a\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\n\\ud83d\\""#, "\u{fffd}\n\\ud83d\\"),
            (r#""\ud83d\ude00\u00e9""#, "\u{1f600}é"),
        ] {
            assert_eq!(from_json(json).unwrap(), Value::from(expected), "{json}");
        }
        let object = from_json(r#"{"\ud800":["\udc00",1]}"#).unwrap();
        assert_eq!(object.to_json(), "{\"\u{fffd}\":[\"\u{fffd}\",1]}");
        for broken in [r#""\ud8""#, r#""\ud83d"#, r#""\ud83d\"#, r#""\ud83d\u""#, r#"{"a":"\ud800",}"#, r#""\u+800""#] {
            assert!(from_json(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn broken_json_is_an_error_that_names_the_place() {
        let error = from_json("{\"a\": }").unwrap_err().to_string();
        assert!(error.contains("line 1 column 7"), "{error}");
    }
}
