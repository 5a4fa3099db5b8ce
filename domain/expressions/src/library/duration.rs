//! `Duration` and `Interval`, by the interface of Luxon.

use std::fmt::Write;

use jiff::Zoned;
use weft_value::{DateTime, Object, Value};

use super::datetime::text;
use super::datetime_units::{UNITS, Unit, add, between};
use super::{Native, Table, arg, datetime_parse};
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

/// A length of time, unit by unit in the order of [`UNITS`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Duration {
    amounts: [f64; 9],
    /// Which units were given, so that they are shown.
    given: u16,
    /// Whether it could not be read, so that it is none.
    invalid: bool,
}

impl Duration {
    pub(super) fn of(unit: Unit, amount: f64) -> Self {
        let mut duration = Self::default();
        duration.set(unit, amount);
        duration
    }

    /// The length whose amounts are given for every unit; those that are zero are not shown.
    pub(super) fn from_amounts(amounts: [f64; 9]) -> Self {
        let mut duration = Self::default();
        for unit in UNITS.into_iter().filter(|unit| amounts[*unit as usize] != 0.0) {
            duration.set(unit, amounts[unit as usize]);
        }
        duration
    }

    /// What stands for a length that could not be read.
    pub(super) fn unreadable() -> Self {
        Self { amounts: [f64::NAN; 9], given: 0, invalid: true }
    }

    /// Whether it is a length at all.
    pub(crate) fn is_valid(&self) -> bool {
        !self.invalid
    }

    fn set(&mut self, unit: Unit, amount: f64) {
        self.amounts[unit as usize] = amount;
        self.given |= 1 << unit as u16;
    }

    /// How much of `unit` it has.
    pub(super) fn amount(&self, unit: Unit) -> f64 {
        self.amounts[unit as usize]
    }

    fn units(&self) -> impl Iterator<Item = (Unit, f64)> + '_ {
        UNITS
            .into_iter()
            .filter(|unit| self.given & (1 << *unit as u16) != 0)
            .map(|unit| (unit, self.amounts[unit as usize]))
    }

    /// All of it in milliseconds; a month counts 30 days and a year 365.
    pub(crate) fn millis(&self) -> f64 {
        UNITS.into_iter().map(|unit| self.amounts[unit as usize] * unit.millis()).sum()
    }

    pub(super) fn negated(mut self) -> Self {
        self.amounts = self.amounts.map(|amount| -amount);
        self
    }

    /// The same length in `units` alone.
    fn shifted(&self, units: &[Unit]) -> Self {
        let mut rest = self.millis();
        let mut shifted = Self::default();
        for (index, unit) in units.iter().enumerate() {
            let exact = rest / unit.millis();
            let amount = if index + 1 == units.len() { exact } else { exact.trunc() };
            rest -= amount * unit.millis();
            shifted.set(*unit, amount);
        }
        shifted
    }

    /// The same length in every unit but quarters, as Luxon has it.
    fn shifted_to_all(&self) -> Self {
        let all: Vec<Unit> = UNITS.into_iter().filter(|unit| *unit != Unit::Quarter).collect();
        self.shifted(&all)
    }

    fn without_zeros(&self) -> Self {
        let mut kept = Self::default();
        for (unit, amount) in self.units().filter(|(_, amount)| *amount != 0.0) {
            kept.set(unit, amount);
        }
        kept
    }

    fn object(&self) -> Value {
        Value::from(self.units().map(|(unit, amount)| (unit.plural(), Value::Number(amount))).collect::<Object>())
    }

    /// ISO 8601, `P1DT2H` for instance.
    pub(crate) fn to_iso(self) -> String {
        let number = |index: usize| crate::convert::number_to_string(self.amounts[index]);
        let mut out = "P".to_owned();
        let months = self.amounts[2] + self.amounts[1] * 3.0;
        for (amount, sign, text) in [
            (self.amounts[0], 'Y', number(0)),
            (months, 'M', crate::convert::number_to_string(months)),
            (self.amounts[3], 'W', number(3)),
            (self.amounts[4], 'D', number(4)),
        ] {
            if amount != 0.0 {
                out.push_str(&text);
                out.push(sign);
            }
        }
        let seconds = ((self.amounts[7] + self.amounts[8] / 1000.0) * 1000.0).round() / 1000.0;
        let time = [(self.amounts[5], 'H'), (self.amounts[6], 'M'), (seconds, 'S')];
        if time.iter().any(|(amount, _)| *amount != 0.0) {
            out.push('T');
            for (amount, sign) in time.iter().filter(|(amount, _)| *amount != 0.0) {
                out.push_str(&crate::convert::number_to_string(*amount));
                out.push(*sign);
            }
        }
        if out.len() == 1 { "PT0S".to_owned() } else { out }
    }

    /// A property such as `days`.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        match name {
            "isValid" => Some(Value::Bool(self.is_valid())),
            "invalidReason" => Some(if self.invalid { Value::from("unparsable") } else { Value::Null }),
            "locale" => Some(Value::from("en-US")),
            "values" => Some(self.object()),
            _ => UNITS
                .into_iter()
                .find(|unit| unit.plural() == name)
                .map(|unit| Value::Number(self.amounts[unit as usize])),
        }
    }

    fn to_format(self, pattern: &str) -> String {
        let mut rest = self.millis().abs();
        let tokens = super::datetime_format::tokens(pattern);
        let letters: Vec<char> =
            tokens.iter().filter(|(literal, _)| !literal).filter_map(|(_, token)| token.chars().next()).collect();
        let mut amounts = Vec::new();
        for (letter, unit) in [
            ('y', Unit::Year),
            ('M', Unit::Month),
            ('w', Unit::Week),
            ('d', Unit::Day),
            ('h', Unit::Hour),
            ('m', Unit::Minute),
            ('s', Unit::Second),
            ('S', Unit::Millisecond),
        ] {
            if letters.contains(&letter) {
                let amount = (rest / unit.millis()).trunc();
                rest -= amount * unit.millis();
                amounts.push((letter, amount));
            }
        }
        let mut out = if self.millis() < 0.0 { "-".to_owned() } else { String::new() };
        for (literal, token) in tokens {
            match amounts.iter().find(|(letter, _)| !literal && token.starts_with(*letter)) {
                Some((_, amount)) => {
                    let _ = write!(out, "{:0width$}", *amount as i64, width = token.len());
                }
                None => out.push_str(&token),
            }
        }
        out
    }
}

