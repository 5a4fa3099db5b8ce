//! Undo and redo, by group and person, without end.
//!
//! Every field knows which group gave it the value it has: its *owner*. A group can be taken back while it owns all of the
//! fields that it changed; taking it back gives each field to the owner before. So two people undo their own groups in any
//! order, as long as nobody built on them, and what one person did is never lost by another person's undo. Redo is the same,
//! mirrored: what was taken back can be made again while its fields have the owners that they had then.

use super::field::{Field, Owner, Touch};
use super::rename::rewritten_parameters;
use super::rules::check_structure;
use super::{Change, Definition, EditCause, Live, WorkflowRejection};
use crate::limits::MAX_EVENT;
use crate::{Actor, GroupId, NodeId, StreamVersion};

/// What one person did and took back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    done: Vec<Entry>,
    undone: Vec<Entry>,
}

/// A group that can be reverted.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    group: GroupId,
    /// When it was made, made again or taken back last.
    version: StreamVersion,
    /// What reverts each of its changes, in the order in which they were made; applied from the last to the first.
    inverses: Vec<Change>,
    claims: Vec<Claim>,
}

/// A field that must be `owned_by` a group for the entry to be reverted, and is `given_to` another by it.
#[derive(Clone, Debug, PartialEq)]
struct Claim {
    field: Field,
    owned_by: Option<GroupId>,
    given_to: Option<Owner>,
}

impl Entry {
    fn has_claim_on(&self, field: &Field) -> bool {
        self.claims.iter().any(|claim| claim.field == *field)
    }
}

impl History {
    fn stack(&mut self, cause: EditCause) -> (&mut Vec<Entry>, &mut Vec<Entry>) {
        match cause {
            EditCause::Undo => (&mut self.done, &mut self.undone),
            EditCause::Edit | EditCause::Redo => (&mut self.undone, &mut self.done),
        }
    }
}

impl Live {
    /// Whether `group` is what the person edited last and nobody built on it since, so that it may go on.
    pub(super) fn is_open(&self, group: GroupId, by: Actor) -> bool {
        let newest = self.histories.get(&by).and_then(|history| history.done.last());
        newest.is_some_and(|entry| entry.group == group && self.blocking_claim(entry).is_none())
    }

