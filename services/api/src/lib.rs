//! The HTTP surface: `/graphql`, `/hooks`, `/auth`, health, and the web app's files. It wires the ports of `graphql` and
//! `tenants` to the log, the engine and the read side.
//!
//! This crate must not hold rules: what is allowed is decided in `domain/` and `tenants/`. To add a route, add a module with
//! its handlers and one line in [`configure`].

mod graphql_http;
mod problem;
mod web_app;
