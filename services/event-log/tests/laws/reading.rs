use bytes::Bytes;
use uuid::Uuid;
use weft_event_log::{Expected, SystemLog};
use weft_model::{Actor, CorrelationId, IdentityId, MemberId, PayloadId, Position, StreamId, StreamVersion, TenantId};

use crate::support::{event, fresh, now, request, with_events, with_payload};

pub async fn what_was_appended_is_read_back(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    let actors =
        [Actor::Member(MemberId(Uuid::from_u128(7))), Actor::Identity(IdentityId(Uuid::from_u128(8))), Actor::System];
    for (place, actor) in actors.into_iter().enumerate() {
        let mut append = request(tenant, stream, Expected::Any);
        append.actor = actor;
        append.correlation = CorrelationId(Uuid::from_u128(place as u128));
        append.causation = (place > 0).then_some(Position(place as u64));
        append.events = vec![event(&format!("{{\"place\":{place},\"text\":\"Grüße\\u0000\"}}"))];
        append.events[0].wire_version = place as i16 + 1;
        log.append(append).await.unwrap();
    }
    let read = log.read(tenant, Position(0), 10).await.unwrap();
    assert_eq!(read, log.read_stream(tenant, stream, StreamVersion(0), 10).await.unwrap());
    assert_eq!(read.len(), 3);
    for (place, (event, actor)) in read.iter().zip(actors).enumerate() {
        assert_eq!((event.tenant, event.stream, event.actor), (tenant, stream, actor));
        assert_eq!((event.position, event.version), (Position(place as u64 + 1), StreamVersion(place as u32 + 1)));
        assert_eq!((event.wire_type.as_str(), event.wire_version), ("test.happened", place as i16 + 1));
        assert_eq!(event.body, format!("{{\"place\":{place},\"text\":\"Grüße\\u0000\"}}").into_bytes());
        assert_eq!(event.correlation, CorrelationId(Uuid::from_u128(place as u128)));
        assert_eq!(event.causation, (place > 0).then_some(Position(place as u64)));
        assert_eq!(event.payload, None);
        assert!(now().duration_since(event.recorded_at).as_secs().abs() < 60);
    }
}

pub async fn a_tenant_reads_only_its_own_log(log: &impl SystemLog) {
    let (tenant, other, stream): (TenantId, TenantId, StreamId) = (fresh(), fresh(), fresh());
    // Even with the same ids: streams and payloads belong to their tenant.
    let own = with_payload(request(tenant, stream, Expected::NoStream), &[b"own"]);
    let mut foreign = with_payload(request(other, stream, Expected::NoStream), &[b"foreign"]);
    let payload = own.payload.as_ref().unwrap().id;
    foreign.payload.as_mut().unwrap().id = payload;
    log.append(own).await.unwrap();
    log.append(foreign).await.unwrap();
    for (tenant, content) in [(tenant, "own"), (other, "foreign")] {
        assert!(log.read(tenant, Position(0), 10).await.unwrap().iter().all(|event| event.tenant == tenant));
        assert_eq!(log.read_stream(tenant, stream, StreamVersion(0), 10).await.unwrap().len(), 1);
        let found = log.read_payload(tenant, payload).await.unwrap().unwrap();
        assert_eq!(found.part(0).unwrap(), content);
    }
    let nobody: TenantId = fresh();
    assert_eq!(log.head(nobody).await.unwrap(), Position(0));
    assert!(log.read(nobody, Position(0), 10).await.unwrap().is_empty());
    assert_eq!(log.read_payload(nobody, payload).await.unwrap(), None);
}

pub async fn pages_join_without_a_gap(log: &impl SystemLog) {
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    log.append(with_events(request(tenant, stream, Expected::NoStream), 7)).await.unwrap();
    log.append(with_events(request(tenant, fresh(), Expected::NoStream), 4)).await.unwrap();
    let (mut after, mut seen) = (Position(0), Vec::new());
    loop {
        let page = log.read(tenant, after, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = last.position;
        seen.extend(page.iter().map(|event| event.position.0));
    }
    assert_eq!(seen, (1..=11).collect::<Vec<_>>());
    let rest = log.read_stream(tenant, stream, StreamVersion(5), 10).await.unwrap();
    assert_eq!(rest.iter().map(|event| event.version.0).collect::<Vec<_>>(), [6, 7]);
}

pub async fn a_payload_is_read_back_whatever_its_size(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let incompressible: Vec<u8> =
        (0..200_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let repetitive = b"[{\"json\":{\"name\":\"ada\"}}]".repeat(100);
    for parts in [vec![&b"[]"[..], b"[1]"], vec![&repetitive, b""], vec![&incompressible, &repetitive], vec![]] {
        let append = with_payload(with_events(request(tenant, fresh(), Expected::NoStream), 2), &parts);
        let payload = append.payload.as_ref().unwrap().id;
        let appended = log.append(append).await.unwrap();
        let events = log.read(tenant, Position(appended.first.0 - 1), 2).await.unwrap();
        assert!(events.iter().all(|event| event.payload == Some(payload)));
        let found = log.read_payload(tenant, payload).await.unwrap().unwrap();
        assert_eq!(found.0, parts.iter().map(|part| Bytes::copy_from_slice(part)).collect::<Vec<_>>());
        assert_eq!(found.part(parts.len() as u32), None);
    }
    assert_eq!(log.read_payload(tenant, fresh::<PayloadId>()).await.unwrap(), None);
}

pub async fn a_watcher_hears_every_head_in_order(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let mut watch = log.watch();
    let appends = (0..20).map(|_| log.append(request(tenant, fresh(), Expected::NoStream)));
    for outcome in futures_util::future::join_all(appends).await {
        outcome.unwrap();
    }
    let mut head = Position(0);
    while head < Position(20) {
        let committed = watch.recv().await.unwrap();
        if committed.tenant == tenant {
            assert!(committed.head > head, "{committed:?} after {head:?}");
            head = committed.head;
            // What was announced can be read.
            assert_eq!(log.read(tenant, Position(head.0 - 1), 1).await.unwrap().len(), 1);
        }
    }
}
