//! **Schedule**: starts the workflow at certain times.
//!
//! before: nothing · after: `[{"timestamp":"2026-01-31T09:00:00.000+01:00", …}]` every day at nine

mod import;
mod rule;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeKind, Parameter, ParameterType, Problem, Retried, Unsupported, choice,
    field, label, parameters, port,
};
use weft_value::{DateTime, Item, Object, Value};

use crate::action::{Trigger, TriggerKind};

use rule::{Rule, RuleParameters, rule_of};

/// The kind.
pub struct ScheduleTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "scheduleTrigger",
    version: 1,
    label: label("Schedule", "Planification"),
    description: label("Starts the workflow at certain times.", "Démarre le workflow à certains moments."),
    group: Group::Trigger,
    icon: "calendar-clock",
    color: "violet",
    subtitle: None,
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Times are in the workflow’s time zone. A time that passed while the server was down is made up for once.",
        "Les heures sont dans le fuseau du workflow. Un moment manqué pendant un arrêt du serveur est rattrapé une fois.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::FixedCollection, "rule", label("Rules", "Règles"))
            .help(
                "When the workflow starts; with several rules, whenever one of them holds.",
                "Quand le workflow démarre ; avec plusieurs règles, chaque fois que l’une s’applique.",
            )
            .literal()
            .or(serde_json::json!({ "interval": [{ "field": "days" }] }))
            .fields([field(ParameterType::FixedCollection, "interval", label("Rule", "Règle"))
                .multiple()
                .fields(rule_form())]),
    ]
}

fn rule_form() -> Vec<Parameter> {
    let number = |name, text, field_name: &'static str, min: f64, max: f64, default: i64| {
        field(ParameterType::Number, name, text).literal().between(min, max).or(default).when("field", [field_name])
    };
    let at = |name, text, max: f64, shown: &[&'static str]| {
        field(ParameterType::Number, name, text).literal().between(0.0, max).or(0).when("field", shown.iter().copied())
    };
    let weekday = |value: i64, en, fr| weft_nodes::ParameterOption {
        value: value.into(),
        label: label(en, fr),
        description: None,
    };
    vec![
        field(ParameterType::Options, "field", label("Every so many", "Tous les"))
            .help(
                "The unit that the rule counts in; a cron expression can say more, such as “on weekdays at nine”.",
                "L’unité dans laquelle la règle compte ; une expression cron en dit plus, comme « les jours ouvrés à \
                 neuf heures ».",
            )
            .or("days")
            .choices([
                choice("seconds", label("Seconds", "Secondes")),
                choice("minutes", label("Minutes", "Minutes")),
                choice("hours", label("Hours", "Heures")),
                choice("days", label("Days", "Jours")),
                choice("weeks", label("Weeks", "Semaines")),
                choice("months", label("Months", "Mois")),
                choice("cronExpression", label("Cron expression", "Expression cron")),
            ]),
        number("secondsInterval", label("Seconds", "Secondes"), "seconds", 1.0, 86_400.0, 30).help(
            "Seconds from one start to the next, from 1 to 86400.",
            "Secondes entre deux démarrages, de 1 à 86400.",
        ),
        number("minutesInterval", label("Minutes", "Minutes"), "minutes", 1.0, 10_080.0, 5).help(
            "Minutes from one start to the next, from 1 to 10080 (a week).",
            "Minutes entre deux démarrages, de 1 à 10080 (une semaine).",
        ),
        number("hoursInterval", label("Hours", "Heures"), "hours", 1.0, 24.0, 1).help(
            "It starts in hours that are a multiple of this: 6 is 0:00, 6:00, 12:00 and 18:00.",
            "Le démarrage a lieu aux heures multiples de ce nombre : 6 donne 0 h, 6 h, 12 h et 18 h.",
        ),
        number("daysInterval", label("Days", "Jours"), "days", 1.0, 365.0, 1).help(
            "Days from one start to the next, counted from a fixed day: publishing again moves nothing.",
            "Jours entre deux démarrages, comptés depuis un jour fixe : publier de nouveau ne décale rien.",
        ),
        number("weeksInterval", label("Weeks", "Semaines"), "weeks", 1.0, 52.0, 1).help(
            "Weeks from one start to the next, counted from a fixed Monday.",
            "Semaines entre deux démarrages, comptées depuis un lundi fixe.",
        ),
        number("monthsInterval", label("Months", "Mois"), "months", 1.0, 12.0, 1).help(
            "Months from one start to the next: 3 is January, April, July and October.",
            "Mois entre deux démarrages : 3 donne janvier, avril, juillet et octobre.",
        ),
        field(ParameterType::MultiOptions, "triggerAtDay", label("On", "Le"))
            .help("The days of the week; choose at least one.", "Les jours de la semaine ; choisissez-en au moins un.")
            .literal()
            .or(serde_json::json!([0]))
            .choices([
                weekday(1, "Monday", "Lundi"),
                weekday(2, "Tuesday", "Mardi"),
                weekday(3, "Wednesday", "Mercredi"),
                weekday(4, "Thursday", "Jeudi"),
                weekday(5, "Friday", "Vendredi"),
                weekday(6, "Saturday", "Samedi"),
                weekday(0, "Sunday", "Dimanche"),
            ])
            .when("field", ["weeks"]),
        number("triggerAtDayOfMonth", label("Day of the month", "Jour du mois"), "months", 1.0, 31.0, 1).help(
            "From 1 to 31; in a shorter month, its last day.",
            "De 1 à 31 ; dans un mois plus court, son dernier jour.",
        ),
        at("triggerAtHour", label("At hour", "À l’heure"), 23.0, &["days", "weeks", "months"]).help(
            "From 0 (midnight) to 23, in the workflow’s time zone.",
            "De 0 (minuit) à 23, dans le fuseau du workflow.",
        ),
        at("triggerAtMinute", label("At minute", "À la minute"), 59.0, &["hours", "days", "weeks", "months"])
            .help("From 0 to 59, after the full hour.", "De 0 à 59, après l’heure pleine."),
        field(ParameterType::String, "expression", label("Cron expression", "Expression cron"))
            .literal()
            .required()
            .example("0 9 * * MON-FRI")
            .help(
                "Minute, hour, day of the month, month, day of the week; seconds may stand in front.",
                "Minute, heure, jour du mois, mois, jour de la semaine ; les secondes peuvent précéder.",
            )
            .when("field", ["cronExpression"]),
    ]
}

