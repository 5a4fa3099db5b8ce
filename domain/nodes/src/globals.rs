//! A step whose expressions see more names than usual.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::Template;
use weft_value::{Item, Object, Value};

use crate::{NodeError, Portion, Step};

/// A step in which names that begin with `$` have values of their own: `$response` between the pages of an answer, for instance.
pub struct WithGlobals<'a> {
    step: &'a dyn Step,
    globals: &'a Object,
}

impl<'a> WithGlobals<'a> {
    /// The same step with these names.
    pub fn new(step: &'a dyn Step, globals: &'a Object) -> Self {
        Self { step, globals }
    }
}

impl Step for WithGlobals<'_> {
    fn input(&self, port: usize) -> &[Item] {
        self.step.input(port)
    }

    fn shared_input(&self, port: usize) -> Arc<Vec<Item>> {
        self.step.shared_input(port)
    }

    fn is_connected(&self, port: usize) -> bool {
        self.step.is_connected(port)
    }

    fn input_count(&self) -> usize {
        self.step.input_count()
    }

    fn evaluate(&self, template: &Template, item: usize) -> Result<Value, NodeError> {
        self.step.evaluate_with(template, item, self.globals)
    }

    fn evaluate_with(&self, template: &Template, item: usize, globals: &Object) -> Result<Value, NodeError> {
        let mut all = self.globals.clone();
        for (name, value) in globals {
            all.insert(name.clone(), value.clone());
        }
        self.step.evaluate_with(template, item, &all)
    }

    fn time_zone(&self) -> &TimeZone {
        self.step.time_zone()
    }

    fn now(&self) -> Timestamp {
        self.step.now()
    }

    fn seed(&self) -> u64 {
        self.step.seed()
    }

    fn carries_on(&self) -> bool {
        self.step.carries_on()
    }

    fn iteration(&self) -> u32 {
        self.step.iteration()
    }

    fn portion(&self, iteration: u32, port: usize, places: Range<usize>) -> Result<Portion, NodeError> {
        self.step.portion(iteration, port, places)
    }

    fn items_before(&self) -> usize {
        self.step.items_before()
    }

    fn context(&self) -> &Value {
        self.step.context()
    }
}
