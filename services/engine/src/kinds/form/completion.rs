//! The page at the end of a form.

use serde::{Deserialize, Serialize};
use weft_nodes::{Field, NodeError, Step};
use weft_value::{Object, Value, from_json_bytes};

/// What ends a form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "with", rename_all = "camelCase")]
pub enum Completion {
    /// A title and a text.
    Text {
        /// The title; nothing where it is that of the form.
        title: String,
        /// The text; nothing where it says what pages say.
        message: String,
    },
    /// Another address.
    Redirect {
        /// Which.
        url: String,
    },
    /// Text of its own, in HTML that was not cleaned yet.
    Html {
        /// The text.
        html: String,
    },
}

#[derive(Deserialize)]
#[serde(tag = "respondWith", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Parameters {
    Text {
        #[serde(default)]
        completion_title: Field,
        #[serde(default)]
        completion_message: Field,
    },
    Redirect {
        redirect_url: Field,
    },
    ShowText {
        #[serde(default)]
        response_text: Field,
    },
}

/// What the node keeps it under.
const KEPT: &str = "completion";

impl Parameters {
    /// The page for the first item.
    pub(super) fn for_step(&self, step: &dyn Step) -> Result<Completion, NodeError> {
        let text = |field: &Field| field.text(step, 0).map(|text| text.as_str().to_owned());
        Ok(match self {
            Self::Text { completion_title, completion_message } => {
                Completion::Text { title: text(completion_title)?, message: text(completion_message)? }
            }
            Self::Redirect { redirect_url } => Completion::Redirect { url: address(&text(redirect_url)?)? },
            Self::ShowText { response_text } => Completion::Html { html: text(response_text)? },
        })
    }
}

/// An address that a page may lead to.
fn address(url: &str) -> Result<String, NodeError> {
    let url = url.trim();
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(url.to_owned());
    }
    let message = "The address must begin with https:// or http://.";
    Err(NodeError::new("parameter", message).in_field("redirectUrl").finally())
}

impl Completion {
    /// The same, as the node keeps it for whoever shows it.
    pub(super) fn kept(&self) -> Value {
        // Texts in a tree of two levels: neither way can fail.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let kept: Object = [(KEPT, from_json_bytes(&json).unwrap_or_default())].into_iter().collect();
        kept.into()
    }

    /// What a node kept.
    pub(crate) fn of_kept(kept: &Value) -> Option<Self> {
        serde_json::from_value(serde_json::to_value(kept.get(KEPT)).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;
    use weft_value::from_json;

    use super::*;

    fn completion(parameters: &str) -> Result<Completion, NodeError> {
        let json = serde_json::to_value(from_json(parameters).unwrap()).unwrap();
        let parameters: Parameters = serde_json::from_value(json).unwrap();
        parameters.for_step(&TestStep::new(&[r#"[{"who":"Zoë","to":"https://a.b/?x=1"}]"#]))
    }

    #[test]
    fn an_end_is_kept_and_read_back() {
        let text = |title: &str, message: &str| Completion::Text { title: title.into(), message: message.into() };
        for (parameters, expected) in [
            (
                r#"{"respondWith":"text","completionTitle":"Bye","completionMessage":"=Thanks {{ $json.who }}"}"#,
                text("Bye", "Thanks Zoë"),
            ),
            (r#"{"respondWith":"text"}"#, text("", "")),
            (
                r#"{"respondWith":"redirect","redirectUrl":"={{ $json.to }}"}"#,
                Completion::Redirect { url: "https://a.b/?x=1".into() },
            ),
            (r#"{"respondWith":"showText","responseText":"<b>é</b>"}"#, Completion::Html { html: "<b>é</b>".into() }),
        ] {
            let found = completion(parameters).unwrap();
            assert_eq!(found, expected, "{parameters}");
            assert_eq!(Completion::of_kept(&found.kept()), Some(expected));
        }
        assert_eq!(Completion::of_kept(&Value::Undefined), None);
    }

    #[test]
    fn an_end_leads_to_no_script() {
        let error = completion(r#"{"respondWith":"redirect","redirectUrl":"javascript:alert(1)"}"#).unwrap_err();
        assert_eq!((error.field.as_deref(), error.is_final), (Some("redirectUrl"), true));
    }
}
