//! One node of a plan.

use std::time::Duration;

use weft_model::{NodeId, OnError, Point, Retry};
use weft_nodes::{NodeError, Transform};
use weft_value::{Item, Value};

use crate::action::{Action, Trigger};
use crate::execution::Items;

/// A node, ready to be executed.
#[expect(clippy::struct_excessive_bools, reason = "they are the independent switches of a node's settings")]
pub struct PlanNode {
    /// Its id.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// `kind@version`.
    pub kind: String,
    /// Where it lies.
    pub position: Point,
    /// Items that stand in for its output in manual executions.
    pub pinned: Option<Items>,
    /// What its person filled in.
    pub parameters: Value,
    /// What executing it means.
    pub step: PlanStep,
    /// Whether it starts executions.
    pub is_trigger: bool,
    /// It passes its first input on.
    pub disabled: bool,
    /// What happens when it fails.
    pub on_error: OnError,
    /// How a failed attempt is repeated.
    pub retry: Option<Retry>,
    /// Emit one empty item where it would emit none.
    pub always_output_data: bool,
    /// Look at the first item only.
    pub execute_once: bool,
    /// The longest one attempt may be at work.
    pub timeout: Option<Duration>,
    /// The inputs of its kind.
    pub inputs: usize,
    /// The outputs of its kind, without the one for errors.
    pub outputs: usize,
    /// How many inputs must have been delivered to before it may execute when nothing else is left: any one of them, or so
    /// many from the first on.
    pub required_inputs: usize,
    /// What delivers to each input, up to the highest one that has an edge.
    pub incoming: Vec<Vec<(usize, usize)>>,
    /// Whether each item is treated by itself, and no expression of it looks at another one.
    pub is_itemwise: bool,
    /// Whether it takes what comes in in portions, and its expressions look at nothing else.
    pub takes_portions: bool,
    /// Where its items go, in the order in which they are to be handed on.
    pub successors: Vec<Successor>,
}

/// An edge, seen from where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The output.
    pub output: usize,
    /// The number of the next node.
    pub node: usize,
    /// The input there.
    pub input: usize,
}

/// What executing a node means.
pub enum PlanStep {
    /// It starts executions; reached otherwise, it passes its items on.
    Trigger(Trigger),
    /// It transforms items.
    Transform(Box<dyn Transform>),
    /// It acts.
    Action(Box<dyn Action>),
    /// It cannot be executed; this says why.
    Broken(NodeError),
}

impl PlanNode {
    /// The item that it starts an execution with where nobody gave one: an example of what comes, or an empty one.
    pub(crate) fn first_item(&self) -> Item {
        Item::new(match self.step {
            PlanStep::Trigger(Trigger::Failure) => crate::kinds::error_trigger::example(),
            _ => Value::empty_object(),
        })
    }

    /// How many outputs it has, the one for errors included.
    pub fn all_outputs(&self) -> usize {
        self.outputs + usize::from(self.on_error == OnError::ErrorOutput)
    }
}
