//! The servers of a name, as the DNS knows them
//! (<https://github.com/mongodb/specifications/blob/master/source/initial-dns-seedlist-discovery/initial-dns-seedlist-discovery.md>).
//!
//! Only the name servers of this installation are asked. What they answer are names again, and each of those is dialled as any
//! other: through the dialer, which judges where it leads.

use std::time::Duration;

use tokio::time::timeout;
use weft_connectors::DialError;

use super::Server;
use super::address::Place;
use super::dns::NameServers;
use super::wire::not_understood;
use crate::Failure;

/// How many servers of a name are taken.
const MOST: usize = 50;

/// What the DNS says of a name.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    hosts: Vec<(String, u16)>,
    options: Vec<String>,
}

/// The servers to begin with, and the server with what the DNS says of it.
pub(super) async fn found(server: &Server, limit: Duration) -> Result<(Vec<(String, u16)>, Server), Failure> {
    match &server.place {
        Place::Hosts(hosts) => Ok((hosts.clone(), server.clone())),
        Place::Named(name) => {
            let late = |_| DialError::Timeout { host: name.clone(), limit };
            let servers = NameServers::of_installation().await;
            let said = timeout(limit, asked(&servers, name)).await.map_err(late)??;
            believed(name, said, server)
        }
    }
}

async fn asked(servers: &NameServers, name: &str) -> Result<Said, Failure> {
    let unknown = || DialError::UnknownHost { host: name.to_owned() };
    let plain = name.trim_end_matches('.');
    let mut hosts = servers.services(&format!("_mongodb._tcp.{plain}")).await.map_err(|_| unknown())?;
    if hosts.is_empty() {
        return Err(unknown().into());
    }
    hosts.truncate(MOST);
    // Most names have none.
    let options = servers.texts(plain).await.unwrap_or_default();
    Ok(Said { hosts, options })
}

/// Whoever answers for a name may name servers of its own domain, and say of them little.
fn believed(name: &str, said: Said, server: &Server) -> Result<(Vec<(String, u16)>, Server), Failure> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let labels = name.split('.').count();
    let domain = if labels < 3 { name.as_str() } else { name.split_once('.').map_or("", |(_, domain)| domain) };
    let belongs = |host: &str| host.to_ascii_lowercase().strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    if said.hosts.is_empty() || !said.hosts.iter().all(|(host, _)| belongs(host)) {
        return Err(not_understood("nothing, or servers of another domain, when its name was looked up"));
    }
    let mut server = server.clone();
    for option in said.options.iter().flat_map(|text| text.split('&')) {
        match option.split_once('=') {
            Some((known, set)) if known.eq_ignore_ascii_case("replicaSet") => {
                server.replica_set.get_or_insert(set.to_owned());
            }
            Some((known, source)) if known.eq_ignore_ascii_case("authSource") => {
                // What the path of the string says is a guess, and this is none.
                if let Some(who) = &mut server.sign_in {
                    who.source.get_or_insert(source.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok((said.hosts, server))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use bson::Document;
    use weft_connectors::Tls;

    use super::*;
    use crate::mongodb::Reach;

    fn server(string: &str) -> Server {
        let otherwise = Server {
            place: Place::Hosts(Vec::new()),
            database: String::new(),
            sign_in: None,
            replica_set: None,
            reach: Reach::Primary,
            confirmed: Document::new(),
            tls: Tls::default(),
        };
        Server::read(string, otherwise).unwrap()
    }

    fn said(hosts: &[&str], options: &[&str]) -> Said {
        Said {
            hosts: hosts.iter().map(|host| ((*host).to_owned(), 27_017)).collect(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
        }
    }

    #[test]
    fn servers_of_the_same_domain_are_believed_and_no_others() {
        let named = server("mongodb+srv://ada:x@cluster0.example.net/shop");
        let believed = |name: &str, hosts: &[&str]| believed(name, said(hosts, &[]), &named).is_ok();
        assert!(believed("cluster0.example.net", &["a.example.net", "B.Example.net"]));
        assert!(believed("cluster0.example.net.", &["a.b.example.net"]));
        assert!(believed("example.net", &["a.example.net"]));
        for hosts in [&[][..], &["a.example.net", "a.example.org"], &["badexample.net"], &["example.net"]] {
            assert!(!believed("cluster0.example.net", hosts), "{hosts:?}");
        }
        assert!(!believed("example.net", &["a.other.net"]));
    }

    #[test]
    fn a_name_says_who_knows_the_user_where_nobody_else_does() {
        let texts = said(&["a.example.net"], &["authSource=users&replicaSet=rs&tlsCAFile=/etc/passwd"]);
        for (string, source) in [
            ("mongodb+srv://ada:x@c.example.net/shop", "users"),
            ("mongodb+srv://ada:x@c.example.net/shop?authSource=mine", "mine"),
        ] {
            let texts = Said { hosts: texts.hosts.clone(), options: texts.options.clone() };
            let (_, server) = believed("c.example.net", texts, &server(string)).unwrap();
            assert_eq!((server.sign_in.unwrap().source(), server.replica_set.as_deref()), (source, Some("rs")));
        }
    }
}
