//! A file of 200 MB comes in and goes out again with little memory. Alone in its process, so that nothing else is measured.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use support::{Drawing, House, start_and_wait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use weft_connectors::{Egress, HttpClient, HttpSettings};
use weft_event_log::{FileFault, FileKey, FileReader, FileWriter, Files, StoredFile};
use weft_model::TenantId;

const PIECE: usize = 64 * 1024;
const SIZE: usize = 200 * 1024 * 1024;
/// Some pieces on their way, and what allocators keep.
const MOST: usize = 32 * 1024 * 1024;

/// One piece of the file; its number stands in it, so that no two are the same.
fn piece(index: usize) -> Vec<u8> {
    let mut piece = vec![0xa5; PIECE];
    piece[..8].copy_from_slice(&index.to_le_bytes());
    piece
}

/// The most memory that this process has held, in bytes (proc(5), `VmHWM`).
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
}

/// What a server was sent: the head of the request, and the digest of its body.
struct Sent {
    head: String,
    length: usize,
    digest: Vec<u8>,
}

/// Gives the file to whoever asks for it, and digests what it is sent.
async fn server() -> (u16, mpsc::UnboundedReceiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket, sender.clone()));
        }
    });
    (port, receiver)
}

async fn serve(mut socket: TcpStream, sent: mpsc::UnboundedSender<Sent>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte).await.unwrap_or(0) == 0 {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    if head.starts_with("GET ") {
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {SIZE}\r\nconnection: close\r\n\r\n"
        );
        socket.write_all(answer.as_bytes()).await.unwrap();
        for index in 0..SIZE / PIECE {
            socket.write_all(&piece(index)).await.unwrap();
        }
        return;
    }
    let announced: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap();
    let (mut length, mut buffer, mut digest) = (0, vec![0; PIECE], Context::new(&SHA256));
    while length < announced {
        let came = socket.read(&mut buffer).await.unwrap();
        assert!(came > 0, "the body ended early");
        digest.update(&buffer[..came]);
        length += came;
    }
    sent.send(Sent { head, length, digest: digest.finish().as_ref().to_vec() }).unwrap();
    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
}

/// Files in a folder. The store of an installation seals them besides, which costs this build a minute; what it holds of them in
/// memory is measured where it lives.
struct Folder {
    path: PathBuf,
    count: AtomicUsize,
}

struct Writing {
    file: File,
    key: FileKey,
    size: u64,
}

struct Reading(File);

impl Folder {
    fn place(&self, key: FileKey) -> PathBuf {
        self.path.join(key.to_string())
    }
}

#[async_trait]
impl Files for Folder {
    async fn create(&self, _tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault> {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let key = format!("{number:064x}").parse().unwrap();
        Ok(Box::new(Writing { file: File::create(self.place(key)).unwrap(), key, size: 0 }))
    }

    async fn open(&self, _tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault> {
        Ok(File::open(self.place(key)).ok().map(|file| Box::new(Reading(file)) as Box<dyn FileReader>))
    }
}

#[async_trait]
impl FileWriter for Writing {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileFault> {
        self.size += bytes.len() as u64;
        self.file.write_all(&bytes).unwrap();
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<StoredFile, FileFault> {
        Ok(StoredFile { key: self.key, size: self.size, digest: [0; 32] })
    }
}

#[async_trait]
impl FileReader for Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        let mut piece = vec![0; PIECE];
        let length = self.0.read(&mut piece).unwrap();
        piece.truncate(length);
        Ok((length > 0).then(|| piece.into()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_megabytes_come_in_and_go_out_in_thirty_two() {
    let (port, mut sent) = server().await;
    let egress: Egress = format!("127.0.0.1:{port}").parse().unwrap();
    let http = HttpClient::new(HttpSettings { egress, ..HttpSettings::default() }).unwrap();
    let download = format!(r#"{{"url":"http://127.0.0.1:{port}/file.bin"}}"#);
    let upload = format!(
        r#"{{"method":"POST","url":"http://127.0.0.1:{port}/up","sendBody":true,"contentType":"multipart-form-data",
        "bodyParameters":{{"parameters":[{{"parameterType":"formBinaryData","name":"file","inputDataFieldName":"data"}}]}}}}"#
    );
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Download", "httpRequest", &download)
        .node("Upload", "httpRequest", &upload)
        .edge("Start", "Download")
        .edge("Download", "Upload");
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::new(drawing);
    house.services.http = Some(http);
    house.services.files = Some(Arc::new(Folder { path: folder.path().to_owned(), count: AtomicUsize::new(0) }));
    let before = peak();
    let execution = house.engine().start(start_and_wait("Start", "[{}]")).await.unwrap().execution;
    let Sent { head, length, digest } = sent.recv().await.unwrap();
    let grown = peak() - before;
    let boundary =
        head.lines().find_map(|line| line.strip_prefix("content-type: multipart/form-data; boundary=")).unwrap();
    let begin = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file.bin\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    let end = format!("\r\n--{boundary}--\r\n");
    assert_eq!(length, begin.len() + SIZE + end.len());
    let mut expected = Context::new(&SHA256);
    expected.update(begin.as_bytes());
    for index in 0..SIZE / PIECE {
        expected.update(&piece(index));
    }
    expected.update(end.as_bytes());
    assert_eq!(digest, expected.finish().as_ref());
    assert!(grown < MOST, "{} MiB", grown >> 20);
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}
