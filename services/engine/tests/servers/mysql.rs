//! MySQL, against MariaDB's server where it is installed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use weft_model::OnError;
use weft_value::{Item, Object};

use super::{Signed, items, items_of, json_of};

/// What the server does when it begins.
const USERS: &str = "CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE USER weft@'%' IDENTIFIED BY 'pässwörd-hunter2';
GRANT ALL ON *.* TO weft@'%';
CREATE USER nobody@'%' IDENTIFIED VIA ed25519 USING PASSWORD('hunter2');
CREATE USER empty@'%' IDENTIFIED BY '';
";

/// A server of its own, which may forget everything.
struct Server {
    process: Child,
    port: u16,
    folder: TempDir,
}

/// What both programs are told: nothing waits for a disk.
fn told(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .arg("--no-defaults")
        .arg(format!("--datadir={}", folder.join("data").display()))
        .args(["--user=root", "--innodb-flush-method=nosync", "--innodb-log-file-size=4M"])
        // Several begin at once, and what the kernel gives all processes together of asynchronous files may not suffice.
        .args(["--innodb-use-native-aio=0", "--innodb-buffer-pool-size=16M"])
        // Debian keeps servers where only the administrator looks.
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Server {
    /// Nothing where the programs are not installed.
    async fn start() -> Option<Self> {
        static INSTALLING: Mutex<()> = Mutex::const_new(());
        let folder = tempfile::tempdir().unwrap();
        // One at a time: each takes most of a processor.
        let _one = INSTALLING.lock().await;
        let installed =
            told("mariadb-install-db", folder.path()).args(["--skip-test-db", "--skip-name-resolve"]).status();
        match installed {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: mariadb-server is not installed");
                return None;
            }
            status => assert!(status.as_ref().is_ok_and(ExitStatus::success), "mariadb-install-db: {status:?}"),
        }
        std::fs::write(folder.path().join("users.sql"), USERS).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let tls = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors/tests/tls");
        let file = |folder: &Path, name: &str| folder.join(name).display().to_string();
        let process = told("mariadbd", folder.path())
            .args(["--skip-name-resolve", "--bind-address=127.0.0.1", "--plugin-load-add=auth_ed25519"])
            .arg(format!("--port={port}"))
            .arg(format!("--socket={}", file(folder.path(), "s")))
            .arg(format!("--pid-file={}", file(folder.path(), "pid")))
            .arg(format!("--init-file={}", file(folder.path(), "users.sql")))
            .arg(format!("--ssl-cert={}", file(&tls, "server.pem")))
            .arg(format!("--ssl-key={}", file(&tls, "server.key")))
            .spawn()
            .unwrap();
        let mut server = Self { process, port, folder };
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(
                server.process.try_wait().unwrap().is_none(),
                "the server ended in {}",
                server.folder.path().display()
            );
            tokio::task::yield_now().await;
        }
        Some(server)
    }

    fn signed(&self, user: &str, password: &str) -> Signed {
        let fields = [("database", "shop"), ("user", user), ("password", password), ("encryption", "off")];
        Signed::new("mysql", "mysql", self.port, &fields)
    }

    fn weft(&self) -> Signed {
        self.signed("weft", "pässwörd-hunter2")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn query(sql: &str) -> String {
    let sql = weft_value::Value::from(sql).to_json();
    format!(r#"{{"operation":"executeQuery","query":{sql}}}"#)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_written_read_changed_and_deleted() {
    let Some(server) = Server::start().await else { return };
    let weft = server.weft();
    let create = "create table orders (id int primary key auto_increment, name varchar(50), total decimal(8,2), at datetime(3), extra json)";
    assert_eq!(weft.gives(&query(create), "[{}]").await, r#"[{"success":true}]"#);
    let insert = r#"{"operation":"insert","table":"orders"}"#;
    let rows = r#"[{"id":1,"name":"'); drop table orders; -- \\' é世","total":12.5,"extra":{"a":[1]}},{"id":2,"name":null,"at":"2026-01-31 10:00:00.5"}]"#;
    assert_eq!(weft.gives(insert, rows).await, r#"[{"success":true},{"success":true}]"#);
    let select = r#"{"table":"shop.orders","sort":{"values":[{"column":"id"}]}}"#;
    let first =
        r#"{"id":1,"name":"'); drop table orders; -- \\' é世","total":"12.50","at":null,"extra":"{\"a\":[1]}"}"#;
    let second = r#"{"id":2,"name":null,"total":null,"at":"2026-01-31T10:00:00.500Z","extra":null}"#;
    assert_eq!(weft.gives(select, "[{}]").await, format!("[{first},{second}]"));
    let found = r#"{"table":"orders","options":{"outputColumns":"id"},"where":{"values":[{"column":"name","condition":"LIKE","value":"%é世"}]}}"#;
    assert_eq!(weft.gives(found, "[{}]").await, r#"[{"id":1}]"#);
    let upsert = r#"{"operation":"upsert","table":"orders","matchingColumns":"id"}"#;
    weft.gives(upsert, r#"[{"id":2,"name":"b"},{"id":3,"name":"c"},{"id":3}]"#).await;
    let update = r#"{"operation":"update","table":"orders","matchingColumns":"id","options":{"detailedOutput":true}}"#;
    let changed = weft.gives(update, r#"[{"id":3,"name":"z"}]"#).await;
    assert!(
        changed.starts_with(r#"[{"sql":"UPDATE `orders` SET `name` = ? WHERE `id` = ?","data":{"affectedRows":1,"#),
        "{changed}"
    );
    assert_eq!(
        weft.gives(&query("select group_concat(name order by id) as n from orders where id > 1"), "[{}]").await,
        r#"[{"n":"b,z"}]"#
    );
    let skip = r#"{"operation":"insert","table":"orders","options":{"skipOnConflict":true,"detailedOutput":true}}"#;
    assert!(weft.gives(skip, r#"[{"id":1,"name":"again"}]"#).await.contains(r#""affectedRows":0"#));
    let delete = r#"{"operation":"deleteTable","deleteCommand":"delete","table":"orders","where":{"values":[{"column":"id","condition":">","value":"1"}]}}"#;
    assert_eq!(weft.gives(delete, "[{}]").await, r#"[{"success":true}]"#);
    assert_eq!(weft.gives(&query("select count(*) as n from orders"), "[{}]").await, r#"[{"n":1}]"#);
    let drop = r#"{"operation":"deleteTable","deleteCommand":"drop","table":"orders"}"#;
    assert_eq!(weft.gives(drop, "[{}]").await, r#"[{"success":true}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_takes_its_values_and_gives_the_types_that_n8n_gives() {
    let Some(server) = Server::start().await else { return };
    let weft = server.weft();
    let asked = r#"{"operation":"executeQuery","query":"select $1 as text, $2 + 1 as number, $3:name as name from (select 5 as `a b`) t where 5 in ($4); select '$1' as kept",
        "options":{"queryReplacement":"={{ [$json.a, 41, 'a b', [5, 6]] }}"}}"#;
    let evil = r#"[{"a":"'); drop table x; -- \\' é"}]"#;
    let first = r#"{"text":"'); drop table x; -- \\' é","number":42,"name":5}"#;
    assert_eq!(weft.gives(asked, evil).await, format!(r#"[{first},{{"kept":"$1"}}]"#));
    let columns = "true as b, cast(9007199254740993 as signed) as i8, cast(7 as unsigned) as u8, cast(1.50 as decimal(8,2)) as n, 1.5e0 as f,
        null as nothing, date '2026-01-31' as d, time '-25:00:01' as t, timestamp '2026-01-31 10:00:00' as at, x'ff00' as bytes, b'101' + 0 as bits";
    let expected = r#"[{"b":1,"i8":"9007199254740993","u8":7,"n":"1.50","f":1.5,"nothing":null,"d":"2026-01-31T00:00:00.000Z","t":"-25:00:01","at":"2026-01-31T10:00:00.000Z","bytes":"/wA=","bits":5}]"#;
    assert_eq!(weft.gives(&query(&format!("select {columns}")), "[{}]").await, expected);
    let prepared = format!(
        r#"{{"operation":"executeQuery","query":{},"options":{{"queryReplacement":"={{{{ [1] }}}}"}}}}"#,
        weft_value::Value::from(format!("select {columns} where 1 = $1")).to_json()
    );
    assert_eq!(weft.gives(&prepared, "[{}]").await, expected, "both formats give the same");
    let numbers = r#"{"operation":"executeQuery","query":"select cast(7000000000 as signed) as a, 1.50 as b","options":{"largeNumbersOutput":"text","decimalNumbers":true}}"#;
    assert_eq!(weft.gives(numbers, "[{}]").await, r#"[{"a":"7000000000","b":1.5}]"#);
    assert_eq!(weft.gives(&query("select 1 from dual where false"), "[{}]").await, "[]");
    let procedure = "create procedure two() begin select 1 as a; select 2 as b; end";
    assert_eq!(weft.gives(&query(procedure), "[{}]").await, r#"[{"success":true}]"#);
    assert_eq!(weft.gives(&query("call two()"), "[{}]").await, r#"[{"a":1},{"b":2}]"#);
    let long = r#"{"operation":"executeQuery","query":"select length($1) as n, crc32($1) as c","options":{"queryReplacement":"={{ ['x'.repeat(3000000)] }}"}}"#;
    assert!(weft.gives(long, "[{}]").await.starts_with(r#"[{"n":3000000,"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_items_are_all_or_none_or_each_on_its_own() {
    let Some(server) = Server::start().await else { return };
    let weft = server.weft();
    weft.gives(&query("create table n (id int primary key, filler varchar(100)) engine=innodb"), "[{}]").await;
    let row = |id: u32| {
        Item::new(
            [("id", id.into()), ("filler", weft_value::Value::from("é".repeat(50)))].into_iter().collect::<Object>(),
        )
    };
    let insert = r#"{"operation":"insert","table":"n"}"#;
    let report = weft.run(insert, (0..20_000).map(row).collect()).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert_eq!(items(&report, 0).len(), 20_000);

    let twice = || vec![row(20_000), row(7), row(20_001)];
    let report = weft.run(insert, twice()).await;
    let error = report.error.unwrap();
    assert!(error.message.contains("Duplicate entry") && error.code == "server_refused", "{error:?}");
    let count = query("select count(*) as n from n");
    assert_eq!(weft.gives(&count, "[{}]").await, r#"[{"n":20000}]"#, "all were taken back");
    let report = weft.run_with(insert, twice(), OnError::ErrorOutput).await;
    assert!(report.error.is_none() && items(&report, 0).is_empty());
    assert_eq!(items(&report, 1).len(), 3);
    assert!(json_of(&report, 1).contains("It was taken back, since item 1 failed"));

    let each = r#"{"operation":"insert","table":"n","options":{"queryBatching":"independently"}}"#;
    let report = weft.run_with(each, twice(), OnError::ErrorOutput).await;
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (2, 1));
    assert_eq!(weft.gives(&count, "[{}]").await, r#"[{"n":20002}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_and_bounded() {
    let Some(server) = Server::start().await else { return };
    let weft = server.weft();
    let who = query("select current_user() as me");
    assert_eq!(server.signed("empty", "").with("database", "").gives(&who, "[{}]").await, r#"[{"me":"empty@%"}]"#);
    let tls = weft.with("encryption", "unverified");
    let cipher = query("show session status like 'Ssl_version'");
    assert!(tls.gives(&cipher, "[{}]").await.contains(r#""Value":"TLSv1.3""#));
    let (code, message) = tls.with("encryption", "verified").fails(&who).await;
    assert!(code == "connection" && message.contains("certificate"), "{code}: {message}");
    for (user, password, part) in [("weft", "wrong-hunter2", "Access denied"), ("nobody", "hunter2", "client_ed25519")]
    {
        let (code, message) = server.signed(user, password).fails(&who).await;
        assert!(code == "sign_in" && message.contains(part) && !message.contains("hunter2"), "{code}: {message}");
    }
    assert_eq!(weft.with("database", "none").fails(&who).await.0, "sign_in");
    let (code, message) = weft.fails(&query("select * from nowhere")).await;
    assert_eq!((code.as_str(), message.as_str()), ("server_refused", "Table 'shop.nowhere' doesn't exist"));
    let slow = r#"{"operation":"executeQuery","query":"select sleep(600)","options":{"queryTimeout":1}}"#;
    assert_eq!(weft.fails(slow).await.0, "server_timeout");
    let asleep = query("select count(*) as n from information_schema.processlist where info = 'select sleep(600)'");
    for _ in 0..100 {
        if weft.gives(&asleep, "[{}]").await == r#"[{"n":0}]"# {
            break;
        }
    }
    assert_eq!(weft.gives(&asleep, "[{}]").await, r#"[{"n":0}]"#, "the server was asked to stop");
    let (code, _) = weft.fails(&query("select repeat('x', 1000000) from seq_1_to_1000")).await;
    assert_eq!(code, "memory_limit");
    weft.gives(&query("create table files (line text)"), "[{}]").await;
    let (code, message) = weft.fails(&query("load data local infile '/etc/passwd' into table files")).await;
    assert!(message.contains("LOCAL") || message.contains("not allowed"), "{code}: {message}");
    assert_eq!(weft.gives(&query("select count(*) as n from files"), "[{}]").await, r#"[{"n":0}]"#);
    let report = weft
        .run_with(
            r#"{"operation":"executeQuery","query":"select $1 as a, $2 as b","options":{"queryReplacement":"={{ $json.list }}","queryBatching":"independently"}}"#,
            items_of(r#"[{"list":[1]},{"list":[1,2]}]"#),
            OnError::ErrorOutput,
        )
        .await;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (r#"[{"a":1,"b":2}]"#, 1));
    let closed = Signed { allow: String::new(), ..weft.clone() };
    assert_eq!(closed.fails(&who).await.0, "egress_refused");
    assert_eq!(weft.with("port", "x").fails(&who).await.0, "credential");
    weft.is_tried(&[server.signed("weft", "wrong-hunter2"), weft.with("database", "none")]).await;
}
