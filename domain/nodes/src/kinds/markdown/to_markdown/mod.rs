//! From HTML to Markdown, in the shapes of node-html-markdown (its README).

mod style;
mod table;
mod text;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Node};

use self::style::CodeBlockStyle;
pub(super) use self::style::Style;
use self::text::{at_most_newlines, doctype_leaves_blank, one_line, replace_first, surrounded, trimmed};
use crate::NodeError;
use crate::markup::{MAX_MADE, parse_html, too_much};

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "canvas",
    "center",
    "dd",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "isindex",
    "li",
    "main",
    "menu",
    "nav",
    "noframes",
    "noscript",
    "ol",
    "output",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that say nothing to a reader.
const IGNORED: &[&str] = &[
    "area", "base", "col", "command", "embed", "head", "input", "keygen", "link", "meta", "param", "script", "source",
    "style", "track", "wbr",
];

/// `html` as Markdown.
pub(super) fn convert(html: &str, style: &Style) -> Result<String, NodeError> {
    let document = parse_html(html)?;
    let written = |tag: &[u8]| html.as_bytes().windows(tag.len()).any(|part| part.eq_ignore_ascii_case(tag));
    let mut writer = Writer {
        style,
        out: String::new(),
        useful: useful(&document),
        definitions: Vec::new(),
        is_document: written(b"<html") || written(b"<body"),
    };
    if doctype_leaves_blank(html) {
        writer.out.push(' ');
    }
    writer.children(document.tree.root(), &Around::default(), &mut 0);
    if writer.is_full() {
        return Err(too_much());
    }
    let mut out = writer.out;
    if style.use_link_reference_definitions {
        if !out.ends_with(['\n', '\r']) && !out.is_empty() {
            out.push('\n');
        }
        for (index, url) in writer.definitions.iter().enumerate() {
            let _ = write!(out, "\n[{}]: {url}", index + 1);
        }
    }
    Ok(at_most_newlines(&out, style.max_consecutive_newlines as usize).trim_matches('\n').to_owned())
}

/// The elements that hold something: text, a line, an image, or one that means something when it is empty.
fn useful(document: &scraper::Html) -> HashSet<ego_tree::NodeId> {
    const ALONE: &[&str] =
        &["br", "hr", "img", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "li", "code", "table", "a"];
    let mut useful = HashSet::new();
    for node in document.tree.nodes() {
        let holds = match node.value() {
            Node::Text(_) => true,
            Node::Element(element) => !node.has_children() && ALONE.contains(&element.name()),
            _ => false,
        };
        if holds {
            useful.insert(node.id());
            // What is above a useful node and known already has useful parents, too.
            for above in node.ancestors() {
                if !useful.insert(above.id()) {
                    break;
                }
            }
        }
    }
    useful
}

/// What an element finds around itself.
#[derive(Clone, Copy, Default)]
struct Around {
    place: Place,
    /// How many lists are around, where there are any, and whether the innermost one is numbered.
    list: Option<(usize, bool)>,
    no_escape: bool,
    keeps_blanks: bool,
}

/// Which elements mean something.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Text,
    Table,
    Cell,
    CodeBlock,
    Link,
}

struct Writer<'a> {
    style: &'a Style,
    out: String,
    useful: HashSet<ego_tree::NodeId>,
    definitions: Vec<String>,
    /// Whether the elements of a whole document were written, not only added by the parser.
    is_document: bool,
}

