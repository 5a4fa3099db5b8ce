//! **Edit image**: makes another picture of a picture.
//!
//! before: an item with the file `photo.png` of 4000 × 3000 pixels · after a resize to 50 %: the same item with one of 2000 × 1500

mod form;
mod import;
mod steps;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_file_formats::pictures::{PictureFormat, encode, measure};
use weft_file_formats::{FormatError, media_type};
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Problem, Retried, Step, Unsupported, label,
    parameters, port,
};
use weft_value::{BinaryRef, Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{StepFiles, apart, file_of, with_file};
use steps::Fields;

/// The kind.
pub struct EditImage;

/// The most bytes of a file that is read.
const MOST_READ: usize = 64 << 20;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "editImage",
    version: 1,
    label: label("Edit image", "Modifier une image"),
    description: label("Makes another picture of a picture.", "Fait d’une image une autre image."),
    group: Group::Transform,
    icon: "image",
    color: "teal",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "PNG, JPEG, GIF, BMP, TIFF and WebP, up to 40 million pixels. Of pictures that move, the first frame is taken.",
        "PNG, JPEG, GIF, BMP, TIFF et WebP, jusqu’à 40 millions de pixels. Des images animées, la première vue est prise.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    #[serde(default)]
    data_property_name: Field,
    #[serde(default)]
    operations: Several,
    /// What the operation itself needs; not looked at where there are several.
    #[serde(flatten)]
    fields: Fields,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Blur,
    Border,
    Composite,
    Create,
    Crop,
    Draw,
    Information,
    MultiStep,
    Resize,
    Rotate,
    Transparent,
}

/// Operations one after the other, in n8n's nesting.
#[derive(Default, Deserialize)]
struct Several {
    #[serde(default)]
    operations: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    operation: Operation,
    #[serde(flatten)]
    fields: Fields,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    destination_key: Field,
    file_name: Field,
    format: Option<Format>,
    quality: Field,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Format {
    Bmp,
    Gif,
    Jpeg,
    Png,
    Tiff,
    Webp,
}

impl From<Format> for PictureFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Bmp => Self::Bmp,
            Format::Gif => Self::Gif,
            Format::Jpeg => Self::Jpeg,
            Format::Png => Self::Png,
            Format::Tiff => Self::Tiff,
            Format::Webp => Self::Webp,
        }
    }
}

impl NodeKind for EditImage {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.editImage"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::imported(node.parameters)
    }
}

impl ActionKind for EditImage {
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
        let property = self.data_property_name.text(step, index)?.to_string();
        if self.operation == Operation::Information {
            let bytes = files.read(source(item, &property)?, MOST_READ).await?;
            return told(item, bytes).await;
        }
        let steps = self.steps(step, index, files).await?;
        let begins_blank = steps.first().is_some_and(steps::Planned::is_blank);
        let (old, bytes) = if begins_blank {
            (BinaryRef::default(), Vec::new())
        } else {
            let file = source(item, &property)?;
            (BinaryRef { data: None, ..file.clone() }, files.read(file, MOST_READ).await?)
        };
        let (format, quality) = (self.options.format.map(PictureFormat::from), self.quality(step, index)?);
        let (bytes, format) = apart(move || {
            let (picture, found) = steps::executed(steps, &bytes)?;
            let format = format.unwrap_or(found);
            Ok::<_, FormatError>((encode(&picture, format, quality)?, format))
        })
        .await?;
        let file = files.keep(bytes, self.described(step, index, &old, format)?).await?;
        let destination = self.options.destination_key.text(step, index)?;
        let destination = if destination.is_empty() { property } else { destination.to_string() };
        Ok(with_file(Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) }, destination, file))
    }

    fn quality(&self, step: &dyn Step, index: usize) -> Result<u8, NodeError> {
        const USUAL: f64 = 92.0;
        let quality = &self.options.quality;
        let quality = if quality.is_empty() { USUAL } else { quality.number(step, index, "options.quality")? };
        Ok(quality.clamp(1.0, 100.0) as u8)
    }

    /// The name as given, else as it was, with the ending of the format.
    fn described(
        &self,
        step: &dyn Step,
        index: usize,
        old: &BinaryRef,
        format: PictureFormat,
    ) -> Result<BinaryRef, NodeError> {
        let given = self.options.file_name.text(step, index)?.to_string();
        let name = if given.is_empty() {
            let old_name = old.file_name.as_deref().unwrap_or("image");
            let is_the_same = media_type::of_name(old_name).as_deref() == Some(format.media_type());
            let bare = old_name.rsplit_once('.').map_or(old_name, |(bare, _)| bare);
            if is_the_same { old_name.to_owned() } else { format!("{bare}.{}", format.name()) }
        } else {
            given
        };
        let extension = media_type::extension_of_name(&name).unwrap_or(format.name()).to_owned();
        let mime_type = format.media_type().to_owned();
        Ok(BinaryRef { mime_type, file_extension: Some(extension), file_name: Some(name), ..BinaryRef::default() })
    }
}

fn source<'a>(item: &'a Item, property: &str) -> Result<&'a BinaryRef, NodeError> {
    file_of(item, property).map_err(|error| error.in_field("dataPropertyName"))
}

/// What there is to know of a picture, in the item's place; its files stay.
async fn told(item: &Item, bytes: Vec<u8>) -> Result<Item, NodeError> {
    let length = bytes.len() as f64;
    let measured = apart(move || measure(&bytes)).await?;
    let (width, height) = measured.size;
    let size: Object = [("width", width), ("height", height)].into_iter().collect();
    let fields = [
        ("format", Value::from(measured.format.name().to_ascii_uppercase())),
        ("mimeType", Value::from(measured.format.media_type())),
        ("size", size.into()),
        ("Geometry", Value::from(format!("{width}x{height}"))),
        ("bytes", Value::Number(length)),
    ];
    Ok(Item { binary: item.binary.clone(), ..Item::new(fields.into_iter().collect::<Object>()) })
}

#[cfg(test)]
mod tests;
