//! Which account runs PostgreSQL. It refuses to run as root, so root hands it to an unprivileged one.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Context, PostgresError};

/// The account that owns the cluster's files and runs its processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// The one that runs this process.
    Own,
    /// An unprivileged one; this process is root.
    Other { uid: u32, gid: u32 },
}

/// Tried in this order. `nobody` shares its rights with other daemons, so a dedicated account is preferred.
const CANDIDATES: [&str; 3] = ["weft", "postgres", "nobody"];

impl Account {
    /// The account for a cluster in `data`: the owner of an existing one, otherwise the first candidate.
    pub(crate) fn choose(data: &Path) -> Result<Self, PostgresError> {
        let own = rustix::process::geteuid().as_raw();
        let owner = fs::metadata(data).ok().map(|data| (data.uid(), data.gid()));
        match owner {
            Some((uid, gid)) if own == 0 && uid != 0 => Ok(Self::Other { uid, gid }),
            Some((uid, _)) if own != 0 && uid != own => {
                Err(PostgresError::ForeignCluster { data: data.to_owned(), owner: uid })
            }
            _ if own == 0 => Self::unprivileged(),
            _ => Ok(Self::Own),
        }
    }

    fn unprivileged() -> Result<Self, PostgresError> {
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        CANDIDATES
            .iter()
            .find_map(|name| ids_of(&accounts, name))
            .map(|(uid, gid)| Self::Other { uid, gid })
            .ok_or_else(|| PostgresError::NoAccount { looked: CANDIDATES.join(", ") })
    }

    /// A command that runs as this account, with nothing of the caller's terminal, folder or locale.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGOPTIONS");
        if let Self::Other { uid, gid } = self {
            // The standard library also drops the supplementary groups of root.
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Whether this account passes `test` with these arguments, such as `-w /some/folder`. Asking the kernel as that
    /// account covers mode bits, access lists and mount options of every folder on the way.
    pub(crate) fn test(&self, arguments: &[&OsStr]) -> bool {
        let mut command = self.command("test");
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// Makes a folder that only this account (and root) can enter.
    pub(crate) fn make_private_folder(&self, folder: &Path) -> Result<(), PostgresError> {
        fs::create_dir_all(folder).context("create the folder", folder)?;
        self.own(folder)?;
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(folder, private).context("close to others the folder", folder)
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), PostgresError> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(*uid), Some(*gid)).context("hand over", path),
        }
    }
}

/// Finds an account in the text of `/etc/passwd` (`name:password:uid:gid:…`); root under another name does not count.
fn ids_of(accounts: &str, name: &str) -> Option<(u32, u32)> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    (uid != 0).then_some((uid, gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_list_and_root_in_disguise_is_not() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104::/var/lib:/bin/sh\nweft:x:0:0::/:/bin/sh\nbroken";
        assert_eq!(ids_of(accounts, "postgres"), Some((101, 104)));
        assert_eq!(ids_of(accounts, "weft"), None);
        assert_eq!(ids_of(accounts, "broken"), None);
        assert_eq!(ids_of(accounts, "nobody"), None);
    }
}
