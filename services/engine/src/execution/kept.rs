//! What code keeps for the steps that follow: `$execution.customData` for those of its execution, static data for those of later
//! executions, too.
//!
//! It lives in memory beside the execution. What a step changed is recorded with its outcome, as what its node keeps, so that
//! whoever takes the execution over finds it again. What a failed attempt changed is seen by the next one, as in n8n, and is
//! recorded when the node next succeeds or is carried on after. A next attempt that is left to a timer, or that another process
//! makes, finds what was recorded and nothing of the failed one.
//!
//! Static data is read from where it lasts before the first step that may ask for it. What lasts is written entry by entry, each a
//! key of the object, and only those that the execution changed: two executions at once keep what each of them did.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weft_code_runner_client::Keepsake;
use weft_event_log::StaticEntry;
use weft_model::NodeId;
use weft_value::{Object, Value, from_json};

/// The key under which a step's record holds what it changed.
const KEPT: &str = "kept";

/// What code of one execution keeps. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    values: HashMap<Place, Value>,
    changed: BTreeSet<Place>,
    /// What was read of static data, or told to be written since.
    lasting: HashMap<Place, Value>,
    is_read: bool,
}

/// What a step changed.
#[derive(Debug, PartialEq)]
pub(crate) struct Changed {
    /// What is recorded with the step.
    pub(crate) recorded: Value,
    /// What later executions shall find.
    pub(crate) lasting: Vec<StaticEntry>,
}

/// Static data of a node is its own, everything else is the execution's.
type Place = (Keepsake, Option<NodeId>);

fn place(kind: Keepsake, node: NodeId) -> Place {
    (kind, (kind == Keepsake::Node).then_some(node))
}

const KINDS: [(Keepsake, &str); 3] =
    [(Keepsake::CustomData, "customData"), (Keepsake::Global, "global"), (Keepsake::Node, "node")];

impl Kept {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `node` sees of this kind: an object.
    pub fn get(&self, kind: Keepsake, node: NodeId) -> Value {
        self.state().values.get(&place(kind, node)).cloned().unwrap_or_else(Value::empty_object)
    }

    /// Keeps `value` instead.
    pub fn set(&self, kind: Keepsake, node: NodeId, value: Value) {
        let (mut state, place) = (self.state(), place(kind, node));
        state.values.insert(place, value);
        state.changed.insert(place);
    }

    /// What `node` has changed since this was last asked, to be recorded with its step; nothing where it changed nothing.
    pub(crate) fn take_changed(&self, node: NodeId) -> Option<Changed> {
        let mut state = self.state();
        let (mut changed, mut lasting) = (Object::new(), Vec::new());
        for (kind, name) in KINDS {
            let place = place(kind, node);
            if state.changed.remove(&place) {
                let now = state.values.get(&place).cloned().unwrap_or_default();
                if kind != Keepsake::CustomData {
                    let before = state.lasting.insert(place, now.clone()).unwrap_or_default();
                    lasting.extend(differences(place.1, &before, &now));
                }
                changed.insert(name, now);
            }
        }
        let recorded = || [(KEPT, changed.clone())].into_iter().collect::<Object>().into();
        (!changed.is_empty()).then(|| Changed { recorded: recorded(), lasting })
    }

    /// Whether what lasts was read.
    pub(crate) fn is_read(&self) -> bool {
        self.state().is_read
    }

    /// Takes over what earlier executions kept. What this execution has kept already, another process read it from here.
    pub(crate) fn read(&self, mut entries: Vec<StaticEntry>) {
        entries.sort_by(|one, other| one.key.cmp(&other.key));
        let mut read: HashMap<Place, Object> = HashMap::new();
        for StaticEntry { node, key, value } in entries {
            let Some(value) = value.and_then(|json| from_json(&json).ok()) else { continue };
            let kind = if node.is_some() { Keepsake::Node } else { Keepsake::Global };
            read.entry((kind, node)).or_default().insert(key.as_str(), value);
        }
        let mut state = self.state();
        let State { values, lasting, is_read, .. } = &mut *state;
        *is_read = true;
        for (place, object) in read {
            if let Entry::Vacant(unknown) = lasting.entry(place) {
                unknown.insert(object.clone().into());
                values.entry(place).or_insert_with(|| object.into());
            }
        }
    }

