//! **Summarize**: counts, adds up and compares the values of fields, over all items or for each group of them.
//!
//! before: `[{"city":"Lyon","paid":2},{"city":"Lyon","paid":3}]`
//! with: `{"fieldsToSummarize":{"values":[{"aggregation":"sum","field":"paid"}]},"fieldsToSplitBy":"city"}`
//! after: `[{"city":"Lyon","sum_paid":5}]`

mod aggregation;
mod form;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, ItemRef, Object, Pairing, Text, Value};

use self::aggregation::{Aggregation, Entry, field_name};
use crate::coercion::{is_truthy, to_text};
use crate::grouping::split_groups;
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::{
    Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Path, Problem, Retried, Step,
    Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Summarize;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "summarize",
    version: 1,
    label: label("Summarize", "Résumer"),
    description: label(
        "Counts, adds up and compares values, over all items or for each group.",
        "Compte, additionne et compare des valeurs, sur tous les éléments ou par groupe.",
    ),
    group: Group::Transform,
    icon: "sigma",
    color: "blue",
    subtitle: Some("{fieldsToSplitBy}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "Each result is called after what was done and the field: `sum_price`, `unique_count_user_email`. Sums and averages take \
         numbers only; counts leave out what is empty unless it is to be included.",
        "Chaque résultat porte le nom de l’opération et du champ : `sum_price`, `unique_count_user_email`. Sommes et moyennes \
         n’utilisent que les nombres ; les comptes ignorent ce qui est vide, sauf demande contraire.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    fields_to_summarize: FieldsToSummarize,
    #[serde(default)]
    fields_to_split_by: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FieldsToSummarize {
    values: Vec<Aggregation>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form or of an imported node")]
struct Options {
    #[serde(rename = "disableDotNotation")]
    dots: Dots,
    output_format: OutputFormat,
    skip_empty_split_fields: bool,
    split_values_as_text: bool,
    fail_if_field_not_found: bool,
    layout: Layout,
    /// Whether the largest and the smallest value are looked for among numbers alone.
    compares_numbers: bool,
}

/// How groups are arranged. Imported nodes keep the arrangement that they were made for.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Layout {
    /// What the items of a group have in common stands in front of the results.
    #[default]
    GroupFirst,
    /// It stands behind them, the innermost first.
    ResultsFirst,
    /// In front of them; groups whose text is a whole number come first and in their order, as the keys of an object do, and
    /// what is missing is empty although it is grouped as a text.
    ItemLists,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OutputFormat {
    #[default]
    SeparateItems,
    SingleItem,
}

impl NodeKind for Summarize {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.summarize", ITEM_LISTS]
    }

    /// Summarize 1.1 keeps the types of the values that it groups by, and goes on without a field; version 1 and Item Lists
    /// group by text. Item Lists goes on without a field from version 2.1.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let is_item_lists = node.node_type == ITEM_LISTS;
        let version = node.version;
        let mut node = ListNode::new(node, &["summarize"])?;
        let goes_on = node.remove_option("continueIfFieldNotFound").as_bool() == Some(true);
        let fails = if is_item_lists { version < 2.1 } else { version < 1.1 && !goes_on };
        if fails {
            node.set_option("failIfFieldNotFound", true);
        }
        if is_item_lists || version < 1.1 {
            node.set_option("splitValuesAsText", true);
        }
        node.set_option("layout", if is_item_lists { "itemLists" } else { "resultsFirst" });
        if is_item_lists && version < 3.0 {
            node.set_option("comparesNumbers", true);
        }
        Ok(node.imported())
    }
}

/// The most fields to group by. Results may be nested as deep as there are fields.
const MOST_SPLITS: usize = 32;

impl TransformKind for Summarize {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        if parameters.fields_to_summarize.values.is_empty() {
            let message = "Name at least one field to summarize.";
            return Err(vec![Problem::error("parameter_required", message, "fieldsToSummarize.values")]);
        }
        Ok(Box::new(parameters))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Outputs::one(Vec::new()));
        }
        let entries = self.entries(step)?;
        let split = Split::new(self, step)?;
        let groups = split.groups();
        let summary = |group: &[usize]| entries.iter().map(|entry| entry.result(items, group)).collect::<Object>();
        Ok(Outputs::one(match self.options.output_format {
            OutputFormat::SeparateItems => groups.iter().map(|group| split.item(group, summary(group))).collect(),
            OutputFormat::SingleItem => {
                let leaves: Vec<Leaf> = groups.iter().map(|group| (split.texts(group), summary(group))).collect();
                vec![Item { pairing: made_from(0..items.len()), ..Item::new(nested(leaves)) }]
            }
        }))
    }
}

impl Parameters {
    fn entries(&self, step: &dyn Step) -> Result<Vec<Entry>, NodeError> {
        let entries = self.fields_to_summarize.values.iter().enumerate().map(|(place, aggregation)| {
            let in_field = |error: NodeError| error.in_field(format!("fieldsToSummarize.values[{place}].field"));
            let entry = aggregation.resolve(step, &self.options).map_err(in_field)?;
            let is_nowhere = || step.input(0).iter().all(|item| entry.path.get(&item.json).is_undefined());
            if self.options.fail_if_field_not_found && is_nowhere() {
                return Err(in_field(entry.path.nowhere()));
            }
            Ok(entry)
        });
        entries.collect()
    }
}

