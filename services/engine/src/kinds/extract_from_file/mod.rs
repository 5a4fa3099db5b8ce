//! **Extract from file**: makes fields or items of what files hold.
//!
//! before: one item with the file `orders.csv`: `id`, `7`, `8` · after: `[{"id":"7"},{"id":"8"}]`

mod import;
mod pdf;
mod read;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried, Step,
    Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{StepFiles, file_of};
use read::Reading;

/// The kind.
pub struct ExtractFromFile;

/// The most bytes of a file that is read as a whole.
const MOST_READ: usize = 64 << 20;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "extractFromFile",
    version: 1,
    label: label("Extract from file", "Extraire d’un fichier"),
    description: label("Makes items of what files hold.", "Fait des éléments de ce que contiennent les fichiers."),
    group: Group::Transform,
    icon: "file-input",
    color: "teal",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "A table gives one item for each row. Everything else is put into a field of the item that has the file. A file may have \
         64 MiB.",
        "Un tableau donne un élément par ligne. Tout le reste est mis dans un champ de l’élément qui a le fichier. Un fichier \
         peut avoir 64 Mio.",
    ),
});

const TABLES: [&str; 5] = ["csv", "xlsx", "ods", "html", "autodetect"];
const FIELDS: [&str; 5] = ["fromJson", "fromIcs", "text", "xml", "binaryToPropery"];
const PDF: [&str; 1] = ["pdf"];

fn form() -> Vec<Parameter> {
    let text = |name, names| field(ParameterType::String, name, names);
    let switch = |name, names, default: bool| field(ParameterType::Boolean, name, names).literal().or(default);
    let number = |name, names| field(ParameterType::Number, name, names);
    vec![
        field(ParameterType::Options, "operation", label("Format", "Format")).or("csv").choices([
            choice("csv", label("CSV", "CSV")),
            choice("xlsx", label("Excel (XLSX)", "Excel (XLSX)")),
            choice("ods", label("OpenDocument (ODS)", "OpenDocument (ODS)")),
            choice("html", label("HTML table", "Tableau HTML")),
            choice("autodetect", label("Table, by its name", "Tableau, d’après son nom")),
            choice("fromJson", label("JSON", "JSON")),
            choice("fromIcs", label("Calendar (ICS)", "Calendrier (ICS)")),
            choice("pdf", label("PDF, its text", "PDF, son texte")),
            choice("text", label("Text", "Texte")),
            choice("xml", label("XML, as text", "XML, en texte")),
            choice("binaryToPropery", label("Base64", "Base64")),
        ]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .or("data")
            .required(),
        text("destinationKey", label("Put it into the field", "Mettre dans le champ"))
            .or("data")
            .help("Empty: JSON becomes the item itself.", "Vide : le JSON devient l’élément lui-même.")
            .when("operation", FIELDS),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", TABLES).fields([
            text("delimiter", label("Delimiter (CSV)", "Séparateur (CSV)")).or(","),
            text("encoding", label("Encoding", "Encodage")).or("utf8"),
            switch("headerRow", label("The first row has names", "La première ligne contient les noms"), true),
            switch("includeEmptyCells", label("Keep empty cells", "Garder les cellules vides"), false),
            text("sheetName", label("Sheet (Excel, ODS)", "Feuille (Excel, ODS)"))
                .help("Empty: the first one.", "Vide : la première."),
            text("range", label("Range (Excel, ODS)", "Plage (Excel, ODS)"))
                .example("A2:C10")
                .help("A number leaves out so many rows.", "Un nombre laisse de côté autant de lignes."),
            field(
                ParameterType::Options,
                "dates",
                label("Moments become (Excel, ODS)", "Les dates deviennent (Excel, ODS)"),
            )
            .literal()
            .or("text")
            .choices([
                choice("text", label("Text: 2024-10-01T08:00:00", "Du texte : 2024-10-01T08:00:00")),
                choice("number", label("Days since 1900, as n8n has it", "Des jours depuis 1900, comme n8n")),
            ]),
            number("maxRowCount", label("Most rows (CSV)", "Lignes au plus (CSV)")).or(-1),
            number("fromLine", label("First line (CSV)", "Première ligne (CSV)")).or(1),
        ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", FIELDS).fields([
            text("encoding", label("Encoding", "Encodage")).or("utf8"),
            switch("stripBOM", label("Without byte order mark", "Sans marque d’ordre"), true),
            keep(),
        ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", PDF).fields([
            switch("joinPages", label("One text of all pages", "Un seul texte de toutes les pages"), true),
            number("maxPages", label("Most pages", "Pages au plus")).at_least(0.0).help("0: all.", "0 : toutes."),
            text("password", label("Password", "Mot de passe")).example("={{ $json.password }}").help(
                "What is written here is kept with the workflow: rather take it from the item.",
                "Ce qui est écrit ici est gardé avec le workflow : prenez-le plutôt dans l’élément.",
            ),
            keep(),
        ]),
    ]
}

