//! What an answer becomes.

use weft_connectors::HttpResponse;
use weft_nodes::{NodeError, Step};
use weft_value::{Item, Object, Value, from_json_bytes};

use super::parameters::{Parameters, ResponseFormat};

impl Parameters {
    /// Refuses what failed on the other side, unless the node takes every status.
    pub(super) fn judge(&self, response: &HttpResponse) -> Result<(), NodeError> {
        let first_error = if self.options.fail_on_redirect { 300 } else { 400 };
        if response.status < first_error || self.options.never_error {
            return Ok(());
        }
        let reason = response.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let message = format!("The server answered {}{reason}.", response.status);
        Err(NodeError::new("http_status", message).with_status(response.status))
    }

    /// The body as the node takes it: JSON, else text.
    pub(super) fn body_of(&self, response: &HttpResponse) -> Value {
        let text = unmarked(response);
        let body = if self.takes_json(response) { from_json_bytes(text).ok() } else { None };
        body.unwrap_or_else(|| Value::from(String::from_utf8_lossy(text).into_owned()))
    }

    fn takes_json(&self, response: &HttpResponse) -> bool {
        match self.options.response_format {
            ResponseFormat::Json => true,
            ResponseFormat::Text => false,
            ResponseFormat::Autodetect | ResponseFormat::File => {
                response.header("content-type").is_some_and(|kind| kind.contains("json"))
            }
        }
    }

    /// A list in JSON is one item for each entry unless the node wants it whole, everything else is one item. As in n8n, a text
    /// has a name of its own, with or without the headers beside it, and an answer without a body has none.
    pub(super) fn items_of(
        &self,
        (step, index): (&dyn Step, usize),
        response: &HttpResponse,
        body: Value,
    ) -> Result<Vec<Item>, NodeError> {
        let takes_all = self.options.response_format == ResponseFormat::Autodetect;
        let is_text = body.as_str().is_some_and(|text| text.as_bytes() == unmarked(response));
        let is_blank = is_text && unmarked(response).trim_ascii().is_empty();
        if is_text && !is_blank && self.takes_json(response) && !(takes_all && self.options.never_error) {
            return Err(NodeError::new("http_json", "The answer is not valid JSON.")
                .describe("Look at what the address answers, or take the answer as text in the options."));
        }
        let (name, body) = match body {
            _ if is_blank && self.takes_json(response) => ("body".into(), Value::empty_object()),
            Value::String(_) => {
                let name = self.options.output_property_name.text(step, index)?;
                let name = if name.is_empty() { "data".into() } else { name };
                (name, if response.body.is_empty() { Value::Undefined } else { body })
            }
            body => ("body".into(), body),
        };
        if !self.options.full_response {
            return Ok(match body {
                Value::Array(_) if !self.options.split_into_items => vec![Item::new(body)],
                Value::Array(entries) => entries.iter().cloned().map(item_of).collect(),
                Value::String(_) => vec![Item::new([(name, body)].into_iter().collect::<Object>())],
                Value::Undefined | Value::Null => vec![Item::new(Value::empty_object())],
                other => vec![item_of(other)],
            });
        }
        let fields = [
            (&*name, body),
            ("headers", headers_of(response)),
            ("statusCode", Value::from(u32::from(response.status))),
            ("statusMessage", response.reason.map(Value::from).unwrap_or_default()),
        ];
        let fields = fields.into_iter().filter(|(_, value)| !value.is_undefined());
        Ok(vec![Item::new(fields.collect::<Object>())])
    }
}

/// The bytes of an answer without the mark that some begin their texts with.
fn unmarked(response: &HttpResponse) -> &[u8] {
    response.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&response.body)
}

/// The headers of an answer, by their names.
pub(super) fn headers_of(response: &HttpResponse) -> Value {
    response.headers.iter().map(|(n, v)| (n.as_str(), Value::from(v.as_str()))).collect::<Object>().into()
}

/// An object is an item's JSON; everything else is its `data`.
pub(crate) fn item_of(value: Value) -> Item {
    match value {
        Value::Object(_) => Item::new(value),
        other => Item::new([("data", other)].into_iter().collect::<Object>()),
    }
}
