//! Credentials and their types. What is secret goes in and never comes out: no field of this contract holds it.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use serde::Deserialize;
use weft_model::CredentialId;
use weft_projections::credentials::{self, CredentialRow, Cursor};
use weft_tenants::Action;

use crate::errors::{Told, UserError, told};
use crate::fault::mask;
use crate::guard::Can;
use crate::id::{credential_id, global};
use crate::loaders::{ShownOf, load};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::ports::{
    CredentialToTest, CredentialUpdate, Fault, GivenField, NewCredential, SecretText, TestCredential, TestedCredential,
};
use crate::scalars::{DateTime, Position};
use crate::session::{asked, ports, reading, request, session, state, tenant};
use crate::viewer::fresh;

/// How a trial of a credential ended.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_model::credential::TestOutcome")]
pub(crate) enum CredentialTestOutcome {
    /// The other side took it.
    Accepted,
    /// The other side refused it.
    Refused,
    /// The other side could not be asked.
    Unreachable,
}

/// How credentials of a type can be tried.
#[derive(Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum CredentialTrial {
    /// With an address that only serves who signs in.
    Url,
    /// Without anything else: a token is asked for, or the server that the credential names is signed in to.
    Token,
}

/// A type of credential: what it is made of.
#[derive(SimpleObject, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialType {
    /// Its name for programs, `basic` for instance.
    kind: String,
    label: String,
    description: String,
    /// Its fields, in the order of the form.
    fields: Vec<CredentialField>,
    /// How credentials of this type can be tried; nothing where they cannot be by themselves.
    #[serde(default)]
    trial: Option<CredentialTrial>,
}

/// A field of a type of credential.
#[derive(SimpleObject, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialField {
    name: String,
    label: String,
    /// What it means or looks like, in a sentence.
    #[serde(default)]
    description: Option<String>,
    /// Whether nobody is shown it again.
    secret: bool,
    required: bool,
    /// The height of its text field in lines; 1 takes no line breaks.
    rows: i32,
    default: Option<String>,
    /// What can be chosen; empty where anything can be written.
    options: Vec<CredentialOption>,
    placeholder: Option<String>,
}

/// One thing that can be chosen.
#[derive(SimpleObject, Deserialize)]
struct CredentialOption {
    value: String,
    label: String,
}

/// A credential.
pub(crate) struct Credential(CredentialRow);

