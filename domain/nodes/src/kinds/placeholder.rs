//! **Placeholder**: stands for a node of another tool that has no counterpart here, and keeps its parameters until a person
//! replaces it. It cannot be executed.
//!
//! before: `[{"a":1}]`
//! with: `{"type":"n8n-nodes-base.tar"}`
//! after: fails with “n8n-nodes-base.tar has no counterpart here”

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::Value;

use crate::descriptor::field;
use crate::{
    Descriptor, Group, NodeKind, ParameterType, Port, Ports, Problem, Retried, Transform, TransformKind, label,
    parameters, port,
};

/// The kind.
pub struct Placeholder;

/// The most inputs or outputs that are drawn; a graph has no higher ports.
const MOST_PORTS: f64 = 256.0;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| {
    Descriptor {
    kind: "placeholder",
    version: 1,
    label: label("Placeholder", "Nœud à remplacer"),
    description: label(
        "Stands for a node of another tool that has no counterpart here.",
        "Représente un nœud d’un autre outil qui n’a pas d’équivalent ici.",
    ),
    group: Group::Act,
    icon: "box",
    color: "gray",
    subtitle: Some("{type}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: vec![
        field(ParameterType::String, "type", label("Type", "Type"))
            .literal()
            .required()
            .help("What the node was in the other tool.", "Ce qu’était le nœud dans l’autre outil."),
        field(ParameterType::Number, "typeVersion", label("Version", "Version")).literal(),
        field(ParameterType::Json, "parameters", label("Parameters", "Paramètres"))
            .help(
                "What the node was set to in the other tool; nothing here reads it.",
                "Les réglages du nœud dans l’autre outil ; rien ici ne les lit.",
            )
            .literal()
            .rows(8),
        field(ParameterType::Json, "kept", label("Also kept", "Également conservé")).literal().rows(4).help(
            "What the node had besides: connections that carry no items, and the names of its credentials.",
            "Ce que le nœud avait en outre : des connexions qui ne portent pas d’éléments et les noms de ses identifiants.",
        ),
        field(ParameterType::Number, "numberInputs", label("Inputs", "Entrées"))
            .literal()
            .or(1)
            .between(0.0, MOST_PORTS),
        field(ParameterType::Number, "numberOutputs", label("Outputs", "Sorties"))
            .literal()
            .or(1)
            .between(0.0, MOST_PORTS),
    ],
    retried: Retried::Pure,
    documentation: label(
        "An import leaves it where nothing here does the same. Build what it did from other nodes, then delete it; while it is \
         there the workflow cannot be published. Pinned items stand in for it while you try the rest.",
        "Un import le laisse là où rien ici ne fait la même chose. Reconstruisez ce qu’il faisait avec d’autres nœuds, puis \
         supprimez-le ; tant qu’il est là, le workflow ne peut pas être publié. Des éléments épinglés le remplacent pendant vos \
         essais.",
    ),
}
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(rename = "type")]
    foreign: String,
    #[serde(default)]
    type_version: Option<f64>,
}

impl NodeKind for Placeholder {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        let ports = |name: &str| numbered(count(parameters.get(name)));
        Ports { inputs: ports("numberInputs"), outputs: ports("numberOutputs"), required_inputs: 1 }
    }
}

/// A number of ports; one where none is given or nobody can have meant it.
fn count(given: &Value) -> usize {
    given.as_f64().filter(|count| (0.0..=MOST_PORTS).contains(count)).map_or(1, |count| count as usize)
}

fn numbered(count: usize) -> Vec<Port> {
    (0..count)
        .map(|number| port(if number == 0 { "main".to_owned() } else { format!("main {}", number + 1) }))
        .collect()
}

impl TransformKind for Placeholder {
    /// It is always refused, which is what keeps a workflow from being published, and what its step fails with.
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let Parameters { foreign, type_version } = parameters(&DESCRIPTOR, given)?;
        let version = type_version.map_or_else(String::new, |version| format!(" (version {version})"));
        let message = format!(
            "{foreign}{version} has no counterpart here. Replace this node by others that do the same, or delete it."
        );
        Err(vec![Problem::error("placeholder", message, "type")])
    }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;
    use crate::testing::prepare;

    #[test]
    fn it_says_what_it_stands_for_and_is_never_executed() {
        for (parameters, code, message) in [
            (
                r#"{"type":"n8n-nodes-base.tar","typeVersion":2.1,"parameters":{"url":"={{ broken"}}"#,
                "placeholder",
                "n8n-nodes-base.tar (version 2.1) has no counterpart here",
            ),
            (r#"{"type":"zip"}"#, "placeholder", "zip has no counterpart here"),
            ("{}", "parameter_required", "“Type” must be filled in"),
        ] {
            let problems = prepare(&Placeholder, parameters).err().unwrap();
            assert_eq!((problems.len(), problems[0].code), (1, code), "{parameters}");
            assert!(problems[0].message.starts_with(message), "{}", problems[0].message);
        }
    }

    #[test]
    fn it_has_as_many_ports_as_its_edges_need() {
        for (parameters, inputs, outputs) in [
            ("{}", 1, 1),
            (r#"{"numberInputs":0,"numberOutputs":3}"#, 0, 3),
            (r#"{"numberInputs":-1,"numberOutputs":1e9}"#, 1, 1),
            (r#"{"numberInputs":"many","numberOutputs":null}"#, 1, 1),
        ] {
            let ports = Placeholder.ports(&from_json(parameters).unwrap());
            assert_eq!((ports.inputs.len(), ports.outputs.len()), (inputs, outputs), "{parameters}");
        }
    }
}