    fn blocking_claim<'a>(&self, entry: &'a Entry) -> Option<&'a Claim> {
        entry.claims.iter().find(|claim| self.group_of(&claim.field) != claim.owned_by)
    }

    /// The newest revertible group of the person and what reverts it.
    pub(super) fn revert(&self, by: Actor, cause: EditCause) -> Result<(GroupId, Vec<Change>), WorkflowRejection> {
        let history = self.histories.get(&by);
        let (stack, nothing) = match cause {
            EditCause::Undo => (history.map(|history| &history.done), WorkflowRejection::NothingToUndo),
            EditCause::Edit | EditCause::Redo => {
                (history.map(|history| &history.undone), WorkflowRejection::NothingToRedo)
            }
        };
        let mut first = None;
        for entry in stack.into_iter().flatten().rev() {
            match self.reversal(entry) {
                Ok(changes) => return Ok((entry.group, changes)),
                // Groups below it may still be revertible; if none is, the newest one's reason is the one to tell.
                Err(rejection) => first = first.or(Some(rejection)),
            }
        }
        Err(first.unwrap_or(nothing))
    }

    fn reversal(&self, entry: &Entry) -> Result<Vec<Change>, WorkflowRejection> {
        if let Some(claim) = self.blocking_claim(entry) {
            return Err(self.superseded(&claim.field));
        }
        let mut working = self.definition.clone();
        let mut changes: Vec<Change> = Vec::with_capacity(entry.inverses.len());
        let mut renames = Vec::new();
        for inverse in entry.inverses.iter().rev() {
            if let Some(field) = self.loss(entry, inverse) {
                return Err(self.superseded(field));
            }
            if let Some(node) = inverse.changed_node().filter(|node| !working.graph.nodes.contains_key(node)) {
                return Err(self.superseded(&Field::Node(node)));
            }
            if let Change::NodeRenamed { node, name } = inverse
                && let Some(node) = working.graph.nodes.get(node)
            {
                renames.push((node.name.clone(), name.clone()));
            }
            working.apply(inverse);
            changes.push(inverse.clone());
        }
        for (from, to) in renames {
            // References to the name that is taken back, which were written since.
            if working.graph.node_named(&from).is_none() {
                let mut rewritten = rewritten_parameters(&working.graph, &from, &to);
                rewritten.retain(|change| {
                    let field = Field::of(change);
                    !entry.has_claim_on(&field) && self.is_newer(&field, entry.version)
                });
                working = working.with(&rewritten);
                changes.extend(rewritten);
            }
        }
        check_structure(&working.graph).map_err(|fault| WorkflowRejection::Definition { fault })?;
        Ok(changes)
    }

    fn group_of(&self, field: &Field) -> Option<GroupId> {
        self.owner(field).map(|owner| owner.group)
    }

    /// Whether what the field says, or the node that it is of, was written after `version`.
    fn is_newer(&self, field: &Field, version: StreamVersion) -> bool {
        let written = |field: &Field| self.owner(field).is_some_and(|owner| owner.since > version);
        written(field) || field.node().is_some_and(|node| written(&Field::Node(node)))
    }

    /// What another group wrote and `inverse` would take away with its node.
    fn loss(&self, entry: &Entry, inverse: &Change) -> Option<&Field> {
        let Change::NodeRemoved { node } = inverse else { return None };
        let others = self.touches.iter().filter(|(field, touch)| field.is_content_of(*node) && touch.owner.is_some());
        others.map(|(field, _)| field).find(|field| !entry.has_claim_on(field))
    }

    /// Folds changes into the draft and into the history of the person.
    pub(super) fn edited(&mut self, group: GroupId, by: Actor, cause: EditCause, changes: &[Change]) {
        self.groups.insert(group);
        self.changed_at = self.version;
        let mut entry = self.entry(group, by, cause);
        for change in changes {
            if let Change::NodeRenamed { node, name } = change
                && let Some(node) = self.definition.graph.nodes.get(node)
            {
                self.renames.push((self.version, node.name.clone(), name.clone()));
            }
            entry.inverses.extend(inverse(&self.definition, change));
            self.definition.apply(change);
            self.touch(&mut entry, Field::of(change));
            if let Change::NodeRemoved { node } = change {
                self.keep_content(&mut entry, *node);
            }
        }
        let history = self.histories.entry(by).or_default();
        if cause == EditCause::Edit {
            history.undone.clear();
        }
        history.stack(cause).1.push(entry);
    }

    /// The entry that the changes belong to: the one that a large command began with its events before, the mirror of the one
    /// that is reverted, or a new one.
    fn entry(&mut self, group: GroupId, by: Actor, cause: EditCause) -> Entry {
        let history = self.histories.entry(by).or_default();
        let (from, to) = history.stack(cause);
        if let Some(begun) = to.pop_if(|entry| entry.group == group) {
            return Entry { version: self.version, ..begun };
        }
        let reverted = match cause {
            EditCause::Edit => None,
            EditCause::Undo | EditCause::Redo => from.iter().rposition(|entry| entry.group == group),
        };
        let reverted = reverted.map(|place| from.remove(place));
        let mut claims = Vec::new();
        for claim in reverted.into_iter().flat_map(|entry| entry.claims).rev() {
            let before = self.owner(&claim.field);
            claims.push(Claim {
                field: claim.field.clone(),
                owned_by: claim.given_to.map(|owner| owner.group),
                given_to: before,
            });
            if claim.given_to.map(|owner| owner.group) != claim.owned_by {
                // Who makes something again wrote it now; who takes something back leaves what was written before.
                let since = |owner: Owner| if cause == EditCause::Redo { self.version } else { owner.since };
                let owner = claim.given_to.map(|owner| Owner { since: since(owner), ..owner });
                self.touches.insert(claim.field, Touch { version: self.version, owner });
            }
        }
        Entry { group, version: self.version, inverses: Vec::new(), claims }
    }

    /// Records that `field` changed. A field that the entry has no claim on belongs to its group from now on.
    fn touch(&mut self, entry: &mut Entry, field: Field) {
        let before = self.owner(&field);
        let group = before.map(|owner| owner.group);
        if entry.claims.iter().any(|claim| claim.field == field && claim.owned_by == group) {
            self.touches.insert(field, Touch { version: self.version, owner: before });
            return;
        }
        let owner = Some(Owner { group: entry.group, since: self.version });
        self.touches.insert(field.clone(), Touch { version: self.version, owner });
        entry.claims.push(Claim { field, owned_by: Some(entry.group), given_to: before });
    }

    /// What is written in a removed node still belongs to who wrote it. The removal can be made again after it was taken back
    /// only while nothing else was written there.
    fn keep_content(&self, entry: &mut Entry, node: NodeId) {
        for (field, touch) in self.touches.iter().filter(|(field, _)| field.is_content_of(node)) {
            if touch.owner.is_some() && !entry.has_claim_on(field) {
                let (owned_by, given_to) = (touch.owner.map(|owner| owner.group), touch.owner);
                entry.claims.push(Claim { field: field.clone(), owned_by, given_to });
            }
        }
    }

    fn superseded(&self, field: &Field) -> WorkflowRejection {
        WorkflowRejection::Superseded {
            what: field.label(),
            of: self.owner_phrase(field),
            node: field.node(),
            current: self.version,
        }
    }
}

