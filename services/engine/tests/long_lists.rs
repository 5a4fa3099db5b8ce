//! Long lists: in the store of files instead of memory, and the same for whoever works with them.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use support::{Drawing, House, TENANT, node_id, settle, start_and_wait, start_at};
use weft_engine::testing::FakeClock;
use weft_engine::{StartExecution, StepFiles, StoredList};
use weft_event_log::{FileFault, FileKey, FileReader, FileWriter, Files, MemoryFiles};
use weft_model::execution::ExecutionEvent;
use weft_model::{ExecutionId, NodeId, OnError, TenantId};
use weft_value::{Item, Object, Pairing, Value};

/// So many items are several chunks.
const MANY: u32 = 9_000;
/// More than this goes to the store.
const HELD: usize = 256 * 1024;

const TWICE: &str = r#"{"includeOtherFields":true,"assignments":{"assignments":[
    {"name":"twice","type":"number","value":"={{ $json.n * 2 }}"}]}}"#;
const LARGE: &str = r#"{"conditions":{"conditions":[
    {"leftValue":"={{ $json.n }}","rightValue":7000,"operator":{"type":"number","operation":"gte"}}]}}"#;
const FEW: &str = r#"{"conditions":{"conditions":[
    {"leftValue":"={{ $json.n }}","rightValue":3,"operator":{"type":"number","operation":"lt"}}]}}"#;
const FROM_START: &str = r#"{"assignments":{"assignments":[
    {"name":"n","type":"number","value":"={{ $('Start').item.json.n }}"},
    {"name":"place","type":"number","value":"={{ $itemIndex }}"}]}}"#;
const EVERY_WAY_BACK: &str = r#"{"assignments":{"assignments":[
    {"name":"item","type":"number","value":"={{ $('Twice').item.json.twice + $('Start').item.json.n }}"},
    {"name":"ends","type":"number","value":"={{ $('Start').first().json.n + $('Start').last().json.n }}"},
    {"name":"matching","type":"number","value":"={{ $('Start').itemMatching($itemIndex).json.n }}"},
    {"name":"legacy","type":"number","value":"={{ $node['Twice'].json.n }}"},
    {"name":"own","type":"number","value":"={{ $input.item.json.n }}"},
    {"name":"chance","type":"number","value":"={{ Math.random() }}"}]}}"#;
/// Fails for the items whose field is no number.
const NUMBER: &str = r#"{"assignments":{"assignments":[
    {"name":"n","type":"number","value":"={{ $json.n % 1000 === 1 ? 'x' : $json.n }}"}]}}"#;

fn many() -> Vec<Item> {
    let text = Value::from("é".repeat(500));
    let item = |n: u32| [("n", Value::from(n)), ("text", text.clone())].into_iter().collect::<Object>();
    (0..MANY).map(|n| Item::new(item(n))).collect()
}

fn start() -> StartExecution {
    StartExecution { items: many(), ..start_and_wait("Start", "[]") }
}

fn line(nodes: &[(&str, &str, &str)]) -> Drawing {
    let mut drawing = Drawing::default().node("Start", "manualTrigger", "{}");
    let mut before = "Start";
    for (name, kind, parameters) in nodes {
        drawing = drawing.node(name, kind, parameters).edge(before, name);
        before = name;
    }
    drawing
}

/// A house in which lists of more than `HELD` bytes are long, and its files.
fn house(drawing: Drawing) -> (House, StepFiles) {
    let store = Arc::new(MemoryFiles::default());
    let mut house = House::new(drawing);
    house.settings.max_held = HELD;
    house.services.files = Some(Arc::clone(&store) as _);
    (house, StepFiles::new(TENANT, Some(store)))
}

/// Files that say how often one was read.
#[derive(Default)]
struct CountedFiles {
    inner: MemoryFiles,
    opened: AtomicUsize,
}