/// What nodes sign in with elsewhere. Its secret fields are written and never read.
#[Object]
impl Credential {
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// What a node's parameter holds to use it.
    async fn reference(&self) -> String {
        self.0.id.to_string()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The kind of its type.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Grows whenever a field is changed.
    async fn version(&self) -> i32 {
        self.0.version as i32
    }

    /// Its fields in the order of the form: the values of those that may be shown, and of the others whether there is one.
    async fn fields(&self, context: &Context<'_>) -> Result<Vec<CredentialValue>> {
        let shown = load(context, ShownOf(self.0.id)).await?.unwrap_or_default();
        Ok(shown
            .iter()
            .map(|field| CredentialValue { name: field.name.clone(), value: field.value.clone(), is_set: field.is_set })
            .collect())
    }

    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    async fn changed_at(&self) -> DateTime {
        self.0.changed_at.into()
    }

    /// How the last trial of this version ended; nothing while there was none.
    async fn test_outcome(&self) -> Option<CredentialTestOutcome> {
        self.0.test.map(|test| test.outcome.into())
    }

    async fn tested_at(&self) -> Option<DateTime> {
        self.0.test.map(|test| test.at.into())
    }

    /// The last day on which a node used it: the moment of the first use of that day by a node.
    async fn used_at(&self) -> Option<DateTime> {
        self.0.used_at.map(DateTime::from)
    }
}

/// One field of a credential.
#[derive(SimpleObject)]
struct CredentialValue {
    name: String,
    /// What it holds; never for a secret field.
    value: Option<String>,
    /// Whether it holds something.
    is_set: bool,
}

/// The credential of this id.
pub(crate) async fn credential(context: &Context<'_>, id: CredentialId) -> Result<Option<Credential>> {
    let tenant = tenant(context)?;
    let mut rows = reading(context).await?;
    let mut found = asked(context, credentials::by_ids(tenant, &mut rows, &[id]).await)?;
    Ok(found.remove(&id).map(Credential))
}

#[derive(Default)]
pub(crate) struct CredentialQueries;

#[Object]
impl CredentialQueries {
    /// Credentials by name; of one type where one is named.
    #[graphql(
        guard = "Can::new(Action::ReadCredential)",
        complexity = "crate::limits::page(first, last, child_complexity)"
    )]
    async fn credentials(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        #[graphql(name = "type")] kind: Option<String>,
    ) -> Result<Paged<Credential>> {
        let page = PageArguments { first, after, last, before }.read::<Cursor>()?;
        // No column holds a NUL, so that no type has one in its name.
        let kind = kind.map(|kind| kind.replace('\0', "\u{fffd}"));
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let page = asked(context, credentials::list(tenant, &mut rows, kind.as_deref(), &page).await)?;
        Ok(connection::<_, Cursor, _>(page, Total::Credentials(kind), Credential))
    }

    /// Every type of credential.
    #[graphql(
        guard = "Can::new(Action::ReadCatalogue)",
        complexity = "crate::limits::list(crate::limits::CREDENTIAL_TYPES, child_complexity)"
    )]
    async fn credential_types<'a>(&self, context: &Context<'a>) -> Result<&'a [CredentialType]> {
        let state = state(context)?;
        let types = state.ports.catalogue.credential_types();
        let read = state.credential_types.get(&session(context)?.language.0, &types, serde_json::from_value);
        read.map_err(|error| mask(context, &Fault::Internal(error.into())))
    }
}

/// A field as it was filled in.
#[derive(InputObject)]
struct CredentialFieldInput {
    name: String,
    /// What it shall hold; nothing takes it away.
    value: Option<String>,
}

#[derive(InputObject)]
struct CreateCredentialInput {
    name: String,
    /// The kind of a type.
    #[graphql(name = "type")]
    kind: String,
    fields: Vec<CredentialFieldInput>,
}

#[derive(InputObject)]
struct UpdateCredentialInput {
    credential_id: ID,
    /// Its new name; left out, it stays.
    name: Option<String>,
    /// The fields that change. Those left out stay as they are; whatever was replaced is destroyed.
    #[graphql(default)]
    fields: Vec<CredentialFieldInput>,
}

/// Either a credential that is kept, or a type with fields that are not.
#[derive(InputObject)]
struct TestCredentialInput {
    credential_id: Option<ID>,
    /// The kind of a type.
    #[graphql(name = "type")]
    kind: Option<String>,
    #[graphql(default)]
    fields: Vec<CredentialFieldInput>,
    /// An address that only serves who signs in, for types that are tried with one.
    url: Option<String>,
}

#[derive(InputObject)]
struct DeleteCredentialInput {
    credential_id: ID,
}

