//! `weft serve`: resources → roles → drain.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as WebServer, HttpServer};
use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use weft_api::{WebParts, gate};
use weft_engine::EngineSettings;
use weft_postgres::Cluster;

use crate::address;
use crate::operator::{Operator, services};
use crate::settings::{ServeSettings, Settings};
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

/// Serves until the process is told to stop.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let serve = arguments.serve;
    let metrics = telemetry::start_metrics()?;
    let listener = address::listen(&settings, serve.bind)?;
    let port = listener.local_addr()?.port();
    let base_url = settings.base_url.clone().unwrap_or_else(|| address::on_localhost(port));

    let services = services(&settings)?;
    if services.runner.is_none() {
        tracing::warn!("There is no code runner beside this program, so that code steps fail; see `weft doctor`.");
    }
    let engine = EngineSettings {
        running: serve.max_executions,
        queued: serve.max_waiting_executions,
        ..EngineSettings::default()
    };
    let operator = Operator::open_at(&settings, base_url.clone(), services, engine).await?;
    let (stop, stopping) = (CancellationToken::new(), CancellationToken::new());
    let projector = operator.projector.clone();
    let folding_until = stop.clone();
    let folding = tokio::spawn(async move { projector.run(folding_until).await });
    let watching =
        operator.resources.database.cluster.clone().map(|cluster| tokio::spawn(watch(cluster, stop.clone())));
    let keys = operator.app.keep_keys(stop.clone());
    let tidying = tokio::spawn(telemetry::tidy_metrics(metrics.clone(), stop.clone()));
    operator.app.engine.keep_house();

    let graphiql = serve.graphiql.unwrap_or_else(|| base_url.contains("://localhost"));
    let web = operator.app.web(WebParts {
        web_dir: web_folder(&serve),
        body_limit: serve.max_body_bytes,
        graphiql,
        metrics: Some(Box::new(move || metrics.render())),
        stopping: stopping.clone(),
    })?;
    let wired = move || WebServer::new().wrap(Compress::default()).wrap(from_fn(gate)).configure(web.clone());
    let server = HttpServer::new(wired)
        .backlog(4_096)
        .max_connections(50_000)
        .client_request_timeout(Duration::from_secs(30))
        .shutdown_timeout(DRAIN.as_secs())
        .disable_signals()
        .listen(listener)?
        .run();
    address::keep_port(&settings, port)?;
    announce(&settings, &base_url);
    if base_url.starts_with("http://") {
        tracing::info!(
            "Serving over plain HTTP, which is for development: cookies and passwords travel unprotected. For other people, put \
             TLS in front and name the address with WEFT_BASE_URL=https://…"
        );
    }
    stop_on_signal(server.handle(), operator.app.engine.clone(), stopping);
    server.await.context("the server failed")?;

    stop.cancel();
    folding.await.context("the projector failed")?;
    keys.await.context("the keeper of keys failed")?;
    tidying.await.context("the keeper of metrics failed")?;
    if let Some(watching) = watching {
        watching.await.context("the watch over the database failed")?;
    }
    operator.close().await?;
    Ok(ExitCode::SUCCESS)
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
