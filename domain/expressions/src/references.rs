//! Which other nodes an expression names, and how a new name gets into it.
//!
//! Both work on the text and not on the compiled template, so that a draft that does not compile yet keeps its references
//! too, and so that a rename touches nothing but the name.

use crate::compile::{Part, block, next_part};
use crate::diagnostic::{Code, place};

/// One place where an expression names another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The node's name.
    pub name: String,
    /// The line on which the name stands, from 1.
    pub line: u32,
    /// The column at which the name (with its quote) begins, in UTF-16 units, from 1.
    pub column: u32,
}

/// The nodes that the expression `source` (without its leading `=`) names, in order. Works on drafts that do not compile.
pub fn references(source: &str) -> Vec<Reference> {
    let found = mentions(source).into_iter();
    found
        .map(|mention| {
            let (line, column) = place(source, mention.name_at);
            Reference { name: mention.name, line, column }
        })
        .collect()
}

/// `source` with every reference to the node `from` made one to `to`; `None` where nothing changes. All other text stays as
/// it is, to the byte.
pub fn renamed(source: &str, from: &str, to: &str) -> Option<String> {
    let mentions: Vec<_> = mentions(source).into_iter().filter(|mention| mention.name == from).collect();
    if mentions.is_empty() || from == to {
        return None;
    }
    let mut out = String::with_capacity(source.len() + to.len() * mentions.len());
    let mut copied = 0;
    for mention in mentions {
        out.push_str(&source[copied..mention.start]);
        out.push_str(&mention.form.written(to));
        copied = mention.end;
    }
    out.push_str(&source[copied..]);
    Some(out)
}

/// A mention of a node: the bytes `start..end` are what a rename replaces.
#[derive(Debug)]
struct Mention {
    name: String,
    name_at: usize,
    start: usize,
    end: usize,
    form: Form,
}

/// How the name is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// In these quotes.
    Quoted(char),
    /// `.Name` (or `?.Name`, where true).
    Property(bool),
}

impl Form {
    fn written(self, name: &str) -> String {
        match self {
            Self::Quoted(quote) => quoted(name, quote),
            Self::Property(false) if is_identifier(name) => format!(".{name}"),
            Self::Property(true) if is_identifier(name) => format!("?.{name}"),
            Self::Property(false) => format!("[{}]", quoted(name, '"')),
            Self::Property(true) => format!("?.[{}]", quoted(name, '"')),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_' || c == '$') && chars.all(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// `name` as a JavaScript string; brackets that would end the block are written as escapes.
fn quoted(name: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in name.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '{' if out.ends_with(['{', '$']) => out.push_str("\\x7b"),
            '}' if out.ends_with('}') => out.push_str("\\x7d"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn mentions(source: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < source.len() {
        let complete = |code: &str| !matches!(block(code), Err(finding) if finding.code == Code::Syntax);
        let (part, end) = next_part(source, from, complete);
        match part {
            Part::Text(_) => {}
            Part::Block { start, code } => Scanner { code, base: start, at: 0, last: Last::Operator }.scan(&mut found),
            Part::Unclosed(at) => {
                Scanner { code: &source[at + 2..], base: at + 2, at: 0, last: Last::Operator }.scan(&mut found);
            }
        }
        from = end;
    }
    found
}

/// What came before, as far as it decides what a `/` or a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    /// Something that an operand follows.
    Operator,
    /// The end of an operand.
    Operand,
    /// A `.` that a property name follows.
    Dot,
}

/// Walks over the tokens of a block.
struct Scanner<'a> {
    code: &'a str,
    base: usize,
    at: usize,
    last: Last,
}

impl Scanner<'_> {
    fn scan(mut self, found: &mut Vec<Mention>) {
        // For every open brace: whether it is the `${` of a template literal.
        let mut braces = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '"' | '\'' => {
                    self.string(c);
                    self.last = Last::Operand;
                }
                '`' => self.template_rest(&mut braces),
                '{' => self.open(&mut braces, false),
                '}' if braces.pop() == Some(true) => self.template_rest(&mut braces),
                '/' => self.slash(),
                c if is_word(c) => self.word(found),
                c => self.sign(c),
            }
        }
    }

