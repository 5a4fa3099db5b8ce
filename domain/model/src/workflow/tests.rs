use weft_value::{Item, Value};

use super::*;
use crate::testing::{edge, given, graph, id, json, named, uuid};
use crate::{AtOnce, Edge, MemberId, Node, OnError, Point, Retry, Settings};

pub(super) const ADA: Actor = Actor::Member(MemberId(uuid::Uuid::from_u128(1)));
pub(super) const BEN: Actor = Actor::Member(MemberId(uuid::Uuid::from_u128(2)));

pub(super) fn with_parameters(mut node: Node, parameters: &str) -> Node {
    node.parameters = json(parameters);
    node
}

pub(super) fn definition() -> Definition {
    let set =
        with_parameters(named(2, "Set", "set"), r#"{"value":"=Hello {{ $('Webhook').item.json.name }}","keep":true}"#);
    let code = with_parameters(named(3, "Code", "code"), r#"{"code":"return $('Webhook').all()"}"#);
    let edges = [edge(1, 0, 2, 0), edge(2, 0, 3, 0)];
    Definition { name: "Greet".into(), graph: graph([named(1, "Webhook", "webhook"), set, code], edges) }
}

fn created() -> Vec<WorkflowEvent> {
    vec![WorkflowEvent::Created { definition: Box::new(definition()) }]
}

pub(super) fn edit(by: Actor, seen: u32, group: u128, edits: Vec<Edit>) -> WorkflowCommand {
    WorkflowCommand::Edit(EditWorkflow { by, seen: StreamVersion(seen), group: GroupId(uuid(group)), edits })
}

fn edited_event(by: Actor, group: u128, changes: Vec<Change>) -> WorkflowEvent {
    WorkflowEvent::Edited { group: GroupId(uuid(group)), by, cause: EditCause::Edit, changes }
}

fn set(node: u128, name: &str, value: &str) -> Edit {
    Edit::SetParameter { node: id(node), name: name.into(), value: Some(json(value)) }
}

fn was_set(node: u128, name: &str, value: &str) -> Change {
    Change::ParameterSet { node: id(node), name: name.into(), value: json(value) }
}

fn add(node: u128, name: &str) -> Edit {
    let (kind, position) = ("set".into(), Point { x: 1, y: 2 });
    let parameters = Value::empty_object();
    Edit::AddNode { node: id(node), name: name.into(), kind, kind_version: 1, position, parameters }
}

/// A workflow on which commands are tried one after the other.
struct Story(Workflow);

impl Story {
    fn begin() -> Self {
        Self(Workflow::replay(&created()))
    }

    fn tell(&mut self, command: WorkflowCommand) -> Result<usize, WorkflowRejection> {
        let events = self.0.decide(command)?;
        for event in &events {
            self.0.evolve(event);
        }
        Ok(events.len())
    }

    fn done(mut self, command: WorkflowCommand) -> Self {
        let count = self.tell(command).unwrap();
        assert!(count > 0, "nothing happened");
        self
    }

    fn live(&self) -> &Live {
        self.0.live().unwrap()
    }

    fn parameter(&self, node: u128, name: &str) -> String {
        self.live().definition().graph.nodes[&id(node)].parameters.get(name).to_json()
    }

    fn code(&mut self, command: WorkflowCommand) -> &'static str {
        self.tell(command).unwrap_err().code()
    }
}

#[test]
fn a_workflow_is_created_once_and_from_a_sound_graph_only() {
    let create = |definition| WorkflowCommand::Create { definition: Box::new(definition) };
    given::<Workflow>(vec![]).when(create(definition())).then_expect_events(created());
    given::<Workflow>(created()).when(create(definition())).then_expect_error(WorkflowRejection::Exists);
    let mut dangling = definition();
    dangling.graph.edges.insert(edge(1, 0, 9, 0));
    given::<Workflow>(vec![])
        .when(create(dangling))
        .then_expect_error(WorkflowRejection::Definition { fault: GraphFault::DanglingEdge { node: id(9) } });
}

#[test]
fn a_graph_beyond_a_limit_is_refused_with_the_limit_named() {
    let refused = |change: &dyn Fn(&mut Definition)| {
        let mut definition = definition();
        change(&mut definition);
        definition.check().unwrap_err().to_string()
    };
    let many = |count: u128| (0..count).map(|number| (id(number), named(number, &number.to_string(), "set"))).collect();
    assert!(refused(&|it| it.graph.nodes = many(2001)).contains("at most 2000 nodes"));
    assert!(refused(&|it| it.name = "x".repeat(129)).contains("longer than 128"));
    assert!(refused(&|it| it.graph.nodes[1].name = "Webhook".into()).contains("“Webhook 2” for instance"));
    assert!(
        refused(&|it| it.graph.nodes[0].parameters = json(&format!("{{\"a\":\"{}\"}}", "x".repeat(262_143))))
            .contains("262144 bytes")
    );
    assert!(
        refused(&|it| it.graph.nodes[0].parameters = json(&format!("{{\"a\":{}{}}}", "[".repeat(65), "]".repeat(65))))
            .contains("64 levels")
    );
    assert!(refused(&|it| it.graph.nodes[0].parameters = Value::Null).contains("must be an object"));
    assert!(refused(&|it| it.graph.nodes[0].notes = Some("x".repeat(10_001))).contains("10000 characters"));
    assert!(
        refused(&|it| it.graph.nodes[0].retry = Some(Retry { max_attempts: 0, wait_ms: 0 })).contains("1 to 100 times")
    );
    assert!(refused(&|it| it.graph.settings.timezone = Some("Mars/Olympus".into())).contains("Mars/Olympus"));
    assert!(refused(&|it| _ = it.graph.edges.insert(edge(1, 256, 2, 0))).contains("No node has a port 256"));
    assert!(refused(&|it| _ = it.graph.pinned.insert(id(1), vec![Item::new(1.0)])).contains("must hold an object"));
}

#[test]
fn edits_of_one_command_become_one_event() {
    let edits = vec![
        add(4, "Set 2"),
        Edit::AddEdge(edge(3, 0, 4, 0)),
        Edit::MoveNode { node: id(1), position: Point { x: 5, y: 6 } },
        Edit::RenameWorkflow { name: "Greet all".into() },
    ];
    let mut node = named(4, "Set 2", "set");
    node.position = Point { x: 1, y: 2 };
    given::<Workflow>(created()).when(edit(ADA, 1, 1, edits)).then_expect_events(vec![edited_event(
        ADA,
        1,
        vec![
            Change::NodeAdded { node, place: None },
            Change::EdgeAdded { edge: edge(3, 0, 4, 0), place: None },
            Change::NodeMoved { node: id(1), position: Point { x: 5, y: 6 } },
            Change::WorkflowRenamed { name: "Greet all".into() },
        ],
    )]);
}

#[test]
fn edits_are_made_together_or_not_at_all_and_the_wrong_one_is_named() {
    let edits = vec![set(2, "keep", "false"), set(9, "keep", "false")];
    let rejection = Workflow::replay(&created()).decide(edit(ADA, 1, 1, edits)).unwrap_err();
    assert_eq!(rejection.code(), "node_missing");
    assert_eq!(rejection.field(), ["edits", "1", "nodeId"]);
}

#[test]
fn what_is_already_so_changes_nothing() {
    let edits = vec![
        set(2, "keep", "true"),
        Edit::MoveNode { node: id(2), position: named(2, "", "").position },
        Edit::RenameNode { node: id(2), name: "Set".into() },
        Edit::AddEdge(edge(1, 0, 2, 0)),
        Edit::RemoveEdge(edge(3, 0, 1, 0)),
        Edit::SetNodeSettings { node: id(2), settings: vec![NodeSetting::OnError(OnError::Stop)] },
        Edit::SetSettings { settings: Settings::default() },
        Edit::SetPinnedData { node: id(2), items: None },
        Edit::RenameWorkflow { name: "Greet".into() },
        Edit::SetParameter { node: id(2), name: "none".into(), value: None },
    ];
    given::<Workflow>(created()).when(edit(ADA, 1, 1, edits)).then_expect_events(vec![]);
}

#[test]
fn settings_that_nothing_could_run_under_are_refused() {
    let at_once = |most, most_per_key, key: &str| Settings {
        at_once: AtOnce { most, most_per_key, key: Some(key.to_owned()) },
        ..Settings::default()
    };
    let long = "x".repeat(10_001);
    for (settings, code) in [
        (at_once(Some(0), None, "k"), Some("bound_invalid")),
        (at_once(None, Some(0), "k"), Some("bound_invalid")),
        (at_once(Some(1), None, &long), Some("key_too_long")),
        (Settings { once_key: Some(long.clone()), ..Settings::default() }, Some("key_too_long")),
        (at_once(Some(1), Some(1), &long[1..]), None),
    ] {
        let decided = Workflow::replay(&created()).decide(edit(ADA, 1, 1, vec![Edit::SetSettings { settings }]));
        let refused = decided.err();
        assert_eq!(refused.as_ref().map(WorkflowRejection::code), code);
        assert!(refused.is_none_or(|no| no.field().last().is_some_and(|field| field == "settings")));
    }
}

#[test]
fn removing_a_node_says_what_goes_with_it() {
    let pin = Change::ItemsPinned { node: id(2), items: vec![Item::new(json("{}"))] };
    given::<Workflow>(created())
        .and(vec![edited_event(ADA, 1, vec![pin])])
        .when(edit(ADA, 2, 2, vec![Edit::RemoveNode { node: id(2) }]))
        .then_expect_events(vec![edited_event(
            ADA,
            2,
            vec![
                Change::EdgeRemoved { edge: edge(1, 0, 2, 0) },
                Change::EdgeRemoved { edge: edge(2, 0, 3, 0) },
                Change::ItemsUnpinned { node: id(2) },
                Change::NodeRemoved { node: id(2) },
            ],
        )]);
}

#[test]
fn renaming_a_node_rewrites_every_reference_in_the_same_event() {
    let rename = Edit::RenameNode { node: id(1), name: "Hook's".into() };
    given::<Workflow>(created()).when(edit(ADA, 1, 1, vec![rename])).then_expect_events(vec![edited_event(
        ADA,
        1,
        vec![
            Change::NodeRenamed { node: id(1), name: "Hook's".into() },
            was_set(2, "value", r#""=Hello {{ $('Hook\\'s').item.json.name }}""#),
            was_set(3, "code", r#""return $('Hook\\'s').all()""#),
        ],
    )]);
}

#[test]
fn what_was_written_under_the_old_name_follows_the_rename() {
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![Edit::RenameNode { node: id(1), name: "Hook".into() }]))
        .done(edit(BEN, 1, 2, vec![set(2, "more", r#""$('Webhook').first()""#)]));
    assert_eq!(story.parameter(2, "more"), r#""$('Hook').first()""#);
}

#[test]
fn a_rename_to_a_taken_name_is_refused_with_a_free_one() {
    given::<Workflow>(created())
        .when(edit(ADA, 1, 1, vec![Edit::RenameNode { node: id(1), name: "Set".into() }]))
        .then_expect_error_message("Another node is called “Set” already. Choose another name, “Set 2” for instance.");
}

#[test]
fn two_people_who_touch_different_things_are_both_kept() {
    let story = Story::begin().done(edit(ADA, 1, 1, vec![set(2, "value", "1")])).done(edit(
        BEN,
        1,
        2,
        vec![set(2, "keep", "false"), Edit::MoveNode { node: id(2), position: Point { x: 0, y: 0 } }],
    ));
    assert_eq!((story.parameter(2, "value"), story.parameter(2, "keep")), ("1".into(), "false".into()));
}

#[test]
fn two_people_who_touch_the_same_field_are_not() {
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![set(2, "value", "1")]));
    let rejection = story.tell(edit(BEN, 1, 2, vec![set(2, "value", "2")])).unwrap_err();
    assert_eq!(
        rejection.to_string(),
        "The parameter “value” of “Set” was changed after you last saw it. Look at it as it is now and make your change again."
    );
    assert_eq!(rejection.conflict(), Some((StreamVersion(2), Some(id(2)))));
    story.tell(edit(BEN, 2, 2, vec![set(2, "value", "2")])).unwrap();
}

#[test]
fn two_people_who_want_the_same_are_not_in_each_others_way() {
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![set(2, "value", "1"), Edit::RemoveNode { node: id(3) }]));
    let same = vec![set(2, "value", "1"), Edit::RemoveNode { node: id(3) }];
    assert_eq!(story.tell(edit(BEN, 1, 2, same)), Ok(0));
}

#[test]
fn editing_or_removing_what_another_removed_or_edited_is_a_conflict() {
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![Edit::RemoveNode { node: id(3) }, set(2, "value", "1")]));
    assert_eq!(story.code(edit(BEN, 1, 2, vec![set(3, "code", "1")])), "edit_conflict");
    assert_eq!(story.code(edit(BEN, 1, 2, vec![Edit::RemoveNode { node: id(2) }])), "edit_conflict");
    assert_eq!(story.code(edit(BEN, 2, 2, vec![set(3, "code", "1")])), "node_missing");
    assert_eq!(story.tell(edit(BEN, 2, 2, vec![Edit::RemoveNode { node: id(2) }])), Ok(1));
}

