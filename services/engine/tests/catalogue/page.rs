//! The page of the documentation that the kinds make.

use std::fmt::Write;

use weft_engine::kinds::{Kind, all};
use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Port, Retried};

use super::examples::head;

const HEAD: &str = "<!-- Written from the code: WEFT_UPDATE_DOCS=1 cargo test -p weft-engine --test catalogue page -->

# Node kinds

What a node can be: what it does to items, what can be set, and which nodes of n8n become it. Examples that say what was set
(“with”) are executed by a test; `…` stands for something else each time.
";

const GROUPS: [(Group, &str); 5] = [
    (Group::Trigger, "Triggers: they start executions"),
    (Group::Transform, "They change items"),
    (Group::Flow, "They decide where items go"),
    (Group::Act, "They touch the outside world"),
    (Group::Code, "They execute code"),
];

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (group, heading) in GROUPS {
        let _ = write!(page, "\n## {heading}\n");
        let of_group = |kind: &Kind| kind.node_kind().descriptor().group == group;
        all().into_iter().filter(of_group).for_each(|kind| section(&mut page, kind));
    }
    page
}

fn section(page: &mut String, kind: Kind) {
    let descriptor = kind.node_kind().descriptor();
    let head = head(kind);
    let is = head.is.split_once("**: ").map_or(head.is.as_str(), |(_, is)| is);
    let mut first = is.chars();
    let is: String = first.next().into_iter().flat_map(char::to_uppercase).chain(first).collect();
    let _ = write!(page, "\n### {}\n\n{is} {}\n", descriptor.label.en, descriptor.documentation.en);
    for example in &head.examples {
        let parted = example.replace(" with: ", " · with: ").replace(" after: ", " · after: ").replace("· · ", "· ");
        let _ = write!(page, "\n> {parted}\n");
    }
    let _ = write!(page, "\n{}\n", facts(kind, descriptor));
    if !descriptor.parameters.is_empty() {
        let _ = write!(page, "\n| parameter | type | default | shown when | |\n|---|---|---|---|---|\n");
        rows(page, &descriptor.parameters, "");
    }
}

/// Everything that a line can say.
fn facts(kind: Kind, descriptor: &Descriptor) -> String {
    let mut facts = vec![format!("`{}@{}`", descriptor.kind, descriptor.version)];
    let names = |ports: &[Port]| ports.iter().map(|port| format!("`{}`", port.name)).collect::<Vec<_>>().join(", ");
    facts.extend((!descriptor.inputs.is_empty()).then(|| format!("in: {}", names(&descriptor.inputs))));
    facts.extend((!descriptor.outputs.is_empty()).then(|| format!("out: {}", names(&descriptor.outputs))));
    facts.push(match descriptor.retried {
        Retried::Pure => "touches nothing, so that it may be repeated".to_owned(),
        Retried::Idempotent => "twice is the same as once".to_owned(),
        Retried::Keyed => "sends a key by which a repetition is recognised".to_owned(),
        Retried::AtMostOnce => "never repeated by itself".to_owned(),
    });
    let types = kind.node_kind().n8n_types();
    let of_n8n = || types.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    facts.extend((!types.is_empty()).then(|| format!("n8n: {}", of_n8n())));
    facts.join(" · ")
}

fn rows(page: &mut String, parameters: &[Parameter], within: &str) {
    for parameter in parameters {
        let path = format!("{within}{}", parameter.name);
        let _ = writeln!(
            page,
            "| `{path}` | {} | {} | {} | {} |",
            cell(&type_of(parameter)),
            cell(&default_of(parameter)),
            cell(&condition_of(parameter)),
            cell(&said_of(parameter))
        );
        let inside = if parameter.multiple { format!("{path}[].") } else { format!("{path}.") };
        rows(page, &parameter.fields, &inside);
    }
}

/// A bar would end the cell, also within code; so would the end of a line.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(json: &serde_json::Value) -> String {
    let json = json.to_string();
    // A span that holds the sign of spans needs more of them around it.
    if json.contains('`') { format!("```` {json} ````") } else { format!("`{json}`") }
}

fn type_of(parameter: &Parameter) -> String {
    let plain = match parameter.kind {
        ParameterType::String => "text",
        ParameterType::Number => return number(parameter),
        ParameterType::Boolean => "switch",
        ParameterType::Options | ParameterType::MultiOptions => {
            let choices: Vec<String> = parameter.options.iter().map(|option| code(&option.value)).collect();
            let several = if parameter.kind == ParameterType::Options { "one of" } else { "several of" };
            return format!("{several} {}", choices.join(", "));
        }
        ParameterType::Json => "JSON",
        ParameterType::Code => parameter.language.unwrap_or("code"),
        ParameterType::Collection => "optional fields",
        ParameterType::FixedCollection if parameter.multiple => "list of fields",
        ParameterType::FixedCollection => "fields",
        ParameterType::Assignments => "fields to set",
        ParameterType::Conditions => "conditions",
        ParameterType::DateTime => "moment",
        ParameterType::Credential => {
            let types: Vec<String> = parameter.credential_types.iter().map(|name| format!("`{name}`")).collect();
            return format!("credential: {}", types.join(", "));
        }
        ParameterType::Workflow => "workflow",
        ParameterType::Notice => "remark",
    };
    plain.to_owned()
}

fn number(parameter: &Parameter) -> String {
    match (parameter.min, parameter.max) {
        (Some(min), Some(max)) => format!("number from {min} to {max}"),
        (Some(min), None) => format!("number from {min}"),
        (None, Some(max)) => format!("number up to {max}"),
        (None, None) => "number".to_owned(),
    }
}

fn default_of(parameter: &Parameter) -> String {
    let otherwise = if parameter.required { "required" } else { "" };
    parameter.default.as_ref().map_or_else(|| otherwise.to_owned(), code)
}

fn condition_of(parameter: &Parameter) -> String {
    let conditions = parameter.show_when.iter().map(|condition| {
        let values: Vec<String> = condition.values.iter().map(code).collect();
        format!("`{}` is {}", condition.parameter, values.join(" or "))
    });
    conditions.collect::<Vec<_>>().join(", ")
}

fn said_of(parameter: &Parameter) -> String {
    let help = parameter.description.map(|text| format!(" {}", text.en)).unwrap_or_default();
    let literal = if parameter.accepts_expression { "" } else { " No expression." };
    let takes_none = matches!(
        parameter.kind,
        ParameterType::Notice
            | ParameterType::Credential
            | ParameterType::Options
            | ParameterType::MultiOptions
            | ParameterType::Collection
            | ParameterType::FixedCollection
    );
    format!("{}.{help}{}", parameter.label.en, if takes_none { "" } else { literal })
}

#[test]
fn the_committed_page_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/docs/nodes.md");
    let page = page();
    if std::env::var_os("WEFT_UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|committed| committed == page),
        "infra/docs/nodes.md is stale: WEFT_UPDATE_DOCS=1 cargo test -p weft-engine --test catalogue page"
    );
}
