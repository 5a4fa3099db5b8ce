//! Numbers for people: `toLocaleString`, `format`, `Intl.NumberFormat`.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "the tables of all types have one shape")]

use weft_value::{Object, Value};

use super::arg;
use super::number::fixed;
use crate::stop::Outcome;
use crate::vm::Vm;

/// How a locale writes numbers.
struct Locale {
    decimal: &'static str,
    group: &'static str,
    /// Whether a currency stands after the number.
    currency_last: bool,
    /// Whether numbers of four digits are written without a group.
    four_together: bool,
    /// Whether groups of two digits follow the first one of three.
    by_hundreds: bool,
    /// What stands between a number and its per cent sign.
    before_percent: &'static str,
    minus: &'static str,
}

fn locale(name: &str) -> Locale {
    let language = name.split(['-', '_']).next().unwrap_or("en");
    let (decimal, group, currency_last) = match (language, name) {
        (_, "de-CH") => (".", "’", false),
        (_, "de-AT") | ("en", "en-ZA") => (",", "\u{a0}", false),
        (_, "es-MX" | "es-US" | "es-PR") => (".", ",", false),
        ("de" | "it" | "id" | "tr" | "nl" | "da" | "el" | "ro" | "vi", _) => {
            (",", ".", !matches!(language, "nl" | "tr" | "id"))
        }
        ("es", _) => (",", ".", true),
        ("pt", _) => (",", if name == "pt-PT" { "\u{a0}" } else { "." }, name == "pt-PT"),
        ("fr", _) => (",", "\u{202f}", true),
        ("ru" | "uk" | "pl" | "cs" | "sv" | "nb" | "no" | "fi" | "bg" | "hu" | "sk", _) => (",", "\u{a0}", true),
        _ => (".", ",", false),
    };
    let mexican = group == ",";
    let spaced = matches!(language, "de" | "es" | "fr" | "sv" | "nb" | "no" | "da" | "fi" | "cs" | "sk" | "ro" | "ru")
        && !matches!(name, "de-CH" | "fr-CH")
        && !mexican;
    Locale {
        decimal,
        group,
        currency_last,
        four_together: matches!(language, "es" | "it" | "pl" | "hu" | "bg") && !mexican || name == "pt-PT",
        by_hundreds: matches!(language, "hi" | "bn" | "ta" | "te" | "mr" | "gu") || name == "en-IN",
        before_percent: match (spaced, language) {
            (true, "fr") => "\u{202f}",
            (true, _) => "\u{a0}",
            (false, _) => "",
        },
        minus: if matches!(language, "sv" | "nb" | "no" | "fi") { "\u{2212}" } else { "-" },
    }
}

fn currency_symbol(code: &str) -> &str {
    match code {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "INR" => "₹",
        "BRL" => "R$",
        "CNY" => "CN¥",
        "KRW" => "₩",
        "ILS" => "₪",
        "VND" => "₫",
        "CAD" => "CA$",
        "AUD" => "A$",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        other => other,
    }
}

pub(super) fn to_locale_string(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let name = match arg(args, 0) {
        Value::String(name) => name.to_string(),
        Value::Array(names) => names.first().and_then(Value::as_str).unwrap_or("en-US").to_owned(),
        _ => "en-US".to_owned(),
    };
    let options = match arg(args, 1) {
        Value::Object(options) => Object::clone(options),
        _ => Object::new(),
    };
    let text = formatted(vm, *number, &name, &options)?;
    vm.string(text)
}

fn formatted(vm: &mut Vm<'_>, number: f64, locale_name: &str, options: &Object) -> Outcome<String> {
    let locale = locale(locale_name);
    let style = options.get("style").and_then(Value::as_str).unwrap_or("decimal");
    let currency = options.get("currency").and_then(Value::as_str).unwrap_or("USD").to_uppercase();
    let value = if style == "percent" { number * 100.0 } else { number };
    let whole_currency = matches!(currency.as_str(), "JPY" | "KRW" | "VND" | "CLP");
    let (least_default, most_default): (f64, f64) = match style {
        "currency" if whole_currency => (0.0, 0.0),
        "currency" => (2.0, 2.0),
        "percent" => (0.0, 0.0),
        _ => (0.0, 3.0),
    };
    let mut digits = |key: &str, default: f64| -> Outcome<f64> {
        let value = options.get(key).cloned().unwrap_or_default();
        let digits = if value.is_undefined() { default } else { vm.number(&value)? };
        Ok(digits.clamp(0.0, 20.0))
    };
    let least = digits("minimumFractionDigits", least_default)?;
    let most = digits("maximumFractionDigits", most_default.max(least))?.max(least);
    let whole_digits = digits("minimumIntegerDigits", 1.0)?;
    if value.is_nan() {
        return Ok("NaN".to_owned());
    }
    let mut text = grouped(value.abs(), least as usize, most as usize, whole_digits as usize, &locale, options);
    if value.is_infinite() {
        "∞".clone_into(&mut text);
    }
    let text = match style {
        "percent" => format!("{text}{}%", locale.before_percent),
        "currency" => with_currency(&text, &currency, &locale, options),
        _ => text,
    };
    Ok(if value < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        format!("{}{text}", locale.minus)
    } else {
        text
    })
}

fn with_currency(text: &str, currency: &str, locale: &Locale, options: &Object) -> String {
    let symbol = match options.get("currencyDisplay").and_then(Value::as_str) {
        Some("code") => currency,
        _ => currency_symbol(currency),
    };
    if locale.currency_last {
        format!("{text}\u{a0}{symbol}")
    } else if symbol.len() == 3 && symbol.bytes().all(|byte| byte.is_ascii_uppercase()) || locale.decimal == "," {
        format!("{symbol}\u{a0}{text}")
    } else {
        format!("{symbol}{text}")
    }
}

fn grouped(value: f64, least: usize, most: usize, whole_digits: usize, locale: &Locale, options: &Object) -> String {
    let text = if value < 1e21 { fixed(value, most) } else { format!("{value:.0}") };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut fraction = fraction;
    while fraction.len() > least && fraction.ends_with('0') {
        fraction = &fraction[..fraction.len() - 1];
    }
    let whole = format!("{whole:0>whole_digits$}");
    let mut out = String::new();
    let groups =
        options.get("useGrouping").is_none_or(crate::convert::truthy) && !(locale.four_together && whole.len() < 5);
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        let begins = if locale.by_hundreds { left == 3 || left > 3 && left % 2 == 1 } else { left.is_multiple_of(3) };
        if index > 0 && begins && groups {
            out.push_str(locale.group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push_str(locale.decimal);
        out.push_str(fraction);
    }
    out
}
