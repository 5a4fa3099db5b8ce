//! One tenant's companions in memory. All are checked before any is applied.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use uuid::Uuid;
use weft_model::{CredentialId, ExecutionId, HookId, NodeId, Position, StreamId, TimerId, WorkflowId};

use super::seen::SeenPlaces;
use super::slots::Slots;
use super::to_microseconds;
use crate::{AppendError, Companion, OpenExecution, RouteMatch, StaticEntry, Timer, TriggerRoute};

#[derive(Default)]
pub(super) struct Companions {
    timers: BTreeMap<TimerId, HeldTimer>,
    routes: BTreeMap<WorkflowId, Vec<TriggerRoute>>,
    names: HashMap<(String, String), Uuid>,
    pub(super) open: BTreeMap<ExecutionId, OpenExecution>,
    keys: HashMap<String, (StreamId, Position)>,
    usage: HashMap<String, i64>,
    /// Which there are. Nobody can open them: there is no database that holds the keys.
    secrets: HashSet<CredentialId>,
    secret_uses: BTreeMap<WorkflowId, BTreeSet<CredentialId>>,
    pub(super) seen: SeenPlaces,
    pub(super) slots: Slots,
    static_data: BTreeMap<(WorkflowId, Option<NodeId>, String), String>,
}

pub(super) struct HeldTimer {
    pub(super) timer: Timer,
    pub(super) claimed_until: Option<Timestamp>,
}

impl Companions {
    pub(super) fn check(&self, companions: &[Companion]) -> Result<(), AppendError> {
        let released: HashSet<(&str, &str)> = companions
            .iter()
            .filter_map(|companion| match companion {
                Companion::ReleaseName { scope, name } => Some((scope.as_str(), name.as_str())),
                _ => None,
            })
            .collect();
        companions.iter().try_for_each(|companion| self.check_one(companion, &released))
    }

    fn check_one(&self, companion: &Companion, released: &HashSet<(&str, &str)>) -> Result<(), AppendError> {
        match companion {
            Companion::ReserveName { scope, name, owner } => match self.name_owner(scope, name) {
                Some(holder) if holder != *owner && !released.contains(&(scope.as_str(), name.as_str())) => {
                    Err(AppendError::NameTaken { scope: scope.clone(), name: name.clone(), owner: holder })
                }
                _ => Ok(()),
            },
            Companion::IdempotencyKey { key } => match self.keys.get(key) {
                Some((stream, first)) => {
                    Err(AppendError::Duplicate { key: key.clone(), stream: *stream, first: *first })
                }
                None => Ok(()),
            },
            Companion::FireTimer { id, due_at } => match self.timers.get(id) {
                Some(held) if held.timer.due_at == to_microseconds(*due_at) => Ok(()),
                _ => Err(AppendError::TimerGone { timer: *id }),
            },
            Companion::AddUsage { counter, amount, limit: Some(limit) } => {
                let used = self.usage(counter);
                if used.saturating_add(*amount) > *limit {
                    return Err(AppendError::QuotaExceeded { counter: counter.clone(), used, limit: *limit });
                }
                Ok(())
            }
            Companion::DestroySecret { credential } => {
                let uses = self.secret_uses.iter().filter(|(_, used)| used.contains(credential));
                let workflows: Vec<_> = uses.map(|(workflow, _)| *workflow).collect();
                if workflows.is_empty() {
                    Ok(())
                } else {
                    Err(AppendError::SecretInUse { credential: *credential, workflows })
                }
            }
            Companion::SetSecretUses { credentials, .. } => {
                match credentials.iter().filter(|credential| !self.secrets.contains(credential)).min() {
                    Some(credential) => Err(AppendError::SecretMissing { credential: *credential }),
                    None => Ok(()),
                }
            }
            Companion::SetTimer(_)
            | Companion::RouseTimer(_)
            | Companion::KeepSecret(_)
            | Companion::KeepStaticData { .. }
            | Companion::ClearTimer { .. }
            | Companion::SetTriggerRoutes { .. }
            | Companion::ReleaseName { .. }
            | Companion::TenantProfile { .. }
            | Companion::Membership { .. }
            | Companion::DropMembership { .. }
            | Companion::OpenExecution(_)
            | Companion::CloseExecution { .. }
            | Companion::AddUsage { limit: None, .. } => Ok(()),
        }
    }

    /// `stream` and `first` are those of the append.
    pub(super) fn apply(&mut self, companions: &[Companion], stream: StreamId, first: Position) {
        for companion in companions {
            self.apply_one(companion, stream, first);
        }
    }

