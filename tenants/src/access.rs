//! The doors: sign-in, refresh, sign-out, and who asks.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use moka::future::Cache;
use uuid::Uuid;
use weft_model::access::{AccessEvent, RefusalReason};
use weft_model::member::Role;
use weft_model::{Actor, CorrelationId, IdentityId, MemberId, TenantId};
use weft_scope::SystemPool;

use crate::context::{RequestContext, SessionId};
use crate::csrf::{csrf_token, is_csrf_token};
use crate::fault::Fault;
use crate::identities::{Email, Identities};
use crate::password::Password;
use crate::ports::{Clock, TenantLog};
use crate::random::{digest, fresh_id, fresh_token};
use crate::throttle::{Attempt, Throttle};
use crate::token::{AccessTokens, Claims, TokenRefused, TokenSecret};

/// How long a session lasts without a new sign-in, however often it is refreshed.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(24 * 14);
/// Two tabs of one browser may refresh at the same moment.
const REFRESH_GRACE: Duration = Duration::from_secs(10);
/// A role that changed, or a session that ended, in another process shows after this long; in this one at once.
const STATE_FRESH_FOR: Duration = Duration::from_secs(5);
/// The same refusal is recorded once in this time: whoever knocks all day does not fill the tenant's log.
const RECORD_AGAIN: Duration = Duration::from_mins(1);

/// Somebody who is in.
pub struct SignedIn {
    /// Which session.
    pub session: SessionId,
    /// As which member.
    pub member: MemberId,
    /// Who.
    pub identity: IdentityId,
    /// What the member may do.
    pub role: Role,
    /// Goes into the cookie `weft_session`, or after `Authorization: Bearer`.
    pub access_token: String,
    /// When the access token expires.
    pub access_expires: Timestamp,
    /// Goes into the cookie `weft_refresh`; used once.
    pub refresh_token: String,
    /// Goes into the readable cookie `weft_csrf`.
    pub csrf_token: String,
}

