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
        "Les valeurs d’un modèle y figurent telles quelles : ce que des inconnus ont écrit doit être échappé \
         avant affichage.",
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
            .help(
                "HTML with expressions in it; each item gives the field “html”, filled in.",
                "Du HTML avec des expressions ; chaque élément donne le champ « html », rempli.",
            )
            .rows(15)
            .example("<h1>{{ $json.title }}</h1>")
            .when("operation", ["generateHtmlTemplate"]),
        text("dataPropertyName", label("Field of the HTML", "Champ du HTML"))
            .help(
                "The field that holds the HTML; of a list, each entry gives an item.",
                "Le champ qui contient le HTML ; d’une liste, chaque entrée donne un élément.",
            )
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
                switch("trimValues", label("Trim values", "Rogner les valeurs")).help(
                    "Blanks at both ends of a value are removed.",
                    "Les blancs aux deux bouts d’une valeur sont retirés.",
                ),
                switch("cleanUpText", label("Join blanks", "Réduire les blancs")).help(
                    "Several blanks and line ends in a row become one blank.",
                    "Plusieurs blancs et fins de ligne de suite n’en font qu’un.",
                ),
            ]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", ["convertToHtmlTable"])
            .fields([
                switch("capitalize", label("Capitals in headers", "Majuscules aux en-têtes"))
                    .help("“unit_price” is shown as “Unit Price”.", "« unit_price » s’affiche « Unit Price »."),
                switch("customStyling", label("Without our styles", "Sans nos styles")).help(
                    "The table has no style attributes, so that your style sheet decides.",
                    "Le tableau n’a pas d’attributs style : votre feuille de style décide.",
                ),
                switch("rawCells", label("Cells hold HTML", "Les cellules contiennent du HTML")).help(
                    "Otherwise signs that mean something in HTML are escaped.",
                    "Sinon les signes qui ont un sens en HTML sont échappés.",
                ),
                text("caption", label("Caption", "Légende"))
                    .help("Stands above the table.", "Figure au-dessus du tableau."),
                text("tableAttributes", label("Attributes of the table", "Attributs du tableau"))
                    .help("Written into the table’s tag.", "Écrits dans la balise du tableau."),
                text("headerAttributes", label("Attributes of headers", "Attributs des en-têtes")).help(
                    "Written into the tag of the row of headers (thead).",
                    "Écrits dans la balise de la ligne d’en-têtes (thead).",
                ),
                text("rowAttributes", label("Attributes of rows", "Attributs des lignes"))
                    .help("Written into the tag of each row (tr).", "Écrits dans la balise de chaque ligne (tr)."),
                text("cellAttributes", label("Attributes of cells", "Attributs des cellules"))
                    .help("Written into the tag of each cell (td).", "Écrits dans la balise de chaque cellule (td)."),
            ]),
    ]
}

/// What the form asks of one value that is taken out.
fn values() -> [Parameter; 6] {
    let text = |name, names| field(ParameterType::String, name, names);
    [
        text("key", label("Output field", "Champ de sortie"))
            .help("The field that the value is put into.", "Le champ où mettre la valeur.")
            .required(),
        text("cssSelector", label("CSS selector", "Sélecteur CSS"))
            .help(
                "Which elements, as style sheets write it: a tag, .class, #id.",
                "Quels éléments, comme dans les feuilles de style : une balise, .classe, #id.",
            )
            .required()
            .example(".price"),
        field(ParameterType::Options, "returnValue", label("What", "Quoi"))
            .help("What is taken of an element that was found.", "Ce qui est pris d’un élément trouvé.")
            .or("text")
            .choices([
                choice("text", label("Text", "Texte")),
                choice("plainText", label("Text in lines", "Texte mis en lignes")).help(
                    "Headings, lists, tables and links stay readable.",
                    "Les titres, listes, tableaux et liens restent lisibles.",
                ),
                choice("html", label("HTML inside", "HTML intérieur")),
                choice("attribute", label("Attribute", "Attribut")),
                choice("value", label("Value of a form field", "Valeur d’un champ de formulaire")),
            ]),
        text("attribute", label("Attribute", "Attribut"))
            .help("Its name.", "Son nom.")
            .example("href")
            .when("returnValue", ["attribute"]),
        text("skipSelectors", label("Leave out", "Exclure"))
            .help("CSS selectors of what is left out of the text.", "Les sélecteurs CSS de ce qui est omis du texte.")
            .example("img, .note")
            .when("returnValue", ["plainText"]),
        field(
            ParameterType::Boolean,
            "returnArray",
            label("All matches as a list", "Toutes les correspondances en liste"),
        )
        .help("Otherwise the first match is the value.", "Sinon la première correspondance est la valeur.")
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
