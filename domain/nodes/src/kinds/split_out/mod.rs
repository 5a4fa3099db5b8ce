//! **Split out**: makes one item of every entry of a list.
//!
//! before: `[{"order":7,"lines":[{"sku":"a"},{"sku":"b"}]}]`
//! with: `{"fieldToSplitOut":"lines"}`
//! after: `[{"sku":"a"},{"sku":"b"}]`

use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;
use serde::Deserialize;
use weft_value::{BinaryRef, Item, Object, Text, Value};

use crate::descriptor::{choice, dots_option, field};
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::{
    Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Path,
    Problem, Retried, Step, Transform, TransformKind, Unsupported, each_items, label, parameters, port,
};

/// The kind.
pub struct SplitOut;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "splitOut",
    version: 1,
    label: label("Split out", "Éclater"),
    description: label("Makes one item of every entry of a list.", "Fait un élément de chaque entrée d’une liste."),
    group: Group::Transform,
    icon: "list-tree",
    color: "blue",
    subtitle: Some("{fieldToSplitOut}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Several fields, with commas between them, are split side by side: the first entries become the first item. An object is \
         split into its values; `$binary` splits the files of an item.",
        "Plusieurs champs, séparés par des virgules, sont éclatés côte à côte : les premières entrées font le premier élément. \
         Un objet est éclaté en ses valeurs ; `$binary` sépare les fichiers d’un élément.",
    ),
});

