//! From fields to XML, in the shapes of xml2js (its README, “XML builder usage”): two blanks for each level.

use std::fmt::Write as _;
use weft_value::{Object, Value};

use super::Options;
use crate::NodeError;
use crate::coercion::to_text;
use crate::markup::{MAX_DEPTH, MAX_MADE, too_deep, too_much};

/// What stands inside an element.
enum Child {
    Text(String),
    Element(Element),
}

#[derive(Default)]
struct Element {
    name: String,
    attributes: String,
    children: Vec<Child>,
}

impl Options {
    /// The document whose root is the only field of `fields`, or one that is called by the option.
    pub(super) fn write(&self, fields: &Object) -> Result<String, NodeError> {
        let mut out = String::new();
        if !self.headless {
            out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        }
        let mut given = fields.iter();
        let root = match (given.next(), given.next()) {
            (Some((name, value)), None) if self.root_name == "root" => self.element(name, value, 1)?,
            _ => {
                let mut root = Element { name: checked_name(&self.root_name)?, ..Element::default() };
                self.fill(&mut root, fields, 1)?;
                root
            }
        };
        root.print(0, &mut out)?;
        Ok(out)
    }

    fn element(&self, name: &str, value: &Value, depth: usize) -> Result<Element, NodeError> {
        if depth > MAX_DEPTH {
            return Err(too_deep(MAX_DEPTH));
        }
        let mut element = Element { name: checked_name(name)?, ..Element::default() };
        match value {
            Value::Object(fields) => self.fill(&mut element, fields, depth)?,
            // A list in a list: the fields of its objects, one after the other.
            Value::Array(list) => {
                for fields in list.iter().filter_map(Value::as_object) {
                    for (name, value) in fields {
                        element.children.push(Child::Element(self.element(name, value, depth + 1)?));
                    }
                }
            }
            other => element.children.push(Child::Text(self.escaped(other)?)),
        }
        Ok(element)
    }

    fn fill(&self, element: &mut Element, fields: &Object, depth: usize) -> Result<(), NodeError> {
        for (name, value) in fields {
            if *name.as_str() == *self.attrkey {
                for (name, value) in
                    value.as_object().into_iter().flat_map(Object::iter).filter(|(_, v)| !v.is_nullish())
                {
                    let (name, value) = (checked_name(name)?, checked_text(&to_text(value))?.to_owned());
                    let _ = write!(element.attributes, " {name}=\"{}\"", escape_attribute(&value));
                }
            } else if *name.as_str() == *self.charkey {
                element.children.push(Child::Text(self.escaped(value)?));
            } else if let Value::Array(list) = value {
                for entry in list.iter() {
                    element.children.push(Child::Element(self.element(name, entry, depth + 1)?));
                }
            } else {
                element.children.push(Child::Element(self.element(name, value, depth + 1)?));
            }
        }
        Ok(())
    }

    /// The text of a value as it stands in the document.
    fn escaped(&self, value: &Value) -> Result<String, NodeError> {
        let text = to_text(value);
        let text = checked_text(&text)?;
        if self.cdata && value.as_str().is_some() && text.contains(['&', '<', '>']) {
            return Ok(format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")));
        }
        Ok(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;"))
    }
}

fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
    out
}

/// A name that an element or an attribute may have (XML 1.0, production 5).
fn checked_name(name: &str) -> Result<String, NodeError> {
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let goes_on = |c: char| starts(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}');
    let mut chars = name.chars();
    if chars.next().is_some_and(starts) && chars.all(goes_on) {
        return Ok(name.to_owned());
    }
    Err(NodeError::new("xml", format!("“{name}” cannot be the name of an element or attribute in XML."))
        .describe("Rename the field: a name begins with a letter and has no blanks."))
}

/// Text of characters that XML can have (XML 1.0, production 2).
fn checked_text(text: &str) -> Result<&str, NodeError> {
    let refused =
        |c: &char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.chars().find(refused) {
        None => Ok(text),
        Some(c) => {
            let message = format!("The character U+{:04X} cannot stand in XML.", u32::from(c));
            Err(NodeError::new("xml", message).describe("Remove it before this step."))
        }
    }
}

impl Element {
    fn print(&self, level: usize, out: &mut String) -> Result<(), NodeError> {
        if out.len() > MAX_MADE {
            return Err(too_much());
        }
        let _ = write!(out, "<{}{}", self.name, self.attributes);
        match self.children.as_slice() {
            children if children.iter().all(|child| matches!(child, Child::Text(text) if text.is_empty())) => {
                out.push_str("/>");
                return Ok(());
            }
            [Child::Text(text)] => {
                let _ = write!(out, ">{text}");
            }
            children => {
                out.push('>');
                for child in children {
                    out.push('\n');
                    out.push_str(&"  ".repeat(level + 1));
                    match child {
                        Child::Text(text) => out.push_str(text),
                        Child::Element(element) => element.print(level + 1, out)?,
                    }
                }
                out.push('\n');
                out.push_str(&"  ".repeat(level));
            }
        }
        let _ = write!(out, "</{}>", self.name);
        Ok(())
    }
}
