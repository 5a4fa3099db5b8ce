//! Methods of strings (ECMA-262, section 22.1.3), those without patterns.

use std::cmp::Ordering;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use weft_value::{Text, Value};

use super::text::{absolute, byte_at, relative, unit, unit_at};
use super::{Table, arg};
use crate::convert::{is_space, to_integer};
use crate::special::{Special, special};
use crate::stop::{Outcome, range_error, type_error};
use crate::vm::Vm;

pub(super) const METHODS: Table<Text> = &[
    ("toLowerCase", |vm, text, _| vm.string(text.to_lowercase())),
    ("toUpperCase", |vm, text, _| vm.string(text.to_uppercase())),
    ("toLocaleLowerCase", |vm, text, _| vm.string(text.to_lowercase())),
    ("toLocaleUpperCase", |vm, text, _| vm.string(text.to_uppercase())),
    ("trim", |vm, text, _| vm.string(text.trim_matches(is_space))),
    ("trimStart", |vm, text, _| vm.string(text.trim_start_matches(is_space))),
    ("trimEnd", |vm, text, _| vm.string(text.trim_end_matches(is_space))),
    ("trimLeft", |vm, text, _| vm.string(text.trim_start_matches(is_space))),
    ("trimRight", |vm, text, _| vm.string(text.trim_end_matches(is_space))),
    ("toString", |_, text, _| Ok(Value::String(text.clone()))),
    ("valueOf", |_, text, _| Ok(Value::String(text.clone()))),
    ("toLocaleString", |_, text, _| Ok(Value::String(text.clone()))),
    ("slice", slice),
    ("substring", substring),
    ("substr", substr),
    ("charAt", char_at),
    ("charCodeAt", char_code_at),
    ("codePointAt", code_point_at),
    ("at", at),
    ("includes", includes),
    ("startsWith", starts_with),
    ("endsWith", ends_with),
    ("indexOf", index_of),
    ("lastIndexOf", last_index_of),
    ("concat", concat),
    ("repeat", repeat),
    ("padStart", |vm, text, args| pad(vm, text, args, Side::Start)),
    ("padEnd", |vm, text, args| pad(vm, text, args, Side::End)),
    ("localeCompare", locale_compare),
    ("normalize", normalize),
    ("isWellFormed", |_, _, _| Ok(Value::Bool(true))),
    ("toWellFormed", |_, text, _| Ok(Value::String(text.clone()))),
    ("hasOwnProperty", |vm, text, args| {
        let key = vm.text(arg(args, 0))?;
        Ok(Value::Bool(key.as_str() == "length" || key.parse::<usize>().is_ok_and(|index| index < text.utf16_len())))
    }),
];

fn slice(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let length = text.utf16_len();
    let start = relative(vm, arg(args, 0), length, 0)?;
    let end = relative(vm, arg(args, 1), length, length)?;
    cut(vm, text, start, end)
}

fn substring(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let length = text.utf16_len();
    let a = absolute(vm, arg(args, 0), length, 0)?;
    let b = absolute(vm, arg(args, 1), length, length)?;
    cut(vm, text, a.min(b), a.max(b))
}

fn substr(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let length = text.utf16_len();
    let start = relative(vm, arg(args, 0), length, 0)?;
    let count = absolute(vm, arg(args, 1), length, length)?;
    cut(vm, text, start, (start + count).min(length))
}

fn cut(vm: &mut Vm<'_>, text: &Text, start: usize, end: usize) -> Outcome {
    vm.budget.text(end.saturating_sub(start))?;
    Ok(Value::String(text.utf16_slice(start, end)))
}

fn place(vm: &mut Vm<'_>, args: &[Value]) -> Outcome<Option<usize>> {
    let place = to_integer(vm.number(arg(args, 0))?);
    Ok((0.0..1e15).contains(&place).then_some(place as usize))
}

fn char_at(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let found = place(vm, args)?.and_then(|index| unit(text, index));
    Ok(Value::from(found.unwrap_or_default()))
}

fn char_code_at(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let found = place(vm, args)?.and_then(|index| {
        if text.is_ascii() { text.as_bytes().get(index).map(|b| u16::from(*b)) } else { text.encode_utf16().nth(index) }
    });
    Ok(Value::Number(found.map_or(f64::NAN, f64::from)))
}

fn code_point_at(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let Some(index) = place(vm, args)? else { return Ok(Value::Undefined) };
    let found = text[byte_at(text, index)..].chars().next();
    Ok(found.map_or(Value::Undefined, |c| Value::from(u32::from(c))))
}

