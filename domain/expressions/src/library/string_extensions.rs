//! What workflows can do with strings besides JavaScript.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use weft_value::{Text, Value};

use super::date::Date;
use super::datetime_statics::{own_offset, time_of_today};
use super::globals::parse_int;
use super::{Table, arg, datetime, datetime_parse, hash, json, locale, number_extensions, uri, web};
use crate::convert::{decimal_prefix, is_space, text_to_number, truthy};
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

/// Base64 as people send it: without padding, and with bits left over.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) const EXTENSIONS: Table<Text> = &[
    ("isEmpty", |_, text, _| Ok(Value::Bool(text.is_empty()))),
    ("isNotEmpty", |_, text, _| Ok(Value::Bool(!text.is_empty()))),
    ("length", |_, text, _| Ok(Value::Number(text.utf16_len() as f64))),
    ("hash", |vm, text, args| {
        let algorithm = if arg(args, 0).is_undefined() { Text::from("md5") } else { vm.text(arg(args, 0))? };
        vm.budget.scan(text.len() * 8)?;
        let digest = hash::digest(&algorithm, text).ok_or_else(|| {
            misuse(format!(
                "hash() does not know \"{algorithm}\". Use md5, sha1, sha224, sha256, sha384, sha512, sha3 or base64."
            ))
        })?;
        vm.string(digest)
    }),
    ("removeMarkdown", |vm, text, _| vm.string(web::without_markdown(text))),
    ("removeTags", |vm, text, _| vm.string(web::without_tags(text))),
    ("toDate", |vm, text, _| {
        let millis = super::date_parse::parse(text, vm.scope.time_zone());
        if millis.is_nan() { Err(misuse(format!("\"{text}\" is not a date."))) } else { Ok(Date::value(millis)) }
    }),
    ("toDateTime", to_date_time),
    ("toBoolean", |_, text, _| Ok(Value::Bool(!matches!(text.to_lowercase().as_str(), "" | "0" | "false" | "no")))),
    ("toNumber", |_, text, _| number(text, text_to_number(&without_currency(text)))),
    ("toFloat", |_, text, _| to_float(text)),
    ("toDecimalNumber", |_, text, _| to_float(text)),
    ("toInt", to_int),
    ("toWholeNumber", to_int),
    ("toSentenceCase", |vm, text, _| vm.string(sentence_case(text))),
    ("toSnakeCase", |vm, text, _| vm.string(snake_case(text))),
    ("toTitleCase", |vm, text, _| vm.string(title_case(text))),
    ("urlEncode", |vm, text, args| {
        let keep = if truthy(arg(args, 0)) { uri::WHOLE } else { uri::COMPONENT };
        vm.string(uri::encode(text, keep))
    }),
    ("urlDecode", |vm, text, args| {
        let keep = if truthy(arg(args, 0)) { ";/?:@&=+$,#" } else { "" };
        match uri::decode(text, keep) {
            Some(decoded) => vm.string(decoded),
            None => Err(crate::stop::throw("URIError", "URI malformed")),
        }
    }),
    ("quote", |vm, text, args| {
        let mark = if arg(args, 0).is_undefined() { Text::from("\"") } else { vm.text(arg(args, 0))? };
        let escaped = text.replace('\\', "\\\\").replace(mark.as_str(), &format!("\\{mark}"));
        vm.string(format!("{mark}{escaped}{mark}"))
    }),
    ("replaceSpecialChars", |vm, text, _| vm.string(web::ascii(text))),
    ("isDomain", |_, text, _| Ok(Value::Bool(web::is_domain(text)))),
    ("isEmail", |_, text, _| Ok(Value::Bool(web::is_email(text)))),
    ("isUrl", |_, text, _| Ok(Value::Bool(web::is_url(text)))),
    ("isNumeric", |_, text, _| {
        let blank = text.trim().is_empty() || text.contains(' ');
        Ok(Value::Bool(!blank && !text_to_number(text).is_nan()))
    }),
    ("toJsonString", |vm, text, _| json::stringify(vm, &Value::String(text.clone()), "")),
    ("extractEmail", |vm, text, _| found(vm, web::find_email(text))),
    ("extractUrl", |vm, text, _| found(vm, web::find_url(text))),
    ("extractDomain", |vm, text, _| found(vm, web::domain(text))),
    ("extractUrlPath", |vm, text, _| web::url_path(text).map_or(Ok(Value::Undefined), |path| vm.string(path))),
    ("parseJson", |vm, text, _| match json::parse(vm, text) {
        Err(crate::stop::Stop::Throw(_)) => Err(misuse("parseJson() cannot read the text: it is not JSON.")),
        outcome => outcome,
    }),
    ("base64Encode", |vm, text, _| vm.string(STANDARD.encode(text.as_bytes()))),
    ("base64Decode", |vm, text, _| {
        let mut clean: String = text
            .chars()
            .filter_map(|c| match c {
                '-' => Some('+'),
                '_' => Some('/'),
                c => (c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).then_some(c),
            })
            .collect();
        // What is left over is no whole byte.
        if clean.len() % 4 == 1 {
            clean.pop();
        }
        let bytes = LENIENT.decode(clean).unwrap_or_default();
        vm.string(String::from_utf8_lossy(&bytes).into_owned())
    }),
];

