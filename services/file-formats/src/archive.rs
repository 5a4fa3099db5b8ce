//! Archives: gzip and zip. What is packed or unpacked passes in pieces; how much comes out is bounded, whatever an archive says
//! of itself.

use std::io::{Cursor, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Compression;
use flate2::write::{GzEncoder, MultiGzDecoder};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::FormatError;

/// The most bytes that come out of one archive.
pub const MAX_UNPACKED: u64 = 512 << 20;
/// The most files in one archive.
pub const MAX_ENTRIES: u64 = 1_000;
const PIECE: usize = 64 * 1024;

fn broken_gzip(error: std::io::Error) -> FormatError {
    FormatError::broken("gzip", error)
}

fn broken_zip(error: impl ToString) -> FormatError {
    FormatError::broken("zip", error)
}

fn too_much() -> FormatError {
    FormatError::TooMuch { what: "its bytes", limit: MAX_UNPACKED }
}

/// Packs one file as gzip (RFC 1952), piece by piece.
pub struct Gzip(GzEncoder<Vec<u8>>);

impl Default for Gzip {
    fn default() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::default()))
    }
}

impl Gzip {
    /// Adds bytes; gives what is packed by now.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
        self.0.write_all(bytes).map_err(broken_gzip)?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    /// The rest.
    pub fn finish(self) -> Result<Vec<u8>, FormatError> {
        self.0.finish().map_err(broken_gzip)
    }
}

/// Unpacks gzip, piece by piece.
pub struct Gunzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    unpacked: u64,
    fed: bool,
}

impl Default for Gunzip {
    fn default() -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()), unpacked: 0, fed: false }
    }
}

impl Gunzip {
    /// Adds packed bytes; gives what is unpacked by now.
    pub fn add(&mut self, packed: &[u8]) -> Result<Vec<u8>, FormatError> {
        self.fed |= !packed.is_empty();
        let mut out = Vec::new();
        // In small pieces, since a few bytes can stand for a thousand times as many.
        for piece in packed.chunks(1024) {
            self.decoder.write_all(piece).map_err(broken_gzip)?;
            out.append(&mut self.taken()?);
        }
        Ok(out)
    }

    /// The rest; what was cut off is noticed here.
    pub fn finish(mut self) -> Result<Vec<u8>, FormatError> {
        if !self.fed {
            return Err(FormatError::broken("gzip", "it is empty"));
        }
        self.decoder.try_finish().map_err(broken_gzip)?;
        self.taken()
    }

    fn taken(&mut self) -> Result<Vec<u8>, FormatError> {
        let out = std::mem::take(self.decoder.get_mut());
        self.unpacked += out.len() as u64;
        if self.unpacked > MAX_UNPACKED { Err(too_much()) } else { Ok(out) }
    }
}

/// What an archive is written to, shared with whoever takes it away.
#[derive(Clone, Default)]
struct Packed(Arc<Mutex<Vec<u8>>>);

impl Packed {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Packs files as zip, piece by piece, without going back in what was written.
pub struct Zip {
    writer: ZipWriter<StreamWriter<Packed>>,
    packed: Packed,
}

impl Default for Zip {
    fn default() -> Self {
        let packed = Packed::default();
        Self { writer: ZipWriter::new_stream(packed.clone()), packed }
    }
}

impl Zip {
    /// Begins the next file.
    pub fn begin(&mut self, name: &str) -> Result<(), FormatError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        self.writer.start_file(name, options).map_err(broken_zip)
    }

    /// Adds bytes to it; gives what is packed by now.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
        self.writer.write_all(bytes).map_err(broken_zip)?;
        Ok(self.packed.take())
    }

    /// The rest, with the archive's directory.
    pub fn finish(self) -> Result<Vec<u8>, FormatError> {
        self.writer.finish().map_err(broken_zip)?;
        Ok(self.packed.take())
    }
}

/// A piece of an unpacked archive.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Another file begins: its name, without folders.
    File(String),
    /// Bytes of that file.
    Bytes(Vec<u8>),
}

