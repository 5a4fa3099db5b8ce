//! The contract's commands on workflows and the tenant. Each of the other nouns has its file: `members.rs`, `variables.rs`,
//! `credentials`.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value as Json;
use weft_engine::kinds::Kinds;
use weft_engine::{Clock, Definitions, Engine, SystemClock, compile, credential_uses};
use weft_event_log::{AppendError, Companion, SystemLog};
use weft_graphql::ports::{
    AddMember, Commands, CredentialUpdate, Done, EditWorkflow, ImportWorkflow, Imported, ImportedFile,
    ImportedVariables, NewCredential, Outcome, Problem, Refusal, Rejected, Severity, TestCredential, TestedCredential,
};
use weft_import::Import;
use weft_model::execution::ExecutedVersion;
use weft_model::member::Role;
use weft_model::tenant::{Branding, Tenant, TenantCommand, TenantEvent};
use weft_model::workflow::{self, Definition, Live, Workflow, WorkflowCommand, WorkflowEvent, WorkflowRejection};
use weft_model::{
    CredentialId, Decider, MemberId, NodeId, Position, StreamId, StreamVersion, VariableId, WorkflowFile, WorkflowId,
};
use weft_tenants::RequestContext;

use super::store::{CommandFault, CompanionsOf, Executed, Target, execute, load};
use super::{
    LogCredentials, LogDefinitions, Members, Variables, catalogue, convert, credential_use, faults, fresh, tenant_log,
};
use crate::brands::Brands;
use crate::hooks::{HookAddresses, Routes};

/// Commands over the log.
pub struct LogCommands {
    /// The log.
    pub log: Arc<dyn SystemLog>,
    /// Checks drafts and knows what their triggers need.
    pub engine: Engine,
    /// What this process believes of definitions; told when they change.
    pub definitions: Arc<LogDefinitions>,
    /// What this process believes of trigger routes; told when they change.
    pub routes: Arc<Routes>,
    /// Where webhooks listen.
    pub hooks: HookAddresses,
    /// What this process believes of brands; told when they change.
    pub brands: Arc<Brands>,
    /// Commands on memberships.
    pub members: Members,
    /// Commands on variables.
    pub variables: Variables,
    /// Commands on credentials.
    pub credentials: Arc<LogCredentials>,
}

fn nothing<D: Decider>(_: &D, _: &[D::Event]) -> Vec<Companion> {
    Vec::new()
}

fn target(context: &RequestContext, stream: impl Into<StreamId>) -> Target {
    Target { tenant: context.tenant, stream: stream.into(), actor: context.actor, correlation: context.correlation }
}

fn done<D: Decider, T>(executed: &Executed<D>, value: T) -> Done<T> {
    Done { value, position: executed.position }
}

/// How a workflow's refusal looks: a conflict names the node and the version now.
fn workflow_refusal(rejection: WorkflowRejection) -> Refusal {
    if rejection == WorkflowRejection::Missing {
        return Refusal::NotFound;
    }
    let conflict = rejection.conflict();
    match (faults::rejected(rejection), conflict) {
        (Refusal::Rejected(rejected), Some((current, node))) => Refusal::EditConflict { rejected, node, current },
        (refusal, _) => refusal,
    }
}

impl LogCommands {
    async fn workflow(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        command: WorkflowCommand,
        companions: CompanionsOf<'_, Workflow>,
    ) -> Result<Executed<Workflow>, Refusal> {
        let refused = |fault| faults::command(fault, workflow_refusal);
        self.workflow_or(context, workflow, command, (companions, &refused)).await
    }

    /// The same, where a fault has a meaning of its own.
    async fn workflow_or(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        command: WorkflowCommand,
        (companions, refused): (
            CompanionsOf<'_, Workflow>,
            &(dyn Fn(CommandFault<WorkflowRejection>) -> Refusal + Sync),
        ),
    ) -> Result<Executed<Workflow>, Refusal> {
        let executed = execute(&*self.log, target(context, workflow), command, companions).await;
        let executed = executed.map_err(refused)?;
        self.definitions.forget_workflow(context.tenant, workflow).await;
        Ok(executed)
    }

    async fn draft(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        command: WorkflowCommand,
    ) -> Outcome<StreamVersion> {
        if !credential_use::may_use_all(context) {
            let (state, _) = self.state(context, workflow).await?;
            credential_use::permit_change(context, self.engine.kinds(), &state, command.clone())?;
        }
        let executed = self.workflow(context, workflow, command, &nothing).await?;
        Ok(done(&executed, executed.version))
    }

    /// Makes a workflow of a definition.
    pub async fn create_from(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        definition: Definition,
    ) -> Outcome<WorkflowId> {
        let command = WorkflowCommand::Create { definition: Box::new(definition) };
        let executed = self.workflow(context, workflow, command, &nothing).await?;
        Ok(done(&executed, workflow))
    }

