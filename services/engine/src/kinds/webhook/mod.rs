//! **Webhook**: starts the workflow when somebody calls its address.
//!
//! before: `POST …/orders {"id":1}` · after: `[{"headers":{…},"params":{},"query":{},"body":{"id":1},…}]`

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use weft_model::CredentialId;
use weft_nodes::credential::of_n8n_type;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeKind, Parameter, ParameterType, Problem, Retried, Unsupported, choice,
    field, label, parameters, port,
};
use weft_value::{BinaryRef, Item, Object, Value};

use super::http_request::Authentication;
use crate::action::{Trigger, TriggerKind};
use crate::caller::CALLER_TYPES;
use crate::credentials::chosen;
use crate::files::with_file;
use crate::{Answer, LastNode, LastNodeData, Respond};

/// The kind.
pub struct WebhookTrigger;

/// What the file is called that keeps a body.
const FILE: &str = "data";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "webhook",
    version: 1,
    label: label("Webhook", "Webhook"),
    description: label(
        "Starts the workflow when its address is called.",
        "Démarre le workflow quand son adresse est appelée.",
    ),
    group: Group::Trigger,
    icon: "webhook",
    color: "violet",
    subtitle: Some("{httpMethod} {path}"),
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "The address stays the same for ever. While you build, “Listen” waits for one call of the test address.",
        "L’adresse reste la même pour toujours. Pendant la construction, « Écouter » attend un appel de l’adresse de test.",
    ),
});

fn form() -> Vec<Parameter> {
    let path =
        field(ParameterType::String, "path", label("Path", "Chemin")).literal().or("").example("orders/:id").help(
            "A part that begins with a colon is a parameter.",
            "Une partie qui commence par deux-points est un paramètre.",
        );
    let mut form = call_form();
    form.insert(1, path);
    let authentication =
        field(ParameterType::Options, "authentication", label("Callers", "Appelants")).or("none").choices([
            choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
            choice("credential", label("Who proves it with a credential", "Qui le prouve avec un identifiant")),
        ]);
    let credential = field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
        .credentials(CALLER_TYPES)
        .required()
        .when("authentication", ["credential"]);
    form.splice(2..2, [authentication, credential]);
    form.push(field(ParameterType::Collection, "options", label("Options", "Options")).fields(call_options()));
    form
}

/// What is asked of everything that is called: the method, and how the caller is answered.
pub(crate) fn call_form() -> Vec<Parameter> {
    let method = |name: &'static str| choice(name, label(name, name));
    vec![
        field(ParameterType::Options, "httpMethod", label("HTTP method", "Méthode HTTP")).or("GET").choices(
            ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
                .map(method)
                .into_iter()
                .chain([choice("*", label("Any", "Toutes"))]),
        ),
        field(ParameterType::Options, "responseMode", label("Respond", "Répondre")).or("onReceived").choices([
            choice("onReceived", label("Immediately", "Immédiatement")),
            choice("lastNode", label("When the last node has finished", "Quand le dernier nœud a terminé")),
            choice("responseNode", label("With a Respond to Webhook node", "Avec un nœud Répondre au webhook")),
        ]),
        field(ParameterType::Options, "responseData", label("Response data", "Données de la réponse"))
            .or("firstEntryJson")
            .choices([
                choice("firstEntryJson", label("First item", "Premier élément")),
                choice("allEntries", label("All items", "Tous les éléments")),
                choice("firstEntryBinary", label("File of the first item", "Fichier du premier élément")),
                choice("noData", label("No body", "Aucun corps")),
            ])
            .when("responseMode", ["lastNode"]),
        field(ParameterType::Number, "responseCode", label("Response code", "Code de réponse"))
            .literal()
            .or(200)
            .between(100.0, 599.0)
            .when("responseMode", ["onReceived", "lastNode"]),
    ]
}

