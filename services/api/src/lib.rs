//! The HTTP surface: `/graphql`, `/hooks`, `/auth`, health, and the web app's files. It wires the ports of `graphql`, `tenants`
//! and `engine` to the log, the engine and the read side.
//!
//! This crate must not hold rules: what is allowed is decided in `domain/` and `tenants/`. To add a route, add a module with
//! its handlers and one line in `app.rs`.

mod adapters;
mod app;
mod auth;
mod brands;
mod caller;
mod context;
mod cookies;
mod farewell;
mod files;
mod gate;
mod graphiql;
mod graphql;
mod graphql_http;
mod health;
mod hooks;
mod pages;
mod problem;
mod problem_page;
mod receive;
mod web_app;

pub use adapters::{LogCommands, TenantEvents};
pub use app::{App, AppParts, WebParts};
pub use caller::{NoProxy, TrustedProxies};
pub use gate::gate;
pub use health::RenderMetrics;
pub use hooks::{HookAddresses, tenant_address};
pub use web_app::NoWebApp;
