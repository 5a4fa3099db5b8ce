//! FTP and SFTP, against pyftpdlib (<https://pyftpdlib.readthedocs.io>) and sshd where they are installed.

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;
use weft_event_log::MemoryFiles;
use weft_model::OnError;
use weft_model::credential::TestOutcome;

use super::process::first_line;
use super::s3::{bytes_of, item_with, python_program};
use super::{Signed, items, items_of, json_of, ssh};

/// It lies about its address, as a server does that wants somebody to connect elsewhere.
const PROGRAM: &str = r#"
import sys
try:
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer
except ImportError:
    sys.exit(77)
folder, certificate = sys.argv[1:3]
users = DummyAuthorizer()
users.add_user("ada", "hunter2 é", folder, perm="elradfmwMT")
handler = TLS_FTPHandler if certificate else FTPHandler
if certificate:
    handler.certfile = certificate
    handler.tls_control_required = handler.tls_data_required = True
handler.authorizer = users
handler.masquerade_address = "10.9.8.7"
if len(sys.argv) > 3:
    handler.proto_cmds = {name: what for name, what in handler.proto_cmds.items() if name not in ("MLSD", "MLST")}
server = FTPServer(("127.0.0.1", 0), handler)
print(server.socket.getsockname()[1], flush=True)
server.serve_forever()
"#;

/// A server of its own, with the user `ada`.
struct Server {
    process: Child,
    port: u16,
    folder: TempDir,
}

/// What a server knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Clear,
    Tls,
    /// Lists as they were before there were programs to read them.
    Old,
}

impl Server {
    /// Nothing where the program is not installed.
    fn start(speaks: Speaks) -> Option<Self> {
        let (folder, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut certificate = String::new();
        if speaks == Speaks::Tls {
            let tls = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors/tests/tls");
            let both = ["server.pem", "server.key"].map(|name| std::fs::read_to_string(tls.join(name)).unwrap());
            let path = own.path().join("both.pem");
            std::fs::write(&path, both.join("\n")).unwrap();
            path.to_str().unwrap().clone_into(&mut certificate);
        }
        let mut command = Command::new(python_program("python3"));
        command.args(["-c", PROGRAM]).arg(folder.path()).arg(certificate);
        if speaks == Speaks::Old {
            command.arg("old");
        }
        let Ok(mut process) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("skipped: python3 is not installed");
            return None;
        };
        let mut says = BufReader::new(process.stdout.take().unwrap());
        let port = first_line(&mut process, &mut says, "pyftpdlib is")?.parse().unwrap();
        Some(Self { process, port, folder })
    }

