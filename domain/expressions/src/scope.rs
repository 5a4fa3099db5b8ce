//! What an expression can see.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use thiserror::Error;
use weft_value::{Item, Object, Value};

use crate::error::EvaluationError;

/// Why another node's data could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NodeFault {
    /// No node of the workflow has this name.
    #[error("There is no node named \"{0}\" in this workflow.")]
    Unknown(String),
    /// The node has not run in this execution.
    #[error("The node \"{0}\" has not been executed.")]
    NotExecuted(String),
    /// The item cannot be traced back to an item of the node.
    #[error(
        "It is not known which item of \"{node}\" belongs to item {item}. Use .first(), .last() or .all() instead of .item."
    )]
    Unlinked {
        /// The node.
        node: String,
        /// The place of the item that was traced, from 0.
        item: usize,
    },
    /// The item traces back to several items of the node.
    #[error("Several items of \"{node}\" belong to item {item}. Use .first(), .last() or .all() instead of .item.")]
    Ambiguous {
        /// The node.
        node: String,
        /// The place of the item that was traced, from 0.
        item: usize,
    },
    /// The data is recorded but could not be read.
    #[error("The data of \"{node}\" could not be read: {reason}")]
    Unreadable {
        /// The node.
        node: String,
        /// Why.
        reason: String,
    },
}

/// Where the items of the current node came from: `$prevNode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previous<'a> {
    /// The node's name.
    pub name: &'a str,
    /// Its output port, from 0.
    pub output: usize,
    /// Its run, from 0.
    pub run: usize,
}

/// Which item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// The first.
    First,
    /// The last.
    Last,
    /// The one in this place, from 0.
    At(usize),
}

impl Nth {
    /// Its place in a list of so many; nothing where there is none.
    pub fn place(self, count: usize) -> Option<usize> {
        let place = match self {
            Self::First => 0,
            Self::Last => count.checked_sub(1)?,
            Self::At(place) => place,
        };
        Some(place).filter(|place| *place < count)
    }
}

/// What an expression can see. Every look-up is lazy: it happens when the expression asks, and gives a reference or a cheap
/// clone. All names of nodes are the names in the version that executes.
pub trait Scope {
    /// The items of the node's input 0.
    fn items(&self) -> &[Item];

    /// The place of the current item in [`Scope::items`].
    fn item_index(&self) -> usize;

    /// How many items came in before [`Scope::items`]: a long list may come piece by piece to an expression that
    /// [sees one item](crate::sees_one_item).
    fn items_before(&self) -> usize {
        0
    }

    /// The moment that `$now` and `Date.now()` give; the same for a whole step.
    fn now(&self) -> Timestamp;

    /// The workflow's time zone.
    fn time_zone(&self) -> &TimeZone;

    /// The items that `node` put out. `output` without a value is the output through which the current node hangs on it
    /// (else 0), `run` without a value is the last run.
    fn node_items(&self, node: &str, output: Option<usize>, run: Option<usize>) -> Result<Arc<Vec<Item>>, NodeFault>;

    /// One of them, without the others where those need not be looked at.
    fn node_item(
        &self,
        node: &str,
        output: Option<usize>,
        run: Option<usize>,
        which: Nth,
    ) -> Result<Option<Item>, NodeFault> {
        let items = self.node_items(node, output, run)?;
        Ok(which.place(items.len()).map(|place| items[place].clone()))
    }

    /// What a code runner gives for this item for `body`, the body of a JavaScript function that takes nothing: a block of an expression
    /// that is right and beyond the expression language. What JavaScript throws is `undefined`. Nothing where there is no code runner.
    fn run_code(&self, _body: &str) -> Option<Result<Value, EvaluationError>> {
        None
    }

    /// The item of `node` that item `item` of everything that came in was made from.
    fn linked_item(&self, node: &str, item: usize) -> Result<Item, NodeFault>;

    /// Whether `node` has run in this execution.
    fn is_executed(&self, node: &str) -> Result<bool, NodeFault>;

    /// The current item, where the input has one.
    fn item(&self) -> Option<&Item> {
        self.items().get(self.item_index())
    }

    /// Which time the current node runs in this execution, from 0.
    fn run_index(&self) -> usize {
        0
    }

    /// Which time `node` ran last, from 0, where it has run (`$('Name').runIndex`).
    fn node_run_index(&self, node: &str) -> Result<Option<usize>, NodeFault> {
        self.is_executed(node).map(|is_executed| is_executed.then_some(0))
    }

    /// The parameters of `node`, as far as they are known (`$('Name').params`).
    fn node_parameters(&self, node: &str) -> Result<Value, NodeFault> {
        self.is_executed(node).map(|_| Value::empty_object())
    }

    /// The loop context of `node` (`$('Name').context`).
    fn node_context(&self, node: &str) -> Result<Value, NodeFault> {
        self.is_executed(node).map(|_| Value::empty_object())
    }

    /// Where the items came from.
    fn previous(&self) -> Option<Previous<'_>> {
        None
    }

    /// `$workflow`: an object with `id`, `name` and `active`.
    fn workflow(&self) -> Value {
        Value::empty_object()
    }

    /// `$execution`: an object with `id`, `mode`, `resumeUrl`, `resumeFormUrl` and `customData`, as far as they are known.
    fn execution(&self) -> Value {
        Value::empty_object()
    }

    /// `$vars`: the tenant's variables.
    fn variables(&self) -> Value {
        Value::empty_object()
    }

    /// `$env`: the variables of the environment that expressions may see. Whoever answers this chooses from a list of names;
    /// nobody sees any otherwise.
    fn environment(&self) -> Value {
        Value::empty_object()
    }

    /// `$parameter`: the current node's own parameters.
    fn parameters(&self) -> Value {
        Value::empty_object()
    }

    /// The seed of `Math.random()`, recorded with the step, so that a replay gives the same values.
    fn random_seed(&self) -> u64 {
        0
    }

    /// Any other global that begins with `$` (`$response`, `$pageCount`, `$fromAI` …); `None` makes it `undefined`.
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
}

/// A scope of items alone, for previews, tools and tests: no other node exists.
#[derive(Clone, Debug)]
pub struct ItemsScope {
    items: Arc<Vec<Item>>,
    index: usize,
    now: Timestamp,
    zone: TimeZone,
    globals: Object,
}

impl ItemsScope {
    /// The first of `items` is the current one.
    pub fn new(items: impl Into<Arc<Vec<Item>>>, now: Timestamp, zone: TimeZone) -> Self {
        Self { items: items.into(), index: 0, now, zone, globals: Object::new() }
    }

    /// The same scope at item `index`.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.index = index;
        self
    }

    /// The same scope, where these names begin with `$` and have these values.
    #[must_use]
    pub fn with_globals(mut self, globals: Object) -> Self {
        self.globals = globals;
        self
    }
}

impl Scope for ItemsScope {
    fn items(&self) -> &[Item] {
        &self.items
    }

    fn item_index(&self) -> usize {
        self.index
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    fn node_items(&self, node: &str, _: Option<usize>, _: Option<usize>) -> Result<Arc<Vec<Item>>, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn linked_item(&self, node: &str, _: usize) -> Result<Item, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn is_executed(&self, node: &str) -> Result<bool, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn global(&self, name: &str) -> Option<Value> {
        self.globals.get(name).cloned()
    }
}
