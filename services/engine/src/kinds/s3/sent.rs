//! What is sent beside a file: its options as headers.

use serde::Deserialize;
use weft_clients::s3::Headers;
use weft_nodes::{Field, NodeError, Step};

use super::Tags;

/// Options. Which of them there are depends on the operation.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct More {
    pub(super) region: Field,
    acl: Field,
    bucket_object_lock_enabled: Field,
    pub(super) delimiter: Field,
    pub(super) include_common_prefixes: Field,
    pub(super) encoding_type: Field,
    pub(super) fetch_owner: Field,
    pub(super) prefix: Field,
    pub(super) start_after: Field,
    requester_pays: Field,
    pub(super) parent_folder_key: Field,
    storage_class: Field,
    lock_legal_hold: Field,
    lock_mode: Field,
    lock_retain_until_date: Field,
    metadata_directive: Field,
    tagging_directive: Field,
    server_side_encryption: Field,
    server_side_encryption_context: Field,
    encryption_aws_kms_key_id: Field,
    pub(super) version_id: Field,
    pub(super) folder_key: Field,
}

/// How a word of the form is written in a header.
#[derive(Clone, Copy)]
enum Written {
    AsIs,
    /// `publicRead` is `public-read`.
    Hyphens,
    /// `standardIA` is `STANDARD_IA`.
    Capitals,
}

impl More {
    /// The headers that say the same.
    pub(super) fn headers(&self, step: &dyn Step, index: usize) -> Result<Headers, NodeError> {
        use Written::{AsIs, Capitals, Hyphens};
        let mut headers = Headers::new();
        for (field, name, written) in [
            (&self.acl, "x-amz-acl", Hyphens),
            (&self.storage_class, "x-amz-storage-class", Capitals),
            (&self.lock_mode, "x-amz-object-lock-mode", Capitals),
            (&self.lock_retain_until_date, "x-amz-object-lock-retain-until-date", AsIs),
            (&self.metadata_directive, "x-amz-metadata-directive", Capitals),
            (&self.tagging_directive, "x-amz-tagging-directive", Capitals),
            (&self.server_side_encryption, "x-amz-server-side-encryption", AsIs),
            (&self.server_side_encryption_context, "x-amz-server-side-encryption-context", AsIs),
            (&self.encryption_aws_kms_key_id, "x-amz-server-side-encryption-aws-kms-key-id", AsIs),
        ] {
            let text = field.text(step, index)?;
            if !text.is_empty() {
                headers.insert(name.to_owned(), written.of(&text));
            }
        }
        for (field, name, value) in [
            (&self.requester_pays, "x-amz-request-payer", "requester"),
            (&self.bucket_object_lock_enabled, "x-amz-bucket-object-lock-enabled", "true"),
            (&self.lock_legal_hold, "x-amz-object-lock-legal-hold", "ON"),
        ] {
            if field.truth(step, index)? {
                headers.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(headers)
    }
}

impl Tags {
    /// Tags as the header has them; nothing where there are none.
    pub(super) fn header(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for tag in &self.tags_values {
            let name = tag.key.text(step, index)?;
            if !name.is_empty() {
                pairs.append_pair(&name, &tag.value.text(step, index)?);
            }
        }
        Ok(pairs.finish())
    }
}

impl Written {
    fn of(self, text: &str) -> String {
        match self {
            Self::AsIs => text.to_owned(),
            Self::Hyphens => apart(text, '-').to_ascii_lowercase(),
            Self::Capitals => apart(text, '_').to_ascii_uppercase(),
        }
    }
}

/// With a sign between a small letter and the capital behind it.
fn apart(text: &str, sign: char) -> String {
    let (mut out, mut was_small) = (String::with_capacity(text.len() + 4), false);
    for c in text.chars() {
        if was_small && c.is_ascii_uppercase() {
            out.push(sign);
        }
        was_small = c.is_ascii_lowercase();
        out.push(c);
    }
    out
}
