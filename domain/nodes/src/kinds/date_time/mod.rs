//! **Date and time**: gets, formats, moves, rounds and compares dates.
//!
//! before: `[{"day":"2026-01-31"}]`
//! with: `{"operation":"formatDate","date":"={{ $json.day }}","format":"dd/MM/yyyy"}`
//! after: `[{"formattedDate":"31/01/2026"}]`
//!
//! before: `[{"day":"2026-01-31"}]`
//! with: `{"operation":"addToDate","date":"={{ $json.day }}","duration":1,"timeUnit":"months"}`
//! after: `[{"newDate":"2026-02-28T00:00:00.000Z"}]`

mod at;
mod moment;
mod n8n;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Value};

use self::at::At;
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
