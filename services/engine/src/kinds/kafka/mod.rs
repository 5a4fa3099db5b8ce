//! **Kafka**: sends a message to a topic, once for each item.
//!
//! before: `[{"order":7}]` · after: `[{"success":true,"topic":"orders","partition":0,"offset":41}]`

mod form;
mod import;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::Failure;
use weft_clients::kafka::{Acks, Compression, Delivery, Mechanism, Message, Placed, Server, Session, SignIn, Topic};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::{Item, Object, Value, from_json};
use zeroize::Zeroizing;

use self::form::DESCRIPTOR;
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::derived_id;
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sending::{self, NotSent, Sending};

/// The kind.
pub struct Kafka;

/// Where Kafka mostly listens.
const PORT: u16 = 9092;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    topic: Field,
    send_input_data: bool,
    #[serde(default)]
    message: Field,
    #[serde(default)]
    key: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    headers: Headers,
    headers_json: Field,
    acks: Awaited,
    compression: Compressed,
    timeout: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Headers {
    header: Vec<Pair>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pair {
    key: Field,
    value: Field,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Awaited {
    #[default]
    All,
    Leader,
    None,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Compressed {
    #[default]
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl NodeKind for Kafka {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.kafka"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for Kafka {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Kafka does not know a message again.
    fn retried(&self) -> Retried {
        Retried::AtMostOnce
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["kafka"]).await?)?;
        let dialer = remote::dialer(services)?;
        let delivery = self.delivery(turn(&step));
        let session =
            Session::open(&dialer, server, delivery, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let limit = remote::ANSWER;
        let late = |_| remote::failed(&Failure::Timeout { server: "Kafka", limit }, Retried::AtMostOnce, step.room);
        timeout(limit, self.all(&step, session)).await.map_err(late)?
    }
}

impl Parameters {
    fn delivery(&self, turn: usize) -> Delivery {
        let acks = match self.options.acks {
            Awaited::All => Acks::All,
            Awaited::Leader => Acks::Leader,
            Awaited::None => Acks::Nobody,
        };
        let compression = match self.options.compression {
            Compressed::None => Compression::None,
            Compressed::Gzip => Compression::Gzip,
            Compressed::Snappy => Compression::Snappy,
            Compressed::Lz4 => Compression::Lz4,
            Compressed::Zstd => Compression::Zstd,
        };
        let patience = remote::seconds(self.options.timeout, Duration::from_secs(30));
        Delivery { acks, compression, patience, turn }
    }

    async fn all(&self, step: &StepView, mut session: Session) -> Result<Acted, ActFailure> {
        let mut sending = Sending::new(step);
        for index in 0..step.input(0).len() {
            let outcome = self.one(step, index, &mut session).await;
            let mut goes_on = noted(&mut sending, &mut session)?;
            match outcome {
                Ok(()) => {}
                Err(refused @ (NotSent::Here(_) | NotSent::There(Failure::Refused(_)))) => {
                    goes_on &= sending.note(index, Err(refused))?;
                }
                Err(NotSent::There(failure)) => return sending.broken(&failure),
            }
            if !goes_on {
                break;
            }
        }
        let settled = session.settle().await;
        noted(&mut sending, &mut session)?;
        if let Err(failure) = settled {
            return sending.broken(&failure);
        }
        session.close().await;
        sending.finish()
    }

    async fn one(&self, step: &StepView, index: usize, session: &mut Session) -> Result<(), NotSent> {
        let message = self.message(step, index)?;
        Ok(session.publish(index, message).await?)
    }

    fn message(&self, step: &dyn Step, index: usize) -> Result<Message, NodeError> {
        let wrong = |wrong: String| NodeError::new("parameter", wrong).in_field("topic");
        let topic = Topic::new(self.topic.text(step, index)?.as_str()).map_err(|error| wrong(error.to_string()))?;
        let key =
            if self.key.is_empty() { None } else { Some(self.key.text(step, index)?.as_str().as_bytes().to_vec()) };
        let payload = sending::payload(step, index, (!self.send_input_data).then_some(&self.message))?;
        let headers = self.headers(step, index)?;
        Ok(Message { topic, key, payload, headers, moment: step.now().as_millisecond() })
    }

    fn headers(&self, step: &dyn Step, index: usize) -> Result<Vec<(String, Vec<u8>)>, NodeError> {
        let mut headers = Vec::new();
        for pair in &self.options.headers.header {
            let name = pair.key.text(step, index)?;
            if !name.as_str().is_empty() {
                headers.push((name.as_str().to_owned(), pair.value.text(step, index)?.as_str().as_bytes().to_vec()));
            }
        }
        if self.options.headers_json.is_empty() {
            return Ok(headers);
        }
        let given = match self.options.headers_json.resolve(step, index)? {
            Value::String(json) => from_json(json.as_str()).unwrap_or_default(),
            other => other,
        };
        let Some(pairs) = given.as_object() else {
            let message = "The headers must be a JSON object of names and values.";
            return Err(NodeError::new("parameter", message).in_field("options.headersJson"));
        };
        headers.extend(pairs.iter().map(|(name, value)| (name.as_str().to_owned(), bytes_of(value))));
        Ok(headers)
    }
}

/// What a header says: a text as it is, everything else as JSON.
fn bytes_of(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.as_str().as_bytes().to_vec(),
        Value::Undefined | Value::Null => Vec::new(),
        other => other.to_json().into_bytes(),
    }
}

/// Notes what became of messages so far, and tells whether the next one may be sent.
fn noted(sending: &mut Sending<'_>, session: &mut Session) -> Result<bool, ActFailure> {
    let mut goes_on = true;
    for (index, outcome) in session.done() {
        goes_on &= sending.note(index, outcome.map(|placed| told(&placed)).map_err(NotSent::from))?;
    }
    Ok(goes_on)
}

fn told(placed: &Placed) -> Item {
    let mut json: Object = [
        ("success", Value::from(true)),
        ("topic", placed.topic.as_str().into()),
        ("partition", Value::Number(placed.partition.into())),
    ]
    .into_iter()
    .collect();
    if let Some(offset) = placed.offset {
        json.insert("offset", Value::Number(offset as f64));
    }
    Item::new(json)
}

/// Where messages without a key begin to go round: elsewhere in each execution, and not by chance.
fn turn(step: &StepView) -> usize {
    let id = derived_id("kafka turn", &[step.info.execution.0.as_bytes(), step.node().id.0.as_bytes()]);
    usize::from(u16::from_be_bytes([id.as_bytes()[0], id.as_bytes()[1]]))
}

/// Where the cluster of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let user = opened.field("user");
    let mechanism = match opened.field("mechanism") {
        "scramSha256" => Mechanism::ScramSha256,
        "scramSha512" => Mechanism::ScramSha512,
        _ => Mechanism::Plain,
    };
    let password = Zeroizing::new(opened.field("password").to_owned());
    let client = Some(opened.field("clientId")).filter(|client| !client.is_empty()).unwrap_or("weft");
    Ok(Server {
        brokers: brokers(opened.field("brokers"))?,
        client: client.to_owned(),
        sign_in: (!user.is_empty()).then(|| SignIn { mechanism, user: user.to_owned(), password }),
        tls: remote::tls(opened),
    })
}

/// Hosts with their ports, with commas between them.
fn brokers(text: &str) -> Result<Vec<(String, u16)>, NodeError> {
    let read = |one: &str| match one.rsplit_once(':') {
        // An IPv6 address without brackets has colons of its own.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            Some((host.to_owned(), port.parse().ok().filter(|port| *port > 0)?))
        }
        _ => Some((one.to_owned(), PORT)),
    };
    let brokers: Option<Vec<_>> = text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(read).collect();
    brokers.filter(|brokers| !brokers.is_empty()).ok_or_else(|| {
        let message = "The servers of the credential are hosts with their ports, such as kafka.example.com:9092.";
        NodeError::new("credential", message).in_field("credential").finally()
    })
}
