//! **Remove duplicates**: keeps the first of the items that are the same.
//!
//! before: `[{"id":1,"n":1},{"id":1,"n":2}]`
//! with: `{"compare":"selectedFields","fieldsToCompare":"id"}`
//! after: `[{"id":1,"n":1}]`

use std::collections::HashSet;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;
use weft_value::{Item, Object, Value};

use crate::descriptor::{choice, dots_option, field};
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::{
    ByValue, Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType,
    Path, Problem, Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct RemoveDuplicates;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "removeDuplicates",
    version: 1,
    label: label("Remove duplicates", "Dédoublonner"),
    description: label("Keeps the first of the items that are the same.", "Garde le premier des éléments identiques."),
    group: Group::Transform,
    icon: "copy-minus",
    color: "blue",
    subtitle: Some("{compare}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Items are the same where the compared fields hold the same data, lists and objects included. 1 and \"1\" are different.",
        "Des éléments sont identiques quand les champs comparés contiennent les mêmes données, listes et objets compris. 1 et \
         \"1\" sont différents.",
    ),
});

fn form() -> Vec<Parameter> {
    let names = |name, text| field(ParameterType::String, name, text).required().example("id, user.email");
    vec![
        field(ParameterType::Options, "compare", label("Compare", "Comparer"))
            .help(
                "Items that hold the same in these fields are duplicates; the first is kept.",
                "Les éléments qui contiennent la même chose dans ces champs sont des doublons ; le premier est gardé.",
            )
            .or("allFields")
            .choices([
                choice("allFields", label("All fields", "Tous les champs")),
                choice("allFieldsExcept", label("All fields except", "Tous les champs sauf")),
                choice("selectedFields", label("Selected fields", "Certains champs")),
            ]),
        names("fieldsToExclude", label("Fields to leave out", "Champs à exclure"))
            .help(
                "Names with commas between them; what they hold does not matter.",
                "Des noms séparés par des virgules ; leur contenu ne compte pas.",
            )
            .when("compare", ["allFieldsExcept"]),
        names("fieldsToCompare", label("Fields to compare", "Champs à comparer"))
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .when("compare", ["selectedFields"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            dots_option(),
            field(
                ParameterType::Boolean,
                "removeOtherFields",
                label("Keep compared fields only", "Ne garder que les champs comparés"),
            )
            .help(
                "The items that are kept lose their other fields.",
                "Les éléments gardés perdent leurs autres champs.",
            )
            .literal()
            .or(false),
            field(ParameterType::Options, "fieldCheck", label("Check the fields", "Vérifier les champs"))
                .help(
                    "Fails where the fields to compare are not as they should be.",
                    "Échoue si les champs à comparer ne sont pas comme il faut.",
                )
                .or("none")
                .choices([
                    choice("none", label("No", "Non")),
                    choice("present", label("Every item must have them", "Tout élément doit les avoir")),
                    choice(
                        "presentAndSameType",
                        label(
                            "Every item must have them, of the same type",
                            "Tout élément doit les avoir, du même type",
                        ),
                    ),
                ]),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    compare: Compare,
    #[serde(default)]
    fields_to_exclude: Field,
    #[serde(default)]
    fields_to_compare: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Compare {
    AllFields,
    AllFieldsExcept,
    SelectedFields,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    #[serde(rename = "disableDotNotation")]
    dots: Dots,
    remove_other_fields: bool,
    field_check: FieldCheck,
    /// Where fields are left out, the innermost fields of the first item are compared, and no others. Imported nodes do so.
    compares_fields_of_first: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FieldCheck {
    #[default]
    None,
    Present,
    PresentAndSameType,
}

impl NodeKind for RemoveDuplicates {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.removeDuplicates", ITEM_LISTS]
    }

    /// n8n refuses items that lack a compared field, and all but Item Lists 3.1 refuse fields whose type varies.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut list = ListNode::new(node, &["removeDuplicates"])?;
        let operation = list.parameters.remove("operation").unwrap_or_default();
        if operation.as_str().is_some_and(|operation| operation != "removeDuplicateInputItems") {
            // What remembers the items of earlier executions is another kind's.
            return Err(Unsupported::elsewhere());
        }
        list.flatten_names("fieldsToExclude");
        list.flatten_names("fieldsToCompare");
        let is_lenient = node.node_type == ITEM_LISTS && !list.is_before(3.1);
        if list.parameters.get("compare").and_then(Value::as_str) == Some("allFieldsExcept") {
            list.set_option("comparesFieldsOfFirst", true);
        }
        list.set_option("fieldCheck", if is_lenient { "present" } else { "presentAndSameType" });
        Ok(list.imported())
    }
}

impl TransformKind for RemoveDuplicates {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Outputs::one(Vec::new()));
        }
        self.named(step)?.first_ones(items)
    }
}

