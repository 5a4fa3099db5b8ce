//! Methods of strings that take a pattern.

use std::sync::Arc;

use weft_value::{Text, Value};

use super::regexp::{Match, RegExp, index_of};
use super::{Table, arg};
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

pub(super) const METHODS: Table<Text> = &[
    ("match", match_),
    ("matchAll", match_all),
    ("search", search),
    ("split", split),
    ("replace", |vm, text, args| replace(vm, text, args, 1)),
    ("replaceAll", |vm, text, args| replace(vm, text, args, usize::MAX)),
];

/// A match with its `index`, `input` and `groups`.
pub(super) fn match_object(vm: &mut Vm<'_>, regexp: &RegExp, text: &Text, found: &Match) -> Outcome {
    let list = Arc::new(RegExp::match_value(vm, text, found)?);
    let groups = regexp.groups_value(text, found);
    Ok(wrap(Special::Matched { list, index: index_of(text, found), input: text.clone(), groups }))
}

/// The argument as a pattern; text is one too.
fn pattern(vm: &mut Vm<'_>, value: &Value, flags: &str) -> Outcome<RegExp> {
    if let Some(Special::RegExp(regexp)) = special(value) {
        return Ok(regexp.clone());
    }
    let source = if value.is_undefined() { Text::from("") } else { vm.text(value)? };
    RegExp::new(&source, flags).map_err(|reason| crate::stop::throw("SyntaxError", reason))
}

fn match_(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let regexp = pattern(vm, arg(args, 0), "")?;
    if !regexp.has('g') {
        return match regexp.find(vm, text, 0)? {
            Some(found) => match_object(vm, &regexp, text, &found),
            None => Ok(Value::Null),
        };
    }
    let all = regexp.find_all(vm, text, usize::MAX)?;
    if all.is_empty() {
        return Ok(Value::Null);
    }
    let mut list = Vec::with_capacity(all.len());
    for found in &all {
        list.push(vm.string(&text[found.start..found.end])?);
    }
    vm.list(list)
}

fn match_all(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let regexp = pattern(vm, arg(args, 0), "g")?;
    if !regexp.has('g') {
        return Err(type_error("matchAll() needs a pattern with the flag g"));
    }
    let all = regexp.find_all(vm, text, usize::MAX)?;
    let mut list = Vec::with_capacity(all.len());
    for found in &all {
        list.push(match_object(vm, &regexp, text, found)?);
    }
    vm.list(list)
}

fn search(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let regexp = pattern(vm, arg(args, 0), "")?;
    let found = regexp.find(vm, text, 0)?;
    Ok(Value::Number(found.map_or(-1.0, |found| index_of(text, &found))))
}

fn split(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let limit = match arg(args, 1) {
        Value::Undefined => usize::MAX,
        limit => vm.number(limit)?.max(0.0) as usize,
    };
    let mut list = Vec::new();
    match (arg(args, 0), special(arg(args, 0))) {
        (Value::Undefined, _) => list.push(Value::String(text.clone())),
        (_, Some(Special::RegExp(regexp))) => list = split_by_pattern(vm, text, &regexp.clone())?,
        (separator, _) => {
            let separator = vm.text(separator)?;
            vm.budget.scan(text.len())?;
            if separator.is_empty() {
                vm.budget.elements(text.len())?;
                // JavaScript cuts surrogate pairs in two here; UTF-8 cannot hold the halves, so characters stay whole.
                list = text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect();
            } else {
                for piece in text.split(separator.as_str()) {
                    list.push(vm.string(piece)?);
                    vm.budget.step()?;
                }
            }
        }
    }
    list.truncate(limit);
    vm.list(list)
}

fn split_by_pattern(vm: &mut Vm<'_>, text: &Text, regexp: &RegExp) -> Outcome<Vec<Value>> {
    let mut list = Vec::new();
    let mut from = 0;
    for found in regexp.find_all(vm, text, usize::MAX)? {
        // An empty match splits only between two characters.
        if found.start == found.end && (found.start == from || found.start == text.len()) {
            continue;
        }
        list.push(vm.string(&text[from..found.start])?);
        for group in found.groups.iter().skip(1) {
            list.push(group.map_or(Value::Undefined, |(start, end)| Value::from(&text[start..end])));
        }
        from = found.end;
        vm.budget.elements(list.len() / 64 + 1)?;
    }
    if !(text.is_empty() && regexp.find(vm, text, 0)?.is_some()) {
        list.push(vm.string(&text[from..])?);
    }
    Ok(list)
}

/// What takes the place of a match.
enum Replacement {
    Text(Text),
    Function(Value),
}