/// The length of time that `plus(amount, unit)`, `plus({ unit: amount })` or `plus(millis)` asks for.
pub(super) fn duration_of(vm: &mut Vm<'_>, amount: &Value, unit: &Value) -> Outcome<Duration> {
    if let Some(Special::Duration(duration)) = special(amount) {
        return Ok(*duration);
    }
    if let Value::Object(object) = amount {
        let mut duration = Duration::default();
        for (name, amount) in object.iter() {
            let unit = Unit::named(name).ok_or_else(|| misuse(format!("\"{name}\" is not a unit of time.")))?;
            duration.set(unit, vm.number(amount)?);
        }
        return Ok(duration);
    }
    let unit = match unit {
        Value::Undefined => Unit::Millisecond,
        other => unit_of(vm, other)?,
    };
    Ok(Duration::of(unit, vm.number(amount)?))
}

pub(super) fn unit_of(vm: &mut Vm<'_>, value: &Value) -> Outcome<Unit> {
    let name = vm.text(value)?;
    Unit::named(&name).ok_or_else(|| misuse(format!("\"{name}\" is not a unit of time.")))
}

/// One unit, a list of units, or milliseconds.
pub(super) fn units_of(vm: &mut Vm<'_>, value: &Value) -> Outcome<Vec<Unit>> {
    match value {
        Value::Undefined | Value::Object(_) => Ok(vec![Unit::Millisecond]),
        Value::Array(names) => names.iter().map(|name| unit_of(vm, name)).collect(),
        one => Ok(vec![unit_of(vm, one)?]),
    }
}

pub(super) fn add_duration(moment: &DateTime, duration: &Duration) -> Option<Zoned> {
    UNITS.into_iter().try_fold(moment.zoned().clone(), |moment, unit| match duration.amounts[unit as usize] {
        0.0 => Some(moment),
        amount => add(&moment, unit, amount),
    })
}

