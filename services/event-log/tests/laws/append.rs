use weft_event_log::{AppendError, Companion, Expected, MAX_BODY, SystemLog};
use weft_model::{Position, StreamId, StreamVersion, TenantId};

use crate::support::{event, fresh, request, with_events};

pub async fn positions_have_no_gap_in_any_tenant(log: &impl SystemLog) {
    let tenants: [TenantId; 2] = [fresh(), fresh()];
    for (tenant, sizes) in [(tenants[0], [1, 3, 2]), (tenants[1], [2, 2, 5])] {
        let mut head = 0;
        for size in sizes {
            let appended = log.append(with_events(request(tenant, fresh(), Expected::NoStream), size)).await.unwrap();
            assert_eq!(appended.first, Position(head + 1));
            head += size as u64;
            assert_eq!(appended.last, Position(head));
            assert_eq!(appended.version, StreamVersion(size as u32));
        }
        assert_eq!(log.head(tenant).await.unwrap(), Position(head));
        let positions: Vec<u64> =
            log.read(tenant, Position(0), 100).await.unwrap().iter().map(|event| event.position.0).collect();
        assert_eq!(positions, (1..=head).collect::<Vec<_>>());
    }
}

pub async fn a_stream_grows_only_from_the_expected_version(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let attempt = |expected| log.append(with_events(request(tenant, stream, expected), 2));
    let conflict = |result, wanted| match result {
        Err(AppendError::Conflict { stream: found, expected: _, actual }) => {
            assert_eq!((found, actual), (stream, StreamVersion(wanted)));
        }
        other => panic!("no conflict: {other:?}"),
    };
    conflict(attempt(Expected::Exactly(StreamVersion(1))).await, 0);
    assert_eq!(attempt(Expected::NoStream).await.unwrap().version, StreamVersion(2));
    conflict(attempt(Expected::NoStream).await, 2);
    conflict(attempt(Expected::Exactly(StreamVersion(1))).await, 2);
    conflict(attempt(Expected::Exactly(StreamVersion(3))).await, 2);
    assert_eq!(attempt(Expected::Exactly(StreamVersion(2))).await.unwrap().version, StreamVersion(4));
    assert_eq!(attempt(Expected::Any).await.unwrap().version, StreamVersion(6));
    assert_eq!(log.head(tenant).await.unwrap(), Position(6));
}

pub async fn of_many_that_expect_the_same_version_one_wins(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    log.append(request(tenant, stream, Expected::NoStream)).await.unwrap();
    let attempt = || log.append(request(tenant, stream, Expected::Exactly(StreamVersion(1))));
    let outcomes = futures_util::future::join_all((0..50).map(|_| attempt())).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let conflicts = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(AppendError::Conflict { actual: StreamVersion(2), .. })));
    assert_eq!(conflicts.count(), 49);
    assert_eq!(log.head(tenant).await.unwrap(), Position(2));
}

pub async fn a_refused_append_leaves_nothing_behind(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let reserve = |name: &str, owner| Companion::ReserveName { scope: "test".into(), name: name.into(), owner };
    let mut first = request(tenant, stream, Expected::NoStream);
    first.companions = vec![reserve("taken", fresh())];
    log.append(first).await.unwrap();

    let mut second = request(tenant, stream, Expected::Any);
    second.companions = vec![
        reserve("free", fresh()),
        Companion::AddUsage { counter: "things".into(), amount: 1, limit: None },
        reserve("taken", fresh()),
    ];
    assert!(matches!(log.append(second).await, Err(AppendError::NameTaken { name, .. }) if name == "taken"));
    assert_eq!(log.name_owner(tenant, "test", "free").await.unwrap(), None);
    assert_eq!(log.usage(tenant, "things").await.unwrap(), 0);
    assert_eq!(log.head(tenant).await.unwrap(), Position(1));
    assert_eq!(log.read_stream(tenant, stream, StreamVersion(0), 10).await.unwrap().len(), 1);
}

pub async fn a_request_that_contradicts_itself_is_refused(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let plain = || request(tenant, fresh(), Expected::NoStream);
    let mut empty = plain();
    empty.events.clear();
    assert!(matches!(log.append(empty).await, Err(AppendError::Malformed(_))));
    let mut without_payload = plain();
    without_payload.events[0].uses_payload = true;
    assert!(matches!(log.append(without_payload).await, Err(AppendError::Malformed(_))));
    let mut large = plain();
    large.events.push(event(&" ".repeat(MAX_BODY + 1)));
    assert!(matches!(log.append(large).await, Err(AppendError::TooLarge { limit: MAX_BODY, .. })));
    let mut twice = plain();
    twice.companions = vec![Companion::IdempotencyKey { key: "a".into() }; 2];
    assert!(matches!(log.append(twice).await, Err(AppendError::Malformed(_))));
    assert_eq!(log.head(tenant).await.unwrap(), Position(0));
}
