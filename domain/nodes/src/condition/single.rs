//! The parameters of a node with one filter, If and Filter, and what it does with its items.

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use super::{Conditions, Lifted, Reading, ignore_case_field, lift, loose_field, of_first_version};
use crate::descriptor::field;
use crate::{Imported, N8nNode, NodeError, Parameter, ParameterType, Step, Unsupported, for_each_item, label};

/// One filter and how it reads values.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SingleFilter {
    conditions: Conditions,
    #[serde(default)]
    loose_type_validation: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    ignore_case: bool,
    failing: Failing,
}

/// What becomes of an item whose conditions cannot be looked at, where the node carries on. Imported nodes keep what theirs did.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Failing {
    /// It goes to the errors.
    #[default]
    Apart,
    /// It does not fulfil the conditions: n8n's second If and Filter.
    Others,
    /// The step fails, and lets its input pass: n8n's first ones.
    AsOne,
}

/// The items of a step, each in one of the lists and paired with itself.
#[derive(Default)]
pub(crate) struct Parted {
    /// Those that fulfil the conditions.
    pub held: Vec<Item>,
    /// Those that do not.
    pub others: Vec<Item>,
    /// Those that could not be looked at, where the node carries on.
    pub failed: Vec<Item>,
}

/// The form of a node with one filter.
pub(crate) fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Conditions, "conditions", label("Conditions", "Conditions"))
            .help(
                "Each compares two values; all of them must hold, or one, as chosen between them.",
                "Chacune compare deux valeurs ; toutes doivent être remplies, ou une seule, selon le choix entre \
                 elles.",
            )
            .required(),
        loose_field(),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([ignore_case_field()]),
    ]
}

impl SingleFilter {
    /// Parts the items by whether they fulfil the conditions.
    pub(crate) fn part(&self, step: &dyn Step) -> Result<Parted, NodeError> {
        let reading = Reading { loose: self.loose_type_validation, ignore_case: self.options.ignore_case };
        let mut parted = Parted::default();
        let mut put = |index: usize, item: &Item| -> Result<(), NodeError> {
            let holds = match self.conditions.hold(step, index, reading) {
                Err(_) if self.options.failing == Failing::Others && step.carries_on() => false,
                asked => asked?,
            };
            let list = if holds { &mut parted.held } else { &mut parted.others };
            list.push(item.clone().paired_with(index));
            Ok(())
        };
        if self.options.failing == Failing::AsOne {
            for (index, item) in step.input(0).iter().enumerate() {
                put(index, item).map_err(|error| error.at_item(index))?;
            }
        } else {
            parted.failed = for_each_item(step, put)?;
        }
        Ok(parted)
    }
}

/// The parameters of n8n's If or Filter. `any` says how the first version joins its conditions, which stand in lists by their
/// type; later versions have a filter object.
pub(crate) fn import_single(node: &N8nNode<'_>, any: bool) -> Result<Imported, Unsupported> {
    let given = node.parameters.get("conditions");
    if !given.is_undefined() && given.as_object().is_none() {
        let message = "The conditions of this n8n node are no object. Write them anew.".to_owned();
        return Err(Unsupported { message, field: Some("conditions".into()) });
    }
    if node.version < 2.0 {
        let of_type = |kind: &'static str| given.get(kind).as_array().into_iter().flatten().map(move |one| (kind, one));
        let list = ["boolean", "dateTime", "number", "string"].into_iter().flat_map(of_type);
        let options: Object = [("failing", "asOne")].into_iter().collect();
        let parameters: Object =
            [("conditions", of_first_version(list, any)?), ("options", options.into())].into_iter().collect();
        return Ok(Value::from(parameters).into());
    }
    let Lifted { loose, ignore_case, filters, remarks } = lift(node.parameters, [given]);
    let options: Object =
        [("ignoreCase", Value::from(ignore_case)), ("failing", "others".into())].into_iter().collect();
    let mut parameters: Object = [("looseTypeValidation", loose)].into_iter().collect();
    parameters.insert("conditions", filters.into_iter().next().unwrap_or_default());
    parameters.insert("options", options);
    Ok(Imported { parameters: parameters.into(), remarks })
}
