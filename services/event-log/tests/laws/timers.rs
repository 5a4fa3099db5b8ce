use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use weft_event_log::{AppendError, Companion, LogFault, SystemLog, Timer, TimerKind};
use weft_model::{StreamId, TenantId, TimerId};

use crate::support::{carrying, fresh, microsecond, timer_id};

const LEASE: Duration = Duration::from_secs(10);

fn timer(id: TimerId, stream: StreamId, due_at: Timestamp) -> Timer {
    Timer { id, stream, kind: TimerKind::Schedule, due_at, data: json!({"node": "tick"}) }
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

pub async fn due_timers_come_earliest_first_and_are_lent(log: &impl SystemLog) {
    let (tenant, other, stream): (TenantId, TenantId, StreamId) = (fresh(), fresh(), fresh());
    let now = microsecond();
    let timers: Vec<_> = [-3, -1, -2, 60].iter().map(|late| timer(timer_id(), stream, now + seconds(*late))).collect();
    for (timer, tenant) in timers.iter().zip([tenant, tenant, other, tenant]) {
        log.append(carrying(tenant, vec![Companion::SetTimer(timer.clone())])).await.unwrap();
    }
    let due = async |at, limit| {
        let due = log.due_timers(at, LEASE, limit).await.unwrap();
        due.into_iter().map(|due| (due.tenant, due.timer)).collect::<Vec<_>>()
    };
    let expected = [(tenant, timers[0].clone()), (other, timers[2].clone()), (tenant, timers[1].clone())];
    assert_eq!(due(now, 2).await, expected[..2]);
    // What was given out is lent; the rest is still there.
    assert_eq!(due(now, 10).await, expected[2..]);
    assert_eq!(due(now + seconds(9), 10).await, []);
    assert_eq!(due(now + seconds(10), 10).await, expected);
}

pub async fn a_timer_is_set_moved_and_cleared(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let first = timer(timer_id(), stream, now + seconds(5));
    let second = timer(timer_id(), stream, now + seconds(7));
    let set = |timer: &Timer| Companion::SetTimer(timer.clone());
    log.append(carrying(tenant, vec![set(&second), set(&first)])).await.unwrap();
    assert_eq!(log.timers(tenant, stream).await.unwrap(), [first.clone(), second.clone()]);
    assert!(log.timers(fresh(), stream).await.unwrap().is_empty());
    let moved = Timer { due_at: now + seconds(9), kind: TimerKind::Wait, data: json!(null), ..first.clone() };
    log.append(carrying(tenant, vec![set(&moved)])).await.unwrap();
    assert_eq!(log.timers(tenant, stream).await.unwrap(), [second.clone(), moved]);
    let clear = |id| Companion::ClearTimer { id };
    log.append(carrying(tenant, vec![clear(first.id), clear(second.id), clear(timer_id())])).await.unwrap();
    assert!(log.timers(tenant, stream).await.unwrap().is_empty());
}

pub async fn a_timer_fires_once(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let tick = timer(timer_id(), stream, now);
    log.append(carrying(tenant, vec![Companion::SetTimer(tick.clone())])).await.unwrap();
    // Two processes fire the same tick; each also sets the next one under the same id, as schedules do.
    let next = Timer { due_at: now + seconds(60), ..tick.clone() };
    let fire = || {
        let fired = Companion::FireTimer { id: tick.id, due_at: tick.due_at };
        log.append(carrying(tenant, vec![fired, Companion::SetTimer(next.clone())]))
    };
    let (one, two) = tokio::join!(fire(), fire());
    let gone = [one, two].into_iter().filter(|outcome| match outcome {
        Ok(_) => false,
        Err(AppendError::TimerGone { timer }) => *timer == tick.id,
        Err(error) => panic!("{error:?}"),
    });
    assert_eq!(gone.count(), 1);
    assert_eq!(log.timers(tenant, stream).await.unwrap(), [next]);
    let unknown = Companion::FireTimer { id: timer_id(), due_at: now };
    assert!(matches!(log.append(carrying(tenant, vec![unknown])).await, Err(AppendError::TimerGone { .. })));
}

pub async fn the_next_timer_is_known(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    assert_eq!(log.next_timer().await.unwrap(), None);
    let (soon, later) = (timer(timer_id(), stream, now + seconds(1)), timer(timer_id(), stream, now + seconds(15)));
    let set = vec![Companion::SetTimer(later.clone()), Companion::SetTimer(soon.clone())];
    log.append(carrying(tenant, set)).await.unwrap();
    assert_eq!(log.next_timer().await.unwrap(), Some(soon.due_at));
    // A lent timer comes back when its lease ends.
    assert_eq!(log.due_timers(soon.due_at, LEASE, 10).await.unwrap().len(), 1);
    assert_eq!(log.next_timer().await.unwrap(), Some(soon.due_at + seconds(10)));
    log.append(carrying(tenant, vec![Companion::ClearTimer { id: soon.id }])).await.unwrap();
    assert_eq!(log.next_timer().await.unwrap(), Some(later.due_at));
}

pub async fn a_discarded_timer_is_gone_and_a_moved_one_stays(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let (stale, moved) = (timer(timer_id(), stream, now), timer(timer_id(), stream, now));
    let later = Timer { due_at: now + seconds(9), ..moved.clone() };
    for set in [&stale, &moved, &later] {
        log.append(carrying(tenant, vec![Companion::SetTimer(set.clone())])).await.unwrap();
    }
    let head = log.head(tenant).await.unwrap();
    assert!(!log.discard_timer(fresh(), stale.id, stale.due_at).await.unwrap(), "it is another tenant's");
    assert!(log.discard_timer(tenant, stale.id, stale.due_at).await.unwrap());
    assert!(!log.discard_timer(tenant, stale.id, stale.due_at).await.unwrap(), "it is gone already");
    assert!(!log.discard_timer(tenant, moved.id, moved.due_at).await.unwrap(), "it was moved");
    assert_eq!(log.timers(tenant, stream).await.unwrap(), [later]);
    assert_eq!(log.head(tenant).await.unwrap(), head);
}

pub async fn a_held_timer_is_given_to_nobody_and_fires_all_the_same(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let held = timer(timer_id(), stream, now);
    log.append(carrying(tenant, vec![Companion::SetTimer(held.clone())])).await.unwrap();
    let given = async |at: Timestamp| log.due_timers(at, LEASE, 10).await.unwrap().len();
    assert_eq!(given(now).await, 1);
    assert!(!log.hold_timer(fresh(), held.id, held.due_at, now + seconds(60)).await.unwrap(), "another tenant's");
    assert!(!log.hold_timer(tenant, held.id, now + seconds(1), now + seconds(60)).await.unwrap(), "it was moved");
    assert!(log.hold_timer(tenant, held.id, held.due_at, now + seconds(60)).await.unwrap());
    assert_eq!((given(now + seconds(59)).await, given(now + seconds(60)).await), (0, 1));
    assert!(log.hold_timer(tenant, held.id, held.due_at, now).await.unwrap());
    assert_eq!(given(now).await, 1, "it was given back");
    let fire = Companion::FireTimer { id: held.id, due_at: held.due_at };
    log.append(carrying(tenant, vec![fire])).await.unwrap();
    assert!(!log.hold_timer(tenant, held.id, held.due_at, now).await.unwrap());
}

pub async fn of_two_that_move_a_timer_one_does(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let first = timer(timer_id(), stream, now);
    log.append(carrying(tenant, vec![Companion::SetTimer(first.clone())])).await.unwrap();
    let head = log.head(tenant).await.unwrap();
    let to = |second, what: &str| Timer { due_at: now + seconds(second), data: json!({"seen": what}), ..first.clone() };
    let (one, two) = (to(60, "one"), to(61, "two"));
    let moved = tokio::join!(log.move_timer(tenant, now, &one), log.move_timer(tenant, now, &two));
    let moved = (moved.0.unwrap(), moved.1.unwrap());
    assert!(moved.0 != moved.1, "{moved:?}");
    let known = if moved.0 { one } else { two };
    assert_eq!(log.timers(tenant, stream).await.unwrap(), std::slice::from_ref(&known));
    assert!(!log.move_timer(fresh(), known.due_at, &to(90, "theirs")).await.unwrap());
    // What an append would not take is not taken here either, and changes nothing.
    let large = Timer { data: json!("é".repeat(131_072)), ..to(90, "") };
    let refused = log.move_timer(tenant, known.due_at, &large).await;
    assert!(matches!(refused, Err(LogFault::TooLarge { what: "the data of a timer", .. })), "{refused:?}");
    assert_eq!(log.timers(tenant, stream).await.unwrap(), std::slice::from_ref(&known));
    // Whoever fires it by its old moment is late, too.
    let fire = Companion::FireTimer { id: first.id, due_at: now };
    assert!(matches!(log.append(carrying(tenant, vec![fire])).await, Err(AppendError::TimerGone { .. })));
    // What was moved is not lent any longer.
    assert_eq!(log.due_timers(known.due_at, LEASE, 10).await.unwrap().len(), 1);
    assert_eq!(log.head(tenant).await.unwrap(), head);
}

pub async fn a_roused_timer_keeps_what_it_remembers(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let now = microsecond();
    let fresh_one = timer(timer_id(), stream, now);
    let rouse = |timer: &Timer| Companion::RouseTimer(timer.clone());
    log.append(carrying(tenant, vec![rouse(&fresh_one)])).await.unwrap();
    assert_eq!(log.timers(tenant, stream).await.unwrap(), std::slice::from_ref(&fresh_one));
    let known = Timer { due_at: now + seconds(60), data: json!({"seen": [1]}), ..fresh_one.clone() };
    assert!(log.move_timer(tenant, now, &known).await.unwrap());
    let roused = Timer { due_at: now + seconds(5), data: json!(null), ..fresh_one };
    log.append(carrying(tenant, vec![rouse(&roused)])).await.unwrap();
    assert_eq!(log.timers(tenant, stream).await.unwrap(), [Timer { due_at: roused.due_at, ..known }]);
    let large = Timer { data: json!("x".repeat(300_000)), ..roused };
    let refused = log.append(carrying(tenant, vec![rouse(&large)])).await;
    assert!(matches!(refused, Err(AppendError::TooLarge { what: "the data of a timer", .. })), "{refused:?}");
}
