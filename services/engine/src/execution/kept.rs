//! What code keeps for the steps that follow in its execution: `$execution.customData` and static data.
//!
//! It lives in memory beside the execution. What a step changed is recorded with its outcome, as what its node keeps, so that
//! whoever takes the execution over finds it again. What a failed attempt changed is seen by the next one, as in n8n, and is
//! recorded when the node next succeeds or is carried on after. A next attempt that is left to a timer, or that another process
//! makes, finds what was recorded and nothing of the failed one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weft_code_runner_client::Keepsake;
use weft_model::NodeId;
use weft_value::{Object, Value};

/// The key under which a step's record holds what it changed.
const KEPT: &str = "kept";

/// What code of one execution keeps. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    values: HashMap<Place, Value>,
    changed: BTreeSet<Place>,
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
    pub fn take_changed(&self, node: NodeId) -> Option<Value> {
        let mut state = self.state();
        let mut changed = Object::new();
        for (kind, name) in KINDS {
            let place = place(kind, node);
            if state.changed.remove(&place) {
                changed.insert(name, state.values.get(&place).cloned().unwrap_or_default());
            }
        }
        (!changed.is_empty()).then(|| [(KEPT, changed)].into_iter().collect::<Object>().into())
    }

    /// Takes over what the record of a step of `node` says.
    pub fn restore(&self, node: NodeId, recorded: &Value) {
        let Some(changed) = recorded.get(KEPT).as_object() else { return };
        let mut state = self.state();
        for (kind, name) in KINDS {
            if let Some(value) = changed.get(name) {
                state.values.insert(place(kind, node), value.clone());
            }
        }
    }
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
        let recorded = kept.take_changed(A).unwrap();
        assert_eq!(recorded.to_json(), r#"{"kept":{"global":{"seen":1},"node":{"own":2}}}"#);
        assert_eq!(kept.take_changed(A), None);
        let again = Kept::default();
        again.restore(A, &recorded);
        assert_eq!(again.get(Keepsake::Global, B).to_json(), r#"{"seen":1}"#);
        assert_eq!(again.get(Keepsake::Node, A).to_json(), r#"{"own":2}"#);
        assert_eq!(again.get(Keepsake::Node, B).to_json(), "{}");
        assert_eq!(again.take_changed(A), None);
    }
}
