//! What nodes sign in with elsewhere: asked for by a step, opened for one call, wiped when it is dropped.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Deserializer, de};
use thiserror::Error;
use weft_model::{CorrelationId, CredentialId, ExecutionId, Graph, NodeId, TenantId, WorkflowId};
use weft_nodes::{NodeError, credential};
use zeroize::Zeroizing;

use crate::action::Services;
use crate::clock::Clock;
use crate::execution::{Pauses, StepView};
use crate::kinds::Kinds;

/// Where opened credentials come from.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// Opens a credential of the tenant for one call. That this node was given it is recorded before it is given.
    async fn open(&self, asked: CredentialUse) -> Result<Opened, NotOpened>;
}

/// Who wants to use a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialUse {
    /// The tenant that both belong to.
    pub tenant: TenantId,
    /// The workflow; of a workflow that another one executes, that one itself.
    pub workflow: WorkflowId,
    /// The node.
    pub node: NodeId,
    /// The execution.
    pub execution: ExecutionId,
    /// What caused it.
    pub correlation: CorrelationId,
    /// The credential.
    pub credential: CredentialId,
}

/// A credential that was opened. Neither printed, copied nor serialised; to be dropped after the call that it was opened for.
pub struct Opened {
    /// The kind of its type.
    pub kind: String,
    /// Its fields.
    pub fields: BTreeMap<String, Zeroizing<String>>,
}

impl Opened {
    /// What a field holds; nothing is the empty string.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.as_str())
    }
}

/// Why a credential was not opened.
#[derive(Debug, Error)]
pub enum NotOpened {
    /// This tenant has none of that id, or has it no longer.
    #[error("there is no such credential (any more)")]
    Missing,
    /// Who keeps it cannot be reached now; nothing is wrong with the credential, and a step waits.
    #[error("the credential cannot be opened for a while")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It could not be read, or its use could not be recorded.
    #[error("the credential could not be opened")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StepView {
    /// Opens a credential for this step. One that is not of the `types` that the kind can sign in with is refused.
    pub async fn credential(
        &self,
        services: &Services,
        credential: CredentialId,
        types: &[&str],
    ) -> Result<Opened, NodeError> {
        let asked = CredentialUse {
            tenant: self.info.tenant,
            workflow: self.info.workflow,
            node: self.node().id,
            execution: self.info.execution,
            correlation: self.info.correlation,
            credential,
        };
        open(services, &*self.clock, asked, types).await
    }
}

/// Opens a credential for one call. One that is not of the `types` that the kind can sign in with is refused.
pub(crate) async fn open(
    services: &Services,
    clock: &dyn Clock,
    asked: CredentialUse,
    types: &[&str],
) -> Result<Opened, NodeError> {
    let Some(credentials) = &services.credentials else {
        return Err(NodeError::new("credential", "This installation keeps no credentials.").finally());
    };
    let opened = opened(credentials.as_ref(), clock, asked).await.map_err(|error| not_opened(&error))?;
    if types.contains(&opened.kind.as_str()) {
        return Ok(opened);
    }
    let label = credential::credential_type(&opened.kind).map_or(opened.kind.as_str(), |known| known.label.en);
    let message = format!("This node cannot sign in with a credential of type “{label}”.");
    Err(NodeError::new("credential_type", message).describe("Choose another credential.").finally())
}

/// Waits for an absent database, as every append does. Whoever ends the execution or its process ends this, too.
async fn opened(credentials: &dyn Credentials, clock: &dyn Clock, asked: CredentialUse) -> Result<Opened, NotOpened> {
    let mut pauses = Pauses::default();
    loop {
        match credentials.open(asked).await {
            Err(NotOpened::Unavailable(source)) => {
                tracing::warn!(
                    execution.id = %asked.execution,
                    error = source.as_ref() as &dyn std::error::Error,
                    "A credential has to be opened again."
                );
                pauses.rest(clock).await;
            }
            settled => return settled,
        }
    }
}

fn not_opened(error: &NotOpened) -> NodeError {
    match error {
        NotOpened::Missing => NodeError::new("credential_missing", "The credential of this node was deleted.")
            .describe("Choose another credential.")
            .finally(),
        NotOpened::Unavailable(source) | NotOpened::Fault(source) => {
            tracing::error!(error = source.as_ref() as &dyn std::error::Error, "A credential could not be opened.");
            NodeError::new("credential", "The credential of this node could not be opened right now.")
        }
    }
}

/// The credentials that the nodes of a graph sign in with, each with the nodes that do. A disabled node signs in nowhere, and is
/// enabled by nothing but another version. What is no reference of a credential is a problem of its node and left out here.
pub fn credential_uses(kinds: &Kinds, graph: &Graph) -> BTreeMap<CredentialId, BTreeSet<NodeId>> {
    let mut uses: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for node in graph.nodes.values().filter(|node| !node.disabled) {
        let Ok(kind) = kinds.kind(&node.kind, node.kind_version) else { continue };
        for reference in credential::references(kind.node_kind().descriptor(), &node.parameters) {
            if let Ok(id) = reference.parse() {
                uses.entry(id).or_default().insert(node.id);
            }
        }
    }
    uses
}

/// A credential's reference, or nothing where none was chosen yet.
pub(crate) fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CredentialId>, D::Error> {
    let reference = Option::<String>::deserialize(deserializer)?.filter(|reference| !reference.is_empty());
    let read = |reference: String| reference.parse().map_err(|_| de::Error::custom("it is no credential of the list"));
    reference.map(read).transpose()
}
