//! Workflows: the list, the draft as it is, every published version, and the changes that led there.
//!
//! The draft of any earlier version can be read: it is the newest fixed definition before it (as created, or as published)
//! and the changes since.

mod query;
mod write;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::workflow::{Definition, EditCause, WorkflowEvent};
use weft_model::{Actor, Event, MemberId, StreamVersion, TenantId, WorkflowId};

pub use query::{
    Cursor, Filter, Order, PublishedRow, UndoState, WorkflowRow, WorkflowState, by_ids, count, definitions, draft_at,
    list, published, undo_states,
};

use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Workflows;

#[async_trait]
impl Projection for Workflows {
    fn name(&self) -> &'static str {
        "workflows"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("workflow.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        let touched = facts.iter().filter(|fact| matches!(fact.event, Event::Workflow(_)));
        let known = touched.clone().map(|fact| WorkflowId(fact.stream.0)).collect::<std::collections::BTreeSet<_>>();
        let mut states = write::load(tenant, connection, &known).await?;
        for fact in touched {
            if let Event::Workflow(event) = &fact.event {
                apply(tenant, connection, &mut states, fact, event).await?;
            }
        }
        for state in states.values() {
            write::store(tenant, connection, state).await?;
        }
        Ok(())
    }
}

/// A workflow as far as its events were folded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub row: WorkflowRow,
    pub definition: Definition,
}

async fn apply(
    tenant: TenantId,
    connection: &mut PgConnection,
    states: &mut HashMap<WorkflowId, State>,
    fact: &Fact,
    event: &WorkflowEvent,
) -> Result<(), FoldFault> {
    let id = WorkflowId(fact.stream.0);
    if let WorkflowEvent::Created { definition } = event {
        let state = created(fact, definition);
        write::fixed(tenant, connection, &state, fact, None).await?;
        states.insert(id, state);
        return Ok(());
    }
    let state = states.get_mut(&id).ok_or_else(|| FoldFault::Poison {
        position: fact.position,
        reason: "the workflow was never created".to_owned(),
    })?;
    evolve(state, fact, event);
    match event {
        WorkflowEvent::Edited { group, by, cause, changes } => {
            let edit = write::Edit { group: *group, by: *by, cause: *cause, changes };
            write::edit(tenant, connection, id, fact, &edit).await
        }
        WorkflowEvent::Published { number, draft, digest: _ } => {
            publish(tenant, connection, state, fact, (*number, *draft)).await
        }
        WorkflowEvent::Created { .. }
        | WorkflowEvent::Activated { .. }
        | WorkflowEvent::Deactivated {}
        | WorkflowEvent::Archived {} => Ok(()),
    }
}

fn created(fact: &Fact, definition: &Definition) -> State {
    let owner = if let Actor::Member(member) = fact.actor { Some(member) } else { None::<MemberId> };
    State {
        row: WorkflowRow {
            id: WorkflowId(fact.stream.0),
            name: definition.name.clone(),
            state: WorkflowState::Draft,
            is_archived: false,
            draft_version: fact.version,
            published: None,
            published_draft: None,
            kinds: kinds(definition),
            created_at: fact.recorded_at,
            changed_at: fact.recorded_at,
            owner,
            position: fact.position,
        },
        definition: definition.clone(),
    }
}

fn evolve(state: &mut State, fact: &Fact, event: &WorkflowEvent) {
    let row = &mut state.row;
    row.position = fact.position;
    row.changed_at = fact.recorded_at;
    match event {
        WorkflowEvent::Created { .. } => {}
        WorkflowEvent::Edited { changes, .. } => {
            for change in changes {
                state.definition.apply(change);
            }
            row.draft_version = fact.version;
            row.name.clone_from(&state.definition.name);
            row.kinds = kinds(&state.definition);
        }
        WorkflowEvent::Published { number, draft, digest: _ } => {
            row.published = Some(*number);
            row.published_draft = Some(*draft);
            row.state = WorkflowState::Published;
        }
        WorkflowEvent::Activated { number: _ } => row.state = WorkflowState::Published,
        WorkflowEvent::Deactivated {} => row.state = WorkflowState::Paused,
        WorkflowEvent::Archived {} => row.is_archived = true,
    }
}

/// Fixes the definition that was published: the draft as it is, or as it was when somebody edited meanwhile.
async fn publish(
    tenant: TenantId,
    connection: &mut PgConnection,
    state: &State,
    fact: &Fact,
    (number, draft): (u32, StreamVersion),
) -> Result<(), FoldFault> {
    if draft >= state.row.draft_version {
        return write::fixed(tenant, connection, state, fact, Some((number, draft))).await;
    }
    let earlier = query::draft_at(tenant, connection, state.row.id, draft).await?;
    let definition = earlier.ok_or_else(|| FoldFault::Poison {
        position: fact.position,
        reason: format!("there is no draft of version {}", draft.0),
    })?;
    let state = State { row: state.row.clone(), definition };
    write::fixed(tenant, connection, &state, fact, Some((number, draft))).await
}

/// The kinds of the nodes, each once, in the order of the nodes.
fn kinds(definition: &Definition) -> Vec<String> {
    let mut kinds = Vec::<String>::new();
    for node in definition.graph.nodes.values() {
        if !kinds.contains(&node.kind) {
            kinds.push(node.kind.clone());
        }
    }
    kinds
}

/// The word for a cause in the column `cause`.
pub(crate) fn cause_word(cause: EditCause) -> &'static str {
    match cause {
        EditCause::Edit => "edit",
        EditCause::Undo => "undo",
        EditCause::Redo => "redo",
    }
}
