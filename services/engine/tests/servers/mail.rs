//! Send e-mail, against a mail server of the test that speaks the real protocol.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use weft_model::OnError;

use super::{Signed, acceptor, items_of, json_of};

/// What a mail server does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    /// In clear, and offers STARTTLS.
    StartTls,
    /// Encrypted from the beginning.
    Tls,
    /// In clear, with LOGIN alone.
    Clear,
    /// In clear, and says something after its answer to STARTTLS that an attacker put there.
    Injected,
}

/// A mail server and what it was told. It takes the user `ada` with the password `hunter2`, and nobody called `nobody`.
struct Server {
    port: u16,
    told: Arc<Mutex<String>>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Server {
    async fn start(speaks: Speaks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, told) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(String::new())));
        let kept = Arc::clone(&told);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (kept, acceptor) = (Arc::clone(&kept), acceptor());
                tokio::spawn(async move {
                    let mut socket: Box<dyn Stream> = Box::new(socket);
                    if speaks == Speaks::Tls {
                        match acceptor.accept(socket).await {
                            Ok(stream) => socket = Box::new(stream),
                            Err(_) => return,
                        }
                    }
                    talk(socket, speaks, acceptor, kept).await;
                });
            }
        });
        Self { port, told }
    }

    fn told(&self) -> String {
        std::mem::take(&mut *self.told.lock().unwrap())
    }

    fn signed(&self, begin: &str) -> Signed {
        let fields = [("user", "ada"), ("password", "hunter2"), ("begin", begin), ("encryption", "unverified")];
        Signed::new("sendEmail", "smtp", self.port, &fields)
    }
}

async fn talk(socket: Box<dyn Stream>, speaks: Speaks, acceptor: TlsAcceptor, told: Arc<Mutex<String>>) {
    let mut stream = BufReader::new(socket);
    let mut is_encrypted = speaks == Speaks::Tls;
    stream.write_all(b"220 mail.test ready\r\n").await.unwrap();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        told.lock().unwrap().push_str(&line);
        let word = line.trim_end().to_owned();
        let answer = match word.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if speaks == Speaks::Clear => "250-mail.test\r\n250 AUTH LOGIN\r\n",
            "EHLO" if is_encrypted => "250-mail.test\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN\r\n",
            "EHLO" => "250-mail.test\r\n250 STARTTLS\r\n",
            "STARTTLS" if speaks == Speaks::Injected => "220 go\r\n250 AUTH PLAIN\r\n",
            "STARTTLS" => {
                stream.write_all(b"220 go\r\n").await.unwrap();
                match acceptor.accept(stream.into_inner()).await {
                    Ok(encrypted) => stream = BufReader::new(Box::new(encrypted)),
                    Err(_) => return,
                }
                is_encrypted = true;
                continue;
            }
            // base64 of a zero byte, ada, a zero byte and hunter2.
            "AUTH" if word == "AUTH PLAIN AGFkYQBodW50ZXIy" => "235 welcome\r\n",
            "AUTH" if word == "AUTH LOGIN" => "334 VXNlcm5hbWU6\r\n",
            "YWRh" => "334 UGFzc3dvcmQ6\r\n",
            "aHVudGVyMg==" => "235 welcome\r\n",
            "AUTH" => "535 5.7.8 wrong\r\n",
            "RCPT" if word.contains("nobody") => "550 5.1.1 no such user\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                loop {
                    line.clear();
                    stream.read_line(&mut line).await.unwrap();
                    told.lock().unwrap().push_str(&line);
                    if line == ".\r\n" {
                        break;
                    }
                }
                "250 queued as 7\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 OK\r\n",
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

