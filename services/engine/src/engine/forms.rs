//! Forms of several pages: what somebody who fills one in is shown next, read from what is recorded of the execution.
//!
//! A page is asked for by a step that waits for a signal. Whoever answers it sends that signal, so that a page is answered once.

use weft_model::{ExecutionId, NodeId, SignalId, TenantId};
use weft_value::Object;

use super::{Engine, SendSignal, SignalError, StartError};
use crate::execution::{End, Past, PastError, PastStep};
use crate::kinds::form::Completion;
use crate::kinds::form_trigger::FormWait;
use crate::plan::{Plan, PlanStep};
use crate::{Filled, Form, FormCall, Respond, Trigger, WaitingStep};

/// What somebody finds who opens the address of an execution's pages.
#[derive(Clone, Debug)]
pub struct FormVisit {
    /// The form that the execution began with, where it did with one.
    pub trigger: Option<Form>,
    /// How far it is.
    pub state: FormState,
}

/// How far a form of several pages is.
#[derive(Clone, Debug)]
pub enum FormState {
    /// It asks for a page.
    Asks(Box<AskedPage>),
    /// It is at its end and says so.
    Completed(Completion),
    /// The execution is at work, and another page may come.
    AtWork,
    /// Every page was answered.
    Answered,
    /// The execution ended badly.
    Failed,
    /// The execution ended without asking anything.
    Over,
}

/// A page that is asked for.
#[derive(Clone, Debug)]
pub struct AskedPage {
    /// What waits for it; whoever answers another one is late.
    pub signal: SignalId,
    /// The page.
    pub form: Form,
    /// What its address ends with.
    pub suffix: String,
    /// The step that asks for it.
    pub waiting: WaitingStep,
    /// Whether other pages may follow.
    pub leads_on: bool,
}

/// A page that was filled in.
#[derive(Clone, Debug)]
pub struct AnsweredPage<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The execution.
    pub execution: ExecutionId,
    /// The page.
    pub page: &'a AskedPage,
    /// What was filled in.
    pub filled: Filled,
    /// What the address brought along.
    pub query: Object,
}

impl Engine {
    /// What an execution shows to whoever fills in its form; nothing where there is none.
    pub async fn form_visit(&self, tenant: TenantId, execution: ExecutionId) -> Result<Option<FormVisit>, SignalError> {
        let Some(past) = Past::outline(&*self.0.log, tenant, execution).await.map_err(unreadable)? else {
            return Ok(None);
        };
        let plan = self.0.plan(tenant, past.workflow, past.version).await;
        let plan = plan.map_err(|error| SignalError::Start(error.into()))?;
        let trigger = match plan.node(past.trigger).map(|node| &node.step) {
            Some(PlanStep::Trigger(Trigger::Form(form))) => Some(form.as_ref().clone()),
            _ => None,
        };
        let state = match self.shown(tenant, &past, &plan).await? {
            Some(shown) => shown,
            None => without_page(&past, &plan, trigger.is_some()),
        };
        Ok(Some(FormVisit { trigger, state }))
    }

    /// The page that waits to be filled in, else the one that the form has ended with. What pages say is read only where there
    /// is one.
    async fn shown(&self, tenant: TenantId, outline: &Past, plan: &Plan) -> Result<Option<FormState>, SignalError> {
        let waits = outline.awaiting().is_some_and(|(step, _)| shows_page(plan, step.node));
        if (!waits || outline.ended.is_some()) && last_completion(outline, plan).is_none() {
            return Ok(None);
        }
        let past = match Past::pages(&*self.0.log, tenant, outline.execution).await {
            Ok(past) => past,
            // Its items were kept for as long as they are kept.
            Err(PastError::PayloadGone(_)) => None,
            Err(error) => return Err(unreadable(error)),
        };
        Ok(past.and_then(|past| asked(tenant, &past, plan).or_else(|| completed(&past, plan))))
    }

