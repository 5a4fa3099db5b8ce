//! RabbitMQ, against rabbitmq-server where it is installed.

use std::fs;
use std::path::Path;

use lapin::options::{BasicGetOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{Channel, Connection, ConnectionProperties};
use tempfile::TempDir;
use weft_model::OnError;
use weft_value::{Item, ItemRef, Object, Pairing};

use super::process::{Process, free_ports};
use super::{Signed, items, items_of, json_of, tls_folder};

/// A server of its own, in clear and encrypted. It takes the user `ada` with the password `hunter2`.
struct Server {
    _broker: Process,
    /// Where its parts find each other; without one of ours it would start one that stays.
    _names: Process,
    port: u16,
    encrypted: u16,
    _folder: TempDir,
}

impl Server {
    /// Nothing where the program is not installed.
    async fn start() -> Option<Self> {
        // The program of that name changes the user that it runs as; what it calls does not.
        let program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        if !Path::new(program).exists() {
            println!("skipped: rabbitmq-server is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let [port, encrypted, distribution, names_port] = free_ports().await;
        let (place, tls) = (|name: &str| folder.path().join(name), tls_folder().display().to_string());
        let settings = format!(
            "listeners.tcp.1 = 127.0.0.1:{port}\nlisteners.ssl.1 = 127.0.0.1:{encrypted}\n\
             ssl_options.certfile = {tls}/server.pem\nssl_options.keyfile = {tls}/server.key\n\
             default_user = ada\ndefault_pass = hunter2\nloopback_users = none\n"
        );
        for (name, text) in [("rabbitmq.conf", settings.as_str()), ("env.conf", ""), ("plugins", "[].")] {
            fs::write(place(name), text).unwrap();
        }
        let names = Process::start("epmd", |command| {
            command.args(["-port", &names_port.to_string()]).env("ERL_EPMD_ADDRESS", "127.0.0.1");
        })?;
        let mut broker = Process::start(program, |command| {
            command
                .env("HOME", folder.path())
                .env("ERL_EPMD_PORT", names_port.to_string())
                .env("ERL_EPMD_ADDRESS", "127.0.0.1")
                .env("RABBITMQ_NODENAME", format!("weft{port}@localhost"))
                .env("RABBITMQ_DIST_PORT", distribution.to_string())
                .env("RABBITMQ_MNESIA_BASE", place("data"))
                .env("RABBITMQ_LOG_BASE", place("log"))
                .env("RABBITMQ_CONFIG_FILE", place("rabbitmq.conf"))
                .env("RABBITMQ_CONF_ENV_FILE", place("env.conf"))
                .env("RABBITMQ_ENABLED_PLUGINS_FILE", place("plugins"))
                .env("RABBITMQ_PID_FILE", place("pid"))
                // It becomes the server itself, which ends when it is told to.
                .env("RABBITMQ_ALLOW_INPUT", "1")
                .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-noinput");
        })?;
        broker.listens(encrypted).await;
        Some(Self { _broker: broker, _names: names, port, encrypted, _folder: folder })
    }

    fn signed(&self) -> Signed {
        let fields = [("user", "ada"), ("password", "hunter2"), ("virtualHost", "/"), ("encryption", "off")];
        Signed::new("rabbitmq", "rabbitmq", self.port, &fields)
    }

    async fn channel(&self) -> (Connection, Channel) {
        let uri = format!("amqp://ada:hunter2@127.0.0.1:{}/%2f", self.port);
        let connection = Connection::connect(&uri, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        (connection, channel)
    }
}

/// The next message of a queue: what it says, its headers, whether it is kept on disk.
async fn next(channel: &Channel, queue: &str) -> Option<(String, FieldTable, bool)> {
    let options = BasicGetOptions { no_ack: true };
    let message = channel.basic_get(queue.into(), options).await.unwrap()?;
    let properties = &message.delivery.properties;
    let headers = properties.headers().clone().unwrap_or_default();
    let payload = String::from_utf8(message.delivery.data.clone()).unwrap();
    Some((payload, headers, *properties.delivery_mode() == Some(2)))
}

async fn texts(channel: &Channel, queue: &str) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some((text, ..)) = next(channel, queue).await {
        texts.push(text);
    }
    texts
}

/// One server for all, since it takes seconds to start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_sent_confirmed_and_refused() {
    let Some(server) = Server::start().await else { return };
    let (_connection, channel) = server.channel().await;
    queues_get_every_message_once_and_in_order(&server, &channel).await;
    exchanges_give_messages_to_the_queues_that_they_choose(&server, &channel).await;
    what_is_refused_is_told_for_its_item(&server, &channel).await;
    who_may_not_sign_in_or_connect_is_told_why(&server).await;
}

async fn queues_get_every_message_once_and_in_order(server: &Server, channel: &Channel) {
    let rabbit = server.signed();
    let parameters = r#"{"queue":"=bestellung.{{ $json.n % 2 }}.é","options":{"headers":{"header":[
        {"key":"n","value":"={{ $json.n }}"},{"key":"wer","value":"Zoë"}]}}}"#;
    let many = (0..2000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = rabbit.run(parameters, many).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let sent = items(&report, 0);
    assert_eq!((sent.len(), &sent[1999].pairing), (2000, &Pairing::One(ItemRef { item: 1999, input: 0 })));
    for queue in 0..2_i64 {
        let name = format!("bestellung.{queue}.é");
        for n in (queue..2000).step_by(2) {
            let (text, headers, is_kept) = next(channel, &name).await.unwrap();
            let mut expected = FieldTable::default();
            expected.insert("n".into(), AMQPValue::LongLongInt(n));
            expected.insert("wer".into(), AMQPValue::LongString(LongString::from("Zoë")));
            assert_eq!((text, headers, is_kept), (format!(r#"{{"n":{n}}}"#), expected, true));
        }
        assert_eq!(next(channel, &name).await, None);
    }
    // What is larger than a frame goes through in one piece.
    let large =
        r#"{"queue":"large","sendInputData":false,"message":"={{ 'x'.repeat(300000) }}","options":{"durable":false}}"#;
    assert_eq!(rabbit.gives(large, "[{}]").await, r#"[{"success":true}]"#);
    let (text, _, is_kept) = next(channel, "large").await.unwrap();
    assert_eq!((text.len(), is_kept), (300_000, false));
}

async fn exchanges_give_messages_to_the_queues_that_they_choose(server: &Server, channel: &Channel) {
    let rabbit = server.signed();
    let send = |kind: &str, key: &str| {
        format!(
            r#"{{"mode":"exchange","exchange":"e.{kind}","exchangeType":"{kind}","routingKey":"{key}","sendInputData":false,
                "message":"={{{{ $json.t }}}}","options":{{"autoDelete":false,"headers":{{"header":[{{"key":"h","value":"1"}}]}}}}}}"#
        )
    };
    for (kind, binding, hit, missed) in [
        ("fanout", "", "x", None),
        ("direct", "a", "a", Some("b")),
        ("topic", "a.*", "a.b", Some("a")),
        ("headers", "", "x", None),
    ] {
        // There is no queue yet: the exchange loses the message, as it shall, and is there from now on.
        assert_eq!(rabbit.gives(&send(kind, hit), r#"[{"t":"lost"}]"#).await, r#"[{"success":true}]"#);
        let queue = format!("q.{kind}");
        channel
            .queue_declare(queue.as_str().into(), QueueDeclareOptions::default(), FieldTable::default())
            .await
            .unwrap();
        let mut arguments = FieldTable::default();
        if kind == "headers" {
            arguments.insert("h".into(), AMQPValue::LongString(LongString::from("1")));
        }
        let exchange = format!("e.{kind}");
        let bound = channel.queue_bind(
            queue.as_str().into(),
            exchange.as_str().into(),
            binding.into(),
            QueueBindOptions::default(),
            arguments,
        );
        bound.await.unwrap();
        rabbit.gives(&send(kind, hit), r#"[{"t":"hit"}]"#).await;
        if let Some(missed) = missed {
            rabbit.gives(&send(kind, missed), r#"[{"t":"missed"}]"#).await;
        }
        assert_eq!(texts(channel, &queue).await, ["hit"], "{kind}");
    }
    let with_other = r#"{"mode":"exchange","exchange":"main","exchangeType":"direct","routingKey":"nobody",
        "options":{"alternateExchange":"e.fanout"}}"#;
    rabbit.gives(with_other, r#"[{"t":1}]"#).await;
    assert_eq!(texts(channel, "q.fanout").await, [r#"{"t":1}"#]);
}

async fn what_is_refused_is_told_for_its_item(server: &Server, channel: &Channel) {
    let rabbit = server.signed();
    // A queue with room for one message refuses the next one.
    let full = r#"{"queue":"full","options":{"arguments":{"argument":[{"key":"x-max-length","value":"1"},
        {"key":"x-overflow","value":"reject-publish"}]}}}"#;
    assert_eq!(rabbit.gives(full, r#"[{"a":1}]"#).await, r#"[{"success":true}]"#);
    let (code, message) = rabbit.fails(full).await;
    assert!(code == "server_refused" && message.contains("did not take"), "{code}: {message}");
    // What it is like cannot be changed; the others go on, on another channel.
    let report = rabbit
        .run_with(
            r#"{"queue":"={{ $json.q }}"}"#,
            items_of(r#"[{"q":"ok"},{"q":"full"},{"q":""},{"q":"ok"},{"q":"full"}]"#),
            OnError::ErrorOutput,
        )
        .await;
    let expected = r#"[{"success":true},{"success":true}]"#;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (expected, 3));
    let paired: Vec<_> = items(&report, 0).into_iter().map(|item| item.pairing).collect();
    assert_eq!(paired, [0, 3].map(|item| Pairing::One(ItemRef { item, input: 0 })));
    assert_eq!(texts(channel, "ok").await.len(), 2);
    // Without going on, what came before was sent and what came behind was not.
    let error =
        rabbit.run(r#"{"queue":"={{ $json.q }}"}"#, items_of(r#"[{"q":"ok"},{"q":"full"},{"q":"ok"}]"#)).await.error;
    let error = error.unwrap();
    assert!(error.item == Some(1) && error.message.contains("PRECONDITION_FAILED"), "{error:?}");
    assert_eq!(texts(channel, "ok").await.len(), 1);
    channel.queue_delete("full".into(), QueueDeleteOptions::default()).await.unwrap();
}

async fn who_may_not_sign_in_or_connect_is_told_why(server: &Server) {
    let (rabbit, send) = (server.signed(), r#"{"queue":"door"}"#);
    for wrong in [rabbit.with("password", "hunter3"), rabbit.with("user", "eve"), rabbit.with("virtualHost", "none")] {
        let (code, message) = wrong.fails(send).await;
        assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    }
    let closed = Signed { allow: String::new(), ..rabbit.clone() };
    assert_eq!(closed.fails(send).await.0, "egress_refused");
    rabbit.is_tried(&[rabbit.with("password", "hunter3"), rabbit.with("virtualHost", "none")]).await;
    let encrypted = rabbit.with("port", &server.encrypted.to_string());
    let gives = encrypted.with("encryption", "unverified").gives(send, "[{}]").await;
    assert_eq!(gives, r#"[{"success":true}]"#);
    assert_eq!(encrypted.with("encryption", "verified").fails(send).await.0, "connection");
    // What it says to who begins in clear is TLS.
    assert_eq!(encrypted.fails(send).await.0, "server_answer");
}
