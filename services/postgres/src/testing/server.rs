//! The server that the tests of this checkout share.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Fault;
use super::caretaker;
use crate::cluster::Cluster;
use crate::configuration::{ClusterSettings, Durability};

/// The superuser's address of the maintenance database of the shared server, which is started if it does not run.
pub async fn address() -> Result<String, Fault> {
    if let Some(url) = setting("WEFT_TEST_DATABASE_URL") {
        return Ok(url);
    }
    Ok(tokio::task::spawn_blocking(shared_cluster).await??)
}

/// One lease per process, kept until it ends.
static CLUSTER: Mutex<Option<Cluster>> = Mutex::new(None);

fn shared_cluster() -> Result<String, crate::PostgresError> {
    let mut cluster = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(cluster) = &*cluster {
        return Ok(cluster.url("postgres"));
    }
    let binaries = setting("WEFT_POSTGRES_BIN").map(PathBuf::from);
    let folder = folder(binaries.as_deref());
    caretaker::register(&folder)?;
    let started = Cluster::start_blocking(ClusterSettings {
        binaries,
        durability: Durability::None,
        max_connections: 300,
        ..ClusterSettings::new(&folder)
    })?;
    caretaker::hire(&folder, &started)?;
    Ok(cluster.insert(started).url("postgres"))
}

/// In the checkout that this crate was compiled in; another one for programs that were named, `…/15/bin`, since one
/// version's data is not another's.
fn folder(binaries: Option<&Path>) -> PathBuf {
    let version = binaries.and_then(|binaries| binaries.parent()?.file_name()?.to_str());
    let name = version.map_or_else(|| "test-postgres".to_owned(), |version| format!("test-postgres-{version}"));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target").join(name)
}

#[expect(clippy::disallowed_methods, reason = "a test program has no command line of its own to carry settings")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
