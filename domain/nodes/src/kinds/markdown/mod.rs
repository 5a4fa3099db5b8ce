//! **Markdown**: turns Markdown into HTML, or HTML into Markdown.
//!
//! before: `[{"text":"# Hello"}]`
//! with: `{"mode":"markdownToHtml","markdown":"={{ $json.text }}"}`
//! after: `[{"text":"# Hello","data":"<h1 id=\"hello\">Hello</h1>"}]`

mod form;
mod source;
mod texts;
mod to_html;
mod to_markdown;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, each_item, label, parameters, port, set_path,
};

/// The kind.
pub struct Markdown;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "markdown",
    version: 1,
    label: label("Markdown", "Markdown"),
    description: label(
        "Turns Markdown into HTML, or HTML into Markdown.",
        "Convertit du Markdown en HTML, ou l’inverse.",
    ),
    group: Group::Transform,
    icon: "pencil",
    color: "gray",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "HTML inside of Markdown stays as it is: do not show what strangers wrote without cleaning it.",
        "Le HTML dans le Markdown reste tel quel : n’affichez pas sans nettoyage ce que des inconnus ont écrit.",
    ),
});

#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Parameters {
    MarkdownToHtml {
        #[serde(default)]
        markdown: Field,
        #[serde(default)]
        destination_key: Field,
        #[serde(default)]
        options: Box<to_html::Style>,
    },
    HtmlToMarkdown {
        #[serde(default)]
        html: Field,
        #[serde(default)]
        destination_key: Field,
        #[serde(default)]
        options: Box<to_markdown::Style>,
    },
}

/// Options of n8n that have no counterpart here.
const UNKNOWN_OPTIONS: &[&str] = &[
    "backslashEscapesHTMLTags",
    "emoji",
    "excludeTrailingPunctuationFromURLs",
    "literalMidWordAsterisks",
    "rawPrefixHeaderId",
    "smartIndentationFix",
];

impl NodeKind for Markdown {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.markdown"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let options = node.parameters.get("options");
        let refused = ["ghCodeBlocks"].iter().filter(|name| options.get(name) == &Value::Bool(false));
        let chosen = UNKNOWN_OPTIONS.iter().filter(|name| options.get(name) == &Value::Bool(true));
        let remarks =
            chosen.chain(refused).map(|name| format!("The option “{name}” of Markdown does nothing here.")).collect();
        Ok(Imported { parameters: node.parameters.clone(), remarks })
    }
}

impl TransformKind for Markdown {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let (made, key) = match self {
                Self::MarkdownToHtml { markdown, destination_key, options } => {
                    let markdown = markdown.text(step, index)?;
                    let made = to_html::convert(&markdown, options).map_err(|error| error.in_field("markdown"))?;
                    (made, destination_key)
                }
                Self::HtmlToMarkdown { html, destination_key, options } => {
                    let html = html.text(step, index)?;
                    let made = to_markdown::convert(&html, options).map_err(|error| error.in_field("html"))?;
                    (made, destination_key)
                }
            };
            let mut json: Object = item.json.as_object().cloned().unwrap_or_default();
            set_path(&mut json, &key.text(step, index)?, made.into());
            Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
