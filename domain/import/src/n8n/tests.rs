use std::sync::LazyLock;

use super::*;
use crate::PLACEHOLDER;
use weft_model::{Callers, Edge, Endpoint, ExecutionOrder, OnError, Point, Retry};
use weft_nodes::{Descriptor, NodeKind, ParameterType, choice, field, label};
use weft_value::Pairing;

fn catalogue() -> Catalogue {
    Catalogue::new(weft_nodes::all().into_iter().map(|kind| kind as &'static dyn weft_nodes::NodeKind))
}

/// Executes other workflows and signs in, which only kinds of the engine do.
struct Calls;

impl NodeKind for Calls {
    fn descriptor(&self) -> &'static Descriptor {
        static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
            kind: "calls",
            parameters: vec![
                field(ParameterType::Workflow, "workflowId", label("Workflow", "Workflow")),
                field(ParameterType::Options, "authentication", label("Sign in", "Connexion"))
                    .or("none")
                    .choices(["none", "credential"].map(|value| choice(value, label(value, value)))),
                field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
                    .credentials(["header", "basic"])
                    .when("authentication", ["credential"]),
            ],
            ..catalogue().newest("noOp").unwrap().descriptor().clone()
        });
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.executeWorkflow"]
    }
}

fn calling() -> Catalogue {
    Catalogue::new([&Calls as &'static dyn NodeKind])
}

fn read_all(text: &str) -> Vec<Import> {
    let mut ids = (1..).map(|number| id(number).0);
    crate::import(text, None, &calling(), || ids.next().unwrap()).unwrap()
}

fn id(number: u128) -> NodeId {
    NodeId(uuid::Uuid::from_u128(number))
}

fn read(text: &str) -> Result<Import, ImportError> {
    // The first id is the workflow's.
    let mut ids = (0..).map(id);
    crate::import(text, None, &catalogue(), || ids.next().unwrap().0).map(|mut imports| {
        assert_eq!(imports.len(), 1);
        imports.remove(0)
    })
}

fn import(text: &str) -> Import {
    read(text).unwrap()
}

fn edge(from: u128, output: u16, to: u128, input: u16) -> Edge {
    Edge { from: Endpoint { node: id(from), port: output }, to: Endpoint { node: id(to), port: input } }
}

fn messages(import: &Import, outcome: Outcome) -> Vec<&str> {
    import.report.iter().filter(|entry| entry.outcome == outcome).map(|entry| entry.message.as_str()).collect()
}

const ORDERS: &str = r#"{
    "name": "Orders",
    "active": true,
    "nodes": [
        {"id": "a", "name": "Start ", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "position": [100, 200.6], "parameters": {}},
        {"id": "b", "name": "Large?", "type": "n8n-nodes-base.if", "typeVersion": 1, "position": [300, 200],
         "parameters": {"conditions": {"number": [{"value1": "={{ $json.total }}", "operation": "larger", "value2": 100}]}},
         "onError": "continueErrorOutput", "retryOnFail": true, "maxTries": 9, "notes": "Looks at the total", "alwaysOutputData": true},
        {"id": "c", "name": "Greet", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "position": [500, 100],
         "parameters": {"assignments": {"assignments": [{"name": "hello", "type": "string", "value": "={{ $('Start ').item.json.name }}"}]}},
         "continueOnFail": true, "executeOnce": true},
        {"id": "d", "name": "Tell", "type": "n8n-nodes-base.slack", "typeVersion": 2.3, "position": [500, 300],
         "parameters": {"text": "hi", "otherOptions": {}}, "credentials": {"slackApi": {"id": "1", "name": "Team"}}, "disabled": true},
        {"id": "e", "name": "Remark", "type": "n8n-nodes-base.stickyNote", "typeVersion": 1, "position": [0, 0], "parameters": {"content": "Read me"}}
    ],
    "connections": {
        "Start ": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
        "Large?": {"main": [[{"node": "Tell", "type": "main", "index": 0}, {"node": "Greet", "type": "main", "index": 0}], null, [{"node": "Gone", "type": "main", "index": 0}]]},
        "Tell": {"ai_tool": [[{"node": "Greet", "type": "ai_tool", "index": 0}]]}
    },
    "pinData": {"Start ": [{"json": {"name": "ada"}, "pairedItem": 3}, {"bare": true}], "Nobody": [{}]},
    "settings": {"executionOrder": "v1", "timezone": "Europe/Paris", "executionTimeout": 90, "errorWorkflow": "42", "saveManualExecutions": true}
}"#;

#[test]
fn nodes_keep_what_people_gave_them() {
    let import = import(ORDERS);
    let graph = &import.definition.graph;
    assert_eq!(import.definition.name, "Orders");
    assert_eq!(
        graph.nodes.values().map(|node| node.name.as_str()).collect::<Vec<_>>(),
        ["Start ", "Large?", "Greet", "Tell", "Remark"]
    );
    let remark = &graph.nodes[&id(5)];
    assert_eq!((remark.kind.as_str(), remark.parameters.get("content").as_str()), ("note", Some("Read me")));
    assert_eq!(graph.nodes[&id(1)].position, Point { x: 100, y: 201 });
    let test = &graph.nodes[&id(2)];
    assert_eq!((test.kind.as_str(), test.on_error, test.always_output_data), ("if", OnError::ErrorOutput, true));
    assert_eq!(test.retry, Some(Retry { max_attempts: 5, wait_ms: 1000 }));
    assert_eq!(test.notes.as_deref(), Some("Looks at the total"));
    let greet = &graph.nodes[&id(3)];
    assert_eq!((greet.kind.as_str(), greet.on_error, greet.execute_once), ("set", OnError::Continue, true));
}

#[test]
fn connections_become_edges_in_the_order_of_the_file() {
    let edges: Vec<Edge> = import(ORDERS).definition.graph.edges.into_iter().collect();
    assert_eq!(edges, [edge(1, 0, 2, 0), edge(2, 0, 4, 0), edge(2, 0, 3, 0)]);
}

#[test]
fn an_unknown_type_becomes_a_placeholder_that_keeps_everything() {
    let import = import(ORDERS);
    let tell = &import.definition.graph.nodes[&id(4)];
    assert_eq!((tell.kind.as_str(), tell.disabled), (PLACEHOLDER, true));
    assert_eq!(
        tell.parameters.to_json(),
        concat!(
            r#"{"type":"n8n-nodes-base.slack","typeVersion":2.3,"parameters":{"text":"hi","otherOptions":{}},"#,
            r#""kept":{"credentials":{"slackApi":{"id":"1","name":"Team"}},"#,
            r#""connections":{"ai_tool":[[{"node":"Greet","type":"ai_tool","index":0}]]}}}"#
        )
    );
    assert!(messages(&import, Outcome::Replaced)[0].starts_with("n8n-nodes-base.slack has no counterpart"));
}

#[test]
fn a_placeholder_has_the_ports_that_its_edges_need() {
    let import = import(
        r#"{"nodes": [
            {"name": "Mail", "type": "vendor.mailTrigger"},
            {"name": "Sort", "type": "vendor.sorter", "onError": "continueErrorOutput"},
            {"name": "Join", "type": "vendor.joiner"}],
        "connections": {
            "Mail": {"main": [[{"node": "Sort", "type": "main", "index": 0}]]},
            "Sort": {"main": [[], [{"node": "Join", "type": "main", "index": 2}], [{"node": "Join", "type": "main", "index": 0}]]}}}"#,
    );
    let ports = |node: &weft_model::Node| {
        (node.parameters.get("numberInputs").to_json(), node.parameters.get("numberOutputs").to_json())
    };
    let nodes = import.definition.graph.nodes.values();
    let found: Vec<_> = nodes.map(|node| (node.name.as_str(), ports(node))).collect();
    let of = |inputs: &str, outputs: &str| (inputs.to_owned(), outputs.to_owned());
    assert_eq!(found, [("Mail", of("0", "null")), ("Sort", of("null", "2")), ("Join", of("3", "null"))]);
}

