//! The greeting (PRELOGIN), in which both sides say whether they encrypt, and the socket that the library goes on with.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::io::{AsyncRead as LibraryRead, AsyncWrite as LibraryWrite};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use weft_connectors::{Encryption, Tls};

use super::NAME;
use super::handshake::Handshake;
use crate::{Failure, Refused, Socket};

/// The length of what every packet begins with, and where in it the length of the whole stands.
pub(super) const HEAD: usize = 8;
/// The types of packets that greet and that answer, and what the last packet of a message is marked with.
pub(super) const GREETS: u8 = 0x12;
pub(super) const ANSWERS: u8 = 0x04;
pub(super) const LAST: u8 = 0x01;

/// What is said about encryption: that it is wanted, that it is not known, and that it must be.
const ON: u8 = 1;
const NOT_KNOWN: u8 = 2;
const REQUIRED: u8 = 3;
/// The longest greeting.
const MOST_GREETING: usize = 4096;

/// Greets, and encrypts what is to be encrypted.
pub(super) async fn greet(mut socket: Box<dyn Socket>, tls: &Tls, host: &str) -> Result<Box<dyn Socket>, Failure> {
    let wants = tls.encryption != Encryption::Off;
    socket.write_all(&greeting(GREETS, if wants { ON } else { NOT_KNOWN })).await.map_err(broken)?;
    socket.flush().await.map_err(broken)?;
    match (wants, answer(&mut socket).await?) {
        (true, ON | REQUIRED) => {
            let mut secured = tls.secure(Handshake::new(socket), host).await?;
            secured.get_mut().0.end();
            Ok(Box::new(secured))
        }
        (true, _) => Err(Failure::NotEncrypted { server: NAME }),
        (false, ON | REQUIRED) => {
            let message =
                "SQL Server takes encrypted connections only. Turn encryption on in the credential.".to_owned();
            Err(Failure::Refused(Box::new(Refused { message, ..Refused::default() })))
        }
        (false, _) => Ok(socket),
    }
}

/// A greeting of two parts: a version that says nothing, and what is said about encryption.
fn greeting(kind: u8, encryption: u8) -> [u8; 26] {
    let mut packet = [0; 26];
    packet[..HEAD].copy_from_slice(&[kind, LAST, 0, 26, 0, 0, 1, 0]);
    // Each part: its name, where it stands and how long it is; behind the last one the end.
    packet[HEAD..HEAD + 11].copy_from_slice(&[0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff]);
    packet[25] = encryption;
    packet
}

/// What the server says about encryption.
async fn answer(socket: &mut Box<dyn Socket>) -> Result<u8, Failure> {
    let mut head = [0; HEAD];
    socket.read_exact(&mut head).await.map_err(broken)?;
    let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
    if head[0] != ANSWERS || !(HEAD..=MOST_GREETING).contains(&length) {
        return Err(not_understood("something else than a greeting of SQL Server"));
    }
    let mut said = vec![0; length - HEAD];
    socket.read_exact(&mut said).await.map_err(broken)?;
    encryption_of(&said).ok_or_else(|| not_understood("a greeting without a word about encryption"))
}

fn encryption_of(said: &[u8]) -> Option<u8> {
    for part in said.chunks(5) {
        match part {
            [1, high, low, ..] => return said.get(usize::from(u16::from_be_bytes([*high, *low]))).copied(),
            [0xff, ..] => return None,
            _ => {}
        }
    }
    None
}

fn broken(source: io::Error) -> Failure {
    Failure::Broken { server: NAME, source }
}

fn not_understood(what: &str) -> Failure {
    Failure::Protocol { server: NAME, what: what.to_owned() }
}

/// What is left of the library's own greeting, which is kept from the server: they have greeted already.
enum Greeting {
    /// The beginning of its packet.
    Head(Vec<u8>),
    /// So many bytes.
    Rest(usize),
}

/// A socket on which the library greets a server that knows no encryption, and that server answers.
pub(super) struct Greeted<S> {
    socket: S,
    greeting: Greeting,
    answer: Vec<u8>,
}

impl<S> Greeted<S> {
    pub(super) fn new(socket: S) -> Self {
        let answer = greeting(ANSWERS, NOT_KNOWN).to_vec();
        Self { socket, greeting: Greeting::Head(Vec::with_capacity(HEAD)), answer }
    }

    /// How many of these bytes belong to the greeting.
    fn kept_back(&mut self, bytes: &[u8]) -> usize {
        match &mut self.greeting {
            Greeting::Head(head) => {
                let taken = bytes.len().min(HEAD - head.len());
                head.extend_from_slice(&bytes[..taken]);
                if head.len() == HEAD {
                    let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
                    self.greeting = Greeting::Rest(length.saturating_sub(HEAD));
                }
                taken
            }
            Greeting::Rest(left) => {
                let taken = bytes.len().min(*left);
                *left -= taken;
                taken
            }
        }
    }
}

