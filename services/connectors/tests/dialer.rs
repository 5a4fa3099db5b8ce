//! Sockets for what does not speak HTTP: the same rules, and TLS that believes whom it should.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use weft_connectors::{DialError, Dialer, Encryption, HttpClient, HttpSettings, Resolver, Tls};

const AUTHORITY: &str = include_str!("tls/authority.pem");
const LIMIT: Duration = Duration::from_secs(5);

/// Every name leads where it says; the number of lookups is counted.
#[derive(Clone)]
struct Names {
    leads_to: Vec<IpAddr>,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if host == "nowhere.example" { Err(io::ErrorKind::NotFound.into()) } else { Ok(self.leads_to.clone()) }
    }
}

fn names(leads_to: &[&str]) -> Names {
    Names { leads_to: leads_to.iter().map(|address| address.parse().unwrap()).collect(), asked: Arc::default() }
}

fn dialer(allow: &str, names: Names) -> Dialer {
    let settings = HttpSettings { egress: allow.parse().unwrap(), ..HttpSettings::default() };
    HttpClient::with_resolver(settings, names).unwrap().dialer()
}

/// A server on this machine that says “hello”.
async fn plain() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, calls) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = socket.write_all(b"hello").await;
        }
    });
    (port, calls)
}

/// The same, encrypted, as `db.test`.
async fn encrypted() -> u16 {
    let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let configuration = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    let acceptor = TlsAcceptor::from(Arc::new(configuration.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(socket).await {
                let _ = stream.write_all(b"hello").await;
                let _ = stream.shutdown().await;
            }
        }
    });
    port
}

#[tokio::test]
async fn nothing_inside_is_dialled_by_address_or_by_name() {
    let (port, calls) = plain().await;
    let here = dialer("", names(&["127.0.0.1"]));
    for host in ["127.0.0.1", "0.0.0.0", "::1", "[::1]", "::ffff:127.0.0.1", "2130706433", "127.1", "innocent.example"]
    {
        let error = here.dial(host, port, LIMIT).await.unwrap_err();
        assert!(matches!(error, DialError::Refused(_)), "{host}: {error}");
    }
    let mixed = dialer("", names(&["93.184.215.14", "169.254.169.254"]));
    assert!(matches!(mixed.dial("x.example", port, LIMIT).await, Err(DialError::Refused(_))));
    for host in ["", "/run/postgresql", "a b", "db:5432"] {
        assert!(matches!(here.dial(host, port, LIMIT).await, Err(DialError::Invalid { .. })), "{host}");
    }
    assert!(matches!(here.dial("nowhere.example", port, LIMIT).await, Err(DialError::UnknownHost { .. })));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_the_installation_permits_is_dialled_after_one_lookup() {
    let (port, calls) = plain().await;
    for (allow, host) in [
        (format!("127.0.0.1:{port}"), "127.0.0.1"),
        ("127.0.0.0/8".to_owned(), "db.internal"),
        (format!("db.internal:{port}"), " DB.internal "),
    ] {
        let names = names(&["127.0.0.1"]);
        let mut stream = dialer(&allow, names.clone()).dial(host, port, LIMIT).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert_eq!(said, "hello", "{allow}");
        assert!(names.asked.load(Ordering::SeqCst) <= 1, "{allow}");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    let refused = dialer("db.internal:1", names(&["127.0.0.1"])).dial("db.internal", port, LIMIT).await;
    assert!(matches!(refused, Err(DialError::Refused(_))), "the rule is for another port");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = dialer("127.0.0.0/8", names(&[])).dial("127.0.0.1", port, LIMIT).await.unwrap_err();
    assert_eq!(error.to_string(), format!("127.0.0.1 could not be reached on port {port}."));
}

async fn greeting(port: u16, host: &str, tls: &Tls) -> Result<String, DialError> {
    let stream = dialer("127.0.0.0/8", names(&["127.0.0.1"])).dial(host, port, LIMIT).await?;
    let mut stream = tls.secure(stream, host).await?;
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    Ok(said)
}

#[tokio::test]
async fn a_certificate_is_believed_when_it_is_the_hosts_and_its_authority_is_trusted() {
    let port = encrypted().await;
    let tls = |encryption, authority: &str| Tls { encryption, authority: authority.to_owned() };
    let verified = tls(Encryption::Verified, AUTHORITY);
    assert_eq!(greeting(port, "db.test", &verified).await.unwrap(), "hello");
    let error = greeting(port, "other.test", &verified).await.unwrap_err().to_string();
    assert!(error.contains("another server’s"), "{error}");
    let error = greeting(port, "db.test", &tls(Encryption::Verified, "")).await.unwrap_err().to_string();
    assert!(error.contains("nobody who is trusted"), "{error}");
    assert_eq!(greeting(port, "other.test", &tls(Encryption::Unverified, "")).await.unwrap(), "hello");
    let error = greeting(port, "db.test", &tls(Encryption::Verified, "no certificate")).await.unwrap_err();
    assert!(matches!(error, DialError::Authority), "{error}");
}
