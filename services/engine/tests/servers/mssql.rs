//! SQL Server. No package has one, so that what a server makes of statements is tested against the one that `WEFT_TEST_MSSQL` names
//! (`user:password@host:port`, which may make tables in the database `tempdb`); what else may answer is tested always.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, spawn};
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_value::{Item, Object, Value};

use super::{Signed, items, items_of, json_of};

fn signed(host: &str, port: u16, user: &str, password: &str) -> Signed {
    let fields =
        [("host", host), ("user", user), ("password", password), ("database", "tempdb"), ("encryption", "off")];
    Signed::new("mssql", "mssql", port, &fields)
}

fn query(sql: &str) -> String {
    format!(r#"{{"operation":"executeQuery","query":{}}}"#, Value::from(sql).to_json())
}

/// What answers instead of SQL Server.
#[derive(Clone, Copy)]
enum Answers {
    /// Another protocol.
    Http,
    Nothing,
    /// A greeting that says this about encryption, and that the password is wrong.
    Greeting(u8),
    /// A greeting, and that the database is elsewhere.
    Elsewhere,
}

/// Ends with the value.
struct Other(u16, JoinHandle<()>);

impl Drop for Other {
    fn drop(&mut self) {
        self.1.abort();
    }
}

impl Other {
    async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                match answers {
                    Answers::Nothing => held.push(stream),
                    Answers::Http => {
                        stream.read_exact(&mut [0; 26]).await.unwrap();
                        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
                    }
                    Answers::Greeting(encryption) => _ = greeted(stream, encryption, &refusal()).await,
                    Answers::Elsewhere => _ = greeted(stream, 2, &elsewhere()).await,
                }
            }
        });
        Self(port, serving)
    }
}

/// A packet of an answer, with its length.
fn packet(said: &[u8]) -> Vec<u8> {
    let length = u16::try_from(said.len() + 8).unwrap().to_be_bytes();
    [&[4, 1, length[0], length[1], 0, 0, 1, 0], said].concat()
}

async fn greeted(mut stream: TcpStream, encryption: u8, then: &[u8]) -> Option<()> {
    let mut greeting = [0; 26];
    stream.read_exact(&mut greeting).await.ok()?;
    stream.write_all(&packet(&[1, 0, 6, 0, 1, 0xff, encryption])).await.ok()?;
    let mut head = [0; 8];
    stream.read_exact(&mut head).await.ok()?;
    assert_eq!(head[0], 0x10, "the next thing is who signs in");
    let mut login = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]])) - 8];
    stream.read_exact(&mut login).await.ok()?;
    stream.write_all(&packet(then)).await.ok()?;
    stream.shutdown().await.ok()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// That a token ends, and with it the answer.
