//! The trait that every node kind implements, and what a step of it sees and gives.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use weft_expressions::Template;
use weft_value::{Item, Object, Value};

use crate::{Descriptor, Port, Problem};

/// A node kind: what it is called, what it looks like, where its data goes in and out.
pub trait NodeKind: Send + Sync + 'static {
    /// What the editor shows. Made once, on first use.
    fn descriptor(&self) -> &'static Descriptor;

    /// The ports of a node with these parameters.
    fn ports(&self, _parameters: &Value) -> Ports {
        let descriptor = self.descriptor();
        Ports { inputs: descriptor.inputs.clone(), outputs: descriptor.outputs.clone(), required_inputs: 1 }
    }

    /// The n8n node types that are this kind, `n8n-nodes-base.set` for instance.
    fn n8n_types(&self) -> &'static [&'static str] {
        &[]
    }

    /// The parameters of this kind that do what an n8n node does. Every kind that names the node's type is asked in turn; the
    /// first that takes it gets it.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(node.parameters.clone().into())
    }
}

/// A kind that only transforms items.
pub trait TransformKind: NodeKind {
    /// The node, checked and compiled.
    fn prepare(&self, parameters: &Value) -> Result<Box<dyn Transform>, Vec<Problem>>;
}

/// A node of a transforming kind, compiled.
pub trait Transform: Send + Sync {
    /// One step: all items of the inputs at once.
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError>;

    /// Whether each item of input 0 is treated by itself, so that a long list may come in several steps: what an item gives depends
    /// neither on the others nor on how many there are, as long as no expression looks at them.
    fn is_itemwise(&self) -> bool {
        false
    }

    /// Whether it asks for what comes in, and for what came in earlier iterations, in portions ([`Step::portion`]): of a long list,
    /// [`Step::input`] has the first item alone then.
    fn takes_portions(&self) -> bool {
        false
    }
}

/// The ports of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The inputs.
    pub inputs: Vec<Port>,
    /// The outputs, without the one for errors.
    pub outputs: Vec<Port>,
    /// How many inputs must have items before the node may execute when nothing else is left to do: where it is one, any one of
    /// them; where it is more, so many from the first on.
    pub required_inputs: usize,
}

/// A node of an n8n workflow.
#[derive(Clone, Copy, Debug)]
pub struct N8nNode<'a> {
    /// Its type: `n8n-nodes-base.set`.
    pub node_type: &'a str,
    /// The version of that type: 3.2.
    pub version: f64,
    /// Its parameters. n8n stores only what differs from the default of that version, so that what is missing has that default.
    pub parameters: &'a Value,
}

/// Parameters that came from n8n.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Ours.
    pub parameters: Value,
    /// What the person should know: options that have no counterpart here.
    pub remarks: Vec<String>,
}

impl From<Value> for Imported {
    fn from(parameters: Value) -> Self {
        Self { parameters, remarks: Vec::new() }
    }
}

/// An n8n node that cannot become one of ours.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Unsupported {
    /// What is not supported and what to do.
    pub message: String,
    /// The n8n parameter.
    pub field: Option<String>,
}

impl Unsupported {
    /// The node belongs to another kind that shares its type: there is nothing to say about it here.
    pub fn elsewhere() -> Self {
        Self { message: String::new(), field: None }
    }

    /// Whether the node belongs to another kind.
    pub fn is_elsewhere(&self) -> bool {
        self.message.is_empty()
    }
}

/// What a step sees: its inputs, and the world only through expressions.
pub trait Step: Sync {
    /// The items of input `port`; empty where nothing came.
    fn input(&self, port: usize) -> &[Item];

    /// The same, to be kept or passed on without a copy.
    fn shared_input(&self, port: usize) -> Arc<Vec<Item>>;

    /// How many items of input 0 came before those that [`Step::input`] gives: a long list may come piece by piece to nodes that
    /// are [itemwise](Transform::is_itemwise).
    fn items_before(&self) -> usize {
        0
    }

