//! Names with values: headers and arguments.

use lapin::types::{AMQPValue, FieldTable, LongString};

use super::{LongName, Name};

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Another number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
}

/// Names with values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(FieldTable);

impl Table {
    /// These; of two of one name, the later one.
    pub fn new(pairs: impl IntoIterator<Item = (String, Scalar)>) -> Result<Self, LongName> {
        let mut table = FieldTable::default();
        for (name, value) in pairs {
            let value = match value {
                Scalar::Text(text) => AMQPValue::LongString(LongString::from(text)),
                Scalar::Whole(number) => AMQPValue::LongLongInt(number),
                Scalar::Number(number) => AMQPValue::Double(number),
                Scalar::Truth(truth) => AMQPValue::Boolean(truth),
            };
            table.insert(Name::new(&name)?.0, value);
        }
        Ok(Self(table))
    }

    pub(super) fn to_fields(&self) -> FieldTable {
        self.0.clone()
    }
}
