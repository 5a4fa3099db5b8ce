//! Methods of strings that take a pattern.

use std::sync::Arc;

use weft_value::{Text, Value};

use super::regexp::{Match, RegExp, group_value, index_of};
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
    let groups = regexp.groups_value(vm, text, found)?;
    // To tell the index, everything before it is counted.
    vm.budget.walk(found.start / 256)?;
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
        return match regexp.next(vm, text)? {
            Some(found) => match_object(vm, &regexp, text, &found),
            None => Ok(Value::Null),
        };
    }
    regexp.set_last(0);
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
            if separator.is_empty() {
                vm.budget.letters(text.len())?;
                // JavaScript cuts surrogate pairs in two here; UTF-8 cannot hold the halves, so characters stay whole.
                list = text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect();
            } else {
                for piece in text.split(separator.as_str()) {
                    vm.budget.element(list.len(), size_of::<Value>())?;
                    list.push(vm.string(piece)?);
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
        vm.budget.element(list.len(), found.weight())?;
        list.push(vm.string(&text[from..found.start])?);
        for group in found.groups.iter().skip(1) {
            vm.budget.element(list.len(), 0)?;
            list.push(group_value(vm, text, *group)?);
        }
        from = found.end;
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
            if most > 1 {
                regexp.set_last(0);
            }
            (regexp.find_all(vm, text, most)?, Some(regexp.clone()))
        }
        _ => (plain_matches(vm, text, arg(args, 0), most)?, None),
    };
    let mut out = String::new();
    let mut from = 0;
    for found in &matches {
        vm.push(&mut out, &text[from..found.start])?;
        match &replacement {
            Replacement::Text(pattern) => {
                Expansion { text, found, regexp: regexp.as_ref() }.write(vm, pattern, &mut out)?;
            }
            Replacement::Function(function) => {
                let args = callback_args(vm, text, found, regexp.as_ref())?;
                let value = vm.call(function, &args)?;
                vm.append(&mut out, &value)?;
            }
        }
        from = found.end;
        vm.budget.step()?;
    }
    vm.push(&mut out, &text[from..])?;
    vm.string(out)
}

/// The places of a plain text in `text`.
fn plain_matches(vm: &mut Vm<'_>, text: &Text, needle: &Value, most: usize) -> Outcome<Vec<Match>> {
    let needle = vm.text(needle)?;
    let mut matches = Vec::new();
    for (start, piece) in text.match_indices(needle.as_str()).take(most) {
        let end = start + piece.len();
        let found = Match { start, end, groups: vec![Some((start, end))] };
        vm.budget.element(matches.len(), found.weight())?;
        matches.push(found);
    }
    Ok(matches)
}

fn callback_args(vm: &mut Vm<'_>, text: &Text, found: &Match, regexp: Option<&RegExp>) -> Outcome<Vec<Value>> {
    let mut args = RegExp::match_value(vm, text, found)?;
    vm.budget.walk(found.start / 256)?;
    args.push(Value::Number(index_of(text, found)));
    args.push(Value::String(text.clone()));
    if let Some(regexp) = regexp {
        let groups = regexp.groups_value(vm, text, found)?;
        if !groups.is_undefined() {
            args.push(groups);
        }
    }
    Ok(args)
}

/// What a replacement expands for one match. Each piece is paid for before it is copied: a pattern of a million `$&` in a
/// text of a million letters would write a terabyte within a single match.
struct Expansion<'e> {
    text: &'e str,
    found: &'e Match,
    regexp: Option<&'e RegExp>,
}

impl<'e> Expansion<'e> {
    /// `$1`, `$&`, `$<name>` … in a replacement (ECMA-262, `GetSubstitution`).
    fn write(&self, vm: &mut Vm<'_>, pattern: &str, out: &mut String) -> Outcome<()> {
        let mut rest = pattern;
        while let Some(at) = rest.find('$') {
            vm.budget.step()?;
            vm.push(out, &rest[..at])?;
            let after = &rest[at + 1..];
            let (piece, used) = self.piece(vm, after)?.unwrap_or(("$", 0));
            vm.push(out, piece)?;
            rest = &after[used..];
        }
        vm.push(out, rest)
    }

    /// What stands for a `$` and what follows it, and how many bytes that were; nothing where the `$` is itself.
    fn piece(&self, vm: &mut Vm<'_>, after: &str) -> Outcome<Option<(&'e str, usize)>> {
        let Match { start, end, .. } = *self.found;
        Ok(Some(match after.bytes().next() {
            Some(b'$') => ("$", 1),
            Some(b'&') => (&self.text[start..end], 1),
            Some(b'`') => (&self.text[..start], 1),
            Some(b'\'') => (&self.text[end..], 1),
            Some(b'<') => return self.named(vm, after),
            Some(b'0'..=b'9') => return Ok(self.numbered(after)),
            _ => return Ok(None),
        }))
    }

    fn group(&self, index: usize) -> &'e str {
        self.found.groups.get(index).copied().flatten().map_or("", |(start, end)| &self.text[start..end])
    }

    fn numbered(&self, after: &str) -> Option<(&'e str, usize)> {
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        (1..=digits).rev().find_map(|length| {
            let number: usize = after[..length].parse().unwrap_or(0);
            (number > 0 && number < self.found.groups.len()).then(|| (self.group(number), length))
        })
    }

    fn named(&self, vm: &mut Vm<'_>, after: &str) -> Outcome<Option<(&'e str, usize)>> {
        let names = self.regexp.map_or(&[][..], RegExp::names);
        if names.is_empty() {
            return Ok(None);
        }
        let end = after.find('>');
        // A name that never ends is looked for up to the end of the pattern, at each `$<` of it.
        vm.budget.walk(names.len() + end.unwrap_or(after.len()) / 64)?;
        let Some(end) = end else { return Ok(None) };
        let index = names.iter().find(|(_, name)| *name == after[1..end]).map(|(index, _)| *index);
        Ok(Some((index.map_or("", |index| self.group(index)), end + 1)))
    }
}
