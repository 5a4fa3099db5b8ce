//! Distances in time as languages say them: "3 days ago", "morgen" (ECMA-402, section 17).
//!
//! icu4x has these words in its experimental crate only, with everything else that is not finished; so those of the usual languages stand in
//! `relative_times.txt`, as `infra/scripts/relative-times.mjs` prints them. Which form a number takes is icu4x's knowledge, and how it is written.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use fixed_decimal::Decimal;
use icu_locale_core::Locale as Tag;
use icu_plurals::{PluralCategory, PluralRules};
use weft_value::Value;

use super::datetime_units::Unit;
use super::few::Few;
use super::{locale, number_format};
use crate::stop::{Outcome, range_error};

/// How wide the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Long,
    Short,
    Narrow,
}

/// Whether there may be a word in place of a number: `tomorrow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numeric {
    Always,
    Auto,
}

/// What is written of a distance in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) style: Style,
    pub(super) numeric: Numeric,
}

impl Shape {
    /// The one that options name.
    pub(super) fn asked(options: &Value) -> Self {
        let style = match options.get("style").as_str() {
            Some("short") => Style::Short,
            Some("narrow") => Style::Narrow,
            _ => Style::Long,
        };
        let numeric = if options.get("numeric").as_str() == Some("auto") { Numeric::Auto } else { Numeric::Always };
        Self { style, numeric }
    }
}

/// The cells of a language in a style: a year, a quarter, and so on down to a second.
type Cells = Vec<&'static str>;

/// By the names of the language and the style, as they stand in the file.
static TABLE: LazyLock<HashMap<(&str, &str), Cells>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut cells = line.split('\t');
        Some(((cells.next()?, cells.next()?), cells.collect()))
    };
    include_str!("relative_times.txt").lines().filter_map(line).collect()
});

thread_local! {
    static RULES: RefCell<Few<Kind, PluralRules>> = const { RefCell::new(Few::new()) };
}

/// Whether things are counted or put in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cardinal,
    Ordinal,
}

/// The form that `number` takes in the language of `tag`.
pub(super) fn category(tag: &Tag, kind: Kind, number: &Decimal) -> PluralCategory {
    let make = || match kind {
        Kind::Cardinal => PluralRules::try_new_cardinal(tag.into()),
        Kind::Ordinal => PluralRules::try_new_ordinal(tag.into()),
    };
    let rules = RULES.with_borrow_mut(|rules| rules.get(&tag.to_string(), kind, make));
    rules.map_or(PluralCategory::Other, |rules| rules.category_for(number))
}

/// `amount` of `unit` from now, or ago where it is below zero.
pub(super) fn written(tag: &Tag, shape: Shape, unit: Unit, amount: f64) -> Outcome<String> {
    if !amount.is_finite() {
        return Err(range_error("Invalid number value"));
    }
    // A language without words of its own here is told in American English.
    let english = locale::english();
    let english = &english.icu;
    let (tag, cell) = cell(tag, shape.style, unit)
        .map(|own| (tag, own))
        .or_else(|| Some((english, cell(english, shape.style, unit)?)))
        .unwrap_or((english, ""));
    let mut parts = cell.split(';');
    let (past, future) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if shape.numeric == Numeric::Auto
        && let Some(word) = parts.next().and_then(|words| word(words, amount))
    {
        return Ok(word.to_owned());
    }
    let (text, number) = number_format::plain(tag, amount.abs())?;
    let letter = match category(tag, Kind::Cardinal, &number) {
        PluralCategory::Zero => 'z',
        PluralCategory::One => 'o',
        PluralCategory::Two => 't',
        PluralCategory::Few => 'f',
        PluralCategory::Many => 'm',
        PluralCategory::Other => 'x',
    };
    let forms = if amount.is_sign_negative() { past } else { future };
    let form = |letter: char| forms.split('|').find_map(|form| form.strip_prefix(letter));
    Ok(form(letter).or_else(|| form('x')).unwrap_or("#").replace('#', &text))
}

/// The cell of `unit`, where the language has one: its own country's, else its own, in the style or the next longer one.
fn cell(tag: &Tag, style: Style, unit: Unit) -> Option<&'static str> {
    let language = tag.id.language.as_str();
    let language = if language == "no" { "nb" } else { language };
    let traditional = tag.id.script.is_some_and(|script| script.as_str() == "Hant");
    let country = match &tag.id.region {
        Some(region) => region.as_str(),
        None if traditional => "TW",
        None => "",
    };
    let country = if country == "MO" { "HK" } else { country };
    let of_country = format!("{language}-{country}");
    let row = if TABLE.contains_key(&(of_country.as_str(), "long")) { of_country.as_str() } else { language };
    let styles = match style {
        Style::Long => &["long"][..],
        Style::Short => &["short", "long"],
        Style::Narrow => &["narrow", "short", "long"],
    };
    let cell = |style: &&str| TABLE.get(&(row, *style))?.get(unit as usize).copied().filter(|cell| !cell.is_empty());
    styles.iter().find_map(cell)
}

/// The word for `amount`, where there is one; an entry is an amount and the word.
fn word(words: &'static str, amount: f64) -> Option<&'static str> {
    words.split('|').find_map(|entry| {
        let (number, text) = entry.split_once(':')?;
        number.parse::<f64>().is_ok_and(|number| number == amount).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_eight_cells_with_a_past_a_future_and_words() {
        for ((language, style), cells) in TABLE.iter() {
            assert_eq!(cells.len(), 8, "{language} {style}");
            for cell in cells.iter().filter(|cell| !cell.is_empty()) {
                let parts: Vec<_> = cell.split(';').collect();
                assert_eq!(parts.len(), 3, "{language} {style}: {cell}");
                for forms in &parts[..2] {
                    let forms: Vec<_> = forms.split('|').collect();
                    let is_form = |form: &&str| form.starts_with(['z', 'o', 't', 'f', 'm', 'x']) && form.len() > 1;
                    assert!(
                        forms.iter().all(is_form) && forms.last().is_some_and(|form| form.starts_with('x')),
                        "{cell}"
                    );
                }
            }
            if *style == "long" {
                assert!(cells.iter().all(|cell| !cell.is_empty()), "{language}");
            } else {
                assert!(TABLE.contains_key(&(*language, "long")), "{language}");
            }
        }
        assert!(TABLE.len() > 80);
    }
}
