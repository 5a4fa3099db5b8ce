//! A receiver of calls from workflows: answers `{"n":…}` with the same, and counts how often each number came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The receiver. Ends with the program.
#[derive(Clone)]
pub struct Counter {
    /// `http://127.0.0.1:PORT/`.
    pub address: String,
    seen: Arc<Mutex<HashMap<u64, u32>>>,
}

impl Counter {
    /// Listens on a free port.
    pub async fn listen() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let counter = Self { address: format!("http://{}/", listener.local_addr()?), seen: Arc::default() };
        let for_calls = counter.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counter = for_calls.clone();
                // A caller that is killed breaks its connection; that is what this suite is for.
                tokio::spawn(async move { counter.serve(stream).await.ok() });
            }
        });
        Ok(counter)
    }

    /// How many numbers came more than once.
    pub fn repeated(&self) -> usize {
        self.lock().values().filter(|times| **times > 1).count()
    }

    /// How many different numbers came.
    pub fn different(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, u32>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, mut stream: TcpStream) -> anyhow::Result<()> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let body = loop {
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(());
                }
                if let Some(body) = whole_body(&buffer) {
                    break body;
                }
            };
            let n = serde_json::from_slice::<Value>(&body)?["n"].as_u64().unwrap_or_default();
            *self.lock().entry(n).or_default() += 1;
            let answer = format!("{{\"n\":{n}}}");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(format!("{head}{answer}").as_bytes()).await?;
        }
    }
}

fn whole_body(request: &[u8]) -> Option<Vec<u8>> {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&request[..end]).ok()?.to_ascii_lowercase();
    let length =
        head.split("\r\n").find_map(|line| line.strip_prefix("content-length:"))?.trim().parse::<usize>().ok()?;
    request.get(end + 4..end + 4 + length).map(<[u8]>::to_vec)
}
