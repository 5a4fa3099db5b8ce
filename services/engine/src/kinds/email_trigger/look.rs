//! One look into a mailbox: what is new in it, what is remembered, and what is marked afterwards.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout_at};
use weft_clients::Failure;
use weft_clients::imap::{Changes, Criteria, Listed, Mailbox, Session};
use weft_model::CredentialId;
use weft_nodes::{NodeError, Retried};
use weft_value::Item;

use super::item::{Letter, Shape, Whole, unreadable};
use super::{Afterwards, server};
use crate::poll::{Found, Known, Look, Poll, PollTimes};
use crate::remote;

/// The most letters that one execution begins with; more begin the next one.
const MOST_LETTERS: usize = 50;
/// The largest letter that is taken with its text and files, in bytes, and the most bytes of letters that one look takes.
const MOST_LETTER: u32 = 25 << 20;
const MOST_BYTES: usize = 40 << 20;
/// What a server may send besides, in bytes.
const MOST_BESIDES: usize = 16 << 20;
/// How long letters are taken; what has not come by then comes with the next look. A look has a minute.
const TAKING: Duration = Duration::from_secs(20);
/// How many of the newest letters are searched first where somebody tries the trigger out.
const NEWEST: u32 = 1_000;

/// A node, ready to look.
pub(super) struct Post {
    pub(super) credential: Option<CredentialId>,
    pub(super) times: PollTimes,
    pub(super) mailbox: String,
    pub(super) afterwards: Afterwards,
    pub(super) shape: Shape,
    pub(super) criteria: Criteria,
}

/// What is remembered of a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Memory {
    /// Identifies who signs in where: a credential may be changed.
    account: String,
    validity: u32,
    /// The last letter that was looked at.
    last: u32,
    /// When that was, in seconds since 1970. Where letters are numbered anew, those are new that arrived later.
    looked: i64,
    /// Of the letters that are still to be looked at, those are new that arrived from this second on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
    /// Letters that are to be marked as read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unmarked: Vec<u32>,
}

impl Memory {
    fn is_of(&self, talk: &Talk, mailbox: Mailbox) -> bool {
        self.account == talk.account && self.validity == mailbox.validity
    }
}

/// A session, and whose.
struct Talk {
    session: Session,
    account: String,
}

/// Letters that were taken.
#[derive(Default)]
struct Taken {
    items: Vec<Item>,
    uids: Vec<u32>,
    /// The last that was looked at, where there are more.
    last: Option<u32>,
}

#[async_trait]
impl Poll for Post {
    fn times(&self) -> &PollTimes {
        &self.times
    }

    fn source(&self) -> String {
        format!("{} {}", self.credential.map(|credential| credential.to_string()).unwrap_or_default(), self.mailbox)
    }

    async fn look(&self, at: &Look<'_>) -> Result<Found, NodeError> {
        let mut talk = self.talk(at).await?;
        let found = if at.is_trial() { self.try_out(at, &mut talk).await } else { self.read(at, &mut talk).await };
        talk.session.close().await;
        found
    }

    async fn settle(&self, at: &Look<'_>, memory: Json) -> Result<Json, NodeError> {
        let known = Memory::deserialize(&memory).unwrap_or_default();
        let mut talk = self.talk(at).await?;
        let marked = self.mark(&mut talk, &known).await;
        talk.session.close().await;
        marked?;
        Ok(json!(Memory { unmarked: Vec::new(), ..known }))
    }
}

impl Post {
    async fn talk(&self, at: &Look<'_>) -> Result<Talk, NodeError> {
        let opened = at.credential(self.credential, &["imap"]).await?;
        let (server, dialer) = (server(&opened)?, remote::dialer(at.services)?);
        let account = Sha256::digest(format!("{}\n{}\n{}", server.host, server.port, server.user));
        let session = Session::open(&dialer, &server, remote::CONNECT, MOST_BYTES + MOST_BESIDES).await;
        Ok(Talk { session: session.map_err(failed)?, account: hex::encode(&account[..8]) })
    }

    async fn open(&self, talk: &mut Talk, changes: Changes) -> Result<Mailbox, NodeError> {
        let opened = talk.session.open_mailbox(&self.mailbox, changes).await;
        opened.map_err(|failure| match failure {
            Failure::Refused(_) => failed(failure).in_field("mailbox"),
            _ => failed(failure),
        })
    }

