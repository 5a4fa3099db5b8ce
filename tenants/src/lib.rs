//! Who is asking, what may they do.
//!
//! Every request becomes a [`RequestContext`] first: the tenant from the host name ([`TenantDirectory`]), the actor from an
//! access token ([`Access::authenticate`]). What an actor may do is asked with [`can`]. People ([`Identities`]) exist apart
//! from tenants; [`Provisioning`] makes a tenant with its first owner.
//!
//! This crate must not know the log, projections, GraphQL or the engine; what it needs of them are ports ([`TenantLog`],
//! [`Clock`]). It reads the database as `weft_system`, through functions alone. To add an action, add a variant and its
//! name in `action.rs` and one word in the table of `permission.rs`.

mod access;
mod action;
mod context;
mod csrf;
mod directory;
mod fault;
mod identities;
mod password;
mod password_change;
mod permission;
mod ports;
mod provisioning;
mod random;
mod throttle;
mod token;

pub use access::{Access, AccessParts, NotAuthenticated, RefreshRefused, SESSION_LIFETIME, SignInRefused, SignedIn};
pub use action::Action;
pub use context::{RequestContext, SessionId};
pub use csrf::{csrf_token, is_csrf_token};
pub use directory::{TenantDirectory, TenantProfile};
pub use fault::Fault;
pub use identities::{Email, Identities, InvalidEmail, NotRegistered, PasswordNotSet, Person};
pub use password::{Password, Passwords, WeakPassword};
pub use password_change::{PasswordChange, PasswordNotChanged};
pub use permission::{Forbidden, Resource, can, permissions_of};
pub use ports::{Clock, Joining, NewTenant, NotCreated, TenantLog};
pub use provisioning::{Provisioned, Provisioning, SignUp, SignUpRefused};
pub use random::fresh_token;
pub use token::{ACCESS_LIFETIME, AccessTokens, Claims, TokenRefused, TokenSecret};
