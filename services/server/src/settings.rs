//! The settings: flags, `WEFT_*` variables or a file, in this order of precedence.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

/// What is logged by default. Notices of PostgreSQL are left out: whoever goes away while a transaction commits leaves a
/// rollback behind, which finds nothing to do and says so. A pool's word on a connection that broke while nobody used it is
/// left out, too: whoever needs one gets another, and a command that ends stops the private server under its idle ones.
const LOG_FILTER: &str =
    "info,sqlx=warn,sqlx::postgres::notice=error,sqlx_core::pool::connection=error,actix_server=warn";

/// What every command knows.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// A file of settings: lines `WEFT_PORT=8080`; flags and variables win over it.
    #[arg(id = "settings", long = "settings", env = "WEFT_SETTINGS", global = true, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// The folder of the private database, the keys and the blobs.
    #[arg(long, env = "WEFT_DATA_DIR", global = true, value_name = "DIR", default_value = ".weft")]
    pub data_dir: PathBuf,

    /// An existing PostgreSQL (15 or newer); without it a private one is started in the data folder.
    #[arg(long, env = "DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// The address that people and webhooks use; `http://localhost:PORT` when left out. A tenant answers at
    /// `<slug>.` before its host.
    #[arg(long, env = "WEFT_BASE_URL", global = true, value_name = "URL")]
    pub base_url: Option<String>,

    /// The server's port; when left out, the one used last in this data folder, else the first free one from 8080.
    #[arg(long, env = "WEFT_PORT", global = true, value_name = "PORT")]
    pub port: Option<u16>,

    /// The folder of PostgreSQL's programs for the private database; found by itself when left out.
    #[arg(long, env = "WEFT_POSTGRES_BIN", global = true, value_name = "DIR")]
    pub postgres_bin: Option<PathBuf>,

    /// The file of the master key; without it the key is made in the data folder.
    #[arg(long, env = "WEFT_MASTER_KEY_FILE", global = true, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,

    /// The program that executes code; found beside this one when left out.
    #[arg(long, env = "WEFT_CODE_RUNNER", global = true, value_name = "FILE")]
    pub code_runner: Option<PathBuf>,

    /// How many processes may execute code at once; as many as there are processors when left out.
    #[arg(long, env = "WEFT_CODE_RUNNERS", global = true, value_name = "N")]
    pub code_runners: Option<usize>,

    /// Private addresses that outgoing connections may reach, `10.1.0.0/16,127.0.0.1` for instance.
    #[arg(long, env = "WEFT_EGRESS_ALLOW", global = true, value_name = "CIDR,…", value_delimiter = ',')]
    pub egress_allow: Vec<String>,

    /// Variables of the server's environment that the workflows of every tenant may read as `$env.NAME`, `REGION,SHOP_URL` for
    /// instance. Never one that holds a secret: what an expression gives is recorded.
    #[arg(long, env = "WEFT_EXPRESSION_ENV", global = true, value_name = "NAME,…", value_delimiter = ',')]
    pub expression_env: Vec<String>,

    /// How the log is written.
    #[arg(long, env = "WEFT_LOG_FORMAT", global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What is logged, `info` or `weft_engine=debug,warn` for instance.
    #[arg(
        long,
        env = "WEFT_LOG",
        global = true,
        value_name = "FILTER",
        default_value = LOG_FILTER
    )]
    pub log: String,

    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What `serve` knows besides.
#[derive(Clone, Debug, Args)]
pub struct ServeSettings {
    /// The address to listen on.
    #[arg(long, env = "WEFT_BIND", value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub bind: IpAddr,

    /// What this process does. Several processes on one database share the work.
    #[arg(
        long = "role",
        env = "WEFT_ROLE",
        value_name = "ROLE,…",
        value_enum,
        value_delimiter = ',',
        default_value = "api,worker,projector"
    )]
    pub roles: Vec<Role>,

    /// The folder of the built web app; found beside the program or in the checkout when left out.
    #[arg(long, env = "WEFT_WEB_DIR", value_name = "DIR")]
    pub web_dir: Option<PathBuf>,

    /// The most steps that one execution may take; a workflow may name fewer in its settings.
    #[arg(long, env = "WEFT_MAX_STEPS", value_name = "N", default_value_t = 100_000)]
    pub max_steps: u32,

    /// The largest body that a webhook reads, in bytes. Files are not read: they have `--max-upload-bytes`.
    #[arg(long, env = "WEFT_MAX_BODY_BYTES", value_name = "BYTES", default_value_t = 16 * 1024 * 1024)]
    pub max_body_bytes: usize,

    /// The most bytes of the files that one call of a webhook, or one page of a form, brings. They go to the store of files as
    /// they come, and a file has 1 GiB at most.
    #[arg(long, env = "WEFT_MAX_UPLOAD_BYTES", value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    pub max_upload_bytes: usize,

    /// The proxies in front of this server, `10.0.0.7,10.1.0.0/16` for instance: from them, the caller's address is read from
    /// `X-Forwarded-For`. Without them everybody behind a proxy has its address, and attempts to sign in are counted together.
    #[arg(long, env = "WEFT_TRUSTED_PROXIES", value_name = "CIDR,…", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,

    /// How many executions may be at work at once; more wait for their turn.
    #[arg(long, env = "WEFT_MAX_EXECUTIONS", value_name = "N", default_value_t = 2_000)]
    pub max_executions: usize,

    /// How many executions may wait for their turn; more are refused with 429 and a time to try again.
    #[arg(long, env = "WEFT_MAX_WAITING_EXECUTIONS", value_name = "N", default_value_t = 4_000)]
    pub max_waiting_executions: usize,

    /// How many executions of one tenant may be at work at once, on all servers together; a tenant may choose fewer. Without a
    /// number there is no limit for it, but no tenant takes all that `max-executions` permits on one server, if that is eight or more.
    #[arg(long, env = "WEFT_MAX_EXECUTIONS_PER_TENANT", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_executions_per_tenant: Option<u32>,

    /// Serve the `GraphiQL` console at /graphiql; on by default on localhost.
    #[arg(long, env = "WEFT_GRAPHIQL", value_name = "BOOL")]
    pub graphiql: Option<bool>,
}

