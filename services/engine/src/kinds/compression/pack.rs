//! Packing: every file passes in pieces.

use indexmap::IndexMap;
use weft_file_formats::archive::{Gzip, Zip};
use weft_file_formats::media_type;
use weft_nodes::{NodeError, Step};
use weft_value::BinaryRef;

use super::{Format, Parameters};
use crate::files::{StepFiles, badly_formed};

impl Parameters {
    pub(super) async fn packed(
        &self,
        step: &dyn Step,
        index: usize,
        (given, files): (&[BinaryRef], &StepFiles),
    ) -> Result<IndexMap<String, BinaryRef>, NodeError> {
        let output = self.binary_property_output.text(step, index)?.to_string();
        let name = self.file_name.text(step, index)?.to_string();
        let mut made = IndexMap::new();
        match self.output_format {
            Format::Zip => {
                let name = if name.is_empty() { "files.zip".to_owned() } else { with_end(name, "zip") };
                made.insert(output, zip(given, name, files).await?);
            }
            Format::Gzip => {
                for (number, file) in given.iter().enumerate() {
                    let own = || file.file_name.clone().unwrap_or_else(|| "file".to_owned());
                    let name = if name.is_empty() || given.len() > 1 { own() } else { name.clone() };
                    let property = if number == 0 { output.clone() } else { format!("{output}{number}") };
                    made.insert(property, gzip(file, with_end(name, "gz"), files).await?);
                }
            }
        }
        Ok(made)
    }
}

fn with_end(name: String, extension: &str) -> String {
    let ends = media_type::extension_of_name(&name).is_some_and(|end| end.eq_ignore_ascii_case(extension));
    if ends { name } else { format!("{name}.{extension}") }
}

fn described(name: String, mime_type: &str, extension: &str) -> BinaryRef {
    let file_extension = Some(extension.to_owned());
    BinaryRef { mime_type: mime_type.to_owned(), file_name: Some(name), file_extension, ..BinaryRef::default() }
}

async fn gzip(file: &BinaryRef, name: String, files: &StepFiles) -> Result<BinaryRef, NodeError> {
    let (mut gzip, mut sink, mut stream) = (Gzip::default(), files.create(), files.open(file).await?);
    while let Some(bytes) = stream.next().await? {
        sink.write(gzip.add(&bytes).map_err(|error| badly_formed(&error))?.into()).await?;
    }
    sink.write(gzip.finish().map_err(|error| badly_formed(&error))?.into()).await?;
    sink.finish(described(name, "application/gzip", "gz")).await
}

async fn zip(given: &[BinaryRef], name: String, files: &StepFiles) -> Result<BinaryRef, NodeError> {
    let (mut zip, mut sink) = (Zip::default(), files.create());
    let mut names: Vec<String> = Vec::new();
    for (number, file) in given.iter().enumerate() {
        let own = file.file_name.clone().unwrap_or_else(|| format!("file_{number}"));
        let own = if names.contains(&own) { format!("{number}_{own}") } else { own };
        zip.begin(&own).map_err(|error| badly_formed(&error))?;
        names.push(own);
        let mut stream = files.open(file).await?;
        while let Some(bytes) = stream.next().await? {
            sink.write(zip.add(&bytes).map_err(|error| badly_formed(&error))?.into()).await?;
        }
    }
    sink.write(zip.finish().map_err(|error| badly_formed(&error))?.into()).await?;
    sink.finish(described(name, "application/zip", "zip")).await
}
