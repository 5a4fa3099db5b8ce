//! One database for one test.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use super::{Fault, address};

/// A database of its own for one test; dropped with the value, or, should the process be killed, by the next test program.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    template: Option<String>,
    server: String,
}

impl TestDatabase {
    /// A copy of the template for `key`. If there is none yet, `prepare` fills it; it gets the address of an empty
    /// database and must have closed every connection to it when it returns.
    pub async fn create<P, E>(key: &str, prepare: P) -> Result<Self, Fault>
    where
        P: AsyncFnOnce(&str) -> Result<(), E>,
        E: Into<Fault>,
    {
        let server = address().await?;
        let mut connection = PgConnection::connect(&server).await?;
        sweep_once(&mut connection).await?;
        let template = template_name(key);
        if !is_finished(&mut connection, &template).await? {
            finish(&mut connection, &server, &template, prepare).await?;
        }
        let name = new_name();
        run(&mut connection, format!("create database {name} template {template}")).await?;
        connection.close().await?;
        Ok(Self { name, template: Some(template), server })
    }

    /// An empty database, for tests of the migrations themselves.
    pub async fn empty() -> Result<Self, Fault> {
        let server = address().await?;
        let mut connection = PgConnection::connect(&server).await?;
        sweep_once(&mut connection).await?;
        let name = new_name();
        run(&mut connection, format!("create database {name}")).await?;
        connection.close().await?;
        Ok(Self { name, template: None, server })
    }

    /// The superuser's address of this database.
    pub fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the database it was copied from: roles that were made for the template serve the copy too.
    pub fn template(&self) -> Option<&str> {
        self.template.as_deref()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test's own runtime may be ending, so the statement runs on a thread of its own. Nobody waits for it: should
        // the process end first, the next test program drops the database.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await.ok()?;
                run(&mut connection, format!("drop database if exists {name} with (force)")).await.ok()
            })
        });
    }
}

/// Parameters of the query part win over the rest of an address, with us and with libpq.
fn with_database(server: &str, name: &str) -> String {
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}dbname={name}")
}

fn template_name(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("weft_template_{first:016x}")
}

fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    // A process number comes again, perhaps before what it left behind was dropped.
    let nonce = RandomState::new().build_hasher().finish();
    format!("weft_test_{}_{}_{nonce:016x}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A template is marked as one when it is complete.
async fn is_finished(connection: &mut PgConnection, template: &str) -> Result<bool, sqlx::Error> {
    let statement = "select exists (select from pg_database where datname = $1 and datistemplate)";
    sqlx::query_scalar(statement).bind(template).fetch_one(connection).await
}

async fn finish<P, E>(connection: &mut PgConnection, server: &str, template: &str, prepare: P) -> Result<(), Fault>
where
    P: AsyncFnOnce(&str) -> Result<(), E>,
    E: Into<Fault>,
{
    // Other test programs, and other tests of this one, wait here; it ends with this connection.
    sqlx::query("select pg_advisory_lock(hashtext($1))").bind(template).execute(&mut *connection).await?;
    if !is_finished(connection, template).await? {
        run(connection, format!("drop database if exists {template} with (force)")).await?;
        run(connection, format!("create database {template}")).await?;
        prepare(&with_database(server, template)).await.map_err(Into::into)?;
        run(connection, format!("alter database {template} is_template true")).await?;
    }
    sqlx::query("select pg_advisory_unlock(hashtext($1))").bind(template).execute(&mut *connection).await?;
    Ok(())
}

async fn sweep_once(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    static SWEPT: OnceCell<()> = OnceCell::const_new();
    SWEPT.get_or_try_init(|| sweep(connection)).await.copied()
}

/// Drops what killed test programs left behind. A database that is in use after all refuses to be dropped.
async fn sweep(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let statement = r"select datname::text from pg_database where datname like 'weft\_test\_%'";
    let names: Vec<String> = sqlx::query_scalar(statement).fetch_all(&mut *connection).await?;
    for name in names.iter().filter(|name| is_left_behind(name)) {
        let _ = run(connection, format!("drop database if exists {name}")).await;
    }
    Ok(())
}

fn is_left_behind(name: &str) -> bool {
    let pid = name.split('_').nth(2).and_then(|pid| pid.parse().ok()).and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH))
}

/// Names in these statements are ours: letters, digits and underscores.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.map(|_| ())
}
