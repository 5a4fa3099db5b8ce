//! Which item an item was made from, however many nodes ago.

use std::collections::HashSet;

use weft_expressions::NodeFault;
use weft_model::execution::Source;
use weft_nodes::NodeError;
use weft_value::{Item, ItemRef, Pairing};

use super::list::List;
use super::schedule::Run;
use super::view::StepView;

/// How many places are looked at to find the item that another one was made from; a loop may be as long as an execution.
const MOST_VISITS: usize = 20_000;
/// How many of the items that one item says it was made from are looked at.
const MOST_ORIGINS: usize = 1_000;

/// One item of one output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// The number of the node.
    node: usize,
    iteration: u32,
    pub(super) port: u16,
    item: usize,
}

impl StepView {
    /// The item of `node` that item `item` of everything in the input that expressions see was made from.
    pub fn linked(&self, node: &str, item: usize) -> Result<Item, NodeFault> {
        let wanted = self.number(node)?;
        let unlinked = || NodeFault::Unlinked { node: node.to_owned(), item };
        let delivery = self.task.inputs.get(self.main_input()).and_then(Option::as_ref).ok_or_else(unlinked)?;
        let source = delivery.source.ok_or_else(unlinked)?;
        if self.schedule.runs(wanted).is_empty() {
            return Err(NodeFault::NotExecuted(node.to_owned()));
        }
        let from = self.place(source, item).ok_or_else(unlinked)?;
        match self.origins(wanted, from).map_err(unreadable(node))?.as_slice() {
            [] => Err(unlinked()),
            [place] => self.item_at(*place).map_err(unreadable(node))?.ok_or_else(unlinked),
            _ => Err(NodeFault::Ambiguous { node: node.to_owned(), item }),
        }
    }

    /// Follows the pairing of one item back to `wanted`, and gives the places that it leads to: two of them at most, since two
    /// are as ambiguous as a thousand. No place is visited twice, and only so many are visited at all: items that code paired
    /// at will would keep this busy for ever.
    fn origins(&self, wanted: usize, from: Place) -> Result<Vec<Place>, NodeError> {
        let (mut found, mut visited, mut open) = (Vec::new(), HashSet::from([from]), vec![from]);
        while let Some(place) = open.pop() {
            if place.node == wanted {
                found.push(place);
                if found.len() > 1 {
                    break;
                }
                continue;
            }
            for next in self.made_from(place)? {
                if visited.len() < MOST_VISITS && visited.insert(next) {
                    open.push(next);
                }
            }
        }
        Ok(found)
    }

    /// The places that the item at `place` was made from.
    fn made_from(&self, place: Place) -> Result<impl Iterator<Item = Place>, NodeError> {
        let (origins, earlier) = match self.pairing_at(place)? {
            Some(Pairing::One(one)) => (vec![one], None),
            Some(Pairing::Many(many)) => (many[..many.len().min(MOST_ORIGINS)].to_vec(), None),
            Some(Pairing::Earlier(earlier)) => (Vec::new(), Some(earlier)),
            Some(Pairing::Unknown) | None => (Vec::new(), None),
        };
        let sources = |place: Place| self.run_at(place).map_or(&[][..], |run| run.sources.as_slice());
        let (of_now, of_then) = (
            sources(place),
            earlier.and_then(|earlier| {
                let then = Place { iteration: earlier.iteration, ..place };
                self.place(sources(then).first().copied().flatten()?, earlier.item as usize)
            }),
        );
        let from_now = move |origin: ItemRef| {
            let source = of_now.get(origin.input as usize).copied().flatten()?;
            self.place(source, origin.item as usize)
        };
        Ok(origins.into_iter().filter_map(from_now).chain(of_then))
    }

    pub(super) fn place(&self, source: Source, item: usize) -> Option<Place> {
        let Source { node, iteration, port } = source;
        Some(Place { node: self.plan.number_of(node)?, iteration, port, item })
    }

    pub(super) fn run_at(&self, place: Place) -> Option<&Run> {
        self.schedule.runs(place.node).get(place.iteration as usize)
    }

    pub(super) fn list_at(&self, place: Place) -> Option<&List> {
        self.run_at(place)?.outputs.get(usize::from(place.port))
    }

    fn item_at(&self, place: Place) -> Result<Option<Item>, NodeError> {
        self.list_at(place).map_or(Ok(None), |list| self.lists.item(list, place.item))
    }

    fn pairing_at(&self, place: Place) -> Result<Option<Pairing>, NodeError> {
        self.list_at(place).map_or(Ok(None), |list| self.lists.pairing(list, place.item))
    }
}

/// What an expression is told where a list of `node` cannot be read.
pub(super) fn unreadable(node: &str) -> impl Fn(NodeError) -> NodeFault {
    move |error| NodeFault::Unreadable { node: node.to_owned(), reason: error.message.clone() }
}
