//! Programs that tests start for themselves.

use std::io::{BufRead, ErrorKind};
use std::process::{Child, Command, Stdio};

use tokio::net::{TcpListener, TcpStream};

/// A program that ends with the value.
pub(crate) struct Process(Child);

impl Process {
    /// Starts `program`, which is looked for where servers are, too. Nothing, and a word about it, where it is not installed.
    pub(crate) fn start(program: &str, arrange: impl Fn(&mut Command)) -> Option<Self> {
        for place in ["", "/usr/sbin/", "/usr/local/sbin/"] {
            let mut command = Command::new(format!("{place}{program}"));
            arrange(command.stdout(Stdio::null()).stderr(Stdio::null()));
            match command.spawn() {
                Ok(child) => return Some(Self(child)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => panic!("{program}: {error}"),
            }
        }
        println!("skipped: {program} is not installed");
        None
    }

    /// Waits until it accepts connections on `port`.
    pub(crate) async fn listens(&mut self, port: u16) {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert_eq!(self.0.try_wait().unwrap(), None, "the server ended before it listened");
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first line that a program in Python says; nothing, and a word about it, where it ended with [`NOT_INSTALLED`].
///
/// # Panics
///
/// Where it ended otherwise: a program that is broken is no reason to skip a test.
pub(crate) fn first_line(process: &mut Child, says: &mut impl BufRead, packages: &str) -> Option<String> {
    let mut line = String::new();
    if says.read_line(&mut line).unwrap() > 0 {
        return Some(line.trim().to_owned());
    }
    let ended = process.wait().unwrap();
    assert_eq!(ended.code(), Some(NOT_INSTALLED), "the server in Python ended before it was ready: {ended}");
    println!("skipped: {packages} not installed");
    None
}

/// What a program in Python ends with that lacks a package.
const NOT_INSTALLED: i32 = 77;

/// Ports that nobody listens on.
pub(crate) async fn free_ports<const N: usize>() -> [u16; N] {
    let mut held = Vec::new();
    for _ in 0..N {
        held.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
    std::array::from_fn(|index| held[index].local_addr().unwrap().port())
}
