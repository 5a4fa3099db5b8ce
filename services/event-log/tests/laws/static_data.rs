use weft_event_log::{AppendError, Companion, StaticEntry, SystemLog};
use weft_model::{NodeId, TenantId, WorkflowId};

use crate::support::{carrying, fresh};

fn entry(node: Option<NodeId>, key: &str, value: Option<&str>) -> StaticEntry {
    StaticEntry { node, key: key.to_owned(), value: value.map(str::to_owned) }
}

fn keep(workflow: WorkflowId, entry: StaticEntry) -> Companion {
    Companion::KeepStaticData { workflow, entry }
}

async fn kept(log: &impl SystemLog, tenant: TenantId, workflow: WorkflowId) -> Vec<(Option<NodeId>, String, String)> {
    let entries = log.static_data(tenant, workflow).await.unwrap();
    let mut kept: Vec<_> = entries.into_iter().map(|e| (e.node, e.key, e.value.unwrap())).collect();
    kept.sort();
    kept
}

pub async fn static_data_is_kept_entry_by_entry(log: &impl SystemLog) {
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (workflow, another): (WorkflowId, WorkflowId) = (fresh(), fresh());
    let node: NodeId = fresh();
    assert!(kept(log, tenant, workflow).await.is_empty());
    let first = vec![
        keep(workflow, entry(None, "seen", Some("1"))),
        keep(workflow, entry(Some(node), "seen", Some("2"))),
        keep(workflow, entry(None, "é \" \\ \u{0}", Some(r#"{"a":"\u0000"}"#))),
        keep(another, entry(None, "seen", Some("3"))),
    ];
    log.append(carrying(tenant, first)).await.unwrap();
    log.append(carrying(other, vec![keep(workflow, entry(None, "seen", Some("4")))])).await.unwrap();
    let odd = ("é \" \\ \u{0}".to_owned(), r#"{"a":"\u0000"}"#.to_owned());
    let expected = vec![
        (None, "seen".to_owned(), "1".to_owned()),
        (None, odd.0.clone(), odd.1.clone()),
        (Some(node), "seen".to_owned(), "2".to_owned()),
    ];
    assert_eq!(kept(log, tenant, workflow).await, expected);
    assert_eq!(kept(log, other, workflow).await, [(None, "seen".to_owned(), "4".to_owned())], "the other tenant's");
    let second = vec![
        keep(workflow, entry(None, "seen", None)),
        keep(workflow, entry(None, "never was", None)),
        keep(workflow, entry(Some(node), "seen", Some("[5]"))),
    ];
    log.append(carrying(tenant, second)).await.unwrap();
    let expected = vec![(None, odd.0, odd.1), (Some(node), "seen".to_owned(), "[5]".to_owned())];
    assert_eq!(kept(log, tenant, workflow).await, expected);
    assert_eq!(kept(log, tenant, another).await, [(None, "seen".to_owned(), "3".to_owned())]);
}

pub async fn an_entry_of_static_data_is_bounded(log: &impl SystemLog) {
    let (tenant, workflow): (TenantId, WorkflowId) = (fresh(), fresh());
    let large = "x".repeat(256 * 1024);
    let refused = log.append(carrying(tenant, vec![keep(workflow, entry(None, "k", Some(&large)))])).await;
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    let fits = &large[1..];
    log.append(carrying(tenant, vec![keep(workflow, entry(None, "k", Some(fits)))])).await.unwrap();
    assert_eq!(kept(log, tenant, workflow).await[0].2.len(), fits.len());
}
