//! The three roles and the schema.

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::error::MigrationError;
use crate::urls::{AdminUrl, Urls};

/// What the roles are called for one database. Lower-case letters, digits and underscores only, so that the names can
/// stand in SQL text without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleNames {
    pub(crate) owner: String,
    pub(crate) app: String,
    pub(crate) system: String,
}

/// A name has 63 bytes, `weft_system_` takes twelve of them.
const LONGEST_SUFFIX: usize = 48;

impl RoleNames {
    pub(crate) fn of(database: &str) -> Self {
        let suffix = suffix(database);
        Self {
            owner: format!("weft_owner_{suffix}"),
            app: format!("weft_app_{suffix}"),
            system: format!("weft_system_{suffix}"),
        }
    }

    fn all(&self) -> [&str; 3] {
        [&self.owner, &self.app, &self.system]
    }
}

/// The database's name; where that has other characters or is too long, a readable part of it and a digest.
fn suffix(database: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if database.len() <= LONGEST_SUFFIX && database.bytes().all(is_plain) {
        return database.to_owned();
    }
    let readable: String = database.chars().filter(|c| u8::try_from(*c).is_ok_and(is_plain)).take(30).collect();
    let digest = Sha256::digest(database.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{readable}_{number:016x}")
}

/// Makes the roles that are missing. The caller holds the lock.
pub(crate) async fn ensure(admin: &mut PgConnection, names: &RoleNames, url: &AdminUrl) -> Result<(), MigrationError> {
    let statement = "select rolname::text from pg_roles where rolname = any ($1)";
    let wanted: Vec<String> = names.all().map(str::to_owned).into();
    let present: Vec<String> =
        sqlx::query_scalar(statement).bind(&wanted).fetch_all(&mut *admin).await.map_err(MigrationError::statement)?;
    for role in names.all().into_iter().filter(|role| !present.iter().any(|found| found == role)) {
        // In one transaction: a role without its settings would never be completed.
        let mut sql = format!("begin; create role {role} login nosuperuser nocreatedb nocreaterole noinherit");
        if let Some(password) = url.password_of(role) {
            sql.push_str(&password_clause(&password));
        }
        sql.push_str(&settings(role, names));
        sql.push_str("; commit");
        if let Err(error) = run(admin, sql).await {
            return Err(not_allowed(admin, "make roles", error).await);
        }
    }
    Ok(())
}

/// A serving role never needs minutes for a statement, and a transaction that its process forgot must not hold back the
/// vacuum of everybody else.
fn settings(role: &str, names: &RoleNames) -> String {
    let path = format!("; alter role {role} set search_path = weft");
    if role == names.owner {
        return path;
    }
    format!(
        "{path}; alter role {role} set idle_in_transaction_session_timeout = '60s'; alter role {role} set statement_timeout = '60s'"
    )
}

/// The password consists of hexadecimal digits.
fn password_clause(password: &str) -> String {
    format!(" password '{password}'")
}

/// Signs in as the owner. Where the server refuses the password, the administrator's has changed since the roles were
/// made, and theirs are set anew.
pub(crate) async fn sign_in_as_owner(
    admin: &mut PgConnection,
    names: &RoleNames,
    url: &AdminUrl,
    urls: &Urls,
) -> Result<PgConnection, MigrationError> {
    grant_creation(admin, names).await?;
    let refused = |source| MigrationError::SignIn { role: names.owner.clone(), source };
    match PgConnection::connect(&urls.owner).await {
        Err(error) if is_code(&error, &["28P01"]) => {}
        outcome => return outcome.map_err(refused),
    }
    for role in names.all() {
        let Some(password) = url.password_of(role) else { continue };
        if let Err(error) = run(admin, format!("alter role {role}{}", password_clause(&password))).await {
            return Err(not_allowed(admin, "change the passwords of Weft's roles", error).await);
        }
    }
    PgConnection::connect(&urls.owner).await.map_err(refused)
}

/// Lets the owner make schemas (its own, and one for each generation of a projection).
pub(crate) async fn grant_creation(admin: &mut PgConnection, names: &RoleNames) -> Result<(), MigrationError> {
    let owner = &names.owner;
    let may = "select has_database_privilege($1, current_database(), 'create')";
    let already: bool =
        sqlx::query_scalar(may).bind(owner).fetch_one(&mut *admin).await.map_err(MigrationError::statement)?;
    if already {
        return Ok(());
    }
    let roles = names.all().join(", ");
    let sql = format!(
        "do $$ begin
            execute format('grant create on database %I to {owner}', current_database());
            execute format('grant connect on database %I to {roles}', current_database());
        end $$"
    );
    match run(admin, sql).await {
        Ok(()) => Ok(()),
        Err(error) => Err(not_allowed(admin, "let Weft's owner create in this database", error).await),
    }
}

/// Weft's own schema. PostgreSQL only warns when a grant has no effect, so that shows here.
pub(crate) async fn ensure_schema(owner: &mut PgConnection, database: &str) -> Result<(), MigrationError> {
    let statement = "select exists (select from pg_namespace where nspname = 'weft')";
    let exists: bool = sqlx::query_scalar(statement).fetch_one(&mut *owner).await.map_err(MigrationError::statement)?;
    if exists {
        return Ok(());
    }
    match run(owner, "create schema weft".to_owned()).await {
        Err(source) if is_code(&source, &["42501"]) => Err(MigrationError::NotAllowed {
            what: "let Weft's owner create in this database",
            user: "<the user of DATABASE_URL>".to_owned(),
            database: database.to_owned(),
            source,
        }),
        outcome => outcome.map_err(MigrationError::statement),
    }
}

/// An error of missing rights, with the names that the advice needs; anything else as it is.
async fn not_allowed(admin: &mut PgConnection, what: &'static str, source: sqlx::Error) -> MigrationError {
    if !is_code(&source, &["42501"]) {
        return MigrationError::Statement(source);
    }
    // The failed statement left its transaction open.
    let _ = run(admin, "rollback".to_owned()).await;
    let statement = "select current_user::text, current_database()::text";
    match sqlx::query_as(statement).fetch_one(admin).await {
        Ok((user, database)) => MigrationError::NotAllowed { what, user, database, source },
        Err(error) => MigrationError::Statement(error),
    }
}

fn is_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| codes.contains(&&*code))
}

/// Names in these statements consist of letters, digits and underscores.
async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_kept_and_any_other_stays_apart_from_its_neighbours() {
        assert_eq!(RoleNames::of("weft").app, "weft_app_weft");
        let odd = RoleNames::of("My-Shop; drop");
        assert!(odd.app.starts_with("weft_app_yhopdrop_"), "{}", odd.app);
        assert_ne!(odd, RoleNames::of("My-Shop? drop"));
        let long = RoleNames::of(&"x".repeat(63));
        assert!(long.system.len() <= 63);
        assert_ne!(long, RoleNames::of(&"x".repeat(62)));
    }
}
