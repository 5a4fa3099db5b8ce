//! **NATS**: publishes a message, or asks and waits for an answer, once for each item.
//!
//! before: `[{"city":"Lyon"}]` · after asking `weather.now`: `[{"data":{"degrees":21},"headers":{}}]`

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::nats::{Headers, Message, Reply, Server, Session, Subject, Unsendable};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Group, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem, Retried, Step, choice,
    field, label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::derived_id;
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sending::{self, NotSent, Sending};

/// The kind.
pub struct Nats;

/// How long an answer is waited for, in seconds: where nobody said, and at most.
const SECONDS: f64 = 30.0;
const MOST_SECONDS: f64 = 300.0;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "nats",
    version: 1,
    label: label("NATS", "NATS"),
    description: label(
        "Publishes messages to NATS, or asks and waits for answers.",
        "Publie des messages sur NATS, ou interroge et attend les réponses.",
    ),
    group: Group::Act,
    icon: "radio-tower",
    color: "teal",
    subtitle: Some("{operation} {subject}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One message for each item. Publishing passes the items on; asking gives the first answer to each. NATS keeps no messages: who \
         does not listen misses them. What may have been sent is never sent again by itself.",
        "Un message par élément. La publication transmet les éléments ; une question donne la première réponse à chacun. NATS ne garde \
         pas les messages : qui n’écoute pas les manque. Ce qui a peut-être été envoyé n’est jamais renvoyé de lui-même.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let [send_input_data, message] = sending::fields();
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["nats"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("publish").choices([
            choice("publish", label("Publish", "Publier"))
                .help("Nobody needs to listen.", "Personne n’a besoin d’écouter."),
            choice("request", label("Ask and wait for the answer", "Interroger et attendre la réponse"))
                .help("Fails where nobody answers in time.", "Échoue si personne ne répond à temps."),
        ]),
        text("subject", label("Subject", "Sujet"))
            .help("Words with dots between them; no wildcards.", "Des mots séparés par des points ; sans jokers.")
            .required()
            .example("orders.created"),
        send_input_data,
        message,
        field(ParameterType::Boolean, "jsonParse", label("Read the answer as JSON", "Lire la réponse en JSON"))
            .help("An answer that is no JSON stays text.", "Une réponse qui n’est pas du JSON reste du texte.")
            .literal()
            .or(true)
            .when("operation", ["request"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::FixedCollection, "headers", label("Headers", "En-têtes"))
                .help(
                    "Names and values that go with every message.",
                    "Noms et valeurs qui accompagnent chaque message.",
                )
                .fields([field(ParameterType::FixedCollection, "header", label("Header", "En-tête"))
                    .multiple()
                    .fields([text("key", label("Name", "Nom")), text("value", label("Value", "Valeur"))])]),
            text("replyTo", label("Answers go to (publishing)", "Les réponses vont à (publication)")).help(
                "The subject that answers are sent to, for somebody else to read.",
                "Le sujet où les réponses sont envoyées, qu’un autre lira.",
            ),
            field(ParameterType::Number, "timeout", label("Seconds to wait (asking)", "Secondes d’attente (question)"))
                .help("30 unless you say otherwise.", "30 sauf indication contraire.")
                .or(SECONDS)
                .between(0.1, MOST_SECONDS),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    subject: Field,
    send_input_data: bool,
    #[serde(default)]
    message: Field,
    #[serde(default)]
    json_parse: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Publish,
    Request,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    headers: Given,
    reply_to: Field,
    timeout: Field,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    header: Vec<Pair>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pair {
    key: Field,
    value: Field,
}

impl NodeKind for Nats {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }
}

impl ActionKind for Nats {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

/// A connection, the name that answers come to, and how much of them is still taken.
struct Talk {
    session: Session,
    name: String,
    budget: Budget,
}

#[async_trait]
impl Action for Parameters {
    /// Nobody at the other end knows a message again, and a question may ask for something to be done.
    fn retried(&self) -> Retried {
        Retried::AtMostOnce
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["nats"]).await?)?;
        let dialer = remote::dialer(services)?;
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let budget = Budget::new(remote::MOST_ROWS, step.room.left());
        let limit = remote::ANSWER;
        let late = |_| remote::failed(&Failure::Timeout { server: "NATS", limit }, Retried::AtMostOnce, step.room);
        let talk = Talk { session, name: name_of(&step), budget };
        timeout(limit, self.all(&step, talk)).await.map_err(late)?
    }
}

impl Parameters {
    async fn all(&self, step: &StepView, mut talk: Talk) -> Result<Acted, ActFailure> {
        let mut sending = Sending::new(step);
        for (index, item) in step.input(0).iter().enumerate() {
            let outcome = self.one(step, index, item, &mut talk).await;
            if !sending.note(index, outcome)? {
                break;
            }
        }
        let broken = |failure: Failure| remote::failed(&failure, Retried::AtMostOnce, step.room);
        for (index, refused) in talk.session.settle().await.map_err(broken)? {
            sending.refused(index, remote::error_of(&refused, Retried::AtMostOnce));
        }
        sending.finish()
    }

    async fn one(&self, step: &StepView, index: usize, item: &Item, talk: &mut Talk) -> Result<Item, NotSent> {
        let message = self.message(step, index)?;
        if self.operation == Operation::Publish {
            talk.session.publish(index, &message).await?;
            return Ok(item.clone());
        }
        let patience = self.patience(step, index)?;
        let reply = talk.session.ask(&message, &talk.name, patience, &mut talk.budget).await?;
        Ok(Item::new(self.told(reply)))
    }

    fn message(&self, step: &dyn Step, index: usize) -> Result<Message, NodeError> {
        let wrong = |parameter: &'static str| {
            move |wrong: Unsendable| NodeError::new("parameter", wrong.to_string()).in_field(parameter)
        };
        let subject = |text: &str, parameter: &'static str| Subject::new(text).map_err(wrong(parameter));
        let mut headers = Headers::default();
        for pair in &self.options.headers.header {
            let (name, value) = (pair.key.text(step, index)?, pair.value.text(step, index)?);
            headers = headers.with(name.as_str(), value.as_str()).map_err(wrong("options.headers"))?;
        }
        let reply_to = self.options.reply_to.text(step, index)?;
        let answered = self.operation == Operation::Publish && !reply_to.as_str().is_empty();
        Ok(Message {
            subject: subject(self.subject.text(step, index)?.as_str(), "subject")?,
            reply_to: if answered { Some(subject(reply_to.as_str(), "options.replyTo")?) } else { None },
            headers,
            payload: sending::payload(step, index, (!self.send_input_data).then_some(&self.message))?,
        })
    }

    fn patience(&self, step: &dyn Step, index: usize) -> Result<Duration, NodeError> {
        let field = &self.options.timeout;
        let seconds = if field.is_empty() { SECONDS } else { field.number(step, index, "options.timeout")? };
        if !(0.1..=MOST_SECONDS).contains(&seconds) {
            let message = format!("An answer is waited for between 0.1 and {MOST_SECONDS} seconds.");
            return Err(NodeError::new("parameter", message).in_field("options.timeout"));
        }
        Ok(Duration::from_secs_f64(seconds))
    }

    /// An answer as an item. Of two headers of one name, the later one is kept.
    fn told(&self, reply: Reply) -> Object {
        let text = String::from_utf8(reply.payload)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let data = if self.json_parse { from_json(&text).ok() } else { None };
        let headers: Object = reply.headers.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        [("data", data.unwrap_or_else(|| text.into())), ("headers", headers.into())].into_iter().collect()
    }
}

