//! A new password, by somebody who is signed in.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;
use weft_model::access::{AccessEvent, RefusalReason};
use weft_model::{Actor, IdentityId, MemberId};

use crate::access::{Access, SignedIn, role_of};
use crate::context::RequestContext;
use crate::fault::Fault;
use crate::identities::{Email, PasswordNotSet};
use crate::password::{Password, WeakPassword};
use crate::throttle::Attempt;

/// What is refused, in the audit.
const ACTION: &str = "password:change";

/// Both passwords, as they were typed.
pub struct PasswordChange {
    /// Proves that it is the person, and not somebody at a forgotten screen.
    pub old: Password,
    /// The one from now on.
    pub new: Password,
}

/// Why the password stays.
#[derive(Debug, thiserror::Error)]
pub enum PasswordNotChanged {
    /// The old password is another one.
    #[error("The old password is wrong.")]
    WrongPassword,
    /// The new one cannot be used.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// Too many failures.
    #[error("Too many failed attempts. Try again in {} minutes.", wait.as_secs().div_ceil(60))]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// The request is not of a session, or of one that ended meanwhile.
    #[error("The session has ended. Sign in again.")]
    SessionEnded,
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<PasswordNotSet> for PasswordNotChanged {
    fn from(error: PasswordNotSet) -> Self {
        match error {
            PasswordNotSet::WeakPassword(weak) => weak.into(),
            PasswordNotSet::Fault(fault) => fault.into(),
        }
    }
}

impl Access {
    /// Changes the password of the person who asks. It ends all of the person's sessions, in every tenant, and opens a new one
    /// for this browser. The audit shows the change, the new sign-in, and each refusal.
    pub async fn change_password(
        &self,
        context: &RequestContext,
        change: &PasswordChange,
        from: IpAddr,
    ) -> Result<SignedIn, PasswordNotChanged> {
        change.new.check()?;
        let (member, identity, role) = self.asking(context).await?.ok_or(PasswordNotChanged::SessionEnded)?;
        let email = self.email_of(identity).await?.ok_or(PasswordNotChanged::SessionEnded)?;
        let attempt = Attempt::new(context.tenant, &email, from);
        let refuse = |reason| self.refuse(context.tenant, context.correlation, reason, ACTION, Some(identity));
        if let Some(wait) = self.throttle.begin(&attempt).await? {
            refuse(RefusalReason::TooManyAttempts).await;
            return Err(PasswordNotChanged::TooManyAttempts { wait });
        }
        let identities = &self.parts.identities;
        let stored = identities.find(&email).await?.and_then(|row| row.password_hash);
        if !identities.passwords().verify(&change.old, stored.as_deref()).await? {
            refuse(RefusalReason::WrongCredentials).await;
            return Err(PasswordNotChanged::WrongPassword);
        }
        self.throttle.forgive(&attempt).await?;
        identities.change_password(identity, &change.new).await?;
        self.forget_states();
        let by = (Actor::Member(member), context.correlation);
        let changed = AccessEvent::PasswordChanged { identity, member };
        self.parts.log.record_access(context.tenant, by, changed).await?;
        Ok(self.open(context.tenant, (identity, member, role), context.correlation).await?)
    }

    async fn asking(
        &self,
        context: &RequestContext,
    ) -> Result<Option<(MemberId, IdentityId, weft_model::member::Role)>, Fault> {
        let Some(session) = context.session else { return Ok(None) };
        let mut connection = self.parts.system.acquire().await?;
        let statement = sqlx::query_as("select member_id, identity_id, role from session_state($1, $2)");
        let row: Option<(Uuid, Uuid, String)> =
            statement.bind(context.tenant.0).bind(session.0).fetch_optional(&mut *connection).await?;
        Ok(row.and_then(|(member, identity, role)| Some((MemberId(member), IdentityId(identity), role_of(&role)?))))
    }

    async fn email_of(&self, identity: IdentityId) -> Result<Option<Email>, Fault> {
        Ok(self.parts.identities.people(&[identity]).await?.into_iter().next().map(|person| person.email))
    }
}
