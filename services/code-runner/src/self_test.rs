//! Trying, from inside the sandbox, what must not work there.

use std::{
    fs,
    io::{self, Write},
    net::{TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::{Command, ExitCode},
    thread,
};

use serde::Serialize;

/// One thing that was tried.
#[derive(Serialize)]
struct Attempt {
    what: &'static str,
    refused: bool,
    answer: String,
}

/// Tries everything and prints the outcome as JSON. Succeeds when everything was refused.
pub fn run() -> ExitCode {
    let attempts = [
        attempt("open a file to read", fs::File::open("/etc/passwd").map(drop)),
        attempt("open a file to write", fs::write("/tmp/weft-code-runner-self-test", "x")),
        attempt("list a folder", fs::read_dir("/").map(drop)),
        attempt("connect over TCP", TcpStream::connect("127.0.0.1:1").map(drop)),
        attempt("send over UDP", UdpSocket::bind("127.0.0.1:0").map(drop)),
        attempt("connect to a local socket", UnixStream::connect("/run/weft-code-runner-self-test").map(drop)),
        attempt("fork", fork()),
        attempt("run a program", Command::new("/bin/true").status().map(drop)),
        attempt("start a thread", thread::Builder::new().spawn(|| ()).map(drop)),
        attempt("see the environment", environment()),
        attempt("signal the parent", signal_parent()),
        attempt("read another process", fs::read("/proc/1/status").map(drop)),
    ];
    let printed = print(&attempts);
    if attempts.iter().all(|attempt| attempt.refused) { printed } else { ExitCode::FAILURE }
}

/// Only "not permitted" and "no room" count as refused: a port on which nobody listens must not look like a wall.
fn attempt(what: &'static str, done: io::Result<()>) -> Attempt {
    match done {
        Ok(()) => Attempt { what, refused: false, answer: "it worked".to_owned() },
        Err(error) => {
            let codes = [libc::EPERM, libc::EACCES, libc::EMFILE];
            let refused = error.raw_os_error().is_some_and(|code| codes.contains(&code));
            Attempt { what, refused, answer: error.to_string() }
        }
    }
}

#[expect(unsafe_code, reason = "a fork is what is tried")]
fn fork() -> io::Result<()> {
    // SAFETY: the child, should there be one, ends at once without touching anything.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => unsafe { libc::_exit(0) },
        _ => Ok(()),
    }
}

fn environment() -> io::Result<()> {
    if std::env::vars_os().next().is_none() { Err(io::Error::from_raw_os_error(libc::EPERM)) } else { Ok(()) }
}

/// Signal 0 only asks whether a signal could be sent.
fn signal_parent() -> io::Result<()> {
    let parent = rustix::process::getppid().ok_or_else(|| io::Error::from_raw_os_error(libc::EPERM))?;
    Ok(rustix::process::test_kill_process(parent)?)
}

/// Prints `value` as JSON on standard output, which is open already.
pub fn print(value: &(impl Serialize + ?Sized)) -> ExitCode {
    let written = serde_json::to_writer_pretty(io::stdout(), value).map_err(io::Error::from);
    match written.and_then(|()| writeln!(io::stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
