//! **Aggregate**: gathers many items into one, or into one for each group.
//!
//! before: `[{"n":1,"k":"a"},{"n":2,"k":"a"}]`
//! with: `{"fieldsToAggregate":{"fieldToAggregate":[{"fieldToAggregate":"n"}]}}`
//! after: `[{"n":[1,2]}]`
//!
//! before: `[{"n":1,"k":"a"},{"n":2,"k":"a"}]`
//! with: `{"aggregate":"aggregateAllItemData"}`
//! after: `[{"data":[{"n":1,"k":"a"},{"n":2,"k":"a"}]}]`

mod files;
mod gather;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, ItemRef, Object, Pairing, Value};

use self::files::files_of;
use self::gather::{Plan, plan};
use crate::descriptor::{choice, dots_option, field};
use crate::grouping::split_groups;
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::{
    Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Aggregate;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "aggregate",
    version: 1,
    label: label("Aggregate", "Regrouper"),
    description: label(
        "Gathers many items into one, or into one for each group.",
        "Réunit plusieurs éléments en un seul, ou en un par groupe.",
    ),
    group: Group::Transform,
    icon: "combine",
    color: "blue",
    subtitle: Some("{aggregate}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "A field becomes the list of its values. Group by fields to get one item for each value that they have together; it keeps \
         those fields.",
        "Un champ devient la liste de ses valeurs. Groupez par champs pour obtenir un élément par valeur commune ; il garde ces \
         champs.",
    ),
});

fn form() -> Vec<Parameter> {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    let names = |name, text| field(ParameterType::String, name, text).example("name, user.email");
    let all = |parameter: Parameter| parameter.when("aggregate", ["aggregateAllItemData"]);
    vec![
        field(ParameterType::Options, "aggregate", label("Gather", "Réunir"))
            .help("What becomes a list.", "Ce qui devient une liste.")
            .or("aggregateIndividualFields")
            .choices([
                choice("aggregateIndividualFields", label("Some fields", "Certains champs")).help(
                    "Each field becomes the list of its values.",
                    "Chaque champ devient la liste de ses valeurs.",
                ),
                choice("aggregateAllItemData", label("All data of the items", "Toutes les données des éléments"))
                    .help("The items become one list of objects.", "Les éléments deviennent une seule liste d’objets."),
            ]),
        field(ParameterType::FixedCollection, "fieldsToAggregate", label("Fields", "Champs"))
            .literal()
            .required()
            .fields([field(ParameterType::FixedCollection, "fieldToAggregate", label("Field", "Champ"))
                .multiple()
                .fields([
                    field(ParameterType::String, "fieldToAggregate", label("Field", "Champ"))
                        .help(
                            "Its name; a dot reaches inside: “user.email” becomes the list “email”.",
                            "Son nom ; un point descend dans l’objet : « user.email » devient la liste « email ».",
                        )
                        .required()
                        .example("user.email"),
                    switch("renameField", label("Rename", "Renommer"))
                        .help("Gives the list a name of its own.", "Donne à la liste un nom à elle."),
                    field(ParameterType::String, "outputFieldName", label("Output field", "Champ de sortie"))
                        .example("emails")
                        .when("renameField", [true]),
                ])])
            .when("aggregate", ["aggregateIndividualFields"]),
        all(field(ParameterType::String, "destinationFieldName", label("Output field", "Champ de sortie"))
            .help("The field that the list is put into.", "Le champ où mettre la liste.")
            .or("data")),
        all(field(ParameterType::Options, "include", label("Fields", "Champs"))
            .help("Which fields of each item the list has.", "Quels champs de chaque élément la liste a.")
            .or("allFields")
            .choices([
                choice("allFields", label("All", "Tous")),
                choice("specifiedFields", label("Selected", "Sélectionnés")),
                choice("allFieldsExcept", label("All except", "Tous sauf")),
            ])),
        all(names("fieldsToInclude", label("Fields to include", "Champs à inclure"))
            .help(
                "Names with commas between them; empty for all fields.",
                "Des noms séparés par des virgules ; vide pour tous les champs.",
            )
            .when("include", ["specifiedFields"])),
        all(names("fieldsToExclude", label("Fields to leave out", "Champs à exclure"))
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .when("include", ["allFieldsExcept"])),
        names("groupBy", label("Group by", "Grouper par")).help(
            "One item for each value of these fields; empty for a single item.",
            "Un élément par valeur de ces champs ; vide pour un seul élément.",
        ),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            dots_option(),
            switch("mergeLists", label("Join lists", "Réunir les listes")).help(
                "Where the values are lists themselves, their entries stand in one list instead of a list of lists.",
                "Si les valeurs sont elles-mêmes des listes, leurs entrées forment une seule liste au lieu \
                 d’une liste de listes.",
            ),
            switch("keepMissing", label("Keep missing values as null", "Garder les valeurs absentes comme null")).help(
                "Otherwise missing and null values are left out of the list.",
                "Sinon les valeurs absentes ou null sont omises de la liste.",
            ),
            switch("includeBinaries", label("Keep files", "Garder les fichiers")).help(
                "The files of all items go into the item that is made.",
                "Les fichiers de tous les éléments vont dans l’élément produit.",
            ),
            switch("keepOnlyUnique", label("Keep each file once", "Garder chaque fichier une fois")).help(
                "Of files that are the same, only the first is kept.",
                "De fichiers identiques, seul le premier est gardé.",
            ),
            switch("failIfFieldNotFound", label("Fail without the field", "Échouer sans le champ")).help(
                "Fails where no item at all has a field that is named.",
                "Échoue si aucun élément n’a un champ nommé.",
            ),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    aggregate: Mode,
    #[serde(default)]
    fields_to_aggregate: FieldsToAggregate,
    #[serde(default)]
    destination_field_name: Field,
    #[serde(default)]
    include: Include,
    #[serde(default)]
    fields_to_include: Field,
    #[serde(default)]
    fields_to_exclude: Field,
    #[serde(default)]
    group_by: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Deserialize)]
