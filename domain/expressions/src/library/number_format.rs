//! Numbers for people: `toLocaleString`, `format`, `Intl.NumberFormat` (ECMA-402, section 15).
//!
//! The signs, the groups and the digits are icu4x's, made once for each locale; the places of per cent signs and currencies are ours.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "the tables of all types have one shape")]

use std::cell::RefCell;
use std::rc::Rc;

use fixed_decimal::{SignedRoundingMode, UnsignedRoundingMode};
use icu_decimal::input::{Decimal, SignDisplay};
use icu_decimal::options::{CompactDecimalFormatterOptions, GroupingStrategy};
use icu_decimal::{CompactDecimalFormatter, DecimalFormatter};
use icu_locale_core::Locale as Tag;
use weft_value::{Object, Value};

use super::few::Few;
use super::{arg, locale, number_marks};
use crate::convert::truthy;
use crate::stop::{Outcome, range_error};
use crate::vm::Vm;

/// What writes the numbers of a locale.
#[derive(Debug)]
struct Writer {
    tag: Tag,
    formatter: DecimalFormatter,
}

thread_local! {
    static WRITERS: RefCell<Few<GroupingStrategy, Writer>> = const { RefCell::new(Few::new()) };
}

fn writer(name: &Value, groups: GroupingStrategy) -> Outcome<Rc<Writer>> {
    let make = || {
        let tag = locale::asked(name)?;
        let formatter = DecimalFormatter::try_new((&tag).into(), groups.into());
        let formatter = formatter.map_err(|_| range_error("Incorrect locale information provided"))?;
        Ok(Writer { tag, formatter })
    };
    WRITERS.with_borrow_mut(|writers| writers.get(locale::asked_name(name).unwrap_or("en-US"), groups, make))
}

pub(super) fn to_locale_string(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let options = match arg(args, 1) {
        Value::Object(options) => Object::clone(options),
        _ => Object::new(),
    };
    let writer = writer(arg(args, 0), groups(&options))?;
    let text = formatted(vm, *number, &writer, &options)?;
    vm.string(text)
}

/// `number` (not below zero) with at most three places after the point, as text and as what was written.
pub(super) fn plain(tag: &Tag, number: f64) -> Outcome<(String, Decimal)> {
    let writer = writer(&Value::from(tag.to_string()), GroupingStrategy::Auto)?;
    let shape =
        Shape { power: 0, sign: SignDisplay::Auto, whole: 1, least: 0, most: 3, significant: None, given: false };
    let mut decimal = Decimal::try_from_str(&number.to_string()).unwrap_or_default();
    shape.applied(&mut decimal);
    Ok((writer.formatter.format(&decimal).to_string(), decimal))
}

fn groups(options: &Object) -> GroupingStrategy {
    match options.get("useGrouping") {
        Some(Value::String(text)) if text.as_str() == "min2" => GroupingStrategy::Min2,
        // icu4x has no grouping beyond what the language does: `always` is `auto`.
        None | Some(Value::Undefined | Value::String(_)) => GroupingStrategy::Auto,
        Some(given) if truthy(given) => GroupingStrategy::Auto,
        Some(_) => GroupingStrategy::Never,
    }
}

/// How a number is asked for.
struct Shape {
    /// By which power of ten it is written greater than it is.
    power: i16,
    sign: SignDisplay,
    whole: i16,
    least: i16,
    most: i16,
    /// The least and the most of all digits together, which go before the ones after the point.
    significant: Option<(i16, i16)>,
    /// Whether any of the digits after the first were asked for.
    given: bool,
}