    fn rest(&self) -> &str {
        &self.code[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn open(&mut self, braces: &mut Vec<bool>, template: bool) {
        braces.push(template);
        self.at += if template { 2 } else { 1 };
        self.last = Last::Operator;
    }

    fn sign(&mut self, c: char) {
        let spread = self.rest().starts_with("...");
        self.at += if spread { 3 } else { c.len_utf8() };
        self.last = match c {
            '.' if !spread => Last::Dot,
            ')' | ']' | '}' => Last::Operand,
            c if c.is_whitespace() => self.last,
            _ => Last::Operator,
        };
    }

    /// A division, a comment or a regular expression.
    fn slash(&mut self) {
        if self.rest().starts_with("//") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        } else if self.rest().starts_with("/*") {
            self.at += self.rest().find("*/").map_or(self.rest().len(), |end| end + 2);
        } else if self.last == Last::Operand {
            self.sign('/');
        } else {
            self.regexp();
        }
    }

    fn regexp(&mut self) {
        let (mut escaped, mut in_class) = (false, false);
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    self.at += at + 1;
                    self.last = Last::Operand;
                    return;
                }
                _ => {}
            }
        }
        self.sign('/');
    }

    /// Reads the string that begins here; gives what it means. The place moves behind it.
    fn string(&mut self, quote: char) -> Option<String> {
        let mut value = String::new();
        let mut chars = self.code[self.at + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.at += at + 2;
                    return Some(value);
                }
                '\\' => escape(&mut chars, &mut value),
                '$' if quote == '`' && self.code[self.at + 1 + at..].starts_with("${") => return None,
                c => value.push(c),
            }
        }
        self.at = self.code.len();
        None
    }

    /// The raw text of a template literal, from the `` ` `` or `}` before it up to the next `` ` `` or `${`.
    fn template_rest(&mut self, braces: &mut Vec<bool>) {
        self.at += 1;
        let mut escaped = false;
        for (at, c) in self.code[self.at..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '`' => {
                    self.at += at + 1;
                    self.last = Last::Operand;
                    return;
                }
                '$' if self.code[self.at + at..].starts_with("${") => {
                    self.at += at;
                    self.open(braces, true);
                    return;
                }
                _ => {}
            }
        }
        self.at = self.code.len();
    }

    fn word(&mut self, found: &mut Vec<Mention>) {
        let length = self.rest().find(|c| !is_word(c)).unwrap_or(self.rest().len());
        let start = self.at;
        self.at += length;
        let is_property = self.last == Last::Dot;
        let word = &self.code[start..self.at];
        self.last = match word {
            "typeof" | "return" | "in" | "instanceof" | "void" | "new" | "delete" | "case" | "else" => Last::Operator,
            _ => Last::Operand,
        };
        if is_property {
            return;
        }
        match word {
            "$" | "$items" => self.argument('(', found),
            "$node" => self.node_property(found),
            _ => {}
        }
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// A quoted name after `bracket`.
    fn argument(&mut self, bracket: char, found: &mut Vec<Mention>) {
        let before = self.at;
        self.spaces();
        if self.peek() != Some(bracket) {
            self.at = before;
            return;
        }
        self.at += 1;
        self.last = Last::Operator;
        self.spaces();
        let Some(quote @ ('"' | '\'' | '`')) = self.peek() else { return };
        let start = self.at;
        match self.string(quote) {
            Some(name) => {
                self.last = Last::Operand;
                let (start, end) = (self.base + start, self.base + self.at);
                found.push(Mention { name, name_at: start, start, end, form: Form::Quoted(quote) });
            }
            // A template literal with blocks: its name is not known here.
            None => self.at = start,
        }
    }

    /// `["Name"]`, `.Name` or either after `?.`.
    fn node_property(&mut self, found: &mut Vec<Mention>) {
        let before = self.at;
        self.spaces();
        let start = self.at;
        let optional = self.rest().starts_with("?.");
        self.at += if optional { 2 } else { 0 };
        if self.rest().starts_with('[') {
            return self.argument('[', found);
        }
        if !optional && !self.rest().starts_with('.') {
            self.at = before;
            return;
        }
        self.at += usize::from(!optional);
        self.spaces();
        let name_at = self.at;
        let length = self.rest().find(|c| !is_word(c)).unwrap_or(self.rest().len());
        self.at += length;
        self.last = Last::Operand;
        let name = self.code[name_at..self.at].to_owned();
        let (start, end, name_at) = (self.base + start, self.base + self.at, self.base + name_at);
        found.push(Mention { name, name_at, start, end, form: Form::Property(optional) });
    }
}

/// What stands after a backslash.
fn escape(chars: &mut std::str::CharIndices<'_>, value: &mut String) {
    let Some((_, c)) = chars.next() else { return };
    let mut code = |digits: usize| {
        let text: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
        u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    };
    value.push(match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' => code(2),
        'u' => code(4),
        other => other,
    });
}
