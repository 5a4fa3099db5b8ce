//! **Compression**: packs the files of items, or unpacks them.
//!
//! before: one item with the file `data`, `report.csv` · after: the same item with the file `data`, `report.zip`

mod pack;
mod unpack;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried, Step,
    Unsupported, choice, field, label, parameters, port,
};
use weft_value::{BinaryRef, Item, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{StepFiles, file_of};

/// The kind.
pub struct Compression;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "compression",
    version: 1,
    label: label("Compression", "Compression"),
    description: label("Packs files, or unpacks them.", "Compresse ou décompresse des fichiers."),
    group: Group::Transform,
    icon: "package",
    color: "teal",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Unpacking stops where an archive gives more than 512 MiB or 1,000 files, whatever it says of itself. A zip archive that is \
         unpacked may have 64 MiB.",
        "La décompression s’arrête si une archive donne plus de 512 Mio ou de 1 000 fichiers, quoi qu’elle annonce. Une archive \
         zip à décompresser peut avoir 64 Mio.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, names| field(ParameterType::String, name, names);
    vec![
        field(ParameterType::Options, "operation", label("Do", "Faire")).or("decompress").choices([
            choice("compress", label("Pack", "Compresser")),
            choice("decompress", label("Unpack", "Décompresser")),
        ]),
        text("binaryPropertyName", label("Names of the files in the item", "Noms des fichiers dans l’élément"))
            .or("data")
            .required()
            .help("Several are separated by commas.", "Plusieurs noms sont séparés par des virgules."),
        field(ParameterType::Options, "outputFormat", label("Format", "Format"))
            .or("zip")
            .choices([
                choice("zip", label("Zip", "Zip"))
                    .help("One archive of all the files.", "Une seule archive de tous les fichiers."),
                choice("gzip", label("Gzip", "Gzip")).help("Each file by itself.", "Chaque fichier pour lui-même."),
            ])
            .when("operation", ["compress"]),
        text("fileName", label("File name", "Nom du fichier"))
            .help(
                "The name of the archive; its ending is added where it is missing.",
                "Le nom de l’archive ; son extension est ajoutée si elle manque.",
            )
            .example("files.zip")
            .when("operation", ["compress"]),
        text("binaryPropertyOutput", label("Put the file into", "Mettre le fichier dans"))
            .help(
                "What the item calls the archive; of several, the second is “data1”.",
                "Le nom que l’élément donne à l’archive ; de plusieurs, la deuxième est « data1 ».",
            )
            .or("data")
            .when("operation", ["compress"]),
        text("outputPrefix", label("Begin the names with", "Commencer les noms par"))
            .help(
                "The files that come out are called file_0, file_1 and so on.",
                "Les fichiers qui sortent s’appellent file_0, file_1, etc.",
            )
            .or("file_")
            .when("operation", ["decompress"]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    binary_property_name: Field,
    #[serde(default)]
    output_format: Format,
    #[serde(default)]
    file_name: Field,
    #[serde(default)]
    binary_property_output: Field,
    #[serde(default)]
    output_prefix: Field,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Compress,
    Decompress,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Format {
    #[default]
    Zip,
    Gzip,
}

impl NodeKind for Compression {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.compression"]
    }

    /// Versions 1 and 1.1, which differ in what gzip's output is called.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        let format = given.get("outputFormat").as_str();
        if let Some(format @ ("tar" | "targz")) = format {
            let message = format!("Archives of the format “{format}” cannot be made yet. Take zip.");
            return Err(Unsupported { message, field: Some("outputFormat".into()) });
        }
        let mut new = given.as_object().cloned().unwrap_or_default();
        let is_packing = given.get("operation").as_str() == Some("compress");
        if is_packing && format == Some("gzip") && node.version < 1.1 {
            let prefix = given.get("outputPrefix").as_str().unwrap_or("data");
            new.insert("binaryPropertyOutput", format!("{prefix}0"));
            new.remove("outputPrefix");
        }
        Ok(Value::from(new).into())
    }
}

impl ActionKind for Compression {
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
        for index in 0..step.input(0).len() {
            match self.of_item(step.as_ref(), index, &files).await {
                Ok(item) => collected.take(index, [item]),
                Err(error) => collected.take_failure(&step, index, error.into())?,
            }
        }
        Ok(Acted::outputs(collected.into()))
    }
}

impl Parameters {
    async fn of_item(&self, step: &dyn Step, index: usize, files: &StepFiles) -> Result<Item, NodeError> {
        let item = &step.input(0)[index];
        let mut given: Vec<BinaryRef> = Vec::new();
        for name in self.binary_property_name.names(step, index)? {
            let file = file_of(item, &name).map_err(|error| error.in_field("binaryPropertyName"))?;
            given.push(file.clone());
        }
        let made = match self.operation {
            Operation::Compress => self.packed(step, index, (&given, files)).await?,
            Operation::Decompress => unpack::all(&given, &self.output_prefix.text(step, index)?, files).await?,
        };
        Ok(Item { binary: Some(Arc::new(made)), ..Item::new(item.json.clone()) })
    }
}

#[cfg(test)]
mod tests;
