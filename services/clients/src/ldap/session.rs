//! One connection: encrypted, signed in, asked.

use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::asn1::StructureTag;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Mod, ResultEntry, Scope, StdStream};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, spawn};
use tokio::time::timeout;
use weft_connectors::{Dialer, Tls};
use zeroize::Zeroizing;

use super::NAME;
use super::start_tls::start_tls;
use crate::bounded::{Bounded, Over};
use crate::smtp::Begin;
use crate::{Budget, Failure, Refused, Socket, Tunnel};

/// Where a directory is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port: mostly 389, or 636 with TLS.
    pub port: u16,
    /// The name of the entry that signs in; empty where nobody does.
    pub user: String,
    /// Its password.
    pub password: Zeroizing<String>,
    /// How the connection begins.
    pub begin: Begin,
    /// Whom an encrypted connection trusts.
    pub tls: Tls,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where the search begins.
    pub base: String,
    /// How far it goes.
    pub scope: Scope,
    /// What an entry must be like (RFC 4515).
    pub filter: String,
    /// Which attributes are given; all where none is named.
    pub attributes: Vec<String>,
    /// How many entries the server sends at a time; 0 for all at once.
    pub page: i32,
    /// How many entries are given at most.
    pub most: Option<usize>,
}

/// An entry that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    /// Its attributes with their values, in the order of the server.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

/// A change of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds values.
    Add(String, Vec<String>),
    /// Sets values in place of those that were there; without any, takes the attribute away.
    Replace(String, Vec<String>),
    /// Takes values away; without any, the whole attribute.
    Delete(String, Vec<String>),
}

/// A connection that is signed in. Dropped, it is closed.
pub struct Session {
    ldap: Ldap,
    driving: JoinHandle<()>,
    over: Over,
    most: usize,
    _tunnel: Tunnel,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driving.abort();
    }
}

impl Session {
    /// Connects and signs in. `limit` is for all of it; `most` is how many bytes are taken from the server in all.
    pub async fn open(dialer: &Dialer, server: &Server, most: usize, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, most, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, most: usize, limit: Duration) -> Result<Self, Failure> {
        if !server.user.is_empty() && server.password.is_empty() {
            // Such a server would say yes to anybody (RFC 4513, section 5.1.2).
            return Err(denied("a name without a password signs nobody in"));
        }
        let mut stream = dialer.dial(&server.host, server.port, limit).await?;
        if server.begin == Begin::StartTls {
            start_tls(&mut stream).await?;
        }
        let socket: Box<dyn Socket> = match server.begin {
            Begin::Clear => Box::new(stream),
            Begin::Tls | Begin::StartTls => Box::new(server.tls.secure(stream, &server.host).await?),
        };
        let broken = |source| Failure::Broken { server: NAME, source };
        let (bounded, over) = Bounded::new(socket, most);
        let tunnel = Tunnel::to(bounded).await.map_err(broken)?;
        let near = TcpStream::connect(tunnel.address()).await.and_then(TcpStream::into_std).map_err(broken)?;
        let settings = LdapConnSettings::new().set_std_stream(StdStream::Tcp(near));
        let opened = LdapConnAsync::with_settings(settings, &format!("ldap://{}", tunnel.address())).await;
        let (connection, ldap) = opened.map_err(failed)?;
        let driving = spawn(async move {
            // What breaks is told to whoever waits for an answer.
            let _broken = connection.drive().await;
        });
        let session = Self { ldap, driving, over, most, _tunnel: tunnel };
        session.sign_in(server).await?;
        Ok(session)
    }

    async fn sign_in(&self, server: &Server) -> Result<(), Failure> {
        if server.user.is_empty() {
            return Ok(());
        }
        let (mut ldap, user, password) = (self.ldap.clone(), server.user.clone(), server.password.clone());
        let bound = self.apart(async move { ldap.simple_bind(&user, &password).await }).await?;
        if bound.rc == 0 { Ok(()) } else { Err(denied(&words(&bound))) }
    }

    /// The library panics at what is no LDAP: it does so in a task of its own.
    async fn apart<T: Send + 'static>(
        &self,
        asked: impl Future<Output = Result<T, LdapError>> + Send + 'static,
    ) -> Result<T, Failure> {
        let came = spawn(asked).await;
        if self.over.is_over() {
            return Err(Failure::TooLarge { limit: self.most });
        }
        came.map_err(|_| not_understood("no LDAP"))?.map_err(failed)
    }

    async fn done(
        &self,
        asked: impl Future<Output = Result<LdapResult, LdapError>> + Send + 'static,
    ) -> Result<(), Failure> {
        let result = self.apart(asked).await?;
        if result.rc == 0 { Ok(()) } else { Err(refused(&result)) }
    }

    /// Looks for entries.
    pub async fn search(&self, search: Search, budget: &mut Budget) -> Result<Vec<Entry>, Failure> {
        let (ldap, mut bounds) = (self.ldap.clone(), *budget);
        let found = self.apart(async move {
            let found = entries(ldap, search, &mut bounds).await?;
            Ok((found, bounds))
        });
        let (found, bounds) = found.await?;
        *budget = bounds;
        found
    }

    /// Whether an attribute of an entry has that value.
    pub async fn compare(&self, dn: String, attribute: String, value: String) -> Result<bool, Failure> {
        let mut ldap = self.ldap.clone();
        let compared = self.apart(async move { ldap.compare(&dn, &attribute, &value).await }).await?.0;
        match compared.rc {
            5 => Ok(false),
            6 => Ok(true),
            _ => Err(refused(&compared)),
        }
    }

    /// Makes an entry.
    pub async fn add(&self, dn: String, attributes: Vec<(String, Vec<String>)>) -> Result<(), Failure> {
        let mut ldap = self.ldap.clone();
        let attributes = attributes.into_iter().map(|(name, values)| (name, HashSet::from_iter(values))).collect();
        self.done(async move { ldap.add(&dn, attributes).await }).await
    }

    /// Deletes an entry.
    pub async fn delete(&self, dn: String) -> Result<(), Failure> {
        let mut ldap = self.ldap.clone();
        self.done(async move { ldap.delete(&dn).await }).await
    }

    /// Changes an entry, all of it or nothing.
    pub async fn modify(&self, dn: String, changes: Vec<Change>) -> Result<(), Failure> {
        let mut ldap = self.ldap.clone();
        let change = |change| match change {
            Change::Add(name, values) => Mod::Add(name, HashSet::from_iter(values)),
            Change::Replace(name, values) => Mod::Replace(name, HashSet::from_iter(values)),
            Change::Delete(name, values) => Mod::Delete(name, HashSet::from_iter(values)),
        };
        let changes = changes.into_iter().map(change).collect();
        self.done(async move { ldap.modify(&dn, changes).await }).await
    }

    /// Gives an entry another name, perhaps below another entry.
    pub async fn rename(&self, dn: String, name: String, parent: Option<String>) -> Result<(), Failure> {
        let mut ldap = self.ldap.clone();
        self.done(async move { ldap.modifydn(&dn, &name, true, parent.as_deref()).await }).await
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = self.ldap.unbind().await;
    }
}

