//! The evaluator: walks the compiled tree with a stack of slots and a budget.

mod call;
mod change;
mod flow;
mod globals;
mod growing;
mod operators;
mod path;
mod property;
mod settle;
mod text;

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use crate::budget::Budget;
use crate::collection::Collections;
use crate::convert::truthy;
use crate::ir::{Element, Entry, Expr, Fold, Function, LogicalOp, Piece, Source};
use crate::scope::Scope;
use crate::special::{Special, wrap};
use crate::stop::{Outcome, Stop, needs_code_runner};

pub(crate) use globals::item_value;
pub(crate) use operators::{power, utf16_order};
pub(crate) use path::walk;
pub(crate) use text::joined;

/// One evaluation.
pub(crate) struct Vm<'s> {
    pub(crate) scope: &'s dyn Scope,
    pub(crate) budget: &'s mut Budget,
    /// The slots of all calls under way.
    stack: Vec<Value>,
    /// What the variables hold that something changes. Functions take their places along, not their values.
    cells: Vec<Value>,
    /// What sets and maps hold.
    pub(crate) collections: Collections,
    /// The variables up to here may be held by a function.
    kept: usize,
    /// The state of `Math.random()`, once it was asked.
    random: Option<u64>,
    /// The item that `$json` means, where `$item(n)` moved it.
    pub(crate) item: usize,
    /// How many `$evaluateExpression()` are under way.
    pub(crate) nested: u8,
}

/// Where the slots of a call stand, and what its function took along.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'f> {
    base: usize,
    captures: &'f [Value],
    itself: Option<&'f Value>,
}

impl Frame<'_> {
    /// The frame of a block, outside of any function.
    pub(crate) const OUTERMOST: Frame<'static> = Frame { base: 0, captures: &[], itself: None };
}

impl<'s> Vm<'s> {
    /// An evaluation over `scope` within `budget`.
    pub(crate) fn new(scope: &'s dyn Scope, budget: &'s mut Budget) -> Self {
        let item = scope.item_index();
        Self {
            scope,
            budget,
            stack: Vec::new(),
            cells: Vec::new(),
            collections: Collections::default(),
            kept: 0,
            random: None,
            item,
            nested: 0,
        }
    }

