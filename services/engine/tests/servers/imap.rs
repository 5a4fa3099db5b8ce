//! Email Trigger, against Dovecot in a folder of the test.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tempfile::TempDir;
use weft_connectors::{HttpClient, HttpSettings};
use weft_engine::{Clock, CredentialUse, Credentials, NotOpened, OnceReport, Opened, RunOnce, Services, run_once};
use weft_event_log::MemoryFiles;
use weft_model::credential::TestOutcome;
use weft_value::{Value, from_json};

use super::process::{Process, free_ports};
use super::support::polls::{TRIGGER, began, failures, look, look_again, publish, timer, until};
use super::support::{Drawing, House, TestLog, node_id, settle};
use super::{CREDENTIAL, Given, Signed, tls_folder};

/// When the letters arrived that were there before.
const BEFORE: &str = "2026-01-31T09:00:00Z";

/// A mail server with the mailboxes of `ada`, whose password is `hunter2`.
struct Dovecot {
    folder: TempDir,
    clear: u16,
    encrypted: u16,
    _process: Process,
}

impl Dovecot {
    /// Nothing where it is not installed.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let [clear, encrypted] = free_ports().await;
        let config = folder.path().join("dovecot.conf");
        std::fs::create_dir(folder.path().join("mail")).unwrap();
        std::fs::write(&config, configuration(folder.path(), clear, encrypted)).unwrap();
        let mut process = Process::start("dovecot", |command| {
            command.arg("-F").arg("-c").arg(&config);
        })?;
        let server = {
            process.listens(clear).await;
            process.listens(encrypted).await;
            Self { folder, clear, encrypted, _process: process }
        };
        server.own("mail");
        Some(server)
    }

    fn mail(&self) -> PathBuf {
        self.folder.path().join("mail/ada")
    }

    /// Puts a letter into the mailbox, as a delivery agent does. Maildir says by the file when it arrived.
    fn deliver(&self, name: &str, letter: &str, arrived: Timestamp) {
        for place in ["mail/ada", "mail/ada/new", "mail/ada/cur", "mail/ada/tmp"] {
            let _ = std::fs::create_dir(self.folder.path().join(place));
            self.own(place);
        }
        let (written, delivered) = (format!("mail/ada/tmp/{name}"), format!("mail/ada/new/{name}"));
        let file = self.folder.path().join(&written);
        std::fs::write(&file, letter).unwrap();
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(arrived.into()).unwrap();
        self.own(&written);
        std::fs::rename(file, self.folder.path().join(&delivered)).unwrap();
    }

    /// The server numbers the letters anew. It would take the second in which it does so as their validity, and tests are quick.
    fn forgets_numbers(&self) {
        for entry in std::fs::read_dir(self.mail()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().into_string().unwrap().starts_with("dovecot") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        let list = "mail/ada/dovecot-uidlist";
        std::fs::write(self.folder.path().join(list), format!("3 V1234567 N1 G{:032x}\n", 7)).unwrap();
        self.own(list);
    }

    /// Mail belongs to nobody in particular where the test is root, whom Dovecot lets read none.
    fn own(&self, place: &str) {
        if is_root(self.folder.path()) {
            chown(self.folder.path().join(place), Some(65_534), Some(65_534)).unwrap();
        }
    }

    /// Whether the letter is marked as read: Maildir says so in its name.
    fn is_read(&self, name: &str) -> bool {
        let all = std::fs::read_dir(self.mail().join("cur")).unwrap();
        let mut names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.any(|known| known.starts_with(name) && known.rsplit(',').next().unwrap().contains('S'))
    }

    fn signed(&self, begin: &str) -> Signed {
        let port = if begin == "tls" { self.encrypted } else { self.clear };
        let fields = [("user", "ada"), ("password", "hunter2"), ("begin", begin), ("encryption", "unverified")];
        Signed::new("emailTrigger", "imap", port, &fields)
    }
}

fn is_root(path: &Path) -> bool {
    std::fs::metadata(path).unwrap().uid() == 0
}

