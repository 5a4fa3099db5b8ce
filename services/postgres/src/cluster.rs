//! Starting, adopting, reviving and stopping the cluster.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::SUPERUSER;
use crate::binaries::Binaries;
use crate::configuration::{ClusterSettings, Durability, HOST_BASED_AUTHENTICATION, server_configuration};
use crate::error::{Context, PostgresError};
use crate::lease::{Lease, StartLock};
use crate::place::Place;
use crate::postmaster::{self, Found, Postmaster};

const POLL: Duration = Duration::from_millis(5);
const STOP_PATIENCE: Duration = Duration::from_mins(1);
/// How long a server that was launched may take to show itself.
const UNSEEN: Duration = Duration::from_secs(10);
/// A log that is larger than this is set aside at the next start.
const LOG_LIMIT: u64 = 8 << 20;

/// A running cluster and this process's lease on it. Dropped, it leaves as [`Cluster::leave`] does.
#[derive(Debug)]
pub struct Cluster {
    settings: ClusterSettings,
    place: Place,
    socket_folder: PathBuf,
    arrival: Arrival,
    lease: Option<Lease>,
}

/// How a cluster came to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It was made just now.
    Created,
    /// It existed and was started.
    Started,
    /// It was running already: another process uses it, or a killed one left it behind.
    Adopted,
}

/// What leaving a cluster did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// Nobody else used it, so it was stopped.
    Stopped,
    /// Another process uses it, so it goes on.
    StillUsed,
}

/// How a server is asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopMode {
    /// Ends connections, writes everything, stops in order.
    Fast,
    /// Stops at once, as in a crash; the next start recovers from the write-ahead log.
    Immediate,
}

impl Cluster {
    /// Starts or adopts the cluster of a data folder and waits until it accepts connections.
    pub async fn start(settings: ClusterSettings) -> Result<Self, PostgresError> {
        blocking(move || Self::start_blocking(settings)).await
    }

    pub(crate) fn start_blocking(settings: ClusterSettings) -> Result<Self, PostgresError> {
        let place = Place::settle(&settings.data_folder)?;
        let guard = StartLock::acquire(&place.anchor)?;
        let (postmaster, arrival) = run(&settings, &place)?;
        let lease = Lease::take(&place.anchor)?;
        drop(guard);
        Ok(Self { settings, place, socket_folder: postmaster.socket_folder, arrival, lease: Some(lease) })
    }

    /// How it came to run.
    pub fn arrival(&self) -> Arrival {
        self.arrival
    }

    /// The address of a database for the superuser, which only this machine's user (and root) can reach.
    pub fn url(&self, database: &str) -> String {
        url_of(&self.socket_folder, database)
    }

    /// The folder of the socket.
    pub fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    /// The folder with the cluster's files.
    pub fn data(&self) -> PathBuf {
        self.place.data()
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.place.log()
    }

    /// Makes a database unless it exists, and tells its address.
    pub async fn ensure_database(&self, database: &str) -> Result<String, PostgresError> {
        let refused = |source| PostgresError::Database { database: database.to_owned(), source };
        let url = self.url(database);
        match PgConnection::connect(&url).await {
            Ok(connection) => {
                // The answer is known; how the goodbye is received does not matter.
                let _ = connection.close().await;
                return Ok(url);
            }
            Err(error) if code(&error).as_deref() == Some("3D000") => {}
            Err(error) => return Err(refused(error)),
        }
        let mut connection = PgConnection::connect(&self.url("postgres")).await.map_err(refused)?;
        let statement = format!("create database \"{}\"", database.replace('"', "\"\""));
        match sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await {
            // 42P04, 23505: another process made it in this moment.
            Err(error) if !matches!(code(&error).as_deref(), Some("42P04" | "23505")) => Err(refused(error)),
            _ => Ok(url),
        }
    }

