//! How people write dates: the names of months and days, and the order of the parts, by language.
//!
//! The facts stand in `locales.txt`, one block a language, as the Unicode CLDR has them. A block `de-AT like de` says only what differs.

use std::collections::HashMap;
use std::sync::LazyLock;

use weft_value::DateTime;

/// The ways of one language, sometimes of one country. The patterns are written with Luxon's tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Locale {
    /// Its name, `pt-PT` for instance; `en` stands for `en-US`.
    pub(super) tag: &'static str,
    fields: HashMap<&'static str, &'static str>,
}

static LOCALES: LazyLock<HashMap<&'static str, Locale>> = LazyLock::new(|| read(include_str!("locales.txt")));

fn read(text: &'static str) -> HashMap<&'static str, Locale> {
    let mut locales: HashMap<&'static str, Locale> = HashMap::new();
    let mut current = Locale::default();
    for line in text.lines() {
        if let Some((key, value)) = line.strip_prefix("  ").and_then(|line| line.split_once(" = ")) {
            current.fields.insert(key, value.trim_matches('"'));
            continue;
        }
        locales.insert(current.tag, std::mem::take(&mut current));
        let (tag, base) = line.split_once(" like ").unwrap_or((line, ""));
        current = Locale { tag, fields: locales.get(base).map(|base| base.fields.clone()).unwrap_or_default() };
    }
    locales.insert(current.tag, current);
    locales.remove("");
    locales
}

/// American English.
pub(super) fn english() -> &'static Locale {
    &LOCALES["en"]
}

/// The locale called `name`, else the one of its language, else American English.
pub(super) fn named(name: &str) -> &'static Locale {
    let name = match name {
        "en-NZ" | "en-IE" | "en-ZA" | "en-IN" => "en-GB",
        "no" | "nb-NO" | "no-NO" | "nn" => "nb",
        other => other,
    };
    let language = name.split(['-', '_']).next().unwrap_or(name);
    LOCALES.get(name).or_else(|| LOCALES.get(language)).unwrap_or_else(|| english())
}

/// The locale in which a moment is to be written.
pub(super) fn of(moment: &DateTime) -> &'static Locale {
    moment.language().map_or_else(english, named)
}

impl Locale {
    /// The entry `key`, of which every language has one.
    pub(super) fn pattern(&self, key: &str) -> &'static str {
        self.fields.get(key).copied().unwrap_or_default()
    }

    fn list(&self, key: &str, index: usize) -> &'static str {
        self.pattern(key).split('|').nth(index).unwrap_or_default()
    }

    /// The form of a name that stands alone, where the language has one of its own.
    fn alone(&self, key: &str, lone: &str, index: usize) -> &'static str {
        self.list(if self.fields.contains_key(lone) { lone } else { key }, index)
    }

    /// The month `index` (from 0) by the token `MMMM`, `MMM`, `LLLL` or `LLL`.
    pub(super) fn month(&self, token: &str, index: usize) -> &'static str {
        match token {
            "MMMM" => self.list("months", index),
            "LLLL" => self.alone("months", "lone_months", index),
            "MMM" => self.list("short_months", index),
            _ => self.alone("short_months", "lone_short_months", index),
        }
    }

    /// The day of the week `index` (from 0, Monday) by the token `EEEE`, `cccc`, `EEE` or `ccc`.
    pub(super) fn day(&self, token: &str, index: usize) -> &'static str {
        match token {
            "EEEE" | "cccc" => self.list("days", index),
            "EEE" => self.list("short_days", index),
            _ => self.alone("short_days", "lone_short_days", index),
        }
    }

    /// Before noon, or after it.
    pub(super) fn half(&self, afternoon: bool) -> &'static str {
        self.list("halves", usize::from(afternoon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_entry() {
        let keys: Vec<_> = english().fields.keys().copied().collect();
        assert!(LOCALES.len() > 30, "{}", LOCALES.len());
        for locale in LOCALES.values() {
            for key in &keys {
                assert!(locale.fields.contains_key(key), "{} lacks {key}", locale.tag);
            }
            for (index, token) in (0..12).flat_map(|index| ["MMMM", "MMM", "LLLL", "LLL"].map(|token| (index, token))) {
                assert!(!locale.month(token, index).is_empty(), "{} {token} {index}", locale.tag);
            }
            for (index, token) in (0..7).flat_map(|index| ["EEEE", "EEE", "ccc"].map(|token| (index, token))) {
                assert!(!locale.day(token, index).is_empty(), "{} {token} {index}", locale.tag);
            }
            assert_ne!(locale.half(false), locale.half(true), "{}", locale.tag);
        }
    }

    #[test]
    fn a_country_without_entries_follows_its_language() {
        let cases = [("de-LI", "de"), ("pt-BR", "pt"), ("no", "nb"), ("en-IE", "en-GB"), ("xx", "en"), ("en-US", "en")];
        for (asked, found) in cases {
            assert_eq!(named(asked).tag, found, "{asked}");
        }
    }
}
