//! **Form trigger**: starts the workflow when somebody fills in a page.
//!
//! filled in: `Name = Ada, Tags = [x] new` · after: `[{"Name":"Ada","Tags":["new"],"submittedAt":"…","formMode":"production"}]`

mod entry;
mod field;
mod files;
mod import;
mod page;
mod shape;

use std::sync::LazyLock;

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeKind, Problem, Retried, Unsupported, label, parameters, port,
};
use weft_value::{Item, Object, Value};

use super::http_request::Authentication;
use super::webhook::{Access, check_path};
use crate::action::{Trigger, TriggerKind};
use crate::credentials::chosen;
use crate::files::with_file;
use crate::{LastNode, LastNodeData, Respond};

pub use entry::{Entries, Fault, Faults, name_of};
use field::lines;
pub use field::{FieldKind, FormField};
pub use files::Filled;
pub(crate) use import::{fields_of_n8n, insert_answer};
pub(crate) use page::PageFields;
pub(crate) use shape::{answer_form, page_form};

/// The kind.
pub struct FormTrigger;

/// What a form holds at most; each field is a piece of a page.
const MOST_FIELDS: usize = 200;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "formTrigger",
    version: 1,
    label: label("Form trigger", "Déclencheur de formulaire"),
    description: label(
        "Starts the workflow when somebody fills in a page.",
        "Démarre le workflow quand quelqu’un remplit une page.",
    ),
    group: Group::Trigger,
    icon: "clipboard-list",
    color: "violet",
    subtitle: Some("{formTitle}"),
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: shape::form(),
    retried: Retried::Pure,
    documentation: label(
        "The page carries your brand and speaks the language of whoever opens it. Fields are checked on the server. What stands \
         behind the question mark of the address fills in the fields of that name.",
        "La page porte votre marque et parle la langue de qui l’ouvre. Les champs sont vérifiés sur le serveur. Ce qui suit le \
         point d’interrogation de l’adresse remplit les champs de ce nom.",
    ),
});

/// What a form trigger says, once and for all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    /// The path below the hook's own address.
    #[serde(default)]
    pub path: String,
    /// What the page is called.
    #[serde(default)]
    pub form_title: String,
    /// What stands below.
    #[serde(default)]
    pub form_description: String,
    /// What is asked for.
    #[serde(rename = "formFields", default)]
    pub fields: Vec<FormField>,
    /// What the button says; nothing where it says what buttons say.
    #[serde(default)]
    pub button_label: String,
    /// When the page answers.
    #[serde(default)]
    response_mode: ResponseMode,
    #[serde(default)]
    pub(crate) respond_with: RespondWith,
    /// What the page says when it was filled in; nothing where it says what pages say.
    #[serde(rename = "formSubmittedText", default)]
    pub submitted_text: String,
    #[serde(default)]
    pub(crate) redirect_url: String,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, deserialize_with = "chosen", skip_serializing_if = "Option::is_none")]
    credential: Option<CredentialId>,
    #[serde(flatten)]
    access: Access,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum ResponseMode {
    #[default]
    OnReceived,
    LastNode,
}

/// What a form says when it was filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RespondWith {
    #[default]
    Text,
    Redirect,
}

/// What a form answers when it was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted<'a> {
    /// A page.
    Page,
    /// Another address.
    Redirect(&'a str),
}

impl Form {
    /// A page that asks nothing, of this title.
    pub fn titled(title: impl Into<String>) -> Self {
        Self { form_title: title.into(), ..Self::default() }
    }

    /// What whoever opens it has to prove that they know.
    pub fn credential(&self) -> Option<CredentialId> {
        self.credential.filter(|_| self.authentication == Authentication::Credential)
    }

    /// Who may open it at all.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Whoever opens it has to prove that they know this credential.
    pub(crate) fn asking(mut self, credential: Option<CredentialId>) -> Self {
        (self.authentication, self.credential) = match credential {
            Some(_) => (Authentication::Credential, credential),
            None => (Authentication::None, None),
        };
        self
    }

    /// Whether the field that a page calls so takes files.
    pub fn takes_files(&self, name: &str) -> bool {
        self.fields.iter().enumerate().any(|(index, field)| field.kind == FieldKind::File && name_of(index) == name)
    }

    /// When the page answers. The end says no more than whether it was a good one.
    pub(crate) fn respond(&self) -> Respond {
        match self.response_mode {
            ResponseMode::OnReceived => Respond::Nothing,
            ResponseMode::LastNode => {
                Respond::LastNode(LastNode { data: LastNodeData::NoData, status: 200, ..LastNode::default() })
            }
        }
    }

    /// What follows.
    pub fn submitted(&self) -> Submitted<'_> {
        match self.respond_with {
            RespondWith::Text => Submitted::Page,
            RespondWith::Redirect => Submitted::Redirect(&self.redirect_url),
        }
    }

    /// The trigger's item: what was filled in, when, and what the address brought along.
    pub fn item(&self, filled: Filled, now: jiff::Timestamp, zone: &TimeZone, call: &FormCall) -> Item {
        let mut json = filled.values;
        let at: Zoned = now.to_zoned(zone.clone());
        json.insert("submittedAt", at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string());
        json.insert("formMode", if call.is_test { "test" } else { "production" });
        if !call.query.is_empty() {
            json.insert("formQueryParameters", call.query.clone());
        }
        filled.files.into_iter().fold(Item::new(json), |item, (name, file)| with_file(item, name, file))
    }
}

