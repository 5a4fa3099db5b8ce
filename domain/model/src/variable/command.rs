//! What may be asked of a variable.

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableCommand {
    /// Give it a value. That no other variable has the name is a reservation of the append.
    Set {
        /// Its name; the same every time.
        name: String,
        /// Its value.
        value: String,
    },
    /// Take it away.
    Delete,
}
