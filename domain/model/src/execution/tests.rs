use proptest::prelude::*;

use super::*;
use crate::testing::{at, given, id, uuid};
use crate::{ExecutionId, SignalId, TimerId, WorkflowId};

fn queue() -> QueueExecution {
    QueueExecution {
        workflow: WorkflowId(uuid(1)),
        workflow_name: "Greet".into(),
        version: ExecutedVersion::Published(3),
        mode: ExecutionMode::Production,
        trigger: id(1),
        trigger_kind: "webhook@1".into(),
        output: vec![Part { part: 0, count: 1 }],
        retry_of: None,
        parent: None,
        partial: None,
        at: at(0),
    }
}

fn started() -> Vec<ExecutionEvent> {
    vec![queue().into(), ExecutionEvent::Started { worker: WorkerId(uuid(1)), epoch: 1, seed: 9, at: at(1) }]
}

fn adopted() -> ExecutionEvent {
    ExecutionEvent::Adopted { worker: WorkerId(uuid(2)), epoch: 2, at: at(9) }
}

fn key(node: u128, attempt: u32) -> StepKey {
    StepKey { node: id(node), iteration: 0, attempt }
}

fn begun(step: StepKey) -> ExecutionEvent {
    ExecutionEvent::StepStarted { step, kind: "httpRequest@1".into(), sources: vec![], at: at(2) }
}

fn gave(step: StepKey) -> ExecutionEvent {
    ExecutionEvent::StepSucceeded {
        step,
        kind: "httpRequest@1".into(),
        sources: vec![],
        output: vec![Part { part: 0, count: 2 }],
        started_at: at(2),
        duration_us: 1500,
        code_ms: None,
        log: None,
        continued_after: None,
        context: None,
    }
}

fn step_error() -> StepError {
    StepError {
        code: "http_status".into(),
        message: "The server answered 503.".into(),
        description: None,
        node: Some(id(2)),
        item: None,
        field: None,
        causes: vec![],
    }
}

fn broke(step: StepKey, retry_at: Option<jiff::Timestamp>) -> ExecutionEvent {
    ExecutionEvent::StepFailed {
        step,
        kind: "httpRequest@1".into(),
        sources: vec![],
        error: step_error(),
        started_at: at(2),
        duration_us: 10,
        code_ms: None,
        log: None,
        retry_at,
    }
}

fn waits(step: StepKey, timer: u128) -> ExecutionEvent {
    let (timer, kind) = (TimerId(uuid(timer)), "wait@1".into());
    ExecutionEvent::StepWaiting { step, kind, sources: vec![], timer, until: at(60), at: at(2) }
}

fn resumed(step: StepKey, timer: u128) -> ExecutionEvent {
    ExecutionEvent::StepResumed { step, timer: TimerId(uuid(timer)), at: at(60) }
}

fn awaits(step: StepKey, signal: u128, until: Option<jiff::Timestamp>) -> ExecutionEvent {
    let awaited = Awaited::Execution { execution: ExecutionId(uuid(7)) };
    let (signal, timer, kind) = (SignalId(uuid(signal)), TimerId(uuid(signal + 100)), "executeWorkflow@1".into());
    ExecutionEvent::StepAwaits { step, kind, sources: vec![], signal, awaited, details: None, timer, until, at: at(2) }
}

fn signalled(step: StepKey, signal: u128) -> ExecutionEvent {
    let output = vec![Part { part: 0, count: 1 }];
    ExecutionEvent::StepSignalled { step, signal: SignalId(uuid(signal)), output, at: at(30) }
}

fn signal(step: StepKey, number: u128) -> ExecutionCommand {
    let output = vec![Part { part: 0, count: 1 }];
    ExecutionCommand::Signal { step, signal: SignalId(uuid(number)), output, at: at(30) }
}

fn report(epoch: u32, event: ExecutionEvent) -> ExecutionCommand {
    ExecutionCommand::Report { epoch, event: Box::new(event) }
}

