//! Redis, against redis-server where it is installed.

use std::io::ErrorKind;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use weft_model::OnError;
use weft_value::{Item, Object};

use super::{Signed, items, json_of};

/// A server of its own, which keeps nothing.
struct Server {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Server {
    /// Nothing where the program is not installed.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--requirepass", "hunter2"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn();
        let process = match process {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: redis-server is not installed");
                return None;
            }
            other => other.unwrap(),
        };
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
        Some(Self { process, port, _folder: folder })
    }

    fn signed(&self) -> Signed {
        Signed::new("redis", "redis", self.port, &[("password", "hunter2"), ("encryption", "off")])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_set_read_found_and_deleted() {
    let Some(server) = Server::start().await else { return };
    let redis = server.signed();
    for (value, read) in [
        (r#""wörld\r\n""#, r#""wörld\r\n""#),
        (r#""={{ [1,'b'] }}""#, r#"["1","b"]"#),
        (r#""={{ {a: 1} }}""#, r#"{"a":"1"}"#),
        (r#""""#, r#""""#),
    ] {
        let set = format!(r#"{{"operation":"set","key":"k:{{{{ 1 }}}}","value":{value},"expire":true,"ttl":100}}"#);
        assert_eq!(redis.gives(&set, r#"[{"same":1}]"#).await, r#"[{"same":1}]"#);
        let get = r#"{"key":"k:{{ 1 }}","propertyName":"a.b"}"#;
        assert_eq!(redis.gives(get, "[{}]").await, format!(r#"[{{"a":{{"b":{read}}}}}]"#));
    }
    let plain = r#"{"key":"none","propertyName":"a.b","options":{"dotNotation":false}}"#;
    assert_eq!(redis.gives(plain, "[{}]").await, r#"[{"a.b":null}]"#);
    let incr = r#"{"operation":"incr","key":"n","expire":true,"ttl":60}"#;
    assert_eq!(redis.gives(incr, "[{},{}]").await, r#"[{"n":1},{"n":2}]"#);
    assert_eq!(redis.gives(r#"{"operation":"keys","keyPattern":"n*"}"#, "[{}]").await, r#"[{"n":"2"}]"#);
    assert_eq!(
        redis.gives(r#"{"operation":"keys","keyPattern":"n","getValues":false}"#, "[{}]").await,
        r#"[{"keys":["n"]}]"#
    );
    redis.gives(r#"{"operation":"delete","key":"n"}"#, "[{}]").await;
    assert_eq!(redis.gives(r#"{"operation":"keys","keyPattern":"n"}"#, "[{}]").await, "[{}]");
    assert!(redis.gives(r#"{"operation":"info"}"#, "[{},{}]").await.starts_with(r#"[{"redis_version":""#));
    assert_eq!(redis.with("database", "3").gives(r#"{"operation":"keys","keyPattern":"*"}"#, "[{}]").await, "[{}]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_pushed_to_and_popped_from_and_channels_published_to() {
    let Some(server) = Server::start().await else { return };
    let redis = server.signed();
    let push = r#"{"operation":"push","list":"l","messageData":"={{ $json.n }}","tail":true}"#;
    let many: Vec<Item> = (0..2000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = redis.run(push, many).await;
    assert_eq!((report.error.is_none(), items(&report, 0).len()), (true, 2000));
    assert_eq!(redis.gives(r#"{"operation":"llen","list":"l"}"#, "[{}]").await, r#"[{"l":2000}]"#);
    assert_eq!(
        redis.gives(r#"{"operation":"pop","list":"l","propertyName":"got"}"#, "[{},{}]").await,
        r#"[{"got":0},{"got":1}]"#
    );
    assert_eq!(
        redis.gives(r#"{"operation":"pop","list":"l","tail":true,"propertyName":"got"}"#, "[{}]").await,
        r#"[{"got":1999}]"#
    );
    assert_eq!(
        redis.gives(r#"{"operation":"pop","list":"none","propertyName":"got"}"#, "[{}]").await,
        r#"[{"got":null}]"#
    );
    let publish = r#"{"operation":"publish","channel":"c","messageData":"x"}"#;
    assert_eq!(redis.gives(publish, r#"[{"a":1}]"#).await, r#"[{"a":1}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_for_its_item() {
    let Some(server) = Server::start().await else { return };
    let redis = server.signed();
    redis.gives(r#"{"operation":"set","key":"text","value":"x"}"#, "[{}]").await;
    let (code, message) = redis.fails(r#"{"operation":"incr","key":"text"}"#).await;
    assert!(code == "server_refused" && message.contains("not an integer"), "{code}: {message}");
    let report = redis
        .run_with(
            r#"{"operation":"incr","key":"={{ $json.k }}"}"#,
            super::items_of(r#"[{"k":"text"},{"k":"n"}]"#),
            OnError::ErrorOutput,
        )
        .await;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (r#"[{"n":1}]"#, 1));
    let get = r#"{"key":"text"}"#;
    let (code, message) = redis.with("password", "hunter3").fails(get).await;
    assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    assert_eq!(redis.with("database", "99").fails(get).await.0, "sign_in");
    assert_eq!(redis.with("database", "x").fails(get).await.0, "credential");
    let closed = Signed { allow: String::new(), ..redis.clone() };
    assert_eq!(closed.fails(get).await.0, "egress_refused");
    redis
        .is_tried(&[redis.with("password", "hunter3"), redis.with("password", ""), redis.with("database", "99")])
        .await;
}
