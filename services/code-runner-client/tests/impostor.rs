//! A runner that does not keep to the protocol, as one might that the code has taken over: the parent believes it nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, time::Duration};

use async_trait::async_trait;
use uuid::Uuid;
use weft_code_runner_client::{
    CodeErrorKind, CodeGlobals, CodeLimits, CodeMode, CodeRequest, NodeLookup, Query, Refusal, Report, Runner,
    RunnerSettings,
};
use weft_code_runner_protocol::{self as protocol, Ask, Done, Kind, MAX_QUESTION};
use weft_value::{Item, Value};

/// A program that says that it is ready, waits for a step, and answers it with `frames`.
fn impostor(folder: &Path, name: &str, frames: &[u8]) -> RunnerSettings {
    let mut ready = Vec::new();
    let report = Report { engine: "none".into(), version: "0".into(), layers: Vec::new() };
    protocol::write_json(Kind::Ready, &report, &mut ready);
    let file = |what: &str| folder.join(format!("{name}.{what}"));
    fs::write(file("ready"), ready).unwrap();
    fs::write(file("frames"), frames).unwrap();
    let (ready, frames, program) = (file("ready"), file("frames"), file("sh"));
    let script = format!(
        "#!/bin/sh\n/bin/cat '{}' >&0\n/usr/bin/head -c 6 >/dev/null\n/bin/cat '{}' >&0\nexec /bin/sleep 60\n",
        ready.display(),
        frames.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    RunnerSettings { processes: 1, spares: 0, ..RunnerSettings::new(program) }
}

/// Counts what it is asked.
#[derive(Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl NodeLookup for Counting {
    async fn look_up(&self, _node: &str, _query: &Query) -> Result<Value, Refusal> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Value::Null)
    }
}

fn request(host: Arc<Counting>) -> CodeRequest {
    CodeRequest {
        tenant: Uuid::from_u128(1),
        code: "return items".into(),
        mode: CodeMode::EachItem,
        carries_on: true,
        items: Arc::new(vec![Item::new(Value::empty_object())]),
        globals: CodeGlobals::default(),
        limits: CodeLimits { wall: Duration::from_secs(20), output_bytes: 1 << 20, ..CodeLimits::default() },
        host,
    }
}

fn ask(length: usize) -> Vec<u8> {
    let mut frames = Vec::new();
    protocol::write_json(Kind::Ask, &Ask { node: "x".repeat(length), query: Query::Parameters }, &mut frames);
    protocol::write(Kind::Returned, b"[{}]", &mut frames);
    protocol::write_json(Kind::Done, &Done { clean: false }, &mut frames);
    frames
}

fn failures(count: u32) -> Vec<u8> {
    let mut frames = Vec::new();
    let kind = protocol::FailureKind::Thrown;
    for item in 0..count {
        let message = "x".repeat(10_000);
        let failure = protocol::Failure { kind, message, line: None, column: None, item: Some(item % 2), stack: None };
        protocol::write_json(Kind::ItemFailed, &failure, &mut frames);
    }
    protocol::write(Kind::Returned, b"[null]", &mut frames);
    protocol::write_json(Kind::Done, &Done { clean: false }, &mut frames);
    frames
}

#[tokio::test]
async fn what_is_told_of_failed_items_may_only_be_so_long() {
    let folder = tempfile::tempdir().unwrap();
    let few = impostor(folder.path(), "few", &failures(10));
    let many = impostor(folder.path(), "many", &failures(110));
    let outcome = Runner::new(few).unwrap().execute(request(Arc::default())).await.unwrap();
    assert_eq!((outcome.items.len(), outcome.failed.len()), (0, 2));
    let error = Runner::new(many).unwrap().execute(request(Arc::default())).await.unwrap_err();
    assert_eq!(error.kind, CodeErrorKind::OutputLimit, "{error:?}");
}

#[tokio::test]
async fn a_question_may_only_be_so_long() {
    let folder = tempfile::tempdir().unwrap();
    // Every program is written before the first is started: one that is still open for writing cannot be.
    let short = impostor(folder.path(), "short", &ask(10));
    let long = impostor(folder.path(), "long", &ask(MAX_QUESTION));
    let host = Arc::new(Counting::default());
    let outcome = Runner::new(short).unwrap().execute(request(Arc::clone(&host))).await.unwrap();
    assert_eq!((outcome.items.len(), host.0.load(Ordering::SeqCst)), (1, 1));
    let error = Runner::new(long).unwrap().execute(request(Arc::clone(&host))).await.unwrap_err();
    assert_eq!((error.kind, host.0.load(Ordering::SeqCst)), (CodeErrorKind::OutputLimit, 1), "{error:?}");
}
