//! **Compare datasets**: parts the items of two inputs into those of A only, the same, different ones, and those of B only.
//!
//! before: A `[{"id":1},{"id":2,"n":1}]`, B `[{"id":2,"n":2},{"id":3}]`
//! with: `{"mergeByFields":{"values":[{"field1":"id","field2":"id"}]}}`
//! after: A only `[{"id":1}]`, same `[]`, different
//! `[{"keys":{"id":2},"same":{"id":2},"different":{"n":{"inputA":1,"inputB":2}}}]`, B only `[{"id":3}]`

mod difference;
mod form;
mod n8n;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, ItemRef, Pairing, Text, Value};

use self::difference::Differences;
use crate::matching::{Comparison, MatchFields, Matcher, Matches, Names, names_of, refuse_over, require_fields};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Port, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, label, parameters,
};

/// The kind.
pub struct CompareDatasets;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "compareDatasets",
    version: 1,
    label: label("Compare datasets", "Comparer des données"),
    description: label("Finds what changed between two inputs.", "Trouve ce qui a changé entre deux entrées."),
    group: Group::Flow,
    icon: "git-compare",
    color: "cyan",
    subtitle: None,
    inputs: vec![
        Port { name: "input A".into(), label: Some(label("A", "A")) },
        Port { name: "input B".into(), label: Some(label("B", "B")) },
    ],
    outputs: vec![
        Port { name: "in A only".into(), label: Some(label("In A only", "Dans A seulement")) },
        Port { name: "same".into(), label: Some(label("Same", "Identiques")) },
        Port { name: "different".into(), label: Some(label("Different", "Différents")) },
        Port { name: "in B only".into(), label: Some(label("In B only", "Dans B seulement")) },
    ],
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "Items belong together when the fields to match hold the same values; then all their other fields are \
         compared.",
        "Les éléments vont ensemble quand les champs à comparer ont les mêmes valeurs ; puis tous leurs autres champs \
         sont comparés.",
    ),
});

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default)]
    merge_by_fields: MatchFields,
    resolve: Resolve,
    #[serde(default)]
    prefer_when_mix: Side,
    #[serde(default)]
    except_when_mix: Field,
    fuzzy_compare: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    skip_fields: Field,
    multiple_matches: MultipleMatches,
    disable_dot_notation: bool,
    require_fields: bool,
    layout: Layout,
}

/// What stands for two items that differ.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Resolve {
    IncludeBoth,
    PreferInput1,
    PreferInput2,
    Mix,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Side {
    #[default]
    Input1,
    Input2,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MultipleMatches {
    All,
    #[default]
    First,
}

/// What two versions look like side by side. Workflows from n8n go on with what they knew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Layout {
    #[default]
    Current,
    /// A field that one side lacks always differs; names with dots cannot be skipped inside of a field that differs.
    N8nVersion2,
    /// The same, the sides are called `input1` and `input2`, and what is false, zero or empty is shown as null.
    N8nVersion1,
}

impl NodeKind for CompareDatasets {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.compareDatasets"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        n8n::import(node.version, node.parameters)
    }
}

impl TransformKind for CompareDatasets {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let node = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let problems = node.merge_by_fields.problems();
        if problems.is_empty() { Ok(Box::new(node)) } else { Err(problems) }
    }
}

/// An item with its place.
#[derive(Clone, Copy)]
struct Placed<'a> {
    item: &'a Item,
    place: ItemRef,
}

impl Placed<'_> {
    fn unchanged(self) -> Item {
        Item { pairing: Pairing::One(self.place), ..self.item.clone() }
    }
}

/// The items of an input that have any data.
fn items_with_data(step: &dyn Step, input: u32) -> Vec<Placed<'_>> {
    let placed = |(place, item)| Placed { item, place: ItemRef { item: place as u32, input } };
    let items = step.input(input as usize).iter().enumerate().map(placed);
    items.filter(|placed| placed.item.json.as_object().is_some_and(|fields| !fields.is_empty())).collect()
}

impl Parameters {
    fn find(&self, left: &[Placed<'_>], right: &[Placed<'_>], fields: Vec<(Text, Text)>) -> Result<Matches, NodeError> {
        let matcher = Matcher { fields, names: self.names(), comparison: self.comparison() };
        let all = matcher.find(left.iter().map(|one| one.item), right.iter().map(|one| one.item));
        let found = if self.options.multiple_matches == MultipleMatches::First { all.first_only() } else { all };
        refuse_over(found.count(), "Every item with every item that matches")?;
        Ok(found)
    }

