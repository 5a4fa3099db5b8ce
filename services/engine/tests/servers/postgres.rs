//! Postgres, against the PostgreSQL that comes with Weft.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_postgres::{Cluster, ClusterSettings, Durability};
use weft_value::{Item, Object};

use super::{Signed, acceptor, items, json_of};

/// A cluster that is reached over TCP: it listens on a Unix socket alone, so that the test lets callers through.
struct Server {
    cluster: Cluster,
    socket: PathBuf,
    port: u16,
    _folder: TempDir,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = ClusterSettings { durability: Durability::None, ..ClusterSettings::new(folder.path()) };
        let cluster = Cluster::start(settings).await.unwrap();
        let socket = cluster.socket_folder().join(".s.PGSQL.5432");
        let port = through(socket.clone()).await;
        Self { cluster, socket, port, _folder: folder }
    }

    fn signed(&self, user: &str, password: &str) -> Signed {
        let fields = [("database", "postgres"), ("user", user), ("password", password), ("encryption", "off")];
        Signed::new("postgres", "postgres", self.port, &fields)
    }

    /// The superuser, who is believed.
    fn admin(&self) -> Signed {
        self.signed(weft_postgres::SUPERUSER, "")
    }
}

/// A port behind which `socket` is.
async fn through(socket: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let socket = socket.clone();
            tokio::spawn(async move {
                let mut server = UnixStream::connect(socket).await.unwrap();
                let _ = copy_bidirectional(&mut caller, &mut server).await;
            });
        }
    });
    port
}

/// The same, encrypted as PostgreSQL does it: the caller asks in clear and is answered with one letter.
async fn through_tls(socket: PathBuf) -> u16 {
    let acceptor = acceptor();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let (socket, acceptor) = (socket.clone(), acceptor.clone());
            tokio::spawn(async move { encrypted(caller, socket, acceptor).await });
        }
    });
    port
}

async fn encrypted(mut caller: TcpStream, socket: PathBuf, acceptor: TlsAcceptor) {
    let mut asked = [0; 8];
    caller.read_exact(&mut asked).await.unwrap();
    assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "an SSLRequest");
    caller.write_all(b"S").await.unwrap();
    if let Ok(mut caller) = acceptor.accept(caller).await {
        let mut server = UnixStream::connect(socket).await.unwrap();
        let _ = copy_bidirectional(&mut caller, &mut server).await;
    }
}