fn configuration(folder: &Path, clear: u16, encrypted: u16) -> String {
    let (at, tls) = (folder.display(), tls_folder());
    let named = |what: &str| {
        let said = Command::new("id").arg(what).output().unwrap().stdout;
        String::from_utf8(said).unwrap().trim().to_owned()
    };
    let (mail, users) = if is_root(folder) {
        ("uid=65534 gid=65534".to_owned(), String::new())
    } else {
        let users = format!(
            "default_internal_user = {0}\ndefault_login_user = {0}\ndefault_internal_group = {1}\n\
             service anvil {{\n  chroot =\n}}\nservice imap-login {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n",
            named("-un"),
            named("-gn")
        );
        (format!("uid={} gid={}", named("-u"), named("-g")), users)
    };
    format!(
        "base_dir = {at}/run\nstate_dir = {at}/run\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\n{users}\
         mail_location = maildir:{at}/mail/%u\nfirst_valid_uid = 1\nauth_mechanisms = plain login\n\
         disable_plaintext_auth = no\nauth_failure_delay = 0\nssl = yes\nssl_cert = <{tls}/server.pem\nssl_key = <{tls}/server.key\n\
         passdb {{\n  driver = static\n  args = password=hunter2\n}}\n\
         userdb {{\n  driver = static\n  args = {mail} home={at}/mail/%u\n}}\n\
         service imap-login {{\n  inet_listener imap {{\n    port = {clear}\n  }}\n\
         inet_listener imaps {{\n    port = {encrypted}\n  }}\n}}\n",
        tls = tls.display()
    )
}

fn letter(subject: &str) -> String {
    format!("From: Ada <ada@example.com>\r\nTo: bob@example.com\r\nSubject: {subject}\r\n\r\nHello\r\n")
}

fn with_file(subject: &str) -> String {
    format!(
        "From: Ada <ada@example.com>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHéllo\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=a.pdf\r\n\r\n{}\r\n--b--\r\n",
        "x".repeat(6_000)
    )
}

fn drawing(parameters: &str) -> Drawing {
    let mut given = from_json(parameters).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    let drawing = Drawing::default().node(TRIGGER, "emailTrigger", &Value::from(given).to_json());
    drawing.node("End", "noOp", "{}").edge(TRIGGER, "End")
}

fn services(signed: &Signed) -> Services {
    let settings = HttpSettings { egress: signed.allow.parse().unwrap(), ..HttpSettings::default() };
    Services {
        http: Some(HttpClient::new(settings).unwrap()),
        credentials: Some(Arc::new(Given(signed.credential, signed.fields.clone()))),
        files: Some(Arc::new(MemoryFiles::default())),
        ..Services::default()
    }
}

fn house(signed: &Signed, parameters: &str) -> House {
    let mut house = House::new(drawing(parameters));
    house.services = services(signed);
    house
}

/// A credential that cannot be opened the given time.
struct Missing(Given, AtomicUsize);

#[async_trait]
impl Credentials for Missing {
    async fn open(&self, asked: CredentialUse) -> Result<Opened, NotOpened> {
        if self.1.fetch_sub(1, Ordering::SeqCst) == 1 {
            return Err(NotOpened::Missing);
        }
        self.0.open(asked).await
    }
}

/// Until nothing is owed for the last execution, and its look has ended: meanwhile the trigger does not look again.
async fn settled(house: &House) {
    until(async || timer(house).await.unwrap().data["poll"]["owes"] == false).await;
    settle().await;
}

async fn tried_out(signed: &Signed, parameters: &str) -> OnceReport {
    run_once(RunOnce {
        name: "Test".into(),
        graph: drawing(parameters).graph,
        trigger: None,
        items: Vec::new(),
        time_zone: jiff::tz::TimeZone::UTC,
        variables: Value::empty_object(),
        services: services(signed),
        kinds: weft_engine::kinds::Kinds::default(),
        longest_wait: Duration::ZERO,
    })
    .await
    .unwrap()
}

fn given(report: &OnceReport) -> String {
    assert!(report.error.is_none(), "{:?}", report.error);
    super::support::given(report, "End", 0, 0)
}

