//! **Date and time**: gets, formats, moves, rounds and compares dates.
//!
//! before: `[{"day":"2026-01-31"}]`
//! with: `{"operation":"formatDate","date":"={{ $json.day }}","format":"dd/MM/yyyy"}`
//! after: `[{"formattedDate":"31/01/2026"}]`
//!
//! before: `[{"day":"2026-01-31"}]`
//! with: `{"operation":"addToDate","date":"={{ $json.day }}","duration":1,"timeUnit":"months"}`
//! after: `[{"newDate":"2026-02-28T00:00:00.000Z"}]`

mod moment;
mod n8n;

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_expressions::dates;
use weft_value::{DateTime, Item, Value};

use crate::coercion::{shown, to_number, to_text};
use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, label, parameters, port, set_path,
};

/// The kind.
pub struct DateAndTime;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "dateTime",
    version: 1,
    label: label("Date and time", "Date et heure"),
    description: label(
        "Gets, formats, moves, rounds and compares dates.",
        "Donne, met en forme, décale, arrondit et compare des dates.",
    ),
    group: Group::Transform,
    icon: "calendar-clock",
    color: "green",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "A date is ISO 8601, RFC 2822, another common form, a timestamp in seconds or milliseconds, or a date of an expression. \
         A date that names no time zone counts in UTC unless the options say otherwise. Patterns are made of Luxon's tokens: \
         `yyyy-MM-dd HH:mm`.",
        "Une date est au format ISO 8601, RFC 2822, une autre forme courante, un horodatage en secondes ou en millisecondes, \
         ou la date d’une expression. Une date sans fuseau horaire est lue en UTC, sauf option contraire. Les motifs sont \
         faits des jetons de Luxon : `yyyy-MM-dd HH:mm`.",
    ),
});

fn form() -> Vec<Parameter> {
    let of_one_date = ["formatDate", "addToDate", "subtractFromDate", "extractDate", "roundDate"];
    vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("getCurrentDate").choices([
            choice("getCurrentDate", label("Current date", "Date actuelle")),
            choice("formatDate", label("Format", "Mettre en forme")),
            choice("addToDate", label("Add", "Ajouter")),
            choice("subtractFromDate", label("Subtract", "Soustraire")),
            choice("extractDate", label("Extract a part", "Extraire une partie")),
            choice("getTimeBetweenDates", label("Time between two dates", "Durée entre deux dates")),
            choice("roundDate", label("Round", "Arrondir")),
        ]),
        field(ParameterType::Boolean, "includeTime", label("Include the time", "Inclure l’heure"))
            .or(true)
            .when("operation", ["getCurrentDate"]),
        field(ParameterType::String, "date", label("Date", "Date")).when("operation", of_one_date),
        field(ParameterType::String, "startDate", label("Start", "Début")).when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::String, "endDate", label("End", "Fin")).when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::String, "format", label("Format", "Format"))
            .example("yyyy-MM-dd HH:mm")
            .or("MM/dd/yyyy")
            .when("operation", ["formatDate"]),
        field(ParameterType::Number, "duration", label("Amount", "Quantité"))
            .or(0)
            .when("operation", ["addToDate", "subtractFromDate"]),
        field(ParameterType::Options, "timeUnit", label("Unit", "Unité"))
            .or("days")
            .choices(UNITS.map(|(_, plural, names)| choice(plural, names)))
            .when("operation", ["addToDate", "subtractFromDate"]),
        field(ParameterType::Options, "part", label("Part", "Partie"))
            .or("month")
            .choices(units_without(&["quarter", "millisecond"]))
            .when("operation", ["extractDate"]),
        field(ParameterType::MultiOptions, "units", label("Units", "Unités"))
            .or(serde_json::json!(["day"]))
            .choices(units_without(&["quarter"]))
            .when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::Options, "mode", label("Direction", "Sens"))
            .or("roundDown")
            .choices([
                choice("roundDown", label("Down", "Vers le bas")),
                choice("roundUp", label("Up", "Vers le haut")),
            ])
            .when("operation", ["roundDate"]),
        field(ParameterType::Options, "toNearest", label("To the nearest", "À l’unité"))
            .or("month")
            .choices(units_without(&["millisecond"]))
            .when("operation", ["roundDate"]),
        field(ParameterType::String, "outputFieldName", label("Output field", "Champ de sortie"))
            .help("Named after the operation while it is empty.", "Nommé d’après l’opération tant qu’il est vide."),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields(option_fields()),
    ]
}

