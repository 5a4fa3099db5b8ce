//! Starting the real server on a fresh data folder, and how long that takes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::report::{Figure, Report, Target};

/// A running server with a data folder of its own.
pub struct Server {
    program: PathBuf,
    folder: TempDir,
    child: Child,
    /// `http://localhost:PORT`.
    pub address: String,
}

impl Server {
    /// Starts the server and waits for the line with its address.
    pub async fn start(program: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (child, address) = spawn(program, folder.path()).await?;
        Ok(Self { program: program.to_owned(), folder, child, address })
    }

    /// Executes another command of the program on the same data folder.
    pub async fn command(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = Command::new(&self.program)
            .args(arguments)
            .arg("--json")
            .env("WEFT_DATA_DIR", self.folder.path())
            .env("WEFT_BASE_URL", &self.address)
            .output()
            .await?;
        if !output.status.success() {
            bail!("weft {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("an answer that is not JSON")
    }

    /// Writes an n8n workflow file, imports and publishes it; the address of its first webhook.
    pub async fn import(&self, tenant: &str, workflow: &Value) -> anyhow::Result<String> {
        let file = self.folder.path().join("workflow.json");
        std::fs::write(&file, workflow.to_string())?;
        let file = file.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let imported = self.command(&["import", file, "--format", "n8n", "--tenant", tenant, "--publish"]).await?;
        let url = imported["webhooks"][0]["url"].as_str().context("the import named no webhook")?;
        Ok(url.to_owned())
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Ends the server the polite way and waits.
    pub async fn stop(mut self) -> anyhow::Result<TempDir> {
        terminate(&mut self.child).await?;
        Ok(self.folder)
    }
}

async fn spawn(program: &Path, folder: &Path) -> anyhow::Result<(Child, String)> {
    let mut child = Command::new(program)
        .args(["serve", "--port", "0"])
        .env("WEFT_DATA_DIR", folder)
        .env("WEFT_LOG", "warn")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    let stdout = child.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    let address = loop {
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.context("the server did not become ready")??;
        let line = line.context("the server ended before it was ready")?;
        if let Some(place) = line.find("http") {
            break line[place..].split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_owned();
        }
    };
    // Whatever it still prints must not fill the pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, address))
}

async fn terminate(child: &mut Child) -> anyhow::Result<()> {
    if let Some(id) = child.id() {
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
    }
    tokio::time::timeout(Duration::from_secs(30), child.wait()).await.context("the server did not end within 30 s")??;
    Ok(())
}

/// P9: from the start of the program to its line of readiness, with the private cluster stopped.
pub async fn measure_start(program: &Path, report: &mut Report) -> anyhow::Result<()> {
    let folder = Server::start(program).await?.stop().await?;
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let (mut child, _) = spawn(program, folder.path()).await?;
        seconds.push(began.elapsed().as_secs_f64());
        terminate(&mut child).await?;
    }
    seconds.sort_by(f64::total_cmp);
    report.add(Figure {
        id: "P9",
        what: "start, private PostgreSQL stopped (median of 5)".into(),
        value: seconds[2],
        unit: "s",
        target: Target::AtMost(3.0),
        details: serde_json::json!({ "all": seconds }),
    });
    Ok(())
}
