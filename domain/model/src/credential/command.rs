//! What may be asked of a credential.

use jiff::Timestamp;

use super::TestOutcome;

/// A request. The secret itself never comes near a decision: it is sealed beside the log, under the credential's id and the
/// number of its version, and the append that says so writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialCommand {
    /// Make it, with version 1 of its secret. That no other credential has the name is a reservation of the append.
    Create {
        /// Its name, unique in the tenant whatever the case of its letters.
        name: String,
        /// Its type, `basic` for instance; never changes.
        kind: String,
    },
    /// Give it another name, another secret, or both.
    Update {
        /// The new name; `None` leaves it as it is.
        name: Option<String>,
        /// The version that the new secret was sealed as: the one after the current one; `None` leaves the secret as it is.
        version: Option<u32>,
    },
    /// Say how a trial of it ended.
    RecordTest {
        /// The version that was tried.
        version: u32,
        /// How it ended.
        outcome: TestOutcome,
        /// When.
        at: Timestamp,
    },
    /// Take it away. That no published workflow uses it is checked by the append, which destroys the secret.
    Delete,
}
