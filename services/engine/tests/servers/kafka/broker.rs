//! A Kafka server that asks who is there, speaks TLS and refuses messages by the name of their topic: what the cluster inside of
//! Kafka's client for C does not do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn};

use super::super::acceptor;

/// What it is like.
#[derive(Clone, Copy, Default)]
pub(super) struct Like {
    pub(super) encrypts: bool,
    /// Says that the leader of every topic is at 10.9.8.7.
    pub(super) leads_astray: bool,
    /// Says of each answer that it has a gigabyte.
    pub(super) says_too_much: bool,
}

/// A server that ends with the value.
pub(super) struct Broker {
    pub(super) port: u16,
    /// How many batches it was sent, by topic.
    batches: Arc<Mutex<HashMap<String, usize>>>,
    /// How often it was asked where a topic is.
    questions: Arc<Mutex<HashMap<String, usize>>>,
    serving: JoinHandle<()>,
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Broker {
    pub(super) async fn start(like: Like) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (batches, questions) = (Arc::new(Mutex::new(HashMap::new())), Arc::new(Mutex::new(HashMap::new())));
        let (kept, asked) = (Arc::clone(&batches), Arc::clone(&questions));
        let serving = spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let talk = Talk {
                    like,
                    port,
                    batches: Arc::clone(&kept),
                    questions: Arc::clone(&asked),
                    mechanism: String::new(),
                    first: String::new(),
                };
                spawn(async move {
                    if like.encrypts {
                        let Ok(stream) = acceptor().accept(stream).await else { return };
                        talk.hold(stream).await;
                    } else {
                        talk.hold(stream).await;
                    }
                });
            }
        });
        Self { port, batches, questions, serving }
    }

    /// How often it was asked where a topic is.
    pub(super) fn questions_about(&self, topic: &str) -> usize {
        self.questions.lock().unwrap().get(topic).copied().unwrap_or_default()
    }

    pub(super) fn batches_of(&self, topic: &str) -> usize {
        self.batches.lock().unwrap().get(topic).copied().unwrap_or_default()
    }
}

#[derive(PartialEq, Eq)]
enum Taken {
    Answered,
    /// The connection ends instead of an answer.
    Broken,
}

struct Talk {
    like: Like,
    port: u16,
    batches: Arc<Mutex<HashMap<String, usize>>>,
    questions: Arc<Mutex<HashMap<String, usize>>>,
    mechanism: String,
    /// What was said first of SCRAM, and what was answered.
    first: String,
}

fn text(bytes: &mut Bytes) -> String {
    let length = usize::try_from(bytes.get_i16()).unwrap_or_default();
    String::from_utf8(bytes.split_to(length).to_vec()).unwrap()
}

fn put_text(into: &mut BytesMut, text: &str) {
    into.put_i16(i16::try_from(text.len()).unwrap());
    into.put_slice(text.as_bytes());
}

impl Talk {
    async fn hold(mut self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Ok(length) = stream.read_u32().await {
            let mut asked = vec![0; length as usize];
            if stream.read_exact(&mut asked).await.is_err() {
                return;
            }
            let mut asked = Bytes::from(asked);
            let (api, _version, number) = (asked.get_i16(), asked.get_i16(), asked.get_i32());
            assert_eq!(text(&mut asked), "weft");
            let mut answer = BytesMut::new();
            answer.put_i32(number);
            match api {
                17 => self.handshake(&mut asked, &mut answer),
                36 => self.sign_in(&mut asked, &mut answer),
                3 => self.tell_cluster(&mut asked, &mut answer),
                0 => {
                    if self.take(&mut asked, &mut answer) == Taken::Broken {
                        return;
                    }
                }
                other => panic!("{other} was asked"),
            }
            let length = if self.like.says_too_much { 1 << 30 } else { u32::try_from(answer.len()).unwrap() };
            if stream.write_u32(length).await.is_err() || stream.write_all(&answer).await.is_err() {
                return;
            }
            let _ = stream.flush().await;
        }
    }

    fn handshake(&mut self, asked: &mut Bytes, answer: &mut BytesMut) {
        self.mechanism = text(asked);
        let is_known = ["PLAIN", "SCRAM-SHA-256"].contains(&&*self.mechanism);
        answer.put_i16(if is_known { 0 } else { 33 });
        answer.put_i32(2);
        put_text(answer, "PLAIN");
        put_text(answer, "SCRAM-SHA-256");
    }