/// `a − b` in `units`.
pub(super) fn difference(a: &DateTime, b: &DateTime, units: &[Unit]) -> Option<Duration> {
    let b_is_later = b.zoned() > a.zoned();
    let (earlier, later) = if b_is_later { (a, b) } else { (b, a) };
    let mut sorted = units.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut duration = Duration::default();
    for (unit, amount) in between(earlier.zoned(), later.zoned(), &sorted)? {
        duration.set(unit, amount);
    }
    Some(if b_is_later { duration.negated() } else { duration })
}

pub(super) static METHODS: Table<Duration> = &[
    ("as", |vm, duration, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(Value::Number(duration.millis() / unit.millis()))
    }),
    ("get", |vm, duration, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(Value::Number(duration.amounts[unit as usize]))
    }),
    // The one language and the one count of days are the ones there are.
    ("reconfigure", |_, duration, _| Ok(wrap(Special::Duration(*duration)))),
    ("toObject", |_, duration, _| Ok(duration.object())),
    ("toMillis", |_, duration, _| Ok(Value::Number(duration.millis()))),
    ("valueOf", |_, duration, _| Ok(Value::Number(duration.millis()))),
    ("toISO", |_, duration, _| text(duration.to_iso())),
    ("toString", |_, duration, _| text(duration.to_iso())),
    ("toJSON", |_, duration, _| text(duration.to_iso())),
    ("toFormat", |vm, duration, args| {
        let pattern = vm.text(arg(args, 0))?;
        vm.budget.text(pattern.len().saturating_mul(24))?;
        vm.string(duration.to_format(&pattern))
    }),
    ("shiftTo", |vm, duration, args| {
        let mut units: Vec<Unit> = args.iter().map(|unit| unit_of(vm, unit)).collect::<Result<_, _>>()?;
        units.sort_unstable();
        Ok(wrap(Special::Duration(duration.shifted(&units))))
    }),
    ("normalize", |_, duration, _| {
        let units: Vec<Unit> = duration.units().map(|(unit, _)| unit).collect();
        Ok(wrap(Special::Duration(duration.shifted(&units))))
    }),
    ("shiftToAll", |_, duration, _| Ok(wrap(Special::Duration(duration.shifted_to_all())))),
    ("rescale", |_, duration, _| Ok(wrap(Special::Duration(duration.shifted_to_all().without_zeros())))),
    ("removeZeros", |_, duration, _| Ok(wrap(Special::Duration(duration.without_zeros())))),
    ("set", |vm, duration, args| {
        let changes = duration_of(vm, arg(args, 0), &Value::Undefined)?;
        let mut changed = *duration;
        for (unit, amount) in changes.units() {
            changed.set(unit, amount);
        }
        Ok(wrap(Special::Duration(changed)))
    }),
    ("mapUnits", |vm, duration, args| {
        let mut mapped = Duration::default();
        for (unit, amount) in duration.units() {
            let name = unit.plural();
            let amount = vm.call(arg(args, 0), &[Value::Number(amount), Value::from(name)])?;
            mapped.set(unit, vm.number(&amount)?);
        }
        Ok(wrap(Special::Duration(mapped)))
    }),
    ("equals", |_, duration, args| {
        Ok(Value::Bool(
            matches!(special(arg(args, 0)), Some(Special::Duration(other)) if other.amounts == duration.amounts),
        ))
    }),
    ("toISOTime", |_, duration, args| {
        let millis = duration.millis();
        if !(0.0..86_400_000.0).contains(&millis) {
            return Ok(Value::Null);
        }
        let option = |name: &str| arg(args, 0).get(name).as_bool() == Some(true);
        let (in_seconds, in_minutes) = (millis % 1000.0 == 0.0, millis % 60_000.0 == 0.0);
        let pattern = if option("suppressSeconds") && in_minutes {
            "hh:mm"
        } else if option("suppressMilliseconds") && in_seconds {
            "hh:mm:ss"
        } else {
            "hh:mm:ss.SSS"
        };
        let time = duration.to_format(pattern);
        let is_basic = arg(args, 0).get("format").as_str() == Some("basic");
        let time = if is_basic { time.replace(':', "") } else { time };
        text(if option("includePrefix") { format!("T{time}") } else { time })
    }),
    ("plus", |vm, duration, args| combined(vm, duration, args, 1.0)),
    ("minus", |vm, duration, args| combined(vm, duration, args, -1.0)),
    ("negate", |_, duration, _| Ok(wrap(Special::Duration(duration.negated())))),
    ("toHuman", |_, duration, args| {
        let option = |name: &str| arg(args, 0).get(name).as_str();
        let width = option("unitDisplay").unwrap_or("long");
        let parts: Vec<String> = duration.units().map(|(unit, amount)| in_words(unit, amount, width)).collect();
        text(enumerated(&parts, option("listStyle").unwrap_or("narrow")))
    }),
];

