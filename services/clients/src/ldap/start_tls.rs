//! Asks the server to encrypt what follows (RFC 4511, section 4.14), before the library says its first word.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::NAME;
use crate::Failure;

/// Message 1, an extended request (application 23) for `1.3.6.1.4.1.1466.20037`.
const ASKED: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// The longest answer.
const MOST: usize = 4096;
/// An extended response (application 24).
const ANSWER: u8 = 0x78;

/// Asks, and reads no byte more than the answer: what follows is TLS.
pub(super) async fn start_tls(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Result<(), Failure> {
    let broken = |source| Failure::Broken { server: NAME, source };
    let odd =
        || Failure::Protocol { server: NAME, what: "something that is no answer when it was asked to encrypt".into() };
    stream.write_all(ASKED).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.map_err(broken)?;
    let mut length = usize::from(head[1]);
    if length & 0x80 != 0 {
        let mut octets = vec![0; length & 0x7f];
        if octets.len() > 4 {
            return Err(odd());
        }
        stream.read_exact(&mut octets).await.map_err(broken)?;
        length = octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
    }
    if head[0] != 0x30 || length > MOST {
        return Err(odd());
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await.map_err(broken)?;
    match result_code(&answer) {
        Some(0) => Ok(()),
        Some(_) => Err(Failure::NotEncrypted { server: NAME }),
        None => Err(odd()),
    }
}

/// The code of the result in the contents of a message.
fn result_code(message: &[u8]) -> Option<u8> {
    let (_, _, rest) = element(message)?;
    let (kind, answer, _) = element(rest)?;
    let (_, code, _) = element(answer)?;
    (kind == ANSWER).then(|| code.first().copied()).flatten()
}

/// The first element (its kind and its contents) and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if first & 0x80 == 0 {
        (usize::from(*first), rest)
    } else {
        let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let fits = octets.len() <= 4;
        (fits.then(|| octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))?, rest)
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((*kind, contents, rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::duplex;

    use super::*;

    async fn answered(answer: &[u8]) -> Result<Vec<u8>, Failure> {
        let (mut near, mut far) = duplex(8192);
        far.write_all(answer).await.unwrap();
        far.shutdown().await.unwrap();
        start_tls(&mut near).await?;
        let mut rest = Vec::new();
        near.read_to_end(&mut rest).await.unwrap();
        Ok(rest)
    }

    #[tokio::test]
    async fn an_answer_is_read_to_its_last_byte_in_both_forms() {
        let short = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00TLS";
        assert_eq!(answered(short).await.unwrap(), b"TLS");
        let long = b"\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x00\x04\x00\x04\x00TLS";
        assert_eq!(answered(long).await.unwrap(), b"TLS");
    }

    #[tokio::test]
    async fn what_is_no_yes_is_no_encryption() {
        let no = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00";
        assert!(matches!(answered(no).await, Err(Failure::NotEncrypted { .. })));
        for odd in [&b"HTTP/1.1 400"[..], b"\x30\x84\x7f\xff\xff\xff", b"\x30\x03\x02\x01\x01", b"\x30\x89\x01"] {
            assert!(matches!(answered(odd).await, Err(Failure::Protocol { .. } | Failure::Broken { .. })), "{odd:?}");
        }
    }
}
