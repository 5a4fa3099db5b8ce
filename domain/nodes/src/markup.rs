//! Bounds for documents that people send: how large, and how deeply nested.

use std::cell::Cell;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::{Tracer, TreeBuilder};
use html5ever::{ParseOpts, parse_document};
use scraper::{Html, HtmlTreeSink};

use crate::NodeError;

/// The most bytes that a document may have.
pub(crate) const MAX_BYTES: usize = 32 << 20;

/// The most elements that may stand inside each other. What reads them goes as deep as they are nested, so that this also
/// bounds its stack.
pub(crate) const MAX_DEPTH: usize = 256;

/// Refuses a document that is too large.
pub(crate) fn check_size(text: &str) -> Result<(), NodeError> {
    if text.len() <= MAX_BYTES {
        return Ok(());
    }
    let (size, most) = (text.len() >> 20, MAX_BYTES >> 20);
    Err(NodeError::new("too_large", format!("The document has {size} MB, but at most {most} MB can be read."))
        .describe("Split it into smaller documents.")
        .finally())
}

/// The most bytes that are made of a document: nested lists and quotes grow with every level.
pub(crate) const MAX_MADE: usize = 2 * MAX_BYTES;

/// The error of a document of which too much would be made.
pub(crate) fn too_much() -> NodeError {
    NodeError::new("too_large", format!("More than {} MB would be made of the document.", MAX_MADE >> 20))
        .describe("Split it into smaller documents.")
        .finally()
}

/// The error of a document that is nested too deeply.
pub(crate) fn too_deep(levels: usize) -> NodeError {
    NodeError::new("too_deep", format!("The document is nested more than {levels} levels deep."))
        .describe("Make it flatter, or send the part that matters.")
        .finally()
}

/// How much of a document is parsed between two looks at how deep it is.
const CHUNK: usize = 8 << 10;

/// The most nodes of a document: elements that were not closed in their paragraph are opened again in the next one, so that a
/// short document can stand for a large tree.
const MAX_NODES: usize = 2 << 20;

/// The document that HTML stands for. Like a browser, it takes any text; unlike one, it refuses what is too large or too deep.
pub fn parse_html(text: &str) -> Result<Html, NodeError> {
    check_size(text)?;
    let mut parser = parse_document(HtmlTreeSink::new(Html::new_document()), ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at(rest.floor_char_boundary(CHUNK));
        rest = behind;
        parser.process(chunk.into());
        let builder = &parser.tokenizer.sink;
        if open_elements(builder) > 2 * MAX_DEPTH {
            return Err(too_deep(MAX_DEPTH));
        }
        if builder.sink.0.borrow().tree.values().len() > MAX_NODES {
            return Err(too_much());
        }
    }
    let document = parser.finish();
    if is_deep(&document) { Err(too_deep(MAX_DEPTH)) } else { Ok(document) }
}

/// How many elements the parser holds open, and how many it would open again. At most tags it looks through all of them, so
/// that deep nesting must be found before much more is parsed. An element may be counted twice: it is both.
fn open_elements(builder: &TreeBuilder<NodeId, HtmlTreeSink>) -> usize {
    struct Count(Cell<usize>);
    impl Tracer for Count {
        type Handle = NodeId;

        fn trace_handle(&self, _: &NodeId) {
            self.0.update(|count| count + 1);
        }
    }
    let count = Count(Cell::default());
    builder.trace_handles(&count);
    count.0.get()
}

/// Whether more elements than what may stand inside each other do.
fn is_deep(document: &Html) -> bool {
    let mut depth = 0_usize;
    document.tree.root().traverse().any(|edge| {
        match edge {
            Edge::Open(node) if node.value().is_element() => depth += 1,
            Edge::Close(node) if node.value().is_element() => depth -= 1,
            Edge::Open(_) | Edge::Close(_) => {}
        }
        depth > MAX_DEPTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_bounded() {
        assert_eq!(parse_html(&"<div>".repeat(100_000)).unwrap_err().code, "too_deep");
        assert_eq!(parse_html(&"<b><i>".repeat(50_000)).unwrap_err().code, "too_deep");
        assert_eq!(parse_html(&"x".repeat(MAX_BYTES + 1)).unwrap_err().code, "too_large");
        assert!(parse_html(&"<table><tr><td>".repeat(200)).is_err());
        assert!(parse_html(&"<div>".repeat(MAX_DEPTH - 2)).is_ok());
        assert!(parse_html(&"<li><p>é".repeat(10_000)).is_ok());
        assert!(parse_html(&"<p><b>x</b></p>".repeat(10_000)).is_ok());
        assert!(parse_html("<script>for(i=0;i<n;i++)</script>").is_ok());
        assert!(parse_html("<").is_ok() && parse_html("<!--").is_ok() && parse_html("</é").is_ok());
    }

    #[test]
    fn depth_cannot_be_hidden_from_the_bound() {
        for (before, piece) in [
            ("", "<div></x>"),
            ("", "<div><!-->"),
            ("", "<div title='</div>'>"),
            ("", "<div></rt>"),
            ("", "<rt>"),
            ("", "<div><script></script>"),
            ("<table>", "<div></x>"),
            ("<svg>", "<g></x>"),
        ] {
            let text = format!("{before}{}", piece.repeat(4_000_000 / piece.len()));
            assert_eq!(parse_html(&text).err().map(|error| error.code.clone()).as_deref(), Some("too_deep"), "{piece}");
        }
    }

    #[test]
    fn what_is_opened_again_and_again_is_bounded() {
        let opened: Vec<String> = (0..200).map(|n| format!("<b a={n}>")).collect();
        let text = format!("<p>{}{}", opened.concat(), "<p>x".repeat(1_000_000));
        assert_eq!(parse_html(&text).err().map(|error| error.code.clone()).as_deref(), Some("too_large"));
    }

    #[test]
    fn markup_inside_of_text_is_not_nested() {
        for piece in ["<style><a><b></style>", "<!-- <a><b> -->", "<a title='<div>'></a>", "<br><é>x"] {
            assert!(parse_html(&piece.repeat(10_000)).is_ok(), "{piece}");
        }
    }
}
