//! A sample of every event. Its snapshot is for people; its golden file is for ever: the bytes of a shape that was written
//! once must be read by every later version of the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use weft_value::Item;

use crate::access::{AccessEvent, RefusalReason};
use crate::credential::{CredentialEvent, TestOutcome};
use crate::execution::*;
use crate::member::{MemberEvent, Role};
use crate::tenant::{Branding, TenantEvent, TenantSettings};
use crate::testing::{at, edge, id, json, named, uuid};
use crate::variable::VariableEvent;
use crate::workflow::{Change, Definition, EditCause, NodeSetting, WorkflowEvent};
use crate::{
    Actor, Event, ExecutionId, ExecutionOrder, GroupId, IdentityId, MemberId, OnError, Point, Retry, Settings,
    SignalId, StreamVersion, TimerId, WorkerId, WorkflowId,
};

fn tenant() -> Vec<TenantEvent> {
    let branding = Branding {
        product_name: "Acme Flows".into(),
        accent_color: "#1f6feb".into(),
        logo_url: Some("https://acme.example/logo.svg".into()),
    };
    let settings = TenantSettings {
        timezone: "Europe/Paris".into(),
        retention_days: 30,
        error_workflow: None,
        executions_at_once: None,
    };
    vec![
        TenantEvent::Created {
            slug: "acme".into(),
            name: "Acme".into(),
            branding: branding.clone(),
            settings: settings.clone(),
        },
        TenantEvent::Renamed { name: "Acme SA".into() },
        TenantEvent::BrandingChanged { branding: Branding { logo_url: None, ..branding } },
        TenantEvent::SettingsChanged { settings },
    ]
}

fn member() -> Vec<MemberEvent> {
    vec![
        MemberEvent::Joined { identity: IdentityId(uuid(7)), role: Role::Owner },
        MemberEvent::RoleChanged { role: Role::Operator },
        MemberEvent::Removed {},
    ]
}