/// What a method of a length that could not be read gives.
pub(super) fn invalid_method(name: &str) -> Value {
    match name {
        "toISO" | "toISOTime" | "toJSON" => Value::Null,
        "toFormat" | "toHuman" | "toString" => Value::from("Invalid Duration"),
        "as" | "get" | "toMillis" | "valueOf" => Value::Number(f64::NAN),
        "toObject" => Value::empty_object(),
        "equals" => Value::Bool(false),
        _ => wrap(Special::Duration(Duration::unreadable())),
    }
}

/// `2 months`, `2 mths` or `2m`, as the CLDR has it for American English.
fn in_words(unit: Unit, amount: f64, width: &str) -> String {
    let number = rounded(amount);
    let place = unit as usize;
    match width {
        "narrow" => number + ["y", "q", "m", "w", "d", "h", "m", "s", "ms"][place],
        "short" => {
            let many = ["yrs", "qtrs", "mths", "wks", "days", "hr", "min", "sec", "ms"][place];
            let one = ["yr", "qtr", "mth", "wk", "day", "hr", "min", "sec", "ms"][place];
            format!("{number} {}", if amount == 1.0 { one } else { many })
        }
        _ => {
            let many = unit.plural();
            format!("{number} {}", if amount == 1.0 { many.trim_end_matches('s') } else { many })
        }
    }
}

/// The number with three decimals at most, without marks between its digits.
fn rounded(amount: f64) -> String {
    let fixed = super::number::fixed(amount, 3);
    if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.').to_owned() } else { fixed }
}

/// A list in words: narrow with commas alone, else with a last word.
fn enumerated(parts: &[String], style: &str) -> String {
    let word = match style {
        "long" => "and",
        "short" => "&",
        _ => return parts.join(", "),
    };
    match parts {
        [first, second] => format!("{first} {word} {second}"),
        [head @ .., last] if !head.is_empty() => format!("{}, {word} {last}", head.join(", ")),
        _ => parts.join(""),
    }
}

fn combined(vm: &mut Vm<'_>, duration: &Duration, args: &[Value], sign: f64) -> Outcome {
    let other = duration_of(vm, arg(args, 0), arg(args, 1))?;
    let mut sum = *duration;
    for (unit, amount) in other.units() {
        sum.set(unit, duration.amounts[unit as usize] + sign * amount);
    }
    Ok(wrap(Special::Duration(sum)))
}

/// A length of time from whatever says one.
fn from_like(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    Ok(wrap(Special::Duration(duration_of(vm, arg(args, 0), &Value::Undefined)?)))
}

pub(super) static STATICS: &[Native] = &[
    Native { name: "fromObject", run: from_like },
    Native { name: "fromDurationLike", run: from_like },
    Native {
        name: "isDuration",
        run: |_, args| Ok(Value::Bool(matches!(special(arg(args, 0)), Some(Special::Duration(_))))),
    },
    Native {
        name: "fromMillis",
        run: |vm, args| Ok(wrap(Special::Duration(Duration::of(Unit::Millisecond, vm.number(arg(args, 0))?)))),
    },
    Native {
        name: "fromISO",
        run: |vm, args| {
            let text = vm.text(arg(args, 0))?;
            let Some(amounts) = datetime_parse::iso_duration(&text) else {
                return Ok(wrap(Special::Duration(Duration::unreadable())));
            };
            Ok(wrap(Special::Duration(Duration::from_amounts(amounts))))
        },
    },
];
