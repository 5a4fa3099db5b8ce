//! **Wait**: passes its items on after some time, or gives the call of an address.
//!
//! before: `[{"a":1}]`
//! with: `{"amount":0}`
//! after: `[{"a":1}]`; with five minutes, five minutes later
//!
//! before: `[{"a":1}]` · after a call: `[{"headers":{…},"body":{…},…}]` · after a page: `[{"Name":"Ada",…}]`

mod form;
mod import;
mod length;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_model::CredentialId;
use weft_model::execution::Awaited;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, label,
    parameters, port,
};
use weft_value::Value;

use super::form_trigger::{self, FormWait, PageFields};
use super::http_request::Authentication;
use super::webhook::{Webhook, check_path};
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::chosen;
use crate::execution::{Resumed, SignalWait, StepView, WaitFor, passed_on};
use length::Length;

pub(crate) use form::limit;
pub(crate) use import::LIMITS;
pub(crate) use length::{Limit, Patience, patience};

/// The kind.
pub struct Wait;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "wait",
    version: 1,
    label: label("Wait", "Attendre"),
    description: label("Passes its items on later.", "Transmet ses éléments plus tard."),
    group: Group::Flow,
    icon: "clock",
    color: "yellow",
    subtitle: Some("{amount} {unit} {dateTime} {httpMethod}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "A waiting execution takes no memory and survives a restart of the server. The address to call is $execution.resumeUrl.",
        "Une exécution en attente n’occupe pas de mémoire et survit à un redémarrage du serveur. L’adresse à appeler est $execution.resumeUrl.",
    ),
});

#[derive(Deserialize)]
#[serde(tag = "resume", rename_all = "camelCase")]
enum Parameters {
    TimeInterval(length::Interval),
    SpecificTime(length::Moment),
    Webhook(Box<OnCall>),
    Form(Box<OnPage>),
}

/// A wait for a page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OnPage {
    #[serde(flatten)]
    page: PageFields,
    #[serde(default)]
    respond_with: form_trigger::RespondWith,
    #[serde(default)]
    form_submitted_text: String,
    #[serde(default)]
    redirect_url: String,
    #[serde(default)]
    form_suffix: String,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, deserialize_with = "chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    limit_wait_time: bool,
    #[serde(flatten)]
    limit: Option<Limit>,
}

/// A wait for a call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OnCall {
    #[serde(flatten)]
    call: Webhook,
    #[serde(default)]
    limit_wait_time: bool,
    #[serde(flatten)]
    limit: Option<Limit>,
}

impl NodeKind for Wait {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.wait"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::from_n8n(node)
    }
}

impl ActionKind for Wait {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        let mut prepared: Parameters = parameters(&DESCRIPTOR, given)?;
        match &mut prepared {
            Parameters::Webhook(on_call) => {
                on_call.call.listen_at_suffix("options.webhookSuffix")?;
                on_call.call.check()?;
            }
            Parameters::Form(on_page) => on_page.check()?,
            Parameters::TimeInterval(_) | Parameters::SpecificTime(_) => {}
        }
        Ok(Box::new(prepared))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, _services: &Services) -> Result<Acted, ActFailure> {
        let ports = match &step.resumed {
            Resumed::No => match self.wait_for(step.as_ref())? {
                Some(what) => return Ok(Acted::wait_for(what)),
                None => vec![passed_on(&step.shared_input(0))],
            },
            Resumed::Timer => vec![passed_on(&step.shared_input(0))],
            Resumed::Signal(items) => vec![Arc::clone(items)],
        };
        Ok(Acted::outputs(Outputs { ports, ..Outputs::default() }))
    }
}

impl Parameters {
    /// What is waited for; nothing where its time has passed.
    fn wait_for(&self, step: &dyn Step) -> Result<Option<WaitFor>, NodeError> {
        let ahead = |until| (until > step.now()).then_some(until);
        match self {
            Self::TimeInterval(length) => Ok(ahead(length.until(step)?).map(WaitFor::Moment)),
            Self::SpecificTime(length) => Ok(ahead(length.until(step)?).map(WaitFor::Moment)),
            Self::Webhook(on_call) => {
                let limit = on_call.limit.as_ref().filter(|_| on_call.limit_wait_time);
                Ok(for_call(patience(limit, step)?, on_call.call.details()))
            }
            Self::Form(on_page) => {
                let limit = on_page.limit.as_ref().filter(|_| on_page.limit_wait_time);
                Ok(for_call(patience(limit, step)?, on_page.wait(step)?.details()))
            }
        }
    }
}

fn for_call(patience: Patience, details: Value) -> Option<WaitFor> {
    let until = match patience {
        Patience::Over => return None,
        Patience::Endless => None,
        Patience::Until(until) => Some(until),
    };
    Some(WaitFor::Signal(SignalWait { awaited: Awaited::Call, details, until }))
}

impl OnPage {
    fn check(&self) -> Result<(), Vec<Problem>> {
        check_path(&self.form_suffix, "formSuffix")?;
        self.page.check()?;
        form_trigger::check(&self.answering(form_trigger::Form::default()))
    }

    fn wait(&self, step: &dyn Step) -> Result<FormWait, NodeError> {
        Ok(FormWait { page: self.answering(self.page.form(step, "")?), suffix: self.form_suffix.clone() })
    }