fn definition() -> Definition {
    let mut set = named(2, "Set", "set");
    set.parameters = json(r#"{"fields":[{"name":"greeting","value":"=Hello {{ $json.name }}"}]}"#);
    set.notes = Some("Says hello".into());
    set.on_error = OnError::ErrorOutput;
    set.retry = Some(Retry { max_attempts: 3, wait_ms: 1000 });
    let mut graph = crate::testing::graph([named(1, "Webhook", "webhook"), set], [edge(1, 0, 2, 0)]);
    graph.settings = Settings {
        timezone: Some("Europe/Paris".into()),
        execution_order: ExecutionOrder::V0,
        max_steps: Some(500),
        timeout_seconds: Some(60),
        ..Settings::default()
    };
    graph.pinned.insert(id(1), vec![Item::new(json(r#"{"name":"ada"}"#))]);
    Definition { name: "Greet".into(), graph }
}

fn changes() -> Vec<Change> {
    let node = id(2);
    vec![
        Change::NodeAdded { node: named(3, "Merge", "merge"), place: Some(1) },
        Change::NodeMoved { node, position: Point { x: -10, y: 20 } },
        Change::NodeRenamed { node, name: "Greet".into() },
        Change::ParameterSet { node, name: "mode".into(), value: json(r#"[1.5,null,true,"=x"]"#) },
        Change::ParameterRemoved { node, name: "mode".into() },
        Change::NodeSettingChanged { node, setting: NodeSetting::Disabled(true) },
        Change::NodeSettingChanged { node, setting: NodeSetting::Notes(None) },
        Change::NodeSettingChanged { node, setting: NodeSetting::OnError(OnError::Continue) },
        Change::NodeSettingChanged { node, setting: NodeSetting::Retry(Some(Retry { max_attempts: 2, wait_ms: 5 })) },
        Change::NodeSettingChanged { node, setting: NodeSetting::AlwaysOutputData(true) },
        Change::NodeSettingChanged { node, setting: NodeSetting::ExecuteOnce(true) },
        Change::EdgeAdded { edge: edge(2, 1, 3, 0), place: None },
        Change::EdgeRemoved { edge: edge(2, 1, 3, 0) },
        Change::ItemsPinned { node, items: vec![Item::new(json(r#"{"n":1}"#)).paired_with(4)] },
        Change::ItemsUnpinned { node },
        Change::NodeRemoved { node },
        Change::WorkflowRenamed { name: "Greet all".into() },
        Change::SettingsChanged { settings: Settings::default() },
    ]
}

fn workflow() -> Vec<WorkflowEvent> {
    let by = Actor::Member(MemberId(uuid(5)));
    vec![
        WorkflowEvent::Created { definition: Box::new(definition()) },
        WorkflowEvent::Edited { group: GroupId(uuid(6)), by, cause: EditCause::Edit, changes: changes() },
        WorkflowEvent::Published { number: 1, draft: StreamVersion(2), digest: "9f2c".into() },
        WorkflowEvent::Activated { number: 1 },
        WorkflowEvent::Deactivated {},
        WorkflowEvent::Archived {},
    ]
}

fn step() -> StepKey {
    StepKey { node: id(2), iteration: 1, attempt: 2 }
}

fn step_error() -> StepError {
    StepError {
        code: "http_status".into(),
        message: "The server answered 503.".into(),
        description: Some("It may be overloaded.".into()),
        node: Some(id(2)),
        item: Some(3),
        field: Some("url".into()),
        causes: vec!["connection reset".into()],
    }
}

fn execution() -> Vec<ExecutionEvent> {
    let worker = WorkerId(uuid(8));
    let sources = vec![Some(Source { node: id(1), iteration: 0, port: 0 }), None];
    let part = Part { part: 1, count: 2 };
    let timer = TimerId(uuid(10));
    vec![
        ExecutionEvent::Queued {
            workflow: WorkflowId(uuid(4)),
            workflow_name: "Greet".into(),
            version: ExecutedVersion::Published(1),
            mode: ExecutionMode::Production,
            trigger: id(1),
            trigger_kind: "webhook@1".into(),
            output: vec![Part { part: 0, count: 1 }],
            retry_of: Some(ExecutionId(uuid(9))),
            parent: None,
            partial: Some(Partial { until: id(2), reuses: Some(ExecutionId(uuid(13))) }),
            at: at(0),
        },
        ExecutionEvent::Started { worker, epoch: 1, seed: u64::MAX, at: at(1) },
        ExecutionEvent::Adopted { worker, epoch: 2, at: at(2) },
        ExecutionEvent::StepStarted { step: step(), kind: "httpRequest@1".into(), sources: sources.clone(), at: at(3) },
        ExecutionEvent::StepSucceeded {
            step: step(),
            kind: "code@1".into(),
            sources: sources.clone(),
            output: vec![part],
            started_at: at(3),
            duration_us: 1234,
            code_ms: Some(2),
            log: Some(part),
            continued_after: Some(step_error()),
            context: Some(part),
        },
        ExecutionEvent::StepReused {
            step: StepKey { attempt: 1, ..step() },
            kind: "code@1".into(),
            sources: sources.clone(),
            output: vec![part],
            continued_after: Some(step_error()),
            context: Some(part),
            from: ExecutionId(uuid(13)),
            at: at(3),
        },
        ExecutionEvent::StepFailed {
            step: step(),
            kind: "httpRequest@1".into(),
            sources: sources.clone(),
            error: step_error(),
            started_at: at(3),
            duration_us: 1234,
            code_ms: None,
            log: None,
            retry_at: Some(at(8)),
        },
        ExecutionEvent::StepOutcomeUnknown { step: step(), at: at(4) },
        ExecutionEvent::StepWaiting {
            step: step(),
            kind: "wait@1".into(),
            sources: sources.clone(),
            timer,
            until: at(60),
            at: at(4),
        },
        ExecutionEvent::StepAwaits {
            step: step(),
            kind: "executeWorkflow@1".into(),
            sources,
            signal: SignalId(uuid(11)),
            awaited: Awaited::Execution { execution: ExecutionId(uuid(12)) },
            details: Some(part),
            timer,
            until: Some(at(60)),
            at: at(4),
        },
        ExecutionEvent::StepSignalled { step: step(), signal: SignalId(uuid(11)), output: vec![part], at: at(30) },
        ExecutionEvent::StepResumed { step: step(), timer, at: at(60) },
        ExecutionEvent::Succeeded { at: at(61) },
        ExecutionEvent::Failed { error: step_error(), at: at(61) },
        ExecutionEvent::Cancelled { at: at(61) },
    ]
}

fn variable() -> Vec<VariableEvent> {
    vec![
        VariableEvent::Set { name: "region".into(), value: "eu".into() },
        VariableEvent::Deleted { name: "region".into() },
    ]
}

fn credential() -> Vec<CredentialEvent> {
    vec![
        CredentialEvent::Created { name: "Shop".into(), kind: "basic".into() },
        CredentialEvent::Renamed { name: "Store".into(), was: "Shop".into() },
        CredentialEvent::Rotated { version: 2 },
        CredentialEvent::Tested { version: 2, outcome: TestOutcome::Accepted, at: at(0) },
        CredentialEvent::Used { workflow: WorkflowId(uuid(4)), node: id(2), execution: ExecutionId(uuid(9)) },
        CredentialEvent::Deleted { name: "Store".into() },
    ]
}

fn access() -> Vec<AccessEvent> {
    vec![
        AccessEvent::SignedIn { identity: IdentityId(uuid(7)), member: MemberId(uuid(5)) },
        AccessEvent::PasswordChanged { identity: IdentityId(uuid(7)), member: MemberId(uuid(5)) },
        AccessEvent::Refused {
            reason: RefusalReason::Permission,
            action: "workflow:publish".into(),
            subject: Some(uuid(4).to_string()),
            identity: Some(IdentityId(uuid(7))),
        },
    ]
}

/// One of every event there is.
pub fn samples() -> Vec<Event> {
    let tenant = tenant().into_iter().map(Event::from);
    let member = member().into_iter().map(Event::from);
    let workflow = workflow().into_iter().map(Event::from);
    let execution = execution().into_iter().map(Event::from);
    let variable = variable().into_iter().map(Event::from);
    let credential = credential().into_iter().map(Event::from);
    let access = access().into_iter().map(Event::from);
    tenant.chain(member).chain(workflow).chain(execution).chain(variable).chain(credential).chain(access).collect()
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

#[test]
fn every_event_has_a_sample() {
    let sampled: BTreeSet<&str> = samples().iter().map(Event::wire_name).collect();
    assert_eq!(sampled, Event::wire_names().collect());
}

#[test]
fn every_event_is_read_as_it_was_written() {
    for event in samples() {
        let read = Event::decode(event.wire_type(), event.wire_version(), &event.encode()).unwrap();
        assert_eq!(read, event);
    }
}

#[test]
fn the_shape_of_every_event_is_as_agreed() {
    for event in samples() {
        let body: serde_json::Value = serde_json::from_slice(&event.encode()).unwrap();
        insta::assert_json_snapshot!(event.wire_name(), body);
    }
}

/// A new event is added to the golden files by `WEFT_NEW_GOLDEN=1 cargo test -p weft-model`, which never changes one.
#[test]
fn every_shape_has_a_golden_file_that_never_changes() {
    for event in samples() {
        let path = golden().join(format!("{}.json", event.wire_name()));
        if !path.exists() && std::env::var_os("WEFT_NEW_GOLDEN").is_some() {
            fs::write(&path, event.encode()).unwrap();
        }
        let written = fs::read(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
        assert_eq!(
            String::from_utf8(written).unwrap(),
            String::from_utf8(event.encode()).unwrap(),
            "the shape of {} changed: give it a new version and an upcaster instead",
            event.wire_name(),
        );
    }
}

/// A field that a shape was given later: what was written without it is read as before, and looks as before.
#[test]
fn an_execution_names_the_step_that_asked_for_it() {
    let child = Parent {
        execution: ExecutionId(uuid(9)),
        node: id(2),
        iteration: 1,
        item: Some(3),
        signal: Some(SignalId(uuid(11))),
        depth: 2,
    };
    let written = serde_json::to_string(&child).unwrap();
    assert_eq!(
        written,
        format!(
            r#"{{"execution":"{}","node":"{}","iteration":1,"item":3,"signal":"{}","depth":2}}"#,
            uuid(9),
            id(2),
            uuid(11)
        )
    );
    assert_eq!(serde_json::from_str::<Parent>(&written).unwrap(), child);
}

#[test]
fn every_golden_file_is_still_read_as_a_current_event() {
    let mut count = 0;
    for file in fs::read_dir(golden()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (wire_type, version) = name.rsplit_once(".v").unwrap();
        let event = Event::decode(wire_type, version.parse().unwrap(), &fs::read(&path).unwrap()).unwrap();
        assert_eq!(event.wire_type(), wire_type);
        count += 1;
    }
    assert!(count >= samples().len());
}

#[test]
fn what_is_not_an_event_is_refused_and_not_a_panic() {
    use crate::DecodeError;
    assert!(matches!(Event::decode("workflow.exploded", 1, b"{}"), Err(DecodeError::Unknown { .. })));
    assert!(matches!(Event::decode("workflow.archived", 99, b"{}"), Err(DecodeError::Unknown { version: 99, .. })));
    assert!(matches!(Event::decode("workflow.published", 1, b"{}"), Err(DecodeError::Malformed { .. })));
    assert!(matches!(Event::decode("workflow.published", 1, b"}{\""), Err(DecodeError::Malformed { .. })));
    assert!(matches!(Event::decode("", 1, b""), Err(DecodeError::Unknown { .. })));
}

#[test]
fn every_tenant_has_an_access_stream_of_its_own() {
    use crate::{TenantId, access::access_stream};
    let (one, other) = (TenantId(uuid(1)), TenantId(uuid(2)));
    assert_ne!(access_stream(one), access_stream(other));
    assert_ne!(access_stream(one).0, one.0);
    assert_eq!(access_stream(one).0.get_version_num(), 8);
}
