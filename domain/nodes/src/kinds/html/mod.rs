//! **HTML**: fills a template, takes values out of HTML, or makes a table of the items.
//!
//! before: `[{"data":"<h1>Hello</h1>"}]`
//! with: `{"operation":"extractHtmlContent","extractionValues":{"values":[{"key":"title","cssSelector":"h1"}]}}`
//! after: `[{"title":"Hello"}]`
//!
//! before: `[{"title":"Hello"}]`
//! with: `{"html":"=<h1>{{ $json.title }}</h1>"}`
//! after: `[{"html":"<h1>Hello</h1>"}]`

mod extract;
mod n8n;
mod plain_text;
mod table;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, ItemRef, Object, Pairing, Value};

use crate::coercion::to_text;
use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, each_items, get_path, label, parameters, port,
};

/// The kind.
pub struct Html;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "html",
    version: 1,
    label: label("HTML", "HTML"),
    description: label(
        "Fills a template, takes values out of HTML, or makes a table of the items.",
        "Remplit un modèle, extrait des valeurs de HTML ou fait un tableau des éléments.",
    ),
    group: Group::Transform,
    icon: "code",
    color: "orange",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Values in a template stand there as they are: what strangers wrote must be escaped before it is shown.",
        "Les valeurs d’un modèle y figurent telles quelles : ce que des inconnus ont écrit doit être échappé avant affichage.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, names| field(ParameterType::String, name, names);
    let switch = |name, names| field(ParameterType::Boolean, name, names).literal().or(false);
    vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("generateHtmlTemplate").choices(
            [
                choice("generateHtmlTemplate", label("Fill a template", "Remplir un modèle")),
                choice("extractHtmlContent", label("Extract values", "Extraire des valeurs")),
                choice("convertToHtmlTable", label("Make a table", "Faire un tableau")),
            ],
        ),
        text("html", label("Template", "Modèle"))
            .rows(15)
            .example("<h1>{{ $json.title }}</h1>")
            .when("operation", ["generateHtmlTemplate"]),
        text("dataPropertyName", label("Field of the HTML", "Champ du HTML"))
            .or("data")
            .required()
            .when("operation", ["extractHtmlContent"]),
        field(ParameterType::FixedCollection, "extractionValues", label("Values", "Valeurs"))
            .when("operation", ["extractHtmlContent"])
            .fields([field(ParameterType::FixedCollection, "values", label("Values", "Valeurs"))
                .multiple()
                .fields(values())]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", ["extractHtmlContent"])
            .fields([
                switch("trimValues", label("Trim values", "Rogner les valeurs")),
                switch("cleanUpText", label("Join blanks", "Réduire les blancs")),
            ]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", ["convertToHtmlTable"])
            .fields([
                switch("capitalize", label("Capitals in headers", "Majuscules aux en-têtes")),
                switch("customStyling", label("Without our styles", "Sans nos styles")),
                switch("rawCells", label("Cells hold HTML", "Les cellules contiennent du HTML")),
                text("caption", label("Caption", "Légende")),
                text("tableAttributes", label("Attributes of the table", "Attributs du tableau")),
                text("headerAttributes", label("Attributes of headers", "Attributs des en-têtes")),
                text("rowAttributes", label("Attributes of rows", "Attributs des lignes")),
                text("cellAttributes", label("Attributes of cells", "Attributs des cellules")),
            ]),
    ]
}

/// What the form asks of one value that is taken out.
fn values() -> [Parameter; 6] {
    let text = |name, names| field(ParameterType::String, name, names);
    [
        text("key", label("Output field", "Champ de sortie")).required(),
        text("cssSelector", label("CSS selector", "Sélecteur CSS")).required().example(".price"),
        field(ParameterType::Options, "returnValue", label("What", "Quoi")).or("text").choices([
            choice("text", label("Text", "Texte")),
            choice("plainText", label("Text in lines", "Texte mis en lignes")),
            choice("html", label("HTML inside", "HTML intérieur")),
            choice("attribute", label("Attribute", "Attribut")),
            choice("value", label("Value of a form field", "Valeur d’un champ de formulaire")),
        ]),
        text("attribute", label("Attribute", "Attribut")).example("href").when("returnValue", ["attribute"]),
        text("skipSelectors", label("Leave out", "Exclure")).example("img, .note").when("returnValue", ["plainText"]),
        field(
            ParameterType::Boolean,
            "returnArray",
            label("All matches as a list", "Toutes les correspondances en liste"),
        )
        .literal()
        .or(false),
    ]
}

#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Parameters {
    GenerateHtmlTemplate {
        #[serde(default)]
        html: Field,
    },
    ExtractHtmlContent {
        #[serde(default)]
        data_property_name: Field,
        #[serde(default)]
        extraction_values: extract::Values,
        #[serde(default)]
        options: extract::Options,
    },
    ConvertToHtmlTable {
        #[serde(default)]
        options: Box<table::Options>,
    },
}

impl NodeKind for Html {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.html", "n8n-nodes-base.htmlExtract"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        n8n::import(node)
    }
}

impl TransformKind for Html {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let problems = match &parameters {
            Parameters::ExtractHtmlContent { extraction_values, .. } => extraction_values.problems(),
            Parameters::GenerateHtmlTemplate { .. } | Parameters::ConvertToHtmlTable { .. } => Vec::new(),
        };
        if problems.is_empty() { Ok(Box::new(parameters)) } else { Err(problems) }
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        match self {
            Self::ConvertToHtmlTable { options } => options.table(step),
            Self::GenerateHtmlTemplate { html } => each_item(step, |index, _| {
                let filled = html.text(step, index)?;
                Ok(Item::new([("html", Value::String(filled))].into_iter().collect::<Object>()))
            }),
            Self::ExtractHtmlContent { data_property_name, extraction_values, options } => {
                each_items(step, |index, item| {
                    let name = data_property_name.text(step, index)?;
                    let extraction = extraction_values.resolve(step, index, *options)?;
                    let given = get_path(&item.json, &name);
                    match &given {
                        Value::Undefined | Value::Null => {
                            let message = format!("The item has no field “{name}” with HTML in it.");
                            Err(NodeError::new("parameter", message).in_field("dataPropertyName"))
                        }
                        Value::Array(documents) => {
                            documents.iter().map(|document| extraction.run(&to_text(document)).map(Item::new)).collect()
                        }
                        document => Ok(vec![Item::new(extraction.run(&to_text(document))?)]),
                    }
                })
            }
        }
    }
}

/// One item that was made from all of input 0.
fn of_all(step: &dyn Step, json: Object) -> Outputs {
    let pairing = (0..step.input(0).len()).map(|index| ItemRef { item: index as u32, input: 0 });
    Outputs::one(vec![Item { pairing: Pairing::many(pairing), ..Item::new(json) }])
}

#[cfg(test)]
mod tests;
