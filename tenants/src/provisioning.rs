//! Making tenants: sign-up, and the command line.

use std::sync::Arc;

use weft_model::tenant::Branding;
use weft_model::{CorrelationId, IdentityId, MemberId, TenantId};

use crate::directory::{TenantDirectory, TenantProfile};
use crate::fault::Fault;
use crate::identities::{Email, Identities, InvalidEmail, NotRegistered};
use crate::password::Password;
use crate::ports::{Clock, NewTenant, NotCreated, TenantLog};
use crate::random::fresh_id;

/// A person and the tenant that the person wants.
pub struct SignUp {
    /// The person's address.
    pub email: String,
    /// The person's password.
    pub password: Password,
    /// The person's name.
    pub name: String,
    /// The tenant's name.
    pub tenant_name: String,
    /// The first label of the tenant's host name.
    pub slug: String,
    /// How the tenant's pages look.
    pub branding: Branding,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum SignUpRefused {
    /// The address cannot be.
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    /// The person cannot be.
    #[error(transparent)]
    Person(#[from] NotRegistered),
    /// The tenant cannot be.
    #[error(transparent)]
    Tenant(#[from] NotCreated),
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// The tenant.
    pub tenant: TenantId,
    /// Its first owner's membership.
    pub owner: MemberId,
    /// Its first owner.
    pub identity: IdentityId,
}

/// Makes tenants.
#[derive(Clone)]
pub struct Provisioning {
    identities: Identities,
    directory: TenantDirectory,
    log: Arc<dyn TenantLog>,
    clock: Arc<dyn Clock>,
}

impl Provisioning {
    /// With the log behind its port.
    pub fn new(
        identities: Identities,
        directory: TenantDirectory,
        log: Arc<dyn TenantLog>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { identities, directory, log, clock }
    }

    /// Makes the person (or recognises one who gives the right password), then the tenant with this person as its owner.
    /// The tenant's log, its key and its profile begin with the first append.
    pub async fn sign_up(&self, wanted: &SignUp, correlation: CorrelationId) -> Result<Provisioned, SignUpRefused> {
        let email = Email::parse(&wanted.email)?;
        // Asked first, so that a taken address costs no password hash; the unique key decides all the same.
        if self.directory.by_slug(&wanted.slug).await.map_err(NotCreated::from)?.is_some() {
            return Err(NotCreated::SlugTaken.into());
        }
        let identity = self.identities.register(&email, &wanted.name, &wanted.password).await?;
        let tenant = NewTenant {
            tenant: TenantId(fresh_id(&*self.clock)),
            slug: wanted.slug.clone(),
            name: wanted.tenant_name.trim().to_owned(),
            branding: wanted.branding.clone(),
            owner: MemberId(fresh_id(&*self.clock)),
            identity,
            correlation,
        };
        self.log.create_tenant(&tenant).await?;
        self.directory.forget(&profile_of(&tenant)).await;
        Ok(Provisioned { tenant: tenant.tenant, owner: tenant.owner, identity })
    }
}

fn profile_of(tenant: &NewTenant) -> TenantProfile {
    let NewTenant { tenant, slug, name, branding, .. } = tenant.clone();
    TenantProfile { tenant, slug, name, branding }
}

impl From<Fault> for SignUpRefused {
    fn from(fault: Fault) -> Self {
        Self::Tenant(NotCreated::Fault(fault))
    }
}