fn form() -> Vec<Parameter> {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    vec![
        field(ParameterType::String, "fieldToSplitOut", label("Fields to split out", "Champs à éclater"))
            .help(
                "Names with commas between them; each entry of the list becomes an item.",
                "Des noms séparés par des virgules ; chaque entrée de la liste devient un élément.",
            )
            .required()
            .example("lines, customer.tags"),
        field(ParameterType::Options, "include", label("Other fields", "Autres champs"))
            .help(
                "Which of the item’s other fields every new item gets.",
                "Lesquels des autres champs chaque nouvel élément reçoit.",
            )
            .or("noOtherFields")
            .choices([
                choice("noOtherFields", label("None", "Aucun")),
                choice("allOtherFields", label("All", "Tous")),
                choice("selectedOtherFields", label("Selected", "Sélectionnés")),
            ]),
        field(ParameterType::String, "fieldsToInclude", label("Fields to include", "Champs à inclure"))
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .required()
            .example("name, user.email")
            .when("include", ["selectedOtherFields"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            dots_option(),
            field(ParameterType::String, "destinationFieldName", label("Output field", "Champ de sortie"))
                .help("One name for each field that is split.", "Un nom pour chaque champ éclaté.")
                .example("line"),
            switch("includeBinary", label("Keep files", "Garder les fichiers")).help(
                "Every new item gets the files of the one that it was made from.",
                "Chaque nouvel élément reçoit les fichiers de celui dont il vient.",
            ),
            switch("failIfFieldNotFound", label("Fail without the field", "Échouer sans le champ")).help(
                "Otherwise an item without the field gives nothing.",
                "Sinon un élément sans le champ ne donne rien.",
            ),
            switch("failIfNotList", label("Fail on single values", "Échouer sur une valeur seule")).help(
                "Otherwise a value that is neither a list nor an object gives one item.",
                "Sinon une valeur qui n’est ni une liste ni un objet donne un élément.",
            ),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    field_to_split_out: Field,
    include: Include,
    #[serde(default)]
    fields_to_include: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
enum Include {
    #[serde(rename = "noOtherFields")]
    Nothing,
    #[serde(rename = "allOtherFields")]
    All,
    #[serde(rename = "selectedOtherFields")]
    Selected,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    #[serde(rename = "disableDotNotation")]
    dots: Dots,
    destination_field_name: Field,
    include_binary: bool,
    fail_if_field_not_found: bool,
    /// One item that cannot be split fails the whole step, also where the node carries on: its input passes then. Imported Item
    /// Lists do so.
    fails_as_one: bool,
    fail_if_not_list: bool,
}

impl NodeKind for SplitOut {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.splitOut", ITEM_LISTS]
    }

    /// Item Lists refused a missing field before version 2.1, and what is no list before version 2.2.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut node = ListNode::new(node, &["splitOutItems"])?;
        node.flatten_names("fieldsToInclude");
        if node.is_before(2.1) {
            node.set_option("failIfFieldNotFound", true);
            node.set_option("failsAsOne", true);
        }
        if node.is_before(2.2) {
            node.set_option("failIfNotList", true);
        }
        Ok(node.imported())
    }
}

impl TransformKind for SplitOut {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        if !self.options.fails_as_one {
            return each_items(step, |index, item| self.split(step, index, item));
        }
        let mut made = Vec::new();
        for (index, item) in step.input(0).iter().enumerate() {
            let parts = self.split(step, index, item).map_err(|error| error.at_item(index))?;
            made.extend(parts.map(|part| part.paired_with(index)));
        }
        Ok(Outputs::one(made))
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

type Files = Arc<IndexMap<String, BinaryRef>>;

/// What one field is split into.
enum Entries {
    Values(Arc<Vec<Value>>),
    Files(Vec<(String, BinaryRef)>),
}

/// A field that is split, and where its entries go.
struct Column {
    path: Path,
    /// The field of the output; nothing where the fields of an entry become those of the item.
    destination: Option<String>,
    entries: Entries,
}

/// The fields that every part takes over.
struct Others {
    fields: Object,
    /// Whether they stand behind what is split, and replace it where the names are the same.
    win: bool,
}

impl Parameters {
    /// The parts of an item, made one after the other: there may be a million.
    fn split<'s>(
        &'s self,
        step: &dyn Step,
        index: usize,
        item: &Item,
    ) -> Result<impl Iterator<Item = Item> + use<'s>, NodeError> {
        let columns = self.columns(step, index, item)?;
        let others = self.others(step, index, item, &columns)?;
        let count = columns.iter().map(Column::len).max().unwrap_or(0);
        let files = item.binary.clone().filter(|_| self.options.include_binary);
        Ok((0..count).map(move |row| part(&columns, &others, files.as_ref(), row)))
    }

    fn columns(&self, step: &dyn Step, index: usize, item: &Item) -> Result<Vec<Column>, NodeError> {
        let fields = self.field_to_split_out.names(step, index)?;
        let destinations = self.options.destination_field_name.names(step, index)?;
        if fields.is_empty() {
            return Err(NodeError::new("parameter", "No field to split out is named.").in_field("fieldToSplitOut"));
        }
        if !destinations.is_empty() && destinations.len() != fields.len() {
            let message = format!(
                "There are {} fields to split out but {} output fields: give one for each.",
                fields.len(),
                destinations.len()
            );
            return Err(NodeError::new("parameter", message).in_field("options.destinationFieldName"));
        }
        let spreads = fields.len() == 1 && self.include == Include::Nothing;
        let column = |(place, name): (usize, &Text)| -> Result<Column, NodeError> {
            // People copy `$json.lines` from an expression.
            let name = name.strip_prefix("$json.").unwrap_or(name);
            let path = Path::new(name, self.options.dots);
            let destination = destinations.get(place).map(ToString::to_string);
            let destination = destination.or_else(|| (!spreads).then(|| name.to_owned()));
            Ok(Column { entries: self.entries(&path, item)?, destination, path })
        };
        fields.iter().enumerate().map(column).collect()
    }

    fn entries(&self, path: &Path, item: &Item) -> Result<Entries, NodeError> {
        if path.name() == "$binary" {
            let files = item.binary.iter().flat_map(|files| files.iter());
            return Ok(Entries::Files(files.map(|(name, file)| (name.clone(), file.clone())).collect()));
        }
        Ok(Entries::Values(match path.get(&item.json) {
            Value::Array(array) => Arc::clone(array),
            Value::Object(object) => Arc::new(object.values().cloned().collect()),
            Value::Undefined if self.options.fail_if_field_not_found => {
                let message = format!("The item has no field “{}” to split out.", path.name());
                return Err(NodeError::new("field_missing", message).in_field("fieldToSplitOut"));
            }
            Value::Undefined => Arc::default(),
            _ if self.options.fail_if_not_list => {
                let message = format!("The field “{}” is neither a list nor an object.", path.name());
                return Err(NodeError::new("not_a_list", message).in_field("fieldToSplitOut"));
            }
            single => Arc::new(vec![single.clone()]),
        }))
    }

    /// The fields that every part takes over.
    fn others(&self, step: &dyn Step, index: usize, item: &Item, columns: &[Column]) -> Result<Others, NodeError> {
        let fields = self.other_fields(step, index, item, columns)?;
        Ok(Others { fields, win: self.include == Include::Selected })
    }

    fn other_fields(
        &self,
        step: &dyn Step,
        index: usize,
        item: &Item,
        columns: &[Column],
    ) -> Result<Object, NodeError> {
        match self.include {
            Include::Nothing => Ok(Object::new()),
            Include::All => {
                let mut others = item.json.as_object().cloned().unwrap_or_default();
                for column in columns {
                    column.path.unset(&mut others);
                }
                Ok(others)
            }
            Include::Selected => {
                let names = self.fields_to_include.paths(step, index, self.options.dots)?;
                if names.is_empty() {
                    return Err(
                        NodeError::new("parameter", "No field to include is named.").in_field("fieldsToInclude")
                    );
                }
                let others = names.iter().map(|path| (path.name(), path.get(&item.json)));
                Ok(others
                    .filter(|(_, value)| !value.is_undefined())
                    .map(|(name, value)| (name, value.clone()))
                    .collect())
            }
        }
    }
}

/// One part of an item: a row of its columns beside the fields that every part takes over.
fn part(columns: &[Column], others: &Others, all_files: Option<&Files>, row: usize) -> Item {
    let spread = columns.iter().find_map(|column| column.spread(row));
    let mut part = Item::new(spread.unwrap_or_else(|| {
        // Fields that were chosen stand behind what is split and win over it, the other ones in front.
        let mut json = if others.win { Object::new() } else { others.fields.clone() };
        for column in columns {
            column.put(&mut json, row);
        }
        if others.win {
            others.fields.iter().for_each(|(name, value)| json.insert(name.clone(), value.clone()));
        }
        json.into()
    }));
    let files: IndexMap<_, _> = columns.iter().filter_map(|column| column.file(row)).collect();
    part.binary = if files.is_empty() { all_files.cloned() } else { Some(Arc::new(files)) };
    part
}

impl Column {
    fn len(&self) -> usize {
        match &self.entries {
            Entries::Values(values) => values.len(),
            Entries::Files(files) => files.len(),
        }
    }

    fn value(&self, row: usize) -> Option<&Value> {
        match &self.entries {
            Entries::Values(values) => values.get(row),
            Entries::Files(_) => None,
        }
    }

    fn file(&self, row: usize) -> Option<(String, BinaryRef)> {
        match &self.entries {
            Entries::Files(files) => files.get(row).cloned(),
            Entries::Values(_) => None,
        }
    }

    /// The data of the item where the fields of an entry become those of the item: an object is shared, not copied.
    fn spread(&self, row: usize) -> Option<Value> {
        if self.destination.is_some() {
            return None;
        }
        Some(match self.value(row)? {
            Value::Object(object) => Value::Object(Arc::clone(object)),
            Value::Array(array) => {
                let fields = array.iter().enumerate().map(|(key, value)| (key.to_string(), value.clone()));
                fields.collect::<Object>().into()
            }
            value => [(self.path.name(), value.clone())].into_iter().collect::<Object>().into(),
        })
    }

    fn put(&self, json: &mut Object, row: usize) {
        if let (Some(name), Some(value)) = (&self.destination, self.value(row)) {
            json.insert(name.as_str(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests;
