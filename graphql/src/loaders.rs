//! What several fields of one answer ask for is asked in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use weft_model::workflow::Definition;
use weft_model::{Actor, CredentialId, ExecutionId, IdentityId, MemberId, PayloadId, StreamVersion, WorkflowId};
use weft_projections::calls::{self, CallRow};
use weft_projections::executions::{self, ExecutionRow, Statistics, StepRow};
use weft_projections::members::{self, MemberRow};
use weft_projections::workflows::{self, PublishedRow, UndoState, WorkflowRow};
use weft_projections::{QueryFault, reading};
use weft_scope::Scope;
use weft_tenants::RequestContext;

use crate::ports::{Credentials, Fault, Parts, Payloads, People, Person, ShownField};

/// Reads for one request.
pub(crate) struct Loaders {
    pub scope: Scope,
    pub context: RequestContext,
    pub people: Arc<dyn People>,
    pub payloads: Arc<dyn Payloads>,
    pub credentials: Arc<dyn Credentials>,
}

/// One key type for each question; async-graphql tells questions apart by the type of their keys.
macro_rules! questions {
    ($($(#[$doc:meta])* $key:ident($($field:ty),+) => $value:ty, |$loaders:ident, $rows:ident, $keys:ident| $ask:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $key($(pub $field),+);

        impl Loader<$key> for Loaders {
            type Value = $value;
            type Error = Arc<QueryFault>;

            async fn load(&self, $keys: &[$key]) -> Result<HashMap<$key, $value>, Self::Error> {
                let $loaders = self;
                let mut $rows = reading(&self.scope, self.context.tenant).await?;
                let answer: Result<HashMap<$key, $value>, QueryFault> = async { $ask }.await;
                answer.map_err(Arc::new)
            }
        }
    )+};
}

questions! {
    /// A workflow's row.
    WorkflowOf(WorkflowId) => WorkflowRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = workflows::by_ids(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (WorkflowOf(id), row)).collect())
    };
    /// A workflow's draft.
    DraftOf(WorkflowId) => Arc<Definition>, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = workflows::definitions(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, definition)| (DraftOf(id), Arc::new(definition))).collect())
    };
    /// A published version.
    VersionOf(WorkflowId, u32) => Arc<PublishedRow>, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = workflows::published(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|((id, number), row)| (VersionOf(id, number), Arc::new(row))).collect())
    };
    /// An earlier draft. A page shows one, so there is no statement for many.
    DraftAt(WorkflowId, StreamVersion) => Arc<Definition>, |it, rows, keys| {
        let mut found = HashMap::new();
        for key in keys {
            if let Some(definition) = workflows::draft_at(it.context.tenant, &mut rows, key.0, key.1).await? {
                found.insert(*key, Arc::new(definition));
            }
        }
        Ok(found)
    };
    /// What the one who asks can take back or make again.
    UndoOf(WorkflowId, Actor) => UndoState, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let who = it.context.actor;
        let found = workflows::undo_states(it.context.tenant, &mut rows, &ids, who).await?;
        Ok(found.into_iter().map(|(id, state)| (UndoOf(id, who), state)).collect())
    };
    /// How a workflow's executions since a day ended. Fields of one answer ask for the same day, or few.
    StatisticsOf(WorkflowId, Date) => Statistics, |it, rows, keys| {
        let mut days: HashMap<Date, Vec<WorkflowId>> = HashMap::new();
        for StatisticsOf(id, day) in keys {
            days.entry(*day).or_default().push(*id);
        }
        let mut found = HashMap::new();
        for (day, ids) in days {
            let statistics = executions::statistics(it.context.tenant, &mut rows, &ids, day).await?;
            found.extend(statistics.into_iter().map(|(id, statistics)| (StatisticsOf(id, day), statistics)));
        }
        Ok(found)
    };
    /// An execution's row.
    ExecutionOf(ExecutionId) => ExecutionRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = executions::by_ids(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (ExecutionOf(id), row)).collect())
    };
    /// Who asked for an execution.
    CallerOf(ExecutionId) => CallRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = calls::callers(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (CallerOf(id), row)).collect())
    };
    /// A workflow's newest execution.
    LatestOf(WorkflowId) => ExecutionRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = executions::latest_of_workflows(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (LatestOf(id), row)).collect())
    };
    /// An execution's steps.
    StepsOf(ExecutionId) => Arc<Vec<StepRow>>, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = executions::steps(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, steps)| (StepsOf(id), Arc::new(steps))).collect())
    };
    /// A member's row.
    MemberOf(MemberId) => MemberRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = members::by_ids(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (MemberOf(id), row)).collect())
    };
    /// Whether somebody is or was a member.
    MembershipOf(IdentityId) => MemberRow, |it, rows, keys| {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = members::by_identities(it.context.tenant, &mut rows, &ids).await?;
        Ok(found.into_iter().map(|(id, row)| (MembershipOf(id), row)).collect())
    };
}

/// Who an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PersonOf(pub IdentityId);

impl Loader<PersonOf> for Loaders {
    type Value = Person;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[PersonOf]) -> Result<HashMap<PersonOf, Person>, Self::Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.people.people(&self.context, &ids).await?;
        Ok(found.into_iter().map(|(id, person)| (PersonOf(id), person)).collect())
    }
}

/// What may be shown of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShownOf(pub CredentialId);

impl Loader<ShownOf> for Loaders {
    type Value = Arc<Vec<ShownField>>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[ShownOf]) -> Result<HashMap<ShownOf, Self::Value>, Self::Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.credentials.shown(&self.context, &ids).await?;
        Ok(found.into_iter().map(|(id, fields)| (ShownOf(id), Arc::new(fields))).collect())
    }
}

/// The items and printed lines of one append. The steps of an answer often share it, and each side of each step asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PayloadOf(pub PayloadId);

/// How many payloads are fetched at once for one answer.
const PAYLOADS_AT_ONCE: usize = 4;

impl Loader<PayloadOf> for Loaders {
    type Value = Parts;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[PayloadOf]) -> Result<HashMap<PayloadOf, Parts>, Self::Error> {
        let payload = |key: PayloadOf| async move {
            let parts = self.payloads.payload(&self.context, key.0).await?;
            Ok::<_, Fault>(parts.map(|parts| (key, parts)))
        };
        let found = stream::iter(keys.to_vec()).map(payload).buffer_unordered(PAYLOADS_AT_ONCE);
        found.try_filter_map(|found| async { Ok(found) }).try_collect().await.map_err(Arc::new)
    }
}

/// The answer to one question, or a masked fault.
pub(crate) async fn load<K>(
    context: &async_graphql::Context<'_>,
    key: K,
) -> async_graphql::Result<Option<<Loaders as Loader<K>>::Value>>
where
    K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    Loaders: Loader<K>,
    <Loaders as Loader<K>>::Error: crate::fault::Masked,
{
    let session = crate::session::session(context)?;
    session.loaders.load_one(key).await.map_err(|fault| crate::fault::mask(context, &fault))
}
