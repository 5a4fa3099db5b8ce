//! Strings with JavaScript's lengths and slices over Rust's UTF-8.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use lean_string::LeanString;
use serde::de::{Deserialize, Deserializer, Visitor};

/// An immutable string that is cheap to clone. Its bytes are UTF-8; its [`length`](Text::utf16_len) and
/// [slices](Text::utf16_slice) count UTF-16 code units, as JavaScript does.
///
/// Up to 16 bytes, which most keys and many values have, are in the string itself; longer ones are shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(LeanString);

impl Text {
    /// The number of UTF-16 code units: JavaScript's `length`.
    pub fn utf16_len(&self) -> usize {
        let text = self.as_str();
        if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
    }

    /// The code units from `start` up to `end`, both already clamped to the length. A surrogate pair that is cut in two
    /// leaves U+FFFD, since UTF-8 cannot hold half of a pair.
    #[must_use]
    pub fn utf16_slice(&self, start: usize, end: usize) -> Self {
        if start >= end {
            return Self::from("");
        }
        let text = self.as_str();
        if text.is_ascii() {
            let end = end.min(text.len());
            return Self::from(&text[start.min(end)..end]);
        }
        let units: Vec<u16> = text.encode_utf16().skip(start).take(end - start).collect();
        Self::from(String::from_utf16_lossy(&units))
    }

    /// Adds `more` at the end: in place where nothing else holds the string, else in a copy.
    pub fn push_str(&mut self, more: &str) {
        self.0.push_str(more);
    }

    /// The bytes that it can hold before it needs more memory.
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// The string as Rust sees it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(LeanString::from(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(LeanString::from(text))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_the_same_whether_it_is_short_or_shared() {
        for length in [0, 1, 15, 16, 17, 100] {
            let plain = "é".repeat(length);
            let text = Text::from(plain.as_str());
            let copy = text.clone();
            assert_eq!((text.as_str(), copy.as_str(), text.to_string()), (&*plain, &*plain, plain.clone()));
            assert!(text == copy && text.cmp(&copy).is_eq());
            let known: std::collections::HashMap<Text, usize> = [(text, length)].into();
            assert_eq!(known.get(plain.as_str()), Some(&length), "it is found by its text");
        }
    }

    #[test]
    fn what_is_added_is_not_seen_by_those_who_hold_it_too() {
        for plain in ["", "short", "long enough to be shared by all"] {
            let mut text = Text::from(plain);
            let held = text.clone();
            text.push_str(" more");
            assert_eq!((text.as_str(), held.as_str()), (&*format!("{plain} more"), plain));
            assert!(text.capacity() >= text.len());
        }
    }

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