enum Mode {
    #[serde(rename = "aggregateIndividualFields")]
    IndividualFields,
    #[serde(rename = "aggregateAllItemData")]
    AllItemData,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FieldsToAggregate {
    field_to_aggregate: Vec<FieldToAggregate>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FieldToAggregate {
    #[serde(rename = "fieldToAggregate")]
    source: Field,
    rename_field: bool,
    output_field_name: Field,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Include {
    #[default]
    AllFields,
    SpecifiedFields,
    AllFieldsExcept,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    #[serde(rename = "disableDotNotation")]
    dots: Dots,
    merge_lists: bool,
    keep_missing: bool,
    include_binaries: bool,
    keep_only_unique: bool,
    fail_if_field_not_found: bool,
}

impl NodeKind for Aggregate {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.aggregate", ITEM_LISTS]
    }

    /// Item Lists called it `aggregateItems` before version 3, and refused a missing field before version 2.1 unless what is
    /// missing was kept.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut node = ListNode::new(node, &["aggregateItems", "concatenateItems"])?;
        node.flatten_names("fieldsToInclude");
        node.flatten_names("fieldsToExclude");
        if node.parameters.get("aggregate").and_then(Value::as_str) == Some("aggregateAllItemData") {
            // The fields that n8n takes or leaves out there are the outermost ones, dots and all.
            node.set_option("disableDotNotation", true);
        }
        let keeps_missing = node.parameters.get("options").and_then(|options| options.get("keepMissing").as_bool());
        if node.is_before(2.1) && keeps_missing != Some(true) {
            node.set_option("failIfFieldNotFound", true);
        }
        Ok(node.imported())
    }
}

impl TransformKind for Aggregate {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let names_none = parameters.fields_to_aggregate.field_to_aggregate.is_empty();
        if matches!(parameters.aggregate, Mode::IndividualFields) && names_none {
            let message = "Name at least one field to gather.";
            return Err(vec![Problem::error("parameter_required", message, "fieldsToAggregate.fieldToAggregate")]);
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
        let plan = plan(self, step)?;
        let by = self.group_by.paths(step, 0, self.options.dots)?;
        let mut groups = vec![(0..items.len()).collect::<Vec<usize>>()];
        for path in &by {
            let keys: Vec<Value> = items.iter().map(|item| path.get(&item.json).clone()).collect();
            groups = split_groups(groups, &keys);
        }
        let made = groups.into_iter().map(|group| {
            let mut json = Object::new();
            for path in &by {
                let value = path.get(&items[group[0]].json);
                if !value.is_undefined() {
                    path.set(&mut json, value.clone());
                }
            }
            self.gathered(&plan, items, group, json)
        });
        Ok(Outputs::one(made.collect()))
    }
}

impl Parameters {
    /// The item of one group. It is paired with the items whose data it has.
    fn gathered(&self, plan: &Plan, items: &[Item], group: Vec<usize>, mut json: Object) -> Item {
        let members = plan.gather(&self.options, items, group, &mut json);
        let mut item = Item::new(json);
        if self.options.include_binaries {
            item.binary = files_of(members.iter().map(|member| &items[*member]), self.options.keep_only_unique);
        }
        let at = |member: usize| ItemRef { item: member as u32, input: 0 };
        item.pairing = Pairing::many(members.into_iter().map(at));
        item
    }
}

#[cfg(test)]
mod tests;