fn option_fields() -> [Parameter; 7] {
    [
        field(
            ParameterType::Boolean,
            "includeInputFields",
            label("Keep the input fields", "Garder les champs d’entrée"),
        )
        .literal()
        .or(false),
        field(ParameterType::String, "timezone", label("Time zone", "Fuseau horaire"))
            .help(
                "The zone of the result: “Europe/Paris”, “UTC+3”, or “workflow” for that of the workflow. While it is empty, a date \
                 is formatted in the offset that it names, and calculated with in the workflow's zone.",
                "Le fuseau du résultat : « Europe/Paris », « UTC+3 », ou « workflow » pour celui du workflow. Tant qu’il est \
                 vide, une date est mise en forme dans le décalage qu’elle nomme, et calculée dans le fuseau du workflow.",
            )
            .example("Europe/Paris"),
        field(ParameterType::String, "fromTimezone", label("Time zone of the input", "Fuseau horaire de l’entrée"))
            .help("For dates that name none.", "Pour les dates qui n’en nomment pas.")
            .example("Europe/Paris"),
        field(ParameterType::String, "fromFormat", label("Format of the input", "Format de l’entrée"))
            .example("yyyyMMdd"),
        field(ParameterType::Boolean, "isoString", label("Duration as ISO 8601", "Durée au format ISO 8601"))
            .literal()
            .or(false),
        field(ParameterType::Options, "dialect", label("Tokens of formats", "Jetons des formats")).or("luxon").choices([
            choice("luxon", label("Luxon (yyyy-MM-dd)", "Luxon (yyyy-MM-dd)")),
            choice("moment", label("Moment.js (YYYY-MM-DD)", "Moment.js (YYYY-MM-DD)")),
        ]),
        field(ParameterType::Boolean, "dotNotation", label("Dots reach inside", "Les points descendent"))
            .literal()
            .or(false),
    ]
}

/// One of a unit, several of it, and what people call it.
const UNITS: [(&str, &str, crate::Label); 9] = [
    ("year", "years", label("Years", "Années")),
    ("quarter", "quarters", label("Quarters", "Trimestres")),
    ("month", "months", label("Months", "Mois")),
    ("week", "weeks", label("Weeks", "Semaines")),
    ("day", "days", label("Days", "Jours")),
    ("hour", "hours", label("Hours", "Heures")),
    ("minute", "minutes", label("Minutes", "Minutes")),
    ("second", "seconds", label("Seconds", "Secondes")),
    ("millisecond", "milliseconds", label("Milliseconds", "Millisecondes")),
];

fn units_without(left_out: &[&str]) -> Vec<crate::ParameterOption> {
    UNITS.iter().filter(|(unit, ..)| !left_out.contains(unit)).map(|(unit, _, names)| choice(unit, *names)).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    #[serde(default)]
    include_time: Field,
    #[serde(default)]
    date: Field,
    #[serde(default)]
    start_date: Field,
    #[serde(default)]
    end_date: Field,
    #[serde(default)]
    format: Field,
    #[serde(default)]
    duration: Field,
    #[serde(default)]
    time_unit: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    mode: Direction,
    #[serde(default)]
    to_nearest: String,
    #[serde(default)]
    output_field_name: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    GetCurrentDate,
    FormatDate,
    AddToDate,
    SubtractFromDate,
    ExtractDate,
    GetTimeBetweenDates,
    RoundDate,
}

