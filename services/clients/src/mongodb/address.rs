//! Where a server is: by its host, or by a connection string
//! (<https://www.mongodb.com/docs/manual/reference/connection-string/>).

use bson::{Bson, Document};
use percent_encoding::percent_decode_str;
use thiserror::Error;
use weft_connectors::{Encryption, Tls};
use zeroize::Zeroizing;

use super::sign_in::{Mechanism, SignIn};

/// Where MongoDB mostly listens.
pub(super) const PORT: u16 = 27_017;

/// Why a connection string is none. Nothing of it is repeated: it holds a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoAddress {
    /// It begins with something else.
    #[error("It must begin with mongodb:// or mongodb+srv://.")]
    Scheme,
    /// A host that is none.
    #[error(
        "It must name servers with their ports. In a user or a password, the characters : / ? # [ ] @ and % are written as %3A, %2F, \
         %3F, %23, %5B, %5D, %40 and %25."
    )]
    Hosts,
    /// A path to a file of this machine.
    #[error("It must name no files with certificates: write the certificate to trust into the credential.")]
    Files,
    /// A mechanism that is not known here.
    #[error("It must prove the password by SCRAM-SHA-1, SCRAM-SHA-256 or PLAIN.")]
    Mechanism,
    /// Servers behind another one.
    #[error("It must not ask for a load balancer or a proxy.")]
    Between,
}

/// Where the servers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Host and port of each.
    Hosts(Vec<(String, u16)>),
    /// A name that the DNS knows the servers of.
    Named(String),
}

/// Which server is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// The one that takes writes: the primary of a replica set, or a router.
    #[default]
    Primary,
    /// The first that answers.
    Any,
}

/// Where a database is and who signs in.
#[derive(Clone)]
pub struct Server {
    /// Where the servers are.
    pub place: Place,
    /// The database.
    pub database: String,
    /// Who signs in; nobody where the server asks nobody.
    pub sign_in: Option<SignIn>,
    /// The replica set that they must belong to.
    pub replica_set: Option<String>,
    /// Which of them is asked.
    pub reach: Reach,
    /// What must have happened before a write is confirmed; as the server says where it is empty.
    pub confirmed: Document,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

impl Server {
    /// What a connection string says. What it does not say is as in `otherwise`.
    pub fn read(string: &str, otherwise: Self) -> Result<Self, NoAddress> {
        let (named, rest) = match string.trim().split_once("://") {
            Some(("mongodb", rest)) => (false, rest),
            Some(("mongodb+srv", rest)) => (true, rest),
            _ => return Err(NoAddress::Scheme),
        };
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (who, rest) = rest.rsplit_once('@').map_or((None, rest), |(who, rest)| (Some(who), rest));
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let place = if named { name(hosts) } else { listed(hosts) }?;
        let path = Some(decoded(path)?).filter(|path| !path.is_empty());
        let mut server = Self { place, ..otherwise };
        if named && server.tls.encryption == Encryption::Off {
            server.tls.encryption = Encryption::Verified;
        }
        server.sign_in = who.map(|who| user(who, path.clone())).transpose()?;
        if server.database.is_empty() {
            server.database = path.unwrap_or_default();
        }
        let named = |option: &'_ str| {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            Ok((name.to_ascii_lowercase(), decoded(value)?))
        };
        let options = options.split('&').filter(|option| !option.is_empty()).map(named);
        let mut options = options.collect::<Result<Vec<(String, String)>, NoAddress>>()?;
        // What says how it is encrypted means something only once it is known that it is.
        options.sort_by_key(|(name, _)| !matches!(name.as_str(), "tls" | "ssl"));
        for (name, value) in options {
            server.take(&name, &value)?;
        }
        Ok(server)
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.tls.encryption != Encryption::Off
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), NoAddress> {
        let is_true = value.eq_ignore_ascii_case("true");
        match name {
            "tls" | "ssl" if !is_true => self.tls.encryption = Encryption::Off,
            "tls" | "ssl" if self.tls.encryption == Encryption::Off => self.tls.encryption = Encryption::Verified,
            "tlsinsecure" | "tlsallowinvalidcertificates" if is_true && self.is_encrypted() => {
                self.tls.encryption = Encryption::Unverified;
            }
            "tlscafile" | "tlscertificatekeyfile" => return Err(NoAddress::Files),
            "loadbalanced" if is_true => return Err(NoAddress::Between),
            "proxyhost" => return Err(NoAddress::Between),
            "directconnection" => self.reach = if is_true { Reach::Any } else { Reach::Primary },
            "replicaset" => self.replica_set = Some(value.to_owned()),
            "authsource" => self.user(|user| user.source = Some(value.to_owned())),
            "authmechanism" => {
                let mechanism = match value.to_ascii_uppercase().as_str() {
                    "SCRAM-SHA-1" => Mechanism::ScramSha1,
                    "SCRAM-SHA-256" => Mechanism::ScramSha256,
                    "PLAIN" => Mechanism::Plain,
                    _ => return Err(NoAddress::Mechanism),
                };
                self.user(|user| user.mechanism = Some(mechanism));
            }
            "w" => {
                let written = value.parse().map_or_else(|_| Bson::String(value.to_owned()), Bson::Int32);
                self.confirmed.insert("w", written);
            }
            "journal" => _ = self.confirmed.insert("j", is_true),
            // The others say how a client of another kind behaves.
            _ => {}
        }
        Ok(())
    }