/// When a workflow starts by itself.
pub struct Schedule {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    rule: Rules,
}

#[derive(Default, Deserialize)]
struct Rules {
    #[serde(default)]
    interval: Vec<RuleParameters>,
}
impl Schedule {
    /// The schedule of n8n's “Poll Times”, which are those of its Cron node; or which of them is wrong, and what with it.
    pub(crate) fn of_poll_times(items: &[Value]) -> Result<Self, (usize, String)> {
        let rule = |(place, item): (usize, &Value)| {
            let given = import::time(item).map_err(|unsupported| (place, unsupported.message))?;
            let given = serde_json::to_value(&given).and_then(serde_json::from_value::<RuleParameters>);
            let given = given.map_err(|_| {
                let message = "There is no such time. Hours are whole numbers from 0 to 23, minutes from 0 to 59.";
                (place, message.to_owned())
            })?;
            rule_of(place, &given).map_err(|problem| (place, problem.message))
        };
        Ok(Self { rules: items.iter().enumerate().map(rule).collect::<Result<_, _>>()? })
    }

    /// The next time after `after`, in `zone`.
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let now = after.to_zoned(zone.clone());
        self.rules.iter().filter_map(|rule| rule.next_after(&now)).min()
    }

    /// The trigger's item for a firing at `moment`.
    pub fn item(&self, moment: Timestamp, zone: &TimeZone) -> Item {
        let zoned = moment.to_zoned(zone.clone());
        let text = |format: &str| Value::from(zoned.strftime(format).to_string());
        let fields = [
            ("timestamp", Value::from(DateTime::from(zoned.clone()).to_iso())),
            ("Readable date", text("%B %-d, %Y, %-I:%M:%S %P")),
            ("Readable time", text("%-I:%M:%S %P")),
            ("Day of week", text("%A")),
            ("Year", text("%Y")),
            ("Month", text("%B")),
            ("Day of month", text("%d")),
            ("Hour", text("%H")),
            ("Minute", text("%M")),
            ("Second", text("%S")),
            ("Timezone", Value::from(zone.iana_name().unwrap_or("UTC"))),
        ];
        Item::new(fields.into_iter().collect::<Object>())
    }
}
impl NodeKind for ScheduleTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &import::TYPES
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl TriggerKind for ScheduleTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let parameters: Parameters = parameters(&DESCRIPTOR, given)?;
        if parameters.rule.interval.is_empty() {
            return Err(vec![Problem::error("parameter_required", "Say when the workflow is to start.", "rule")]);
        }
        let rules = parameters.rule.interval.iter().enumerate();
        let rules: Result<Vec<Rule>, Problem> = rules.map(|(place, rule)| rule_of(place, rule)).collect();
        Ok(Trigger::Schedule(Box::new(Schedule { rules: rules.map_err(|problem| vec![problem])? })))
    }
}
