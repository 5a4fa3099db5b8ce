//! What stands in the way of publishing, with node and field named.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use support::{Drawing, House, node_id};
use weft_engine::Severity;

#[tokio::test]
async fn problems_name_node_and_field() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Odd", "flyingCarpet", "{}")
        .node("Set", "set", r#"{"assignments":{"assignments":[{"name":"a","type":"string","value":"={{ 1 + }}"}]}}"#)
        .node("Stop", "stopAndError", "{}")
        .node(
            "Look",
            "set",
            r#"{"assignments":{"assignments":[{"name":"a","type":"string","value":"={{ $('Gone').first() }}"}]}}"#,
        )
        .edge("Start", "Odd")
        .edge("Set", "Nowhere")
        .edge_at("Start", 3, "Set", 0)
        .edge_at("Start", 0, "Stop", 2);
    let house = House::new(Drawing::default());
    let (problems, digest) = house.engine().check("Orders", &drawing.graph);
    let found: Vec<(&str, Option<&str>, Option<&str>)> =
        problems.iter().map(|p| (p.code, p.node_name.as_deref(), p.field.as_deref())).collect();
    for expected in [
        ("unknown_kind", Some("Odd"), Some("kind")),
        ("expression", Some("Set"), Some("assignments.assignments[0].value")),
        ("parameter_required", Some("Stop"), Some("errorMessage")),
        ("dangling_edge", Some("Set"), Some("edges")),
        ("unknown_port", Some("Start"), Some("edges")),
        ("unknown_port", Some("Stop"), Some("edges")),
        ("unknown_node", Some("Look"), Some("assignments.assignments[0].value")),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not among {found:?}");
    }
    let warning = problems.iter().find(|problem| problem.code == "unknown_node").unwrap();
    assert_eq!(warning.severity, Severity::Warning);
    assert_eq!(digest.len(), 64);
}

#[tokio::test]
async fn two_nodes_of_one_name_and_a_graph_without_trigger_are_refused() {
    let mut drawing = Drawing::default().node("A", "noOp", "{}").node("B", "noOp", "{}");
    drawing.graph.nodes[&node_id("B")].name = "A".into();
    drawing.graph.settings.timezone = Some("Mars/Olympus".into());
    let (problems, _) = House::new(Drawing::default()).engine().check("Orders", &drawing.graph);
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["duplicate_name", "no_trigger", "time_zone"]);
}

#[tokio::test]
async fn the_digest_follows_the_graph() {
    let house = House::new(Drawing::default());
    let engine = house.engine();
    let digest = |drawing: Drawing| engine.check("Orders", &drawing.graph).1;
    let one = || Drawing::default().node("Start", "manualTrigger", "{}");
    assert_eq!(digest(one()), digest(one()));
    assert_ne!(digest(one()), digest(one().node("B", "noOp", "{}")));
}

/// A key is made before there is a step that could ask a code runner: two calls would be two for ever.
#[tokio::test]
async fn a_key_that_only_code_could_make_stands_in_the_way() {
    let mut drawing = Drawing::default().node("Start", "manualTrigger", "{}");
    drawing.graph.settings.once_key = Some("={{ (class { static key = 1 }).key }}".to_owned());
    let (problems, _) = House::new(Drawing::default()).engine().check("Orders", &drawing.graph);
    let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.field.as_deref())).collect();
    assert_eq!(found, [("expression", Some("settings.onceKey"))], "{problems:?}");
}
