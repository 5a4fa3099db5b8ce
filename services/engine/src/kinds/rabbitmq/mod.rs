//! **RabbitMQ**: sends a message to a queue or an exchange, once for each item.
//!
//! before: `[{"order":7}]` · after sending to the queue `orders`: `[{"success":true}]`

mod form;
mod import;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::Failure;
use weft_clients::rabbitmq::{LongName, Message, Name, Place, Routing, Scalar, Server, Session, Table, Traits};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::{Item, Object, Value};
use zeroize::Zeroizing;

use self::form::DESCRIPTOR;
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sending::{self, NotSent, Sending};

/// The kind.
pub struct RabbitMq;

/// Whole numbers beyond this one are not what they were written as.
const MOST_WHOLE: f64 = 9_007_199_254_740_991.0;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    mode: Mode,
    #[serde(default)]
    queue: Field,
    #[serde(default)]
    exchange: Field,
    #[serde(default)]
    exchange_type: Kind,
    #[serde(default)]
    routing_key: Field,
    send_input_data: bool,
    #[serde(default)]
    message: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Queue,
    Exchange,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    #[default]
    Fanout,
    Direct,
    Topic,
    Headers,
}

impl From<Kind> for Routing {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Fanout => Self::Fanout,
            Kind::Direct => Self::Direct,
            Kind::Topic => Self::Topic,
            Kind::Headers => Self::Headers,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    alternate_exchange: Field,
    arguments: Arguments,
    auto_delete: bool,
    durable: bool,
    exclusive: bool,
    headers: Headers,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            alternate_exchange: Field::default(),
            arguments: Arguments::default(),
            auto_delete: false,
            durable: true,
            exclusive: false,
            headers: Headers::default(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Arguments {
    argument: Vec<Pair>,
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

impl NodeKind for RabbitMq {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.rabbitmq"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for RabbitMq {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// RabbitMQ does not know a message again.
    fn retried(&self) -> Retried {
        Retried::AtMostOnce
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["rabbitmq"]).await?)?;
        let dialer = remote::dialer(services)?;
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let limit = remote::ANSWER;
        let late = |_| remote::failed(&Failure::Timeout { server: "RabbitMQ", limit }, Retried::AtMostOnce, step.room);
        timeout(limit, self.all(&step, session)).await.map_err(late)?
    }
}

impl Parameters {
    async fn all(&self, step: &StepView, mut session: Session) -> Result<Acted, ActFailure> {
        let (mut sending, mut declared) = (Sending::new(step), HashSet::new());
        for index in 0..step.input(0).len() {
            let outcome = self.one(step, index, &mut session, &mut declared).await;
            if !sending.note(index, outcome)? {
                break;
            }
        }
        let broken = |failure: Failure| remote::failed(&failure, Retried::AtMostOnce, step.room);
        for (index, refused) in session.settle().await.map_err(broken)? {
            sending.refused(index, remote::error_of(&refused, Retried::AtMostOnce));
        }
        session.close().await;
        sending.finish()
    }

    async fn one(
        &self,
        step: &StepView,
        index: usize,
        session: &mut Session,
        declared: &mut HashSet<Name>,
    ) -> Result<Item, NotSent> {
        let place = self.place(step, index)?;
        let message = Message {
            payload: sending::payload(step, index, (!self.send_input_data).then_some(&self.message))?,
            headers: table(step, index, &self.options.headers.header, "options.headers", scalar)?,
            is_kept: self.options.durable,
        };
        if !declared.contains(place.name()) {
            session.declare(&place, &self.traits(step, index)?).await?;
            declared.insert(place.name().clone());
        }
        session.publish(index, &place, message).await?;
        Ok(Item::new([("success", true)].into_iter().collect::<Object>()))
    }

    fn place(&self, step: &dyn Step, index: usize) -> Result<Place, NodeError> {
        let name = |field: &Field, parameter: &'static str| {
            let text = field.text(step, index)?;
            Name::new(text.as_str()).map_err(|long| too_long(&long, parameter))
        };
        let named = |field: &Field, parameter: &'static str| {
            let name = name(field, parameter)?;
            if name == Name::default() {
                let message = "The name of the queue or the exchange is empty.";
                return Err(NodeError::new("parameter", message).in_field(parameter));
            }
            Ok(name)
        };
        Ok(match self.mode {
            Mode::Queue => Place::Queue { name: named(&self.queue, "queue")?, exclusive: self.options.exclusive },
            Mode::Exchange => Place::Exchange {
                name: named(&self.exchange, "exchange")?,
                routing: self.exchange_type.into(),
                key: name(&self.routing_key, "routingKey")?,
            },
        })
    }

    fn traits(&self, step: &dyn Step, index: usize) -> Result<Traits, NodeError> {
        let options = &self.options;
        let mut pairs = pairs(step, index, &options.arguments.argument, argument)?;
        let alternate = options.alternate_exchange.text(step, index)?;
        if self.mode == Mode::Exchange && !alternate.as_str().is_empty() {
            pairs.push(("alternate-exchange".to_owned(), Scalar::Text(alternate.as_str().to_owned())));
        }
        let arguments = Table::new(pairs).map_err(|long| too_long(&long, "options.arguments"))?;
        Ok(Traits { durable: options.durable, auto_delete: options.auto_delete, arguments })
    }
}

fn too_long(long: &LongName, parameter: &str) -> NodeError {
    NodeError::new("parameter", long.to_string()).in_field(parameter)
}

type Read = fn(&Value) -> Scalar;

fn table(step: &dyn Step, index: usize, given: &[Pair], parameter: &str, read: Read) -> Result<Table, NodeError> {
    Table::new(pairs(step, index, given, read)?).map_err(|long| too_long(&long, parameter))
}

fn pairs(step: &dyn Step, index: usize, given: &[Pair], read: Read) -> Result<Vec<(String, Scalar)>, NodeError> {
    let mut pairs = Vec::with_capacity(given.len());
    for pair in given {
        let name = pair.key.text(step, index)?;
        if !name.as_str().is_empty() {
            pairs.push((name.as_str().to_owned(), read(&pair.value.resolve(step, index)?)));
        }
    }
    Ok(pairs)
}

/// What a header holds.
fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Bool(truth) => Scalar::Truth(*truth),
        Value::Number(number) if number.fract() == 0.0 && number.abs() <= MOST_WHOLE => Scalar::Whole(*number as i64),
        Value::Number(number) => Scalar::Number(*number),
        Value::String(text) => Scalar::Text(text.as_str().to_owned()),
        Value::Undefined | Value::Null => Scalar::Text(String::new()),
        Value::DateTime(moment) => Scalar::Text(moment.to_iso()),
        other => Scalar::Text(other.to_json()),
    }
}

/// What a queue is like. Those that are numbers are written as text in a form, and RabbitMQ takes no text for them.
fn argument(value: &Value) -> Scalar {
    match (scalar(value), value) {
        (Scalar::Text(text), Value::String(_)) => match text.as_str() {
            "true" => Scalar::Truth(true),
            "false" => Scalar::Truth(false),
            _ => text.parse().map_or(Scalar::Text(text), Scalar::Whole),
        },
        (scalar, _) => scalar,
    }
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        virtual_host: opened.field("virtualHost").to_owned(),
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        tls: remote::tls(opened),
    })
}