impl Shape {
    /// By the options, with the `usual` numbers of places after the point.
    fn asked(vm: &mut Vm<'_>, options: &Object, usual: (f64, f64)) -> Outcome<Self> {
        let mut number = |key: &str| -> Outcome<Option<f64>> {
            match options.get(key) {
                None | Some(Value::Undefined) => Ok(None),
                Some(value) => vm.number(value).map(Some),
            }
        };
        let (least, most) = (number("minimumFractionDigits")?, number("maximumFractionDigits")?);
        let (whole, fewest) = (number("minimumIntegerDigits")?, number("minimumSignificantDigits")?);
        let longest = number("maximumSignificantDigits")?;
        let within = |digits: f64, low: f64, high: f64| digits.clamp(low, high) as i16;
        // One that is given moves the other, where that is the usual one.
        let low = within(least.unwrap_or_else(|| most.map_or(usual.0, |most| usual.0.min(most))), 0.0, 100.0);
        let high = within(most.unwrap_or(usual.1), 0.0, 100.0).max(low);
        let significant = (fewest.is_some() || longest.is_some()).then(|| {
            let fewest = within(fewest.unwrap_or(1.0), 1.0, 21.0);
            (fewest, within(longest.unwrap_or(21.0), 1.0, 21.0).max(fewest))
        });
        let power = if options.get("style").and_then(Value::as_str) == Some("percent") { 2 } else { 0 };
        let whole = within(whole.unwrap_or(1.0), 1.0, 21.0);
        let given = least.is_some() || most.is_some() || significant.is_some();
        Ok(Self { power, sign: sign_display(options), whole, least: low, most: high, significant, given })
    }

    /// Rounds away from zero at the half, as people learn it, and fills up with zeros.
    fn applied(&self, number: &mut Decimal) {
        let rounding = SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand);
        if let Some((fewest, longest)) = self.significant {
            let last = number.nonzero_magnitude_start() - longest + 1;
            number.round_with_mode(last, rounding);
            number.trim_end();
            let filled = (number.nonzero_magnitude_start() - fewest + 1).min(0);
            number.pad_end(filled);
        } else {
            number.round_with_mode(-self.most, rounding);
            number.trim_end();
            number.pad_end(-self.least);
        }
        number.trim_start();
        number.pad_start(self.whole);
    }
}

fn formatted(vm: &mut Vm<'_>, number: f64, writer: &Writer, options: &Object) -> Outcome<String> {
    let style = options.get("style").and_then(Value::as_str).unwrap_or("decimal");
    let currency = options.get("currency").and_then(Value::as_str).unwrap_or("USD").to_uppercase();
    let usual = match style {
        "currency" => (number_marks::places(&currency), number_marks::places(&currency)),
        "percent" => (0.0, 0.0),
        _ => (0.0, 3.0),
    };
    let compact = options.get("notation").and_then(Value::as_str) == Some("compact");
    let usual = if compact && style == "currency" { (0.0, 3.0) } else { usual };
    let shape = Shape::asked(vm, options, usual)?;
    let (sign, text) = if compact && number.is_finite() {
        let long = options.get("compactDisplay").and_then(Value::as_str) == Some("long") && style != "currency";
        compacted(number, writer, &shape, if long { Words::Long } else { Words::Short })?
    } else {
        signed(number, writer, &shape)
    };
    Ok(match style {
        "percent" => percent(&writer.tag, &text, &sign),
        "currency" => {
            let code = options.get("currencyDisplay").and_then(Value::as_str) == Some("code");
            let mark = if code { currency.as_str() } else { number_marks::mark(&writer.tag, &currency) };
            // Accountants put what is below zero in brackets, in some languages.
            let in_brackets = options.get("currencySign").and_then(Value::as_str) == Some("accounting")
                && sign.contains(['-', '−'])
                && number_marks::has_brackets(&writer.tag);
            if in_brackets {
                format!("({})", with_currency(&writer.tag, &text, "", mark))
            } else {
                with_currency(&writer.tag, &text, &sign, mark)
            }
        }
        _ => sign + &text,
    })
}

fn percent(tag: &Tag, text: &str, sign: &str) -> String {
    let place = match (tag.id.language.as_str(), is_arabic(text)) {
        ("ar", true) => "-#\u{66a}\u{61c}",
        ("ar", false) => "-#\u{200e}%\u{200e}",
        ("fa", true) => "-#\u{66a}",
        _ => number_marks::percent(tag),
    };
    number_marks::placed(place, text, sign, "")
}

fn with_currency(tag: &Tag, text: &str, sign: &str, mark: &str) -> String {
    let austrian = tag.id.language.as_str() == "de" && tag.id.region.is_some_and(|region| region.as_str() == "AT");
    let in_words = !text.ends_with(char::is_numeric);
    let place = match (tag.id.language.as_str(), is_arabic(text)) {
        ("ar", true) => "-\u{200f}#\u{a0}¤",
        _ if austrian && in_words => "-#\u{a0}¤",
        _ => number_marks::currency(tag),
    };
    // Austria groups money otherwise than numbers.
    let text = if austrian && !in_words { text.replace('\u{a0}', ".") } else { text.to_owned() };
    number_marks::placed(place, &text, sign, mark)
}

