//! Commands on variables.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use weft_event_log::{Companion, SystemLog};
use weft_graphql::ports::{Done, ImportedVariables, Outcome, Refusal, Rejected};
use weft_import::{EnvFault, EnvVariable, read_env};
use weft_model::variable::{Variable, VariableCommand, VariableEvent};
use weft_model::{Decider, VariableId};
use weft_tenants::RequestContext;

use super::store::{Executed, Target, execute};
use super::{LogDefinitions, faults, fresh};

/// Names of variables are unique in a tenant.
const NAMES: &str = "variable.name";

/// How many variables of one file are set at once: they share commits, and leave the others room.
const AT_ONCE: usize = 16;

/// Variables over the log.
pub struct Variables {
    /// The log.
    pub log: Arc<dyn SystemLog>,
    /// What this process believes of definitions and their variables; told when they change.
    pub definitions: Arc<LogDefinitions>,
}

impl Variables {
    /// Sets the variable of this name, making it where it is missing.
    pub async fn set(&self, context: &RequestContext, name: String, value: String) -> Outcome<VariableId> {
        let (variable, executed) = self.put(context, name, value).await?;
        self.definitions.forget_tenant(context.tenant).await;
        Ok(Done { value: variable, position: executed.position })
    }

    /// Sets what a `.env` file sets: nothing when a line of it is wrong. When the log fails midway, the same file can be
    /// imported again, since what has its value already stays as it is.
    pub async fn import(&self, context: &RequestContext, file: &str) -> Outcome<ImportedVariables> {
        let read = read_env(file).map_err(|fault| refused(&fault))?;
        let sets = read.into_iter().map(|EnvVariable { name, value }| self.put(context, name, value));
        let put: Result<Vec<_>, Refusal> = stream::iter(sets).buffered(AT_ONCE).try_collect().await;
        self.definitions.forget_tenant(context.tenant).await;
        let put = put?;
        let position = put.iter().map(|(_, executed)| executed.position).max().unwrap_or_default();
        let (set, unchanged): (Vec<_>, Vec<_>) = put.into_iter().partition(|(_, executed)| executed.events > 0);
        let ids = |list: Vec<(VariableId, _)>| list.into_iter().map(|(variable, _)| variable).collect();
        Ok(Done { value: ImportedVariables { set: ids(set), unchanged: ids(unchanged) }, position })
    }

    /// Deletes a variable.
    pub async fn delete(&self, context: &RequestContext, variable: VariableId) -> Outcome<()> {
        let release = |_: &Variable, events: &[VariableEvent]| {
            let names = events.iter().filter_map(|event| match event {
                VariableEvent::Deleted { name } => Some(name.clone()),
                VariableEvent::Set { .. } => None,
            });
            names.map(|name| Companion::ReleaseName { scope: NAMES.into(), name }).collect()
        };
        let executed =
            execute::<Variable>(&*self.log, target(context, variable), VariableCommand::Delete, &release).await;
        let executed = executed.map_err(|fault| faults::command(fault, faults::rejected))?;
        self.definitions.forget_tenant(context.tenant).await;
        Ok(Done { value: (), position: executed.position })
    }

    async fn put(
        &self,
        context: &RequestContext,
        name: String,
        value: String,
    ) -> Result<(VariableId, Executed<Variable>), Refusal> {
        let command = checked(name.clone(), value)?;
        let owner = self.log.name_owner(context.tenant, NAMES, &name).await.map_err(faults::log)?;
        let variable = VariableId(owner.unwrap_or_else(fresh::id));
        let reserve = Companion::ReserveName { scope: NAMES.into(), name, owner: variable.0 };
        let executed =
            execute::<Variable>(&*self.log, target(context, variable), command, &|_, _| vec![reserve.clone()]).await;
        Ok((variable, executed.map_err(|fault| faults::command(fault, faults::rejected))?))
    }
}

fn target(context: &RequestContext, variable: VariableId) -> Target {
    Target { tenant: context.tenant, stream: variable.into(), actor: context.actor, correlation: context.correlation }
}

/// The command, if a new variable could be made by it. Asked before the name is looked up: one that holds a NUL cannot even be
/// asked for.
fn checked(name: String, value: String) -> Result<VariableCommand, Refusal> {
    let command = VariableCommand::Set { name, value };
    Variable::default().decide(command.clone()).map_err(faults::rejected)?;
    Ok(command)
}

fn refused(fault: &EnvFault) -> Refusal {
    Refusal::Rejected(Rejected {
        code: fault.code().to_owned(),
        message: fault.to_string(),
        field: Some(vec!["file".into()]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_whose_name_cannot_be_looked_up_is_refused_by_its_field() {
        let Err(Refusal::Rejected(rejected)) = checked("a\0b".into(), "1".into()) else {
            panic!("a name with a NUL was taken");
        };
        assert_eq!((rejected.code.as_str(), rejected.field), ("name_invalid", Some(vec!["name".to_owned()])));
        assert!(checked("a_b".into(), "1".into()).is_ok());
    }
}