    /// The page, with what it says when it was filled in.
    fn answering(&self, mut page: form_trigger::Form) -> form_trigger::Form {
        page.respond_with = self.respond_with;
        page.submitted_text.clone_from(&self.form_submitted_text);
        page.redirect_url.clone_from(&self.redirect_url);
        page.asking(self.credential.filter(|_| self.authentication == Authentication::Credential))
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;
    use weft_value::from_json;

    use super::*;

    fn prepared(node: &str) -> Result<Parameters, Vec<Problem>> {
        let given = from_json(node).unwrap();
        Wait.prepare(&given)?;
        parameters(&DESCRIPTOR, &given)
    }

    /// When a wait that begins at the Unix epoch ends, in seconds after it; nothing where nothing is waited for.
    fn ends(node: &str) -> Result<Option<f64>, NodeError> {
        let what = prepared(node).unwrap().wait_for(&TestStep::new(&["[{}]"]))?;
        Ok(what
            .and_then(|what| match what {
                WaitFor::Moment(until) => Some(until),
                WaitFor::Signal(wait) => wait.until,
                WaitFor::Execution(_) => None,
            })
            .map(|until| until.as_millisecond() as f64 / 1000.0))
    }

    #[test]
    fn a_wait_has_a_length() {
        for (node, seconds) in [
            ("{}", Some(5.0)),
            (r#"{"amount":2,"unit":"minutes"}"#, Some(120.0)),
            (r#"{"amount":0.5,"unit":"seconds"}"#, Some(0.5)),
            (r#"{"amount":"1","unit":"days"}"#, Some(86_400.0)),
            (r#"{"amount":0}"#, None),
            (r#"{"resume":"webhook"}"#, None),
            (r#"{"resume":"form","formTitle":"T"}"#, None),
            (r#"{"resume":"form","formTitle":"T","limitWaitTime":true,"resumeAmount":3}"#, Some(10_800.0)),
            (r#"{"resume":"webhook","limitWaitTime":true,"resumeAmount":2,"resumeUnit":"minutes"}"#, Some(120.0)),
            (
                r#"{"resume":"webhook","limitWaitTime":true,"limitType":"atSpecifiedTime","maxDateAndTime":"1970-01-02T00:00:00Z"}"#,
                Some(86_400.0),
            ),
        ] {
            assert_eq!(ends(node).unwrap(), seconds, "{node}");
        }
        for node in [
            r#"{"amount":-1}"#,
            r#"{"amount":"soon"}"#,
            r#"{"resume":"webhook","limitWaitTime":true,"resumeAmount":-1}"#,
        ] {
            assert!(ends(node).is_err(), "{node}");
        }
    }

    #[test]
    fn a_wait_may_end_at_a_moment() {
        for (moment, seconds) in [
            (r#""1970-01-02T00:00:00Z""#, Ok(Some(86_400.0))),
            (r#""1970-01-01T02:00:00+01:00""#, Ok(Some(3600.0))),
            (r#""1970-01-01T00:01:00""#, Ok(Some(60.0))),
            (r#""1969-12-31T00:00:00Z""#, Ok(None)),
            (r#""2020-01-01T00:00:00Z""#, Err(())),
            (r#""next week""#, Err(())),
            ("{}", Err(())),
        ] {
            let found = ends(&format!(r#"{{"resume":"specificTime","dateTime":{moment}}}"#)).map_err(|_| ());
            assert_eq!(found, seconds, "{moment}");
        }
    }

    #[test]
    fn a_page_is_described_to_whoever_shows_it() {
        let node = r#"{"resume":"form","formTitle":"=Is {{ 1 }} right?","formFields":[{"fieldLabel":"Yes","fieldType":"checkbox","options":"Yes"}],
            "respondWith":"redirect","redirectUrl":"https://a.b","formSuffix":"approve"}"#;
        let Some(WaitFor::Signal(wait)) = prepared(node).unwrap().wait_for(&TestStep::new(&["[{}]"])).unwrap() else {
            panic!("it waits for a signal")
        };
        assert!(Webhook::of_details(&wait.details).is_none(), "it is no call");
        let FormWait { page, suffix } = FormWait::of_details(&wait.details).unwrap();
        assert_eq!((page.form_title.as_str(), suffix.as_str()), ("Is 1 right?", "approve"));
        assert_eq!(page.submitted(), form_trigger::Submitted::Redirect("https://a.b"));
        for (node, field) in [
            (r#"{"resume":"form","formTitle":"T","formSuffix":"../up"}"#, "formSuffix"),
            (r#"{"resume":"form","formTitle":"T","respondWith":"redirect"}"#, "redirectUrl"),
            (r#"{"resume":"form","formTitle":"T","formFields":[{}]}"#, "formFields[0].fieldLabel"),
        ] {
            let problems = prepared(node).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{node}");
        }
    }

    #[test]
    fn a_call_is_described_to_whoever_receives_it() {
        let node = r#"{"resume":"webhook","httpMethod":"POST","responseMode":"lastNode","options":{"webhookSuffix":"approve/:who","rawBody":true}}"#;
        let mut given = prepared(node).unwrap();
        let Parameters::Webhook(on_call) = &mut given else { panic!("it waits for a call") };
        on_call.call.listen_at_suffix("").unwrap();
        let read = Webhook::of_details(&on_call.call.details()).unwrap();
        assert_eq!(
            (read.methods(), read.path.as_str(), read.wants_raw_body()),
            (["POST".to_owned()].as_slice(), "approve/:who", true)
        );
        assert_eq!(read.respond(), on_call.call.respond());
        let refused = prepared(r#"{"resume":"webhook","options":{"webhookSuffix":"../up"}}"#).err().unwrap();
        assert_eq!(refused[0].field.as_deref(), Some("options.webhookSuffix"));
    }
}
