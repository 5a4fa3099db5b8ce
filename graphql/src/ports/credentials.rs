//! Credentials: what is given of them and what may be shown.

use std::collections::HashMap;

use async_trait::async_trait;
use weft_model::CredentialId;
use weft_model::credential::TestOutcome;
use weft_tenants::RequestContext;
use zeroize::Zeroizing;

use super::Fault;

/// What a person typed and nobody may read again. Neither printed nor serialised, and wiped from memory when it goes.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// What was typed.
    pub fn new(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }

    /// For whoever seals it.
    pub fn into_inner(self) -> Zeroizing<String> {
        self.0
    }
}

/// A field of a credential as it was filled in. Which fields are secret is the type's business, so that all are treated as if they
/// were.
#[derive(Clone)]
pub struct GivenField {
    /// The field.
    pub name: String,
    /// What it shall hold; `None` takes it away.
    pub value: Option<SecretText>,
}

/// A credential to be made.
#[derive(Clone)]
pub struct NewCredential {
    /// Its name.
    pub name: String,
    /// The kind of its type.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<GivenField>,
}

/// What changes of a credential.
#[derive(Clone)]
pub struct CredentialUpdate {
    /// Of which one.
    pub credential: CredentialId,
    /// Its new name; `None` leaves it.
    pub name: Option<String>,
    /// The fields that change; the others stay.
    pub fields: Vec<GivenField>,
}

/// A credential to be tried.
#[derive(Clone)]
pub struct TestCredential {
    /// Which one.
    pub credential: CredentialToTest,
    /// An address that only serves who signs in, for types that need one.
    pub url: Option<String>,
}

/// Which credential is tried.
#[derive(Clone)]
pub enum CredentialToTest {
    /// One that is kept; how it ended is recorded.
    Saved(CredentialId),
    /// What a person is filling in.
    Unsaved {
        /// The kind of its type.
        kind: String,
        /// Its fields.
        fields: Vec<GivenField>,
    },
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestedCredential {
    /// In a word.
    pub outcome: TestOutcome,
    /// What happened, as a word for programs.
    pub code: String,
    /// The same as a sentence.
    pub message: String,
}

/// What may be shown of credentials.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// The fields of these credentials, in the order of their forms, in one statement; the unknown are left out.
    async fn shown(
        &self,
        context: &RequestContext,
        credentials: &[CredentialId],
    ) -> Result<HashMap<CredentialId, Vec<ShownField>>, Fault>;
}

/// A field of a credential as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownField {
    /// The field.
    pub name: String,
    /// What it holds; `None` where it is secret or empty.
    pub value: Option<String>,
    /// Whether it holds something.
    pub is_set: bool,
}
