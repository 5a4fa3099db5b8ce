use weft_event_log::{Companion, OpenExecution, SlotRequest, SystemLog};
use weft_model::{ExecutionId, TenantId, WorkerId, WorkflowId};

use crate::support::{carrying, fresh};

async fn open(log: &impl SystemLog, tenant: TenantId, workflow: WorkflowId) -> ExecutionId {
    let (execution, worker): (ExecutionId, WorkerId) = (fresh(), fresh());
    let open = OpenExecution { execution, workflow, worker, epoch: 1 };
    log.append(carrying(tenant, vec![Companion::OpenExecution(open)])).await.unwrap();
    execution
}

async fn close(log: &impl SystemLog, tenant: TenantId, execution: ExecutionId) {
    log.append(carrying(tenant, vec![Companion::CloseExecution { execution }])).await.unwrap();
}

pub async fn so_many_executions_hold_a_slot_as_long_as_they_are_open(log: &impl SystemLog) {
    let (tenant, workflow): (TenantId, WorkflowId) = (fresh(), fresh());
    let take = async |execution| {
        let asked =
            SlotRequest { execution, workflow, key: [0; 16], most: Some(2), most_per_key: None, most_of_tenant: None };
        log.take_slot(tenant, asked).await.unwrap()
    };
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(open(log, tenant, workflow).await);
    }
    assert!(take(all[0]).await && take(all[1]).await);
    assert!(!take(all[2]).await);
    assert!(take(all[0]).await, "who holds one asks again");
    close(log, tenant, all[1]).await;
    assert!(take(all[2]).await);
    assert!(!take(all[1]).await, "it gave its own back");
    let other = SlotRequest {
        execution: fresh(),
        workflow: fresh(),
        key: [0; 16],
        most: Some(1),
        most_per_key: None,
        most_of_tenant: None,
    };
    assert!(log.take_slot(tenant, other).await.unwrap(), "another workflow has its own");
    let theirs = SlotRequest { execution: fresh(), workflow, most: Some(1), ..other };
    assert!(log.take_slot(fresh(), theirs).await.unwrap(), "another tenant, too");
}

pub async fn keys_wait_for_each_other_only_where_the_workflow_is_full(log: &impl SystemLog) {
    let (tenant, workflow): (TenantId, WorkflowId) = (fresh(), fresh());
    let take = async |execution, key: u8| {
        let asked = SlotRequest {
            execution,
            workflow,
            key: [key; 16],
            most: Some(2),
            most_per_key: Some(1),
            most_of_tenant: None,
        };
        log.take_slot(tenant, asked).await.unwrap()
    };
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(open(log, tenant, workflow).await);
    }
    assert!(take(all[0], 1).await);
    assert!(!take(all[1], 1).await, "its key is taken");
    assert!(take(all[2], 2).await, "another key is free");
    assert!(!take(all[3], 3).await, "the workflow is full");
    close(log, tenant, all[2]).await;
    assert!(!take(all[1], 1).await);
    assert!(take(all[3], 3).await);
    close(log, tenant, all[0]).await;
    assert!(take(all[1], 1).await);
}

pub async fn of_many_that_ask_at_once_only_so_many_get_one(log: &impl SystemLog) {
    let (tenant, workflow): (TenantId, WorkflowId) = (fresh(), fresh());
    let mut asked = Vec::new();
    for _ in 0..12 {
        let execution = open(log, tenant, workflow).await;
        asked.push(SlotRequest {
            execution,
            workflow,
            key: [1; 16],
            most: None,
            most_per_key: Some(3),
            most_of_tenant: None,
        });
    }
    let answers = futures_util::future::join_all(asked.iter().map(|asked| log.take_slot(tenant, *asked))).await;
    assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 3);
}

pub async fn the_workflows_of_a_tenant_share_its_slots(log: &impl SystemLog) {
    let (tenant, one, other): (TenantId, WorkflowId, WorkflowId) = (fresh(), fresh(), fresh());
    let take = async |execution, workflow| {
        let most_of_tenant = Some(2);
        let asked = SlotRequest { execution, workflow, key: [0; 16], most: None, most_per_key: None, most_of_tenant };
        log.take_slot(tenant, asked).await.unwrap()
    };
    let (first, second) = (open(log, tenant, one).await, open(log, tenant, one).await);
    let (third, fourth) = (open(log, tenant, other).await, open(log, tenant, other).await);
    assert!(take(first, one).await && take(second, one).await);
    assert!(!take(third, other).await, "the tenant is full");
    assert!(take(second, one).await, "who holds one asks again");
    close(log, tenant, first).await;
    assert!(take(third, other).await);
    assert!(!take(fourth, other).await);
    let limited = SlotRequest {
        execution: fourth,
        workflow: other,
        key: [0; 16],
        most: Some(1),
        most_per_key: None,
        most_of_tenant: Some(9),
    };
    assert!(!log.take_slot(tenant, limited).await.unwrap(), "its workflow is full");
    let theirs = SlotRequest { execution: fresh(), ..limited };
    assert!(log.take_slot(fresh(), theirs).await.unwrap(), "another tenant has its own");
}

pub async fn of_many_workflows_that_ask_at_once_only_so_many_get_a_slot(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let mut asked = Vec::new();
    for _ in 0..12 {
        let workflow = fresh();
        let execution = open(log, tenant, workflow).await;
        let (most, most_per_key, most_of_tenant) = (Some(1), None, Some(3));
        asked.push(SlotRequest { execution, workflow, key: [0; 16], most, most_per_key, most_of_tenant });
    }
    let answers = futures_util::future::join_all(asked.iter().map(|asked| log.take_slot(tenant, *asked))).await;
    assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 3);
}
