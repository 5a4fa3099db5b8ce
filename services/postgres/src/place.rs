//! Where a cluster lives: in the data folder, or, if PostgreSQL's account cannot enter that, in a place of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::{Context, PostgresError};

/// `sun_path` holds 108 bytes on Linux and 104 on macOS, one of which ends it.
const LONGEST_SOCKET_PATH: usize = 103;
const SOCKET_FILE: &str = ".s.PGSQL.5432";
/// In a cluster's folder that is not in a data folder: whose it is.
const BELONGS_TO: &str = "belongs-to";

/// The folders of one cluster.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// In Weft's data folder; holds the locks.
    pub(crate) anchor: PathBuf,
    /// Holds what PostgreSQL writes; usually the anchor itself.
    pub(crate) home: PathBuf,
    pub(crate) account: Account,
}

impl Place {
    /// Finds the place of an existing cluster, or makes one.
    pub(crate) fn settle(data_folder: &Path) -> Result<Self, PostgresError> {
        let anchor = data_folder.join("postgres");
        fs::create_dir_all(&anchor).context("create the folder", &anchor)?;
        let anchor = anchor.canonicalize().context("find", &anchor)?;
        if let Some(home) = recorded_home(&anchor)? {
            let account = Account::choose(&home)?;
            return Ok(Self { anchor, home, account });
        }
        let account = Account::choose(&anchor.join("data"))?;
        if account == Account::Own {
            account.make_private_folder(&anchor)?;
            return Ok(Self { home: anchor.clone(), anchor, account });
        }
        account.make_private_folder(&anchor)?;
        if can_use(&account, &anchor) {
            return Ok(Self { home: anchor.clone(), anchor, account });
        }
        let home = elsewhere(&anchor, &account)?;
        Ok(Self { anchor, home, account })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.home.join("log")
    }

    /// Where copies of binaries may be kept for an account that cannot read the originals.
    pub(crate) fn beside_home(&self) -> PathBuf {
        if self.home == self.anchor { self.home.clone() } else { shared_root() }
    }

    /// A private folder whose socket's path is short enough.
    pub(crate) fn make_socket_folder(&self) -> Result<PathBuf, PostgresError> {
        let own = self.home.join("run");
        if own.as_os_str().len() + 1 + SOCKET_FILE.len() <= LONGEST_SOCKET_PATH {
            self.account.make_private_folder(&own)?;
            return Ok(own);
        }
        self.short_socket_folder()
    }

    /// Stays the same over restarts, so that addresses stay valid. `/tmp` is everybody's: the folder is used only while
    /// it belongs to PostgreSQL's account and nobody else can enter it.
    fn short_socket_folder(&self) -> Result<PathBuf, PostgresError> {
        let record = self.home.join("socket-folder");
        let recorded = fs::read_to_string(&record).ok().map(|text| PathBuf::from(text.trim_end()));
        if let Some(folder) = recorded.filter(|folder| self.is_private(folder)) {
            return Ok(folder);
        }
        let temporary = Path::new("/tmp");
        let made = private_temporary_folder("weft-", temporary)?;
        self.account.own(made.path())?;
        fs::write(&record, format!("{}\n", made.path().display())).context("write", &record)?;
        Ok(made.keep())
    }

    fn is_private(&self, folder: &Path) -> bool {
        let owner = match self.account {
            Account::Own => rustix::process::geteuid().as_raw(),
            Account::Other { uid, .. } => uid,
        };
        let is_ours = |found: fs::Metadata| found.is_dir() && found.uid() == owner && found.mode() & 0o777 == 0o700;
        fs::symlink_metadata(folder).is_ok_and(is_ours)
    }
}

/// The place that was chosen before, which must still be there: an empty folder may be where a disk is to be mounted.
fn recorded_home(anchor: &Path) -> Result<Option<PathBuf>, PostgresError> {
    let record = anchor.join("location");
    let text = match fs::read_to_string(&record) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.context("read", &record)?,
    };
    let home = PathBuf::from(text.trim_end());
    if home.join(BELONGS_TO).is_file() { Ok(Some(home)) } else { Err(PostgresError::ClusterMissing { record, home }) }
}