fn query(sql: &str) -> String {
    let object: Object = [("operation", "executeQuery"), ("query", sql)].into_iter().collect();
    weft_value::Value::from(object).to_json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_written_read_changed_and_deleted() {
    let server = Server::start().await;
    let admin = server.admin();
    let made = query("create table orders (id int primary key, name text, tags text[], data jsonb, at timestamptz)");
    assert_eq!(admin.gives(&made, "[{}]").await, r#"[{"success":true}]"#);
    let insert = r#"{"operation":"insert","table":"orders","options":{"outputColumns":"id,tags"}}"#;
    let given = r#"[{"id":1,"name":"it's","tags":["a","b\"c"],"data":[1,{"x":null}],"at":"2026-01-31T10:00:00.5+02:00"},
                    {"id":2,"name":"世\\","data":"{}"}]"#;
    assert_eq!(admin.gives(insert, given).await, r#"[{"id":1,"tags":["a","b\"c"]},{"id":2,"tags":null}]"#);
    let select = r#"{"table":"orders","sort":{"values":[{"column":"id"}]},"where":{"values":[{"column":"id","value":"={{ $json.id }}"}]}}"#;
    let one = r#"[{"id":1,"name":"it's","tags":["a","b\"c"],"data":[1,{"x":null}],"at":"2026-01-31T08:00:00.500Z"}]"#;
    assert_eq!(admin.gives(select, r#"[{"id":1}]"#).await, one);
    let upsert =
        r#"{"operation":"upsert","table":"orders","matchingColumns":"id","options":{"outputColumns":"id,name"}}"#;
    let upserted = admin.gives(upsert, r#"[{"id":2,"name":"x"},{"id":3,"name":"y"}]"#).await;
    assert_eq!(upserted, r#"[{"id":2,"name":"x"},{"id":3,"name":"y"}]"#);
    let update = r#"{"operation":"update","table":"orders","matchingColumns":"id","options":{"outputColumns":"name"}}"#;
    assert_eq!(admin.gives(update, r#"[{"id":3,"name":"z"},{"id":9,"name":"q"}]"#).await, r#"[{"name":"z"}]"#);
    let delete = r#"{"operation":"deleteTable","deleteCommand":"delete","table":"orders",
        "where":{"values":[{"column":"id","condition":">","value":"1"}]}}"#;
    assert_eq!(admin.gives(delete, "[{}]").await, r#"[{"success":true}]"#);
    assert_eq!(admin.gives(&query("select count(*)::int as n from orders"), "[{}]").await, r#"[{"n":1}]"#);
    let drop = r#"{"operation":"deleteTable","deleteCommand":"drop","table":"orders"}"#;
    assert_eq!(admin.gives(drop, "[{}]").await, r#"[{"success":true}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_takes_its_values_and_gives_the_types_that_n8n_gives() {
    let server = Server::start().await;
    let admin = server.admin();
    let asked = r#"{"operation":"executeQuery",
        "query":"select $1 as text, $2 + 1 as number, $3:csv as one, $4::jsonb as json; select 2 as second, '$1' as kept",
        "options":{"queryReplacement":"={{ [$json.a, 41, ['x'], {b: 1}] }}"}}"#;
    let evil = r#"[{"a":"'); drop table x; -- \\' é"}]"#;
    let rows = admin.gives(asked, evil).await;
    let first = r#"{"text":"'); drop table x; -- \\' é","number":42,"one":"x","json":{"b":1}}"#;
    assert_eq!(rows, format!(r#"[{first},{{"second":2,"kept":"$1"}}]"#));
    let types = "select true as b, 7::bigint as i8, 1.50::numeric as n, 1.5::float8 as f, null as nothing, date '2026-01-31' as d,
        array[1,2]::int[] as list, interval '1 day 2 hours' as i, 'a'::char(3) as c, '1.2.3.4'::inet as ip";
    let expected = r#"[{"b":true,"i8":"7","n":"1.50","f":1.5,"nothing":null,"d":"2026-01-31T00:00:00.000Z","list":[1,2],"i":{"days":1,"hours":2},"c":"a  ","ip":"1.2.3.4"}]"#;
    assert_eq!(admin.gives(&query(types), "[{}]").await, expected);
    let numbers = r#"{"operation":"executeQuery","query":"select 7::bigint as a, 1.50 as b","options":{"largeNumbersOutput":"numbers"}}"#;
    assert_eq!(admin.gives(numbers, "[{}]").await, r#"[{"a":7,"b":1.5}]"#);
    assert_eq!(admin.gives(&query("select 1 where false"), "[{}]").await, "[]");
    assert_eq!(admin.gives(&query("vacuum"), "[{}]").await, r#"[{"success":true}]"#, "alone it is in no transaction");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_items_are_all_or_none_or_each_on_its_own() {
    let server = Server::start().await;
    let admin = server.admin();
    admin.gives(&query("create table n (id int primary key, filler text)"), "[{}]").await;
    let row = |id: u32| {
        Item::new(
            [("id", weft_value::Value::from(id)), ("filler", "é".repeat(50).into())].into_iter().collect::<Object>(),
        )
    };
    let insert = r#"{"operation":"insert","table":"n","options":{"outputColumns":"id"}}"#;
    let report = admin.run(insert, (0..20_000).map(row).collect()).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let made = items(&report, 0);
    assert_eq!((made.len(), made[19_999].json.get("id").as_f64()), (20_000, Some(19_999.0)));

    let twice = || vec![row(20_000), row(7), row(20_001)];
    let report = admin.run(insert, twice()).await;
    let error = report.error.unwrap();
    assert!(error.message.contains("duplicate key") && error.code == "server_refused", "{error:?}");
    let count = query("select count(*)::int as n from n");
    assert_eq!(admin.gives(&count, "[{}]").await, r#"[{"n":20000}]"#, "all were taken back");
    let report = admin.run_with(insert, twice(), OnError::ErrorOutput).await;
    assert!(report.error.is_none() && items(&report, 0).is_empty());
    assert_eq!(items(&report, 1).len(), 3);
    assert!(json_of(&report, 1).contains("It was taken back, since item 1 failed"));

    let each = r#"{"operation":"insert","table":"n","options":{"outputColumns":"id","queryBatching":"independently"}}"#;
    let report = admin.run_with(each, twice(), OnError::ErrorOutput).await;
    assert_eq!(json_of(&report, 0), r#"[{"id":20000},{"id":20001}]"#);
    assert_eq!(items(&report, 1).len(), 1);
    assert_eq!(admin.gives(&count, "[{}]").await, r#"[{"n":20002}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_sign_in_is_known_and_a_wrong_password_is_told_without_it() {
    let server = Server::start().await;
    let users = query(
        "set password_encryption = 'scram-sha-256'; create user scram password 'pässwörd-hunter2';
         set password_encryption = 'md5'; create user md5 password 'hunter2';
         set password_encryption = 'scram-sha-256'; create user clear password 'hunter2'",
    );
    server.admin().gives(&users, "[{}]").await;
    let rules =
        "local all weft_admin trust\nlocal all scram scram-sha-256\nlocal all md5 md5\nlocal all clear password\n";
    std::fs::write(server.cluster.data().join("pg_hba.conf"), rules).unwrap();
    server.admin().gives(&query("select pg_reload_conf()"), "[{}]").await;
    let who = query("select current_user as me");
    assert_eq!(server.signed("scram", "pässwörd-hunter2").gives(&who, "[{}]").await, r#"[{"me":"scram"}]"#);
    assert_eq!(server.signed("md5", "hunter2").gives(&who, "[{}]").await, r#"[{"me":"md5"}]"#);
    for (user, password, part) in
        [("scram", "wrong-hunter2", "password authentication failed"), ("clear", "hunter2", "in clear")]
    {
        let (code, message) = server.signed(user, password).fails(&who).await;
        assert!(code == "sign_in" && message.contains(part) && !message.contains("hunter2"), "{code}: {message}");
    }
    let scram = server.signed("scram", "pässwörd-hunter2");
    scram.is_tried(&[server.signed("scram", "wrong-hunter2"), scram.with("database", "none")]).await;
    let trusted = server.signed(weft_postgres::SUPERUSER, "anything");
    assert_eq!(trusted.tried().await, (TestOutcome::Unreachable, "trial_lets_anybody_in".to_owned()));
    let tls = server.signed("clear", "hunter2").with("encryption", "unverified");
    let tls = Signed { fields: tls.fields, ..Signed::new("postgres", "postgres", 0, &[]) };
    let tls = tls.with("port", &through_tls(server.socket.clone()).await.to_string());
    assert_eq!(tls.gives(&who, "[{}]").await, r#"[{"me":"clear"}]"#);
    let (code, message) = tls.with("encryption", "verified").fails(&who).await;
    assert!(code == "connection" && message.contains("certificate"), "{code}: {message}");
    let (code, message) = server.signed("md5", "hunter2").with("encryption", "verified").fails(&who).await;
    assert!(code == "connection" && message.contains("does not offer encrypted"), "{code}: {message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_and_bounded() {
    let server = Server::start().await;
    let admin = server.admin();
    let (code, message) = admin.fails(&query("select * from nowhere")).await;
    assert_eq!((code.as_str(), message.as_str()), ("server_refused", r#"relation "nowhere" does not exist"#));
    let slow = r#"{"operation":"executeQuery","query":"select pg_sleep(600)","options":{"queryTimeout":1}}"#;
    assert_eq!(admin.fails(slow).await.0, "server_timeout");
    let asleep = query(
        "select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and pid <> pg_backend_pid()",
    );
    for _ in 0..100 {
        if admin.gives(&asleep, "[{}]").await == r#"[{"n":0}]"# {
            break;
        }
    }
    assert_eq!(admin.gives(&asleep, "[{}]").await, r#"[{"n":0}]"#, "the server was asked to stop");
    let (code, _) = admin.fails(&query("select repeat('x', 1000000) from generate_series(1, 1000)")).await;
    assert_eq!(code, "memory_limit");
    let (code, message) = admin.fails(&query("copy pg_class from stdin")).await;
    assert!(code == "server_answer" && message.contains("COPY"), "{code}: {message}");
    let closed = Signed { allow: String::new(), ..admin.clone() };
    assert_eq!(closed.fails(&query("select 1")).await.0, "egress_refused");
    assert_eq!(admin.with("port", "x").fails(&query("select 1")).await.0, "credential");
    assert_eq!(admin.with("database", "none").fails(&query("select 1")).await.0, "sign_in");
}
