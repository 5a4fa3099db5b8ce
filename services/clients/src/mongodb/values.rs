//! Values, as documents hold them and as documents give them.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bson::oid::ObjectId;
use bson::spec::BinarySubtype;
use bson::{Bson, DateTime, Document, RawArray, RawBinaryRef, RawBson, RawBsonRef, RawDocument};
use jiff::{Timestamp, civil, tz::TimeZone};
use thiserror::Error;
use weft_value::{MAX_DEPTH, Object, Value};

use super::wire::not_understood;
use crate::Failure;

/// The largest whole number up to which every one has a number of its own (2⁵³ − 1).
const MOST_EXACT: i64 = (1 << 53) - 1;

/// The objects of one name that stand for a value which JSON does not have
/// (<https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>).
const EXTENDED: [&str; 14] = [
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$numberDecimal",
    "$binary",
    "$uuid",
    PATTERN,
    "$timestamp",
    "$code",
    "$symbol",
    "$minKey",
    "$maxKey",
];

/// The one that a query reads as a condition.
const PATTERN: &str = "$regularExpression";

/// Why a value is nothing that MongoDB could hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotSent {
    /// It has no names.
    #[error("it must be an object")]
    NoObject,
    /// It is no list of objects.
    #[error("it must be a list of objects")]
    NoList,
    /// It goes too deep.
    #[error("it is nested deeper than MongoDB takes it")]
    TooDeep,
    /// A name with a character that ends it.
    #[error("a name in it has a character of number zero")]
    Name,
    /// `{"$oid":"x"}`.
    #[error("“{0}” in it is not what its name says")]
    Extended(&'static str),
}

/// An object as a document.
pub fn document(value: &Value) -> Result<Document, NotSent> {
    match sent(value, 0)? {
        Bson::Document(document) => Ok(document),
        _ => Err(NotSent::NoObject),
    }
}

/// A list of objects as documents.
pub fn documents(value: &Value) -> Result<Vec<Document>, NotSent> {
    let list = value.as_array().ok_or(NotSent::NoList)?;
    list.iter()
        .map(|one| document(one).map_err(|wrong| if wrong == NotSent::NoObject { NotSent::NoList } else { wrong }))
        .collect()
}

/// The document with an id, and what that is shown as: its own, or one that is made here.
pub fn with_id(document: Document) -> (Document, Value) {
    if let Some(id) = document.get("_id") {
        let shown = RawBson::try_from(id.clone()).ok().and_then(|raw| value_of(raw.as_raw_bson_ref(), 0).ok());
        return (document, shown.unwrap_or_default());
    }
    let id = ObjectId::new();
    let mut with = Document::new();
    with.insert("_id", id);
    with.extend(document);
    (with, id.to_hex().into())
}

/// Whether MongoDB would read something in a value as more than a value: a name that begins with `$` and stands for none, and
/// a regular expression, which stands for every text that fits.
pub fn has_operator(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(has_operator),
        Value::Object(object) => {
            let is_value = |name: &str| object.len() == 1 && name != PATTERN && EXTENDED.contains(&name);
            let is_operator = |name: &str| name.starts_with('$') && !is_value(name);
            object.iter().any(|(name, value)| is_operator(name.as_str()) || has_operator(value))
        }
        _ => false,
    }
}

/// A moment in milliseconds since 1970: such a number, or a text of ISO 8601; one without an offset is of UTC.
pub fn moment(value: &Value) -> Option<i64> {
    match value {
        Value::Number(millis) if millis.is_finite() => Some(*millis as i64),
        Value::DateTime(moment) => Some(moment.millis()),
        Value::String(text) => {
            let text = text.as_str().trim();
            let local = || text.parse::<civil::DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
            Some(text.parse::<Timestamp>().ok().or_else(local)?.as_millisecond())
        }
        _ => None,
    }
}

fn sent(value: &Value, depth: usize) -> Result<Bson, NotSent> {
    if depth > MAX_DEPTH {
        return Err(NotSent::TooDeep);
    }
    Ok(match value {
        Value::Undefined | Value::Null => Bson::Null,
        Value::Bool(truth) => Bson::Boolean(*truth),
        Value::Number(number) => number_sent(*number),
        Value::String(text) => Bson::String(text.as_str().to_owned()),
        Value::DateTime(moment) => Bson::DateTime(DateTime::from_millis(moment.millis())),
        Value::Array(list) => {
            Bson::Array(list.iter().map(|entry| sent(entry, depth + 1)).collect::<Result<_, NotSent>>()?)
        }
        Value::Object(object) => {
            if let Some(bson) = extended(object)? {
                return Ok(bson);
            }
            let mut document = Document::new();
            for (name, value) in object.iter().filter(|(_, value)| !value.is_undefined()) {
                if name.as_str().contains('\0') {
                    return Err(NotSent::Name);
                }
                document.insert(name.as_str(), sent(value, depth + 1)?);
            }
            Bson::Document(document)
        }
        other @ Value::Opaque(_) => Bson::String(other.to_json()),
    })
}

