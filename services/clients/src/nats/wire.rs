//! What a server says.

use tokio::time::{Instant, timeout_at};

use super::NAME;
use crate::wire::Wire;
use crate::{Failure, Refused};

/// The longest line; the welcome of a large cluster is one.
pub(super) const MOST_LINE: usize = 64 * 1024;
/// The largest message that is taken.
pub(super) const MOST_MESSAGE: usize = 64 * 1024 * 1024;

/// Something that a server says.
pub(super) enum Event {
    /// It answers.
    Pong,
    /// It asks whether this side is there.
    Ping,
    /// It refused something, in its words.
    Refused(String),
    /// A message for a subscription.
    Message(Heard),
    /// Something that changes nothing.
    Said,
}

/// A message that came.
pub(super) struct Heard {
    pub(super) subject: String,
    pub(super) headers: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// The next thing. A line is waited for until `until`; what follows on it has begun and is read to its end.
pub(super) async fn next(wire: &mut Wire, until: Option<Instant>) -> Result<Event, Failure> {
    let line = match until {
        None => wire.line(MOST_LINE).await?,
        Some(until) => {
            let limit = until.saturating_duration_since(Instant::now());
            let late = |_| Failure::Timeout { server: NAME, limit };
            timeout_at(until, wire.line(MOST_LINE)).await.map_err(late)??
        }
    };
    let line = String::from_utf8_lossy(&line).into_owned();
    let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line.as_str(), ""));
    match word.to_ascii_uppercase().as_str() {
        "PONG" => Ok(Event::Pong),
        "PING" => Ok(Event::Ping),
        "-ERR" => Ok(Event::Refused(rest.trim().trim_matches('\'').to_owned())),
        "+OK" | "INFO" => Ok(Event::Said),
        "MSG" => message(wire, rest, 1).await.map(Event::Message),
        "HMSG" => message(wire, rest, 2).await.map(Event::Message),
        _ => Err(wire.not_understood("a word that the protocol does not have")),
    }
}

/// The message that `rest` of its line announces: its subject, its subscription, where answers go, and `counts` lengths, of which
/// the last one is that of all and the one before it that of the headers.
async fn message(wire: &mut Wire, rest: &str, counts: usize) -> Result<Heard, Failure> {
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let lengths = words.len().checked_sub(counts).filter(|before| (2..=3).contains(before));
    let lengths: Option<Vec<usize>> =
        lengths.and_then(|before| words[before..].iter().map(|length| length.parse().ok()).collect());
    let lengths = lengths.ok_or_else(|| wire.not_understood("a message without a length"))?;
    let total = lengths[counts - 1];
    let of_headers = if counts == 2 { lengths[0] } else { 0 };
    if total > MOST_MESSAGE {
        return Err(Failure::TooLarge { limit: MOST_MESSAGE });
    }
    if of_headers > total {
        return Err(wire.not_understood("headers that are longer than their message"));
    }
    let mut headers = wire.counted(total).await?.to_vec();
    let payload = headers.split_off(of_headers);
    Ok(Heard { subject: words[0].to_owned(), headers, payload })
}

/// A refusal in the server's words.
pub(super) fn refused(said: &str) -> Failure {
    let message = format!("NATS refused it: {}.", said.trim_end_matches('.'));
    Failure::Refused(Box::new(Refused { code: "-ERR".to_owned(), message, detail: None }))
}