    /// The version of a workflow's draft.
    pub async fn draft_version(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
    ) -> Result<StreamVersion, Refusal> {
        Ok(self.live(context, workflow).await?.version())
    }

    async fn live(&self, context: &RequestContext, workflow: WorkflowId) -> Result<Live, Refusal> {
        let (state, _) = self.state(context, workflow).await?;
        state.live().cloned().map_err(workflow_refusal)
    }

    async fn state(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
    ) -> Result<(Workflow, StreamVersion), Refusal> {
        let loaded = load::<Workflow>(&*self.log, context.tenant, workflow.into()).await;
        loaded.map_err(|fault| Refusal::Fault(faults::stream(fault)))
    }

    /// Lets imported workflows sign in with what this person may use, and with nothing else: by its name and type where the file
    /// has only those.
    pub async fn settle_credentials(&self, context: &RequestContext, imports: &mut [Import]) -> Result<(), Refusal> {
        credential_use::choose(context, (&self.credentials.scope, self.engine.kinds()), imports).await?;
        self.unset_credentials(context, imports).await
    }

    /// Leaves the credentials of imported workflows unset that this person cannot make use of.
    async fn unset_credentials(&self, context: &RequestContext, imports: &mut [Import]) -> Result<(), Refusal> {
        let kinds = self.engine.kinds();
        let named: Vec<_> =
            imports.iter().flat_map(|import| credential_use::named(kinds, &import.definition)).collect();
        if named.is_empty() {
            return Ok(());
        }
        let known = self.credentials.known(context.tenant, &named).await?;
        for import in imports {
            credential_use::unset(context, kinds, &known, import);
        }
        Ok(())
    }

    /// What makes a version start by itself, as companions, once the decision has given its number; the timers of what was
    /// active until now end.
    async fn activation(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        definition: &Definition,
    ) -> Result<impl Fn(&Workflow, &[WorkflowEvent]) -> Vec<Companion> + Send + Sync, Refusal> {
        let settings = self.definitions.tenant(context.tenant).await.map_err(faults::definition)?;
        let timers = self.log.timers(context.tenant, workflow.into()).await.map_err(faults::log)?;
        let before: Vec<_> = timers.iter().filter_map(|timer| timer.data["node"].as_str()?.parse().ok()).collect();
        // The number is no part of what is compiled here: only nodes and their parameters are.
        let plan = compile(self.engine.kinds(), &definition.name, ExecutedVersion::Published(0), &definition.graph);
        let credentials: Vec<_> = credential_uses(self.engine.kinds(), &definition.graph).into_keys().collect();
        let (tenant, now) = (context.tenant, SystemClock.now());
        Ok(move |_: &Workflow, events: &[WorkflowEvent]| {
            let Some(number) = events.iter().find_map(activated) else { return Vec::new() };
            let hook = |node| self.hooks.of(tenant, workflow, node);
            let mut companions = plan.activation(workflow, number, now, &settings.time_zone, hook, before.clone());
            companions.push(Companion::SetSecretUses { workflow, credentials: credentials.clone() });
            companions
        })
    }

    /// What ends every trigger, as companions.
    async fn deactivation(&self, context: &RequestContext, workflow: WorkflowId) -> Result<Vec<Companion>, Refusal> {
        let timers = self.log.timers(context.tenant, workflow.into()).await.map_err(faults::log)?;
        let clear = timers.into_iter().map(|timer| Companion::ClearTimer { id: timer.id });
        let nothing_used = Companion::SetSecretUses { workflow, credentials: Vec::new() };
        let nothing_listens = Companion::SetTriggerRoutes { workflow, routes: Vec::new() };
        Ok([nothing_used, nothing_listens].into_iter().chain(clear).collect())
    }
}

/// The number of the version that an event makes active.
fn activated(event: &WorkflowEvent) -> Option<u32> {
    match event {
        WorkflowEvent::Published { number, .. } | WorkflowEvent::Activated { number } => Some(*number),
        WorkflowEvent::Created { .. }
        | WorkflowEvent::Edited { .. }
        | WorkflowEvent::Deactivated {}
        | WorkflowEvent::Archived {} => None,
    }
}

#[async_trait]
impl Commands for LogCommands {
    async fn create_workflow(&self, context: &RequestContext, name: String, file: Option<Json>) -> Outcome<WorkflowId> {
        let mut definition = match file {
            Some(file) => WorkflowFile::parse(&file.to_string())
                .and_then(|file| file.into_definition(|| NodeId(fresh::id())))
                .map_err(|fault| file_refusal(&fault))?,
            None => Definition::default(),
        };
        if !name.trim().is_empty() || definition.name.is_empty() {
            definition.name = name;
        }
        credential_use::permit(context, self.engine.kinds(), &definition.graph)?;
        self.create_from(context, WorkflowId(fresh::id()), definition).await
    }