#[test]
fn two_people_who_add_a_node_of_the_same_name_both_get_one() {
    let story = Story::begin().done(edit(ADA, 1, 1, vec![add(4, "Merge")]));
    let copy = Edit::AddNode {
        node: id(6),
        name: "After".into(),
        kind: "set".into(),
        kind_version: 1,
        position: Point::default(),
        parameters: json(r#"{"code":"$('Merge').all()"}"#),
    };
    let mut story = story.done(edit(BEN, 1, 2, vec![add(5, "Merge"), copy]));
    let nodes = &story.live().definition().graph.nodes;
    assert_eq!(nodes[&id(5)].name, "Merge 2");
    assert_eq!(nodes[&id(6)].parameters.get("code").as_str(), Some("$('Merge 2').all()"));
    // A name that was there to be seen is a mistake and no race.
    assert_eq!(story.code(edit(BEN, 3, 3, vec![add(7, "Merge")])), "name_taken");
}

#[test]
fn a_version_that_was_never_there_is_refused() {
    given::<Workflow>(created())
        .when(edit(ADA, 7, 1, vec![]))
        .then_expect_error(WorkflowRejection::NeverSeen { seen: 7, current: 1 });
}

#[test]
fn the_same_person_continues_a_group_and_undoes_it_as_one() {
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![set(2, "value", "\"a\"")]))
        .done(edit(ADA, 1, 1, vec![set(2, "value", "\"ab\"")]))
        .done(edit(ADA, 1, 1, vec![set(2, "value", "\"abc\"")]))
        .done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(*story.live().definition(), definition());
}

