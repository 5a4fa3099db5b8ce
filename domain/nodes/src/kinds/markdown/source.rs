//! Markdown as Showdown reads it, told in the words of `CommonMark`, which the parser reads: the two differ in how lists begin
//! and nest, in what makes a heading, and in where a quote ends.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::to_html::Style;
use crate::NodeError;
use crate::markup::{MAX_DEPTH, too_deep};

/// Stands for an ampersand of the source, so that entities are shown as they were written. Not a character of any text.
pub(super) const AMPERSAND: char = '\u{fdd0}';

/// Stands between the address of an image and its size: `c.png`, this, `10x*`. Not a character of any text either.
pub(super) const SIZE: char = '\u{fdd1}';

/// Whether `text`, which follows an ampersand, ends an entity: `amp;`, `#233;`.
pub(super) fn is_entity(text: &str) -> bool {
    let name = text.strip_prefix('#').unwrap_or(text);
    let length = name.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name.as_bytes().get(length) == Some(&b';')
}

/// What the line before was.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Blank,
    Text,
    List,
    BlankInList,
    Other,
}

/// The source that `CommonMark` reads as Showdown reads `markdown`.
pub(super) fn prepared(markdown: &str, style: &Style) -> Result<String, NodeError> {
    let markdown = markdown.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(markdown.len() + 16);
    let mut before = Before::Nothing;
    let mut fence: Option<&str> = None;
    let mut in_quote = false;
    let lines: Vec<&str> = markdown.split('\n').collect();
    let ahead = quotes_ahead(&lines);
    for (index, line) in lines.iter().copied().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if fence.is_none() {
            let is_blank = line.trim().is_empty();
            if is_blank && in_quote && !style.split_adjacent_blockquotes && ahead[index] {
                // Quotes with nothing but empty lines between them are one.
                out.push('>');
                before = Before::Other;
                continue;
            }
            in_quote = !is_blank && (in_quote || is_quote(line));
        }
        if line.chars().filter(|c| *c == '>').take(MAX_DEPTH + 1).count() > MAX_DEPTH && is_deep_quote(line) {
            return Err(too_deep(MAX_DEPTH));
        }
        let text = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark));
        if let Some(open) = fence {
            if mark == Some(open) {
                fence = None;
            }
            out.push_str(line);
            before = Before::Other;
            continue;
        }
        if mark.is_some() {
            fence = mark;
            out.push_str(line);
            before = Before::Other;
            continue;
        }
        before = write_line(line, text, before, style, &mut out);
    }
    Ok(out.replace('&', &AMPERSAND.to_string()))
}

fn is_deep_quote(line: &str) -> bool {
    let marks = line.chars().take_while(|c| *c == '>' || c.is_whitespace()).filter(|c| *c == '>');
    marks.take(MAX_DEPTH + 1).count() > MAX_DEPTH
}

/// Whether a line begins with the mark of a quote.
fn is_quote(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with('>') && line.len() - text.len() < 4
}

/// For every line, whether the first one from there on that is not empty is one of a quote.
fn quotes_ahead(lines: &[&str]) -> Vec<bool> {
    let mut ahead = vec![false; lines.len()];
    let mut is_ahead = false;
    for (line, ahead) in lines.iter().zip(&mut ahead).rev() {
        if !line.trim().is_empty() {
            is_ahead = is_quote(line);
        }
        *ahead = is_ahead;
    }
    ahead
}

/// Writes text that begins a line or an item. A number with a bracket begins no list, and an image may say how large it is.
fn write_text(text: &str, out: &mut String) {
    static SIZED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let size = r"(\*|\d+[A-Za-z%]{0,4})";
        let pattern = format!(r#"!\[([^\]]*)\]\(\s*(\S+?)\s+={size}x{size}\s*(?:"([^"]*)")?\s*\)"#);
        Regex::new(&pattern).ok()
    });
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    out.push_str(number);
    if (1..=9).contains(&digits) && rest.starts_with(')') {
        out.push('\\');
    }
    let Some(sized) = SIZED.as_ref().filter(|_| rest.contains("![")) else {
        out.push_str(rest);
        return;
    };
    out.push_str(&sized.replace_all(rest, |found: &Captures<'_>| {
        let title = found.get(5).map_or_else(String::new, |title| format!(" \"{}\"", title.as_str()));
        format!("![{}]({}{SIZE}{}x{}{title})", &found[1], &found[2], &found[3], &found[4])
    }));
}

/// Writes one line outside of code, and says what it was.
fn write_line(line: &str, text: &str, before: Before, style: &Style, out: &mut String) -> Before {
    let in_list = matches!(before, Before::List | Before::BlankInList);
    if text.is_empty() {
        return if in_list { Before::BlankInList } else { Before::Blank };
    }
    let indent: usize = line[..line.len() - text.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    if let Some(marker) = list_marker(text).filter(|_| indent < 4 || in_list) {
        if before == Before::Text {
            // A list needs an empty line before it.
            let sign = marker.len() - 1;
            out.push_str(&line[..line.len() - text.len()]);
            out.push_str(&text[..sign]);
            out.push('\\');
            out.push_str(&text[sign..]);
            return Before::Text;
        }
        let indent = if style.disable_forced4_spaces_indented_sublists { indent } else { indent / 4 * 4 };
        out.push_str(&" ".repeat(indent));
        // All bullets are alike.
        let item = text[marker.len()..].trim_start();
        let blanks = text.len() - marker.len() - item.len();
        out.push_str(if marker.len() == 1 { "-" } else { marker });
        out.push_str(&text[marker.len()..marker.len() + blanks]);
        write_text(item, out);
        return Before::List;
    }
    let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
    if indent < 4 && (1..=6).contains(&hashes) {
        out.push_str(&text[..hashes]);
        let title = &text[hashes..];
        if !style.require_space_before_heading_text && !title.starts_with([' ', '\t']) {
            out.push(' ');
        }
        out.push_str(title);
        return Before::Other;
    }
    if indent < 4 || in_list || before == Before::Text {
        out.push_str(&line[..line.len() - text.len()]);
        write_text(text, out);
    } else {
        out.push_str(line);
    }
    match before {
        Before::List => Before::List,
        Before::BlankInList if indent > 0 => Before::List,
        _ if text.starts_with(['>', '<', '|']) || is_rule(text) || (indent >= 4 && before != Before::Text) => {
            Before::Other
        }
        _ => Before::Text,
    }
}

/// The bullet or the number with its dot at the start of `text`, where it begins an item of a list.
fn list_marker(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = match text.as_bytes().get(digits)? {
        b'*' | b'+' | b'-' if digits == 0 => 1,
        b'.' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let goes_on = text[length..].starts_with([' ', '\t']) && !text[length..].trim().is_empty();
    (goes_on && !is_rule(text)).then(|| &text[..length])
}

/// Whether `text` is a line across the page, or underlines a heading.
fn is_rule(text: &str) -> bool {
    ['-', '*', '_', '='].into_iter().any(|sign| {
        let signs = text.chars().filter(|c| *c == sign).take(3).count();
        signs >= 3 && text.chars().all(|c| c == sign || c == ' ' || c == '\t')
    })
}
