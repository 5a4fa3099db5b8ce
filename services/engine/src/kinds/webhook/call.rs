//! A call of a webhook, as the trigger's item has it.

use indexmap::IndexMap;
use weft_value::{BinaryRef, Item, Object, Value};

use crate::files::with_file;

/// A call of a webhook, read.
#[derive(Clone, Debug, Default)]
pub struct HookCall {
    /// The method in capitals.
    pub method: String,
    /// The full address.
    pub url: String,
    /// Headers, names in small letters.
    pub headers: Object,
    /// What the path's parameters are.
    pub params: Object,
    /// What stands behind the question mark; a name that occurs twice has a list.
    pub query: Object,
    /// The body, read by its content type.
    pub body: Value,
    /// The files that came with it, by name.
    pub files: IndexMap<String, BinaryRef>,
    /// The claims of the token that the caller proved itself with.
    pub claims: Option<Value>,
    /// Whether the editor waits for this call.
    pub is_test: bool,
}

impl HookCall {
    /// The message of a conversation, as it was sent.
    pub(super) fn into_message(self) -> Result<Item, &'static str> {
        const HOW: &str = "A message is JSON: {\"action\": \"sendMessage\", \"chatInput\": \"…\", \"sessionId\": \"…\"}, its input a text.";
        let Value::Object(message) = &self.body else { return Err(HOW) };
        let sends = message.get("action").is_none_or(|action| action.as_str() == Some("sendMessage"));
        let has_text = message.get("chatInput").is_some_and(|input| input.as_str().is_some());
        if sends && has_text { Ok(Item::new(self.body)) } else { Err(HOW) }
    }

    /// Whether a conversation asks for its earlier messages.
    pub fn asks_for_session(&self) -> bool {
        self.body.get("action").as_str() == Some("loadPreviousSession")
    }

    /// The trigger's item.
    pub fn into_item(self) -> Item {
        let mut json = Object::with_capacity(6);
        json.insert("headers", self.headers);
        json.insert("params", self.params);
        json.insert("query", self.query);
        json.insert("body", self.body);
        json.insert("webhookUrl", self.url);
        json.insert("executionMode", if self.is_test { "test" } else { "production" });
        if let Some(claims) = self.claims {
            json.insert("jwtPayload", claims);
        }
        let item = Item::new(json);
        self.files.into_iter().fold(item, |item, (name, file)| with_file(item, name, file))
    }
}
