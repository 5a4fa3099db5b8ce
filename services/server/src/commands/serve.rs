//! `weft serve`: resources → roles → drain.

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::ServiceConfig;
use actix_web::{App as WebServer, HttpServer};
use anyhow::Context;
use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weft_api::{RenderMetrics, TrustedProxies, WebParts, gate};
use weft_engine::{Care, EngineSettings};
use weft_postgres::Cluster;

use crate::address;
use crate::operator::{Operator, services};
use crate::settings::{Role, ServeSettings, Settings};
use crate::telemetry;

/// How long executions may go on after SIGTERM; the rest is taken over by another process.
const DRAIN: Duration = Duration::from_secs(10);
/// What the process says of itself when somebody did not want to wait for it: 128 and the number of SIGTERM.
const IMPATIENT: i32 = 143;
/// How often the private cluster is looked at.
const WATCH: Duration = Duration::from_secs(1);

/// How it is served.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    serve: ServeSettings,
}

/// What registers the routes of this process, in every worker of the web server.
type Routes = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// Serves until the process is told to stop.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let serve = arguments.serve;
    let metrics = telemetry::start_metrics()?;
    let is_api = serve.has(Role::Api);
    let listener = if is_api {
        address::listen(&settings, serve.bind)?
    } else {
        address::listen_for_health(&settings, serve.bind)?
    };
    let port = listener.local_addr()?.port();
    let base_url = match &settings.base_url {
        Some(named) => named.clone(),
        None if is_api => address::on_localhost(port),
        None => address::of_the_api(&settings)?,
    };
    let proxies = TrustedProxies::read(&serve.trusted_proxies).context("WEFT_TRUSTED_PROXIES")?;
    let operator = open(&settings, &serve, &base_url).await?;
    let (stop, stopping) = (CancellationToken::new(), CancellationToken::new());
    let housekeeping = keep_house(&operator, &serve, &metrics, &stop);

    let render: RenderMetrics = Box::new(move || metrics.render());
    let routes: Routes = if is_api {
        let graphiql = serve.graphiql.unwrap_or_else(|| base_url.contains("://localhost"));
        Arc::new(operator.app.web(WebParts {
            web_dir: web_folder(&serve),
            body_limit: serve.max_body_bytes,
            upload_limit: serve.max_upload_bytes,
            proxies,
            graphiql,
            metrics: Some(render),
            stopping: stopping.clone(),
        })?)
    } else {
        Arc::new(operator.app.health(Some(render)))
    };
    let server = web_server(listener, routes)?;
    if is_api {
        address::keep_port(&settings, port)?;
        announce(&settings, &base_url);
    } else {
        announce_health(&settings, &serve, port);
    }
    stop_on_signal(server.handle(), operator.app.engine.clone(), stopping);
    server.await.context("the server failed")?;

    stop.cancel();
    for (what, task) in housekeeping {
        task.await.with_context(|| format!("{what} failed"))?;
    }
    operator.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn open(settings: &Settings, serve: &ServeSettings, base_url: &str) -> anyhow::Result<Operator> {
    let services = services(settings)?;
    if services.runner.is_none() {
        tracing::warn!("There is no code runner beside this program, so that code steps fail; see `weft doctor`.");
    }
    let engine = EngineSettings {
        running: serve.max_executions,
        queued: serve.max_waiting_executions,
        of_tenant: serve.max_executions_per_tenant,
        max_steps: serve.max_steps,
        ..EngineSettings::default()
    };
    Operator::open_at(settings, base_url.to_owned(), services, engine).await
}

/// Starts what this process does by itself, according to its roles, until `stop` is cancelled.
fn keep_house(
    operator: &Operator,
    serve: &ServeSettings,
    metrics: &PrometheusHandle,
    stop: &CancellationToken,
) -> Vec<(&'static str, JoinHandle<()>)> {
    let mut tasks = vec![
        ("the keeper of keys", operator.app.keep_keys(stop.clone())),
        ("the keeper of metrics", tokio::spawn(telemetry::tidy_metrics(metrics.clone(), stop.clone()))),
    ];
    if let Some(cluster) = operator.resources.database.cluster.clone() {
        tasks.push(("the watch over the database", tokio::spawn(watch(cluster, stop.clone()))));
    }
    if serve.has(Role::Projector) {
        let (projector, until) = (operator.projector.clone(), stop.clone());
        tasks.push(("the projector", tokio::spawn(async move { projector.run(until).await })));
    }
    if serve.has(Role::Worker) {
        operator.app.engine.keep_house(Care::Every);
    } else if serve.has(Role::Api) {
        operator.app.engine.keep_house(Care::Own);
    }
    tasks
}

