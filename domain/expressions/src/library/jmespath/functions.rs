//! The functions of `JMESPath`.

use std::cmp::Ordering;

use weft_value::{Object, Value};

use super::super::json;
use super::parse::Node;
use super::{deeply_equal, find};
use crate::convert::{number_to_string, text_to_number};
use crate::stop::{Outcome, Stop, misuse};
use crate::vm::{Vm, utf16_order};

/// How many arguments every function takes.
const FUNCTIONS: &[(&str, usize, usize)] = &[
    ("abs", 1, 1),
    ("avg", 1, 1),
    ("ceil", 1, 1),
    ("contains", 2, 2),
    ("ends_with", 2, 2),
    ("floor", 1, 1),
    ("join", 2, 2),
    ("keys", 1, 1),
    ("length", 1, 1),
    ("map", 2, 2),
    ("max", 1, 1),
    ("max_by", 2, 2),
    ("merge", 1, usize::MAX),
    ("min", 1, 1),
    ("min_by", 2, 2),
    ("not_null", 1, usize::MAX),
    ("reverse", 1, 1),
    ("sort", 1, 1),
    ("sort_by", 2, 2),
    ("starts_with", 2, 2),
    ("sum", 1, 1),
    ("to_array", 1, 1),
    ("to_number", 1, 1),
    ("to_string", 1, 1),
    ("type", 1, 1),
    ("values", 1, 1),
];

/// Calls the function `name` with `args`, which are evaluated within `value`.
pub(super) fn call(vm: &mut Vm<'_>, name: &str, args: &[Node], value: &Value) -> Outcome {
    let Some((_, least, most)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        let known: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
        return Err(misuse(format!("JMESPath has no function {name}(). It has {}.", known.join(", "))));
    };
    if !(*least..=*most).contains(&args.len()) {
        return Err(misuse(format!("The JMESPath function {name}() takes {least} arguments, not {}.", args.len())));
    }
    match (name, args) {
        ("map", [Node::Reference(each), list]) => {
            let list = find(vm, list, value)?;
            let mut out = Vec::new();
            for element in self::list(name, &list)? {
                out.push(find(vm, each, element)?);
            }
            vm.list(out)
        }
        ("sort_by" | "max_by" | "min_by", [list, Node::Reference(key)]) => {
            let list = find(vm, list, value)?;
            by(vm, name, self::list(name, &list)?, key)
        }
        ("map" | "sort_by" | "max_by" | "min_by", _) => {
            Err(misuse(format!("The JMESPath function {name}() needs an expression that begins with &.")))
        }
        _ => {
            let mut values = Vec::with_capacity(args.len());
            for arg in args {
                values.push(find(vm, arg, value)?);
            }
            plain(vm, name, &values)
        }
    }
}

fn wrong(name: &str, needs: &str) -> Stop {
    misuse(format!("The JMESPath function {name}() needs {needs}."))
}

fn list<'v>(name: &str, value: &'v Value) -> Outcome<&'v [Value]> {
    value.as_array().ok_or_else(|| wrong(name, "a list"))
}

fn number(name: &str, value: &Value) -> Outcome<f64> {
    value.as_f64().ok_or_else(|| wrong(name, "a number"))
}

fn text<'v>(name: &str, value: &'v Value) -> Outcome<&'v str> {
    value.as_str().ok_or_else(|| wrong(name, "text"))
}