    fn user(&mut self, change: impl FnOnce(&mut SignIn)) {
        if let Some(user) = &mut self.sign_in {
            change(user);
        }
    }
}

/// The one name under which the DNS knows the servers.
fn name(hosts: &str) -> Result<Place, NoAddress> {
    let is_name = !hosts.is_empty() && !hosts.contains([',', ':', '[']);
    if is_name { Ok(Place::Named(decoded(hosts)?)) } else { Err(NoAddress::Hosts) }
}

fn listed(hosts: &str) -> Result<Place, NoAddress> {
    Ok(Place::Hosts(hosts.split(',').map(host).collect::<Result<_, NoAddress>>()?))
}

/// A host with its port, or without: `a`, `a:1`, `[::1]:1`.
pub(super) fn host(text: &str) -> Result<(String, u16), NoAddress> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok().filter(|port| *port > 0)),
        _ => (text, Some(PORT)),
    };
    let host = decoded(host)?;
    // What has a slash is the path of a socket of this machine.
    let is_host = !host.is_empty() && !host.contains('/') && (host.starts_with('[') || !host.contains(':'));
    port.filter(|_| is_host).map(|port| (host, port)).ok_or(NoAddress::Hosts)
}

/// A user with its password, in the database of the path where nobody says where else.
fn user(who: &str, path: Option<String>) -> Result<SignIn, NoAddress> {
    let (user, password) = who.split_once(':').unwrap_or((who, ""));
    if user.is_empty() || who.contains('@') || password.contains(':') {
        return Err(NoAddress::Hosts);
    }
    Ok(SignIn {
        mechanism: None,
        source: None,
        path,
        user: decoded(user)?,
        password: Zeroizing::new(decoded(password)?),
    })
}

