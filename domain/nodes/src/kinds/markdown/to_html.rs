//! From Markdown to HTML, in the shapes of Showdown (its wiki, “Showdown options”).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, LinkType, Options as Syntax, Parser, Tag, TagEnd, TextMergeStream,
};
use regex::Regex;
use serde::Deserialize;

use super::source;
use super::texts::{encoded, escaped_attribute, escaped_code, escaped_text, indented, own_id};
use crate::NodeError;
use crate::markup::{MAX_DEPTH, MAX_MADE, check_size, too_deep, too_much};

/// How HTML is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
pub(super) struct Style {
    #[serde(rename = "completeHTMLDocument")]
    complete_html_document: bool,
    customized_header_id: bool,
    pub(super) disable_forced4_spaces_indented_sublists: bool,
    encode_emails: bool,
    gh_compatible_header_id: bool,
    gh_mentions: bool,
    gh_mentions_link: String,
    header_level_start: f64,
    no_header_id: bool,
    open_links_in_new_window: bool,
    prefix_header_id: String,
    raw_header_id: bool,
    pub(super) require_space_before_heading_text: bool,
    simple_line_breaks: bool,
    simplified_auto_link: bool,
    pub(super) split_adjacent_blockquotes: bool,
    strikethrough: bool,
    tables: bool,
    tables_header_id: bool,
    tasklists: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            complete_html_document: false,
            customized_header_id: false,
            disable_forced4_spaces_indented_sublists: false,
            encode_emails: true,
            gh_compatible_header_id: false,
            gh_mentions: false,
            gh_mentions_link: "https://github.com/{u}".into(),
            header_level_start: 1.0,
            no_header_id: false,
            open_links_in_new_window: false,
            prefix_header_id: String::new(),
            raw_header_id: false,
            require_space_before_heading_text: false,
            simple_line_breaks: false,
            simplified_auto_link: false,
            split_adjacent_blockquotes: false,
            strikethrough: false,
            tables: false,
            tables_header_id: false,
            tasklists: false,
        }
    }
}

/// `markdown` as HTML.
pub(super) fn convert(markdown: &str, style: &Style) -> Result<String, NodeError> {
    check_size(markdown)?;
    let source = source::prepared(markdown, style)?;
    let mut syntax = Syntax::empty();
    syntax.set(Syntax::ENABLE_STRIKETHROUGH, style.strikethrough);
    syntax.set(Syntax::ENABLE_TABLES, style.tables);
    syntax.set(Syntax::ENABLE_TASKLISTS, style.tasklists);
    let mut writer = Writer::new(style);
    // The parser gives text in pieces where it looked for emphasis: an address has to be in one.
    for event in TextMergeStream::new(Parser::new_ext(&source, syntax)) {
        writer.event(event)?;
    }
    let html = writer.out.trim_end_matches('\n').to_owned();
    Ok(if style.complete_html_document {
        format!(
            "<!DOCTYPE HTML>\n<html>\n<head>\n<meta charset=\"utf-8\">\n</head>\n<body>\n{}\n</body>\n</html>",
            html.trim()
        )
    } else {
        html
    })
}

/// What is open around the place that is written.
enum Open {
    /// A quote, and where its content begins.
    Quote(usize),
    /// A list, and whether its items are paragraphs.
    List {
        numbered: bool,
    },
    /// An item, and whether anything was written in it.
    Item,
    /// A heading, where its content begins, and its text.
    Heading {
        start: usize,
        text: String,
    },
    /// A link.
    Link,
    /// A link, whose address is an e-mail address.
    Email,
    /// An image: its address, title and alternative text.
    Image {
        source: String,
        title: String,
        alt: String,
    },
    Code,
    Other,
}

struct Writer<'a> {
    style: &'a Style,
    out: String,
    open: Vec<Open>,
    /// How often each heading's id was given.
    ids: HashMap<String, usize>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    cell_start: usize,
}

