//! Statements: what is done in which order.

use weft_value::Value;

use super::{Frame, Vm};
use crate::collection::Handle;
use crate::convert::{same, truthy};
use crate::ir::{Expr, Label, Loop, LoopKind, Pattern, Statement, Switch, Try};
use crate::library;
use crate::special::{Special, special};
use crate::stop::{Outcome, Stop};

/// How a list of statements ends.
pub(super) enum Flow {
    /// At its end.
    Next,
    Break(Option<Label>),
    Continue(Option<Label>),
    Return(Value),
}

impl Vm<'_> {
    /// Runs statements.
    pub(super) fn block(&mut self, statements: &[Statement], frame: Frame<'_>) -> Outcome<Flow> {
        for statement in statements {
            self.budget.step()?;
            let flow = self.statement(statement, frame)?;
            if !matches!(flow, Flow::Next) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Statement, frame: Frame<'_>) -> Outcome<Flow> {
        match statement {
            Statement::Return(None) => return Ok(Flow::Return(Value::Undefined)),
            Statement::Return(Some(expr)) => return self.eval(expr, frame).map(Flow::Return),
            Statement::Throw(expr) => return Err(Stop::Throw(Box::new(self.eval(expr, frame)?))),
            Statement::Break(label) => return Ok(Flow::Break(*label)),
            Statement::Continue(label) => return Ok(Flow::Continue(*label)),
            Statement::Labelled(label, body) => {
                return Ok(match self.inner(body, frame)? {
                    Flow::Break(Some(to)) if to == *label => Flow::Next,
                    flow => flow,
                });
            }
            Statement::Do(expr) => {
                self.eval(expr, frame)?;
            }
            Statement::Bind(pattern, expr) => {
                let value = expr.as_ref().map_or(Ok(Value::Undefined), |expr| self.eval(expr, frame))?;
                self.bind(pattern, value, frame)?;
            }
            Statement::If(test, then, otherwise) => {
                let test = self.eval(test, frame)?;
                return self.inner(if truthy(&test) { then } else { otherwise }, frame);
            }
            Statement::Loop(inner) => return self.run_loop(inner, frame),
            Statement::Switch(switch) => return self.switch(switch, frame),
            Statement::Try(inner) => return self.run_try(inner, frame),
        }
        Ok(Flow::Next)
    }

    /// A block within another one.
    fn inner(&mut self, statements: &[Statement], frame: Frame<'_>) -> Outcome<Flow> {
        self.budget.enter()?;
        let flow = self.block(statements, frame)?;
        self.budget.leave();
        Ok(flow)
    }

    fn run_loop(&mut self, inner: &Loop, frame: Frame<'_>) -> Outcome<Flow> {
        let cells = self.cells.len();
        let flow = match &inner.kind {
            LoopKind::Of(pattern, values) => {
                let values = self.eval(values, frame)?;
                match special(&values) {
                    Some(Special::Set(handle)) => self.walk(inner, pattern, *handle, |(element, _)| element, frame),
                    Some(Special::Map(handle)) => {
                        self.walk(inner, pattern, *handle, |(key, value)| Value::from(vec![key, value]), frame)
                    }
                    _ => {
                        let mut values = self.iterate(&values)?.into_owned().into_iter();
                        self.each(inner, pattern, |_| values.next(), frame)
                    }
                }
            }
            LoopKind::In(pattern, object) => {
                let object = self.eval(object, frame)?;
                let keys = if object.is_nullish() { Vec::new() } else { library::keys(self, &object)? };
                let mut keys = keys.into_iter();
                self.each(inner, pattern, |_| keys.next(), frame)
            }
            LoopKind::For { init, test, update, cells } => {
                self.block(init, frame)?;
                self.repeat(inner, test.as_ref(), update.as_ref(), cells, frame)
            }
            LoopKind::While(test) => self.repeat(inner, Some(test), None, &[], frame),
            LoopKind::DoWhile(test) => match inner.after(self.inner(&inner.body, frame)?) {
                Ok(()) => self.repeat(inner, Some(test), None, &[], frame),
                Err(flow) => Ok(flow),
            },
        };
        self.clear(inner, cells, frame);
        flow
    }

    /// Over a set or a map, with what is added to it on the way.
    fn walk(
        &mut self,
        inner: &Loop,
        pattern: &Pattern,
        handle: Handle,
        value: fn((Value, Value)) -> Value,
        frame: Frame<'_>,
    ) -> Outcome<Flow> {
        self.budget.pairs(self.collections.get(handle).len())?;
        self.collections.get_mut(handle).begin_walk();
        let flow = self.each(inner, pattern, |vm| vm.collections.get_mut(handle).step().map(value), frame);
        self.collections.get_mut(handle).end_walk();
        flow
    }

    fn each(
        &mut self,
        inner: &Loop,
        pattern: &Pattern,
        mut next: impl FnMut(&mut Self) -> Option<Value>,
        frame: Frame<'_>,
    ) -> Outcome<Flow> {
        let cells = self.cells.len();
        while let Some(value) = next(self) {
            self.budget.step()?;
            self.bind(pattern, value, frame)?;
            if let Err(flow) = inner.after(self.inner(&inner.body, frame)?) {
                return Ok(flow);
            }
            self.clear(inner, cells, frame);
        }
        Ok(Flow::Next)
    }

    fn repeat(
        &mut self,
        inner: &Loop,
        test: Option<&Expr>,
        update: Option<&Expr>,
        counters: &[u32],
        frame: Frame<'_>,
    ) -> Outcome<Flow> {
        loop {
            self.budget.step()?;
            if let Some(test) = test
                && !truthy(&self.eval(test, frame)?)
            {
                return Ok(Flow::Next);
            }
            let cells = self.cells.len();
            if let Err(flow) = inner.after(self.inner(&inner.body, frame)?) {
                return Ok(flow);
            }
            if inner.frees {
                self.release(cells);
            } else {
                self.keep();
                // A function that was made in this round keeps the counters of this round.
                for slot in counters {
                    self.renew(*slot, frame)?;
                }
            }
            if let Some(update) = update {
                self.eval(update, frame)?;
            }
        }
    }

    /// Gives the variable in `slot` a place of its own.
    fn renew(&mut self, slot: u32, frame: Frame<'_>) -> Outcome<()> {
        let at = frame.base + slot as usize;
        if let Some(Value::Number(place)) = self.stack.get(at) {
            let value = self.cells.get(*place as usize).cloned().unwrap_or_default();
            let place = self.new_cell(value)?;
            if let Some(slot) = self.stack.get_mut(at) {
                *slot = place;
            }
        }
        Ok(())
    }

    /// Lets go of what the names within a loop held.
    fn clear(&mut self, inner: &Loop, cells: usize, frame: Frame<'_>) {
        for slot in inner.slots.0..inner.slots.1 {
            if let Some(slot) = self.stack.get_mut(frame.base + slot as usize) {
                *slot = Value::Undefined;
            }
        }
        if inner.frees {
            self.release(cells);
        } else {
            self.keep();
        }
    }

    /// Gives back the variables made since there were `cells`; functions that are still there hold none of them.
    pub(super) fn release(&mut self, cells: usize) {
        self.cells.truncate(cells.max(self.kept));
    }

    /// Keeps the variables that there are, since functions may hold them.
    pub(super) fn keep(&mut self) {
        self.kept = self.cells.len();
    }

    fn switch(&mut self, switch: &Switch, frame: Frame<'_>) -> Outcome<Flow> {
        let subject = self.eval(&switch.subject, frame)?;
        let mut chosen = None;
        for (at, (test, _)) in switch.cases.iter().enumerate() {
            if let Some(test) = test {
                let test = self.eval(test, frame)?;
                if same(&subject, &test) {
                    chosen = Some(at);
                    break;
                }
            }
        }
        let chosen = chosen.or_else(|| switch.cases.iter().position(|(test, _)| test.is_none()));
        for (_, body) in switch.cases.iter().skip(chosen.unwrap_or(switch.cases.len())) {
            match self.inner(body, frame)? {
                Flow::Next => {}
                Flow::Break(None) => break,
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    /// What JavaScript throws is caught; limits and misuse are not.
    fn run_try(&mut self, inner: &Try, frame: Frame<'_>) -> Outcome<Flow> {
        let depth = self.budget.depth();
        let mut flow = self.inner(&inner.body, frame);
        if let (Err(Stop::Throw(thrown)), Some((pattern, body))) = (&flow, &inner.handler) {
            let thrown = Value::clone(thrown);
            self.budget.return_to(depth);
            if let Some(pattern) = pattern {
                self.bind(pattern, thrown, frame)?;
            }
            flow = self.inner(body, frame);
        }
        if let Some(finally) = &inner.finally {
            if matches!(flow, Err(Stop::Fail(_))) {
                return flow;
            }
            self.budget.return_to(depth);
            match self.inner(finally, frame)? {
                Flow::Next => {}
                ends => return Ok(ends),
            }
        }
        flow
    }
}

impl Loop {
    /// Whether the loop goes on after a round that ended in `flow`, or how it ends.
    fn after(&self, flow: Flow) -> Result<(), Flow> {
        let own = |label: &Option<Label>| label.is_none() || *label == self.label;
        match flow {
            Flow::Next => Ok(()),
            Flow::Continue(label) if own(&label) => Ok(()),
            Flow::Break(label) if own(&label) => Err(Flow::Next),
            other => Err(other),
        }
    }
}
