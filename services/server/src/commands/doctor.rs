//! `weft doctor`: what works here and what does not.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value as Json, json};
use weft_event_log::SystemLog;

use crate::operator::code_runner;
use crate::resources::Resources;
use crate::settings::Settings;

/// Nothing to choose.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Executes the command: prints what was found, and fails when something does not work.
pub async fn run(settings: Settings, _arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (database, database_works) = database(&settings).await;
    let (runner, runner_works) = runner(&settings).await;
    let found = json!({ "version": env!("CARGO_PKG_VERSION"), "database": database, "codeRunner": runner });
    if settings.json {
        println!("{found}");
    } else {
        print_text(&found);
    }
    Ok(if database_works && runner_works { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn database(settings: &Settings) -> (Json, bool) {
    let found = async {
        let resources = Resources::open(settings).await?;
        resources.log.ping().await?;
        let version: String = {
            let mut connection = resources.system.acquire().await?;
            sqlx::query_scalar("select current_setting('server_version')").fetch_one(&mut *connection).await?
        };
        let cluster = resources.database.cluster.as_ref();
        let found = json!({
            "works": true,
            "version": version,
            "private": cluster.is_some(),
            "folder": cluster.map(|cluster| cluster.data().display().to_string()),
            "address": cluster.map(|cluster| cluster.url("weft")),
        });
        resources.close().await?;
        anyhow::Ok(found)
    };
    match found.await {
        Ok(found) => (found, true),
        Err(error) => (json!({ "works": false, "error": format!("{error:#}") }), false),
    }
}

async fn runner(settings: &Settings) -> (Json, bool) {
    let report = match code_runner(settings) {
        Ok(Some(runner)) => runner.check().await.map_err(anyhow::Error::from),
        Ok(None) => Err(anyhow::anyhow!("weft-code-runner is not beside this program; name it with WEFT_CODE_RUNNER")),
        Err(error) => Err(error),
    };
    match report {
        Ok(report) => {
            let mut found = serde_json::to_value(&report).unwrap_or_default();
            found["works"] = json!(true);
            (found, true)
        }
        Err(error) => (json!({ "works": false, "error": format!("{error:#}") }), false),
    }
}

fn print_text(found: &Json) {
    let mark = |part: &Json| if part["works"] == true { "✓" } else { "✗" };
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let (database, runner) = (&found["database"], &found["codeRunner"]);
    println!(
        "{} database     PostgreSQL {} {}{}",
        mark(database),
        text(&database["version"]),
        text(&database["folder"]),
        text(&database["error"])
    );
    if database["private"] == true {
        println!("               address for pg_dump and psql: {}", text(&database["address"]));
    }
    println!(
        "{} code runner  {} {}{}",
        mark(runner),
        text(&runner["engine"]),
        text(&runner["version"]),
        text(&runner["error"])
    );
    for layer in runner["layers"].as_array().into_iter().flatten() {
        let mark = if layer["active"] == true { "✓" } else { "–" };
        println!("    {mark} {:<12} {}", text(&layer["name"]), text(&layer["detail"]));
    }
}