    async fn import_workflow(&self, context: &RequestContext, asked: ImportWorkflow) -> Outcome<ImportedFile> {
        let ImportWorkflow { text, name } = asked;
        let engine = self.engine.clone();
        // A large file takes a while.
        let imported = tokio::task::spawn_blocking(move || catalogue::import_file(&text, engine.kinds())).await;
        let mut imports = imported.map_err(|error| Refusal::Fault(faults::of(error)))?.map_err(Refusal::Rejected)?;
        if let (Some(name), [only]) = (name.filter(|name| !name.trim().is_empty()), imports.as_mut_slice()) {
            only.definition.name = name;
        }
        self.settle_credentials(context, &mut imports).await?;
        let (mut workflows, mut position) = (Vec::with_capacity(imports.len()), Position(0));
        for Import { workflow, definition, report, .. } in imports {
            let created = match self.create_from(context, workflow, definition).await {
                Ok(created) => created,
                Err(refusal) if workflows.is_empty() => return Err(refusal),
                // Those before are there: whoever asked must know of them, or would make them again.
                Err(refusal) => {
                    return Ok(Done { value: ImportedFile { workflows, stopped: Some(refusal) }, position });
                }
            };
            position = created.position;
            let report = report.into_iter().map(convert::import_entry).collect();
            workflows.push(Imported { workflow: created.value, report });
        }
        Ok(Done { value: ImportedFile { workflows, stopped: None }, position })
    }

    async fn edit_workflow(&self, context: &RequestContext, asked: EditWorkflow) -> Outcome<StreamVersion> {
        let newest = |kind: &str| self.engine.kinds().catalogue().newest(kind).map(|kind| kind.descriptor().version);
        let edits = asked.edits.into_iter().map(|edit| convert::edit(edit, newest)).collect::<Result<_, _>>()?;
        let EditWorkflow { workflow, seen, group, .. } = asked;
        let edit = workflow::EditWorkflow { by: context.actor, seen, group, edits };
        self.draft(context, workflow, WorkflowCommand::Edit(edit)).await
    }