/// What is compared, with the names of the fields resolved.
struct Named<'p> {
    compare: Compare,
    options: &'p Options,
    /// The fields to compare, or those to leave out.
    paths: Vec<Path>,
}

impl Parameters {
    fn named(&self, step: &dyn Step) -> Result<Named<'_>, NodeError> {
        let paths = self.paths(step)?;
        let is_by_first = self.options.compares_fields_of_first && self.options.dots == Dots::Reach;
        if !is_by_first || !matches!(self.compare, Compare::AllFieldsExcept) {
            return Ok(Named { compare: self.compare, options: &self.options, paths });
        }
        let mut names = Vec::new();
        innermost(&step.input(0)[0].json, String::new(), &mut names);
        names.retain(|name| !paths.iter().any(|path| path.name() == name));
        let paths = names.iter().map(|name| Path::new(name, Dots::Reach)).collect();
        Ok(Named { compare: Compare::SelectedFields, options: &self.options, paths })
    }
}

/// The names of the fields in `value` that hold no others, behind `name`.
fn innermost(value: &Value, name: String, names: &mut Vec<String>) {
    let within = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| innermost(value, within(key), names)),
        Value::Array(array) => {
            array.iter().enumerate().for_each(|(place, value)| innermost(value, within(&place.to_string()), names));
        }
        _ if !name.is_empty() => names.push(name),
        _ => {}
    }
}

impl Named<'_> {
    fn first_ones(&self, items: &[Item]) -> Result<Outputs, NodeError> {
        let Self { paths, .. } = self;
        let keys: Vec<Object> = items.iter().map(|item| self.compared(item, paths)).collect();
        self.check(&keys, paths)?;
        let keys: Vec<Value> = keys.into_iter().map(Value::from).collect();
        let mut seen = HashSet::with_capacity(items.len());
        let first = |(index, _): &(usize, &Item)| seen.insert(ByValue(&keys[*index]));
        let kept = items.iter().enumerate().filter(first).map(|(index, item)| {
            let mut item = item.clone();
            if self.options.remove_other_fields {
                item.json = self.remaining(&keys[index], paths);
            }
            item.paired_with(index)
        });
        Ok(Outputs::one(kept.collect()))
    }
}

impl Parameters {
    /// The fields that are named: those to compare, or those to leave out.
    fn paths(&self, step: &dyn Step) -> Result<Vec<Path>, NodeError> {
        let (names, parameter) = match self.compare {
            Compare::AllFields => return Ok(Vec::new()),
            Compare::AllFieldsExcept => (&self.fields_to_exclude, "fieldsToExclude"),
            Compare::SelectedFields => (&self.fields_to_compare, "fieldsToCompare"),
        };
        let paths = names.paths(step, 0, self.options.dots)?;
        if paths.is_empty() {
            return Err(NodeError::new("parameter", "No field is named: name at least one.").in_field(parameter));
        }
        Ok(paths)
    }
}