/// Unpacks zip and hands every piece on. Folders are left out; names lose theirs, since they must not lead anywhere.
pub fn unzip(archive: &[u8], mut hand_on: impl FnMut(Piece) -> Result<(), FormatError>) -> Result<(), FormatError> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(broken_zip)?;
    if archive.len() as u64 > MAX_ENTRIES {
        return Err(FormatError::TooMuch { what: "its files", limit: MAX_ENTRIES });
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(broken_zip)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(broken_zip)?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        hand_on(Piece::File(name))?;
        loop {
            let mut piece = vec![0; PIECE];
            let length = entry.read(&mut piece).map_err(broken_zip)?;
            if length == 0 {
                break;
            }
            unpacked += length as u64;
            if unpacked > MAX_UNPACKED {
                return Err(too_much());
            }
            piece.truncate(length);
            hand_on(Piece::Bytes(piece))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gunzip(packed: &[u8]) -> Result<Vec<u8>, FormatError> {
        let mut gunzip = Gunzip::default();
        let mut out = Vec::new();
        for piece in packed.chunks(7) {
            out.extend(gunzip.add(piece)?);
        }
        out.extend(gunzip.finish()?);
        Ok(out)
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut gzip = Gzip::default();
        let mut packed = gzip.add(plain).unwrap();
        packed.extend(gzip.finish().unwrap());
        packed
    }

    #[test]
    fn gzip_is_packed_and_unpacked_in_pieces() {
        let plain = b"weft ".repeat(10_000);
        let packed = gzip(&plain);
        assert!(packed.len() < plain.len() / 50);
        assert_eq!(gunzip(&packed).unwrap(), plain);
        assert_eq!(gunzip(&[gzip(b"a"), gzip(b"b")].concat()).unwrap(), b"ab", "members follow each other");
        assert_eq!(gunzip(&gzip(b"")).unwrap(), b"");
        for broken in [&packed[..packed.len() - 3], b"plain text", b""] {
            assert!(gunzip(broken).is_err(), "{} bytes", broken.len());
        }
    }

    #[test]
    fn a_bomb_of_gzip_is_stopped_where_it_has_given_too_much() {
        let mut gzip = Gzip::default();
        let zeros = vec![0; 1 << 20];
        let mut packed = Vec::new();
        for _ in 0..=MAX_UNPACKED >> 20 {
            packed.extend(gzip.add(&zeros).unwrap());
        }
        packed.extend(gzip.finish().unwrap());
        let mut gunzip = Gunzip::default();
        let stopped = packed.chunks(PIECE).find_map(|piece| gunzip.add(piece).err());
        assert!(matches!(stopped, Some(FormatError::TooMuch { .. })), "{stopped:?}");
    }

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = Zip::default();
        let mut packed = Vec::new();
        for (name, bytes) in files {
            zip.begin(name).unwrap();
            packed.extend(zip.add(bytes).unwrap());
        }
        packed.extend(zip.finish().unwrap());
        packed
    }

    #[test]
    fn zip_is_packed_and_unpacked_and_its_names_lead_nowhere() {
        let large = b"weft ".repeat(40_000);
        let packed = zip(&[("a.txt", b"one"), ("../../etc/passwd", b"two"), ("dir\\é.bin", &large), ("empty", b"")]);
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        unzip(&packed, |piece| {
            match piece {
                Piece::File(name) => files.push((name, Vec::new())),
                Piece::Bytes(bytes) => files.last_mut().unwrap().1.extend(bytes),
            }
            Ok(())
        })
        .unwrap();
        let expected = [("a.txt", &b"one"[..]), ("passwd", b"two"), ("é.bin", &large), ("empty", b"")]
            .map(|(n, b)| (n.to_owned(), b.to_vec()));
        assert_eq!(files, expected);
        for broken in [&packed[..packed.len() - 30], b"plain text", b""] {
            assert!(unzip(broken, |_| Ok(())).is_err(), "{} bytes", broken.len());
        }
    }

    #[test]
    fn an_archive_of_too_many_files_or_too_many_bytes_is_refused() {
        let names: Vec<String> = (0..=MAX_ENTRIES).map(|number| number.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        let refused = unzip(&zip(&many), |_| Ok(())).unwrap_err().to_string();
        assert!(refused.contains("files"), "{refused}");
        let stopped = unzip(&zip(&[("a", b"one")]), |_| Err(FormatError::Stopped));
        assert!(matches!(stopped, Err(FormatError::Stopped)));
    }
}
