//! MQTT, against Mosquitto where it is installed.

use std::fs;
use std::process::Command;
use std::time::Duration;

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, Publish, QoS};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_value::{Item, ItemRef, Object, Pairing};

use super::process::{Process, free_ports};
use super::{Signed, items, items_of, json_of, tls_folder};

/// A broker of its own, in clear and encrypted. It takes the user `ada` with the password `hunter2`.
struct Server {
    _process: Process,
    port: u16,
    encrypted: u16,
    _folder: TempDir,
}

impl Server {
    /// Nothing where the program is not installed.
    async fn start() -> Option<Self> {
        Self::start_for("allow_anonymous false").await
    }

    async fn start_for(whom: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let [port, encrypted] = free_ports().await;
        let (passwords, settings, tls) =
            (folder.path().join("passwords"), folder.path().join("settings"), tls_folder().display().to_string());
        let text = format!(
            "user root\npersistence false\n{whom}\npassword_file {}\nmax_queued_messages 0\n\
             listener {port} 127.0.0.1\nlistener {encrypted} 127.0.0.1\ncertfile {tls}/server.pem\nkeyfile {tls}/server.key\n",
            passwords.display()
        );
        fs::write(&settings, text).unwrap();
        let made =
            Command::new("mosquitto_passwd").arg("-b").arg("-c").arg(&passwords).args(["ada", "hunter2"]).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: mosquitto is not installed");
            return None;
        }
        let mut process = Process::start("mosquitto", |command| {
            command.arg("-c").arg(&settings);
        })?;
        process.listens(encrypted).await;
        Some(Self { _process: process, port, encrypted, _folder: folder })
    }

    fn signed(&self) -> Signed {
        Signed::new("mqtt", "mqtt", self.port, &[("user", "ada"), ("password", "hunter2"), ("encryption", "off")])
    }

    /// What arrives at whoever subscribes to `topics` now.
    async fn listen(&self, topics: &str) -> UnboundedReceiver<Publish> {
        let mut options = MqttOptions::new(format!("listener {topics}"), "127.0.0.1", self.port);
        options.set_credentials("ada", "hunter2").set_max_packet_size(1 << 20, 1 << 20);
        let (client, mut events) = AsyncClient::new(options, 10);
        client.subscribe(topics, QoS::ExactlyOnce).await.unwrap();
        while !matches!(events.poll().await.unwrap(), Event::Incoming(Packet::SubAck(_))) {}
        let (arrived, hears) = unbounded_channel();
        tokio::spawn(async move {
            let _kept = client;
            while let Ok(event) = events.poll().await {
                if let Event::Incoming(Packet::Publish(message)) = event
                    && arrived.send(message).is_err()
                {
                    return;
                }
            }
        });
        hears
    }
}

