//! Wires everything: ports to adapters, routes to handlers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::DefaultHeaders;
use actix_web::web;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weft_engine::kinds::Kinds;
use weft_engine::{Engine, EngineParts, EngineSettings, Services, SystemClock, SystemEntropy};
use weft_event_log::{Log, PgLog, SystemLog};
use weft_graphql::ports::{Catalogue, Executions, Ports};
use weft_graphql::{Limits, WeftSchema, schema};
use weft_projector::Projector;
use weft_scope::{Scope, SystemPool};
use weft_tenants::{
    Access, AccessParts, AccessTokens, Clock, Fault, Identities, Passwords, Provisioning, TenantDirectory, TenantLog,
    TokenSecret,
};

use crate::adapters::{
    CredentialDoor, EngineCatalogue, EngineExecutions, IdentityPeople, LogCommands, LogCredentials, LogDefinitions,
    LogEvents, LogPayloads, Members, Previews, ProjectorFreshness, TenantEvents, Variables,
};
use crate::brands::Brands;
use crate::caller::TrustedProxies;
use crate::context::Doors;
use crate::cookies::Cookies;
use crate::farewell::Stopping;
use crate::files::{self, Downloads};
use crate::graphql_http::Bodies;
use crate::health::{Health, RenderMetrics};
use crate::hooks::{HookAddresses, Hooks, Routes};
use crate::receive::Room;
use crate::web_app::{NoWebApp, WebApp};
use crate::{auth, graphiql, graphql, health, hooks, pages};

/// How many passwords are hashed at once: each takes memory and a processor on purpose.
const HASHES_AT_ONCE: usize = 2;
/// How often signing keys are looked at.
const KEY_ROUND: Duration = Duration::from_mins(5);

/// What an application is made of.
pub struct AppParts {
    /// Connections of one tenant at a time.
    pub scope: Scope,
    /// Connections for functions across tenants.
    pub system: SystemPool,
    /// Each tenant's log.
    pub log: Arc<PgLog>,
    /// Feeds the read side; whoever serves runs it.
    pub projector: Projector,
    /// The secret behind sessions.
    pub session_secret: [u8; 32],
    /// The secret behind webhook addresses.
    pub hook_secret: [u8; 32],
    /// The address that people and webhooks use, without a tenant: `http://localhost:8080`.
    pub base_url: String,
    /// What nodes act through: the code runner, the guarded HTTP client. Credentials come from the log.
    pub services: Services,
    /// How much the engine takes on.
    pub engine: EngineSettings,
}

/// What `serve` adds.
pub struct WebParts {
    /// The folder of the built web app.
    pub web_dir: Option<PathBuf>,
    /// The largest body of a webhook that is read, in bytes.
    pub body_limit: usize,
    /// The most bytes of the files of one call.
    pub upload_limit: usize,
    /// The proxies that say whom they speak for.
    pub proxies: TrustedProxies,
    /// Whether there is a console for developers.
    pub graphiql: bool,
    /// Renders the metrics.
    pub metrics: Option<RenderMetrics>,
    /// Cancelled when the server begins to stop.
    pub stopping: CancellationToken,
}

/// The wired application: commands, engine, contract. The command line uses it as it is; [`App::web`] puts it on the web.
pub struct App {
    /// Makes executions progress.
    pub engine: Engine,
    /// Commands of the contract, as the resolvers use them.
    pub commands: Arc<LogCommands>,
    /// The engine, as the resolvers use it.
    pub executions: Arc<dyn Executions>,
    /// The node kinds and where webhooks listen.
    pub catalogue: Arc<dyn Catalogue>,
    /// Makes tenants.
    pub provisioning: Provisioning,
    /// People.
    pub identities: Identities,
    /// Hosts and tenants.
    pub directory: TenantDirectory,
    /// Facts about tenants and members.
    pub tenant_log: Arc<TenantEvents>,
    /// The addresses of tenants and webhooks.
    pub hooks: HookAddresses,
    /// The contract.
    pub schema: WeftSchema,
    log: Arc<PgLog>,
    doors: Doors,
    routes: Arc<Routes>,
    tokens: AccessTokens,
}

/// The machine's clock for the tenants crate.
struct TenantClock;

