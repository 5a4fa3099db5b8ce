//! `credential:use`, asked wherever a person makes a workflow sign in with a credential: on publishing, on executing a draft by
//! hand, on listening for a test call, on an edit that newly names one, and on making a workflow of a file.
//!
//! What a workflow does by itself was permitted when it was published; nobody is asked then.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use weft_engine::kinds::Kinds;
use weft_engine::{Plan, credential_uses};
use weft_graphql::ports::{Fault, Refusal, Rejected};
use weft_import::{Entry, Import, Outcome};
use weft_model::execution::Partial;
use weft_model::workflow::{Definition, Workflow};
use weft_model::{CredentialId, Decider, Graph, Node, NodeId, WorkflowId};
use weft_nodes::ParameterType;
use weft_projections::credentials::{self, CredentialRow};
use weft_scope::Scope;
use weft_tenants::{Action, RequestContext, Resource, can};

use super::faults;

/// The most nodes that a refusal names.
const MOST_NAMED: usize = 5;

type Uses = BTreeMap<CredentialId, BTreeSet<NodeId>>;

/// Whether the person may use every credential of the tenant, so that nothing needs to be looked at.
pub fn may_use_all(context: &RequestContext) -> bool {
    can(context, Action::UseCredential, Resource::Tenant).is_ok()
}

fn may_use(context: &RequestContext, credential: CredentialId) -> bool {
    may_use_all(context) || can(context, Action::UseCredential, Resource::Credential(credential)).is_ok()
}

/// Refuses a graph of which a node signs in with what the person may not use.
pub fn permit(context: &RequestContext, kinds: &Kinds, graph: &Graph) -> Result<(), Refusal> {
    if may_use_all(context) {
        return Ok(());
    }
    judge(context, graph, credential_uses(kinds, graph))
}

/// The nodes that have their turn in an execution by hand: those that a path leads to from the trigger, and from there to where the
/// execution ends. A node with pinned items gives those, and signs in nowhere.
pub fn turns(plan: &Plan, trigger: NodeId, partial: Option<Partial>) -> HashSet<NodeId> {
    let mut reached = plan.reached(trigger, partial.map(|partial| partial.until));
    reached.retain(|node| plan.node(*node).is_none_or(|node| node.pinned.is_none()));
    reached
}

/// Refuses an execution in which a node has its turn that signs in with what the person may not use.
pub fn permit_turns(
    context: &RequestContext,
    kinds: &Kinds,
    graph: &Graph,
    turns: &HashSet<NodeId>,
) -> Result<(), Refusal> {
    judge(context, graph, at(turns, credential_uses(kinds, graph)))
}

/// The workflows that these nodes execute. One that is only known while it is executed is refused: nobody could say what it signs in
/// with.
pub fn called(kinds: &Kinds, graph: &Graph, turns: &HashSet<NodeId>) -> Result<Vec<WorkflowId>, Refusal> {
    let mut called = Vec::new();
    for node in graph.nodes.values().filter(|node| !node.disabled && turns.contains(&node.id)) {
        let Ok(kind) = kinds.kind(&node.kind, node.kind_version) else { continue };
        let parameters = kind.node_kind().descriptor().parameters.iter();
        for parameter in parameters.filter(|parameter| parameter.kind == ParameterType::Workflow) {
            match node.parameters.get(parameter.name).as_str().unwrap_or_default() {
                chosen if chosen.starts_with('=') => {
                    let (name, action) = (&node.name, Action::UseCredential.name());
                    return Err(refused(format!(
                        "The node “{name}” finds out only in the execution which workflow it executes, and your role does not let you \
                         use credentials ({action}). Ask an owner of this tenant."
                    )));
                }
                chosen => called.extend(chosen.parse::<WorkflowId>().ok()),
            }
        }
    }
    Ok(called)
}

/// Refuses a command after which a node signs in with what the person may not use and did not before: by its parameters, or
/// because it was enabled. What others named may stay. A command that is refused anyway is refused in its own words.
pub fn permit_change(
    context: &RequestContext,
    kinds: &Kinds,
    before: &Workflow,
    command: <Workflow as Decider>::Command,
) -> Result<(), Refusal> {
    let Ok(events) = before.decide(command) else { return Ok(()) };
    let mut after = before.clone();
    for event in &events {
        after.evolve(event);
    }
    let (Ok(before), Ok(after)) = (before.live(), after.live()) else { return Ok(()) };
    let (before, after) = (credential_uses(kinds, &before.definition().graph), &after.definition().graph);
    let mut uses = credential_uses(kinds, after);
    for (credential, nodes) in &mut uses {
        nodes.retain(|node| !before.get(credential).is_some_and(|nodes| nodes.contains(node)));
    }
    judge(context, after, uses)
}

