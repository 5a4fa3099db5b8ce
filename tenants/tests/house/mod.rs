//! A tenant directory on a database of its own, with a log that only keeps what it is told.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use weft_migrations::testing::TestDatabase;
use weft_model::access::AccessEvent;
use weft_model::member::Role;
use weft_model::tenant::Branding;
use weft_model::{Actor, CorrelationId, MemberId, TenantId};
use weft_scope::{PoolLimits, SystemPool};
use weft_tenants::{
    Access, AccessParts, AccessTokens, Clock, Fault, Identities, Joining, NewTenant, NotCreated, Password, Passwords,
    Provisioned, Provisioning, SignUp, SignedIn, TenantDirectory, TenantLog, TokenSecret,
};

pub const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
pub const PASSWORD: &str = "correct horse battery";

/// Stands still until it is moved.
pub struct FakeClock {
    seconds: AtomicI64,
}

impl FakeClock {
    pub fn forward(&self, by: SignedDuration) {
        self.seconds.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::SeqCst)).unwrap()
    }
}

/// Applies the companions at once and keeps the access events.
pub struct FakeLog {
    admin_url: String,
    pub accesses: Mutex<Vec<(TenantId, Actor, AccessEvent)>>,
}

impl FakeLog {
    pub async fn run(
        &self,
        statement: &'static str,
        tenant: TenantId,
        companion: serde_json::Value,
    ) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect(&self.admin_url).await?;
        sqlx::query(statement).bind(tenant.0).bind(companion).execute(&mut connection).await.map(|_| ())
    }

    pub fn refusals(&self) -> Vec<String> {
        let accesses = self.accesses.lock().unwrap();
        accesses
            .iter()
            .filter_map(|(_, _, event)| match event {
                AccessEvent::Refused { reason, action, .. } => Some(format!("{action} {reason:?}")),
                AccessEvent::SignedIn { .. } | AccessEvent::PasswordChanged { .. } => None,
            })
            .collect()
    }
}

#[async_trait]
impl TenantLog for FakeLog {
    async fn create_tenant(&self, new: &NewTenant) -> Result<(), NotCreated> {
        let Branding { product_name, accent_color, logo_url } = new.branding.clone();
        let (slug, name) = (&new.slug, &new.name);
        let profile = json!({"slug": slug, "name": name, "productName": product_name, "accentColor": accent_color, "logoUrl": logo_url});
        let applied = self.run("select weft.apply_tenant_profile($1, $2)", new.tenant, profile).await;
        match applied {
            Err(sqlx::Error::Database(error)) if error.constraint() == Some("tenants_slug") => {
                Err(NotCreated::SlugTaken)
            }
            Err(error) => Err(Fault::from(error).into()),
            Ok(()) => {
                let joining = Joining { identity: new.identity, role: Role::Owner };
                self.add_member(new.tenant, new.owner, joining, (Actor::System, new.correlation)).await?;
                Ok(())
            }
        }
    }

    async fn add_member(
        &self,
        tenant: TenantId,
        member: MemberId,
        joining: Joining,
        _by: (Actor, CorrelationId),
    ) -> Result<bool, Fault> {
        let role = format!("{:?}", joining.role).to_lowercase();
        let companion = json!({"member": member.0, "identity": joining.identity.0, "role": role});
        self.run("select weft.apply_membership($1, $2)", tenant, companion).await?;
        Ok(true)
    }

    async fn record_access(
        &self,
        tenant: TenantId,
        by: (Actor, CorrelationId),
        event: AccessEvent,
    ) -> Result<(), Fault> {
        self.accesses.lock().unwrap().push((tenant, by.0, event));
        Ok(())
    }
}

pub struct House {
    pub database: TestDatabase,
    pub system: SystemPool,
    pub clock: Arc<FakeClock>,
    pub log: Arc<FakeLog>,
    pub identities: Identities,
    pub directory: TenantDirectory,
    pub provisioning: Provisioning,
    pub tokens: AccessTokens,
    pub access: Access,
}

pub fn correlation() -> CorrelationId {
    CorrelationId(Uuid::from_u128(7))
}

pub fn secret() -> TokenSecret {
    TokenSecret::new([42; 32])
}

impl House {
    pub async fn open() -> Self {
        let database = TestDatabase::create().await.unwrap();
        let limits = PoolLimits { connections: 4, ..PoolLimits::default() };
        let system = SystemPool::connect(&database.urls.system, limits).await.unwrap();
        let clock = Arc::new(FakeClock { seconds: AtomicI64::new(1_800_000_000) });
        let log = Arc::new(FakeLog { admin_url: database.admin_url(), accesses: Mutex::default() });
        let identities = Identities::new(system.clone(), Passwords::new(2).unwrap(), clock.clone());
        let directory = TenantDirectory::new(system.clone(), "localhost");
        let provisioning = Provisioning::new(identities.clone(), directory.clone(), log.clone(), clock.clone());
        let tokens = AccessTokens::load(system.clone(), secret(), clock.clone()).await.unwrap();
        let access = Access::new(AccessParts {
            system: system.clone(),
            identities: identities.clone(),
            tokens: tokens.clone(),
            secret: secret(),
            log: log.clone(),
            clock: clock.clone(),
        });
        Self { database, system, clock, log, identities, directory, provisioning, tokens, access }
    }

    /// A tenant whose owner is `owner@<slug>.example`.
    pub async fn tenant(&self, slug: &str) -> Provisioned {
        self.provisioning.provision(&sign_up(slug), correlation()).await.unwrap()
    }

    pub async fn sign_in(&self, tenant: TenantId, slug: &str) -> SignedIn {
        let email = format!("owner@{slug}.example");
        self.access.sign_in(tenant, &email, &Password::new(PASSWORD), HOME, correlation()).await.unwrap()
    }
}

pub fn sign_up(slug: &str) -> SignUp {
    SignUp {
        email: format!("owner@{slug}.example"),
        password: Password::new(PASSWORD),
        name: "Ada".to_owned(),
        tenant_name: slug.to_uppercase(),
        slug: slug.to_owned(),
        branding: Branding {
            product_name: format!("{slug} flows"),
            accent_color: "#1f6feb".to_owned(),
            logo_url: None,
        },
    }
}