impl Clock for TenantClock {
    fn now(&self) -> Timestamp {
        weft_engine::Clock::now(&SystemClock)
    }
}

/// The machine's clock for the contract.
struct ContractClock;

impl weft_graphql::ports::Clock for ContractClock {
    fn now(&self) -> Timestamp {
        weft_engine::Clock::now(&SystemClock)
    }
}

impl App {
    /// Wires the parts.
    pub async fn new(made_of: AppParts) -> Result<Self, Fault> {
        let AppParts { scope, system, log, projector, session_secret, hook_secret, base_url, services, engine } =
            made_of;
        let clock: Arc<dyn Clock> = Arc::new(TenantClock);
        let passwords = Passwords::new(HASHES_AT_ONCE)?;
        let identities = Identities::new(system.clone(), passwords, Arc::clone(&clock));
        let secret = || TokenSecret::new(session_secret);
        let tokens = AccessTokens::load(system.clone(), secret(), Arc::clone(&clock)).await?;
        let tenant_log = Arc::new(TenantEvents(Arc::clone(&log) as Arc<dyn Log>));
        let access = Access::new(AccessParts {
            system: system.clone(),
            identities: identities.clone(),
            tokens: tokens.clone(),
            secret: secret(),
            log: Arc::clone(&tenant_log) as Arc<dyn TenantLog>,
            clock: Arc::clone(&clock),
        });
        let directory = TenantDirectory::new(system, &host_of(&base_url));
        let port = Arc::clone(&tenant_log) as Arc<dyn TenantLog>;
        let provisioning = Provisioning::new(identities.clone(), directory.clone(), port, clock);

        let plain_log: Arc<dyn Log> = Arc::clone(&log) as _;
        let system_log: Arc<dyn SystemLog> = Arc::clone(&log) as _;
        let hooks = HookAddresses::new(hook_secret, &base_url);
        let definitions = Arc::new(LogDefinitions::new(Arc::clone(&plain_log), scope.clone(), hooks.clone()));
        let door = CredentialDoor::new(Arc::clone(&log), Arc::new(SystemClock));
        let (http, environment) = (services.http.clone(), services.environment.clone());
        let services = Services { credentials: Some(Arc::new(door)), files: Some(Arc::clone(&log) as _), ..services };
        let credentials = Arc::new(LogCredentials { log: Arc::clone(&log), scope: scope.clone(), http });
        let engine = Engine::new(EngineParts {
            log: Arc::clone(&system_log),
            definitions: Arc::clone(&definitions) as _,
            services,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            kinds: Kinds::default(),
            settings: engine,
        });
        let routes = Arc::new(Routes::new(Arc::clone(&system_log)));
        let commands = Arc::new(LogCommands {
            log: Arc::clone(&system_log),
            engine: engine.clone(),
            definitions: Arc::clone(&definitions),
            routes: Arc::clone(&routes),
            hooks: hooks.clone(),
            brands: Arc::new(Brands { directory: directory.clone(), scope: scope.clone() }),
            variables: Variables { log: Arc::clone(&system_log), definitions: Arc::clone(&definitions) },
            members: Members {
                log: system_log,
                tenant_log: Arc::clone(&tenant_log),
                identities: identities.clone(),
                access: access.clone(),
                scope: scope.clone(),
            },
            credentials: Arc::clone(&credentials),
        });
        let executions: Arc<dyn Executions> = Arc::new(EngineExecutions {
            engine: engine.clone(),
            log: Arc::clone(&plain_log),
            hooks: hooks.clone(),
            scope: scope.clone(),
            previews: Previews {
                log: Arc::clone(&plain_log),
                files: Arc::clone(&log) as _,
                scope: scope.clone(),
                definitions,
                environment,
            },
        });
        let catalogue: Arc<dyn Catalogue> =
            Arc::new(EngineCatalogue::new(engine.clone(), hooks.clone(), scope.clone()));
        let ports = Ports {
            commands: Arc::clone(&commands) as _,
            executions: Arc::clone(&executions),
            catalogue: Arc::clone(&catalogue),
            people: Arc::new(IdentityPeople(identities.clone())),
            payloads: Arc::new(LogPayloads { log: Arc::clone(&plain_log), files: Arc::clone(&log) as _ }),
            credentials,
            events: LogEvents::follow(plain_log),
            freshness: Arc::new(ProjectorFreshness(projector)),
            clock: Arc::new(ContractClock),
        };
        let schema = schema(ports, scope, Limits::default());
        let doors = Doors { directory: directory.clone(), access, cookies: Cookies::of(&base_url) };
        Ok(Self {
            engine,
            commands,
            executions,
            catalogue,
            provisioning,
            identities,
            directory,
            tenant_log,
            hooks,
            schema,
            log,
            doors,
            routes,
            tokens,
        })
    }

