//! A history of everything that can happen.

use weft_model::access::{AccessEvent, RefusalReason, access_stream};
use weft_model::credential::{CredentialEvent, TestOutcome};
use weft_model::execution::{Awaited, ExecutionEvent, Parent, StepKey};
use weft_model::member::{MemberEvent, Role};
use weft_model::tenant::{Branding, TenantEvent, TenantSettings};
use weft_model::variable::VariableEvent;
use weft_model::workflow::{EditCause, WorkflowEvent};
use weft_model::{
    CredentialId, Event, ExecutionId, GroupId, IdentityId, MemberId, NodeId, SignalId, StreamVersion, TimerId,
    VariableId, WorkerId, WorkflowId,
};
use weft_projections::testing::{End, Story, step_error, step_failed, step_reused, step_succeeded};

use super::stage::Dice;

/// A tenant with `moments` things that happened, the same ones for the same seed. The first of them are one of each kind.
pub(super) fn history(tenant: u128, seed: u64, moments: u64) -> Story {
    let mut past = Past::begin(tenant, seed);
    for moment in 0..moments {
        past.happen(moment);
    }
    past.story
}

/// How many kinds of things [`Past::happen`] knows.
const KINDS: u64 = 18;

struct Past {
    story: Story,
    dice: Dice,
    workflows: Vec<(WorkflowId, [NodeId; 2])>,
    members: Vec<(MemberId, IdentityId)>,
    variables: Vec<(VariableId, String)>,
    open: Vec<(ExecutionId, NodeId)>,
    /// The number of the version that was published last.
    versions: u32,
}

impl Past {
    fn begin(tenant: u128, seed: u64) -> Self {
        let mut story = Story::of(tenant);
        story.founded("acme");
        let members = vec![story.joined(Role::Owner)];
        let workflows = vec![story.drawn("Orders")];
        let (variables, open, versions) = (Vec::new(), Vec::new(), 0);
        Self { story, dice: Dice::new(seed), workflows, members, variables, open, versions }
    }

    fn happen(&mut self, moment: u64) {
        let kind = if moment < KINDS { moment } else { self.dice.below(KINDS + 6) };
        let (workflow, nodes) = self.workflows[self.dice.below(self.workflows.len() as u64) as usize];
        match kind {
            0 => self.workflows.push(self.story.drawn("More")),
            1 => self.edited(workflow),
            2 => self.members.push(self.story.joined(Role::Editor)),
            3 => self.variable_set(),
            4 => drop(self.story.executed(workflow, nodes, End::Failed)),
            5 => {
                let open = self.story.executed(workflow, nodes, End::Open);
                self.open.push((open, nodes[1]));
            }
            6 => self.published(workflow),
            7 => self.paused(workflow),
            8 => self.waited(),
            9 => self.uncertain(workflow, nodes),
            10 => self.cancelled(),
            11 => self.variable_deleted(),
            12 => self.promoted(),
            13 => self.presented(),
            14 => self.visited(),
            15 => self.archived(),
            16 => self.credentials_changed(workflow, nodes),
            17 => self.called(workflow, nodes),
            _ => drop(self.story.executed(workflow, nodes, End::Succeeded)),
        }
    }

    fn edited(&mut self, workflow: WorkflowId) {
        for cause in [EditCause::Edit, EditCause::Undo, EditCause::Redo] {
            let group = GroupId(self.story.id());
            self.story.renamed(workflow, "Renamed", cause, group);
        }
    }

    fn variable_set(&mut self) {
        for value in ["1", "2"] {
            let id = VariableId(self.story.id());
            let name = id.to_string();
            self.story.tell(id, VariableEvent::Set { name: name.clone(), value: value.into() });
            self.variables.push((id, name));
        }
    }

    /// One of two, so that some are left.
    fn variable_deleted(&mut self) {
        if self.variables.len() > 1
            && let Some((id, name)) = self.variables.pop()
        {
            self.story.tell(id, VariableEvent::Deleted { name });
        }
    }

    /// One credential lives through everything, another one stays as it was made.
    fn credentials_changed(&mut self, workflow: WorkflowId, nodes: [NodeId; 2]) {
        let (one, other) = (CredentialId(self.story.id()), CredentialId(self.story.id()));
        let execution = ExecutionId(self.story.id());
        let (node, at) = (nodes[1], self.story.now);
        for id in [one, other] {
            self.story.tell(id, CredentialEvent::Created { name: "Shop".into(), kind: "basic".into() });
        }
        let (name, was) = ("Store".to_owned(), "Shop".to_owned());
        for event in [
            CredentialEvent::Renamed { name: name.clone(), was },
            CredentialEvent::Rotated { version: 2 },
            CredentialEvent::Tested { version: 2, outcome: TestOutcome::Accepted, at },
            CredentialEvent::Used { workflow, node, execution },
            CredentialEvent::Deleted { name },
            CredentialEvent::Used { workflow, node, execution },
        ] {
            self.story.tell(one, event);
        }
        self.story.tell(other, CredentialEvent::Used { workflow, node, execution });
    }

    fn published(&mut self, workflow: WorkflowId) {
        self.versions += 1;
        self.story.published(workflow, self.versions, StreamVersion(1));
        self.story.tell(workflow, WorkflowEvent::Activated { number: self.versions });
    }

    fn paused(&mut self, workflow: WorkflowId) {
        self.story.tell(workflow, WorkflowEvent::Deactivated {});
    }

