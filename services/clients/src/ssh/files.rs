//! Files of another machine (SFTP, version 3: draft-ietf-secsh-filexfer-02).

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use russh::ChannelMsg;
use russh_sftp::client::error::Error;
use russh_sftp::client::fs::File;
use russh_sftp::client::{Config, RawSftpSession, SftpSession};
use russh_sftp::protocol::{FileAttributes, FileType, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{NAME, Session, failed, refused};
use crate::{Budget, Failure};

/// How long a server may take for one answer.
const ANSWER: Duration = Duration::from_mins(1);
/// The bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// The files of a server.
pub struct Files<'a> {
    session: &'a Session,
    sftp: SftpSession,
    /// What lists folders piece by piece; it is opened where it is needed.
    lists: Option<RawSftpSession>,
}

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub size: u64,
    /// When it was changed, in seconds from 1970 on.
    pub modified: Option<u32>,
    /// Its permissions, as Unix has them.
    pub permissions: u32,
    /// Whose it is, by number.
    pub owner: Option<u32>,
    /// The group it belongs to, by number.
    pub group: Option<u32>,
}

/// What something in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link.
    Link,
    /// Something else, such as a device.
    Other,
}

impl Session {
    /// The files of the server, as the user sees them.
    pub async fn files(&self) -> Result<Files<'_>, Failure> {
        let sftp = SftpSession::new_with_config(self.sftp().await?, config()).await.map_err(sftp_failed)?;
        Ok(Files { session: self, sftp, lists: None })
    }

    async fn sftp(&self) -> Result<russh::ChannelStream<russh::client::Msg>, Failure> {
        let mut channel = self.handle.channel_open_session().await.map_err(failed)?;
        channel.request_subsystem(true, "sftp").await.map_err(failed)?;
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => return Ok(channel.into_stream()),
                Some(ChannelMsg::Failure | ChannelMsg::Close) | None => {
                    return Err(refused("no_sftp", "It has no SFTP for this user."));
                }
                Some(_) => {}
            }
        }
    }
}

fn config() -> Config {
    Config { request_timeout_secs: ANSWER.as_secs(), ..Config::default() }
}

impl Files<'_> {
    /// A file from its beginning.
    pub async fn read(&self, path: &str) -> Result<Reading, Failure> {
        Ok(Reading(self.sftp.open(path).await.map_err(sftp_failed)?))
    }

    /// A file that is written anew.
    pub async fn write(&self, path: &str) -> Result<Writing, Failure> {
        Ok(Writing(self.sftp.create(path).await.map_err(sftp_failed)?))
    }

    /// Deletes a file.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        self.sftp.remove_file(path).await.map_err(sftp_failed)
    }

    /// Deletes a folder, which must be empty.
    pub async fn delete_folder(&self, path: &str) -> Result<(), Failure> {
        self.sftp.remove_dir(path).await.map_err(sftp_failed)
    }

    /// Makes a folder.
    pub async fn create_folder(&self, path: &str) -> Result<(), Failure> {
        self.sftp.create_dir(path).await.map_err(sftp_failed)
    }

    /// Calls a file or a folder otherwise, or moves it.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), Failure> {
        self.sftp.rename(from, to).await.map_err(sftp_failed)
    }

    /// What is at that path, as a link where it is one; nothing where nothing is.
    pub async fn kind(&self, path: &str) -> Result<Option<Kind>, Failure> {
        match self.sftp.symlink_metadata(path).await {
            Ok(attributes) => Ok(Some(kind_of(&attributes))),
            Err(Error::Status(status)) if status.status_code == StatusCode::NoSuchFile => Ok(None),
            Err(error) => Err(sftp_failed(error)),
        }
    }

    /// What is in a folder, without itself and the one around it.
    pub async fn list(&mut self, path: &str, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
        let raw = match &mut self.lists {
            Some(raw) => raw,
            lists @ None => {
                let raw = RawSftpSession::new_with_config(self.session.sftp().await?, config());
                raw.init().await.map_err(sftp_failed)?;
                lists.insert(raw)
            }
        };
        let handle = raw.opendir(path).await.map_err(sftp_failed)?.handle;
        let listed = entries(raw, &handle, budget).await;
        // The list is there, or it failed for another reason.
        let _closed = raw.close(handle).await;
        listed
    }
}

async fn entries(raw: &RawSftpSession, handle: &str, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    loop {
        let some = match raw.readdir(handle).await {
            Ok(some) => some.files,
            Err(Error::Status(status)) if status.status_code == StatusCode::Eof => return Ok(entries),
            Err(error) => return Err(sftp_failed(error)),
        };
        for file in some {
            if matches!(file.filename.as_str(), "." | "..") {
                continue;
            }
            budget.row(file.filename.len() + size_of::<Entry>())?;
            entries.push(Entry {
                kind: kind_of(&file.attrs),
                size: file.attrs.size.unwrap_or(0),
                modified: file.attrs.mtime,
                permissions: file.attrs.permissions.unwrap_or(0),
                owner: file.attrs.uid,
                group: file.attrs.gid,
                name: file.filename,
            });
        }
    }
}

fn kind_of(attributes: &FileAttributes) -> Kind {
    match attributes.file_type() {
        FileType::Dir => Kind::Folder,
        FileType::File => Kind::File,
        FileType::Symlink => Kind::Link,
        FileType::Other => Kind::Other,
    }
}

/// A file that is being read.
pub struct Reading(File);

impl Reading {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let mut piece = BytesMut::with_capacity(PIECE);
        let length = self.0.read_buf(&mut piece).await.map_err(file_failed)?;
        Ok((length > 0).then(|| piece.freeze()))
    }
}

/// A file that is being written.
pub struct Writing(File);

impl Writing {
    /// Adds bytes to its end.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.0.write_all(bytes).await.map_err(file_failed)
    }

    /// Ends it: the server has all of it from now on.
    pub async fn finish(self) -> Result<(), Failure> {
        self.0.close().await.map_err(file_failed)
    }
}

/// What the library says of a file that is open: what the server said is inside, or is all of it.
fn file_failed(error: io::Error) -> Failure {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(inner) => sftp_failed(inner.clone()),
        None if error.kind() == io::ErrorKind::Other => refused("Failure", &error.to_string()),
        None => Failure::Broken { server: NAME, source: error },
    }
}

fn sftp_failed(error: Error) -> Failure {
    match error {
        Error::Status(status) => {
            let said = status.status_code.to_string();
            let message = match status.error_message.trim() {
                "" => said,
                message if message.eq_ignore_ascii_case(&said) => said,
                message => format!("{said} ({message})"),
            };
            refused(&format!("{:?}", status.status_code), &format!("{message}."))
        }
        Error::Timeout => Failure::Timeout { server: NAME, limit: ANSWER },
        Error::IO(what) | Error::UnexpectedBehavior(what) => {
            Failure::Broken { server: NAME, source: io::Error::other(what) }
        }
        Error::Limited(what) => Failure::Protocol { server: NAME, what },
        Error::UnexpectedPacket => Failure::Protocol { server: NAME, what: error.to_string() },
    }
}