fn expect_late(events: Vec<ExecutionEvent>, event: ExecutionEvent, step: StepKey) {
    let events = started().into_iter().chain(events).collect();
    given::<Execution>(events).when(report(1, event)).then_expect_error(ExecutionRejection::LateReport { step });
}

fn expect_recorded(events: Vec<ExecutionEvent>, event: ExecutionEvent) {
    let events = started().into_iter().chain(events).collect();
    given::<Execution>(events).when(report(1, event.clone())).then_expect_events(vec![event]);
}

#[test]
fn it_is_queued_once_and_started_once() {
    given::<Execution>(vec![]).when(ExecutionCommand::Queue(queue())).then_expect_events(vec![queue().into()]);
    given::<Execution>(started()).when(ExecutionCommand::Queue(queue())).then_expect_error(ExecutionRejection::Exists);
    let start = ExecutionCommand::Start { worker: WorkerId(uuid(1)), seed: 9, at: at(1) };
    given::<Execution>(vec![queue().into()]).when(start.clone()).then_expect_events(vec![started()[1].clone()]);
    given::<Execution>(started()).when(start).then_expect_error(ExecutionRejection::Started);
}

#[test]
fn a_takeover_raises_the_epoch_and_the_old_owner_is_refused() {
    let adopt = ExecutionCommand::Adopt { worker: WorkerId(uuid(2)), at: at(9) };
    given::<Execution>(started()).when(adopt).then_expect_events(vec![adopted()]);
    given::<Execution>(started())
        .and(vec![adopted()])
        .when(report(1, gave(key(2, 1))))
        .then_expect_error(ExecutionRejection::StaleOwner { epoch: 1, current: 2 });
}

#[test]
fn a_takeover_keeps_the_seed() {
    let mut events = started();
    events.push(adopted());
    let Execution::Running(_, owner) = Execution::replay(&events) else { panic!("it runs") };
    assert_eq!(owner, Owner { worker: WorkerId(uuid(2)), epoch: 2, seed: 9 });
}

#[test]
fn a_step_that_only_transforms_needs_no_start() {
    expect_recorded(vec![], gave(key(2, 1)));
    expect_recorded(vec![begun(key(2, 1))], gave(key(2, 1)));
}

#[test]
fn a_stale_worker_report_is_rejected() {
    expect_late(vec![gave(key(2, 1))], gave(key(2, 1)), key(2, 1));
    expect_late(vec![gave(key(2, 1))], begun(key(2, 2)), key(2, 2));
    expect_late(vec![broke(key(2, 1), Some(at(5)))], gave(key(2, 1)), key(2, 1));
    expect_late(vec![broke(key(2, 1), None)], gave(key(2, 2)), key(2, 2));
    expect_late(vec![], gave(key(2, 2)), key(2, 2));
}

#[test]
fn a_failed_attempt_that_will_be_retried_has_a_next_one() {
    expect_recorded(vec![broke(key(2, 1), Some(at(5)))], begun(key(2, 2)));
    expect_recorded(vec![broke(key(2, 1), Some(at(5)))], gave(key(2, 2)));
}

#[test]
fn a_step_whose_process_died_is_repeated_or_declared_unknown() {
    let unknown = ExecutionEvent::StepOutcomeUnknown { step: key(2, 1), at: at(9) };
    expect_recorded(vec![begun(key(2, 1))], begun(key(2, 2)));
    expect_recorded(vec![begun(key(2, 1))], unknown.clone());
    expect_recorded(vec![begun(key(2, 1)), unknown.clone()], begun(key(2, 2)));
    expect_late(vec![gave(key(2, 1))], unknown, key(2, 1));
}

#[test]
fn a_wait_is_ended_by_its_own_timer_once() {
    expect_recorded(vec![waits(key(2, 1), 5)], resumed(key(2, 1), 5));
    expect_late(vec![waits(key(2, 1), 5)], resumed(key(2, 1), 6), key(2, 1));
    expect_late(vec![waits(key(2, 1), 5), resumed(key(2, 1), 5)], resumed(key(2, 1), 5), key(2, 1));
    expect_recorded(vec![waits(key(2, 1), 5), resumed(key(2, 1), 5)], gave(key(2, 1)));
}