/// Why somebody is not let in. What is said does not tell whether an account exists.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// Unknown person, wrong password, or not a member of this tenant.
    #[error("The e-mail address or the password is wrong.")]
    WrongCredentials,
    /// Too many failures.
    #[error("Too many failed attempts. Try again in {} minutes.", wait.as_secs().div_ceil(60))]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a session is not refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshRefused {
    /// Unknown, over or ended; also when its token was used before, which ends it.
    #[error("The session has ended. Sign in again.")]
    Ended,
    /// Another request of the same browser refreshed it a moment ago; its cookies are valid.
    #[error("The session was refreshed a moment ago. Repeat the request.")]
    Raced,
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a request is nobody's.
#[derive(Debug, thiserror::Error)]
pub enum NotAuthenticated {
    /// Over HTTP a 401.
    #[error(transparent)]
    Token(#[from] TokenRefused),
    /// The session was ended or the member removed; a 401.
    #[error("The session has ended. Sign in again.")]
    SessionEnded,
    /// The token was made for another tenant; a 403.
    #[error("This access token belongs to another tenant.")]
    ForeignTenant,
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What [`Access`] works with.
pub struct AccessParts {
    /// The functions that cross tenants.
    pub system: SystemPool,
    /// People.
    pub identities: Identities,
    /// Makes and checks tokens.
    pub tokens: AccessTokens,
    /// The secret behind CSRF tokens.
    pub secret: TokenSecret,
    /// Records who was let in or refused.
    pub log: Arc<dyn TenantLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The doors of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    pub(crate) parts: Arc<AccessParts>,
    pub(crate) throttle: Throttle,
    states: Cache<(TenantId, SessionId), Option<State>>,
    recorded: Cache<(TenantId, RefusalReason, String), ()>,
}

#[derive(Clone, Copy)]
struct State {
    member: MemberId,
    role: Role,
}

impl Access {
    /// Opens the doors.
    pub fn new(parts: AccessParts) -> Self {
        let throttle = Throttle::new(parts.system.clone());
        let states = Cache::builder().max_capacity(100_000).time_to_live(STATE_FRESH_FOR).build();
        let recorded = Cache::builder().max_capacity(10_000).time_to_live(RECORD_AGAIN).build();
        Self { parts: Arc::new(parts), throttle, states, recorded }
    }

    /// Lets somebody in who knows the password and is a member.
    pub async fn sign_in(
        &self,
        tenant: TenantId,
        email: &str,
        password: &Password,
        from: IpAddr,
        correlation: CorrelationId,
    ) -> Result<SignedIn, SignInRefused> {
        let Ok(email) = Email::parse(email) else { return Err(SignInRefused::WrongCredentials) };
        let attempt = Attempt::new(tenant, &email, from);
        if let Some(wait) = self.throttle.begin(&attempt).await? {
            self.refuse(tenant, correlation, RefusalReason::TooManyAttempts, "session:open", None).await;
            return Err(SignInRefused::TooManyAttempts { wait });
        }
        match self.prove(tenant, &email, password).await? {
            Ok(claims_role) => {
                self.throttle.forgive(&attempt).await?;
                Ok(self.open(tenant, claims_role, correlation).await?)
            }
            Err((reason, identity)) => {
                self.refuse(tenant, correlation, reason, "session:open", identity).await;
                Err(SignInRefused::WrongCredentials)
            }
        }
    }

    /// Exchanges a refresh token for the next one and a new access token. A token that was used before ends the session,
    /// since two hold it and one of them is a thief.
    pub async fn refresh(
        &self,
        tenant: TenantId,
        refresh_token: &str,
        correlation: CorrelationId,
    ) -> Result<SignedIn, RefreshRefused> {
        let next = fresh_token();
        let (outcome, session, identity) = self.rotate(tenant, refresh_token, &next).await?;
        let session = session.map(SessionId);
        match (outcome.as_str(), session, identity) {
            ("rotated", Some(session), Some(identity)) => {
                let state = self.read_state(tenant, session).await?.ok_or(RefreshRefused::Ended)?;
                let claims = Claims { tenant, session, member: state.member, identity: IdentityId(identity) };
                Ok(self.equip(claims, state.role, next)?)
            }
            ("raced", ..) => Err(RefreshRefused::Raced),
            (outcome, session, identity) => {
                if outcome == "foreign" {
                    // It is known under its own tenant, which is not the one that was visited.
                    self.forget_states();
                } else if let Some(session) = session {
                    self.states.invalidate(&(tenant, session)).await;
                }
                let reason = match outcome {
                    "foreign" => RefusalReason::ForeignTenant,
                    "expired" | "ended" => RefusalReason::Expired,
                    _ => RefusalReason::Forged,
                };
                self.refuse(tenant, correlation, reason, "session:refresh", identity.map(IdentityId)).await;
                Err(RefreshRefused::Ended)
            }
        }
    }

    /// Ends the session of this request, if it has one.
    pub async fn sign_out(&self, context: &RequestContext) -> Result<(), Fault> {
        let Some(session) = context.session else { return Ok(()) };
        let mut connection = self.parts.system.acquire().await?;
        sqlx::query("select end_session($1)").bind(session.0).execute(&mut *connection).await?;
        self.states.invalidate(&(context.tenant, session)).await;
        Ok(())
    }

    /// Ends the session that a refresh token was given out for, for a browser whose access token is over.
    pub async fn sign_out_by_refresh_token(&self, tenant: TenantId, refresh_token: &str) -> Result<(), Fault> {
        let mut connection = self.parts.system.acquire().await?;
        let ending = sqlx::query_scalar("select end_session_of_refresh_token($1, $2)");
        let ending = ending.bind(digest(refresh_token)).bind(tenant.0);
        let ended: Option<Uuid> = ending.fetch_one(&mut *connection).await?;
        if let Some(session) = ended {
            self.states.invalidate(&(tenant, SessionId(session))).await;
        }
        Ok(())
    }

    /// Whether a token was made here, be it valid still or over.
    pub async fn is_ours(&self, access_token: &str) -> Result<bool, Fault> {
        Ok(match self.parts.tokens.verify(access_token).await? {
            Ok(_) | Err(TokenRefused::Expired) => true,
            Err(TokenRefused::Forged) => false,
        })
    }

    /// Ends every session of a member, who was removed or whose password was changed by another.
    pub async fn end_sessions(&self, tenant: TenantId, member: MemberId) -> Result<(), Fault> {
        let mut connection = self.parts.system.acquire().await?;
        let ending = sqlx::query("select end_sessions_of_member($1, $2)").bind(tenant.0).bind(member.0);
        ending.execute(&mut *connection).await?;
        self.forget_states();
        Ok(())
    }

    /// Reads roles anew from now on. To be called for every `Membership` companion that this process appends.
    pub fn forget_states(&self) {
        self.states.invalidate_all();
    }

    /// Who asks, from the access token of a request to this tenant's host.
    pub async fn authenticate(
        &self,
        tenant: TenantId,
        access_token: &str,
        correlation: CorrelationId,
    ) -> Result<RequestContext, NotAuthenticated> {
        let claims = match self.parts.tokens.verify(access_token).await? {
            Ok(claims) if claims.tenant == tenant => claims,
            Ok(claims) => {
                let (reason, who) = (RefusalReason::ForeignTenant, Some(claims.identity));
                self.refuse(tenant, correlation, reason, "session:use", who).await;
                return Err(NotAuthenticated::ForeignTenant);
            }
            Err(refused) => {
                let reason = match refused {
                    TokenRefused::Forged => RefusalReason::Forged,
                    TokenRefused::Expired => RefusalReason::Expired,
                };
                self.refuse(tenant, correlation, reason, "session:use", None).await;
                return Err(refused.into());
            }
        };
        let session = claims.session;
        let state = self.state(tenant, session).await?.filter(|state| state.member == claims.member);
        let state = state.ok_or(NotAuthenticated::SessionEnded)?;
        let actor = Actor::Member(state.member);
        Ok(RequestContext { tenant, actor, role: state.role, correlation, session: Some(session) })
    }

    /// Whether a request of this session proves that it comes from our own pages.
    pub async fn check_csrf(&self, context: &RequestContext, given: Option<&str>, route: &str) -> Result<bool, Fault> {
        let Some(session) = context.session else { return Ok(false) };
        let is_ours = is_csrf_token(&self.parts.secret, session, given.unwrap_or_default())?;
        if !is_ours {
            self.refuse(context.tenant, context.correlation, RefusalReason::CrossSite, route, None).await;
        }
        Ok(is_ours)
    }

    /// Records that somebody was refused: once a minute per tenant, reason and action. Who is no member of the tenant is left
    /// out: its people must not learn who a stranger is. A record that cannot be written does not turn a refusal into a failure.
    pub async fn refuse(
        &self,
        tenant: TenantId,
        correlation: CorrelationId,
        reason: RefusalReason,
        action: &str,
        identity: Option<IdentityId>,
    ) {
        let entry = self.recorded.entry((tenant, reason, action.to_owned())).or_insert(()).await;
        if !entry.is_fresh() {
            return;
        }
        let identity = self.only_member(tenant, identity).await;
        let event = AccessEvent::Refused { reason, action: action.to_owned(), subject: None, identity };
        let by = (identity.map_or(Actor::System, Actor::Identity), correlation);
        if let Err(error) = self.parts.log.record_access(tenant, by, event).await {
            tracing::warn!(%error, tenant.id = %tenant, "A refused access could not be recorded.");
        }
    }

    /// The person, if a member of this tenant. Where that cannot be known now, nobody is named.
    async fn only_member(&self, tenant: TenantId, identity: Option<IdentityId>) -> Option<IdentityId> {
        let identity = identity?;
        match self.membership(tenant, identity).await {
            Ok(membership) => membership.map(|_| identity),
            Err(error) => {
                tracing::warn!(%error, tenant.id = %tenant, "Whether a refused person is a member could not be read.");
                None
            }
        }
    }

    /// Who it is and as what, or why not (and, for the record, who was tried).
    async fn prove(&self, tenant: TenantId, email: &Email, password: &Password) -> Result<Proof, Fault> {
        let found = self.parts.identities.find(email).await?;
        let stored = found.as_ref().and_then(|row| row.password_hash.as_deref());
        let is_right = self.parts.identities.passwords().verify(password, stored).await?;
        let Some(row) = found else { return Ok(Err((RefusalReason::WrongCredentials, None))) };
        let identity = IdentityId(row.identity_id);
        if !is_right {
            return Ok(Err((RefusalReason::WrongCredentials, Some(identity))));
        }
        Ok(match self.membership(tenant, identity).await? {
            Some((member, role)) => Ok((identity, member, role)),
            None => Err((RefusalReason::NotAMember, None)),
        })
    }

    async fn membership(&self, tenant: TenantId, identity: IdentityId) -> Result<Option<(MemberId, Role)>, Fault> {
        let mut connection = self.parts.system.acquire().await?;
        let statement =
            sqlx::query_as("select member_id, role from membership_of($1, $2)").bind(tenant.0).bind(identity.0);
        let membership: Option<(Uuid, String)> = statement.fetch_optional(&mut *connection).await?;
        Ok(membership.and_then(|(member, role)| Some((MemberId(member), role_of(&role)?))))
    }

    pub(crate) async fn open(
        &self,
        tenant: TenantId,
        (identity, member, role): (IdentityId, MemberId, Role),
        correlation: CorrelationId,
    ) -> Result<SignedIn, Fault> {
        let session = SessionId(fresh_id(&*self.parts.clock));
        let refresh_token = fresh_token();
        let mut connection = self.parts.system.acquire().await?;
        sqlx::query("select open_session($1, $2, $3, $4, make_interval(secs => $5), $6)")
            .bind(session.0)
            .bind(tenant.0)
            .bind(member.0)
            .bind(identity.0)
            .bind(SESSION_LIFETIME.as_secs_f64())
            .bind(digest(&refresh_token))
            .execute(&mut *connection)
            .await?;
        drop(connection);
        let by = (Actor::Member(member), correlation);
        self.parts.log.record_access(tenant, by, AccessEvent::SignedIn { identity, member }).await?;
        self.equip(Claims { tenant, session, member, identity }, role, refresh_token)
    }

    fn equip(&self, claims: Claims, role: Role, refresh_token: String) -> Result<SignedIn, Fault> {
        let Claims { session, member, identity, .. } = claims;
        let (access_token, access_expires) = self.parts.tokens.issue(&claims)?;
        let csrf_token = csrf_token(&self.parts.secret, session)?;
        Ok(SignedIn { session, member, identity, role, access_token, access_expires, refresh_token, csrf_token })
    }

    async fn rotate(
        &self,
        tenant: TenantId,
        old: &str,
        next: &str,
    ) -> Result<(String, Option<Uuid>, Option<Uuid>), Fault> {
        let mut connection = self.parts.system.acquire().await?;
        let statement = "select outcome, session_id, identity_id
             from rotate_refresh_token($1, $2, $3, make_interval(secs => $4))";
        let query = sqlx::query_as(statement).bind(digest(old)).bind(digest(next)).bind(tenant.0);
        Ok(query.bind(REFRESH_GRACE.as_secs_f64()).fetch_one(&mut *connection).await?)
    }

    async fn state(&self, tenant: TenantId, session: SessionId) -> Result<Option<State>, Fault> {
        let key = (tenant, session);
        if let Some(known) = self.states.get(&key).await {
            return Ok(known);
        }
        let state = self.read_state(tenant, session).await?;
        self.states.insert(key, state).await;
        Ok(state)
    }

    async fn read_state(&self, tenant: TenantId, session: SessionId) -> Result<Option<State>, Fault> {
        let mut connection = self.parts.system.acquire().await?;
        let statement =
            sqlx::query_as("select member_id, role from session_state($1, $2)").bind(tenant.0).bind(session.0);
        let row: Option<(Uuid, String)> = statement.fetch_optional(&mut *connection).await?;
        Ok(row.and_then(|(member, role)| Some(State { member: MemberId(member), role: role_of(&role)? })))
    }
}

type Proof = Result<(IdentityId, MemberId, Role), (RefusalReason, Option<IdentityId>)>;

/// A role as the table `memberships` writes it.
pub(crate) fn role_of(name: &str) -> Option<Role> {
    match name {
        "owner" => Some(Role::Owner),
        "admin" => Some(Role::Admin),
        "editor" => Some(Role::Editor),
        "operator" => Some(Role::Operator),
        "viewer" => Some(Role::Viewer),
        _ => None,
    }
}
