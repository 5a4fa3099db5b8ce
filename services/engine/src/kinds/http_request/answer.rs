//! What an answer becomes.

use weft_connectors::HttpResponse;
use weft_nodes::NodeError;
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
        let is_json = match self.options.response_format {
            ResponseFormat::Json => true,
            ResponseFormat::Text => false,
            ResponseFormat::Autodetect | ResponseFormat::File => {
                response.header("content-type").is_some_and(|kind| kind.contains("json"))
            }
        };
        let body = if is_json { from_json_bytes(&response.body).ok() } else { None };
        body.unwrap_or_else(|| Value::from(String::from_utf8_lossy(&response.body).into_owned()))
    }

    /// A list in JSON is one item for each entry unless the node wants it whole, everything else is one item.
    pub(super) fn items_of(&self, response: &HttpResponse, body: Value) -> Vec<Item> {
        if self.options.full_response {
            let fields = [
                ("body", body),
                ("headers", headers_of(response)),
                ("statusCode", Value::from(u32::from(response.status))),
                ("statusMessage", response.reason.map(Value::from).unwrap_or_default()),
            ];
            return vec![Item::new(fields.into_iter().collect::<Object>())];
        }
        match body {
            Value::Array(_) if !self.options.split_into_items => vec![Item::new(body)],
            Value::Array(entries) => entries.iter().cloned().map(item_of).collect(),
            other => vec![item_of(other)],
        }
    }
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
