//! The XML that storage servers speak: elements and texts. What they list becomes objects, whatever it has.

use std::fmt::Write as _;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use weft_value::{Object, Value};

/// How deep elements may be nested; answers have four levels.
const MOST_DEPTH: usize = 16;

/// A document: the name of its root, and what is in it. What comes again becomes a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) root: Object,
}

/// An element whose end was not read yet.
#[derive(Default)]
struct Open {
    name: String,
    fields: Object,
    text: String,
}

/// What bytes stand for; nothing where they are no such document.
pub(super) fn read(bytes: &[u8]) -> Option<Document> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Open> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) if open.len() == MOST_DEPTH => return None,
            Event::Start(tag) => {
                let name = tag.local_name();
                open.push(Open { name: name.as_ref().to_owned(), ..Open::default() });
            }
            Event::Empty(tag) => {
                let name = tag.local_name();
                let Some(parent) = open.last_mut() else {
                    return Some(Document { name: name.as_ref().to_owned(), root: Object::new() });
                };
                add(&mut parent.fields, name.as_ref(), "".into());
            }
            Event::End(_) => {
                let Open { name, fields, text } = open.pop()?;
                let Some(parent) = open.last_mut() else { return Some(Document { name, root: fields }) };
                let value = if fields.is_empty() { Value::from(text) } else { fields.into() };
                add(&mut parent.fields, &name, value);
            }
            Event::Text(content) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&content);
                }
            }
            Event::CData(content) => open.last_mut()?.text.push_str(&content),
            Event::GeneralRef(reference) => open.last_mut()?.text.push(resolved(&reference)?),
            Event::DocType(_) | Event::Eof => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn add(fields: &mut Object, name: &str, value: Value) {
    match fields.get_mut(name) {
        Some(Value::Array(list)) => Arc::make_mut(list).push(value),
        Some(first) => *first = Value::from(vec![std::mem::take(first), value]),
        None => fields.insert(name, value),
    }
}

/// The character of `&amp;`, `&#233;` and their kin.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c);
    }
    let name: &str = reference;
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A text as it stands in a document. Characters that XML would read as others are written by their number.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", c as u32);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
