//! Combines by fields: items that hold the same values, as a database joins tables.

use std::sync::Arc;

use serde::Deserialize;
use weft_value::{Item, Text, Value};

use super::clash::{ClashHandling, Part};
use super::{at, items_of};
use crate::descriptor::{choice, field};
use crate::matching::{
    Comparison, MatchFields, Matcher, Matches, Names, dot_notation_form, fuzzy_compare_form, match_fields_form,
    refuse_over, require_fields, require_fields_form,
};
use crate::{NodeError, Outputs, Parameter, ParameterType, Problem, Step, Transform, label};

/// The parameters of the mode.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ByFields {
    #[serde(rename = "mergeByFields", default)]
    match_fields: MatchFields,
    join_mode: JoinMode,
    #[serde(default)]
    output_data_from: OutputDataFrom,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum JoinMode {
    KeepMatches,
    KeepNonMatches,
    KeepEverything,
    EnrichInput1,
    EnrichInput2,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OutputDataFrom {
    #[default]
    Both,
    Input1,
    Input2,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    clash_handling: ClashHandling,
    disable_dot_notation: bool,
    fuzzy_compare: bool,
    multiple_matches: MultipleMatches,
    require_fields: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MultipleMatches {
    #[default]
    All,
    First,
}

pub(super) fn form() -> Vec<Parameter> {
    let fields = label("Field of input 1", "Champ de l’entrée 1");
    vec![
        match_fields_form([fields, label("Field of input 2", "Champ de l’entrée 2")])
            .required()
            .when("mode", ["combine"])
            .when("combineBy", ["combineByFields"]),
        field(ParameterType::Options, "joinMode", label("Keep", "Garder"))
            .help(
                "Which items are given, as the kinds of a join in SQL.",
                "Quels éléments sont donnés, comme les jointures en SQL.",
            )
            .or("keepMatches")
            .choices([
                choice("keepMatches", label("What matches", "Ce qui correspond")).help(
                    "Items that both inputs have (inner join).",
                    "Les éléments que les deux entrées ont (jointure interne).",
                ),
                choice("keepNonMatches", label("What does not match", "Ce qui ne correspond pas"))
                    .help("Items that only one input has.", "Les éléments qu’une seule entrée a."),
                choice("keepEverything", label("Everything", "Tout")).help(
                    "All items, combined where they match (full outer join).",
                    "Tous les éléments, combinés s’ils correspondent (jointure externe complète).",
                ),
                choice("enrichInput1", label("Input 1, with what matches", "L’entrée 1, avec ce qui correspond")).help(
                    "All items of input 1, with the fields of those that match (left join).",
                    "Tous les éléments de l’entrée 1, avec les champs de ceux qui correspondent (jointure gauche).",
                ),
                choice("enrichInput2", label("Input 2, with what matches", "L’entrée 2, avec ce qui correspond")).help(
                    "All items of input 2, with the fields of those that match (right join).",
                    "Tous les éléments de l’entrée 2, avec les champs de ceux qui correspondent (jointure droite).",
                ),
            ])
            .when("mode", ["combine"])
            .when("combineBy", ["combineByFields"]),
        field(ParameterType::Options, "outputDataFrom", label("Items of", "Éléments de"))
            .help("Whose fields the given items have.", "De qui viennent les champs des éléments donnés.")
            .or("both")
            .choices([
                choice("both", label("Both inputs", "Les deux entrées")),
                choice("input1", label("Input 1", "L’entrée 1")),
                choice("input2", label("Input 2", "L’entrée 2")),
            ])
            .when("mode", ["combine"])
            .when("combineBy", ["combineByFields"])
            .when("joinMode", ["keepMatches", "keepNonMatches"]),
    ]
}

/// The options that this way of combining has alone.
pub(super) fn options_form() -> [Parameter; 4] {
    [
        field(ParameterType::Options, "multipleMatches", label("Several matches", "Plusieurs correspondances"))
            .help("When combining by fields.", "En combinant par champs.")
            .or("all")
            .choices([
                choice("all", label("An item for each", "Un élément pour chacune")),
                choice("first", label("The first one only", "La première seulement")),
            ]),
        fuzzy_compare_form(),
        dot_notation_form(),
        require_fields_form(),
    ]
}

/// Both inputs and who belongs to whom.
struct Joined<'a> {
    left: &'a [Item],
    right: &'a [Item],
    matches: Matches,
}

impl ByFields {
    /// The node, unless it has nothing to match by.
    pub(super) fn checked(self) -> Result<Self, Vec<Problem>> {
        let problems = self.match_fields.problems();
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// Whether matching items are joined, and not just kept or left out.
    fn joins(&self) -> bool {
        match self.join_mode {
            JoinMode::KeepMatches => self.output_data_from == OutputDataFrom::Both,
            JoinMode::KeepNonMatches => false,
            JoinMode::KeepEverything | JoinMode::EnrichInput1 | JoinMode::EnrichInput2 => true,
        }
    }

    fn find<'a>(&self, step: &'a dyn Step, fields: Vec<(Text, Text)>) -> Result<Joined<'a>, NodeError> {
        let comparison = if self.options.fuzzy_compare { Comparison::Fuzzy } else { Comparison::Exact };
        let (left, right) = (step.input(0), step.input(1));
        let names = Names::new(self.options.disable_dot_notation);
        let mut matches = Matcher { fields, names, comparison }.find(left, right);
        if self.joins() {
            if self.options.multiple_matches == MultipleMatches::First {
                matches = matches.first_only();
            }
            refuse_over(matches.count(), "Every item with every item that matches")?;
        }
        Ok(Joined { left, right, matches })
    }

    /// Whose items are kept as they are: those without a partner, or those with one where matches are kept.
    fn keeps_alone(&self) -> [bool; 2] {
        use JoinMode::{EnrichInput1, EnrichInput2, KeepEverything, KeepMatches, KeepNonMatches};
        match (self.join_mode, self.output_data_from) {
            (KeepMatches, OutputDataFrom::Both) => [false, false],
            (EnrichInput1, _) | (KeepMatches | KeepNonMatches, OutputDataFrom::Input1) => [true, false],
            (EnrichInput2, _) | (KeepMatches | KeepNonMatches, OutputDataFrom::Input2) => [false, true],
            (KeepEverything, _) | (KeepNonMatches, OutputDataFrom::Both) => [true, true],
        }
    }

    /// An item that is kept as it is; it tells where it is from when it could be from either input.
    fn alone(&self, part: Part<'_>) -> Item {
        match (self.join_mode, self.output_data_from) {
            (JoinMode::KeepNonMatches, OutputDataFrom::Both) => with_source(part),
            (JoinMode::KeepMatches | JoinMode::KeepNonMatches, _) => part.unchanged(),
            _ => self.options.clash_handling.alone(part),
        }
    }

    /// What is kept where one input has no items: nothing can match, and the other's items pass unchanged.
    fn without_partners(&self, step: &dyn Step) -> Vec<Item> {
        if self.join_mode == JoinMode::KeepMatches {
            return Vec::new();
        }
        let keeps = self.keeps_alone();
        (0..2).filter(|input| keeps[*input]).flat_map(|input| items_of(step, input)).collect()
    }

    fn require(&self, step: &dyn Step, fields: &[(Text, Text)]) -> Result<(), NodeError> {
        let names = Names::new(self.options.disable_dot_notation);
        require_fields(&step.input(0).iter(), fields.iter().map(|(name, _)| name), names, "input 1")?;
        require_fields(&step.input(1).iter(), fields.iter().map(|(_, name)| name), names, "input 2")
    }
}

