//! Waits over a real database: what lies between two processes is in its tables alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;
use weft_engine::kinds::Kinds;
use weft_engine::testing::{CountedEntropy, FakeClock, FixedDefinitions};
use weft_engine::{
    Engine, EngineParts, EngineSettings, Respond, SendSignal, Services, StartExecution, StepFiles, StoredList,
    WaitState, with_file,
};
use weft_event_log::{Log, MasterKey, PgLog, PgLogSettings, PgLogTuning};
use weft_migrations::testing::TestDatabase;
use weft_model::execution::{ExecutedVersion, ExecutionEvent};
use weft_model::{
    Edge, Endpoint, Event, ExecutionId, Graph, Node, NodeId, Position, StreamVersion, TenantId, WorkflowId,
};
use weft_scope::{PoolLimits, Scope, SystemPool};
use weft_value::{BinaryRef, Item, Object, Value, from_json};

const TENANT: TenantId = TenantId(Uuid::from_u128(1));
const PARENT: WorkflowId = WorkflowId(Uuid::from_u128(2));
const CHILD: WorkflowId = WorkflowId(Uuid::from_u128(3));
const START: NodeId = NodeId(Uuid::from_u128(10));

/// Nodes in a row, the first of which starts it.
fn row(nodes: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (place, (kind, parameters)) in nodes.iter().enumerate() {
        let id = NodeId(Uuid::from_u128(10 + place as u128));
        let parameters = from_json(parameters).unwrap();
        graph.nodes.insert(id, Node { parameters, ..Node::new(id, format!("{kind} {place}"), *kind) });
        if place > 0 {
            let before = NodeId(Uuid::from_u128(9 + place as u128));
            graph.edges.insert(Edge { from: Endpoint { node: before, port: 0 }, to: Endpoint { node: id, port: 0 } });
        }
    }
    graph
}