    /// Keeps signing keys fresh until `stop` is cancelled.
    pub fn keep_keys(&self, stop: CancellationToken) -> JoinHandle<()> {
        let tokens = self.tokens.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(KEY_ROUND) => {}
                }
                if let Err(error) = tokens.keep_fresh().await {
                    tracing::warn!(%error, "Signing keys could not be looked at; they are looked at again in some minutes.");
                }
            }
        })
    }

    /// What says of a process that serves nobody how it is: called once for every worker of the server.
    pub fn health(&self, metrics: Option<RenderMetrics>) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + use<> {
        let health = web::Data::new(Health { log: Arc::clone(&self.log), engine: self.engine.clone(), metrics });
        move |config: &mut web::ServiceConfig| {
            config
                .app_data(health.clone())
                .route("/healthz", web::get().to(health::healthz))
                .route("/readyz", web::get().to(health::readyz))
                .route("/metrics", web::get().to(health::metrics));
        }
    }

    /// What puts the application on the web: called once for every worker of the server.
    pub fn web(&self, parts: WebParts) -> Result<impl Fn(&mut web::ServiceConfig) + Clone + Send + use<>, NoWebApp> {
        let app = parts.web_dir.as_deref().map(WebApp::load).transpose()?;
        let doors = web::Data::new(self.doors.clone());
        let hook_data = web::Data::new(Hooks {
            doors: self.doors.clone(),
            routes: Arc::clone(&self.routes),
            addresses: self.hooks.clone(),
            engine: self.engine.clone(),
            body_limit: parts.body_limit,
            upload_limit: parts.upload_limit,
            room: Room::for_bodies_of(parts.body_limit),
        });
        let health = self.health(parts.metrics);
        let downloads = web::Data::new(Downloads {
            doors: self.doors.clone(),
            log: Arc::clone(&self.log) as _,
            files: Arc::clone(&self.log) as _,
        });
        let schema = graphql::shared(self.schema.clone());
        let bodies = web::Data::new(Bodies::default());
        let provisioning = web::Data::new(self.provisioning.clone());
        let proxies = web::Data::new(parts.proxies);
        let has_console = parts.graphiql;
        let stopping = web::Data::new(Stopping(parts.stopping));
        let assets = app.clone();
        let app = web::Data::new(app);
        Ok(move |config: &mut web::ServiceConfig| {
            config
                .app_data(doors.clone())
                .app_data(hook_data.clone())
                .app_data(downloads.clone())
                .app_data(schema.clone())
                .app_data(bodies.clone())
                .app_data(stopping.clone())
                .app_data(provisioning.clone())
                .app_data(proxies.clone())
                .app_data(app.clone())
                .configure(health.clone())
                .service(web::scope("/hooks").configure(hooks::configure))
                .service(web::scope("/files").wrap(secure_headers()).configure(files::configure))
                .service(web::scope("/auth").wrap(secure_headers()).configure(auth::configure))
                .service(web::scope("/graphql").wrap(secure_headers()).configure(graphql::configure));
            if has_console {
                config.service(
                    web::resource("/graphiql").wrap(secure_headers()).route(web::route().to(graphiql::graphiql)),
                );
            }
            if let Some(app) = &assets {
                config.service(
                    web::scope("/assets")
                        .wrap(DefaultHeaders::new().add(("cache-control", "public, max-age=31536000, immutable")))
                        .service(pages::assets(app)),
                );
            }
            config.default_service(web::route().to(pages::page));
        })
    }
}

/// What every answer to a page says about how to treat it.
fn secure_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("referrer-policy", "same-origin"))
        .add(("cross-origin-resource-policy", "same-origin"))
}

/// The host in an address, without scheme and port.
fn host_of(base_url: &str) -> String {
    let host = url::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "localhost".to_owned())
}
