//! Variables.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use weft_model::VariableId;
use weft_projections::variables::{self, VariableRow};
use weft_tenants::Action;

use crate::errors::{UserError, told};
use crate::guard::Can;
use crate::id::{global, variable_id};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::scalars::{DateTime, Position};
use crate::session::{asked, ports, reading, request, tenant};
use crate::viewer::fresh;

/// A variable.
pub(crate) struct Variable(VariableRow);

/// A variable: `$vars.<name>` in every workflow of the tenant.
#[Object]
impl Variable {
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn value(&self) -> &str {
        &self.0.value
    }

    async fn changed_at(&self) -> DateTime {
        self.0.changed_at.into()
    }
}

/// The variable of this id.
pub(crate) async fn variable(context: &Context<'_>, id: VariableId) -> Result<Option<Variable>> {
    let tenant = tenant(context)?;
    let mut rows = reading(context).await?;
    let mut found = asked(context, variables::by_ids(tenant, &mut rows, &[id]).await)?;
    Ok(found.remove(&id).map(Variable))
}

#[derive(Default)]
pub(crate) struct VariableQueries;

#[Object]
impl VariableQueries {
    #[graphql(
        guard = "Can::new(Action::ReadVariable)",
        complexity = "crate::limits::page(first, last, child_complexity)"
    )]
    async fn variables(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Paged<Variable>> {
        let page = PageArguments { first, after, last, before }.read::<Name>()?;
        let page = page.map(|Name(name)| name);
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let page = asked(context, variables::list(tenant, &mut rows, &page).await)?;
        Ok(connection::<_, Name, _>(page, Total::Variables, Variable))
    }
}

/// The place of a variable in the list.
pub(crate) struct Name(pub String);

impl From<&VariableRow> for Name {
    fn from(row: &VariableRow) -> Self {
        Self(row.name.clone())
    }
}

#[derive(InputObject)]
struct SetVariableInput {
    name: String,
    value: String,
}

#[derive(InputObject)]
struct ImportVariablesInput {
    /// The text of a `.env` file: `NAME=value` by line, quoted values over several lines, remarks after `#`.
    file: String,
}

#[derive(InputObject)]
struct DeleteVariableInput {
    variable_id: ID,
}

#[derive(SimpleObject)]
struct SetVariablePayload {
    variable: Option<Variable>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct ImportVariablesPayload {
    /// Those that are new or have another value now.
    variables: Vec<Variable>,
    /// How many had their value already.
    unchanged: i32,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct DeleteVariablePayload {
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct VariableMutations;

#[Object]
impl VariableMutations {
    #[graphql(guard = "Can::new(Action::SetVariable)")]
    async fn set_variable(&self, context: &Context<'_>, input: SetVariableInput) -> Result<SetVariablePayload> {
        let outcome = ports(context)?.commands.set_variable(request(context)?, input.name, input.value).await;
        let told = told(context, outcome, "variable")?;
        fresh(context, told.position).await?;
        let variable = match told.value {
            Some(id) => variable(context, id).await?,
            None => None,
        };
        Ok(SetVariablePayload { variable, position: told.position, errors: told.errors })
    }

    /// Sets what a `.env` file sets, or nothing when a line of it is wrong.
    #[graphql(guard = "Can::new(Action::SetVariable)")]
    async fn import_variables(
        &self,
        context: &Context<'_>,
        input: ImportVariablesInput,
    ) -> Result<ImportVariablesPayload> {
        let outcome = ports(context)?.commands.import_variables(request(context)?, input.file).await;
        let told = told(context, outcome, "variable")?;
        fresh(context, told.position).await?;
        let imported = told.value.unwrap_or_default();
        let mut rows = reading(context).await?;
        let mut found = asked(context, variables::by_ids(tenant(context)?, &mut rows, &imported.set).await)?;
        let variables = imported.set.iter().filter_map(|id| found.remove(id)).map(Variable).collect();
        let unchanged = i32::try_from(imported.unchanged.len()).unwrap_or(i32::MAX);
        Ok(ImportVariablesPayload { variables, unchanged, position: told.position, errors: told.errors })
    }

    #[graphql(guard = "Can::new(Action::DeleteVariable)")]
    async fn delete_variable(
        &self,
        context: &Context<'_>,
        input: DeleteVariableInput,
    ) -> Result<DeleteVariablePayload> {
        let Some(id) = variable_id(&input.variable_id) else {
            return Ok(DeleteVariablePayload { position: None, errors: vec![UserError::not_found("variable")] });
        };
        let told = told(context, ports(context)?.commands.delete_variable(request(context)?, id).await, "variable")?;
        Ok(DeleteVariablePayload { position: told.position, errors: told.errors })
    }
}