struct House {
    log: Arc<PgLog>,
    system: SystemPool,
    settings: EngineSettings,
    clock: FakeClock,
    definitions: FixedDefinitions,
    _database: TestDatabase,
    folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let database = TestDatabase::create().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let limits = PoolLimits { connections: 6, ..PoolLimits::default() };
        let system = SystemPool::connect(&database.urls.system, limits).await.unwrap();
        let log = PgLog::open(PgLogSettings {
            scope: Scope::connect(&database.urls.app, limits).await.unwrap(),
            system: system.clone(),
            master_key: MasterKey::generate(),
            blob_folder: folder.path().join("blobs"),
            tuning: PgLogTuning::default(),
        });
        Self {
            log: Arc::new(log.await.unwrap()),
            system,
            settings: EngineSettings::default(),
            clock: FakeClock::at("2027-01-31T10:00:00Z".parse().unwrap()),
            definitions: FixedDefinitions::default(),
            _database: database,
            folder,
        }
    }

    /// A process; `number` tells it from others.
    fn engine(&self, number: u64) -> Engine {
        Engine::new(EngineParts {
            log: Arc::clone(&self.log) as _,
            definitions: Arc::new(self.definitions.clone()),
            services: Services { files: Some(Arc::clone(&self.log) as _), ..Services::default() },
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(CountedEntropy::from(number << 32)),
            kinds: Kinds::default(),
            settings: self.settings,
        })
    }

    async fn begin(&self, engine: &Engine) -> ExecutionId {
        let start = StartExecution::new(TENANT, PARENT, ExecutedVersion::Published(1), START);
        engine.start(start).await.unwrap().execution
    }

    /// Comes back when the last event of `execution` is this one. The database needs its time, of which the clock of the test
    /// knows nothing.
    async fn until(&self, execution: ExecutionId, last: &str) {
        let mut growth = self.log.watch();
        loop {
            let events = self.log.read_stream(TENANT, execution.into(), StreamVersion(0), 1000).await.unwrap();
            if events.last().is_some_and(|event| event.wire_type == format!("execution.{last}")) {
                return;
            }
            let _ = tokio::time::timeout(Duration::from_secs(20), growth.recv()).await.unwrap();
        }
    }

    /// Lets payloads and files expire as of `moment`, whose files are all older than a day; says how many files there are then.
    async fn expire(&self, moment: &str) -> usize {
        let mut transaction = self.system.begin().await.unwrap();
        let dropped = sqlx::query("select drop_expired_payloads($1::timestamptz)").bind(moment);
        dropped.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        for file in self.files() {
            let file = std::fs::File::options().write(true).open(file).unwrap();
            file.set_modified(std::time::UNIX_EPOCH).unwrap();
        }
        self.log.collect_blobs().await.unwrap();
        self.files().len()
    }

    /// Every file in the store.
    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut open) = (Vec::new(), vec![self.folder.path().join("blobs")]);
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { open.push(path) } else { found.push(path) }
            }
        }
        found
    }

    /// The list that the last step of an execution gave, which is in the store of files.
    async fn last_list(&self, execution: ExecutionId) -> StoredList {
        let events = self.log.read_stream(TENANT, execution.into(), StreamVersion(0), 100).await.unwrap();
        let step = events.iter().rfind(|event| event.wire_type == "execution.step_succeeded").unwrap();
        let Event::Execution(ExecutionEvent::StepSucceeded { output, .. }) = step.event().unwrap() else { panic!() };
        let payload = self.log.read_payload(TENANT, step.payload.unwrap()).await.unwrap().unwrap();
        StoredList::recorded(payload.part(output[0].part).unwrap()).unwrap()
    }

    async fn called(&self) -> ExecutionId {
        let all = self.log.read(TENANT, Position(0), 1000).await.unwrap();
        let queued: Vec<_> = all.iter().filter(|event| event.wire_type == "execution.queued").collect();
        assert_eq!(queued.len(), 2);
        ExecutionId(queued[1].stream.0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_an_execution_begins_with_is_stored_and_named_by_what_is_recorded() {
    let house = House::open().await;
    house.definitions.add(TENANT, PARENT, "Files", row(&[("manualTrigger", "{}"), ("noOp", "{}")]));
    let data = Some("QUJD".repeat(20_000));
    let file = BinaryRef { mime_type: "text/plain".into(), data, size: 60_000, ..BinaryRef::default() };
    let engine = house.engine(1);
    let mut start = StartExecution::new(TENANT, PARENT, ExecutedVersion::Published(1), START);
    start.items = vec![with_file(Item::default(), "data", file)];
    start.respond = Respond::End;
    let execution = engine.start(start).await.unwrap().execution;
    house.until(execution, "succeeded").await;
    let events = house.log.read_stream(TENANT, execution.into(), StreamVersion(0), 100).await.unwrap();
    let payload = events.iter().find_map(|event| event.payload).unwrap();
    let parts = house.log.read_payload(TENANT, payload).await.unwrap().unwrap().0;
    assert!(parts.iter().all(|part| part.len() < 1_000), "no bytes of the file are recorded");
    let items: Vec<Item> = serde_json::from_slice(&parts[0]).unwrap();
    let file = items[0].binary.as_ref().unwrap()["data"].clone();
    let files = StepFiles::new(TENANT, Some(Arc::clone(&house.log) as _));
    assert_eq!(files.read(&file, 100_000).await.unwrap(), b"ABC".repeat(20_000));
    // Older than a day, it is kept because it is named.
    let key = file.key.unwrap();
    let path = house.folder.path().join("blobs").join(TENANT.to_string()).join(&key[..2]).join(&key);
    let sealed = std::fs::File::options().write(true).open(&path).unwrap();
    sealed.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(house.log.collect_blobs().await.unwrap(), 0);
    assert!(path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_ended_while_every_other_process_was_dead_is_found() {
    let house = House::open().await;
    let call = format!(r#"{{"workflowId":"{CHILD}"}}"#);
    house.definitions.add(TENANT, PARENT, "Parent", row(&[("manualTrigger", "{}"), ("executeWorkflow", &call)]));
    let long = r#"{"amount":1,"unit":"hours"}"#;
    house.definitions.add(TENANT, CHILD, "Child", row(&[("executeWorkflowTrigger", "{}"), ("wait", long)]));

    let first = house.engine(1);
    let parent = house.begin(&first).await;
    house.until(parent, "step_started").await;
    let mut growth = house.log.watch();
    while house.log.read(TENANT, Position(0), 1000).await.unwrap().last().unwrap().wire_type != "execution.step_waiting"
    {
        let _ = growth.recv().await;
    }
    house.clock.advance(Duration::from_secs(3));
    house.until(parent, "step_awaits").await;
    first.drain(Duration::ZERO).await;

    // The child ends in a process that does nothing else.
    let child = house.called().await;
    house.clock.advance(Duration::from_hours(1));
    let second = house.engine(2);
    second.fire_due_timers().await.unwrap();
    house.until(child, "succeeded").await;
    second.drain(Duration::ZERO).await;

    house.engine(3).fire_due_timers().await.unwrap();
    house.until(parent, "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_from_two_processes_is_taken_once() {
    let house = House::open().await;
    let wait = r#"{"resume":"webhook"}"#;
    house.definitions.add(TENANT, PARENT, "Parent", row(&[("manualTrigger", "{}"), ("wait", wait), ("noOp", "{}")]));
    let (first, second) = (house.engine(1), house.engine(2));
    let execution = house.begin(&first).await;
    house.until(execution, "step_awaits").await;
    let WaitState::Waits(wait) = second.awaited(TENANT, execution).await.unwrap() else { panic!("it waits") };
    let send = || SendSignal {
        tenant: TENANT,
        execution,
        signal: wait.signal,
        items: vec![Item::new(from_json("{}").unwrap())],
        respond: Respond::Nothing,
    };
    let (one, other) = tokio::join!(first.signal(send()), second.signal(send()));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
    house.until(execution, "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_of_long_lists_live_as_long_as_what_is_recorded_of_their_execution() {
    let mut house = House::open().await;
    house.settings.max_held = 1_000;
    let twice = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n * 2 }}"}]}}"#;
    let back = r#"{"assignments":{"assignments":[
        {"name":"n","type":"number","value":"={{ $('manualTrigger 0').item.json.n }}"}]}}"#;
    let wait = r#"{"amount":200,"unit":"days"}"#;
    house.definitions.add(TENANT, PARENT, "Ends", row(&[("manualTrigger", "{}"), ("set", twice), ("noOp", "{}")]));
    let waits = row(&[("manualTrigger", "{}"), ("set", twice), ("wait", wait), ("set", back)]);
    house.definitions.add(TENANT, CHILD, "Waits", waits);
    let engine = house.engine(1);
    let start = async |workflow| {
        let item = |n: u32| Item::new([("n", Value::from(n))].into_iter().collect::<Object>());
        let start = StartExecution::new(TENANT, workflow, ExecutedVersion::Published(1), START);
        let start = StartExecution { items: (0..200).map(item).collect(), ..start };
        engine.start(start).await.unwrap().execution
    };
    // Both keep their items until the first of May.
    let (ended, waiting) = (start(PARENT).await, start(CHILD).await);
    house.until(ended, "succeeded").await;
    house.until(waiting, "step_waiting").await;
    assert_eq!(house.files().len(), 3 + 2, "of every list that was given");
    let files = StepFiles::new(TENANT, Some(Arc::clone(&house.log) as _));
    let gone = house.last_list(ended).await;
    assert_eq!(house.expire("2027-04-01T00:00Z").await, 5, "none is due");
    assert!(files.chunk(&gone.chunks()[0]).await.is_ok());

    assert_eq!(house.expire("2027-07-01T00:00Z").await, 2, "one execution has ended, the other one has not");
    assert!(files.chunk(&gone.chunks()[0]).await.is_err());
    house.clock.advance(Duration::from_hours(200 * 24));
    house.engine(2).fire_due_timers().await.unwrap();
    house.until(waiting, "succeeded").await;
    let list = house.last_list(waiting).await;
    let items: Vec<Item> = serde_json::from_slice(&files.chunk(&list.chunks()[0]).await.unwrap()).unwrap();
    assert_eq!((items.len(), items[199].json.to_json()), (200, r#"{"n":199}"#.to_owned()));

    // It has ended: its items, the new ones included, go with the rest.
    assert_eq!(house.expire("2028-07-01T00:00Z").await, 0);
}