#[test]
fn a_node_that_a_kind_cannot_take_becomes_a_placeholder_with_the_reason() {
    let import = import(
        r#"{"nodes": [{"name": "Merge", "type": "n8n-nodes-base.merge", "typeVersion": 3, "parameters": {"mode": "={{ $json.mode }}"}}]}"#,
    );
    assert_eq!(import.definition.graph.nodes[0].kind, PLACEHOLDER);
    assert_eq!(messages(&import, Outcome::Replaced).len(), 1);
}

#[test]
fn a_credential_is_to_be_chosen_for_nodes_that_can_have_one_and_for_no_placeholder() {
    let import = import(
        r#"{"nodes": [
            {"name": "Ours", "type": "n8n-nodes-base.noOp", "credentials": {"httpBasicAuth": {"id": "1", "name": "Shop"}}},
            {"name": "Unknown", "type": "vendor.chat", "credentials": {"chatApi": {"id": "2", "name": "Team"}}},
            {"name": "Refused", "type": "n8n-nodes-base.merge", "typeVersion": 3, "parameters": {"mode": "={{ $json.mode }}"},
             "credentials": {"chatApi": {"id": "2", "name": "Team"}}}]}"#,
    );
    let kinds: Vec<_> = import.definition.graph.nodes.values().map(|node| node.kind.as_str()).collect();
    assert_eq!(kinds, ["noOp", PLACEHOLDER, PLACEHOLDER]);
    let expected = "The credential “Shop” (httpBasicAuth) is not in the file. Choose one for this node.";
    assert_eq!(messages(&import, Outcome::LeftOut), [expected]);
}

