//! Parameters that differ from page to page.

use serde::Deserialize;
use weft_connectors::HttpRequest as Request;
use weft_nodes::{Field, NodeError, Step};
use weft_value::{Value, from_json_bytes};

use crate::sign_in::put_query;

/// Parameters, in n8n's nesting.
#[derive(Default, Deserialize)]
pub(super) struct PageParameters {
    #[serde(default)]
    pub(super) parameters: Vec<PageParameter>,
}

/// One of them.
#[derive(Deserialize)]
pub(super) struct PageParameter {
    #[serde(default, rename = "type")]
    place: Place,
    #[serde(default)]
    name: Field,
    #[serde(default)]
    value: Field,
}

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Place {
    #[default]
    Qs,
    Headers,
    Body,
}

impl PageParameter {
    /// Sets the parameter in place of one of the same name. One without a value is left as it is.
    pub(super) fn put(&self, request: &mut Request, step: &dyn Step, index: usize) -> Result<(), NodeError> {
        let name = self.name.text(step, index)?;
        let value = self.value.resolve(step, index)?;
        if name.is_empty() || value.is_nullish() {
            return Ok(());
        }
        let text = self.value.text(step, index)?;
        match self.place {
            Place::Qs => put_query(request, &name, &text),
            Place::Headers => {
                request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
                request.headers.push((name.to_string(), text.to_string()));
                Ok(())
            }
            Place::Body => put_in_body(request, &name, (value, &text)),
        }
    }
}

/// Sets a field of a body that is a JSON object or a form; of no body it makes a JSON object.
fn put_in_body(request: &mut Request, name: &str, (value, text): (Value, &str)) -> Result<(), NodeError> {
    let media_type = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case("content-type"));
    let is_form = media_type.is_some_and(|(_, kind)| kind.starts_with("application/x-www-form-urlencoded"));
    if is_form {
        let old: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(old.into_iter().filter(|(known, _)| known != name));
        form.append_pair(name, text);
        request.body = form.finish().into();
        return Ok(());
    }
    let old = if request.body.is_empty() { Ok(Value::empty_object()) } else { from_json_bytes(&request.body) };
    let Some(Value::Object(body)) = old.ok().filter(|_| request.upload.is_none()) else {
        let message = "A page’s parameter goes into a body that is a JSON object or a form. This one is neither.";
        return Err(NodeError::new("parameter", message).in_field("pagination"));
    };
    let mut body = (*body).clone();
    body.insert(name, value);
    request.body = Value::from(body).to_json().into();
    if media_type.is_none() {
        request.headers.push(("content-type".into(), "application/json".into()));
    }
    Ok(())
}
