//! The format byte: the encoding in its high half, the compression in its low half.

use std::borrow::Cow;
use std::cell::RefCell;

use super::SealFault;

/// What the content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// JSON of an event's fields.
    Json,
    /// CBOR of a payload's parts.
    Parts,
    /// CBOR of a reference to a blob, which holds the parts.
    BlobReference,
}

/// An opened blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) encoding: Encoding,
    pub(crate) content: Vec<u8>,
}

const UNCOMPRESSED: u8 = 0;
const ZSTD: u8 = 1;
/// Smaller contents do not shrink enough to pay for the time.
const WORTH_TRYING: usize = 1024;
/// The fastest of zstd's usual levels; items are compressed on the way to an answer that somebody waits for.
const LEVEL: i32 = 1;
/// A compressed blob that claims to be larger was not written by this program.
const MAX_CONTENT: usize = crate::MAX_PAYLOAD + 1024 * 1024;

impl Encoding {
    fn bits(self) -> u8 {
        match self {
            Self::Json => 0x10,
            Self::Parts => 0x20,
            Self::BlobReference => 0x30,
        }
    }

    fn from_bits(format: u8) -> Result<Self, SealFault> {
        match format & 0xf0 {
            0x10 => Ok(Self::Json),
            0x20 => Ok(Self::Parts),
            0x30 => Ok(Self::BlobReference),
            _ => Err(SealFault::UnknownFormat),
        }
    }
}

thread_local! {
    /// A compressor's tables cost more to make than a small payload costs to compress.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// The format byte and the content as it is sealed: compressed when that saves at least a tenth.
pub(super) fn pack(encoding: Encoding, content: &[u8]) -> (u8, Cow<'_, [u8]>) {
    let compressed = if content.len() >= WORTH_TRYING { compress(content) } else { None };
    match compressed {
        Some(smaller) if smaller.len() + content.len() / 10 <= content.len() => {
            (encoding.bits() | ZSTD, Cow::Owned(smaller))
        }
        _ => (encoding.bits() | UNCOMPRESSED, Cow::Borrowed(content)),
    }
}

/// `None` means stored as it is, which is always right.
fn compress(content: &[u8]) -> Option<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Compressor::new(LEVEL).ok();
        }
        slot.as_mut()?.compress(content).ok()
    })
}

pub(super) fn unpack(format: u8, packed: Vec<u8>) -> Result<Opened, SealFault> {
    let encoding = Encoding::from_bits(format)?;
    let content = match format & 0x0f {
        UNCOMPRESSED => packed,
        ZSTD => decompress(&packed)?,
        _ => return Err(SealFault::UnknownFormat),
    };
    Ok(Opened { encoding, content })
}

fn decompress(packed: &[u8]) -> Result<Vec<u8>, SealFault> {
    let size = zstd::bulk::Decompressor::upper_bound(packed).ok_or(SealFault::Compression)?;
    if size > MAX_CONTENT {
        return Err(SealFault::Compression);
    }
    zstd::bulk::decompress(packed, size).map_err(|_| SealFault::Compression)
}
