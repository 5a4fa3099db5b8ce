//! Who may do what, field by field: generated from the SDL, kept as a snapshot. A new field changes the snapshot.

use std::collections::{HashMap, VecDeque};

use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{PathSegment, ServerError};
use futures_util::StreamExt;
use serde_json::Value;
use weft_model::credential::{CredentialEvent, TestOutcome};
use weft_model::execution::{ExecutionEvent, Parent, Part, StepKey};
use weft_model::member::Role;
use weft_model::variable::VariableEvent;
use weft_model::workflow::{Change, EditCause, WorkflowEvent};
use weft_model::{CredentialId, Event, ExecutionId, GroupId, Retry, VariableId};
use weft_projections::testing::{End, Story, step_error, step_succeeded};

use super::sdl::sdl;
use super::stage::{Stage, by};
use crate::id::global;
use crate::{Language, session_data};

const ROOTS: [&str; 3] = ["Query", "Subscription", "Mutation"];
const ROLES: [Role; 5] = [Role::Owner, Role::Admin, Role::Editor, Role::Operator, Role::Viewer];

struct Ids {
    workflow: String,
    execution: String,
    node: String,
}

/// A document with a place for a field.
#[derive(Clone)]
struct Path {
    before: String,
    after: String,
}

impl Path {
    fn root(operation: &str) -> Self {
        Self { before: format!("{operation} {{ "), after: " }".to_owned() }
    }

    /// From the object that this path reaches through one of its fields to an object of a type.
    fn through(&self, field: &str, to: &str) -> Self {
        Self { before: format!("{}{field} {{ ... on {to} {{ ", self.before), after: format!(" }} }}{}", self.after) }
    }

    /// The document that asks for a field; the answer names it so that it can be found.
    fn probe(&self, field: &str) -> String {
        format!("{}{PROBE}: {field}{}", self.before, self.after)
    }
}

/// What the field in question is called in an answer.
const PROBE: &str = "probe";

/// A tenant in which there is something of everything.
fn everything() -> (Story, Ids) {
    let mut story = Story::of(1);
    story.founded("acme");
    story.joined(Role::Owner);
    let (workflow, nodes) = story.drawn("Orders");
    if let Some(Event::Workflow(WorkflowEvent::Created { definition })) =
        story.facts.last_mut().map(|fact| &mut fact.event)
    {
        definition.graph.nodes[&nodes[1]].retry = Some(Retry { max_attempts: 2, wait_ms: 10 });
    }
    let items = serde_json::from_value(serde_json::json!([{ "json": { "is": PINNED } }])).unwrap();
    let changes = vec![Change::ItemsPinned { node: nodes[0], items }];
    let (group, by) = (GroupId(story.id()), story.actor);
    let edited = story.tell(workflow, WorkflowEvent::Edited { group, by, cause: EditCause::Edit, changes });
    let draft = edited.version;
    story.published(workflow, 1, draft);
    let variable = VariableId(story.id());
    story.tell(variable, VariableEvent::Set { name: "colour".into(), value: "red".into() });
    let caller = story.executed(workflow, nodes, End::Open);
    let parent = Parent { execution: caller, node: nodes[1], iteration: 0, item: None, signal: None, depth: 1 };
    let execution = ExecutionId(story.id());
    story.asked_for(execution, workflow, nodes[0], parent);
    let at = story.now;
    let credential = CredentialId(story.id());
    story.tell(credential, CredentialEvent::Created { name: "Shop".into(), kind: "basic".into() });
    story.tell(credential, CredentialEvent::Tested { version: 1, outcome: TestOutcome::Accepted, at });
    let step = StepKey { node: nodes[1], iteration: 0, attempt: 1 };
    let mut printed = step_succeeded(step, nodes[0], at);
    if let ExecutionEvent::StepSucceeded { log, .. } = &mut printed {
        *log = Some(Part { part: 2, count: 1 });
    }
    story.tell(execution, printed);
    story.tell(execution, ExecutionEvent::Failed { error: step_error(nodes[1]), at });
    let (node, execution) = (nodes[1].to_string(), global(execution).to_string());
    let ids = Ids { workflow: global(workflow).to_string(), execution, node };
    (story, ids)
}

/// A word in items that are pinned.
const PINNED: &str = "pinned-item";