/// What the items are grouped by.
struct Split {
    layout: Layout,
    paths: Vec<Path>,
    /// For every path, the value of every item.
    keys: Vec<Vec<Value>>,
    /// The items that are in a group.
    kept: Vec<usize>,
}

impl Split {
    fn new(parameters: &Parameters, step: &dyn Step) -> Result<Self, NodeError> {
        let options = &parameters.options;
        let paths = parameters.fields_to_split_by.paths(step, 0, options.dots)?;
        if paths.len() > MOST_SPLITS {
            let message = format!("Items can be grouped by {MOST_SPLITS} fields at most; these are {}.", paths.len());
            return Err(NodeError::new("parameter", message).in_field("fieldsToSplitBy"));
        }
        let is_item_lists = options.layout == Layout::ItemLists;
        let key = |value: &Value| match value {
            Value::Null if is_item_lists => "null".into(),
            Value::Undefined | Value::Bool(false) if is_item_lists && options.skip_empty_split_fields => value.clone(),
            Value::Array(_) | Value::Object(_) | Value::DateTime(_) => to_text(value).into(),
            value if options.split_values_as_text => shown(value).into(),
            value => value.clone(),
        };
        let of = |path: &Path| step.input(0).iter().map(|item| key(path.get(&item.json))).collect();
        let mut keys: Vec<Vec<Value>> = paths.iter().map(of).collect();
        let is_empty = |keys: &Vec<Value>, item: usize| keys[item].as_f64().is_none() && !is_truthy(&keys[item]);
        let is_kept =
            |item: &usize| !(options.skip_empty_split_fields && keys.iter().any(|keys| is_empty(keys, *item)));
        let kept = (0..step.input(0).len()).filter(is_kept).collect();
        if let OutputFormat::SingleItem = options.output_format {
            // The groups are fields of one item there, whose names are texts: 1 and "1" are one group.
            keys.iter_mut().flatten().for_each(|key| *key = shown(key).into());
        }
        Ok(Self { layout: options.layout, paths, keys, kept })
    }

    fn groups(&self) -> Vec<Vec<usize>> {
        self.keys.iter().fold(vec![self.kept.clone()], |groups, keys| {
            if self.layout != Layout::ItemLists {
                return split_groups(groups, keys);
            }
            let inner = groups.into_iter().flat_map(|group| {
                let mut inner = split_groups(vec![group], keys);
                inner.sort_by_key(|group| whole_number(&keys[group[0]]).unwrap_or(u32::MAX));
                inner
            });
            inner.collect()
        })
    }

    /// The result of one group with what its items have in common.
    fn item(&self, group: &[usize], summary: Object) -> Item {
        let common = self.paths.iter().zip(&self.keys).map(|(path, keys)| (path, keys[group[0]].clone()));
        let common = common.filter(|(_, key)| !key.is_undefined()).map(|(path, key)| (field_name(path.name()), key));
        let json = if self.layout == Layout::ResultsFirst {
            let mut json = summary;
            common.rev().for_each(|(name, key)| json.insert(name, key));
            json
        } else {
            let mut json: Object = common.collect();
            summary.into_iter().for_each(|(name, value)| json.insert(name, value));
            json
        };
        Item { pairing: made_from(group.iter().copied()), ..Item::new(json) }
    }

    fn texts(&self, group: &[usize]) -> Vec<Text> {
        self.keys.iter().map(|keys| shown(&keys[group[0]])).collect()
    }
}

fn made_from(items: impl Iterator<Item = usize>) -> Pairing {
    Pairing::many(items.map(|item| ItemRef { item: item as u32, input: 0 }))
}

/// The whole number that a text writes as JavaScript does.
fn whole_number(key: &Value) -> Option<u32> {
    let text = key.as_str()?;
    text.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == text)
}

/// JavaScript's `String(value)`.
fn shown(value: &Value) -> Text {
    match value {
        Value::Undefined => "undefined".into(),
        Value::Null => "null".into(),
        value => to_text(value),
    }
}

/// The texts of what a group has in common, outermost first, and its result.
type Leaf = (Vec<Text>, Object);

/// Results in each other: `{"Lyon":{"2026":{"sum_paid":5}}}`. Groups with the same text stand next to each other.
fn nested(leaves: Vec<Leaf>) -> Object {
    let mut branches: Vec<(Text, Vec<Leaf>)> = Vec::new();
    for (mut texts, summary) in leaves {
        if texts.is_empty() {
            return summary;
        }
        let first = texts.remove(0);
        match branches.last_mut() {
            Some((text, inner)) if *text == first => inner.push((texts, summary)),
            _ => branches.push((first, vec![(texts, summary)])),
        }
    }
    branches.into_iter().map(|(text, inner)| (text, nested(inner))).collect()
}

#[cfg(test)]
mod tests;