#[async_trait]
impl Files for CountedFiles {
    async fn create(&self, tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault> {
        self.inner.create(tenant).await
    }

    async fn open(&self, tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        self.inner.open(tenant, key).await
    }
}

/// What every step gave, and how many of its lists are in the store.
async fn given(
    house: &House,
    files: &StepFiles,
    execution: ExecutionId,
) -> HashMap<(NodeId, u32), (Vec<Vec<Item>>, usize)> {
    let mut all = HashMap::new();
    for (step, outputs) in house.log.outputs(execution).await {
        let (mut lists, mut stored) = (Vec::new(), 0);
        for text in outputs {
            let Some(list) = StoredList::recorded(text.as_bytes()) else {
                lists.push(serde_json::from_str(&text).unwrap());
                continue;
            };
            stored += 1;
            let mut items: Vec<Item> = Vec::new();
            for chunk in list.chunks() {
                items.append(&mut serde_json::from_slice(&files.chunk(chunk).await.unwrap()).unwrap());
            }
            lists.push(items);
        }
        all.insert(step, (lists, stored));
    }
    all
}

/// Executes a drawing with long lists and without; both must give the same. Says how many lists each node has in the store.
async fn same_either_way(drawing: impl Fn() -> Drawing) -> HashMap<NodeId, usize> {
    let (with, files) = house(drawing());
    let mut without = House::new(drawing());
    without.settings.max_held = usize::MAX;
    let long = with.engine().start(start()).await.unwrap().execution;
    let short = without.engine().start(start()).await.unwrap().execution;
    assert_eq!(with.log.names(long).await, without.log.names(short).await);
    let (long, short) = (given(&with, &files, long).await, given(&without, &files, short).await);
    assert_eq!(long.len(), short.len());
    for (step, (lists, stored)) in &short {
        assert_eq!((&long[step].0, 0), (lists, *stored));
    }
    let mut all = HashMap::new();
    for ((node, _), (_, stored)) in long {
        *all.entry(node).or_default() += stored;
    }
    all
}

/// Files whose reading takes half a second each.
struct SlowFiles(MemoryFiles, FakeClock);

#[async_trait]
impl Files for SlowFiles {
    async fn create(&self, tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault> {
        self.0.create(tenant).await
    }

    async fn open(&self, tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault> {
        self.1.advance(Duration::from_millis(500));
        self.0.open(tenant, key).await
    }
}

#[tokio::test]
async fn a_node_that_is_at_work_on_a_long_list_for_a_second_is_told_to_be_at_work() {
    let pass_on = |node: &mut weft_model::Node| node.disabled = true;
    for drawing in [
        line(&[("Twice", "set", TWICE)]),
        // One that is disabled passes the list on, and touches nothing either.
        Drawing::default().node("Start", "manualTrigger", "{}").edge("Start", "Twice").node_with(
            "Twice",
            "probe",
            r#"{"name":"disabled"}"#,
            pass_on,
        ),
    ] {
        let (mut house, _) = house(drawing);
        house.services.files = Some(Arc::new(SlowFiles(MemoryFiles::default(), house.clock.clone())));
        let execution = house.engine().start(start()).await.unwrap().execution;
        assert_eq!(
            house.log.names(execution).await,
            ["queued", "started", "step_started", "step_succeeded", "succeeded"]
        );
    }
}

#[tokio::test]
async fn nodes_that_treat_each_item_by_itself_give_the_same_chunk_by_chunk() {
    let drawing = || {
        line(&[("Twice", "set", TWICE), ("Large", "if", LARGE), ("Pass", "noOp", "{}"), ("Few", "filter", FEW)])
            .edge_at("Large", 1, "Few", 0)
    };
    let stored = same_either_way(drawing).await;
    let stored = ["Twice", "Large", "Pass"].map(|name| stored[&node_id(name)]);
    assert_eq!(stored, [1, 2, 1], "both outputs of If are long");
}

#[tokio::test]
async fn nodes_that_need_every_item_get_every_item() {
    let sort = r#"{"sortFieldsUi":{"sortField":[{"fieldName":"n","order":"descending"}]}}"#;
    let drawing = || line(&[("Twice", "set", TWICE), ("Sort", "sort", sort), ("Back", "set", FROM_START)]);
    let stored = same_either_way(drawing).await;
    assert_eq!(stored[&node_id("Sort")], 1);
}

#[tokio::test]
async fn what_looks_back_sees_the_same_from_every_chunk() {
    let sort = r#"{"sortFieldsUi":{"sortField":[{"fieldName":"n","order":"descending"}]}}"#;
    let drawing = || {
        let keep = r#"{"includeOtherFields":true,"assignments":{"assignments":[]}}"#;
        line(&[
            ("Twice", "set", TWICE),
            ("Large", "if", LARGE),
            ("Sort", "sort", sort),
            ("Back", "set", EVERY_WAY_BACK),
        ])
        .node("Keep", "set", keep)
        .node("Back again", "set", EVERY_WAY_BACK)
        .edge_at("Large", 1, "Keep", 0)
        .edge("Keep", "Back again")
    };
    let stored = same_either_way(drawing).await;
    assert_eq!(stored[&node_id("Back again")], 1);
    let (house, files) = house(drawing());
    let execution = house.engine().start(start()).await.unwrap().execution;
    let (lists, _) = &given(&house, &files, execution).await[&(node_id("Back again"), 0)];
    let mut late = lists[0][6_000].json.as_object().unwrap().clone();
    late.remove("chance");
    assert_eq!(Value::from(late).to_json(), r#"{"item":18000,"ends":8999,"matching":6000,"legacy":6000,"own":6000}"#);
}

#[tokio::test]
async fn a_loop_takes_its_portions_of_a_long_list() {
    let looped = |size: &str| {
        line(&[("Twice", "set", TWICE)])
            .node("Loop", "loop", &format!(r#"{{"batchSize":"{size}"}}"#))
            .node("Body", "set", FROM_START)
            .node("End", "set", FROM_START)
            .edge("Twice", "Loop")
            .edge_at("Loop", 1, "Body", 0)
            .edge("Body", "Loop")
            .edge_at("Loop", 0, "End", 0)
    };
    for size in ["2000", "={{ $json.n + 700 }}", "={{ $input.all().length / 3 }}"] {
        let stored = same_either_way(|| looped(size)).await;
        assert_eq!((stored[&node_id("Twice")], stored[&node_id("Body")]), (1, 0), "{size}");
    }
}

/// A loop of fifty iterations over a long list, whose body looks at nothing else.
#[tokio::test]
async fn a_loop_reads_every_chunk_once() {
    let body = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#;
    let drawing = line(&[("Loop", "loop", r#"{"batchSize":180}"#)])
        .node("Body", "set", body)
        .edge_at("Loop", 1, "Body", 0)
        .edge("Body", "Loop");
    let files = Arc::new(CountedFiles::default());
    let (mut house, _) = house(drawing);
    house.services.files = Some(Arc::clone(&files) as _);
    let execution = house.engine().start(start()).await.unwrap().execution;
    let (opened, chunks) = (files.opened.load(Ordering::SeqCst), 3);
    let outputs = given(&house, &StepFiles::new(TENANT, Some(files)), execution).await;
    assert_eq!(outputs[&(node_id("Loop"), 50)].0[0].len(), MANY as usize);
    assert_eq!(opened, chunks + 1, "its first item is looked at before it takes any");
}

/// The same, where the body is a loop of its own.
#[tokio::test]
async fn a_loop_in_its_body_does_not_let_a_loop_read_a_chunk_again() {
    let body = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#;
    let inner = r#"{"batchSize":90,"options":{"reset":"={{ $prevNode.name === 'Loop' }}"}}"#;
    let drawing = line(&[("Loop", "loop", r#"{"batchSize":180}"#)])
        .node("Inner", "loop", inner)
        .node("Body", "set", body)
        .edge_at("Loop", 1, "Inner", 0)
        .edge_at("Inner", 1, "Body", 0)
        .edge("Body", "Inner")
        .edge_at("Inner", 0, "Loop", 0);
    let files = Arc::new(CountedFiles::default());
    let (mut house, _) = house(drawing);
    house.services.files = Some(Arc::clone(&files) as _);
    let execution = house.engine().start(start()).await.unwrap().execution;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(files.opened.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn an_item_that_cannot_be_traced_back_is_named_by_its_place_in_the_whole_list() {
    let tangle = r#"{"tangle":2}"#;
    let back =
        r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $('Start').item.json.n }}"}]}}"#;
    let drawing = || {
        line(&[("Tangle", "probeTransform", tangle)])
            .node_with("Back", "set", back, |node| {
                node.on_error = OnError::Continue;
            })
            .edge("Tangle", "Back")
    };
    same_either_way(drawing).await;
}

#[tokio::test]
async fn settings_of_nodes_hold_for_long_lists() {
    let drawing = || {
        line(&[("Pass", "noOp", "{}")])
            .node_with("Off", "set", TWICE, |node| node.disabled = true)
            .node_with("Once", "set", TWICE, |node| node.execute_once = true)
            .node_with("On", "set", NUMBER, |node| node.on_error = OnError::Continue)
            .node_with("Aside", "set", NUMBER, |node| node.on_error = OnError::ErrorOutput)
            .node("Stop", "set", NUMBER)
            .edge("Pass", "Off")
            .edge("Pass", "Once")
            .edge("Off", "On")
            .edge("Off", "Aside")
            .edge("Off", "Stop")
    };
    same_either_way(drawing).await;
    let (house, _) = house(drawing());
    let execution = house.engine().start(start()).await.unwrap().execution;
    let events = house.log.events(execution).await;
    let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("it did not fail") };
    assert_eq!((error.node, error.item), (Some(node_id("Stop")), Some(1)));
}

#[tokio::test]
async fn an_error_in_a_later_chunk_names_the_item_of_the_whole_list() {
    let late = NUMBER.replace("$json.n % 1000 === 1", "$json.n === 8500");
    let (house, _) = house(line(&[("Late", "set", &late)]));
    let execution = house.engine().start(start()).await.unwrap().execution;
    let events = house.log.events(execution).await;
    let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("it did not fail") };
    assert_eq!(error.item, Some(8_500));
    assert!(error.message.contains("[item 8500]"), "{}", error.message);
}

#[tokio::test]
async fn an_empty_result_of_a_long_list_is_data_where_the_settings_say_so() {
    let nothing = LARGE.replace("7000", "100000");
    let drawing =
        || line(&[]).node_with("None", "filter", &nothing, |node| node.always_output_data = true).edge("Start", "None");
    same_either_way(drawing).await;
    let (house, files) = house(drawing());
    let execution = house.engine().start(start()).await.unwrap().execution;
    let (lists, _) = &given(&house, &files, execution).await[&(node_id("None"), 0)];
    assert!(matches!(&lists[0][0].pairing, Pairing::Many(all) if all.len() == MANY as usize));
}

#[tokio::test]
async fn an_execution_that_was_parked_goes_on_with_long_lists() {
    let drawing = line(&[("Twice", "set", TWICE), ("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)])
        .node("After", "set", FROM_START)
        .edge("Wait", "After");
    let (house, files) = house(drawing);
    let execution =
        house.engine().start(StartExecution { items: many(), ..start_at("Start") }).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    let other = house.engine();
    other.fire_due_timers().await.unwrap();
    for _ in 0..100 {
        settle().await;
        if house.log.names(execution).await.last().unwrap() == "succeeded" {
            break;
        }
    }
    let given = given(&house, &files, execution).await;
    let (lists, stored) = &given[&(node_id("After"), 0)];
    assert_eq!((lists[0].len(), *stored), (MANY as usize, 1));
    assert_eq!(lists[0][8_999].json.to_json(), r#"{"n":8999,"place":8999}"#);
}

#[tokio::test]
async fn what_a_caller_gets_of_a_long_list_is_all_of_it() {
    let hook = r#"{"httpMethod":"POST","responseMode":"lastNode","responseData":"allEntries"}"#;
    let split = r#"{"fieldToSplitOut":"body.list"}"#;
    let drawing =
        Drawing::default().node("Hook", "webhook", hook).node("Split", "splitOut", split).edge("Hook", "Split");
    let (mut house, _) = house(drawing);
    house.settings.max_held = 1_000;
    let list = (0..500).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let started = support::call(&house.engine(), "Hook", &format!(r#"{{"list":[{list}]}}"#)).await.unwrap();
    let body = weft_value::from_json(&support::body_of(&started)).unwrap();
    assert_eq!(body.as_array().map(<[Value]>::len), Some(500));
}

#[tokio::test]
async fn bounds_are_what_they_say() {
    let sort = r#"{"sortFieldsUi":{"sortField":[{"fieldName":"n","order":"descending"}]}}"#;
    for (drawing, change) in [
        (line(&[("Sort", "sort", sort)]), (|house| house.settings.max_bytes = 1024 * 1024) as fn(&mut House)),
        (line(&[("Twice", "set", TWICE)]), |house| house.settings.max_stored = 12 * 1024 * 1024),
    ] {
        let (mut house, _) = house(drawing);
        change(&mut house);
        let execution = house.engine().start(start()).await.unwrap().execution;
        assert_eq!(house.log.names(execution).await, ["queued", "started", "step_failed", "failed"]);
        let events = house.log.events(execution).await;
        let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("it did not fail") };
        assert_eq!(error.code, "memory_limit", "{error:?}");
    }
}