impl Operation {
    /// The field of the result while nobody named one.
    fn field(self) -> &'static str {
        match self {
            Self::GetCurrentDate => "currentDate",
            Self::FormatDate => "formattedDate",
            Self::AddToDate | Self::SubtractFromDate => "newDate",
            Self::ExtractDate => "datePart",
            Self::GetTimeBetweenDates => "timeDifference",
            Self::RoundDate => "roundedDate",
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Direction {
    #[default]
    RoundDown,
    RoundUp,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    include_input_fields: bool,
    timezone: Field,
    from_timezone: Field,
    from_format: Field,
    iso_string: bool,
    dialect: Dialect,
    dot_notation: bool,
}

/// Whose tokens patterns are made of.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Dialect {
    #[default]
    Luxon,
    Moment,
}

impl NodeKind for DateAndTime {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.dateTime"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        Ok(if node.version < 2.0 { n8n::of_version_1(given)? } else { n8n::of_version_2(given) }.into())
    }
}

impl TransformKind for DateAndTime {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let value = At { node: self, step, index }.value()?;
            let given_name = self.output_field_name.text(step, index)?;
            let name = if given_name.is_empty() { self.operation.field() } else { given_name.as_str() };
            let keeps = self.options.include_input_fields;
            let mut json = item.json.as_object().filter(|_| keeps).cloned().unwrap_or_default();
            if self.options.dot_notation {
                set_path(&mut json, name, value);
            } else {
                json.insert(name, value);
            }
            Ok(Item { json: json.into(), binary: item.binary.clone().filter(|_| keeps), ..Item::default() })
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

/// The node at one item.
struct At<'a> {
    node: &'a Parameters,
    step: &'a dyn Step,
    index: usize,
}

