//! The executable `weft`: settings → resources → roles → drain; and the command line for people and scripts.
//!
//! It must not hold rules: it wires what the other crates offer. To add a command, add a file in `commands/` with its
//! arguments and `run`, and one variant and one arm here.

mod address;
mod commands;
mod operator;
mod resources;
mod settings;
mod telemetry;

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use settings::Settings;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workflow automation that remembers everything.
#[derive(Debug, Parser)]
#[command(name = "weft", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the server.
    Serve(commands::serve::Arguments),
    /// Makes the two demo tenants, once per data folder, and prints how to sign in.
    Demo(commands::demo::Arguments),
    /// Imports a workflow file into a tenant.
    Import(commands::import::Arguments),
    /// Executes a workflow file once, in memory: no server, no database.
    Execute(commands::execute::Arguments),
    /// Evaluates expressions, one JSON line each, from standard input.
    Eval(commands::eval::Arguments),
    /// Looks at a tenant's log.
    #[command(subcommand)]
    Log(commands::log::Command),
    /// Tenants.
    #[command(subcommand)]
    Tenant(commands::tenant::Command),
    /// People who can sign in.
    #[command(subcommand)]
    User(commands::user::Command),
    /// Read models.
    #[command(subcommand)]
    Projection(commands::projection::Command),
    /// Says what works here and what does not: database, code runner, sandbox.
    Doctor(commands::doctor::Arguments),
}

fn main() -> ExitCode {
    match parse().and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weft: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> anyhow::Result<Cli> {
    let arguments: Vec<String> = std::env::args().collect();
    #[expect(clippy::disallowed_methods, reason = "the settings file must be known before the arguments have defaults")]
    let named = std::env::var("WEFT_SETTINGS").ok();
    let from_file: HashMap<String, String> = settings::file_settings(&arguments, named.as_deref())?;
    let command = settings::with_defaults(Cli::command(), &from_file)?;
    Ok(Cli::from_arg_matches(&command.get_matches_from(arguments))?)
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    telemetry::start_log(&cli.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime could not be started")?;
    runtime.block_on(async {
        let settings = cli.settings;
        match cli.command {
            Command::Serve(arguments) => commands::serve::run(settings, arguments).await,
            Command::Demo(arguments) => commands::demo::run(settings, arguments).await,
            Command::Import(arguments) => commands::import::run(settings, arguments).await,
            Command::Execute(arguments) => commands::execute::run(settings, arguments).await,
            Command::Eval(arguments) => commands::eval::run(&arguments),
            Command::Log(command) => commands::log::run(settings, command).await,
            Command::Tenant(command) => commands::tenant::run(settings, command).await,
            Command::User(command) => commands::user::run(settings, command).await,
            Command::Projection(command) => commands::projection::run(settings, command).await,
            Command::Doctor(arguments) => commands::doctor::run(settings, arguments).await,
        }
    })
}