fn plain(vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Outcome {
    let (first, second) = (super::arg(args, 0), super::arg(args, 1));
    vm.budget.walk(first.as_array().map_or(0, <[Value]>::len))?;
    vm.budget.scan(first.as_str().map_or(0, str::len))?;
    Ok(match name {
        "abs" => Value::Number(number(name, first)?.abs()),
        "ceil" => Value::Number(number(name, first)?.ceil()),
        "floor" => Value::Number(number(name, first)?.floor()),
        "sum" => Value::Number(numbers(name, first)?.iter().sum()),
        "avg" => match numbers(name, first)?.as_slice() {
            [] => Value::Null,
            all => Value::Number(all.iter().sum::<f64>() / all.len() as f64),
        },
        "contains" => Value::Bool(contains(vm, first, second)?),
        "starts_with" => Value::Bool(text(name, first)?.starts_with(text(name, second)?)),
        "ends_with" => Value::Bool(text(name, first)?.ends_with(text(name, second)?)),
        "join" => {
            let separator = text(name, first)?;
            let parts = list(name, second)?;
            if parts.iter().any(|part| part.as_str().is_none()) {
                return Err(wrong(name, "a list of texts"));
            }
            let mut joined = String::new();
            vm.append_joined(&mut joined, parts, separator)?;
            vm.string(joined)?
        }
        "keys" | "values" => {
            let object = first.as_object().ok_or_else(|| wrong(name, "an object"))?;
            let keys = name == "keys";
            let entry = |(key, value): (&weft_value::Text, &Value)| {
                if keys { Value::String(key.clone()) } else { value.clone() }
            };
            vm.list(object.iter().map(entry).collect())?
        }
        "length" => Value::Number(match first {
            Value::String(text) => text.chars().count() as f64,
            Value::Object(object) => object.len() as f64,
            _ => list(name, first).map_err(|_| wrong(name, "text, a list or an object"))?.len() as f64,
        }),
        "max" => extreme(vm, name, first, Ordering::Greater)?,
        "min" => extreme(vm, name, first, Ordering::Less)?,
        "merge" => {
            let mut merged = Object::new();
            for object in args {
                if object.as_object().is_none() {
                    return Err(wrong(name, "objects"));
                }
                vm.spread_into(&mut merged, object)?;
            }
            Value::from(merged)
        }
        "not_null" => args.iter().find(|value| !value.is_nullish()).cloned().unwrap_or(Value::Null),
        "reverse" => match first {
            Value::String(text) => vm.string(text.chars().rev().collect::<String>())?,
            _ => vm.list(list(name, first)?.iter().rev().cloned().collect())?,
        },
        "sort" => sorted(vm, name, list(name, first)?.iter().map(|each| (each.clone(), each.clone())).collect())?,
        "to_array" => match first {
            Value::Array(_) => first.clone(),
            _ => vm.list(vec![first.clone()])?,
        },
        "to_number" => match first {
            Value::Number(_) => first.clone(),
            Value::String(text) if !text.trim().is_empty() => {
                Some(text_to_number(text)).filter(|number| !number.is_nan()).map_or(Value::Null, Value::Number)
            }
            _ => Value::Null,
        },
        "to_string" => match first {
            Value::String(_) => first.clone(),
            Value::Number(number) => Value::from(number_to_string(*number)),
            _ => json::stringify(vm, first, "")?,
        },
        // `type` is what is left of the table.
        _ => Value::from(kind(first)),
    })
}

fn contains(vm: &mut Vm<'_>, whole: &Value, part: &Value) -> Outcome<bool> {
    if let Value::String(whole) = whole {
        return Ok(part.as_str().is_some_and(|part| whole.contains(part)));
    }
    for element in list("contains", whole)? {
        if deeply_equal(vm, element, part)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Undefined | Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) | Value::DateTime(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) | Value::Opaque(_) => "object",
    }
}

fn numbers(name: &str, value: &Value) -> Outcome<Vec<f64>> {
    let number = |element: &Value| element.as_f64().ok_or_else(|| wrong(name, "a list of numbers"));
    list(name, value)?.iter().map(number).collect()
}

/// The order of two keys; both are numbers, or both are texts.
fn order(name: &str, a: &Value, b: &Value) -> Outcome<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Ok(a.total_cmp(b)),
        (Value::String(a), Value::String(b)) => Ok(utf16_order(a, b)),
        _ => Err(wrong(name, "numbers alone or texts alone")),
    }
}

fn extreme(vm: &mut Vm<'_>, name: &str, value: &Value, wanted: Ordering) -> Outcome {
    let list = list(name, value)?;
    best(vm, name, list.iter().map(|each| (each.clone(), each.clone())).collect(), wanted)
}

fn best(vm: &mut Vm<'_>, name: &str, keyed: Vec<(Value, Value)>, wanted: Ordering) -> Outcome {
    vm.budget.walk(keyed.len())?;
    let mut keyed = keyed.into_iter();
    let Some(mut best) = keyed.next() else { return Ok(Value::Null) };
    for next in keyed {
        if order(name, &next.0, &best.0)? == wanted {
            best = next;
        }
    }
    Ok(best.1)
}

fn by(vm: &mut Vm<'_>, name: &str, list: &[Value], key: &Node) -> Outcome {
    vm.budget.elements(list.len())?;
    let mut keyed = Vec::with_capacity(list.len());
    for element in list {
        keyed.push((find(vm, key, element)?, element.clone()));
    }
    match name {
        "sort_by" => sorted(vm, name, keyed),
        "max_by" => best(vm, name, keyed, Ordering::Greater),
        _ => best(vm, name, keyed, Ordering::Less),
    }
}

fn sorted(vm: &mut Vm<'_>, name: &str, mut keyed: Vec<(Value, Value)>) -> Outcome {
    vm.budget.walk(keyed.len().saturating_mul(8))?;
    // All keys are of one kind, which is seen beforehand, so that the order below cannot fail.
    if let Some((first, _)) = keyed.first() {
        for (key, _) in &keyed {
            order(name, first, key)?;
            vm.budget.scan(key.as_str().map_or(0, |text| text.len().saturating_mul(8)))?;
        }
    }
    keyed.sort_by(|(a, _), (b, _)| order(name, a, b).unwrap_or(Ordering::Equal));
    vm.list(keyed.into_iter().map(|(_, element)| element).collect())
}