#[test]
fn a_group_that_was_ended_or_is_anothers_is_not_continued() {
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![set(2, "value", "1")])).done(edit(
        ADA,
        2,
        2,
        vec![set(2, "value", "2")],
    ));
    assert_eq!(story.code(edit(ADA, 3, 1, vec![set(2, "value", "3")])), "group_ended");
    assert_eq!(story.code(edit(BEN, 3, 2, vec![set(2, "value", "3")])), "group_ended");
}

#[test]
fn each_person_undoes_their_own_edits_in_any_order() {
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![set(2, "value", "1")]))
        .done(edit(BEN, 2, 2, vec![set(2, "keep", "false")]))
        .done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(story.parameter(2, "keep"), "false");
    let story = story.done(WorkflowCommand::Undo { by: BEN });
    assert_eq!(*story.live().definition(), definition());
    assert!(!story.live().can_undo(ADA) && story.live().can_redo(ADA));
}

#[test]
fn undo_never_takes_away_what_another_did() {
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![set(2, "value", "1")])).done(edit(
        BEN,
        2,
        2,
        vec![set(2, "value", "2")],
    ));
    assert_eq!(story.code(WorkflowCommand::Undo { by: ADA }), "superseded");
    // Once the other took theirs back, one's own can be taken back too.
    let story = story.done(WorkflowCommand::Undo { by: BEN }).done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(*story.live().definition(), definition());
}

