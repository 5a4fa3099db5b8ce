//! How often somebody may fail to sign in.

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

/// Counts failures for all processes together. Keys are digests: the table tells nobody's address.
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
    pub(crate) fn new(tenant: TenantId, email: &Email, from: IpAddr) -> Self {
        let network = match from.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            // A provider gives a customer 2⁶⁴ addresses or more.
            IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
        };
        Self {
            email: digest(&format!("email {tenant} {}", email.as_str())),
            network: digest(&format!("network {network}")),
        }
    }
}

impl Throttle {
    pub(crate) fn new(system: SystemPool) -> Self {
        Self { system }
    }

    /// How long to wait, if there were too many failures.
    pub(crate) async fn wait(&self, attempt: &Attempt) -> Result<Option<Duration>, Fault> {
        for (key, most) in [(&attempt.email, PER_EMAIL), (&attempt.network, PER_NETWORK)] {
            if let Some((failures, seconds)) = self.failures(key).await?
                && failures >= most
            {
                return Ok(Some(Duration::from_secs_f64(seconds.max(1.0))));
            }
        }
        Ok(None)
    }

    pub(crate) async fn count(&self, attempt: &Attempt) -> Result<(), Fault> {
        let mut connection = self.system.acquire().await?;
        for key in [&attempt.email, &attempt.network] {
            let statement = sqlx::query("select count_sign_in_failure($1, make_interval(secs => $2))");
            statement.bind(key).bind(WINDOW.as_secs_f64()).execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// Who signs in has proven to be no guesser; the network has not.
    pub(crate) async fn forgive(&self, attempt: &Attempt) -> Result<(), Fault> {
        let mut connection = self.system.acquire().await?;
        let statement = sqlx::query("select forget_sign_in_failures(array[$1], make_interval(secs => $2))");
        statement.bind(&attempt.email).bind(WINDOW.as_secs_f64()).execute(&mut *connection).await?;
        Ok(())
    }

    async fn failures(&self, key: &[u8]) -> Result<Option<(i32, f64)>, Fault> {
        let statement = "select failures, extract(epoch from wait)::float8
             from sign_in_failures(array[$1], make_interval(secs => $2))";
        let mut connection = self.system.acquire().await?;
        let query = sqlx::query_as(statement).bind(key).bind(WINDOW.as_secs_f64());
        Ok(query.fetch_optional(&mut *connection).await?)
    }
}