/// A whole number as one, so that other programs read it as they wrote it.
fn number_sent(number: f64) -> Bson {
    if number.fract() != 0.0 || number.abs() > MOST_EXACT as f64 || (number == 0.0 && number.is_sign_negative()) {
        return Bson::Double(number);
    }
    let whole = number as i64;
    i32::try_from(whole).map_or(Bson::Int64(whole), Bson::Int32)
}

/// The value that an object of one name stands for.
fn extended(object: &Object) -> Result<Option<Bson>, NotSent> {
    let Some((name, value)) = object.iter().next().filter(|_| object.len() == 1) else { return Ok(None) };
    let Some(known) = EXTENDED.into_iter().find(|known| *known == name.as_str()) else { return Ok(None) };
    if known == "$date"
        && let Some(at) = moment(value)
    {
        return Ok(Some(Bson::DateTime(DateTime::from_millis(at))));
    }
    let json = serde_json::from_str::<serde_json::Value>(&Value::from(object.clone()).to_json()).ok();
    let read = json.and_then(|json| Bson::try_from(json).ok()).filter(|bson| !matches!(bson, Bson::Document(_)));
    read.map(Some).ok_or(NotSent::Extended(known))
}

/// A document as an object.
pub(super) fn object(document: &RawDocument) -> Result<Object, Failure> {
    fields(document, 0)
}

fn fields(document: &RawDocument, depth: usize) -> Result<Object, Failure> {
    let mut object = Object::new();
    for field in document {
        let (name, value) = field.map_err(|_| not_understood("a document that is broken"))?;
        object.insert(name.as_str(), value_of(value, depth + 1)?);
    }
    Ok(object)
}

/// A value as JSON shows it: ids in hexadecimal digits, moments in UTC, bytes in Base64, and as texts the numbers with more digits
/// than a number has here.
pub(super) fn value_of(bson: RawBsonRef<'_>, depth: usize) -> Result<Value, Failure> {
    if depth > MAX_DEPTH {
        return Err(not_understood("a document that is nested too deep"));
    }
    Ok(match bson {
        RawBsonRef::Double(number) => Value::Number(number),
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => text.into(),
        RawBsonRef::JavaScriptCodeWithScope(code) => code.code.into(),
        RawBsonRef::Array(list) => entries(list, depth)?.into(),
        RawBsonRef::Document(document) => fields(document, depth)?.into(),
        RawBsonRef::Boolean(truth) => truth.into(),
        RawBsonRef::Null | RawBsonRef::Undefined => Value::Null,
        RawBsonRef::RegularExpression(expression) => {
            format!("/{}/{}", expression.pattern.as_str(), expression.options.as_str()).into()
        }
        RawBsonRef::Int32(number) => Value::Number(number.into()),
        RawBsonRef::Int64(number) if number.unsigned_abs() <= MOST_EXACT.unsigned_abs() => Value::Number(number as f64),
        RawBsonRef::Int64(number) => number.to_string().into(),
        RawBsonRef::Timestamp(at) => {
            let parts = [("t", Value::Number(at.time.into())), ("i", Value::Number(at.increment.into()))];
            [("$timestamp", Value::from(parts.into_iter().collect::<Object>()))].into_iter().collect::<Object>().into()
        }
        RawBsonRef::Binary(bytes) => bytes_of(bytes).into(),
        RawBsonRef::ObjectId(id) => id.to_hex().into(),
        RawBsonRef::DateTime(at) => moment_of(at),
        RawBsonRef::Decimal128(number) => number.to_string().into(),
        RawBsonRef::MinKey => [("$minKey", 1)].into_iter().collect::<Object>().into(),
        RawBsonRef::MaxKey => [("$maxKey", 1)].into_iter().collect::<Object>().into(),
        RawBsonRef::DbPointer(_) => return Err(not_understood("a pointer of a kind that is used no more")),
    })
}