    fn comparison(&self) -> Comparison {
        match (self.fuzzy_compare, self.options.layout) {
            (false, _) => Comparison::Exact,
            (true, Layout::N8nVersion1) => Comparison::Fuzzy,
            (true, Layout::Current | Layout::N8nVersion2) => Comparison::FuzzyWithZero,
        }
    }

    fn names(&self) -> Names {
        Names::new(self.options.disable_dot_notation)
    }

    fn require(&self, sides: [&[Placed<'_>]; 2], fields: &[(Text, Text)]) -> Result<(), NodeError> {
        let [left, right] = sides;
        if self.options.require_fields && !left.is_empty() {
            require_fields(&left.iter().map(|one| one.item), fields.iter().map(|(name, _)| name), self.names(), "A")?;
        }
        if self.options.require_fields && !right.is_empty() {
            require_fields(&right.iter().map(|one| one.item), fields.iter().map(|(_, name)| name), self.names(), "B")?;
        }
        Ok(())
    }

    fn differences<'a>(&self, step: &dyn Step, fields: &'a [(Text, Text)]) -> Result<Differences<'a>, NodeError> {
        let list = |field: &Field, name| {
            let list = field.resolve(step, 0).map_err(|error| error.in_field(name))?;
            Ok::<_, NodeError>(names_of(&list))
        };
        let skipped = list(&self.options.skip_fields, "options.skipFields")?;
        let dotted = skipped.iter().find(|name| name.contains('.'));
        if let Some(name) = dotted.filter(|_| self.options.disable_dot_notation) {
            let message = format!("“{name}” cannot be skipped: names with dots are plain names here.");
            let advice = "Allow dot notation in the options, or skip the whole field.";
            return Err(NodeError::new("parameter", message).describe(advice).in_field("options.skipFields"));
        }
        Ok(Differences {
            fields,
            skipped,
            except: list(&self.except_when_mix, "exceptWhenMix")?,
            names: self.names(),
            comparison: self.comparison(),
            layout: self.options.layout,
        })
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let fields = self.merge_by_fields.resolve(step)?;
        let (left, right) = (items_with_data(step, 0), items_with_data(step, 1));
        self.require([&left, &right], &fields)?;
        let differences = self.differences(step, &fields)?;
        let matches = self.find(&left, &right, fields.clone())?;
        let taken = matches.is_matched(right.len());
        let (mut of_a, mut same, mut different) = (Vec::new(), Vec::new(), Vec::new());
        for (index, one) in left.iter().enumerate() {
            let partners = matches.of(index);
            if partners.is_empty() {
                of_a.push(one.unchanged());
            }
            let mut is_same_as = None;
            for other in partners.iter().map(|partner| right[*partner as usize]) {
                if differences.are_same(&one.item.json, &other.item.json) {
                    is_same_as.get_or_insert(other);
                } else {
                    different.push(self.resolved(&differences, *one, other)?);
                }
            }
            // One item for all partners that are the same.
            let prefers_other = self.fuzzy_compare && self.resolve == Resolve::PreferInput2;
            same.extend(is_same_as.map(|other| if prefers_other { other.unchanged() } else { one.unchanged() }));
        }
        let of_b = right.iter().zip(taken).filter(|(_, taken)| !taken).map(|(one, _)| one.unchanged());
        Ok(Outputs::many([of_a, same, different, of_b.collect()]))
    }
}

impl Parameters {
    /// What stands for two items that differ.
    fn resolved(&self, differences: &Differences<'_>, a: Placed<'_>, b: Placed<'_>) -> Result<Item, NodeError> {
        let of_both = |json: Value| Item { pairing: Pairing::many([a.place, b.place]), ..Item::new(json) };
        match (self.resolve, self.prefer_when_mix) {
            (Resolve::PreferInput1, _) => Ok(a.unchanged()),
            (Resolve::PreferInput2, _) => Ok(b.unchanged()),
            (Resolve::Mix, Side::Input1) => {
                let mixed = differences.mixed(&a.item.json, &b.item.json);
                Ok(Item { binary: a.item.binary.clone(), ..of_both(mixed) })
            }
            (Resolve::Mix, Side::Input2) => {
                let mixed = differences.mixed(&b.item.json, &a.item.json);
                Ok(Item { binary: b.item.binary.clone(), ..of_both(mixed) })
            }
            (Resolve::IncludeBoth, _) => {
                let both = differences.side_by_side(&a.item.json, &b.item.json);
                Ok(of_both(both.map_err(|error| error.at_item(a.place.item as usize))?))
            }
        }
    }
}
