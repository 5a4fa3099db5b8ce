//! Inserting: many items travel together.

use weft_clients::Failure;
use weft_clients::mongodb::{self, Document, Order, Session};
use weft_nodes::{NodeError, Retried, Step};
use weft_value::{Item, Object};

use super::Parameters;
use super::documents::{Shape, not_sent, shown};
use crate::action::ActFailure;
use crate::collected::Collected;
use crate::execution::StepView;
use crate::remote;

/// How many items are made documents before they are sent.
const TOGETHER: usize = 1000;

/// An item that is inserted: its number, what is told of it, and its document.
struct Ready {
    index: usize,
    told: Object,
    document: Document,
}

impl Parameters {
    pub(super) async fn insert(&self, step: &StepView, session: &mut Session) -> Result<Collected, ActFailure> {
        let mut collected = Collected::default();
        let (mut ready, mut collection) = (Vec::new(), String::new());
        for index in 0..step.input(0).len() {
            let made = self.collection(step, index).and_then(|named| Ok((named, self.ready(step, index)?)));
            let (named, one) = match made {
                Ok(made) => made,
                Err(error) => {
                    collected.take_failure(step, index, finally_behind(error.into(), index))?;
                    continue;
                }
            };
            if ready.len() == TOGETHER || (named != collection && !ready.is_empty()) {
                flush(step, session, (&collection, std::mem::take(&mut ready)), &mut collected).await?;
            }
            collection = named;
            ready.push(one);
        }
        flush(step, session, (&collection, ready), &mut collected).await?;
        Ok(collected)
    }

    /// Its id is made here, so that it is known whatever is answered.
    fn ready(&self, step: &dyn Step, index: usize) -> Result<Ready, NodeError> {
        let written = self.written(step, index, Shape::Nested, None)?;
        let document = mongodb::document(&written.clone().into()).map_err(|wrong| not_sent(&wrong, "fields"))?;
        let (document, id) = mongodb::with_id(document);
        let mut told = shown(&written);
        told.insert("id", id);
        Ok(Ready { index, told, document })
    }
}

/// Inserts what is ready. Where the step stops at an error, nothing behind the first document that is refused is inserted.
async fn flush(
    step: &StepView,
    session: &mut Session,
    (collection, mut ready): (&str, Vec<Ready>),
    collected: &mut Collected,
) -> Result<(), ActFailure> {
    let order = if step.carries_on() { Order::GoOn } else { Order::Stop };
    while !ready.is_empty() {
        let count = Session::together(ready.iter().map(|one| &one.document));
        let rest = ready.split_off(count.min(ready.len()));
        let documents = ready.iter().map(|one| one.document.clone()).collect();
        match session.insert(collection, documents, order).await {
            Ok(mut refusals) => {
                for (place, Ready { index, told, .. }) in ready.into_iter().enumerate() {
                    match refusals.iter().position(|(refused, _)| *refused == place) {
                        Some(at) => {
                            let (_, refused) = refusals.swap_remove(at);
                            refuse(step, index, &Failure::Refused(Box::new(refused)), collected)?;
                        }
                        None => collected.take(index, [Item::new(told)]),
                    }
                }
            }
            Err(failure @ Failure::Refused(_)) => {
                for Ready { index, .. } in ready {
                    refuse(step, index, &failure, collected)?;
                }
            }
            Err(failure) => {
                let index = ready.first().map_or(0, |one| one.index);
                let failed = remote::failed(&failure, Retried::AtMostOnce, step.room);
                let failed = finally_behind(failed, index);
                return Err(ActFailure { error: failed.error.at_item(index), ..failed });
            }
        }
        ready = rest;
    }
    Ok(())
}

fn refuse(step: &StepView, index: usize, failure: &Failure, collected: &mut Collected) -> Result<(), ActFailure> {
    let failed = remote::failed(failure, Retried::AtMostOnce, step.room);
    collected.take_failure(step, index, finally_behind(failed, index))
}

/// Another attempt would insert once more what stands before it.
fn finally_behind(mut failed: ActFailure, index: usize) -> ActFailure {
    failed.error.is_final |= index > 0;
    failed
}
