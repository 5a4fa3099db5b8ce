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
mod form;
mod moment;
mod n8n;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Value};

use self::at::At;
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, each_item, label, parameters, port, set_path,
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
    parameters: form::form(),
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
