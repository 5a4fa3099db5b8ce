//! What every kind must keep to: its descriptor, since the editor draws its form from it and the importer fills it in; its
//! parameters and items, whatever they hold; and its page of the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests, their helpers too")]

mod examples;
mod items;
mod page;
mod parameters;
mod trying;

use std::collections::{BTreeMap, BTreeSet};

use weft_engine::kinds::all;
use weft_nodes::{Group, Label, Parameter, ParameterType, ShowWhen};
use weft_value::Value;

fn said(label: Label) {
    assert!(!label.en.trim().is_empty() && !label.fr.trim().is_empty(), "{label:?}");
}

/// Help is a sentence, and says more than the label that it stands beside.
fn helps(place: &str, label: Label, help: Label) {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    for (label, help) in [(label.en, help.en), (label.fr, help.fr)] {
        assert!(help.trim() == help && help.ends_with('.'), "the help of {place} is no sentence: “{help}”");
        assert_ne!(plain(help), plain(label), "the help of {place} repeats its label");
    }
}

fn check(kind: &str, parameters: &[Parameter]) {
    let names: BTreeSet<&str> = parameters.iter().map(|parameter| parameter.name).collect();
    for (index, parameter) in parameters.iter().enumerate() {
        let twin = parameters[index + 1..].iter().find(|other| other.name == parameter.name);
        let is_alone = twin.is_none_or(|twin| never_together(parameter, twin));
        assert!(is_alone, "{kind} shows two parameters named {}", parameter.name);
        said(parameter.label);
        let place = format!("{kind}.{}", parameter.name);
        parameter.description.into_iter().for_each(|help| helps(&place, parameter.label, help));
        for option in &parameter.options {
            said(option.label);
            option.description.into_iter().for_each(|help| helps(&place, option.label, help));
        }
        for condition in &parameter.show_when {
            assert!(
                names.contains(condition.parameter),
                "{kind}.{} depends on {}",
                parameter.name,
                condition.parameter
            );
        }
        let chooses = matches!(parameter.kind, ParameterType::Options | ParameterType::MultiOptions);
        assert_eq!(chooses, !parameter.options.is_empty(), "{kind}.{} has choices or is none", parameter.name);
        if let (ParameterType::Options, Some(default)) = (parameter.kind, &parameter.default) {
            let known = parameter.options.iter().any(|option| &option.value == default);
            assert!(known, "the default of {kind}.{} is a choice", parameter.name);
        }
        check(kind, &parameter.fields);
    }
}

/// Whether two parameters want different values of one sibling.
fn never_together(one: &Parameter, other: &Parameter) -> bool {
    let parts = |mine: &ShowWhen, theirs: &ShowWhen| {
        mine.parameter == theirs.parameter && mine.values.iter().all(|value| !theirs.values.contains(value))
    };
    one.show_when.iter().any(|mine| other.show_when.iter().any(|theirs| parts(mine, theirs)))
}

#[test]
fn every_kind_describes_itself() {
    let mut keys = BTreeSet::new();
    for kind in all() {
        let descriptor = kind.node_kind().descriptor();
        assert!(keys.insert(descriptor.key()), "{} is listed twice", descriptor.key());
        [descriptor.label, descriptor.description, descriptor.documentation].into_iter().for_each(said);
        check(descriptor.kind, &descriptor.parameters);
        let ports = kind.node_kind().ports(&Value::empty_object());
        assert_eq!(ports.inputs, descriptor.inputs, "{}", descriptor.kind);
        // What nothing flows through, such as a note, is no trigger.
        let begins = descriptor.inputs.is_empty() && !descriptor.outputs.is_empty();
        assert_eq!(descriptor.group == Group::Trigger, begins, "{}", descriptor.kind);
    }
}

/// Kinds that share a type are asked in turn, and each must leave the nodes of the others alone: sharing is deliberate.
#[test]
fn the_n8n_types_that_several_kinds_share_are_known() {
    let mut takers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for kind in all() {
        for name in kind.node_kind().n8n_types() {
            takers.entry(name).or_default().insert(kind.node_kind().descriptor().kind);
        }
    }
    takers.retain(|_, kinds| kinds.len() > 1);
    let lists = ["aggregate", "code", "limit", "removeDuplicates", "sort", "splitOut", "summarize"];
    let shared = [
        ("n8n-nodes-base.crypto", BTreeSet::from(["crypto", "random"])),
        ("n8n-nodes-base.itemLists", BTreeSet::from(lists)),
        ("n8n-nodes-base.merge", BTreeSet::from(["merge", "mergeSql"])),
        ("n8n-nodes-base.moveBinaryData", BTreeSet::from(["convertToFile", "extractFromFile"])),
        ("n8n-nodes-base.removeDuplicates", BTreeSet::from(["removeDuplicates", "removeSeen"])),
        ("n8n-nodes-base.spreadsheetFile", BTreeSet::from(["convertToFile", "extractFromFile"])),
        ("n8n-nodes-base.sort", BTreeSet::from(["code", "sort"])),
    ];
    assert_eq!(takers, BTreeMap::from(shared));
}

#[test]
fn a_fresh_node_lacks_nothing_but_what_is_required() {
    for kind in all() {
        for problem in trying::problems(kind, &Value::empty_object()) {
            assert_eq!(problem.code, "parameter_required", "{}: {problem:?}", trying::name(kind));
        }
    }
}