#[test]
fn a_signal_is_taken_once_by_the_step_that_waits_for_it() {
    let (step, late) = (key(2, 1), ExecutionRejection::LateSignal { signal: SignalId(uuid(5)) });
    let after = |events: Vec<ExecutionEvent>| given::<Execution>(started()).and(events).when(signal(step, 5));
    after(vec![awaits(step, 5, None)]).then_expect_events(vec![signalled(step, 5)]);
    after(vec![]).then_expect_error(late.clone());
    after(vec![awaits(step, 6, None)]).then_expect_error(late.clone());
    after(vec![awaits(key(2, 2), 5, None)]).then_expect_error(late.clone());
    after(vec![awaits(step, 5, None), signalled(step, 5)]).then_expect_error(late.clone());
    after(vec![awaits(step, 5, None), gave(step)]).then_expect_error(late);
    after(vec![awaits(step, 5, None), ExecutionEvent::Cancelled { at: at(9) }])
        .then_expect_error(ExecutionRejection::Ended);
    given::<Execution>(vec![]).when(signal(step, 5)).then_expect_error(ExecutionRejection::Missing);
    given::<Execution>(vec![queue().into()]).when(signal(step, 5)).then_expect_error(ExecutionRejection::NotStarted);
}

#[test]
fn of_a_signal_and_its_deadline_the_first_wins() {
    let (step, wait) = (key(2, 1), awaits(key(2, 1), 5, Some(at(60))));
    expect_recorded(vec![wait.clone()], resumed(step, 105));
    expect_late(vec![wait.clone(), signalled(step, 5)], resumed(step, 105), step);
    given::<Execution>(started())
        .and(vec![wait.clone(), resumed(step, 105)])
        .when(signal(step, 5))
        .then_expect_error(ExecutionRejection::LateSignal { signal: SignalId(uuid(5)) });
    // Without a deadline nothing but the signal ends the wait.
    expect_late(vec![awaits(step, 5, None)], resumed(step, 105), step);
    expect_recorded(vec![wait.clone(), signalled(step, 5)], gave(step));
    expect_recorded(vec![wait, signalled(step, 5)], awaits(step, 6, None));
}

#[test]
fn it_succeeds_when_every_step_has_ended() {
    expect_recorded(vec![gave(key(2, 1))], ExecutionEvent::Succeeded { at: at(3) });
    given::<Execution>(started())
        .and(vec![begun(key(2, 1))])
        .when(report(1, ExecutionEvent::Succeeded { at: at(3) }))
        .then_expect_error(ExecutionRejection::Unfinished { node: id(2) });
}

#[test]
fn only_what_a_worker_does_is_reported() {
    given::<Execution>(started())
        .when(report(1, ExecutionEvent::Cancelled { at: at(3) }))
        .then_expect_error(ExecutionRejection::NotAReport { wire_name: "execution.cancelled.v1" });
}

#[test]
fn it_is_cancelled_before_and_while_it_runs_and_not_after() {
    let cancel = ExecutionCommand::Cancel { at: at(4) };
    let cancelled = ExecutionEvent::Cancelled { at: at(4) };
    given::<Execution>(vec![queue().into()]).when(cancel.clone()).then_expect_events(vec![cancelled.clone()]);
    given::<Execution>(started()).when(cancel.clone()).then_expect_events(vec![cancelled.clone()]);
    given::<Execution>(started()).and(vec![cancelled]).when(cancel).then_expect_error(ExecutionRejection::Ended);
    let cancel = ExecutionCommand::Cancel { at: at(4) };
    given::<Execution>(vec![]).when(cancel).then_expect_error(ExecutionRejection::Missing);
}