impl Named<'_> {
    /// What of an item is compared: selected fields by the names under which they were selected.
    fn compared(&self, item: &Item, paths: &[Path]) -> Object {
        match self.compare {
            Compare::AllFields => item.json.as_object().cloned().unwrap_or_default(),
            Compare::AllFieldsExcept => {
                let mut rest = item.json.as_object().cloned().unwrap_or_default();
                for path in paths {
                    path.unset(&mut rest);
                }
                rest
            }
            Compare::SelectedFields => paths.iter().map(|path| (path.name(), path.get(&item.json).clone())).collect(),
        }
    }

    /// The data of an item that keeps the compared fields only.
    fn remaining(&self, compared: &Value, paths: &[Path]) -> Value {
        match self.compare {
            Compare::AllFields | Compare::AllFieldsExcept => compared.clone(),
            Compare::SelectedFields => {
                let mut json = Object::new();
                for path in paths {
                    let value = compared.get(path.name());
                    if !value.is_undefined() {
                        path.set(&mut json, value.clone());
                    }
                }
                json.into()
            }
        }
    }

    fn check(&self, keys: &[Object], paths: &[Path]) -> Result<(), NodeError> {
        if self.options.field_check == FieldCheck::None {
            return Ok(());
        }
        let mut fields: IndexMap<&str, Seen> = IndexMap::new();
        for (key, value) in keys.iter().flatten().filter(|(_, value)| !value.is_undefined()) {
            fields.entry(key).or_default().add(value);
        }
        if let Some(path) = paths
            .iter()
            .find(|path| matches!(self.compare, Compare::SelectedFields) && !fields.contains_key(path.name()))
        {
            return Err(path.nowhere());
        }
        for (name, seen) in fields {
            if seen.count < keys.len() {
                let message = format!("The field “{name}” is missing from some input items.");
                return Err(NodeError::new("field_missing", message)
                    .describe("Give it to every item, compare other fields, or turn off the check of the fields."));
            }
            if self.options.field_check == FieldCheck::PresentAndSameType && seen.types.len() > 1 {
                let message = format!("The field “{name}” isn’t of the same type in all items.");
                let description = format!("It is {}.", seen.types.join(" here and "));
                return Err(NodeError::new("field_type", message).describe(description));
            }
        }
        Ok(())
    }
}

/// What was seen of a field.
#[derive(Default)]
struct Seen {
    count: usize,
    types: Vec<&'static str>,
}

impl Seen {
    fn add(&mut self, value: &Value) {
        self.count += 1;
        if let Some(name) = type_of(value)
            && !self.types.contains(&name)
        {
            self.types.push(name);
        }
    }
}

