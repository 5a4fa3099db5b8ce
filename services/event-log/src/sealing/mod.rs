//! What the log stores, and the secrets (`secret.rs`) and files (`file.rs`) beside it, is sealed: AES-256-GCM under a key derived from the tenant's data key, which the master key wraps.
//!
//! This module must not know tables or connections. A sealed blob is
//! `format ‖ salt (16) ‖ counter (4, big-endian) ‖ ciphertext ‖ tag (16)`; the format byte says how the content is encoded
//! and compressed, and is authenticated together with the [`Context`], so that no blob can be passed off as another one.

mod data_key;
mod file;
mod format;
mod master_key;
mod secret;

pub(crate) use data_key::{DataKey, Opener, Sealer};
pub(crate) use file::{CHUNK, Chunk, FILE_HEADER, FileCipher, FilePlace, SEALED_CHUNK};
pub(crate) use format::{Encoding, Opened};
pub use master_key::{MasterKey, MasterKeyError, MasterKeyOrigin};
pub(crate) use secret::{SecretPart, SecretPlace};

use weft_model::{PayloadId, StreamId, TenantId, WorkflowId};

/// Where a sealed blob belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Context<'a> {
    /// The body of an event of that type in that stream.
    Body { tenant: TenantId, stream: StreamId, wire_type: &'a str, wire_version: i16 },
    /// The payload of that id.
    Payload { tenant: TenantId, payload: PayloadId },
    /// A large payload in the blob store.
    Blob { tenant: TenantId, payload: PayloadId },
    /// One entry of static data, by the digest of its key.
    Static { tenant: TenantId, workflow: WorkflowId, digest: [u8; 32] },
}

impl Context<'_> {
    /// Authenticated beside the ciphertext: a tag for the variant, then fields of fixed length, the open-ended one last.
    fn associated_data(self, format: u8) -> Vec<u8> {
        let mut data = Vec::with_capacity(80);
        data.push(format);
        match self {
            Self::Body { tenant, stream, wire_type, wire_version } => {
                data.push(1);
                data.extend_from_slice(tenant.0.as_bytes());
                data.extend_from_slice(stream.0.as_bytes());
                data.extend_from_slice(&wire_version.to_be_bytes());
                data.extend_from_slice(wire_type.as_bytes());
            }
            Self::Payload { tenant, payload } => {
                data.push(2);
                data.extend_from_slice(tenant.0.as_bytes());
                data.extend_from_slice(payload.0.as_bytes());
            }
            Self::Blob { tenant, payload } => {
                data.push(3);
                data.extend_from_slice(tenant.0.as_bytes());
                data.extend_from_slice(payload.0.as_bytes());
            }
            // 4 is a secret, which has a frame of its own.
            Self::Static { tenant, workflow, digest } => {
                data.push(5);
                data.extend_from_slice(tenant.0.as_bytes());
                data.extend_from_slice(workflow.0.as_bytes());
                data.extend_from_slice(&digest);
            }
        }
        data
    }
}

/// Why a sealed blob does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealFault {
    #[error("it is shorter than its frame")]
    Truncated,
    #[error("its format byte is unknown to this program")]
    UnknownFormat,
    #[error("it was changed, or belongs elsewhere, or another key sealed it")]
    Forged,
    #[error("it does not decompress")]
    Compression,
    #[error("it cannot be sealed")]
    Sealing,
}

impl SealFault {
    /// The sentence, for faults that carry a reason.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Truncated => "it is shorter than its frame",
            Self::UnknownFormat => "its format byte is unknown to this program",
            Self::Forged => "it was changed, or belongs elsewhere, or another key sealed it",
            Self::Compression => "it does not decompress",
            Self::Sealing => "it cannot be sealed",
        }
    }
}
