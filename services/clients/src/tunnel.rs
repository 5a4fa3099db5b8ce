//! A tunnel for a library that insists on opening its own socket.
//!
//! The library dials an address of this machine, behind which lies a connection that the [`weft_connectors::Dialer`] has judged
//! and opened: the library never sees a name that it could look up again. The tunnel takes one caller and no other. Who came
//! first instead of the library would find a server that has signed nobody in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::copy_bidirectional_with_sizes;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn};

use crate::Socket;

/// The bytes that lie between both ends, in each direction.
const BUFFER: usize = 32 * 1024;

/// A connection that a library may dial. It ends with the value.
pub struct Tunnel {
    address: SocketAddr,
    carrying: JoinHandle<()>,
}

impl Tunnel {
    /// A tunnel to the other end of `stream`.
    pub async fn to(mut stream: impl Socket + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let carrying = spawn(async move {
            let Ok((mut caller, _)) = listener.accept().await else { return };
            drop(listener);
            caller.set_nodelay(true).ok();
            // Whatever breaks, both ends see that the connection is over.
            let _over = copy_bidirectional_with_sizes(&mut caller, &mut stream, BUFFER, BUFFER).await;
        });
        Ok(Self { address, carrying })
    }

    /// What the library dials.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn what_is_said_arrives_on_both_sides() {
        let (near, mut far) = duplex(64);
        let tunnel = Tunnel::to(near).await.unwrap();
        let mut caller = TcpStream::connect(tunnel.address()).await.unwrap();
        caller.write_all(b"ping").await.unwrap();
        let mut heard = [0; 4];
        far.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"ping");
        far.write_all(b"pong").await.unwrap();
        caller.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"pong");
    }

    #[tokio::test]
    async fn nobody_comes_second() {
        let (near, mut far) = duplex(64);
        let tunnel = Tunnel::to(near).await.unwrap();
        let mut first = TcpStream::connect(tunnel.address()).await.unwrap();
        first.write_all(b"mine").await.unwrap();
        let mut heard = [0; 4];
        far.read_exact(&mut heard).await.unwrap();
        assert!(TcpStream::connect(tunnel.address()).await.is_err());
    }

    #[tokio::test]
    async fn it_ends_with_the_value() {
        let (near, mut far) = duplex(64);
        let tunnel = Tunnel::to(near).await.unwrap();
        let mut caller = TcpStream::connect(tunnel.address()).await.unwrap();
        caller.write_all(b"last").await.unwrap();
        let mut heard = [0; 4];
        far.read_exact(&mut heard).await.unwrap();
        drop(tunnel);
        assert_eq!(far.read(&mut heard).await.unwrap(), 0);
    }
}
