//! The ports of `graphql`, `tenants` and `engine` over the log, the engine and the read side.

mod catalogue;
mod commands;
mod convert;
mod credential_use;
mod credentials;
mod definitions;
mod events;
mod executions;
mod faults;
pub mod fresh;
mod members;
mod preview;
mod store;
mod tenant_log;
mod variables;

pub use catalogue::EngineCatalogue;
pub use commands::LogCommands;
pub use credentials::{CredentialDoor, LogCredentials};
pub use definitions::LogDefinitions;
pub use events::{LogEvents, LogPayloads, ProjectorFreshness};
pub use executions::EngineExecutions;
pub use faults::is_away;
pub use members::{IdentityPeople, Members};
pub use preview::Previews;
pub use tenant_log::TenantEvents;
pub use variables::Variables;