/// The options of everything that is called.
pub(crate) fn call_options() -> Vec<Parameter> {
    vec![
        field(ParameterType::Boolean, "rawBody", label("Raw body", "Corps brut"))
            .literal()
            .or(false)
            .help("Gives the body as text instead of reading it.", "Donne le corps en texte au lieu de le lire."),
        field(ParameterType::Boolean, "binaryData", label("Body as a file", "Corps en fichier"))
            .literal()
            .or(false)
            .help(
                "Keeps the body as it came in a file of the item, too.",
                "Garde aussi le corps reçu dans un fichier de l’élément.",
            ),
        field(ParameterType::String, "binaryPropertyName", label("Name of the file", "Nom du fichier"))
            .literal()
            .or("data")
            .when("binaryData", [true]),
        field(
            ParameterType::String,
            "responseBinaryPropertyName",
            label("File to respond with", "Fichier de la réponse"),
        )
        .literal(),
        field(ParameterType::String, "responseData", label("Response text", "Texte de la réponse")).literal(),
        field(ParameterType::FixedCollection, "responseHeaders", label("Response headers", "En-têtes de réponse"))
            .literal(),
    ]
}

/// What a webhook node says, once and for all.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The method, `*` for any.
    pub http_method: String,
    /// The path below the hook's own address, `:name` for a parameter.
    #[serde(default)]
    pub path: String,
    response_mode: ResponseMode,
    #[serde(default)]
    response_data: LastNodeData,
    #[serde(default = "ok")]
    response_code: u16,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, deserialize_with = "chosen", skip_serializing_if = "Option::is_none")]
    credential: Option<CredentialId>,
    #[serde(default)]
    options: Options,
    /// What it is more where it takes the messages of a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chat: Option<Chat>,
}

/// A webhook that takes the messages of a conversation.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Chat {
    /// Whether it has an address while nobody waits in the editor.
    public: bool,
}

fn ok() -> u16 {
    200
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum ResponseMode {
    OnReceived,
    LastNode,
    ResponseNode,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    raw_body: bool,
    binary_data: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    binary_property_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    response_binary_property_name: String,
    response_data: Option<String>,
    response_headers: Headers,
    webhook_suffix: String,
}

/// A list of names and values, in n8n's nesting.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Headers {
    entries: Vec<Header>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Header {
    name: String,
    #[serde(default)]
    value: String,
}

impl Headers {
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        self.entries.iter().map(|header| (header.name.clone(), header.value.clone())).collect()
    }
}

impl Webhook {
    /// Its path is what its options say that an address ends with; `field` is that parameter.
    pub(crate) fn listen_at_suffix(&mut self, field: &str) -> Result<(), Vec<Problem>> {
        check_path(&self.options.webhook_suffix, field)?;
        self.path.clone_from(&self.options.webhook_suffix);
        Ok(())
    }

    /// What a step that waits for a call tells whoever receives it.
    pub fn of_details(details: &Value) -> Option<Self> {
        serde_json::from_value(serde_json::to_value(details).ok()?).ok()
    }

    /// The same, to be recorded.
    pub(crate) fn details(&self) -> Value {
        // Names and numbers in a tree that is as deep as the struct: neither way can fail.
        let json = serde_json::to_vec(self).unwrap_or_default();
        weft_value::from_json_bytes(&json).unwrap_or_default()
    }

    /// What callers have to prove that they know.
    pub fn credential(&self) -> Option<CredentialId> {
        self.credential.filter(|_| self.authentication == Authentication::Credential)
    }

    /// Whether the body is to be handed on as text.
    pub fn wants_raw_body(&self) -> bool {
        self.options.raw_body
    }

    /// What the file is called that keeps the body as it came; nothing where none does.
    pub fn raw_file(&self) -> Option<&str> {
        let name = self.options.binary_property_name.trim();
        self.options.binary_data.then_some(if name.is_empty() { FILE } else { name })
    }

    /// Whether it takes the messages of a conversation.
    pub fn is_chat(&self) -> bool {
        self.chat.is_some()
    }

    /// Whether it has an address while nobody waits in the editor.
    pub fn is_public(&self) -> bool {
        self.chat.is_none_or(|chat| chat.public)
    }

