//! **Send e-mail**: hands a letter over to a mail server, once for each item.
//!
//! before: `[{"to":"bob@example.com"}]` · after: `[{"accepted":["bob@example.com"],"rejected":[],"response":"250 OK",…}]`

use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::Failure;
use weft_clients::smtp::{Attachment, Composed, Handed, Letter, Server, Session, Unsendable};
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
use crate::files::{StepFiles, file_of};
use crate::remote;

/// The kind.
pub struct SendEmail;

/// The most bytes that the attachments of one letter have together: more than that, hardly any mail server takes.
const MOST_ATTACHED: usize = 25 << 20;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "sendEmail",
    version: 1,
    label: label("Send e-mail", "Envoyer un courriel"),
    description: label("Sends an email over SMTP.", "Envoie un courriel par SMTP."),
    group: Group::Act,
    icon: "mail",
    color: "indigo",
    subtitle: Some("{toEmail}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One email for each item, in plain text, HTML or both. Several addresses have commas between them. An email that may have been \
         sent is never sent again by itself. Its attachments may have 25 MiB together; an image that the HTML names by its file in \
         the item (`<img src=\"cid:logo\">`) is shown there.",
        "Un courriel par élément, en texte, en HTML ou les deux. Plusieurs adresses sont séparées par des virgules. Un courriel qui a \
         peut-être été envoyé n’est jamais renvoyé de lui-même. Ses pièces jointes font 25 Mio au plus ensemble ; une image que le HTML \
         nomme par son fichier dans l’élément (`<img src=\"cid:logo\">`) y est montrée.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("The mail server, and who sends.", "Le serveur de courriel, et qui envoie.")
            .credentials(["smtp"])
            .required(),
        text("fromEmail", label("From", "De"))
            .help("An address, with or without a name before it.", "Une adresse, précédée d’un nom ou non.")
            .required()
            .example("Ada <ada@example.com>"),
        text("toEmail", label("To", "À"))
            .help("Several addresses have commas between them.", "Plusieurs adresses sont séparées par des virgules.")
            .required()
            .example("bob@example.com, zoe@example.com"),
        text("subject", label("Subject", "Objet")).example("Your order"),
        field(ParameterType::Options, "emailFormat", label("Format", "Format")).or("text").choices([
            choice("text", label("Plain text", "Texte brut")),
            choice("html", label("HTML", "HTML")),
            choice("both", label("Plain text and HTML", "Texte brut et HTML")).help(
                "The reader’s program shows the HTML if it can.",
                "Le programme du lecteur affiche le HTML s’il le peut.",
            ),
        ]),
        text("text", label("Text", "Texte")).rows(6).when("emailFormat", ["text", "both"]),
        text("html", label("HTML", "HTML")).rows(6).when("emailFormat", ["html", "both"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            text("ccEmail", label("Copy to", "Copie à"))
                .help("Everybody sees these addresses.", "Tout le monde voit ces adresses."),
            text("bccEmail", label("Blind copy to", "Copie cachée à"))
                .help("Nobody sees these addresses.", "Personne ne voit ces adresses."),
            text("replyTo", label("Answers to", "Répondre à")).help(
                "Where answers go if not to the sender.",
                "Où vont les réponses, si ce n’est pas à l’expéditeur.",
            ),
            text("attachments", label("Files to attach", "Fichiers à joindre")).example("data, invoice").help(
                "The names of files of the item, with commas between them. An item without any file is sent without.",
                "Les noms de fichiers de l’élément, séparés par des virgules. Un élément sans aucun fichier est envoyé sans.",
            ),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    from_email: Field,
    to_email: Field,
    #[serde(default)]
    subject: Field,
    #[serde(default)]
    email_format: Format,
    #[serde(default)]
    text: Field,
    #[serde(default)]
    html: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Format {
    #[default]
    Text,
    Html,
    Both,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    cc_email: Field,
    bcc_email: Field,
    reply_to: Field,
    attachments: Field,
}

impl NodeKind for SendEmail {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.emailSend"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import(node)
    }
}

/// Versions 1, 2 and 2.1. The first has copies beside its options, and sends whatever is filled in.
fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    if let Some(other) = given.get("operation").as_str().filter(|operation| *operation != "send") {
        let message = format!("Send e-mail with “{other}” cannot be imported yet. Set it up again here.");
        return Err(Unsupported { message, field: Some("operation".into()) });
    }
    let label = "SMTP";
    let mut remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    let mut new = Object::new();
    for name in ["fromEmail", "toEmail", "subject", "text", "html"] {
        copy(given, name, &mut new);
    }
    new.insert("emailFormat", format_of(node));
    let mut options = Object::new();
    for name in ["ccEmail", "bccEmail", "replyTo", "attachments"] {
        copy(given, name, &mut options);
        copy(given.get("options"), name, &mut options);
    }
    if given.get("options").get("fileAttachments").as_str().is_some_and(|paths| !paths.is_empty()) {
        remarks.push("The files of the server’s disk were left out: emails take files of items alone.".to_owned());
    }
    if given.get("options").get("allowUnauthorizedCerts").as_bool() == Some(true) {
        remarks.push("Whether any certificate is accepted is said in the credential here.".to_owned());
    }
    new.insert("options", options);
    Ok(Imported { parameters: new.into(), remarks })
}

fn format_of<'a>(node: &N8nNode<'a>) -> &'a str {
    let given = node.parameters;
    if node.version >= 2.0 {
        let usual = if node.version >= 2.1 { "html" } else { "text" };
        return given.get("emailFormat").as_str().unwrap_or(usual);
    }
    let is_there = |name: &str| given.get(name).as_str().is_some_and(|text| !text.is_empty());
    match (is_there("text"), is_there("html")) {
        (true, true) => "both",
        (false, true) => "html",
        (_, false) => "text",
    }
}

