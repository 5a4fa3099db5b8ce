//! Addresses to sign in with.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use url::Url;

use crate::error::MigrationError;
use crate::roles::RoleNames;

/// How to sign in as each role. They may hold passwords, so they are not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Urls {
    /// Makes and drops tables; for migrations and rebuilds only.
    pub owner: String,
    /// One tenant's rows; for `weft_scope::Scope`.
    pub app: String,
    /// Functions that cross tenants; for `weft_scope::SystemPool`.
    pub system: String,
}

impl fmt::Debug for Urls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Urls(..)")
    }
}

/// The address that was given, with its secrets.
pub(crate) struct AdminUrl(Url);

impl AdminUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, MigrationError> {
        Url::parse(text).map(Self).map_err(MigrationError::Address)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn urls(&self, names: &RoleNames) -> Urls {
        Urls {
            owner: self.signed_in_as(&names.owner),
            app: self.signed_in_as(&names.app),
            system: self.signed_in_as(&names.system),
        }
    }

    /// Parameters of the query part win over the rest of an address, with sqlx and with libpq.
    fn signed_in_as(&self, role: &str) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair("user", role);
        if let Some(password) = self.password_of(role) {
            url.query_pairs_mut().append_pair("password", &password);
        }
        url.into()
    }

    /// Every process that knows the administrator's password arrives at the same password for a role (HKDF-SHA256, RFC
    /// 5869), so none has to be stored or passed on. Without a password (a private socket, a client certificate) the roles
    /// have none either.
    pub(crate) fn password_of(&self, role: &str) -> Option<String> {
        let in_query = self.0.query_pairs().find(|(key, _)| key == "password").map(|(_, value)| value.into_owned());
        let own = in_query.or_else(|| self.0.password().map(str::to_owned)).filter(|password| !password.is_empty())?;
        let mut derived = [0_u8; 24];
        Hkdf::<Sha256>::new(Some(b"weft role password"), own.as_bytes()).expand(role.as_bytes(), &mut derived).ok()?;
        Some(hex::encode(derived))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_derives_the_same_password_and_every_role_another() {
        let names = RoleNames::of("weft");
        let admin = AdminUrl::parse("postgres://boss:secret@db:5433/weft?sslmode=require").unwrap();
        let urls = admin.urls(&names);
        assert!(
            urls.app.starts_with("postgres://boss:secret@db:5433/weft?sslmode=require&user=weft_app_weft&password=")
        );
        assert_eq!(urls, admin.urls(&names));
        assert_ne!(admin.password_of(&names.app), admin.password_of(&names.system));
        assert_eq!(format!("{urls:?}"), "Urls(..)");
    }

    #[test]
    fn without_a_password_the_roles_have_none() {
        let admin = AdminUrl::parse("postgres://weft_admin@localhost/weft?host=/run/weft").unwrap();
        assert_eq!(admin.password_of("weft_app_weft"), None);
        let urls = admin.urls(&RoleNames::of("weft"));
        assert_eq!(urls.system, "postgres://weft_admin@localhost/weft?host=/run/weft&user=weft_system_weft");
    }
}