    fn apply_one(&mut self, companion: &Companion, stream: StreamId, first: Position) {
        match companion {
            Companion::SetTimer(timer) => {
                let timer = Timer { due_at: to_microseconds(timer.due_at), ..timer.clone() };
                self.timers.insert(timer.id, HeldTimer { timer, claimed_until: None });
            }
            Companion::RouseTimer(timer) => {
                let data = self.timers.get(&timer.id).map_or(&timer.data, |held| &held.timer.data).clone();
                let timer = Timer { due_at: to_microseconds(timer.due_at), data, ..timer.clone() };
                self.timers.insert(timer.id, HeldTimer { timer, claimed_until: None });
            }
            Companion::ClearTimer { id } | Companion::FireTimer { id, .. } => {
                self.timers.remove(id);
            }
            Companion::SetTriggerRoutes { workflow, routes } => {
                self.routes.insert(*workflow, routes.clone());
            }
            Companion::ReserveName { scope, name, owner } => {
                self.names.insert((scope.clone(), name.clone()), *owner);
            }
            Companion::ReleaseName { scope, name } => {
                self.names.remove(&(scope.clone(), name.clone()));
            }
            Companion::OpenExecution(open) => {
                self.open.insert(open.execution, *open);
            }
            Companion::CloseExecution { execution } => {
                self.open.remove(execution);
            }
            // The rows that sign-in and host names are looked up in belong to the platform's database; there is none here.
            Companion::TenantProfile { .. } | Companion::Membership { .. } | Companion::DropMembership { .. } => {}
            Companion::KeepSecret(secret) => {
                self.secrets.insert(secret.credential);
            }
            Companion::DestroySecret { credential } => {
                self.secrets.remove(credential);
            }
            Companion::SetSecretUses { workflow, credentials } => {
                self.secret_uses.insert(*workflow, credentials.iter().copied().collect());
            }
            Companion::KeepStaticData { workflow, entry: StaticEntry { node, key, value } } => {
                let place = (*workflow, *node, key.clone());
                match value {
                    Some(value) => self.static_data.insert(place, value.clone()),
                    None => self.static_data.remove(&place),
                };
            }
            Companion::IdempotencyKey { key } => {
                self.keys.insert(key.clone(), (stream, first));
            }
            Companion::AddUsage { counter, amount, .. } => {
                *self.usage.entry(counter.clone()).or_default() += amount;
            }
        }
    }

    pub(super) fn static_data(&self, workflow: WorkflowId) -> Vec<StaticEntry> {
        let of_it = self.static_data.iter().filter(|((of, ..), _)| *of == workflow);
        of_it
            .map(|((_, node, key), value)| StaticEntry { node: *node, key: key.clone(), value: Some(value.clone()) })
            .collect()
    }

    pub(super) fn due_timers(&mut self, now: Timestamp) -> impl Iterator<Item = &mut HeldTimer> {
        self.timers
            .values_mut()
            .filter(move |held| held.timer.due_at <= now && held.claimed_until.is_none_or(|until| until <= now))
    }

    pub(super) fn next_timer(&self) -> Option<Timestamp> {
        self.timers.values().map(|held| held.timer.due_at.max(held.claimed_until.unwrap_or(Timestamp::MIN))).min()
    }

    pub(super) fn timers_of(&self, stream: StreamId) -> Vec<Timer> {
        let mut timers: Vec<_> =
            self.timers.values().map(|held| &held.timer).filter(|timer| timer.stream == stream).cloned().collect();
        timers.sort_by_key(|timer| (timer.due_at, timer.id));
        timers
    }

    pub(super) fn discard_timer(&mut self, id: TimerId, due_at: Timestamp) -> bool {
        let is_there = self.timers.get(&id).is_some_and(|held| held.timer.due_at == due_at);
        if is_there {
            self.timers.remove(&id);
        }
        is_there
    }

    pub(super) fn hold_timer(&mut self, id: TimerId, due_at: Timestamp, until: Timestamp) -> bool {
        let held = self.due_at(id, due_at);
        held.map(|held| held.claimed_until = Some(to_microseconds(until))).is_some()
    }

    pub(super) fn move_timer(&mut self, due_at: Timestamp, to: &Timer) -> bool {
        let held = self.due_at(to.id, due_at);
        let moved = held.map(|held| {
            let Timer { id, stream, kind, .. } = held.timer.clone();
            let timer = Timer { id, stream, kind, due_at: to_microseconds(to.due_at), data: to.data.clone() };
            *held = HeldTimer { timer, claimed_until: None };
        });
        moved.is_some()
    }

    /// The timer, if it is due at that moment.
    fn due_at(&mut self, id: TimerId, due_at: Timestamp) -> Option<&mut HeldTimer> {
        self.timers.get_mut(&id).filter(|held| held.timer.due_at == to_microseconds(due_at))
    }

    pub(super) fn routes_of(&self, hook: HookId) -> Vec<RouteMatch> {
        let all = self.routes.iter().flat_map(|(workflow, routes)| routes.iter().map(move |route| (*workflow, route)));
        all.filter(|(_, route)| route.hook == hook)
            .map(|(workflow, route)| RouteMatch { workflow, route: route.clone() })
            .collect()
    }

    pub(super) fn name_owner(&self, scope: &str, name: &str) -> Option<Uuid> {
        self.names.get(&(scope.to_owned(), name.to_owned())).copied()
    }

    pub(super) fn usage(&self, counter: &str) -> i64 {
        self.usage.get(counter).copied().unwrap_or_default()
    }
}