#[tokio::test]
async fn a_letter_that_arrives_begins_one_execution_and_is_marked_then() {
    let Some(server) = Dovecot::start().await else { return };
    let house = house(&server.signed("tls"), r#"{"downloadAttachments":true}"#);
    let engine = house.engine();
    server.deliver("1.old", &letter("old"), BEFORE.parse().unwrap());
    publish(&house, &engine).await;
    server.deliver("2.new", &letter("early"), house.clock.now());
    look(&house, &engine).await;
    settled(&house).await;
    assert_eq!((server.is_read("1.old"), server.is_read("2.new")), (false, true));
    look_again(&house, &engine).await;
    server.deliver("3.new", &with_file("=?UTF-8?Q?Zo=C3=AB?="), house.clock.now());
    server.deliver("4.new", &letter("fourth"), house.clock.now());
    look_again(&house, &engine).await;
    settled(&house).await;
    look_again(&house, &engine).await;
    let began = began(&house).await;
    assert_eq!(began.len(), 2, "{began:?}");
    assert!(
        began[0].contains(r#""subject":"early""#) && !began[0].contains("old"),
        "what was there is not new: {began:?}"
    );
    assert!(began[1].contains(r#""subject":"Zoë""#) && began[1].contains(r#""subject":"fourth""#), "{began:?}");
    assert!(began[1].contains(r#""textPlain":"Héllo""#) && began[1].contains(r#""attributes":{"uid":3}"#), "{began:?}");
    assert!(began[1].contains(r#""attachment_0":{"mimeType":"application/pdf","fileName":"a.pdf""#), "{began:?}");
    assert_eq!((server.is_read("1.old"), server.is_read("3.new"), server.is_read("4.new")), (false, true, true));
}

#[tokio::test]
async fn a_letter_begins_one_execution_whoever_dies_and_is_marked_afterwards() {
    let Some(server) = Dovecot::start().await else { return };
    let mut house = house(&server.signed("startTls"), "{}");
    let second = house.engine();
    publish(&house, &second).await;
    look(&house, &second).await;
    // It reads the letter, and what it appends never arrives.
    let dying = TestLog { cut: Arc::new(AtomicUsize::new(0)), ..house.log.clone() };
    let first = house.engine_over(&dying);
    server.deliver("1.new", &letter("first"), house.clock.now());
    house.clock.advance(Duration::from_mins(1));
    let appends = house.log.appends();
    first.fire_due_timers().await.unwrap();
    until(async || house.log.appends() > appends).await;
    assert!(
        house.log.executions().await.is_empty() && !server.is_read("1.new"),
        "nothing is marked before it has begun"
    );
    // Another process begins the execution, and cannot mark the letter.
    house.clock.advance(Duration::from_mins(4));
    let signed = server.signed("startTls");
    let missing = Missing(Given(signed.credential, signed.fields.clone()), AtomicUsize::new(2));
    house.services.credentials = Some(Arc::new(missing));
    let third = house.engine();
    look(&house, &third).await;
    assert_eq!(began(&house).await.len(), 1);
    assert_eq!(
        (timer(&house).await.unwrap().data["poll"]["owes"].clone(), server.is_read("1.new")),
        (true.into(), false)
    );
    settle().await;
    look_again(&house, &third).await;
    assert!(server.is_read("1.new"), "the next look marks it");
    let memory = timer(&house).await.unwrap().data["poll"].clone();
    assert_eq!((&memory["owes"], &memory["seen"]["unmarked"]), (&false.into(), &serde_json::Value::Null));
    let began = began(&house).await;
    assert!(began.len() == 1 && began[0].contains(r#""subject":"first""#), "{began:?}");
}

#[tokio::test]
async fn letters_that_are_numbered_anew_begin_nothing_again() {
    let Some(server) = Dovecot::start().await else { return };
    let house = house(&server.signed("clear"), r#"{"postProcessAction":"nothing"}"#);
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    server.deliver("1.new", &letter("first"), house.clock.now());
    look_again(&house, &engine).await;
    let validity = timer(&house).await.unwrap().data["poll"]["seen"]["validity"].clone();
    server.forgets_numbers();
    server.deliver("2.new", &letter("second"), house.clock.now());
    look_again(&house, &engine).await;
    look_again(&house, &engine).await;
    assert_ne!(timer(&house).await.unwrap().data["poll"]["seen"]["validity"], validity);
    let began = began(&house).await;
    assert_eq!(began.len(), 2, "{began:?}");
    assert!(began[0].contains("first") && began[1].contains("second") && !began[1].contains("first"), "{began:?}");
    assert!(!server.is_read("1.new") && !server.is_read("2.new"), "nothing is done afterwards");
}

#[tokio::test]
async fn many_letters_begin_executions_one_after_the_other_and_of_a_large_one_comes_the_header() {
    let Some(server) = Dovecot::start().await else { return };
    let house = house(&server.signed("tls"), "{}");
    let engine = house.engine();
    for number in 0..30 {
        server.deliver(&format!("0.{number:03}"), &letter("old"), BEFORE.parse().unwrap());
    }
    publish(&house, &engine).await;
    for number in 0..60 {
        server.deliver(&format!("1.{number:03}"), &letter(&format!("number {number:03}")), house.clock.now());
    }
    let large = format!("{}{}", letter("large"), format!("{}\r\n", "x".repeat(998)).repeat(27_000));
    server.deliver("2.large", &large, house.clock.now());
    look(&house, &engine).await;
    settled(&house).await;
    look_again(&house, &engine).await;
    settled(&house).await;
    look_again(&house, &engine).await;
    let began = began(&house).await;
    let counts: Vec<_> = began.iter().map(|items| items.matches(r#""subject":"#).count()).collect();
    assert_eq!(counts, [50, 11], "{counts:?}");
    let all = began.concat();
    assert!((0..60).all(|number| all.matches(&format!("number {number:03}")).count() == 1) && !all.contains("old"));
    assert!(
        began[1].contains(r#""subject":"large""#) && began[1].contains(r#""tooLarge":true,"size":270"#),
        "{}",
        began[1]
    );
    assert!(began[1].len() < 100_000 && server.is_read("2.large"));
}

#[tokio::test]
async fn a_letter_that_the_server_cannot_read_does_not_keep_those_behind_it() {
    let Some(server) = Dovecot::start().await else { return };
    let house = house(&server.signed("tls"), "{}");
    let engine = house.engine();
    server.deliver("0.old", &letter("old"), BEFORE.parse().unwrap());
    publish(&house, &engine).await;
    // Maildir says in the name how large it is, and nobody may read the file.
    let (bad, text) = ("1.bad", letter("unreadable"));
    let bad = format!("{bad},S={0},W={0}", text.len());
    server.deliver(&bad, &text, house.clock.now());
    std::fs::set_permissions(server.mail().join("new").join(&bad), PermissionsExt::from_mode(0o000)).unwrap();
    server.deliver("2.good", &letter("behind it"), house.clock.now());
    look(&house, &engine).await;
    settled(&house).await;
    look_again(&house, &engine).await;
    settled(&house).await;
    let began = began(&house).await.concat();
    assert!(began.contains(r#""subject":"behind it""#), "{began}");
    assert!(!began.contains("unreadable"), "{began}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_are_searched_and_tried_out_without_a_trace() {
    let Some(server) = Dovecot::start().await else { return };
    for (name, subject) in [("1.a", "Order 1"), ("2.a", "=?UTF-8?Q?Caf=C3=A9?="), ("3.a", "Order 2")] {
        server.deliver(name, &letter(subject), BEFORE.parse().unwrap());
    }
    let signed = server.signed("clear");
    for (criteria, subject) in [
        (r#"["UNSEEN"]"#, "Order 2"),
        (r#"[["SUBJECT","café"]]"#, "Café"),
        (r#"["!SEEN",["OR",["SUBJECT","Order 1"],["FROM","nobody"]]]"#, "Order 1"),
        (r#"[["SINCE","2020-01-31"],["UID","1:2"]]"#, "Café"),
    ] {
        let text = Value::from(criteria).to_json();
        let parameters = format!(r#"{{"format":"resolved","options":{{"customEmailConfig":{text}}}}}"#);
        let given = given(&tried_out(&signed, &parameters).await);
        assert!(given.contains(&format!(r#""subject":"{subject}""#)) && !given.contains("},{\"text\""), "{given}");
    }
    let report = tried_out(&signed, r#"{"options":{"customEmailConfig":"[\"SEEN\"]"}}"#).await;
    assert_eq!(report.error.unwrap().code, "nothing_found", "nothing was marked as read");
    let raw = given(&tried_out(&signed, r#"{"format":"raw"}"#).await);
    assert_eq!(raw, r#"[{"raw":"Hello\r\n","attributes":{"uid":3}}]"#);
}

#[tokio::test]
async fn what_a_mail_server_refuses_is_said() {
    let Some(server) = Dovecot::start().await else { return };
    let signed = server.signed("tls");
    let closed = Signed { allow: String::new(), ..server.signed("tls") };
    for (signed, parameters, code, said) in [
        (signed.with("password", "hunter3"), "{}", "sign_in", "does not let the user in"),
        (signed.clone(), r#"{"mailbox":"Entwürfe"}"#, "server_refused", "Mailbox doesn't exist: Entwürfe"),
        (signed.with("encryption", "verified"), "{}", "connection", "certificate"),
        (closed.clone(), "{}", "egress_refused", "127.0.0.1"),
    ] {
        let error = tried_out(&signed, parameters).await.error.unwrap();
        assert!(error.code == code && error.message.contains(said), "{code}: {} {}", error.code, error.message);
        assert!(!error.message.contains("hunter"), "{}", error.message);
        assert_eq!(error.node, Some(node_id(TRIGGER)));
    }
    assert_eq!(closed.tried().await.0, TestOutcome::Unreachable);
    signed.is_tried(&[signed.with("password", "hunter3")]).await;
    let house = house(&signed.with("password", "hunter3"), "{}");
    let engine = house.engine();
    publish(&house, &engine).await;
    look(&house, &engine).await;
    look_again(&house, &engine).await;
    let told = failures(&house).await;
    assert!(told.len() == 1 && told[0].1.code == "sign_in", "{told:?}");
}
