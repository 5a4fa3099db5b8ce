//! A closed loop of clients over HTTP/1.1 with keep-alive, written by hand so that the load costs little next to what it
//! measures: each client sends one prepared request, reads the whole answer, and sends again.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a load saw.
pub struct Seen {
    /// Latencies in microseconds, of answers that were 2xx: who is refused at once is not served fast.
    pub latencies: Histogram<u64>,
    /// How long it lasted.
    pub elapsed: Duration,
    /// Answers that were not 2xx.
    pub refused: u64,
}

impl Seen {
    /// Answers per second that were 2xx.
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// A latency in milliseconds.
    pub fn quantile_ms(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// The usual latencies in milliseconds.
    pub fn details(&self) -> serde_json::Value {
        let ms = |q| (self.quantile_ms(q) * 100.0).round() / 100.0;
        serde_json::json!({ "p50": ms(0.5), "p95": ms(0.95), "p99": ms(0.99), "max": ms(1.0), "refused": self.refused })
    }
}

/// `clients` at once, each sending `request` to `address` again and again for `duration`.
pub async fn closed_loop(address: &str, request: &[u8], clients: usize, duration: Duration) -> anyhow::Result<Seen> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(one_client(address.to_owned(), request.to_vec(), began + duration)))
        .collect();
    let mut latencies = Histogram::new(3)?;
    let mut refused = 0;
    for task in tasks {
        let (seen, not_ok) = task.await??;
        latencies.add(seen)?;
        refused += not_ok;
    }
    Ok(Seen { latencies, elapsed: began.elapsed(), refused })
}

async fn one_client(address: String, request: Vec<u8>, until: Instant) -> anyhow::Result<(Histogram<u64>, u64)> {
    let mut stream = TcpStream::connect(&address).await.with_context(|| format!("connecting to {address}"))?;
    stream.set_nodelay(true)?;
    let mut latencies = Histogram::new(3)?;
    let mut refused = 0;
    let mut buffer = Vec::with_capacity(16 * 1024);
    while Instant::now() < until {
        let began = Instant::now();
        if exchange(&mut stream, &request, &mut buffer).await? {
            latencies.record(began.elapsed().as_micros() as u64)?;
        } else {
            refused += 1;
        }
    }
    Ok((latencies, refused))
}

/// Sends one request and reads its whole answer, head and body, into `answer`; whether the status is 2xx.
pub async fn exchange(stream: &mut TcpStream, request: &[u8], answer: &mut Vec<u8>) -> anyhow::Result<bool> {
    stream.write_all(request).await?;
    answer.clear();
    loop {
        if stream.read_buf(answer).await? == 0 {
            bail!("the server closed the connection in the middle of an answer");
        }
        if let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let length = content_length(&answer[..end])?;
            while answer.len() < end + 4 + length {
                if stream.read_buf(answer).await? == 0 {
                    bail!("the server closed the connection in the middle of a body");
                }
            }
            return Ok(answer.get(9) == Some(&b'2'));
        }
    }
}

fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let head = std::str::from_utf8(head)?.to_ascii_lowercase();
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length:"));
    length.map_or(Ok(0), |length| length.trim().parse().context("a content length that is no number"))
}

/// The address to connect to and the bytes that post a JSON `body` to a webhook.
pub fn prepare(url: &str, body: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let rest = url.strip_prefix("http://").context("a webhook that is not plain HTTP")?;
    let (host, path) = rest.split_once('/').context("a webhook without a path")?;
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // Every tenant's host is this machine; not every resolver knows names under localhost.
    Ok((format!("127.0.0.1:{port}"), request.into_bytes()))
}
