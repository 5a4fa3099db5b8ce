//! Which workflow a hook starts.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_engine::{ExecutionPages, ResumeAddress};
use weft_event_log::{LogFault, RouteMatch, SystemLog};
use weft_graphql::GlobalId;
use weft_graphql::ports::Webhook;
use weft_model::workflow::Definition;
use weft_model::{HookId, NodeId, TenantId, WorkflowId};
use weft_value::Value;

/// The kind whose address is a page.
const FORM: &str = "formTrigger";
/// The kind that takes the messages of a conversation, and what its address ends with.
const CHAT: &str = "chatTrigger";
const CHAT_PATH: &str = "chat";
/// How long a route is believed. A publication by this process is seen at once; one by another process after so long.
const BELIEVED_FOR: Duration = Duration::from_secs(1);
/// Hooks that are remembered; whoever tries addresses at random does not fill memory.
const REMEMBERED: u64 = 50_000;

/// The unguessable part of webhook addresses. It belongs to (workflow, node) for ever, through publish and rename, and a copy
/// gets another one, without being stored anywhere: it is a keyed digest of the three identities.
#[derive(Clone)]
pub struct HookAddresses {
    secret: [u8; 32],
    base_url: Arc<str>,
}

impl HookAddresses {
    /// With the secret that makes addresses unguessable, and the address of the installation.
    pub fn new(secret: [u8; 32], base_url: &str) -> Self {
        Self { secret, base_url: base_url.trim_end_matches('/').into() }
    }

    /// How this installation is spoken to, `https` for instance.
    pub fn scheme(&self) -> &str {
        self.base_url.split_once("://").map_or("http", |(scheme, _)| scheme)
    }

    /// The hook of a webhook node.
    pub fn of(&self, tenant: TenantId, workflow: WorkflowId, node: NodeId) -> HookId {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.digest(&[tenant.0.as_bytes(), workflow.0.as_bytes(), node.0.as_bytes()])[..16]);
        HookId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Where a tenant's waiting executions are called.
    pub fn resume(&self, tenant: TenantId, slug: &str) -> ResumeAddress {
        let base = format!("{}/hooks", tenant_address(&self.base_url, slug));
        ResumeAddress::new(&base, self.digest(&[b"waiting", tenant.0.as_bytes()]))
    }

    /// Where people look at a tenant's executions.
    pub fn pages(&self, slug: &str) -> ExecutionPages {
        let site = tenant_address(&self.base_url, slug);
        ExecutionPages::new(move |execution| {
            let id = GlobalId::from(execution).encode();
            format!("{site}/executions/{}", id.replace('=', "%3D").replace('+', "%2B").replace('/', "%2F"))
        })
    }

    /// A keyed digest.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new().chain_update(self.secret);
        for part in parts {
            hash.update(part);
        }
        // A second pass under the key: a plain digest of key and message could be extended (RFC 2104).
        let inner = hash.finalize();
        Sha256::new().chain_update(self.secret.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }

    /// Where the published version listens.
    pub fn production_url(&self, slug: &str, hook: HookId, path: &str) -> String {
        join(&format!("{}/hooks/{hook}", tenant_address(&self.base_url, slug)), path)
    }

    /// Where the draft listens while somebody waits in the editor.
    pub fn test_url(&self, slug: &str, hook: HookId, path: &str) -> String {
        join(&format!("{}/hooks/test/{hook}", tenant_address(&self.base_url, slug)), path)
    }

    /// Where each webhook node of a definition listens.
    pub fn of_definition(
        &self,
        (tenant, slug): (TenantId, &str),
        workflow: WorkflowId,
        definition: &Definition,
    ) -> Vec<Webhook> {
        let nodes = definition.graph.nodes.values().filter(|node| is_called(&node.kind));
        let listening = nodes.map(|node| {
            let hook = self.of(tenant, workflow, node.id);
            let text = |name: &str, default: &str| node.parameters.get(name).as_str().unwrap_or(default).to_owned();
            let (path, method) = match node.kind.as_str() {
                FORM => (text("path", ""), "GET".to_owned()),
                CHAT => (CHAT_PATH.to_owned(), "POST".to_owned()),
                _ => (text("path", ""), methods_of(&node.parameters)),
            };
            Webhook {
                node: node.id,
                method,
                test_url: self.test_url(slug, hook, &path),
                production_url: self.production_url(slug, hook, &path),
            }
        });
        listening.collect()
    }
}

