//! What is in a folder. Servers that can describe it for programs do so (`MLSD`); the others write what people read (`LIST`).

use std::time::SystemTime;

use suppaftp::Status;
use suppaftp::list::{File, ListParser, PosixPexQuery};

use super::{Reading, Session, checked, in_time};
use crate::{Budget, Failure};

/// The longest line of a list.
const MOST_LINE: usize = 64 * 1024;

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether it is a link.
    pub is_link: bool,
    /// Its bytes.
    pub size: u64,
    /// When it was changed.
    pub modified: SystemTime,
    /// Who may do what.
    pub rights: Rights,
    /// Whose it is, by number.
    pub owner: Option<u32>,
    /// The group it belongs to, by number.
    pub group: Option<u32>,
}

/// Who may do what: `rwx`, as far as it is so, for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// The owner.
    pub user: String,
    /// The group.
    pub group: String,
    /// Everybody else.
    pub other: String,
}

/// How a server writes a list.
#[derive(Clone, Copy)]
enum Written {
    ForPrograms,
    ForPeople,
}

impl Session {
    /// What is in a folder, without itself and the one around it.
    pub async fn list(&mut self, path: &str, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
        let path = checked(path)?;
        match self.listed(&format!("MLSD {path}"), Written::ForPrograms, budget).await {
            // Unknown, or not there: such servers are older than that command.
            Err(Failure::Refused(said)) if matches!(said.code.as_str(), "500" | "501" | "502" | "504") => {
                self.listed(&format!("LIST {path}"), Written::ForPeople, budget).await
            }
            listed => listed,
        }
    }

    async fn listed(&mut self, command: &str, written: Written, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
        let opened = self.stream.custom_data_command(command, &[Status::AboutToSend, Status::AlreadyOpen]);
        let (_, transfer) = in_time(opened).await?;
        let mut reading = Reading(transfer);
        let entries = entries(&mut reading, written, budget).await;
        let finished = reading.finish().await;
        let entries = entries?;
        finished.map(|()| entries)
    }
}

async fn entries(reading: &mut Reading, written: Written, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
    let (mut rest, mut entries) = (Vec::new(), Vec::new());
    while let Some(bytes) = reading.next().await? {
        rest.extend_from_slice(&bytes);
        let mut from = 0;
        while let Some(at) = rest[from..].iter().position(|byte| *byte == b'\n') {
            take(&rest[from..from + at], written, budget, &mut entries)?;
            from += at + 1;
        }
        rest.drain(..from);
        if rest.len() > MOST_LINE {
            return Err(Failure::TooLarge { limit: MOST_LINE });
        }
    }
    take(&rest, written, budget, &mut entries)?;
    Ok(entries)
}

/// A line of a list; what is no entry (`total 12`, the folder itself) is left out.
fn take(line: &[u8], written: Written, budget: &mut Budget, entries: &mut Vec<Entry>) -> Result<(), Failure> {
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end_matches('\r');
    let parsed = match written {
        Written::ForPrograms if is_around(line) => return Ok(()),
        Written::ForPrograms => ListParser::parse_mlsd(line).ok(),
        Written::ForPeople => ListParser::parse_posix(line).or_else(|_| ListParser::parse_dos(line)).ok(),
    };
    let Some(file) = parsed.filter(|file| !matches!(file.name(), "." | ".." | "")) else { return Ok(()) };
    budget.row(file.name().len() + size_of::<Entry>())?;
    entries.push(entry(&file));
    Ok(())
}

/// RFC 3659, section 7.5.1: the folder itself and the one around it have types of their own.
fn is_around(line: &str) -> bool {
    let facts = line.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    facts.split(';').any(|fact| matches!(fact, "type=cdir" | "type=pdir"))
}

fn entry(file: &File) -> Entry {
    let of = |who: fn() -> PosixPexQuery| {
        let may = [(file.can_read(who()), 'r'), (file.can_write(who()), 'w'), (file.can_execute(who()), 'x')];
        may.into_iter().filter(|(may, _)| *may).map(|(_, letter)| letter).collect::<String>()
    };
    Entry {
        name: file.name().to_owned(),
        is_folder: file.is_directory(),
        is_link: file.is_symlink(),
        size: file.size() as u64,
        modified: file.modified(),
        rights: Rights {
            user: of(|| PosixPexQuery::Owner),
            group: of(|| PosixPexQuery::Group),
            other: of(|| PosixPexQuery::Others),
        },
        owner: file.uid(),
        group: file.gid(),
    }
}
