use std::time::Duration;

use serde_json::{Value, json};
use weft_model::member::Role;
use weft_projections::testing::{End, Story, statements};

use weft_scope::PoolLimits;

use super::stage::{Stage, by};
use crate::Limits;
use crate::id::global;

const LIST: &str = "query ($first: Int!) { workflows(first: $first) { totalCount nodes { name owner { name role } triggerKinds \
    lastExecution { status workflow { name } } statistics { succeeded failed total } draft { version canUndo graph { nodes { id } } } } } }";

#[tokio::test]
async fn a_list_of_many_takes_as_many_statements_as_a_list_of_few() {
    // On one connection, so that the connection's own count is the count; that it suffices is shown as well. Questions are
    // gathered for long enough that a busy machine gives the same number.
    let pool = PoolLimits { connections: 1, ..PoolLimits::default() };
    let stage = Stage::with(pool, Limits { gathering: Duration::from_millis(60), ..Limits::default() }).await;
    let mut story = Story::of(1);
    for number in 0..50 {
        story.joined(Role::Editor);
        let (workflow, nodes) = story.drawn(&format!("Workflow {number:02}"));
        story.executed(workflow, nodes, if number % 2 == 0 { End::Succeeded } else { End::Failed });
    }
    stage.told(&story).await;

    let mut taken = Vec::new();
    for first in [2, 50, 50] {
        let before = statements(&stage.scope, story.tenant).await.unwrap();
        let variables = async_graphql::Variables::from_json(json!({ "first": first }));
        let data = stage.data(async_graphql::Request::new(LIST).variables(variables), by(&story, Role::Viewer)).await;
        let rows = data["workflows"]["nodes"].as_array().unwrap();
        assert_eq!((rows.len() as i64, &data["workflows"]["totalCount"]), (first, &json!(50)));
        assert_eq!(rows[0]["statistics"], json!({ "succeeded": 0, "failed": 1, "total": 1 }));
        assert_eq!(rows[0]["lastExecution"], json!({ "status": "FAILED", "workflow": { "name": "Workflow 49" } }));
        assert_eq!((&rows[0]["owner"]["role"], &rows[0]["triggerKinds"]), (&json!("EDITOR"), &json!(["webhook"])));
        taken.push(statements(&stage.scope, story.tenant).await.unwrap() - before);
    }
    assert!(taken[0] > 5 && taken.iter().all(|count| *count == taken[0]), "{taken:?}");
}

#[tokio::test]
async fn the_id_of_another_tenants_thing_is_an_id_of_nothing() {
    let stage = Stage::new().await;
    let mut other = Story::of(2);
    other.founded("globex");
    let (member, _) = other.joined(Role::Owner);
    let (workflow, nodes) = other.drawn("Secret");
    let execution = other.executed(workflow, nodes, End::Succeeded);
    stage.told(&other).await;
    let mut story = Story::of(1);
    story.founded("acme");
    story.joined(Role::Owner);
    stage.told(&story).await;

    let own = by(&other, Role::Owner);
    let foreign = by(&story, Role::Owner);
    let ids = [global(member), global(workflow), global(execution), crate::GlobalId::Tenant(other.tenant.0).encode()];
    for id in &ids {
        let query = format!("{{ node(id: \"{}\") {{ __typename id }} }}", id.as_str());
        assert_eq!(stage.data(query.as_str(), own).await["node"]["id"], json!(id.as_str()));
        assert_eq!(stage.data(query.as_str(), foreign).await["node"], Value::Null);
    }
    let (workflow, execution) = (global(workflow), global(execution));
    let query = format!(
        "{{ workflow(id: \"{0}\") {{ id }} execution(id: \"{1}\") {{ id }} \
         executions(filter: {{ workflowId: \"{0}\" }}) {{ totalCount nodes {{ id }} }} workflows {{ totalCount }} }}",
        workflow.as_str(),
        execution.as_str()
    );
    let expected = json!({ "workflow": null, "execution": null, "executions": { "totalCount": 0, "nodes": [] }, "workflows": { "totalCount": 0 } });
    assert_eq!(stage.data(query.as_str(), foreign).await, expected);
    // Nor may a role that must not see such things find out that it is there.
    let entry = crate::GlobalId::AuditEntry(1).encode();
    let query = format!("{{ node(id: \"{}\") {{ id }} }}", entry.as_str());
    assert_eq!(stage.data(query.as_str(), by(&other, Role::Viewer)).await["node"], Value::Null);
    assert_ne!(stage.data(query.as_str(), own).await["node"], Value::Null);
}

