//! SSH, against sshd where it is installed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;
use tokio::net::TcpStream;
use weft_event_log::MemoryFiles;
use weft_model::OnError;
use weft_model::credential::TestOutcome;

use super::s3::{bytes_of, item_with};
use super::{Signed, items, items_of, json_of};

/// A server of its own, which lets in who has a key of it.
pub(super) struct Server {
    process: Child,
    pub(super) port: u16,
    folder: TempDir,
    user: String,
}

fn installed(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .map(|folder| Path::new(folder).join(name))
        .into_iter()
        .find(|path| path.exists())
}

fn keygen(path: &Path, kind: &str, passphrase: &str) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", passphrase, "-f"]).arg(path).status();
    assert!(made.unwrap().success());
}

impl Server {
    /// Nothing where the program is not installed.
    pub(super) async fn start() -> Option<Self> {
        let (Some(program), Some(_)) = (installed("sshd"), installed("ssh-keygen")) else {
            println!("skipped: sshd is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        keygen(&at("host"), "ed25519", "");
        keygen(&at("ed25519"), "ed25519", "");
        keygen(&at("rsa"), "rsa", "hunter2 é");
        keygen(&at("ecdsa"), "ecdsa", "");
        let public =
            ["ed25519", "rsa", "ecdsa"].map(|name| std::fs::read_to_string(at(&format!("{name}.pub"))).unwrap());
        std::fs::write(at("authorized"), public.concat()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Who is root has to have this folder; others work without.
        let _made = std::fs::create_dir_all("/run/sshd");
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {authorized}\nStrictModes no\nUsePAM no\n\
             PidFile none\nPasswordAuthentication yes\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n",
            host = at("host").display(),
            authorized = at("authorized").display(),
        );
        std::fs::write(at("config"), settings).unwrap();
        let mut process =
            Command::new(program).args(["-D", "-e", "-f"]).arg(at("config")).stderr(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if let Some(ended) = process.try_wait().unwrap() {
                println!("skipped: sshd does not start ({ended})");
                return None;
            }
            tokio::task::yield_now().await;
        }
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap().trim().to_owned();
        Some(Self { process, port, folder, user })
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(super) fn signed(&self, kind: &'static str, credential: &'static str) -> Signed {
        let key = std::fs::read_to_string(self.path("ed25519")).unwrap();
        let signed = Signed::new(kind, credential, self.port, &[("user", &self.user), ("privateKey", &key)]);
        Signed { files: Some(Arc::new(MemoryFiles::default())), ..signed }
    }

    fn fingerprint(&self) -> String {
        let said = Command::new("ssh-keygen").args(["-l", "-f", &self.path("host.pub")]).output().unwrap();
        String::from_utf8(said.stdout).unwrap().split(' ').nth(1).unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_executed_in_their_folder() {
    let Some(server) = Server::start().await else { return };
    let ssh = server.signed("ssh", "sshPrivateKey");
    let folder = server.path("it's a föld$er");
    std::fs::create_dir(&folder).unwrap();
    let command =
        format!(r#"{{"command":"=pwd; echo {{{{ $json.n }}}} >&2; exit {{{{ $json.n }}}}","cwd":"{folder}"}}"#);
    assert_eq!(
        ssh.gives(&command, r#"[{"n":0},{"n":3}]"#).await,
        format!(
            r#"[{{"code":0,"signal":null,"stdout":"{folder}","stderr":"0"}},{{"code":3,"signal":null,"stdout":"{folder}","stderr":"3"}}]"#
        )
    );
    let home = ssh.gives(r#"{"command":"pwd","cwd":"~"}"#, "[{}]").await;
    assert!(home.contains(r#""code":0"#), "{home}");
    let nowhere = ssh.gives(r#"{"command":"touch here","cwd":"/none"}"#, "[{}]").await;
    assert!(nowhere.contains(r#""code":1,"#) && nowhere.contains("none"), "{nowhere}");
    let killed = ssh.gives(r#"{"command":"kill -TERM $$"}"#, "[{}]").await;
    assert!(killed.contains(r#""code":null,"signal":"SIGTERM""#), "{killed}");
    let read = ssh.gives(r#"{"command":"cat; echo over"}"#, "[{}]").await;
    assert!(read.contains(r#""stdout":"over""#), "nobody types: {read}");
    let large = ssh.gives(
        r#"{"command":"head -c 3000000 /dev/zero | tr '\\0' x; head -c 2000000 /dev/zero | tr '\\0' y >&2"}"#,
        "[{}]",
    );
    assert!(large.await.len() > 5_000_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_moved_both_ways() {
    let Some(server) = Server::start().await else { return };
    let ssh = server.signed("ssh", "sshPrivateKey");
    for length in [0, 5, 100_000, 9 << 20] {
        let bytes: Vec<u8> = (0..length).map(|n: usize| (n % 251) as u8).collect();
        let folder = server.path("");
        let upload = format!(
            r#"{{"operation":"upload","path":"{folder}","options":{{"fileName":"é {{{{ $json.id }}}}.txt"}}}}"#
        );
        let upload = upload.replace("\"é", "\"=é");
        let report = ssh.run(&upload, vec![item_with("a.txt", &bytes)]).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        assert_eq!(json_of(&report, 0), r#"[{"success":true}]"#);
        assert!(std::fs::read(server.path("é 1.txt")).unwrap() == bytes, "{length} bytes arrived otherwise");
        let download = format!(r#"{{"operation":"download","path":"{}"}}"#, server.path("é 1.txt"));
        let report = ssh.run(&download, items_of(r#"[{"kept":1}]"#)).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        let file = items(&report, 0)[0].binary.as_ref().unwrap()["data"].clone();
        assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("é 1.txt"), "text/plain"));
        assert!(bytes_of(&report).await == bytes, "{length} bytes came back otherwise");
        assert_eq!(json_of(&report, 0), r#"[{"kept":1}]"#);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_and_who_answers_is_looked_at() {
    let Some(server) = Server::start().await else { return };
    let ssh = server.signed("ssh", "sshPrivateKey");
    let echo = r#"{"command":"echo in"}"#;
    let key = |name: &str| std::fs::read_to_string(server.path(name)).unwrap();
    for other in
        [ssh.with("privateKey", &key("ecdsa")), ssh.with("privateKey", &key("rsa")).with("passphrase", "hunter2 é")]
    {
        assert!(other.gives(echo, "[{}]").await.contains(r#""stdout":"in""#));
    }
    let wrong = ssh.with("privateKey", &key("rsa")).with("passphrase", "hunter3");
    let (code, message) = wrong.fails(echo).await;
    assert!(code == "sign_in" && message.contains("passphrase") && !message.contains("hunter"), "{message}");
    let (code, message) = ssh.with("privateKey", &key("host")).fails(echo).await;
    assert!(code == "sign_in" && message.contains("publickey"), "{code}: {message}");
    let with_password = Signed { credential: "sshPassword", ..ssh.with("privateKey", "").with("password", "hunter2") };
    let (code, message) = with_password.fails(echo).await;
    assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    let fingerprint = server.fingerprint();
    assert!(ssh.with("hostKey", &fingerprint).gives(echo, "[{}]").await.contains("in"));
    let (code, message) = ssh.with("hostKey", "SHA256:AAAA").fails(echo).await;
    assert!(code == "host_key" && message.contains(&fingerprint), "{code}: {message}");
    let closed = Signed { allow: String::new(), ..ssh.clone() };
    assert_eq!(closed.fails(echo).await.0, "egress_refused");
    assert_eq!(ssh.tried().await, (TestOutcome::Accepted, "trial_signed_in".to_owned()));
    assert_eq!(wrong.tried().await, (TestOutcome::Refused, "sign_in".to_owned()));
    assert_eq!(with_password.tried().await, (TestOutcome::Refused, "sign_in".to_owned()));
    assert_eq!(ssh.with("hostKey", "SHA256:AAAA").tried().await, (TestOutcome::Unreachable, "host_key".to_owned()));
    assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_for_its_item() {
    let Some(server) = Server::start().await else { return };
    let ssh = server.signed("ssh", "sshPrivateKey");
    std::fs::write(server.path("there"), "x").unwrap();
    let download = format!(r#"{{"operation":"download","path":"={}/{{{{ $json.p }}}}"}}"#, server.path(""));
    let report = ssh.run_with(&download, items_of(r#"[{"p":"none"},{"p":"there"}]"#), OnError::ErrorOutput).await;
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (1, 1));
    assert!(json_of(&report, 1).contains("No such file"), "{}", json_of(&report, 1));
    let (code, _) = ssh.fails(r#"{"command":"sleep 60","options":{"timeout":1}}"#).await;
    assert_eq!(code, "server_timeout");
    let (code, message) = ssh.fails(r#"{"command":"head -c 70000000 /dev/zero"}"#).await;
    assert!(matches!(code.as_str(), "server_answer" | "memory_limit"), "{code}: {message}");
    assert_eq!(ssh.fails(r#"{"operation":"upload","path":"/tmp"}"#).await.0, "file_missing");
    assert!(ssh.run(r#"{"command":"ls"}"#, Vec::new()).await.error.is_none());
}
