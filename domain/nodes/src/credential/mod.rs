//! Types of credentials: what a person fills in, which of it is secret, and whether it makes sense.
//!
//! To add a type, write it beside its like and add it to [`TYPES`]; screens, checks and imports follow from the table. What a node does
//! with an opened credential is its kind's business.

mod brokers;
mod databases;
mod fields;
mod files;
mod http;
mod keys;
mod machines;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use weft_value::{Object, Value};

use crate::problem::{fill, is_shown};
use crate::{Descriptor, Label, Parameter, ParameterType};

/// The largest value of one field, in bytes.
pub const MAX_CREDENTIAL_FIELD: usize = 64 * 1024;

/// A type of credential as the form shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialType {
    /// Its frozen name.
    pub kind: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it is for, in one sentence.
    pub description: Label,
    /// Its fields, in the order of the form.
    pub fields: &'static [CredentialField],
    /// The n8n types that hold the same.
    pub n8n_types: &'static [&'static str],
}

/// A field of a type.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialField {
    /// Its key.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// A sentence of help.
    pub description: Option<Label>,
    /// Whether nobody is shown it again.
    pub secret: bool,
    /// Whether it must be filled in.
    pub required: bool,
    /// The height of its text field in lines; 1 takes no line breaks.
    pub rows: u8,
    /// Its value while nobody set one.
    pub default: Option<&'static str>,
    /// What can be chosen; empty where anything can be written.
    pub options: &'static [CredentialOption],
    /// An example, shown while it is empty.
    pub placeholder: Option<&'static str>,
    /// What it must look like.
    pub format: FieldFormat,
}

/// One thing that can be chosen.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CredentialOption {
    /// What is stored.
    pub value: &'static str,
    /// What people see.
    pub label: Label,
}

/// What the text of a field must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldFormat {
    /// Any text.
    Text,
    /// The name of an HTTP header (RFC 9110, section 5.1).
    HeaderName,
    /// What an HTTP header can carry (RFC 9110, section 5.5).
    HeaderValue,
    /// The address of a web page.
    Url,
    /// A JSON object of `headers`, `qs` and `body`, each an object.
    RequestParts,
}

/// Every type, in the order in which people choose.
pub const TYPES: &[CredentialType] = &[
    http::API_KEY,
    http::HEADER,
    http::QUERY,
    http::BASIC,
    http::DIGEST,
    http::BEARER,
    keys::SECRET,
    keys::KEY_PAIR,
    keys::JWT,
    keys::TOTP,
    http::CUSTOM,
    http::OAUTH2_CLIENT_CREDENTIALS,
    databases::POSTGRES,
    databases::MYSQL,
    databases::MSSQL,
    databases::MONGODB,
    machines::SMTP,
    machines::IMAP,
    databases::REDIS,
    brokers::MQTT,
    brokers::RABBITMQ,
    brokers::KAFKA,
    files::AWS,
    files::S3,
    brokers::NATS,
    machines::SSH_PASSWORD,
    machines::SSH_PRIVATE_KEY,
    files::FTP,
    files::SFTP,
    machines::LDAP,
];

/// Types that no node takes and that are not offered: what was made of them can still be shown, changed and deleted.
pub const RETIRED: &[CredentialType] = &[keys::USER_PASSWORD];

/// The type of that name.
pub fn credential_type(kind: &str) -> Option<&'static CredentialType> {
    TYPES.iter().chain(RETIRED).find(|known| known.kind == kind)
}

/// The type that holds what an n8n type holds.
pub fn of_n8n_type(n8n_type: &str) -> Option<&'static CredentialType> {
    TYPES.iter().find(|known| known.n8n_types.contains(&n8n_type))
}

/// What the parameters of a node hold that choose a credential. One that is not shown, since the node signs in in another way, is
/// left out. A kind asks for credentials at the top level of its form only.
pub fn references(descriptor: &Descriptor, given: &Value) -> Vec<String> {
    let filled = filled(descriptor, given);
    let shown = choosers(descriptor, &filled);
    shown.filter_map(|parameter| filled.get(parameter.name)?.as_str().map(str::to_owned)).collect()
}

/// The parameter in which a node with these parameters chooses a credential of the type `kind`, if it signs in with one.
pub fn chooser(descriptor: &'static Descriptor, given: &Value, kind: &str) -> Option<&'static str> {
    let filled = filled(descriptor, given);
    choosers(descriptor, &filled)
        .find(|parameter| parameter.credential_types.contains(&kind))
        .map(|parameter| parameter.name)
}

fn filled(descriptor: &Descriptor, given: &Value) -> Object {
    let mut filled = given.as_object().cloned().unwrap_or_default();
    fill(&descriptor.parameters, &mut filled);
    filled
}

/// The parameters of a form that choose a credential, as far as they are shown.
fn choosers<'a>(descriptor: &'a Descriptor, filled: &Object) -> impl Iterator<Item = &'a Parameter> {
    let chooses = descriptor.parameters.iter().filter(|parameter| parameter.kind == ParameterType::Credential);
    chooses.filter(move |parameter| is_shown(parameter, filled))
}

