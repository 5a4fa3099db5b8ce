//! How a node gets what came: all of it, chunk by chunk, or in portions.

use std::sync::Arc;

use super::drive::Drive;
use super::list::{List, StoredList};
use super::lists::Lists;
use super::recorder::Lost;
use super::schedule::{Delivery, Task};
use crate::action::ActFailure;
use crate::plan::PlanNode;

/// How a node gets what came.
pub(super) enum Comes {
    /// All of it at once.
    Whole,
    /// Chunk by chunk: it treats each item by itself.
    InChunks(Arc<StoredList>),
    /// As much as it asks for. It sees the first item of each input.
    InPortions(Task),
}

impl Drive {
    /// The task, and how the node gets what came; the task as it was where that cannot be had.
    pub(super) async fn ready_task(
        &mut self,
        node: &PlanNode,
        task: Task,
    ) -> Result<Result<(Task, Comes), (Task, ActFailure)>, Lost> {
        // A disabled node passes everything on.
        if node.execute_once && !node.disabled {
            return Ok(match self.of_first_items(task.clone()).await? {
                Ok(first) => Ok((first, Comes::Whole)),
                Err(failure) => Err((task, failure)),
            });
        }
        if node.takes_portions && !node.disabled && task.is_stored() {
            return Ok(match self.of_first_items(task.clone()).await? {
                Ok(first) => Ok((task, Comes::InPortions(first))),
                Err(failure) => Err((task, failure)),
            });
        }
        if !task.is_stored() {
            return Ok(Ok((task, Comes::Whole)));
        }
        if let Some(list) = self.list_in_chunks(node, &task) {
            return Ok(Ok((task, Comes::InChunks(list))));
        }
        Ok(match self.loaded(task.clone()).await? {
            Ok(loaded) => Ok((loaded, Comes::Whole)),
            Err(failure) => Err((task, failure)),
        })
    }

    /// Where a node finds the next portion of a list, near the last one.
    pub(super) fn lists_of_portions(&mut self, node: usize) -> Lists {
        if let Some(lists) = self.portions.get(&node) {
            return lists.clone();
        }
        let lists = Lists::new(self.lists(), self.interruptions());
        self.portions.insert(node, lists.clone());
        lists
    }

    /// The task with everything that came in memory, as far as it has room there.
    pub(super) async fn loaded(&mut self, mut task: Task) -> Result<Result<Task, ActFailure>, Lost> {
        let (files, most) = (self.lists(), self.recorder.room().limit());
        let loading = async move {
            for delivery in task.inputs.iter_mut().flatten() {
                if matches!(delivery.items, List::Stored(_)) {
                    delivery.items = List::Held(delivery.items.load(&files, most).await?);
                }
            }
            Ok(task)
        };
        self.read(loading).await
    }

    /// The task with the first item of each input.
    pub(super) async fn of_first_items(&mut self, mut task: Task) -> Result<Result<Task, ActFailure>, Lost> {
        let files = self.lists();
        let loading = async move {
            for delivery in task.inputs.iter_mut().flatten() {
                delivery.items = List::Held(delivery.items.first(&files).await?);
            }
            Ok(task)
        };
        self.read(loading).await
    }

    /// The list that the node can work on chunk by chunk: there is nothing else that it looks at, and it gives the same in the end.
    pub(super) fn list_in_chunks(&self, node: &PlanNode, task: &Task) -> Option<Arc<StoredList>> {
        let is_pinned = node.pinned.is_some() && self.info.uses_pinned();
        let is_itemwise = node.disabled || (node.is_itemwise && node.retry.is_none() && !is_pinned);
        match task.inputs.as_slice() {
            [Some(Delivery { items: List::Stored(list), .. })] if is_itemwise => Some(Arc::clone(list)),
            _ => None,
        }
    }
}