impl<'a> Writer<'a> {
    fn new(style: &'a Style) -> Self {
        Self {
            style,
            out: String::new(),
            open: Vec::new(),
            ids: HashMap::new(),
            alignments: Vec::new(),
            column: 0,
            in_head: false,
            cell_start: 0,
        }
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), NodeError> {
        match event {
            Event::Start(tag) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(too_deep(MAX_DEPTH));
                }
                self.start(tag);
            }
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                if self.note_text(&code) {
                    let _ = write!(self.out, "<code>{}</code>", escaped_code(&code));
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => self.out.push_str(&html.replace(source::AMPERSAND, "&")),
            Event::SoftBreak if self.style.simple_line_breaks => self.out.push_str("<br />\n"),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br />\n"),
            Event::Rule => {
                self.block();
                self.out.push_str("<hr />\n");
            }
            Event::TaskListMarker(checked) => self.task(checked),
            // Extensions that are not switched on.
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        if self.out.len() > MAX_MADE { Err(too_much()) } else { Ok(()) }
    }

    /// Begins a block: on a line of its own, unless it is the first thing of an item.
    fn block(&mut self) {
        let first_of_item = matches!(self.open.last(), Some(Open::Item)) && self.out.ends_with('>');
        if !self.out.is_empty() && !self.out.ends_with('\n') && !first_of_item {
            self.out.push('\n');
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let opened = match tag {
            Tag::Paragraph => {
                self.block();
                self.out.push_str("<p>");
                Open::Other
            }
            Tag::Heading { .. } => {
                self.block();
                Open::Heading { start: self.out.len(), text: String::new() }
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.out.push_str("<blockquote>\n");
                Open::Quote(self.out.len())
            }
            Tag::CodeBlock(kind) => {
                self.block();
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                let class = language.map(|language| escaped_attribute(&language));
                let class = class.map(|class| format!(" class=\"{class} language-{class}\"")).unwrap_or_default();
                let _ = write!(self.out, "<pre><code{class}>");
                Open::Code
            }
            Tag::HtmlBlock => {
                self.block();
                Open::Other
            }
            Tag::List(first) => {
                // A list in an item follows its text directly.
                if !matches!(self.open.last(), Some(Open::Item)) {
                    self.block();
                }
                match first {
                    Some(1) => self.out.push_str("<ol>\n"),
                    Some(number) => {
                        let _ = writeln!(self.out, "<ol start=\"{number}\">");
                    }
                    None => self.out.push_str("<ul>\n"),
                }
                Open::List { numbered: first.is_some() }
            }
            Tag::Item => {
                self.out.push_str("<li>");
                Open::Item
            }
            Tag::Table(alignments) => {
                self.block();
                self.alignments = alignments;
                self.out.push_str("<table>\n");
                Open::Other
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.out.push_str("<thead>\n<tr>\n");
                Open::Other
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>\n");
                Open::Other
            }
            Tag::TableCell => {
                self.cell_start = self.out.len();
                Open::Other
            }
            Tag::Emphasis => self.inline("<em>"),
            Tag::Strong => self.inline("<strong>"),
            Tag::Strikethrough => self.inline("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => self.link(link_type, &dest_url, &title),
            Tag::Image { dest_url, title, .. } => {
                Open::Image { source: dest_url.to_string(), title: title.to_string(), alt: String::new() }
            }
            _ => Open::Other,
        };
        self.open.push(opened);
    }

    fn inline(&mut self, tag: &str) -> Open {
        if self.image().is_none() {
            self.out.push_str(tag);
        }
        Open::Other
    }

    /// The image whose alternative text is being read.
    fn image(&mut self) -> Option<&mut String> {
        self.open.iter_mut().rev().find_map(|open| match open {
            Open::Image { alt, .. } => Some(alt),
            _ => None,
        })
    }

    fn link(&mut self, kind: LinkType, address: &CowStr<'_>, title: &CowStr<'_>) -> Open {
        if kind == LinkType::Email && self.style.encode_emails {
            let _ = write!(self.out, "<a href=\"{}\">", encoded(&format!("mailto:{address}")));
            return Open::Email;
        }
        let scheme = if kind == LinkType::Email { "mailto:" } else { "" };
        let _ = write!(self.out, "<a href=\"{scheme}{}\"", escaped_attribute(address));
        if !title.is_empty() {
            let _ = write!(self.out, " title=\"{}\"", escaped_attribute(title));
        }
        self.out.push_str(self.target());
        self.out.push('>');
        Open::Link
    }

    fn target(&self) -> &'static str {
        if self.style.open_links_in_new_window { " rel=\"noopener noreferrer\" target=\"_blank\"" } else { "" }
    }

    fn end(&mut self, tag: TagEnd) {
        let opened = self.open.pop();
        match (tag, opened) {
            (TagEnd::Paragraph, _) => self.out.push_str("</p>\n"),
            (TagEnd::Heading(level), Some(Open::Heading { start, text })) => {
                self.end_heading(level as usize, start, &text);
            }
            (TagEnd::BlockQuote(_), Some(Open::Quote(start))) => {
                let content = self.out.split_off(start);
                self.out.push_str(&indented(content.trim_end_matches('\n')));
                self.out.push_str("\n</blockquote>\n");
            }
            (TagEnd::CodeBlock, _) => self.out.push_str("</code></pre>\n"),
            (TagEnd::List(_), Some(Open::List { numbered })) => {
                // The last item of a list in a list stands on the line of its end.
                let is_inner = matches!(self.open.last(), Some(Open::Item));
                if is_inner {
                    self.out.truncate(self.out.trim_end_matches('\n').len());
                }
                self.out.push_str(if numbered { "</ol>" } else { "</ul>" });
                if !is_inner {
                    self.out.push('\n');
                }
            }
            (TagEnd::Item, _) => {
                self.out.truncate(self.out.trim_end_matches('\n').len());
                self.out.push_str("</li>\n");
            }
            (TagEnd::Table, _) => self.out.push_str("</tbody>\n</table>\n"),
            (TagEnd::TableHead, _) => {
                self.in_head = false;
                self.out.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            (TagEnd::TableRow, _) => self.out.push_str("</tr>\n"),
            (TagEnd::TableCell, _) => self.end_cell(),
            (TagEnd::Emphasis, _) if self.image().is_none() => self.out.push_str("</em>"),
            (TagEnd::Strong, _) if self.image().is_none() => self.out.push_str("</strong>"),
            (TagEnd::Strikethrough, _) if self.image().is_none() => self.out.push_str("</del>"),
            (TagEnd::Link, _) => self.out.push_str("</a>"),
            (TagEnd::Image, Some(Open::Image { source, title, alt })) => {
                let (source, size) = source.split_once(source::SIZE).unwrap_or((&source, ""));
                let _ =
                    write!(self.out, "<img src=\"{}\" alt=\"{}\"", escaped_attribute(source), escaped_attribute(&alt));
                if !title.is_empty() {
                    let _ = write!(self.out, " title=\"{}\"", escaped_attribute(&title));
                }
                if let Some((width, height)) = size.split_once('x') {
                    let length =
                        |length: &str| if length == "*" { "auto".to_owned() } else { escaped_attribute(length) };
                    let _ = write!(self.out, " width=\"{}\" height=\"{}\"", length(width), length(height));
                }
                self.out.push_str(" />");
            }
            _ => {}
        }
    }

    fn end_heading(&mut self, level: usize, start: usize, text: &str) {
        let content = self.out.split_off(start);
        let level = (level + (self.style.header_level_start.clamp(1.0, 6.0) as usize) - 1).min(6);
        let own = own_id(&content).filter(|_| self.style.customized_header_id);
        let id = own.map_or_else(|| self.id_of(text), |(_, id)| id.to_owned());
        let content = own.map_or(content.as_str(), |(content, _)| content);
        let id = self.unused(id);
        let id = if self.style.no_header_id { String::new() } else { format!(" id=\"{}\"", escaped_attribute(&id)) };
        let _ = writeln!(self.out, "<h{level}{id}>{content}</h{level}>");
    }

    fn id_of(&self, text: &str) -> String {
        let text = format!("{}{}", self.style.prefix_header_id, text.replace(source::AMPERSAND, "&"));
        if self.style.gh_compatible_header_id {
            let kept = text.chars().filter(|c| !"&+$,/:;=?@\"#{}|^¨~[]`\\*)(%.!'<>".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase()
        } else if self.style.raw_header_id {
            text.chars().map(|c| if " \"'".contains(c) { '-' } else { c }).collect::<String>().to_lowercase()
        } else {
            text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>().to_lowercase()
        }
    }

    /// The id, numbered where it was given before.
    fn unused(&mut self, id: String) -> String {
        let times = self.ids.entry(id.clone()).or_default();
        *times += 1;
        if *times == 1 { id } else { format!("{id}-{}", *times - 1) }
    }

    fn end_cell(&mut self) {
        let content = self.out.split_off(self.cell_start);
        let style = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " style=\"text-align:left;\"",
            Some(Alignment::Right) => " style=\"text-align:right;\"",
            Some(Alignment::Center) => " style=\"text-align:center;\"",
            Some(Alignment::None) | None => "",
        };
        let name = if self.in_head { "th" } else { "td" };
        let id = if self.in_head && self.style.tables_header_id {
            format!(" id=\"{}\"", escaped_attribute(&content.replace(' ', "_").to_lowercase()))
        } else {
            String::new()
        };
        let _ = writeln!(self.out, "<{name}{id}{style}>{content}</{name}>");
        self.column += 1;
    }

    fn task(&mut self, checked: bool) {
        const BOX: &str =
            "<input type=\"checkbox\" disabled style=\"margin: 0px 0.35em 0.25em -1.6em; vertical-align: middle;\"";
        if let Some(start) = self.out.rfind("<li>") {
            self.out.replace_range(start..start + 4, "<li class=\"task-list-item\" style=\"list-style-type: none;\">");
        }
        let _ = write!(self.out, "{BOX}{}> ", if checked { " checked" } else { "" });
    }

    /// Adds `text` to the heading or the image that it stands in; whether it is to be written as well.
    fn note_text(&mut self, text: &str) -> bool {
        if let Some(alt) = self.image() {
            alt.push_str(text);
            return false;
        }
        for open in self.open.iter_mut().rev() {
            if let Open::Heading { text: heading, .. } = open {
                heading.push_str(text);
            }
        }
        true
    }

    fn text(&mut self, text: &str) {
        if !self.note_text(text) {
            return;
        }
        match self.open.last() {
            Some(Open::Code) => self.out.push_str(&escaped_code(text)),
            Some(Open::Email) => self.out.push_str(&encoded(text)),
            _ => {
                let text = escaped_text(text).replace("...", "…");
                let is_linked = self.open.iter().any(|open| matches!(open, Open::Link));
                self.out.push_str(&if is_linked { text } else { self.with_links(&text) });
            }
        }
    }

    /// Addresses and people become links where the style says so.
    fn with_links(&self, text: &str) -> String {
        static ADDRESSES: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"\b(?:https?://|ftp://|www\.)[^\s<>]*[^\s<>.,;:!?'\x22)\]]").ok());
        static PEOPLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(^|\s)@([A-Za-z0-9][\w.-]*\w|\w)").ok());
        let target = self.target();
        let mut text = text.to_owned();
        if let Some(addresses) = ADDRESSES.as_ref().filter(|_| self.style.simplified_auto_link) {
            text = addresses
                .replace_all(&text, |found: &regex::Captures<'_>| {
                    let shown = &found[0];
                    let scheme = if shown.starts_with("www.") { "http://" } else { "" };
                    format!("<a href=\"{scheme}{shown}\"{target}>{shown}</a>")
                })
                .into_owned();
        }
        if let Some(people) = PEOPLE.as_ref().filter(|_| self.style.gh_mentions) {
            text = people
                .replace_all(&text, |found: &regex::Captures<'_>| {
                    let address = self.style.gh_mentions_link.replace("{u}", &found[2]);
                    format!("{}<a href=\"{}\"{target}>@{}</a>", &found[1], escaped_attribute(&address), &found[2])
                })
                .into_owned();
        }
        text
    }
}