fn replace(vm: &mut Vm<'_>, text: &Text, args: &[Value], most: usize) -> Outcome {
    let replacement = match special(arg(args, 1)) {
        Some(special) if special.is_callable() => Replacement::Function(arg(args, 1).clone()),
        _ => Replacement::Text(vm.text(arg(args, 1))?),
    };
    let (matches, regexp) = match special(arg(args, 0)) {
        Some(Special::RegExp(regexp)) => {
            let most = if regexp.has('g') { usize::MAX } else { 1 };
            (regexp.find_all(vm, text, most)?, Some(regexp.clone()))
        }
        _ => (plain_matches(vm, text, arg(args, 0), most)?, None),
    };
    let mut out = String::new();
    let mut from = 0;
    for found in &matches {
        out.push_str(&text[from..found.start]);
        match &replacement {
            Replacement::Text(pattern) => expand(pattern, text, found, regexp.as_ref(), &mut out),
            Replacement::Function(function) => {
                let args = callback_args(text, found, regexp.as_ref());
                let value = vm.call(function, &args)?;
                vm.append(&mut out, &value)?;
            }
        }
        from = found.end;
        vm.budget.step()?;
        if out.len() > vm.budget.limits().text {
            return Err(crate::Exhausted::Text.into());
        }
    }
    out.push_str(&text[from..]);
    vm.string(out)
}

/// The places of a plain text in `text`.
fn plain_matches(vm: &mut Vm<'_>, text: &Text, needle: &Value, most: usize) -> Outcome<Vec<Match>> {
    let needle = vm.text(needle)?;
    vm.budget.scan(text.len())?;
    let mut matches = Vec::new();
    for (start, piece) in text.match_indices(needle.as_str()).take(most) {
        let end = start + piece.len();
        matches.push(Match { start, end, groups: vec![Some((start, end))] });
        vm.budget.elements(1)?;
    }
    Ok(matches)
}

fn callback_args(text: &Text, found: &Match, regexp: Option<&RegExp>) -> Vec<Value> {
    let group =
        |group: &Option<(usize, usize)>| group.map_or(Value::Undefined, |(start, end)| Value::from(&text[start..end]));
    let mut args: Vec<Value> = found.groups.iter().map(group).collect();
    args.push(Value::Number(index_of(text, found)));
    args.push(Value::String(text.clone()));
    if let Some(groups) = regexp.map(|regexp| regexp.groups_value(text, found)).filter(|groups| !groups.is_undefined())
    {
        args.push(groups);
    }
    args
}

/// `$1`, `$&`, `$<name>` … in a replacement (ECMA-262, `GetSubstitution`).
fn expand(pattern: &str, text: &str, found: &Match, regexp: Option<&RegExp>, out: &mut String) {
    let mut rest = pattern;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let used = expand_one(after, text, found, regexp, out);
        if used == 0 {
            out.push('$');
        }
        rest = &after[used..];
    }
    out.push_str(rest);
}

/// Expands what follows a `$`; gives how many bytes of it were used.
fn expand_one(after: &str, text: &str, found: &Match, regexp: Option<&RegExp>, out: &mut String) -> usize {
    match after.bytes().next() {
        Some(b'$') => out.push('$'),
        Some(b'&') => out.push_str(&text[found.start..found.end]),
        Some(b'`') => out.push_str(&text[..found.start]),
        Some(b'\'') => out.push_str(&text[found.end..]),
        Some(b'<') => return expand_name(after, text, found, regexp, out),
        Some(b'0'..=b'9') => return expand_number(after, text, found, out),
        _ => return 0,
    }
    1
}

fn expand_number(after: &str, text: &str, found: &Match, out: &mut String) -> usize {
    let groups = found.groups.len();
    let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
    for length in (1..=digits).rev() {
        let number: usize = after[..length].parse().unwrap_or(0);
        if number > 0 && number < groups {
            if let Some((start, end)) = found.groups[number] {
                out.push_str(&text[start..end]);
            }
            return length;
        }
    }
    0
}

fn expand_name(after: &str, text: &str, found: &Match, regexp: Option<&RegExp>, out: &mut String) -> usize {
    let names = regexp.map_or(&[][..], RegExp::names);
    let Some(end) = after.find('>').filter(|_| !names.is_empty()) else { return 0 };
    let group = names.iter().find(|(_, name)| *name == after[1..end]).and_then(|(index, _)| found.groups.get(*index));
    if let Some(Some((start, end))) = group {
        out.push_str(&text[*start..*end]);
    }
    end + 1
}
