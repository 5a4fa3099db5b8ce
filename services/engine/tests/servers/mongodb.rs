//! MongoDB. No package has a server. What the commands mean is shown by mongomock, which does in Python what MongoDB does, behind
//! mockupdb, MongoDB's own library for servers that are none (<https://mockupdb.readthedocs.io>), where both are installed; and by
//! the real server that `WEFT_TEST_MONGODB` names (`user:password@host:port`, where the user may write to the database
//! `weft_test`).

use std::io::BufReader;
use std::process::{Child, Command, Stdio};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn};
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_value::{Item, ItemRef, Object, Pairing, Value};

use super::process::first_line;
use super::s3::python_program;
use super::{Signed, items, items_of, json_of, tls_folder};

const PROGRAM: &str = include_str!("mongodb.py");
const ID: &str = "0123456789abcdef01234567";

/// A server of its own, which keeps everything in memory and ends with the value.
struct Server {
    process: Child,
    /// One that takes writes, one that only knows which does, and one that encrypts.
    ports: [u16; 3],
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Nothing where the packages are not installed. It knows the mechanism by which its users prove their passwords.
    fn start(mechanism: &str) -> Option<Self> {
        let mut command = Command::new(python_program("python3"));
        command.args(["-c", PROGRAM, mechanism]).arg(tls_folder());
        let Ok(mut process) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("skipped: python3 is not installed");
            return None;
        };
        let mut says = BufReader::new(process.stdout.take().unwrap());
        let ports = first_line(&mut process, &mut says, "mongomock and mockupdb are")?;
        let ports: Vec<u16> = ports.split(' ').map(|port| port.parse().unwrap()).collect();
        Some(Self { process, ports: ports.try_into().unwrap() })
    }

    fn signed(&self, which: usize) -> Signed {
        let fields = [
            ("host", "localhost"),
            ("user", "ada"),
            ("password", "hunter2 \u{2168}"),
            ("database", "shop"),
            ("encryption", "off"),
        ];
        Signed::new("mongodb", "mongodb", self.ports[which], &fields)
    }
}

const INSERT: &str = r#"{"operation":"insert","collection":"orders"}"#;
const SORTED: &str = r#"{"collection":"orders","options":{"sort":"{\"n\":1}","projection":"{\"_id\":0}"}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_inserted_found_changed_and_deleted() {
    let Some(server) = Server::start("SCRAM-SHA-256") else { return };
    documents(&server.signed(0)).await;
    kinds_of_values(&server.signed(0)).await;
    pipelines(&server.signed(0)).await;
}

