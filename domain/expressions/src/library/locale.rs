//! How people write dates and numbers: the languages. The facts are those of the Unicode CLDR, and icu4x's.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use icu_locale_core::Locale as Tag;
use icu_locale_core::extensions::Extensions;
use icu_locale_core::subtags::Language;
use weft_value::{DateTime, Value};

use super::few::Few;
use super::locale_names::{self, Names};
use crate::stop::{Outcome, range_error};

/// The ways of one language, sometimes of one country.
#[derive(Debug)]
pub(super) struct Locale {
    /// Its name, `pt-PT` for instance; `en` stands for `en-US`.
    pub(super) tag: Arc<str>,
    /// The same for icu4x.
    pub(super) icu: Tag,
    names: OnceCell<Names>,
}

thread_local! {
    static ENGLISH: Rc<Locale> = Rc::new(Locale::new("en-US".parse().unwrap_or(Tag::UNKNOWN), "en"));
    /// By the names that were given for them. What one is never depends on which others are at hand: whoever names a thousand slows
    /// down the writing of others, and changes nothing of it.
    static LOCALES: RefCell<Few<(), Locale>> = const { RefCell::new(Few::new()) };
    /// Whether languages are written down.
    static KNOWN: RefCell<Few<(), bool>> = const { RefCell::new(Few::new()) };
}

/// American English.
pub(super) fn english() -> Rc<Locale> {
    ENGLISH.with(Rc::clone)
}

/// The locale called `name`, else the one of its language, else American English: Luxon is as lenient.
pub(super) fn named(name: &str) -> Rc<Locale> {
    if matches!(name, "en" | "en-US" | "") {
        return english();
    }
    let make = || {
        let name = name.replace('_', "-");
        let language = name.split('-').next().unwrap_or_default();
        let tag = parsed(&name).or_else(|| parsed(language)).map(plain).filter(is_known).ok_or(())?;
        let name = tag.to_string();
        if matches!(name.as_str(), "en" | "en-US") { Err(()) } else { Ok(Locale::new(tag, &name)) }
    };
    LOCALES.with_borrow_mut(|locales| locales.get(name, (), make)).unwrap_or_else(|()| english())
}

/// The locale in which a moment is to be written.
pub(super) fn of(moment: &DateTime) -> Rc<Locale> {
    moment.language().map_or_else(english, |name| named(name))
}

/// The locale that a program asks of `Intl` and of `toLocaleString`: a tag, or the first of a list of tags.
/// What is no tag is refused as JavaScript refuses it; for a language that nobody wrote down, it is American English.
pub(super) fn asked(value: &Value) -> Outcome<Tag> {
    let Some(name) = asked_name(value) else { return Ok(english().icu.clone()) };
    let tag = parsed(name).ok_or_else(|| range_error("Incorrect locale information provided"))?;
    let language = Tag { id: tag.id.language.into(), extensions: Extensions::new() };
    Ok(if is_known(&language) { tag } else { english().icu.clone() })
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

/// The tag without variants and extensions.
fn plain(tag: Tag) -> Tag {
    let mut tag = Tag { id: tag.id, extensions: Extensions::new() };
    tag.id.variants.clear();
    tag
}

/// Whether somebody wrote down how a language is written.
fn is_known(tag: &Tag) -> bool {
    let known = || Ok::<_, ()>(locale_names::are_known(tag));
    KNOWN.with_borrow_mut(|languages| languages.get(&tag.to_string(), (), known)).is_ok_and(|known| *known)
}

impl Locale {
    fn new(icu: Tag, name: &str) -> Self {
        Self { tag: Arc::from(name), icu, names: OnceCell::new() }
    }

    pub(super) fn is_english(&self) -> bool {
        &*self.tag == "en"
    }

    /// The names of its months and days.
    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.icu))
    }

    /// Whether it writes the digits 0 to 9 with signs of its own, and which.
    pub(super) fn digits(&self) -> Option<&[char; 10]> {
        // English needs no look at its names for that.
        if self.is_english() { None } else { self.names().digits.as_ref() }
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
    fn a_language_that_nobody_wrote_down_is_english() {
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
            assert_eq!(&*named(asked).tag, found, "{asked}");
        }
    }

    #[test]
    fn what_a_locale_is_does_not_depend_on_how_many_others_were_named() {
        let places = ["AT", "BR", "CH", "ID", "JP", "US"];
        let before: Vec<_> =
            places.iter().map(|place| named(&format!("de-{place}")).month("LLLL", 0).to_owned()).collect();
        assert_eq!(before[..2], ["Jänner", "Januar"]);
        for number in 0..300 {
            let name = format!("fr-{number:03}");
            assert_eq!((&*named(&name).tag, named(&name).month("LLLL", 1)), (name.as_str(), "février"));
        }
        for (place, january) in places.iter().zip(&before) {
            let locale = named(&format!("de-{place}"));
            assert_eq!((&*locale.tag, locale.month("LLLL", 0)), (format!("de-{place}").as_str(), january.as_str()));
        }
        assert_eq!(&*named("sw").tag, "sw");
        let other = std::thread::spawn(|| named("de-AT").month("LLLL", 0).to_owned()).join().unwrap();
        assert_eq!(other, "Jänner");
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