#[derive(SimpleObject)]
struct CredentialPayload {
    credential: Option<Credential>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct TestCredentialPayload {
    /// How it ended; nothing where there was no trial.
    outcome: Option<CredentialTestOutcome>,
    /// What happened, as a word for programs.
    code: Option<String>,
    /// The same as a sentence. It never repeats what the other side wrote.
    message: Option<String>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct DeleteCredentialPayload {
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct CredentialMutations;

#[Object]
impl CredentialMutations {
    #[graphql(guard = "Can::new(Action::CreateCredential)")]
    async fn create_credential(
        &self,
        context: &Context<'_>,
        input: CreateCredentialInput,
    ) -> Result<CredentialPayload> {
        let CreateCredentialInput { name, kind, fields } = input;
        let new = NewCredential { name, kind, fields: given(fields) };
        let outcome = ports(context)?.commands.create_credential(request(context)?, new).await;
        payload(context, told(context, outcome, "credential")?).await
    }

    /// Renames a credential, changes its fields, or both.
    #[graphql(guard = "Can::new(Action::UpdateCredential)")]
    async fn update_credential(
        &self,
        context: &Context<'_>,
        input: UpdateCredentialInput,
    ) -> Result<CredentialPayload> {
        let Some(credential) = credential_id(&input.credential_id) else {
            return payload(context, Told::error(UserError::not_found("credential"))).await;
        };
        let update = CredentialUpdate { credential, name: input.name, fields: given(input.fields) };
        let outcome = ports(context)?.commands.update_credential(request(context)?, update).await;
        payload(context, told(context, outcome, "credential")?).await
    }

    /// Tries whether the other side takes a credential: one that is kept, or what is being filled in. How it ended is recorded of the
    /// former.
    #[graphql(guard = "Can::new(Action::TestCredential)")]
    async fn test_credential(
        &self,
        context: &Context<'_>,
        input: TestCredentialInput,
    ) -> Result<TestCredentialPayload> {
        let test = match to_test(input) {
            Ok(test) => test,
            Err(error) => return Ok(tested(Told::error(error))),
        };
        let outcome = ports(context)?.commands.test_credential(request(context)?, test).await;
        let told = told(context, outcome, "credential")?;
        fresh(context, told.position).await?;
        Ok(tested(told))
    }

    /// Deletes a credential and destroys its secret. Refused while a published workflow that is not paused uses it.
    #[graphql(guard = "Can::new(Action::DeleteCredential)")]
    async fn delete_credential(
        &self,
        context: &Context<'_>,
        input: DeleteCredentialInput,
    ) -> Result<DeleteCredentialPayload> {
        let Some(id) = credential_id(&input.credential_id) else {
            return Ok(DeleteCredentialPayload { position: None, errors: vec![UserError::not_found("credential")] });
        };
        let outcome = ports(context)?.commands.delete_credential(request(context)?, id).await;
        let told = told(context, outcome, "credential")?;
        Ok(DeleteCredentialPayload { position: told.position, errors: told.errors })
    }
}

fn to_test(input: TestCredentialInput) -> Result<TestCredential, UserError> {
    let TestCredentialInput { credential_id: saved, kind, fields, url } = input;
    let credential = match (saved, kind) {
        (Some(saved), None) if fields.is_empty() => {
            CredentialToTest::Saved(credential_id(&saved).ok_or_else(|| UserError::not_found("credential"))?)
        }
        (None, Some(kind)) => CredentialToTest::Unsaved { kind, fields: given(fields) },
        _ => {
            let message = "Name either a credential that is kept, or a type with its fields.";
            return Err(UserError::bad_input(&["credentialId"], message));
        }
    };
    Ok(TestCredential { credential, url })
}

fn tested(told: Told<TestedCredential>) -> TestCredentialPayload {
    let Told { value, position, errors } = told;
    let (outcome, said) = value.map(|tested| (tested.outcome.into(), (tested.code, tested.message))).unzip();
    let (code, message) = said.unzip();
    TestCredentialPayload { outcome, code, message, position, errors }
}

fn given(fields: Vec<CredentialFieldInput>) -> Vec<GivenField> {
    let given = |CredentialFieldInput { name, value }| GivenField { name, value: value.map(SecretText::new) };
    fields.into_iter().map(given).collect()
}

async fn payload(context: &Context<'_>, told: Told<CredentialId>) -> Result<CredentialPayload> {
    fresh(context, told.position).await?;
    let credential = match told.value {
        Some(id) => credential(context, id).await?,
        None => None,
    };
    Ok(CredentialPayload { credential, position: told.position, errors: told.errors })
}