impl Transform for ByFields {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let fields = self.match_fields.resolve(step)?;
        if self.options.require_fields {
            self.require(step, &fields)?;
        }
        if step.input(0).is_empty() || step.input(1).is_empty() {
            return Ok(Outputs::one(self.without_partners(step)));
        }
        let joined = self.find(step, fields)?;
        // Where nobody said whose fields win, those of the input win that is not the one to be enriched.
        let favourite = usize::from(self.join_mode != JoinMode::EnrichInput2);
        let mut kept: Vec<Item> = Vec::new();
        if self.joins() {
            kept.extend(joined.pairs(&self.options.clash_handling, favourite));
        }
        let with_partner = self.join_mode == JoinMode::KeepMatches;
        let [of_left, of_right] = self.keeps_alone();
        if of_left {
            kept.extend(joined.of_left(with_partner).map(|part| self.alone(part)));
        }
        if of_right {
            kept.extend(joined.of_right(with_partner).map(|part| self.alone(part)));
        }
        Ok(Outputs::one(kept))
    }
}

impl<'a> Joined<'a> {
    /// Every item of input 1 with every partner. Where nobody said whose fields win, those of input `favourite` do (from 0).
    fn pairs<'s>(&'s self, clash: &'s ClashHandling, favourite: usize) -> impl Iterator<Item = Item> + use<'s, 'a> {
        let first_wins = !clash.adds_suffix() && clash.preferred(2).unwrap_or(favourite) == 0;
        self.left.iter().enumerate().flat_map(move |(place, item)| {
            let left = Part { item, place: at(place, 0) };
            self.matches.of(place).iter().map(move |other| {
                let other = *other as usize;
                let right = Part { item: &self.right[other], place: at(other, 1) };
                clash.join(&if first_wins { [right, left] } else { [left, right] })
            })
        })
    }

    /// The items of input 1 that have a partner, or those that have none.
    fn of_left(&self, has_partner: bool) -> impl Iterator<Item = Part<'a>> {
        let wanted = move |(place, _): &(usize, &Item)| self.matches.of(*place).is_empty() != has_partner;
        self.left.iter().enumerate().filter(wanted).map(|(place, item)| Part { item, place: at(place, 0) })
    }

    /// The items of input 2 that have a partner, or those that have none.
    fn of_right(&self, has_partner: bool) -> impl Iterator<Item = Part<'a>> {
        let matched = self.matches.is_matched(self.right.len());
        let items = self.right.iter().enumerate().zip(matched).filter(move |(_, matched)| *matched == has_partner);
        items.map(|((place, item), _)| Part { item, place: at(place, 1) })
    }
}

/// The item with the field `_source`: which input it came from.
fn with_source(part: Part<'_>) -> Item {
    let mut item = part.unchanged();
    if let Value::Object(fields) = &mut item.json {
        Arc::make_mut(fields).insert("_source", format!("input{}", part.place.input + 1));
    }
    item
}
