//! Percent encoding (ECMA-262, section 19.2.6; RFC 3986).

/// What `encodeURIComponent` leaves as it is.
pub(super) const COMPONENT: &str = "-_.!~*'()";
/// What `encodeURI` leaves as it is.
pub(super) const WHOLE: &str = "-_.!~*'();/?:@&=+$,#";

/// Percent-encodes all but letters, digits and what stands in `keep`.
pub(super) fn encode(text: &str, keep: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && keep.contains(char::from(byte))) {
            out.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// Encodes for a form (`application/x-www-form-urlencoded`).
pub(super) fn form(text: &str) -> String {
    encode(text, "-_.* ").replace(' ', "+")
}

/// Decodes percent encoding, except for characters in `keep`; `None` where it is broken.
pub(super) fn decode(text: &str, keep: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        let byte = u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok()?;
        if byte.is_ascii() && keep.contains(char::from(byte)) {
            out.extend_from_slice(&bytes[at..at + 3]);
        } else {
            out.push(byte);
        }
        at += 3;
    }
    String::from_utf8(out).ok()
}