/// What a step that waits for a page tells whoever shows it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FormWait {
    /// The page.
    pub(crate) page: Form,
    /// What its address ends with.
    #[serde(default)]
    pub(crate) suffix: String,
}

impl FormWait {
    /// What was told; nothing where the step waits for something else.
    pub(crate) fn of_details(details: &Value) -> Option<Self> {
        serde_json::from_value(serde_json::to_value(details).ok()?).ok()
    }

    /// The same, to be recorded.
    pub(crate) fn details(&self) -> Value {
        // Texts and numbers in a tree that is as deep as the struct: neither way can fail.
        let json = serde_json::to_vec(self).unwrap_or_default();
        weft_value::from_json_bytes(&json).unwrap_or_default()
    }
}

/// How a form was called.
#[derive(Clone, Debug, Default)]
pub struct FormCall {
    /// What stood behind the question mark.
    pub query: Object,
    /// Whether the editor waited for it.
    pub is_test: bool,
}

impl NodeKind for FormTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.formTrigger"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::imported(node))
    }
}

impl TriggerKind for FormTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let form: Form = parameters(&DESCRIPTOR, given)?;
        check_path(&form.path, "path")?;
        form.access.check("")?;
        check(&form)?;
        Ok(Trigger::Form(Box::new(form)))
    }
}

/// Tells what keeps anybody from filling it in.
pub(crate) fn check(form: &Form) -> Result<(), Vec<Problem>> {
    let invalid = |message: String, field: &str| Err(vec![Problem::error("parameter_invalid", message, field)]);
    if form.fields.len() > MOST_FIELDS {
        return invalid(format!("A form has at most {MOST_FIELDS} fields."), "formFields");
    }
    let mut keys = std::collections::HashSet::new();
    for (index, field) in form.fields.iter().enumerate().filter(|(_, field)| field.is_filled_in()) {
        let place = format!("formFields[{index}]");
        if field.key().trim().is_empty() {
            return invalid("Every field needs a label.".to_owned(), &format!("{place}.fieldLabel"));
        }
        if !keys.insert(field.key()) {
            return invalid(format!("Two fields are called “{}”.", field.key()), &format!("{place}.fieldLabel"));
        }
        let chooses = matches!(field.kind, FieldKind::Dropdown | FieldKind::Radio | FieldKind::Checkbox);
        if chooses && field.choices().next().is_none() {
            return invalid(format!("“{}” has nothing to choose from.", field.key()), &format!("{place}.options"));
        }
    }
    let is_address = form.redirect_url.starts_with("https://") || form.redirect_url.starts_with("http://");
    if form.respond_with == RespondWith::Redirect && !is_address {
        return invalid("The address must begin with https:// or http://.".to_owned(), "redirectUrl");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;

    pub(super) fn form(parameters: &str) -> Result<Form, Vec<Problem>> {
        match FormTrigger.prepare(&from_json(parameters).unwrap())? {
            Trigger::Form(form) => Ok(*form),
            Trigger::Manual
            | Trigger::Webhook(_)
            | Trigger::Schedule(_)
            | Trigger::Called(_)
            | Trigger::Failure
            | Trigger::Poll(_) => {
                panic!("a form is a form")
            }
        }
    }

    #[test]
    fn a_form_that_cannot_be_filled_in_is_refused() {
        for (fields, rest, field) in [
            (r#"{"fieldType":"text"}"#, "", "formFields[0].fieldLabel"),
            (r#"{"fieldLabel":"A"},{"fieldLabel":"B","fieldName":"A"}"#, "", "formFields[1].fieldLabel"),
            (r#"{"fieldLabel":"A","fieldType":"radio","options":" \n "}"#, "", "formFields[0].options"),
            ("", r#","respondWith":"redirect","redirectUrl":"javascript:alert(1)""#, "redirectUrl"),
            ("", r#","path":"../up""#, "path"),
            ("", r#","authentication":"credential""#, "credential"),
        ] {
            let problems = form(&format!(r#"{{"formTitle":"T","formFields":[{fields}]{rest}}}"#)).unwrap_err();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{fields}{rest}");
        }
        assert!(form(r#"{"formTitle":"T","formFields":[{"fieldType":"html","html":"<p>é</p>"}]}"#).is_ok());
        assert!(form(r#"{"formTitle":"T"}"#).is_ok(), "a button alone is a form");
    }

    #[test]
    fn an_item_says_when_and_how() {
        let form = form(r#"{"formTitle":"T"}"#).unwrap();
        let now = "2026-01-31T10:00:00.5Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let values = [("Name", "Zoë")].into_iter().collect();
        let item = form.item(Filled { values, ..Filled::default() }, now, &zone, &FormCall::default());
        assert_eq!(
            item.json.to_json(),
            r#"{"Name":"Zoë","submittedAt":"2026-01-31T11:00:00.500+01:00","formMode":"production"}"#
        );
        let call = FormCall { query: [("source", "mail")].into_iter().collect(), is_test: true };
        let item = form.item(Filled::default(), now, &TimeZone::UTC, &call);
        assert_eq!(item.json.get("formQueryParameters").to_json(), r#"{"source":"mail"}"#);
        assert_eq!(item.json.get("formMode").as_str(), Some("test"));
    }
}