#[tokio::test]
async fn the_matrix_of_roles_and_fields() {
    let stage = Stage::new().await;
    let (story, ids) = everything();
    stage.told(&story).await;
    let document = async_graphql::parser::parse_schema(sdl()).unwrap();
    let types: Vec<TypeDefinition> = document
        .definitions
        .into_iter()
        .filter_map(|definition| if let TypeSystemDefinition::Type(of) = definition { Some(of.node) } else { None })
        .collect();
    let paths = paths(&stage, &story, &types, &ids).await;
    let mut lines = Vec::new();
    for (definition, fields) in objects(&types) {
        let name = definition.name.node.as_str();
        let path = paths.get(name).unwrap_or_else(|| panic!("no answer holds a {name}: put one into everything()"));
        for field in fields {
            let who = who_may(&stage, &story, &path.probe(&call(field, &types, &ids))).await;
            lines.push(format!("{:<48} {who}", format!("{name}.{}", field.name.node)));
        }
    }
    let who = who_sees_pinned_items(&stage, &story, &ids).await;
    lines.push(format!("{:<48} {who}", "WorkflowChange.data, pinned items"));
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

fn objects(types: &[TypeDefinition]) -> impl Iterator<Item = (&TypeDefinition, Vec<&FieldDefinition>)> {
    types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Object(object) => Some((definition, object.fields.iter().map(|field| &field.node).collect())),
        _ => None,
    })
}

/// For each object type a document that an owner finds an object of it with, one of the shortest.
async fn paths(stage: &Stage, story: &Story, types: &[TypeDefinition], ids: &Ids) -> HashMap<String, Path> {
    let roots = [("Query", "query"), ("Subscription", "subscription"), ("Mutation", "mutation")];
    let roots = roots.map(|(name, operation)| (name.to_owned(), Path::root(operation)));
    let mut found = HashMap::from(roots.clone());
    let mut next = VecDeque::from(roots);
    while let Some((name, path)) = next.pop_front() {
        let object = objects(types).find(|(definition, _)| definition.name.node == name.as_str());
        for field in object.into_iter().flat_map(|(_, fields)| fields) {
            for to in possible(base(&field.ty.node), types) {
                // Payloads of one type are refused differently by different mutations, so that each of them is followed.
                if found.contains_key(to) && !ROOTS.contains(&name.as_str()) {
                    continue;
                }
                let longer = path.through(&asked(field, types, ids), to);
                if reaches(stage, story, Role::Owner, &longer.probe("__typename")).await == Reached::Yes {
                    found.entry(to.to_owned()).or_insert_with(|| longer.clone());
                    next.push_back((to.to_owned(), longer));
                }
            }
        }
    }
    found
}

/// The object types that a value of a type may be of.
fn possible<'a>(name: &'a str, types: &'a [TypeDefinition]) -> Vec<&'a str> {
    let Some(definition) = types.iter().find(|definition| definition.name.node == name) else { return vec![] };
    match &definition.kind {
        TypeKind::Object(_) => vec![name],
        TypeKind::Union(union) => union.members.iter().map(|member| member.node.as_str()).collect(),
        TypeKind::Interface(_) => {
            let implements = |of: &TypeKind| matches!(of, TypeKind::Object(object) if object.implements.iter().any(|it| it.node == name));
            types.iter().filter(|it| implements(&it.kind)).map(|it| it.name.node.as_str()).collect()
        }
        _ => vec![],
    }
}

/// Whether an answer got as far as the field in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    Yes,
    Forbidden,
    /// What it is part of is not there.
    No,
}

async fn reaches(stage: &Stage, story: &Story, role: Role, query: &str) -> Reached {
    let mut request = async_graphql::Request::new(query);
    request.data = session_data(&stage.schema, by(story, role), Language::default());
    let answer = stage.schema.execute_stream(request).next().await.unwrap();
    let invalid = answer.errors.iter().find(|error| error.path.is_empty());
    assert!(invalid.is_none(), "{query}: {invalid:?}");
    let code = |error: &ServerError| error.extensions.as_ref().and_then(|it| it.get("code").cloned());
    if answer.errors.iter().any(|error| code(error) == Some("FORBIDDEN".into())) {
        return Reached::Forbidden;
    }
    let is_probe = |segment: &PathSegment| *segment == PathSegment::Field(PROBE.to_owned());
    let failed = answer.errors.iter().any(|error| error.path.iter().any(is_probe));
    if failed || holds_probe(&answer.data.into_json().unwrap()) { Reached::Yes } else { Reached::No }
}