/// Whether the digits are those that Arabs and Persians write.
fn is_arabic(text: &str) -> bool {
    text.contains(|digit| matches!(digit, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}'))
}

fn sign_display(options: &Object) -> SignDisplay {
    match options.get("signDisplay").and_then(Value::as_str) {
        Some("always") => SignDisplay::Always,
        Some("never") => SignDisplay::Never,
        Some("exceptZero") => SignDisplay::ExceptZero,
        Some("negative") => SignDisplay::Negative,
        _ => SignDisplay::Auto,
    }
}

/// Whether a great number ends in a word or in a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    Short,
    Long,
}

thread_local! {
    static COMPACT: RefCell<Few<Words, CompactDecimalFormatter>> = const { RefCell::new(Few::new()) };
}

/// The sign of a number and the number without it, thousands and more told in a word: `1.2M`, `12 thousand`.
fn compacted(number: f64, writer: &Writer, shape: &Shape, words: Words) -> Outcome<(String, String)> {
    let make = || match words {
        Words::Short => {
            CompactDecimalFormatter::try_new_short((&writer.tag).into(), CompactDecimalFormatterOptions::default())
        }
        Words::Long => {
            CompactDecimalFormatter::try_new_long((&writer.tag).into(), CompactDecimalFormatterOptions::default())
        }
    };
    let formatter = COMPACT.with_borrow_mut(|few| few.get(&writer.tag.to_string(), words, make));
    let formatter = formatter.map_err(|_| range_error("Incorrect locale information provided"))?;
    let mut decimal = Decimal::try_from_str(&number.abs().to_string()).unwrap_or_default();
    decimal.multiply_pow10(shape.power);
    let exponent = |number: &Decimal| formatter.compact_exponent_for_magnitude(number.nonzero_magnitude_start());
    let rounded = |exponent: u8| {
        let mut scaled = decimal.clone();
        scaled.multiply_pow10(-i16::from(exponent));
        // Unless digits were asked for: a single one before the point leaves room for one after it, more do not.
        let significant = (scaled.nonzero_magnitude_start() < 1).then_some((1, 2));
        let brief = Shape { least: 0, most: 0, significant, ..*shape };
        let shape = if shape.given { shape } else { &brief };
        shape.applied(&mut scaled);
        scaled
    };
    let mut power = exponent(&decimal);
    let mut scaled = rounded(power);
    let mut whole = scaled.clone();
    whole.multiply_pow10(power.into());
    // 999 999 is a million, once it is rounded.
    if exponent(&whole) != power {
        power = exponent(&whole);
        scaled = rounded(power);
    }
    let text = formatter.format_with_exponent(&scaled, power).map(|text| text.to_string());
    let text = text.unwrap_or_else(|_| writer.formatter.format(&decimal).to_string());
    let plain = writer.formatter.format(&scaled).to_string();
    if number.is_sign_negative() {
        scaled.sign = fixed_decimal::Sign::Negative;
    }
    scaled.apply_sign_display(shape.sign);
    let whole = writer.formatter.format(&scaled).to_string();
    Ok((whole.split_once(&plain).map_or("", |(sign, _)| sign).to_owned(), text))
}

/// The sign of a number and the number without it.
fn signed(number: f64, writer: &Writer, shape: &Shape) -> (String, String) {
    if number.is_nan() {
        return (String::new(), "NaN".to_owned());
    }
    // A number is the shortest decimal that means it, as ICU takes it, not the sum of its bits.
    let text = if number.is_infinite() { "1".to_owned() } else { number.abs().to_string() };
    let mut decimal = Decimal::try_from_str(&text).unwrap_or_default();
    decimal.multiply_pow10(shape.power);
    shape.applied(&mut decimal);
    let plain = writer.formatter.format(&decimal).to_string();
    if number.is_sign_negative() {
        decimal.sign = fixed_decimal::Sign::Negative;
    }
    decimal.apply_sign_display(shape.sign);
    let whole = writer.formatter.format(&decimal).to_string();
    let sign = whole.split_once(&plain).map_or("", |(sign, _)| sign).to_owned();
    (sign, if number.is_infinite() { "∞".to_owned() } else { plain })
}
