//! **Sort**: puts the items in another order.
//!
//! before: `[{"n":2},{"n":1}]`
//! with: `{"sortFieldsUi":{"sortField":[{"fieldName":"n"}]}}`
//! after: `[{"n":1},{"n":2}]`

mod javascript;

use std::cmp::Ordering;
use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Value};

use crate::coercion::to_number;
use crate::descriptor::{choice, dots_option, field};
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::random::Random;
use crate::{
    Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Path,
    Problem, Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Sort;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "sort",
    version: 1,
    label: label("Sort", "Trier"),
    description: label("Puts the items in another order.", "Met les éléments dans un autre ordre."),
    group: Group::Transform,
    icon: "arrow-down-up",
    color: "blue",
    subtitle: Some("{type}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Text is compared without regard to case; numbers come before text that is no number, and what is missing comes last. \
         Items that are equal keep their order.",
        "Le texte est comparé sans égard à la casse ; les nombres précèdent le texte qui n’en est pas un, et ce qui manque vient \
         en dernier. Les éléments égaux gardent leur ordre.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "type", label("Order", "Ordre")).or("simple").choices([
            choice("simple", label("By fields", "Par champs")),
            choice("random", label("At random", "Au hasard")),
        ]),
        field(ParameterType::FixedCollection, "sortFieldsUi", label("Fields to sort by", "Champs de tri"))
            .help(
                "Where the first field is the same, the next one decides.",
                "Si le premier champ est identique, le suivant décide.",
            )
            .literal()
            .required()
            .fields([field(ParameterType::FixedCollection, "sortField", label("Field", "Champ")).multiple().fields([
                field(ParameterType::String, "fieldName", label("Field", "Champ"))
                    .help("Its name; a dot reaches inside.", "Son nom ; un point descend dans l’objet.")
                    .required()
                    .example("user.name"),
                field(ParameterType::Options, "order", label("Order", "Ordre")).or("ascending").choices([
                    choice("ascending", label("Ascending", "Croissant")),
                    choice("descending", label("Descending", "Décroissant")),
                ]),
            ])])
            .when("type", ["simple"]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .fields([dots_option()])
            .when("type", ["simple"]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(rename = "type")]
    by: By,
    #[serde(default)]
    sort_fields_ui: SortFields,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum By {
    Simple,
    Random,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SortFields {
    sort_field: Vec<SortField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SortField {
    field_name: Field,
    #[serde(default)]
    order: Order,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Order {
    #[default]
    Ascending,
    Descending,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    #[serde(rename = "disableDotNotation")]
    dots: Dots,
    /// Compare as JavaScript does, also where that contradicts itself. Imported nodes do so.
    as_javascript: bool,
}

impl NodeKind for Sort {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.sort", ITEM_LISTS]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut node = ListNode::new(node, &["sort"])?;
        if node.parameters.get("type").and_then(Value::as_str) == Some("code") {
            return Err(Unsupported {
                message: "Sort cannot compare items with code. Sort them in a Code node.".into(),
                field: Some("type".into()),
            });
        }
        node.set_option("asJavascript", true);
        Ok(node.imported())
    }
}

impl TransformKind for Sort {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        if matches!(parameters.by, By::Simple) && parameters.sort_fields_ui.sort_field.is_empty() {
            let message = "Name at least one field to sort by.";
            return Err(vec![Problem::error("parameter_required", message, "sortFieldsUi.sortField")]);
        }
        Ok(Box::new(parameters))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let items = step.input(0);
        let order = match self.by {
            By::Simple => self.sorted(step, items)?,
            By::Random => shuffled(items.len(), step.seed()),
        };
        Ok(Outputs::one(order.into_iter().map(|index| items[index].clone().paired_with(index)).collect()))
    }
}

impl Parameters {
    /// The places of the items in their new order.
    fn sorted(&self, step: &dyn Step, items: &[Item]) -> Result<Vec<usize>, NodeError> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        if self.options.as_javascript {
            let columns = self.columns(step, items, javascript::keys)?;
            return Ok(javascript::sorted(items.len(), |a, b| {
                let comparisons = columns.iter().map(|(keys, order)| order.of(keys[a].compare(&keys[b])));
                comparisons.fold(Ordering::Equal, Ordering::then)
            }));
        }
        let columns = self.columns(step, items, column)?;
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by(|a, b| {
            let comparisons = columns.iter().map(|(keys, order)| order.of(keys[*a].compare(&keys[*b])));
            comparisons.fold(Ordering::Equal, Ordering::then)
        });
        Ok(order)
    }

    /// The keys of every field that is sorted by, and in which order they are wanted.
    fn columns<K>(
        &self,
        step: &dyn Step,
        items: &[Item],
        keys: impl Fn(Vec<&Value>) -> Vec<K>,
    ) -> Result<Vec<(Vec<K>, Order)>, NodeError> {
        let fields = self.sort_fields_ui.sort_field.iter().enumerate();
        let columns = fields.map(|(place, by)| {
            let in_field = |error: NodeError| error.in_field(format!("sortFieldsUi.sortField[{place}].fieldName"));
            let path = Path::new(&by.field_name.text(step, 0).map_err(in_field)?, self.options.dots);
            let values: Vec<&Value> = items.iter().map(|item| path.get(&item.json)).collect();
            if values.iter().all(|value| value.is_undefined()) {
                return Err(in_field(path.nowhere()));
            }
            Ok((keys(values), by.order))
        });
        columns.collect()
    }
}

impl Order {
    fn of(self, ascending: Ordering) -> Ordering {
        match self {
            Self::Ascending => ascending,
            Self::Descending => ascending.reverse(),
        }
    }
}

/// What an item is sorted by, in ascending order.
#[derive(Debug)]
enum Key {
    Number(f64),
    /// In lower case.
    Text(String),
    /// Missing, or nothing that has an order.
    Nothing,
}

impl Key {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            // No key is NaN; `partial_cmp` takes the two zeros for equal, as people do.
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.class().cmp(&b.class()),
        }
    }

    fn class(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Nothing => 2,
        }
    }
}

