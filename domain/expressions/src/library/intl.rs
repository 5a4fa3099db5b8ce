//! `Intl`: what is made once for a language and used often, and the order of its texts.

use std::cmp::Ordering;

use fixed_decimal::Decimal;
use icu_plurals::PluralCategory;
use weft_value::{Object, Value};

use super::datetime_localized::Usual;
use super::datetime_relative::parts_value;
use super::datetime_units::Unit;
use super::relative::{self, Kind, Shape};
use super::string::{Order, locale_order};
use super::{Native, Table, arg, date, interval_localized, lists, locale, number_format};
use crate::special::{Formatter, Special, special, wrap};
use crate::stop::{Outcome, range_error, type_error};
use crate::vm::Vm;

pub(super) static STATICS: &[Native] = &[
    Native { name: "NumberFormat", run: |_, args| Ok(made(Formatter::Number, args)) },
    Native { name: "DateTimeFormat", run: |_, args| Ok(made(Formatter::Date, args)) },
    Native { name: "RelativeTimeFormat", run: |_, args| Ok(made(Formatter::Relative, args)) },
    Native { name: "PluralRules", run: |_, args| Ok(made(Formatter::Plural, args)) },
    Native { name: "ListFormat", run: |_, args| Ok(made(Formatter::List, args)) },
    Native { name: "Collator", run: |_, args| Ok(made(Formatter::Order, args)) },
];

fn made(formatter: Formatter, args: &[Value]) -> Value {
    wrap(Special::Format(formatter, arg(args, 0).clone(), arg(args, 1).clone()))
}

pub(super) const METHODS: Table<Value> = &[
    ("format", format),
    ("formatToParts", format_to_parts),
    ("formatRange", format_range),
    ("select", select),
    ("compare", compare),
    ("resolvedOptions", resolved_options),
];

/// What `this` formats, in which language and by which options.
fn asked(this: &Value) -> Option<(Formatter, &Value, &Value)> {
    match special(this) {
        Some(Special::Format(formatter, locale, options)) => Some((*formatter, locale, options)),
        _ => None,
    }
}

fn format(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    match asked(this) {
        Some((Formatter::Number, locale, options)) => {
            let number = vm.number(arg(args, 0))?;
            number_format::to_locale_string(vm, &number, &[locale.clone(), options.clone()])
        }
        Some((Formatter::Date, locale, options)) => {
            let millis = millis(vm, arg(args, 0))?;
            date::to_intl_string(vm, millis, &[locale.clone(), options.clone()])
        }
        Some((Formatter::Relative, name, options)) => {
            let amount = vm.number(arg(args, 0))?;
            let unit = vm.text(arg(args, 1))?;
            let unit = relative_unit(&unit).ok_or_else(|| range_error(format!("Invalid unit argument: {unit}")))?;
            let text = relative::written(&locale::asked(name)?, Shape::asked(options), unit, amount)?;
            vm.string(text)
        }
        Some((Formatter::List, name, options)) => {
            let mut elements = Vec::new();
            for element in vm.iterate(arg(args, 0))?.iter() {
                let Value::String(text) = element else {
                    return Err(type_error("A list of texts has other values, too"));
                };
                elements.push(text.clone());
            }
            let length: usize = elements.iter().map(|text| text.len() + 16).sum();
            vm.budget.text(length)?;
            Ok(Value::from(lists::written(&locale::asked(name)?, options, &elements)))
        }
        _ => Err(type_error("format is not a function")),
    }
}

/// The moment that a date is asked for, or now.
fn millis(vm: &mut Vm<'_>, value: &Value) -> Outcome<f64> {
    match value {
        Value::Undefined => Ok(vm.scope.now().as_millisecond() as f64),
        given => vm.number(given),
    }
}

/// The unit of a distance in time; they are the whole ones, in singular or plural.
fn relative_unit(name: &str) -> Option<Unit> {
    let whole = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];
    whole.contains(&name.trim_end_matches('s')).then(|| Unit::named(name)).flatten()
}

/// The parts of a date.
fn format_to_parts(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let Some((Formatter::Date, name, options)) = asked(this) else {
        return Err(type_error("formatToParts is not a function"));
    };
    let millis = millis(vm, arg(args, 0))?;
    let moment = date::in_asked_zone(vm, millis, options)?.ok_or_else(|| range_error("Invalid time value"))?;
    let parts = super::datetime_localized::parts(&moment, &locale::asked(name)?, options, Usual::Plain);
    parts_value(vm, parts)
}

/// Two moments as one text.
fn format_range(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let Some((Formatter::Date, name, options)) = asked(this) else {
        return Err(type_error("formatRange is not a function"));
    };
    let mut end = |place: usize| {
        let millis = vm.number(arg(args, place))?;
        date::in_asked_zone(vm, millis, options)?.ok_or_else(|| range_error("Invalid time value"))
    };
    let (start, end) = (end(0)?, end(1)?);
    let text = interval_localized::range(vm, (start.zoned(), end.zoned()), &locale::asked(name)?, options)?;
    vm.string(text)
}

/// The form that a number takes: `one`, `few`, `other` …
fn select(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let Some((Formatter::Plural, name, options)) = asked(this) else {
        return Err(type_error("select is not a function"));
    };
    let number = vm.number(arg(args, 0))?;
    let kind = if options.get("type").as_str() == Some("ordinal") { Kind::Ordinal } else { Kind::Cardinal };
    let tag = locale::asked(name)?;
    // A number that is none is of the form that most are.
    let Ok(decimal) = Decimal::try_from_str(&number.abs().to_string()) else { return Ok(Value::from("other")) };
    Ok(Value::from(match relative::category(&tag, kind, &decimal) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }))
}

/// The order of two texts.
fn compare(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let Some((Formatter::Order, _, options)) = asked(this) else {
        return Err(type_error("compare is not a function"));
    };
    let order = Order::asked(options);
    let (a, b) = (vm.text(arg(args, 0))?, vm.text(arg(args, 1))?);
    vm.budget.scan((a.len() + b.len()).saturating_mul(8))?;
    Ok(ordering(locale_order(&a, &b, order)))
}

/// -1, 0 or 1.
pub(super) fn ordering(ordering: Ordering) -> Value {
    Value::Number(f64::from(ordering as i8))
}

/// The language and what goes with it.
fn resolved_options(vm: &mut Vm<'_>, this: &Value, _: &[Value]) -> Outcome {
    let Some((formatter, name, options)) = asked(this) else {
        return Err(type_error("resolvedOptions is not a function"));
    };
    let mut resolved = Object::new();
    resolved.insert("locale", locale::asked(name)?.to_string());
    if formatter == Formatter::Date {
        let zone = match options.get("timeZone").as_str() {
            Some(asked) => asked.to_owned(),
            None => vm.scope.time_zone().iana_name().unwrap_or("UTC").to_owned(),
        };
        resolved.insert("calendar", "gregory");
        resolved.insert("numberingSystem", "latn");
        resolved.insert("timeZone", zone);
    }
    vm.budget.entries(resolved.len())?;
    vm.spread_into(&mut resolved, options)?;
    Ok(Value::from(resolved))
}
