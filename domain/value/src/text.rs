//! Strings with JavaScript's lengths and slices over Rust's UTF-8.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An immutable string that is cheap to clone. Its bytes are UTF-8; its [`length`](Text::utf16_len) and
/// [slices](Text::utf16_slice) count UTF-16 code units, as JavaScript does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// The number of UTF-16 code units: JavaScript's `length`.
    pub fn utf16_len(&self) -> usize {
        if self.0.is_ascii() { self.0.len() } else { self.0.encode_utf16().count() }
    }

    /// The code units from `start` up to `end`, both already clamped to the length. A surrogate pair that is cut in two
    /// leaves U+FFFD, since UTF-8 cannot hold half of a pair.
    #[must_use]
    pub fn utf16_slice(&self, start: usize, end: usize) -> Self {
        if start >= end {
            return Self::from("");
        }
        if self.0.is_ascii() {
            let end = end.min(self.0.len());
            return Self::from(&self.0[start.min(end)..end]);
        }
        let units: Vec<u16> = self.0.encode_utf16().skip(start).take(end - start).collect();
        Self::from(String::from_utf16_lossy(&units))
    }

    /// The string as Rust sees it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Arc::from(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::from(text))
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_slices_count_utf16_units() {
        let text = Text::from("a😀é");
        assert_eq!(text.utf16_len(), 4);
        assert_eq!(text.utf16_slice(1, 3).as_str(), "😀");
        assert_eq!(text.utf16_slice(3, 4).as_str(), "é");
        assert_eq!(text.utf16_slice(2, 2).as_str(), "");
        assert_eq!(text.utf16_slice(1, 2).as_str(), "\u{fffd}");
    }
}
