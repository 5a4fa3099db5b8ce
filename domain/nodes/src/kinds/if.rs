//! **If**: sends each item to `true` or to `false`.
//!
//! before: `[{"age":3},{"age":30}]` · after, with `age > 18`: true `[{"age":30}]`, false `[{"age":3}]`

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Object, Value};

use crate::condition::{Conditions, Reading};
use crate::descriptor::field;
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, ParameterType, Port, Problem, Retried,
    Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct If;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "if",
    version: 1,
    label: label("If", "Si"),
    description: label("Sends each item to “true” or to “false”.", "Envoie chaque élément vers « vrai » ou « faux »."),
    group: Group::Flow,
    icon: "git-branch",
    color: "green",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![
        Port { name: "true".into(), label: Some(label("true", "vrai")) },
        Port { name: "false".into(), label: Some(label("false", "faux")) },
    ],
    parameters: vec![
        field(ParameterType::Conditions, "conditions", label("Conditions", "Conditions")).required(),
        field(
            ParameterType::Boolean,
            "looseTypeValidation",
            label("Convert types where required", "Convertir les types si besoin"),
        )
        .literal()
        .or(false),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([field(
            ParameterType::Boolean,
            "ignoreCase",
            label("Ignore case", "Ignorer la casse"),
        )
        .literal()
        .or(true)]),
    ],
    retried: Retried::Pure,
    documentation: label(
        "Every item is looked at by itself. Strictly, a text is never a number: let types be converted if your data mixes them.",
        "Chaque élément est examiné séparément. En mode strict, un texte n’est jamais un nombre : laissez convertir les types si \
         vos données les mélangent.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    conditions: Conditions,
    #[serde(default)]
    loose_type_validation: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    ignore_case: Field,
}

impl NodeKind for If {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.if"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let (type_version, given) = (node.version, node.parameters);
        let parameters = if type_version < 2.0 { of_version_1(given)? } else { of_version_2(given) };
        Ok(parameters.into())
    }
}

impl TransformKind for If {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let reading =
            Reading { loose: self.loose_type_validation, ignore_case: self.options.ignore_case.truth(step, 0)? };
        let (mut yes, mut no, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for (index, item) in step.input(0).iter().enumerate() {
            match self.conditions.hold(step, index, reading) {
                Ok(true) => yes.push(item.clone().paired_with(index)),
                Ok(false) => no.push(item.clone().paired_with(index)),
                Err(error) if step.carries_on() => failed.push(error.at_item(index).to_item(Some(item))),
                Err(error) => return Err(error.at_item(index)),
            }
        }
        Ok(Outputs { failed, ..Outputs::many([yes, no]) })
    }
}

/// Version 2 stores whether capitals matter in two places; the option decides there.
fn of_version_2(given: &Value) -> Value {
    let mut new = given.as_object().cloned().unwrap_or_default();
    if !new.contains_key("conditions") {
        new.insert("conditions", Value::empty_object());
    }
    new.into()
}

/// Version 1: `conditions.{string,number,boolean,dateTime}[]` with `value1`, `operation`, `value2`, all or any of them.
fn of_version_1(given: &Value) -> Result<Value, Unsupported> {
    let mut list = Vec::new();
    for kind in ["boolean", "dateTime", "number", "string"] {
        for condition in given.get("conditions").get(kind).as_array().unwrap_or_default() {
            list.push(condition_of_version_1(kind, condition)?);
        }
    }
    let any = given.get("combineOperation").as_str() == Some("any");
    let options: Object =
        [("caseSensitive", Value::Bool(true)), ("typeValidation", Value::from("loose"))].into_iter().collect();
    let conditions: Object = [
        ("conditions", Value::from(list)),
        ("combinator", Value::from(if any { "or" } else { "and" })),
        ("options", options.into()),
    ]
    .into_iter()
    .collect();
    let parameters: Object =
        [("conditions", Value::from(conditions)), ("looseTypeValidation", Value::Bool(true))].into_iter().collect();
    Ok(parameters.into())
}