    /// Marks as read what an execution has begun with.
    async fn mark(&self, talk: &mut Talk, known: &Memory) -> Result<(), NodeError> {
        if known.unmarked.is_empty() {
            return Ok(());
        }
        let mailbox = self.open(talk, Changes::Marks).await?;
        if !known.is_of(talk, mailbox) {
            return Ok(());
        }
        talk.session.mark_read(&known.unmarked).await.map_err(|failure| match failure {
            Failure::Refused(_) => failed(failure).in_field("postProcessAction").describe(
                "Emails with which an execution began cannot be marked as read. Let the user do it, or choose to do nothing afterwards.",
            ),
            _ => failed(failure),
        })
    }

    /// The newest letter alone. A large mailbox is searched as a whole only where nothing new meets the criteria.
    async fn try_out(&self, at: &Look<'_>, talk: &mut Talk) -> Result<Found, NodeError> {
        let mailbox = self.open(talk, Changes::Nothing).await?;
        let mut found = Vec::new();
        for first in [mailbox.next.saturating_sub(NEWEST).max(1), 1] {
            if found.is_empty() {
                found = talk.session.search(&self.criteria, first, None).await.map_err(failed)?;
            }
        }
        let newest: Vec<u32> = found.last().copied().into_iter().collect();
        let listed = talk.session.list(&newest).await.map_err(failed)?;
        Ok(Found { items: self.take(at, talk, &listed).await?.items, ..Found::default() })
    }

    async fn read(&self, at: &Look<'_>, talk: &mut Talk) -> Result<Found, NodeError> {
        let known = match &at.known {
            Known::Seen(memory) => Memory::deserialize(memory).ok(),
            Known::Since(_) | Known::Trial => None,
        };
        let known = known.unwrap_or_else(|| Memory { looked: at.now.as_second(), ..Memory::default() });
        self.mark(talk, &known).await?;
        let mailbox = self.open(talk, Changes::Nothing).await?;
        let (first, since) = match &at.known {
            Known::Since(since) => (1, Some(since.as_second())),
            _ if known.is_of(talk, mailbox) => (known.last.saturating_add(1), known.since),
            // What was not marked is marked no more: nobody knows which letters they were.
            _ => (1, Some(known.looked)),
        };
        let (new, until) = self.new_letters(talk, first, since).await?;
        let taken = self.take(at, talk, &new).await?;
        // One that arrived between opening the mailbox and searching it is beyond what was the last then.
        let newest = [mailbox.next.saturating_sub(1), first.saturating_sub(1)];
        let end = new.iter().map(|letter| letter.uid).chain(newest).max().unwrap_or_default();
        let last = taken.last.or(until);
        let unmarked = if self.afterwards == Afterwards::Read { taken.uids } else { Vec::new() };
        let owes = !unmarked.is_empty();
        let memory = Memory {
            account: talk.account.clone(),
            validity: mailbox.validity,
            last: last.unwrap_or(end),
            looked: at.now.as_second(),
            since: since.filter(|_| last.is_some()),
            unmarked,
        };
        Ok(Found { items: taken.items, memory: json!(memory), owes })
    }

    /// The first letters that are new, and the last one that was looked for where there are more.
    async fn new_letters(
        &self,
        talk: &mut Talk,
        first: u32,
        since: Option<i64>,
    ) -> Result<(Vec<Listed>, Option<u32>), NodeError> {
        let from = since.and_then(|second| Timestamp::from_second(second).ok());
        let mut found = talk.session.search(&self.criteria, first, from).await.map_err(failed)?;
        let Some(from) = from else {
            let are_more = found.len() > MOST_LETTERS;
            found.truncate(MOST_LETTERS);
            // Not the last one that is still there: all of these may have been deleted meanwhile.
            let until = found.last().copied().filter(|_| are_more);
            return Ok((talk.session.list(&found).await.map_err(failed)?, until));
        };
        let mut new = talk.session.list(&found).await.map_err(failed)?;
        new.retain(|letter| letter.received.is_some_and(|received| received >= from));
        let are_more = new.len() > MOST_LETTERS;
        new.truncate(MOST_LETTERS);
        let until = new.last().filter(|_| are_more).map(|letter| letter.uid);
        Ok((new, until))
    }

