//! Triggers that look something up: what begins an execution, what does not, and what is remembered whoever dies.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::polls::{TRIGGER, began, failures, look, look_again, publish, timer, until};
use support::{Drawing, House, TENANT, TestLog, WORKFLOW, given, node_id, settle, start_at};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use weft_connectors::{HttpClient, HttpSettings};
use weft_engine::{Clock, RunOnce, Services, StartExecution, run_once};
use weft_event_log::{Companion, Log, SystemLog};
use weft_model::execution::ExecutionMode;
use weft_value::Value;

/// A status and the titles of entries.
type Said = (u16, Vec<&'static str>);

/// A server that gives a feed, or what a test says instead.
#[derive(Clone)]
struct Feed {
    port: u16,
    /// What it answers: a status and the titles of the entries; nothing hangs.
    says: Arc<Mutex<Option<Said>>>,
    asked: Arc<AtomicUsize>,
    /// Whether it tells in which state the feed is, and gives it only in another one: by an entity tag, or by a date.
    tells: Arc<Mutex<Option<Tells>>>,
    /// How often it gave the feed.
    given: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Tells {
    Tag,
    Date,
}

impl Feed {
    async fn of(titles: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let feed =
            Self { port, says: Arc::default(), asked: Arc::default(), tells: Arc::default(), given: Arc::default() };
        feed.has(titles);
        let serving = feed.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    let mut head = [0; 4096];
                    let length = socket.read(&mut head).await.unwrap_or_default();
                    serving.asked.fetch_add(1, Ordering::SeqCst);
                    let head = String::from_utf8_lossy(&head[..length]).to_lowercase();
                    let Some(answer) = serving.answer(&head) else { return std::future::pending().await };
                    let _ = socket.write_all(answer.as_bytes()).await;
                });
            }
        });
        feed
    }

    fn has(&self, titles: &[&'static str]) {
        *self.says.lock().unwrap() = Some((200, titles.to_vec()));
    }

    fn fails(&self, status: u16) {
        *self.says.lock().unwrap() = Some((status, Vec::new()));
    }

    fn hangs(&self) {
        *self.says.lock().unwrap() = None;
    }

    fn answer(&self, head: &str) -> Option<String> {
        let (status, titles) = self.says.lock().unwrap().clone()?;
        // In which state it is: as many entries as it has.
        let (state, condition) = match *self.tells.lock().unwrap() {
            Some(Tells::Tag) => (format!("ETag: W/\"{}\"\r\n", titles.len()), "if-none-match: "),
            Some(Tells::Date) => {
                (format!("Last-Modified: Sat, 31 Jan 2026 10:00:{:02} GMT\r\n", titles.len()), "if-modified-since: ")
            }
            None => (String::new(), "if-"),
        };
        let known = state.split_once(": ").map(|(_, word)| format!("{condition}{}", word.to_lowercase()));
        if known.is_some_and(|known| head.contains(&known)) {
            return Some(format!("HTTP/1.1 304 X\r\n{state}connection: close\r\n\r\n"));
        }
        self.given.fetch_add(1, Ordering::SeqCst);
        let entries: Vec<_> = titles.iter().map(|title| format!("<item><title>{title}</title></item>")).collect();
        let entries = entries.concat();
        let body = format!("<rss version=\"2.0\"><channel>{entries}</channel></rss>");
        Some(format!("HTTP/1.1 {status} X\r\n{state}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()))
    }

    fn drawing(&self) -> Drawing {
        let parameters = format!(r#"{{"feedUrl":"http://127.0.0.1:{}/feed"}}"#, self.port);
        Drawing::default().node(TRIGGER, "rssTrigger", &parameters).node("End", "noOp", "{}").edge(TRIGGER, "End")
    }

    fn services() -> Services {
        let settings = HttpSettings { egress: "127.0.0.0/8".parse().unwrap(), ..HttpSettings::default() };
        Services { http: Some(HttpClient::new(settings).unwrap()), ..Services::default() }
    }

    fn house(&self) -> House {
        Self::house_of(self.drawing())
    }

    fn house_of(drawing: Drawing) -> House {
        let mut house = House::new(drawing);
        house.services = Self::services();
        house
    }
}

#[tokio::test]
async fn what_is_new_begins_one_execution_and_nothing_new_is_no_event() {
    let feed = Feed::of(&["a", "b"]).await;
    let house = feed.house();
    let engine = house.engine();
    publish(&house, &engine).await;
    let head = house.log.head(TENANT).await.unwrap();
    look(&house, &engine).await;
    look_again(&house, &engine).await;
    assert_eq!(house.log.head(TENANT).await.unwrap(), head, "what was there is not new, and no event says so");
    feed.has(&["d", "c", "a", "b"]);
    look_again(&house, &engine).await;
    feed.has(&["é", "d", "a"]);
    look_again(&house, &engine).await;
    look_again(&house, &engine).await;
    let titles = |title: &str| format!(r#"{{"json":{{"title":"{title}"}}"#);
    let began = began(&house).await;
    assert_eq!(began.len(), 2, "{began:?}");
    assert!(began[0].contains(&titles("d")) && began[0].contains(&titles("c")) && !began[0].contains(&titles("a")));
    assert!(began[1].contains(&titles("é")) && !began[1].contains(&titles("d")), "{}", began[1]);
    assert_eq!(feed.asked.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_feed_that_is_as_it_was_is_not_given_again() {
    for tells in [Tells::Tag, Tells::Date] {
        let feed = Feed::of(&["a"]).await;
        *feed.tells.lock().unwrap() = Some(tells);
        let house = feed.house();
        let engine = house.engine();
        publish(&house, &engine).await;
        look(&house, &engine).await;
        look_again(&house, &engine).await;
        let given = |feed: &Feed| (feed.asked.load(Ordering::SeqCst), feed.given.load(Ordering::SeqCst));
        assert_eq!(given(&feed), (2, 1));
        feed.has(&["b", "a"]);
        look_again(&house, &engine).await;
        look_again(&house, &engine).await;
        assert_eq!(given(&feed), (4, 2));
        // A failure in between: what was remembered is still known.
        feed.fails(500);
        look_again(&house, &engine).await;
        feed.has(&["b", "a"]);
        look_again(&house, &engine).await;
        assert_eq!(given(&feed), (6, 3));
        // Whoever tries it out is given it, and of a server that stops telling it is fetched whatever it said before.
        let by_hand = StartExecution { mode: ExecutionMode::Manual, ..start_at(TRIGGER) };
        engine.start(by_hand).await.unwrap();
        assert_eq!(given(&feed), (7, 4));
        *feed.tells.lock().unwrap() = None;
        feed.has(&["c", "b", "a"]);
        look_again(&house, &engine).await;
        look_again(&house, &engine).await;
        assert_eq!(given(&feed), (9, 6));
        let began = began(&house).await;
        assert_eq!(
            (began.len(), began[0].contains(r#""b""#), began[2].contains(r#""c""#)),
            (3, true, true),
            "{began:?}"
        );
    }
}

#[tokio::test]
async fn two_processes_that_look_at_once_begin_one_execution() {
    let feed = Feed::of(&["a"]).await;
    let house = feed.house();
    let (first, second) = (house.engine(), house.engine());
    publish(&house, &first).await;
    look(&house, &first).await;
    house.log.without_leases.store(true, Ordering::SeqCst);
    for titles in [&["b", "a"][..], &["c", "b", "a"]] {
        feed.has(titles);
        house.clock.advance(Duration::from_mins(1));
        let due = timer(&house).await.unwrap().due_at;
        let asked = feed.asked.load(Ordering::SeqCst);
        let fired = tokio::join!(first.fire_due_timers(), second.fire_due_timers());
        assert_eq!((fired.0.unwrap(), fired.1.unwrap()), (1, 1));
        until(async || feed.asked.load(Ordering::SeqCst) == asked + 2).await;
        until(async || timer(&house).await.unwrap().due_at != due).await;
        settle().await;
    }
    let began = began(&house).await;
    assert_eq!(began.len(), 2, "{began:?}");
    assert!(began[0].contains(r#""b""#) && began[1].contains(r#""c""#) && !began[1].contains(r#""b""#), "{began:?}");
}

#[tokio::test]
async fn what_a_process_found_that_died_is_found_by_another_one() {
    let feed = Feed::of(&["a"]).await;
    let house = feed.house();
    let dying = TestLog { cut: Arc::new(AtomicUsize::new(0)), ..house.log.clone() };
    let (first, second) = (house.engine_over(&dying), house.engine());
    publish(&house, &second).await;
    look(&house, &second).await;
    feed.has(&["b", "a"]);
    house.clock.advance(Duration::from_mins(1));
    // It fetches, and what it appends never arrives.
    let (asked, appends) = (feed.asked.load(Ordering::SeqCst), house.log.appends());
    first.fire_due_timers().await.unwrap();
    until(async || house.log.appends() > appends).await;
    assert_eq!((feed.asked.load(Ordering::SeqCst), house.log.executions().await.len()), (asked + 1, 0));
    assert_eq!(second.fire_due_timers().await.unwrap(), 0, "the timer is held for the first one");
    house.clock.advance(Duration::from_mins(4));
    look(&house, &second).await;
    let began = began(&house).await;
    assert_eq!(began.len(), 1, "{began:?}");
    assert!(began[0].contains(r#""b""#) && !began[0].contains(r#""a""#), "{began:?}");
}

#[tokio::test]
async fn a_failure_is_shown_once_and_the_trigger_goes_on_looking() {
    let feed = Feed::of(&[]).await;
    feed.fails(503);
    let house = feed.house();
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    look_again(&house, &engine).await;
    feed.fails(404);
    look_again(&house, &engine).await;
    let told = failures(&house).await;
    let [(execution, error)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((error.code.as_str(), error.node), ("http_status", Some(node_id(TRIGGER))));
    assert_eq!(error.message, "The server answered 503 (Service Unavailable).");
    assert_eq!(house.log.names(*execution).await, ["queued", "started", "failed"]);
    assert!(engine.retry(TENANT, *execution, weft_model::Actor::System).await.is_err(), "there is nothing to repeat");
    // It works, and fails again: that is told again.
    feed.has(&["a"]);
    look_again(&house, &engine).await;
    feed.fails(500);
    look_again(&house, &engine).await;
    assert_eq!(failures(&house).await.len(), 2);
    feed.has(&["b", "a"]);
    look_again(&house, &engine).await;
    let began = began(&house).await;
    assert!(began.len() == 1 && began[0].contains(r#""b""#) && !began[0].contains(r#""a""#), "{began:?}");
}

#[tokio::test]
async fn a_new_version_goes_on_with_what_is_remembered_and_deactivating_forgets_it() {
    let feed = Feed::of(&["a"]).await;
    let house = feed.house();
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    feed.has(&["b", "a"]);
    house.clock.advance(Duration::from_secs(10));
    publish(&house, &engine).await;
    look(&house, &engine).await;
    let known = began(&house).await;
    assert!(known.len() == 1 && known[0].contains(r#""b""#) && !known[0].contains(r#""a""#), "{known:?}");
    let id = timer(&house).await.unwrap().id;
    house.log.beside(TENANT, vec![Companion::ClearTimer { id }]).await;
    feed.has(&["c", "b", "a"]);
    publish(&house, &engine).await;
    look(&house, &engine).await;
    assert_eq!(began(&house).await.len(), 1, "what came meanwhile was there before");
    // Another feed is not full of news, either.
    let other = Feed::of(&["x", "y"]).await;
    house.definitions.add(TENANT, WORKFLOW, "Orders", other.drawing().graph);
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    assert_eq!((began(&house).await.len(), other.asked.load(Ordering::SeqCst)), (1, 1));
    // Nobody looks for what is not active.
    house.definitions.deactivate(TENANT, WORKFLOW);
    house.clock.advance(Duration::from_mins(2));
    engine.fire_due_timers().await.unwrap();
    until(async || timer(&house).await.is_none()).await;
    assert_eq!(other.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_and_keeps_no_schedule_waiting() {
    let feed = Feed::of(&[]).await;
    feed.hangs();
    let every = r#"{"rule":{"interval":[{"field":"minutes","minutesInterval":1}]}}"#;
    let house = Feed::house_of(feed.drawing().node("Schedule", "scheduleTrigger", every));
    let engine = house.engine();
    publish(&house, &engine).await;
    engine.fire_due_timers().await.unwrap();
    until(async || feed.asked.load(Ordering::SeqCst) == 1).await;
    // The schedule fires at the full minute, by which the look has not ended.
    house.clock.advance(Duration::from_secs(59));
    settle().await;
    house.clock.advance(Duration::from_secs(1));
    let due = timer(&house).await.unwrap().due_at;
    engine.fire_due_timers().await.unwrap();
    until(async || timer(&house).await.unwrap().due_at != due).await;
    until(async || house.log.executions().await.len() == 2).await;
    let told = failures(&house).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1.code, "poll_timeout");
}

#[tokio::test]
async fn an_engine_that_is_full_looks_again_later() {
    let feed = Feed::of(&["a"]).await;
    let mut house = Feed::house_of(
        feed.drawing()
            .node("Start", "manualTrigger", "{}")
            .node("Hang", "probe", r#"{"name":"full polls","hangs":true}"#)
            .edge("Start", "Hang"),
    );
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    (house.settings.running, house.settings.queued) = (1, 0);
    let full = house.engine();
    full.start(start_at("Start")).await.unwrap();
    feed.has(&["b", "a"]);
    house.clock.advance(Duration::from_mins(1));
    let asked = feed.asked.load(Ordering::SeqCst);
    full.fire_due_timers().await.unwrap();
    until(async || feed.asked.load(Ordering::SeqCst) > asked).await;
    // It is given back a little later, with what it remembered before.
    let given_back = house.clock.now() + Duration::from_secs(10);
    until(async || house.log.next_timer().await.unwrap() == Some(given_back)).await;
    house.clock.advance(Duration::from_secs(10));
    until(async || {
        engine.fire_due_timers().await.unwrap();
        house.log.executions().await.len() == 2
    })
    .await;
    until(async || house.log.open_executions(TENANT).await.unwrap() == 1).await;
    let outputs = house.log.outputs(house.log.executions().await[1]).await;
    assert!(outputs[&(node_id("End"), 0)].concat().contains(r#""b""#));
}

#[tokio::test]
async fn trying_it_out_gives_the_newest_and_remembers_nothing() {
    let feed = Feed::of(&["a", "b"]).await;
    let house = feed.house();
    let engine = house.engine();
    let by_hand = || StartExecution { mode: ExecutionMode::Manual, ..start_at(TRIGGER) };
    let head = engine.start(by_hand()).await.unwrap().execution;
    let began = began(&house).await;
    assert!(began.len() == 1 && began[0].contains(r#""a""#) && !began[0].contains(r#""b""#), "{began:?}");
    assert_eq!((timer(&house).await, house.log.next_timer().await.unwrap()), (None, None));
    assert_eq!(house.log.names(head).await.last().unwrap(), "succeeded");
    for (status, code) in [(500, "http_status"), (200, "nothing_found")] {
        *feed.says.lock().unwrap() = Some((status, Vec::new()));
        let failed = engine.start(by_hand()).await.unwrap().execution;
        let failures = failures(&house).await;
        let (_, error) = failures.iter().find(|(execution, _)| *execution == failed).unwrap();
        assert_eq!((error.code.as_str(), error.node), (code, Some(node_id(TRIGGER))));
    }
    // Given items stand in for it.
    let asked = feed.asked.load(Ordering::SeqCst);
    engine.start(StartExecution { items: support::items(r#"[{"title":"z"}]"#), ..by_hand() }).await.unwrap();
    assert_eq!(feed.asked.load(Ordering::SeqCst), asked);
}

#[tokio::test]
async fn executing_a_file_looks_once() {
    let feed = Feed::of(&["a", "b"]).await;
    let run = |graph| RunOnce {
        name: "Test".into(),
        graph,
        trigger: None,
        items: Vec::new(),
        time_zone: jiff::tz::TimeZone::UTC,
        variables: Value::empty_object(),
        services: Feed::services(),
        kinds: support::probe::kinds(),
        longest_wait: Duration::ZERO,
    };
    let report = run_once(run(feed.drawing().graph)).await.unwrap();
    assert_eq!(given(&report, "End", 0, 0), r#"[{"title":"a"}]"#);
    feed.fails(404);
    let report = run_once(run(feed.drawing().graph)).await.unwrap();
    let error = report.error.unwrap();
    assert_eq!((error.code.as_str(), error.node), ("http_status", Some(node_id(TRIGGER))));
    assert_eq!(report.order, [TRIGGER]);
}
