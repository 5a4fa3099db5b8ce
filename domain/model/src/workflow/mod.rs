//! A workflow: a draft that people edit, and the versions of it that are executed.

mod change;
mod command;
mod edit;
mod event;
mod fault;
mod field;
mod history;
#[cfg(test)]
mod laws;
mod rejection;
mod rename;
mod rules;
#[cfg(test)]
mod tests;

pub use change::*;
pub use command::*;
pub use event::*;
pub use fault::*;
pub use rejection::*;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::limits::MAX_EVENT;
use crate::{Actor, Decider, GroupId, NodeId, StreamVersion};
use field::{Field, Owner, Touch};
use history::{History, portions};

/// A workflow as its decisions see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Workflow {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// It can be edited and published.
    Live(Box<Live>),
    /// It was put away.
    Archived,
}

/// A workflow that can be edited and published.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    version: StreamVersion,
    definition: Definition,
    /// The version that changed the definition last.
    changed_at: StreamVersion,
    touches: BTreeMap<Field, Touch>,
    histories: HashMap<Actor, History>,
    /// Every group of edits there ever was.
    groups: HashSet<GroupId>,
    /// Every renaming of a node: when, from, to.
    renames: Vec<(StreamVersion, String, String)>,
    publication: Publication,
}

/// Whether and how a workflow is executed by its triggers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publication {
    /// It was never published.
    Never,
    /// Its triggers start it.
    Active(Published),
    /// Its triggers start nothing for now.
    Paused(Published),
}

/// The newest published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number, from 1.
    pub number: u32,
    /// The version of the stream whose draft it is.
    pub draft: StreamVersion,
    /// What identifies the checked graph.
    pub digest: String,
}

impl Publication {
    /// The newest published version, where there is one.
    pub fn published(&self) -> Option<&Published> {
        match self {
            Self::Never => None,
            Self::Active(published) | Self::Paused(published) => Some(published),
        }
    }
}

impl Workflow {
    /// The workflow, where it can be edited.
    pub fn live(&self) -> Result<&Live, WorkflowRejection> {
        match self {
            Self::Absent => Err(WorkflowRejection::Missing),
            Self::Live(live) => Ok(live),
            Self::Archived => Err(WorkflowRejection::Archived),
        }
    }
}

impl Live {
    /// The version of the stream: the `seen` of the next edit.
    pub fn version(&self) -> StreamVersion {
        self.version
    }

    /// The draft.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Whether and how it is executed.
    pub fn publication(&self) -> &Publication {
        &self.publication
    }

    /// Whether the person has something to undo.
    pub fn can_undo(&self, by: Actor) -> bool {
        self.revert(by, EditCause::Undo).is_ok()
    }

    /// Whether the person has something to redo.
    pub fn can_redo(&self, by: Actor) -> bool {
        self.revert(by, EditCause::Redo).is_ok()
    }

    fn begin(definition: Definition) -> Self {
        Self {
            version: StreamVersion(1),
            definition,
            changed_at: StreamVersion(1),
            touches: BTreeMap::new(),
            histories: HashMap::new(),
            groups: HashSet::new(),
            renames: Vec::new(),
            publication: Publication::Never,
        }
    }

    fn owner(&self, field: &Field) -> Option<Owner> {
        self.touches.get(field).and_then(|touch| touch.owner)
    }

    /// Whether something else than `group` changed the field after the person looked.
    fn touched_after(&self, field: &Field, seen: StreamVersion, group: GroupId) -> bool {
        self.touches
            .get(field)
            .is_some_and(|touch| touch.version > seen && touch.owner.map(|owner| owner.group) != Some(group))
    }

    /// The first of what is written in a node that changed after the person looked.
    fn content_touched_after(&self, node: NodeId, seen: StreamVersion, group: GroupId) -> Option<&Field> {
        let mut fields = self.touches.keys().filter(|field| field.is_content_of(node));
        fields.find(|field| self.touched_after(field, seen, group))
    }

    /// ` of “Name”`, where the field is of a node that is there.
    fn owner_phrase(&self, field: &Field) -> String {
        let node = field.node().and_then(|node| self.definition.graph.nodes.get(&node));
        node.map_or(String::new(), |node| format!(" of “{}”", node.name))
    }
}

impl Decider for Workflow {
    type Command = WorkflowCommand;
    type Event = WorkflowEvent;
    type Rejection = WorkflowRejection;

    const NAME: &'static str = "workflow";

