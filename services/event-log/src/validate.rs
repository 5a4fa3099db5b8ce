//! What both logs refuse before they look at any state.

use std::collections::HashSet;

use crate::{AppendError, AppendRequest, Companion, LogFault, SealedSecret, Timer};

/// The largest body of one event, in bytes: what is larger belongs into a payload.
pub const MAX_BODY: usize = 1024 * 1024;
/// The largest payload of one append, in bytes over all parts.
pub const MAX_PAYLOAD: usize = 256 * 1024 * 1024;
/// The largest half of one secret, in bytes as it is sealed.
pub const MAX_SECRET: usize = 256 * 1024;
/// The largest entry of static data, in bytes of its key and its JSON.
pub const MAX_STATIC_ENTRY: usize = 256 * 1024;
/// The largest data of one timer, in bytes of its JSON.
pub const MAX_TIMER_DATA: usize = 256 * 1024;
/// The most events of one append.
pub const MAX_EVENTS: usize = 10_000;
/// The most companions of one append.
pub const MAX_COMPANIONS: usize = 10_000;

/// The most files that one append names.
pub const MAX_FILES: usize = 10_000;

const TIMER_DATA: &str = "the data of a timer";

pub(crate) fn validate(request: &AppendRequest) -> Result<(), AppendError> {
    if request.events.is_empty() {
        return Err(AppendError::Malformed("it has no event"));
    }
    within("the number of events", request.events.len(), MAX_EVENTS)?;
    within("the number of companions", request.companions.len(), MAX_COMPANIONS)?;
    for event in &request.events {
        within("an event", event.body.len(), MAX_BODY)?;
        if event.uses_payload && request.payload.is_none() {
            return Err(AppendError::Malformed("an event uses a payload and there is none"));
        }
    }
    for companion in &request.companions {
        match companion {
            Companion::KeepSecret(secret) => {
                within("a secret", secret.hidden.len().max(secret.shown.len()), MAX_SECRET)?;
            }
            Companion::SetTimer(timer) | Companion::RouseTimer(timer) => {
                within(TIMER_DATA, timer_data(timer), MAX_TIMER_DATA)?;
            }
            Companion::KeepStaticData { entry, .. } => {
                let size = entry.key.len() + entry.value.as_ref().map_or(0, String::len);
                within("an entry of static data", size, MAX_STATIC_ENTRY)?;
            }
            _ => {}
        }
    }
    if let Some(payload) = &request.payload {
        within("a payload", payload.parts.iter().map(bytes::Bytes::len).sum(), MAX_PAYLOAD)?;
        within("the number of files", payload.files.len(), MAX_FILES)?;
    }
    distinct(&request.companions)
}

/// Refuses a timer whose data no append would take either.
pub(crate) fn validate_timer(timer: &Timer) -> Result<(), LogFault> {
    let size = timer_data(timer);
    if size > MAX_TIMER_DATA {
        return Err(LogFault::TooLarge { what: TIMER_DATA, size, limit: MAX_TIMER_DATA });
    }
    Ok(())
}

fn timer_data(timer: &Timer) -> usize {
    timer.data.to_string().len()
}

fn within(what: &'static str, size: usize, limit: usize) -> Result<(), AppendError> {
    if size > limit { Err(AppendError::TooLarge { what, size, limit }) } else { Ok(()) }
}

/// Companions are checked against the state before the append, so two that would have to see each other are refused.
fn distinct(companions: &[Companion]) -> Result<(), AppendError> {
    let mut seen = HashSet::new();
    let mut fresh = |kind: u8, scope: &str, key: &str| seen.insert((kind, scope.to_owned(), key.to_owned()));
    for companion in companions {
        let is_fresh = match companion {
            Companion::ReserveName { scope, name, .. } => fresh(0, scope, name),
            Companion::IdempotencyKey { key } => fresh(1, "", key),
            Companion::AddUsage { counter, .. } => fresh(2, "", counter),
            Companion::FireTimer { id, .. } => fresh(3, "", &id.to_string()),
            Companion::KeepSecret(SealedSecret { credential, .. }) | Companion::DestroySecret { credential } => {
                fresh(4, "", &credential.to_string())
            }
            Companion::SetSecretUses { workflow, .. } => fresh(5, "", &workflow.to_string()),
            Companion::SetTimer(_)
            | Companion::RouseTimer(_)
            | Companion::ClearTimer { .. }
            | Companion::SetTriggerRoutes { .. }
            | Companion::ReleaseName { .. }
            | Companion::TenantProfile { .. }
            | Companion::Membership { .. }
            | Companion::DropMembership { .. }
            | Companion::OpenExecution(_)
            | Companion::KeepStaticData { .. }
            | Companion::CloseExecution { .. } => true,
        };
        if !is_fresh {
            return Err(AppendError::Malformed("one name, key, counter, timer or secret is asked for twice"));
        }
    }
    Ok(())
}