#[test]
fn only_what_ended_badly_is_retried() {
    let after = |events: Vec<ExecutionEvent>| Execution::replay(started().iter().chain(&events));
    let failed = ExecutionEvent::Failed { error: step_error(), at: at(3) };
    assert_eq!(after(vec![failed]).retry(), Ok(&queue()));
    assert_eq!(after(vec![ExecutionEvent::Cancelled { at: at(3) }]).retry(), Ok(&queue()));
    assert_eq!(after(vec![]).retry(), Err(ExecutionRejection::NotRetryable));
    assert_eq!(after(vec![ExecutionEvent::Succeeded { at: at(3) }]).retry(), Err(ExecutionRejection::NotRetryable));
}

#[test]
fn the_status_says_waiting_when_nothing_else_is_open() {
    let status = |events: Vec<ExecutionEvent>| Execution::replay(started().iter().chain(&events)).status().unwrap();
    assert_eq!(status(vec![]), ExecutionStatus::Running);
    assert_eq!(status(vec![waits(key(2, 1), 5)]), ExecutionStatus::Waiting);
    assert_eq!(status(vec![awaits(key(2, 1), 5, None)]), ExecutionStatus::Waiting);
    assert_eq!(status(vec![awaits(key(2, 1), 5, None), signalled(key(2, 1), 5)]), ExecutionStatus::Running);
    assert_eq!(status(vec![waits(key(2, 1), 5), begun(key(3, 1))]), ExecutionStatus::Running);
    assert_eq!(status(vec![ExecutionEvent::Succeeded { at: at(3) }]), ExecutionStatus::Succeeded);
}

#[test]
fn recovery_finds_the_items_of_every_recorded_step() {
    let events: Vec<_> = started().into_iter().chain([gave(key(2, 1)), begun(key(3, 1))]).collect();
    let execution = Execution::replay(&events);
    let progress = execution.progress().unwrap();
    let StepState::Succeeded { recorded, output, .. } = &progress.step(id(2), 0).unwrap().state else {
        panic!("it succeeded")
    };
    assert_eq!((recorded.0, output.as_slice()), (3, [Part { part: 0, count: 2 }].as_slice()));
    assert_eq!(progress.version().0, 4);
    assert_eq!(progress.step(id(3), 0).unwrap().state, StepState::Started { at: at(2) });
}

fn any_event() -> impl Strategy<Value = ExecutionEvent> {
    let step = (1..4u128, 0..2u32, 1..4u32).prop_map(|(node, iteration, attempt)| StepKey {
        node: id(node),
        iteration,
        attempt,
    });
    (0..14u8, step, 1..3u128, any::<bool>()).prop_map(|(which, step, number, again)| match which {
        0 => queue().into(),
        1 => started()[1].clone(),
        2 => adopted(),
        3 | 4 => begun(step),
        5 | 6 => gave(step),
        7 => broke(step, again.then(|| at(5))),
        8 => waits(step, number),
        9 => resumed(step, number),
        10 => awaits(step, number, again.then(|| at(60))),
        11 => signalled(step, number),
        12 => ExecutionEvent::StepOutcomeUnknown { step, at: at(9) },
        _ if again => ExecutionEvent::Succeeded { at: at(10) },
        _ => ExecutionEvent::Cancelled { at: at(10) },
    })
}

proptest! {
    #[test]
    fn any_history_replays_and_the_end_is_the_end(events in prop::collection::vec(any_event(), 0..60)) {
        let mut execution = Execution::default();
        let mut end = None;
        for event in &events {
            execution.evolve(event);
            if let Execution::Ended(_, outcome) = &execution {
                prop_assert_eq!(end.get_or_insert_with(|| outcome.clone()), outcome);
            } else {
                prop_assert!(end.is_none());
            }
        }
    }

    #[test]
    fn no_step_gets_two_outcomes(reports in prop::collection::vec(any_event(), 0..80)) {
        let mut execution = Execution::replay(&started());
        let mut outcomes = std::collections::HashSet::new();
        for event in reports {
            let Ok(recorded) = execution.decide(report(1, event)) else { continue };
            for event in recorded {
                if let ExecutionEvent::StepSucceeded { step, .. } = &event {
                    prop_assert!(outcomes.insert((step.node, step.iteration)));
                }
                execution.evolve(&event);
            }
        }
    }
}
