//! **Form**: asks whoever fills in a form for another page, or ends it with one.
//!
//! before: `[{"Name":"Ada"}]` · after a page: `[{"Size":"L","submittedAt":"…","formMode":"production"}]` · after the end of the
//! form: `[{"Name":"Ada"}]`

mod completion;
mod import;
mod shape;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_model::execution::Awaited;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported,
    label, parameters, port,
};
use weft_value::Value;

use super::form_trigger::{FormWait, PageFields};
use super::wait::{Limit, Patience, patience};
use crate::action::{ActFailure, Acted, Action, ActionKind, Services, Trigger};
use crate::execution::{Resumed, SignalWait, StepView, WaitFor, passed_on};
use crate::plan::PlanStep;

pub use completion::Completion;

/// The kind.
pub struct FormKind;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "form",
    version: 1,
    label: label("Form", "Formulaire"),
    description: label(
        "Asks whoever fills in a form for another page, or ends it with one.",
        "Demande une page de plus à qui remplit un formulaire, ou le termine par une page.",
    ),
    group: Group::Flow,
    icon: "clipboard-list",
    color: "violet",
    subtitle: Some("{operation} {formTitle}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: shape::form(),
    retried: Retried::Pure,
    documentation: label(
        "Whoever fills in the form of the trigger is led here by itself; others open $execution.resumeFormUrl. A page is answered \
         once. While the execution waits for it, it takes no memory and survives a restart of the server.",
        "Qui remplit le formulaire du déclencheur y est conduit tout seul ; les autres ouvrent $execution.resumeFormUrl. Une page \
         ne reçoit qu’une réponse. Pendant qu’elle l’attend, l’exécution n’occupe pas de mémoire et survit à un redémarrage.",
    ),
});

#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase")]
enum Parameters {
    Page(Box<Page>),
    Completion(Box<completion::Parameters>),
}

/// Another page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(flatten)]
    asks: PageFields,
    define_form: DefineForm,
    #[serde(default)]
    json_output: Field,
    #[serde(default)]
    limit_wait_time: bool,
    #[serde(flatten)]
    limit: Option<Limit>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum DefineForm {
    Fields,
    Json,
}

impl NodeKind for FormKind {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.form"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::imported(node))
    }
}

impl ActionKind for FormKind {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        let prepared: Parameters = parameters(&DESCRIPTOR, given)?;
        if let Parameters::Page(page) = &prepared
            && page.define_form == DefineForm::Fields
        {
            page.asks.check()?;
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
        let input = passed_on(&step.shared_input(0));
        let (items, context) = match (self, &step.resumed) {
            (Self::Page(page), Resumed::No) => match page.wait(step.as_ref(), title(&step))? {
                Some(wait) => return Ok(Acted::wait_for(WaitFor::Signal(wait))),
                None => (input, None),
            },
            (Self::Page(_), Resumed::Signal(items)) => (Arc::clone(items), None),
            (Self::Page(_), Resumed::Timer) => (input, None),
            (Self::Completion(completion), _) => (input, Some(completion.for_step(step.as_ref())?.kept())),
        };
        Ok(Acted::outputs(Outputs { ports: vec![items], context, ..Outputs::default() }))
    }
}

/// What the form is called that this execution began with.
fn title(step: &StepView) -> &str {
    match step.plan.node(step.info.trigger).map(|node| &node.step) {
        Some(PlanStep::Trigger(Trigger::Form(form))) => &form.form_title,
        _ => "",
    }
}

impl Page {
    /// What is waited for; nothing where its time has passed.
    fn wait(&self, step: &dyn Step, title: &str) -> Result<Option<SignalWait>, NodeError> {
        let until = match patience(self.limit.as_ref().filter(|_| self.limit_wait_time), step)? {
            Patience::Over => return Ok(None),
            Patience::Endless => None,
            Patience::Until(until) => Some(until),
        };
        let page = match self.define_form {
            DefineForm::Fields => self.asks.form(step, title)?,
            DefineForm::Json => self.asks.form_of_json(&self.json_output, step, title)?,
        };
        let details = FormWait { page, suffix: String::new() }.details();
        Ok(Some(SignalWait { awaited: Awaited::Call, details, until }))
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;
    use weft_value::from_json;

    use super::*;

    fn page(node: &str) -> Result<Page, Vec<Problem>> {
        let given = from_json(node).unwrap();
        FormKind.prepare(&given)?;
        match parameters(&DESCRIPTOR, &given)? {
            Parameters::Page(page) => Ok(*page),
            Parameters::Completion(_) => panic!("it asks for a page"),
        }
    }

    #[test]
    fn a_page_is_told_to_whoever_shows_it() {
        let step = TestStep::new(&[r#"[{"who":"Zoë"}]"#]);
        let node = r#"{"formTitle":"=For {{ $json.who }}","formFields":[{"fieldLabel":"Size"}],"buttonLabel":"Next",
            "limitWaitTime":true,"resumeAmount":2,"resumeUnit":"minutes"}"#;
        let wait = page(node).unwrap().wait(&step, "Sign up").unwrap().unwrap();
        assert_eq!(wait.until.unwrap().as_second(), 120);
        let read = FormWait::of_details(&wait.details).unwrap();
        assert_eq!((read.page.form_title.as_str(), read.page.button_label.as_str()), ("For Zoë", "Next"));
        assert_eq!(read.page.fields[0].key(), "Size");
        let json = r#"{"defineForm":"json","jsonOutput":"[{\"fieldLabel\":\"Age\",\"fieldType\":\"number\"}]"}"#;
        let wait = page(json).unwrap().wait(&step, "Sign up").unwrap().unwrap();
        let read = FormWait::of_details(&wait.details).unwrap();
        assert_eq!((read.page.form_title.as_str(), wait.until), ("Sign up", None));
    }

    #[test]
    fn a_page_that_cannot_be_filled_in_is_refused() {
        for (node, field) in [
            (r#"{"formFields":[{"fieldType":"text"}]}"#, "formFields[0].fieldLabel"),
            (r#"{"operation":"completion","respondWith":"redirect"}"#, "redirectUrl"),
        ] {
            let problems = FormKind.prepare(&from_json(node).unwrap()).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{node}");
        }
        assert!(page("{}").is_ok(), "a button alone is a page");
    }
}