/// Why a field cannot be kept. The value itself is never repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldRefused {
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl CredentialType {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static CredentialField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Sets every default of what is not set.
    pub fn fill<S: From<String>>(&self, given: &mut BTreeMap<String, S>) {
        for field in self.fields {
            if let Some(default) = field.default {
                given.entry(field.name.to_owned()).or_insert_with(|| default.to_owned().into());
            }
        }
    }

    /// Whether these fields make a credential of this type. Tells the first thing that is wrong.
    pub fn check<S: AsRef<str>>(&self, given: &BTreeMap<String, S>) -> Result<(), FieldRefused> {
        if let Some(unknown) = given.keys().find(|name| self.field(name).is_none()) {
            let known: Vec<_> = self.fields.iter().map(|field| field.name).collect();
            let message = format!(
                "A credential of type “{}” has no field “{unknown}”. It has: {}.",
                self.label.en,
                known.join(", ")
            );
            return Err(FieldRefused { field: unknown.clone(), message });
        }
        self.fields.iter().try_for_each(|field| {
            let value = given.get(field.name).map_or("", AsRef::as_ref);
            field.problem(value).map_or(Ok(()), |message| {
                let message = format!("“{}” {message}", field.label.en);
                Err(FieldRefused { field: field.name.to_owned(), message })
            })
        })
    }
}

impl CredentialField {
    /// What is wrong with a value, as the end of a sentence that begins with the field's label.
    fn problem(&self, value: &str) -> Option<String> {
        if value.is_empty() {
            return self.required.then(|| "must be filled in.".to_owned());
        }
        if value.len() > MAX_CREDENTIAL_FIELD {
            return Some(format!("must not be longer than {MAX_CREDENTIAL_FIELD} bytes."));
        }
        if !self.options.is_empty() && self.options.iter().all(|option| option.value != value) {
            let known: Vec<_> = self.options.iter().map(|option| option.value).collect();
            return Some(format!("must be one of: {}.", known.join(", ")));
        }
        if self.rows == 1 && value.chars().any(char::is_control) {
            return Some("must not contain line breaks or other control characters.".to_owned());
        }
        self.format.problem(value)
    }
}

impl FieldFormat {
    fn problem(self, value: &str) -> Option<String> {
        match self {
            Self::Text => None,
            Self::HeaderName => (!value.bytes().all(is_token))
                .then(|| "must consist of letters, digits and hyphens, as names of headers do.".to_owned()),
            Self::HeaderValue => (!value.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
                .then(|| "must consist of letters, digits and signs without accents, as headers do.".to_owned()),
            Self::Url => (!value.starts_with("https://") && !value.starts_with("http://"))
                .then(|| "must be an address that begins with https:// or http://.".to_owned()),
            Self::RequestParts => RequestParts::read(value).err(),
        }
    }
}

/// A byte of a token (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a custom credential adds to a request.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestParts {
    /// Headers.
    pub headers: BTreeMap<String, serde_json::Value>,
    /// Parameters of the query.
    pub qs: BTreeMap<String, serde_json::Value>,
    /// Fields of the body.
    pub body: serde_json::Map<String, serde_json::Value>,
}

impl RequestParts {
    /// Reads the JSON of a custom credential. The error says where it is wrong and repeats nothing of it.
    pub fn read(json: &str) -> Result<Self, String> {
        let shape = "must be a JSON object with “headers”, “qs” and “body”, each an object.";
        let parts: Self = serde_json::from_str(json).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => shape.to_owned(),
            _ => format!("is not valid JSON: line {}, column {}.", error.line(), error.column()),
        })?;
        let is_plain = |value: &serde_json::Value| value.is_string() || value.is_number() || value.is_boolean();
        let mut pairs = parts.headers.iter().chain(&parts.qs);
        if !pairs.all(|(_, value)| is_plain(value)) {
            return Err("must have plain texts and numbers in “headers” and “qs”.".to_owned());
        }
        if !parts.headers.keys().all(|name| !name.is_empty() && name.bytes().all(is_token)) {
            return Err("must name headers with letters, digits and hyphens.".to_owned());
        }
        Ok(parts)
    }
}
