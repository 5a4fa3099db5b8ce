//! Bodies that are read while they are sent, against a real socket on this machine.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use weft_connectors::{Egress, HttpClient, HttpError, HttpRequest, HttpSettings, Pieces, Upload, UploadSource};

const PIECE: usize = 64 * 1024;

/// Gives pieces, and counts how often it was opened and how many pieces were asked for.
#[derive(Clone, Default)]
struct Counted {
    pieces: usize,
    /// After so many pieces it fails.
    breaks_after: Option<usize>,
    opened: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl UploadSource for Counted {
    fn open(&self) -> Pieces {
        self.opened.fetch_add(1, Ordering::SeqCst);
        let own = self.clone();
        let pieces = stream::iter(0..self.pieces).map(move |number| {
            own.asked.fetch_add(1, Ordering::SeqCst);
            if own.breaks_after == Some(number) {
                return Err(io::Error::other("the disk is gone").into());
            }
            Ok(Bytes::from(vec![b'x'; PIECE]))
        });
        pieces.boxed()
    }
}

impl Counted {
    fn of(pieces: usize) -> Self {
        Self { pieces, ..Self::default() }
    }

    fn upload(&self) -> Upload {
        Upload::new((self.pieces * PIECE) as u64, self.clone())
    }
}

/// What the server was sent: the head, and how many bytes of the body came.
type Seen = (String, usize);

/// A server that answers by the path: with a redirect, before or after it has read the body, or never.
async fn server() -> (u16, mpsc::UnboundedReceiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket, sender.clone()));
        }
    });
    (port, receiver)
}

async fn serve(mut socket: TcpStream, seen: mpsc::UnboundedSender<Seen>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte).await.unwrap_or(0) == 0 {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let announced: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let path = head.split(' ').nth(1).unwrap().to_owned();
    if path == "/deaf" {
        let _ = seen.send((head, 0));
        return std::future::pending().await;
    }
    let (mut came, mut buffer) = (0, vec![0; PIECE]);
    while path != "/refuses" && came < announced {
        match socket.read(&mut buffer).await.unwrap_or(0) {
            0 => break,
            length => came += length,
        }
    }
    let _ = seen.send((head, came));
    let answer = match path.as_str() {
        "/again" => "307 Temporary Redirect\r\nlocation: /end",
        "/other" => "303 See Other\r\nlocation: /end",
        "/refuses" => "413 Content Too Large",
        _ => "200 OK",
    };
    let _ = socket
        .write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
        .await;
    // Whoever still sends must be able to read the answer.
    while socket.read(&mut buffer).await.unwrap_or(0) > 0 {}
}

fn client() -> HttpClient {
    let egress = "127.0.0.0/8".parse::<Egress>().unwrap();
    HttpClient::new(HttpSettings { egress, request_bytes: 1000, ..HttpSettings::default() }).unwrap()
}

fn post(port: u16, path: &str, source: &Counted) -> HttpRequest {
    HttpRequest {
        upload: Some(source.upload()),
        headers: vec![("content-length".into(), "7".into()), ("x-own".into(), "1".into())],
        timeout: Duration::from_secs(20),
        ..HttpRequest::new("POST", format!("http://127.0.0.1:{port}{path}"))
    }
}

#[tokio::test]
async fn a_body_is_sent_with_its_length_and_again_where_a_redirect_asks_for_it() {
    let (port, mut seen) = server().await;
    let source = Counted::of(40);
    for (path, opened, bodies) in [("/end", 1, vec![40]), ("/again", 2, vec![40, 40]), ("/other", 1, vec![40, 0])] {
        source.opened.store(0, Ordering::SeqCst);
        assert_eq!(client().send(post(port, path, &source)).await.unwrap().status, 200, "{path}");
        assert_eq!(source.opened.load(Ordering::SeqCst), opened, "{path}");
        for pieces in bodies {
            let (head, came) = seen.recv().await.unwrap();
            assert_eq!(came, pieces * PIECE, "{path}: {head}");
            assert!(!head.contains("chunked") && head.contains("x-own: 1"), "{head}");
            let length = format!("content-length: {}\r\n", pieces * PIECE);
            assert!(pieces == 0 || head.matches("content-length").count() == 1 && head.contains(&length), "{head}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_the_end_of_the_body_is_read() {
    let (port, _seen) = server().await;
    let answer = client().send(post(port, "/refuses", &Counted::of(100))).await.unwrap();
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_says_why() {
    let (port, _seen) = server().await;
    let source = Counted { breaks_after: Some(3), ..Counted::of(40) };
    let Err(HttpError::Unread { source: why }) = client().send(post(port, "/end", &source)).await else {
        panic!("it was sent");
    };
    assert_eq!(why.to_string(), "the disk is gone");
    for announced in [39, 41] {
        let wrong = Upload::new(announced * PIECE as u64, Counted::of(40));
        let request = HttpRequest { upload: Some(wrong), ..post(port, "/end", &source) };
        let Err(HttpError::Unread { source: why }) = client().send(request).await else { panic!("it was sent") };
        assert!(why.to_string().contains("another length"), "{why}");
    }
}

/// No more is read than the receiver takes, and the time is limited while it takes nothing.
#[tokio::test]
async fn a_receiver_that_takes_nothing_is_left_in_time_and_little_is_read_for_it() {
    let (port, mut seen) = server().await;
    let source = Counted::of(3200);
    let slow = HttpRequest { timeout: Duration::from_millis(300), ..post(port, "/deaf", &source) };
    assert!(matches!(client().send(slow).await, Err(HttpError::Timeout { .. })));
    assert_eq!(seen.recv().await.unwrap().1, 0);
    // What the system keeps for both ends of a connection is some MiB.
    let read = source.asked.load(Ordering::SeqCst);
    assert!(read * PIECE < 24 << 20, "{read} pieces were read");
}