    /// The trigger's item; the sentence says what is wrong with the call.
    pub fn item(&self, call: HookCall) -> Result<Item, &'static str> {
        if self.is_chat() { call.into_message() } else { Ok(call.into_item()) }
    }

    /// How a caller is answered.
    pub fn respond(&self) -> Respond {
        let headers = self.options.response_headers.pairs();
        match self.response_mode {
            ResponseMode::OnReceived => {
                let answer = match &self.options.response_data {
                    Some(text) => Answer::of_type(self.response_code, "text/plain; charset=utf-8", text.clone()),
                    None => Answer::message(self.response_code, "Workflow was started"),
                };
                Respond::AtOnce(answer.with_headers(headers))
            }
            ResponseMode::LastNode => {
                let file = self.options.response_binary_property_name.trim().to_owned();
                Respond::LastNode(LastNode { data: self.response_data, status: self.response_code, headers, file })
            }
            ResponseMode::ResponseNode => Respond::Node,
        }
    }
}

/// A call of a webhook, read.
#[derive(Clone, Debug, Default)]
pub struct HookCall {
    /// The method in capitals.
    pub method: String,
    /// The full address.
    pub url: String,
    /// Headers, names in small letters.
    pub headers: Object,
    /// What the path's parameters are.
    pub params: Object,
    /// What stands behind the question mark; a name that occurs twice has a list.
    pub query: Object,
    /// The body, read by its content type.
    pub body: Value,
    /// The files that came with it, by name.
    pub files: IndexMap<String, BinaryRef>,
    /// The claims of the token that the caller proved itself with.
    pub claims: Option<Value>,
    /// Whether the editor waits for this call.
    pub is_test: bool,
}

impl HookCall {
    /// The message of a conversation, as it was sent.
    fn into_message(self) -> Result<Item, &'static str> {
        const HOW: &str = "A message is JSON: {\"action\": \"sendMessage\", \"chatInput\": \"…\", \"sessionId\": \"…\"}, its input a text.";
        let Value::Object(message) = &self.body else { return Err(HOW) };
        let sends = message.get("action").is_none_or(|action| action.as_str() == Some("sendMessage"));
        let has_text = message.get("chatInput").is_some_and(|input| input.as_str().is_some());
        if sends && has_text { Ok(Item::new(self.body)) } else { Err(HOW) }
    }

    /// Whether a conversation asks for its earlier messages.
    pub fn asks_for_session(&self) -> bool {
        self.body.get("action").as_str() == Some("loadPreviousSession")
    }

    /// The trigger's item.
    pub fn into_item(self) -> Item {
        let mut json = Object::with_capacity(6);
        json.insert("headers", self.headers);
        json.insert("params", self.params);
        json.insert("query", self.query);
        json.insert("body", self.body);
        json.insert("webhookUrl", self.url);
        json.insert("executionMode", if self.is_test { "test" } else { "production" });
        if let Some(claims) = self.claims {
            json.insert("jwtPayload", claims);
        }
        let item = Item::new(json);
        self.files.into_iter().fold(item, |item, (name, file)| with_file(item, name, file))
    }
}

impl NodeKind for WebhookTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.webhook"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut imported = call_of_n8n(node);
        let mut parameters = imported.parameters.as_object().cloned().unwrap_or_default();
        if let Some(remark) = callers_of_n8n(node.parameters.get("authentication")) {
            parameters.insert("authentication", "credential");
            imported.remarks.push(remark);
        } else {
            parameters.remove("authentication");
        }
        Ok(Imported { parameters: parameters.into(), ..imported })
    }
}

/// What is to be done about how callers of an n8n webhook sign in; nothing where they do not. Until it is done the workflow cannot
/// be published: nobody is let in who was not before.
pub(super) fn callers_of_n8n(given: &Value) -> Option<String> {
    let kind = match given.as_str()? {
        "none" => return None,
        "basicAuth" => "httpBasicAuth",
        "headerAuth" => "httpHeaderAuth",
        "jwtAuth" => "jwtAuth",
        other => {
            return Some(format!(
                "Its callers signed in with n8n’s “{other}”. Choose a credential that they prove themselves with instead."
            ));
        }
    };
    let label = of_n8n_type(kind)?.label.en;
    Some(format!("Its callers sign in. Make a credential of type “{label}” and choose it in this node."))
}

