//! Addresses, e-mails and markup within text.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern of ours, compiled once.
fn pattern(cell: &'static OnceLock<Option<Regex>>, source: &str) -> Option<&'static Regex> {
    cell.get_or_init(|| Regex::new(source).ok()).as_ref()
}

const EMAIL: &str = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+";
const URL: &str = r#"(?i)\b(?:https?|ftp)://(?:localhost|(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:[a-z0-9-]+[a-z]|\d{1,3}))(?::\d{2,5})?(?:[/?#][^\s"'<>]*)?"#;

/// The first e-mail address in `text`.
pub(super) fn find_email(text: &str) -> Option<&str> {
    static CELL: OnceLock<Option<Regex>> = OnceLock::new();
    pattern(&CELL, EMAIL)?.find(text).map(|found| found.as_str())
}

/// Whether all of `text` is an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let is_name = |label: &str| label.len() > 1 && label.ends_with(|c: char| c.is_ascii_alphabetic());
    text.rsplit('.').next().is_some_and(is_name) && find_email(text).is_some_and(|found| found.len() == text.len())
}

/// The first address in `text` that begins with http or ftp.
pub(super) fn find_url(text: &str) -> Option<&str> {
    static CELL: OnceLock<Option<Regex>> = OnceLock::new();
    pattern(&CELL, URL)?.find(text).map(|found| found.as_str())
}

/// Whether all of `text` is an address of the web, or of files.
pub(super) fn is_url(text: &str) -> bool {
    static CELL: OnceLock<Option<Regex>> = OnceLock::new();
    let host = r"(?:localhost|(?:[A-Za-z0-9_-]+\.)+(?:[A-Za-z0-9-]{2,}\.?|[0-9]))";
    pattern(&CELL, &format!(r"^(?i:https?|ftp)://{host}(?::\d+)?(?:[/?#]\S*)?$"))
        .is_some_and(|pattern| pattern.is_match(text))
}

/// Whether `text` is a domain name with at least two labels, or this machine's; a port and a path may follow.
pub(super) fn is_domain(text: &str) -> bool {
    let end = text.find([':', '/', '?', '#']).unwrap_or(text.len());
    let (host, rest) = text.split_at(end);
    let port = rest.strip_prefix(':').map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    is_host(host) && port.is_none_or(is_port) && !rest.contains(char::is_whitespace)
}

fn is_host(text: &str) -> bool {
    static CELL: OnceLock<Option<Regex>> = OnceLock::new();
    let source = r"^(?:(?:[-A-Za-z0-9_]+\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]+)|(?:[0-9]{1,3}\.){3}[0-9]{1,3})$";
    text == "localhost" || pattern(&CELL, source).is_some_and(|pattern| pattern.is_match(text))
}

/// The domain of an address or of an e-mail address.
pub(super) fn domain(text: &str) -> Option<&str> {
    let rest = match text.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || is_scheme(scheme) => rest,
        Some(_) | None => text.strip_prefix("mailto:").unwrap_or(text),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, host) = host.rsplit_once('@').unwrap_or(("", host));
    let host = host.split(':').next().unwrap_or_default();
    (is_host(host) && !user.contains(char::is_whitespace)).then_some(host)
}

/// Whether `text` is what stands before `//` in an address.
fn is_scheme(text: &str) -> bool {
    let name = text.strip_suffix(':').unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// The path of an address.
pub(super) fn url_path(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("//").filter(|(scheme, _)| is_scheme(scheme))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if scheme.is_empty() || host.is_empty() || host.contains(|c: char| c.is_whitespace() || "<>^|`\"{}".contains(c)) {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Some(if path.is_empty() { "/".to_owned() } else { super::uri::encode(path, PATH) })
}

/// What stays as it is in the path of an address (WHATWG URL, path percent-encode set).
const PATH: &str = "!$%&'()*+,-./:;=@[\\]^_|~";

/// `text` without tags.
pub(super) fn without_tags(text: &str) -> String {
    static CELL: OnceLock<Option<Regex>> = OnceLock::new();
    pattern(&CELL, r"<[^>]*>").map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, "").into_owned())
}