fn holds_probe(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.contains_key(PROBE) || fields.values().any(holds_probe),
        Value::Array(values) => values.iter().any(holds_probe),
        _ => false,
    }
}

async fn who_may(stage: &Stage, story: &Story, query: &str) -> String {
    let mut roles = Vec::new();
    for role in ROLES {
        match reaches(stage, story, role, query).await {
            Reached::Yes => roles.push(role),
            Reached::Forbidden => {}
            // Nobody else knows more than an owner, so that for others it is a part of something that they may not see.
            Reached::No => assert_ne!(role, Role::Owner, "not reached: {query}"),
        }
    }
    listed(&roles)
}

/// The field shows less to some instead of failing.
async fn who_sees_pinned_items(stage: &Stage, story: &Story, ids: &Ids) -> String {
    let query = format!("subscription {{ workflowChanges(workflowId: \"{}\", after: 0) {{ data }} }}", ids.workflow);
    let mut roles = Vec::new();
    for role in ROLES {
        let mut request = async_graphql::Request::new(query.as_str());
        request.data = session_data(&stage.schema, by(story, role), Language::default());
        let changes = stage.schema.execute_stream(request).take(2).collect::<Vec<_>>().await;
        let told = changes.into_iter().map(|change| change.data.into_json().unwrap().to_string()).collect::<String>();
        if told.contains(PINNED) {
            roles.push(role);
        }
    }
    listed(&roles)
}

fn listed(roles: &[Role]) -> String {
    let words: Vec<_> = roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
    if words.is_empty() { "nobody".to_owned() } else { words.join(" ") }
}

/// A call of a field with something of what it gives.
fn call(field: &FieldDefinition, types: &[TypeDefinition], ids: &Ids) -> String {
    let selection = if is_composite(&field.ty.node, types) { " { __typename }" } else { "" };
    format!("{}{selection}", asked(field, types, ids))
}

/// A field with every required argument.
fn asked(field: &FieldDefinition, types: &[TypeDefinition], ids: &Ids) -> String {
    let given = |argument: &async_graphql::parser::types::InputValueDefinition| {
        let (of, name) = (&argument.ty.node, argument.name.node.as_str());
        // A subscription that begins with what comes would wait for ever.
        let is_cursor = base(of) == "Position" && name == "after";
        let is_required = is_cursor || !of.nullable && argument.default_value.is_none();
        is_required.then(|| format!("{name}: {}", value(of, name, types, ids)))
    };
    let arguments: Vec<_> = field.arguments.iter().filter_map(|argument| given(&argument.node)).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    format!("{}{arguments}", field.name.node)
}

fn base(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

fn is_composite(of: &Type, types: &[TypeDefinition]) -> bool {
    let definition = types.iter().find(|definition| definition.name.node == base(of));
    definition.is_some_and(|it| matches!(it.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)))
}

/// A value of a type, good enough to get as far as the guard and the port.
fn value(of: &Type, name: &str, types: &[TypeDefinition], ids: &Ids) -> String {
    if matches!(of.base, BaseType::List(_)) {
        return "[]".to_owned();
    }
    match base(of) {
        "ID" if name == "executionId" => format!("\"{}\"", ids.execution),
        "ID" if name == "nodeId" => format!("\"{}\"", ids.node),
        "ID" => format!("\"{}\"", ids.workflow),
        "String" => "\"x\"".to_owned(),
        "Position" => "0".to_owned(),
        "Int" | "Float" => "1".to_owned(),
        "Boolean" => "true".to_owned(),
        "JSON" => "{}".to_owned(),
        // The story begins at midnight.
        "Date" => "\"2026-11-22\"".to_owned(),
        "DateTime" => "\"2026-11-21T00:00:00Z\"".to_owned(),
        "Role" => "VIEWER".to_owned(),
        other => {
            let definition = types.iter().find(|definition| definition.name.node == other);
            let Some(TypeKind::InputObject(input)) = definition.map(|it| &it.kind) else {
                panic!("no value of {other}")
            };
            let required =
                input.fields.iter().filter(|field| !field.node.ty.node.nullable && field.node.default_value.is_none());
            let fields: Vec<_> = required
                .map(|field| {
                    let field = &field.node;
                    format!("{}: {}", field.name.node, value(&field.ty.node, field.name.node.as_str(), types, ids))
                })
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}
