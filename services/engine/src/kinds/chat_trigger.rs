//! **Chat trigger**: starts the workflow with each message of a conversation, and answers it.
//!
//! before: `POST …/chat {"action":"sendMessage","chatInput":"Hi","sessionId":"7"}` · after:
//! `[{"action":"sendMessage","chatInput":"Hi","sessionId":"7"}]`

use std::sync::LazyLock;

use weft_nodes::{
    Descriptor, Group, Imported, Label, N8nNode, NodeKind, Parameter, ParameterType, Problem, Retried, Unsupported,
    choice, field, label, parameters_with, port,
};
use weft_value::{Object, Value};

use super::webhook::{Webhook, callers_of_n8n};
use crate::action::{Trigger, TriggerKind};

/// The kind.
pub struct ChatTrigger;

/// What its address ends with, as n8n's do.
const PATH: &str = "chat";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "chatTrigger",
    version: 1,
    label: label("Chat trigger", "Déclencheur de conversation"),
    description: label(
        "Starts the workflow with each message of a conversation, and answers it.",
        "Démarre le workflow à chaque message d’une conversation, et y répond.",
    ),
    group: Group::Trigger,
    icon: "messages-square",
    color: "violet",
    subtitle: None,
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Open its address to write on a page in your brand, or send {\"action\": \"sendMessage\", \"chatInput\": \"…\", \"sessionId\": \"…\"} as JSON to it. The answer is the \
         first item of the last node, or what a Respond to webhook node says.",
        "Ouvrez son adresse pour écrire sur une page à votre marque, ou envoyez-lui {\"action\": \"sendMessage\", \"chatInput\": \"…\", \"sessionId\": \"…\"} en JSON. La réponse est le \
         premier élément du dernier nœud, ou ce que dit un nœud Répondre au webhook.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Boolean, "public", label("Public", "Public")).literal().or(true).help(
            "Otherwise it is only written to from the editor, at its test address.",
            "Sinon, on ne lui écrit que depuis l’éditeur, à son adresse de test.",
        ),
        field(ParameterType::Options, "authentication", label("Callers", "Appelants"))
            .help(
                "Who may write; other messages are refused before the workflow starts.",
                "Qui peut écrire ; les autres messages sont refusés avant que le workflow ne démarre.",
            )
            .or("none")
            .choices([
                choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
                choice("credential", label("Who proves it with a credential", "Qui le prouve avec un identifiant")),
            ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "The user and the password that are asked for.",
                "L’utilisateur et le mot de passe qui sont demandés.",
            )
            .credentials(["basic"])
            .required()
            .when("authentication", ["credential"]),
        field(ParameterType::Options, "responseMode", label("Answer", "Répondre"))
            .help(
                "When the message is answered, and from where the answer comes.",
                "Quand le message reçoit sa réponse, et d’où elle vient.",
            )
            .or("lastNode")
            .choices([
                choice("lastNode", label("When the last node has finished", "Quand le dernier nœud a terminé")).help(
                    "The answer is the first item of the node that was executed last.",
                    "La réponse est le premier élément du dernier nœud exécuté.",
                ),
                choice("responseNode", label("With a Respond to webhook node", "Avec un nœud Répondre au webhook"))
                    .help(
                        "The workflow decides when to answer and what.",
                        "Le workflow décide quand répondre et quoi.",
                    ),
            ]),
        field(ParameterType::Options, "mode", label("Written to", "On lui écrit"))
            .help(
                "Either way, the address takes messages as JSON.",
                "Dans les deux cas, l’adresse accepte des messages en JSON.",
            )
            .literal()
            .or("hostedChat")
            .choices([
                choice("hostedChat", label("On a page at its address", "Sur une page, à son adresse")),
                choice("webhook", label("By programs alone", "Par des programmes seulement")),
            ]),
        of_page("title", label("Title of the page", "Titre de la page"))
            .help("Empty for the words that pages have by themselves.", "Vide pour le texte habituel des pages."),
        of_page("subtitle", label("Below the title", "Sous le titre"))
            .help("A line that says what can be asked here.", "Une ligne qui dit ce qu’on peut demander ici."),
        of_page("initialMessages", label("First messages", "Premiers messages"))
            .rows(3)
            .help("One a line. The workflow is not told.", "Un par ligne. Le workflow n’en sait rien."),
        of_page("inputPlaceholder", label("Example inside", "Exemple dans le champ")).help(
            "Shown in the field that messages are written in, while it is empty.",
            "Affiché dans le champ où l’on écrit, tant qu’il est vide.",
        ),
        field(ParameterType::String, "allowedOrigins", label("Pages that may write", "Pages qui peuvent écrire"))
            .literal()
            .or("*")
            .example("https://example.com")
            .help(
                "The origins whose pages may send messages from a browser, separated by commas; * for all of them.",
                "Les origines dont les pages peuvent envoyer des messages depuis un navigateur, séparées par des virgules ; * pour toutes.",
            ),
    ]
}

