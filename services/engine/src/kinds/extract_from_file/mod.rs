//! **Extract from file**: makes fields or items of what files hold.
//!
//! before: one item with the file `orders.csv`: `id`, `7`, `8` · after: `[{"id":"7"},{"id":"8"}]`

mod form;
mod import;
mod pdf;
mod read;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Problem, Retried, Step, Unsupported, label,
    parameters, port,
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
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "A table gives one item for each row. Everything else is put into a field of the item that has the file. A file may have \
         64 MiB.",
        "Un tableau donne un élément par ligne. Tout le reste est mis dans un champ de l’élément qui a le fichier. Un fichier \
         peut avoir 64 Mio.",
    ),
});

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
    /// Of CSV without names, a row is an object by the numbers of its columns, as n8n has it.
    numbered: bool,
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
            numbered: false,
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
