//! When a call begins something.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use weft_expressions::{Budget, ItemsScope, Template, compile};
use weft_nodes::is_truthy;
use weft_value::{Item, Value};

/// An expression about the item that a call gives. It is compiled by the first call and kept with its webhook, which belongs to a
/// published version, for those that follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition {
    text: String,
    /// Nothing where it cannot be compiled.
    compiled: OnceLock<Option<Template>>,
}

impl Condition {
    fn new(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// Whether nobody set any.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it holds for the item. One that cannot be evaluated does: a call is rather taken in vain than lost.
    pub(super) fn holds(&self, item: &Item, now: Timestamp, zone: &TimeZone) -> bool {
        if self.text.trim().is_empty() {
            return true;
        }
        let Some(template) = self.template() else { return true };
        let scope = ItemsScope::new(vec![item.clone()], now, zone.clone()).at(0);
        match template.evaluate(&scope, &mut Budget::default()) {
            Ok(value) => is_truthy(&value),
            Err(error) => {
                tracing::debug!(error = %error, "The condition of a webhook cannot be evaluated");
                true
            }
        }
    }

    fn template(&self) -> Option<&Template> {
        // Whoever writes blocks means an expression, with or without the sign that others begin with.
        let text = || self.text.strip_prefix('=').unwrap_or(&self.text);
        self.compiled.get_or_init(|| compile(text()).ok()).as_ref()
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

/// What is no text is a constant, and not what an expression gives.
impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(match Value::deserialize(deserializer)? {
            Value::String(text) => text.to_string(),
            constant => constant.to_json(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;

    #[test]
    fn it_is_compiled_by_the_first_call_alone() {
        let item = Item::new(from_json(r#"{"n":1}"#).unwrap());
        let holds = |condition: &Condition| condition.holds(&item, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
        let condition = Condition::new("={{ $json.n > 1 }}".to_owned());
        assert!(condition.compiled.get().is_none(), "nobody called");
        assert!(!holds(&condition));
        let first: *const Template = condition.template().unwrap();
        assert!(!holds(&condition));
        assert!(std::ptr::eq(first, condition.template().unwrap()));
        let broken = Condition::new("={{ $json. }}".to_owned());
        assert!(holds(&broken) && matches!(broken.compiled.get(), Some(None)), "it is not compiled again, either");
    }
}