/// What n8n says about a call.
pub(crate) fn call_of_n8n(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let mut remarks = Vec::new();
    if let Some(Value::Array(methods)) = new.get("httpMethod").cloned() {
        new.insert("httpMethod", "*");
        remarks.push(format!(
            "This webhook listened to {}; it listens to every method now.",
            Value::Array(methods).to_json()
        ));
    }
    if let Some(code) = given.get("options").get("responseCode").get("values").get("responseCode").as_f64() {
        new.insert("responseCode", code);
    }
    if new.get("responseMode").and_then(Value::as_str) == Some("streaming") {
        new.insert("responseMode", "lastNode");
        remarks.push("Streaming answers are not there yet: the answer is sent when the last node has finished.".into());
    }
    // What n8n asks beside the options stands among them here.
    if let Some(name) = given.get("responseBinaryPropertyName").as_str() {
        let mut options = given.get("options").as_object().cloned().unwrap_or_default();
        options.insert("responseBinaryPropertyName", name);
        new.remove("responseBinaryPropertyName");
        new.insert("options", options);
    }
    // n8n reads a body that it keeps raw all the same, and keeps it in the file `data`.
    if given.get("options").get("rawBody").as_bool() == Some(true) {
        let mut options = new.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        options.remove("rawBody");
        options.insert("binaryData", true);
        new.insert("options", options);
    }
    Imported { parameters: new.into(), remarks }
}

impl TriggerKind for WebhookTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let webhook: Webhook = parameters(&DESCRIPTOR, given)?;
        check_path(&webhook.path, "path")?;
        Ok(Trigger::Webhook(Box::new(webhook)))
    }
}

