//! A server on this machine that answers as a test says and keeps what it was asked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use weft_connectors::{Egress, HttpClient, HttpSettings};

pub(crate) struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request with what `answers` says of its number and its text.
    pub(crate) async fn start(answers: impl Fn(usize, &str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, answers) = (Arc::clone(&heads), Arc::new(answers));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (seen, answers) = (Arc::clone(&seen), Arc::clone(&answers));
                tokio::spawn(async move {
                    let text = read(&mut socket).await;
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(text.clone());
                        seen.len() - 1
                    };
                    let _ = socket.write_all(answers(number, &text).as_bytes()).await;
                });
            }
        });
        Self { port, heads }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A client that may reach this server and nothing else on this machine.
    pub(crate) fn client(&self) -> HttpClient {
        let egress: Egress = format!("127.0.0.1:{}", self.port).parse().unwrap();
        HttpClient::new(HttpSettings { egress, ..HttpSettings::default() }).unwrap()
    }

    /// What it was asked since the last call of this.
    pub(crate) fn heads(&self) -> Vec<String> {
        std::mem::take(&mut *self.heads.lock().unwrap())
    }
}

/// Head and body of one request; names of headers are in lower case, as the client writes them.
async fn read(socket: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), vec![0; 8192]);
    loop {
        let length = socket.read(&mut buffer).await.unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if length == 0 {
                return text;
            }
            continue;
        };
        let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if length == 0 || body.len() >= announced.unwrap_or(0) {
            return text;
        }
    }
}

/// An answer with some headers, each with its end of line.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}