fn condition_of_version_1(kind: &str, old: &Value) -> Result<Value, Unsupported> {
    let default = match kind {
        "number" => "smaller",
        "dateTime" => "after",
        _ => "equal",
    };
    let old_operation = old.get("operation").as_str().unwrap_or(default);
    let operation = match old_operation {
        "equal" => "equals",
        "notEqual" => "notEquals",
        "smaller" => "lt",
        "smallerEqual" => "lte",
        "larger" => "gt",
        "largerEqual" => "gte",
        "isEmpty" => "empty",
        "isNotEmpty" => "notEmpty",
        known @ ("contains" | "notContains" | "startsWith" | "notStartsWith" | "endsWith" | "notEndsWith" | "regex"
        | "notRegex" | "after" | "before") => known,
        other => {
            let message = format!("The condition “{other}” of this n8n If is not known.");
            return Err(Unsupported { message, field: Some(format!("conditions.{kind}")) });
        }
    };
    let nothing = match kind {
        "number" => Value::Number(0.0),
        "boolean" => Value::Bool(false),
        _ => Value::from(""),
    };
    let side = |name: &str| if old.get(name).is_undefined() { nothing.clone() } else { old.get(name).clone() };
    let operator: Object = [("type", kind), ("operation", operation)].into_iter().collect();
    let condition: Object =
        [("leftValue", side("value1")), ("rightValue", side("value2")), ("operator", operator.into())]
            .into_iter()
            .collect();
    Ok(condition.into())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    /// Whether `left operation right` holds; values are JSON.
    fn holds(kind: &str, operation: &str, left: &str, right: &str, rest: &str) -> Result<bool, NodeError> {
        let node = format!(
            r#"{{"conditions":{{"conditions":[{{"leftValue":{left},"rightValue":{right},"operator":{{"type":"{kind}","operation":"{operation}"}}}}]}}{rest}}}"#
        );
        run(&If, &node, &TestStep::new(&["[{}]"])).map(|outputs| outputs.ports[0].len() == 1)
    }

    #[test]
    fn conditions_decide_by_type_and_operation() {
        for (kind, operation, left, right, expected) in [
            ("string", "equals", r#""a""#, r#""a""#, true),
            ("string", "equals", r#""a""#, r#""A""#, false),
            ("string", "notEquals", r#""a""#, r#""b""#, true),
            ("string", "contains", r#""abc""#, r#""b""#, true),
            ("string", "notContains", r#""abc""#, r#""b""#, false),
            ("string", "startsWith", r#""abc""#, r#""ab""#, true),
            ("string", "endsWith", r#""abc""#, r#""bc""#, true),
            ("string", "notEndsWith", r#""abc""#, r#""bc""#, false),
            ("string", "regex", r#""abc""#, r#""^a.c$""#, true),
            ("string", "regex", r#""ABC""#, r#""/^a.c$/i""#, true),
            ("string", "notRegex", r#""abc""#, r#""x""#, true),
            ("string", "empty", r#""""#, "null", true),
            ("string", "notEmpty", "null", "null", false),
            ("string", "exists", "null", "null", false),
            ("string", "exists", r#""""#, "null", true),
            ("string", "notExists", "null", "null", true),
            ("number", "gt", "2", "1", true),
            ("number", "gte", "1", "1", true),
            ("number", "lt", "2", "1", false),
            ("number", "lte", "2", "1", false),
            ("number", "equals", "1", "1", true),
            ("number", "gt", "null", "1", false),
            ("number", "empty", "0", "null", false),
            ("boolean", "true", "true", "null", true),
            ("boolean", "false", "false", "null", true),
            ("boolean", "equals", "true", "false", false),
            ("boolean", "notEquals", "true", "false", true),
            ("dateTime", "after", r#""2026-02-01T00:00:00Z""#, r#""2026-01-01T00:00:00Z""#, true),
            ("dateTime", "before", r#""2026-02-01""#, r#""2026-01-01""#, false),
            ("dateTime", "equals", r#""2026-01-01T01:00:00+01:00""#, r#""2026-01-01T00:00:00Z""#, true),
            ("array", "contains", r#"["a",1]"#, r#""a""#, true),
            ("array", "contains", "[1,2]", "2", true),
            ("array", "lengthEquals", "[1,2]", "2", true),
            ("array", "lengthGt", "[1,2]", "2", false),
            ("array", "empty", "[]", "null", true),
            ("object", "empty", "{}", "null", true),
            ("object", "notEmpty", r#"{"a":1}"#, "null", true),
        ] {
            assert_eq!(holds(kind, operation, left, right, "").unwrap(), expected, "{left} {operation} {right}");
        }
    }

    #[test]
    fn strictly_a_text_is_no_number_and_loosely_it_is() {
        let error = holds("number", "gt", r#""5""#, "1", "").unwrap_err();
        assert_eq!(error.message, "Wrong type: expects a number but we got '5'.");
        assert_eq!(error.field.as_deref(), Some("conditions.conditions[0]"));
        assert!(holds("number", "gt", r#""5""#, "1", r#","looseTypeValidation":true"#).unwrap());
        assert!(holds("boolean", "true", r#""yes""#, "null", r#","looseTypeValidation":true"#).unwrap());
        assert!(holds("string", "equals", r#""A""#, r#""a""#, r#","options":{"ignoreCase":true}"#).unwrap());
    }

    #[test]
    fn items_are_parted_and_stay_paired() {
        let node = r#"{"conditions":{"combinator":"or","conditions":[
            {"leftValue":1,"rightValue":1,"operator":{"type":"number","operation":"equals"}},
            {"leftValue":1,"rightValue":2,"operator":{"type":"number","operation":"equals"}}]}}"#;
        let outputs = run(&If, node, &TestStep::new(&[r#"[{"a":1},{"a":2}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":2}]"#);
        assert_eq!(outputs.ports[1].len(), 0);
    }

    #[test]
    fn an_operation_that_nobody_knows_is_a_problem() {
        let node = r#"{"conditions":{"conditions":[{"operator":{"type":"number","operation":"smells"}}]}}"#;
        let problems = prepare(&If, node).err().unwrap();
        assert_eq!(problems[0].code, "parameter_invalid");
        assert!(problems[0].field.as_deref().unwrap().contains("conditions[0].operator"), "{problems:?}");
    }

    #[test]
    fn version_1_of_n8n_is_mapped() {
        let old = r#"{"combineOperation":"any","conditions":{"number":[{"value1":1,"value2":2}],"string":[{"value1":"a","operation":"isEmpty"}]}}"#;
        let imported = import(&If, 1.0, old).unwrap();
        let outputs = run(&If, &imported.parameters.to_json(), &TestStep::new(&["[{}]"])).unwrap();
        assert_eq!((outputs.ports[0].len(), outputs.ports[1].len()), (1, 0));
    }
}
