//! What expressions have to offer: every global, function and method with an example that is true.
//!
//! The texts beside this file are the one table of it, for the editor's suggestions and for the documentation. An entry is
//! three lines: the signature in the notation of TypeScript, a sentence, and an example with its value as JSON. A test
//! evaluates every example; another one fails where the library knows a function that no entry names.

#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::Serialize;

use crate::library;

/// One global, function or method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What it belongs to: `global`, a type (`string`, `array`, `moment` for what ISO dates, `Date` and `DateTime` share), a
    /// namespace (`Math`, `DateTime`), `node` for `$('Name')` and `$input`, or `class` for what stands after `new`.
    pub receiver: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its name, parameters and type, in the notation of TypeScript.
    pub signature: &'static str,
    /// The type of its value.
    pub returns: &'static str,
    /// Whether it is called.
    pub is_function: bool,
    /// Whether it is ours and not JavaScript's or Luxon's.
    pub is_extension: bool,
    /// What it is for: a sentence.
    pub description: &'static str,
    /// An expression without its brackets.
    pub example: &'static str,
    /// The value of the example as JSON, or `undefined`.
    pub result: &'static str,
}

const TABLES: &[&str] = &[
    include_str!("globals.txt"),
    include_str!("string.txt"),
    include_str!("number.txt"),
    include_str!("array.txt"),
    include_str!("dates.txt"),
    include_str!("collections.txt"),
    include_str!("statics.txt"),
];

/// Everything that expressions have to offer, in the order of the documentation.
pub fn catalogue() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| TABLES.iter().flat_map(|table| entries(table)).collect())
}

fn entries(table: &'static str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut receiver = "";
    let mut lines = table.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("# ") {
            receiver = name;
        } else if !line.is_empty() {
            let description = lines.next().unwrap_or_default().trim_start();
            let (example, result) = lines.next().unwrap_or_default().rsplit_once(" → ").unwrap_or_default();
            entries.push(entry(receiver, line, description, example.trim_start(), result));
        }
    }
    entries
}

fn entry(
    receiver: &'static str,
    signature: &'static str,
    description: &'static str,
    example: &'static str,
    result: &'static str,
) -> Entry {
    let (name, is_function) = match signature.find(['(', ':']) {
        // `$(name)` is called by its sign alone.
        Some(end) => (&signature[..end], signature[end..].starts_with('(')),
        None => (signature, false),
    };
    let returns = match signature.rfind("): ") {
        Some(end) if is_function => &signature[end + 3..],
        _ => signature.split_once(": ").map_or("", |(_, returns)| returns),
    };
    let is_extension = library::is_extension(receiver, name);
    Entry { receiver, name, signature, returns, is_function, is_extension, description, example, result }
}
