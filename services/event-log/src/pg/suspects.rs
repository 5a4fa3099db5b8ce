//! Events that do not fit their hash: what has happened to them?

use std::collections::HashSet;

use weft_model::Position;

use super::chain::Link;
use super::verify::Finding;

/// With more suspects than this, they are not compared with each other any more.
const MAX_COMPARED: usize = 1000;

/// An event whose hash does not follow from its content and the event before it.
pub(super) struct Suspect {
    pub(super) position: i64,
    pub(super) link: Link,
    /// The stored hash of the event before it.
    pub(super) previous: [u8; 32],
    /// Its own stored hash.
    pub(super) hash: [u8; 32],
}

impl Suspect {
    /// Whether `other` stood here when the chain was made: with its own hash (whole rows were exchanged), or with the
    /// hash that is still here (all but the hash was exchanged). Returns the hash that belongs here.
    fn was(&self, other: &Self) -> Option<[u8; 32]> {
        let hash = other.link.hash(self.position, &self.previous);
        (hash == other.hash || hash == self.hash).then_some(hash)
    }
}

/// Names what happened, in the order of positions.
pub(super) fn explain(suspects: &[Suspect]) -> Vec<Finding> {
    let mut explained = HashSet::new();
    let mut findings = Vec::new();
    for (place, suspect) in suspects.iter().enumerate() {
        if explained.contains(&suspect.position) {
            continue;
        }
        match suspects[place + 1..].iter().take(MAX_COMPARED).find_map(|other| Some((other, suspect.was(other)?))) {
            Some((other, hash)) => {
                explained.extend([suspect.position, other.position]);
                excuse_followers(suspects, (suspect, hash), other, &mut explained);
                findings.push(Finding::Swapped {
                    first: Position(suspect.position as u64),
                    second: Position(other.position as u64),
                });
            }
            None => findings.push(Finding::Changed { position: Position(suspect.position as u64) }),
        }
    }
    findings
}

/// The events behind two swapped ones are suspects only because the hash before them is not where it belongs.
fn excuse_followers(
    suspects: &[Suspect],
    (first, first_hash): (&Suspect, [u8; 32]),
    second: &Suspect,
    explained: &mut HashSet<i64>,
) {
    let before_second = if second.position == first.position + 1 { first_hash } else { second.previous };
    let second_hash = first.link.hash(second.position, &before_second);
    for (position, previous) in [(first.position + 1, first_hash), (second.position + 1, second_hash)] {
        if let Some(follower) = suspects.iter().find(|suspect| suspect.position == position)
            && follower.link.hash(position, &previous) == follower.hash
        {
            explained.insert(position);
        }
    }
}