impl Change {
    /// The node that must be there for the change to mean anything.
    fn changed_node(&self) -> Option<NodeId> {
        match self {
            Self::NodeMoved { node, .. }
            | Self::NodeRenamed { node, .. }
            | Self::ParameterSet { node, .. }
            | Self::ParameterRemoved { node, .. }
            | Self::NodeSettingChanged { node, .. }
            | Self::ItemsPinned { node, .. }
            | Self::NodeRemoved { node } => Some(*node),
            // An unpinning, or an edge that is gone, is what was wanted; an added edge is checked with the whole graph.
            Self::ItemsUnpinned { .. }
            | Self::EdgeAdded { .. }
            | Self::EdgeRemoved { .. }
            | Self::NodeAdded { .. }
            | Self::WorkflowRenamed { .. }
            | Self::SettingsChanged { .. } => None,
        }
    }
}

/// What makes `change` undone in `before`; nothing where it changes nothing there.
fn inverse(before: &Definition, change: &Change) -> Option<Change> {
    let graph = &before.graph;
    Some(match change {
        Change::WorkflowRenamed { .. } => Change::WorkflowRenamed { name: before.name.clone() },
        Change::SettingsChanged { .. } => Change::SettingsChanged { settings: graph.settings.clone() },
        Change::NodeAdded { node, .. } => Change::NodeRemoved { node: node.id },
        Change::NodeRemoved { node } => {
            let (place, _, node) = graph.nodes.get_full(node)?;
            Change::NodeAdded { node: node.clone(), place: Some(place as u32) }
        }
        Change::EdgeAdded { edge, .. } => Change::EdgeRemoved { edge: *edge },
        Change::EdgeRemoved { edge } => {
            Change::EdgeAdded { edge: *edge, place: Some(graph.edges.get_index_of(edge)? as u32) }
        }
        Change::ItemsPinned { node, .. } | Change::ItemsUnpinned { node } => match graph.pinned.get(node) {
            Some(items) => Change::ItemsPinned { node: *node, items: items.clone() },
            None => Change::ItemsUnpinned { node: *node },
        },
        Change::NodeMoved { node, .. } => Change::NodeMoved { node: *node, position: graph.nodes.get(node)?.position },
        Change::NodeRenamed { node, .. } => {
            Change::NodeRenamed { node: *node, name: graph.nodes.get(node)?.name.clone() }
        }
        Change::ParameterSet { node, name, .. } | Change::ParameterRemoved { node, name } => {
            let (node, name) = (*node, name.clone());
            match graph.nodes.get(&node)?.parameters.as_object().and_then(|parameters| parameters.get(&name)) {
                Some(value) => Change::ParameterSet { node, name, value: value.clone() },
                None => Change::ParameterRemoved { node, name },
            }
        }
        Change::NodeSettingChanged { node, setting } => {
            Change::NodeSettingChanged { node: *node, setting: graph.nodes.get(node)?.setting(setting) }
        }
    })
}

/// `changes` in parts that each fit into one event. A single change always does, by the limits on what a node holds.
pub(super) fn portions(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut portions: Vec<Vec<Change>> = Vec::new();
    let mut room = 0;
    for change in changes {
        let size = serde_json::to_vec(&change).map_or(MAX_EVENT, |json| json.len() + 1);
        match portions.last_mut() {
            Some(portion) if size <= room => {
                room -= size;
                portion.push(change);
            }
            _ => {
                room = MAX_EVENT.saturating_sub(size);
                portions.push(vec![change]);
            }
        }
    }
    portions
}
