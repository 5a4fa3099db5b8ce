//! Lists as sentences have them: "a, b, and c" (ECMA-402, section 13).
//!
//! The words are those of the Unicode CLDR for the usual languages. icu4x has them all, in a crate that would ask for other features of the
//! crates on which regular expressions stand.

use icu_locale_core::Locale as Tag;
use weft_value::{Text, Value};

/// Languages, what stands before the last element where all are meant, and where one of them is.
const WORDS: &[(&str, &str, &str)] = &[
    ("en", " and ", " or "),
    ("de", " und ", " oder "),
    ("fr", " et ", " ou "),
    ("es", " y ", " o "),
    ("pt", " e ", " ou "),
    ("it", " e ", " o "),
    ("nl", " en ", " of "),
    ("sv", " och ", " eller "),
    ("da nb no nn", " og ", " eller "),
    ("fi", " ja ", " tai "),
    ("et", " ja ", " või "),
    ("pl", " i ", " lub "),
    ("ru bg", " и ", " или "),
    ("uk", " і ", " або "),
    ("cs", " a\u{a0}", " nebo "),
    ("sk", " a\u{a0}", " alebo "),
    ("hu", " és ", " vagy "),
    ("ro", " și ", " sau "),
    ("el", " και ", " ή "),
    ("tr", " ve ", " veya "),
    ("hr", " i ", " ili "),
    ("sl", " in ", " ali "),
    ("lv", " un ", " vai "),
    ("lt", " ir ", " ar "),
    ("ca", " i ", " o "),
    ("ja", "、", "または"),
    ("ko", " 및 ", " 또는 "),
    ("zh", "和", "或"),
    ("he", " ו-", " או "),
    ("vi", " và ", " hoặc "),
    ("id ms", " dan ", " atau "),
    ("hi", " और ", " या "),
];

/// `elements` as a list in the language of `tag`, by the options of `Intl.ListFormat`.
pub(super) fn written(tag: &Tag, options: &Value, elements: &[Text]) -> String {
    let Some((last, before)) = elements.split_last() else { return String::new() };
    let language = tag.id.language.as_str();
    let own = WORDS.iter().find(|(names, ..)| names.split(' ').any(|name| name == language));
    let (name, all, one) = own.or(WORDS.first()).copied().unwrap_or_default();
    let kind = options.get("type").as_str().unwrap_or("conjunction");
    let style = options.get("style").as_str().unwrap_or("long");
    let comma = if matches!(name, "ja" | "zh") { "、" } else { ", " };
    let is_english = name == "en";
    let word = match (kind, style) {
        ("disjunction", _) => one,
        ("unit", "narrow") => " ",
        ("unit", _) => comma,
        (_, "narrow") if is_english => comma,
        (_, "short") if is_english && is_american(tag) => " & ",
        _ => all,
    };
    let word = if name == "es" { spanish(word, last) } else { word };
    // American English has a comma before the word, too.
    let after_more = (is_english && is_american(tag)) || name == "id ms" || (name == "hi" && kind != "disjunction");
    let between = if kind == "unit" && style == "narrow" { " " } else { comma };
    let mut out = before.iter().map(Text::as_str).collect::<Vec<_>>().join(between);
    if !before.is_empty() {
        match (before.len(), word) {
            (2.., "または") => out.push('、'),
            (2.., word) if after_more && word.starts_with(' ') && word != " " => out.push(','),
            _ => {}
        }
        out.push_str(word);
    }
    out + last
}

fn is_american(tag: &Tag) -> bool {
    tag.id.region.is_none_or(|region| matches!(region.as_str(), "US" | "PH"))
}

/// The Spanish words before a sound like their own: `e isla`, `u oro`.
fn spanish<'w>(word: &'w str, next: &str) -> &'w str {
    let next = next.to_lowercase();
    let begins = |sounds: &[&str]| sounds.iter().any(|sound| next.starts_with(sound));
    match word {
        " y " if begins(&["i", "hi"]) && !begins(&["hia", "hie"]) => " e ",
        " o " if begins(&["o", "ho", "8"]) => " u ",
        word => word,
    }
}