    /// Lets the execution go on with what was filled in.
    pub async fn answer_page(&self, answered: AnsweredPage<'_>) -> Result<(), SignalError> {
        let AnsweredPage { tenant, execution, page, filled, query } = answered;
        let past = Past::beginning(&*self.0.log, tenant, execution).await.map_err(unreadable)?;
        let past = past.ok_or(SignalError::NotFound)?;
        let plan = self.0.plan(tenant, past.workflow, past.version).await;
        let plan = plan.map_err(|error| SignalError::Start(error.into()))?;
        let settings = self.0.definitions.tenant(tenant).await.map_err(StartError::from)?;
        let zone = plan.time_zone.as_ref().unwrap_or(&settings.time_zone);
        let call = FormCall { query, is_test: past.mode != weft_model::execution::ExecutionMode::Production };
        // A page is shown for the first of the items that came to its node.
        let item = page.form.item(filled, self.0.clock.now(), zone, &call).paired_with(0);
        let send = SendSignal { tenant, execution, signal: page.signal, items: vec![item], respond: Respond::Nothing };
        self.signal(send).await.map(|_| ())
    }
}

fn unreadable(error: PastError) -> SignalError {
    SignalError::Unreadable(Box::new(error))
}

fn shows_page(plan: &Plan, node: NodeId) -> bool {
    plan.number_of(node).is_some_and(|node| plan.shows_page(node))
}

fn asked(tenant: TenantId, past: &Past, plan: &Plan) -> Option<FormState> {
    let (step, wait) = past.awaiting().filter(|_| past.ended.is_none())?;
    let FormWait { page, suffix } = FormWait::of_details(&wait.details)?;
    let leads_on = may_follow(past, plan, plan.number_of(step.node));
    let waiting = WaitingStep { tenant, execution: past.execution, workflow: past.workflow, node: step.node };
    Some(FormState::Asks(Box::new(AskedPage { signal: wait.signal, form: page, suffix, waiting, leads_on })))
}

fn completed(past: &Past, plan: &Plan) -> Option<FormState> {
    let run = last_completion(past, plan).and_then(|key| past.steps.get(&key));
    let Some(PastStep::Succeeded(run)) = run else { return None };
    Completion::of_kept(run.context.as_ref()?).map(FormState::Completed)
}

/// The step that ended the form last.
fn last_completion(past: &Past, plan: &Plan) -> Option<(NodeId, u32)> {
    let ends = |node: NodeId| {
        plan.node(node).is_some_and(|node| {
            node.kind.starts_with("form@") && node.parameters.get("operation").as_str() == Some("completion")
        })
    };
    let gave = past.steps.iter().filter(|(key, step)| matches!(step, PastStep::Succeeded(_)) && ends(key.0));
    let found: Vec<(NodeId, u32)> = gave.map(|(key, _)| *key).collect();
    // Of several ends, the one that no path leads on from to another one; of one node, its newest iteration.
    let is_last = |node: NodeId| {
        let after = plan.number_of(node).map(|node| plan.after(node)).unwrap_or_default();
        found.iter().all(|(other, _)| *other == node || plan.number_of(*other).is_none_or(|other| !after[other]))
    };
    let last = found.iter().filter(|(node, _)| is_last(*node)).max_by_key(|(node, iteration)| (*iteration, *node));
    last.or_else(|| found.iter().max_by_key(|(node, iteration)| (*iteration, *node))).copied()
}

/// What stands in the place of a page.
fn without_page(past: &Past, plan: &Plan, begins_with_form: bool) -> FormState {
    match &past.ended {
        Some(End::Failed(_) | End::Cancelled) => FormState::Failed,
        None if may_follow(past, plan, None) => FormState::AtWork,
        ended => {
            let is_answered = begins_with_form || answered(past, plan).next().is_some();
            if is_answered || ended.is_none() { FormState::Answered } else { FormState::Over }
        }
    }
}

/// The nodes whose pages were answered.
fn answered<'a>(past: &'a Past, plan: &'a Plan) -> impl Iterator<Item = usize> + 'a {
    let given = past.steps.iter().filter(|(_, step)| {
        matches!(step, PastStep::Succeeded(_) | PastStep::Signalled { .. } | PastStep::Resumed { .. })
    });
    given.filter_map(|(key, _)| plan.number_of(key.0)).filter(|node| plan.shows_page(*node))
}

/// Whether another page than the one of `current` may come: one that was not there yet, or any in a loop.
fn may_follow(past: &Past, plan: &Plan, current: Option<usize>) -> bool {
    let Some(trigger) = plan.number_of(past.trigger) else { return false };
    let seen: Vec<usize> = answered(past, plan).chain(current).collect();
    let reached = plan.after(trigger);
    let is_new = |node: usize| reached[node] && plan.shows_page(node) && !seen.contains(&node);
    (0..plan.nodes.len()).any(is_new) || seen.iter().any(|node| plan.after(*node)[*node])
}