async fn documents(mongo: &Signed) {
    let told = mongo.gives(INSERT, r#"[{"n":1,"é":"世"},{"n":2,"sub":{"a":[1,{"b":null}]}},{"n":3}]"#).await;
    assert_eq!(told.matches(r#""id":""#).count(), 3, "{told}");
    let all = r#"[{"n":1,"é":"世"},{"n":2,"sub":{"a":[1,{"b":null}]}},{"n":3}]"#;
    assert_eq!(mongo.gives(SORTED, "[{}]").await, all);
    let some = r#"{"collection":"orders","query":"={\"n\":{\"$gt\":{{ $json.n }}}}",
        "options":{"limit":1,"skip":1,"sort":"{\"n\":-1}","projection":"{\"n\":1,\"_id\":0}"}}"#;
    assert_eq!(mongo.gives(some, r#"[{"n":0},{"n":2},{"n":1}]"#).await, r#"[{"n":2},{"n":2}]"#);
    let report = mongo.run(some, items_of(r#"[{"n":0},{"n":2},{"n":1}]"#)).await;
    let paired: Vec<_> = items(&report, 0).into_iter().map(|item| item.pairing).collect();
    assert_eq!(paired, [0, 2].map(|item| Pairing::One(ItemRef { item, input: 0 })));

    let update = r#"{"operation":"update","collection":"orders","updateKey":"n","fields":"sub.c","options":{"useDotNotation":true}}"#;
    assert_eq!(mongo.gives(update, r#"[{"n":2,"sub":{"c":7}}]"#).await, r#"[{"sub.c":7,"n":2}]"#);
    let replace = r#"{"operation":"findOneAndReplace","collection":"orders","updateKey":"n","upsert":true}"#;
    mongo.gives(replace, r#"[{"n":3,"x":1},{"n":4,"y":1}]"#).await;
    let find_update = r#"{"operation":"findOneAndUpdate","collection":"orders","updateKey":"n"}"#;
    mongo.gives(find_update, r#"[{"n":1,"z":1},{"n":99,"z":1}]"#).await;
    let all = r#"[{"n":1,"é":"世","z":1},{"n":2,"sub":{"a":[1,{"b":null}],"c":7}},{"n":3,"x":1},{"n":4,"y":1}]"#;
    assert_eq!(mongo.gives(SORTED, "[{}]").await, all);
    let delete = r#"{"operation":"delete","collection":"orders","query":"={\"n\":{\"$gte\":{{ $json.n }}}}"}"#;
    assert_eq!(mongo.gives(delete, r#"[{"n":3},{"n":3}]"#).await, r#"[{"deletedCount":2},{"deletedCount":0}]"#);
}

async fn kinds_of_values(mongo: &Signed) {
    let insert = r#"{"operation":"insert","collection":"kinds","fields":"_id, at, at2, large, bytes","options":{"dateFields":"at"}}"#;
    let items = format!(
        r#"[{{"_id":{{"$oid":"{ID}"}},"at":"2026-01-31T10:00:00+01:00","at2":{{"$date":"2026-01-31T09:00:00Z"}},"large":{{"$numberLong":"9007199254740993"}},"bytes":{{"$binary":{{"base64":"AQI=","subType":"00"}}}}}}]"#
    );
    let told = mongo.gives(insert, &items).await;
    assert!(told.contains(&format!(r#""id":"{ID}""#)), "{told}");
    let at = "2026-01-31T09:00:00.000Z";
    let shown = format!(r#"[{{"_id":"{ID}","at":"{at}","at2":"{at}","large":"9007199254740993","bytes":"AQI="}}]"#);
    for query in [
        format!(r#"{{\"_id\":\"{ID}\"}}"#),
        r#"{\"at\":{\"$date\":\"2026-01-31T09:00:00Z\"}}"#.to_owned(),
        r#"{\"large\":{\"$numberLong\":\"9007199254740993\"}}"#.to_owned(),
    ] {
        let find = format!(r#"{{"collection":"kinds","query":"{query}"}}"#);
        assert_eq!(mongo.gives(&find, "[{}]").await, shown, "{query}");
    }
    let update = r#"{"operation":"update","collection":"kinds","updateKey":"_id","fields":"bytes"}"#;
    mongo.gives(update, &format!(r#"[{{"_id":"{ID}","bytes":null}}]"#)).await;
    let find = r#"{"collection":"kinds","query":"{\"bytes\":null}","options":{"projection":"{\"_id\":1}"}}"#;
    assert_eq!(mongo.gives(find, "[{}]").await, format!(r#"[{{"_id":"{ID}"}}]"#));
}

async fn pipelines(mongo: &Signed) {
    let many: Vec<Item> = (0..5_000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = mongo.run(r#"{"operation":"insert","collection":"many"}"#, many).await;
    assert_eq!((report.error.is_none(), items(&report, 0).len()), (true, 5_000), "{:?}", report.error);
    let report = mongo.run(r#"{"collection":"many","options":{"sort":"{\"n\":1}"}}"#, items_of("[{}]")).await;
    let found: Vec<f64> = items(&report, 0).iter().map(|item| item.json.get("n").as_f64().unwrap()).collect();
    assert!(found.len() == 5_000 && found.is_sorted(), "{} documents of several batches", found.len());
    let pipeline = r#"{"operation":"aggregate","collection":"many","queryParameters":"={{ [$json.least] }}",
        "query":"[{\"$match\":{\"n\":{\"$gte\":\"$1\"}}},{\"$group\":{\"_id\":null,\"count\":{\"$sum\":1}}}]"}"#;
    let counted = mongo.gives(pipeline, r#"[{"least":4000}]"#).await;
    assert!(counted.contains(r#""count":1000"#), "{counted}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_for_its_item() {
    let Some(server) = Server::start("SCRAM-SHA-256") else { return };
    let mongo = server.signed(0);
    let three = || items_of(r#"[{"_id":"a"},{"_id":"a"},{"_id":"b"}]"#);
    let report = mongo.run_with(INSERT, three(), OnError::ErrorOutput).await;
    let (made, failed) = (json_of(&report, 0), json_of(&report, 1));
    assert_eq!(made, r#"[{"_id":"a","id":"a"},{"_id":"b","id":"b"}]"#);
    assert!(failed.contains("E11000") && items(&report, 1).len() == 1, "{failed}");
    let paired: Vec<_> = items(&report, 0).into_iter().map(|item| item.pairing).collect();
    assert_eq!(paired, [0, 2].map(|item| Pairing::One(ItemRef { item, input: 0 })));
    // Where the step stops, what stands behind is not inserted.
    let other = r#"{"operation":"insert","collection":"other"}"#;
    let error = mongo.run(other, three()).await.error.unwrap();
    assert_eq!((error.code.as_str(), error.item), ("server_refused", Some(1)), "{error:?}");
    let count = r#"{"operation":"aggregate","collection":"other","query":"[{\"$count\":\"n\"}]"}"#;
    assert_eq!(mongo.gives(count, "[{}]").await, r#"[{"n":1}]"#);
    let (code, message) = mongo.fails(r#"{"collection":"c","query":"{\"$odd\":1}"}"#).await;
    assert!(code == "server_refused" && message.contains("$odd"), "{code}: {message}");
    let (code, message) = mongo.fails(r#"{"collection":"forbidden"}"#).await;
    assert!(code == "server_refused" && message.contains("not authorized"), "{code}: {message}");
    let (code, message) = mongo.fails(r#"{"collection":"endless"}"#).await;
    assert!(code == "server_answer" && message.contains("not understood"), "{code}: {message}");
    assert_eq!(mongo.fails(r#"{"collection":"slow","options":{"queryTimeout":1}}"#).await.0, "server_timeout");
    // It may have been inserted, so that it is not repeated.
    let hung_up = r#"{"operation":"insert","collection":"hangup"}"#;
    let error = mongo.run(hung_up, items_of("[{}]")).await.error.unwrap();
    assert!(error.code == "connection" && error.description.unwrap().contains("not repeated"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_is_let_in_and_nobody_else() {
    for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-1"] {
        let Some(server) = Server::start(mechanism) else { return };
        let mongo = server.signed(0);
        assert_eq!(mongo.gives(r#"{"collection":"none"}"#, "[{}]").await, "[]", "{mechanism}");
        mongo.is_tried(&[mongo.with("password", "hunter3"), mongo.with("user", "eve"), mongo.with("user", "")]).await;
        let (code, message) = mongo.with("password", "hunter3").fails(r#"{"collection":"c"}"#).await;
        assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
        assert_eq!(mongo.with("host", "").tried().await.0, TestOutcome::Refused);
        // Another server of the replica set says where the one is that takes writes.
        assert_eq!(server.signed(1).gives(INSERT, r#"[{"_id":1}]"#).await, r#"[{"_id":1,"id":1}]"#);
        let unverified = server.signed(2).with("encryption", "unverified");
        assert_eq!(unverified.gives(r#"{"collection":"orders"}"#, "[{}]").await, r#"[{"_id":1}]"#);
        assert_eq!(
            server.signed(2).with("encryption", "verified").fails(r#"{"collection":"c"}"#).await.0,
            "connection"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_string_says_which_servers() {
    let Some(server) = Server::start("SCRAM-SHA-256") else { return };
    let [writes, reads, _] = server.ports;
    let read = r#"{"collection":"none"}"#;
    let by = |string: String| server.signed(0).with("connectionString", &string).with("database", "");
    let who = "ada:hunter2%20%E2%85%A8";
    let closed = "127.0.0.1:1";
    for string in [
        format!("mongodb://{who}@localhost:{writes}/shop?authSource=admin"),
        format!("mongodb://{who}@{closed},localhost:{reads}/shop?authSource=admin&replicaSet=rs&w=majority"),
        format!("mongodb://{who}@localhost:{reads}/shop?authSource=admin&directConnection=true"),
    ] {
        assert_eq!(by(string.clone()).gives(read, "[{}]").await, "[]", "{string}");
    }
    for (string, code) in [
        (format!("mongodb://{who}@localhost:{writes}/shop?authSource=admin&replicaSet=other"), "server_refused"),
        (format!("mongodb://{who}@localhost:{writes}/shop"), "sign_in"),
        (format!("mongodb://{who}@localhost:{writes}/shop?authMechanism=MONGODB-OIDC"), "credential"),
        (format!("mongodb://{who}@{closed}/shop"), "connection"),
        (format!("mongodb://{who}@localhost:{writes}"), "credential"),
    ] {
        let (found, message) = by(string.clone()).fails(read).await;
        assert!(found == code && !message.contains("hunter2"), "{string}: {found}: {message}");
    }
}

/// What answers instead of MongoDB.
struct Other(u16, JoinHandle<()>);

impl Drop for Other {
    fn drop(&mut self) {
        self.1.abort();
    }
}

impl Other {
    /// Answers whatever it is asked with this, in the answer's frame; without it, with nothing.
    async fn start(document: Option<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = spawn(async move {
            let mut kept = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 16];
                if stream.read_exact(&mut head).await.is_ok()
                    && let Some(document) = &document
                {
                    let length = i32::try_from(document.len() + 21).unwrap().to_le_bytes();
                    let words = [[0; 4], head[4..8].try_into().unwrap(), 2013_i32.to_le_bytes(), [0; 4]].concat();
                    let _ = stream.write_all(&[&length[..], &words, &[0], document].concat()).await;
                }
                kept.push(stream);
            }
        });
        Self(port, serving)
    }
}

/// That it takes no writes, and that 10.9.8.7 does.
fn astray() -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(b"\x01ok\0");
    body.extend(1.0_f64.to_le_bytes());
    body.extend(b"\x02primary\0\x0f\0\0\0");
    body.extend(b"10.9.8.7:27017\0");
    body.push(0);
    [&i32::try_from(body.len() + 4).unwrap().to_le_bytes()[..], &body].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_mongodb_or_leads_astray_is_told() {
    let fields = [("user", "ada"), ("password", "hunter2"), ("database", "shop"), ("encryption", "off")];
    let signed = |port: u16| Signed::new("mongodb", "mongodb", port, &fields);
    let ask = r#"{"collection":"c","options":{"connectionTimeout":1}}"#;
    for (answer, code, part) in [
        (None, "server_timeout", "within 1 s"),
        (Some(b"\x05\0\0\0\0".to_vec()), "server_refused", "error 0"),
        (Some(b"HTTP/1.1".to_vec()), "server_answer", "no document"),
        (Some(astray()), "egress_refused", "10.9.8.7"),
    ] {
        let other = Other::start(answer).await;
        let (found, message) = signed(other.0).fails(ask).await;
        assert!(found == code && message.contains(part) && !message.contains("hunter2"), "{found}: {message}");
    }
    assert_eq!(signed(1).fails(ask).await.0, "connection");
    assert_eq!(signed(1).with("port", "x").fails(ask).await.0, "credential");
    let closed = Signed { allow: String::new(), ..signed(1) };
    assert_eq!(closed.fails(ask).await.0, "egress_refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_does_what_it_is_asked() {
    let Some(named) = std::env::var_os("WEFT_TEST_MONGODB") else {
        println!("skipped: WEFT_TEST_MONGODB names no MongoDB (user:password@host:port)");
        return;
    };
    let named = named.into_string().unwrap();
    let (who, place) = named.rsplit_once('@').expect("user:password@host:port");
    let ((user, password), (host, port)) = (who.split_once(':').unwrap(), place.rsplit_once(':').unwrap());
    let fields =
        [("host", host), ("user", user), ("password", password), ("database", "weft_test"), ("encryption", "off")];
    let mongo = Signed::new("mongodb", "mongodb", port.parse().unwrap(), &fields);
    let mongo = Signed { allow: format!("{host}, 127.0.0.0/8"), ..mongo };
    for collection in ["orders", "kinds", "many"] {
        mongo.gives(&format!(r#"{{"operation":"delete","collection":"{collection}"}}"#), "[{}]").await;
    }
    documents(&mongo).await;
    kinds_of_values(&mongo).await;
    pipelines(&mongo).await;
    mongo.is_tried(&[mongo.with("password", "wrong"), mongo.with("user", "")]).await;
    let refused = mongo.fails(r#"{"collection":"c","query":"{\"$odd\":1}"}"#).await;
    assert_eq!(refused.0, "server_refused", "{}", Value::from(refused.1.as_str()).to_json());
}
