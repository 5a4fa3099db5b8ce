//! LDAP, against slapd where it is installed.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use weft_model::OnError;

use super::{Signed, items, items_of, json_of};

const ADMIN: &str = "cn=admin,dc=example,dc=com";

/// A directory of its own.
struct Server {
    process: Child,
    clear: u16,
    tls: u16,
    _folder: TempDir,
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

impl Server {
    /// Nothing where the program is not installed.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display();
        let tls_files = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors/tests/tls");
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let configuration = format!(
            "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n\
             pidfile {place}/pid\nTLSCertificateFile {0}/server.pem\nTLSCertificateKeyFile {0}/server.key\n\
             database mdb\nsuffix dc=example,dc=com\nrootdn {ADMIN}\nrootpw hunter2-é\ndirectory {place}/data\n",
            tls_files.display()
        );
        let file = folder.path().join("slapd.conf");
        std::fs::write(&file, configuration).unwrap();
        let (clear, tls) = (free_port().await, free_port().await);
        let process = Command::new("slapd")
            // Debian keeps servers where only the administrator looks.
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .arg("-f")
            .arg(file)
            .args(["-h", &format!("ldap://127.0.0.1:{clear} ldaps://127.0.0.1:{tls}"), "-d", "0"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = match process {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: slapd is not installed");
                return None;
            }
            other => other.unwrap(),
        };
        let mut server = Self { process, clear, tls, _folder: folder };
        while TcpStream::connect(("127.0.0.1", tls)).await.is_err() {
            assert!(server.process.try_wait().unwrap().is_none(), "slapd ended");
            tokio::task::yield_now().await;
        }
        Some(server)
    }

    fn signed(&self) -> Signed {
        Signed::new("ldap", "ldap", self.clear, &[("user", ADMIN), ("password", "hunter2-é"), ("begin", "clear")])
    }

    /// The directory with its first entry and two people.
    async fn filled(&self) -> Signed {
        let admin = self.signed();
        let root = r#"{"operation":"create","dn":"dc=example,dc=com","attributes":{"attribute":[
            {"id":"objectClass","value":"={{ ['dcObject','organization'] }}"},{"id":"o","value":"Example"},{"id":"dc","value":"example"}]}}"#;
        admin.gives(root, "[{}]").await;
        let people = r#"{"operation":"create","dn":"uid={{ $json.uid }},dc=example,dc=com","attributes":{"attribute":[
            {"id":"objectClass","value":"inetOrgPerson"},{"id":"uid","value":"={{ $json.uid }}"},{"id":"cn","value":"={{ $json.cn }}"},
            {"id":"sn","value":"x"},{"id":"mail","value":"={{ $json.mail }}"}]}}"#
            .replace(r#""dn":"uid"#, r#""dn":"=uid"#);
        let made = admin.gives(&people, PEOPLE).await;
        assert_eq!(
            made,
            r#"[{"dn":"uid=ada,dc=example,dc=com","result":"success"},{"dn":"uid=bob,dc=example,dc=com","result":"success"}]"#
        );
        admin
    }
}

