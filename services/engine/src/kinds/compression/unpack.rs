//! Unpacking: what comes out passes in pieces; how much that may be, `weft-file-formats` knows.

use indexmap::IndexMap;
use tokio::sync::mpsc;
use weft_file_formats::archive::{Gunzip, Piece, unzip};
use weft_file_formats::{FormatError, media_type};
use weft_nodes::NodeError;
use weft_value::BinaryRef;

use crate::files::{FileSink, StepFiles, apart, badly_formed};

/// The largest zip archive: its directory stands at its end, so that it is read as a whole.
const MOST_ZIPPED: usize = 64 << 20;
/// How many pieces may be unpacked before the first one is stored.
const AHEAD: usize = 8;

/// What the archives hold, under `prefix` and a number.
pub(super) async fn all(
    given: &[BinaryRef],
    prefix: &str,
    files: &StepFiles,
) -> Result<IndexMap<String, BinaryRef>, NodeError> {
    let mut made = Vec::new();
    for file in given {
        match kind_of(file)? {
            Kind::Gzip => made.push(gunzip(file, files).await?),
            Kind::Zip => made.extend(unzipped(file, files).await?),
        }
    }
    Ok(made.into_iter().enumerate().map(|(number, file)| (format!("{prefix}{number}"), file)).collect())
}

enum Kind {
    Zip,
    Gzip,
}

fn kind_of(file: &BinaryRef) -> Result<Kind, NodeError> {
    let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
    match (extension.as_str(), file.mime_type.as_str()) {
        ("gz" | "gzip", _) | (_, "application/gzip" | "application/x-gzip") => Ok(Kind::Gzip),
        ("zip", _) | (_, "application/zip" | "application/x-zip-compressed") => Ok(Kind::Zip),
        _ => {
            Err(NodeError::new("file_format", "This file is neither a zip archive nor gzip, as its name and type say.")
                .finally())
        }
    }
}

/// A file of that name; names of files that come out of an archive say what they are.
fn described(name: String) -> BinaryRef {
    let mime_type = media_type::of_name(&name).unwrap_or_else(|| "application/octet-stream".to_owned());
    let file_extension = media_type::extension_of_name(&name).map(str::to_owned);
    BinaryRef { mime_type, file_extension, file_name: Some(name), ..BinaryRef::default() }
}

async fn gunzip(file: &BinaryRef, files: &StepFiles) -> Result<BinaryRef, NodeError> {
    let (mut gunzip, mut sink, mut stream) = (Gunzip::default(), files.create(), files.open(file).await?);
    while let Some(bytes) = stream.next().await? {
        // A few packed bytes may be many unpacked ones.
        for part in bytes.chunks(8 * 1024) {
            sink.write(gunzip.add(part).map_err(|error| badly_formed(&error))?.into()).await?;
        }
    }
    sink.write(gunzip.finish().map_err(|error| badly_formed(&error))?.into()).await?;
    let name = file.file_name.as_deref().unwrap_or("file");
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".gzip")).unwrap_or(name);
    sink.finish(described(name.to_owned())).await
}

async fn unzipped(file: &BinaryRef, files: &StepFiles) -> Result<Vec<BinaryRef>, NodeError> {
    let archive = files.read(file, MOST_ZIPPED).await?;
    let (pieces, mut arriving) = mpsc::channel(AHEAD);
    let unpacking =
        apart(move || unzip(&archive, |piece| pieces.blocking_send(piece).map_err(|_| FormatError::Stopped)));
    let storing = async {
        let mut made = Vec::new();
        let mut open: Option<(String, FileSink)> = None;
        while let Some(piece) = arriving.recv().await {
            match piece {
                Piece::File(name) => {
                    if let Some((name, sink)) = open.replace((name, files.create())) {
                        made.push(sink.finish(described(name)).await?);
                    }
                }
                Piece::Bytes(bytes) => {
                    if let Some((_, sink)) = &mut open {
                        sink.write(bytes.into()).await?;
                    }
                }
            }
        }
        if let Some((name, sink)) = open {
            made.push(sink.finish(described(name)).await?);
        }
        // Where storing fails, nobody takes pieces any longer, and unpacking stops.
        Ok::<_, NodeError>(made)
    };
    let (unpacked, made) = tokio::join!(unpacking, storing);
    let made = made?;
    unpacked.map(|()| made)
}