impl At<'_> {
    fn value(&self) -> Result<Value, NodeError> {
        let node = self.node;
        match node.operation {
            Operation::GetCurrentDate => self.current(),
            Operation::FormatDate => self.formatted(),
            Operation::AddToDate => self.moved(1.0),
            Operation::SubtractFromDate => self.moved(-1.0),
            Operation::ExtractDate => {
                let moment = self.moment(&node.date, "date")?;
                Ok(dates::part(&moment, &node.part).unwrap_or_default())
            }
            Operation::GetTimeBetweenDates => self.between(),
            Operation::RoundDate => self.rounded(),
        }
    }

    fn current(&self) -> Result<Value, NodeError> {
        let zone = self.zone()?.unwrap_or_else(|| self.step.time_zone().clone());
        let now = DateTime::from_millis(self.step.now().as_millisecond(), zone).ok_or_else(beyond)?;
        let moment =
            if self.node.include_time.truth(self.step, self.index)? { Some(now) } else { dates::start_of(&now, "day") };
        Ok(moment.ok_or_else(beyond)?.to_iso().into())
    }

    /// A date that is missing stays missing.
    fn formatted(&self) -> Result<Value, NodeError> {
        let date = self.node.date.resolve(self.step, self.index)?;
        if date.is_nullish() {
            return Ok(date);
        }
        let moment = self.moment_of(&date, "date")?;
        let pattern = self.node.format.text(self.step, self.index)?;
        Ok(match self.node.options.dialect {
            Dialect::Luxon => dates::format(&moment, &pattern),
            Dialect::Moment => moment::format(&moment, &pattern),
        }
        .into())
    }

    fn moved(&self, sign: f64) -> Result<Value, NodeError> {
        let moment = self.moment(&self.node.date, "date")?;
        let amount = self.node.duration.number(self.step, self.index, "duration")?;
        Ok(dates::plus(&moment, sign * amount, &self.node.time_unit).ok_or_else(beyond)?.to_iso().into())
    }

    fn between(&self) -> Result<Value, NodeError> {
        let start = self.moment(&self.node.start_date, "startDate")?;
        let end = self.moment(&self.node.end_date, "endDate")?;
        let units: Vec<&str> = self.node.units.iter().map(String::as_str).collect();
        let difference = dates::difference(&start, &end, &units).ok_or_else(beyond)?;
        Ok(if self.node.options.iso_string { difference.iso.into() } else { difference.amounts.into() })
    }

    fn rounded(&self) -> Result<Value, NodeError> {
        let moment = self.moment(&self.node.date, "date")?;
        let unit = self.node.to_nearest.as_str();
        let moved = match self.node.mode {
            Direction::RoundDown => Some(moment),
            Direction::RoundUp => dates::plus(&moment, 1.0, unit),
        };
        let rounded = moved.and_then(|moment| dates::start_of(&moment, unit));
        Ok(rounded.ok_or_else(beyond)?.to_iso().into())
    }

    fn moment(&self, field: &Field, name: &'static str) -> Result<DateTime, NodeError> {
        self.moment_of(&field.resolve(self.step, self.index)?, name)
    }

    /// The moment that `value` stands for, on the clocks of the zone of the result.
    fn moment_of(&self, value: &Value, name: &'static str) -> Result<DateTime, NodeError> {
        let wanted = match self.zone()? {
            None if self.node.operation != Operation::FormatDate => Some(self.step.time_zone().clone()),
            wanted => wanted,
        };
        let text = to_text(value);
        let moment = match value {
            Value::DateTime(moment) => Some(DateTime::clone(moment)),
            _ => self.read(&text, value, wanted.as_ref())?,
        };
        let moment = moment.ok_or_else(|| self.unreadable(value, name))?;
        // A date that came as one stays on its own clocks unless a zone was chosen.
        let came_as_date = matches!(value, Value::DateTime(_));
        Ok(match wanted {
            Some(_) if came_as_date && self.node.options.timezone.is_empty() => moment,
            Some(zone) => dates::in_zone(&moment, zone),
            None => moment,
        })
    }

    fn read(&self, text: &str, value: &Value, wanted: Option<&TimeZone>) -> Result<Option<DateTime>, NodeError> {
        let options = &self.node.options;
        let pattern = options.from_format.text(self.step, self.index)?;
        let given_zone = self.zone_in(&options.from_timezone, "options.fromTimezone")?;
        if !pattern.is_empty() {
            // What was written by a pattern is a wall clock: without a zone it is read on the clocks that show it.
            let zone = given_zone.or_else(|| wanted.cloned()).unwrap_or(TimeZone::UTC);
            return Ok(match options.dialect {
                Dialect::Luxon => dates::parse(text, &pattern, &zone),
                Dialect::Moment => {
                    let now =
                        DateTime::from_millis(self.step.now().as_millisecond(), zone.clone()).ok_or_else(beyond)?;
                    moment::parse(text, &pattern, &zone, &now)
                }
            });
        }
        let may_count = matches!(value, Value::Number(_)) || value.as_str().is_some_and(|text| !text.trim().is_empty());
        if let Some(number) = to_number(value).filter(|_| may_count) {
            return Ok(DateTime::from_millis(millis_of(number), TimeZone::UTC));
        }
        let zone = given_zone.unwrap_or(TimeZone::UTC);
        if let Some(moment) = dates::read(text, &zone) {
            return Ok(Some(dates::in_own_offset(text, &moment)));
        }
        // Moment.js leaves other forms to JavaScript, in UTC whatever the zone of the input.
        let zone = if options.dialect == Dialect::Moment { TimeZone::UTC } else { zone };
        Ok(dates::read_loosely(text, &zone))
    }

    /// The zone of the result, where one was chosen.
    fn zone(&self) -> Result<Option<TimeZone>, NodeError> {
        self.zone_in(&self.node.options.timezone, "options.timezone")
    }

    fn zone_in(&self, field: &Field, name: &'static str) -> Result<Option<TimeZone>, NodeError> {
        let name_of_zone = match field.resolve(self.step, self.index)? {
            Value::Undefined | Value::Null | Value::Bool(false) => return Ok(None),
            Value::Bool(true) => return Ok(Some(self.step.time_zone().clone())),
            other => to_text(&other),
        };
        match name_of_zone.as_str() {
            "" => Ok(None),
            "workflow" => Ok(Some(self.step.time_zone().clone())),
            known => dates::zone_named(known).map(Some).ok_or_else(|| {
                NodeError::new("time_zone", format!("There is no time zone “{known}”."))
                    .describe("Write it as “Europe/Paris” or “UTC+3”, or “workflow” for the zone of the workflow.")
                    .in_field(name)
            }),
        }
    }

    fn unreadable(&self, value: &Value, name: &'static str) -> NodeError {
        let hint = if self.node.options.from_format.is_empty() {
            "Write the date as ISO 8601, 2026-01-31T10:00:00Z for instance, or say with the option “Format of the input” how it is written."
        } else {
            "It is not written as the option “Format of the input” says."
        };
        NodeError::new("date", format!("{} cannot be read as a date.", shown(value))).describe(hint).in_field(name)
    }
}