fn can_use(account: &Account, folder: &Path) -> bool {
    let folder = folder.as_os_str();
    account.test(&[OsStr::new("-w"), folder, OsStr::new("-a"), OsStr::new("-x"), folder])
}

fn private_temporary_folder(prefix: &str, parent: &Path) -> Result<tempfile::TempDir, PostgresError> {
    let private = fs::Permissions::from_mode(0o700);
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).permissions(private).tempdir_in(parent).context("write to", parent)
}

fn shared_root() -> PathBuf {
    PathBuf::from("/var/lib/weft")
}

/// The name is random and recorded in the data folder, so that a data folder made anew never meets an old cluster.
fn elsewhere(anchor: &Path, account: &Account) -> Result<PathBuf, PostgresError> {
    let root = shared_root();
    fs::create_dir_all(&root).context("create the folder", &root)?;
    let home = private_temporary_folder("cluster-", &root)?.keep().canonicalize().context("find", &root)?;
    account.make_private_folder(&home)?;
    let belongs_to = home.join(BELONGS_TO);
    fs::write(&belongs_to, format!("{}\n", anchor.display())).context("write", &belongs_to)?;
    let location = anchor.join("location");
    fs::write(&location, format!("{}\n", home.display())).context("write", &location)?;
    tracing::info!(
        cluster = %home.display(),
        "PostgreSQL's account cannot enter the data folder, so its files are kept in a folder of their own."
    );
    Ok(home)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(home: PathBuf) -> Place {
        Place { anchor: home.clone(), home, account: Account::Own }
    }

    #[test]
    fn a_cluster_that_was_moved_away_is_an_error_and_not_an_empty_database() {
        let data_folder = tempfile::tempdir().unwrap();
        let anchor = data_folder.path().join("postgres");
        fs::create_dir_all(&anchor).unwrap();
        let gone = data_folder.path().join("cluster-gone");
        fs::write(anchor.join("location"), format!("{}\n", gone.display())).unwrap();
        let error = Place::settle(data_folder.path()).err().unwrap().to_string();
        assert!(error.contains(&gone.display().to_string()) && error.contains("location"), "{error}");
        assert_eq!(fs::read_dir(&anchor).unwrap().count(), 1, "nothing was made");
        fs::create_dir_all(&gone).unwrap();
        assert!(Place::settle(data_folder.path()).is_err(), "an empty folder is no cluster");
        fs::write(gone.join(BELONGS_TO), "").unwrap();
        assert_eq!(recorded_home(&anchor.canonicalize().unwrap()).unwrap(), Some(gone));
    }

    #[test]
    fn a_deep_data_folder_gets_a_short_socket_path() {
        let root = tempfile::tempdir().unwrap();
        let shallow = place(root.path().to_owned()).make_socket_folder().unwrap();
        assert_eq!(shallow, root.path().join("run"));

        let deep = root.path().join("d".repeat(120));
        fs::create_dir_all(&deep).unwrap();
        let short = place(deep.clone()).make_socket_folder().unwrap();
        assert!(short.join(SOCKET_FILE).as_os_str().len() <= LONGEST_SOCKET_PATH, "{}", short.display());
        assert_eq!(fs::metadata(&short).unwrap().mode() & 0o777, 0o700);
        assert_eq!(place(deep.clone()).make_socket_folder().unwrap(), short, "it stays");

        fs::set_permissions(&short, fs::Permissions::from_mode(0o777)).unwrap();
        let other = place(deep).make_socket_folder().unwrap();
        assert_ne!(other, short, "a folder that others can enter is not used");
        fs::remove_dir(short).unwrap();
        fs::remove_dir(other).unwrap();
    }
}
