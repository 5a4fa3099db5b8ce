//! `weft-code-runner`: executes the code of steps, one at a time, in a process that can do nothing else.
//!
//! Its parent (`weft-code-runner-client`) hands it a socket as standard input and speaks frames with it. The process first
//! builds its JavaScript engine, then gives up everything that it does not need (files, network, processes, privileges), and
//! only then reads code. It trusts nothing it runs: limits that matter are kept by the parent.
//!
//! Queries over items run here too, in SQLite in memory: what a person writes in SQL is as little trusted as JavaScript.
//!
//! This crate must not know executions, the log or the database. To give code one more global, add it to `js/step.js`.

mod sandbox;
mod self_test;

#[cfg(any(feature = "v8", feature = "quickjs"))]
mod digest;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod engine;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod fault;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod host;
#[cfg(all(feature = "quickjs", target_os = "linux", target_pointer_width = "64"))]
mod light_context;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod limits;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod link;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod serve;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod sql;
#[cfg(any(feature = "v8", feature = "quickjs"))]
mod step;

use std::process::ExitCode;

use clap::Parser;

/// What the parent asks for. Run by hand, only `--check` is useful.
#[derive(Debug, Parser)]
#[command(name = "weft-code-runner", version, about = "Executes the code of workflow steps in a locked-down process.")]
struct Arguments {
    /// Say as JSON which engine this is and which layers of the sandbox are active.
    #[arg(long)]
    check: bool,
    /// Try what the sandbox must refuse, inside the sandbox, and say as JSON what happened.
    #[arg(long, hide = true)]
    self_test: bool,
    /// The limit of the JavaScript heap.
    #[arg(long, default_value_t = 128 << 20)]
    heap_bytes: usize,
    /// The limit of all `ArrayBuffer`s together.
    #[arg(long, default_value_t = 64 << 20)]
    buffer_bytes: usize,
    /// The resident memory at which the parent ends this process.
    #[arg(long, default_value_t = 384 << 20)]
    resident_bytes: usize,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    sandbox::close_inherited_files();
    run(&arguments)
}

#[cfg(any(feature = "v8", feature = "quickjs"))]
fn run(arguments: &Arguments) -> ExitCode {
    let engine = engine::Engine::new(arguments.heap_bytes, arguments.buffer_bytes);
    // In the sandbox not even a second descriptor of the same socket can be had.
    let Ok(link) = link::Link::from_stdin() else { return ExitCode::FAILURE };
    let layers = sandbox::enter(arguments.resident_bytes);
    if arguments.self_test {
        return self_test::run();
    }
    let report = engine::Engine::report(layers);
    if arguments.check {
        return self_test::print(&report);
    }
    serve::serve(engine, link, &report)
}

#[cfg(not(any(feature = "v8", feature = "quickjs")))]
fn run(arguments: &Arguments) -> ExitCode {
    let layers = sandbox::enter(arguments.resident_bytes);
    if arguments.self_test {
        return self_test::run();
    }
    drop(layers);
    complain("weft-code-runner was built without a JavaScript engine: build it with `make build`.");
    ExitCode::from(2)
}

#[cfg(not(any(feature = "v8", feature = "quickjs")))]
#[expect(clippy::print_stderr, reason = "the one sentence that a program without an engine has to say")]
fn complain(sentence: &str) {
    eprintln!("{sentence}");
}