/// A word that nobody else listens to.
fn name_of(step: &StepView) -> String {
    let place = [step.iteration.to_be_bytes(), step.attempt.to_be_bytes()].concat();
    let parts: [&[u8]; 3] = [step.info.execution.0.as_bytes(), step.node().id.0.as_bytes(), &place];
    derived_id("nats inbox", &parts).simple().to_string()
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let secret = |name: &str| Zeroizing::new(opened.field(name).to_owned());
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: secret("password"),
        token: secret("token"),
        keys: secret("keys"),
        tls: remote::tls(opened),
    })
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;

    use super::*;

    fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
        let mut given = from_json(json).unwrap().as_object().unwrap().clone();
        given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
        parameters(&DESCRIPTOR, &given.into())
    }

    #[test]
    fn a_message_is_what_the_node_says() {
        let step = TestStep::new(&[r#"[{"city":"Orléans","n":7}]"#]);
        let subject = |text: &str| Subject::new(text).unwrap();
        for (json, expected) in [
            (
                r#"{"subject":"=weather.{{ $json.city }}","options":{"headers":{"header":[{"key":"N","value":"={{ $json.n }}"}]}}}"#,
                Message {
                    subject: subject("weather.Orléans"),
                    reply_to: None,
                    headers: Headers::default().with("N", "7").unwrap(),
                    payload: r#"{"city":"Orléans","n":7}"#.into(),
                },
            ),
            (
                r#"{"subject":"s","sendInputData":false,"message":"={{ $json.city }}","options":{"replyTo":"r"}}"#,
                Message {
                    subject: subject("s"),
                    reply_to: Some(subject("r")),
                    headers: Headers::default(),
                    payload: "Orléans".into(),
                },
            ),
        ] {
            assert_eq!(node(json).unwrap().message(&step, 0), Ok(expected), "{json}");
        }
        for (json, parameter) in [
            (r#"{"subject":"={{ $json.none }}"}"#, "subject"),
            (r#"{"subject":"a.*"}"#, "subject"),
            (r#"{"subject":"a","options":{"replyTo":"a b"}}"#, "options.replyTo"),
            (r#"{"subject":"a","options":{"headers":{"header":[{"key":"","value":"x"}]}}}"#, "options.headers"),
        ] {
            let error = node(json).unwrap().message(&step, 0).unwrap_err();
            assert_eq!((&*error.code, error.field.as_deref()), ("parameter", Some(parameter)), "{json}");
        }
    }

    #[test]
    fn an_answer_is_an_item() {
        let reply = |payload: &str| Reply { headers: vec![("A".into(), "1".into())], payload: payload.into() };
        for (switch, payload, expected) in [
            ("true", r#"{"é":[1]}"#, r#"{"data":{"é":[1]},"headers":{"A":"1"}}"#),
            ("true", "no json", r#"{"data":"no json","headers":{"A":"1"}}"#),
            ("true", "", r#"{"data":"","headers":{"A":"1"}}"#),
            ("false", "[1]", r#"{"data":"[1]","headers":{"A":"1"}}"#),
        ] {
            let json = format!(r#"{{"operation":"request","subject":"s","jsonParse":{switch}}}"#);
            assert_eq!(Value::from(node(&json).unwrap().told(reply(payload))).to_json(), expected);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_anything_is_sent() {
        for json in ["{}", r#"{"subject":""}"#, r#"{"subject":"s","operation":"subscribe"}"#, r#"{"subject":"={{ }"}"#]
        {
            assert!(node(json).is_err(), "{json}");
        }
        assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"subject":"s"}"#).unwrap()).is_err());
        let step = TestStep::new(&["[{}]"]);
        for (timeout, expected) in [("5", Some(5)), ("0", None), ("301", None), (r#""={{ 'x' }}""#, None)] {
            let json = format!(r#"{{"operation":"request","subject":"s","options":{{"timeout":{timeout}}}}}"#);
            assert_eq!(node(&json).unwrap().patience(&step, 0).ok(), expected.map(Duration::from_secs), "{timeout}");
        }
        let usual = node(r#"{"operation":"request","subject":"s"}"#).unwrap();
        assert_eq!(usual.patience(&step, 0), Ok(Duration::from_secs(30)));
        assert_eq!(usual.retried(), Retried::AtMostOnce);
    }
}