fn entries(list: &RawArray, depth: usize) -> Result<Vec<Value>, Failure> {
    let entry = |entry: Result<RawBsonRef<'_>, _>| {
        value_of(entry.map_err(|_| not_understood("a list that is broken"))?, depth + 1)
    };
    list.into_iter().map(entry).collect()
}

fn bytes_of(binary: RawBinaryRef<'_>) -> String {
    let id = <[u8; 16]>::try_from(binary.bytes).ok().filter(|_| binary.subtype == BinarySubtype::Uuid);
    id.map_or_else(|| BASE64_STANDARD.encode(binary.bytes), |id| bson::Uuid::from_bytes(id).to_string())
}

fn moment_of(at: DateTime) -> Value {
    let millis = at.timestamp_millis();
    // Beyond the years that a calendar here has, the number is all that there is.
    Timestamp::from_millisecond(millis).map_or(Value::Number(millis as f64), |at| format!("{at:.3}").into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use bson::{Binary, Decimal128, RawDocumentBuf, Regex, Timestamp as Stamp, doc};
    use weft_value::from_json;

    use super::*;

    fn sent_json(json: &str) -> Result<Document, NotSent> {
        document(&from_json(json).unwrap())
    }

    fn back(document: &Document) -> String {
        let raw = RawDocumentBuf::from_bytes(document.to_vec().unwrap()).unwrap();
        Value::from(object(&raw).unwrap()).to_json()
    }

    #[test]
    fn values_become_what_they_are() {
        let json = r#"{"é":"世","i":7,"l":9007199254740991,"d":1.5,"e":1e300,"z":0,"n":null,"t":true,"a":[1,{"b":[]}],"o":{"$gt":5}}"#;
        let expected = doc! {
            "é": "世", "i": 7, "l": 9_007_199_254_740_991_i64, "d": 1.5, "e": 1e300, "z": 0, "n": null, "t": true,
            "a": [1, { "b": [] }], "o": { "$gt": 5 },
        };
        let sent = sent_json(json).unwrap();
        assert_eq!(sent, expected);
        assert_eq!(back(&sent), json.replace("1e300", &Value::Number(1e300).to_json()));
        let undefined: Object =
            [("a", Value::Undefined), ("b", Value::Array(vec![Value::Undefined].into()))].into_iter().collect();
        assert_eq!(document(&undefined.into()).unwrap(), doc! { "b": [null] });
    }

    #[test]
    fn extended_json_is_what_it_stands_for() {
        let id = ObjectId::parse_str("0123456789abcdef01234567").unwrap();
        let at = DateTime::from_millis(1_769_853_600_000);
        for (json, expected) in [
            (r#"{"$oid":"0123456789abcdef01234567"}"#, Bson::ObjectId(id)),
            (r#"{"$date":"2026-01-31T10:00:00Z"}"#, Bson::DateTime(at)),
            (r#"{"$date":"2026-01-31T11:00:00.000+01:00"}"#, Bson::DateTime(at)),
            (r#"{"$date":"2026-01-31T10:00:00"}"#, Bson::DateTime(at)),
            (r#"{"$date":1769853600000}"#, Bson::DateTime(at)),
            (r#"{"$date":{"$numberLong":"1769853600000"}}"#, Bson::DateTime(at)),
            (r#"{"$numberLong":"9007199254740993"}"#, Bson::Int64(9_007_199_254_740_993)),
            (r#"{"$numberDecimal":"12.50"}"#, Bson::Decimal128("12.50".parse().unwrap())),
            (
                r#"{"$binary":{"base64":"AQI=","subType":"00"}}"#,
                Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: vec![1, 2] }),
            ),
            (r#"{"$timestamp":{"t":7,"i":1}}"#, Bson::Timestamp(Stamp { time: 7, increment: 1 })),
            (r#"{"$minKey":1}"#, Bson::MinKey),
            (r#"{"$symbol":"s"}"#, Bson::Symbol("s".into())),
        ] {
            let sent = sent_json(&format!(r#"{{"x":{{"$in":[{json}]}}}}"#)).unwrap();
            assert_eq!(sent, doc! { "x": { "$in": [expected] } }, "{json}");
        }
        for (json, name) in [
            (r#"{"x":{"$oid":"short"}}"#, "$oid"),
            (r#"{"x":{"$date":"yesterday"}}"#, "$date"),
            (r#"{"x":{"$numberLong":7.5}}"#, "$numberLong"),
            (r#"{"x":{"$binary":7}}"#, "$binary"),
        ] {
            assert_eq!(sent_json(json), Err(NotSent::Extended(name)), "{json}");
        }
    }

    #[test]
    fn what_json_does_not_have_is_shown_as_it_can_be() {
        let id = "0123456789abcdef01234567";
        let shown = back(&doc! {
            "_id": ObjectId::parse_str(id).unwrap(),
            "at": DateTime::from_millis(1_769_853_600_001),
            "before": DateTime::from_millis(-1),
            "never": DateTime::MAX,
            "large": 9_007_199_254_740_993_i64,
            "small": -9_007_199_254_740_991_i64,
            "decimal": "-1.230E+50".parse::<Decimal128>().unwrap(),
            "bytes": Binary { subtype: BinarySubtype::Generic, bytes: vec![0xff; 2] },
            "uuid": bson::Uuid::from_bytes([1; 16]),
            "regex": Regex { pattern: "^é".try_into().unwrap(), options: "i".try_into().unwrap() },
            "code": Bson::JavaScriptCode("f()".into()),
            "stamp": Stamp { time: 7, increment: 1 },
            "max": Bson::MaxKey,
        });
        let expected = format!(
            r#"{{"_id":"{id}","at":"2026-01-31T10:00:00.001Z","before":"1969-12-31T23:59:59.999Z","never":{},"large":"9007199254740993","small":-9007199254740991,"decimal":"-1.230E+50","bytes":"//8=","uuid":"01010101-0101-0101-0101-010101010101","regex":"/^é/i","code":"f()","stamp":{{"$timestamp":{{"t":7,"i":1}}}},"max":{{"$maxKey":1}}}}"#,
            Value::Number(i64::MAX as f64).to_json()
        );
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_makes_no_document_says_why() {
        assert_eq!(sent_json("[1]"), Err(NotSent::NoObject));
        assert_eq!(sent_json(r#"{"a\u0000b":1}"#), Err(NotSent::Name));
        let deep = (0..=MAX_DEPTH).fold(Value::Null, |inner, _| vec![inner].into());
        let object: Object = [("a", deep)].into_iter().collect();
        assert_eq!(document(&object.into()), Err(NotSent::TooDeep));
        for wrong in ["{}", "7", "[7]"] {
            assert_eq!(documents(&from_json(wrong).unwrap()), Err(NotSent::NoList), "{wrong}");
        }
    }

    /// A server could nest so deep that reading it would end the program.
    #[test]
    fn a_document_that_is_nested_too_deep_is_not_read() {
        let mut bytes = vec![5, 0, 0, 0, 0];
        for _ in 0..20_000 {
            let length = i32::try_from(bytes.len() + 8).unwrap().to_le_bytes();
            bytes = [&length[..], &[3, b'a', 0], &bytes, &[0]].concat();
        }
        let raw = RawDocumentBuf::from_bytes(bytes).unwrap();
        assert!(matches!(object(&raw), Err(Failure::Protocol { .. })));
    }

    #[test]
    fn a_document_has_an_id_of_its_own_or_gets_one() {
        let (document, id) = with_id(doc! { "_id": "order-7", "a": 1 });
        assert_eq!((document, id.to_json()), (doc! { "_id": "order-7", "a": 1 }, r#""order-7""#.to_owned()));
        let (document, id) = with_id(doc! { "a": 1 });
        assert_eq!(document.keys().collect::<Vec<_>>(), ["_id", "a"]);
        assert_eq!(id.as_str().map(str::to_owned), document.get_object_id("_id").ok().map(ObjectId::to_hex));
    }

    #[test]
    fn operators_are_found_wherever_they_are() {
        for (json, expected) in [
            (r#"{"$gt":""}"#, true),
            (r#"[{"a":{"$ne":null}}]"#, true),
            (r#"{"$oid":"0123456789abcdef01234567","$gt":1}"#, true),
            (r#"{"$oid":"0123456789abcdef01234567"}"#, false),
            (r#"{"a":{"$date":1}}"#, false),
            (r#"{"$regularExpression":{"pattern":"","options":""}}"#, true),
            (r#"[{"a":{"$regularExpression":{"pattern":"","options":""}}}]"#, true),
            (r#""$gt""#, false),
            ("7", false),
        ] {
            assert_eq!(has_operator(&from_json(json).unwrap()), expected, "{json}");
        }
    }
}
