//! Credentials that a foreign file names and does not hold.

use weft_model::{CredentialId, NodeId};
use weft_nodes::Catalogue;
use weft_nodes::credential::chooser;

use crate::{Import, Outcome};

/// What a node signed in with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCredential {
    /// The node, one of ours by now.
    pub node: NodeId,
    /// Our type that holds the same.
    pub kind: &'static str,
    /// What people called it.
    pub name: String,
    /// Where the report says that one is to be chosen.
    pub(crate) entry: usize,
}

impl Import {
    /// Lets nodes sign in with what `find` knows of the same name and type, and says so where the report said that a credential is
    /// to be chosen. One that nothing is found for stays to be chosen.
    pub fn sign_in(&mut self, catalogue: &Catalogue, find: impl Fn(&NamedCredential) -> Option<CredentialId>) {
        for named in std::mem::take(&mut self.credentials) {
            let Some(credential) = find(&named) else { continue };
            let Some(node) = self.definition.graph.nodes.get_mut(&named.node) else { continue };
            let Ok(kind) = catalogue.kind(&node.kind, node.kind_version) else { continue };
            let Some(parameter) = chooser(kind.descriptor(), &node.parameters, named.kind) else { continue };
            let mut parameters = node.parameters.as_object().cloned().unwrap_or_default();
            if parameters.get(parameter).is_some_and(|chosen| !chosen.is_nullish()) {
                continue;
            }
            parameters.insert(parameter, credential.to_string());
            node.parameters = parameters.into();
            if let Some(entry) = self.report.get_mut(named.entry) {
                entry.outcome = Outcome::Mapped;
                entry.message = format!("It signs in with the credential “{}” of this tenant.", named.name);
            }
        }
    }
}