    fn decide(&self, command: WorkflowCommand) -> Result<Vec<WorkflowEvent>, WorkflowRejection> {
        match command {
            WorkflowCommand::Create { definition } => self.create(definition),
            WorkflowCommand::Edit(edit) => {
                let (group, by) = (edit.group, edit.by);
                let changes = edit::changes(self.live()?, edit)?;
                Ok(edited(group, by, EditCause::Edit, changes))
            }
            WorkflowCommand::Undo { by } => {
                let (group, changes) = self.live()?.revert(by, EditCause::Undo)?;
                Ok(edited(group, by, EditCause::Undo, changes))
            }
            WorkflowCommand::Redo { by } => {
                let (group, changes) = self.live()?.revert(by, EditCause::Redo)?;
                Ok(edited(group, by, EditCause::Redo, changes))
            }
            WorkflowCommand::Publish { draft, digest } => publish(self.live()?, draft, digest),
            WorkflowCommand::Activate => match &self.live()?.publication {
                Publication::Never => Err(WorkflowRejection::NotPublished),
                Publication::Active(_) => Ok(vec![]),
                Publication::Paused(published) => Ok(vec![WorkflowEvent::Activated { number: published.number }]),
            },
            WorkflowCommand::Deactivate => match &self.live()?.publication {
                Publication::Never => Err(WorkflowRejection::NotPublished),
                Publication::Active(_) => Ok(vec![WorkflowEvent::Deactivated {}]),
                Publication::Paused(_) => Ok(vec![]),
            },
            WorkflowCommand::Archive => match self {
                Self::Absent => Err(WorkflowRejection::Missing),
                Self::Live(_) => Ok(vec![WorkflowEvent::Archived {}]),
                Self::Archived => Ok(vec![]),
            },
        }
    }

    fn evolve(&mut self, event: &WorkflowEvent) {
        match (self, event) {
            (state, WorkflowEvent::Created { definition }) => {
                *state = Self::Live(Box::new(Live::begin((**definition).clone())));
            }
            (state, WorkflowEvent::Archived {}) => *state = Self::Archived,
            (Self::Live(live), event) => live.evolve(event),
            (
                Self::Absent | Self::Archived,
                WorkflowEvent::Edited { .. }
                | WorkflowEvent::Published { .. }
                | WorkflowEvent::Activated { .. }
                | WorkflowEvent::Deactivated {},
            ) => {}
        }
    }
}

impl Live {
    fn evolve(&mut self, event: &WorkflowEvent) {
        self.version.0 += 1;
        match event {
            WorkflowEvent::Edited { group, by, cause, changes } => self.edited(*group, *by, *cause, changes),
            WorkflowEvent::Published { number, draft, digest } => {
                let published = Published { number: *number, draft: *draft, digest: digest.clone() };
                self.publication = Publication::Active(published);
            }
            WorkflowEvent::Activated { number: _ } => {
                if let Publication::Paused(published) = &self.publication {
                    self.publication = Publication::Active(published.clone());
                }
            }
            WorkflowEvent::Deactivated {} => {
                if let Publication::Active(published) = &self.publication {
                    self.publication = Publication::Paused(published.clone());
                }
            }
            WorkflowEvent::Created { .. } | WorkflowEvent::Archived {} => {}
        }
    }
}

impl Workflow {
    fn create(&self, definition: Box<Definition>) -> Result<Vec<WorkflowEvent>, WorkflowRejection> {
        if *self != Self::Absent {
            return Err(WorkflowRejection::Exists);
        }
        definition.check().map_err(|fault| WorkflowRejection::Definition { fault })?;
        if definition.bytes() > MAX_EVENT {
            return Err(WorkflowRejection::TooLarge);
        }
        Ok(vec![WorkflowEvent::Created { definition }])
    }
}

/// One event, unless there is nothing to say or too much for one.
fn edited(group: GroupId, by: Actor, cause: EditCause, changes: Vec<Change>) -> Vec<WorkflowEvent> {
    let portions = portions(changes).into_iter();
    portions.map(|changes| WorkflowEvent::Edited { group, by, cause, changes }).collect()
}

fn publish(live: &Live, draft: StreamVersion, digest: String) -> Result<Vec<WorkflowEvent>, WorkflowRejection> {
    if draft > live.version {
        return Err(WorkflowRejection::NeverSeen { seen: draft.0, current: live.version.0 });
    }
    if live.changed_at > draft {
        return Err(WorkflowRejection::DraftChanged { current: live.version });
    }
    match &live.publication {
        Publication::Active(published) if published.digest == digest => Ok(vec![]),
        Publication::Paused(published) if published.digest == digest => {
            Ok(vec![WorkflowEvent::Activated { number: published.number }])
        }
        publication => {
            let number = publication.published().map_or(1, |published| published.number + 1);
            Ok(vec![WorkflowEvent::Published { number, draft, digest }])
        }
    }
}
