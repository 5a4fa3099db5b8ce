//! A database for each test.
//!
//! All test programs of a checkout share one throw-away cluster (no fsync, under `target/`). Whoever comes first starts
//! it; a caretaker process removes it half a minute after its last user has gone. `WEFT_TEST_DATABASE_URL` names another
//! server to run the tests on: its user must be a superuser there, and the server must serve this machine's tests alone,
//! since databases of ended test programs are dropped.
//!
//! A database is a copy of a template, which is made once per content of the migrations (`key`): tens of milliseconds.

mod caretaker;
mod database;
mod server;

pub use database::TestDatabase;
pub use server::address;

/// Why a test got no database: shown by the test that fails.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
