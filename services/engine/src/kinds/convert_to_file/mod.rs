//! **Convert to file**: makes files of what items hold.
//!
//! before: `[{"a":1},{"a":2}]` · after, as CSV: one item with the file `data.csv`, which holds `a`, `1` and `2`

mod event;
pub(crate) mod import;
pub(crate) mod make;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, get_path, label, parameters, port, unset_path,
};
use weft_value::{Item, ItemRef, Pairing, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{StepFiles, with_file};

/// The kind.
pub struct ConvertToFile;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "convertToFile",
    version: 1,
    label: label("Convert to file", "Convertir en fichier"),
    description: label("Makes files of what items hold.", "Fait des fichiers de ce que contiennent les éléments."),
    group: Group::Transform,
    icon: "file-output",
    color: "teal",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Tables take all items into one file, with a column for each field; a field inside of another one becomes “a.b”. Text and \
         base64 make one file of each item.",
        "Un tableau met tous les éléments dans un fichier, avec une colonne par champ ; un champ dans un autre devient « a.b ». \
         Le texte et le base64 font un fichier par élément.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, names| field(ParameterType::String, name, names);
    let switch = |name, names, default: bool| field(ParameterType::Boolean, name, names).literal().or(default);
    let mut form = vec![
        field(ParameterType::Options, "operation", label("Format", "Format"))
            .help("What the file holds.", "Ce que contient le fichier.")
            .or("csv")
            .choices([
                choice("csv", label("CSV", "CSV")),
                choice("xlsx", label("Excel (XLSX)", "Excel (XLSX)")),
                choice("html", label("HTML table", "Tableau HTML")),
                choice("toJson", label("JSON", "JSON")),
                choice("toText", label("Text of a field", "Texte d’un champ")),
                choice("toBinary", label("Base64 of a field", "Base64 d’un champ")),
                choice("iCal", label("Event for calendars", "Événement pour les calendriers")),
            ]),
        field(ParameterType::Options, "mode", label("Make", "Faire"))
            .help("How the items are shared out among files.", "Comment les éléments sont répartis entre les fichiers.")
            .or("once")
            .choices([
                choice("once", label("One file of all items", "Un fichier de tous les éléments")),
                choice("each", label("One file of each item", "Un fichier par élément")),
            ])
            .when("operation", ["toJson"]),
        text("sourceProperty", label("Field", "Champ"))
            .help(
                "The field that holds the text; a dot reaches inside.",
                "Le champ qui contient le texte ; un point descend dans l’objet.",
            )
            .required()
            .example("data")
            .when("operation", ["toText", "toBinary"]),
    ];
    form.extend(event::form());
    form.extend([
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .help(
                "What the item calls the file; the nodes behind name it so.",
                "Le nom que l’élément donne au fichier ; les nœuds suivants le nomment ainsi.",
            )
            .or("data")
            .required(),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            text("fileName", label("File name", "Nom du fichier"))
                .help(
                    "The name with its ending; “data.csv” or the like while it is empty.",
                    "Le nom avec son extension ; « data.csv » ou similaire tant que c’est vide.",
                )
                .example("report.csv"),
            text("mimeType", label("Media type", "Type de média"))
                .help(
                    "What the file is for others; found out from the format while it is empty.",
                    "Ce qu’est le fichier pour les autres ; déduit du format tant que c’est vide.",
                )
                .example("text/csv"),
            text("delimiter", label("Delimiter (CSV)", "Séparateur (CSV)"))
                .help(
                    "The sign between two cells; \\t is a tab.",
                    "Le signe entre deux cellules ; \\t est une tabulation.",
                )
                .or(","),
            text("sheetName", label("Name of the sheet (Excel)", "Nom de la feuille (Excel)")).or("Sheet"),
            switch("headerRow", label("Names of the columns first", "Noms des colonnes d’abord"), true).help(
                "The first row holds the names of the fields.",
                "La première ligne contient les noms des champs.",
            ),
            text("encoding", label("Encoding", "Encodage"))
                .help(
                    "utf8, utf16le, latin1, shift_jis and others; a character that it lacks is an error.",
                    "utf8, utf16le, latin1, shift_jis et d’autres ; un caractère qui lui manque est une erreur.",
                )
                .or("utf8"),
            switch("addBOM", label("Begin with a byte order mark", "Commencer par une marque d’ordre"), false).help(
                "Tells programs such as Excel that the text is UTF-8; CSV always begins with it.",
                "Dit aux programmes comme Excel que le texte est en UTF-8 ; le CSV commence toujours ainsi.",
            ),
            switch("format", label("JSON with line breaks", "JSON avec des retours à la ligne"), false),
            switch("keepData", label("Keep the item’s fields", "Garder les champs de l’élément"), false)
                .help("Otherwise the item has the file alone.", "Sinon l’élément n’a que le fichier."),
        ]),
    ]);
    form
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    source_property: Field,
    binary_property_name: Field,
    #[serde(flatten)]
    event: event::Event,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Csv,
    Xlsx,
    Html,
    ToJson,
    ToText,
    ToBinary,
    ICal,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    #[default]
    Once,
    Each,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    file_name: Field,
    mime_type: Field,
    delimiter: Field,
    header_row: bool,
    sheet_name: Field,
    encoding: Field,
    #[serde(rename = "addBOM")]
    add_bom: bool,
    format: bool,
    keep_data: bool,
    moved: Option<Moved>,
}

