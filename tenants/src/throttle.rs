//! How often somebody may try a password.

use std::net::IpAddr;
use std::time::Duration;

use weft_model::TenantId;
use weft_scope::SystemPool;

use crate::fault::Fault;
use crate::identities::Email;
use crate::random::digest;

const WINDOW: Duration = Duration::from_mins(15);
/// For one e-mail address in one tenant, from wherever.
const PER_EMAIL: i32 = 10;
/// From one network, for whomever: many people may sit behind one address.
const PER_NETWORK: i32 = 100;

/// Counts attempts for all processes together. Keys are digests: the table tells nobody's address.
#[derive(Clone)]
pub(crate) struct Throttle {
    system: SystemPool,
}

/// Whom an attempt is counted for.
pub(crate) struct Attempt {
    email: Vec<u8>,
    network: Vec<u8>,
}

impl Attempt {
    /// To prove oneself to a tenant.
    pub(crate) fn new(tenant: TenantId, email: &Email, from: IpAddr) -> Self {
        Self { email: digest(&format!("email {tenant} {}", email.as_str())), network: network_of(from) }
    }

    /// To sign up, which tries a password of somebody who is known already, in no tenant.
    pub(crate) fn to_sign_up(email: &Email, from: IpAddr) -> Self {
        Self { email: digest(&format!("email sign-up {}", email.as_str())), network: network_of(from) }
    }
}

fn network_of(from: IpAddr) -> Vec<u8> {
    let network = match from.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        // A provider gives a customer 2⁶⁴ addresses or more.
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    };
    digest(&format!("network {network}"))
}

impl Throttle {
    pub(crate) fn new(system: SystemPool) -> Self {
        Self { system }
    }

    /// Counts the attempt, or says how long to wait if there were too many. To be asked before the password is looked at: of
    /// a thousand guesses at once, as many are let through as of a thousand one after the other.
    pub(crate) async fn begin(&self, attempt: &Attempt) -> Result<Option<Duration>, Fault> {
        let statement = "select extract(epoch from begin_sign_in($1, $2, make_interval(secs => $3)))::float8";
        let mut connection = self.system.acquire().await?;
        // The network comes first: one that is shut out must not use up the attempts of the people it asks for.
        let query = sqlx::query_scalar(statement)
            .bind([attempt.network.as_slice(), attempt.email.as_slice()])
            .bind([PER_NETWORK, PER_EMAIL])
            .bind(WINDOW.as_secs_f64());
        let wait: Option<f64> = query.fetch_one(&mut *connection).await?;
        Ok(wait.map(|seconds| Duration::from_secs_f64(seconds.max(1.0))))
    }

    /// Who succeeds has proven to be no guesser: the address's attempts are forgotten, and the network's this one.
    pub(crate) async fn forgive(&self, attempt: &Attempt) -> Result<(), Fault> {
        self.settle(&[attempt.network.as_slice()], &[attempt.email.as_slice()]).await
    }

    /// As [`Throttle::forgive`], but the network keeps what was counted: what succeeded is itself to be done seldom.
    pub(crate) async fn forgive_email(&self, attempt: &Attempt) -> Result<(), Fault> {
        self.settle(&[], &[attempt.email.as_slice()]).await
    }

    async fn settle(&self, uncounted: &[&[u8]], forgotten: &[&[u8]]) -> Result<(), Fault> {
        let mut connection = self.system.acquire().await?;
        let statement = sqlx::query("select forgive_sign_in($1, $2, make_interval(secs => $3))");
        let statement = statement.bind(uncounted).bind(forgotten).bind(WINDOW.as_secs_f64());
        statement.execute(&mut *connection).await?;
        Ok(())
    }
}