fn copy(from: &Value, name: &str, to: &mut Object) {
    let value = from.get(name);
    if !value.is_undefined() {
        to.insert(name, value.clone());
    }
}

impl ActionKind for SendEmail {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Mail servers do not recognise a letter that they were handed before.
    fn retried(&self) -> Retried {
        Retried::AtMostOnce
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["smtp"]).await?)?;
        let dialer = remote::dialer(services)?;
        let mut session =
            Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let files = step.files(services);
        let (mut made, mut not_sent) = (Vec::with_capacity(items.len()), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match self.one(&mut session, (&step, index), &files).await {
                Ok(told) => made.push(Item::new(told).paired_with(index)),
                Err(NotSent { error, goes_on: true }) if step.carries_on() => {
                    not_sent.push(error.at_item(index).to_item(Some(item)));
                }
                Err(NotSent { error, .. }) => {
                    // Another attempt would send once more what was sent before it.
                    let error = if made.is_empty() { error } else { error.finally() };
                    return Err(error.at_item(index).into());
                }
            }
        }
        session.close().await;
        Ok(Acted::outputs(Outputs { failed: not_sent, ..Outputs::one(made) }))
    }
}

/// Why a letter was not sent.
struct NotSent {
    error: NodeError,
    /// Whether the next one can be.
    goes_on: bool,
}

impl From<NodeError> for NotSent {
    fn from(error: NodeError) -> Self {
        Self { error, goes_on: true }
    }
}

impl Parameters {
    async fn one(
        &self,
        session: &mut Session,
        (step, index): (&StepView, usize),
        files: &StepFiles,
    ) -> Result<Object, NotSent> {
        let execution = step.info.execution.0;
        let place = [step.iteration.to_be_bytes(), (index as u32).to_be_bytes()].concat();
        let key = derived_id("letter", &[execution.as_bytes(), step.node().id.0.as_bytes(), &place]).to_string();
        let attachments = self.attached(step, index, files).await?;
        let letter = Letter { attachments, ..self.letter(step, index, key)? };
        let at = SystemTime::from(step.now);
        let composed = letter.compose(at).map_err(|unsendable| refused(&unsendable))?;
        let limit = remote::ANSWER;
        let late = |_| Failure::Timeout { server: "The mail server", limit };
        let handed = timeout(limit, session.hand_over(&composed)).await.map_err(late).and_then(|handed| handed);
        match handed {
            Ok(handed) => Ok(told(handed, composed)),
            Err(failure) => {
                let mut goes_on = matches!(failure, Failure::Refused(_));
                if goes_on {
                    goes_on = session.reset().await.is_ok();
                }
                Err(NotSent { error: remote::error_of(&failure, Retried::AtMostOnce), goes_on })
            }
        }
    }

    fn letter(&self, step: &dyn Step, index: usize, key: String) -> Result<Letter, NodeError> {
        let text = |field: &Field| Ok::<_, NodeError>(field.text(step, index)?.as_str().to_owned());
        let with = |wanted: bool, field: &Field| wanted.then(|| text(field)).transpose();
        Ok(Letter {
            from: text(&self.from_email)?,
            to: text(&self.to_email)?,
            cc: text(&self.options.cc_email)?,
            bcc: text(&self.options.bcc_email)?,
            reply_to: text(&self.options.reply_to)?,
            subject: text(&self.subject)?,
            text: with(self.email_format != Format::Html, &self.text)?,
            html: with(self.email_format != Format::Text, &self.html)?,
            key,
            ..Letter::default()
        })
    }

    /// The files of the item that go with the letter.
    async fn attached(&self, step: &dyn Step, index: usize, files: &StepFiles) -> Result<Vec<Attachment>, NodeError> {
        let item = &step.input(0)[index];
        let names = self.options.attachments.names(step, index)?;
        let (mut attached, mut left) = (Vec::new(), MOST_ATTACHED);
        if item.binary.as_ref().is_none_or(|files| files.is_empty()) {
            return Ok(attached);
        }
        for name in names {
            let file = file_of(item, &name).map_err(in_attachments)?;
            let bytes = files.read(file, left).await.map_err(|error| in_attachments(too_much(error)))?;
            left -= bytes.len();
            attached.push(Attachment {
                id: name.to_string(),
                name: file.file_name.clone().unwrap_or_else(|| name.to_string()),
                media_type: file.mime_type.clone(),
                bytes,
            });
        }
        Ok(attached)
    }
}

