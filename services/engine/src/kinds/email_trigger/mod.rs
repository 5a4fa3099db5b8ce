//! **Email Trigger**: starts the workflow when a letter arrives in a mailbox (IMAP).
//!
//! before: nothing · after: `[{"subject":"Order","from":"Ada <ada@example.com>","textPlain":"…","metadata":{…},"attributes":{"uid":7}}]`

mod form;
mod import;
mod item;
mod look;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_clients::imap::{Criteria, Server};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Problem, Retried, Unsupported, label, parameters, port,
};
use weft_value::{Value, from_json};
use zeroize::Zeroizing;

use crate::action::{Trigger, TriggerKind};
use crate::credentials::{self, Opened};
use crate::poll::PollTimes;
use crate::remote;
use item::Shape;
use look::Post;

/// The kind.
pub struct EmailTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "emailTrigger",
    version: 1,
    label: label("Email Trigger (IMAP)", "Déclencheur de courriel (IMAP)"),
    description: label(
        "Starts the workflow when an email arrives in a mailbox.",
        "Démarre le workflow quand un courriel arrive dans une boîte.",
    ),
    group: Group::Trigger,
    icon: "inbox",
    color: "green",
    subtitle: Some("{mailbox}"),
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "The mailbox is looked at, every minute unless you say otherwise. Emails that arrived since the workflow was activated and \
         meet the search criteria begin an execution, each once and at most 50 together; they are marked as read after it has \
         begun. Of an email with more than 25 MiB, or one that the server takes too long for, only the header comes, with \
         “tooLarge”. Where the server numbers its emails anew, those are new that arrived after the last look. Executed by hand, it \
         gives the newest email and marks nothing.",
        "La boîte est regardée, chaque minute sauf réglage contraire. Les courriels arrivés depuis l’activation du workflow qui \
         répondent aux critères de recherche démarrent une exécution, chacun une fois et 50 au plus ensemble ; ils sont marqués \
         comme lus une fois qu’elle a commencé. D’un courriel de plus de 25 Mio, ou pour lequel le serveur met trop de temps, ne \
         vient que l’en-tête, avec « tooLarge ». Si le serveur renumérote ses courriels, ceux arrivés après le dernier regard sont \
         nouveaux. Exécuté à la main, il donne le courriel le plus récent et ne marque rien.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    poll_times: Value,
    mailbox: String,
    post_process_action: Afterwards,
    #[serde(flatten)]
    shape: Shape,
    #[serde(default)]
    options: Options,
}

/// What is done with a letter once an execution has begun with it.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Afterwards {
    Read,
    Nothing,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    custom_email_config: Option<String>,
}

impl NodeKind for EmailTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.emailReadImap"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl TriggerKind for EmailTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let given: Parameters = parameters(&DESCRIPTOR, given)?;
        let criteria = criteria(given.options.custom_email_config.as_deref().unwrap_or_default())?;
        Ok(Trigger::Poll(Box::new(Post {
            credential: given.credential,
            times: PollTimes::read(&given.poll_times)?,
            mailbox: given.mailbox.trim().to_owned(),
            afterwards: given.post_process_action,
            shape: given.shape,
            criteria,
        })))
    }
}

/// The criteria of a text: a list as JSON; nothing means unread letters.
fn criteria(text: &str) -> Result<Criteria, Vec<Problem>> {
    let text = if text.trim().is_empty() { form::UNSEEN } else { text };
    let problem = |message: String| vec![Problem::error("parameter_invalid", message, "options.customEmailConfig")];
    let list = from_json(text).map_err(|_| {
        problem(
            "These search criteria are no list as JSON. Write them as [\"UNSEEN\", [\"FROM\", \"ada\"]].".to_owned(),
        )
    })?;
    Criteria::read(&list).map_err(|error| problem(error.to_string()))
}

/// The mail server of a credential.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        begin: remote::begin(opened),
        tls: remote::tls(opened),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_where_it_is() {
        let given = |more: &str| format!(r#"{{"credential":"0198f2a0-0000-7000-8000-000000000007"{more}}}"#);
        for (json, field) in [
            ("{}".to_owned(), "credential"),
            (given(r#","mailbox":"""#), "mailbox"),
            (given(r#","format":"xml""#), "format"),
            (given(r#","options":{"customEmailConfig":"UNSEEN"}"#), "options.customEmailConfig"),
            (given(r#","options":{"customEmailConfig":"[\"LOGOUT\"]"}"#), "options.customEmailConfig"),
            (given(r#","pollTimes":{"item":[{"mode":"everyX","value":0}]}"#), "pollTimes.item[0]"),
        ] {
            let problems = EmailTrigger.prepare(&from_json(&json).unwrap()).err().unwrap_or_default();
            assert_eq!(problems.first().and_then(|problem| problem.field.as_deref()), Some(field), "{json}");
        }
        assert!(EmailTrigger.prepare(&from_json(&given("")).unwrap()).is_ok());
    }
}
