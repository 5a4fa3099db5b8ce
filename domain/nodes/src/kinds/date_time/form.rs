//! The form of the node.

use crate::descriptor::{choice, field};
use crate::{Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
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
            .help("Otherwise it is midnight of that day.", "Sinon c’est minuit de ce jour.")
            .or(true)
            .when("operation", ["getCurrentDate"]),
        field(ParameterType::String, "date", label("Date", "Date"))
            .help(
                "A date as text, a timestamp, or an expression such as $now.",
                "Une date en texte, un horodatage, ou une expression comme $now.",
            )
            .when("operation", of_one_date),
        field(ParameterType::String, "startDate", label("Start", "Début"))
            .help(
                "The earlier date, as text, a timestamp or an expression.",
                "La date la plus ancienne, en texte, en horodatage ou par une expression.",
            )
            .when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::String, "endDate", label("End", "Fin"))
            .help(
                "The later date; where it is the earlier one, the result is negative.",
                "La date la plus récente ; si elle est plus ancienne, le résultat est négatif.",
            )
            .when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::String, "format", label("Format", "Format"))
            .help(
                "Tokens and other signs: yyyy is the year, MM the month, dd the day, HH the hour, mm the minute.",
                "Jetons et autres signes : yyyy est l’année, MM le mois, dd le jour, HH l’heure, mm la minute.",
            )
            .example("yyyy-MM-dd HH:mm")
            .or("MM/dd/yyyy")
            .when("operation", ["formatDate"]),
        field(ParameterType::Number, "duration", label("Amount", "Quantité"))
            .help(
                "How many of the units; a negative number goes the other way.",
                "Combien d’unités ; un nombre négatif va dans l’autre sens.",
            )
            .or(0)
            .when("operation", ["addToDate", "subtractFromDate"]),
        field(ParameterType::Options, "timeUnit", label("Unit", "Unité"))
            .or("days")
            .choices(UNITS.map(|(_, plural, names)| choice(plural, names)))
            .when("operation", ["addToDate", "subtractFromDate"]),
        field(ParameterType::Options, "part", label("Part", "Partie"))
            .help("The part of the date that is given, as a number.", "La partie de la date qui est donnée, en nombre.")
            .or("month")
            .choices(units_without(&["quarter", "millisecond"]))
            .when("operation", ["extractDate"]),
        field(ParameterType::MultiOptions, "units", label("Units", "Unités"))
            .help(
                "The time is given in all of these: 36 hours are 1 day and 12 hours.",
                "La durée est donnée dans toutes ces unités : 36 heures font 1 jour et 12 heures.",
            )
            .or(serde_json::json!(["day"]))
            .choices(units_without(&["quarter"]))
            .when("operation", ["getTimeBetweenDates"]),
        field(ParameterType::Options, "mode", label("Direction", "Sens"))
            .help(
                "To the unit’s beginning, or to the beginning of the next.",
                "Au début de l’unité, ou au début de la suivante.",
            )
            .or("roundDown")
            .choices([
                choice("roundDown", label("Down", "Vers le bas")),
                choice("roundUp", label("Up", "Vers le haut")),
            ])
            .when("operation", ["roundDate"]),
        field(ParameterType::Options, "toNearest", label("To the nearest", "À l’unité"))
            .help(
                "The unit that is rounded to; “month” goes to the first of the month.",
                "L’unité à laquelle on arrondit ; « mois » mène au premier du mois.",
            )
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
        .help("Otherwise the item has the result alone.", "Sinon l’élément n’a que le résultat.")
        .literal()
        .or(false),
        field(ParameterType::String, "timezone", label("Time zone", "Fuseau horaire"))
            .help(
                "The zone of the result: “Europe/Paris”, “UTC+3”, or “workflow” for that of the workflow. \
                 While it is empty, a date is formatted in the offset that it names, and calculated with in \
                 the workflow's zone.",
                "Le fuseau du résultat : « Europe/Paris », « UTC+3 », ou « workflow » pour celui du \
                 workflow. Tant qu’il est vide, une date est mise en forme dans le décalage qu’elle nomme, \
                 et calculée dans le fuseau du workflow.",
            )
            .example("Europe/Paris"),
        field(ParameterType::String, "fromTimezone", label("Time zone of the input", "Fuseau horaire de l’entrée"))
            .help("For dates that name none.", "Pour les dates qui n’en nomment pas.")
            .example("Europe/Paris"),
        field(ParameterType::String, "fromFormat", label("Format of the input", "Format de l’entrée"))
            .help(
                "How the date is written, in tokens; empty, the common ways of writing are recognised.",
                "Comment la date est écrite, en jetons ; vide, les écritures courantes sont reconnues.",
            )
            .example("yyyyMMdd"),
        field(ParameterType::Boolean, "isoString", label("Duration as ISO 8601", "Durée au format ISO 8601"))
            .help("P1DT12H instead of an object of units.", "P1DT12H au lieu d’un objet d’unités.")
            .literal()
            .or(false),
        field(ParameterType::Options, "dialect", label("Tokens of formats", "Jetons des formats"))
            .help("Whose tokens the formats are made of.", "De quels jetons les formats sont faits.")
            .or("luxon")
            .choices([
                choice("luxon", label("Luxon (yyyy-MM-dd)", "Luxon (yyyy-MM-dd)")),
                choice("moment", label("Moment.js (YYYY-MM-DD)", "Moment.js (YYYY-MM-DD)")),
            ]),
        field(ParameterType::Boolean, "dotNotation", label("Dots reach inside", "Les points descendent"))
            .help(
                "“order.date” is then the field “date” inside of “order”.",
                "« order.date » est alors le champ « date » dans « order ».",
            )
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
