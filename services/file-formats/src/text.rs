//! Encodings of text, by the names that people and n8n (iconv-lite) use.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::FormatError;

/// What happens with the mark that says how a text is encoded (U+FEFF at its beginning).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is written, or left in what is read.
    Kept,
    /// It is not written, and removed from what is read.
    Left,
}

/// The text that bytes stand for. What is no text in that encoding becomes U+FFFD, as everywhere.
pub fn decode(bytes: &[u8], encoding: &str, mark: Mark) -> Result<String, FormatError> {
    let text = encoding_of(encoding)?.decode_without_bom_handling(bytes).0;
    Ok(match mark {
        Mark::Left => text.strip_prefix('\u{feff}').map_or_else(|| text.to_string(), str::to_owned),
        Mark::Kept => text.into_owned(),
    })
}

/// The bytes of a text. A character that the encoding has not is refused rather than changed.
pub fn encode(text: &str, encoding: &str, mark: Mark) -> Result<Vec<u8>, FormatError> {
    let known = encoding_of(encoding)?;
    let is_unicode = [UTF_8, UTF_16LE, UTF_16BE].contains(&known);
    let text = match mark {
        Mark::Kept if is_unicode => Cow::Owned(format!("\u{feff}{text}")),
        Mark::Kept | Mark::Left => Cow::Borrowed(text),
    };
    if known == UTF_16LE {
        return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if known == UTF_16BE {
        return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, is_lossy) = known.encode(&text);
    if is_lossy {
        return Err(FormatError::Unknown(format!("The text has characters that the encoding “{encoding}” has not.")));
    }
    Ok(bytes.into_owned())
}

/// The encoding of that name: a label of the WHATWG Encoding Standard, or one that iconv-lite has for the same.
fn encoding_of(name: &str) -> Result<&'static Encoding, FormatError> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let label = match plain.as_str() {
        "" | "utf8" | "unicode11utf8" => "utf-8",
        "utf16" | "utf16le" | "ucs2" => "utf-16le",
        "utf16be" => "utf-16be",
        "binary" | "latin1" | "ascii" | "usascii" => "windows-1252",
        "win874" | "cp874" => "windows-874",
        "cp866" => "ibm866",
        "cp932" | "ms932" | "shiftjis" | "sjis" => "shift_jis",
        "cp936" | "gb2312" | "euccn" => "gbk",
        "cp949" | "euckr" => "euc-kr",
        "cp950" | "big5hkscs" => "big5",
        "eucjp" => "euc-jp",
        "macintosh" | "macroman" => "macintosh",
        other => {
            let page = other.strip_prefix("windows").or(other.strip_prefix("win")).or(other.strip_prefix("cp"));
            let of_windows = page.filter(|page| page.starts_with("125")).map(|page| format!("windows-{page}"));
            let of_iso = other.strip_prefix("iso8859").map(|part| format!("iso-8859-{part}"));
            let label = of_windows.or(of_iso).unwrap_or_else(|| name.to_ascii_lowercase());
            let unknown = || FormatError::Unknown(format!("The encoding “{name}” is not known here."));
            return Encoding::for_label(label.as_bytes()).ok_or_else(unknown);
        }
    };
    Encoding::for_label(label.as_bytes()).ok_or_else(|| FormatError::Unknown(format!("no encoding “{label}”")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_and_read_in_encodings_of_many_names() {
        for (encoding, text, bytes) in [
            ("utf8", "é", &b"\xc3\xa9"[..]),
            ("utf-8", "a", b"a"),
            ("utf16le", "é", b"\xe9\0"),
            ("UCS-2", "a", b"a\0"),
            ("utf16be", "a", b"\0a"),
            ("latin1", "é", b"\xe9"),
            ("win1252", "€", b"\x80"),
            ("cp1251", "я", b"\xff"),
            ("iso88592", "ł", b"\xb3"),
            ("iso-8859-15", "€", b"\xa4"),
            ("shiftjis", "あ", b"\x82\xa0"),
            ("koi8-r", "я", b"\xd1"),
            ("gbk", "中", b"\xd6\xd0"),
        ] {
            assert_eq!(encode(text, encoding, Mark::Left).unwrap(), bytes, "{encoding}");
            assert_eq!(decode(bytes, encoding, Mark::Left).unwrap(), text, "{encoding}");
        }
    }

    #[test]
    fn the_mark_is_written_and_removed_where_that_is_asked() {
        assert_eq!(encode("a", "utf8", Mark::Kept).unwrap(), b"\xef\xbb\xbfa");
        assert_eq!(encode("a", "latin1", Mark::Kept).unwrap(), b"a", "there is no such mark");
        assert_eq!(decode(b"\xef\xbb\xbfa", "utf8", Mark::Left).unwrap(), "a");
        assert_eq!(decode(b"\xef\xbb\xbfa", "utf8", Mark::Kept).unwrap(), "\u{feff}a");
        assert_eq!(decode(b"\xff\xfea\0", "utf16le", Mark::Left).unwrap(), "a");
    }

    #[test]
    fn unknown_encodings_and_characters_that_one_has_not_are_refused() {
        assert!(decode(b"a", "klingon", Mark::Left).unwrap_err().to_string().contains("klingon"));
        assert!(encode("中", "latin1", Mark::Left).unwrap_err().to_string().contains("latin1"));
    }
}
