//! What makes a published workflow start by itself: rows that are written with the event that activates it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_event_log::{Companion, Timer, TimerKind, TriggerRoute};
use weft_model::{HookId, NodeId, TimerId, WorkflowId};

use super::{Plan, PlanStep};
use crate::action::Trigger;
use crate::clock::derived_id;
use crate::poll::{Memory, remembers};

/// The timer of a schedule; one for each node, for ever.
pub(crate) fn schedule_timer(workflow: WorkflowId, node: NodeId) -> TimerId {
    TimerId(derived_id("schedule", &[workflow.0.as_bytes(), node.0.as_bytes()]))
}

impl Plan {
    /// The rows that make the published version `number` start by itself. `hook` gives the unguessable part of a webhook's
    /// address; `before` are the nodes of what was active until now, whose timers end.
    pub fn activation(
        &self,
        workflow: WorkflowId,
        number: u32,
        now: Timestamp,
        default_zone: &TimeZone,
        hook: impl Fn(NodeId) -> HookId,
        before: impl IntoIterator<Item = NodeId>,
    ) -> Vec<Companion> {
        let mut routes = Vec::new();
        let mut timers: Vec<Timer> = Vec::new();
        let zone = self.time_zone.as_ref().unwrap_or(default_zone);
        for node in self.triggers() {
            match &node.step {
                PlanStep::Trigger(Trigger::Webhook(webhook)) if webhook.is_public() => {
                    routes.extend(webhook.methods().iter().map(|method| TriggerRoute {
                        hook: hook(node.id),
                        node: node.id,
                        method: method.clone(),
                        path: webhook.path.trim_matches('/').to_owned(),
                        test: false,
                        version: number,
                        data: serde_json::json!({
                            "rawBody": webhook.wants_raw_body(),
                            "rawFile": webhook.raw_file(),
                            "chat": webhook.is_chat(),
                            "page": webhook.chat_page().is_some(),
                        }),
                    }));
                }
                PlanStep::Trigger(Trigger::Schedule(schedule)) => {
                    timers.extend(schedule.next_after(now, zone).map(|due_at| Timer {
                        id: schedule_timer(workflow, node.id),
                        stream: workflow.into(),
                        kind: TimerKind::Schedule,
                        due_at,
                        data: serde_json::json!({ "node": node.id }),
                    }));
                }
                // It looks at once, so that what is there already is known to be nothing new.
                PlanStep::Trigger(Trigger::Poll(_)) => timers.push(Timer {
                    id: schedule_timer(workflow, node.id),
                    stream: workflow.into(),
                    kind: TimerKind::Schedule,
                    due_at: now,
                    data: Memory::none(node.id),
                }),
                PlanStep::Trigger(Trigger::Form(form)) => routes.push(TriggerRoute {
                    hook: hook(node.id),
                    node: node.id,
                    // A page is fetched and sent.
                    method: "*".to_owned(),
                    path: form.path.trim_matches('/').to_owned(),
                    test: false,
                    version: number,
                    data: serde_json::json!({ "form": true }),
                }),
                PlanStep::Trigger(Trigger::Manual | Trigger::Called(_) | Trigger::Failure | Trigger::Webhook(_))
                | PlanStep::Transform(_)
                | PlanStep::Action(_)
                | PlanStep::Broken(_) => {}
            }
        }
        let ended = before.into_iter().map(|node| schedule_timer(workflow, node));
        let ended: Vec<TimerId> = ended.filter(|id| timers.iter().all(|timer| timer.id != *id)).collect();
        let clear = ended.into_iter().map(|id| Companion::ClearTimer { id });
        // A trigger that was active until now goes on with what it remembers.
        let set = |timer: Timer| {
            if remembers(&timer) { Companion::RouseTimer(timer) } else { Companion::SetTimer(timer) }
        };
        let set = timers.into_iter().map(set);
        std::iter::once(Companion::SetTriggerRoutes { workflow, routes }).chain(clear).chain(set).collect()
    }
}