    /// Takes over what the record of a step of `node` says.
    pub fn restore(&self, node: NodeId, recorded: &Value) {
        let Some(changed) = recorded.get(KEPT).as_object() else { return };
        let mut state = self.state();
        for (kind, name) in KINDS {
            if let Some(value) = changed.get(name) {
                let place = place(kind, node);
                state.values.insert(place, value.clone());
                if kind != Keepsake::CustomData {
                    state.lasting.insert(place, value.clone());
                }
            }
        }
    }
}

/// The entries that differ between two states of one place.
fn differences(node: Option<NodeId>, before: &Value, now: &Value) -> Vec<StaticEntry> {
    let entry = |key: &str, value: Option<String>| StaticEntry { node, key: key.to_owned(), value };
    let entries = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (before, now) = (entries(before), entries(now));
    let gone = before.iter().filter(|(key, _)| now.get(key).is_none()).map(|(key, _)| entry(key, None));
    let changed = now.iter().filter(|(key, value)| before.get(key) != Some(*value));
    gone.chain(changed.map(|(key, value)| entry(key, Some(value.to_json())))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_value::from_json;

    use super::*;

    const A: NodeId = NodeId(Uuid::from_u128(1));
    const B: NodeId = NodeId(Uuid::from_u128(2));

    #[test]
    fn what_a_step_changed_is_recorded_once_and_comes_back() {
        let kept = Kept::default();
        kept.set(Keepsake::Global, A, from_json(r#"{"seen":1}"#).unwrap());
        kept.set(Keepsake::Node, A, from_json(r#"{"own":2}"#).unwrap());
        let Changed { recorded, .. } = kept.take_changed(A).unwrap();
        assert_eq!(recorded.to_json(), r#"{"kept":{"global":{"seen":1},"node":{"own":2}}}"#);
        assert_eq!(kept.take_changed(A), None);
        let again = Kept::default();
        again.restore(A, &recorded);
        assert_eq!(again.get(Keepsake::Global, B).to_json(), r#"{"seen":1}"#);
        assert_eq!(again.get(Keepsake::Node, A).to_json(), r#"{"own":2}"#);
        assert_eq!(again.get(Keepsake::Node, B).to_json(), "{}");
        assert_eq!(again.take_changed(A), None);
    }

    fn entry(node: Option<NodeId>, key: &str, value: Option<&str>) -> StaticEntry {
        StaticEntry { node, key: key.to_owned(), value: value.map(str::to_owned) }
    }

    #[test]
    fn what_lasts_is_written_entry_by_entry() {
        let kept = Kept::default();
        kept.read(vec![
            entry(None, "seen", Some("1")),
            entry(None, "é", Some("[2]")),
            entry(Some(A), "own", Some("3")),
        ]);
        assert!(kept.is_read());
        assert_eq!(kept.get(Keepsake::Global, B).to_json(), r#"{"seen":1,"é":[2]}"#);
        assert_eq!(kept.get(Keepsake::Node, A).to_json(), r#"{"own":3}"#);
        assert_eq!(kept.get(Keepsake::Node, B).to_json(), "{}");
        kept.set(Keepsake::Global, A, from_json(r#"{"seen":1,"new":{"a":1}}"#).unwrap());
        kept.set(Keepsake::CustomData, A, from_json(r#"{"mark":1}"#).unwrap());
        let expected = [entry(None, "é", None), entry(None, "new", Some(r#"{"a":1}"#))];
        assert_eq!(kept.take_changed(A).unwrap().lasting, expected);
        kept.set(Keepsake::Global, A, from_json(r#"{"seen":2,"new":{"a":1}}"#).unwrap());
        assert_eq!(kept.take_changed(A).unwrap().lasting, [entry(None, "seen", Some("2"))]);
    }

    #[test]
    fn what_another_process_recorded_is_newer_than_what_lasts() {
        let kept = Kept::default();
        kept.restore(A, &from_json(r#"{"kept":{"global":{"seen":2}}}"#).unwrap());
        kept.read(vec![entry(None, "seen", Some("9")), entry(None, "theirs", Some("1"))]);
        assert_eq!(kept.get(Keepsake::Global, A).to_json(), r#"{"seen":2}"#);
        kept.set(Keepsake::Global, A, from_json(r#"{"seen":2,"mine":1}"#).unwrap());
        assert_eq!(kept.take_changed(A).unwrap().lasting, [entry(None, "mine", Some("1"))], "theirs stays");
    }
}