/// What n8n's Move Binary Data does: the other fields and the files of an item stay, and an item without the field is left out.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Moved {
    /// The file holds the text of the field.
    Text,
    /// The file holds the field as JSON.
    Json,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            file_name: Field::default(),
            mime_type: Field::default(),
            delimiter: Field::default(),
            header_row: true,
            sheet_name: Field::default(),
            encoding: Field::default(),
            add_bom: false,
            format: false,
            keep_data: false,
            moved: None,
        }
    }
}

impl NodeKind for ConvertToFile {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.convertToFile", import::SPREADSHEET, import::MOVE, import::ICAL]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for ConvertToFile {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Nobody sees a file before the items that name it are recorded.
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let files = step.files(services);
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let outputs = if self.makes_one() {
            Outputs::one(vec![self.one_of_all(step.as_ref(), &files).await?])
        } else {
            self.one_of_each(step.as_ref(), &files).await?
        };
        Ok(Acted::outputs(outputs))
    }
}

impl Parameters {
    fn makes_one(&self) -> bool {
        match self.operation {
            Operation::Csv | Operation::Xlsx | Operation::Html => true,
            Operation::ToJson => self.mode == Mode::Once,
            Operation::ToText | Operation::ToBinary | Operation::ICal => false,
        }
    }

    async fn one_of_all(&self, step: &dyn Step, files: &StepFiles) -> Result<Item, NodeError> {
        let name = self.binary_property_name.text(step, 0)?.to_string();
        let described = self.described(step, 0)?;
        let bytes = self.of_all(step)?.await?;
        let file = files.keep(bytes, described).await?;
        let pairing = (0..step.input(0).len() as u32).map(|item| ItemRef { item, input: 0 });
        let item = Item { pairing: Pairing::many(pairing), ..Item::new(Value::empty_object()) };
        Ok(with_file(item, name, file))
    }

    async fn one_of_each(&self, step: &StepView, files: &StepFiles) -> Result<Outputs, ActFailure> {
        let mut collected = Collected::default();
        for index in 0..step.input(0).len() {
            match self.of_item(step, index, files).await {
                Ok(item) => collected.take(index, item),
                Err(error) => collected.take_failure(step, index, error.into())?,
            }
        }
        Ok(collected.into())
    }

    async fn of_item(&self, step: &dyn Step, index: usize, files: &StepFiles) -> Result<Option<Item>, NodeError> {
        let item = &step.input(0)[index];
        let source = self.source_property.text(step, index)?;
        let takes_field = self.operation != Operation::ToJson;
        if self.options.moved.is_some() && takes_field && get_path(&item.json, &source).is_undefined() {
            return Ok(None);
        }
        let name = self.binary_property_name.text(step, index)?.to_string();
        let file = files.keep(self.bytes_of(step, index)?, self.described(step, index)?).await?;
        let json = match self.options.moved {
            _ if self.options.keep_data => item.json.clone(),
            Some(_) if takes_field => {
                let mut others = item.json.as_object().cloned().unwrap_or_default();
                unset_path(&mut others, &source);
                others.into()
            }
            _ => Value::empty_object(),
        };
        let mut made = Item::new(json);
        if self.options.moved.is_some() {
            made.binary.clone_from(&item.binary);
        }
        Ok(Some(with_file(made, name, file)))
    }
}

#[cfg(test)]
mod tests;