/// The keys of all items in one field.
///
/// JavaScript, and so n8n, compares two texts by their letters and everything else as numbers. That is no order as soon as
/// both occur: `"10" < "9"`, yet `9.5` is between them. So a field is either text in all items, or its values are numbers
/// as far as they read as such.
fn column(values: Vec<&Value>) -> Vec<Key> {
    let is_text = values.iter().filter(|value| !value.is_nullish()).all(|value| value.as_str().is_some());
    values.into_iter().map(|value| if is_text { text_key(value) } else { number_key(value) }).collect()
}

fn text_key(value: &Value) -> Key {
    value.as_str().map_or(Key::Nothing, |text| Key::Text(text.to_lowercase()))
}

fn number_key(value: &Value) -> Key {
    match to_number(value) {
        Some(number) => Key::Number(number),
        None => text_key(value),
    }
}

/// The places of so many items at random (Fisher–Yates), the same for the same seed.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut random = Random::new(seed);
    for last in (1..count).rev() {
        order.swap(last, random.below(last + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing};

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    fn by(fields: &str) -> String {
        format!(r#"{{"sortFieldsUi":{{"sortField":[{fields}]}}}}"#)
    }

    #[test]
    fn items_are_sorted() {
        let n = r#"{"fieldName":"n"}"#;
        for (fields, input, output) in [
            (n, r#"[{"n":10},{"n":9},{"n":-1}]"#, r#"[{"n":-1},{"n":9},{"n":10}]"#),
            (
                r#"{"fieldName":"n","order":"descending"}"#,
                r#"[{"n":1},{"n":3},{"n":2}]"#,
                r#"[{"n":3},{"n":2},{"n":1}]"#,
            ),
            (
                n,
                r#"[{"n":"b"},{"n":"A"},{"n":"a","k":2},{"n":"É"}]"#,
                r#"[{"n":"A"},{"n":"a","k":2},{"n":"b"},{"n":"É"}]"#,
            ),
            (n, r#"[{"n":"9"},{"n":"10"}]"#, r#"[{"n":"10"},{"n":"9"}]"#),
            (n, r#"[{"n":"9"},{"n":"10"},{"n":9.5}]"#, r#"[{"n":"9"},{"n":9.5},{"n":"10"}]"#),
            (n, r#"[{"n":3},{"n":null},{"n":-1},{}]"#, r#"[{"n":-1},{"n":null},{"n":3},{}]"#),
            (n, r#"[{},{"n":"b"},{"n":null},{"n":"a"}]"#, r#"[{"n":"a"},{"n":"b"},{},{"n":null}]"#),
            (n, r#"[{"n":"x"},{"n":true},{"n":[1]},{"n":false}]"#, r#"[{"n":false},{"n":true},{"n":"x"},{"n":[1]}]"#),
            (
                r#"{"fieldName":"a.b"},{"fieldName":"c","order":"descending"}"#,
                r#"[{"a":{"b":2},"c":1},{"a":{"b":1},"c":1},{"a":{"b":1},"c":2}]"#,
                r#"[{"a":{"b":1},"c":2},{"a":{"b":1},"c":1},{"a":{"b":2},"c":1}]"#,
            ),
            (n, "[]", "[]"),
        ] {
            let outputs = run(&Sort, &by(fields), &TestStep::new(&[input])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{fields} {input}");
        }
    }

    #[test]
    fn imported_nodes_sort_as_javascript_does() {
        for (order, input, output) in [
            ("descending", r#"[{"i":0},{"n":1,"i":1},{"i":2}]"#, r#"[{"i":2},{"n":1,"i":1},{"i":0}]"#),
            (
                "ascending",
                r#"[{"i":0},{"i":1},{"n":[2],"i":2},{"n":"1","i":3},{"i":4},{"n":"1","i":5}]"#,
                r#"[{"i":0},{"i":1},{"n":"1","i":3},{"n":[2],"i":2},{"i":4},{"n":"1","i":5}]"#,
            ),
            ("descending", r#"[{"n":null},{},{"n":3}]"#, r#"[{"n":3},{},{"n":null}]"#),
            ("ascending", r#"[{},{"n":"a"},{"n":1}]"#, r#"[{},{"n":"a"},{"n":1}]"#),
            (
                "ascending",
                r#"[{"n":"b"},{"n":"A"},{"n":"10"},{"n":"9"}]"#,
                r#"[{"n":"10"},{"n":"9"},{"n":"A"},{"n":"b"}]"#,
            ),
        ] {
            let node = by(&format!(r#"{{"fieldName":"n","order":"{order}"}}"#));
            let imported = import(&Sort, 1.0, &node).unwrap().parameters.to_json();
            let outputs = run(&Sort, &imported, &TestStep::new(&[input])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{input}");
        }
    }

    #[test]
    fn sorted_items_know_their_place_in_the_input() {
        let outputs = run(&Sort, &by(r#"{"fieldName":"n"}"#), &TestStep::new(&[r#"[{"n":2},{"n":1}]"#])).unwrap();
        assert_eq!(outputs.ports[0][0].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
    }

    #[test]
    fn chance_is_repeated_with_its_seed() {
        let order = shuffled(1000, 7);
        assert_eq!(order, shuffled(1000, 7));
        assert_ne!(order, shuffled(1000, 8));
        let mut back = order;
        back.sort_unstable();
        assert!(back.into_iter().eq(0..1000));
        let outputs = run(&Sort, r#"{"type":"random"}"#, &TestStep::new(&[r#"[{"n":1},{"n":2}]"#])).unwrap();
        assert_eq!(outputs.ports[0].len(), 2);
        assert!(shuffled(0, 1).is_empty());
    }

    #[test]
    fn a_field_that_no_item_has_is_named() {
        let step = TestStep::new(&[r#"[{"a":{"b":1}}]"#]);
        let error = run(&Sort, &by(r#"{"fieldName":"a.c"}"#), &step).unwrap_err();
        assert!(error.message.contains("“a.c”"), "{}", error.message);
        assert_eq!(error.field.as_deref(), Some("sortFieldsUi.sortField[0].fieldName"));
        let literal = r#"{"sortFieldsUi":{"sortField":[{"fieldName":"a.b"}]},"options":{"disableDotNotation":true}}"#;
        assert!(run(&Sort, literal, &step).unwrap_err().description.as_ref().unwrap().contains("dot"));
        assert!(prepare(&Sort, "{}").is_err());
        assert!(prepare(&Sort, &by("")).is_err());
    }

    #[test]
    fn what_n8n_sorts_by_code_is_refused() {
        assert!(import(&Sort, 1.0, r#"{"type":"random"}"#).is_ok());
        let refused = import(&Sort, 1.0, r#"{"type":"code","code":"return 0"}"#).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("type"));
    }
}
