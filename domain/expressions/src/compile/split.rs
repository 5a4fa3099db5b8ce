//! Text and `{{ }}` blocks.

/// One part of a template; places are bytes of the source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Text, with `\{{` and `\}}` already unescaped.
    Text(String),
    /// What stands between `{{` and the first `}}`, and the ends of the block when later `}}` are taken instead.
    Block { start: usize, code: &'a str },
    /// A `{{` that is never closed, at this byte.
    Unclosed(usize),
}

/// The place of the next `brackets` in `source` from `from` that no backslash escapes.
fn find(source: &str, brackets: &str, mut from: usize) -> Option<usize> {
    loop {
        let at = from + source.get(from..)?.find(brackets)?;
        if at == 0 || source.as_bytes()[at - 1] != b'\\' {
            return Some(at);
        }
        from = at + brackets.len();
    }
}

/// Splits the next part off `source` at `from`; gives the part and where it ends. `accept` says whether a piece of code is
/// complete, so that `}}` inside of an object literal or a string does not end a block early.
pub(crate) fn next_part(source: &str, from: usize, accept: impl FnMut(&str) -> bool) -> (Part<'_>, usize) {
    match find(source, "{{", from) {
        None => (Part::Text(unescaped(&source[from..])), source.len()),
        Some(open) if open > from => (Part::Text(unescaped(&source[from..open])), open),
        Some(open) => block(source, open, accept),
    }
}

/// The most `}}` that are tried as the end of one block; it bounds the work on hostile text.
const MOST_ENDS: usize = 12;

fn block(source: &str, open: usize, mut accept: impl FnMut(&str) -> bool) -> (Part<'_>, usize) {
    let start = open + 2;
    let Some(first) = find(source, "}}", start) else {
        return (Part::Unclosed(open), source.len());
    };
    let mut end = first;
    for _ in 0..MOST_ENDS {
        // `}}}`: the first brace belongs to the code, where that makes sense of it.
        if accept(&source[start..end]) {
            return (Part::Block { start, code: &source[start..end] }, end + 2);
        }
        let Some(next) = find(source, "}}", end + 1) else { break };
        if source[end..next].contains("{{") {
            break;
        }
        end = next;
    }
    (Part::Block { start, code: &source[start..first] }, first + 2)
}

fn unescaped(text: &str) -> String {
    text.replace("\\{{", "{{").replace("\\}}", "}}")
}
