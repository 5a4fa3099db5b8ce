//! Blanks, line ends and delimiters.

/// Whether a blank stands behind the document type: it stays at the beginning of the Markdown.
pub(super) fn doctype_leaves_blank(html: &str) -> bool {
    let start = html.trim_start();
    let is_doctype = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    is_doctype && start.find('>').is_some_and(|end| start[end + 1..].starts_with(char::is_whitespace))
}

/// Runs of more than `most` line ends, with blanks between them, become the last `most` of them.
pub(super) fn at_most_newlines(text: &str, most: usize) -> String {
    if most == 0 {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\n') {
        let start = if rest[..start].ends_with('\r') { start - 1 } else { start };
        out.push_str(&rest[..start]);
        let run = &rest[start..];
        let length = run.find(|c: char| !c.is_whitespace()).unwrap_or(run.len());
        let (run, behind) = run.split_at(length);
        let ends: Vec<usize> = run.match_indices('\n').map(|(at, _)| at).collect();
        let kept = if ends.len() > most { ends[ends.len() - most] } else { 0 };
        out.push_str(&run[kept..]);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The text with at most one blank at each end, none where a line ended there.
pub(super) fn trimmed(text: &str) -> String {
    let inner = text.trim();
    let start = text.len() - text.trim_start().len();
    let is_blank = |c: char| c.is_whitespace() && c != '\n' && c != '\r';
    let before = text[..start].chars().next_back().is_some_and(is_blank);
    let after = text[start + inner.len()..].chars().next().is_some_and(is_blank);
    format!("{}{inner}{}", if before { " " } else { "" }, if after { " " } else { "" })
}

/// `text` with its first `pattern` replaced.
pub(super) fn replace_first(text: &str, pattern: &str, by: &str) -> String {
    if pattern.is_empty() { text.to_owned() } else { text.replacen(pattern, by, 1) }
}

/// The words of every line between delimiters; blanks at the ends stay outside.
pub(super) fn surrounded(content: &str, delimiter: &str) -> String {
    let lines = content.split('\n').map(|line| {
        let text = line.trim();
        if text.is_empty() {
            return line.to_owned();
        }
        let start = line.len() - line.trim_start().len();
        format!("{}{delimiter}{text}{delimiter}{}", &line[..start], &line[start + text.len()..])
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The text with every run of line ends as a blank.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\r', '\n']).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}