fn at(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let length = text.utf16_len() as f64;
    let mut index = to_integer(vm.number(arg(args, 0))?);
    if index < 0.0 {
        index += length;
    }
    let found = if index >= 0.0 && index < length { unit(text, index as usize) } else { None };
    Ok(found.map_or(Value::Undefined, Value::from))
}

/// The text to look for, and from which byte.
fn needle(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome<(Text, usize)> {
    if matches!(special(arg(args, 0)), Some(Special::RegExp(_))) {
        return Err(type_error("The argument must not be a regular expression"));
    }
    let needle = vm.text(arg(args, 0))?;
    vm.budget.scan(needle.len())?;
    let length = text.utf16_len();
    let from = absolute(vm, arg(args, 1), length, 0)?;
    Ok((needle, byte_at(text, from)))
}

fn includes(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let (needle, from) = needle(vm, text, args)?;
    Ok(Value::Bool(text[from..].contains(needle.as_str())))
}

fn starts_with(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let (needle, from) = needle(vm, text, args)?;
    Ok(Value::Bool(text[from..].starts_with(needle.as_str())))
}

fn ends_with(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let needle = vm.text(arg(args, 0))?;
    let length = text.utf16_len();
    let end = absolute(vm, arg(args, 1), length, length)?;
    Ok(Value::Bool(text[..byte_at(text, end)].ends_with(needle.as_str())))
}

fn index_of(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let (needle, from) = needle(vm, text, args)?;
    let found = text[from..].find(needle.as_str()).map(|at| unit_at(text, from + at));
    Ok(Value::Number(found.map_or(-1.0, |index| index as f64)))
}

fn last_index_of(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let needle = vm.text(arg(args, 0))?;
    let length = text.utf16_len();
    let from = absolute(vm, arg(args, 1), length, length)?;
    let mut end = (byte_at(text, from) + needle.len()).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let found = text[..end].rfind(needle.as_str()).map(|at| unit_at(text, at));
    Ok(Value::Number(found.map_or(-1.0, |index| index as f64)))
}

fn concat(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let mut whole = text.to_string();
    for arg in args {
        vm.append(&mut whole, arg)?;
    }
    vm.string(whole)
}

/// Unicode's normal forms. A letter becomes at most eighteen bytes for one (NFKD of U+FDFA), which is paid for beforehand.
fn normalize(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    if text.is_ascii() {
        return Ok(Value::String(text.clone()));
    }
    let form = if arg(args, 0).is_undefined() { Text::from("NFC") } else { vm.text(arg(args, 0))? };
    vm.budget.scan(text.len().saturating_mul(16))?;
    vm.budget.text(text.len().saturating_mul(2))?;
    let normal = match form.as_str() {
        "NFC" => ComposingNormalizerBorrowed::new_nfc().normalize(text),
        "NFKC" => ComposingNormalizerBorrowed::new_nfkc().normalize(text),
        "NFD" => DecomposingNormalizerBorrowed::new_nfd().normalize(text),
        "NFKD" => DecomposingNormalizerBorrowed::new_nfkd().normalize(text),
        _ => return Err(range_error("The normalization form should be one of NFC, NFD, NFKC, NFKD")),
    };
    vm.string(normal.into_owned())
}

fn repeat(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let count = to_integer(vm.number(arg(args, 0))?);
    if !(0.0..f64::INFINITY).contains(&count) {
        return Err(range_error("Invalid count value"));
    }
    if text.is_empty() || count == 0.0 {
        return Ok(Value::from(""));
    }
    let bytes = text.len() as f64 * count;
    vm.budget.text(if bytes < 1e15 { bytes as usize } else { usize::MAX })?;
    Ok(Value::from(text.repeat(count as usize)))
}

/// `filler` again and again, `units` UTF-16 units of it. Half of a surrogate pair is U+FFFD.
fn filled(filler: &str, units: usize) -> String {
    let mut fill = String::with_capacity(units);
    let mut left = units;
    for c in filler.chars().cycle() {
        if left < c.len_utf16() {
            break;
        }
        fill.push(c);
        left -= c.len_utf16();
    }
    if left > 0 {
        fill.push(char::REPLACEMENT_CHARACTER);
    }
    fill
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

fn pad(vm: &mut Vm<'_>, text: &Text, args: &[Value], side: Side) -> Outcome {
    let target = to_integer(vm.number(arg(args, 0))?);
    let filler = match arg(args, 1) {
        Value::Undefined => Text::from(" "),
        other => vm.text(other)?,
    };
    let length = text.utf16_len() as f64;
    if target <= length || filler.is_empty() {
        return Ok(Value::String(text.clone()));
    }
    let missing = if target < 1e15 { (target - length) as usize } else { usize::MAX / 8 };
    vm.budget.text(text.len().saturating_add(missing.saturating_mul(filler.len().min(4))))?;
    let fill = filled(&filler, missing);
    Ok(Value::from(match side {
        Side::Start => fill + text,
        Side::End => format!("{text}{fill}"),
    }))
}

/// What counts in the order of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Accents count where all letters are equal.
    accents: bool,
    /// Small letters come before capital ones, where all else is equal.
    cases: bool,
    /// Digits are read as numbers: 2 before 10.
    numbers: bool,
}

impl Order {
    /// The one that options name (ECMA-402, section 10).
    pub(super) fn asked(options: &Value) -> Self {
        let (accents, cases) = match options.get("sensitivity").as_str() {
            Some("base") => (false, false),
            Some("accent") => (true, false),
            Some("case") => (false, true),
            _ => (true, true),
        };
        Self { accents, cases, numbers: options.get("numeric").as_bool() == Some(true) }
    }
}

/// Letters in the order of an alphabet, small before capital; accents count only where all else is equal.
pub(super) fn locale_order(a: &str, b: &str, order: Order) -> Ordering {
    let (folded_a, folded_b) = (folded(a), folded(b));
    let letters = if order.numbers {
        by_numbers(&folded_a, &folded_b)
    } else {
        folded_a.chars().map(rank).cmp(folded_b.chars().map(rank))
    };
    letters
        .then_with(|| if order.accents { a.to_lowercase().cmp(&b.to_lowercase()) } else { Ordering::Equal })
        .then_with(|| match (order.cases, order.accents) {
            (false, _) => Ordering::Equal,
            (true, true) => b.cmp(a),
            (true, false) => capitals(b).cmp(&capitals(a)),
        })
}

/// Small letters without accents.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ß' => out.push_str("ss"),
            'ё' => out.push('е'),
            letter => out.push(super::web::base_letter(letter)),
        }
    }
    out
}

