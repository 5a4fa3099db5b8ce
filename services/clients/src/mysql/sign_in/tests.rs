//! What a server may say at sign-in, with a server that says it. MariaDB's is tested in the engine; it lacks the way of MySQL 8.

use mysql_common::scramble::scramble_sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use weft_connectors::Tls;

use super::*;

const NONCE: &[u8; 20] = b"abcdefghijklmnopqrst";
/// The key as the server gives it.
const KEY: &[u8] = b"\x01-----BEGIN PUBLIC KEY-----\n\
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvB5vL47LOv37Y3Wyq2T2\n\
Kyrtalru6jbfIUvsS3cA+8gkemRKFTlc3As/kOZfDz1vAb92Z7GWFk+glUK4GF/Y\n\
OWVfTI+ZNwmzHlqRbdGZL2/zeSCAZDDMpeVlEcynFykTBFYsyEEAfveJfkH4Xatp\n\
T5wTF+BGj4PWK29Zcx2YzqQyiuKU4RT1c2EGDdN9b3VpouCGX95EJ3Dkoj4oywat\n\
OeFBeueWCaTsI4WciX4rHQLd6xDZiCfCNdQFRzd2iOLIUU4PkA1z6gqn4Mz2qiYT\n\
9bJITQGxpBOfXwf84Dr0jnAmK4v0/2iWLS9oWKcaaR7ZzShA/u0xFNaGXA5mK52d\n\
nwIDAQAB\n\
-----END PUBLIC KEY-----\n";

fn server(encryption: Encryption) -> Server {
    Server {
        host: "db.test".into(),
        port: 3306,
        database: "shop".into(),
        user: "weft".into(),
        password: Zeroizing::new("hunter2".into()),
        tls: Tls { encryption, authority: String::new() },
    }
}

/// The first packet of MySQL 8, which asks for `caching_sha2_password`.
fn hello(capabilities: CapabilityFlags) -> Vec<u8> {
    let bits = capabilities.bits().to_le_bytes();
    let mut said = b"\x0a8.0.36\0\x07\0\0\0abcdefgh\0".to_vec();
    said.extend_from_slice(&bits[..2]);
    said.extend_from_slice(&[45, 2, 0]);
    said.extend_from_slice(&bits[2..]);
    said.push(21);
    said.extend_from_slice(&[0; 10]);
    said.extend_from_slice(b"ijklmnopqrst\0caching_sha2_password\0");
    said
}

/// The far end, which counts packets as the near one does.
struct Far(DuplexStream, u8);

impl Far {
    async fn say(&mut self, said: &[u8]) {
        let length = u8::try_from(said.len() & 0xff).unwrap();
        self.0.write_all(&[length, u8::try_from(said.len() >> 8).unwrap(), 0, self.1]).await.unwrap();
        self.0.write_all(said).await.unwrap();
        self.1 += 1;
    }

    async fn hear(&mut self) -> Vec<u8> {
        let mut head = [0; 4];
        self.0.read_exact(&mut head).await.unwrap();
        assert_eq!(head[3], self.1, "packets are counted");
        self.1 += 1;
        let mut said = vec![0; usize::from(head[0]) | usize::from(head[1]) << 8];
        self.0.read_exact(&mut said).await.unwrap();
        said
    }
}

/// Says hello and gives what the near end answers, and then `says`.
async fn signing(says: Vec<&'static [u8]>) -> (Result<u32, Failure>, Vec<Vec<u8>>) {
    let (near, far) = duplex(1 << 16);
    let heard = tokio::spawn(async move {
        let mut far = Far(far, 0);
        far.say(&hello(wanted())).await;
        let mut heard = vec![far.hear().await];
        for said in says {
            far.say(said).await;
            if matches!(said, [1, 4] | [1, b'-', ..]) {
                heard.push(far.hear().await);
            }
        }
        heard
    });
    let signed = sign_in(Box::new(near), &server(Encryption::Off)).await.map(|signed| signed.id);
    (signed, heard.await.unwrap())
}

const OK: &[u8] = b"\0\0\0\x02\0\0\0";

#[tokio::test]
async fn a_password_that_the_server_knows_from_before_is_proved_without_saying_it() {
    let (signed, heard) = signing(vec![&[1, 3], OK]).await;
    assert_eq!(signed.unwrap(), 7);
    let proof = scramble_sha256(NONCE, b"hunter2").unwrap();
    assert!(heard[0].windows(32).any(|part| part == proof));
    assert!(!heard[0].windows(7).any(|part| part == b"hunter2"));
    for part in ["weft", "shop", "caching_sha2_password"] {
        assert!(heard[0].windows(part.len()).any(|found| found == part.as_bytes()), "{part}");
    }
}

#[tokio::test]
async fn a_password_that_it_does_not_know_is_encrypted_with_its_key() {
    let (signed, heard) = signing(vec![&[1, 4], KEY, OK]).await;
    assert_eq!(signed.unwrap(), 7);
    assert_eq!((heard[1].as_slice(), heard[2].len()), (&[2][..], 256));
}

#[tokio::test]
async fn what_is_no_key_gets_no_password() {
    let (signed, _) = signing(vec![&[1, 4], b"\x01no key"]).await;
    assert!(matches!(signed, Err(Failure::SignIn { .. })), "{signed:?}");
}

#[tokio::test]
async fn other_ways_are_refused_and_the_clear_one_too() {
    for (asked, part) in [
        (&b"\xfemysql_clear_password\0"[..], "in clear"),
        (b"\xfemysql_old_password\0abcdefgh", "mysql_old_password"),
        (b"\xffI\x04#28000Access denied for weft.", "Access denied for weft"),
        (b"\x01\x09", "not known here"),
    ] {
        let (signed, _) = signing(vec![asked]).await;
        let message = signed.unwrap_err().to_string();
        assert!(message.contains(part) && !message.contains("hunter2"), "{message}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_hears_nobody_who_wants_it() {
    let (near, far) = duplex(1 << 16);
    let mut far = Far(far, 0);
    far.say(&hello(wanted())).await;
    let signed = sign_in(Box::new(near), &server(Encryption::Verified)).await;
    assert!(matches!(signed.map(|_| ()), Err(Failure::NotEncrypted { .. })));
    let mut rest = Vec::new();
    far.0.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty(), "no name, no password");
}

#[tokio::test]
async fn more_than_a_sign_in_needs_is_not_taken() {
    let (near, mut far) = duplex(64);
    far.write_all(&[0xff, 0xff, 0x7f, 0]).await.unwrap();
    let signed = sign_in(Box::new(near), &server(Encryption::Off)).await;
    assert!(matches!(signed.map(|_| ()), Err(Failure::TooLarge { limit: MOST })));
}