/// What a process of an installation may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Serves people, programs and webhooks, and drives the executions that these begin.
    Api,
    /// Fires timers and schedules, and takes over the executions of processes that ended.
    Worker,
    /// Feeds the read side.
    Projector,
}

impl ServeSettings {
    /// Whether this process has that role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Reads the settings file that the arguments or the environment name, as pairs of variable and value.
pub fn file_settings(arguments: &[String], from_environment: Option<&str>) -> anyhow::Result<HashMap<String, String>> {
    let named = arguments.iter().enumerate().find_map(|(place, argument)| {
        let rest = argument.strip_prefix("--settings")?;
        rest.strip_prefix('=').map(str::to_owned).or_else(|| arguments.get(place + 1).cloned())
    });
    match named.as_deref().or(from_environment) {
        Some(file) => read_settings(Path::new(file)),
        None => Ok(HashMap::new()),
    }
}

fn read_settings(file: &Path) -> anyhow::Result<HashMap<String, String>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the settings file {} cannot be read", file.display()))?;
    let mut settings = HashMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            bail!("{}:{}: a line is NAME=value, or a remark after #", file.display(), number + 1);
        };
        settings.insert(name.trim().to_owned(), value.trim().trim_matches('"').to_owned());
    }
    Ok(settings)
}

/// The command with the values of the settings file as defaults of the arguments that have such a variable. A variable that
/// no argument has is an error, since it would be a misspelt setting.
pub fn with_defaults(mut command: clap::Command, settings: &HashMap<String, String>) -> anyhow::Result<clap::Command> {
    let mut known = Vec::new();
    command = apply(command, settings, &mut known);
    if let Some(unknown) = settings.keys().find(|name| !known.contains(name)) {
        bail!("the settings file sets {unknown}, which is no setting; `weft serve --help` lists them");
    }
    Ok(command)
}

fn apply(command: clap::Command, settings: &HashMap<String, String>, known: &mut Vec<String>) -> clap::Command {
    let command = command.mut_args(|argument| {
        let variable = argument.get_env().and_then(|name| name.to_str()).map(str::to_owned);
        match variable.as_ref().and_then(|name| settings.get(name)) {
            Some(value) => {
                known.extend(variable);
                argument.default_value(clap::builder::OsStr::from(value.clone()))
            }
            None => argument,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        let mut seen = Vec::new();
        let command = command.mut_subcommand(name, |sub| apply(sub, settings, &mut seen));
        known.append(&mut seen);
        command
    })
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches;

    use super::*;

    #[test]
    fn a_settings_file_is_read_and_its_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("weft.env");
        std::fs::write(&file, "# remark\nWEFT_PORT = 9000\nWEFT_LOG=\"debug\"\n").unwrap();
        let settings = file_settings(&["--settings".into(), file.display().to_string()], None).unwrap();
        assert_eq!(settings["WEFT_PORT"], "9000");
        assert_eq!(settings["WEFT_LOG"], "debug");
        std::fs::write(&file, "WEFT_PORT\n").unwrap();
        let error = file_settings(&[format!("--settings={}", file.display())], None).unwrap_err().to_string();
        assert!(error.contains("weft.env:1"), "{error}");
    }

    /// What the command line makes of a settings file that says these.
    fn parsed(file: &[(&str, &str)], arguments: &[&str]) -> anyhow::Result<Settings> {
        let file = file.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let command = clap::Command::new("weft").subcommand(Settings::augment_args(clap::Command::new("doctor")));
        let line = ["weft", "doctor"].into_iter().chain(arguments.iter().copied());
        let matches = with_defaults(command, &file)?.try_get_matches_from(line)?;
        Ok(Settings::from_arg_matches(matches.subcommand().unwrap().1)?)
    }

    #[test]
    fn a_settings_file_reaches_every_command_and_a_flag_wins_over_it() {
        let file = [("WEFT_PORT", "9000"), ("WEFT_EGRESS_ALLOW", "10.1.0.0/16,127.0.0.1")];
        let from_file = parsed(&file, &[]).unwrap();
        assert_eq!(from_file.port, Some(9000));
        assert_eq!(from_file.egress_allow, ["10.1.0.0/16", "127.0.0.1"]);
        assert_eq!(parsed(&file, &["--port", "9001"]).unwrap().port, Some(9001));
        let refused = parsed(&[("WEFT_PROT", "9000")], &[]).unwrap_err().to_string();
        assert!(refused.contains("WEFT_PROT"), "{refused}");
    }
}
