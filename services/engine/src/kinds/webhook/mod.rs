//! **Webhook**: starts the workflow when somebody calls its address.
//!
//! before: `POST …/orders {"id":1}` · after: `[{"headers":{…},"params":{},"query":{},"body":{"id":1},…}]`

mod access;
mod call;
mod condition;
mod form;
mod import;
mod options;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeKind, Ports, Problem, Retried, Unsupported, label, parameters, port,
};
use weft_value::{Item, Value};

pub(crate) use access::access_form;
pub use access::{Access, Origins, TurnedAway};
pub use call::HookCall;
pub(crate) use form::{call_form, callers_form};
pub(crate) use import::{addresses_of_n8n, call_of_n8n, callers_of_n8n, insert_callers};
use options::Options;
pub(crate) use options::{Headers, call_options};

use super::http_request::Authentication;
use crate::action::{Trigger, TriggerKind};
use crate::answer::TEXT;
use crate::credentials::chosen;
use crate::{Answer, LastNode, LastNodeData, Respond};

/// The kind.
pub struct WebhookTrigger;

/// What a file is called whose caller gave it no name.
pub const FILE: &str = "data";
/// The methods that can be listened to.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// Those of a webhook that takes several and does not say which.
const SEVERAL: [&str; 2] = ["GET", "POST"];

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
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "The address stays the same for ever. While you build, “Wait for a test call” takes one call of the test address.",
        "L’adresse reste la même pour toujours. Pendant la construction, « Attendre un appel de test » prend un appel de l’adresse de test.",
    ),
});

/// What a webhook node says, once and for all.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The method, `*` for any.
    #[serde(default)]
    http_method: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    multiple_methods: bool,
    /// The methods where there are several, in the order of their outputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    http_methods: Vec<String>,
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
    /// The pages that may send the messages of a conversation, which has no other options.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    allowed_origins: String,
    /// What it is more where it takes the messages of a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chat: Option<Chat>,
}

/// A webhook that takes the messages of a conversation.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Chat {
    /// Whether it has an address while nobody waits in the editor.
    public: bool,
    /// The page that it is held on; nothing where its messages are sent to the address alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<ChatPage>,
}

/// The page of a conversation. What is empty is what pages say themselves.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChatPage {
    /// What it is called.
    pub title: String,
    /// What stands below.
    pub subtitle: String,
    /// What is said before anybody writes: one message a line.
    pub initial_messages: String,
    /// An example inside of the field that is written in.
    pub input_placeholder: String,
}

impl ChatPage {
    /// What is said before anybody writes.
    pub fn first_messages(&self) -> impl Iterator<Item = &str> {
        self.initial_messages.lines().map(str::trim).filter(|line| !line.is_empty())
    }
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

    /// The methods that it takes, `*` for any.
    pub fn methods(&self) -> &[String] {
        if self.multiple_methods { &self.http_methods } else { std::slice::from_ref(&self.http_method) }
    }

    /// Whether it takes calls with this method.
    pub fn takes(&self, method: &str) -> bool {
        self.methods().iter().any(|known| known == "*" || known == method)
    }

    /// The output at which a call with this method comes out.
    pub fn output_of(&self, method: &str) -> usize {
        self.methods().iter().position(|known| known == method).unwrap_or_default()
    }

    /// Who may call at all.
    pub fn access(&self) -> &Access {
        &self.options.access
    }

    /// The pages that may call.
    pub fn origins(&self) -> Origins {
        let of_options = &self.options.allowed_origins;
        Origins::of(if of_options.is_empty() { &self.allowed_origins } else { of_options })
    }

    /// Whether the call that this item was made of is to begin something, by the condition that the node sets. One that cannot be
    /// evaluated lets it begin: a call is rather taken in vain than lost.
    pub fn wants(&self, item: &Item, now: Timestamp, zone: &TimeZone) -> bool {
        self.options.only_run_if.holds(item, now, zone)
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

    /// The page of the conversation; nothing where it has none.
    pub fn chat_page(&self) -> Option<&ChatPage> {
        self.chat.as_ref()?.page.as_ref()
    }

    /// Whether it has an address while nobody waits in the editor.
    pub fn is_public(&self) -> bool {
        self.chat.as_ref().is_none_or(|chat| chat.public)
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
                let text = self.options.response_data.as_ref().filter(|text| !text.is_empty());
                let answer = match text {
                    Some(text) => Answer::of_type(self.response_code, TEXT, text.clone()),
                    None if self.options.no_response_body => Answer::empty(self.response_code),
                    None => Answer::message(self.response_code, "Workflow was started"),
                };
                Respond::AtOnce(answer.with_headers(headers))
            }
            ResponseMode::LastNode => {
                let trimmed = |text: &String| text.trim().to_owned();
                Respond::LastNode(LastNode {
                    data: self.response_data,
                    status: self.response_code,
                    headers,
                    file: trimmed(&self.options.response_binary_property_name),
                    property: trimmed(&self.options.response_property_name),
                    media_type: trimmed(&self.options.response_content_type),
                })
            }
            ResponseMode::ResponseNode => Respond::Node,
        }
    }

    /// How the caller is answered of a call that nothing begins for.
    pub fn unwanted(&self) -> Answer {
        let headers = self.options.response_headers.pairs();
        Answer::message(self.response_code, "The call was received; nothing begins for it.").with_headers(headers)
    }

    /// Tells what of it cannot be.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        self.options.access.check("options.")?;
        if self.multiple_methods && self.http_methods.is_empty() {
            let message = "“HTTP methods” must be filled in.";
            return Err(vec![Problem::error("parameter_required", message, "httpMethods")]);
        }
        Ok(())
    }
}

impl NodeKind for WebhookTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, given: &Value) -> Ports {
        let several = given.get("multipleMethods").as_bool() == Some(true);
        let methods = given.get("httpMethods").as_array();
        let named = methods.map_or_else(
            || SEVERAL.map(port).to_vec(),
            |methods| methods.iter().filter_map(Value::as_str).map(port).collect(),
        );
        let outputs = if several && !named.is_empty() { named } else { DESCRIPTOR.outputs.clone() };
        Ports { inputs: Vec::new(), outputs, required_inputs: 1 }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.webhook"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut imported = call_of_n8n(node);
        let mut parameters = imported.parameters.as_object().cloned().unwrap_or_default();
        insert_callers(&mut parameters, node.parameters.get("authentication"), &mut imported.remarks);
        Ok(Imported { parameters: parameters.into(), ..imported })
    }
}

impl TriggerKind for WebhookTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let webhook: Webhook = parameters(&DESCRIPTOR, given)?;
        check_path(&webhook.path, "path")?;
        webhook.check()?;
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
