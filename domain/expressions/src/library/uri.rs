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

/// `escape` (ECMA-262, annex B.2.1.1): units of UTF-16 as `%XX` or `%uXXXX`.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for unit in text.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(plain) if plain.is_ascii_alphanumeric() || "@*_+-./".contains(plain) => out.push(plain),
            Ok(_) => write_hex(&mut out, "%", unit, 2),
            Err(_) => write_hex(&mut out, "%u", unit, 4),
        }
    }
    out
}

fn write_hex(out: &mut String, sign: &str, unit: u16, digits: u32) {
    out.push_str(sign);
    for place in (0..digits).rev() {
        let half = u32::from(unit) >> (4 * place) & 15;
        out.extend(char::from_digit(half, 16).map(|digit| digit.to_ascii_uppercase()));
    }
}

/// `unescape` (ECMA-262, annex B.2.1.2): what is broken stays as it is.
pub(super) fn unescape(text: &str) -> String {
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let long = rest.strip_prefix("%u").and_then(|behind| hex(behind, 4));
        let short = || rest.strip_prefix('%').and_then(|behind| hex(behind, 2));
        if let Some((unit, behind)) = long.or_else(short) {
            units.push(unit);
            rest = behind;
        } else {
            units.extend_from_slice(first.encode_utf16(&mut [0; 2]));
            rest = &rest[first.len_utf8()..];
        }
    }
    String::from_utf16_lossy(&units)
}

fn hex(text: &str, digits: usize) -> Option<(u16, &str)> {
    let number = text.get(..digits).filter(|number| number.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((u16::from_str_radix(number, 16).ok()?, &text[digits..]))
}
