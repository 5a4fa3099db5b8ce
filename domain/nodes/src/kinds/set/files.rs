//! Files that are set: an assignment of the type `binary` names a file of the item that came in.

use std::sync::Arc;

use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};
use weft_value::{BinaryRef, Item, Value};

use super::{Parameters, value_of};
use crate::coercion::{FieldType, shown_shortly};
use crate::{NodeError, Step};

/// What an assignment sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A field of this type.
    Field(FieldType),
    /// A file: the value names one of the item that came in.
    File,
}

impl Default for Kind {
    fn default() -> Self {
        Self::Field(FieldType::default())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == "binary" {
            return Ok(Self::File);
        }
        FieldType::deserialize(name.into_deserializer()).map(Self::Field)
    }
}

impl Parameters {
    /// Gives `made` the files of `item` that are named, under the names that they are to have.
    pub(super) fn assign_files(
        &self,
        step: &dyn Step,
        index: usize,
        item: &Item,
        made: &mut Item,
    ) -> Result<(), NodeError> {
        for (place, assignment) in self.assignments.assignments.iter().enumerate() {
            if assignment.kind != Kind::File {
                continue;
            }
            let name = assignment.name.text(step, index)?;
            let source = assignment.value.resolve(step, index).map_err(|error| error.in_field(value_of(place)))?;
            let file = named_file(item, &source).map_err(|error| error.in_field(value_of(place)))?;
            let files = made.binary.get_or_insert_with(Arc::default);
            Arc::make_mut(files).insert(name.to_string(), file);
        }
        Ok(())
    }
}

/// The file of `item` that `source` names.
fn named_file(item: &Item, source: &Value) -> Result<BinaryRef, NodeError> {
    let hint = "Write the name that the file has in the item, “data” for instance.";
    let Some(name) = source.as_str() else {
        let message = format!("A file is named by a text, but the value is {}.", shown_shortly(source));
        return Err(NodeError::new("file_missing", message).describe(hint));
    };
    let found = item.binary.as_ref().and_then(|files| files.get(name)).cloned();
    found.ok_or_else(|| NodeError::new("file_missing", format!("The item has no file “{name}”.")).describe(hint))
}