/// The entries of a search, or why the server gave none.
async fn entries(
    mut ldap: Ldap,
    search: Search,
    budget: &mut Budget,
) -> Result<Result<Vec<Entry>, Failure>, LdapError> {
    let mut adapters: Vec<Box<dyn Adapter<'_, String, Vec<String>>>> = vec![Box::new(EntriesOnly::new())];
    if search.page > 0 {
        adapters.push(Box::new(PagedResults::new(search.page)));
    }
    let attributes = if search.attributes.is_empty() { vec!["*".to_owned()] } else { search.attributes };
    let mut stream =
        ldap.streaming_search_with(adapters, &search.base, search.scope, &search.filter, attributes).await?;
    let mut found = Vec::new();
    while search.most.is_none_or(|most| found.len() < most) {
        let Some(entry) = stream.next().await? else {
            let result = stream.finish().await;
            return Ok(if result.rc == 0 { Ok(found) } else { Err(refused(&result)) });
        };
        let Some(entry) = entry_of(entry) else { return Ok(Err(not_understood("an entry that is none"))) };
        if let Err(failure) = budget.row(entry.bytes()) {
            return Ok(Err(failure));
        }
        found.push(entry);
    }
    // There is more, which nobody wants.
    let number = stream.ldap_handle().last_id();
    stream.finish().await;
    ldap.abandon(number).await?;
    Ok(Ok(found))
}

fn entry_of(entry: ResultEntry) -> Option<Entry> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let mut parts = entry.0.match_id(4)?.expect_constructed()?.into_iter();
    let dn = text(parts.next()?.expect_primitive()?)?;
    let mut attributes = Vec::new();
    for attribute in parts.next()?.expect_constructed()? {
        let mut parts = attribute.expect_constructed()?.into_iter();
        let name = text(parts.next()?.expect_primitive()?)?;
        let values = parts.next()?.expect_constructed()?;
        attributes.push((name, values.into_iter().map(StructureTag::expect_primitive).collect::<Option<_>>()?));
    }
    Some(Entry { dn, attributes })
}

impl Entry {
    fn bytes(&self) -> usize {
        let of = |(name, values): &(String, Vec<Vec<u8>>)| name.len() + values.iter().map(Vec::len).sum::<usize>();
        self.dn.len() + self.attributes.iter().map(of).sum::<usize>()
    }
}

/// `noSuchObject: no such entry`.
fn words(result: &LdapResult) -> String {
    let said = result.to_string();
    let word = said.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("unknown", |(word, _)| word);
    if result.text.is_empty() { word.to_owned() } else { format!("{word}: {}", result.text) }
}

fn refused(result: &LdapResult) -> Failure {
    let matched = (!result.matched.is_empty()).then(|| format!("The directory knows “{}”.", result.matched));
    Failure::Refused(Box::new(Refused { code: result.rc.to_string(), message: words(result), detail: matched }))
}

fn denied(reason: &str) -> Failure {
    Failure::SignIn { server: NAME, reason: reason.trim_end_matches('.').to_owned() }
}

fn not_understood(what: &str) -> Failure {
    Failure::Protocol { server: NAME, what: what.to_owned() }
}

fn failed(error: LdapError) -> Failure {
    match error {
        LdapError::Io { source } => Failure::Broken { server: NAME, source },
        LdapError::LdapResult { result } => refused(&result),
        LdapError::FilterParsing => {
            let message = "The filter is not written as filters are, such as (&(objectClass=person)(cn=A*)).";
            Failure::Refused(Box::new(Refused { code: "filter".into(), message: message.into(), detail: None }))
        }
        LdapError::AddNoValues => {
            let message = "An attribute of a new entry needs a value.";
            Failure::Refused(Box::new(Refused { code: "values".into(), message: message.into(), detail: None }))
        }
        LdapError::EndOfStream
        | LdapError::ResultRecv { .. }
        | LdapError::OpSend { .. }
        | LdapError::IdScrubSend { .. }
        | LdapError::MiscSend { .. } => {
            Failure::Broken { server: NAME, source: std::io::ErrorKind::UnexpectedEof.into() }
        }
        other => not_understood(&other.to_string()),
    }
}
