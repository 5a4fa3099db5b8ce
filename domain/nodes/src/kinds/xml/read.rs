//! From XML to fields, in the shapes of xml2js (its README, “Options”).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use html5ever::data::NAMED_ENTITIES;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use weft_value::{MAX_DEPTH, Object, Value};

use super::Options;
use crate::NodeError;
use crate::markup::{check_size, too_deep};

/// An element whose end was not read yet.
#[derive(Default)]
struct Open {
    name: String,
    fields: Object,
    text: String,
    has_cdata: bool,
}

impl Options {
    /// The fields of the document `text`.
    pub(super) fn read(&self, text: &str) -> Result<Value, NodeError> {
        check_size(text)?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Open> = Vec::new();
        let mut root = None;
        loop {
            let position = reader.buffer_position();
            let event =
                reader.read_event().map_err(|error| broken(text, reader.error_position(), &error.to_string()))?;
            let wrong = |reason: &str| broken(text, position, reason);
            match event {
                Event::Start(tag) | Event::Empty(tag) if root.is_some() => {
                    return Err(wrong(&format!("“{}” follows the root element", tag.name().0)));
                }
                Event::Start(tag) => {
                    if open.len() == MAX_DEPTH {
                        return Err(too_deep(MAX_DEPTH));
                    }
                    open.push(self.opened(&tag).map_err(|reason| wrong(&reason))?);
                }
                Event::Empty(tag) => {
                    let element = self.opened(&tag).map_err(|reason| wrong(&reason))?;
                    self.close(element, &mut open, &mut root);
                }
                Event::End(_) => {
                    if let Some(element) = open.pop() {
                        self.close(element, &mut open, &mut root);
                    }
                }
                Event::Text(content) => match open.last_mut() {
                    Some(element) => element.text.push_str(&content),
                    None if content.trim().is_empty() => {}
                    None => return Err(wrong("text stands outside of the root element")),
                },
                Event::CData(content) => {
                    let element = open.last_mut().ok_or_else(|| wrong("text stands outside of the root element"))?;
                    element.text.push_str(&content);
                    element.has_cdata = true;
                }
                Event::GeneralRef(reference) => {
                    let element = open.last_mut().ok_or_else(|| wrong("text stands outside of the root element"))?;
                    resolve(&reference, &mut element.text).map_err(|reason| wrong(&reason))?;
                }
                Event::DocType(declaration) if declaration.contains('[') => {
                    return Err(wrong("the document declares entities of its own, which are not expanded"));
                }
                Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(element) = open.last() {
            return Err(broken(text, text.len() as u64, &format!("“{}” is never closed", element.name)));
        }
        let (name, value) = root.ok_or_else(|| broken(text, text.len() as u64, "there is no element"))?;
        let document = match value {
            value if self.explicit_root => [(name, value)].into_iter().collect::<Object>().into(),
            Value::Object(fields) => Value::Object(fields),
            // An item is an object: text without an element around it takes the field of text.
            text => [(self.charkey.as_str(), text)].into_iter().collect::<Object>().into(),
        };
        // An element may be two levels: an object in a list.
        if document.is_deeper_than(MAX_DEPTH) { Err(too_deep(MAX_DEPTH)) } else { Ok(document) }
    }

    fn opened(&self, tag: &BytesStart<'_>) -> Result<Open, String> {
        let name = tag.name().0;
        let name = if self.normalize_tags { name.to_lowercase() } else { name.to_owned() };
        let mut fields = Object::new();
        let mut attributes = Object::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, character);
            let value = value.map_err(|error| error.to_string())?;
            if self.ignore_attrs {
                continue;
            }
            if self.merge_attrs {
                self.add(&mut fields, attribute.key.0, Value::from(&*value));
            } else {
                attributes.insert(attribute.key.0, &*value);
            }
        }
        if !attributes.is_empty() {
            fields.insert(self.attrkey.as_str(), attributes);
        }
        Ok(Open { name, fields, ..Open::default() })
    }

    /// Adds a field; what has the same name becomes a list.
    fn add(&self, fields: &mut Object, name: &str, value: Value) {
        match fields.get_mut(name) {
            Some(Value::Array(list)) => Arc::make_mut(list).push(value),
            Some(first) => *first = Value::from(vec![std::mem::take(first), value]),
            None if self.explicit_array => fields.insert(name, vec![value]),
            None => fields.insert(name, value),
        }
    }

    fn close(&self, element: Open, open: &mut [Open], root: &mut Option<(String, Value)>) {
        let Open { name, fields, text, has_cdata } = element;
        let value = if text.trim().is_empty() && !has_cdata {
            if fields.is_empty() { text.into() } else { fields.into() }
        } else {
            let text = if self.trim { text.trim().to_owned() } else { text };
            let text = if self.normalize { join_blanks(&text) } else { text };
            if fields.is_empty() {
                text.into()
            } else {
                let own = [(self.charkey.as_str().into(), Value::from(text))];
                let named = fields.iter().map(|(name, value)| (name.clone(), value.clone()));
                own.into_iter().chain(named).collect::<Object>().into()
            }
        };
        match open.last_mut() {
            Some(parent) => self.add(&mut parent.fields, &name, value),
            None => *root = Some((name, value)),
        }
    }
}

/// Runs of two or more blanks as one, none at the ends.
fn join_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks: Vec<char> = Vec::new();
    for c in text.trim().chars() {
        if c.is_whitespace() {
            blanks.push(c);
            continue;
        }
        match blanks.as_slice() {
            [] => {}
            [one] => out.push(*one),
            _ => out.push(' '),
        }
        blanks.clear();
        out.push(c);
    }
    out
}

/// Adds the character of `&amp;`, `&#233;`, `&eacute;` and their kin to `text`.
fn resolve(reference: &BytesRef<'_>, text: &mut String) -> Result<(), String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        text.push(c);
        return Ok(());
    }
    let name: &str = reference;
    text.push_str(character(name).ok_or_else(|| format!("the entity “&{name};” is unknown"))?);
    Ok(())
}

/// What XML or HTML calls by this name.
fn character(name: &str) -> Option<&'static str> {
    resolve_xml_entity(name).or_else(|| NAMED.get(name).map(String::as_str))
}

/// The characters that HTML has names for: feeds and content systems write them in XML, too. What is markup is XML's own.
static NAMED: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let named = NAMED_ENTITIES.entries().filter_map(|(name, (first, second))| {
        let text: String = [*first, *second].into_iter().filter(|c| *c != 0).filter_map(char::from_u32).collect();
        let is_markup = text.is_empty() || text.contains(['&', '<']);
        name.strip_suffix(';').filter(|_| !is_markup).map(|name| (name, text))
    });
    named.collect()
});

/// What is wrong, and in which line.
fn broken(text: &str, position: u64, reason: &str) -> NodeError {
    let before = text.get(..position as usize).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    NodeError::new("xml", format!("This is not valid XML, line {line}: {reason}."))
}
