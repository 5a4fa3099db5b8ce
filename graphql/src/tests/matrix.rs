//! Who may do what, field by field: generated from the SDL, kept as a snapshot. A new field changes the snapshot.

use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};
use futures_util::StreamExt;
use weft_model::member::Role;
use weft_projections::testing::{End, Story};

use super::sdl::sdl;
use super::stage::{Stage, by};
use crate::id::global;
use crate::{Language, session_data};

const ROLES: [Role; 5] = [Role::Owner, Role::Admin, Role::Editor, Role::Operator, Role::Viewer];

/// How a query reaches an object of a type.
fn path_to(name: &str, ids: &Ids) -> Option<(String, &'static str)> {
    let workflow = format!("{{ workflow(id: \"{}\") {{ ", ids.workflow);
    let execution = format!("{{ execution(id: \"{}\") {{ ", ids.execution);
    Some(match name {
        "Query" => ("{ ".into(), " }"),
        "Viewer" => ("{ viewer { ".into(), " } }"),
        "Tenant" => ("{ tenant { ".into(), " } }"),
        "Member" => ("{ viewer { member { ".into(), " } } }"),
        "Workflow" => (workflow, " } }"),
        "Draft" => (format!("{workflow}draft {{ "), " } } }"),
        "Graph" => (format!("{workflow}draft {{ graph {{ "), " } } } }"),
        "GraphNode" => (format!("{workflow}draft {{ graph {{ nodes {{ "), " } } } } }"),
        "Execution" => (execution, " } }"),
        "Step" => (format!("{execution}steps {{ "), " } } }"),
        _ => return None,
    })
}

struct Ids {
    workflow: String,
    execution: String,
}

#[tokio::test]
async fn the_matrix_of_roles_and_fields() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    story.founded("acme");
    story.joined(Role::Owner);
    let (workflow, nodes) = story.drawn("Orders");
    let execution = story.executed(workflow, nodes, End::Succeeded);
    stage.told(&story).await;
    let ids = Ids { workflow: global(workflow).to_string(), execution: global(execution).to_string() };

    let document = async_graphql::parser::parse_schema(sdl()).unwrap();
    let types: Vec<TypeDefinition> = document
        .definitions
        .into_iter()
        .filter_map(|definition| if let TypeSystemDefinition::Type(of) = definition { Some(of.node) } else { None })
        .collect();
    let mut lines = Vec::new();
    for definition in &types {
        let TypeKind::Object(object) = &definition.kind else { continue };
        for field in &object.fields {
            let (name, field) = (definition.name.node.as_str(), &field.node);
            let allowed = match name {
                "Mutation" => Some(format!("mutation {{ {} }}", call(field, &types, &ids))),
                "Subscription" => Some(format!("subscription {{ {} }}", call(field, &types, &ids))),
                _ => path_to(name, &ids).map(|(before, after)| format!("{before}{}{after}", call(field, &types, &ids))),
            };
            let who = match allowed {
                Some(query) => who_may(&stage, &story, &query).await,
                // Reached only through a field that is listed with those who may see it.
                None => "as what it is part of".to_owned(),
            };
            lines.push(format!("{:<48} {who}", format!("{name}.{}", field.name.node)));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

async fn who_may(stage: &Stage, story: &Story, query: &str) -> String {
    let mut roles = Vec::new();
    for role in ROLES {
        let mut request = async_graphql::Request::new(query);
        request.data = session_data(&stage.schema, by(story, role), Language::default());
        let answer = stage.schema.execute_stream(request).next().await.unwrap();
        let code =
            |error: &async_graphql::ServerError| error.extensions.as_ref().and_then(|it| it.get("code").cloned());
        let invalid = answer.errors.iter().find(|error| error.path.is_empty());
        assert!(invalid.is_none(), "{query}: {invalid:?}");
        if answer.errors.iter().all(|error| code(error) != Some("FORBIDDEN".into())) {
            roles.push(format!("{role:?}").to_lowercase());
        }
    }
    if roles.is_empty() { "nobody".to_owned() } else { roles.join(" ") }
}

/// A call of a field with every required argument.
fn call(field: &FieldDefinition, types: &[TypeDefinition], ids: &Ids) -> String {
    let given = |argument: &async_graphql::parser::types::InputValueDefinition| {
        let (of, name) = (&argument.ty.node, argument.name.node.as_str());
        // A subscription that begins with what comes would wait for ever.
        let is_cursor = base(of) == "Position" && name == "after";
        let is_required = is_cursor || !of.nullable && argument.default_value.is_none();
        is_required.then(|| format!("{name}: {}", value(of, name, types, ids)))
    };
    let arguments: Vec<_> = field.arguments.iter().filter_map(|argument| given(&argument.node)).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    let selection = if is_composite(&field.ty.node, types) { " { __typename }" } else { "" };
    format!("{}{arguments}{selection}", field.name.node)
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
        "ID" => format!("\"{}\"", ids.workflow),
        "String" => "\"x\"".to_owned(),
        "Position" => "0".to_owned(),
        "Int" | "Float" => "1".to_owned(),
        "Boolean" => "true".to_owned(),
        "JSON" => "{}".to_owned(),
        "Date" => "\"2026-11-21\"".to_owned(),
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