fn found(vm: &mut Vm<'_>, text: Option<&str>) -> Outcome {
    text.map_or(Ok(Value::Undefined), |text| vm.string(text))
}

/// A moment in the offset that the text names, else in the workflow's zone.
fn to_date_time(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let zone = vm.scope.time_zone().clone();
    if let Value::String(format) = arg(args, 0) {
        if let ("ms" | "s" | "us" | "excel", Some((number, ""))) = (format.as_str(), decimal_prefix(text.trim())) {
            return number_extensions::to_date_time(vm, &number, args);
        }
        let parsed = datetime_parse::with_format(text, format, &locale::english(), &zone);
        return Ok(parsed.map_or_else(|| wrap(Special::InvalidDateTime), Value::from));
    }
    if let Some(moment) = datetime_parse::any(text, &zone).or_else(|| time_of_today(vm, text, &zone)) {
        return Ok(Value::from(own_offset(text.trim(), &moment)));
    }
    let millis = match decimal_prefix(text.trim()) {
        Some((millis, "")) => millis,
        _ => super::date_parse::parse(text, &zone),
    };
    if millis.is_nan() {
        let message =
            format!("\"{text}\" is not a date that can be understood. Give its format: toDateTime('dd.MM.yyyy').");
        return Err(misuse(message));
    }
    Ok(datetime::from_millis(vm, millis))
}

/// The text without the signs of currencies, of which prices are full.
fn without_currency(text: &str) -> String {
    let is_currency = |c: char| matches!(c, '$' | '¢'..='¥' | '֏' | '؋' | '฿' | '៛' | '\u{20a0}'..='\u{20cf}' | '﷼');
    text.replace(is_currency, "")
}

fn number(text: &str, number: f64) -> Outcome {
    if number.is_nan() { Err(misuse(format!("\"{text}\" is not a number."))) } else { Ok(Value::Number(number)) }
}

fn to_float(text: &str) -> Outcome {
    if text.contains(',') {
        let message = format!(
            "\"{text}\" is not a number that can be understood: write a point before its decimals, and no comma."
        );
        return Err(misuse(message));
    }
    let plain = without_currency(text);
    number(text, decimal_prefix(plain.trim_start_matches(is_space)).map_or(f64::NAN, |(number, _)| number))
}

/// `parseInt` that takes text for decimal where no radix is named.
fn to_int(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    match parse_int(vm, &[Value::from(without_currency(text)), arg(args, 0).clone()])? {
        Value::Number(whole) => number(text, whole),
        other => Ok(other),
    }
}

fn sentence_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && c.is_alphabetic() {
            out.extend(c.to_uppercase());
            begins = false;
        } else {
            out.extend(c.to_lowercase());
        }
        if matches!(c, '.' | '!' | '?') {
            begins = true;
        }
    }
    out
}

fn snake_case(text: &str) -> String {
    let spaced = text.to_lowercase().replace([' ', '-'], "_");
    // The marks of punctuation go, those of Unicode's two blocks for them included.
    let is_mark = |c: char| c.is_ascii_punctuation() || matches!(c, '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}');
    spaced.chars().filter(|c| *c == '_' || !is_mark(*c)).collect()
}

/// Every word begins with a capital letter, but for the small ones within; a word with capitals of its own stays as it is.
fn title_case(text: &str) -> String {
    const SMALL: &[&str] = &[
        "a", "an", "and", "as", "at", "because", "but", "by", "en", "for", "if", "in", "neither", "nor", "of", "on",
        "only", "or", "over", "per", "so", "some", "than", "that", "the", "to", "up", "upon", "v", "versus", "via",
        "vs", "when", "with", "without", "yet",
    ];
    let splits = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if splits(first) { first.len_utf8() } else { rest.find(splits).unwrap_or(rest.len()) };
        let (word, after) = rest.split_at(end);
        let inner = !out.is_empty() && !after.is_empty();
        let small = inner && SMALL.contains(&word.to_lowercase().trim_end_matches(|c: char| !c.is_alphanumeric()));
        // An address is no word: `http` in `http://example.com`.
        let address = after.starts_with(':') && after[1..].starts_with(|c: char| !c.is_whitespace());
        let abbreviated = word.trim_end_matches('.').contains('.');
        let own = word.chars().skip(1).any(|c| c.is_ascii_uppercase()) || abbreviated || address;
        match word.find(char::is_alphanumeric) {
            Some(at) if !small && !own => {
                let letter = word[at..].chars().next().unwrap_or_default();
                out.push_str(&word[..at]);
                out.extend(letter.to_uppercase());
                out.push_str(&word[at + letter.len_utf8()..]);
            }
            _ => out.push_str(word),
        }
        rest = after;
    }
    out
}
