//! One operation of SSH after the other.

use std::fmt::Write as _;
use std::sync::Arc;

use tokio::time::timeout;
use weft_clients::ssh::{Files, Ran, Session};
use weft_clients::{Budget, Failure};
use weft_file_formats::media_type;
use weft_nodes::{Field, NodeError};
use weft_value::{BinaryRef, Item, Object, Value};

use super::{Operation, Parameters};
use crate::action::{ActFailure, Acted, Action};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::files::{StepFiles, file_of, with_file};
use crate::remote::{self, NotDone};

/// The most bytes that a command may write.
const MOST_OUTPUT: usize = 64 << 20;

/// What operations need.
pub(super) struct Work<'a> {
    pub(super) node: &'a Parameters,
    pub(super) step: &'a Arc<StepView>,
    pub(super) session: &'a Session,
    pub(super) files: Option<Files<'a>>,
    pub(super) kept: StepFiles,
    pub(super) budget: Budget,
}

impl Work<'_> {
    pub(super) async fn all(&mut self, items: &[Item]) -> Result<Acted, ActFailure> {
        let (node, step) = (self.node, self.step);
        let mut collected = Collected::default();
        for (index, item) in items.iter().enumerate() {
            let limit = node.limit();
            let late = |_| Err(NotDone::There(Failure::Timeout { server: "The SSH server", limit }));
            let answer = timeout(limit, self.one(index, item)).await.unwrap_or_else(late).map(|item| vec![item]);
            // A command that takes too long leaves the connection as it is.
            let answer = answer.map_err(|not_done| match not_done {
                NotDone::There(failure @ Failure::Timeout { .. }) => remote::error_of(&failure, node.retried()).into(),
                other => other,
            });
            collected.take_answer(step, index, answer, node.retried())?;
        }
        Ok(Acted::outputs(collected.into()))
    }

    /// What becomes of one item.
    async fn one(&mut self, index: usize, item: &Item) -> Result<Item, NotDone> {
        match (self.node.operation, &self.files) {
            (Operation::Upload, Some(files)) => self.upload(files, index, item).await,
            (Operation::Download, Some(files)) => self.download(files, index, item).await,
            _ => self.execute(index).await,
        }
    }

    fn text(&self, field: &Field, index: usize) -> Result<String, NodeError> {
        Ok(field.text(self.step.as_ref(), index)?.as_str().to_owned())
    }

    async fn execute(&mut self, index: usize) -> Result<Item, NotDone> {
        let command = in_folder(&self.text(&self.node.cwd, index)?, &self.text(&self.node.command, index)?)?;
        let most = self.budget.bytes().min(MOST_OUTPUT);
        let mut budget = Budget::new(usize::MAX, most);
        let ran = self.session.execute(&command, &mut budget).await.map_err(|failure| match failure {
            // What fills the execution's memory ends it; a command that writes too much is only that.
            Failure::TooLarge { .. } if most == MOST_OUTPUT => NotDone::Here(too_much()),
            failure => NotDone::There(failure),
        })?;
        self.budget = Budget::new(usize::MAX, self.budget.bytes() - (most - budget.bytes()));
        Ok(Item::new(told(ran)))
    }

    async fn upload(&self, files: &Files<'_>, index: usize, item: &Item) -> Result<Item, NotDone> {
        let property = self.text(&self.node.binary_property_name, index)?;
        let file = file_of(item, &property).map_err(|error| error.in_field("binaryPropertyName"))?;
        let chosen = self.text(&self.node.options.file_name, index)?;
        let name = if chosen.is_empty() { file.file_name.clone().unwrap_or_default() } else { chosen };
        if name.is_empty() {
            let error = NodeError::new("parameter", "The file has no name. Give it one in the options.");
            return Err(error.in_field("options.fileName").finally().into());
        }
        let folder = self.text(&self.node.path, index)?;
        let path = format!("{}/{name}", folder.trim_end_matches('/'));
        let mut source = self.kept.open(file).await?;
        let mut target = files.write(&path).await?;
        while let Some(bytes) = source.next().await? {
            target.write(&bytes).await?;
        }
        target.finish().await?;
        Ok(Item::new([("success", true)].into_iter().collect::<Object>()))
    }

    async fn download(&self, files: &Files<'_>, index: usize, item: &Item) -> Result<Item, NotDone> {
        let path = self.text(&self.node.path, index)?;
        let chosen = self.text(&self.node.options.file_name, index)?;
        let property = self.text(&self.node.binary_property_name, index)?;
        let mut source = files.read(&path).await?;
        let mut sink = self.kept.create();
        while let Some(bytes) = source.next().await? {
            sink.write(bytes).await?;
        }
        let name = if chosen.is_empty() { path.rsplit('/').next().unwrap_or_default() } else { chosen.as_str() };
        let file = sink.finish(described(name)).await?;
        let kept = Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) };
        Ok(with_file(kept, property, file))
    }
}

/// Name and type of a file, of which its name is all that is known.
pub(crate) fn described(name: &str) -> BinaryRef {
    let mime_type = media_type::of_name(name).unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension = media_type::extension_of_name(name).or_else(|| media_type::extension(&mime_type));
    let file_extension = extension.map(str::to_owned);
    BinaryRef { mime_type, file_extension, file_name: Some(name.to_owned()), ..BinaryRef::default() }
}

fn too_much() -> NodeError {
    let message = format!("The command wrote more than {} MiB.", MOST_OUTPUT >> 20);
    NodeError::new("server_answer", message).describe("Let it write into a file, and download that.").finally()
}

/// A command that is executed in a folder. The shell of the other machine reads it, whichever that is: the folder is one word for it.
pub(super) fn in_folder(folder: &str, command: &str) -> Result<String, NodeError> {
    if command.trim().is_empty() {
        return Err(NodeError::new("parameter", "The command is empty.").in_field("command").finally());
    }
    let folder = folder.trim();
    // Its own folder is named by the shell itself.
    let (home, rest) = match folder.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("~/", rest.trim_start_matches('/')),
        _ => ("", folder),
    };
    let mut said = String::new();
    if !folder.is_empty() {
        let word = rest.replace('\'', r"'\''");
        // Nothing is done where it should not be.
        let _ = writeln!(said, "cd {home}'{word}' || exit 1");
    }
    said.push_str(command);
    Ok(said)
}

pub(super) fn told(ran: Ran) -> Object {
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes).trim());
    let fields = [
        ("code", ran.code.map_or(Value::Null, Value::from)),
        ("signal", ran.signal.map_or(Value::Null, Value::from)),
        ("stdout", text(&ran.stdout)),
        ("stderr", text(&ran.stderr)),
    ];
    fields.into_iter().collect()
}
