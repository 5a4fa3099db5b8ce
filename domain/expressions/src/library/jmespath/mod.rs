//! `JMESPath`, a query language for data (<https://jmespath.org/specification.html>), evaluated over our own values so that
//! a query counts against the budget of its expression and nothing is converted on the way.

mod functions;
mod parse;

use weft_value::{Object, Text, Value};

use super::arg;
use super::equality::deeply_equal;
use crate::convert::type_of;
use crate::stop::{Outcome, misuse, refused};
use crate::vm::Vm;
use parse::{Compare, Node, Slice};

/// `$jmespath(data, query)`.
pub(super) fn search(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (data, query) = match args {
        [data @ (Value::Object(_) | Value::Array(_)), Value::String(query), ..] => (data, query),
        [Value::Object(_) | Value::Array(_), ..] => {
            return Err(misuse("$jmespath() needs a query as its second argument: $jmespath(data, 'people[0].name')."));
        }
        _ => {
            let kind = type_of(arg(args, 0));
            return Err(misuse(format!("$jmespath() searches an object or a list, but this is {kind}.")));
        }
    };
    vm.budget.scan(query.len())?;
    let node = parse::parse(query).map_err(|fault| match fault {
        parse::Fault::Refused(name) => refused(&name),
        parse::Fault::Syntax(sentence) => misuse(format!("The JMESPath query cannot be understood: {sentence}")),
    })?;
    find(vm, &node, data)
}

/// What `node` finds in `value`. Nothing is `null`, as in the specification.
fn find(vm: &mut Vm<'_>, node: &Node, value: &Value) -> Outcome {
    vm.budget.enter()?;
    let found = match node {
        Node::Current => value.clone(),
        Node::Field(name) => field(value, name),
        Node::Index(index) => element(value, *index),
        Node::Slice(slice) => cut(vm, value, slice)?,
        Node::Literal(literal) => literal.clone(),
        Node::Then(first, second) => {
            let value = find(vm, first, value)?;
            find(vm, second, &value)?
        }
        Node::Project(list, each) => match find(vm, list, value)? {
            Value::Array(list) => project(vm, list.iter(), None, each)?,
            _ => Value::Null,
        },
        Node::ProjectValues(object, each) => match find(vm, object, value)? {
            Value::Object(object) => project(vm, object.values(), None, each)?,
            _ => Value::Null,
        },
        Node::Filter { list, condition, each } => match find(vm, list, value)? {
            Value::Array(list) => project(vm, list.iter(), Some(condition), each)?,
            _ => Value::Null,
        },
        Node::Flatten(list) => match find(vm, list, value)? {
            Value::Array(list) => flatten(vm, &list)?,
            _ => Value::Null,
        },
        Node::Or(first, second) => match find(vm, first, value)? {
            found if holds(&found) => found,
            _ => find(vm, second, value)?,
        },
        Node::And(first, second) => match find(vm, first, value)? {
            found if holds(&found) => find(vm, second, value)?,
            found => found,
        },
        Node::Not(inner) => Value::Bool(!holds(&find(vm, inner, value)?)),
        Node::Compare(compare, first, second) => {
            let (first, second) = (find(vm, first, value)?, find(vm, second, value)?);
            compared(vm, *compare, &first, &second)?
        }
        Node::List(_) | Node::Hash(_) if value.is_nullish() => Value::Null,
        Node::List(nodes) => {
            let mut list = Vec::with_capacity(nodes.len());
            for node in nodes {
                list.push(find(vm, node, value)?);
            }
            vm.list(list)?
        }
        Node::Hash(entries) => {
            vm.budget.entries(entries.len())?;
            let mut object = Object::with_capacity(entries.len());
            for (name, node) in entries {
                object.insert(name.clone(), find(vm, node, value)?);
            }
            Value::from(object)
        }
        Node::Call(name, args) => functions::call(vm, name, args, value)?,
        Node::Reference(_) => return Err(misuse("A JMESPath expression after & can only be given to a function.")),
    };
    vm.budget.leave();
    Ok(if found.is_undefined() { Value::Null } else { found })
}

fn field(value: &Value, name: &Text) -> Value {
    value.as_object().and_then(|object| object.get(name)).cloned().unwrap_or(Value::Null)
}

fn element(value: &Value, index: i64) -> Value {
    let Value::Array(list) = value else { return Value::Null };
    let place = if index < 0 { list.len() as i64 + index } else { index };
    usize::try_from(place).ok().and_then(|place| list.get(place)).cloned().unwrap_or(Value::Null)
}

fn cut(vm: &mut Vm<'_>, value: &Value, slice: &Slice) -> Outcome {
    let Value::Array(list) = value else { return Ok(Value::Null) };
    let length = list.len() as i64;
    let step = slice.step.unwrap_or(1);
    if step == 0 {
        return Err(misuse("The step of a JMESPath slice cannot be 0."));
    }
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |given: Option<i64>, default: i64| {
        given.map_or(default, |at| if at < 0 { at.saturating_add(length) } else { at }.clamp(least, most))
    };
    let (from, to) = if step > 0 { (0, length) } else { (length - 1, -1) };
    let (mut at, end) = (place(slice.from, from), place(slice.to, to));
    let mut out = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        vm.budget.step()?;
        out.extend(usize::try_from(at).ok().and_then(|at| list.get(at)).cloned());
        at = at.saturating_add(step);
    }
    vm.list(out)
}

/// What `each` finds in every one of `values` for which `condition` holds; what is not found is left out.
fn project<'v>(
    vm: &mut Vm<'_>,
    values: impl Iterator<Item = &'v Value>,
    condition: Option<&Node>,
    each: &Node,
) -> Outcome {
    let mut out = Vec::new();
    for value in values {
        vm.budget.step()?;
        if let Some(condition) = condition
            && !holds(&find(vm, condition, value)?)
        {
            continue;
        }
        let found = find(vm, each, value)?;
        if !found.is_nullish() {
            out.push(found);
        }
    }
    vm.list(out)
}

fn flatten(vm: &mut Vm<'_>, list: &[Value]) -> Outcome {
    let mut out = Vec::new();
    for element in list {
        vm.budget.step()?;
        match element {
            Value::Array(inner) => {
                vm.budget.elements(out.len() + inner.len())?;
                out.extend(inner.iter().cloned());
            }
            other => out.push(other.clone()),
        }
    }
    vm.list(out)
}

/// Truth in `JMESPath`: everything but `null`, `false` and what is empty; 0 is true.
fn holds(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::DateTime(_) | Value::Opaque(_) => true,
    }
}

fn compared(vm: &mut Vm<'_>, compare: Compare, a: &Value, b: &Value) -> Outcome {
    let holds = match (compare, a, b) {
        (Compare::Equal, ..) => deeply_equal(vm, a, b)?,
        (Compare::NotEqual, ..) => !deeply_equal(vm, a, b)?,
        (Compare::Less, Value::Number(a), Value::Number(b)) => a < b,
        (Compare::LessEqual, Value::Number(a), Value::Number(b)) => a <= b,
        (Compare::Greater, Value::Number(a), Value::Number(b)) => a > b,
        (Compare::GreaterEqual, Value::Number(a), Value::Number(b)) => a >= b,
        // Only numbers have an order.
        _ => return Ok(Value::Null),
    };
    Ok(Value::Bool(holds))
}
