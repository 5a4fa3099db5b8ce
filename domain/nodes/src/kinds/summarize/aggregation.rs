//! What is made of the values of one field.

use std::collections::HashSet;

use serde::Deserialize;
use weft_value::{Item, Value};

use super::{Options, shown};
use crate::coercion::to_number;
use crate::{ByValue, Field, NodeError, Path, Step};

/// An entry of the form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Aggregation {
    #[serde(default, rename = "aggregation")]
    operation: Operation,
    field: Field,
    #[serde(default)]
    include_empty: bool,
    #[serde(default)]
    separate_by: Option<String>,
    #[serde(default)]
    custom_separator: Field,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Append,
    Average,
    Concatenate,
    #[default]
    Count,
    CountUnique,
    Max,
    Min,
    Sum,
}

impl Operation {
    fn prefix(self) -> &'static str {
        match self {
            Self::Append => "appended",
            Self::Average => "average",
            Self::Concatenate => "concatenated",
            Self::Count => "count",
            Self::CountUnique => "unique_count",
            Self::Max => "max",
            Self::Min => "min",
            Self::Sum => "sum",
        }
    }
}

/// An entry, resolved.
pub(super) struct Entry {
    pub path: Path,
    name: String,
    operation: Operation,
    include_empty: bool,
    compares_numbers: bool,
    separator: String,
}

/// The name of a field within the name of a result: brackets and quotes go, blanks and dots become `_`.
pub(super) fn field_name(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '[' | ']' | '"'))
        .map(|c| if matches!(c, ' ' | '.') { '_' } else { c })
        .collect()
}

impl Aggregation {
    pub fn resolve(&self, step: &dyn Step, options: &Options) -> Result<Entry, NodeError> {
        let name = self.field.text(step, 0)?;
        let separator = match self.separate_by.as_deref() {
            None => ",".to_owned(),
            Some("other") => self.custom_separator.text(step, 0)?.to_string(),
            Some(separator) => separator.to_owned(),
        };
        Ok(Entry {
            path: Path::new(&name, options.dots),
            name: format!("{}_{}", self.operation.prefix(), field_name(&name)),
            operation: self.operation,
            include_empty: self.include_empty,
            compares_numbers: options.compares_numbers,
            separator,
        })
    }
}

impl Entry {
    /// The name of the result and the result over the items of `group`.
    pub fn result(&self, items: &[Item], group: &[usize]) -> (&str, Value) {
        let values = group.iter().map(|member| self.path.get(&items[*member].json));
        let counted = values.clone().filter(|value| self.include_empty || !is_empty(value));
        let numbers = || values.clone().filter_map(Value::as_f64);
        let is_compared =
            |value: &&Value| if self.compares_numbers { value.as_f64().is_some() } else { !is_empty(value) };
        let present = || values.clone().filter(is_compared);
        let result = match self.operation {
            Operation::Append => {
                let or_null = |value: &Value| if value.is_undefined() { Value::Null } else { value.clone() };
                counted.map(or_null).collect::<Vec<_>>().into()
            }
            Operation::Concatenate => counted.map(shown).collect::<Vec<_>>().join(&self.separator).into(),
            Operation::Count => Value::Number(counted.count() as f64),
            Operation::CountUnique => Value::Number(counted.map(ByValue).collect::<HashSet<_>>().len() as f64),
            // The sum of nothing is -0 in Rust.
            Operation::Sum => Value::Number(0.0 + numbers().sum::<f64>()),
            Operation::Average => match numbers().count() {
                0 => Value::Null,
                count => Value::Number(numbers().sum::<f64>() / count as f64),
            },
            Operation::Max => best(present(), |value, best| is_less(best, value)),
            Operation::Min => best(present(), is_less),
        };
        (&self.name, result)
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_nullish() || value.as_str() == Some("")
}

/// The first value that none is better than; nothing where there is none.
fn best<'v>(values: impl Iterator<Item = &'v Value>, is_better: impl Fn(&Value, &Value) -> bool) -> Value {
    values.reduce(|best, value| if is_better(value, best) { value } else { best }).cloned().unwrap_or(Value::Null)
}

/// JavaScript's `<`: texts by their letters, everything else as numbers.
fn is_less(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a < b,
        (a, b) => to_number(a).zip(to_number(b)).is_some_and(|(a, b)| a < b),
    }
}
