//! The socket to the parent, read and written one frame at a time. Everything here blocks: while the parent answers there is
//! nothing else to do.

use std::{
    io::{self, BufReader, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
};

use serde::Serialize;
use weft_code_runner_protocol::{self as protocol, HEADER, Kind};

/// The socket with its buffers.
pub struct Link {
    incoming: BufReader<UnixStream>,
    outgoing: UnixStream,
    frames: Vec<u8>,
}

impl Link {
    /// Takes the socket that is standard input.
    pub fn from_stdin() -> io::Result<Self> {
        let outgoing = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        let incoming = BufReader::with_capacity(64 * 1024, outgoing.try_clone()?);
        Ok(Self { incoming, outgoing, frames: Vec::new() })
    }

    /// The next frame of the parent.
    pub fn read(&mut self) -> io::Result<(Kind, Vec<u8>)> {
        let mut header = [0; HEADER];
        self.incoming.read_exact(&mut header)?;
        let (kind, length) = protocol::read_header(header).map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.incoming.read_exact(&mut body)?;
        Ok((kind, body))
    }

    /// The body of the next frame, which must be of `kind`.
    pub fn expect(&mut self, kind: Kind) -> io::Result<Vec<u8>> {
        let (found, body) = self.read()?;
        if found == kind { Ok(body) } else { Err(io::Error::other(protocol::FrameError::Malformed)) }
    }

    /// Queues a frame.
    pub fn push(&mut self, kind: Kind, body: &[u8]) {
        protocol::write(kind, body, &mut self.frames);
    }

    /// Queues a frame whose body is the JSON of `body`.
    pub fn push_json<T: Serialize>(&mut self, kind: Kind, body: &T) {
        protocol::write_json(kind, body, &mut self.frames);
    }

    /// Sends what is queued.
    pub fn flush(&mut self) -> io::Result<()> {
        self.outgoing.write_all(&self.frames)?;
        self.frames.clear();
        // A single large result must not be kept as capacity for ever.
        self.frames.shrink_to(64 * 1024);
        Ok(())
    }
}