    /// Whether a branch delivered to input `port`.
    fn is_connected(&self, port: usize) -> bool;

    /// How many inputs the node has.
    fn input_count(&self) -> usize;

    /// Evaluates an expression for item `item` of input 0.
    fn evaluate(&self, template: &Template, item: usize) -> Result<Value, NodeError>;

    /// The same, where names that begin with `$` have values of their own, such as `$response`.
    fn evaluate_with(&self, template: &Template, item: usize, globals: &Object) -> Result<Value, NodeError>;

    /// The time zone of the workflow.
    fn time_zone(&self) -> &jiff::tz::TimeZone;

    /// The moment at which the step began, recorded with it: a step that goes on after a wait, or that is repeated because its
    /// process died, sees the same one. An attempt after a failure has its own.
    fn now(&self) -> Timestamp;

    /// The seed of the step's randomness, recorded with it. Not for secrets.
    fn seed(&self) -> u64;

    /// Whether an item that fails becomes an item of [`Outputs::failed`] instead of ending the step.
    fn carries_on(&self) -> bool;

    /// Which time the node runs in this execution, from 0.
    fn iteration(&self) -> u32;

    /// Some of the items that input `port` has, or had in an earlier iteration of the same node: those at `places`, as far as there
    /// are so many. Nodes that ask for them say so ([`Transform::takes_portions`]).
    fn portion(&self, iteration: u32, port: usize, places: Range<usize>) -> Result<Portion, NodeError>;

    /// What the node kept from its last iteration.
    fn context(&self) -> &Value {
        const NONE: &Value = &Value::Undefined;
        NONE
    }
}

/// Some of the items of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portion {
    /// The items.
    pub items: Vec<Item>,
    /// How many the input has in all.
    pub of: usize,
}

impl Portion {
    /// The items at `places`, as far as there are so many.
    pub fn of(items: &[Item], places: Range<usize>) -> Self {
        let (from, to) = (places.start.min(items.len()), places.end.min(items.len()));
        Self { items: items.get(from..to).unwrap_or_default().to_vec(), of: items.len() }
    }
}

/// What a step gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs {
    /// One list for each output.
    pub ports: Vec<Arc<Vec<Item>>>,
    /// Items that failed where the node carries on: `{…json, error}`, paired with what they were made from.
    pub failed: Vec<Item>,
    /// What the node keeps for its next iteration. It is recorded each time: what grows with the iterations does not belong
    /// here but is found by [`Step::earlier_input`]. Without it, the node keeps what it had.
    pub context: Option<Value>,
}

impl Outputs {
    /// Items on the only output.
    pub fn one(items: Vec<Item>) -> Self {
        Self::many([items])
    }

    /// Items on each output.
    pub fn many(ports: impl IntoIterator<Item = Vec<Item>>) -> Self {
        Self { ports: ports.into_iter().map(Arc::new).collect(), ..Self::default() }
    }
}

/// Why a step gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}", message = .0.message)]
pub struct NodeError(Box<ErrorDetails>);

/// What a [`NodeError`] says; behind a pointer, so that a step that succeeds does not carry its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDetails {
    /// A word for programs: `expression`, `http_status`, …
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: String,
    /// What else is known, what to do.
    pub description: Option<String>,
    /// The item it happened at.
    pub item: Option<u32>,
    /// The parameter it happened in.
    pub field: Option<String>,
    /// What caused it, outermost first.
    pub causes: Vec<String>,
    /// The status of HTTP with which another server refused.
    pub status: Option<u16>,
    /// Whether another attempt would end the same way: retries are not spent on it.
    pub is_final: bool,
}

impl Deref for NodeError {
    type Target = ErrorDetails;

    fn deref(&self) -> &ErrorDetails {
        &self.0
    }
}

impl DerefMut for NodeError {
    fn deref_mut(&mut self) -> &mut ErrorDetails {
        &mut self.0
    }
}

