//! One runner process as the parent sees it.

use std::{
    io,
    os::unix::net::UnixStream as StdStream,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, mpsc},
    thread,
};

use thiserror::Error;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    sync::oneshot,
    time,
};
use weft_code_runner_protocol::{self as protocol, FrameError, HEADER, Kind, Report};

use crate::{RunnerSettings, watch::Meter};

/// Why no process could be started.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error("The code runner could not be started. Is `weft-code-runner` installed beside `weft`?")]
    Spawn(#[source] io::Error),
    #[error("The code runner did not become ready. `weft-code-runner --check` says why.")]
    NotReady(#[source] ReadError),
    #[error("The code runner took too long to become ready.")]
    TooSlow,
    #[error("The code runner's pool was shut down.")]
    ShutDown,
}

/// Why the next frame did not come.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    #[error("The process closed its socket.")]
    Closed(#[source] io::Error),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("A frame of {0} bytes is over the limit.")]
    TooLarge(usize),
}

/// A process that is ready for its next step. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    socket: UnixStream,
    child: Option<Child>,
    ground: Arc<Ground>,
    /// Shared with the watch, which looks while the conversation holds the process.
    pub(crate) meter: Arc<Meter>,
    /// What it said of itself.
    pub(crate) report: Report,
    /// Steps that it has executed.
    pub(crate) steps: u32,
    /// Its resident memory after its first step.
    pub(crate) first_resident: Option<usize>,
}

impl Process {
    /// Starts a process and waits until it is ready.
    pub(crate) async fn start(ground: &Arc<Ground>, settings: &RunnerSettings) -> Result<Self, StartError> {
        let (child, socket) = ground.spawn().await?;
        let meter = Arc::new(Meter::of(child.id()));
        let socket =
            socket.set_nonblocking(true).and_then(|()| UnixStream::from_std(socket)).map_err(StartError::Spawn)?;
        let report = Report { engine: String::new(), version: String::new(), layers: Vec::new() };
        let child = Some(child);
        let mut process =
            Self { socket, child, ground: Arc::clone(ground), meter, report, steps: 0, first_resident: None };
        process.report =
            time::timeout(settings.start, process.read_ready()).await.map_err(|_| StartError::TooSlow)??;
        Ok(process)
    }

    async fn read_ready(&mut self) -> Result<Report, StartError> {
        let (kind, body) = self.read(protocol::MAX_QUESTION).await.map_err(StartError::NotReady)?;
        let malformed = if kind == Kind::Ready { None } else { Some(FrameError::Malformed) };
        malformed.map_or_else(|| protocol::read_json(&body), Err).map_err(|error| StartError::NotReady(error.into()))
    }

    /// Sends frames that were written into `bytes`.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        self.socket.write_all(bytes).await.map_err(ReadError::Closed)
    }

    /// The next frame, whose body has at most `limit` bytes.
    pub(crate) async fn read(&mut self, limit: usize) -> Result<(Kind, Vec<u8>), ReadError> {
        let mut header = [0; HEADER];
        self.socket.read_exact(&mut header).await.map_err(ReadError::Closed)?;
        let (kind, length) = protocol::read_header(header)?;
        if length > limit {
            return Err(ReadError::TooLarge(length));
        }
        let mut body = vec![0; length];
        self.socket.read_exact(&mut body).await.map_err(ReadError::Closed)?;
        Ok((kind, body))
    }

    /// Whether it is still there and silent, as a process without a step must be.
    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self.socket.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Ends it and says how it ended: by itself just before, or killed now.
    pub(crate) async fn end(mut self) -> Option<ExitStatus> {
        let (tell, told) = oneshot::channel();
        self.bury(Some(tell));
        told.await.ok()
    }

    fn bury(&mut self, tell: Option<oneshot::Sender<ExitStatus>>) {
        if let Some(mut child) = self.child.take() {
            // An error means that it has ended already.
            drop(child.kill());
            self.ground.bury(child, tell);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.bury(None);
    }
}

type Started = Result<(Child, StdStream), StartError>;
type Grave = (Child, Option<oneshot::Sender<ExitStatus>>);

/// Two threads that start and bury processes.
///
/// A runner asks the kernel to be killed when the *thread* that started it ends, so that no runner outlives a killed server.
/// Threads of an async runtime come and go; this one lives as long as the pool. Waiting for a dead process blocks until its
/// memory is given back, hence the second thread.
#[derive(Debug)]
pub(crate) struct Ground {
    orders: mpsc::Sender<oneshot::Sender<Started>>,
    graves: mpsc::Sender<Grave>,
}

impl Ground {
    pub(crate) fn new(settings: &RunnerSettings) -> io::Result<Self> {
        let (orders, incoming) = mpsc::channel::<oneshot::Sender<Started>>();
        let settings = settings.clone();
        thread::Builder::new().name("code-runner-start".into()).spawn(move || {
            while let Ok(reply) = incoming.recv() {
                if let Err(Ok((mut child, _))) = reply.send(spawn(&settings)) {
                    // Nobody waits for it any more.
                    drop(child.kill());
                    drop(child.wait());
                }
            }
        })?;
        let (graves, dead) = mpsc::channel::<Grave>();
        thread::Builder::new().name("code-runner-bury".into()).spawn(move || {
            while let Ok((mut child, tell)) = dead.recv() {
                if let (Ok(status), Some(tell)) = (child.wait(), tell) {
                    // Nobody may be waiting for it any more.
                    let _ = tell.send(status);
                }
            }
        })?;
        Ok(Self { orders, graves })
    }

    async fn spawn(&self) -> Started {
        let (reply, started) = oneshot::channel();
        self.orders.send(reply).map_err(|_| StartError::ShutDown)?;
        started.await.map_err(|_| StartError::ShutDown)?
    }

    fn bury(&self, child: Child, tell: Option<oneshot::Sender<ExitStatus>>) {
        drop(self.graves.send((child, tell)));
    }
}

fn spawn(settings: &RunnerSettings) -> Started {
    let (ours, theirs) = StdStream::pair().map_err(StartError::Spawn)?;
    let child = Command::new(&settings.program)
        .args(["--heap-bytes", &settings.heap_bytes.to_string()])
        .args(["--buffer-bytes", &settings.buffer_bytes.to_string()])
        .args(["--resident-bytes", &settings.resident_bytes.to_string()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(StartError::Spawn)?;
    Ok((child, ours))
}
