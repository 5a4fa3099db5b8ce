//! What holds for every history of edits.

use proptest::prelude::*;
use weft_value::{Item, Value};

use super::tests::{ADA, BEN, definition, edit};
use super::*;
use crate::testing::{edge, id, json};
use crate::{Event, OnError, Point, Retry, Settings, WorkflowFile};

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["Webhook", "Set", "Code", "Merge", "Set 2", "It's"]).prop_map(String::from),
        1 => "\\PC{0,6}",
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "=Hello {{ $('Webhook').item.json.name }}",
        "={{ $('Set').first().json }}",
        "return $(\"Code\").all()",
        "plain",
        "=",
    ]);
    let leaf = prop_oneof![
        text.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has a place for it", |number| number.is_finite()).prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-c0-2]", inner), 0..4)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<weft_value::Object>())),
        ]
    })
}

fn any_setting() -> impl Strategy<Value = NodeSetting> {
    prop_oneof![
        any::<bool>().prop_map(NodeSetting::Disabled),
        prop::option::of(any_name()).prop_map(NodeSetting::Notes),
        prop::sample::select(vec![OnError::Stop, OnError::Continue, OnError::ErrorOutput])
            .prop_map(NodeSetting::OnError),
        prop::option::of((0..3u32, 0..9u64))
            .prop_map(|retry| NodeSetting::Retry(retry.map(|(max_attempts, wait_ms)| Retry { max_attempts, wait_ms }))),
        any::<bool>().prop_map(NodeSetting::AlwaysOutputData),
        any::<bool>().prop_map(NodeSetting::ExecuteOnce),
        prop::option::of(0..3u64).prop_map(NodeSetting::TimeoutSeconds),
    ]
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let node = || (1..9u128).prop_map(id);
    let parameter = || prop::sample::select(vec!["value", "keep", "code", "0"]).prop_map(String::from);
    let any_edge = || (1..7u128, 0..2u16, 1..7u128, 0..2u16).prop_map(|(a, out, b, input)| edge(a, out, b, input));
    let point = || (-3..3i32, -3..3i32).prop_map(|(x, y)| Point { x, y });
    let items = prop::option::of(prop::collection::vec(Just(Item::new(json("{\"n\":1}"))), 0..3));
    prop_oneof![
        3 => ((4..16u128).prop_map(id), any_name(), point(), any_value()).prop_map(|(node, name, position, value)| {
            let parameters = Value::from([("value", value)].into_iter().collect::<weft_value::Object>());
            Edit::AddNode { node, name, kind: "set".into(), kind_version: 1, position, parameters }
        }),
        2 => node().prop_map(|node| Edit::RemoveNode { node }),
        1 => (node(), point()).prop_map(|(node, position)| Edit::MoveNode { node, position }),
        2 => (node(), any_name()).prop_map(|(node, name)| Edit::RenameNode { node, name }),
        4 => (node(), parameter(), prop::option::weighted(0.8, any_value()))
            .prop_map(|(node, name, value)| Edit::SetParameter { node, name, value }),
        1 => (node(), prop::collection::vec(any_setting(), 0..3))
            .prop_map(|(node, settings)| Edit::SetNodeSettings { node, settings }),
        3 => any_edge().prop_map(Edit::AddEdge),
        2 => any_edge().prop_map(Edit::RemoveEdge),
        1 => any_name().prop_map(|name| Edit::RenameWorkflow { name }),
        1 => prop::option::of(0..3u32)
            .prop_map(|max_steps| Edit::SetSettings { settings: Settings { max_steps, ..Settings::default() } }),
        1 => (node(), items).prop_map(|(node, items)| Edit::SetPinnedData { node, items }),
    ]
}

fn any_command() -> impl Strategy<Value = WorkflowCommand> {
    let by = || prop::sample::select(vec![ADA, BEN]);
    prop_oneof![
        6 => (by(), 0..40u32, 1..30u128, prop::collection::vec(any_edit(), 0..4))
            .prop_map(|(by, seen, group, edits)| edit(by, seen, group, edits)),
        2 => by().prop_map(|by| WorkflowCommand::Undo { by }),
        1 => by().prop_map(|by| WorkflowCommand::Redo { by }),
        1 => (0..40u32, "[ab]").prop_map(|(draft, digest)| WorkflowCommand::Publish { draft: StreamVersion(draft), digest }),
        1 => prop::sample::select(vec![WorkflowCommand::Activate, WorkflowCommand::Deactivate]),
        1 => Just(WorkflowCommand::Create { definition: Box::new(definition()) }),
    ]
}

fn begin() -> Vec<WorkflowEvent> {
    Workflow::default().decide(WorkflowCommand::Create { definition: Box::new(definition()) }).unwrap()
}

/// Tries every command in turn; those that edit have seen the draft a moment ago.
fn live(commands: Vec<WorkflowCommand>) -> (Workflow, Vec<WorkflowEvent>) {
    let mut events = begin();
    let mut workflow = Workflow::replay(&events);
    for mut command in commands {
        if let WorkflowCommand::Edit(edit) = &mut command {
            edit.seen.0 = (events.len() as u32).saturating_sub(edit.seen.0 % 3);
        }
        for event in workflow.decide(command).into_iter().flatten() {
            workflow.evolve(&event);
            events.push(event);
        }
    }
    (workflow, events)
}

