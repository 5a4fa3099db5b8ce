//! What kinds share that send one message for each item.

use std::collections::BTreeMap;

use weft_clients::Failure;
use weft_nodes::{Field, NodeError, Outputs, Parameter, ParameterType, Retried, Step, field, label};
use weft_value::Item;

use crate::action::{ActFailure, Acted};
use crate::execution::StepView;
use crate::remote::{self, NotDone};

/// The parameters that say what a message says.
pub(crate) fn fields() -> [Parameter; 2] {
    [
        field(ParameterType::Boolean, "sendInputData", label("Send the item", "Envoyer l’élément"))
            .help("The message is the data of the item, as JSON.", "Le message est le contenu de l’élément, en JSON.")
            .literal()
            .or(true),
        field(ParameterType::String, "message", label("Message", "Message"))
            .help("Text of your own, with expressions.", "Votre propre texte, avec des expressions.")
            .rows(4)
            .when("sendInputData", [false]),
    ]
}

/// What a message says: what `text` gives, or else the data of the item.
pub(crate) fn payload(step: &dyn Step, index: usize, text: Option<&Field>) -> Result<Vec<u8>, NodeError> {
    Ok(match text {
        Some(text) => text.text(step, index)?.as_str().as_bytes().to_vec(),
        None => step.input(0)[index].json.to_json().into_bytes(),
    })
}

/// Why a message was not sent.
pub(crate) type NotSent = NotDone;

/// What became of the items of a step so far. A message that may have arrived is never sent again by itself.
pub(crate) struct Sending<'a> {
    step: &'a StepView,
    sent: BTreeMap<usize, Item>,
    not_sent: BTreeMap<usize, NodeError>,
    /// Messages among those that were not sent which may have arrived nevertheless.
    in_doubt: usize,
}

impl<'a> Sending<'a> {
    pub(crate) fn new(step: &'a StepView) -> Self {
        Self { step, sent: BTreeMap::new(), not_sent: BTreeMap::new(), in_doubt: 0 }
    }

    /// Notes what became of an item, and tells whether the next one may be sent. What breaks the connection ends the step.
    pub(crate) fn note(&mut self, index: usize, outcome: Result<Item, NotSent>) -> Result<bool, ActFailure> {
        match outcome {
            Ok(item) => {
                self.sent.insert(index, item.paired_with(index));
            }
            Err(NotSent::Here(error)) => self.refused(index, error),
            Err(NotSent::There(failure @ (Failure::Refused(_) | Failure::InDoubt(_)))) => {
                self.in_doubt += usize::from(failure.may_have_arrived());
                self.refused(index, remote::error_of(&failure, Retried::AtMostOnce));
            }
            Err(NotSent::There(failure)) => {
                let failed = remote::failed(&failure, Retried::AtMostOnce, self.step.room);
                // Another attempt would send once more what was sent before it.
                let error = if self.is_untouched() { failed.error } else { failed.error.finally() };
                return Err(ActFailure { error: error.at_item(index), ..failed });
            }
        }
        Ok(self.not_sent.is_empty() || self.step.carries_on())
    }

    /// The connection is over, and of each message is noted what became of it; of the others nothing arrived. What arrived is not
    /// sent again: where the step carries on, it gives what was sent, and each other item says why it was not.
    pub(crate) fn broken(mut self, failure: &Failure) -> Result<Acted, ActFailure> {
        if self.is_untouched() {
            return Err(remote::failed(failure, Retried::Idempotent, self.step.room));
        }
        let items = self.step.input(0).len();
        let failed = remote::failed(failure, Retried::Idempotent, self.step.room);
        if !self.step.carries_on() || failed.ends_execution || !failed.refused.is_empty() {
            let (sent, in_doubt) = (self.sent.len(), self.in_doubt);
            let told = format!(
                "Of {items} messages, {sent} were sent before it, and {in_doubt} may have arrived. None of \
                 them is sent again."
            );
            return Err(ActFailure { error: failed.error.finally().describe(told), ..failed });
        }
        for index in (0..items).filter(|index| !self.sent.contains_key(index)) {
            let message = || format!("The message was not sent: {failure}");
            self.not_sent.entry(index).or_insert_with(|| NodeError::new("not_sent", message()).at_item(index));
        }
        self.finish()
    }

    /// Whether nothing was sent, and nothing may have arrived.
    fn is_untouched(&self) -> bool {
        self.sent.is_empty() && self.in_doubt == 0
    }

    /// A message was refused, now or after it had been handed over.
    pub(crate) fn refused(&mut self, index: usize, error: NodeError) {
        self.sent.remove(&index);
        self.not_sent.insert(index, error.at_item(index));
    }

    /// What the step gives.
    pub(crate) fn finish(mut self) -> Result<Acted, ActFailure> {
        if !self.step.carries_on()
            && let Some((_, error)) = self.not_sent.pop_first()
        {
            let again = self.sent.is_empty() && self.not_sent.is_empty();
            return Err(if again { error } else { error.finally() }.into());
        }
        let items = self.step.input(0);
        let failed = self.not_sent.iter().map(|(index, error)| error.to_item(items.get(*index))).collect();
        Ok(Acted::outputs(Outputs { failed, ..Outputs::one(self.sent.into_values().collect()) }))
    }
}