/// The methods that a webhook takes, as people read them.
fn methods_of(parameters: &Value) -> String {
    if parameters.get("multipleMethods").as_bool() != Some(true) {
        return parameters.get("httpMethod").as_str().unwrap_or("GET").to_owned();
    }
    let several = parameters.get("httpMethods").as_array();
    let named: Option<Vec<&str>> = several.map(|methods| methods.iter().filter_map(Value::as_str).collect());
    named.unwrap_or_else(|| vec!["GET", "POST"]).join(", ")
}

/// Whether nodes of this kind have an address.
pub fn is_called(kind: &str) -> bool {
    kind == "webhook" || kind == FORM || kind == CHAT
}

/// A tenant's own address: the slug before the installation's host.
pub fn tenant_address(base_url: &str, slug: &str) -> String {
    match base_url.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{slug}.{rest}"),
        None => format!("http://{slug}.{base_url}"),
    }
}

fn join(address: &str, path: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() { address.to_owned() } else { format!("{address}/{path}") }
}

/// Routes, remembered for a moment.
pub struct Routes {
    log: Arc<dyn SystemLog>,
    known: Cache<(TenantId, HookId), Arc<[RouteMatch]>>,
}

impl Routes {
    /// Routes of the log.
    pub fn new(log: Arc<dyn SystemLog>) -> Self {
        let known =
            Cache::builder().max_capacity(REMEMBERED).time_to_live(BELIEVED_FOR).support_invalidation_closures();
        Self { log, known: known.build() }
    }

    /// The routes of a hook; none for a hook that nobody has, which is not remembered: it may be published a moment later.
    pub async fn of(&self, tenant: TenantId, hook: HookId) -> Result<Arc<[RouteMatch]>, LogFault> {
        if let Some(routes) = self.known.get(&(tenant, hook)).await {
            return Ok(routes);
        }
        let routes: Arc<[RouteMatch]> = self.log.trigger_routes(tenant, hook).await?.into();
        if !routes.is_empty() {
            self.known.insert((tenant, hook), Arc::clone(&routes)).await;
        }
        Ok(routes)
    }

    /// A workflow's routes changed.
    pub fn forget_workflow(&self, tenant: TenantId, workflow: WorkflowId) {
        // The predicate is registered and applied lazily; it cannot fail, since closures are supported above.
        let is_of = move |key: &(TenantId, HookId), routes: &Arc<[RouteMatch]>| {
            key.0 == tenant && routes.iter().any(|route| route.workflow == workflow)
        };
        let _ = self.known.invalidate_entries_if(is_of);
    }
}

/// A hook as it stands in an address.
pub fn parse_hook(text: &str) -> Option<HookId> {
    Uuid::try_parse(text).ok().map(HookId)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn an_address_stays_the_same_and_a_copy_gets_another() {
        let hooks = HookAddresses::new([7; 32], "http://localhost:8080/");
        let hook = hooks.of(TenantId(id(1)), WorkflowId(id(2)), NodeId(id(3)));
        assert_eq!(hook, hooks.of(TenantId(id(1)), WorkflowId(id(2)), NodeId(id(3))));
        assert_ne!(hook, hooks.of(TenantId(id(1)), WorkflowId(id(4)), NodeId(id(3))));
        assert_ne!(hook, HookAddresses::new([8; 32], "").of(TenantId(id(1)), WorkflowId(id(2)), NodeId(id(3))));
        assert_eq!(
            hooks.production_url("acme", hook, "/orders/:id"),
            format!("http://acme.localhost:8080/hooks/{hook}/orders/:id")
        );
        assert_eq!(hooks.test_url("acme", hook, ""), format!("http://acme.localhost:8080/hooks/test/{hook}"));
    }
}
