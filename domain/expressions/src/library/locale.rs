//! How people write dates and numbers: the languages. The facts are those of the Unicode CLDR, and icu4x's.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

use icu_locale_core::Locale as Tag;
use icu_locale_core::extensions::Extensions;
use icu_locale_core::subtags::Language;
use weft_value::{DateTime, Value};

use super::locale_names::{self, Names};
use crate::stop::{Outcome, range_error};

/// The ways of one language, sometimes of one country.
#[derive(Debug)]
pub(super) struct Locale {
    /// Its name, `pt-PT` for instance; `en` stands for `en-US`.
    pub(super) tag: &'static str,
    /// The same for icu4x.
    pub(super) icu: Tag,
    names: OnceLock<Names>,
}

/// So many are kept by the names of countries; each of the others is written as its language, of which there are some hundred and fifty.
/// They stay for good, since moments name them.
const MOST: usize = 256;

static ENGLISH: LazyLock<Locale> =
    LazyLock::new(|| Locale { tag: "en", icu: "en-US".parse().unwrap_or(Tag::UNKNOWN), names: OnceLock::new() });

static LOCALES: LazyLock<RwLock<HashMap<&'static str, &'static Locale>>> = LazyLock::new(RwLock::default);

/// American English.
pub(super) fn english() -> &'static Locale {
    &ENGLISH
}

/// The locale called `name`, else the one of its language, else American English: Luxon is as lenient.
pub(super) fn named(name: &str) -> &'static Locale {
    if matches!(name, "en" | "en-US" | "") {
        return english();
    }
    let known = LOCALES.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
    known.unwrap_or_else(|| {
        let name = name.replace('_', "-");
        let language = name.split('-').next().unwrap_or_default();
        parsed(&name).or_else(|| parsed(language)).map_or_else(english, |tag| known_or_kept(&tag))
    })
}

/// The locale in which a moment is to be written.
pub(super) fn of(moment: &DateTime) -> &'static Locale {
    moment.language().map_or_else(english, named)
}

/// The locale that a program asks of `Intl` and of `toLocaleString`: a tag, or the first of a list of tags.
/// What is no tag is refused as JavaScript refuses it; for a language that nobody wrote down, it is American English.
pub(super) fn asked(value: &Value) -> Outcome<Tag> {
    let Some(name) = asked_name(value) else { return Ok(ENGLISH.icu.clone()) };
    let tag = parsed(name).ok_or_else(|| range_error("Incorrect locale information provided"))?;
    let language = Tag { id: tag.id.language.into(), extensions: Extensions::new() };
    let english_asked = tag.id.language == ENGLISH.icu.id.language;
    let known = english_asked || !std::ptr::eq(known_or_kept(&language), english());
    Ok(if known { tag } else { ENGLISH.icu.clone() })
}

/// The name in such a value.
pub(super) fn asked_name(value: &Value) -> Option<&str> {
    match value {
        Value::Array(names) => names.first().and_then(Value::as_str),
        name => name.as_str(),
    }
}

/// The tag that `name` is (RFC 5646), with today's names of languages.
fn parsed(name: &str) -> Option<Tag> {
    let mut tag = Tag::try_from_str(name).ok().filter(|tag| !tag.id.language.is_unknown())?;
    let renamed = match tag.id.language.as_str() {
        "iw" => "he",
        "in" => "id",
        "tl" => "fil",
        _ => return Some(tag),
    };
    tag.id.language = Language::try_from_str(renamed).ok()?;
    Some(tag)
}

fn known_or_kept(tag: &Tag) -> &'static Locale {
    let mut tag = Tag { id: tag.id.clone(), extensions: Extensions::new() };
    tag.id.variants.clear();
    let name = tag.to_string();
    if matches!(name.as_str(), "en" | "en-US") {
        return english();
    }
    let known = LOCALES.read().unwrap_or_else(PoisonError::into_inner).get(name.as_str()).copied();
    known.unwrap_or_else(|| kept(tag, name))
}

/// Keeps the locale of a tag that was not asked for before.
fn kept(tag: Tag, name: String) -> &'static Locale {
    if !locale_names::are_known(&tag) {
        return english();
    }
    let mut locales = LOCALES.write().unwrap_or_else(PoisonError::into_inner);
    let of_country = tag.id.region.is_some() || tag.id.script.is_some();
    if of_country && locales.len() >= MOST {
        drop(locales);
        return known_or_kept(&Tag { id: tag.id.language.into(), extensions: Extensions::new() });
    }
    locales
        .entry(Box::leak(name.into_boxed_str()))
        .or_insert_with_key(|tag_name| Box::leak(Box::new(Locale { tag: tag_name, icu: tag, names: OnceLock::new() })))
}

impl Locale {
    /// The names of its months and days.
    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.icu))
    }

    /// Whether it writes the digits 0 to 9 with signs of its own, and which.
    pub(super) fn digits(&self) -> Option<&[char; 10]> {
        // English needs no look at its names for that.
        if std::ptr::eq(self, english()) { None } else { self.names().digits.as_ref() }
    }

    /// The month `index` (from 0) by a token such as `MMMM` or `LLL`.
    pub(super) fn month(&self, token: &str, index: usize) -> &str {
        name(self.names().months(token), index)
    }

    /// The day of the week `index` (from 0, Monday) by a token such as `EEEE` or `ccc`.
    pub(super) fn day(&self, token: &str, index: usize) -> &str {
        name(self.names().days(token), index)
    }

    /// Before noon, or after it.
    pub(super) fn half(&self, afternoon: bool) -> &str {
        name(&self.names().halves, usize::from(afternoon))
    }

    /// Before or after the beginning of the count of years, by the token `G`, `GG` or `GGGGG`.
    pub(super) fn era(&self, token: &str, ours: bool) -> &str {
        name(self.names().eras(token), usize::from(ours))
    }
}

fn name(names: &[String], index: usize) -> &str {
    names.get(index).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_nobody_wrote_down_is_english_and_countries_are_kept_up_to_a_number() {
        let cases = [
            ("de-LI", "de-LI"),
            ("pt_BR", "pt-BR"),
            ("DE-ch", "de-CH"),
            ("zh-tw", "zh-TW"),
            ("zh-hant-hk-u-nu-hanidec", "zh-Hant-HK"),
            ("iw", "he"),
            ("en-US", "en"),
            ("en-us", "en"),
            ("en-GB", "en-GB"),
            ("de-what-is-this", "de"),
            ("xx", "en"),
            ("nope", "en"),
            ("", "en"),
            ("💥", "en"),
        ];
        for (asked, found) in cases {
            assert_eq!(named(asked).tag, found, "{asked}");
        }
        for number in 0..2 * MOST {
            named(&format!("fr-{number:03}"));
        }
        assert_eq!(named("fr-999").tag, "fr");
        assert_eq!(named("sw").tag, "sw", "a language finds its place still");
        assert!(LOCALES.read().unwrap().len() < 2 * MOST);
    }

    #[test]
    fn a_malformed_tag_is_refused_and_an_unknown_one_is_english() {
        for (name, found) in [("de-CH", "de-CH"), ("ar-u-nu-latn", "ar-u-nu-latn"), ("xx-YY", "en-US"), ("iw", "he")] {
            assert_eq!(asked(&Value::from(name)).unwrap().to_string(), found, "{name}");
        }
        for name in ["", "x", "nope", "de_DE", "de-", "toolonglanguage", "💥"] {
            assert!(asked(&Value::from(name)).is_err(), "{name}");
        }
        assert_eq!(asked(&Value::Undefined).unwrap().to_string(), "en-US");
    }
}
