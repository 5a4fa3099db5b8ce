//! The catalogue of node kinds, and what is read and checked with it.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value as Json, json};
use sqlx::PgConnection;
use weft_engine::kinds::Kinds;
use weft_engine::{Engine, Trial, trial_of};
use weft_graphql::ports::{Catalogue, Converted, Fault, Problem, Refusal, Rejected, Webhook};
use weft_import::Import;
use weft_model::workflow::Definition;
use weft_model::{TenantId, WorkflowId};
use weft_scope::Scope;
use weft_tenants::RequestContext;

use super::{convert, credential_use, faults, fresh};
use crate::hooks::{HookAddresses, is_called};

/// The node kinds.
pub struct EngineCatalogue {
    engine: Engine,
    hooks: HookAddresses,
    scope: Scope,
    kinds: Arc<Vec<Json>>,
    credential_types: Arc<Vec<Json>>,
    expression_entries: Arc<Vec<Json>>,
}

impl EngineCatalogue {
    /// The catalogue of this engine.
    pub fn new(engine: Engine, hooks: HookAddresses, scope: Scope) -> Self {
        let kinds = engine.kinds().catalogue().descriptors().map(described).collect();
        let types = weft_nodes::credential::TYPES.iter();
        let types = types.map(credential_type).collect();
        let entries = weft_expressions::catalogue().iter();
        let entries = entries.map(|entry| serde_json::to_value(entry).unwrap_or_default()).collect();
        Self {
            engine,
            hooks,
            scope,
            kinds: Arc::new(kinds),
            credential_types: Arc::new(types),
            expression_entries: Arc::new(entries),
        }
    }
}

fn described(descriptor: &weft_nodes::Descriptor) -> Json {
    let mut json = serde_json::to_value(descriptor).unwrap_or_default();
    json["isTrigger"] = json!(descriptor.is_trigger());
    json
}

fn credential_type(known: &weft_nodes::credential::CredentialType) -> Json {
    let mut json = serde_json::to_value(known).unwrap_or_default();
    json["trial"] = match trial_of(known.kind) {
        Some(Trial::Url) => json!("URL"),
        Some(Trial::Token) => json!("TOKEN"),
        None => Json::Null,
    };
    json
}

#[async_trait]
impl Catalogue for EngineCatalogue {
    fn kinds(&self) -> Arc<Vec<Json>> {
        Arc::clone(&self.kinds)
    }

    fn credential_types(&self) -> Arc<Vec<Json>> {
        Arc::clone(&self.credential_types)
    }

    fn expression_entries(&self) -> Arc<Vec<Json>> {
        Arc::clone(&self.expression_entries)
    }

    fn is_trigger(&self, kind: &str) -> bool {
        self.engine.kinds().catalogue().newest(kind).is_some_and(|kind| kind.descriptor().is_trigger())
    }

    async fn convert(&self, context: &RequestContext, text: &str) -> Result<Converted, Refusal> {
        let kinds = self.engine.kinds();
        let mut imports = import(text, kinds).map_err(Refusal::Rejected)?;
        if imports.len() != 1 {
            let several = file_invalid("The text holds several workflows. Import it as a file instead.");
            return Err(Refusal::Rejected(several));
        }
        credential_use::choose(context, (&self.scope, kinds), &mut imports).await?;
        let Import { definition, report, .. } = imports.remove(0);
        Ok(Converted { definition, report: report.into_iter().map(convert::import_entry).collect() })
    }

    fn problems(&self, definition: &Definition) -> Vec<Problem> {
        let (problems, _) = self.engine.check(&definition.name, &definition.graph);
        problems.into_iter().map(convert::problem).collect()
    }

    async fn webhooks(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        definition: &Definition,
    ) -> Result<Vec<Webhook>, Fault> {
        if definition.graph.nodes.values().all(|node| !is_called(&node.kind)) {
            return Ok(Vec::new());
        }
        let slug = slug(&self.scope, context.tenant).await?;
        Ok(self.hooks.of_definition((context.tenant, &slug), workflow, definition))
    }
}

/// The tenant's slug.
pub(super) async fn slug(scope: &Scope, tenant: TenantId) -> Result<String, Fault> {
    let mut transaction = weft_projections::reading(scope, tenant).await.map_err(faults::reading)?;
    let slug = slug_in(&mut transaction, tenant).await.map_err(faults::database)?;
    slug.ok_or_else(|| faults::database(sqlx::Error::RowNotFound))
}

/// The slug of the tenant whose transaction this is.
pub(super) async fn slug_in(connection: &mut PgConnection, tenant: TenantId) -> Result<Option<String>, sqlx::Error> {
    let statement = sqlx::query_scalar("select slug from tenants where tenant_id = $1").bind(tenant.0);
    statement.fetch_optional(connection).await
}

/// The largest file that is imported, in bytes of its text.
const LARGEST_FILE: usize = 16_000_000;

/// The workflows in a file of any format that is known, as far as it is not too large.
pub(super) fn import_file(text: &str, kinds: &Kinds) -> Result<Vec<Import>, Rejected> {
    let size = text.len();
    if size > LARGEST_FILE {
        return Err(Rejected {
            code: "import_too_large".into(),
            message: format!(
                "The file has {size} bytes; at most {LARGEST_FILE} are taken. Leave out its pinned data, or import its workflows in several files."
            ),
            field: Some(vec!["text".into()]),
        });
    }
    import(text, kinds)
}

/// The workflows in a text of any format that is known.
fn import(text: &str, kinds: &Kinds) -> Result<Vec<Import>, Rejected> {
    let imports = weft_import::import(text, None, kinds.catalogue(), fresh::id);
    imports.map_err(|error| file_invalid(&error.to_string()))
}

fn file_invalid(message: &str) -> Rejected {
    Rejected { code: "file_invalid".into(), message: message.into(), field: Some(vec!["text".into()]) }
}

#[cfg(test)]
mod tests {
    use weft_graphql::{CREDENTIAL_TYPES, EXPRESSION_ENTRIES, NODE_KINDS};

    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let large = " ".repeat(LARGEST_FILE + 1);
        let rejected = import_file(&large, &Kinds::default()).unwrap_err();
        assert_eq!(rejected.code, "import_too_large");
        assert!(rejected.message.contains("16000001 bytes; at most 16000000"), "{}", rejected.message);
        assert_eq!(import_file(&large[1..], &Kinds::default()).unwrap_err().code, "file_invalid");
    }

    /// A list that outgrew its weight would be cheaper than it is: raise the weight, and see that the web app's own questions
    /// stay within the limit.
    #[test]
    fn the_lists_of_the_catalogue_are_no_longer_than_they_are_weighed() {
        for (what, length, weight) in [
            ("kinds", Kinds::default().catalogue().descriptors().count(), NODE_KINDS),
            ("types of credentials", weft_nodes::credential::TYPES.len(), CREDENTIAL_TYPES),
            ("entries of expressions", weft_expressions::catalogue().len(), EXPRESSION_ENTRIES),
        ] {
            assert!(length <= weight && weight <= 2 * length, "{what}: {length} are weighed as {weight}");
        }
    }
}
