//! Bounds for documents that people send: how large, and how deeply nested.

use ego_tree::iter::Edge;
use scraper::Html;

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
pub(crate) fn too_deep() -> NodeError {
    NodeError::new("too_deep", format!("The document is nested more than {MAX_DEPTH} levels deep."))
        .describe("Make it flatter, or send the part that matters.")
        .finally()
}

/// The document that HTML stands for. Like a browser, it takes any text; unlike one, it refuses what is too large or too deep.
pub(crate) fn parse_html(text: &str) -> Result<Html, NodeError> {
    check_size(text)?;
    // The parser looks through all open elements at most tags, so that deep nesting must be found before it begins.
    if nesting(text) > MAX_DEPTH {
        return Err(too_deep());
    }
    let document = Html::parse_document(text);
    // Elements that open without a tag of their own, such as the body of a table, make it deeper than it was written.
    let mut depth = 0_usize;
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) if node.value().is_element() => depth += 1,
            Edge::Close(node) if node.value().is_element() => depth -= 1,
            Edge::Open(_) | Edge::Close(_) => {}
        }
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
    }
    Ok(document)
}

/// Elements without an end tag, and those whose end tag may be left out: they do not nest by themselves.
const UNNESTED: &[&str] = &[
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li",
    "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead",
    "tr", "track", "wbr",
];

/// Elements whose inside is text alone.
const RAW: &[&str] = &["script", "style", "textarea", "title"];

/// How many elements are open at once at most, by their tags.
fn nesting(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        let (closes, tag) = match rest.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        let length = tag.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        if length == 0 {
            continue;
        }
        let name = tag[..length].to_ascii_lowercase();
        rest = &tag[length..];
        if UNNESTED.contains(&name.as_str()) {
            continue;
        }
        if closes {
            open = open.saturating_sub(1);
        } else if RAW.contains(&name.as_str()) {
            rest = behind_end(rest, &name);
        } else {
            open += 1;
            deepest = deepest.max(open);
        }
    }
    deepest
}

/// What follows the end tag of `name`.
fn behind_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return &rest[name.len()..];
        }
    }
    ""
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
    fn text_elements_hide_tags() {
        assert_eq!(nesting("<style><a><b></style><div>"), 1);
        assert_eq!(nesting("<!-- <a><b> --><div><span></span></div>"), 2);
    }
}
