//! `JSON` (ECMA-262, section 25.5).

use std::fmt::Write;
use std::rc::Rc;

use indexmap::IndexSet;
use weft_value::{Object, Text, Value, from_json};

use super::{Native, arg};
use crate::convert::number_to_string;
use crate::special::{Special, special};
use crate::stop::{Outcome, throw};
use crate::vm::Vm;

pub(super) static STATICS: &[Native] =
    &[Native { name: "stringify", run: stringify_static }, Native { name: "parse", run: parse_static }];

/// The value of JSON text; broken text is what JavaScript throws at.
pub(super) fn parse(vm: &mut Vm<'_>, text: &str) -> Outcome {
    // A value takes 24 bytes for two bytes of text (`[1,1,1…`); a text, a list or an object takes more, and a bracket or
    // two quotes besides.
    vm.budget.elements(text.len() / 2)?;
    let heavy = text.bytes().filter(|byte| matches!(byte, b'{' | b'[' | b':')).count();
    vm.budget.heavy(heavy)?;
    from_json(text).map_err(|error| throw("SyntaxError", error.to_string()))
}

fn parse_static(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let text = vm.text(arg(args, 0))?;
    let parsed = parse(vm, &text)?;
    if special(arg(args, 1)).is_some_and(Special::is_callable) {
        return revive(vm, "", parsed, arg(args, 1));
    }
    Ok(parsed)
}

fn revive(vm: &mut Vm<'_>, key: &str, value: Value, reviver: &Value) -> Outcome {
    vm.budget.enter()?;
    let value = match value {
        Value::Array(list) => {
            let mut out = Vec::with_capacity(list.len());
            for (index, element) in list.iter().enumerate() {
                out.push(revive(vm, &index.to_string(), element.clone(), reviver)?);
            }
            Value::from(out)
        }
        Value::Object(object) => {
            let mut out = Object::with_capacity(object.len());
            for (key, element) in object.iter() {
                let element = revive(vm, key, element.clone(), reviver)?;
                if !element.is_undefined() {
                    out.insert(key.clone(), element);
                }
            }
            Value::from(out)
        }
        other => other,
    };
    vm.budget.leave();
    vm.call(reviver, &[Value::from(key), value])
}

fn stringify_static(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let indent = match arg(args, 2) {
        Value::Number(width) => " ".repeat(width.clamp(0.0, 10.0) as usize),
        Value::String(text) => text.utf16_slice(0, 10).to_string(),
        _ => String::new(),
    };
    let mut writer = Writer { out: String::new(), indent: &indent, replacer: None, allowed: None };
    match arg(args, 1) {
        Value::Array(names) => {
            let names = names.iter().map(|name| vm.text(name)).collect::<Result<IndexSet<_>, _>>()?;
            writer.allowed = Some(names.into_iter().collect());
        }
        function if special(function).is_some_and(Special::is_callable) => writer.replacer = Some(function),
        _ => {}
    }
    finish(vm, writer, arg(args, 0))
}

/// `JSON.stringify(value)` with an indentation.
pub(super) fn stringify(vm: &mut Vm<'_>, value: &Value, indent: &str) -> Outcome {
    finish(vm, Writer { out: String::new(), indent, replacer: None, allowed: None }, value)
}

/// Appends a block's value to the JSON that it stands in: what only JSON can write as JSON, all else as text.
pub(crate) fn append_to_json(vm: &mut Vm<'_>, to: &mut String, value: &Value) -> Outcome<()> {
    match value {
        Value::Array(_) | Value::Object(_) | Value::DateTime(_) => {
            let json = stringify(vm, value, "")?;
            vm.append(to, &json)
        }
        _ => vm.append(to, value),
    }
}

fn finish(vm: &mut Vm<'_>, mut writer: Writer<'_>, value: &Value) -> Outcome {
    if !writer.value(vm, "", value, 0)? {
        return Ok(Value::Undefined);
    }
    vm.string(writer.out)
}

