//! Numbered calls, and which of them were acknowledged.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use weft_trial::{exchange, prepare};

/// How long a number of acknowledged calls is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// Clients that call a webhook again and again, through refusals and broken connections, until they are told to stop.
pub struct Load {
    shared: Arc<Shared>,
    clients: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    url: String,
    next: AtomicU64,
    stop: AtomicBool,
    refused: AtomicU64,
    acknowledged: Mutex<HashSet<String>>,
}

/// What the clients were told.
#[derive(Default)]
pub struct Acknowledged {
    /// The ids of the executions whose calls were answered with 2xx.
    pub executions: HashSet<String>,
    /// How many calls were refused or broke off: they may be tried again, so none of them counts as lost.
    pub refused: u64,
}

impl Acknowledged {
    /// And what other clients were told.
    pub fn add(&mut self, other: Self) {
        self.executions.extend(other.executions);
        self.refused += other.refused;
    }
}

impl Load {
    /// Starts the clients.
    pub fn start(url: &str, clients: usize) -> Self {
        Self::numbered_from(0, url, clients)
    }

    /// Starts clients whose calls are numbered from `first`, beside those of another load.
    pub fn numbered_from(first: u64, url: &str, clients: usize) -> Self {
        let shared = Arc::new(Shared { url: url.to_owned(), next: AtomicU64::new(first), ..Shared::default() });
        let mut set = JoinSet::new();
        for _ in 0..clients {
            set.spawn(client(shared.clone()));
        }
        Self { shared, clients: set }
    }

    /// How many calls were acknowledged so far.
    pub fn count(&self) -> usize {
        self.shared.lock().len()
    }

    /// Waits until so many calls were acknowledged; an error where they never are.
    pub async fn reach(&self, count: usize) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.count() < count {
            if Instant::now() > until {
                bail!("only {} of {count} calls were acknowledged within {} s", self.count(), PATIENCE.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Stops the clients.
    pub async fn stop(mut self) -> Acknowledged {
        self.shared.stop.store(true, Ordering::Relaxed);
        while self.clients.join_next().await.is_some() {}
        Acknowledged {
            executions: std::mem::take(&mut self.shared.lock()),
            refused: self.shared.refused.load(Ordering::Relaxed),
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn client(shared: Arc<Shared>) {
    while !shared.stop.load(Ordering::Relaxed) {
        if calls_on_one_connection(&shared).await.is_err() {
            shared.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn calls_on_one_connection(shared: &Shared) -> anyhow::Result<()> {
    let (address, _) = prepare(&shared.url, "")?;
    let mut stream = TcpStream::connect(address).await?;
    let mut answer = Vec::new();
    while !shared.stop.load(Ordering::Relaxed) {
        let n = shared.next.fetch_add(1, Ordering::Relaxed);
        let (_, request) = prepare(&shared.url, &format!("{{\"n\":{n}}}"))?;
        let call = tokio::time::timeout(Duration::from_secs(10), exchange(&mut stream, &request, &mut answer));
        if call.await?? {
            shared.lock().extend(execution_of(&answer));
        } else {
            shared.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}

/// The execution that an answer names in its head.
pub fn execution_of(answer: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(answer).ok()?.split("\r\n\r\n").next()?;
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("weft-execution-id:"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
