//! Requests that must not leave, against a real socket on this machine that would answer them (F17).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use weft_connectors::{Egress, HttpClient, HttpError, HttpRequest, HttpSettings, Network, RefusalReason, Resolver};

/// A server on this machine: path → raw answer. Remembers the heads of the requests.
struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(answers: &[(&str, &str)]) -> Self {
        let answers: HashMap<String, String> =
            answers.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut buffer = vec![0; 65536];
                let length = socket.read(&mut buffer).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&buffer[..length]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
                seen.lock().unwrap().push(head);
                let answer = answers.get(&path).cloned().unwrap_or_else(|| text("200 OK", "", "hello"));
                if answer == "silence" {
                    // Holds the connection open until the client gives up.
                    let _ = socket.read(&mut buffer).await;
                    continue;
                }
                let _ = socket.write_all(answer.replace("PORT", &port.to_string()).as_bytes()).await;
            }
        });
        Self { port, heads }
    }

    fn requests(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn text(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn redirect(status: &str, to: &str) -> String {
    text(status, &format!("location: {to}\r\n"), "")
}

/// A name server that answers as it is told, another answer each time.
#[derive(Clone)]
struct Told {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl Resolver for Told {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        if host == "nowhere.example" {
            return Err(io::ErrorKind::NotFound.into());
        }
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        Ok(self.answers[turn].clone())
    }
}

fn told(answers: &[&[&str]]) -> Told {
    let answers = answers.iter().map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
    Told { answers, asked: Arc::default() }
}

fn client(allow: &str, resolver: Told) -> HttpClient {
    let settings =
        HttpSettings { egress: allow.parse::<Egress>().unwrap(), request_bytes: 1000, ..HttpSettings::default() };
    HttpClient::with_resolver(settings, resolver).unwrap()
}

fn get(url: impl Into<String>) -> HttpRequest {
    HttpRequest { timeout: Duration::from_secs(5), ..HttpRequest::new("GET", url) }
}

#[track_caller]
fn refused(result: Result<weft_connectors::HttpResponse, HttpError>) -> (String, Option<IpAddr>, RefusalReason) {
    match result {
        Err(HttpError::Refused(refusal)) => (refusal.host, refusal.address, refusal.reason),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_address_of_this_machine_is_never_dialled() {
    let server = Server::start(&[]).await;
    let client = client("", told(&[&["127.0.0.1"]]));
    for host in ["127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"] {
        let (_, _, reason) = refused(client.send(get(format!("http://{host}:{}/", server.port))).await);
        assert!(
            matches!(reason, RefusalReason::Network(Network::Loopback | Network::Unspecified)),
            "{host}: {reason:?}"
        );
    }
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_with_its_address() {
    let server = Server::start(&[]).await;
    for (addresses, network) in [
        (&["127.0.0.1"][..], Network::Loopback),
        (&["10.0.0.5"], Network::Private),
        (&["169.254.169.254"], Network::Metadata),
        (&["::ffff:192.168.1.1"], Network::Private),
        (&["64:ff9b::7f00:1"], Network::Loopback),
        (&["100.64.0.1"], Network::Shared),
        (&["fd00::1"], Network::Private),
        // A public address beside it changes nothing.
        (&["93.184.215.14", "127.0.0.1"], Network::Loopback),
    ] {
        let client = client("", told(&[addresses]));
        let (host, address, reason) =
            refused(client.send(get(format!("http://innocent.example:{}/", server.port))).await);
        assert_eq!((host.as_str(), reason), ("innocent.example", RefusalReason::Network(network)));
        assert_eq!(address, addresses.last().map(|ip| ip.parse().unwrap()));
    }
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_by_what_is_dialled() {
    let server = Server::start(&[]).await;
    // First a public address, in which nothing listens at this port; then this machine. Both times the one answer that was
    // judged is the one that is dialled: either it is refused, or it does not reach the server.
    let resolver = told(&[&["192.0.2.1"], &["127.0.0.1"], &["203.0.113.9"], &["127.0.0.1"]]);
    let client = client("192.0.2.0/24, 203.0.113.0/24", resolver.clone());
    for _ in 0..4 {
        let request = HttpRequest {
            timeout: Duration::from_millis(300),
            ..get(format!("http://rebind.example:{}/", server.port))
        };
        assert!(client.send(request).await.is_err());
    }
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 4, "a name is looked up once for each connection");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn the_checked_address_is_the_one_that_is_dialled() {
    let server = Server::start(&[]).await;
    let resolver = told(&[&["127.0.0.1"], &["10.255.255.1"]]);
    let client = client("127.0.0.0/8", resolver.clone());
    let answer = client.send(get(format!("http://internal.example:{}/", server.port))).await.unwrap();
    assert_eq!((answer.status, answer.body.as_ref()), (200, &b"hello"[..]));
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 1);
}

/// A name server that never answers for `slow.example`, and counts who waits for it.
#[derive(Clone, Default)]
struct Stuck {
    waiting: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

#[async_trait]
impl Resolver for Stuck {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        if host == "slow.example" {
            let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(waiting, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
        Ok(vec!["127.0.0.1".parse().unwrap()])
    }
}

fn stuck_client(resolver: Stuck, lookups: usize) -> HttpClient {
    let settings = HttpSettings {
        egress: "127.0.0.0/8".parse().unwrap(),
        lookups,
        lookup_timeout: Duration::from_millis(50),
        ..HttpSettings::default()
    };
    HttpClient::with_resolver(settings, resolver).unwrap()
}

#[tokio::test]
async fn a_name_server_that_never_answers_is_given_up_on() {
    let server = Server::start(&[]).await;
    let client = stuck_client(Stuck::default(), 2);
    let slow = client.send(get("http://slow.example/")).await.unwrap_err();
    let limit = Duration::from_millis(50);
    assert!(
        matches!(&slow, HttpError::Timeout { host, limit: told } if host == "slow.example" && *told == limit),
        "{slow:?}"
    );
    let quick = client.send(get(format!("http://quick.example:{}/", server.port))).await.unwrap();
    assert_eq!(quick.status, 200);
}

#[tokio::test]
async fn a_lookup_that_was_given_up_still_counts_until_it_ends() {
    let resolver = Stuck::default();
    let client = stuck_client(resolver.clone(), 3);
    let requests = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.send(get("http://slow.example/")).await })
    });
    for request in requests.collect::<Vec<_>>() {
        assert!(matches!(request.await.unwrap(), Err(HttpError::Timeout { .. })));
    }
    // The system's resolver holds a thread for as long as it looks, whether anybody still waits or not.
    assert_eq!(resolver.most.load(Ordering::SeqCst), 3);
    assert!(matches!(client.send(get("http://quick.example/")).await, Err(HttpError::Timeout { .. })));
}

#[tokio::test]
async fn every_redirect_is_judged() {
    let server = Server::start(&[
        ("/private", &redirect("302 Found", "http://10.0.0.1/")),
        ("/metadata", &redirect("301 Moved Permanently", "http://169.254.169.254/latest/")),
        ("/other-port", &redirect("307 Temporary Redirect", "http://127.0.0.1:1/")),
        ("/name", &redirect("303 See Other", "http://inside.example/")),
        ("/scheme", &redirect("302 Found", "file:///etc/passwd")),
        ("/chain", &redirect("302 Found", "/private")),
    ])
    .await;
    let client = client(&format!("127.0.0.1:{}", server.port), told(&[&["172.16.0.9"]]));
    for (path, reason) in [
        ("/private", RefusalReason::Network(Network::Private)),
        ("/metadata", RefusalReason::Network(Network::Metadata)),
        ("/other-port", RefusalReason::Network(Network::Loopback)),
        ("/name", RefusalReason::Network(Network::Private)),
        ("/scheme", RefusalReason::Scheme),
        ("/chain", RefusalReason::Network(Network::Private)),
    ] {
        assert_eq!(refused(client.send(get(server.url(path))).await).2, reason, "{path}");
    }
}

#[tokio::test]
async fn redirects_are_followed_as_browsers_do() {
    let server = Server::start(&[
        ("/a", &redirect("302 Found", "/b")),
        ("/keep", &redirect("307 Temporary Redirect", "/b")),
        ("/b", &text("200 OK", "x-answer: yes\r\n", "there")),
        ("/away", &redirect("302 Found", "http://localhost:PORT/b")),
        ("/loop", &redirect("302 Found", "/loop")),
    ])
    .await;
    let client = client(&format!("127.0.0.1:{0}, localhost:{0}", server.port), told(&[&["127.0.0.1"]]));
    let post = |path: &str| HttpRequest {
        method: "POST".into(),
        body: "data".into(),
        headers: vec![
            ("authorization".into(), "secret".into()),
            ("x-key".into(), "also-secret".into()),
            ("content-type".into(), "text/plain".into()),
        ],
        private_headers: vec!["X-Key".into()],
        ..get(server.url(path))
    };
    let answer = client.send(post("/a")).await.unwrap();
    assert_eq!((answer.body.as_ref(), answer.header("X-Answer")), (&b"there"[..], Some("yes")));
    assert_eq!(answer.url, server.url("/b"));
    client.send(post("/keep")).await.unwrap();
    client.send(post("/away")).await.unwrap();
    let heads = server.heads.lock().unwrap().clone();
    assert!(
        heads[1].starts_with("GET /b ")
            && heads[1].contains("authorization")
            && heads[1].contains("also-secret")
            && !heads[1].contains("content-type"),
        "{}",
        heads[1]
    );
    assert!(heads[3].starts_with("POST /b ") && heads[3].ends_with("data"), "{}", heads[3]);
    assert!(heads[5].starts_with("GET /b ") && !heads[5].contains("secret"), "{}", heads[5]);

    let looping = HttpRequest { redirects: 3, ..get(server.url("/loop")) };
    assert!(matches!(client.send(looping).await, Err(HttpError::TooManyRedirects { limit: 3, .. })));
    let not_followed = client.send(HttpRequest { redirects: 0, ..get(server.url("/a")) }).await.unwrap();
    assert_eq!((not_followed.status, not_followed.header("location")), (302, Some("/b")));
}

#[tokio::test]
async fn size_and_time_are_bounded() {
    let long = "x".repeat(5000);
    let server = Server::start(&[
        ("/announced", &text("200 OK", "", &long)),
        ("/streamed", &format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1388\r\n{long}\r\n0\r\n\r\n")),
        ("/slow", "silence"),
    ])
    .await;
    let client = client("127.0.0.0/8", told(&[&["127.0.0.1"]]));
    for path in ["/announced", "/streamed"] {
        let result = client.send(HttpRequest { answer_bytes: 1000, ..get(server.url(path)) }).await;
        assert!(matches!(result, Err(HttpError::TooLarge { what: "answer", limit: 1000 })), "{path}: {result:?}");
        assert_eq!(client.send(get(server.url(path))).await.unwrap().body.len(), 5000);
    }
    let slow = HttpRequest { timeout: Duration::from_millis(100), ..get(server.url("/slow")) };
    assert!(matches!(client.send(slow).await, Err(HttpError::Timeout { .. })));
    let large = HttpRequest { body: "y".repeat(1001).into(), ..get(server.url("/")) };
    assert!(matches!(client.send(large).await, Err(HttpError::TooLarge { what: "request", .. })));
}

#[tokio::test]
async fn what_cannot_be_sent_or_reached_is_named_without_secrets() {
    let client = client("127.0.0.0/8", told(&[&["127.0.0.1"]]));
    let header = HttpRequest { headers: vec![("x y".into(), "1".into())], ..get("http://example.com") };
    for request in [get("not a url"), HttpRequest { method: "G T".into(), ..get("http://example.com") }, header] {
        assert!(matches!(client.send(request).await, Err(HttpError::Invalid(_))));
    }
    assert!(
        matches!(client.send(get("http://nowhere.example/")).await, Err(HttpError::UnknownHost { host }) if host == "nowhere.example")
    );
    let closed = client.send(get("http://127.0.0.1:1/path?token=secret")).await.unwrap_err();
    assert!(matches!(closed, HttpError::Connection { sent: false, .. }), "{closed:?}");
    assert!(!format!("{closed} {closed:?}").contains("secret"), "{closed:?}");
}
