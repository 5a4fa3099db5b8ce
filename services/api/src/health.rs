//! `/healthz`, `/readyz`, `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde_json::json;
use weft_engine::Engine;
use weft_event_log::{PgLog, SystemLog};

/// A database that needs longer to answer counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Renders the metrics of this process.
pub type RenderMetrics = Box<dyn Fn() -> String + Send + Sync>;

/// What readiness depends on.
pub struct Health {
    /// The database, through the log.
    pub log: Arc<PgLog>,
    /// Whether new work is taken.
    pub engine: Engine,
    /// Renders the metrics, where they are collected.
    pub metrics: Option<RenderMetrics>,
}

/// The process is alive.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// The process can take work: its database answers and it is not shutting down.
pub async fn readyz(health: web::Data<Health>) -> HttpResponse {
    let database = matches!(tokio::time::timeout(PATIENCE, health.log.ping()).await, Ok(Ok(())));
    let admitting = health.engine.state().is_admitting;
    let body = json!({ "ready": database && admitting, "database": database, "admitting": admitting });
    if database && admitting {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().insert_header(("retry-after", "2")).json(body)
    }
}

/// Metrics for Prometheus (text exposition format 0.0.4).
pub async fn metrics(health: web::Data<Health>) -> HttpResponse {
    metrics::gauge!("weft_executions_admitted").set(health.engine.state().admitted as f64);
    let written = health.log.writer_counts();
    metrics::counter!("weft_log_commits_total").absolute(written.commits);
    metrics::counter!("weft_log_appends_total").absolute(written.appends);
    metrics::counter!("weft_log_events_total").absolute(written.events);
    match &health.metrics {
        Some(render) => HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(render()),
        None => HttpResponse::NotFound().finish(),
    }
}