fn at(nodes: &HashSet<NodeId>, mut uses: Uses) -> Uses {
    for at in uses.values_mut() {
        at.retain(|node| nodes.contains(node));
    }
    uses
}

fn judge(context: &RequestContext, graph: &Graph, uses: Uses) -> Result<(), Refusal> {
    let kept_from = uses.into_iter().filter(|(credential, _)| !may_use(context, *credential));
    let nodes: BTreeSet<_> = kept_from.flat_map(|(_, nodes)| nodes).collect();
    if nodes.is_empty() {
        return Ok(());
    }
    let named = nodes.iter().take(MOST_NAMED).filter_map(|node| graph.nodes.get(node));
    let mut named: Vec<_> = named.map(|node| format!("“{}”", node.name)).collect();
    if nodes.len() > MOST_NAMED {
        named.push("…".to_owned());
    }
    let (named, action) = (named.join(", "), Action::UseCredential.name());
    Err(refused(format!(
        "Your role does not let you use the credential of {named} ({action}). Ask an owner of this tenant, or choose another \
         credential in that node."
    )))
}

fn refused(message: String) -> Refusal {
    Refusal::Rejected(Rejected { code: "credential_forbidden".to_owned(), message, field: None })
}

/// The credentials that a definition names, also where a node is disabled or signs in in another way for now.
pub fn named(kinds: &Kinds, definition: &Definition) -> BTreeSet<CredentialId> {
    let nodes = definition.graph.nodes.values();
    nodes.flat_map(|node| chosen(kinds, node)).map(|(_, credential)| credential).collect()
}

/// Lets the nodes of a file that names credentials without holding them sign in with those of this tenant that are called so and have
/// the same type, as far as the person may use them.
pub async fn choose(
    context: &RequestContext,
    (scope, kinds): (&Scope, &Kinds),
    imports: &mut [Import],
) -> Result<(), Fault> {
    let wanted = imports.iter().flat_map(|import| &import.credentials).map(|named| named.name.as_str());
    let wanted: Vec<_> = wanted.collect::<BTreeSet<_>>().into_iter().collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut rows = weft_projections::reading(scope, context.tenant).await.map_err(faults::reading)?;
    let known = credentials::named(context.tenant, &mut rows, &wanted).await.map_err(faults::reading)?;
    drop(rows);
    for import in imports {
        import.sign_in(kinds.catalogue(), |named| {
            let is_meant = |row: &&CredentialRow| row.name == named.name && row.kind == named.kind;
            known.iter().find(is_meant).map(|row| row.id).filter(|credential| may_use(context, *credential))
        });
    }
    Ok(())
}

/// Leaves the credentials of a file unset that the person may not use, or that are none of this tenant's `known` ones, and says
/// so at each node.
pub fn unset(context: &RequestContext, kinds: &Kinds, known: &HashSet<CredentialId>, import: &mut Import) {
    for node in import.definition.graph.nodes.values_mut() {
        for (parameter, credential) in chosen(kinds, node) {
            let message = if !known.contains(&credential) {
                "The credential of this node is none of this tenant's. Choose one for this node."
            } else if !may_use(context, credential) {
                "Your role does not let you use the credential of this node. Choose another one."
            } else {
                continue;
            };
            let mut parameters = node.parameters.as_object().cloned().unwrap_or_default();
            parameters.remove(parameter);
            node.parameters = parameters.into();
            let (node, message) = (Some(node.name.clone()), message.to_owned());
            import.report.push(Entry { node, outcome: Outcome::LeftOut, message });
        }
    }
}

/// The parameters of a node that name a credential, shown or not.
fn chosen(kinds: &Kinds, node: &Node) -> Vec<(&'static str, CredentialId)> {
    let Ok(kind) = kinds.kind(&node.kind, node.kind_version) else { return Vec::new() };
    let parameters = kind.node_kind().descriptor().parameters.iter();
    let chooses = parameters.filter(|parameter| parameter.kind == ParameterType::Credential);
    let read = |name: &'static str| Some((name, node.parameters.get(name).as_str()?.parse().ok()?));
    chooses.filter_map(|parameter| read(parameter.name)).collect()
}