impl NodeError {
    /// An error that is not tied to an item yet.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorDetails {
            code: code.into(),
            message: message.into(),
            description: None,
            item: None,
            field: None,
            causes: Vec::new(),
            status: None,
            is_final: false,
        }))
    }

    /// With what to do about it.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// At this item, unless one is named already.
    #[must_use]
    pub fn at_item(mut self, item: usize) -> Self {
        self.item.get_or_insert(item as u32);
        self
    }

    /// In this parameter, unless one is named already.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field.get_or_insert_with(|| field.into());
        self
    }

    /// With the status of HTTP that another server answered.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// It would happen again: no retry.
    #[must_use]
    pub fn finally(mut self) -> Self {
        self.is_final = true;
        self
    }

    /// The item that stands for a failed one: its data and `error`.
    pub fn to_item(&self, failed: Option<&Item>) -> Item {
        let mut json = failed.and_then(|item| item.json.as_object()).cloned().unwrap_or_default();
        json.insert("error", self.message.as_str());
        let item = Item::new(json);
        match self.item {
            Some(index) => item.paired_with(index as usize),
            None => item,
        }
    }

    /// The item `{error}` alone.
    pub fn to_error_item(&self) -> Item {
        let json: Object = [("error", self.message.as_str())].into_iter().collect();
        let item = Item::new(json);
        match self.item {
            Some(index) => item.paired_with(index as usize),
            None => item,
        }
    }
}

/// Why a failed item failed: its `error`, or the `message` where that is an object.
pub fn reason_of(failed: &Item) -> Option<&str> {
    let error = failed.json.get("error");
    error.as_str().or_else(|| error.get("message").as_str())
}

/// Runs `one` for every item of input 0. An item that fails ends the step, or becomes one of the failed items that this gives
/// where the node carries on.
pub fn for_each_item(
    step: &dyn Step,
    mut one: impl FnMut(usize, &Item) -> Result<(), NodeError>,
) -> Result<Vec<Item>, NodeError> {
    let mut failed = Vec::new();
    for (index, item) in step.input(0).iter().enumerate() {
        if let Err(error) = one(index, item) {
            let error = error.at_item(index);
            if !step.carries_on() {
                return Err(error);
            }
            failed.push(error.to_item(Some(item)));
        }
    }
    Ok(failed)
}

/// The same where `one` makes an item of each: it is paired with the one it was made from.
pub fn each_item(
    step: &dyn Step,
    mut one: impl FnMut(usize, &Item) -> Result<Item, NodeError>,
) -> Result<Outputs, NodeError> {
    let mut made = Vec::with_capacity(step.input(0).len());
    let failed = for_each_item(step, |index, item| {
        made.push(one(index, item)?.paired_with(index));
        Ok(())
    })?;
    Ok(Outputs { failed, ..Outputs::one(made) })
}

/// The same where `one` makes any number of items.
pub fn each_items<I: IntoIterator<Item = Item>>(
    step: &dyn Step,
    mut one: impl FnMut(usize, &Item) -> Result<I, NodeError>,
) -> Result<Outputs, NodeError> {
    let mut made = Vec::new();
    let failed = for_each_item(step, |index, item| {
        made.extend(one(index, item)?.into_iter().map(|part| part.paired_with(index)));
        Ok(())
    })?;
    Ok(Outputs { failed, ..Outputs::one(made) })
}

impl From<weft_expressions::EvaluationError> for NodeError {
    fn from(error: weft_expressions::EvaluationError) -> Self {
        use weft_expressions::EvaluationError;
        let code = match &error {
            EvaluationError::Node(_) => "expression_node",
            EvaluationError::Exhausted(_) => "expression_budget",
            EvaluationError::Misuse(_)
            | EvaluationError::NeedsCodeRunner(_)
            | EvaluationError::Refused(_)
            | EvaluationError::Function => "expression",
        };
        let is_final = matches!(error, EvaluationError::Exhausted(_));
        let mut of_expression = Self::new(code, error.to_string());
        of_expression.is_final = is_final;
        of_expression
    }
}
