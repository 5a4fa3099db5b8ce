//! Names changed by a pattern, everywhere in an object.

use std::collections::HashMap;

use regex::{Captures, Regex, RegexBuilder};
use weft_value::{Object, Text, Value};

use crate::NodeError;

/// The patterns of a step, compiled once each: an expression mostly gives the same one for every item.
#[derive(Default)]
pub(super) struct Patterns(HashMap<(String, bool), Regex>);

/// The most patterns that are kept.
const MOST_KEPT: usize = 64;

impl Patterns {
    pub fn get(&mut self, source: &str, ignores_case: bool) -> Result<&Regex, NodeError> {
        let key = (source.to_owned(), ignores_case);
        if self.0.len() >= MOST_KEPT && !self.0.contains_key(&key) {
            self.0.clear();
        }
        match self.0.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => Ok(known.into_mut()),
            std::collections::hash_map::Entry::Vacant(place) => Ok(place.insert(compile(source, ignores_case)?)),
        }
    }
}

/// The pattern. The engine is linear in the length of a name, so that no pattern can hold up an execution; it knows neither
/// look-around nor references to groups.
pub(super) fn compile(source: &str, ignores_case: bool) -> Result<Regex, NodeError> {
    RegexBuilder::new(source).case_insensitive(ignores_case).size_limit(1 << 20).build().map_err(|error| {
        NodeError::new("pattern", format!("“{source}” is not a regular expression that can be used here."))
            .describe(error.to_string())
    })
}

/// A pattern and what takes the place of its first match in a name.
pub(super) struct Replacing<'r> {
    pub regex: &'r Regex,
    pub by: &'r str,
}

impl Replacing<'_> {
    /// The object with its names changed, `levels` deep. What was renamed comes last and wins over a field that had the name.
    pub fn in_object(&self, object: &Object, levels: usize) -> Object {
        let mut renamed = Vec::new();
        let mut kept = Vec::with_capacity(object.len());
        for (key, value) in object {
            let value = if levels > 0 { self.in_value(value, levels - 1) } else { value.clone() };
            match self.new_name(key) {
                Some(name) => renamed.push((name, value)),
                None => kept.push((key.clone(), value)),
            }
        }
        kept.into_iter().chain(renamed).collect()
    }

    fn in_value(&self, value: &Value, levels: usize) -> Value {
        match value {
            Value::Object(object) => self.in_object(object, levels).into(),
            Value::Array(array) if levels > 0 => {
                array.iter().map(|entry| self.in_value(entry, levels - 1)).collect::<Vec<_>>().into()
            }
            value => value.clone(),
        }
    }

    /// The name that takes the place of `key`; nothing where it stays.
    fn new_name(&self, key: &str) -> Option<Text> {
        let captures = self.regex.captures(key)?;
        let found = captures.get(0)?;
        let mut name = key[..found.start()].to_owned();
        expand(self.by, &captures, key, &mut name);
        name.push_str(&key[found.end()..]);
        (name != key).then(|| name.into())
    }
}

/// Writes `by` to `out`, with `$1`, `$&`, `$<name>` … for what was found (ECMA-262, `GetSubstitution`).
fn expand(by: &str, captures: &Captures<'_>, text: &str, out: &mut String) {
    let mut rest = by;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (piece, used) = piece(rest, captures, text).unwrap_or(("$", 0));
        out.push_str(piece);
        rest = &rest[used..];
    }
    out.push_str(rest);
}

/// What stands for a `$` and what follows it, and how many bytes that were; nothing where the `$` is itself.
fn piece<'t>(after: &str, captures: &Captures<'t>, text: &'t str) -> Option<(&'t str, usize)> {
    let found = captures.get(0)?;
    match after.bytes().next()? {
        b'$' => Some(("$", 1)),
        b'&' => Some((found.as_str(), 1)),
        b'`' => Some((&text[..found.start()], 1)),
        b'\'' => Some((&text[found.end()..], 1)),
        b'<' => {
            let end = after.find('>')?;
            Some((captures.name(&after[1..end])?.as_str(), end + 1))
        }
        _ => {
            let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
            (1..=digits).rev().find_map(|length| {
                let number: usize = after[..length].parse().ok()?;
                let is_group = number > 0 && number < captures.len();
                is_group.then(|| (captures.get(number).map_or("", |group| group.as_str()), length))
            })
        }
    }
}
