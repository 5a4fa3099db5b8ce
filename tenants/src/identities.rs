//! People who can sign in, over the functions of the table `identities`.

use std::fmt;
use std::sync::Arc;

use sqlx::FromRow;
use uuid::Uuid;
use weft_model::IdentityId;
use weft_model::limits::turns_direction;
use weft_scope::SystemPool;

use crate::fault::Fault;
use crate::password::{Password, Passwords, WeakPassword};
use crate::ports::Clock;
use crate::random::fresh_id;

/// An e-mail address in the one form that is stored and compared: trimmed, in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not an e-mail address. Write it like ada@example.com.")]
pub struct InvalidEmail;

impl Email {
    /// Checks the form only loosely: whether an address exists is known when somebody answers from it.
    pub fn parse(typed: &str) -> Result<Self, InvalidEmail> {
        let text = typed.trim().to_lowercase();
        let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        let has_parts = text.rsplit_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.starts_with('.') && !host.ends_with('.')
        });
        // RFC 5321, section 4.5.3.1.3: a path has 256 characters, two of which are brackets.
        if is_plain && has_parts && text.len() <= 254 { Ok(Self(text)) } else { Err(InvalidEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(..)")
    }
}

/// A person's name and address, for pages that show who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub identity: IdentityId,
    /// The address.
    pub email: Email,
    /// The name.
    pub name: String,
}

