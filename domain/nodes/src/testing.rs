//! A step over items alone, for the table tests of kinds here and in the engine.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, ItemsScope, Template};
use weft_value::{Item, Object, Value, from_json};

use crate::problem::{from_plain_json, is_shown};
use crate::{
    Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Portion, Problem, Step, Transform,
    TransformKind, Unsupported,
};

/// A step whose inputs are given and whose expressions see input 0 alone.
#[derive(Clone, Debug, Default)]
pub struct TestStep {
    inputs: Vec<Arc<Vec<Item>>>,
    carries_on: bool,
    /// Input 0 of the iterations before.
    earlier: Vec<Arc<Vec<Item>>>,
    context: Value,
}

impl TestStep {
    /// Inputs as JSON: a list of objects for each input.
    #[must_use]
    pub fn new(inputs: &[&str]) -> Self {
        Self { inputs: inputs.iter().map(|text| Arc::new(items(text))).collect(), ..Self::default() }
    }

    /// The next iteration of the same node, to which `items` come and which finds `context`.
    #[must_use]
    pub fn followed_by(&self, items: Arc<Vec<Item>>, context: Value) -> Self {
        let mut earlier = self.earlier.clone();
        earlier.push(self.shared_input(0));
        Self { inputs: vec![items], carries_on: self.carries_on, earlier, context }
    }

    /// These items on input 0.
    #[must_use]
    pub fn of_items(items: Vec<Item>) -> Self {
        Self { inputs: vec![Arc::new(items)], ..Self::default() }
    }

    /// These items on the next input.
    #[must_use]
    pub fn and(mut self, items: Vec<Item>) -> Self {
        self.inputs.push(Arc::new(items));
        self
    }

    /// Failed items do not end the step.
    #[must_use]
    pub fn carrying_on(mut self) -> Self {
        self.carries_on = true;
        self
    }
}

/// The items whose data is the objects of a JSON list.
pub fn items(json: &str) -> Vec<Item> {
    let list = from_json(json).unwrap_or_default();
    list.as_array().unwrap_or_default().iter().cloned().map(Item::new).collect()
}

/// The data of items as JSON.
pub fn json_of(items: &[Item]) -> String {
    Value::from(items.iter().map(|item| item.json.clone()).collect::<Vec<_>>()).to_json()
}

/// The result of one step of `kind`.
pub fn run(kind: &dyn TransformKind, parameters: &str, step: &TestStep) -> Result<Outputs, NodeError> {
    prepare(kind, parameters)
        .map_err(|problems| NodeError::new("test", format!("{problems:?}")))
        .and_then(|node| node.run(step))
}

/// The node of `kind` with these parameters in JSON.
pub fn prepare(kind: &dyn TransformKind, parameters: &str) -> Result<Box<dyn Transform>, Vec<Problem>> {
    kind.prepare(&from_json(parameters).unwrap_or_default())
}

impl Step for TestStep {
    fn input(&self, port: usize) -> &[Item] {
        self.inputs.get(port).map_or(&[], |items| items.as_slice())
    }

    fn shared_input(&self, port: usize) -> Arc<Vec<Item>> {
        self.inputs.get(port).cloned().unwrap_or_default()
    }

    fn is_connected(&self, port: usize) -> bool {
        port < self.inputs.len()
    }

    fn input_count(&self) -> usize {
        self.inputs.len()
    }

    fn evaluate(&self, template: &Template, item: usize) -> Result<Value, NodeError> {
        self.evaluate_with(template, item, &Object::new())
    }

    fn evaluate_with(&self, template: &Template, item: usize, globals: &Object) -> Result<Value, NodeError> {
        let scope = ItemsScope::new(self.shared_input(0), Timestamp::UNIX_EPOCH, TimeZone::UTC).at(item);
        let scope = scope.with_globals(globals.clone());
        Ok(template.evaluate(&scope, &mut Budget::default())?)
    }

