//! Places in a string: UTF-16 units outside, bytes inside.

use weft_value::Value;

use crate::convert::to_integer;
use crate::stop::Outcome;
use crate::vm::Vm;

/// The string of unit `index` alone. Half of a surrogate pair is U+FFFD, since UTF-8 cannot hold it.
pub(crate) fn unit(text: &str, index: usize) -> Option<String> {
    if text.is_ascii() {
        return text.as_bytes().get(index).map(|byte| char::from(*byte).to_string());
    }
    text.encode_utf16().nth(index).map(|unit| String::from_utf16_lossy(&[unit]))
}

/// The byte at which UTF-16 unit `index` begins (inside of a surrogate pair: where the pair begins).
pub(crate) fn byte_at(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > index {
            return at;
        }
    }
    text.len()
}

/// The UTF-16 unit that begins at `byte`.
pub(crate) fn unit_at(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    if before.is_ascii() { before.len() } else { before.encode_utf16().count() }
}

/// The argument as a place from 0 to `length`; negative ones count from the end, as `slice` takes them.
pub(crate) fn relative(vm: &mut Vm<'_>, value: &Value, length: usize, missing: usize) -> Outcome<usize> {
    if value.is_undefined() {
        return Ok(missing);
    }
    let place = to_integer(vm.number(value)?);
    let length = length as f64;
    Ok(if place < 0.0 { (length + place).max(0.0) } else { place.min(length) } as usize)
}

/// The argument as a place from 0 to `length`; negative ones are 0, as `substring` takes them.
pub(crate) fn absolute(vm: &mut Vm<'_>, value: &Value, length: usize, missing: usize) -> Outcome<usize> {
    if value.is_undefined() {
        return Ok(missing);
    }
    Ok(to_integer(vm.number(value)?).clamp(0.0, length as f64) as usize)
}