/// Why a person was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotRegistered {
    /// The address belongs to somebody with another password.
    #[error("This e-mail address is in use. Give the password that belongs to it, or use another address.")]
    EmailTaken,
    /// The password cannot be used.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The name is empty, longer than 128 characters or not what it seems to be.
    #[error(
        "Give a name of 1 to 128 characters, without line breaks and characters that change the direction of writing."
    )]
    Name,
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordNotSet {
    /// The password cannot be used.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

#[derive(FromRow)]
pub(crate) struct IdentityRow {
    pub(crate) identity_id: Uuid,
    pub(crate) password_hash: Option<String>,
}

/// Reads and makes people.
#[derive(Clone)]
pub struct Identities {
    system: SystemPool,
    passwords: Passwords,
    clock: Arc<dyn Clock>,
}

impl Identities {
    /// Over the functions that `weft_system` may execute.
    pub fn new(system: SystemPool, passwords: Passwords, clock: Arc<dyn Clock>) -> Self {
        Self { system, passwords, clock }
    }

    /// The person of this address, made if there is none. Somebody who exists must give the password that belongs to the
    /// address: nobody signs up in another's name.
    pub async fn register(&self, email: &Email, name: &str, password: &Password) -> Result<IdentityId, NotRegistered> {
        let name = checked_name(name)?;
        password.check()?;
        if let Some(row) = self.find(email).await? {
            return self.prove(row, password).await;
        }
        match self.create(email, name, password).await? {
            Some(identity) => Ok(identity),
            // Somebody was faster.
            None => match self.find(email).await? {
                Some(row) => self.prove(row, password).await,
                None => Err(NotRegistered::EmailTaken),
            },
        }
    }

    /// The person of this address, made with a first password if there is none. For somebody who is let in by a member: who
    /// exists already keeps name and password.
    pub async fn invite(&self, email: &Email, name: &str, first: &Password) -> Result<IdentityId, NotRegistered> {
        let name = checked_name(name)?;
        if let Some(row) = self.find(email).await? {
            return Ok(IdentityId(row.identity_id));
        }
        first.check()?;
        match self.create(email, name, first).await? {
            Some(identity) => Ok(identity),
            None => {
                Ok(self.find(email).await?.map(|row| IdentityId(row.identity_id)).ok_or(NotRegistered::EmailTaken)?)
            }
        }
    }

    /// Names and addresses; who does not exist (any more) is left out.
    pub async fn people(&self, identities: &[IdentityId]) -> Result<Vec<Person>, Fault> {
        let ids: Vec<Uuid> = identities.iter().map(|identity| identity.0).collect();
        let mut connection = self.system.acquire().await?;
        let rows: Vec<(Uuid, String, String)> =
            sqlx::query_as("select identity_id, email, name from identities_by_id($1)")
                .bind(ids)
                .fetch_all(&mut *connection)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(id, email, name)| Person { identity: IdentityId(id), email: Email(email), name })
            .collect())
    }

    /// The person of this address.
    pub async fn by_email(&self, email: &Email) -> Result<Option<IdentityId>, Fault> {
        Ok(self.find(email).await?.map(|row| IdentityId(row.identity_id)))
    }

    /// Gives somebody another password, and ends every session that the old one opened: whoever knew it is out. Another
    /// process may let a request of such a session through for a few seconds more.
    pub async fn change_password(&self, identity: IdentityId, password: &Password) -> Result<(), PasswordNotSet> {
        password.check()?;
        let hash = self.passwords.hash(password).await?;
        Ok(self.store_password(identity, &hash).await?)
    }

    /// Both or neither: a new password beside an old session would be believed to have ended it.
    async fn store_password(&self, identity: IdentityId, hash: &str) -> Result<(), Fault> {
        let mut transaction = self.system.begin().await?;
        let change = sqlx::query("select change_password($1, $2)").bind(identity.0).bind(hash);
        change.execute(&mut *transaction).await?;
        let end = sqlx::query("select end_sessions_of_identity($1, null)").bind(identity.0);
        end.execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    pub(crate) fn system(&self) -> &SystemPool {
        &self.system
    }

    pub(crate) async fn find(&self, email: &Email) -> Result<Option<IdentityRow>, Fault> {
        let mut connection = self.system.acquire().await?;
        let statement = "select identity_id, password_hash from identity_by_email($1)";
        Ok(sqlx::query_as(statement).bind(email.as_str()).fetch_optional(&mut *connection).await?)
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    async fn prove(&self, row: IdentityRow, password: &Password) -> Result<IdentityId, NotRegistered> {
        let is_theirs = self.passwords.verify(password, row.password_hash.as_deref()).await?;
        if is_theirs { Ok(IdentityId(row.identity_id)) } else { Err(NotRegistered::EmailTaken) }
    }

    /// None if the address was taken meanwhile.
    async fn create(&self, email: &Email, name: &str, password: &Password) -> Result<Option<IdentityId>, Fault> {
        let hash = self.passwords.hash(password).await?;
        let identity = fresh_id(&*self.clock);
        let mut connection = self.system.acquire().await?;
        let statement = sqlx::query_scalar("select create_identity($1, $2, $3, $4)");
        let is_new: bool =
            statement.bind(identity).bind(email.as_str()).bind(name).bind(hash).fetch_one(&mut *connection).await?;
        Ok(is_new.then_some(IdentityId(identity)))
    }
}

/// Whether a person of this name and password could be made.
pub(crate) fn check_person(name: &str, password: &Password) -> Result<(), NotRegistered> {
    checked_name(name)?;
    Ok(password.check()?)
}

fn checked_name(name: &str) -> Result<&str, NotRegistered> {
    let name = name.trim();
    let is_unfit = |c: char| c.is_control() || turns_direction(c);
    let is_fit = !name.is_empty() && name.chars().count() <= 128 && !name.chars().any(is_unfit);
    if is_fit { Ok(name) } else { Err(NotRegistered::Name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(Email::parse("  Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
        for wrong in ["", "ada", "@example.com", "ada@", "a b@example.com", "ada@.com", "ada@com.", "ada@ex\nample.com"]
        {
            assert_eq!(Email::parse(wrong), Err(InvalidEmail), "{wrong:?}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(250))).is_err());
    }

    #[test]
    fn a_name_is_what_it_seems_to_be() {
        assert_eq!(checked_name(" Ada ").ok(), Some("Ada"));
        for wrong in [" ", "A\nda", "Ada\u{202e}nimda", &"é".repeat(129)] {
            assert!(matches!(checked_name(wrong), Err(NotRegistered::Name)), "{wrong:?}");
        }
    }
}