    async fn undo_edit(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<StreamVersion> {
        self.draft(context, workflow, WorkflowCommand::Undo { by: context.actor }).await
    }

    async fn redo_edit(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<StreamVersion> {
        self.draft(context, workflow, WorkflowCommand::Redo { by: context.actor }).await
    }

    async fn publish_workflow(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        draft: StreamVersion,
    ) -> Outcome<u32> {
        let live = self.live(context, workflow).await?;
        let (problems, digest) = self.engine.check(&live.definition().name, &live.definition().graph);
        if problems.iter().any(|problem| problem.severity == weft_engine::Severity::Error) {
            return Err(Refusal::PublishRefused(problems.into_iter().map(convert::problem).collect()));
        }
        credential_use::permit(context, self.engine.kinds(), &live.definition().graph)?;
        // The decider refuses when the draft has moved since it was checked, so the triggers below are those of this draft.
        let activation = self.activation(context, workflow, live.definition()).await?;
        let command = WorkflowCommand::Publish { draft, digest };
        let refused = |fault| publish_refusal(fault, self.engine.kinds(), live.definition());
        let executed = self.workflow_or(context, workflow, command, (&activation, &refused)).await?;
        self.routes.forget_workflow(context.tenant, workflow);
        let published = executed.state.live().map_err(workflow_refusal)?.publication().published();
        Ok(done(&executed, published.map_or(0, |published| published.number)))
    }

    async fn deactivate_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()> {
        let companions = self.deactivation(context, workflow).await?;
        let executed =
            self.workflow(context, workflow, WorkflowCommand::Deactivate, &|_, _| companions.clone()).await?;
        self.routes.forget_workflow(context.tenant, workflow);
        Ok(done(&executed, ()))
    }

    async fn activate_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()> {
        let live = self.live(context, workflow).await?;
        let Some(published) = live.publication().published() else {
            return Err(workflow_refusal(WorkflowRejection::NotPublished));
        };
        let version = ExecutedVersion::Published(published.number);
        let definition =
            self.definitions.definition(context.tenant, workflow, version).await.map_err(faults::definition)?;
        let definition = definition.ok_or(Refusal::NotFound)?;
        let definition = Definition { name: definition.name, graph: (*definition.graph).clone() };
        let activation = self.activation(context, workflow, &definition).await?;
        let executed = self.workflow(context, workflow, WorkflowCommand::Activate, &activation).await?;
        self.routes.forget_workflow(context.tenant, workflow);
        Ok(done(&executed, ()))
    }

    async fn archive_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()> {
        let companions = self.deactivation(context, workflow).await?;
        let executed = self.workflow(context, workflow, WorkflowCommand::Archive, &|_, _| companions.clone()).await?;
        self.routes.forget_workflow(context.tenant, workflow);
        Ok(done(&executed, ()))
    }

    async fn set_variable(&self, context: &RequestContext, name: String, value: String) -> Outcome<VariableId> {
        self.variables.set(context, name, value).await
    }

    async fn import_variables(&self, context: &RequestContext, file: String) -> Outcome<ImportedVariables> {
        self.variables.import(context, &file).await
    }

    async fn delete_variable(&self, context: &RequestContext, variable: VariableId) -> Outcome<()> {
        self.variables.delete(context, variable).await
    }

    async fn create_credential(&self, context: &RequestContext, new: NewCredential) -> Outcome<CredentialId> {
        self.credentials.create(context, new).await
    }

    async fn update_credential(&self, context: &RequestContext, update: CredentialUpdate) -> Outcome<CredentialId> {
        self.credentials.update(context, update).await
    }

    async fn test_credential(&self, context: &RequestContext, test: TestCredential) -> Outcome<TestedCredential> {
        self.credentials.test(context, test).await
    }

    async fn delete_credential(&self, context: &RequestContext, credential: CredentialId) -> Outcome<()> {
        self.credentials.delete(context, credential).await
    }

    async fn add_member(&self, context: &RequestContext, member: AddMember) -> Outcome<MemberId> {
        self.members.add(context, member).await
    }

    async fn change_member_role(&self, context: &RequestContext, member: MemberId, role: Role) -> Outcome<()> {
        self.members.change_role(context, member, role).await
    }

    async fn remove_member(&self, context: &RequestContext, member: MemberId) -> Outcome<()> {
        self.members.remove(context, member).await
    }

    async fn change_branding(&self, context: &RequestContext, branding: Branding) -> Outcome<()> {
        let command = TenantCommand::ChangeBranding { branding };
        // The row that pages are looked up in changes with the event; its slug stays as it is.
        let row = |state: &Tenant, _: &[TenantEvent]| match state {
            Tenant::Present { name, branding, .. } => vec![tenant_log::profile("", name, branding)],
            Tenant::Absent => Vec::new(),
        };
        let executed = execute::<Tenant>(&*self.log, target(context, context.tenant), command, &row).await;
        let executed = executed.map_err(|fault| faults::command(fault, faults::rejected))?;
        if let Tenant::Present { name, branding, .. } = &executed.state {
            self.brands.changed(context.tenant, name, branding).await;
        }
        Ok(done(&executed, ()))
    }

    async fn limit_executions(&self, context: &RequestContext, at_once: Option<u32>) -> Outcome<()> {
        let command = TenantCommand::LimitExecutions { at_once };
        let executed = execute::<Tenant>(&*self.log, target(context, context.tenant), command, &nothing).await;
        let executed = executed.map_err(|fault| faults::command(fault, faults::rejected))?;
        Ok(done(&executed, ()))
    }

    async fn choose_error_workflow(&self, context: &RequestContext, workflow: Option<WorkflowId>) -> Outcome<()> {
        if let Some(workflow) = workflow {
            self.live(context, workflow).await?;
        }
        let command = TenantCommand::ChooseErrorWorkflow { workflow };
        let executed = execute::<Tenant>(&*self.log, target(context, context.tenant), command, &nothing).await;
        let executed = executed.map_err(|fault| faults::command(fault, faults::rejected))?;
        Ok(done(&executed, ()))
    }
}

/// A draft that signs in with a credential that is gone names the nodes that do.
fn publish_refusal(fault: CommandFault<WorkflowRejection>, kinds: &Kinds, definition: &Definition) -> Refusal {
    let CommandFault::Append(AppendError::SecretMissing { credential }) = fault else {
        return faults::command(fault, workflow_refusal);
    };
    let nodes = credential_uses(kinds, &definition.graph).remove(&credential).unwrap_or_default();
    let problem = |node: NodeId| Problem {
        severity: Severity::Error,
        code: "credential_missing".into(),
        message: "The credential of this node was deleted. Choose another one.".into(),
        node: Some(node),
        node_name: definition.graph.nodes.get(&node).map(|node| node.name.clone()),
        field: None,
        line: None,
        column: None,
        hint: None,
    };
    Refusal::PublishRefused(nodes.into_iter().map(problem).collect())
}

fn file_refusal(fault: &weft_model::FileFault) -> Refusal {
    Refusal::Rejected(Rejected {
        code: "file_invalid".into(),
        message: fault.to_string(),
        field: Some(vec!["file".into()]),
    })
}
