//! The text of an element laid out in lines, in the shapes of html-to-text (its README): paragraphs apart, headings in capitals,
//! addresses of links in brackets, lines of at most eighty characters.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node, Selector};
use std::fmt::Write as _;

use crate::NodeError;
use crate::markup::{MAX_MADE, too_much};

const WIDTH: usize = 80;

/// How the cells of a table stand in their line.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Cells {
    /// With a blank between them.
    Apart,
    /// As html-to-text puts them, with nothing between them.
    Together,
}

/// What parts words. A no-break space does not.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}' | '\u{200b}')
}

/// The text inside of `element`, without what `skipped` matches.
pub(super) fn of(element: ElementRef<'_>, skipped: Option<&Selector>, cells: Cells) -> Result<String, NodeError> {
    let (out, words) = (String::new(), String::new());
    let mut layout = Layout { skipped, cells, out, words, gap: 0, capitals: false, indents: Vec::new() };
    layout.children(*element);
    layout.end_line();
    if layout.is_full() {
        return Err(too_much());
    }
    Ok(layout.out.trim_matches('\n').to_owned())
}

struct Layout<'a> {
    skipped: Option<&'a Selector>,
    cells: Cells,
    out: String,
    /// The text of the line that is being written; a run of blanks is one.
    words: String,
    /// How many line ends the next text needs before it.
    gap: usize,
    capitals: bool,
    /// What stands at the start of every line, and of the first line only.
    indents: Vec<(String, Option<String>)>,
}

impl Layout<'_> {
    /// Whether so much was written that nothing more is, and all of it is refused in the end.
    fn is_full(&self) -> bool {
        self.out.len() > MAX_MADE
    }

    fn children(&mut self, node: NodeRef<'_, Node>) {
        for child in node.children() {
            match child.value() {
                _ if self.is_full() => return,
                Node::Text(text) => self.text(text),
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(child)
                        && self.skipped.is_none_or(|skipped| !skipped.matches(&element))
                    {
                        self.element(element);
                    }
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        let text = if self.capitals { text.to_uppercase() } else { text.to_owned() };
        if text.starts_with(is_blank) {
            self.words.push(' ');
        }
        let words: Vec<&str> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
        self.words.push_str(&words.join(" "));
        if !words.is_empty() && text.ends_with(is_blank) {
            self.words.push(' ');
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "script" | "style" | "head" | "template" => {}
            "br" => {
                // After text it ends the line; after another one it leaves a line empty.
                let ends_text = !self.words.trim().is_empty();
                self.end_line();
                self.gap = if ends_text { 1 } else { self.gap + 1 };
            }
            "hr" => self.block(2, |layout| layout.words.push_str(&"-".repeat(WIDTH))),
            "a" => self.link(element),
            "img" => self.image(element),
            "h1" | "h2" | "h3" => self.heading(element, 3),
            "h4" | "h5" | "h6" => self.heading(element, 2),
            "ul" | "ol" => self.list(element),
            "blockquote" => self.block(2, |layout| layout.indented("> ", None, |layout| layout.children(*element))),
            "pre" => self.block(2, |layout| layout.lines(&element.text().collect::<String>())),
            "p" | "table" => self.block(2, |layout| layout.children(*element)),
            "article" | "aside" | "div" | "footer" | "form" | "header" | "main" | "nav" | "section" | "tr" => {
                self.block(1, |layout| layout.children(*element));
            }
            "td" | "th" if self.cells == Cells::Apart => {
                self.words.push(' ');
                self.children(*element);
                self.words.push(' ');
            }
            _ => self.children(*element),
        }
    }

    fn block(&mut self, gap: usize, write: impl FnOnce(&mut Self)) {
        self.end_line();
        self.gap = self.gap.max(gap);
        write(self);
        self.end_line();
        self.gap = self.gap.max(gap);
    }

    fn heading(&mut self, element: ElementRef<'_>, gap: usize) {
        self.end_line();
        self.gap = self.gap.max(gap);
        let before = std::mem::replace(&mut self.capitals, true);
        self.block(2, |layout| layout.children(*element));
        self.capitals = before;
    }

    fn list(&mut self, element: ElementRef<'_>) {
        let inner = !self.indents.is_empty();
        let numbered = element.value().name() == "ol";
        let first: usize = element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        self.block(if inner { 1 } else { 2 }, |layout| {
            for (index, item) in element.child_elements().filter(|child| child.value().name() == "li").enumerate() {
                let mark = if numbered { format!(" {}. ", first.saturating_add(index)) } else { " * ".to_owned() };
                let indent = " ".repeat(mark.len());
                layout.block(1, |layout| layout.indented(&indent, Some(mark), |layout| layout.children(*item)));
            }
        });
    }

    /// What `write` writes, with `every` before every line and `first` before the first one.
    fn indented(&mut self, every: &str, first: Option<String>, write: impl FnOnce(&mut Self)) {
        self.indents.push((every.to_owned(), first));
        write(self);
        self.end_line();
        // An entry of a list without a text is an entry all the same.
        if self.indents.last().is_some_and(|(_, first)| first.is_some()) {
            self.start_line();
            self.gap = 1;
        }
        self.indents.pop();
    }

    fn link(&mut self, element: ElementRef<'_>) {
        let start = self.words.len();
        self.children(*element);
        let text = self.words.get(start..).unwrap_or_default().trim();
        match element.attr("href").filter(|href| !href.is_empty() && *href != text) {
            Some(href) if text.is_empty() => {
                let _ = write!(self.words, "[{href}]");
            }
            Some(href) => {
                let _ = write!(self.words, " [{href}]");
            }
            None => {}
        }
    }

    fn image(&mut self, element: ElementRef<'_>) {
        let alt = element.attr("alt").unwrap_or_default();
        match element.attr("src").filter(|source| !source.is_empty()) {
            Some(source) if alt.is_empty() => {
                let _ = write!(self.words, "[{source}]");
            }
            Some(source) => {
                let _ = write!(self.words, "{alt} [{source}]");
            }
            None => self.words.push_str(alt),
        }
    }

    /// Text whose lines stay as they are.
    fn lines(&mut self, text: &str) {
        for line in text.trim_matches('\n').split('\n') {
            if self.is_full() {
                return;
            }
            self.start_line();
            self.out.push_str(line);
            self.gap = 1;
        }
    }

    /// Writes the words that were gathered, in lines of at most [`WIDTH`] characters.
    fn end_line(&mut self) {
        let words = std::mem::take(&mut self.words);
        let indent: usize = self.indents.iter().map(|(every, _)| every.chars().count()).sum();
        let width = WIDTH.saturating_sub(indent).max(20);
        let mut length = 0;
        for word in words.split(is_blank).filter(|word| !word.is_empty()) {
            if self.is_full() {
                return;
            }
            let size = word.chars().count();
            if length == 0 || length + 1 + size > width {
                self.start_line();
                length = 0;
                self.gap = 1;
            } else {
                self.out.push(' ');
                length += 1;
            }
            self.out.push_str(word);
            length += size;
        }
    }

    fn start_line(&mut self) {
        if !self.out.is_empty() {
            self.out.extend(std::iter::repeat_n('\n', self.gap.max(1)));
        }
        self.gap = 0;
        for (every, first) in &mut self.indents {
            self.out.push_str(&first.take().unwrap_or_else(|| every.clone()));
        }
    }
}