    /// Starts the server again if it is not running (it crashed, or somebody stopped it); tells whether it did.
    pub async fn revive(&self) -> Result<bool, PostgresError> {
        let (settings, place) = (self.settings.clone(), self.place.clone());
        blocking(move || {
            if matches!(Postmaster::find(&place.data()), Found::Alive(_)) {
                return Ok(false);
            }
            let _guard = StartLock::acquire(&place.anchor)?;
            run(&settings, &place).map(|(_, arrival)| arrival != Arrival::Adopted)
        })
        .await
    }

    /// Stops the server whoever uses it and starts it again: for fault tests and changed settings.
    pub async fn restart(&self, mode: StopMode) -> Result<(), PostgresError> {
        let (settings, place) = (self.settings.clone(), self.place.clone());
        blocking(move || {
            let _guard = StartLock::acquire(&place.anchor)?;
            stop(&place.data(), mode)?;
            run(&settings, &place).map(|_| ())
        })
        .await
    }

    /// Gives the lease back. The last one to leave stops the server.
    pub async fn leave(mut self) -> Result<Departure, PostgresError> {
        blocking(move || self.leave_blocking()).await
    }

    fn leave_blocking(&mut self) -> Result<Departure, PostgresError> {
        let Some(lease) = self.lease.take() else { return Ok(Departure::StillUsed) };
        let guard = StartLock::acquire(&self.place.anchor)?;
        if !lease.is_the_last(&guard) {
            return Ok(Departure::StillUsed);
        }
        stop(&self.place.data(), StopMode::Fast)?;
        Ok(Departure::Stopped)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.leave_blocking() {
            tracing::warn!(%error, "PostgreSQL was left running; the next start adopts it.");
        }
    }
}

/// The superuser's address of a database behind a socket.
pub(crate) fn url_of(socket_folder: &Path, database: &str) -> String {
    let folder = percent_encoded(&socket_folder.to_string_lossy());
    format!("postgres://{SUPERUSER}@localhost/{}?host={folder}", percent_encoded(database))
}

/// RFC 3986, section 2.1: everything but the unreserved characters.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => encoded.push(byte as char),
            _ => {
                use std::fmt::Write as _;
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    })
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PostgresError> + Send + 'static,
) -> Result<T, PostgresError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| PostgresError::Interrupted)?
}

/// Makes sure that the server runs. The caller holds the start lock.
fn run(settings: &ClusterSettings, place: &Place) -> Result<(Postmaster, Arrival), PostgresError> {
    let data = place.data();
    match Postmaster::find(&data) {
        Found::Alive(_) => return Ok((await_ready(settings, place, log_length(place))?, Arrival::Adopted)),
        Found::Stale => postmaster::forget(&data)?,
        Found::Nothing => {}
    }
    let made = cluster_version(&data);
    let binaries =
        Binaries::find(settings.binaries.as_deref(), made, &data)?.runnable_by(&place.account, &place.beside_home())?;
    if made.is_none() {
        create(settings, place, &binaries)?;
    }
    configure(settings, place, &binaries)?;
    let log_before = log_length(place);
    launch(place, &binaries)?;
    let arrival = if made.is_none() { Arrival::Created } else { Arrival::Started };
    Ok((await_ready(settings, place, log_before)?, arrival))
}

