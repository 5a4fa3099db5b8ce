//! Why a storage server gave nothing.

use thiserror::Error;
use weft_connectors::HttpError;
use weft_value::Object;

use super::xml::Document;

/// Why a storage server gave nothing. No message holds a key to sign in with, nor a signature.
#[derive(Debug, Error)]
pub enum Failure {
    /// There was no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// It understood and refused.
    #[error("The storage server refused it ({code}): {message}")]
    Refused {
        /// The status of the answer.
        status: u16,
        /// Its word for programs: `NoSuchKey`, `AccessDenied`, …
        code: String,
        /// What it said.
        message: String,
    },
    /// It said nothing but a status.
    #[error("The storage server answered {status}.")]
    Status {
        /// The status.
        status: u16,
    },
    /// It answered something else than its protocol has.
    #[error(
        "The storage server answered something that is not understood. Is the endpoint of the credential the right one?"
    )]
    Answer,
    /// No address can be made for such a bucket.
    #[error("“{bucket}” cannot be the name of a bucket: it has letters, digits, hyphens, dots and underscores.")]
    Bucket {
        /// The bucket.
        bucket: String,
    },
    /// No address can be made for such a file.
    #[error("“{key}” cannot be the key of a file: it must not be empty, nor have “.” or “..” between slashes.")]
    Key {
        /// The key.
        key: String,
    },
    /// No address can be made for such a region.
    #[error("“{region}” is no region: it has small letters, digits and hyphens, such as eu-west-3.")]
    Region {
        /// The region.
        region: String,
    },
    /// The endpoint of the credential is no address.
    #[error("The endpoint of the credential must be an address that begins with https:// or http://.")]
    Endpoint,
}

impl Failure {
    /// What a document of a server says that refused.
    pub(super) fn said(status: u16, document: &Document) -> Self {
        if document.name != "Error" {
            return Self::Status { status };
        }
        let text = |root: &Object, name: &str| root.get(name).and_then(|v| v.as_str().map(str::to_owned));
        let code = text(&document.root, "Code").unwrap_or_else(|| status.to_string());
        let message = text(&document.root, "Message").unwrap_or_else(|| "It says nothing more.".to_owned());
        Self::Refused { status, code, message }
    }
}
