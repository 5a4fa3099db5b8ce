//! Making tenants: sign-up, and the command line.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use weft_model::access::RefusalReason;
use weft_model::tenant::{Branding, Tenant, TenantCommand, TenantSettings};
use weft_model::{CorrelationId, Decider, IdentityId, MemberId, TenantId};

use crate::directory::{TenantDirectory, TenantProfile};
use crate::fault::Fault;
use crate::identities::{Email, Identities, InvalidEmail, NotRegistered, check_person};
use crate::password::Password;
use crate::ports::{Clock, NewTenant, NotCreated, TenantLog};
use crate::random::fresh_id;
use crate::throttle::{Attempt, Throttle};

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
    /// Too many attempts of this person, or from this network.
    #[error("Too many attempts to sign up. Try again in {} minutes.", wait.as_secs().div_ceil(60))]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
}

impl SignUpRefused {
    /// What is recorded where somebody tried a password, if that is what this is.
    pub fn reason(&self) -> Option<RefusalReason> {
        match self {
            Self::Person(NotRegistered::EmailTaken) => Some(RefusalReason::WrongCredentials),
            Self::TooManyAttempts { .. } => Some(RefusalReason::TooManyAttempts),
            Self::Person(NotRegistered::WeakPassword(_) | NotRegistered::Name | NotRegistered::Fault(_))
            | Self::Email(_)
            | Self::Tenant(_) => None,
        }
    }
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
    throttle: Throttle,
}

impl Provisioning {
    /// With the log behind its port.
    pub fn new(
        identities: Identities,
        directory: TenantDirectory,
        log: Arc<dyn TenantLog>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let throttle = Throttle::new(identities.system().clone());
        Self { identities, directory, log, clock, throttle }
    }

    /// What a stranger asks for over the web. It tells whether a password is somebody's, so it is counted as signing in is:
    /// by the person who is named, and by the network, for which it counts even when it succeeds.
    pub async fn sign_up(
        &self,
        wanted: &SignUp,
        from: IpAddr,
        correlation: CorrelationId,
    ) -> Result<Provisioned, SignUpRefused> {
        let email = self.check(wanted).await?;
        let attempt = Attempt::to_sign_up(&email, from);
        if let Some(wait) = self.throttle.begin(&attempt).await? {
            return Err(SignUpRefused::TooManyAttempts { wait });
        }
        let made = self.make(wanted, &email, correlation).await?;
        self.throttle.forgive_email(&attempt).await?;
        Ok(made)
    }

    /// What the platform's operator asks for at the command line, as often as it likes.
    pub async fn provision(&self, wanted: &SignUp, correlation: CorrelationId) -> Result<Provisioned, SignUpRefused> {
        let email = self.check(wanted).await?;
        self.make(wanted, &email, correlation).await
    }

    /// Refuses what cannot be before anything is counted or hashed: first what needs no look-up, then a taken slug (the
    /// unique key decides about it all the same).
    async fn check(&self, wanted: &SignUp) -> Result<Email, SignUpRefused> {
        // First, since an address for the first owner may have been made of it.
        let create = TenantCommand::Create {
            slug: wanted.slug.clone(),
            name: wanted.tenant_name.trim().to_owned(),
            branding: wanted.branding.clone(),
            settings: TenantSettings::default(),
        };
        Tenant::default().decide(create).map_err(NotCreated::from)?;
        let email = Email::parse(&wanted.email)?;
        check_person(&wanted.name, &wanted.password)?;
        if self.directory.by_slug(&wanted.slug).await?.is_some() {
            return Err(NotCreated::SlugTaken.into());
        }
        Ok(email)
    }

    /// Makes the person (or recognises one who gives the right password), then the tenant with this person as its owner.
    /// The tenant's log, its key and its profile begin with the first append.
    async fn make(
        &self,
        wanted: &SignUp,
        email: &Email,
        correlation: CorrelationId,
    ) -> Result<Provisioned, SignUpRefused> {
        let identity = self.identities.register(email, &wanted.name, &wanted.password).await?;
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