    /// The first of these letters, as many as fit and come in time, each as an item before the next one is fetched.
    async fn take(&self, at: &Look<'_>, talk: &mut Talk, listed: &[Listed]) -> Result<Taken, NodeError> {
        let (mut taken, mut left, until) = (Taken::default(), MOST_BYTES, Instant::now() + TAKING);
        for letter in listed {
            let header = Whole::Header { size: letter.size };
            let whole = if letter.size > MOST_LETTER { header } else { Whole::All };
            let bytes = if whole == Whole::All { letter.size as usize } else { 0 };
            let Some(rest) = left.checked_sub(bytes) else { break };
            left = rest;
            let item = match timeout_at(until, fetch(&mut talk.session, letter, whole)).await {
                Ok(Ok(fetched)) => self.item(at, fetched).await?,
                // The next look begins with it.
                _ if !taken.uids.is_empty() => break,
                Ok(Err(failure)) if !is_of_letter(&failure) => return Err(failed(failure)),
                // Otherwise no look would ever come past it.
                Ok(Err(Failure::Broken { .. })) => self.rest(at, talk, letter, &[whole, header]).await?,
                _ => self.rest(at, talk, letter, &[header]).await?,
            };
            taken.last = Some(letter.uid);
            // One that is gone was deleted meanwhile.
            if let Some(item) = item {
                taken.items.push(item);
                taken.uids.push(letter.uid);
            }
        }
        if taken.last == listed.last().map(|letter| letter.uid) {
            taken.last = None;
        }
        Ok(taken)
    }

    async fn item(&self, at: &Look<'_>, letter: Option<Letter>) -> Result<Option<Item>, NodeError> {
        match letter {
            Some(letter) => self.shape.item(&at.files(), letter).await.map(Some),
            None => Ok(None),
        }
    }

    /// What comes of a letter in these ways, one after the other, each over a new connection; where none of them works, what the
    /// server says instead.
    async fn rest(
        &self,
        at: &Look<'_>,
        talk: &mut Talk,
        letter: &Listed,
        ways: &[Whole],
    ) -> Result<Option<Item>, NodeError> {
        let mut said = "The server does not give this letter.".to_owned();
        for whole in ways {
            self.talk_again(at, talk).await?;
            match fetch(&mut talk.session, letter, *whole).await {
                // What the server holds back is still there: it was listed.
                Ok(None) => {}
                Ok(fetched) => return self.item(at, fetched).await,
                Err(failure) if is_of_letter(&failure) => said = failure.to_string(),
                Err(failure) => return Err(failed(failure)),
            }
        }
        self.talk_again(at, talk).await?;
        Ok(Some(unreadable(letter.uid, &said)))
    }

    async fn talk_again(&self, at: &Look<'_>, talk: &mut Talk) -> Result<(), NodeError> {
        *talk = self.talk(at).await?;
        self.open(talk, Changes::Nothing).await.map(|_| ())
    }
}

/// A letter, or its header alone.
async fn fetch(session: &mut Session, letter: &Listed, whole: Whole) -> Result<Option<Letter>, Failure> {
    let bytes = match whole {
        Whole::All => session.letter(letter.uid).await,
        Whole::Header { .. } => session.header(letter.uid).await,
    };
    Ok(bytes?.map(|bytes| Letter { uid: letter.uid, bytes, whole }))
}

/// Whether a letter may be to blame: the server cannot write it down, writes it wrongly, had said that it was smaller, or hangs up.
fn is_of_letter(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Refused(_) | Failure::Protocol { .. } | Failure::TooLarge { .. } | Failure::Broken { .. }
    )
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped with it")]
fn failed(failure: Failure) -> NodeError {
    remote::error_of(&failure, Retried::Idempotent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_small() {
        let memory = Memory { account: "a".into(), validity: 1, last: 2, looked: 3, ..Memory::default() };
        assert_eq!(json!(memory).to_string(), r#"{"account":"a","validity":1,"last":2,"looked":3}"#);
        let full = Memory { unmarked: vec![u32::MAX; MOST_LETTERS], since: Some(i64::MAX), ..memory };
        assert!(json!(full).to_string().len() < 1_000);
    }
}
