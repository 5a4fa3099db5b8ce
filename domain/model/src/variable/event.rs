//! What can happen to a variable.

use serde::{Deserialize, Serialize};

use crate::wire::wire_names;

/// A fact about one variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum VariableEvent {
    /// It has this value from now on.
    #[serde(rename = "variable.set.v1")]
    Set {
        /// Its name, which never changes: `$vars.<name>`.
        name: String,
        /// Its value.
        value: String,
    },
    /// It is gone.
    #[serde(rename = "variable.deleted.v1")]
    Deleted {
        /// The name that is free again.
        name: String,
    },
}

wire_names!(VariableEvent {
    Set => "variable.set.v1",
    Deleted => "variable.deleted.v1",
});