#[tokio::test]
async fn pages_follow_cursors_in_both_directions() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    for _ in 0..5 {
        story.executed(workflow, nodes, End::Succeeded);
    }
    stage.told(&story).await;
    let viewer = by(&story, Role::Viewer);
    let page = async |arguments: &str| {
        let query = format!(
            "{{ executions({arguments}) {{ edges {{ cursor node {{ position }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        stage.data(query.as_str(), viewer).await["executions"].clone()
    };
    let positions = |page: &Value| {
        let edges = page["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["position"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let first = page("first: 2").await;
    assert_eq!((positions(&first), &first["pageInfo"]["hasNextPage"]), (vec![21, 17], &json!(true)));
    let next = page(&format!("first: 2, after: {}", first["pageInfo"]["endCursor"])).await;
    assert_eq!((positions(&next), &next["pageInfo"]["hasPreviousPage"]), (vec![13, 9], &json!(true)));
    let back = page(&format!("last: 2, before: {}", next["pageInfo"]["startCursor"])).await;
    assert_eq!(positions(&back), positions(&first));
    for (arguments, code) in
        [("first: 1, last: 1", "BAD_PAGE"), ("first: 201", "BAD_PAGE"), ("after: \"x\"", "BAD_CURSOR")]
    {
        let response = stage.ask(format!("{{ executions({arguments}) {{ totalCount }} }}"), viewer).await;
        let extensions = response.errors[0].extensions.as_ref().unwrap();
        assert_eq!(extensions.get("code").cloned(), Some(code.into()), "{arguments}");
    }
}

#[tokio::test]
async fn an_execution_is_inspectable_to_the_item() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let well = story.executed(workflow, nodes, End::Succeeded);
    let badly = story.executed(workflow, nodes, End::Failed);
    stage.told(&story).await;
    let query = |id| {
        format!(
            "{{ execution(id: \"{}\") {{ status versionLabel triggerKind error {{ message nodeName itemIndex causes }} graph {{ edges {{ from {{ port }} }} }} \
             steps(first: 10) {{ nodeName kind status inputCounts outputCounts durationMs \
             input {{ totalCount items {{ index json }} }} output(first: 1) {{ hasNextPage items {{ json pairedItem }} }} log {{ text }} }} }} }}",
            global(id).as_str()
        )
    };
    let data = stage.data(query(well).as_str(), by(&story, Role::Operator)).await;
    let execution = &data["execution"];
    assert_eq!((&execution["status"], &execution["versionLabel"]), (&json!("SUCCEEDED"), &json!("draft 1")));
    let steps = execution["steps"].as_array().unwrap();
    assert_eq!((&steps[0]["nodeName"], &steps[0]["input"]), (&json!("WEBHOOK"), &Value::Null));
    assert_eq!(
        (&steps[1]["kind"], &steps[1]["inputCounts"], &steps[1]["durationMs"]),
        (&json!("set"), &json!([2]), &json!(2))
    );
    assert_eq!(steps[1]["input"]["items"][1], json!({ "index": 1, "json": { "part": 0 } }));
    assert_eq!(
        steps[1]["output"],
        json!({ "hasNextPage": true, "items": [{ "json": { "part": 1 }, "pairedItem": null }] })
    );

    let data = stage.data(query(badly).as_str(), by(&story, Role::Operator)).await;
    let expected = json!({ "message": "NUL: \0", "nodeName": "SET", "itemIndex": 1, "causes": ["deep"] });
    assert_eq!(data["execution"]["error"], expected);
    // A viewer sees the step and not its items.
    let response = stage.ask(query(well).as_str(), by(&story, Role::Viewer)).await;
    let data = response.data.into_json().unwrap();
    assert_eq!(data["execution"]["steps"][1]["output"], Value::Null);
    assert!(
        response.errors.iter().all(|error| error.extensions.as_ref().unwrap().get("code") == Some(&"FORBIDDEN".into()))
    );
    assert!(!response.errors.is_empty());
}

/// A field again and again, under other names.
fn aliases(times: usize, field: &str) -> String {
    (0..times).map(|number| ["a", &number.to_string(), ": ", field, " "].concat()).collect()
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_not_said_back() {
    let stage = Stage::new().await;
    let ask = async |query: String| stage.ask(query, by(&Story::of(1), Role::Viewer)).await.errors[0].message.clone();
    assert_eq!(
        ask("{ a\n b(x: = 1) }".into()).await,
        "The document cannot be read at line 2, column 7: expected value."
    );
    assert_eq!(
        ask("{a ".repeat(100)).await,
        "The document cannot be read at line 1, column 301: expected selection_set, selection, directive, or arguments."
    );
    // The parser gives up long before its end, wherever that is.
    let told = ask("{a ".repeat(20_000)).await;
    assert!(told.starts_with("The document cannot be read at line 1, column ") && told.len() < 300, "{told}");
}

/// What the web app asks of the catalogue once for every page.
#[tokio::test]
async fn the_whole_catalogue_may_be_asked_for_at_once() {
    let stage = Stage::new().await;
    let parameter = "name label type description default required acceptsExpression placeholder multiple language min max rows \
                     options { value label description } credentialTypes showWhen { parameter values }";
    let query = format!(
        "{{ nodeKinds {{ kind version label description group icon color subtitle isTrigger documentation inputs {{ name label }} \
         outputs {{ name label }} parameters {{ {parameter} fields {{ {parameter} fields {{ {parameter} }} }} }} }} \
         expressionEntries {{ receiver name signature returns isFunction description example result }} }}"
    );
    let data = stage.data(query.as_str(), by(&Story::of(1), Role::Viewer)).await;
    assert_eq!(data["nodeKinds"][0]["parameters"][0]["options"][0]["label"], "One");
}

#[tokio::test]
async fn a_refusal_of_too_much_names_the_limit() {
    let stage = Stage::new().await;
    let story = Story::of(1);
    let viewer = by(&story, Role::Viewer);
    let mut deep = String::from("id");
    for _ in 0..9 {
        deep = format!("lastExecution {{ workflow {{ {deep} }} }}");
    }
    for (query, message) in [
        (format!("{{ workflow(id: \"x\") {{ {deep} }} }}"), "The query nests too deep: the limit is 16 levels."),
        (
            "{ workflows(first: 200) { nodes { executions(first: 200) { nodes { id status } } } } }".to_owned(),
            "The query asks for too much at once: the limit is 25000 fields.",
        ),
        (
            format!("{{ {} }}", aliases(100, "nodeKinds { kind parameters { name } }")),
            "The query asks for too much at once: the limit is 25000 fields.",
        ),
        (
            format!("{{ {} }}", aliases(200, "credentialTypes { kind fields { name label } }")),
            "The query asks for too much at once: the limit is 25000 fields.",
        ),
        (
            format!("{{ {} }}", aliases(20, "expressionEntries { name example }")),
            "The query asks for too much at once: the limit is 25000 fields.",
        ),
        (
            format!(
                "{{ {} }}",
                aliases(20, "usage(from: \"2026-01-01\", to: \"2026-12-31\") { date steps codeMs executions }")
            ),
            "The query asks for too much at once: the limit is 25000 fields.",
        ),
        (
            format!("{{ viewer {{ permissions }} }} # {}", "x".repeat(70_000)),
            "The document is too large: the limit is 65536 bytes.",
        ),
    ] {
        let response = stage.ask(query, viewer).await;
        assert_eq!(response.errors[0].message, message);
        assert!(response.errors[0].extensions.as_ref().unwrap().get("limit").is_some());
    }
}

#[tokio::test]
async fn what_no_column_can_hold_is_refused_as_input() {
    use base64::Engine;
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    story.joined(Role::Owner);
    stage.told(&story).await;
    let cursor = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let id = uuid::Uuid::nil();
    // The year 0 in microseconds.
    let early = -62_167_219_200_000_001_i64;
    for query in [
        format!("{{ variables(after: \"{}\") {{ totalCount }} }}", cursor("\"\\u0000\"".into())),
        format!("{{ workflows(after: \"{}\") {{ totalCount }} }}", cursor(format!("[\"\\u0000\",0,\"{id}\"]"))),
        format!("{{ workflows(after: \"{}\") {{ totalCount }} }}", cursor(format!("[\"a\",{early},\"{id}\"]"))),
        format!("{{ members(before: \"{}\") {{ totalCount }} }}", cursor(format!("[{early},\"{id}\"]"))),
        format!("{{ executions(after: \"{}\") {{ totalCount }} }}", cursor(format!("[{early},\"{id}\"]"))),
    ] {
        let response = stage.ask(query.as_str(), by(&story, Role::Owner)).await;
        let code = response.errors[0].extensions.as_ref().and_then(|it| it.get("code").cloned());
        assert_eq!(code, Some("BAD_CURSOR".into()), "{query}: {:?}", response.errors);
    }
    for (query, word) in [
        ("{ executions(filter: { startedAfter: \"-009000-01-01T00:00:00Z\" }) { totalCount } }", "moment"),
        ("{ executions(filter: { startedBefore: \"0000-12-31T23:59:59Z\" }) { totalCount } }", "moment"),
        ("{ usage(from: \"-009000-01-01\", to: \"-009000-01-02\") { date } }", "day"),
        ("{ executions(atLeast: 9223372036854775808) { totalCount } }", "position"),
    ] {
        let response = stage.ask(query, by(&story, Role::Owner)).await;
        assert!(response.errors[0].message.contains(word), "{query}: {:?}", response.errors);
        assert!(response.errors[0].extensions.is_none(), "{query}: {:?}", response.errors);
    }
    let search = "{ workflows(filter: { search: \"\\u0000\" }) { totalCount nodes { id } } }";
    assert_eq!(stage.data(search, by(&story, Role::Owner)).await["workflows"]["totalCount"], json!(0));
}

#[tokio::test]
async fn an_audit_log_names_nobody_who_was_never_a_member() {
    use weft_model::access::{AccessEvent, RefusalReason, access_stream};
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (gone, known) = story.joined(Role::Editor);
    story.tell(gone, weft_model::member::MemberEvent::Removed {});
    let stranger = weft_model::IdentityId(story.id());
    for identity in [known, stranger] {
        story.actor = weft_model::Actor::Identity(identity);
        let refused = AccessEvent::Refused {
            reason: RefusalReason::NotAMember,
            action: "session:open".into(),
            subject: None,
            identity: Some(identity),
        };
        story.tell(access_stream(story.tenant), refused);
    }
    story.actor = weft_model::Actor::System;
    let refused = AccessEvent::Refused {
        reason: RefusalReason::Egress,
        action: "workflow:execute".into(),
        subject: Some("10.0.0.1".into()),
        identity: None,
    };
    story.tell(access_stream(story.tenant), refused);
    stage.told(&story).await;
    let data = stage.data("{ auditLog(first: 3) { nodes { actor actorKind } } }", by(&story, Role::Owner)).await;
    let names = [
        json!({ "actor": "System", "actorKind": "PLATFORM" }),
        json!({ "actor": "An unknown person", "actorKind": "STRANGER" }),
        json!({ "actor": format!("Person {known}"), "actorKind": "PERSON" }),
    ];
    assert_eq!(data["auditLog"]["nodes"], json!(names));
}

#[tokio::test]
async fn steps_are_bounded_and_can_be_paged() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = weft_model::ExecutionId(story.id());
    story.queued(id, workflow, nodes[0]);
    for iteration in 0..300 {
        let at = story.now;
        let step = weft_model::execution::StepKey { node: nodes[1], iteration, attempt: 1 };
        story.tell(id, weft_projections::testing::step_succeeded(step, nodes[0], at));
    }
    stage.told(&story).await;
    let steps = async |arguments: &str| {
        let query =
            format!("{{ execution(id: \"{}\") {{ steps{arguments} {{ id iteration }} }} }}", global(id).as_str());
        stage.data(query.as_str(), by(&story, Role::Viewer)).await["execution"]["steps"].as_array().unwrap().clone()
    };
    let first = steps("").await;
    assert_eq!(first.len(), 200);
    let rest = steps(&format!("(after: {})", first[199]["id"])).await;
    assert_eq!((rest.len(), &rest[0]["iteration"]), (101, &json!(199)));
    assert_eq!(steps("(last: 1)").await[0]["iteration"], json!(299));
    assert_eq!(steps(&format!("(stepId: {}, last: 1)", first[7]["id"])).await, first[7..8]);
    assert_eq!(steps(&format!("(nodeId: \"{}\", first: 1)", nodes[1])).await[0]["iteration"], json!(0));
    let ask = |arguments: &str, fields: &str| {
        let query = format!("{{ execution(id: \"{}\") {{ steps{arguments} {{ {fields} }} }} }}", global(id).as_str());
        stage.ask(query, by(&story, Role::Operator))
    };
    let code =
        |response: &async_graphql::Response| response.errors[0].extensions.as_ref().unwrap().get("code").cloned();
    assert_eq!(code(&ask("(first: 1001)", "id").await), Some("BAD_PAGE".into()));
    let items = "input { items { json } } output { items { json } }";
    assert_eq!(code(&ask("", items).await), Some("TOO_COMPLEX".into()));
    // Forty sides of steps whose items came in one append: it is fetched once.
    assert!(ask("(first: 20)", items).await.errors.is_empty());
    assert_eq!(stage.fake.payloads_read.lock().unwrap().len(), 1);
}