#[test]
fn undo_passes_over_a_group_that_another_built_on() {
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![set(2, "keep", "false")]))
        .done(edit(ADA, 2, 2, vec![set(2, "value", "1")]))
        .done(edit(BEN, 3, 3, vec![set(2, "value", "2")]))
        .done(WorkflowCommand::Undo { by: ADA });
    assert_eq!((story.parameter(2, "value"), story.parameter(2, "keep")), ("2".into(), "true".into()));
}

#[test]
fn undoing_an_added_node_is_refused_while_another_wrote_in_it_or_joined_it() {
    for other in [set(4, "value", "1"), Edit::AddEdge(edge(3, 0, 4, 0))] {
        let mut story = Story::begin().done(edit(ADA, 1, 1, vec![add(4, "Merge")])).done(edit(BEN, 2, 2, vec![other]));
        assert!(story.tell(WorkflowCommand::Undo { by: ADA }).is_err());
        story.done(WorkflowCommand::Undo { by: BEN }).done(WorkflowCommand::Undo { by: ADA });
    }
}

#[test]
fn undoing_a_rename_follows_references_that_others_wrote_since() {
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![Edit::RenameNode { node: id(1), name: "Hook".into() }]))
        .done(edit(BEN, 2, 2, vec![set(2, "more", r#""$('Hook').first()""#)]))
        .done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(story.parameter(2, "more"), r#""$('Webhook').first()""#);
    let story = story.done(WorkflowCommand::Redo { by: ADA });
    assert_eq!(story.parameter(2, "more"), r#""$('Hook').first()""#);
}

#[test]
fn nothing_is_made_again_on_a_node_that_is_gone() {
    let pin = Edit::SetPinnedData { node: id(3), items: Some(vec![]) };
    let mut story = Story::begin().done(edit(ADA, 1, 1, vec![pin])).done(WorkflowCommand::Undo { by: ADA }).done(edit(
        BEN,
        3,
        2,
        vec![Edit::RemoveNode { node: id(3) }],
    ));
    assert_eq!(story.code(WorkflowCommand::Redo { by: ADA }), "superseded");
}

#[test]
fn undoing_a_rename_leaves_a_reference_that_never_meant_the_node() {
    // The reference of “Set” to “Webhook” hung in the air when “Set” took that name.
    let rename = Edit::RenameNode { node: id(2), name: "Webhook".into() };
    let story = Story::begin()
        .done(edit(ADA, 1, 1, vec![Edit::RemoveNode { node: id(1) }]))
        .done(edit(ADA, 2, 2, vec![rename]))
        .done(edit(ADA, 3, 3, vec![Edit::RemoveNode { node: id(2) }]))
        .done(WorkflowCommand::Undo { by: ADA })
        .done(WorkflowCommand::Undo { by: ADA })
        .done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(*story.live().definition(), definition());
}

#[test]
fn an_edit_ends_what_could_be_redone() {
    let mut story = Story::begin()
        .done(edit(ADA, 1, 1, vec![set(2, "value", "1")]))
        .done(WorkflowCommand::Undo { by: ADA })
        .done(edit(ADA, 3, 2, vec![set(2, "keep", "false")]));
    assert_eq!(story.code(WorkflowCommand::Redo { by: ADA }), "nothing_to_redo");
    assert_eq!(story.code(WorkflowCommand::Undo { by: BEN }), "nothing_to_undo");
}

#[test]
fn undo_goes_on_in_another_session() {
    // Nothing but the events is kept between sessions.
    let mut state = Workflow::replay(&created());
    let mut events = created();
    for (group, value) in [(1, "1"), (2, "2"), (3, "3")] {
        let seen = events.len() as u32;
        let more = state.decide(edit(ADA, seen, group, vec![set(2, "value", value)])).unwrap();
        state = Workflow::replay(events.iter().chain(&more));
        events.extend(more);
    }
    for expected in ["2", "1", "\"=Hello {{ $('Webhook').item.json.name }}\""] {
        events.extend(Workflow::replay(&events).decide(WorkflowCommand::Undo { by: ADA }).unwrap());
        assert_eq!(Story(Workflow::replay(&events)).parameter(2, "value"), expected);
    }
}

#[test]
fn a_large_edit_is_several_events_and_undone_as_one() {
    let large = |number: u128| set(number, "value", &format!("\"{}\"", "x".repeat(200_000)));
    let edits = (10..16).flat_map(|number| [add(number, &format!("Node {number}")), large(number)]).collect();
    let mut story = Story::begin();
    assert_eq!(story.tell(edit(ADA, 1, 1, edits)), Ok(2));
    let after = story.live().definition().clone();
    assert_eq!(story.tell(WorkflowCommand::Undo { by: ADA }), Ok(1));
    assert_eq!(*story.live().definition(), definition());
    assert_eq!(story.tell(WorkflowCommand::Redo { by: ADA }), Ok(2));
    assert_eq!(*story.live().definition(), after);
    assert_eq!(story.tell(WorkflowCommand::Undo { by: ADA }), Ok(1));
    assert_eq!(*story.live().definition(), definition());
}

fn publish(draft: u32, digest: &str) -> WorkflowCommand {
    WorkflowCommand::Publish { draft: StreamVersion(draft), digest: digest.into() }
}

fn published(number: u32, draft: u32, digest: &str) -> WorkflowEvent {
    WorkflowEvent::Published { number, draft: StreamVersion(draft), digest: digest.into() }
}

#[test]
fn publishing_counts_up_and_needs_the_draft_that_was_checked() {
    given::<Workflow>(created()).when(publish(1, "a")).then_expect_events(vec![published(1, 1, "a")]);
    let change = edited_event(ADA, 1, vec![was_set(2, "keep", "false")]);
    given::<Workflow>(created())
        .and(vec![change.clone()])
        .when(publish(1, "a"))
        .then_expect_error(WorkflowRejection::DraftChanged { current: StreamVersion(2) });
    given::<Workflow>(created())
        .and(vec![published(1, 1, "a"), change])
        .when(publish(3, "b"))
        .then_expect_events(vec![published(2, 3, "b")]);
}

#[test]
fn publishing_what_is_published_changes_nothing_and_wakes_what_is_paused() {
    given::<Workflow>(created()).and(vec![published(1, 1, "a")]).when(publish(2, "a")).then_expect_events(vec![]);
    given::<Workflow>(created())
        .and(vec![published(1, 1, "a"), WorkflowEvent::Deactivated {}])
        .when(publish(3, "a"))
        .then_expect_events(vec![WorkflowEvent::Activated { number: 1 }]);
}

#[test]
fn a_published_workflow_is_paused_and_goes_on() {
    for command in [WorkflowCommand::Activate, WorkflowCommand::Deactivate] {
        given::<Workflow>(created()).when(command).then_expect_error(WorkflowRejection::NotPublished);
    }
    let active = || given::<Workflow>(created()).and(vec![published(1, 1, "a")]);
    active().when(WorkflowCommand::Deactivate).then_expect_events(vec![WorkflowEvent::Deactivated {}]);
    active().when(WorkflowCommand::Activate).then_expect_events(vec![]);
    active()
        .and(vec![WorkflowEvent::Deactivated {}])
        .when(WorkflowCommand::Activate)
        .then_expect_events(vec![WorkflowEvent::Activated { number: 1 }]);
}

#[test]
fn an_archived_workflow_takes_no_edit() {
    given::<Workflow>(created()).when(WorkflowCommand::Archive).then_expect_events(vec![WorkflowEvent::Archived {}]);
    given::<Workflow>(created())
        .and(vec![WorkflowEvent::Archived {}])
        .when(edit(ADA, 1, 1, vec![set(2, "keep", "false")]))
        .then_expect_error(WorkflowRejection::Archived);
    given::<Workflow>(vec![]).when(WorkflowCommand::Archive).then_expect_error(WorkflowRejection::Missing);
}

#[test]
fn a_definition_is_the_fold_of_its_events() {
    let events =
        [created(), vec![edited_event(ADA, 1, vec![was_set(2, "keep", "false")]), published(1, 2, "a")]].concat();
    let replayed = Definition::replay(&events).unwrap();
    assert_eq!(replayed, *Workflow::replay(&events).live().unwrap().definition());
    assert_eq!(Definition::replay(&events[1..]), None);
}

#[test]
fn undone_nodes_and_edges_come_back_in_their_places() {
    let before = serde_json::to_string(&definition()).unwrap();
    let mut story = Story::begin();
    let edges: Vec<Edge> = definition().graph.edges.into_iter().collect();
    story.tell(edit(ADA, 1, 1, vec![Edit::RemoveEdge(edges[0]), Edit::RemoveNode { node: id(1) }])).unwrap();
    let story = story.done(WorkflowCommand::Undo { by: ADA });
    assert_eq!(serde_json::to_string(story.live().definition()).unwrap(), before);
}
