//! Long lists: kept in the store of files, and read from there chunk by chunk where a node treats each item by itself.

use std::sync::Arc;

use weft_nodes::{NodeError, Outputs};

use super::acting::TOLD_AFTER;
use super::drive::Drive;
use super::list::{List, StoredList};
use super::lists::Lists;
use super::outcome::{arranged, from_everything, moved, without_errors};
use super::recorder::Lost;
use super::schedule::{Delivery, Items, Task};
use super::step::{Attempt, Going, pass_on, readable, unhurried};
use super::view::StepView;
use super::writer::{ListWriter, kept};
use crate::action::{ActFailure, Acted};
use crate::clock::later;
use crate::files::StepFiles;
use crate::plan::{Plan, PlanNode, PlanStep};

impl Drive {
    /// Where the lists of this execution are.
    pub(super) fn lists(&self) -> StepFiles {
        StepFiles::new(self.info.tenant, self.services.files.clone())
    }

    /// What a node gave as it stays: long lists go to the store.
    pub(super) async fn keep(&mut self, ports: Vec<Items>) -> Result<Vec<List>, NodeError> {
        let (files, most_held) = (self.lists(), self.recorder.max_held());
        let mut lists = Vec::with_capacity(ports.len());
        for items in ports {
            let list = kept(items, &files, most_held).await?;
            self.recorder.count_list(&list)?;
            lists.push(list);
        }
        Ok(lists)
    }

    /// Executes a node chunk by chunk: one chunk of what came, and one of each list that it makes, are in memory at a time.
    pub(super) async fn attempt_in_chunks(
        &mut self,
        plan: &Plan,
        list: &Arc<StoredList>,
        (task, this, at): (&Task, &Attempt, &Going),
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        let node = &plan.nodes[task.node];
        let (files, most_held) = (self.lists(), self.recorder.max_held());
        let mut made = Made { before: 0, first_failed: None, writers: Vec::new() };
        let outputs = if node.disabled { 1 } else { node.all_outputs().max(1) };
        made.writers.resize_with(outputs, || ListWriter::new(files.clone(), most_held));
        // What a piece looked at, the next one will look at, or at what follows.
        let found = Lists::new(files, self.interruptions());
        let mut tell_at = Some(later(self.clock.now(), TOLD_AFTER));
        for number in 0..list.chunks().len() {
            self.check_life().await?;
            if tell_at.take_if(|moment| *moment <= self.clock.now()).is_some() {
                self.record_start(node, task, this).await?;
            }
            if let Err(failure) = self.add_chunk(node, (list, number, &found), &mut made, (task, this, at)).await? {
                return Ok(Err(failure));
            }
        }
        Ok(match made.finish(node, task).await {
            Ok(acted) => {
                let stored = acted.lists.iter().flatten().map(|list| match list {
                    List::Stored(stored) => stored.bytes(),
                    List::Held(_) => 0,
                });
                self.recorder.count_stored(stored.sum());
                Ok(acted)
            }
            Err(error) => Err(ActFailure::ending(error)),
        })
    }

    /// Adds what the node gives for one chunk.
    async fn add_chunk(
        &mut self,
        node: &PlanNode,
        (list, number, found): (&Arc<StoredList>, usize, &Lists),
        made: &mut Made,
        (task, this, at): (&Task, &Attempt, &Going),
    ) -> Result<Result<(), ActFailure>, Lost> {
        let files = self.lists();
        let items = match self.read(list.chunk(number, &files)).await? {
            Ok(items) => items,
            Err(failure) => return Ok(Err(failure)),
        };
        found.have(list, number, &items);
        let source = task.inputs.iter().flatten().find_map(|delivery| delivery.source);
        let piece = Task { node: task.node, inputs: vec![Some(Delivery { items: List::Held(items), source })] };
        let given = self.piece(node, &piece, (made.before, found), (this, at));
        if let Some(interruption) = found.interruption() {
            return self.interrupted(interruption).await.map(Err);
        }
        let added = match given {
            Ok(outputs) => made.add(node, &piece, outputs).await,
            Err(failure) => return Ok(Err(failure)),
        };
        let stored = made.writers.iter().map(ListWriter::stored).sum();
        let added = added.and_then(|()| self.recorder.may_store(stored).map_err(NodeError::from));
        Ok(added.map_err(ActFailure::ending))
    }

    /// What one chunk gives.
    fn piece(
        &self,
        node: &PlanNode,
        piece: &Task,
        (before, found): (usize, &Lists),
        (this, at): (&Attempt, &Going),
    ) -> Result<Outputs, ActFailure> {
        let view = StepView { before, ..self.view(piece.clone(), (this, at), found.clone())? };
        let count = view.task.inputs.iter().flatten().map(|delivery| delivery.items.len()).sum();
        let outputs = match &node.step {
            PlanStep::Transform(transform) if !node.disabled => unhurried(count, || transform.run(&view)),
            _ => Ok(pass_on(&view)),
        };
        let outputs = outputs.map_err(|mut error| {
            error.item = error.item.map(|item| item + before as u32);
            error
        })?;
        readable(Acted::outputs(outputs)).map(|acted| acted.outputs)
    }
}

/// What a node has given so far.
struct Made {
    /// How many items it has seen.
    before: usize,
    first_failed: Option<weft_value::Item>,
    writers: Vec<ListWriter>,
}

impl Made {
    async fn add(&mut self, node: &PlanNode, piece: &Task, outputs: Outputs) -> Result<(), NodeError> {
        let count = piece.inputs.iter().flatten().map(|delivery| delivery.items.len()).sum();
        if self.first_failed.is_none() {
            self.first_failed = outputs.failed.first().cloned();
        }
        let lists = unhurried(count, || {
            let mut lists =
                if node.disabled { outputs.ports } else { arranged(node, piece, without_errors(node, outputs))? };
            for items in &mut lists {
                moved(items, self.before);
            }
            Ok::<_, NodeError>(lists)
        })?;
        for (writer, items) in self.writers.iter_mut().zip(&lists) {
            writer.push(items).await?;
        }
        self.before += count;
        Ok(())
    }

    async fn finish(self, node: &PlanNode, task: &Task) -> Result<Acted, NodeError> {
        let mut lists = Vec::with_capacity(self.writers.len());
        for writer in self.writers {
            lists.push(writer.finish().await?);
        }
        let is_silent = lists.first().is_none_or(List::is_empty);
        if node.always_output_data && is_silent && !node.disabled && !lists.is_empty() {
            lists[0] = from_everything(task).into();
        }
        let outputs = Outputs { failed: self.first_failed.into_iter().collect(), ..Outputs::default() };
        Ok(Acted { lists: Some(lists), ..Acted::outputs(outputs) })
    }
}