/// A timestamp in milliseconds: what has a fraction, or fewer than twelve digits, counts seconds.
fn millis_of(number: f64) -> i64 {
    let counts_seconds = number.fract() != 0.0 || number.abs() < 1e11;
    (if counts_seconds { number * 1000.0 } else { number }).round() as i64
}

fn beyond() -> NodeError {
    NodeError::new("date", "The date lies outside of the years −9999 to 9999.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    fn check(node: &str, items: &str, expected: &str) {
        let outputs = run(&DateAndTime, node, &TestStep::new(&[items])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), expected, "{node}");
    }

    #[test]
    fn every_operation_gives_its_field() {
        for (node, expected) in [
            ("{}", r#"[{"currentDate":"1970-01-01T00:00:00.000Z"}]"#),
            (
                r#"{"options":{"timezone":"Asia/Tokyo"},"includeTime":false,"outputFieldName":"d"}"#,
                r#"[{"d":"1970-01-01T00:00:00.000+09:00"}]"#,
            ),
            (r#"{"operation":"formatDate","date":"={{ $json.d }}"}"#, r#"[{"formattedDate":"01/31/2026"}]"#),
            (
                r#"{"operation":"formatDate","date":"={{ $json.d }}","format":"d LLLL yyyy HH:mm","options":{"timezone":"Europe/Paris","includeInputFields":true}}"#,
                r#"[{"d":"2026-01-31T10:20:30Z","formattedDate":"31 January 2026 11:20"}]"#,
            ),
            (
                r#"{"operation":"addToDate","date":"={{ $json.d }}","duration":1,"timeUnit":"months"}"#,
                r#"[{"newDate":"2026-02-28T10:20:30.000Z"}]"#,
            ),
            (
                r#"{"operation":"subtractFromDate","date":"={{ $json.d }}","duration":"={{ 36 }}","timeUnit":"hours"}"#,
                r#"[{"newDate":"2026-01-29T22:20:30.000Z"}]"#,
            ),
            (r#"{"operation":"extractDate","date":"={{ $json.d }}","part":"week"}"#, r#"[{"datePart":5}]"#),
            (
                r#"{"operation":"getTimeBetweenDates","startDate":"2026-01-01","endDate":"={{ $json.d }}","units":["day","hour"]}"#,
                r#"[{"timeDifference":{"days":30,"hours":10.341666666666667}}]"#,
            ),
            (
                r#"{"operation":"getTimeBetweenDates","startDate":"2026-01-03","endDate":"2026-01-01","options":{"isoString":true}}"#,
                r#"[{"timeDifference":"P-2D"}]"#,
            ),
            (
                r#"{"operation":"roundDate","date":"={{ $json.d }}","toNearest":"hour"}"#,
                r#"[{"roundedDate":"2026-01-31T10:00:00.000Z"}]"#,
            ),
            (
                r#"{"operation":"roundDate","date":"={{ $json.d }}","mode":"roundUp"}"#,
                r#"[{"roundedDate":"2026-02-01T00:00:00.000Z"}]"#,
            ),
        ] {
            check(node, r#"[{"d":"2026-01-31T10:20:30Z"}]"#, expected);
        }
    }

    #[test]
    fn dates_come_in_many_forms() {
        for (date, expected) in [
            ("1769854830", "2026-01-31 10:20"),
            ("1769854830000", "2026-01-31 10:20"),
            ("1769854830.5", "2026-01-31 10:20"),
            (r#""1769854830000""#, "2026-01-31 10:20"),
            (r#""2026-01-31T10:20:30+02:00""#, "2026-01-31 10:20"),
            (r#""2026-01-31 10:20:30""#, "2026-01-31 10:20"),
            (r#""1/31/2026""#, "2026-01-31 00:00"),
            (r#""Sat, 31 Jan 2026 10:20:30 GMT""#, "2026-01-31 10:20"),
        ] {
            let node = r#"{"operation":"formatDate","date":"={{ $json.d }}","format":"yyyy-MM-dd HH:mm","outputFieldName":"f"}"#;
            check(node, &format!(r#"[{{"d":{date}}}]"#), &format!(r#"[{{"f":"{expected}"}}]"#));
        }
        check(r#"{"operation":"formatDate","date":"={{ $json.none }}","outputFieldName":"f"}"#, "[{}]", "[{}]");
        let by_pattern =
            r#"{"operation":"formatDate","date":"20260131","format":"d/M","options":{"fromFormat":"yyyyMMdd"}}"#;
        check(by_pattern, "[{}]", r#"[{"formattedDate":"31/1"}]"#);
    }

    #[test]
    fn what_is_no_date_is_an_error_of_its_item() {
        let node = r#"{"operation":"addToDate","date":"={{ $json.d }}","duration":1}"#;
        let items = r#"[{"d":"2026-01-31"},{"d":"soon"},{"d":{}},{"d":null},{"d":1e300}]"#;
        let error = run(&DateAndTime, node, &TestStep::new(&[items])).unwrap_err();
        assert_eq!((error.item, error.field.as_deref()), (Some(1), Some("date")));
        assert!(error.message.contains("'soon'"), "{error}");
        let outputs = run(&DateAndTime, node, &TestStep::new(&[items]).carrying_on()).unwrap();
        assert_eq!((outputs.ports[0].len(), outputs.failed.len()), (1, 4), "{:?}", outputs.failed);

        let zone = r#"{"options":{"timezone":"Mars/Olympus"}}"#;
        let error = run(&DateAndTime, zone, &TestStep::new(&["[{}]"])).unwrap_err();
        assert_eq!(error.code, "time_zone");
        let far = r#"{"operation":"addToDate","date":"2026-01-31","duration":1e9,"timeUnit":"years"}"#;
        assert_eq!(run(&DateAndTime, far, &TestStep::new(&["[{}]"])).unwrap_err().code, "date");
        assert!(prepare(&DateAndTime, r#"{"operation":"guess"}"#).is_err());
        check(node, "[]", "[]");
    }

    #[test]
    fn n8n_versions_are_mapped() {
        for (version, old, expected) in [
            (
                2.0,
                r#"{"operation":"addToDate","magnitude":"2026-01-31","duration":2}"#,
                r#"[{"newDate":"2026-02-02T00:00:00.000Z"}]"#,
            ),
            (
                2.0,
                r#"{"operation":"formatDate","date":"2026-01-31","format":"custom","customFormat":"yy"}"#,
                r#"[{"formattedDate":"26"}]"#,
            ),
            (
                2.0,
                r#"{"operation":"formatDate","date":"2026-01-31","format":"yyyy/MM/dd","customFormat":"yy"}"#,
                r#"[{"formattedDate":"2026/01/31"}]"#,
            ),
            (
                2.0,
                r#"{"operation":"formatDate","date":"2026-01-31","options":{"timezone":true}}"#,
                r#"[{"formattedDate":"01/31/2026"}]"#,
            ),
            (
                1.0,
                r#"{"value":"2026-01-31","custom":true,"toFormat":"Do MMM","dataPropertyName":"a.b"}"#,
                r#"[{"k":1,"a":{"b":"31st Jan"}}]"#,
            ),
            (
                1.0,
                r#"{"value":"31-01-2026","options":{"fromFormat":"DD-MM-YYYY","toTimezone":"America/New_York"}}"#,
                r#"[{"k":1,"data":"01/30/2026"}]"#,
            ),
            (
                1.0,
                r#"{"value":"1/31/2026","toFormat":"x","options":{"fromTimezone":"Asia/Tokyo"}}"#,
                r#"[{"k":1,"data":"1769817600000"}]"#,
            ),
            (
                1.0,
                r#"{"action":"calculate","value":"1/31/2026","duration":1,"operation":"subtract","timeUnit":"quarters"}"#,
                r#"[{"k":1,"data":"2025-10-31T00:00:00.000Z"}]"#,
            ),
        ] {
            let imported = import(&DateAndTime, version, old).unwrap();
            check(&imported.parameters.to_json(), r#"[{"k":1}]"#, expected);
        }
        assert!(import(&DateAndTime, 1.0, r#"{"action":"guess"}"#).is_err());
    }
}
