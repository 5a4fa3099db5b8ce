//! What a step gives that looks at one item after the other.

use weft_clients::Failure;
use weft_nodes::{NodeError, Outputs, Retried, Step as _};
use weft_value::Item;

use crate::action::ActFailure;
use crate::execution::StepView;
use crate::remote::{self, NotDone};

/// What became of the items of a step so far.
#[derive(Default)]
pub(crate) struct Collected {
    made: Vec<Item>,
    failed: Vec<Item>,
}

impl Collected {
    /// What was made of an item.
    pub(crate) fn take(&mut self, index: usize, made: impl IntoIterator<Item = Item>) {
        self.made.extend(made.into_iter().map(|item| item.paired_with(index)));
    }

    /// That an item failed.
    pub(crate) fn fail(&mut self, step: &StepView, index: usize, error: &NodeError) {
        self.failed.push(error.clone().at_item(index).to_item(step.input(0).get(index)));
    }

    /// That nothing could be made of an item: a failure of the item where the step carries on, else of the step.
    pub(crate) fn take_failure(
        &mut self,
        step: &StepView,
        index: usize,
        failure: ActFailure,
    ) -> Result<(), ActFailure> {
        if !step.carries_on() || failure.ends_execution {
            return Err(ActFailure { error: failure.error.at_item(index), ..failure });
        }
        self.fail(step, index, &failure.error);
        Ok(())
    }

    /// What a server made of an item, or why it did not. What breaks the connection ends the step; what the server refuses is a
    /// matter of that item.
    pub(crate) fn take_answer(
        &mut self,
        step: &StepView,
        index: usize,
        answer: Result<Vec<Item>, NotDone>,
        retried: Retried,
    ) -> Result<(), ActFailure> {
        let (mut failure, is_broken) = match answer {
            Ok(made) => {
                self.take(index, made);
                return Ok(());
            }
            Err(NotDone::Here(error)) => (ActFailure::from(error), false),
            Err(NotDone::There(failure)) => {
                (remote::failed(&failure, retried, step.room), !matches!(failure, Failure::Refused(_)))
            }
        };
        // Another attempt would do once more what was done for the items before it.
        failure.error.is_final |= index > 0 && retried == Retried::AtMostOnce;
        if is_broken {
            return Err(ActFailure { error: failure.error.at_item(index), ..failure });
        }
        self.take_failure(step, index, failure)
    }
}

impl From<Collected> for Outputs {
    fn from(collected: Collected) -> Self {
        Outputs { failed: collected.failed, ..Outputs::one(collected.made) }
    }
}