#[test]
fn pinned_items_and_settings_come_along() {
    let import = import(ORDERS);
    let graph = &import.definition.graph;
    let items = &graph.pinned[&id(1)];
    assert_eq!(items[0].json.to_json(), r#"{"name":"ada"}"#);
    assert!(matches!(items[0].pairing, Pairing::One(place) if place.item == 3));
    assert_eq!(items[1].json.to_json(), r#"{"bare":true}"#);
    assert_eq!(graph.settings.timezone.as_deref(), Some("Europe/Paris"));
    assert_eq!((graph.settings.execution_order, graph.settings.timeout_seconds), (ExecutionOrder::V1, Some(90)));
}

#[test]
fn the_report_says_what_became_of_everything() {
    insta::assert_json_snapshot!(import(ORDERS).report);
}

#[test]
fn what_n8n_kept_of_a_workflow_is_told() {
    for (kept, is_told) in [
        ("null", false),
        ("{}", false),
        (r#"{"node:Look":{}}"#, false),
        (r#"{"node:Look":{"seen":[1]}}"#, true),
        (r#"{"global":{"count":7}}"#, true),
        (r#""{\"global\":{\"count\":7}}""#, true),
    ] {
        let file = format!(r#"{{"nodes": [], "settings": {{"executionOrder": "v1"}}, "staticData": {kept}}}"#);
        let import = import(&file);
        assert_eq!(
            messages(&import, Outcome::LeftOut).iter().any(|said| said.contains("static data")),
            is_told,
            "{kept}"
        );
    }
}

#[test]
fn a_file_without_an_order_is_old() {
    for file in [
        r#"{"nodes": []}"#,
        r#"{"nodes": [], "settings": {}}"#,
        r#"{"nodes": [], "settings": {"executionOrder": "v0"}}"#,
    ] {
        assert_eq!(import(file).definition.graph.settings.execution_order, ExecutionOrder::V0, "{file}");
    }
}

#[test]
fn an_unknown_time_zone_is_told_and_not_kept() {
    let import = import(r#"{"nodes": [], "settings": {"timezone": "Mars/Olympus"}}"#);
    assert_eq!(import.definition.graph.settings.timezone, None);
    assert!(messages(&import, Outcome::Defaulted)[0].contains("Mars/Olympus"));
    assert_eq!(
        messages(&self::import(r#"{"nodes": [], "settings": {"timezone": "DEFAULT"}}"#), Outcome::Defaulted),
        [""; 0]
    );
}

#[test]
fn who_may_execute_a_workflow_is_kept_where_that_means_something_here() {
    let callers = |policy: &str| {
        let file = format!(r#"{{"nodes": [], "settings": {{"callerPolicy": "{policy}", "callerIds": "7, 8"}}}}"#);
        let import = import(&file);
        (import.definition.graph.settings.callers.clone(), messages(&import, Outcome::Defaulted).len())
    };
    assert_eq!(callers("none"), (Callers::Nobody, 0));
    assert_eq!(callers("any"), (Callers::Everyone, 0));
    assert_eq!(callers("workflowsFromSameOwner"), (Callers::Everyone, 0));
    assert_eq!(callers("workflowsFromAList"), (Callers::Only(Vec::new()), 1));
}

#[test]
fn an_error_workflow_is_to_be_chosen_again_unless_it_is_the_workflow_itself() {
    for (id, told) in [("42", 1), ("7", 0), ("DEFAULT", 0), ("", 0)] {
        let import = import(&format!(r#"{{"id": "7", "nodes": [], "settings": {{"errorWorkflow": "{id}"}}}}"#));
        assert_eq!(import.definition.graph.settings.error_workflow, weft_model::ErrorWorkflow::Default);
        let messages = messages(&import, Outcome::Defaulted);
        assert_eq!(messages.len(), told, "{id}");
        assert!(messages.iter().all(|message| message.contains("“42”")), "{messages:?}");
    }
}

/// Two workflows of one file: the first executes the second, lets it alone execute itself, and tells it of failures.
const TWO: &str = r#"[
    {"id": "a1", "nodes": [
        {"name": "New", "type": "n8n-nodes-base.executeWorkflow", "typeVersion": 1.2,
         "parameters": {"workflowId": {"__rl": true, "mode": "list", "value": "b2", "cachedResultName": "Other"}}},
        {"name": "Old", "type": "n8n-nodes-base.executeWorkflow", "typeVersion": 1, "parameters": {"workflowId": "b2"}},
        {"name": "Self", "type": "n8n-nodes-base.executeWorkflow", "typeVersion": 1, "parameters": {"workflowId": "a1"}},
        {"name": "Elsewhere", "type": "n8n-nodes-base.executeWorkflow", "typeVersion": 1, "parameters": {"workflowId": "c3"}}],
     "settings": {"executionOrder": "v1", "callerPolicy": "workflowsFromAList", "callerIds": "b2, c3", "errorWorkflow": "b2"}},
    {"id": "b2", "nodes": []}
]"#;

#[test]
fn workflows_of_one_file_find_each_other() {
    let imports = read_all(TWO);
    let [first, second] = imports.as_slice() else { panic!("{imports:?}") };
    let graph = &first.definition.graph;
    let called = |name: &str| graph.node_named(name).unwrap().parameters.get("workflowId").clone();
    for (node, workflow) in [("New", second), ("Old", second), ("Self", first)] {
        assert_eq!(called(node), Value::from(workflow.workflow.to_string()), "{node}");
    }
    assert_eq!(called("Elsewhere"), Value::from("c3"));
    assert_eq!(graph.settings.callers, Callers::Only(vec![second.workflow]));
    assert_eq!(graph.settings.error_workflow, weft_model::ErrorWorkflow::Workflow(second.workflow));
    let told = messages(first, Outcome::Defaulted);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("are not in the file"), "{told:?}");
    // Which of two with the same id is meant, nobody knows.
    let twice = TWO.replace(r#"{"id": "b2", "nodes": []}"#, r#"{"id": "b2", "nodes": []}, {"id": "b2", "nodes": []}"#);
    assert_eq!(read_all(&twice)[0].definition.graph.settings.error_workflow, weft_model::ErrorWorkflow::Default);
}

#[test]
fn a_node_signs_in_with_what_has_the_same_name_and_type() {
    let file = r#"{"nodes": [
        {"name": "Shown", "type": "n8n-nodes-base.executeWorkflow",
         "parameters": {"authentication": "credential", "genericAuthType": "httpBasicAuth"},
         "credentials": {"httpHeaderAuth": {"id": "1", "name": "Shop"}, "httpBasicAuth": {"id": "2", "name": "Shop"}}},
        {"name": "Hidden", "type": "n8n-nodes-base.executeWorkflow", "parameters": {},
         "credentials": {"httpBasicAuth": {"id": "2", "name": "Shop"}}},
        {"name": "Unknown", "type": "n8n-nodes-base.executeWorkflow", "parameters": {"authentication": "credential"},
         "credentials": {"httpBasicAuth": {"id": "3", "name": "Other"}}}]}"#;
    let mut import = read_all(file).remove(0);
    let named: Vec<_> = import.credentials.iter().map(|named| (named.kind, named.name.as_str())).collect();
    assert_eq!(named, [("basic", "Shop"), ("basic", "Shop"), ("basic", "Other")]);
    let shop = weft_model::CredentialId(uuid::Uuid::from_u128(77));
    import.sign_in(&calling(), |named| (named.name == "Shop").then_some(shop));
    let graph = &import.definition.graph;
    let chosen = |name: &str| graph.node_named(name).unwrap().parameters.get("credential").clone();
    assert_eq!(chosen("Shown"), Value::from(shop.to_string()));
    assert!(chosen("Hidden").is_undefined() && chosen("Unknown").is_undefined());
    let told = |node: &str| -> Vec<_> {
        let of_node = import.report.iter().filter(|entry| entry.node.as_deref() == Some(node));
        let of_credentials = of_node.filter(|entry| entry.message.contains("credential"));
        of_credentials.map(|entry| (entry.outcome, entry.message.as_str())).collect()
    };
    let unchosen = "The credential “Shop” (httpHeaderAuth), which the node did not sign in with.";
    let signed_in = "It signs in with the credential “Shop” of this tenant.";
    assert_eq!(told("Shown"), [(Outcome::LeftOut, unchosen), (Outcome::Mapped, signed_in)]);
    assert!(told("Hidden")[0].1.contains("Choose one") && told("Unknown")[0].1.contains("“Other”"));
}

#[test]
fn a_wrapped_workflow_is_found() {
    let node = r#"{"nodes": [{"name": "A", "type": "n8n-nodes-base.noOp"}]}"#;
    for file in [format!("[{node}]"), format!("{{\"workflow\": {node}}}"), node.to_owned()] {
        assert_eq!(import(&file).definition.graph.nodes.len(), 1, "{file}");
    }
}

#[test]
fn a_file_of_several_workflows_is_imported_whole_or_not_at_all() {
    let workflow =
        |name: &str| format!(r#"{{"name": "{name}", "nodes": [{{"name": "A", "type": "n8n-nodes-base.noOp"}}]}}"#);
    // The first id is the workflow's.
    let mut ids = (0..).map(id);
    let mut read = |file: &str| crate::import(file, None, &catalogue(), || ids.next().unwrap().0);
    for file in [
        format!("[{}, {}]", workflow("One"), workflow("Two")),
        format!(r#"{{"data": [{}, {{"workflow": {}}}]}}"#, workflow("One"), workflow("Two")),
    ] {
        let imports = read(&file).unwrap();
        let names: Vec<_> = imports.iter().map(|import| import.definition.name.as_str()).collect();
        assert_eq!(names, ["One", "Two"]);
        let nodes = imports.iter().flat_map(|import| import.definition.graph.nodes.keys());
        assert_eq!(nodes.collect::<std::collections::HashSet<_>>().len(), 2, "each node has an id of its own");
    }
    let error = read(&format!("[{}, {{\"nodes\": [{{}}]}}]", workflow("One"))).unwrap_err();
    assert_eq!(error.to_string(), "Workflow 2 of 2: The node number 0 of the file has no name.");
    let many = vec![workflow("One"); 201].join(",");
    assert!(matches!(read(&format!("[{many}]")), Err(ImportError::TooMany { count: 201 })));
}

#[test]
fn what_is_exported_imports_as_it_was() {
    let imported = import(ORDERS).definition;
    let exported = weft_model::WorkflowFile::from(&imported).to_text();
    let mut workflows = [id(1).0].into_iter();
    let fresh = || workflows.next().expect("the nodes of an export keep their ids");
    let again = crate::import(&exported, None, &catalogue(), fresh).unwrap();
    let [Import { definition, report, credentials, .. }] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!((definition, report.len(), credentials.len()), (&imported, 0, 0));
}

#[test]
fn what_is_no_workflow_is_refused_with_a_sentence() {
    for (file, part) in [
        ("", "not JSON"),
        ("{\"nodes\": [", "not JSON"),
        ("[]", "not a workflow:"),
        ("{}", "not a workflow:"),
        ("{\"nodes\": {}}", "not a workflow:"),
        ("{\"nodes\": [{\"type\": \"x\"}]}", "number 0 of the file has no name"),
        ("{\"nodes\": [{\"name\": \"x\"}]}", "number 0 of the file has no type"),
    ] {
        let error = read(file).unwrap_err().to_string();
        assert!(error.contains(part), "{file}: {error}");
    }
}

#[test]
fn names_that_cannot_stay_are_changed_everywhere() {
    let import = import(
        r#"{"nodes": [
            {"name": "Two\nlines", "type": "n8n-nodes-base.noOp"},
            {"name": "Same", "type": "n8n-nodes-base.noOp"},
            {"name": "Same", "type": "n8n-nodes-base.noOp"},
            {"name": "Code", "type": "n8n-nodes-base.executeCommand", "parameters": {"command": "$('Two\nlines')"}}
        ], "connections": {"Two\nlines": {"main": [[{"node": "Same", "type": "main", "index": 0}]]}}}"#,
    );
    let graph = &import.definition.graph;
    assert_eq!(
        graph.nodes.values().map(|node| node.name.as_str()).collect::<Vec<_>>(),
        ["Two lines", "Same", "Same 2", "Code"]
    );
    assert_eq!(graph.edges[0], edge(1, 0, 2, 0));
    assert_eq!(graph.nodes[&id(4)].parameters.get("parameters").get("command").as_str(), Some("$('Two lines')"));
}

#[test]
fn pinned_items_beyond_the_limit_are_left_out_and_the_rest_is_imported() {
    let large = "x".repeat(600_000);
    let file = format!(
        r#"{{"nodes": [{{"name": "A", "type": "n8n-nodes-base.noOp"}}], "pinData": {{"A": [{{"json": {{"a": "{large}"}}}}]}}}}"#
    );
    let import = import(&file);
    assert!(import.definition.graph.pinned.is_empty());
    assert!(messages(&import, Outcome::LeftOut)[0].contains("larger than"));
}

#[test]
fn pinned_items_that_make_the_workflow_too_large_are_left_out_the_largest_first() {
    let node = |name: &str| format!(r#"{{"name": "{name}", "type": "n8n-nodes-base.noOp"}}"#);
    let pinned = |name: &str, size: usize| format!(r#""{name}": [{{"json": {{"a": "{}"}}}}]"#, "x".repeat(size));
    let nodes = ["A", "B", "C", "D"].map(node).join(", ");
    let data = [("A", 300_000), ("B", 500_000), ("C", 400_000), ("D", 450_000)].map(|(name, size)| pinned(name, size));
    let file = format!(r#"{{"nodes": [{nodes}], "pinData": {{{}}}}}"#, data.join(", "));
    let import = import(&file);
    let kept: Vec<_> = import.definition.graph.pinned.keys().copied().collect();
    assert_eq!(kept, [id(1), id(3)]);
    let left_out: Vec<_> = import.report.iter().filter(|entry| entry.outcome == Outcome::LeftOut).collect();
    assert_eq!(left_out.iter().map(|entry| entry.node.as_deref().unwrap()).collect::<Vec<_>>(), ["B", "D"]);
    assert!(left_out[0].message.contains("larger than 1024000 bytes"), "{}", left_out[0].message);
    // What is left is what a workflow can be created of.
    let ours = weft_model::WorkflowFile::from(&import.definition).to_text();
    assert_eq!(read(&ours).unwrap().report, []);
}

#[test]
fn nonsense_in_every_place_is_survived() {
    let nonsense = ["null", "1", "\"x\"", "[]", "{}", "[[[]]]", "[null]", "{\"a\": [1]}", "[{\"node\": 1}]", "-1e300"];
    let fields = [
        "parameters",
        "typeVersion",
        "position",
        "disabled",
        "notes",
        "onError",
        "continueOnFail",
        "retryOnFail",
        "maxTries",
        "waitBetweenTries",
        "alwaysOutputData",
        "executeOnce",
        "credentials",
        "webhookId",
    ];
    for value in nonsense {
        for field in fields {
            let node =
                format!(r#"{{"name": "A", "type": "n8n-nodes-base.noOp", "retryOnFail": true, "{field}": {value}}}"#);
            import(&format!(r#"{{"nodes": [{node}]}}"#));
        }
        for field in ["connections", "settings", "pinData", "name", "active", "meta"] {
            import(&format!(r#"{{"nodes": [{{"name": "A", "type": "x"}}], "{field}": {value}}}"#));
        }
        for inner in [
            format!("{{\"A\": {value}}}"),
            format!("{{\"A\": {{\"main\": {value}}}}}"),
            format!("{{\"A\": {{\"main\": [{value}]}}}}"),
        ] {
            import(&format!(
                r#"{{"nodes": [{{"name": "A", "type": "x"}}], "connections": {inner}, "pinData": {inner}}}"#
            ));
        }
    }
}
