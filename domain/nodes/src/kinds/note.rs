//! **Note**: words for people on the canvas. Nothing flows through it, and nothing executes it.
//!
//! before, as n8n keeps it: `{"content":"## Read me","color":4}` · after: `{"content":"## Read me","color":"green"}`

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Object, Value};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem, Retried,
    Step, Transform, TransformKind, Unsupported, label, parameters,
};

/// The kind.
pub struct Note;

/// n8n's numbers for colours begin at 1.
const COLORS: [&str; 7] = ["yellow", "orange", "red", "green", "blue", "violet", "gray"];

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "note",
    version: 1,
    label: label("Note", "Note"),
    description: label("Words for people, on the canvas.", "Un texte pour les personnes, sur le canevas."),
    group: Group::Flow,
    icon: "sticky-note",
    color: "yellow",
    subtitle: None,
    inputs: Vec::new(),
    outputs: Vec::new(),
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Markdown makes headings, lists and links. A note lies behind the nodes, so that a large one can \
         frame several.",
        "Markdown fait les titres, les listes et les liens. Une note se place derrière les nœuds : une grande peut en encadrer \
         plusieurs.",
    ),
});

fn form() -> Vec<Parameter> {
    let size = |name, text| field(ParameterType::Number, name, text).literal().between(64.0, 8192.0);
    vec![
        field(ParameterType::String, "content", label("Text", "Texte"))
            .help(
                "Markdown: # for headings, - for lists, [text](address) for links.",
                "Markdown : # pour les titres, - pour les listes, [texte](adresse) pour les liens.",
            )
            .literal()
            .rows(10),
        field(ParameterType::Options, "color", label("Colour", "Couleur")).literal().or(COLORS[0]).choices([
            choice("yellow", label("Yellow", "Jaune")),
            choice("orange", label("Orange", "Orange")),
            choice("red", label("Red", "Rouge")),
            choice("green", label("Green", "Vert")),
            choice("blue", label("Blue", "Bleu")),
            choice("violet", label("Violet", "Violet")),
            choice("gray", label("Grey", "Gris")),
        ]),
        size("width", label("Width", "Largeur")).or(240),
        size("height", label("Height", "Hauteur")).or(160),
    ]
}

#[derive(Deserialize)]
struct Parameters {}

impl NodeKind for Note {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.stickyNote"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut words = Object::new();
        if let Some(content) = node.parameters.get("content").as_str() {
            // Words that begin as an expression does are words all the same.
            let space = if content.starts_with('=') { " " } else { "" };
            words.insert("content", format!("{space}{content}"));
        }
        for side in ["width", "height"] {
            if let Some(length) = node.parameters.get(side).as_f64() {
                words.insert(side, length.clamp(64.0, 8192.0));
            }
        }
        let place = node.parameters.get("color").as_f64().map_or(0, |number| (number as usize).saturating_sub(1));
        words.insert("color", COLORS.get(place).copied().unwrap_or(COLORS[0]));
        Ok(Value::from(words).into())
    }
}

impl TransformKind for Note {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    /// No edge leads here: an execution that begins at a note has nothing to do.
    fn run(&self, _: &dyn Step) -> Result<Outputs, NodeError> {
        Ok(Outputs::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, import, prepare, run};

    #[test]
    fn notes_of_n8n_keep_their_words_size_and_colour() {
        for (old, new) in [
            ("{}", r#"{"color":"yellow"}"#),
            (
                r#"{"content":"Été\n- 1","width":400,"height":96,"color":6}"#,
                r#"{"content":"Été\n- 1","width":400,"height":96,"color":"violet"}"#,
            ),
            (r#"{"content":7,"width":1e12,"height":-3,"color":0}"#, r#"{"width":8192,"height":64,"color":"yellow"}"#),
            (r#"{"content":"== 1 =="}"#, r#"{"content":" == 1 ==","color":"yellow"}"#),
            (r##"{"color":"#ff0000"}"##, r#"{"color":"yellow"}"#),
            (r#"{"color":99}"#, r#"{"color":"yellow"}"#),
        ] {
            let imported = import(&Note, 1.0, old).unwrap();
            assert_eq!(imported.parameters.to_json(), new, "{old}");
            assert!(prepare(&Note, new).is_ok(), "{new}");
        }
    }

    #[test]
    fn nothing_flows_through_a_note() {
        let ports = Note.ports(&Value::empty_object());
        assert!(ports.inputs.is_empty() && ports.outputs.is_empty());
        assert!(run(&Note, "{}", &TestStep::new(&[])).unwrap().ports.is_empty());
    }
}