    fn archived(&mut self) {
        if self.workflows.len() > 1
            && let Some((workflow, _)) = self.workflows.pop()
        {
            self.story.tell(workflow, WorkflowEvent::Archived {});
        }
    }

    /// An open execution begins, waits, is adopted, wakes and ends.
    fn waited(&mut self) {
        let Some((execution, node)) = self.open.pop() else { return };
        let (step, at) = (StepKey { node, iteration: 0, attempt: 1 }, self.story.now);
        let timer = TimerId(self.story.id());
        let worker = |number| WorkerId(uuid::Uuid::from_u128(number));
        let told = [
            ExecutionEvent::Started { worker: worker(1), epoch: 1, seed: 7, at },
            ExecutionEvent::StepWaiting { step, kind: "wait@1".into(), sources: Vec::new(), timer, until: at, at },
            ExecutionEvent::Adopted { worker: worker(2), epoch: 2, at },
            ExecutionEvent::StepResumed { step, timer, at },
            step_succeeded(step, node, at),
            step_reused(StepKey { iteration: 1, ..step }, node, execution, at),
            ExecutionEvent::Succeeded { at },
        ];
        for event in told {
            self.story.tell(execution, event);
        }
    }

    /// A step asks for another execution and waits for its end.
    fn called(&mut self, workflow: WorkflowId, [trigger, node]: [NodeId; 2]) {
        let (caller, child) = (ExecutionId(self.story.id()), ExecutionId(self.story.id()));
        let (step, at) = (StepKey { node, iteration: 0, attempt: 1 }, self.story.now);
        let (signal, timer) = (SignalId(self.story.id()), TimerId(self.story.id()));
        let (worker, kind) = (WorkerId(uuid::Uuid::from_u128(1)), "executeWorkflow@1".to_owned());
        let awaited = Awaited::Execution { execution: child };
        let parent = Parent { execution: caller, node, iteration: 0, item: Some(0), signal: Some(signal), depth: 1 };
        self.story.queued(caller, workflow, trigger);
        self.story.tell(caller, ExecutionEvent::Started { worker, epoch: 1, seed: 7, at });
        self.story.asked_for(child, workflow, trigger, parent);
        let (sources, details, until) = (Vec::new(), None, None);
        for event in [
            ExecutionEvent::StepAwaits { step, kind, sources, signal, awaited, details, timer, until, at },
            ExecutionEvent::StepSignalled { step, signal, output: Vec::new(), at },
            step_succeeded(step, trigger, at),
            ExecutionEvent::Succeeded { at },
        ] {
            self.story.tell(caller, event);
        }
    }

    /// A step acts, fails, is tried again, and then nobody knows what became of it.
    fn uncertain(&mut self, workflow: WorkflowId, [trigger, node]: [NodeId; 2]) {
        let (id, at, worker) = (ExecutionId(self.story.id()), self.story.now, WorkerId(uuid::Uuid::from_u128(1)));
        self.story.queued(id, workflow, trigger);
        self.story.tell(id, ExecutionEvent::Started { worker, epoch: 1, seed: 7, at });
        for attempt in 1..=2 {
            let step = StepKey { node, iteration: 0, attempt };
            let kind = "httpRequest@1".to_owned();
            self.story.tell(id, ExecutionEvent::StepStarted { step, kind, sources: Vec::new(), at });
            if attempt == 1 {
                self.story.tell(id, step_failed(step, trigger, at, step_error(node)));
            } else {
                self.story.tell(id, ExecutionEvent::StepOutcomeUnknown { step, at });
            }
        }
        self.story.tell(id, ExecutionEvent::Failed { error: step_error(node), at });
    }

    fn cancelled(&mut self) {
        let (workflow, nodes) = self.workflows[0];
        let open = self.story.executed(workflow, nodes, End::Open);
        let at = self.story.now;
        self.story.tell(open, ExecutionEvent::Cancelled { at });
    }

    fn promoted(&mut self) {
        let (member, _) = self.story.joined(Role::Viewer);
        self.story.tell(member, MemberEvent::RoleChanged { role: Role::Admin });
        self.story.tell(member, MemberEvent::Removed {});
    }

    fn presented(&mut self) {
        let tenant = self.story.tenant;
        let branding = Branding { product_name: "Flow".into(), accent_color: "#123456".into(), logo_url: None };
        self.story.tell(tenant, TenantEvent::Renamed { name: "Acme & Co".into() });
        self.story.tell(tenant, TenantEvent::BrandingChanged { branding });
        self.story.tell(tenant, TenantEvent::SettingsChanged { settings: TenantSettings::default() });
    }

    fn visited(&mut self) {
        let (member, identity) = self.members[self.dice.below(self.members.len() as u64) as usize];
        let door = access_stream(self.story.tenant);
        self.story.tell(door, AccessEvent::SignedIn { identity, member });
        self.story.tell(door, AccessEvent::PasswordChanged { identity, member });
        let (reason, action) = (RefusalReason::Permission, "workflow:publish".to_owned());
        let (subject, identity) = (Some("x".to_owned()), Some(identity));
        self.story.tell(door, AccessEvent::Refused { reason, action, subject, identity });
    }
}

#[test]
fn everything_that_can_happen_is_told() {
    let story = history(1, 1, KINDS);
    let told: std::collections::HashSet<_> = story.facts.iter().map(|fact| fact.event.wire_name()).collect();
    let missing: Vec<_> = Event::wire_names().filter(|name| !told.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}