/// JavaScript's `typeof`; nothing for nothing, which goes with any type.
fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Undefined | Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("string"),
        Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_) => Some("object"),
    }
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing, from_json};

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    const PEOPLE: &str = r#"[{"id":1,"u":{"m":"a","n":1}},{"id":2,"u":{"n":1,"m":"a"}},{"id":1,"u":{"n":1,"m":"a"}},{"id":1,"u":{"m":"b","n":1}}]"#;

    #[test]
    fn the_first_of_equal_items_stays() {
        for (node, input, output) in [
            (
                "{}",
                PEOPLE,
                r#"[{"id":1,"u":{"m":"a","n":1}},{"id":2,"u":{"n":1,"m":"a"}},{"id":1,"u":{"m":"b","n":1}}]"#,
            ),
            (
                r#"{"compare":"selectedFields","fieldsToCompare":"id"}"#,
                r#"[{"id":1},{"id":"1"},{"id":1},{}]"#,
                r#"[{"id":1},{"id":"1"},{}]"#,
            ),
            (
                r#"{"compare":"selectedFields","fieldsToCompare":"id, u.m","options":{"removeOtherFields":true}}"#,
                PEOPLE,
                r#"[{"id":1,"u":{"m":"a"}},{"id":2,"u":{"m":"a"}},{"id":1,"u":{"m":"b"}}]"#,
            ),
            (
                r#"{"compare":"allFieldsExcept","fieldsToExclude":["u.m"]}"#,
                PEOPLE,
                r#"[{"id":1,"u":{"m":"a","n":1}},{"id":2,"u":{"n":1,"m":"a"}}]"#,
            ),
            (
                r#"{"compare":"allFieldsExcept","fieldsToExclude":"u","options":{"removeOtherFields":true}}"#,
                PEOPLE,
                r#"[{"id":1},{"id":2}]"#,
            ),
            (
                r#"{"compare":"selectedFields","fieldsToCompare":"a.b","options":{"disableDotNotation":true}}"#,
                r#"[{"a.b":1},{"a.b":1,"a":{"b":2}}]"#,
                r#"[{"a.b":1}]"#,
            ),
            ("{}", r#"[{"a":[]},{"a":{}},{"a":[]},{"a":null},{}]"#, r#"[{"a":[]},{"a":{}},{"a":null},{}]"#),
            ("{}", "[]", "[]"),
        ] {
            let outputs = run(&RemoveDuplicates, node, &TestStep::new(&[input])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{node}");
        }
    }

    #[test]
    fn kept_items_know_their_place_in_the_input() {
        let outputs = run(&RemoveDuplicates, "{}", &TestStep::new(&[r#"[{},{},{"a":1}]"#])).unwrap();
        assert_eq!(outputs.ports[0][1].pairing, Pairing::One(ItemRef { item: 2, input: 0 }));
    }

    #[test]
    fn fields_are_checked_where_that_is_asked_for() {
        let strict = r#""options":{"fieldCheck":"presentAndSameType"}"#;
        for (node, input, code) in [
            (format!("{{{strict}}}"), r#"[{"a":1},{"a":"1"}]"#, Some("field_type")),
            (format!("{{{strict}}}"), r#"[{"a":1},{"b":1}]"#, Some("field_missing")),
            (format!("{{{strict}}}"), r#"[{"a":1},{"a":null},{"a":2}]"#, None),
            (
                format!(r#"{{"compare":"selectedFields","fieldsToCompare":"c",{strict}}}"#),
                r#"[{"a":1}]"#,
                Some("field_missing"),
            ),
            (r#"{"options":{"fieldCheck":"present"}}"#.to_owned(), r#"[{"a":1},{"a":"1"}]"#, None),
            (r#"{"compare":"selectedFields","fieldsToCompare":", "}"#.to_owned(), "[{}]", Some("parameter")),
        ] {
            let outcome = run(&RemoveDuplicates, &node, &TestStep::new(&[input]));
            assert_eq!(outcome.err().map(|error| error.code.to_string()).as_deref(), code, "{node} {input}");
        }
        assert!(prepare(&RemoveDuplicates, r#"{"compare":"selectedFields"}"#).is_err());
    }

    #[test]
    fn many_items_take_no_time() {
        let list: Vec<Item> = (0..100_000_u32)
            .map(|n| Item::new([("n", Value::from(n % 50_000))].into_iter().collect::<Object>()))
            .collect();
        let outputs = run(&RemoveDuplicates, "{}", &TestStep::of_items(list)).unwrap();
        assert_eq!(outputs.ports[0].len(), 50_000);
    }

    #[test]
    fn n8n_checks_more_in_some_versions() {
        let mixed = TestStep::new(&[r#"[{"a":1},{"a":"1"},{"a":1}]"#]);
        let of_item_lists = |version: f64| {
            let parameters = from_json(
                r#"{"operation":"removeDuplicates","compare":"selectedFields","fieldsToCompare":{"fields":[{"fieldName":"a"}]}}"#,
            )
            .unwrap();
            let node = N8nNode { node_type: ITEM_LISTS, version, parameters: &parameters };
            run(&RemoveDuplicates, &RemoveDuplicates.import_n8n(&node).unwrap().parameters.to_json(), &mixed)
        };
        assert_eq!(of_item_lists(3.0).unwrap_err().code, "field_type");
        assert_eq!(of_item_lists(3.1).unwrap().ports[0].len(), 2);
        let imported = import(&RemoveDuplicates, 2.0, "{}").unwrap();
        assert!(run(&RemoveDuplicates, &imported.parameters.to_json(), &mixed).is_err());
        let other = r#"{"operation":"removeItemsSeenInPreviousExecutions"}"#;
        assert_eq!(import(&RemoveDuplicates, 2.0, other).unwrap_err(), Unsupported::elsewhere());
    }

    #[test]
    fn imported_nodes_that_leave_fields_out_compare_those_of_the_first_item() {
        let items =
            r#"[{"id":1,"o":{"a":1,"b":1},"e":[]},{"id":2,"o":{"a":1,"b":2},"new":1},{"id":1,"o":{"a":1,"b":3}}]"#;
        for (rest, output) in [
            (r#""fieldsToExclude":"o.b""#, r#"[{"id":1,"o":{"a":1,"b":1},"e":[]},{"id":2,"o":{"a":1,"b":2},"new":1}]"#),
            (r#""fieldsToExclude":"id,o.b""#, r#"[{"id":1,"o":{"a":1,"b":1},"e":[]}]"#),
            (
                r#""fieldsToExclude":"o.b","options":{"removeOtherFields":true}"#,
                r#"[{"id":1,"o":{"a":1}},{"id":2,"o":{"a":1}}]"#,
            ),
        ] {
            let node = format!(r#"{{"compare":"allFieldsExcept",{rest}}}"#);
            let imported = import(&RemoveDuplicates, 2.0, &node).unwrap().parameters.to_json();
            let outputs = run(&RemoveDuplicates, &imported, &TestStep::new(&[items])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{rest}");
        }
    }
}
