use weft_event_log::{AppendError, Companion, SealedSecret, SystemLog};
use weft_model::{CredentialId, Position, TenantId, WorkflowId};

use crate::support::{carrying, fresh};

fn keep(credential: CredentialId, version: u32) -> Companion {
    Companion::KeepSecret(SealedSecret { credential, version, key: 1, hidden: vec![0, 255], shown: vec![] })
}

fn destroy(credential: CredentialId) -> Companion {
    Companion::DestroySecret { credential }
}

fn uses(workflow: WorkflowId, credentials: &[CredentialId]) -> Companion {
    Companion::SetSecretUses { workflow, credentials: credentials.to_vec() }
}

pub async fn a_secret_that_is_used_cannot_be_destroyed(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let (one, other): (CredentialId, CredentialId) = (fresh(), fresh());
    let mut workflows: [WorkflowId; 2] = [fresh(), fresh()];
    workflows.sort();
    log.append(carrying(tenant, vec![keep(one, 1), keep(other, 1)])).await.unwrap();
    log.append(carrying(tenant, vec![uses(workflows[0], &[one, one])])).await.unwrap();
    log.append(carrying(tenant, vec![uses(workflows[1], &[other, one])])).await.unwrap();
    match log.append(carrying(tenant, vec![destroy(one)])).await {
        Err(AppendError::SecretInUse { credential, workflows: by }) => {
            assert_eq!((credential, by), (one, workflows.to_vec()));
        }
        outcome => panic!("not refused: {outcome:?}"),
    }
    assert_eq!(log.head(tenant).await.unwrap(), Position(3), "nothing of the refused append happened");
    log.append(carrying(tenant, vec![uses(workflows[0], &[])])).await.unwrap();
    log.append(carrying(tenant, vec![uses(workflows[1], &[other])])).await.unwrap();
    log.append(carrying(tenant, vec![destroy(one)])).await.unwrap();
    log.append(carrying(tenant, vec![destroy(one)])).await.unwrap();
}

pub async fn what_is_destroyed_or_never_was_cannot_be_used(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let (one, gone): (CredentialId, CredentialId) = (fresh(), fresh());
    log.append(carrying(tenant, vec![keep(one, 1), keep(gone, 1)])).await.unwrap();
    log.append(carrying(tenant, vec![keep(one, 2), destroy(gone)])).await.unwrap();
    for missing in [gone, fresh()] {
        let refused = log.append(carrying(tenant, vec![uses(fresh(), &[one, missing])])).await;
        assert!(
            matches!(refused, Err(AppendError::SecretMissing { credential }) if credential == missing),
            "{refused:?}"
        );
    }
    log.append(carrying(tenant, vec![uses(fresh(), &[one])])).await.unwrap();
    let twice = log.append(carrying(tenant, vec![keep(one, 3), destroy(one)])).await;
    assert!(matches!(twice, Err(AppendError::Malformed(_))), "{twice:?}");
}

pub async fn each_tenant_has_its_own_uses(log: &impl SystemLog) {
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (credential, workflow): (CredentialId, WorkflowId) = (fresh(), fresh());
    log.append(carrying(tenant, vec![keep(credential, 1)])).await.unwrap();
    let foreign = log.append(carrying(other, vec![uses(workflow, &[credential])])).await;
    assert!(matches!(foreign, Err(AppendError::SecretMissing { .. })), "{foreign:?}");
    log.append(carrying(other, vec![keep(credential, 1)])).await.unwrap();
    log.append(carrying(tenant, vec![uses(workflow, &[credential])])).await.unwrap();
    log.append(carrying(other, vec![destroy(credential)])).await.unwrap();
}