/// The major version that made the cluster; none if there is no whole cluster.
fn cluster_version(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// `initdb` into a neighbour, then renamed: a cluster is whole or it does not exist.
fn create(settings: &ClusterSettings, place: &Place, binaries: &Binaries) -> Result<(), PostgresError> {
    let unfinished = place.home.join("data.unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).context("remove", &unfinished)?;
    }
    let mut command = place.account.command(binaries.program("initdb"));
    command.arg("--pgdata").arg(&unfinished).args(["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8"]);
    command.args(["--no-instructions", "--data-checksums"]);
    // The built-in provider (17 and later) sorts and folds the same everywhere; "C" is on every older machine.
    command.args(if binaries.major >= 17 {
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"].as_slice()
    } else {
        ["--locale=C"].as_slice()
    });
    if settings.durability == Durability::None {
        command.arg("--no-sync");
    }
    succeed("initdb", &mut command)?;
    let data = place.data();
    fs::rename(&unfinished, &data).context("name", &data)
}

fn configure(settings: &ClusterSettings, place: &Place, binaries: &Binaries) -> Result<(), PostgresError> {
    let socket_folder = place.make_socket_folder()?;
    remove_old_socket(&socket_folder);
    let data = place.data();
    for (name, text) in [
        ("postgresql.conf", server_configuration(settings, &socket_folder, binaries.major)),
        ("pg_hba.conf", HOST_BASED_AUTHENTICATION.to_owned()),
    ] {
        let file = data.join(name);
        fs::write(&file, text).context("write", &file)?;
        place.account.own(&file)?;
    }
    let log = place.log();
    if fs::metadata(&log).is_ok_and(|log| log.len() > LOG_LIMIT) {
        let old = place.home.join("log.old");
        fs::rename(&log, &old).context("set aside", &log)?;
    }
    Ok(())
}

/// A killed server leaves its socket with a lock that names its process, whose number may be in use again. The folder is
/// this cluster's alone and no server of it lives, so both can go.
fn remove_old_socket(folder: &Path) {
    for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
        // Mostly there is none; one that cannot be removed is reported by the server itself.
        let _ = fs::remove_file(folder.join(name));
    }
}

/// `pg_ctl` puts the server into a session of its own, so that neither Ctrl-C nor our death ends it.
fn launch(place: &Place, binaries: &Binaries) -> Result<(), PostgresError> {
    let mut command = place.account.command(binaries.program("pg_ctl"));
    command.args(["start", "--silent", "--no-wait", "--pgdata"]).arg(place.data()).arg("--log").arg(place.log());
    succeed("pg_ctl start", &mut command)
}

fn succeed(program: &'static str, command: &mut std::process::Command) -> Result<(), PostgresError> {
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .context("run", Path::new(command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stderr, output.stdout].concat();
    Err(PostgresError::ProgramFailed { program, output: last_lines(&String::from_utf8_lossy(&text)) })
}

fn await_ready(settings: &ClusterSettings, place: &Place, log_before: usize) -> Result<Postmaster, PostgresError> {
    let began = Instant::now();
    loop {
        match Postmaster::find(&place.data()) {
            Found::Alive(postmaster) if postmaster.is_ready() => return Ok(postmaster),
            Found::Alive(_) if began.elapsed() < settings.patience => {}
            // Between the fork and its file the server cannot be seen; on a busy machine that takes a while.
            Found::Nothing | Found::Stale if began.elapsed() < UNSEEN && !gave_up(&new_log(place, log_before)) => {}
            _ => break,
        }
        std::thread::sleep(POLL);
    }
    let tail = last_lines(&new_log(place, log_before));
    Err(PostgresError::NotReady { seconds: began.elapsed().as_secs(), log: place.log(), tail })
}

fn log_length(place: &Place) -> usize {
    fs::metadata(place.log()).map_or(0, |log| log.len() as usize)
}

fn new_log(place: &Place, from: usize) -> String {
    let log = fs::read(place.log()).unwrap_or_default();
    String::from_utf8_lossy(log.get(from..).unwrap_or_default()).into_owned()
}

fn gave_up(log: &str) -> bool {
    log.lines().any(|line| line.contains("FATAL:") || line.contains("database system is shut down"))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

fn stop(data: &Path, mode: StopMode) -> Result<(), PostgresError> {
    let Found::Alive(postmaster) = Postmaster::find(data) else { return Ok(()) };
    postmaster.signal(match mode {
        StopMode::Fast => Signal::INT,
        StopMode::Immediate => Signal::QUIT,
    });
    let began = Instant::now();
    while postmaster.is_alive(data) {
        if began.elapsed() > STOP_PATIENCE {
            return Err(PostgresError::NotStopped { pid: postmaster.pid, seconds: STOP_PATIENCE.as_secs() });
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_every_character_of_the_folder() {
        let url = url_of(Path::new("/a b/ü?&"), "weft");
        assert_eq!(url, "postgres://weft_admin@localhost/weft?host=/a%20b/%C3%BC%3F%26");
    }
}