/// A text of the page.
fn of_page(name: &'static str, label: Label) -> Parameter {
    field(ParameterType::String, name, label).literal().or("").when("mode", ["hostedChat"])
}

impl NodeKind for ChatTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["@n8n/n8n-nodes-langchain.chatTrigger"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(imported(node.parameters))
    }
}

impl TriggerKind for ChatTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let webhook: Webhook = parameters_with(&DESCRIPTOR, given, |filled| {
            let public = filled.get("public").and_then(Value::as_bool).unwrap_or(true);
            let mut chat: Object = [("public", public)].into_iter().collect();
            if filled.get("mode").and_then(Value::as_str) == Some("hostedChat") {
                chat.insert("page", TEXTS.map(|name| (name, text(filled.get(name)))).into_iter().collect::<Object>());
            }
            filled.insert("chat", chat);
            filled.insert("httpMethod", "POST");
            filled.insert("path", PATH);
        })?;
        Ok(Trigger::Webhook(Box::new(webhook)))
    }
}

/// The texts of the page.
const TEXTS: [&str; 4] = ["title", "subtitle", "initialMessages", "inputPlaceholder"];

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The page that n8n hosts: n8n keeps the first messages beside the other texts.
fn page_of_n8n(given: &Value, ours: &mut Object, remarks: &mut Vec<String>) {
    ours.insert("mode", "hostedChat");
    let options = given.get("options");
    for name in TEXTS {
        let from = if name == "initialMessages" { given } else { options };
        match from.get(name).as_str().filter(|text| !text.trim().is_empty()) {
            Some(text) if text.starts_with('=') => remarks.push(
                "A text of the page of this conversation is an expression: nothing is known yet when the page is opened. It is left out."
                    .into(),
            ),
            Some(text) => ours.insert(name, text),
            None => {}
        }
    }
    if options.get("showWelcomeScreen").as_bool() == Some(true) {
        remarks.push("The page of this conversation has no screen before it: one writes at once.".into());
    }
    if options.get("customCss").as_str().is_some_and(|css| !css.trim().is_empty()) {
        remarks.push("The page of this conversation looks as the brand says; its style is left out.".into());
    }
}

/// What n8n does beside the conversation is told where it has no counterpart.
fn imported(given: &Value) -> Imported {
    let (mut ours, mut remarks) = (Object::new(), Vec::new());
    let (is_public, options) = (given.get("public").as_bool() == Some(true), given.get("options"));
    ours.insert("public", is_public);
    if let Some(remark) = callers_of_n8n(given.get("authentication")).filter(|_| is_public) {
        ours.insert("authentication", "credential");
        remarks.push(remark);
    }
    let mode = match options.get("responseMode").as_str() {
        Some("responseNode") => "responseNode",
        Some("streaming") => {
            remarks.push(
                "Streaming answers are not there yet: the answer is sent when the last node has finished.".into(),
            );
            "lastNode"
        }
        Some("responseNodes") => {
            remarks.push(
                "Nodes do not answer a conversation one by one yet: the answer is what the last node gives.".into(),
            );
            "lastNode"
        }
        _ => "lastNode",
    };
    ours.insert("responseMode", mode);
    if is_public && given.get("mode").as_str() == Some("webhook") {
        ours.insert("mode", "webhook");
    } else if is_public {
        page_of_n8n(given, &mut ours, &mut remarks);
    }
    if let Some(origins) = options.get("allowedOrigins").as_str().filter(|origins| !origins.trim().is_empty()) {
        ours.insert("allowedOrigins", origins);
    }
    if options.get("allowFileUploads").as_bool() == Some(true) {
        remarks.push("A conversation takes no files yet: they are not given to the workflow.".into());
    }
    if options.get("loadPreviousSession").as_str().is_some_and(|load| load != "notSupported") {
        remarks.push("Earlier messages of a conversation are not loaded yet: it begins anew.".into());
    }
    Imported { parameters: ours.into(), remarks }
}

#[cfg(test)]
mod tests {
    use weft_model::CredentialId;
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;
    use crate::{HookCall, LastNode, LastNodeData, Respond};

    fn chat(parameters: &str) -> Result<Webhook, Vec<Problem>> {
        match ChatTrigger.prepare(&from_json(parameters).unwrap())? {
            Trigger::Webhook(webhook) => Ok(*webhook),
            _ => panic!("a conversation is called"),
        }
    }

