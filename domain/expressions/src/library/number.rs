//! Methods of numbers (ECMA-262, section 21.1.3).

#![expect(clippy::trivially_copy_pass_by_ref, reason = "the tables of all types have one shape")]

use weft_value::Value;

use super::{Table, arg};
use crate::convert::{number_to_string, to_integer};
use crate::stop::{Outcome, range_error};
use crate::vm::Vm;

pub(super) const METHODS: Table<f64> = &[
    ("toString", to_string),
    ("toFixed", to_fixed),
    ("toPrecision", to_precision),
    ("toExponential", to_exponential),
    ("valueOf", |_, number, _| Ok(Value::Number(*number))),
    ("toLocaleString", super::number_format::to_locale_string),
];

fn to_string(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let radix = match arg(args, 0) {
        Value::Undefined => 10.0,
        other => to_integer(vm.number(other)?),
    };
    if !(2.0..=36.0).contains(&radix) {
        return Err(range_error("toString() radix must be between 2 and 36"));
    }
    if radix == 10.0 || !number.is_finite() {
        return Ok(Value::from(number_to_string(*number)));
    }
    Ok(Value::from(in_radix(*number, radix as u32)))
}

fn in_radix(number: f64, radix: u32) -> String {
    let digit = |value: f64| char::from_digit(value as u32, radix).unwrap_or('0');
    let base = f64::from(radix);
    let (mut whole, mut fraction) = (number.abs().trunc(), number.abs().fract());
    let mut digits = Vec::new();
    while whole >= 1.0 && digits.len() < 1100 {
        digits.push(digit(whole % base));
        whole = (whole / base).trunc();
    }
    let mut text: String = if number < 0.0 { "-".into() } else { String::new() };
    text.extend(digits.iter().rev());
    if digits.is_empty() {
        text.push('0');
    }
    if fraction > 0.0 {
        text.push('.');
        for _ in 0..52 {
            fraction *= base;
            text.push(digit(fraction.trunc()));
            fraction = fraction.fract();
            if fraction == 0.0 {
                break;
            }
        }
    }
    text
}

/// The argument as a number of digits.
fn digits(vm: &mut Vm<'_>, value: &Value, least: f64) -> Outcome<usize> {
    let digits = to_integer(vm.number(value)?);
    let digits = if value.is_undefined() { least } else { digits };
    if !(least..=100.0).contains(&digits) {
        return Err(range_error("The number of digits must be between 0 and 100"));
    }
    Ok(digits as usize)
}

fn to_fixed(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let digits = digits(vm, arg(args, 0), 0.0)?;
    Ok(Value::from(fixed(*number, digits)))
}

/// `number` with `digits` decimals; half of a unit is rounded away from zero.
pub(super) fn fixed(number: f64, digits: usize) -> String {
    if !number.is_finite() || number.abs() >= 1e21 {
        return number_to_string(number);
    }
    // Rust rounds the exact value, half to even; JavaScript takes the larger of two that are equally near.
    let rounded = format!("{:.digits$}", number.abs());
    let exact = format!("{:.*}", digits + 60, number.abs());
    let tie = exact
        .as_bytes()
        .get(exact.len() - 60..)
        .is_some_and(|rest| rest[0] == b'5' && rest[1..].iter().all(|d| *d == b'0'));
    let text = if tie { increment_tie(&exact[..exact.len() - 60]) } else { rounded };
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if number < 0.0 && !(zero && number == 0.0) { format!("-{text}") } else { text }
}

/// The decimal `text` plus one unit of its last place.
fn increment_tie(text: &str) -> String {
    let trimmed = text.strip_suffix('.').unwrap_or(text);
    let mut bytes = trimmed.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev().filter(|byte| **byte != b'.') {
        if *byte == b'9' {
            *byte = b'0';
        } else {
            *byte += 1;
            return String::from_utf8(bytes).unwrap_or_default();
        }
    }
    format!("1{}", String::from_utf8(bytes).unwrap_or_default())
}

fn to_exponential(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    if !number.is_finite() {
        return Ok(Value::from(number_to_string(*number)));
    }
    // Minus nought is written as nought.
    let number = number + 0.0;
    let text = match arg(args, 0) {
        Value::Undefined => format!("{number:e}"),
        given => {
            let digits = digits(vm, given, 0.0)?;
            format!("{number:.digits$e}")
        }
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    Ok(Value::from(format!("{mantissa}e{sign}{exponent}")))
}

fn to_precision(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    if arg(args, 0).is_undefined() || !number.is_finite() {
        return Ok(Value::from(number_to_string(*number)));
    }
    let precision = digits(vm, arg(args, 0), 1.0)?;
    let scientific = format!("{number:.*e}", precision - 1);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if exponent < -6 || exponent >= precision as i32 {
        return to_exponential(vm, number, &[Value::Number((precision - 1) as f64)]);
    }
    Ok(Value::from(fixed(*number, (precision as i32 - 1 - exponent).max(0) as usize)))
}
