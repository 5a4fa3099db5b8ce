//! Kafka, against the cluster that is inside of librdkafka, Kafka's client for C
//! (<https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h>), where the Python package confluent-kafka is
//! installed. What was sent is read by that client, too. What that cluster does not do, a server of our own does.

mod broker;

use std::io::{BufRead, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use weft_model::credential::TestOutcome;
use weft_model::{OnError, Retry};
use weft_value::{Item, ItemRef, Object, Pairing, Value, from_json};

use self::broker::{Broker, Like};
use super::process::first_line;
use super::s3::python_program;
use super::{Signed, items, items_of, json_of};

/// Starts a cluster of three servers and tells where they are; then reads, of each topic that it is told, as many messages as it is
/// told.
const PROGRAM: &str = r#"
import json, sys
try:
    from confluent_kafka import Consumer, Producer, TopicPartition
except ImportError:
    sys.exit(77)
cluster = Producer({"test.mock.num.brokers": 3, "log_level": 0})
places = ",".join(f"{one.host}:{one.port}" for one in cluster.list_topics(timeout=60).brokers.values())
print(places, flush=True)
def text(some):
    return None if some is None else some.decode()
for line in sys.stdin:
    topic, count = line.split()
    consumer = Consumer({"bootstrap.servers": places, "group.id": "test", "check.crcs": True, "log_level": 0})
    known = consumer.list_topics(topic, timeout=60).topics[topic].partitions
    consumer.assign([TopicPartition(topic, index, 0) for index in known])
    came = []
    while len(came) < int(count):
        one = consumer.poll(60)
        if one is None:
            break
        headers = [[name, text(value)] for name, value in one.headers() or []]
        came.append([one.partition(), one.offset(), text(one.key()), text(one.value()), headers, one.timestamp()[1]])
    ends = sum(consumer.get_watermark_offsets(TopicPartition(topic, index), timeout=60)[1] for index in known)
    consumer.close()
    print(json.dumps({"came": sorted(came, key=lambda one: one[:2]), "ends": ends}), flush=True)
"#;

/// A cluster of its own.
struct Cluster {
    process: Child,
    asks: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
    places: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A message that came: its part, its place there, its key, what it says and its headers as JSON.
struct Came {
    partition: usize,
    offset: f64,
    key: Option<String>,
    text: String,
    headers: String,
}

impl Cluster {
    /// Nothing where the package is not installed.
    fn start() -> Option<Self> {
        let mut command = Command::new(python_program("python3"));
        command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut process) = command.spawn() else {
            println!("skipped: python3 is not installed");
            return None;
        };
        let asks = process.stdin.take().unwrap();
        let mut says = BufReader::new(process.stdout.take().unwrap());
        let places = first_line(&mut process, &mut says, "confluent-kafka is")?;
        Some(Self { process, asks, says: says.lines(), places })
    }

    fn signed(&self) -> Signed {
        Signed::new("kafka", "kafka", 0, &[("brokers", &self.places), ("encryption", "off")])
    }

    /// The messages of a topic, in their order, of which there must be so many.
    fn messages(&mut self, topic: &str, count: usize) -> Vec<Came> {
        writeln!(self.asks, "{topic} {count}").unwrap();
        let said = from_json(&self.says.next().unwrap().unwrap()).unwrap();
        assert_eq!(said.get("ends").as_f64(), Some(count as f64), "{topic} has as many messages as were sent");
        let read = |one: &Value| {
            let [partition, offset, key, text, headers, _moment] = one.as_array().unwrap() else { panic!("{one:?}") };
            Came {
                partition: partition.as_f64().unwrap() as usize,
                offset: offset.as_f64().unwrap(),
                key: key.as_str().map(str::to_owned),
                text: text.as_str().unwrap().to_owned(),
                headers: headers.to_json(),
            }
        };
        said.get("came").as_array().unwrap().iter().map(read).collect()
    }
}

/// One cluster for all, since it takes a while to start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_arrive_where_they_shall() {
    let Some(mut cluster) = Cluster::start() else { return };
    every_message_arrives_once_with_all_that_belongs_to_it(&mut cluster).await;
    every_compression_is_read_again(&mut cluster).await;
    messages_without_a_key_go_round(&mut cluster).await;
    what_nobody_confirms_arrives_too(&mut cluster).await;
    let closed = Signed { allow: String::new(), ..cluster.signed() };
    assert_eq!(closed.fails(r#"{"topic":"t"}"#).await.0, "egress_refused");
}

async fn every_message_arrives_once_with_all_that_belongs_to_it(cluster: &mut Cluster) {
    let parameters = r#"{"topic":"bestellungen","key":"=k{{ $json.n % 7 }}","options":{"headers":{"header":[
        {"key":"wer","value":"Zoë"},{"key":"n","value":"={{ $json.n }}"}]}}}"#;
    let many = (0..5000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = cluster.signed().run(parameters, many).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let sent = items(&report, 0);
    assert_eq!((sent.len(), &sent[4999].pairing), (5000, &Pairing::One(ItemRef { item: 4999, input: 0 })));
    let came = cluster.messages("bestellungen", 5000);
    for one in &came {
        let n = from_json(&one.text).unwrap().get("n").as_f64().unwrap();
        assert_eq!(one.headers, format!(r#"[["wer","Zoë"],["n","{n}"]]"#));
        assert_eq!(one.key, Some(format!("k{}", n % 7.0)));
        // Where the item says that it is, there it is.
        let told = format!(
            r#"{{"success":true,"topic":"bestellungen","partition":{},"offset":{}}}"#,
            one.partition, one.offset
        );
        assert_eq!(sent[n as usize].json.to_json(), told);
    }
    for key in 0..7 {
        let key = Some(format!("k{key}"));
        let of_key: Vec<&Came> = came.iter().filter(|one| one.key == key).collect();
        assert!(of_key.iter().all(|one| one.partition == of_key[0].partition), "one key is in one part");
        let numbers: Vec<f64> =
            of_key.iter().map(|one| from_json(&one.text).unwrap().get("n").as_f64().unwrap()).collect();
        assert!(numbers.is_sorted(), "messages with the same key keep their order");
    }
}

async fn every_compression_is_read_again(cluster: &mut Cluster) {
    for compression in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let parameters = format!(
            r#"{{"topic":"small.{compression}","sendInputData":false,"message":"={{{{ 'é'.repeat($json.n) }}}}","key":"k",
                "options":{{"compression":"{compression}","acks":"leader"}}}}"#
        );
        let report = cluster.signed().run(&parameters, items_of(r#"[{"n":1},{"n":150000},{"n":0}]"#)).await;
        assert!(report.error.is_none(), "{compression}: {:?}", report.error);
        let came = cluster.messages(&format!("small.{compression}"), 3);
        let lengths: Vec<usize> = came.iter().map(|one| one.text.chars().count()).collect();
        assert_eq!(lengths, [1, 150_000, 0], "{compression}");
    }
}

async fn messages_without_a_key_go_round(cluster: &mut Cluster) {
    let many = (0..100_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = cluster.signed().run(r#"{"topic":"round"}"#, many).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let came = cluster.messages("round", 100);
    for partition in 0..4 {
        assert_eq!(came.iter().filter(|one| one.partition == partition).count(), 25);
    }
    assert!(came.iter().all(|one| one.key.is_none()));
}

async fn what_nobody_confirms_arrives_too(cluster: &mut Cluster) {
    let parameters = r#"{"topic":"quick","key":"k","options":{"acks":"none"}}"#;
    let told = cluster.signed().gives(parameters, r#"[{"n":1},{"n":2}]"#).await;
    assert!(told.starts_with(r#"[{"success":true,"topic":"quick","partition":"#) && !told.contains("offset"), "{told}");
    let texts: Vec<String> = cluster.messages("quick", 2).into_iter().map(|one| one.text).collect();
    assert_eq!(texts, [r#"{"n":1}"#, r#"{"n":2}"#]);
}

fn signed(broker: &Broker, encryption: &str) -> Signed {
    let places = format!("127.0.0.1:{}", broker.port);
    Signed::new("kafka", "kafka", 0, &[("brokers", &places), ("encryption", encryption)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_is_let_in_and_nobody_else() {
    for encrypts in [false, true] {
        let broker = Broker::start(Like { encrypts, ..Like::default() }).await;
        let kafka = signed(&broker, if encrypts { "unverified" } else { "off" });
        let ada = kafka.with("user", "ada").with("password", "hunter2 é");
        for mechanism in ["plain", "scramSha256"] {
            let kafka = ada.with("mechanism", mechanism);
            let expected = r#"[{"success":true,"topic":"t","partition":0,"offset":100}]"#;
            assert_eq!(kafka.gives(r#"{"topic":"t"}"#, "[{}]").await, expected, "{mechanism}");
            let (code, message) = kafka.with("password", "hunter3").fails(r#"{"topic":"t"}"#).await;
            assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
        }
        let (code, message) = ada.with("mechanism", "scramSha512").fails(r#"{"topic":"t"}"#).await;
        assert!(code == "sign_in" && message.contains("PLAIN, SCRAM-SHA-256"), "{code}: {message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_for_its_item() {
    let broker = Broker::start(Like::default()).await;
    let kafka = signed(&broker, "off");
    for (topic, code, part) in [
        ("forbidden", "server_refused", "may not write to the topic “forbidden”"),
        ("error.10", "server_refused", "as large as this one"),
        ("error.87", "server_refused", "the error 87"),
        ("error.7", "server_refused", "did not confirm"),
        ("öde", "parameter", "no name of a topic"),
    ] {
        let (found, message) = kafka.fails(&format!(r#"{{"topic":"{topic}"}}"#)).await;
        assert!(found == code && message.contains(part), "{found}: {message}");
    }
    let report = kafka
        .run_with(
            r#"{"topic":"={{ $json.t }}"}"#,
            items_of(r#"[{"t":"a"},{"t":"error.10"},{"t":"forbidden"},{"t":""},{"t":"a"},{"t":"b"}]"#),
            OnError::ErrorOutput,
        )
        .await;
    let expected = r#"[{"success":true,"topic":"a","partition":0,"offset":100},{"success":true,"topic":"a","partition":0,"offset":101},{"success":true,"topic":"b","partition":0,"offset":100}]"#;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (expected, 3), "{:?}", report.error);
    let paired: Vec<_> = items(&report, 0).into_iter().map(|item| item.pairing).collect();
    assert_eq!(paired, [0, 4, 5].map(|item| Pairing::One(ItemRef { item, input: 0 })));
    assert_eq!(broker.batches_of("error.7"), 1, "what may have been taken is not sent again");
    // A part that has another leader meanwhile was not written to.
    assert_eq!(items(&kafka.run(r#"{"topic":"moved"}"#, items_of("[{}]")).await, 0).len(), 1);
    assert_eq!(broker.batches_of("moved"), 2);
}

/// Three messages, each of which travels alone.
const LARGE: &str =
    r#"{"topic":"={{ $json.t }}","sendInputData":false,"message":"={{ $json.t + ' ' + 'x'.repeat(400000) }}"}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrived_or_may_have_is_not_sent_again() {
    let items_of_three = || items_of(r#"[{"t":"first"},{"t":"broken"},{"t":"last"}]"#);
    let batches = |broker: &Broker| ["first", "broken", "last"].map(|topic| broker.batches_of(topic));
    let retry = Some(Retry { max_attempts: 3, wait_ms: 1 });

    let broker = Broker::start(Like::default()).await;
    let kafka = Signed { retry, ..signed(&broker, "off") };
    let error = kafka.run(LARGE, items_of_three()).await.error.unwrap();
    let told = "Of 3 messages, 1 were sent before it, and 1 may have arrived. None of them is sent again.";
    assert_eq!((error.code.as_str(), error.description.as_deref()), ("connection", Some(told)), "{error:?}");
    assert_eq!(batches(&broker), [1, 1, 0]);

    let broker = Broker::start(Like::default()).await;
    let kafka = Signed { retry, ..signed(&broker, "off") };
    let report = kafka.run_with(LARGE, items_of_three(), OnError::ErrorOutput).await;
    let sent = r#"[{"success":true,"topic":"first","partition":0,"offset":100}]"#;
    let failed = r#"[{"t":"broken","error":"The message may have arrived, but was not confirmed: The connection to Kafka broke."},{"t":"last","error":"The message was not sent: The connection to Kafka broke."}]"#;
    assert_eq!((json_of(&report, 0).as_str(), json_of(&report, 1).as_str()), (sent, failed), "{:?}", report.error);
    let paired: Vec<_> = items(&report, 1).into_iter().map(|item| item.pairing).collect();
    assert_eq!(paired, [1, 2].map(|item| Pairing::One(ItemRef { item, input: 0 })));
    assert_eq!(batches(&broker), [1, 1, 0]);

    // One server does not confirm, and the next one cannot be reached: the first may have taken it.
    let kafka = Signed { retry, ..signed(&broker, "off") };
    let each = r#"{"topic":"={{ $json.t }}"}"#;
    let error = kafka.run(each, items_of(r#"[{"t":"error.7"},{"t":"elsewhere"}]"#)).await.error.unwrap();
    assert_eq!((error.code.as_str(), broker.batches_of("error.7")), ("connection", 1), "{error:?}");
    assert_eq!(broker.questions_about("elsewhere"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_arrived_it_is_tried_again() {
    let broker = Broker::start(Like::default()).await;
    let kafka = Signed { retry: Some(Retry { max_attempts: 3, wait_ms: 1 }), ..signed(&broker, "off") };
    assert_eq!(kafka.fails(r#"{"topic":"elsewhere"}"#).await.0, "connection");
    assert_eq!(broker.questions_about("elsewhere"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_tried_by_signing_in() {
    for encrypts in [false, true] {
        let broker = Broker::start(Like { encrypts, ..Like::default() }).await;
        let kafka = signed(&broker, if encrypts { "unverified" } else { "off" });
        let ada = kafka.with("user", "ada").with("password", "hunter2 é");
        let accepted = (TestOutcome::Accepted, "trial_signed_in".to_owned());
        let refused = (TestOutcome::Refused, "trial_refused".to_owned());
        for mechanism in ["plain", "scramSha256"] {
            let ada = ada.with("mechanism", mechanism);
            assert_eq!(ada.tried().await, accepted, "{mechanism}");
            assert_eq!(ada.with("password", "hunter3").tried().await, refused, "{mechanism}");
        }
        assert_eq!(kafka.tried().await, accepted, "a cluster that asks nobody");
        let closed = Signed { allow: String::new(), ..ada.clone() };
        assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
        assert_eq!(ada.with("brokers", "a:x").tried().await, (TestOutcome::Refused, "credential".to_owned()));
        assert_eq!(
            ada.with("brokers", "127.0.0.1:1").tried().await,
            (TestOutcome::Unreachable, "connection".to_owned())
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_led_astray() {
    let astray = Broker::start(Like { leads_astray: true, ..Like::default() }).await;
    assert_eq!(signed(&astray, "off").fails(r#"{"topic":"t"}"#).await.0, "egress_refused");
    let chatty = Broker::start(Like { says_too_much: true, ..Like::default() }).await;
    assert_eq!(signed(&chatty, "off").fails(r#"{"topic":"t"}"#).await.0, "server_answer");
    let encrypted = Broker::start(Like { encrypts: true, ..Like::default() }).await;
    assert_eq!(signed(&encrypted, "verified").fails(r#"{"topic":"t"}"#).await.0, "connection");
    // Where the first server is gone, the next one is asked.
    let good = Broker::start(Like::default()).await;
    let second = signed(&good, "off").with("brokers", &format!("127.0.0.1:1, 127.0.0.1:{}", good.port));
    assert_eq!(items(&second.run(r#"{"topic":"t"}"#, items_of("[{}]")).await, 0).len(), 1);
    assert_eq!(second.with("brokers", "127.0.0.1:1").fails(r#"{"topic":"t"}"#).await.0, "connection");
    assert_eq!(second.with("brokers", "nowhere.invalid").fails(r#"{"topic":"t"}"#).await.0, "connection");
    assert_eq!(second.with("brokers", "a:x").fails(r#"{"topic":"t"}"#).await.0, "credential");
}