pub(crate) fn check_path(path: &str, field: &str) -> Result<(), Vec<Problem>> {
    let fine = path.len() <= 512
        && path.split('/').all(|part| part != ".." && part != ".")
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/".contains(c));
    if fine {
        return Ok(());
    }
    let message = "A path has letters, digits, “-”, “_”, “.”, “~” and “/”; a part that begins with “:” is a parameter.";
    Err(vec![Problem::error("parameter_invalid", message, field)])
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    fn webhook(parameters: &str) -> Result<Webhook, Vec<Problem>> {
        match WebhookTrigger.prepare(&from_json(parameters).unwrap())? {
            Trigger::Webhook(webhook) => Ok(*webhook),
            Trigger::Manual | Trigger::Schedule(_) | Trigger::Called(_) | Trigger::Failure | Trigger::Form(_) => {
                panic!("a webhook is a webhook")
            }
        }
    }

    #[test]
    fn a_webhook_says_how_it_answers() {
        for (parameters, expected) in [
            ("{}", Respond::AtOnce(Answer::message(200, "Workflow was started"))),
            (r#"{"responseMode":"responseNode"}"#, Respond::Node),
            (
                r#"{"responseMode":"lastNode","responseData":"allEntries","responseCode":201,
                    "options":{"responseHeaders":{"entries":[{"name":"x-a","value":"b"}]}}}"#,
                Respond::LastNode(LastNode {
                    data: LastNodeData::AllEntries,
                    status: 201,
                    headers: vec![("x-a".into(), "b".into())],
                    file: String::new(),
                }),
            ),
        ] {
            assert_eq!(webhook(parameters).unwrap().respond(), expected, "{parameters}");
        }
    }

    #[test]
    fn a_path_that_climbs_is_refused() {
        for path in ["../up", "a b", "a/%2e%2e"] {
            let problems = webhook(&format!(r#"{{"path":"{path}"}}"#)).unwrap_err();
            assert_eq!(problems[0].field.as_deref(), Some("path"));
        }
        assert_eq!(webhook(r#"{"path":"orders/:id"}"#).unwrap().path, "orders/:id");
    }

    #[test]
    fn a_call_becomes_one_item() {
        let body = from_json(r#"{"a":1}"#).unwrap();
        let call = HookCall { method: "POST".into(), url: "http://x/hooks/1".into(), body, ..HookCall::default() };
        let json = r#"{"headers":{},"params":{},"query":{},"body":{"a":1},"webhookUrl":"http://x/hooks/1","executionMode":"production"}"#;
        assert_eq!(call.into_item().json.to_json(), json);
    }

    #[test]
    fn a_webhook_that_asks_its_callers_names_a_credential() {
        let id = CredentialId(uuid::Uuid::from_u128(7));
        let asks = |credential: &str| format!(r#"{{"authentication":"credential","credential":"{credential}"}}"#);
        assert_eq!(webhook(&asks(&id.to_string())).unwrap().credential(), Some(id));
        for wrong in ["", "Shop", "={{ $json.id }}"] {
            let problems = webhook(&asks(wrong)).unwrap_err();
            assert_eq!(problems[0].field.as_deref(), Some("credential"), "{wrong}");
        }
        let open = webhook(&format!(r#"{{"authentication":"none","credential":"{id}"}}"#)).unwrap();
        assert_eq!(open.credential(), None);
    }

    #[test]
    fn whoever_n8n_did_not_let_in_is_not_let_in_after_an_import() {
        for version in [1.0, 1.1, 2.0, 2.1] {
            for (authentication, wanted) in [
                ("basicAuth", "“Basic”"),
                ("headerAuth", "“Header”"),
                ("jwtAuth", "“JWT”"),
                ("n8nOAuth2", "“n8nOAuth2”"),
            ] {
                let json = format!(r#"{{"path":"a","authentication":"{authentication}"}}"#);
                let imported = import(&WebhookTrigger, version, &json).unwrap();
                assert!(imported.remarks.len() == 1 && imported.remarks[0].contains(wanted), "{:?}", imported.remarks);
                let problems = WebhookTrigger.prepare(&imported.parameters).err().unwrap();
                assert_eq!(problems[0].field.as_deref(), Some("credential"), "{authentication}");
            }
            for json in [r#"{"path":"a","authentication":"none"}"#, r#"{"path":"a"}"#] {
                let imported = import(&WebhookTrigger, version, json).unwrap();
                assert!(imported.remarks.is_empty() && WebhookTrigger.prepare(&imported.parameters).is_ok(), "{json}");
            }
        }
    }

    #[test]
    fn what_n8n_asks_of_files_is_asked_here() {
        for (given, expected) in [
            (r#"{"path":"a","options":{"rawBody":true}}"#, r#"{"path":"a","options":{"binaryData":true}}"#),
            (
                r#"{"options":{"binaryData":true,"binaryPropertyName":"own"}}"#,
                r#"{"options":{"binaryData":true,"binaryPropertyName":"own"}}"#,
            ),
            (
                r#"{"responseMode":"lastNode","responseData":"firstEntryBinary","responseBinaryPropertyName":"own","options":{"rawBody":true}}"#,
                r#"{"responseMode":"lastNode","responseData":"firstEntryBinary","options":{"responseBinaryPropertyName":"own","binaryData":true}}"#,
            ),
        ] {
            let imported = import(&WebhookTrigger, 2.0, given).unwrap();
            assert_eq!(imported.parameters.to_json(), expected);
            assert!(webhook(expected).is_ok(), "{expected}");
        }
        let kept = webhook(r#"{"options":{"binaryData":true,"binaryPropertyName":" own "}}"#).unwrap();
        assert_eq!(kept.raw_file(), Some("own"));
        assert_eq!(webhook(r#"{"options":{"binaryData":true}}"#).unwrap().raw_file(), Some(FILE));
        assert_eq!(webhook("{}").unwrap().raw_file(), None);
    }

    #[test]
    fn several_methods_of_n8n_become_any() {
        let imported = import(&WebhookTrigger, 2.0, r#"{"httpMethod":["GET","POST"]}"#).unwrap();
        assert_eq!(imported.parameters.to_json(), r#"{"httpMethod":"*"}"#);
        assert_eq!(imported.remarks.len(), 1);
    }
}
