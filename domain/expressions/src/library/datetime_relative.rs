//! What a `DateTime` says in a language beside its text: how far away it is, and its parts (by the interface of Luxon).

use std::rc::Rc;

use weft_value::{DateTime, Object, Value};

use super::arg;
use super::datetime::{in_zone, moment_of, now, text};
use super::datetime_localized::{Usual, parts};
use super::datetime_methods::asked_language;
use super::datetime_units::{Unit, start_of};
use super::duration::{difference, units_of};
use super::locale::{self, Locale};
use super::relative::{Numeric, Shape, Style, written};
use crate::special::date_time;
use crate::stop::Outcome;
use crate::vm::Vm;

/// What a distance in time is told in: no quarters and no weeks, unless they are asked for.
const UNITS: [Unit; 6] = [Unit::Year, Unit::Month, Unit::Day, Unit::Hour, Unit::Minute, Unit::Second];
/// The same by the calendar.
const CALENDAR_UNITS: [Unit; 3] = [Unit::Year, Unit::Month, Unit::Day];

/// The language that options name, else the one of the moment.
fn language(moment: &DateTime, options: &Value) -> Rc<Locale> {
    asked_language(options).map_or_else(|| locale::of(moment), |name| locale::named(&name))
}

/// The shape that options ask for.
fn shape(locale: &Locale, options: &Value, numeric: Numeric) -> Shape {
    let mut shape = Shape { numeric, ..Shape::asked(options) };
    if locale.is_english() && shape.style == Style::Narrow {
        // Luxon writes American English itself, and knows no narrow one.
        shape.style = Style::Short;
    }
    shape
}

/// `toRelative(options)`: in the first of the units of which there is a whole one, else in the last one.
pub(super) fn to_relative(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let options = arg(args, 0);
    let base = moment_of(vm, options.get("base")).unwrap_or_else(|| now(vm.scope));
    let units = match options.get("unit") {
        Value::Undefined => UNITS.to_vec(),
        names => units_of(vm, names)?,
    };
    let past = moment.millis() < base.millis();
    let padded = match options.get("padding") {
        Value::Number(padding) => {
            let millis = moment.millis() as f64 + if past { -padding } else { *padding };
            date_time(millis, moment.zoned().time_zone().clone())
        }
        _ => None,
    };
    let padded = padded.as_ref().unwrap_or(moment);
    let length = |unit: Unit| difference(padded, &base, &[unit]).map_or(0.0, |length| length.amount(unit).abs());
    let whole = units.iter().copied().find(|unit| length(*unit) >= 1.0);
    let unit = whole.or_else(|| units.last().copied()).unwrap_or(Unit::Second);
    let scale = if options.get("round").as_bool() == Some(false) { 100.0 } else { 1.0 };
    let amount = (length(unit) * scale).trunc() / scale;
    let locale = language(moment, options);
    let shape = shape(&locale, options, Numeric::Always);
    text(written(&locale.icu, shape, unit, if past { -amount } else { amount })?)
}

/// `toRelativeCalendar(options)`: in the first of the units of the calendar that differs, else in the last one.
pub(super) fn to_relative_calendar(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let options = arg(args, 0);
    let base = moment_of(vm, options.get("base")).unwrap_or_else(|| now(vm.scope));
    let units = match options.get("unit") {
        Value::Undefined => CALENDAR_UNITS.to_vec(),
        names => units_of(vm, names)?,
    };
    let here = in_zone(moment, base.zoned().time_zone().clone());
    let distance = |unit: Unit| {
        let (a, b) = (start_of(here.zoned(), unit)?, start_of(base.zoned(), unit)?);
        difference(&a.into(), &b.into(), &[unit]).map(|length| length.amount(unit).round())
    };
    let differing = units.iter().find_map(|unit| Some((*unit, distance(*unit).filter(|amount| *amount != 0.0)?)));
    let (unit, amount) = differing.unwrap_or((units.last().copied().unwrap_or(Unit::Day), 0.0));
    let locale = language(moment, options);
    text(written(&locale.icu, shape(&locale, options, Numeric::Auto), unit, amount)?)
}

/// `toLocaleParts(options)`.
pub(super) fn to_locale_parts(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let options = arg(args, 0);
    let found = parts(moment, &language(moment, options).icu, options, Usual::Plain);
    parts_value(vm, found)
}

/// Parts of a text as a list of what they are and how they are written.
pub(super) fn parts_value(vm: &mut Vm<'_>, parts: Vec<(&'static str, String)>) -> Outcome {
    let mut list = Vec::with_capacity(parts.len());
    for (kind, part) in parts {
        vm.budget.entries(2)?;
        let value = vm.string(part)?;
        list.push(Value::from([("type", Value::from(kind)), ("value", value)].into_iter().collect::<Object>()));
    }
    vm.list(list)
}

/// `resolvedLocaleOptions()`.
pub(super) fn resolved_locale_options(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    vm.budget.entries(3)?;
    let tag = language(moment, arg(args, 0)).icu.to_string();
    let fields = [
        ("locale", Value::from(tag)),
        ("numberingSystem", Value::from("latn")),
        ("outputCalendar", Value::from("gregory")),
    ];
    Ok(Value::from(fields.into_iter().collect::<Object>()))
}
