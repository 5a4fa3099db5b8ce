//! A fresh data folder with a tenant, and the servers on it.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;
use weft_trial::{Server, ServerOptions};

use crate::counter::Counter;

/// What every case needs to know.
pub struct Setting {
    /// The program.
    pub weft: PathBuf,
    /// The code runner.
    pub code_runner: PathBuf,
    /// How many clients call at once.
    pub clients: usize,
}

/// A data folder, a server on it, and a receiver that counts what reaches the outside world.
pub struct Arena {
    options: ServerOptions,
    /// The first server.
    pub server: Server,
    /// Counts calls from workflows.
    pub counter: Counter,
    // Removed last, when every server has ended.
    _folder: TempDir,
}

/// The tenant of every case.
pub const TENANT: &str = "chaos";

impl Arena {
    /// Starts a server and makes the tenant. `environment` is added to that of every server.
    pub async fn open(setting: &Setting, environment: &[(&str, String)]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut options = ServerOptions::new(&setting.weft, folder.path())
            .with("WEFT_CODE_RUNNER", setting.code_runner.display().to_string())
            // The counter listens on this machine, where outgoing connections may not go by default.
            .with("WEFT_EGRESS_ALLOW", "127.0.0.1/32");
        for (name, value) in environment {
            options = options.with(name, value.clone());
        }
        let server = Server::start(options.clone()).await?;
        server.command(&["tenant", "create", "--slug", TENANT, "--name", "Chaos"]).await?;
        Ok(Self { options, server, counter: Counter::listen().await?, _folder: folder })
    }

    /// The options of one more server on the same data folder.
    pub fn options(&self) -> ServerOptions {
        self.options.clone()
    }

    /// Imports and publishes a workflow; its webhook's address.
    pub async fn publish(&self, workflow: &Value) -> anyhow::Result<String> {
        self.server.import(TENANT, workflow).await
    }
}
