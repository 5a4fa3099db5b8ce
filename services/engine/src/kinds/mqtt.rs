//! **MQTT**: publishes a message to a topic, once for each item, and passes the items on.
//!
//! before: `[{"room":"kitchen","degrees":21}]` · after publishing to `home/{{ $json.room }}`: the same item

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::Failure;
use weft_clients::mqtt::{Message, Quality, Server, Session};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Value};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::derived_id;
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sending::{self, NotSent, Sending};

/// The kind.
pub struct Mqtt;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "mqtt",
    version: 1,
    label: label("MQTT", "MQTT"),
    description: label("Publishes messages to an MQTT broker.", "Publie des messages sur un serveur MQTT."),
    group: Group::Act,
    icon: "radio",
    color: "grape",
    subtitle: Some("{topic}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One message for each item; the items are passed on. A step that may have sent messages is never repeated by itself, whatever \
         the quality: the broker knows a message again within one connection only.",
        "Un message par élément ; les éléments sont transmis. Une étape qui a peut-être envoyé des messages n’est jamais répétée \
         d’elle-même, quelle que soit la qualité : le serveur ne reconnaît un message que dans une même connexion.",
    ),
});

fn form() -> Vec<Parameter> {
    let [send_input_data, message] = sending::fields();
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["mqtt"])
            .required(),
        field(ParameterType::String, "topic", label("Topic", "Sujet"))
            .help("Levels with / between them; no wildcards.", "Des niveaux séparés par / ; sans jokers.")
            .required()
            .example("home/kitchen/temperature"),
        send_input_data,
        message,
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Options, "qos", label("Quality (QoS)", "Qualité (QoS)"))
                .help("How surely the broker takes the message.", "Avec quelle certitude le serveur prend le message.")
                .or("0")
                .choices([
                    choice("0", label("At most once (0)", "Au plus une fois (0)")),
                    choice("1", label("At least once (1)", "Au moins une fois (1)")),
                    choice("2", label("Exactly once (2)", "Exactement une fois (2)")),
                ]),
            field(ParameterType::Boolean, "retain", label("Keep for those who come later", "Garder pour la suite"))
                .help(
                    "The broker gives the last such message of a topic to whoever subscribes later.",
                    "Le serveur donne le dernier de ces messages d’un sujet à qui s’y abonne plus tard.",
                )
                .or(false),
        ]),
    ]
}

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
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    qos: Qos,
    retain: Field,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum Qos {
    #[default]
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "1")]
    One,
    #[serde(rename = "2")]
    Two,
}

impl From<Qos> for Quality {
    fn from(qos: Qos) -> Self {
        match qos {
            Qos::Zero => Self::AtMostOnce,
            Qos::One => Self::AtLeastOnce,
            Qos::Two => Self::ExactlyOnce,
        }
    }
}

impl NodeKind for Mqtt {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.mqtt"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import(node))
    }
}

/// Version 1, the only one. Its quality is a number.
fn import(node: &N8nNode<'_>) -> Imported {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    if let Some(Value::Object(options)) = new.get("options") {
        let mut options = Object::clone(options);
        if let Some(Value::Number(qos)) = options.get("qos") {
            let qos = qos.to_string();
            options.insert("qos", qos);
        }
        new.insert("options", options);
    }
    let label = "MQTT";
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Imported { parameters: new.into(), remarks }
}

impl ActionKind for Mqtt {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Even what is sent exactly once is so within one connection only.
    fn retried(&self) -> Retried {
        Retried::AtMostOnce
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let opened = remote::opened(&step, services, self.credential, &["mqtt"]).await?;
        let server = server(&opened, || client_of(&step))?;
        let dialer = remote::dialer(services)?;
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let limit = remote::ANSWER;
        let late = |_| remote::failed(&Failure::Timeout { server: "MQTT", limit }, Retried::AtMostOnce, step.room);
        timeout(limit, self.all(&step, session)).await.map_err(late)?
    }
}

impl Parameters {
    async fn all(&self, step: &StepView, mut session: Session) -> Result<Acted, ActFailure> {
        let mut sending = Sending::new(step);
        for (index, item) in step.input(0).iter().enumerate() {
            let outcome = self.one(step, index, item, &mut session).await;
            if !sending.note(index, outcome)? {
                break;
            }
        }
        let broken = |failure: Failure| remote::failed(&failure, Retried::AtMostOnce, step.room);
        session.settle().await.map_err(broken)?;
        session.close().await;
        sending.finish()
    }

    async fn one(&self, step: &StepView, index: usize, item: &Item, session: &mut Session) -> Result<Item, NotSent> {
        session.publish(self.message(step, index)?).await?;
        Ok(item.clone())
    }

