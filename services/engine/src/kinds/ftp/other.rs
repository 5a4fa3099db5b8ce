//! The other machine, whichever way it is spoken to.

use jiff::Timestamp;
use weft_clients::ssh::{Files, Kind};
use weft_clients::{Budget, Failure, ftp};
use weft_value::{Object, Value};

use crate::files::{FileSink, FileStream};
use crate::remote::NotDone;

/// The other machine.
pub(super) enum Other<'a> {
    /// Over FTP, encrypted or not.
    Ftp(ftp::Session),
    /// Over SSH.
    Sftp(Files<'a>),
}

/// What is in a folder.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
    is_link: bool,
    size: u64,
    modified: Option<Timestamp>,
    rights: ftp::Rights,
    owner: Option<u32>,
    group: Option<u32>,
}

impl Other<'_> {
    pub(super) async fn list(&mut self, path: &str, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
        match self {
            Self::Ftp(session) => Ok(session.list(path, budget).await?.into_iter().map(Entry::from).collect()),
            Self::Sftp(files) => Ok(files.list(path, budget).await?.into_iter().map(Entry::from).collect()),
        }
    }

    pub(super) async fn delete(&mut self, path: &str) -> Result<(), Failure> {
        match self {
            Self::Ftp(session) => session.delete(path).await,
            Self::Sftp(files) => files.delete(path).await,
        }
    }

    pub(super) async fn delete_folder(&mut self, path: &str) -> Result<(), Failure> {
        match self {
            Self::Ftp(session) => session.delete_folder(path).await,
            Self::Sftp(files) => files.delete_folder(path).await,
        }
    }

    pub(super) async fn rename(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        match self {
            Self::Ftp(session) => session.rename(from, to).await,
            Self::Sftp(files) => files.rename(from, to).await,
        }
    }

    /// Makes the folders around a path that are not there.
    pub(super) async fn create_around(&mut self, path: &str) -> Result<(), Failure> {
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        for folder in ends.map(|at| &path[..at]) {
            let made = match self {
                Self::Ftp(session) => session.create_folder(folder).await,
                Self::Sftp(files) => files.create_folder(folder).await,
            };
            match made {
                // Mostly it is there; if not, what follows says so.
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Keeps a file of the other machine.
    pub(super) async fn download(&mut self, path: &str, sink: &mut FileSink) -> Result<(), NotDone> {
        match self {
            Self::Ftp(session) => {
                let mut source = session.read(path).await?;
                while let Some(bytes) = source.next().await? {
                    sink.write(bytes).await?;
                }
                Ok(source.finish().await?)
            }
            Self::Sftp(files) => {
                let mut source = files.read(path).await?;
                while let Some(bytes) = source.next().await? {
                    sink.write(bytes).await?;
                }
                Ok(())
            }
        }
    }

    /// Stores a file on the other machine, and makes the folders around it where it cannot be stored without.
    pub(super) async fn upload(&mut self, path: &str, source: &mut FileStream) -> Result<(), NotDone> {
        let is_there = match self {
            Self::Ftp(session) => match session.write(path).await {
                Ok(target) => return into_ftp(target, source).await,
                Err(failure) => failure,
            },
            Self::Sftp(files) => match files.write(path).await {
                Ok(target) => return into_sftp(target, source).await,
                Err(failure) => failure,
            },
        };
        if !matches!(is_there, Failure::Refused(_)) || !path.trim_start_matches('/').contains('/') {
            return Err(is_there.into());
        }
        self.create_around(path).await?;
        match self {
            Self::Ftp(session) => into_ftp(session.write(path).await?, source).await,
            Self::Sftp(files) => into_sftp(files.write(path).await?, source).await,
        }
    }

    /// Says goodbye.
    pub(super) async fn close(self) {
        match self {
            Self::Ftp(session) => session.close().await,
            // It ends with the connection that it is spoken over.
            Self::Sftp(_) => {}
        }
    }
}

async fn into_ftp(mut target: ftp::Writing, source: &mut FileStream) -> Result<(), NotDone> {
    while let Some(bytes) = source.next().await? {
        target.write(&bytes).await?;
    }
    Ok(target.finish().await?)
}

async fn into_sftp(mut target: weft_clients::ssh::Writing, source: &mut FileStream) -> Result<(), NotDone> {
    while let Some(bytes) = source.next().await? {
        target.write(&bytes).await?;
    }
    Ok(target.finish().await?)
}

impl Entry {
    /// As n8n gives it.
    pub(super) fn told(&self, path: String) -> Object {
        let kind = match (self.is_folder, self.is_link) {
            (true, _) => "d",
            (false, true) => "l",
            (false, false) => "-",
        };
        let modified = self.modified.map_or(Value::Null, |at| at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string().into());
        let rights = [("user", &self.rights.user), ("group", &self.rights.group), ("other", &self.rights.other)];
        let rights: Object = rights.into_iter().map(|(who, may)| (who, Value::from(may.as_str()))).collect();
        let number = |number: Option<u32>| number.map_or(Value::Null, Value::from);
        let fields = [
            ("type", kind.into()),
            ("name", Value::from(self.name.as_str())),
            ("size", Value::Number(self.size as f64)),
            ("modifyTime", modified),
            ("rights", rights.into()),
            ("owner", number(self.owner)),
            ("group", number(self.group)),
            ("path", path.into()),
        ];
        fields.into_iter().collect()
    }
}

impl From<ftp::Entry> for Entry {
    fn from(entry: ftp::Entry) -> Self {
        Self {
            name: entry.name,
            is_folder: entry.is_folder,
            is_link: entry.is_link,
            size: entry.size,
            modified: Timestamp::try_from(entry.modified).ok(),
            rights: entry.rights,
            owner: entry.owner,
            group: entry.group,
        }
    }
}

impl From<weft_clients::ssh::Entry> for Entry {
    fn from(entry: weft_clients::ssh::Entry) -> Self {
        let may = |shift: u32| {
            let letters = [(4, 'r'), (2, 'w'), (1, 'x')];
            let bits = entry.permissions >> shift;
            letters.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, letter)| letter).collect()
        };
        Self {
            is_folder: entry.kind == Kind::Folder,
            is_link: entry.kind == Kind::Link,
            size: entry.size,
            modified: entry.modified.and_then(|seconds| Timestamp::from_second(seconds.into()).ok()),
            rights: ftp::Rights { user: may(6), group: may(3), other: may(0) },
            owner: entry.owner,
            group: entry.group,
            name: entry.name,
        }
    }
}