impl Writer<'_> {
    /// Writes what is inside `node`. `number` counts the items of the list around.
    fn children(&mut self, node: NodeRef<'_>, around: &Around, number: &mut usize) {
        for child in node.children().filter(|child| self.useful.contains(&child.id())).collect::<Vec<_>>() {
            match child.value() {
                _ if self.is_full() => return,
                Node::Text(text) => self.text(text, around),
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(child) {
                        self.element(element, around, number);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether so much was written that nothing more is, and all of it is refused in the end.
    fn is_full(&self) -> bool {
        self.out.len() > MAX_MADE
    }

    fn text(&mut self, text: &str, around: &Around) {
        if around.keeps_blanks {
            let text = self.escaped(text, around);
            self.out.push_str(&text);
        } else if text.trim().is_empty() {
            if !self.out.is_empty() && !self.out.ends_with(char::is_whitespace) {
                self.out.push(' ');
            }
        } else {
            let text = self.escaped(&trimmed(text), around);
            self.out.push_str(&text);
        }
    }

    fn escaped(&self, text: &str, around: &Around) -> String {
        static BLANKS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\s+").ok());
        static SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\\`*_~\[\]]").ok());
        static STARTS: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(?m)^(\s*?)((?:\+\s)|(?:[=>-])|(?:#{1,6}\s))|(?:(\d+)(\.\s))").ok());
        let replaced = |pattern: &Option<Regex>, text: &str, by: &str| match pattern {
            Some(pattern) => pattern.replace_all(text, by).into_owned(),
            None => text.to_owned(),
        };
        let mut text = if around.keeps_blanks { text.to_owned() } else { replaced(&BLANKS, text, " ") };
        if around.no_escape {
            return text;
        }
        text = match &self.style.global_escape.value {
            Some(own) => replace_first(&text, &own.pattern, &own.replacement),
            None => replaced(&SIGNS, &text, r"\$0"),
        };
        text = match &self.style.line_start_escape.value {
            Some(own) => replace_first(&text, &own.pattern, &own.replacement),
            None => replaced(&STARTS, &text, r"${1}${3}\${2}${4}"),
        };
        for own in &self.style.text_replace.values {
            text = replace_first(&text, &own.pattern, &own.replacement);
        }
        text
    }

    fn newlines(&mut self, wanted: usize) {
        let blanks = self.out.chars().rev().take(10).take_while(|c| c.is_whitespace());
        let there = blanks.filter(|c| *c == '\n' || *c == '\r').count();
        self.out.extend(std::iter::repeat_n('\n', wanted.saturating_sub(there)));
    }

    fn element(&mut self, element: ElementRef<'_>, around: &Around, number: &mut usize) {
        let name = element.value().name();
        match around.place {
            Place::Text => self.plain_element(element, name, around, number),
            Place::Table => match name {
                "tr" => self.row(element, around),
                "th" | "td" => self.cell(element, around),
                "caption" => {}
                _ => self.children(*element, around, number),
            },
            Place::Cell | Place::Link => match name {
                "br" | "hr" if around.place == Place::Link => self.out.push('\n'),
                "a" if around.place == Place::Cell => self.link(element, around),
                _ => self.inline(element, name, around, number),
            },
            Place::CodeBlock => match name {
                "br" => self.out.push('\n'),
                "hr" => self.out.push_str("---"),
                "img" => {}
                _ => self.children(*element, around, number),
            },
        }
    }

    fn plain_element(&mut self, element: ElementRef<'_>, name: &str, around: &Around, number: &mut usize) {
        // An element that stands on lines of its own is never left out.
        if !BLOCKS.contains(&name) && (IGNORED.contains(&name) || self.style.ignore.iter().any(|i| i == name)) {
            return;
        }
        match name {
            "br" => self.out.push_str("  \n"),
            "hr" => self.block(2, |writer| writer.out.push_str("---")),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.block(2, |writer| {
                let level = usize::from(name.as_bytes()[1] - b'0');
                writer.out.push_str(&"#".repeat(level));
                writer.out.push(' ');
                writer.children(*element, around, number);
            }),
            "ol" | "ul" => self.list(element, name == "ol", around),
            "li" => self.item(element, around, number),
            "blockquote" => self.quote(element, around),
            "pre" => {
                let inside = Around { no_escape: true, keeps_blanks: true, ..*around };
                self.block(2, |writer| writer.children(*element, &inside, number));
            }
            "code" => self.code(element, around),
            "table" => self.table(element, around),
            "a" => self.link(element, around),
            "html" | "body" if !self.is_document => self.children(*element, around, number),
            _ if BLOCKS.contains(&name) || self.style.block_elements.iter().any(|block| block == name) => {
                self.block(2, |writer| writer.children(*element, around, number));
            }
            _ => self.inline(element, name, around, number),
        }
    }

    /// What `write` writes, with at least so many line ends around it.
    fn block(&mut self, newlines: usize, write: impl FnOnce(&mut Self)) {
        self.newlines(newlines);
        write(self);
        self.newlines(newlines);
    }

    fn inline(&mut self, element: ElementRef<'_>, name: &str, around: &Around, number: &mut usize) {
        let delimiter = match name {
            "strong" | "b" => self.style.strong_delimiter.clone(),
            "em" | "i" => self.style.em_delimiter.clone(),
            "del" | "s" | "strike" => "~~".to_owned(),
            "img" => return self.image(element),
            _ => return self.children(*element, around, number),
        };
        let start = self.out.len();
        self.children(*element, around, number);
        let content = self.out.split_off(start);
        if !content.trim().is_empty() {
            self.push_apart(&surrounded(&content, &delimiter));
        }
    }

    /// Writes `text`, after a blank where its first sign would join the last one.
    fn push_apart(&mut self, text: &str) {
        if let Some(first) = text.chars().next()
            && self.out.ends_with(first)
        {
            self.out.push(' ');
        }
        self.out.push_str(text);
    }

    fn image(&mut self, element: ElementRef<'_>) {
        let source = element.attr("src").unwrap_or_default();
        let is_data = source.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
        if source.is_empty() || (is_data && !self.style.keep_data_images) {
            return;
        }
        let title = element.attr("title").filter(|title| !title.is_empty()).map(|title| format!(" \"{title}\""));
        let alt = element.attr("alt").unwrap_or_default();
        let _ = write!(self.out, "![{alt}]({source}{})", title.unwrap_or_default());
    }

    fn link(&mut self, element: ElementRef<'_>, around: &Around) {
        let Some(href) = element.attr("href").filter(|href| !href.is_empty()) else {
            return self.children(*element, around, &mut 0);
        };
        let encoded = href.replace('(', "%28").replace(')', "%29").replace('_', "%5F").replace('*', "%2A");
        if element.text().map(str::len).sum::<usize>() == href.len() && element.text().collect::<String>() == href {
            let _ = write!(self.out, "<{encoded}>");
            return;
        }
        self.out.push('[');
        let start = self.out.len();
        self.children(*element, &Around { place: Place::Link, ..*around }, &mut 0);
        let content = self.out.split_off(start);
        self.out.push_str(&one_line(&content));
        self.out.push(']');
        if self.style.use_link_reference_definitions {
            let known = self.definitions.iter().position(|url| *url == encoded);
            let place = known.unwrap_or_else(|| {
                self.definitions.push(encoded);
                self.definitions.len() - 1
            });
            let _ = write!(self.out, "[{}]", place + 1);
        } else {
            let title = element.attr("title").filter(|title| !title.is_empty()).map(|title| format!(" \"{title}\""));
            let _ = write!(self.out, "({encoded}{})", title.unwrap_or_default());
        }
    }

    fn list(&mut self, element: ElementRef<'_>, numbered: bool, around: &Around) {
        let level = around.list.map_or(0, |(level, _)| level + 1);
        let inside = Around { list: Some((level, numbered)), ..*around };
        self.block(1, |writer| writer.children(*element, &inside, &mut 0));
    }

    fn item(&mut self, element: ElementRef<'_>, around: &Around, number: &mut usize) {
        let (level, numbered) = around.list.unwrap_or((0, false));
        let indent = "   ".repeat(level);
        let before = self.out.len();
        *number += 1;
        let marker = if numbered { format!("{number}.") } else { self.style.bullet_marker.clone() };
        self.newlines(1);
        let _ = write!(self.out, "{indent}{marker} ");
        let start = self.out.len();
        self.children(*element, around, &mut 0);
        let content = self.out.split_off(start);
        if content.trim().is_empty() {
            *number -= 1;
            self.out.truncate(before);
            return;
        }
        let lines: Vec<&str> = content.trim().lines().filter(|line| !line.is_empty()).collect();
        for (index, line) in lines.iter().enumerate() {
            if self.is_full() {
                return;
            }
            let text = line.trim_end_matches([' ', '\t']);
            let is_last = index + 1 == lines.len();
            self.out.push_str(text);
            if !is_last || text.len() < line.len() {
                self.out.push_str("  ");
            }
            if !is_last {
                let _ = write!(self.out, "\n{indent}");
            }
        }
        self.newlines(1);
    }

    fn quote(&mut self, element: ElementRef<'_>, around: &Around) {
        self.newlines(2);
        let start = self.out.len();
        self.children(*element, around, &mut 0);
        let content = self.out.split_off(start);
        for (index, line) in content.trim_matches('\n').split('\n').enumerate() {
            if self.is_full() {
                return;
            }
            let text = line.trim_start_matches('>');
            let marks = &line[..line.len() - text.len()];
            let text = text.strip_prefix([' ', '\t']).unwrap_or(text);
            let _ = write!(self.out, "{}>{marks} {text}", if index == 0 { "" } else { "\n" });
        }
        self.newlines(2);
    }

    fn code(&mut self, element: ElementRef<'_>, around: &Around) {
        let parent = element.parent();
        let alone_in_pre = parent.is_some_and(|parent| {
            parent.value().as_element().is_some_and(|element| element.name() == "pre") && parent.children().count() == 1
        });
        let start = self.out.len();
        if !alone_in_pre {
            self.children(*element, &Around { no_escape: true, ..*around }, &mut 0);
            let content = self.out.split_off(start);
            let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let padding = if longest > 0 { " " } else { "" };
            let delimiter = "`".repeat(longest + 1);
            self.push_apart(&format!("{delimiter}{padding}{content}{padding}{delimiter}"));
            return;
        }
        let inside = Around { place: Place::CodeBlock, no_escape: true, ..*around };
        self.children(*element, &inside, &mut 0);
        let content = self.out.split_off(start);
        if self.style.code_block_style == CodeBlockStyle::Indented {
            let lines: Vec<String> = content.split('\n').map(|line| format!("    {line}")).collect();
            self.out.push_str(&lines.join("\n"));
        } else {
            let language = element.value().classes().find_map(|class| class.strip_prefix("language-"));
            let fence = &self.style.code_fence;
            let _ = write!(self.out, "{fence}{}\n{content}\n{fence}", language.unwrap_or_default());
        }
    }
}