    fn message(&self, step: &dyn Step, index: usize) -> Result<Message, NodeError> {
        let topic = self.topic.text(step, index)?;
        let payload = sending::payload(step, index, (!self.send_input_data).then_some(&self.message))?;
        let message = Message::new(topic.as_str(), payload);
        let message = message.map_err(|wrong| NodeError::new("parameter", wrong.to_string()).in_field("topic"))?;
        let message = message.of_quality(self.options.qos.into());
        Ok(if self.options.retain.truth(step, index)? { message.retained() } else { message })
    }
}

/// A name of this step's own: a broker ends the connection of another client of the same name. Every broker takes 23 letters and
/// digits (MQTT 3.1.1, section 3.1.3.1).
fn client_of(step: &StepView) -> String {
    let parts: [&[u8]; 3] =
        [step.info.execution.0.as_bytes(), step.node().id.0.as_bytes(), &step.iteration.to_be_bytes()];
    let id = derived_id("mqtt client", &parts).simple().to_string();
    format!("weft{}", &id[..19])
}

/// Where the broker of a credential is and who signs in, under `own_name` where it names none.
pub(crate) fn server(opened: &Opened, own_name: impl FnOnce() -> String) -> Result<Server, NodeError> {
    let chosen = opened.field("clientId").trim();
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        client: if chosen.is_empty() { own_name() } else { chosen.to_owned() },
        tls: remote::tls(opened),
    })
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import};
    use weft_value::from_json;

    use super::*;

    fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
        let mut given = from_json(json).unwrap().as_object().unwrap().clone();
        given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
        parameters(&DESCRIPTOR, &given.into())
    }

    fn message(json: &str, items: &str) -> Result<Message, NodeError> {
        let step = TestStep::new(&[items]);
        node(json).unwrap().message(&step, 0)
    }

    #[test]
    fn a_message_is_what_the_node_says() {
        let item = r#"[{"room":"küche","cold":true}]"#;
        let plain = |topic: &str, payload: &str| Message::new(topic, payload.to_owned()).unwrap();
        for (json, expected) in [
            (r#"{"topic":"t"}"#, plain("t", r#"{"room":"küche","cold":true}"#)),
            (
                r#"{"topic":"=home/{{ $json.room }}","sendInputData":false,"message":"={{ $json.cold }}"}"#,
                plain("home/küche", "true"),
            ),
            (
                r#"{"topic":"t","sendInputData":false,"options":{"qos":"2","retain":true}}"#,
                plain("t", "").of_quality(Quality::ExactlyOnce).retained(),
            ),
            (
                r#"{"topic":"t","sendInputData":false,"message":"m","options":{"qos":"1","retain":"={{ $json.cold }}"}}"#,
                plain("t", "m").of_quality(Quality::AtLeastOnce).retained(),
            ),
        ] {
            assert_eq!(message(json, item), Ok(expected), "{json}");
        }
        for topic in ["a/#", "={{ $json.none }}", "={{ $json.room + '/+' }}"] {
            let error = message(&format!(r#"{{"topic":"{topic}"}}"#), item).unwrap_err();
            assert_eq!((&*error.code, error.field.as_deref()), ("parameter", Some("topic")), "{topic}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_anything_is_sent() {
        for json in [
            "{}",
            r#"{"topic":""}"#,
            r#"{"topic":"t","sendInputData":"={{ 1 }}"}"#,
            r#"{"topic":"t","options":{"qos":"3"}}"#,
            r#"{"topic":"={{ }"}"#,
        ] {
            assert!(node(json).is_err(), "{json}");
        }
        assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"topic":"t"}"#).unwrap()).is_err());
        assert_eq!(node(r#"{"topic":"t","options":{"qos":"2"}}"#).unwrap().retried(), Retried::AtMostOnce);
    }

    #[test]
    fn n8n_nodes_are_imported() {
        for (json, expected) in [
            (
                r#"{"topic":"t","options":{"qos":2,"retain":true}}"#,
                r#"{"topic":"t","options":{"qos":"2","retain":true}}"#,
            ),
            (
                r#"{"topic":"t","sendInputData":false,"message":"={{ $json.a }}","options":{}}"#,
                r#"{"topic":"t","sendInputData":false,"message":"={{ $json.a }}","options":{}}"#,
            ),
            ("{}", "{}"),
        ] {
            let imported = import(&Mqtt, 1.0, json).unwrap();
            assert_eq!(imported.parameters.to_json(), expected);
            assert_eq!(imported.remarks.len(), 1);
        }
    }
}