/// `text` without the marks of Markdown, and without tags.
pub(super) fn without_markdown(text: &str) -> String {
    static CELL: OnceLock<Vec<(Regex, &'static str)>> = OnceLock::new();
    let rules = CELL.get_or_init(|| {
        let rules = [
            (r"(?m)^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$", ""),
            (r"(?m)^([ \t]*)(?:[*+-]|\d+\.)[ \t]+", "$1"),
            (r"\n={2,}", "\n"),
            (r"(?m)^(?:~{3}|`{3}).*$\n?", ""),
            (r"<[^>]*>", ""),
            (r"!\[[^\]]*\][\[(][^\])]*[\])]", ""),
            (r"\[([^\]]*)\][\[(][^\])]*[\])]", "$1"),
            (r"(?m)^([ \t]{0,3})>", "$1"),
            (r"(?m)^[ \t]{0,3}#{1,6}[ \t]*(.*?)[ \t]*#*[ \t]*$", "$1"),
            (r"\*{1,3}([^*\s](?:[^*]*[^*\s])?)\*{1,3}", "$1"),
            (r"\b_{1,3}([^_\s](?:[^_]*[^_\s])?)_{1,3}\b", "$1"),
            (r"`+([^`]+)`+", "$1"),
            (r"~~", ""),
            (r"\n{3,}", "\n\n"),
        ];
        rules.into_iter().filter_map(|(source, with)| Some((Regex::new(source).ok()?, with))).collect()
    });
    rules.iter().fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
}

/// The letter without its accents, for the letters of Europe; others stay.
pub(super) fn base_letter(letter: char) -> char {
    const BASES: &[(char, &str)] = &[
        ('a', "àáâãäåāăą"),
        ('A', "ÀÁÂÃÄÅĀĂĄ"),
        ('c', "çćĉċč"),
        ('C', "ÇĆĈĊČ"),
        ('d', "ďđ"),
        ('D', "ĎĐ"),
        ('e', "èéêëēĕėęě"),
        ('E', "ÈÉÊËĒĔĖĘĚ"),
        ('g', "ĝğġģ"),
        ('G', "ĜĞĠĢ"),
        ('h', "ĥħ"),
        ('H', "ĤĦ"),
        ('i', "ìíîïĩīĭįı"),
        ('I', "ÌÍÎÏĨĪĬĮİ"),
        ('j', "ĵ"),
        ('J', "Ĵ"),
        ('k', "ķ"),
        ('K', "Ķ"),
        ('l', "ĺļľŀł"),
        ('L', "ĹĻĽĿŁ"),
        ('n', "ñńņň"),
        ('N', "ÑŃŅŇ"),
        ('o', "òóôõöøōŏő"),
        ('O', "ÒÓÔÕÖØŌŎŐ"),
        ('r', "ŕŗř"),
        ('R', "ŔŖŘ"),
        ('s', "śŝşšș"),
        ('S', "ŚŜŞŠȘ"),
        ('t', "ţťŧț"),
        ('T', "ŢŤŦȚ"),
        ('u', "ùúûüũūŭůűų"),
        ('U', "ÙÚÛÜŨŪŬŮŰŲ"),
        ('w', "ŵ"),
        ('W', "Ŵ"),
        ('y', "ýÿŷ"),
        ('Y', "ÝŸŶ"),
        ('z', "źżž"),
        ('Z', "ŹŻŽ"),
    ];
    if letter.is_ascii() {
        return letter;
    }
    BASES.iter().find(|(_, letters)| letters.contains(letter)).map_or(letter, |(base, _)| *base)
}

/// `text` in ASCII, as near as letters allow.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("AE"),
            'œ' => out.push_str("oe"),
            'Œ' => out.push_str("OE"),
            'þ' => out.push_str("th"),
            'Þ' => out.push_str("TH"),
            'ð' => out.push('d'),
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            '–' | '—' => out.push('-'),
            '…' => out.push_str("..."),
            other => out.push(base_letter(other)),
        }
    }
    out
}
