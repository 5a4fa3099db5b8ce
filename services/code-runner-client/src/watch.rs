//! Watching a process from outside: its time, its processor time, its memory.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    time::{Duration, Instant},
};

use tokio::time;

use crate::{CodeError, CodeErrorKind, CodeLimits};

/// Reads what the kernel knows about one process. The files are opened once: a process number may be given away again, an
/// open file of `/proc` stays with its process.
#[derive(Debug)]
pub(crate) struct Meter {
    memory: Option<File>,
    schedule: Option<File>,
}

impl Meter {
    pub(crate) fn of(process: u32) -> Self {
        let open = |name: &str| File::open(format!("/proc/{process}/{name}")).ok();
        Self { memory: open("statm"), schedule: open("schedstat") }
    }

    /// Resident memory in bytes (proc(5), statm, second field, in pages).
    pub(crate) fn resident(&self) -> Option<usize> {
        Some(field(self.memory.as_ref()?, 1)? as usize * rustix::param::page_size())
    }

    /// Processor time since its start (proc(5), schedstat, first field, in nanoseconds; of the main thread, which is the one
    /// that executes JavaScript).
    pub(crate) fn processor(&self) -> Option<Duration> {
        Some(Duration::from_nanos(field(self.schedule.as_ref()?, 0)?))
    }
}

fn field(file: &File, index: usize) -> Option<u64> {
    let mut buffer = [0; 128];
    let length = file.read_at(&mut buffer, 0).ok()?;
    std::str::from_utf8(&buffer[..length]).ok()?.split_ascii_whitespace().nth(index)?.parse().ok()
}

/// How long a step is left alone before the first look, and between looks. A process that takes memory as fast as it can gets
/// a few dozen MiB between two looks; light steps are over before the first.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Ends when the process breaks one of its limits, and says which.
pub(crate) async fn breach(meter: &Meter, limits: &CodeLimits, resident_bytes: usize) -> CodeError {
    let deadline = Instant::now() + limits.wall;
    let processor = meter.processor();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return over(CodeErrorKind::TimeLimit, format!("The code ran longer than {}.", seconds(limits.wall)));
        }
        time::sleep(left.min(LOOK_EVERY)).await;
        let used = meter.processor().zip(processor).map(|(now, before)| now.saturating_sub(before));
        if used.is_some_and(|used| used >= limits.cpu) {
            let limit = seconds(limits.cpu);
            return over(CodeErrorKind::CpuLimit, format!("The code used more than {limit} of processor time."));
        }
        if meter.resident().is_some_and(|resident| resident > resident_bytes) {
            return out_of_memory();
        }
    }
}

pub(crate) fn out_of_memory() -> CodeError {
    over(CodeErrorKind::MemoryLimit, "The code ran over its memory limit. Process the items in smaller batches.")
}

fn over(kind: CodeErrorKind, message: impl Into<String>) -> CodeError {
    CodeError::new(kind, message)
}

fn seconds(limit: Duration) -> String {
    if limit < Duration::from_secs(1) {
        format!("{} ms", limit.as_millis())
    } else {
        format!("{} s", limit.as_secs_f64())
    }
}
