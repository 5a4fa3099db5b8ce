//! Programs that tests start for themselves.

use std::io::ErrorKind;
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

/// Ports that nobody listens on.
pub(crate) async fn free_ports<const N: usize>() -> [u16; N] {
    let mut held = Vec::new();
    for _ in 0..N {
        held.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
    std::array::from_fn(|index| held[index].local_addr().unwrap().port())
}