fn web_server(listener: TcpListener, routes: Routes) -> anyhow::Result<Server> {
    let wired = move || {
        let routes = Arc::clone(&routes);
        WebServer::new().wrap(Compress::default()).wrap(from_fn(gate)).configure(move |config| routes(config))
    };
    Ok(HttpServer::new(wired)
        .backlog(4_096)
        .max_connections(50_000)
        .client_request_timeout(Duration::from_secs(30))
        .shutdown_timeout(DRAIN.as_secs())
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Starts the private cluster again when it has died.
async fn watch(cluster: Arc<Cluster>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        match cluster.revive().await {
            Ok(false) => {}
            Ok(true) => tracing::warn!("The private PostgreSQL had ended and was started again."),
            Err(error) => {
                tracing::error!(%error, "The private PostgreSQL has ended and cannot be started; trying again.");
            }
        }
    }
}

/// One line with the address, on standard output, for people and scripts.
fn announce(settings: &Settings, base_url: &str) {
    if settings.json {
        println!("{}", serde_json::json!({ "address": base_url }));
    } else {
        println!("{base_url} is ready; a tenant answers at its own name before that host");
    }
    if base_url.starts_with("http://") {
        tracing::info!(
            "Serving over plain HTTP, which is for development: cookies and passwords travel unprotected. For other people, put \
             TLS in front, name the address with WEFT_BASE_URL=https://… and the proxy with WEFT_TRUSTED_PROXIES."
        );
    }
}

/// One line of a process that serves nobody: where it says how it is.
fn announce_health(settings: &Settings, serve: &ServeSettings, port: u16) {
    let address = format!("http://{}", SocketAddr::new(serve.bind, port));
    if settings.json {
        println!("{}", serde_json::json!({ "health": address }));
    } else {
        println!("{address} says how this process is, at /readyz and /metrics; it serves nothing else");
    }
}

/// Stops taking work, lets executions finish, then stops the server. Whoever holds a WebSocket is sent away first: the server
/// waits for open connections, and those would stay. Who signals again does not want to wait: the process ends as if it had
/// died, which the next one knows how to take over from.
fn stop_on_signal(server: ServerHandle, engine: weft_engine::Engine, stopping: CancellationToken) {
    tokio::spawn(async move {
        let mut signals = match Signals::open() {
            Ok(signals) => signals,
            Err(error) => {
                tracing::error!(%error, "Signals cannot be received; end the process with SIGKILL.");
                return;
            }
        };
        signals.next().await;
        tracing::info!("Stopping: nothing new is taken, what is at work may finish. Signal again to end at once.");
        stopping.cancel();
        let drained = tokio::spawn(async move {
            engine.drain(DRAIN).await;
            server.stop(true).await;
        });
        signals.next().await;
        drained.abort();
        tracing::warn!("Ending at once: what was at work is taken over by the next process.");
        std::process::exit(IMPATIENT);
    });
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn open() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The named folder, else `web` beside the program, else the build in the checkout that the program was built in.
fn web_folder(serve: &ServeSettings) -> Option<std::path::PathBuf> {
    if let Some(named) = &serve.web_dir {
        return Some(named.clone());
    }
    let folder = std::env::current_exe().ok()?.parent()?.to_owned();
    let candidates = [folder.join("web"), folder.join("../../frontend/dist")];
    let found = candidates.into_iter().find(|candidate| candidate.join("index.html").is_file());
    if found.is_none() {
        tracing::warn!("The web app was not found, so that only the API is served; name its folder with WEFT_WEB_DIR.");
    }
    found
}
