//! Texts of HTML: escaped, indented, and the id that a heading has of its own.

use std::fmt::Write as _;

use super::source;

/// The heading without the `{id}` at its end, and that id.
pub(super) fn own_id(content: &str) -> Option<(&str, &str)> {
    let (before, id) = content.strip_suffix('}')?.rsplit_once('{')?;
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    is_id.then(|| (before.trim_end(), id))
}

/// Every line of `html` two blanks further, but for what is inside of `<pre>`.
pub(super) fn indented(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut in_code = false;
    for (index, line) in html.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if !in_code && !line.is_empty() {
            out.push_str("  ");
        }
        out.push_str(line);
        in_code = match (line.rfind("<pre>"), line.rfind("</pre>")) {
            (Some(start), Some(end)) => start > end,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => in_code,
        };
    }
    out
}

/// Text as HTML: what the source wrote as an entity stays one.
pub(super) fn escaped_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', source::AMPERSAND]) {
        out.push_str(&rest[..at]);
        let sign = rest[at..].chars().next().unwrap_or('&');
        rest = &rest[at + sign.len_utf8()..];
        out.push_str(match sign {
            '<' => "&lt;",
            '>' => "&gt;",
            source::AMPERSAND if source::is_entity(rest) => "&",
            _ => "&amp;",
        });
    }
    out.push_str(rest);
    out
}

pub(super) fn escaped_attribute(text: &str) -> String {
    escaped_text(text).replace('"', "&quot;")
}

pub(super) fn escaped_code(text: &str) -> String {
    text.replace(['&', source::AMPERSAND], "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Every character as an entity, so that simple programs do not find addresses.
pub(super) fn encoded(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        let _ = write!(out, "&#{};", u32::from(c));
        out
    })
}
