//! Values that exist only while an expression is evaluated.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use weft_value::{DateTime, Opaque, OpaqueRef, Text, Value};

use crate::collection::Handle;
use crate::ir::Function;
use crate::library::date::Date;
use crate::library::duration::Duration;
use crate::library::regexp::RegExp;
use crate::library::{MethodSet, Namespace, Native};

/// What an `Intl` object formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Formatter {
    Number,
    Date,
    /// Distances in time.
    Relative,
    /// The forms that numbers take.
    Plural,
    /// The order of texts.
    Order,
    /// Lists as sentences have them.
    List,
}

/// A value that is more than data.
#[derive(Debug)]
pub(crate) enum Special {
    /// A function of the expression's own, with what it took along.
    Closure(Arc<Function>, Box<[Value]>),
    /// A function of the library.
    Native(&'static Native),
    /// A method that was read but not called.
    Method(Value, &'static MethodSet),
    /// What `bind` makes of a function: the function, and its first arguments.
    Bound(Value, Box<[Value]>),
    /// `Math`, `JSON`, `Date` …
    Namespace(Namespace),
    RegExp(RegExp),
    /// What a pattern found: a list with properties.
    Matched {
        list: Arc<Vec<Value>>,
        index: f64,
        input: Text,
        groups: Value,
    },
    Date(Date),
    /// A `DateTime` that could not be made.
    InvalidDateTime,
    Duration(Duration),
    Interval(DateTime, DateTime),
    Set(Handle),
    Map(Handle),
    Error {
        name: &'static str,
        message: Text,
    },
    /// `$input`.
    Input,
    /// `$('Name')`.
    Node(Text),
    /// `$node`, seen from the item in this place.
    NodeMap(usize),
    /// `$node["Name"]`, seen from the item in this place.
    LegacyNode(Text, usize),
    /// `$item(index)`.
    ItemAt(usize),
    /// `$execution.customData`: what the execution is marked with.
    CustomData(Value),
    /// `Intl.NumberFormat` or `Intl.DateTimeFormat` with a locale and options.
    Format(Formatter, Value, Value),
}

impl Special {
    /// Whether it can be called.
    pub(crate) fn is_callable(&self) -> bool {
        match self {
            Self::Closure(..) | Self::Native(_) | Self::Method(..) | Self::Bound(..) => true,
            Self::Namespace(namespace) => namespace.is_constructor(),
            _ => false,
        }
    }
}

impl Opaque for Special {
    fn to_plain(&self) -> Value {
        match self {
            Self::Date(date) => date_time(date.millis(), TimeZone::UTC).map_or(Value::Null, Value::from),
            Self::Duration(duration) if !duration.is_valid() => Value::Null,
            Self::Duration(duration) => Value::from(duration.to_iso()),
            Self::Interval(start, end) => Value::from(format!("{}/{}", start.to_iso(), end.to_iso())),
            Self::InvalidDateTime => Value::Null,
            Self::Matched { list, .. } => Value::Array(Arc::clone(list)),
            Self::Closure(..) | Self::Native(_) | Self::Method(..) | Self::Bound(..) => Value::Undefined,
            Self::RegExp(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Error { .. }
            | Self::Namespace(_)
            | Self::Input
            | Self::Node(_)
            | Self::NodeMap(_)
            | Self::LegacyNode(..)
            | Self::ItemAt(_)
            | Self::Format(..) => Value::empty_object(),
            Self::CustomData(data) => data.clone(),
        }
    }
}

/// The moment `millis` after the epoch in `zone`, where there is one.
pub(crate) fn date_time(millis: f64, zone: TimeZone) -> Option<DateTime> {
    if !millis.is_finite() || millis.abs() > 8.64e15 {
        return None;
    }
    Timestamp::from_duration(SignedDuration::from_millis(millis as i64)).ok().map(|moment| moment.to_zoned(zone).into())
}

/// Wraps a special value.
pub(crate) fn wrap(special: Special) -> Value {
    Value::Opaque(OpaqueRef::new(special))
}

/// The special value, where `value` is one.
#[inline]
pub(crate) fn special(value: &Value) -> Option<&Special> {
    if let Value::Opaque(opaque) = value { opaque.downcast() } else { None }
}
