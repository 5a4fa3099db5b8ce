//! What a trigger remembers from one look to the next: the data of its timer.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use weft_event_log::Timer;
use weft_model::NodeId;

use super::Known;
use crate::clock::later;

/// Under what the timer's data holds it.
const KEY: &str = "poll";
/// How long a failure that goes on is not told again.
const QUIET: Duration = Duration::from_hours(24);
/// How many kinds of failures are told apart while a trigger fails.
const MOST_CODES: usize = 8;

/// What a trigger remembers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Memory {
    /// Identifies what it looks at.
    of: String,
    /// When it was activated, or looked at something else before.
    since: Timestamp,
    /// What its kind remembers; nothing before the first look that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<Json>,
    /// Something is still to be done for what an execution began with.
    #[serde(default)]
    pub(crate) owes: bool,
    /// The failures that were told since the last look that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Told>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Told {
    /// By which version.
    version: u32,
    at: Timestamp,
    codes: Vec<String>,
}

/// Whether a timer belongs to a trigger that looks something up.
pub(crate) fn remembers(timer: &Timer) -> bool {
    timer.data.get(KEY).is_some()
}

impl Memory {
    /// The data of a timer that remembers nothing yet.
    pub(crate) fn none(node: NodeId) -> Json {
        json!({ "node": node, KEY: null })
    }

    /// What the timer remembers of `source`. What it remembers of another one is forgotten.
    pub(crate) fn read(timer: &Timer, source: &str) -> Self {
        let of = hex::encode(&Sha256::digest([timer.id.0.as_bytes(), source.as_bytes()].concat())[..16]);
        let known = timer.data.get(KEY).and_then(|known| Self::deserialize(known).ok());
        let fresh = || Self { of: of.clone(), since: timer.due_at, seen: None, owes: false, told: None };
        known.filter(|known| known.of == of).unwrap_or_else(fresh)
    }

    /// What a look is told of it.
    pub(crate) fn known(&self) -> Known {
        self.seen.clone().map_or(Known::Since(self.since), Known::Seen)
    }

    /// A look succeeded.
    pub(crate) fn saw(&mut self, seen: Json, owes: bool) {
        (self.seen, self.owes, self.told) = (Some(seen), owes, None);
    }

    /// A look of a version failed. Gives whether that is told: each kind of failure once until a look succeeds, and again after a
    /// day and where another version looks.
    pub(crate) fn fails(&mut self, version: u32, code: &str, now: Timestamp) -> bool {
        let known = self.told.take().filter(|told| told.version == version && now < later(told.at, QUIET));
        let mut told = known.unwrap_or(Told { version, at: now, codes: Vec::new() });
        let is_new = told.codes.len() < MOST_CODES && !told.codes.iter().any(|known| known == code);
        if is_new {
            told.codes.push(code.to_owned());
        }
        self.told = Some(told);
        is_new
    }

    /// The timer, due at another moment and with this to remember.
    pub(crate) fn timer(&self, timer: &Timer, due_at: Timestamp) -> Timer {
        let data = json!({ "node": timer.data.get("node"), KEY: self });
        Timer { due_at, data, ..timer.clone() }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_event_log::TimerKind;
    use weft_model::{StreamId, TimerId};

    use super::*;

    const NODE: NodeId = NodeId(Uuid::from_u128(3));

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn timer() -> Timer {
        let (id, stream) = (TimerId(Uuid::from_u128(1)), StreamId(Uuid::from_u128(2)));
        Timer { id, stream, kind: TimerKind::Schedule, due_at: at(5), data: Memory::none(NODE) }
    }

    #[test]
    fn what_was_seen_of_one_source_comes_back_and_says_nothing_of_another() {
        let first = timer();
        let mut memory = Memory::read(&first, "a");
        assert_eq!(memory.known(), Known::Since(at(5)));
        memory.saw(json!([7]), true);
        let next = memory.timer(&first, at(6));
        assert!(remembers(&next) && next.data["node"] == json!(NODE) && next.due_at == at(6));
        assert_eq!(Memory::read(&next, "a"), memory);
        assert_eq!(Memory::read(&next, "a").known(), Known::Seen(json!([7])));
        assert_eq!(Memory::read(&next, "b").known(), Known::Since(at(6)));
    }

    #[test]
    fn a_trigger_that_fails_from_the_beginning_knows_when_that_was() {
        let mut memory = Memory::read(&timer(), "a");
        assert!(memory.fails(1, "http_status", at(5)));
        let next = memory.timer(&timer(), at(6));
        assert_eq!(Memory::read(&next, "a").known(), Known::Since(at(5)));
    }

    #[test]
    fn each_kind_of_failure_is_told_once_until_a_look_succeeds() {
        let mut memory = Memory::read(&timer(), "a");
        let told = [(1, "timeout", 1), (1, "timeout", 2), (1, "sign_in", 3), (1, "timeout", 4), (2, "timeout", 5)];
        let told = told.map(|(version, code, minute)| memory.fails(version, code, at(minute)));
        assert_eq!(told, [true, false, true, false, true]);
        assert!(!memory.fails(2, "timeout", at(24 * 60)) && memory.fails(2, "timeout", at(24 * 60 + 5)));
        memory.saw(Json::Null, false);
        assert!(memory.fails(2, "timeout", at(24 * 60 + 6)));
        let many = (0..20).filter(|code| memory.fails(2, &code.to_string(), at(24 * 60 + 7))).count();
        assert_eq!(many, MOST_CODES - 1);
    }
}
