//! The real server on a data folder.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// The program.
    pub program: PathBuf,
    /// Its data folder.
    pub folder: PathBuf,
    /// Its port; 0 for a free one.
    pub port: u16,
    /// More environment: a fail point, an allowed address, a database.
    pub environment: Vec<(String, String)>,
}

impl ServerOptions {
    /// A server of `program` on `folder`, on a free port.
    pub fn new(program: &Path, folder: &Path) -> Self {
        Self { program: program.to_owned(), folder: folder.to_owned(), port: 0, environment: Vec::new() }
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// On this port.
    #[must_use]
    pub fn on_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }
}

/// A running server.
pub struct Server {
    options: ServerOptions,
    child: Child,
    /// `http://localhost:PORT`.
    pub address: String,
}

impl Server {
    /// Starts the server and waits for the line with its address.
    pub async fn start(options: ServerOptions) -> anyhow::Result<Self> {
        let mut child = Command::new(&options.program)
            .args(["serve", "--port", &options.port.to_string()])
            .env("WEFT_DATA_DIR", &options.folder)
            .env("WEFT_LOG", "warn")
            .envs(options.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", options.program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let address = loop {
            let line = tokio::time::timeout(Duration::from_mins(1), lines.next_line()).await;
            let line = line.context("the server did not become ready within 60 s")??;
            let line = line.context("the server ended before it was ready")?;
            if let Some(place) = line.find("http") {
                break line[place..].split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_owned();
            }
        };
        // Whatever it still prints must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { options, child, address })
    }

    /// Its port.
    pub fn port(&self) -> anyhow::Result<u16> {
        self.address.rsplit(':').next().and_then(|port| port.parse().ok()).context("an address without a port")
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Executes another command of the program on the same data folder; its answer in JSON.
    pub async fn command(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = self.output(arguments).await?;
        serde_json::from_slice(&output).context("an answer that is not JSON")
    }

    /// As [`Server::command`], for a command that answers one JSON value a line.
    pub async fn lines(&self, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
        let output = String::from_utf8(self.output(arguments).await?)?;
        output.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    async fn output(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = Command::new(&self.options.program)
            .args(arguments)
            .args(["--json", "--log", "error"])
            .env("WEFT_DATA_DIR", &self.options.folder)
            .env("WEFT_BASE_URL", &self.address)
            .envs(self.options.environment.iter().filter(|(name, _)| !name.contains("FAIL_POINT")).map(|(n, v)| (n, v)))
            .output()
            .await?;
        if !output.status.success() {
            bail!("weft {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(output.stdout)
    }

    /// Imports and publishes an n8n workflow; the address of its first webhook.
    pub async fn import(&self, tenant: &str, workflow: &Value) -> anyhow::Result<String> {
        let imported = self.imported(tenant, workflow).await?;
        let url = imported["webhooks"][0]["url"].as_str().context("the import named no webhook")?;
        Ok(url.to_owned())
    }

    /// Imports and publishes an n8n workflow without a webhook; its id.
    pub async fn import_silent(&self, tenant: &str, workflow: &Value) -> anyhow::Result<String> {
        let imported = self.imported(tenant, workflow).await?;
        Ok(imported["workflowId"].as_str().context("the import named no workflow")?.to_owned())
    }

    async fn imported(&self, tenant: &str, workflow: &Value) -> anyhow::Result<Value> {
        let file = self.options.folder.join("trial-workflow.json");
        std::fs::write(&file, workflow.to_string())?;
        let file = file.to_str().context("the data folder has a name that is not UTF-8")?;
        self.command(&["import", file, "--format", "n8n", "--tenant", tenant, "--publish"]).await
    }

    /// Sends a signal, `TERM`, `KILL`, `STOP` or `CONT`.
    pub async fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args([&format!("-{signal}"), &self.id().to_string()]).status().await?;
        if !status.success() {
            bail!("the server could not be sent {signal}");
        }
        Ok(())
    }

    /// Waits until the process has ended.
    pub async fn ended(&mut self, within: Duration) -> anyhow::Result<()> {
        tokio::time::timeout(within, self.child.wait()).await.context("the server did not end in time")??;
        Ok(())
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Ends the server the polite way and waits.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.signal("TERM").await?;
        self.ended(Duration::from_secs(30)).await
    }
}