fn in_attachments(error: NodeError) -> NodeError {
    error.in_field("options.attachments")
}

/// A file alone may be small enough.
fn too_much(error: NodeError) -> NodeError {
    if error.code != "file_too_large" {
        return error;
    }
    let message = format!("The attachments of an email may have {} MiB together.", MOST_ATTACHED >> 20);
    NodeError::new("file_too_large", message)
        .describe("Attach less, or put a link to the files into the text.")
        .finally()
}

fn refused(unsendable: &Unsendable) -> NodeError {
    let field = match unsendable.part {
        "from" => "fromEmail",
        "to" => "toEmail",
        "cc" => "options.ccEmail",
        "bcc" => "options.bccEmail",
        _ => "options.replyTo",
    };
    NodeError::new("address", unsendable.message.clone()).in_field(field).finally()
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        begin: remote::begin(opened),
        tls: remote::tls(opened),
        hello: opened.field("hello").to_owned(),
    })
}

fn told(handed: Handed, composed: Composed) -> Object {
    let list = |addresses: Vec<String>| Value::from(addresses.into_iter().map(Value::from).collect::<Vec<_>>());
    let envelope: Object = [("from", Value::from(composed.from)), ("to", list(composed.to))].into_iter().collect();
    let fields = [
        ("accepted", list(handed.accepted)),
        ("rejected", list(handed.rejected)),
        ("response", handed.response.into()),
        ("envelope", envelope.into()),
        ("messageId", composed.id.into()),
        ("messageSize", Value::from(composed.bytes.len() as u32)),
    ];
    fields.into_iter().collect()
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

    #[test]
    fn a_letter_is_what_the_node_says() {
        let json = r#"{"fromEmail":"a@x.example","toEmail":"={{ $json.to }}","subject":"Zoë","emailFormat":"both",
            "text":"t","html":"<b>h</b>","options":{"ccEmail":"c@x.example"}}"#;
        let letter = |json: &str| {
            let step = TestStep::new(&[r#"[{"to":"b@x.example"}]"#]);
            node(json).unwrap().letter(&step, 0, "7".into()).unwrap()
        };
        let expected = Letter {
            from: "a@x.example".into(),
            to: "b@x.example".into(),
            cc: "c@x.example".into(),
            subject: "Zoë".into(),
            text: Some("t".into()),
            html: Some("<b>h</b>".into()),
            key: "7".into(),
            ..Letter::default()
        };
        assert_eq!(letter(json), expected);
        let plain = letter(r#"{"fromEmail":"a@x.example","toEmail":"b@x.example","html":"lost"}"#);
        assert_eq!((plain.text.as_deref(), plain.html), (Some(""), None));
    }

    #[test]
    fn what_is_missing_is_told() {
        for json in ["{}", r#"{"fromEmail":"a@x.example"}"#, r#"{"fromEmail":"a","toEmail":"b","emailFormat":"rtf"}"#] {
            assert!(node(json).is_err(), "{json}");
        }
        assert!(
            parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"fromEmail":"a","toEmail":"b"}"#).unwrap()).is_err()
        );
    }

    #[test]
    fn every_version_of_n8n_is_imported() {
        for (version, json, expected) in [
            (
                2.1,
                r#"{"fromEmail":"a","toEmail":"b","html":"h","options":{"ccEmail":"c","appendAttribution":false}}"#,
                r#"{"fromEmail":"a","toEmail":"b","html":"h","emailFormat":"html","options":{"ccEmail":"c"}}"#,
            ),
            (2.0, r#"{"toEmail":"b","text":"t"}"#, r#"{"toEmail":"b","text":"t","emailFormat":"text","options":{}}"#),
            (
                1.0,
                r#"{"toEmail":"b","text":"t","html":"h","bccEmail":"d","options":{"replyTo":"r"}}"#,
                r#"{"toEmail":"b","text":"t","html":"h","emailFormat":"both","options":{"bccEmail":"d","replyTo":"r"}}"#,
            ),
        ] {
            let imported = import(&SendEmail, version, json).unwrap();
            assert_eq!(imported.parameters.to_json(), expected, "{version}");
            assert_eq!(imported.remarks.len(), 1, "{:?}", imported.remarks);
        }
        let lost = r#"{"options":{"fileAttachments":"/tmp/a","allowUnauthorizedCerts":true}}"#;
        assert_eq!(import(&SendEmail, 2.1, lost).unwrap().remarks.len(), 3);
        for (version, json) in [(1.0, r#"{"attachments":"a,b"}"#), (2.1, r#"{"options":{"attachments":"a,b"}}"#)] {
            let imported = import(&SendEmail, version, json).unwrap();
            assert_eq!(imported.parameters.get("options").to_json(), r#"{"attachments":"a,b"}"#);
            assert_eq!(imported.remarks.len(), 1, "{:?}", imported.remarks);
        }
        assert!(import(&SendEmail, 2.1, r#"{"operation":"sendAndWait"}"#).is_err());
    }
}
