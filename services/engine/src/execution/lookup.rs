//! What code may ask of the execution that its step belongs to.

use async_trait::async_trait;
use weft_code_runner_client::{CodeGlobals, NodeLookup, Query, Refusal};
use weft_expressions::compile;
use weft_nodes::Step as _;
use weft_value::{Item, Object, Value, from_json};

use super::view::StepView;

#[async_trait]
impl NodeLookup for StepView {
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal> {
        let as_index = |number: &u32| *number as usize;
        match query {
            Query::Items { output, iteration } => self
                .items_of(node, output.as_ref().map(as_index), iteration.as_ref().map(as_index))
                .map(|items| list(&items)),
            Query::Linked { item } => self.linked(node, *item as usize).map(|item| whole(&item)),
            Query::Parameters => self.number(node).map(|number| self.plan.nodes[number].parameters.clone()),
            Query::Executed => self.number(node).map(|number| Value::Bool(!self.schedule.runs(number).is_empty())),
            Query::Evaluate { expression, item, globals } => {
                return self.evaluated(expression, as_index(item), globals.as_deref());
            }
            Query::Kept { kind } => Ok(self.kept.get(*kind, self.node().id)),
            Query::Keep { kind, json } => {
                self.kept.set(*kind, self.node().id, keepable(json)?);
                Ok(Value::Null)
            }
        }
        .map_err(|fault| Refusal { message: fault.to_string() })
    }
}

impl StepView {
    /// The names that code finds beside its items.
    pub(crate) fn code_globals(&self) -> CodeGlobals {
        CodeGlobals {
            now: self.now.as_millisecond(),
            zone: self.info.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            seed: self.seed,
            iteration: self.iteration,
            vars: self.info.variables.clone(),
            env: self.info.environment.clone(),
            workflow: self.workflow_value(),
            execution: self.execution_value(),
            prev_node: self.previous_value(),
            parameter: self.node().parameters.clone(),
            before: self.before,
            ..CodeGlobals::default()
        }
    }

    /// The value of an expression that code asks for, where names of `globals` (the JSON of an object) have values of their own.
    fn evaluated(&self, expression: &str, item: usize, globals: Option<&str>) -> Result<Value, Refusal> {
        let refused = |message: String| Refusal { message };
        let template = compile(expression).map_err(|wrong| {
            let sentences: Vec<_> = wrong.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
            refused(sentences.join(" "))
        })?;
        let globals = match globals.map(from_json) {
            None => Object::new(),
            Some(Ok(Value::Object(object))) => Object::clone(&object),
            Some(_) => return Err(refused("The value is nested too deeply.".to_owned())),
        };
        self.evaluate_with(&template, item, &globals).map_err(|error| refused(error.message.clone()))
    }
}

/// The longest JSON of what one place holds.
const LONGEST_KEPT: usize = 64 * 1024;
/// How many entries one place may hold: each is a row where it lasts.
const MOST_KEPT: usize = 1000;

/// What code wants to keep.
fn keepable(json: &str) -> Result<Value, Refusal> {
    let refused = |message: &str| Refusal { message: message.to_owned() };
    if json.len() > LONGEST_KEPT {
        return Err(refused("What is to be kept is too long."));
    }
    match from_json(json) {
        Ok(Value::Object(object)) if object.len() > MOST_KEPT => {
            Err(refused("More than 1000 entries are to be kept. Keep a list or an object in one of them."))
        }
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(refused("What is to be kept is not an object.")),
        Err(_) => Err(refused("What is to be kept is nested too deeply.")),
    }
}

fn list(items: &[Item]) -> Value {
    items.iter().map(whole).collect::<Vec<_>>().into()
}

/// An item with its files and pairing, as code sees it.
fn whole(item: &Item) -> Value {
    let mut object: Object = [("json", item.json.clone())].into_iter().collect();
    if item.binary.is_some() || !item.pairing.is_unknown() {
        // Rare, and small beside the data, so that the way through JSON is good enough.
        let rest = Item { json: Value::Null, ..item.clone() };
        let rest = serde_json::to_vec(&rest).ok().and_then(|json| weft_value::from_json_bytes(&json).ok());
        for key in ["binary", "pairedItem"] {
            let value = rest.as_ref().map(|rest| rest.get(key).clone()).unwrap_or_default();
            if !value.is_undefined() {
                object.insert(key, value);
            }
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_an_object_of_bounded_depth() {
        assert_eq!(keepable(r#"{"n":[1]}"#).unwrap().to_json(), r#"{"n":[1]}"#);
        assert_eq!(keepable(r#"{"n":"\ud800"}"#).unwrap().to_json(), "{\"n\":\"\u{fffd}\"}");
        let many: Vec<String> = (0..=1000).map(|n| format!("\"k{n}\":1")).collect();
        let message = keepable(&format!("{{{}}}", many.join(","))).unwrap_err().message;
        assert!(message.contains("More than 1000"), "{message}");
        let deep = format!(r#"{{"n":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        let long = format!(r#"{{"n":"{}"}}"#, "x".repeat(LONGEST_KEPT));
        for (json, part) in [
            (long.as_str(), "too long"),
            ("[1]", "not an object"),
            ("null", "not an object"),
            (deep.as_str(), "nested too deeply"),
        ] {
            let message = keepable(json).unwrap_err().message;
            assert!(message.contains(part), "{message}");
        }
    }
}
