//! What the form says.

use serde::{Deserialize, Serialize};
use weft_model::CredentialId;
use weft_nodes::Field;

use super::pace::Batching;
use super::pages::Pagination;
use super::query::Lists;
use crate::credentials;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    pub(super) method: String,
    pub(super) url: Field,
    #[serde(default)]
    pub(super) authentication: Authentication,
    #[serde(default, deserialize_with = "credentials::chosen")]
    pub(super) credential: Option<CredentialId>,
    #[serde(default, rename = "queryParameters")]
    pub(super) query: Pairs,
    #[serde(default, rename = "headerParameters")]
    pub(super) headers: Pairs,
    #[serde(default)]
    pub(super) specify_query: Specify,
    #[serde(default)]
    pub(super) json_query: Field,
    #[serde(default)]
    pub(super) specify_headers: Specify,
    #[serde(default)]
    pub(super) json_headers: Field,
    #[serde(default)]
    pub(super) send_query: bool,
    #[serde(default)]
    pub(super) send_headers: bool,
    #[serde(default)]
    pub(super) send_body: bool,
    #[serde(default)]
    pub(super) content_type: ContentType,
    #[serde(default)]
    pub(super) specify_body: Specify,
    #[serde(default, rename = "bodyParameters")]
    pub(super) fields: Pairs,
    #[serde(default)]
    pub(super) json_body: Field,
    #[serde(default)]
    pub(super) body: Field,
    #[serde(default)]
    pub(super) raw_content_type: Field,
    #[serde(default)]
    pub(super) input_data_field_name: Field,
    #[serde(default)]
    pub(super) options: Options,
}

/// Whether a credential proves something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Authentication {
    /// None does.
    #[default]
    None,
    /// The one that the node names.
    Credential,
}

/// Names and values, in n8n's nesting.
#[derive(Default, Deserialize)]
pub(crate) struct Pairs {
    #[serde(default)]
    pub(super) parameters: Vec<Pair>,
}

#[derive(Deserialize)]
pub(super) struct Pair {
    #[serde(default)]
    pub(super) name: Field,
    #[serde(default)]
    pub(super) value: Field,
    #[serde(default, rename = "parameterType")]
    pub(super) kind: PairKind,
    #[serde(default, rename = "inputDataFieldName")]
    pub(super) file: Field,
}

/// What a field of a form is.
#[derive(Clone, Copy, Default, Deserialize)]
pub(super) enum PairKind {
    #[default]
    #[serde(rename = "formData")]
    Text,
    #[serde(rename = "formBinaryData")]
    File,
}

#[derive(Clone, Copy, Default, Deserialize)]
pub(super) enum ContentType {
    #[default]
    #[serde(rename = "json")]
    Json,
    #[serde(rename = "form-urlencoded")]
    Form,
    #[serde(rename = "raw")]
    Raw,
    #[serde(rename = "multipart-form-data")]
    Multipart,
    #[serde(rename = "binaryData")]
    Binary,
}

/// What an answer is taken as.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ResponseFormat {
    #[default]
    Autodetect,
    Json,
    Text,
    File,
}

impl ResponseFormat {
    /// What the server is told to answer with; many a server gives a page for people otherwise.
    pub(super) fn accepted(self) -> &'static str {
        match self {
            Self::Json => "application/json, text/*;q=0.99",
            Self::Text => {
                "application/json, text/html, application/xhtml+xml, application/xml, text/*;q=0.9, */*;q=0.1"
            }
            Self::Autodetect | Self::File => {
                "application/json, text/html, application/xhtml+xml, application/xml, text/*;q=0.9, image/*;q=0.8, \
                 */*;q=0.7"
            }
        }
    }
}

/// How names and values are written.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Specify {
    #[default]
    Keypair,
    Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each of them is a switch of the form")]
pub(super) struct Options {
    pub(super) timeout: Option<u64>,
    pub(super) max_redirects: Option<usize>,
    pub(super) fail_on_redirect: bool,
    pub(super) query_parameter_arrays: Option<Lists>,
    pub(super) split_into_items: bool,
    pub(super) response_format: ResponseFormat,
    pub(super) output_property_name: Field,
    pub(super) full_response: bool,
    pub(super) never_error: bool,
    pub(super) idempotency_key: bool,
    pub(super) batching: Batching,
    pub(super) pagination: Pagination,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: None,
            max_redirects: None,
            fail_on_redirect: false,
            query_parameter_arrays: None,
            split_into_items: true,
            response_format: ResponseFormat::default(),
            output_property_name: Field::default(),
            full_response: false,
            never_error: false,
            idempotency_key: false,
            batching: Batching::default(),
            pagination: Pagination::default(),
        }
    }
}
