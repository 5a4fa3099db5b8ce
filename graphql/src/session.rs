//! What a request brings with it, and how resolvers reach it.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Data, Result};
use weft_model::{MemberId, TenantId};
use weft_projections::QueryFault;
use weft_scope::{Scope, TenantTransaction};
use weft_tenants::RequestContext;

use crate::credential::CredentialType;
use crate::expression::ExpressionEntry;
use crate::fault::mask;
use crate::live::Hubs;
use crate::loaders::Loaders;
use crate::node_kind::NodeKind;
use crate::per_language::PerLanguage;
use crate::ports::Ports;

/// The language that a person reads, `en` or `fr-CA` for instance (RFC 5646).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(pub String);

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// One request, or one operation on a WebSocket.
pub(crate) struct Session {
    pub context: RequestContext,
    pub language: Language,
    pub loaders: DataLoader<Loaders>,
}

/// The data of a request: put it into the request (`request.data = …`). What its sender may do is fixed with it, so that every
/// operation on a WebSocket gets its own, and a subscription ends when the sender's role does.
pub fn session_data(schema: &crate::WeftSchema, context: RequestContext, language: Language) -> Data {
    let mut data = Data::default();
    if let Some(state) = schema.data::<Arc<State>>() {
        let ports = &state.ports;
        let (people, payloads, credentials) = (ports.people.clone(), ports.payloads.clone(), ports.credentials.clone());
        let loaders = Loaders { scope: state.scope.clone(), context, people, payloads, credentials };
        data.insert(Session {
            context,
            language,
            loaders: DataLoader::new(loaders, tokio::spawn).delay(state.gathering),
        });
    }
    data
}

/// What the whole schema knows.
pub(crate) struct State {
    pub ports: Ports,
    pub scope: Scope,
    pub hubs: Arc<Hubs>,
    pub gathering: std::time::Duration,
    pub kinds: PerLanguage<NodeKind>,
    pub credential_types: PerLanguage<CredentialType>,
    pub expression_entries: PerLanguage<ExpressionEntry>,
}

pub(crate) fn state<'a>(context: &Context<'a>) -> Result<&'a Arc<State>> {
    context.data::<Arc<State>>()
}

pub(crate) fn ports<'a>(context: &Context<'a>) -> Result<&'a Ports> {
    Ok(&context.data::<Arc<State>>()?.ports)
}

pub(crate) fn session<'a>(context: &Context<'a>) -> Result<&'a Session> {
    context.data::<Session>()
}

pub(crate) fn request<'a>(context: &Context<'a>) -> Result<&'a RequestContext> {
    Ok(&session(context)?.context)
}

pub(crate) fn tenant(context: &Context<'_>) -> Result<TenantId> {
    Ok(request(context)?.tenant)
}

/// The member who asks; `None` when it is the platform.
pub(crate) fn viewer(context: &RequestContext) -> Option<MemberId> {
    if let weft_model::Actor::Member(member) = context.actor { Some(member) } else { None }
}

/// A transaction that reads the tenant's live rows.
pub(crate) async fn reading(context: &Context<'_>) -> Result<TenantTransaction> {
    let tenant = tenant(context)?;
    weft_projections::reading(&state(context)?.scope, tenant).await.map_err(|fault| mask(context, &fault))
}

/// The rows that a query gave, or a masked fault.
pub(crate) fn asked<T>(context: &Context<'_>, outcome: Result<T, QueryFault>) -> Result<T> {
    outcome.map_err(|fault| mask(context, &fault))
}