async fn next(hears: &mut UnboundedReceiver<Publish>) -> (String, String, QoS, bool) {
    let message = timeout(Duration::from_mins(1), hears.recv()).await.unwrap().unwrap();
    let payload = String::from_utf8(message.payload.to_vec()).unwrap();
    (message.topic, payload, message.qos, message.retain)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_arrives_once_in_its_order_and_quality() {
    let Some(server) = Server::start().await else { return };
    let mqtt = server.signed();
    let mut hears = server.listen("maison/#").await;
    for (qos, quality) in [("0", QoS::AtMostOnce), ("1", QoS::AtLeastOnce), ("2", QoS::ExactlyOnce)] {
        let parameters = format!(
            r#"{{"topic":"=maison/{{{{ $json.n % 3 }}}}/é","sendInputData":false,"message":"=n° {{{{ $json.n }}}}",
                "options":{{"qos":"{qos}"}}}}"#
        );
        let many = (0..2000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
        let report = mqtt.run(&parameters, many).await;
        assert!(report.error.is_none(), "{:?}", report.error);
        let sent = items(&report, 0);
        assert_eq!((sent.len(), &sent[1999].pairing), (2000, &Pairing::One(ItemRef { item: 1999, input: 0 })));
        for n in 0..2000 {
            let expected = (format!("maison/{}/é", n % 3), format!("n° {n}"), quality, false);
            assert_eq!(next(&mut hears).await, expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_item_itself_is_sent_and_kept_for_those_who_come_later() {
    let Some(server) = Server::start().await else { return };
    let parameters = r#"{"topic":"kept","options":{"qos":"1","retain":"={{ $json.kept }}"}}"#;
    let given = r#"[{"ä":[1,null],"kept":true},{"kept":false}]"#;
    assert_eq!(server.signed().gives(parameters, given).await, given);
    let mut hears = server.listen("kept").await;
    let expected = ("kept".to_owned(), r#"{"ä":[1,null],"kept":true}"#.to_owned(), QoS::AtLeastOnce, true);
    assert_eq!(next(&mut hears).await, expected);
    // A large message goes through in one piece.
    let large =
        r#"{"topic":"large","sendInputData":false,"message":"={{ 'x'.repeat(300000) }}","options":{"retain":true}}"#;
    server.signed().gives(large, "[{}]").await;
    assert_eq!(next(&mut server.listen("large").await).await.1.len(), 300_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_sent_is_told_for_its_item() {
    let Some(server) = Server::start().await else { return };
    let mqtt = server.signed();
    let mut hears = server.listen("ok/#").await;
    let parameters = r#"{"topic":"={{ $json.t }}"}"#;
    let given = || items_of(r#"[{"t":"ok/1"},{"t":"a/#"},{"t":"ok/2"}]"#);
    let report = mqtt.run_with(parameters, given(), OnError::ErrorOutput).await;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (r#"[{"t":"ok/1"},{"t":"ok/2"}]"#, 1));
    for topic in ["ok/1", "ok/2"] {
        assert_eq!(next(&mut hears).await.0, topic);
    }
    let error = mqtt.run(parameters, given()).await.error.unwrap();
    assert_eq!((error.code.as_str(), error.item), ("parameter", Some(1)));
    // What came before it was sent, what came behind it was not.
    assert_eq!(next(&mut hears).await.0, "ok/1");
    mqtt.gives(r#"{"topic":"ok/last"}"#, "[{}]").await;
    assert_eq!(next(&mut hears).await.0, "ok/last");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_sign_in_or_connect_is_told_why() {
    let Some(server) = Server::start().await else { return };
    let (mqtt, publish) = (server.signed(), r#"{"topic":"t"}"#);
    for wrong in
        [mqtt.with("password", "hunter3"), mqtt.with("user", "eve"), mqtt.with("user", "").with("password", "")]
    {
        let (code, message) = wrong.fails(publish).await;
        assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    }
    let closed = Signed { allow: String::new(), ..mqtt.clone() };
    assert_eq!(closed.fails(publish).await.0, "egress_refused");
    assert_eq!(mqtt.with("port", "none").fails(publish).await.0, "credential");
    assert_eq!(mqtt.with("clientId", "one of mine").gives(publish, "[{}]").await, "[{}]");

    let nobody = mqtt.with("user", "").with("password", "");
    mqtt.is_tried(&[mqtt.with("password", "hunter3"), mqtt.with("user", "eve"), nobody]).await;

    let encrypted = mqtt.with("port", &server.encrypted.to_string());
    assert_eq!(encrypted.with("encryption", "unverified").gives(publish, "[{}]").await, "[{}]");
    assert_eq!(encrypted.with("encryption", "verified").fails(publish).await.0, "connection");
    assert_eq!(encrypted.fails(publish).await.0, "connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_lets_anybody_in_says_nothing_about_a_credential() {
    let Some(server) = Server::start_for("allow_anonymous true").await else { return };
    let tried = server.signed().tried().await;
    assert_eq!(tried, (TestOutcome::Unreachable, "trial_lets_anybody_in".to_owned()));
    let nobody = server.signed().with("user", "").with("password", "");
    assert_eq!(nobody.tried().await.0, TestOutcome::Accepted, "it proves nothing and need not");
}
