//! One operation of FTP after the other.

use std::sync::Arc;

use weft_clients::Budget;
use weft_nodes::{Field, NodeError};
use weft_value::{Item, Object};

use super::other::Other;
use super::{Operation, Parameters};
use crate::action::{ActFailure, Acted, Action};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{FileStream, StepFiles, file_of, with_file};
use crate::kinds::ssh::described;
use crate::remote::NotDone;

/// How deep folders are looked into.
const MOST_DEPTH: usize = 100;

/// What operations need.
pub(super) struct Work<'a> {
    pub(super) node: &'a Parameters,
    pub(super) step: &'a Arc<StepView>,
    pub(super) other: Other<'a>,
    pub(super) kept: StepFiles,
    pub(super) budget: Budget,
}

impl Work<'_> {
    pub(super) async fn all(mut self, items: &[Item]) -> Result<Acted, ActFailure> {
        let acted = self.each(items).await;
        self.other.close().await;
        acted
    }

    async fn each(&mut self, items: &[Item]) -> Result<Acted, ActFailure> {
        let (node, step) = (self.node, self.step);
        let mut collected = Collected::default();
        for (index, item) in items.iter().enumerate() {
            collected.take_answer(step, index, self.one(index, item).await, node.retried())?;
        }
        Ok(Acted::outputs(collected.into()))
    }

    /// What becomes of one item.
    async fn one(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, NotDone> {
        match self.node.operation {
            Operation::Delete => self.delete(index).await,
            Operation::Download => self.download(index, item).await,
            Operation::List => self.list(index).await,
            Operation::Rename => self.rename(index).await,
            Operation::Upload => self.upload(index, item).await,
        }
    }

    /// A path, which is one line.
    fn path(&self, field: &Field, name: &'static str, index: usize) -> Result<String, NodeError> {
        let path = field.text(self.step.as_ref(), index)?.as_str().to_owned();
        if path.trim().is_empty() || path.chars().any(char::is_control) {
            let message = "A path is not empty and has no line ends.";
            return Err(NodeError::new("parameter", message).in_field(name).finally());
        }
        Ok(path)
    }

    async fn delete(&mut self, index: usize) -> Result<Vec<Item>, NotDone> {
        let path = self.path(&self.node.path, "path", index)?;
        let options = &self.node.options;
        match (options.folder, options.recursive) {
            (false, _) => self.other.delete(&path).await?,
            (true, false) => self.other.delete_folder(&path).await?,
            (true, true) => self.delete_all(path).await?,
        }
        Ok(success())
    }

    /// Deletes a folder with all that is in it. Links are deleted, and never followed.
    async fn delete_all(&mut self, path: String) -> Result<(), NotDone> {
        if path.trim_matches(['/', '.']).is_empty() {
            let message = "Everything of a server is not deleted at once. Name a folder.";
            return Err(NodeError::new("parameter", message).in_field("path").finally().into());
        }
        // Folders that were looked into are deleted after what is in them.
        let mut left = vec![(path, 0, false)];
        while let Some((folder, depth, is_empty)) = left.pop() {
            if is_empty {
                self.other.delete_folder(&folder).await?;
                continue;
            }
            let entries = self.entries(&folder, depth).await?;
            left.push((folder.clone(), depth, true));
            for (path, entry) in entries {
                if entry.is_folder {
                    left.push((path, depth + 1, false));
                } else {
                    self.other.delete(&path).await?;
                }
            }
        }
        Ok(())
    }

    async fn list(&mut self, index: usize) -> Result<Vec<Item>, NotDone> {
        let path = self.path(&self.node.path, "path", index)?;
        let (mut found, mut left) = (Vec::new(), vec![(path, 0)]);
        while let Some((folder, depth)) = left.pop() {
            let entries = self.entries(&folder, depth).await?;
            let below = entries.iter().rev().filter(|(_, entry)| entry.is_folder && self.node.recursive);
            left.extend(below.map(|(path, _)| (path.clone(), depth + 1)));
            found.extend(entries.into_iter().map(|(path, entry)| Item::new(entry.told(path))));
        }
        Ok(found)
    }

    /// What is in a folder, with the path of each.
    async fn entries(&mut self, folder: &str, depth: usize) -> Result<Vec<(String, super::other::Entry)>, NotDone> {
        if depth > MOST_DEPTH {
            let message = format!("The folders are nested more than {MOST_DEPTH} levels deep.");
            return Err(NodeError::new("server_answer", message).finally().into());
        }
        let entries = self.other.list(folder, &mut self.budget).await?;
        // A name that is a path would lead out of the folder.
        let inside = entries.into_iter().filter(|entry| !entry.name.contains('/'));
        Ok(inside.map(|entry| (format!("{}/{}", folder.trim_end_matches('/'), entry.name), entry)).collect())
    }

    async fn rename(&mut self, index: usize) -> Result<Vec<Item>, NotDone> {
        let from = self.path(&self.node.old_path, "oldPath", index)?;
        let to = self.path(&self.node.new_path, "newPath", index)?;
        if self.node.options.create_directories {
            self.other.create_around(&to).await?;
        }
        self.other.rename(&from, &to).await?;
        Ok(success())
    }

    async fn upload(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, NotDone> {
        let path = self.path(&self.node.path, "path", index)?;
        let mut source = if self.node.binary_data {
            let property = self.node.binary_property_name.text(self.step.as_ref(), index)?;
            let file = file_of(item, &property).map_err(|error| error.in_field("binaryPropertyName"))?;
            self.kept.open(file).await?
        } else {
            let text = self.node.file_content.text(self.step.as_ref(), index)?;
            FileStream::Inline(Some(text.as_str().to_owned().into()))
        };
        self.other.upload(&path, &mut source).await?;
        Ok(vec![Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) }])
    }

    async fn download(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, NotDone> {
        let path = self.path(&self.node.path, "path", index)?;
        let property = self.node.binary_property_name.text(self.step.as_ref(), index)?;
        let mut sink = self.kept.create();
        self.other.download(&path, &mut sink).await?;
        let file = sink.finish(described(path.rsplit('/').next().unwrap_or_default())).await?;
        let kept = Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) };
        Ok(vec![with_file(kept, property.as_str(), file)])
    }
}

fn success() -> Vec<Item> {
    vec![Item::new([("success", true)].into_iter().collect::<Object>())]
}