    #[test]
    fn a_message_becomes_one_item() {
        let chat = chat("{}").unwrap();
        assert_eq!(
            (chat.methods(), chat.path.as_str(), chat.is_public()),
            (["POST".to_owned()].as_slice(), "chat", true)
        );
        assert!(chat.chat_page().is_some_and(|page| page.title.is_empty()));
        let last = LastNode { data: LastNodeData::FirstEntryJson, status: 200, ..LastNode::default() };
        assert_eq!(chat.respond(), Respond::LastNode(last));
        let message = |body: &str| HookCall { body: from_json(body).unwrap(), ..HookCall::default() };
        let said = r#"{"action":"sendMessage","chatInput":"Été ?","sessionId":"7","metadata":{"a":1}}"#;
        assert_eq!(chat.item(message(said)).unwrap().json.to_json(), said);
        for wrong in ["{}", "[]", r#""Hi""#, r#"{"chatInput":7}"#, r#"{"chatInput":"Hi","action":"forget"}"#] {
            assert!(chat.item(message(wrong)).is_err(), "{wrong}");
        }
        assert!(chat.item(message(r#"{"chatInput":""}"#)).is_ok());
    }

    #[test]
    fn a_conversation_may_ask_who_writes_and_answer_by_a_node() {
        let id = CredentialId(uuid::Uuid::from_u128(7));
        let asking = format!(
            r#"{{"public":false,"authentication":"credential","credential":"{id}","responseMode":"responseNode"}}"#
        );
        let chat_of = chat(&asking).unwrap();
        assert_eq!((chat_of.credential(), chat_of.is_public()), (Some(id), false));
        assert_eq!(chat_of.respond(), Respond::Node);
        let problems = chat(r#"{"authentication":"credential"}"#).unwrap_err();
        assert_eq!(problems[0].field.as_deref(), Some("credential"));
    }

    #[test]
    fn a_conversation_may_be_held_on_a_page() {
        let texts =
            r#"{"title":"Été","subtitle":"Ask","initialMessages":"Hi\n \n How are you? ","inputPlaceholder":"…"}"#;
        let chat_of = chat(texts).unwrap();
        let page = chat_of.chat_page().unwrap();
        assert_eq!((page.title.as_str(), page.subtitle.as_str(), page.input_placeholder.as_str()), ("Été", "Ask", "…"));
        assert_eq!(page.first_messages().collect::<Vec<_>>(), ["Hi", "How are you?"]);
        assert!(chat(r#"{"mode":"webhook","title":"T"}"#).unwrap().chat_page().is_none());
    }

    #[test]
    fn conversations_of_every_version_are_taken_over() {
        for version in [1.0, 1.1, 1.2, 1.3, 1.4, 1.5] {
            for (node, ours, remarks) in [
                (
                    r#"{"public":true,"initialMessages":"Salut\nÇa va ?","options":{"title":"T","subtitle":"={{ 1 }}","inputPlaceholder":"P","showWelcomeScreen":true,"customCss":"*{}"}}"#,
                    r#"{"public":true,"responseMode":"lastNode","mode":"hostedChat","title":"T","initialMessages":"Salut\nÇa va ?","inputPlaceholder":"P"}"#,
                    3,
                ),
                ("{}", r#"{"public":false,"responseMode":"lastNode"}"#, 0),
                (
                    r#"{"public":true,"mode":"webhook","options":{"responseMode":"responseNode"}}"#,
                    r#"{"public":true,"responseMode":"responseNode","mode":"webhook"}"#,
                    0,
                ),
                (
                    r#"{"public":true,"authentication":"basicAuth","options":{"responseMode":"streaming","allowFileUploads":true,"loadPreviousSession":"memory"}}"#,
                    r#"{"public":true,"authentication":"credential","responseMode":"lastNode","mode":"hostedChat"}"#,
                    4,
                ),
                (
                    r#"{"public":true,"mode":"webhook","authentication":"n8nUserAuth","options":{"responseMode":"responseNodes"}}"#,
                    r#"{"public":true,"authentication":"credential","responseMode":"lastNode","mode":"webhook"}"#,
                    2,
                ),
            ] {
                let imported = import(&ChatTrigger, version, node).unwrap();
                assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (ours, remarks), "{node}");
                let is_open = !ours.contains("credential");
                assert_eq!(
                    ChatTrigger.prepare(&imported.parameters).is_ok(),
                    is_open,
                    "nobody is let in who was not before"
                );
            }
        }
    }
}
