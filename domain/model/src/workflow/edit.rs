//! Edits become changes: each is checked against the graph as the edits before it left it, and against what others changed.

use weft_value::{Item, Value};

use super::field::Field;
use super::rename::{rename, rewritten};
use super::rules::{
    check_edge, check_named, check_node, check_parameter, check_pinned, check_setting, check_settings, free_name,
    name_taken,
};
use super::{Change, Definition, Edit, EditWorkflow, GraphFault, Live, NodeSetting, WorkflowRejection};
use crate::limits::{MAX_EDGES, MAX_EDITS, MAX_NODES, MAX_PARAMETERS};
use crate::{Edge, GroupId, Node, NodeId, Point, StreamVersion};

/// The changes that `command` makes to `live`.
pub(super) fn changes(live: &Live, command: EditWorkflow) -> Result<Vec<Change>, WorkflowRejection> {
    let EditWorkflow { by, seen, group, edits } = command;
    if seen > live.version {
        return Err(WorkflowRejection::NeverSeen { seen: seen.0, current: live.version.0 });
    }
    if edits.len() > MAX_EDITS {
        return Err(WorkflowRejection::TooManyEdits);
    }
    if live.groups.contains(&group) && !live.is_open(group, by) {
        return Err(WorkflowRejection::GroupEnded);
    }
    let working = live.definition.clone();
    let mut editing = Editing { live, seen, group, working, changes: Vec::new(), evaded: Vec::new() };
    for (index, mut edit) in edits.into_iter().enumerate() {
        live.catch_up(&mut edit, seen);
        editing.edit(edit).map_err(|refusal| editing.explain(index, refusal))?;
    }
    Ok(editing.finish())
}

struct Editing<'a> {
    live: &'a Live,
    seen: StreamVersion,
    group: GroupId,
    working: Definition,
    changes: Vec<Change>,
    /// Added nodes that had to take another name than they asked for: id, asked for, taken.
    evaded: Vec<(NodeId, String, String)>,
}

/// Why an edit is refused.
enum Refusal {
    Fault(GraphFault),
    Conflict(Field),
}

impl From<GraphFault> for Refusal {
    fn from(fault: GraphFault) -> Self {
        Self::Fault(fault)
    }
}