    fn signed(&self, encryption: &str) -> Signed {
        let fields = [("user", "ada"), ("password", "hunter2 é"), ("encryption", encryption)];
        let signed = Signed::new("ftp", "ftp", self.port, &fields);
        Signed { files: Some(Arc::new(MemoryFiles::default())), ..signed }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What every server does alike; `root` is the folder that it shows, as it calls it.
async fn all_of_it(ftp: &Signed, root: &str) {
    for length in [0, 5, 100_000, 9 << 20] {
        let bytes: Vec<u8> = (0..length).map(|n: usize| (n % 251) as u8).collect();
        let upload = format!(r#"{{"operation":"upload","path":"={root}/new/földer/a {{{{ $json.id }}}}.txt"}}"#);
        let report = ftp.run(&upload, vec![item_with("a.txt", &bytes)]).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        assert_eq!(json_of(&report, 0), r#"[{"id":1}]"#);
        let download = format!(r#"{{"path":"{root}/new/földer/a 1.txt"}}"#);
        let report = ftp.run(&download, items_of(r#"[{"kept":1}]"#)).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        let file = items(&report, 0)[0].binary.as_ref().unwrap()["data"].clone();
        assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("a 1.txt"), "text/plain"));
        assert!(bytes_of(&report).await == bytes, "{length} bytes came back otherwise");
    }
    let text = format!(r#"{{"operation":"upload","path":"{root}/top.txt","binaryData":false,"fileContent":"é\r\n"}}"#);
    ftp.gives(&text, "[{}]").await;
    let list = |more: &str| format!(r#"{{"operation":"list","path":"{root}/"{more}}}"#);
    let listed = ftp.gives(&list(""), "[{}]").await;
    assert!(listed.contains(r#""type":"d","name":"new""#), "{listed}");
    assert!(listed.contains(r#""type":"-","name":"top.txt","size":4,"#), "{listed}");
    assert!(listed.contains(&format!(r#""path":"{root}/top.txt""#)) && listed.contains(r#""user":"rw"#), "{listed}");
    let all = ftp.gives(&list(r#","recursive":true"#), "[{}]").await;
    assert!(all.contains(&format!(r#""path":"{root}/new/földer/a 1.txt""#)), "{all}");
    let rename = |to: &str, more: &str| {
        format!(r#"{{"operation":"rename","oldPath":"{root}/top.txt","newPath":"{root}/{to}"{more}}}"#)
    };
    assert_eq!(ftp.fails(&rename("x/y/z.txt", "")).await.0, "server_refused");
    let made = rename("x/y/z.txt", r#","options":{"createDirectories":true}"#);
    assert_eq!(ftp.gives(&made, "[{}]").await, r#"[{"success":true}]"#);
    let delete =
        |path: &str, more: &str| format!(r#"{{"operation":"delete","path":"{root}/{path}","options":{{{more}}}}}"#);
    assert_eq!(ftp.gives(&delete("x/y/z.txt", ""), "[{}]").await, r#"[{"success":true}]"#);
    assert_eq!(ftp.fails(&delete("new", r#""folder":true"#)).await.0, "server_refused");
    ftp.gives(&delete("new", r#""folder":true,"recursive":true"#), "[{}]").await;
    ftp.gives(&delete("x/y", r#""folder":true"#), "[{}]").await;
    ftp.gives(&delete("x", r#""folder":true"#), "[{}]").await;
    assert_eq!(ftp.gives(&list(""), "[{}]").await, "[]");
    let report = ftp
        .run_with(
            &format!(r#"{{"path":"={root}/{{{{ $json.p }}}}"}}"#),
            items_of(r#"[{"p":"none"},{"p":"a\nDELE b"}]"#),
            OnError::ErrorOutput,
        )
        .await;
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (0, 2), "{:?}", report.error);
    assert!(json_of(&report, 1).contains("no line ends"), "{}", json_of(&report, 1));
    assert!(ftp.run(&list(""), Vec::new()).await.error.is_none());
    let everything = r#"{"operation":"delete","path":"/","options":{"folder":true,"recursive":true}}"#;
    assert_eq!(ftp.fails(everything).await.0, "parameter");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_moved_over_ftp_from_where_the_server_is() {
    let Some(server) = Server::start(Speaks::Clear) else { return };
    let ftp = server.signed("off");
    all_of_it(&ftp, "").await;
    let list = r#"{"operation":"list","path":"/"}"#;
    let (code, message) = ftp.with("password", "hunter3").fails(list).await;
    assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    assert_eq!(ftp.with("password", "a\r\nDELE b").fails(list).await.0, "sign_in");
    assert_eq!(server.signed("verified").fails(list).await.0, "connection");
    let closed = Signed { allow: String::new(), ..ftp.clone() };
    assert_eq!(closed.fails(list).await.0, "egress_refused");
    assert_eq!(ftp.tried().await, (TestOutcome::Accepted, "trial_signed_in".to_owned()));
    assert_eq!(ftp.with("password", "hunter3").tried().await, (TestOutcome::Refused, "trial_refused".to_owned()));
    assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
    assert_eq!(server.signed("verified").tried().await.0, TestOutcome::Unreachable);
    // What permits the first connection alone does not permit those for data.
    let one = Signed { allow: format!("127.0.0.1:{}", server.port), ..ftp };
    assert_eq!(one.fails(list).await.0, "egress_refused");
    assert_eq!(std::fs::read_dir(server.folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_moved_over_encrypted_ftp() {
    let Some(server) = Server::start(Speaks::Tls) else { return };
    all_of_it(&server.signed("unverified"), "").await;
    let list = r#"{"operation":"list","path":"/"}"#;
    let (code, message) = server.signed("verified").fails(list).await;
    assert!(code == "connection" && message.contains("encrypted"), "{code}: {message}");
    assert_eq!(server.signed("off").fails(list).await.0, "sign_in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_for_people_are_read_too() {
    let Some(server) = Server::start(Speaks::Old) else { return };
    all_of_it(&server.signed("off"), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_moved_over_sftp() {
    let Some(server) = ssh::Server::start().await else { return };
    let root = server.path("shown");
    std::fs::create_dir(&root).unwrap();
    all_of_it(&server.signed("ftp", "sftp"), &root).await;
}