    fn sign_in(&mut self, asked: &mut Bytes, answer: &mut BytesMut) {
        let length = asked.get_i32() as usize;
        let said = String::from_utf8(asked.split_to(length).to_vec()).unwrap();
        let outcome = match self.mechanism.as_str() {
            "PLAIN" => (said == "\0ada\0hunter2 é").then(String::new),
            _ if self.first.is_empty() => {
                let bare = said.strip_prefix("n,,").unwrap();
                let nonce = bare.strip_prefix("n=ada,r=").unwrap();
                let challenge = format!("r={nonce}more,s={},i=4096", STANDARD.encode("salt"));
                self.first = format!("{bare},{challenge}");
                Some(challenge)
            }
            _ => proven(&self.first, &said),
        };
        answer.put_i16(if outcome.is_some() { 0 } else { 58 });
        put_text(answer, "Authentication failed.");
        let outcome = outcome.unwrap_or_default();
        answer.put_i32(i32::try_from(outcome.len()).unwrap());
        answer.put_slice(outcome.as_bytes());
    }

    /// Says that it leads every topic but `elsewhere`, whose leader nobody can reach.
    fn tell_cluster(&self, asked: &mut Bytes, answer: &mut BytesMut) {
        answer.put_i32(0);
        answer.put_i32(2);
        for (id, port) in [(5, i32::from(self.port)), (6, 1)] {
            answer.put_i32(id);
            put_text(answer, if self.like.leads_astray { "10.9.8.7" } else { "127.0.0.1" });
            answer.put_i32(port);
            answer.put_i16(-1);
        }
        put_text(answer, "cluster");
        answer.put_i32(5);
        let topics = asked.get_i32();
        answer.put_i32(topics);
        for _ in 0..topics {
            self.tell_topic(text(asked), answer);
        }
    }

    fn tell_topic(&self, topic: String, answer: &mut BytesMut) {
        answer.put_i16(if topic == "forbidden" { 29 } else { 0 });
        put_text(answer, &topic);
        answer.put_u8(0);
        answer.put_i32(1);
        answer.put_i16(0);
        answer.put_i32(0);
        answer.put_i32(if topic == "elsewhere" { 6 } else { 5 });
        answer.put_i32(1);
        answer.put_i32(5);
        answer.put_i32(1);
        answer.put_i32(5);
        *self.questions.lock().unwrap().entry(topic).or_default() += 1;
    }

    /// Takes batches. A topic `error.10` refuses with that error, `moved` has another leader at first, and of `broken` nobody hears
    /// what became of it.
    fn take(&self, asked: &mut Bytes, answer: &mut BytesMut) -> Taken {
        assert_eq!((asked.get_i16(), asked.get_i16(), asked.get_i32()), (-1, -1, 30_000));
        let topics = asked.get_i32();
        answer.put_i32(topics);
        for _ in 0..topics {
            let topic = text(asked);
            assert_eq!((asked.get_i32(), asked.get_i32()), (1, 0));
            let length = asked.get_i32() as usize;
            asked.advance(length);
            let mut batches = self.batches.lock().unwrap();
            let before = batches.entry(topic.clone()).or_default();
            let code = match topic.strip_prefix("error.") {
                Some(code) => code.parse().unwrap(),
                None if topic == "moved" && *before == 0 => 6,
                None => 0,
            };
            *before += 1;
            if topic == "broken" {
                return Taken::Broken;
            }
            put_text(answer, &topic);
            answer.put_i32(1);
            answer.put_i32(0);
            answer.put_i16(code);
            answer.put_i64(if code == 0 { 100 } else { -1 });
            answer.put_i64(-1);
        }
        answer.put_i32(0);
        Taken::Answered
    }
}

fn sign(key: &[u8], said: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(said).finalize().into_bytes().to_vec()
}

/// The server's own proof, where that of the client is right.
fn proven(first: &str, said: &str) -> Option<String> {
    let mut last = sign("hunter2 é".as_bytes(), b"salt\0\0\0\x01");
    let mut salted = last.clone();
    for _ in 1..4096 {
        last = sign("hunter2 é".as_bytes(), &last);
        salted.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
    }
    let (without_proof, proof) = said.rsplit_once(",p=")?;
    let all = format!("{first},{without_proof}");
    let client_key = sign(&salted, b"Client Key");
    let signature = sign(&Sha256::digest(&client_key), all.as_bytes());
    let expected: Vec<u8> = client_key.iter().zip(&signature).map(|(key, sign)| key ^ sign).collect();
    let server = sign(&sign(&salted, b"Server Key"), all.as_bytes());
    (STANDARD.decode(proof).ok()? == expected).then(|| format!("v={}", STANDARD.encode(server)))
}