const PEOPLE: &str = r#"[{"uid":"ada","cn":"Ádá (世)*","mail":["ada@example.com","a@example.com"]},{"uid":"bob","cn":"Bob","mail":"bob@example.com"}]"#;

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_made_found_compared_changed_renamed_and_deleted() {
    let Some(server) = Server::start().await else { return };
    let admin = server.filled().await;
    let by_name = r#"{"baseDN":"dc=example,dc=com","searchFor":"class","objectClass":"inetOrgPerson","searchAttribute":"cn",
        "searchText":"={{ $json.text }}","options":{"attributes":"uid, sn"}}"#;
    let ada = r#"{"dn":"uid=ada,dc=example,dc=com","uid":"ada","sn":"x"}"#;
    assert_eq!(admin.gives(by_name, r#"[{"text":"Ádá (*"}]"#).await, format!("[{ada}]"));
    assert_eq!(admin.gives(by_name, r#"[{"text":"nobody"}]"#).await, "[]");
    let all = r#"{"baseDN":"dc=example,dc=com","customFilter":"(uid=*)","returnAll":true,"options":{"attributes":"uid","pageSize":1}}"#;
    assert_eq!(items(&admin.run(all, items_of("[{}]")).await, 0).len(), 2, "page after page");
    let one = r#"{"baseDN":"dc=example,dc=com","customFilter":"(uid=*)","limit":1}"#;
    let report = admin.run(one, items_of("[{},{}]")).await;
    let from: Vec<_> = items(&report, 0).iter().map(|item| item.json.get("dn").to_json()).collect();
    assert_eq!(from.len(), 2, "one for each item, and the connection goes on: {from:?}");
    let itself = r#"{"baseDN":"dc=example,dc=com","options":{"scope":"base","attributes":"o"}}"#;
    assert_eq!(admin.gives(itself, "[{}]").await, r#"[{"dn":"dc=example,dc=com","o":"Example"}]"#);
    let compare =
        r#"{"operation":"compare","dn":"uid=ada,dc=example,dc=com","attribute":"mail","value":"={{ $json.m }}"}"#;
    let compared = admin.gives(compare, r#"[{"m":"a@example.com"},{"m":"b@example.com"}]"#).await;
    assert!(compared.contains(r#""result":true}"#) && compared.contains(r#""result":false}"#), "{compared}");
    let update = r#"{"operation":"update","dn":"uid=ada,dc=example,dc=com","changes":{"add":[{"id":"mail","value":"c@example.com"}],
        "replace":[{"id":"sn","value":"Lovelace"}],"delete":[{"id":"mail","value":"a@example.com"}]}}"#;
    admin.gives(update, "[{}]").await;
    let rename =
        r#"{"operation":"rename","dn":"uid=ada,dc=example,dc=com","targetDn":"uid=lovelace,dc=example,dc=com"}"#;
    assert_eq!(admin.gives(rename, "[{}]").await, r#"[{"dn":"uid=lovelace,dc=example,dc=com","result":"success"}]"#);
    let found = r#"{"baseDN":"dc=example,dc=com","customFilter":"(uid=lovelace)","options":{"attributes":"sn, mail"}}"#;
    let changed = admin.gives(found, "[{}]").await;
    assert!(
        changed.contains(r#""sn":"Lovelace""#) && changed.contains(r#"["ada@example.com","c@example.com"]"#),
        "{changed}"
    );
    let delete = r#"{"operation":"delete","dn":"uid=bob,dc=example,dc=com"}"#;
    assert_eq!(admin.gives(delete, "[{}]").await, r#"[{"dn":"uid=bob,dc=example,dc=com","result":"success"}]"#);
    assert_eq!(items(&admin.run(all, items_of("[{}]")).await, 0).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_encrypted_from_the_start_or_later() {
    let Some(server) = Server::start().await else { return };
    let admin = server.filled().await;
    let itself = r#"{"baseDN":"dc=example,dc=com","options":{"scope":"base","attributes":"o"}}"#;
    let expected = r#"[{"dn":"dc=example,dc=com","o":"Example"}]"#;
    let later = admin.with("begin", "startTls").with("encryption", "unverified");
    assert_eq!(later.gives(itself, "[{}]").await, expected);
    let at_once = later.with("begin", "tls").with("port", &server.tls.to_string());
    assert_eq!(at_once.gives(itself, "[{}]").await, expected);
    for verified in [later.with("encryption", "verified"), at_once.with("encryption", "verified")] {
        let (code, message) = verified.fails(itself).await;
        assert!(code == "connection" && message.contains("certificate"), "{code}: {message}");
    }
    assert_eq!(
        admin.with("user", "").with("password", "").gives(itself, "[{}]").await,
        expected,
        "nobody in particular"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_for_its_item() {
    let Some(server) = Server::start().await else { return };
    let admin = server.filled().await;
    let itself = r#"{"baseDN":"dc=example,dc=com"}"#;
    for (user, password, part) in [(ADMIN, "wrong-hunter2", "invalidCredentials"), (ADMIN, "", "without a password")] {
        let (code, message) = admin.with("user", user).with("password", password).fails(itself).await;
        assert!(code == "sign_in" && message.contains(part) && !message.contains("hunter2"), "{code}: {message}");
    }
    let (code, message) = admin.fails(r#"{"baseDN":"dc=nowhere"}"#).await;
    assert!(code == "server_refused" && message.contains("noSuchObject"), "{code}: {message}");
    let (code, message) = admin.fails(r#"{"baseDN":"dc=example,dc=com","customFilter":"(uid=a"}"#).await;
    assert!(code == "server_refused" && message.contains("filter"), "{code}: {message}");
    let delete = r#"{"operation":"delete","dn":"=uid={{ $json.u }},dc=example,dc=com"}"#;
    let report = admin.run_with(delete, items_of(r#"[{"u":"none"},{"u":"bob"}]"#), OnError::ErrorOutput).await;
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (1, 1));
    assert!(json_of(&report, 1).contains("noSuchObject"), "{}", json_of(&report, 1));
    let closed = Signed { allow: String::new(), ..admin.clone() };
    assert_eq!(closed.fails(itself).await.0, "egress_refused");
    assert_eq!(admin.with("port", "x").fails(itself).await.0, "credential");
    admin.is_tried(&[admin.with("password", "wrong-hunter2"), admin.with("password", "")]).await;
    admin.with("user", "").with("password", "").is_tried(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_directory_harms_nobody() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for said in
        [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\x30\x05\x02\x01\x01\x61\x00", b"\x30\x84\x7f\xff\xff\xff\x00"]
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut caller, _) = listener.accept().await.unwrap();
            let mut heard = [0; 64];
            let _ = caller.read(&mut heard).await;
            let _ = caller.write_all(said).await;
        });
        let fields = [("user", ADMIN), ("password", "p"), ("begin", "clear")];
        let (code, message) = Signed::new("ldap", "ldap", port, &fields).fails(r#"{"baseDN":"dc=example"}"#).await;
        assert!(["connection", "server_answer", "sign_in"].contains(&code.as_str()), "{code}: {message}");
    }
}