/// Where a letter without accents stands among all signs: marks, other signs, currencies, digits, letters; Korean before Japanese and Chinese
/// (Unicode Technical Report 35, part 5: the root collation of the CLDR).
fn rank(letter: char) -> (u8, u32) {
    const MARKS: &str = "\t\n\r \u{a0}_-–—,;:!?.…'‘’\"“”«»()[]{}§¶@*/\\&#%†•`´^¯°©®+±÷×<=>|¦~";
    let code = u32::from(letter);
    let mark = || MARKS.chars().position(|mark| mark == letter);
    if letter.is_alphabetic() {
        let script = match letter {
            '\u{ac00}'..='\u{d7a3}' => 5,
            '\u{3000}'.. => 6,
            _ => 4,
        };
        (script, code)
    } else if letter.is_numeric() {
        (3, code)
    } else if matches!(letter, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}') {
        (2, code)
    } else {
        mark().map_or((1, code), |place| (0, place as u32))
    }
}

/// Which letters are capital ones, as a text that comes later where they are.
fn capitals(text: &str) -> String {
    text.chars().map(|letter| if letter.is_uppercase() { '0' } else { '1' }).collect()
}

/// The order of texts in which digits that stand together are a number.
fn by_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (digits_a, digits_b) = (leading_digits(a), leading_digits(b));
        if digits_a > 0 && digits_b > 0 {
            let (number_a, number_b) = (a[..digits_a].trim_start_matches('0'), b[..digits_b].trim_start_matches('0'));
            let numbers = number_a.len().cmp(&number_b.len()).then_with(|| number_a.cmp(number_b));
            if numbers != Ordering::Equal {
                return numbers;
            }
            (a, b) = (&a[digits_a..], &b[digits_b..]);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (Some(x), Some(y)) if x == y => (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]),
            (x, y) => return x.map(rank).cmp(&y.map(rank)),
        }
    }
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `localeCompare(other, locales, options)`.
fn locale_compare(vm: &mut Vm<'_>, text: &Text, args: &[Value]) -> Outcome {
    let other = vm.text(arg(args, 0))?;
    vm.budget.scan((text.len() + other.len()).saturating_mul(8))?;
    Ok(super::intl::ordering(locale_order(text, &other, Order::asked(arg(args, 2)))))
}
