//! Statements that are executed together, or each on its own.

use async_trait::async_trait;
use weft_clients::Failure;
use weft_nodes::{NodeError, Retried, Step as _};
use weft_value::{Item, Object};

use super::Batching;
use crate::action::ActFailure;
use crate::collected::Collected;
use crate::execution::StepView;
use crate::remote;

/// A database that executes statements.
#[async_trait]
pub(crate) trait Database {
    /// What it executes.
    type Statement: Send + Sync;

    /// Executes one statement, in no transaction. Gives what becomes items.
    async fn alone(&mut self, statement: &Self::Statement) -> Result<Vec<Object>, Failure>;

    /// Executes all of them in one transaction. Gives what becomes items of each, or why all of them gave nothing and at which.
    async fn together(&mut self, statements: &[(usize, Self::Statement)])
    -> Result<Vec<Vec<Object>>, (usize, Failure)>;
}

/// What is given for a statement that gives no rows by its nature.
pub(crate) fn success() -> Object {
    [("success", true)].into_iter().collect()
}

/// How the statements of a step are executed.
pub(crate) struct Batch<'a> {
    pub(crate) step: &'a StepView,
    pub(crate) batching: Batching,
    pub(crate) retried: Retried,
}

impl Batch<'_> {
    /// Executes the statements, each of which belongs to the item of that number.
    pub(crate) async fn execute<D: Database + Send>(
        &self,
        database: &mut D,
        statements: Vec<(usize, D::Statement)>,
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        if self.batching == Batching::Independently {
            self.each(database, statements, outputs).await
        } else {
            self.all(database, &statements, outputs).await
        }
    }

    /// One after the other; what fails takes nothing back.
    async fn each<D: Database + Send>(
        &self,
        database: &mut D,
        statements: Vec<(usize, D::Statement)>,
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        for (done, (index, statement)) in statements.into_iter().enumerate() {
            match database.alone(&statement).await {
                Ok(rows) => outputs.take(index, rows.into_iter().map(Item::new)),
                Err(failure) => {
                    let mut failure_of_step = remote::failed(&failure, self.retried, self.step.room);
                    // Another attempt would do once more what the items before it did.
                    failure_of_step.error.is_final |= done > 0 && self.retried == Retried::AtMostOnce;
                    let goes_on = self.step.carries_on() && matches!(failure, Failure::Refused(_));
                    if !goes_on {
                        failure_of_step.error = failure_of_step.error.at_item(index);
                        return Err(failure_of_step);
                    }
                    outputs.fail(self.step, index, &failure_of_step.error);
                }
            }
        }
        Ok(())
    }

    /// All of them or none.
    async fn all<D: Database + Send>(
        &self,
        database: &mut D,
        statements: &[(usize, D::Statement)],
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        let came = match statements {
            [] => return Ok(()),
            // Some statements, such as VACUUM, refuse to stand in a transaction.
            [(_, one)] if self.batching == Batching::Single => {
                database.alone(one).await.map(|rows| vec![rows]).map_err(|failure| (0, failure))
            }
            several => database.together(several).await,
        };
        match came {
            Ok(rows) => {
                for ((index, _), rows) in statements.iter().zip(rows) {
                    outputs.take(*index, rows.into_iter().map(Item::new));
                }
                Ok(())
            }
            Err((place, failure)) => {
                let index = statements.get(place).map_or(0, |(index, _)| *index);
                let indexes = statements.iter().map(|(index, _)| *index);
                self.taken_back(index, indexes, &failure, outputs)
            }
        }
    }

    /// None of them happened, since the statement of item `index` failed.
    fn taken_back(
        &self,
        index: usize,
        all: impl Iterator<Item = usize>,
        failure: &Failure,
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        let mut failed = remote::failed(failure, self.retried, self.step.room);
        failed.error = failed.error.at_item(index);
        if !self.step.carries_on() || !matches!(failure, Failure::Refused(_)) {
            return Err(failed);
        }
        let message = format!("It was taken back, since item {index} failed: {}", failed.error.message);
        let taken_back = NodeError::new("taken_back", message);
        for other in all {
            let error = if other == index { &failed.error } else { &taken_back };
            outputs.fail(self.step, other, error);
        }
        Ok(())
    }
}