fn decoded(text: &str) -> Result<String, NoAddress> {
    percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| NoAddress::Hosts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn read(string: &str, encryption: Encryption) -> Result<Server, NoAddress> {
        let otherwise = Server {
            place: Place::Hosts(Vec::new()),
            database: String::new(),
            sign_in: None,
            replica_set: None,
            reach: Reach::Primary,
            confirmed: Document::new(),
            tls: Tls { encryption, authority: String::new() },
        };
        Server::read(string, otherwise)
    }

    #[test]
    fn a_connection_string_says_where_and_who() {
        for (string, hosts, database, who) in [
            ("mongodb://a", vec![("a", 27_017)], "", "-"),
            (
                "mongodb://a:1,b.example.com,[::1]:2/shop",
                vec![("a", 1), ("b.example.com", 27_017), ("[::1]", 2)],
                "shop",
                "-",
            ),
            ("mongodb://zo%C3%AB:p%40ss%3A@a:1/shop", vec![("a", 1)], "shop", "zoë/p@ss:/shop"),
            ("mongodb://ada:x@a/?authSource=users", vec![("a", 27_017)], "", "ada/x/users"),
            ("mongodb://ada:x@a/shop?authSource=users&retryWrites=true", vec![("a", 27_017)], "shop", "ada/x/users"),
            (" mongodb://ada@a ", vec![("a", 27_017)], "", "ada//admin"),
        ] {
            let server = read(string, Encryption::Off).unwrap();
            let hosts = hosts.into_iter().map(|(host, port)| (host.to_owned(), port)).collect();
            assert_eq!(server.place, Place::Hosts(hosts), "{string}");
            let said = server
                .sign_in
                .map_or("-".to_owned(), |who| format!("{}/{}/{}", who.user, who.password.as_str(), who.source()));
            assert_eq!((server.database.as_str(), said.as_str()), (database, who), "{string}");
        }
        let named = read("mongodb+srv://ada:x@cluster0.example.net/shop", Encryption::Off).unwrap();
        assert_eq!(named.place, Place::Named("cluster0.example.net".into()));
        assert_eq!(named.tls.encryption, Encryption::Verified);
    }

    #[test]
    fn options_say_how() {
        let encryption =
            |options: &str, otherwise| read(&format!("mongodb://a/?{options}"), otherwise).unwrap().tls.encryption;
        for (options, otherwise, expected) in [
            ("", Encryption::Verified, Encryption::Verified),
            ("tls=false", Encryption::Verified, Encryption::Off),
            ("ssl=true", Encryption::Off, Encryption::Verified),
            ("tls=true", Encryption::Unverified, Encryption::Unverified),
            ("tls=true&tlsAllowInvalidCertificates=true", Encryption::Off, Encryption::Unverified),
            ("tlsInsecure=true&tls=true", Encryption::Off, Encryption::Unverified),
        ] {
            assert_eq!(encryption(options, otherwise), expected, "{options}");
        }
        let server =
            read("mongodb://u:p@a/?replicaSet=rs&directConnection=true&w=majority&journal=true", Encryption::Off);
        let server = server.unwrap();
        assert_eq!((server.replica_set.as_deref(), server.reach), (Some("rs"), Reach::Any));
        assert_eq!(server.confirmed, bson::doc! { "w": "majority", "j": true });
        let plain = read("mongodb://u:p@a/?authMechanism=PLAIN", Encryption::Off).unwrap().sign_in.unwrap();
        assert_eq!((plain.mechanism, plain.source()), (Some(Mechanism::Plain), "$external"));
    }

    #[test]
    fn what_is_no_connection_string_is_refused_and_not_repeated() {
        for (string, expected) in [
            ("", NoAddress::Scheme),
            ("http://a", NoAddress::Scheme),
            ("mongodb://", NoAddress::Hosts),
            ("mongodb://ada:hunter2@", NoAddress::Hosts),
            ("mongodb://ada:hun:ter2@a", NoAddress::Hosts),
            ("mongodb://ada:hun@ter2@a", NoAddress::Hosts),
            ("mongodb://ada:hun?ter2@a", NoAddress::Hosts),
            ("mongodb://a:0", NoAddress::Hosts),
            ("mongodb://a:x", NoAddress::Hosts),
            ("mongodb://%2Ftmp%2Fmongodb-27017.sock", NoAddress::Hosts),
            ("mongodb+srv://a,b", NoAddress::Hosts),
            ("mongodb+srv://a.example.com:1", NoAddress::Hosts),
            ("mongodb://a/?tlsCAFile=/etc/passwd", NoAddress::Files),
            ("mongodb://u@a/?authMechanism=MONGODB-AWS", NoAddress::Mechanism),
            ("mongodb://u@a/?authMechanism=MONGODB-OIDC", NoAddress::Mechanism),
            ("mongodb://a/?loadBalanced=true", NoAddress::Between),
            ("mongodb://a/?proxyHost=10.0.0.1", NoAddress::Between),
        ] {
            let wrong = read(string, Encryption::Off).err();
            assert_eq!(wrong, Some(expected), "{string}");
            assert!(!expected.to_string().contains("ter2"));
        }
    }
}