fn keep() -> Parameter {
    field(ParameterType::Options, "keepSource", label("Keep", "Garder")).or("json").choices([
        choice("json", label("The item’s fields", "Les champs de l’élément")),
        choice("binary", label("The file", "Le fichier")),
        choice("both", label("Both", "Les deux")),
    ])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    binary_property_name: Field,
    #[serde(default)]
    destination_key: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Csv,
    Xlsx,
    Ods,
    Html,
    Autodetect,
    FromJson,
    FromIcs,
    Pdf,
    Text,
    Xml,
    /// So n8n writes it.
    #[serde(rename = "binaryToPropery")]
    Base64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    delimiter: Field,
    encoding: Field,
    header_row: bool,
    include_empty_cells: bool,
    sheet_name: Field,
    range: Field,
    dates: Moments,
    max_row_count: Field,
    from_line: Field,
    #[serde(rename = "stripBOM")]
    strip_bom: bool,
    keep_source: Option<Keep>,
    join_pages: bool,
    max_pages: Field,
    password: Field,
}

/// What moments in cells become.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Moments {
    #[default]
    Text,
    Number,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Keep {
    Json,
    Binary,
    Both,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            delimiter: Field::default(),
            encoding: Field::default(),
            header_row: true,
            include_empty_cells: false,
            sheet_name: Field::default(),
            range: Field::default(),
            dates: Moments::default(),
            max_row_count: Field::default(),
            from_line: Field::default(),
            strip_bom: true,
            keep_source: None,
            join_pages: true,
            max_pages: Field::default(),
            password: Field::default(),
        }
    }
}

impl NodeKind for ExtractFromFile {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &[
            "n8n-nodes-base.extractFromFile",
            import::READ_PDF,
            super::convert_to_file::import::SPREADSHEET,
            super::convert_to_file::import::MOVE,
        ]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for ExtractFromFile {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let files = step.files(services);
        let mut collected = Collected::default();
        let mut room = step.room;
        for index in 0..step.input(0).len() {
            match self.of_item(step.as_ref(), index, &files).await {
                Ok((bytes, items)) => {
                    let taken = room.take(bytes);
                    taken.map_err(|full| ActFailure::ending(NodeError::from(full).at_item(index)))?;
                    collected.take(index, items);
                }
                Err(error) => collected.take_failure(&step, index, error.into())?,
            }
        }
        Ok(Acted::outputs(collected.into()))
    }
}

impl Parameters {
    /// What one item's file gives, and of how many bytes.
    async fn of_item(&self, step: &dyn Step, index: usize, files: &StepFiles) -> Result<(usize, Vec<Item>), NodeError> {
        let item = &step.input(0)[index];
        let property = self.binary_property_name.text(step, index)?;
        let file = file_of(item, &property).map_err(|error| error.in_field("binaryPropertyName"))?;
        let reading = self.reading(step, index, file)?;
        let bytes = files.read(file, MOST_READ).await?;
        let size = bytes.len();
        let items = match reading {
            Reading::Table(table) => table.rows(bytes).await?.into_iter().map(Item::new).collect(),
            Reading::Pdf(document) => vec![self.with_fields(step, index, &document.fields(bytes).await?)?],
            Reading::Single(single) => vec![self.with_field(step, index, single.value(&bytes)?)?],
        };
        Ok((size, items))
    }
}

#[cfg(test)]
mod tests;
