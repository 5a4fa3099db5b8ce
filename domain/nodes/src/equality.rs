//! Values as keys of maps: equal where they hold the same data, however deep.

use std::hash::{Hash, Hasher};

use weft_value::{Object, Value};

/// A value that equals another one with the same data. Unlike `==`, a field that is `undefined` is as good as none, `NaN`
/// equals itself and two moments are equal where they are the same instant.
#[derive(Clone, Copy, Debug)]
pub struct ByValue<'v>(pub &'v Value);

impl Eq for ByValue<'_> {}

impl PartialEq for ByValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Value::Number(a), Value::Number(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Value::DateTime(a), Value::DateTime(b)) => a.zoned() == b.zoned(),
            (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().map(ByValue).eq(b.iter().map(ByValue)),
            (Value::Object(a), Value::Object(b)) => same_fields(a, b),
            (a, b) => a == b,
        }
    }
}

fn fields(object: &Object) -> impl Iterator<Item = (&str, &Value)> {
    object.iter().filter(|(_, value)| !value.is_undefined()).map(|(key, value)| (key.as_str(), value))
}

fn same_fields(a: &Object, b: &Object) -> bool {
    let is_in_b = |(key, value): (&str, &Value)| b.get(key).is_some_and(|other| ByValue(value) == ByValue(other));
    fields(a).count() == fields(b).count() && fields(a).all(is_in_b)
}

impl Hash for ByValue<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self.0).hash(state);
        match self.0 {
            // An opaque value is equal to itself alone; its place in memory is not for us to know.
            Value::Undefined | Value::Null | Value::Opaque(_) => {}
            Value::Bool(truth) => truth.hash(state),
            Value::Number(number) => canonical(*number).to_bits().hash(state),
            Value::String(text) => text.hash(state),
            Value::DateTime(moment) => moment.zoned().timestamp().hash(state),
            Value::Array(array) => {
                array.len().hash(state);
                array.iter().for_each(|value| ByValue(value).hash(state));
            }
            Value::Object(object) => {
                // Objects are equal in whatever order their keys were set.
                let mut fields: Vec<_> = fields(object).collect();
                fields.sort_unstable_by_key(|(key, _)| *key);
                fields.len().hash(state);
                for (key, value) in fields {
                    key.hash(state);
                    ByValue(value).hash(state);
                }
            }
        }
    }
}

/// One `NaN` and one zero.
fn canonical(number: f64) -> f64 {
    if number.is_nan() {
        f64::NAN
    } else if number == 0.0 {
        0.0
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use weft_value::from_json;

    use super::*;

    #[test]
    fn the_same_data_is_one_key() {
        let values: Vec<Value> = [
            r#"{"a":[1,{"b":"x"}],"c":null}"#,
            r#"{"c":null,"a":[1,{"b":"x"}]}"#,
            r#"{"a":[1,{"b":"y"}],"c":null}"#,
            r#"{"a":[1,{"b":"x"}]}"#,
            "1",
            "1.0",
            r#""1""#,
            "true",
            "[]",
            "{}",
            "0",
            "-0.0",
            "null",
        ]
        .iter()
        .map(|json| from_json(json).unwrap())
        .chain([Value::Number(f64::NAN), Value::Number(-f64::NAN), Value::Undefined])
        .chain([Value::from([("gone", Value::Undefined)].into_iter().collect::<Object>())])
        .collect();
        let distinct: HashSet<ByValue<'_>> = values.iter().map(ByValue).collect();
        assert_eq!(distinct.len(), 12);
    }
}
