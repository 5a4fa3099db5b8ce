//! The tenant and its brand.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use weft_projections::tenant::TenantRow;
use weft_tenants::Action;

use crate::errors::{UserError, told};
use crate::fault::refused;
use crate::guard::Can;
use crate::id::GlobalId;
use crate::scalars::{DateTime, Position};
use crate::session::{asked, ports, reading, request, tenant};
use crate::viewer::fresh;

/// The tenant.
pub(crate) struct Tenant(TenantRow);

/// The tenant: its own log, members and brand.
#[Object]
impl Tenant {
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Tenant(self.0.id.0).encode()
    }

    async fn slug(&self) -> &str {
        &self.0.slug
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn branding(&self) -> Branding {
        Branding {
            product_name: self.0.branding.product_name.clone(),
            accent_color: self.0.branding.accent_color.clone(),
            logo_url: self.0.branding.logo_url.clone(),
        }
    }

    /// The reference of the workflow that is executed when an execution of one fails that names none itself.
    async fn error_workflow(&self) -> Option<String> {
        self.0.settings.error_workflow.map(|workflow| workflow.to_string())
    }

    /// How many of its executions progress at once; nothing where that is as many as the installation permits.
    async fn executions_at_once(&self) -> Option<u32> {
        self.0.settings.executions_at_once
    }

    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// How the tenant's pages look.
#[derive(SimpleObject)]
struct Branding {
    product_name: String,
    accent_color: String,
    logo_url: Option<String>,
}

/// The tenant of this request.
pub(crate) async fn current(context: &Context<'_>) -> Result<Option<Tenant>> {
    let tenant = tenant(context)?;
    let mut rows = reading(context).await?;
    Ok(asked(context, weft_projections::tenant::get(tenant, &mut rows).await)?.map(Tenant))
}

#[derive(Default)]
pub(crate) struct TenantQueries;

#[Object]
impl TenantQueries {
    #[graphql(guard = "Can::new(Action::ReadTenant)")]
    async fn tenant(&self, context: &Context<'_>) -> Result<Tenant> {
        let tenant = current(context).await?;
        tenant.ok_or_else(|| refused("NO_TENANT", "This tenant is being made. Try again in a moment."))
    }
}

#[derive(InputObject)]
struct ChangeBrandingInput {
    product_name: String,
    accent_color: String,
    logo_url: Option<String>,
}

#[derive(SimpleObject)]
struct ChangeBrandingPayload {
    tenant: Option<Tenant>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(InputObject)]
struct ChooseErrorWorkflowInput {
    /// The reference of a workflow; nothing where none shall be executed.
    workflow: Option<String>,
}

#[derive(SimpleObject)]
struct ChooseErrorWorkflowPayload {
    tenant: Option<Tenant>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(InputObject)]
struct LimitExecutionsInput {
    /// How many executions progress at once; nothing for as many as the installation permits.
    at_once: Option<u32>,
}

#[derive(SimpleObject)]
struct LimitExecutionsPayload {
    tenant: Option<Tenant>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct TenantMutations;

#[Object]
impl TenantMutations {
    #[graphql(guard = "Can::new(Action::ChangeBranding)")]
    async fn change_branding(
        &self,
        context: &Context<'_>,
        input: ChangeBrandingInput,
    ) -> Result<ChangeBrandingPayload> {
        let ChangeBrandingInput { product_name, accent_color, logo_url } = input;
        let branding = weft_model::tenant::Branding { product_name, accent_color, logo_url };
        let outcome = ports(context)?.commands.change_branding(request(context)?, branding).await;
        let told = told(context, outcome, "tenant")?;
        fresh(context, told.position).await?;
        let tenant = if told.value.is_some() { current(context).await? } else { None };
        Ok(ChangeBrandingPayload { tenant, position: told.position, errors: told.errors })
    }

    /// Says how many executions of the tenant progress at once; further ones are queued.
    #[graphql(guard = "Can::new(Action::ChangeTenant)")]
    async fn limit_executions(
        &self,
        context: &Context<'_>,
        input: LimitExecutionsInput,
    ) -> Result<LimitExecutionsPayload> {
        let outcome = ports(context)?.commands.limit_executions(request(context)?, input.at_once).await;
        let told = told(context, outcome, "tenant")?;
        fresh(context, told.position).await?;
        let tenant = if told.value.is_some() { current(context).await? } else { None };
        Ok(LimitExecutionsPayload { tenant, position: told.position, errors: told.errors })
    }

    #[graphql(guard = "Can::new(Action::ChangeTenant)")]
    async fn choose_error_workflow(
        &self,
        context: &Context<'_>,
        input: ChooseErrorWorkflowInput,
    ) -> Result<ChooseErrorWorkflowPayload> {
        let Ok(workflow) = input.workflow.map(|reference| reference.parse()).transpose() else {
            let errors = vec![UserError::not_found("workflow")];
            return Ok(ChooseErrorWorkflowPayload { tenant: None, position: None, errors });
        };
        let outcome = ports(context)?.commands.choose_error_workflow(request(context)?, workflow).await;
        let told = told(context, outcome, "workflow")?;
        fresh(context, told.position).await?;
        let tenant = if told.value.is_some() { current(context).await? } else { None };
        Ok(ChooseErrorWorkflowPayload { tenant, position: told.position, errors: told.errors })
    }
}
