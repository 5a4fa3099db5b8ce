//! The form of a wait.

use weft_nodes::{Parameter, ParameterOption, ParameterType, choice, field, label};

use super::length::MAX_SECONDS;
use crate::kinds::{form_trigger, webhook};

pub(super) fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Options, "resume", label("Go on", "Reprendre"))
            .help("What the execution waits for before it goes on.", "Ce que l’exécution attend avant de reprendre.")
            .or("timeInterval")
            .choices([
                choice("timeInterval", label("After some time", "Après un certain temps")),
                choice("specificTime", label("At a moment", "À un moment précis")),
                choice("webhook", label("When its address is called", "Quand son adresse est appelée")),
                choice("form", label("When its page is filled in", "Quand sa page est remplie")),
            ]),
        field(ParameterType::Number, "amount", label("Amount", "Durée"))
            .help(
                "How many of the units below are waited for, up to ten years.",
                "Combien d’unités ci-dessous sont attendues, jusqu’à dix ans.",
            )
            .or(5)
            .between(0.0, MAX_SECONDS)
            .when("resume", ["timeInterval"]),
        field(ParameterType::Options, "unit", label("Unit", "Unité"))
            .or("seconds")
            .choices(units())
            .when("resume", ["timeInterval"]),
        moment("dateTime", label("Moment", "Moment")).when("resume", ["specificTime"]),
        field(
            ParameterType::Notice,
            "address",
            label(
                "Give {{ $execution.resumeUrl }} to whoever shall call, in a node before this one. The call is \
                 what this node gives.",
                "Donnez {{ $execution.resumeUrl }} à qui doit appeler, dans un nœud avant celui-ci. L’appel \
                 est ce que ce nœud donne.",
            ),
        )
        .when("resume", ["webhook"]),
    ];
    form.extend(webhook::call_form().into_iter().map(|parameter| parameter.when("resume", ["webhook"])));
    form.extend(webhook::callers_form().into_iter().map(|parameter| parameter.when("resume", ["webhook", "form"])));
    form.extend(page());
    form.extend(limit("resume", &["webhook", "form"]));
    form.push(
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .fields(webhook::call_options().into_iter().chain([suffix()]))
            .when("resume", ["webhook"]),
    );
    form
}

fn units() -> [ParameterOption; 4] {
    [
        choice("seconds", label("Seconds", "Secondes")),
        choice("minutes", label("Minutes", "Minutes")),
        choice("hours", label("Hours", "Heures")),
        choice("days", label("Days", "Jours")),
    ]
}

fn moment(name: &'static str, label: weft_nodes::Label) -> Parameter {
    field(ParameterType::DateTime, name, label).required().example("2026-12-24T18:00:00").help(
        "Without an offset it is read in the time zone of the workflow. A moment that has passed does not \
         keep anybody waiting.",
        "Sans décalage horaire, il est lu dans le fuseau du workflow. Un moment passé ne fait attendre personne.",
    )
}

/// A page that is filled in.
fn page() -> Vec<Parameter> {
    let notice = field(
        ParameterType::Notice,
        "formAddress",
        label(
            "Give {{ $execution.resumeFormUrl }} to whoever shall fill it in, in a node before this one. \
             What is filled in is what this node gives.",
            "Donnez {{ $execution.resumeFormUrl }} à qui doit la remplir, dans un nœud avant celui-ci. Ce \
             qui est rempli est ce que ce nœud donne.",
        ),
    );
    let suffix = field(ParameterType::String, "formSuffix", label("End of the address", "Fin de l’adresse"))
        .literal()
        .or("")
        .example("approve")
        .help(
            "Stands after $execution.resumeFormUrl, so that two pages have two addresses.",
            "S’ajoute à $execution.resumeFormUrl, pour que deux pages aient deux adresses.",
        );
    let mut page = form_trigger::page_form();
    page[0] = page[0].clone().required();
    let page = std::iter::once(notice).chain(page).chain(form_trigger::answer_form()).chain([suffix]);
    page.map(|parameter| parameter.when("resume", ["form"])).collect()
}

/// The end of a wait that may have none, where `parameter` has one of these values.
pub(crate) fn limit(parameter: &'static str, values: &[&'static str]) -> [Parameter; 5] {
    let shown = |this: Parameter| this.when(parameter, values.iter().copied());
    let limited = |this: Parameter| shown(this).when("limitWaitTime", [true]);
    [
        shown(field(ParameterType::Boolean, "limitWaitTime", label("Limit the time", "Limiter l’attente")))
            .literal()
            .or(false)
            .help("Then the items are passed on as they came.", "Les éléments sont alors transmis tels quels."),
        limited(
            field(ParameterType::Options, "limitType", label("Until", "Jusqu’à"))
                .help("When nobody is waited for any longer.", "Quand l’attente prend fin si personne ne répond.")
                .or("afterTimeInterval")
                .choices([
                    choice("afterTimeInterval", label("Some time has passed", "Un certain temps passé")),
                    choice("atSpecifiedTime", label("A moment", "Un moment précis")),
                ]),
        ),
        limited(
            field(ParameterType::Number, "resumeAmount", label("Amount", "Durée"))
                .help(
                    "How many of the units below are waited for at most.",
                    "Combien d’unités ci-dessous sont attendues au plus.",
                )
                .or(1)
                .between(0.0, MAX_SECONDS),
        )
        .when("limitType", ["afterTimeInterval"]),
        limited(field(ParameterType::Options, "resumeUnit", label("Unit", "Unité")).or("hours").choices(units()))
            .when("limitType", ["afterTimeInterval"]),
        limited(moment("maxDateAndTime", label("Moment", "Moment"))).when("limitType", ["atSpecifiedTime"]),
    ]
}

fn suffix() -> Parameter {
    field(ParameterType::String, "webhookSuffix", label("End of the address", "Fin de l’adresse"))
        .literal()
        .example("approve")
        .help(
            "Stands after $execution.resumeUrl, so that two waits have two addresses.",
            "S’ajoute à $execution.resumeUrl, pour que deux attentes aient deux adresses.",
        )
}