impl<S: AsyncRead + Unpin> LibraryRead for Greeted<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        if !self.answer.is_empty() {
            let count = into.len().min(self.answer.len());
            into[..count].copy_from_slice(&self.answer[..count]);
            self.answer.drain(..count);
            return Poll::Ready(Ok(count));
        }
        let mut buffer = ReadBuf::new(into);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl<S: AsyncWrite + Unpin> LibraryWrite for Greeted<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let kept = self.kept_back(bytes);
        if kept > 0 {
            return Poll::Ready(Ok(kept));
        }
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::sync::Arc;

    use futures_util::io::{AsyncReadExt as LibraryReadExt, AsyncWriteExt as LibraryWriteExt};
    use tokio::io::{DuplexStream, duplex};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::aws_lc_rs;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    use tokio_rustls::rustls::version::TLS12;

    use super::*;

    #[test]
    fn what_is_said_about_encryption_is_found() {
        assert_eq!(encryption_of(&greeting(ANSWERS, REQUIRED)[HEAD..]), Some(REQUIRED));
        // As SQL Server answers: version, encryption, instance, thread, connections in one.
        let long = b"\0\0\x1a\0\x06\x01\0\x20\0\x01\x02\0\x21\0\x01\x03\0\x22\0\0\x04\0\x22\0\x01\xff\x10\0\x07\xd0\0\0\x01\0\0";
        assert_eq!(encryption_of(long), Some(ON));
        for wrong in [&b""[..], b"\xff", b"\x01\xff\xff\0\x01\xff", b"\0\0\x01\0\x01\xff"] {
            assert_eq!(encryption_of(wrong), None, "{wrong:?}");
        }
    }

    /// What encrypts as `db.test` does, with a certificate that nobody trusts by itself.
    fn acceptor() -> TlsAcceptor {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../connectors/tests/tls");
        let file = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
        let chain = vec![CertificateDer::from_pem_slice(&file("server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(&file("server.key")).unwrap();
        let configuration = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            // This protocol knows no later one: TLS 1.3 goes on saying things when the handshake is over.
            .with_protocol_versions(&[&TLS12])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key);
        TlsAcceptor::from(Arc::new(configuration.unwrap()))
    }

    /// A server that answers with this about encryption, and goes on with it where it is wanted.
    async fn serve(mut far: DuplexStream, encryption: u8) {
        let mut heard = [0; 26];
        tokio::io::AsyncReadExt::read_exact(&mut far, &mut heard).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut far, &greeting(ANSWERS, encryption)).await.unwrap();
        let Ok(mut secured) = acceptor().accept(Handshake::new(far)).await else { return };
        secured.get_mut().0.end();
        let mut said = [0; 5];
        tokio::io::AsyncReadExt::read_exact(&mut secured, &mut said).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut secured, &said).await.unwrap();
        tokio::io::AsyncWriteExt::flush(&mut secured).await.unwrap();
    }

    #[tokio::test]
    async fn the_rest_is_encrypted_and_no_packets_are_around_it() {
        for encryption in [ON, REQUIRED] {
            let (near, far) = duplex(64 * 1024);
            let server = tokio::spawn(serve(far, encryption));
            let tls = Tls { encryption: Encryption::Unverified, ..Tls::default() };
            let mut socket = greet(Box::new(near), &tls, "db.test").await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut socket, b"login").await.unwrap();
            tokio::io::AsyncWriteExt::flush(&mut socket).await.unwrap();
            let mut heard = [0; 5];
            tokio::io::AsyncReadExt::read_exact(&mut socket, &mut heard).await.unwrap();
            assert_eq!(&heard, b"login");
            server.await.unwrap();
        }
    }

    #[tokio::test]
    async fn nobody_is_believed_whose_certificate_nobody_signed() {
        let (near, far) = duplex(64 * 1024);
        let server = tokio::spawn(serve(far, ON));
        let refused = greet(Box::new(near), &Tls::default(), "db.test").await.err();
        assert!(matches!(refused, Some(Failure::Dial(_))), "{refused:?}");
        server.await.unwrap();
    }

    #[tokio::test]
    async fn the_librarys_greeting_is_answered_and_goes_nowhere() {
        let (near, mut far) = duplex(64);
        let mut greeted = Greeted::new(near);
        let mut both = greeting(GREETS, NOT_KNOWN).to_vec();
        both.extend_from_slice(b"login");
        for part in both.chunks(7) {
            LibraryWriteExt::write_all(&mut greeted, part).await.unwrap();
        }
        let mut heard = [0; 26];
        LibraryReadExt::read_exact(&mut greeted, &mut heard).await.unwrap();
        assert_eq!(heard, greeting(ANSWERS, NOT_KNOWN));
        let mut said = [0; 5];
        tokio::io::AsyncReadExt::read_exact(&mut far, &mut said).await.unwrap();
        assert_eq!(&said, b"login");
    }
}
