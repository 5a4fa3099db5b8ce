//! How the pool is built.

use std::{path::PathBuf, time::Duration};

/// What the pool may use, and when it replaces a process.
#[derive(Clone, Debug)]
pub struct RunnerSettings {
    /// The executable `weft-code-runner`.
    pub program: PathBuf,
    /// Processes that execute or are kept for a tenant, at most.
    pub processes: usize,
    /// Processes kept ready for tenants that have none; beyond `processes`.
    pub spares: usize,
    /// Steps that wait for a process, at most; the next one is refused as busy.
    pub queue: usize,
    /// The JavaScript heap of a process.
    pub heap_bytes: usize,
    /// All its `ArrayBuffer`s together.
    pub buffer_bytes: usize,
    /// Its resident memory, measured by the parent while a step runs.
    pub resident_bytes: usize,
    /// A process is replaced when its resident memory has grown by this since its first step.
    pub growth_bytes: usize,
    /// A process is replaced after this many steps.
    pub steps: u32,
    /// A process that was idle this long is ended.
    pub idle: Duration,
    /// How long a process may take until it is ready.
    pub start: Duration,
}

impl RunnerSettings {
    /// The defaults, for the executable at `program`: one process per processor and one spare.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let program = program.into();
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            // Runners start in the root folder, where a relative path would mean something else.
            program: std::path::absolute(&program).unwrap_or(program),
            processes: processors.max(2) * 2,
            spares: 1,
            queue: 1024,
            heap_bytes: 128 << 20,
            buffer_bytes: 64 << 20,
            resident_bytes: 384 << 20,
            growth_bytes: 64 << 20,
            steps: 10_000,
            idle: Duration::from_mins(1),
            start: Duration::from_secs(10),
        }
    }

    /// The executable beside the running one, where an installation puts it.
    pub fn beside_this_program() -> Option<Self> {
        let folder = std::env::current_exe().ok()?.parent()?.to_owned();
        let candidates = [folder.join("weft-code-runner"), folder.join("../weft-code-runner")];
        candidates.into_iter().find(|path| path.is_file()).map(Self::new)
    }
}