const DONE: [u8; 13] = [0xfd, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// That nobody is let in.
fn refusal() -> Vec<u8> {
    let message = "Login failed for user 'ada'.";
    let mut said = 18_456_u32.to_le_bytes().to_vec();
    said.extend([1, 14]);
    said.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
    said.extend(utf16(message));
    said.extend([1, b's', 0, 0, 1, 0, 0, 0]);
    let length = u16::try_from(said.len()).unwrap().to_le_bytes();
    [&[0xaa, length[0], length[1]], &said[..], &DONE].concat()
}

/// That the database is at 10.9.8.7.
fn elsewhere() -> Vec<u8> {
    let host = "10.9.8.7";
    let mut place = vec![0, 0x99, 0x05];
    place.extend(u16::try_from(host.len()).unwrap().to_le_bytes());
    place.extend(utf16(host));
    let mut said = vec![20];
    said.extend(u16::try_from(place.len()).unwrap().to_le_bytes());
    said.extend(place);
    said.extend([0, 0]);
    let length = u16::try_from(said.len()).unwrap().to_le_bytes();
    [&[0xe3, length[0], length[1]], &said[..], &[0xfd], &[0; 12]].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_sql_server_or_lets_nobody_in_is_told() {
    let ask = r#"{"table":"t","options":{"connectionTimeout":1}}"#;
    for (answers, encryption, code, part) in [
        (Answers::Http, "off", "server_answer", "something else than a greeting"),
        (Answers::Http, "verified", "server_answer", "something else than a greeting"),
        (Answers::Nothing, "off", "server_timeout", "within 1 s"),
        (Answers::Greeting(2), "off", "sign_in", "Login failed for user 'ada'"),
        (Answers::Greeting(2), "verified", "connection", "does not offer encrypted connections"),
        (Answers::Greeting(3), "off", "server_refused", "Turn encryption on"),
        (Answers::Elsewhere, "off", "egress_refused", "10.9.8.7"),
    ] {
        let other = Other::start(answers).await;
        let weft = signed("127.0.0.1", other.0, "ada", "hunter2").with("encryption", encryption);
        let (found, message) = weft.fails(ask).await;
        assert!(found == code && message.contains(part) && !message.contains("hunter2"), "{found}: {message}");
    }
    let closed = Signed { allow: String::new(), ..signed("127.0.0.1", 1, "ada", "hunter2") };
    assert_eq!(closed.fails(ask).await.0, "egress_refused");
    assert_eq!(signed("127.0.0.1", 1, "ada", "hunter2").fails(ask).await.0, "connection");
    assert_eq!(signed("127.0.0.1", 1, "ada", "hunter2").with("port", "x").fails(ask).await.0, "credential");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_that_is_refused_is_told_by_its_trial() {
    for (answers, outcome, code) in [
        (Answers::Greeting(2), TestOutcome::Refused, "trial_refused"),
        (Answers::Http, TestOutcome::Unreachable, "trial_unclear"),
    ] {
        let other = Other::start(answers).await;
        let weft = signed("127.0.0.1", other.0, "ada", "hunter2");
        assert_eq!(weft.tried().await, (outcome, code.to_owned()));
    }
    let closed = Signed { allow: String::new(), ..signed("127.0.0.1", 1, "ada", "hunter2") };
    assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
}

/// The server that the environment names.
fn named() -> Option<Signed> {
    let Some(named) = std::env::var_os("WEFT_TEST_MSSQL") else {
        println!("skipped: WEFT_TEST_MSSQL names no SQL Server (user:password@host:port)");
        return None;
    };
    let named = named.into_string().unwrap();
    let (who, place) = named.rsplit_once('@').expect("user:password@host:port");
    let ((user, password), (host, port)) = (who.split_once(':').unwrap(), place.rsplit_once(':').unwrap());
    let weft = signed(host, port.parse().unwrap(), user, password).with("encryption", "unverified");
    Some(Signed { allow: format!("{host}, 127.0.0.0/8"), ..weft })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_does_what_it_is_asked() {
    let Some(weft) = named() else { return };
    let done = r#"[{"success":true}]"#;
    weft.run(&query("drop table if exists weft_test"), items_of("[{}]")).await;
    let create =
        "create table weft_test (id int primary key, é nvarchar(100), n decimal(10,2), at datetime2, b varbinary(9))";
    assert_eq!(weft.gives(&query(create), "[{}]").await, done);
    let insert = r#"{"operation":"insert","table":"dbo.weft_test"}"#;
    assert_eq!(weft.gives(insert, r#"[{"id":1,"é":"世'","n":12.5,"at":"2026-01-31T10:00:00Z"}]"#).await, done);
    let upsert = r#"{"operation":"upsert","table":"weft_test","matchingColumns":"id"}"#;
    weft.gives(upsert, r#"[{"id":1,"é":"a"},{"id":2,"é":"b"}]"#).await;
    let select = r#"{"table":"weft_test","sort":{"values":[{"column":"id"}]}}"#;
    let expected = r#"[{"id":1,"é":"a","n":12.5,"at":"2026-01-31T10:00:00.000Z","b":null},{"id":2,"é":"b","n":null,"at":null,"b":null}]"#;
    assert_eq!(weft.gives(select, "[{}]").await, expected);
    let rows = (2..5_u32).map(|id| Item::new([("id", id)].into_iter().collect::<Object>())).collect::<Vec<_>>();
    let error = weft.run(insert, rows.clone()).await.error.unwrap();
    assert!(error.message.contains("PRIMARY KEY") && error.code == "server_refused", "{error:?}");
    let count = query("select count(*) as n from weft_test");
    assert_eq!(weft.gives(&count, "[{}]").await, r#"[{"n":2}]"#, "all were taken back");
    let each = r#"{"operation":"insert","table":"weft_test","options":{"queryBatching":"independently"}}"#;
    let report = weft.run_with(each, rows, OnError::ErrorOutput).await;
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (2, 1), "{}", json_of(&report, 1));
    let delete = r#"{"operation":"deleteTable","deleteCommand":"delete","table":"weft_test","where":{"values":[{"column":"id","condition":">","value":"1"}]}}"#;
    assert_eq!(weft.gives(delete, "[{}]").await, done);
    assert_eq!(weft.gives(&count, "[{}]").await, r#"[{"n":1}]"#);
    let values = r#"{"operation":"executeQuery","query":"select $1 as a, $2 as b","options":{"queryReplacement":"={{ ['it\\'s', 7] }}"}}"#;
    assert_eq!(weft.gives(values, "[{}]").await, r#"[{"a":"it's","b":7}]"#);
    let slow = r#"{"operation":"executeQuery","query":"waitfor delay '00:01:00'","options":{"queryTimeout":1}}"#;
    assert_eq!(weft.fails(slow).await.0, "server_timeout");
    assert_eq!(weft.with("password", "wrong").fails(select).await.0, "sign_in");
    weft.is_tried(&[weft.with("password", "wrong")]).await;
    weft.gives(&query("drop table weft_test"), "[{}]").await;
}
