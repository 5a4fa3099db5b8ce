//! Objects as JavaScript writes them, `{a: 'b', c: [1, 2,]}`, as JSON.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::CharIndices;

/// The text as JSON: keys get quotes, single quotes become double ones, commas before a bracket go. `None` where a word stands
/// for a value that is not `true`, `false` or `null`; all else that is wrong is left for the reader of JSON to find.
pub(super) fn to_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => copy_quoted(text, at, &mut rest, &mut json)?,
            '\'' => requote(&mut rest, &mut json)?,
            ',' if matches!(next_sign(text, at + 1), Some('}' | ']')) => {}
            c if is_of_word(c) => {
                while rest.next_if(|(_, c)| is_of_word(*c)).is_some() {}
                let end = rest.peek().map_or(text.len(), |(next, _)| *next);
                word(text, &text[at..end], end, &mut json)?;
            }
            c => json.push(c),
        }
    }
    Some(json)
}

/// Letters and digits, and what numbers are made of besides.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '+' | '-' | '.')
}

fn word(text: &str, word: &str, end: usize, json: &mut String) -> Option<()> {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    if next_sign(text, end) == Some(':') {
        // Letters, digits, `_`, `$`: nothing that JSON would have to escape.
        write!(json, "\"{word}\"").ok()
    } else if is_number || matches!(word, "true" | "false" | "null") {
        json.push_str(word);
        Some(())
    } else {
        None
    }
}

/// The first sign from byte `from` on that is no white space.
fn next_sign(text: &str, from: usize) -> Option<char> {
    text.get(from..)?.chars().find(|c| !c.is_whitespace())
}

fn copy_quoted(text: &str, start: usize, rest: &mut Peekable<CharIndices<'_>>, json: &mut String) -> Option<()> {
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => drop(rest.next()?),
            '"' => {
                json.push_str(&text[start..=at]);
                return Some(());
            }
            _ => {}
        }
    }
    None
}

fn requote(rest: &mut Peekable<CharIndices<'_>>, json: &mut String) -> Option<()> {
    json.push('"');
    while let Some((_, c)) = rest.next() {
        match c {
            '\'' => {
                json.push('"');
                return Some(());
            }
            '"' => json.push_str("\\\""),
            '\\' => match rest.next()?.1 {
                '\'' => json.push('\''),
                escaped => {
                    json.push('\\');
                    json.push(escaped);
                }
            },
            c => json.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn javascript_becomes_json() {
        for (given, expected) in [
            ("{a: 1}", Some(r#"{"a": 1}"#)),
            ("{ $a_1 : -1.5e3, é: true }", Some(r#"{ "$a_1" : -1.5e3, "é": true }"#)),
            (r#"{'it\'s': 'a "b"'}"#, Some(r#"{"it's": "a \"b\""}"#)),
            (r#"{"a": "{b: 'c',}"}"#, Some(r#"{"a": "{b: 'c',}"}"#)),
            (r#"{"a\"": 1}"#, Some(r#"{"a\"": 1}"#)),
            ("{a: [1, 2, ], }", Some(r#"{"a": [1, 2 ] }"#)),
            ("{1: null}", Some(r#"{"1": null}"#)),
            ("{a: call()}", None),
            ("{a: 'open", None),
            ("", Some("")),
        ] {
            assert_eq!(to_json(given).as_deref(), expected, "{given}");
        }
    }
}