struct Writer<'a> {
    out: String,
    indent: &'a str,
    replacer: Option<&'a Value>,
    /// The only names of fields that are written, in their order.
    allowed: Option<Rc<[Text]>>,
}

impl Writer<'_> {
    /// Writes `value`; false where it has no JSON form.
    fn value(&mut self, vm: &mut Vm<'_>, key: &str, value: &Value, level: usize) -> Outcome<bool> {
        vm.budget.step()?;
        if self.out.len() > vm.budget.limits().text {
            return Err(crate::Exhausted::Text.into());
        }
        let replaced;
        let mut value = value;
        if let Some(replacer) = self.replacer {
            replaced = vm.call(replacer, &[Value::from(key), value.clone()])?;
            value = &replaced;
        }
        match value {
            Value::Undefined => return Ok(false),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) if number.is_finite() => self.out.push_str(&number_to_string(*number)),
            Value::Null | Value::Number(_) => self.out.push_str("null"),
            Value::String(text) => {
                vm.budget.push(self.out.len(), escaped_len(text))?;
                quote(&mut self.out, text);
            }
            Value::DateTime(moment) => quote(&mut self.out, &moment.to_iso()),
            Value::Array(list) => {
                vm.budget.enter()?;
                self.list(vm, list, level)?;
                vm.budget.leave();
            }
            Value::Object(object) => {
                vm.budget.enter()?;
                self.object(vm, object, level)?;
                vm.budget.leave();
            }
            Value::Opaque(opaque) => match special(value) {
                Some(Special::Date(date)) if date.millis().is_finite() => {
                    quote(&mut self.out, &super::date::to_iso(date.millis()).unwrap_or_default());
                }
                _ => return self.value(vm, key, &opaque.to_plain(), level),
            },
        }
        Ok(true)
    }

    fn list(&mut self, vm: &mut Vm<'_>, list: &[Value], level: usize) -> Outcome<()> {
        if list.is_empty() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.out.push('[');
        for (index, element) in list.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.line(level + 1);
            if !self.value(vm, &index.to_string(), element, level + 1)? {
                self.out.push_str("null");
            }
        }
        self.line(level);
        self.out.push(']');
        Ok(())
    }

    fn object(&mut self, vm: &mut Vm<'_>, object: &Object, level: usize) -> Outcome<()> {
        self.out.push('{');
        let mut written = 0;
        match self.allowed.clone() {
            Some(allowed) => {
                vm.budget.walk(allowed.len())?;
                for key in allowed.iter() {
                    if let Some(element) = object.get(key.as_str()) {
                        written += self.field(vm, (key, element), written, level)?;
                    }
                }
            }
            None => {
                for field in object {
                    written += self.field(vm, field, written, level)?;
                }
            }
        }
        if written > 0 {
            self.line(level);
        }
        self.out.push('}');
        Ok(())
    }

    /// Writes one field behind `written` others; 1, or 0 where its value has no JSON form.
    fn field(&mut self, vm: &mut Vm<'_>, field: (&Text, &Value), written: usize, level: usize) -> Outcome<usize> {
        let (key, element) = field;
        vm.budget.push(self.out.len(), escaped_len(key))?;
        let before = self.out.len();
        if written > 0 {
            self.out.push(',');
        }
        self.line(level + 1);
        quote(&mut self.out, key);
        self.out.push_str(if self.indent.is_empty() { ":" } else { ": " });
        if self.value(vm, key, element, level + 1)? {
            return Ok(1);
        }
        self.out.truncate(before);
        Ok(0)
    }

    fn line(&mut self, level: usize) {
        if !self.indent.is_empty() {
            self.out.push('\n');
            for _ in 0..level {
                self.out.push_str(self.indent);
            }
        }
    }
}

/// The bytes that [`quote`] appends.
fn escaped_len(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum::<usize>() + 2
}

/// Appends `text` as a JSON string.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