impl Editing<'_> {
    fn edit(&mut self, edit: Edit) -> Result<(), Refusal> {
        match edit {
            Edit::AddNode { node, name, kind, kind_version, position, parameters } => {
                self.add_node(Node { kind_version, position, parameters, ..Node::new(node, name, kind) })
            }
            Edit::RemoveNode { node } => self.remove_node(node),
            Edit::MoveNode { node, position } => self.move_node(node, position),
            Edit::RenameNode { node, name } => self.rename_node(node, &name),
            Edit::SetParameter { node, name, value: Some(value) } => self.set_parameter(node, name, value),
            Edit::SetParameter { node, name, value: None } => self.remove_parameter(node, name),
            Edit::SetNodeSettings { node, settings } => {
                settings.into_iter().try_for_each(|setting| self.set_setting(node, setting))
            }
            Edit::AddEdge(edge) => self.add_edge(edge),
            Edit::RemoveEdge(edge) => self.remove_edge(edge),
            Edit::RenameWorkflow { name } => self.rename_workflow(name),
            Edit::SetSettings { settings } => {
                check_settings(&settings)?;
                let same = self.working.graph.settings == settings;
                self.change_unless(same, Change::SettingsChanged { settings })
            }
            Edit::SetPinnedData { node, items: Some(items) } => self.pin(node, items),
            Edit::SetPinnedData { node, items: None } => {
                let same = !self.working.graph.pinned.contains_key(&node);
                self.change_unless(same, Change::ItemsUnpinned { node })
            }
        }
    }

    fn push(&mut self, change: Change) {
        self.working.apply(&change);
        self.changes.push(change);
    }

    /// Makes the change, unless what it says is already `so`: two people who want the same are not in each other's way.
    fn change_unless(&mut self, so: bool, change: Change) -> Result<(), Refusal> {
        if !so {
            self.unchanged_since_seen(Field::of(&change))?;
            self.push(change);
        }
        Ok(())
    }

    fn unchanged_since_seen(&self, field: Field) -> Result<(), Refusal> {
        if self.live.touched_after(&field, self.seen, self.group) { Err(Refusal::Conflict(field)) } else { Ok(()) }
    }

    /// The node, which somebody else may just have removed.
    fn node(&self, id: NodeId) -> Result<&Node, Refusal> {
        if let Some(node) = self.working.graph.nodes.get(&id) {
            return Ok(node);
        }
        self.unchanged_since_seen(Field::Node(id))?;
        Err(GraphFault::NoSuchNode { node: id }.into())
    }

    fn add_node(&mut self, mut node: Node) -> Result<(), Refusal> {
        let graph = &self.working.graph;
        if graph.nodes.contains_key(&node.id) || self.was_there(node.id) {
            return Err(GraphFault::NodeExists { node: node.id }.into());
        }
        if graph.nodes.len() >= MAX_NODES {
            return Err(GraphFault::TooManyNodes.into());
        }
        check_node(&node)?;
        if let Some(holder) = graph.node_named(&node.name) {
            // Two people who each add a “Set” touch different things. The second could not see the first one's, so that
            // the node takes a free name; a name that was there to be seen is a mistake.
            if !self.appeared_since_seen(holder.id) {
                return Err(name_taken(graph, &node.name).into());
            }
            let free = free_name(graph, &node.name);
            self.evaded.push((node.id, node.name, free.clone()));
            node.name = free;
        }
        self.push(Change::NodeAdded { node, place: None });
        Ok(())
    }

    /// An id means one node for ever: history, undo and the addresses of webhooks hang on it.
    fn was_there(&self, id: NodeId) -> bool {
        let field = Field::Node(id);
        self.live.touches.contains_key(&field) || self.changes.iter().any(|change| Field::of(change) == field)
    }

    fn appeared_since_seen(&self, holder: NodeId) -> bool {
        [Field::Node(holder), Field::NodeName(holder)]
            .iter()
            .any(|field| self.live.touched_after(field, self.seen, self.group))
    }

    fn remove_node(&mut self, id: NodeId) -> Result<(), Refusal> {
        if !self.working.graph.nodes.contains_key(&id) && self.live.touches.contains_key(&Field::Node(id)) {
            return Ok(());
        }
        self.node(id)?;
        if let Some(field) = self.live.content_touched_after(id, self.seen, self.group) {
            return Err(Refusal::Conflict(field.clone()));
        }
        let graph = &self.working.graph;
        let edges: Vec<Edge> =
            graph.edges.iter().filter(|edge| edge.from.node == id || edge.to.node == id).copied().collect();
        for edge in edges {
            self.push(Change::EdgeRemoved { edge });
        }
        if self.working.graph.pinned.contains_key(&id) {
            self.push(Change::ItemsUnpinned { node: id });
        }
        self.push(Change::NodeRemoved { node: id });
        Ok(())
    }

    fn move_node(&mut self, node: NodeId, position: Point) -> Result<(), Refusal> {
        let same = self.node(node)?.position == position;
        self.change_unless(same, Change::NodeMoved { node, position })
    }

    fn rename_node(&mut self, id: NodeId, name: &str) -> Result<(), Refusal> {
        if self.node(id)?.name == name {
            return Ok(());
        }
        check_named("a node", name)?;
        if self.working.graph.node_named(name).is_some() {
            return Err(name_taken(&self.working.graph, name).into());
        }
        self.unchanged_since_seen(Field::NodeName(id))?;
        for change in rename(&self.working.graph, id, name) {
            if let Change::ParameterSet { node, name, value } = &change {
                check_parameter(&self.node(*node)?.name, name, value)?;
            }
            self.push(change);
        }
        Ok(())
    }

    fn set_parameter(&mut self, id: NodeId, name: String, value: Value) -> Result<(), Refusal> {
        let node = self.node(id)?;
        check_parameter(&node.name, &name, &value)?;
        let before = node.parameters.as_object().and_then(|parameters| parameters.get(&name));
        let count = node.parameters.as_object().map_or(0, weft_value::Object::len);
        if before.is_none() && count >= MAX_PARAMETERS {
            return Err(GraphFault::TooManyParameters { name: node.name.clone() }.into());
        }
        let same = before == Some(&value);
        self.change_unless(same, Change::ParameterSet { node: id, name, value })?;
        if !same {
            check_node(self.node(id)?)?;
        }
        Ok(())
    }

    fn remove_parameter(&mut self, id: NodeId, name: String) -> Result<(), Refusal> {
        let same = self.node(id)?.parameters.as_object().is_none_or(|parameters| !parameters.contains_key(&name));
        self.change_unless(same, Change::ParameterRemoved { node: id, name })
    }

    fn set_setting(&mut self, id: NodeId, setting: NodeSetting) -> Result<(), Refusal> {
        let node = self.node(id)?;
        check_setting(&node.name, &setting)?;
        let same = node.setting(&setting) == setting;
        self.change_unless(same, Change::NodeSettingChanged { node: id, setting })
    }

    fn add_edge(&mut self, edge: Edge) -> Result<(), Refusal> {
        self.node(edge.from.node)?;
        self.node(edge.to.node)?;
        check_edge(&self.working.graph.nodes, &edge)?;
        let same = self.working.graph.edges.contains(&edge);
        if !same && self.working.graph.edges.len() >= MAX_EDGES {
            return Err(GraphFault::TooManyEdges.into());
        }
        self.change_unless(same, Change::EdgeAdded { edge, place: None })
    }

    fn remove_edge(&mut self, edge: Edge) -> Result<(), Refusal> {
        let same = !self.working.graph.edges.contains(&edge);
        self.change_unless(same, Change::EdgeRemoved { edge })
    }

    fn rename_workflow(&mut self, name: String) -> Result<(), Refusal> {
        check_named("the workflow", &name)?;
        let same = self.working.name == name;
        self.change_unless(same, Change::WorkflowRenamed { name })
    }

    fn pin(&mut self, id: NodeId, items: Vec<Item>) -> Result<(), Refusal> {
        check_pinned(&self.node(id)?.name, &items)?;
        let same = self.working.graph.pinned.get(&id) == Some(&items);
        self.change_unless(same, Change::ItemsPinned { node: id, items })
    }

    /// The changes. What was added together refers to each other by the names that were asked for, so where a node had to
    /// take another one, the other additions follow it.
    fn finish(mut self) -> Vec<Change> {
        let added: Vec<NodeId> = self.changes.iter().filter_map(Change::added_node).collect();
        for (_, asked, taken) in &self.evaded {
            for change in &mut self.changes {
                match change {
                    Change::NodeAdded { node, .. } => {
                        if let Some(parameters) = rewritten(&node.parameters, asked, taken) {
                            node.parameters = parameters;
                        }
                    }
                    Change::ParameterSet { node, value, .. } if added.contains(node) => {
                        if let Some(new) = rewritten(value, asked, taken) {
                            *value = new;
                        }
                    }
                    _ => {}
                }
            }
        }
        self.changes
    }

    fn explain(&self, edit: usize, refusal: Refusal) -> WorkflowRejection {
        match refusal {
            Refusal::Fault(fault) => WorkflowRejection::Edit { edit, fault },
            Refusal::Conflict(field) => WorkflowRejection::Conflict {
                what: field.label(),
                of: self.live.owner_phrase(&field),
                node: field.node(),
                current: self.live.version,
                edit,
            },
        }
    }
}

impl Change {
    fn added_node(&self) -> Option<NodeId> {
        if let Self::NodeAdded { node, .. } = self { Some(node.id) } else { None }
    }
}
