//! The schema: every noun, once.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, Schema};
use weft_scope::Scope;

use crate::audit::AuditQueries;
use crate::credential::{CredentialMutations, CredentialQueries};
use crate::execution::{ExecutionMutations, ExecutionQueries};
use crate::expression::ExpressionQueries;
use crate::import::{ImportMutations, ImportQueries};
use crate::limits::{Limits, NamedLimits};
use crate::live::LiveSubscriptions;
use crate::member::{MemberMutations, MemberQueries};
use crate::node::NodeQueries;
use crate::node_kind::NodeKindQueries;
use crate::per_language::PerLanguage;
use crate::ports::Ports;
use crate::session::State;
use crate::tenant::{TenantMutations, TenantQueries};
use crate::usage::UsageQueries;
use crate::variable::{VariableMutations, VariableQueries};
use crate::viewer::ViewerQueries;
use crate::workflow::{WorkflowMutations, WorkflowQueries};

/// What can be read.
// In two halves: every noun in a row nests the type of an answer one level deeper, and the compiler counts.
#[derive(MergedObject, Default)]
pub struct Query(WorkQueries, TenantWideQueries);

/// Workflows and what became of them.
#[derive(MergedObject, Default)]
pub struct WorkQueries(
    NodeQueries,
    ViewerQueries,
    WorkflowQueries,
    ImportQueries,
    ExecutionQueries,
    NodeKindQueries,
    ExpressionQueries,
);

/// What belongs to the tenant as a whole.
#[derive(MergedObject, Default)]
pub struct TenantWideQueries(
    TenantQueries,
    MemberQueries,
    VariableQueries,
    CredentialQueries,
    UsageQueries,
    AuditQueries,
);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    WorkflowMutations,
    ImportMutations,
    ExecutionMutations,
    VariableMutations,
    CredentialMutations,
    MemberMutations,
    TenantMutations,
);

/// What can be watched.
#[derive(MergedSubscription, Default)]
pub struct Subscription(LiveSubscriptions);

/// The schema that is served.
pub type WeftSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema over its ports. Every request brings [`crate::session_data`].
pub fn schema(ports: Ports, scope: Scope, limits: Limits) -> WeftSchema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .data(Arc::new(State {
            ports,
            scope,
            hubs: Arc::default(),
            gathering: limits.gathering,
            kinds: PerLanguage::default(),
            credential_types: PerLanguage::default(),
            expression_entries: PerLanguage::default(),
        }))
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        .limit_directives(limits.directives)
        .extension(NamedLimits(limits))
        .finish()
}
