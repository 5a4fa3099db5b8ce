//! Looking kinds up by name and version.

use std::collections::BTreeMap;

use thiserror::Error;
use weft_value::{Object, Value};

use crate::unmapped::lost;
use crate::{Descriptor, Imported, N8nNode, NodeKind, Unsupported};

/// Node kinds by name and version.
#[derive(Clone, Default)]
pub struct Catalogue {
    kinds: BTreeMap<&'static str, BTreeMap<u32, &'static dyn NodeKind>>,
    listed: Vec<&'static dyn NodeKind>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.descriptors().map(Descriptor::key)).finish()
    }
}

/// A kind that no catalogue lists.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnknownKind {
    /// Nobody has heard of it.
    #[error("There is no node kind “{kind}”.")]
    Kind {
        /// Its name.
        kind: String,
    },
    /// Its versions are others.
    #[error("The node kind “{kind}” has no version {version}; the newest is {newest}.")]
    Version {
        /// Its name.
        kind: String,
        /// What was asked for.
        version: u32,
        /// What there is.
        newest: u32,
    },
}

impl Catalogue {
    /// A catalogue of these kinds, in this order.
    pub fn new(kinds: impl IntoIterator<Item = &'static dyn NodeKind>) -> Self {
        let mut catalogue = Self::default();
        for kind in kinds {
            let descriptor = kind.descriptor();
            catalogue.kinds.entry(descriptor.kind).or_default().insert(descriptor.version, kind);
            catalogue.listed.push(kind);
        }
        catalogue
    }

    /// The kind `name` in `version`.
    pub fn kind(&self, name: &str, version: u32) -> Result<&'static dyn NodeKind, UnknownKind> {
        let versions = self.kinds.get(name).ok_or_else(|| UnknownKind::Kind { kind: name.to_owned() })?;
        versions.get(&version).copied().ok_or_else(|| UnknownKind::Version {
            kind: name.to_owned(),
            version,
            newest: versions.keys().next_back().copied().unwrap_or_default(),
        })
    }

    /// The newest version of `name`.
    pub fn newest(&self, name: &str) -> Option<&'static dyn NodeKind> {
        self.kinds.get(name)?.values().next_back().copied()
    }

    /// The kinds that an n8n node type may become, the newest first.
    pub fn of_n8n(&self, node_type: &str) -> impl Iterator<Item = &'static dyn NodeKind> {
        self.listed.iter().rev().copied().filter(move |kind| kind.n8n_types().contains(&node_type))
    }

    /// What an n8n node becomes: the first kind that takes it, or why the last one did not; nothing when no kind knows its type.
    /// What the kind left out in silence is told among its remarks.
    pub fn import_n8n(&self, node: &N8nNode<'_>) -> Option<Result<(&'static dyn NodeKind, Imported), Unsupported>> {
        let mut refused = None;
        for kind in self.of_n8n(node.node_type) {
            match kind.import_n8n(node) {
                Ok(mut imported) => {
                    let lost = lost(kind, node, &imported).into_iter();
                    let told = |option: &String| imported.remarks.iter().any(|remark| names(remark, option));
                    let lost: Vec<String> = lost.filter(|option| !told(option)).collect();
                    let remark = |option| format!("The option “{option}” of this node has no counterpart here.");
                    imported.remarks.extend(lost.into_iter().map(remark));
                    let Imported { parameters, remarks } = imported;
                    return Some(Ok((kind, Imported { parameters: without_undefined(parameters), remarks })));
                }
                Err(unsupported) if unsupported.is_elsewhere() => {}
                Err(unsupported) => refused = Some(Err(unsupported)),
            }
        }
        refused
    }

    /// Every kind, in the order in which they were listed.
    pub fn kinds(&self) -> impl Iterator<Item = &'static dyn NodeKind> {
        self.listed.iter().copied()
    }

    /// What the editor shows, in the same order.
    pub fn descriptors(&self) -> impl Iterator<Item = &'static Descriptor> {
        self.listed.iter().map(|kind| kind.descriptor())
    }
}

/// Whether a remark is about an option already: it names the last part of its path.
fn names(remark: &str, option: &str) -> bool {
    let name = option.rsplit('.').next().unwrap_or(option);
    remark.contains(&format!("“{name}”")) || remark.contains(&format!("“{option}”"))
}

/// Parameters are kept as JSON, which cannot say `undefined`: a mapping that found nothing to map has said nothing.
fn without_undefined(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_undefined());
            kept.map(|(key, value)| (key.clone(), without_undefined(value.clone()))).collect::<Object>().into()
        }
        Value::Array(list) => list.iter().cloned().map(without_undefined).collect::<Vec<_>>().into(),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;
    use crate::testing::{emptied, filled_in};

    #[test]
    fn every_kind_reads_what_its_form_writes() {
        for kind in crate::all() {
            let descriptor = kind.descriptor();
            for choice in 0..12 {
                for given in [filled_in(&descriptor.parameters, choice), emptied(&descriptor.parameters, choice)] {
                    let given = Value::from(given);
                    let problems = kind.prepare(&given).err().unwrap_or_default();
                    let unread: Vec<_> =
                        problems.iter().filter(|problem| problem.code == "parameter_invalid").collect();
                    assert!(unread.is_empty(), "{}: {unread:?} of {}", descriptor.kind, given.to_json());
                }
            }
        }
    }

    #[test]
    fn what_an_import_leaves_out_is_told() {
        let catalogue = Catalogue::new(crate::all().into_iter().map(|kind| kind as &'static dyn NodeKind));
        for (node_type, version, given, lost) in [
            (
                "set",
                3.4,
                r#"{"assignments":{"assignments":[{"id":"1","name":"a","type":"string","value":"b"}]},"options":{}}"#,
                vec![],
            ),
            (
                "set",
                3.4,
                r#"{"mode":"manual","options":{"sparkle":true},"shine":{"of":{"the":7}}}"#,
                vec!["options", "shine"],
            ),
            ("noOp", 1.0, r#"{"sparkle":"","shine":null,"glow":[],"notice":"read me"}"#, vec![]),
            ("noOp", 1.0, r#"{"sparkle":false}"#, vec!["sparkle"]),
            ("limit", 1.0, r#"{"maxItems":1,"keep":"firstItems"}"#, vec![]),
        ] {
            let given = from_json(given).unwrap();
            let node_type = format!("n8n-nodes-base.{node_type}");
            let node = N8nNode { node_type: &node_type, version, parameters: &given };
            let (_, imported) = catalogue.import_n8n(&node).unwrap().unwrap();
            let expected: Vec<String> =
                lost.iter().map(|name| format!("The option “{name}” of this node has no counterpart here.")).collect();
            assert_eq!(imported.remarks, expected, "{}", given.to_json());
        }
    }

    #[test]
    fn what_is_imported_comes_back_from_json_as_it_is() {
        let catalogue = Catalogue::new(crate::all().into_iter().map(|kind| kind as &'static dyn NodeKind));
        let nothing = Value::empty_object();
        let mut taken = 0;
        for node_type in catalogue.kinds().flat_map(super::super::kind::NodeKind::n8n_types) {
            for version in [1.0, 2.0, 3.0] {
                let node = N8nNode { node_type, version, parameters: &nothing };
                let Some(Ok((_, imported))) = catalogue.import_n8n(&node) else { continue };
                taken += 1;
                let stored = imported.parameters.to_json();
                assert_eq!(from_json(&stored).unwrap(), imported.parameters, "{node_type} {version}: {stored}");
            }
        }
        assert!(taken > 20, "{taken}");
    }
}