const LETTER: &str = r#"{"fromEmail":"Ada <ada@example.com>","toEmail":"={{ $json.to }}","subject":"Zoë","text":"Hello\n.you",
    "options":{"bccEmail":"eve@example.com"}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_arrives_however_the_connection_begins() {
    for (speaks, begin) in [(Speaks::StartTls, "startTls"), (Speaks::Tls, "tls"), (Speaks::Clear, "clear")] {
        let server = Server::start(speaks).await;
        let given = server.signed(begin).gives(LETTER, r#"[{"to":"bob@example.com"},{"to":"zoe@example.com"}]"#).await;
        assert!(
            given.contains(
                r#""accepted":["zoe@example.com","eve@example.com"],"rejected":[],"response":"250 queued as 7""#
            ),
            "{given}"
        );
        let told = server.told();
        assert_eq!(told.matches("MAIL FROM:<ada@example.com>\r\n").count(), 2, "{told}");
        assert_eq!(told.matches("RCPT TO:<eve@example.com>\r\n").count(), 2, "{told}");
        assert!(told.contains("\r\nHello\r\n..you\r\n.\r\n") && !told.contains("Bcc"), "{told}");
        assert!(told.contains("Date: ") && told.contains("Message-ID: <") && told.ends_with("QUIT\r\n"), "{told}");
        let clear_words = if begin == "startTls" { told.split("STARTTLS").next().unwrap() } else { "" };
        assert!(!clear_words.contains("AUTH"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_mail_server_refuses_is_said_for_the_letter_alone() {
    let server = Server::start(Speaks::Tls).await;
    let signed = server.signed("tls");
    let nobody = r#"[{"to":"nobody@example.com"},{"to":"bob@example.com, nobody@example.com"},{"to":"not one"}]"#;
    let letter = r#"{"fromEmail":"ada@example.com","toEmail":"={{ $json.to }}","text":"x"}"#;
    let report = signed.run_with(letter, items_of(nobody), OnError::ErrorOutput).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert!(json_of(&report, 0).contains(r#""accepted":["bob@example.com"],"rejected":["nobody@example.com"]"#));
    let failed = json_of(&report, 1);
    assert!(
        failed.contains("The mail server answered 550: 5.1.1 no such user") && failed.contains("no address of mail"),
        "{failed}"
    );

    let (code, message) =
        signed.with("password", "hunter3").fails(&letter.replace("={{ $json.to }}", "b@x.example")).await;
    assert!(code == "sign_in" && message.contains("535") && !message.contains("hunter"), "{code}: {message}");
    signed.is_tried(&[signed.with("password", "hunter3")]).await;
    let (code, message) = signed.with("encryption", "verified").fails(LETTER).await;
    assert!(code == "connection" && message.contains("certificate"), "{code}: {message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_said_to_a_server_that_does_not_encrypt() {
    for (speaks, code) in [(Speaks::Clear, "connection"), (Speaks::Injected, "server_answer")] {
        let server = Server::start(speaks).await;
        assert_eq!(server.signed("startTls").fails(LETTER).await.0, code);
        assert!(!server.told().contains("AUTH"));
    }
    let server = Server::start(Speaks::Clear).await;
    let closed = Signed { allow: String::new(), ..server.signed("clear") };
    assert_eq!(closed.fails(LETTER).await.0, "egress_refused");
    assert_eq!(server.told(), "");
}

const ATTACHED: &str = r#"{"fromEmail":"ada@example.com","toEmail":"bob@example.com","emailFormat":"both","text":"t",
    "html":"<img src='cid:logo'>","options":{"attachments":"data, logo"}}"#;

/// An item with these files: under which name, called what, of which type, with how many bytes of the value 0 to 250.
fn item_with(files: &[(&str, &str, &str, usize)]) -> weft_value::Item {
    let mut item = items_of(r#"[{"a":1}]"#).remove(0);
    let files = files.iter().map(|(key, name, mime_type, size)| {
        let file = weft_value::BinaryRef {
            mime_type: (*mime_type).to_owned(),
            file_name: Some((*name).to_owned()),
            data: Some(STANDARD.encode(bytes(*size))),
            ..weft_value::BinaryRef::default()
        };
        ((*key).to_owned(), file)
    });
    item.binary = Some(Arc::new(files.collect()));
    item
}

fn bytes(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_an_item_go_with_its_letter() {
    let server = Server::start(Speaks::Tls).await;
    let signed = server.signed("tls");
    let files = [("data", "Zoë’s résumé.pdf", "application/pdf", 300_000), ("logo", "logo.png", "image/png", 3)];
    let report = signed.run(ATTACHED, vec![item_with(&files), items_of("[{}]").remove(0)]).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let told = server.told();
    let messages: Vec<_> = told.split("DATA\r\n").skip(1).map(|sent| sent.split("\r\n.\r\n").next().unwrap()).collect();
    let [with, without] = messages[..] else { panic!("{} letters", messages.len()) };
    let letter = weft_file_formats::mail::read(with.as_bytes()).unwrap();
    assert_eq!((letter.text.as_deref(), letter.html.as_deref()), (Some("t"), Some("<img src='cid:logo'>")));
    let mut got: Vec<_> = letter.attachments.iter().map(|file| (file.name.as_deref().unwrap(), file)).collect();
    got.sort_by_key(|(name, _)| *name);
    let [(_, text), (_, logo)] = got[..] else { panic!("{} files", got.len()) };
    assert_eq!((text.name.as_deref(), text.media_type.as_str()), (Some("Zoë’s résumé.pdf"), "application/pdf"));
    assert!(text.bytes == bytes(300_000) && text.content_id.is_none());
    assert_eq!((logo.content_id.as_deref(), logo.media_type.as_str()), (Some("logo"), "image/png"));
    assert_eq!(logo.bytes, bytes(3));
    let letter = weft_file_formats::mail::read(without.as_bytes()).unwrap();
    assert!(letter.attachments.is_empty(), "{without}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_missing_or_too_large_are_not_sent() {
    let server = Server::start(Speaks::Tls).await;
    let signed = server.signed("tls");
    let half = 13 << 20;
    for (files, said) in [
        (vec![("logo", "l", "image/png", 1)], "The item has no file “data”."),
        (vec![("data", "d", "", half), ("logo", "l", "", half)], "attachments of an email may have 25 MiB together"),
    ] {
        let error = signed.run(ATTACHED, vec![item_with(&files)]).await.error.unwrap();
        assert!(error.message.contains(said), "{}", error.message);
    }
    assert!(!server.told().contains("MAIL FROM"));
}