impl Live {
    fn names(&self) -> std::collections::BTreeMap<crate::NodeId, String> {
        self.definition.graph.nodes.values().map(|node| (node.id, node.name.clone())).collect()
    }
}

fn apply(workflow: &Workflow, command: WorkflowCommand) -> Option<Workflow> {
    let events = workflow.decide(command).ok()?;
    let mut after = workflow.clone();
    for event in &events {
        after.evolve(event);
    }
    Some(after)
}

/// The definition with the order of nodes and edges, which equality does not look at. The order of parameters means nothing.
fn drawn(workflow: &Workflow) -> (Definition, Vec<crate::NodeId>, Vec<crate::Edge>) {
    let definition = workflow.live().unwrap().definition().clone();
    let order = definition.graph.nodes.keys().copied().collect();
    let edges = definition.graph.edges.iter().copied().collect();
    (definition, order, edges)
}

fn group(number: u128) -> u128 {
    1000 + number
}

proptest! {
    #[test]
    fn any_command_is_answered_and_every_graph_is_sound(commands in prop::collection::vec(any_command(), 0..40)) {
        let (workflow, _) = live(commands);
        prop_assert_eq!(workflow.live().unwrap().definition().check(), Ok(()));
    }

    #[test]
    fn any_history_replays_from_what_was_stored(commands in prop::collection::vec(any_command(), 0..40)) {
        let (workflow, events) = live(commands);
        let mut replayed = Workflow::default();
        for event in events.iter().cloned().map(Event::from) {
            let Event::Workflow(event) = Event::decode(event.wire_type(), event.wire_version(), &event.encode()).unwrap()
            else { panic!("another aggregate's event") };
            replayed.evolve(&event);
        }
        let folded = Definition::replay(&events).unwrap();
        prop_assert_eq!(&folded, replayed.live().unwrap().definition());
        prop_assert_eq!(replayed, workflow);
    }

    #[test]
    fn undo_takes_an_edit_back_to_the_letter_and_redo_makes_it_again(
        commands in prop::collection::vec(any_command(), 0..25),
        edits in prop::collection::vec(any_edit(), 1..6),
    ) {
        let (before, events) = live(commands);
        let Some(after) = apply(&before, edit(ADA, events.len() as u32, group(0), edits)) else { return Ok(()) };
        prop_assume!(after != before);
        let undone = apply(&after, WorkflowCommand::Undo { by: ADA }).unwrap();
        prop_assert_eq!(drawn(&undone), drawn(&before));
        let redone = apply(&undone, WorkflowCommand::Redo { by: ADA }).unwrap();
        prop_assert_eq!(drawn(&redone), drawn(&after));
    }

    #[test]
    fn one_person_undoes_everything_and_makes_it_again(
        groups in prop::collection::vec(prop::collection::vec(any_edit(), 1..4), 1..12),
    ) {
        let mut workflow = Workflow::replay(&begin());
        for (number, edits) in groups.into_iter().enumerate() {
            let seen = workflow.live().unwrap().version().0;
            workflow = apply(&workflow, edit(ADA, seen, group(number as u128), edits)).unwrap_or(workflow);
        }
        let end = drawn(&workflow);
        while let Some(undone) = apply(&workflow, WorkflowCommand::Undo { by: ADA }) {
            workflow = undone;
        }
        prop_assert_eq!(drawn(&workflow), drawn(&Workflow::replay(&begin())));
        while let Some(redone) = apply(&workflow, WorkflowCommand::Redo { by: ADA }) {
            workflow = redone;
        }
        prop_assert_eq!(drawn(&workflow), end);
    }

    #[test]
    fn edits_that_are_both_accepted_in_either_order_commute(
        commands in prop::collection::vec(any_command(), 0..15),
        one in any_edit(),
        other in any_edit(),
    ) {
        let (workflow, events) = live(commands);
        let seen = events.len() as u32;
        let (one, other) = (edit(ADA, seen, group(1), vec![one]), edit(BEN, seen, group(2), vec![other]));
        let Some(first) = apply(&workflow, one.clone()).and_then(|it| apply(&it, other.clone())) else { return Ok(()) };
        let Some(second) = apply(&workflow, other.clone()).and_then(|it| apply(&it, one.clone())) else { return Ok(()) };
        // Two nodes that want one name are told apart by who came first.
        prop_assume!(first.live().unwrap().names() == second.live().unwrap().names());
        prop_assert_eq!(first.live().unwrap().definition(), second.live().unwrap().definition());
    }

    #[test]
    fn a_workflow_file_says_all_there_is(commands in prop::collection::vec(any_command(), 0..40)) {
        let (workflow, _) = live(commands);
        let definition = workflow.live().unwrap().definition();
        let text = WorkflowFile::from(definition).to_text();
        let read = WorkflowFile::parse(&text).unwrap().into_definition(|| unreachable!("every node has its id")).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(definition).unwrap());
    }
}