    /// The value of `expr`.
    pub(crate) fn eval(&mut self, expr: &Expr, frame: Frame<'_>) -> Outcome {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Local(slot) => Ok(self.slot(frame, *slot)),
            Expr::Take(slot) => {
                Ok(self.stack.get_mut(frame.base + *slot as usize).map(std::mem::take).unwrap_or_default())
            }
            Expr::Pattern(regexp) => Ok(wrap(Special::RegExp(regexp.fresh()))),
            Expr::Capture(index) => Ok(frame.captures.get(*index as usize).cloned().unwrap_or_default()),
            Expr::Itself => Ok(frame.itself.cloned().unwrap_or_default()),
            Expr::This => Ok(crate::compile::this()),
            _ => {
                let depth = self.budget.depth();
                self.budget.enter()?;
                let value = self.eval_deep(expr, frame);
                self.budget.return_to(depth);
                value
            }
        }
    }

    fn eval_deep(&mut self, expr: &Expr, frame: Frame<'_>) -> Outcome {
        match expr {
            Expr::Path(path) => self.path(path, frame),
            Expr::Method(call) => self.method_call(call, frame),
            Expr::Native(native, args) => {
                let args = self.elements(args, frame)?;
                (native.run)(self, &args)
            }
            Expr::Call(call) => self.value_call(call, frame),
            Expr::Binary(op, pair) => {
                let (left, right) = (self.eval(&pair.0, frame)?, self.eval(&pair.1, frame)?);
                self.binary(*op, &left, &right)
            }
            Expr::Fold(fold) => self.fold(fold, frame),
            Expr::Logical(op, operands) => self.logical(*op, operands, frame),
            Expr::Conditional(parts) => {
                let test = self.eval(&parts.0, frame)?;
                self.eval(if truthy(&test) { &parts.1 } else { &parts.2 }, frame)
            }
            Expr::Unary(op, operand) => {
                let value = self.eval(operand, frame)?;
                self.unary(*op, &value)
            }
            Expr::Template(pieces) => self.template(pieces, frame),
            Expr::Array(elements) => {
                let elements = self.elements(elements, frame)?;
                self.list(elements)
            }
            Expr::Object(entries) => self.object(entries, frame),
            Expr::Index { pair, optional } => self.index(&pair.0, &pair.1, *optional, frame),
            Expr::Chain(inner) => self.chain(inner, frame),
            Expr::NodeByName(name) => {
                let name = self.eval(name, frame)?;
                self.node_by_name(&name)
            }
            Expr::Function(function) => Ok(self.closure(function, frame)),
            Expr::Variable(variable) => Ok(self.variable(*variable, frame)),
            Expr::Assign(assign) => self.assign(assign, frame),
            Expr::Unpack(unpack) => self.unpack(unpack, frame),
            Expr::Update(update) => self.update(update, frame),
            Expr::Delete(target) => self.delete(target, frame),
            Expr::Change(change) => self.change(change, frame),
            Expr::NeedsCodeRunner(why) => Err(needs_code_runner(&**why)),
            Expr::Sequence(all) => all.iter().try_fold(Value::Undefined, |_, each| self.eval(each, frame)),
            Expr::Const(_)
            | Expr::Pattern(_)
            | Expr::Local(_)
            | Expr::Take(_)
            | Expr::Capture(_)
            | Expr::Itself
            | Expr::This => self.eval(expr, frame),
        }
    }

    #[inline]
    fn slot(&self, frame: Frame<'_>, slot: u32) -> Value {
        self.stack.get(frame.base + slot as usize).cloned().unwrap_or_default()
    }

    fn closure(&mut self, function: &Arc<Function>, frame: Frame<'_>) -> Value {
        let take = |source: &Source| match source {
            Source::Local(slot) => self.slot(frame, *slot),
            Source::Capture(index) => frame.captures.get(*index as usize).cloned().unwrap_or_default(),
            Source::Itself => frame.itself.cloned().unwrap_or_default(),
        };
        let captures = function.captures.iter().map(take).collect();
        wrap(Special::Closure(Arc::clone(function), captures))
    }

    fn logical(&mut self, op: LogicalOp, operands: &[Expr], frame: Frame<'_>) -> Outcome {
        let mut value = Value::Undefined;
        for operand in operands {
            value = self.eval(operand, frame)?;
            let decided = match op {
                LogicalOp::Or => truthy(&value),
                LogicalOp::And => !truthy(&value),
                LogicalOp::Coalesce => !value.is_nullish(),
            };
            if decided {
                break;
            }
        }
        Ok(value)
    }

    fn chain(&mut self, inner: &Expr, frame: Frame<'_>) -> Outcome {
        match self.eval(inner, frame) {
            Err(Stop::Chain) => Ok(Value::Undefined),
            outcome => outcome,
        }
    }

    fn fold(&mut self, fold: &Fold, frame: Frame<'_>) -> Outcome {
        let mut value = self.eval(&fold.first, frame)?;
        for (op, operand) in &fold.rest {
            let right = self.eval(operand, frame)?;
            self.budget.step()?;
            value = self.binary(*op, &value, &right)?;
        }
        Ok(value)
    }

    fn template(&mut self, pieces: &[Piece], frame: Frame<'_>) -> Outcome {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(piece) => self.push(&mut text, piece)?,
                Piece::Expr(expr) => {
                    let value = self.eval(expr, frame)?;
                    self.append(&mut text, &value)?;
                }
            }
        }
        self.string(text)
    }

    /// A new string, paid for.
    #[inline]
    pub(crate) fn string(&mut self, text: impl AsRef<str> + Into<Text>) -> Outcome {
        self.budget.text(text.as_ref().len())?;
        Ok(Value::String(text.into()))
    }

    /// A new list, paid for.
    pub(crate) fn list(&mut self, elements: Vec<Value>) -> Outcome {
        self.budget.elements(elements.len())?;
        Ok(Value::Array(Arc::new(elements)))
    }

    /// The values of arguments or of a list literal.
    fn elements(&mut self, elements: &[Element], frame: Frame<'_>) -> Outcome<Vec<Value>> {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::One(expr) => values.push(self.eval(expr, frame)?),
                Element::Spread(expr) => {
                    let value = self.eval(expr, frame)?;
                    let spread = self.iterate(&value)?;
                    self.budget.elements(values.len() + spread.len())?;
                    values.extend(spread.iter().cloned());
                }
            }
        }
        Ok(values)
    }

    fn object(&mut self, entries: &[Entry], frame: Frame<'_>) -> Outcome {
        let mut object = Object::with_capacity(entries.len());
        let mut spread = 0;
        for entry in entries {
            match entry {
                Entry::Named(name, expr) => {
                    let value = self.eval(expr, frame)?;
                    object.insert(name.clone(), value);
                }
                Entry::Computed(key, expr) => {
                    let key = self.eval(key, frame)?;
                    let key = self.text(&key)?;
                    if key.as_str() == "__proto__" {
                        return Err(crate::stop::refused(&key));
                    }
                    let value = self.eval(expr, frame)?;
                    object.insert(key, value);
                }
                Entry::Spread(expr) => {
                    let value = self.eval(expr, frame)?;
                    let before = object.len();
                    self.spread_into(&mut object, &value)?;
                    spread += object.len() - before;
                }
            }
        }
        // What was spread was paid for then.
        self.budget.entries(object.len() - spread)?;
        Ok(Value::Object(Arc::new(object)))
    }

    /// Allows for `more` entries in `object`.
    fn spread_room(&mut self, object: &Object, more: usize) -> Outcome<()> {
        self.budget.counted(object.len() + more)?;
        Ok(self.budget.entries(more)?)
    }

    /// The same for entries with an index for a key, each of which looks for its place among the others.
    fn spread_places(&mut self, object: &Object, more: usize) -> Outcome<()> {
        self.spread_room(object, more)?;
        Ok(self.budget.walk((object.len() + more).saturating_mul(more) / 16)?)
    }

    /// `{...value}`.
    pub(crate) fn spread_into(&mut self, object: &mut Object, value: &Value) -> Outcome<()> {
        match value {
            Value::Object(entries) => {
                self.spread_room(object, entries.len())?;
                for (key, value) in entries.iter() {
                    object.insert(key.clone(), value.clone());
                }
            }
            Value::Array(elements) => {
                self.spread_places(object, elements.len())?;
                for (index, value) in elements.iter().enumerate() {
                    object.insert(index.to_string(), value.clone());
                }
            }
            Value::String(text) => {
                self.spread_places(object, text.len())?;
                self.budget.letters(text.len())?;
                for (index, c) in text.chars().enumerate() {
                    object.insert(index.to_string(), c.to_string());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The place of the current item among all that came in.
    pub(crate) fn item_place(&self) -> usize {
        self.scope.items_before() + self.item
    }

    /// The next number of `Math.random()`: splitmix64 over the step's recorded seed, so that a replay repeats it.
    pub(crate) fn random(&mut self) -> f64 {
        let seed = self.random.unwrap_or_else(|| {
            self.scope.random_seed() ^ (self.item_place() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        let next = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random = Some(next);
        let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }
}
