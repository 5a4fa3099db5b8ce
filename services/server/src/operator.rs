//! The application as the platform's operator uses it from the command line: everything but the web.

use std::sync::Arc;

use anyhow::Context;
use rand::Rng;
use uuid::Uuid;
use weft_api::{App, AppParts};
use weft_code_runner_client::{Runner, RunnerSettings};
use weft_connectors::{Egress, HttpClient, HttpSettings};
use weft_engine::{EngineSettings, Services};
use weft_model::{CorrelationId, TenantId};
use weft_projector::{Options, Projector};
use weft_tenants::RequestContext;
use weft_value::{Object, Value};

use crate::address;
use crate::resources::Resources;
use crate::settings::Settings;

/// The wired application with what it stands on.
pub struct Operator {
    /// The database and the log.
    pub resources: Resources,
    /// The application.
    pub app: App,
    /// Feeds the read side; runs only while a server runs.
    pub projector: Projector,
}

impl Operator {
    /// Opens everything, with the address that the settings name.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        Self::open_at(settings, address::base_url(settings)?, Services::default(), EngineSettings::default()).await
    }

    /// Opens everything for an installation at `base_url`.
    pub async fn open_at(
        settings: &Settings,
        base_url: String,
        services: Services,
        engine: EngineSettings,
    ) -> anyhow::Result<Self> {
        let resources = Resources::open(settings).await?;
        let log = Arc::clone(&resources.log);
        let (scope, system) = (resources.scope.clone(), resources.system.clone());
        let projector = Projector::new(Arc::clone(&log) as _, scope.clone(), Some(system.clone()), Options::default());
        let app = App::new(AppParts {
            scope,
            system,
            log,
            projector: projector.clone(),
            session_secret: *resources.master_key.secret("sessions"),
            hook_secret: *resources.master_key.secret("hooks"),
            base_url,
            services,
            engine,
        })
        .await?;
        Ok(Self { resources, app, projector })
    }

    /// A request of the operator's own.
    pub fn context(tenant: TenantId) -> RequestContext {
        RequestContext::operator(tenant, CorrelationId(fresh_id()))
    }

    /// Gives everything back; what this command appended is folded by the next server that runs.
    pub async fn close(self) -> anyhow::Result<()> {
        self.resources.close().await
    }
}

/// Starts the pool of code runners; without the program code steps fail, which `weft doctor` says.
pub fn code_runner(settings: &Settings) -> anyhow::Result<Option<Runner>> {
    let found = match &settings.code_runner {
        Some(program) => Some(RunnerSettings::new(program)),
        None => RunnerSettings::beside_this_program(),
    };
    let Some(mut runner) = found else { return Ok(None) };
    if let Some(processes) = settings.code_runners {
        runner.processes = processes.max(1);
    }
    Ok(Some(Runner::new(runner)?))
}

/// What nodes act through.
pub fn services(settings: &Settings) -> anyhow::Result<Services> {
    let rules = settings.egress_allow.iter().filter(|rule| !rule.trim().is_empty()).map(|rule| rule.parse());
    let egress = Egress::new(rules.collect::<Result<_, _>>().context("WEFT_EGRESS_ALLOW")?);
    let http = HttpClient::new(HttpSettings { egress, ..HttpSettings::default() })?;
    let environment = environment(&settings.expression_env);
    Ok(Services { runner: code_runner(settings)?, http: Some(http), environment, ..Services::default() })
}

/// Those of the server's variables that expressions may see. One that is not set, or that is no text, is not there.
#[expect(clippy::disallowed_methods, reason = "which of them they are is a setting, and they are read once")]
fn environment(listed: &[String]) -> Object {
    let names = listed.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    names.filter_map(|name| Some((name, Value::from(std::env::var(name).ok()?)))).collect()
}

/// A fresh version 7 UUID.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge that identities come from")]
pub fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

/// A password of 20 letters and digits without those that look alike: 116 bits.
pub fn fresh_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut random = rand::rng();
    (0..20).map(|_| char::from(LETTERS[random.next_u32() as usize % LETTERS.len()])).collect()
}