    fn time_zone(&self) -> &TimeZone {
        const UTC: &TimeZone = &TimeZone::UTC;
        UTC
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn seed(&self) -> u64 {
        1
    }

    fn carries_on(&self) -> bool {
        self.carries_on
    }

    fn iteration(&self) -> u32 {
        self.earlier.len() as u32
    }

    fn portion(&self, iteration: u32, port: usize, places: Range<usize>) -> Result<Portion, NodeError> {
        let earlier = self.earlier.get(iteration as usize).filter(|_| port == 0);
        let now = self.inputs.get(port).filter(|_| iteration == self.iteration());
        Ok(now.or(earlier).map(|items| Portion::of(items, places)).unwrap_or_default())
    }

    fn context(&self) -> &Value {
        &self.context
    }
}

/// The parameters of a node as the form of the web app writes them when a person fills in every field that it shows, and
/// takes choice number `choice` wherever there are several.
pub fn filled_in(fields: &[Parameter], choice: usize) -> Object {
    let mut filled = Object::new();
    for field in fields {
        if is_shown(field, &filled)
            && let Some(value) = entered(field, choice)
        {
            filled.insert(field.name, value);
        }
    }
    filled
}

fn entered(field: &Parameter, choice: usize) -> Option<Value> {
    let chosen = || field.options.get(choice % field.options.len().max(1)).map(|option| from_plain_json(&option.value));
    let json = |text: &str| from_json(text).ok();
    match field.kind {
        ParameterType::Notice | ParameterType::Credential => None,
        ParameterType::Options => chosen(),
        ParameterType::MultiOptions => chosen().map(|chosen| vec![chosen].into()),
        ParameterType::Boolean => Some(Value::Bool(choice.is_multiple_of(2))),
        ParameterType::Number => Some(field.min.unwrap_or(1.0).into()),
        ParameterType::Collection => Some(filled_in(&field.fields, choice).into()),
        ParameterType::FixedCollection if field.fields.is_empty() => json("{}"),
        ParameterType::FixedCollection => {
            let object = Value::from(filled_in(&field.fields, choice));
            Some(if field.multiple { vec![object].into() } else { object })
        }
        ParameterType::Assignments => json(r#"{"assignments":[{"id":"1","name":"a","type":"string","value":"b"}]}"#),
        ParameterType::Conditions => json(
            r#"{"combinator":"and","conditions":[{"id":"1","leftValue":"a","rightValue":"b",
                "operator":{"type":"string","operation":"equals"}}]}"#,
        ),
        ParameterType::Json => Some("{}".into()),
        ParameterType::DateTime => Some("2026-01-31T08:00:00Z".into()),
        ParameterType::Workflow => Some("0198f2a0-0000-7000-8000-000000000001".into()),
        ParameterType::String | ParameterType::Code if field.accepts_expression => Some("={{ $json.a }}".into()),
        ParameterType::String | ParameterType::Code => {
            let suggested = field.default.as_ref().and_then(serde_json::Value::as_str).or(field.placeholder);
            Some(suggested.unwrap_or("a").into())
        }
    }
}

/// The same after the person emptied every field of a collection again.
pub fn emptied(fields: &[Parameter], choice: usize) -> Object {
    let empty = |value: &Value| match value {
        Value::Object(object) => object.keys().map(|key| (key.clone(), Value::Null)).collect::<Object>().into(),
        other => other.clone(),
    };
    let is_collection = |name: &str| {
        let holds = |field: &Parameter| field.name == name && field.kind == ParameterType::Collection;
        fields.iter().any(holds)
    };
    let filled = filled_in(fields, choice);
    filled
        .iter()
        .map(|(name, value)| (name.clone(), if is_collection(name) { empty(value) } else { value.clone() }))
        .collect()
}

/// What `kind` makes of an n8n node of its first type with these parameters in JSON.
pub fn import(kind: &dyn NodeKind, version: f64, parameters: &str) -> Result<Imported, Unsupported> {
    let parameters = from_json(parameters).unwrap_or_default();
    let node_type = kind.n8n_types().first().copied().unwrap_or_default();
    kind.import_n8n(&N8nNode { node_type, version, parameters: &parameters })
}
