//! The parameters of n8n's Merge, version by version, as ours.

use weft_value::Value;

use crate::matching::{import_match_fields, parameters_from, refuse_expressions};
use crate::{Imported, Unsupported};

/// Ours for an n8n node of that version.
pub(super) fn import(version: f64, given: &Value) -> Result<Imported, Unsupported> {
    refuse_expressions(given, "", &["mode"])?;
    if word(given, "mode", "") == "combineBySql" {
        return Err(Unsupported::elsewhere());
    }
    if version < 2.0 {
        of_version_1(given).map(Imported::from)
    } else if version < 3.0 {
        of_version_2(version, given)
    } else {
        of_version_3(given)
    }
}

fn word<'a>(given: &'a Value, name: &str, default: &'a str) -> &'a str {
    given.get(name).as_str().unwrap_or(default)
}

fn unknown(what: &str, field: &str) -> Unsupported {
    let message =
        format!("Merge has no “{what}” here. Append, combine or choose a branch, or join the items in a Code node.");
    Unsupported { message, field: Some(field.to_owned()) }
}

/// Version 1: a mode for everything. `passThrough` and `wait` go on with the inputs that anything comes to.
fn of_version_1(given: &Value) -> Result<Value, Unsupported> {
    refuse_expressions(given, "", &["join", "output", "overwrite"])?;
    let combine = |by: &str, options: Value| {
        parameters_from([("mode", "combine".into()), ("combineBy", by.into()), ("options", options)])
    };
    let branch = |output: &str, input: Value| {
        let mode = [("mode", "chooseBranch".into()), ("chooseBranchMode", "waitForAny".into())];
        parameters_from(mode.into_iter().chain([("output", output.into()), ("useDataOfInput", input)]))
    };
    // Fields of input 2 replaced those of input 1, whatever was inside of them.
    let clash = parameters_from([("resolveClash", "preferLast".into()), ("mergeMode", "shallowMerge".into())]);
    let clash = parameters_from([("values", clash)]);
    match word(given, "mode", "append") {
        "append" => Ok(parameters_from([("mode", "append".into())])),
        "mergeByIndex" => {
            let join = word(given, "join", "left");
            let unpaired_from = if join == "left" { Value::from("input1") } else { Value::Undefined };
            let options = parameters_from([
                ("includeUnpaired", Value::Bool(join != "inner")),
                ("unpairedFrom", unpaired_from),
                ("clashHandling", clash),
            ]);
            Ok(combine("combineByPosition", options))
        }
        "multiplex" => Ok(combine("combineAll", parameters_from([("clashHandling", clash)]))),
        key_mode @ ("keepKeyMatches" | "mergeByKey" | "removeKeyMatches") => Ok(parameters_from([
            ("mode", "combine".into()),
            ("combineBy", "combineByKey".into()),
            ("keyMode", key_mode.into()),
            ("propertyName1", given.get("propertyName1").clone()),
            ("propertyName2", given.get("propertyName2").clone()),
            ("overwrite", if key_mode == "mergeByKey" { given.get("overwrite").clone() } else { Value::Undefined }),
        ])),
        "passThrough" => {
            let input = if word(given, "output", "input1") == "input2" { 2 } else { 1 };
            Ok(branch("specifiedInput", input.into()))
        }
        "wait" => Ok(branch("empty", Value::Undefined)),
        other => Err(unknown(other, "mode")),
    }
}

/// Versions 2 and 2.1: two inputs. Version 2 failed where no item had a field to match.
fn of_version_2(version: f64, given: &Value) -> Result<Imported, Unsupported> {
    match word(given, "mode", "append") {
        "append" => Ok(parameters_from([("mode", "append".into())]).into()),
        "combine" => {
            refuse_expressions(given, "", &["combinationMode"])?;
            match word(given, "combinationMode", "mergeByFields") {
                "mergeByFields" => by_fields(given, pairs_of(given), version < 2.1).map(Imported::from),
                "mergeByPosition" => by_position(given, true).map(Imported::from),
                "multiplex" => combinations(given).map(Imported::from),
                other => Err(unknown(other, "combinationMode")),
            }
        }
        "chooseBranch" => {
            refuse_expressions(given, "", &["output"])?;
            let (output, input) = match word(given, "output", "input1") {
                "empty" => ("empty", Value::Undefined),
                "input2" => ("specifiedInput", 2.into()),
                _ => ("specifiedInput", 1.into()),
            };
            let mode = ("mode", Value::from("chooseBranch"));
            Ok(parameters_from([mode, ("output", output.into()), ("useDataOfInput", input)]).into())
        }
        other => Err(unknown(other, "mode")),
    }
}

/// Versions 3 to 3.2: our shape, but for the two ways to name the fields to match.
fn of_version_3(given: &Value) -> Result<Imported, Unsupported> {
    refuse_expressions(given, "", &["numberInputs"])?;
    let inputs = || ("numberInputs", number_of_inputs(given));
    match word(given, "mode", "append") {
        "append" => Ok(parameters_from([("mode", "append".into()), inputs()]).into()),
        "combine" => {
            refuse_expressions(given, "", &["combineBy", "advanced"])?;
            match word(given, "combineBy", "combineByFields") {
                "combineByFields" => {
                    let mut remarks = Vec::new();
                    let is_advanced = given.get("advanced").as_bool() == Some(true);
                    let pairs = if is_advanced { pairs_of(given) } else { same_names(given, &mut remarks) };
                    Ok(Imported { parameters: by_fields(given, pairs, false)?, remarks })
                }
                "combineByPosition" => {
                    let mut parameters = by_position(given, false)?.as_object().cloned().unwrap_or_default();
                    parameters.insert("numberInputs", number_of_inputs(given));
                    Ok(Value::from(parameters).into())
                }
                "combineAll" => combinations(given).map(Imported::from),
                other => Err(unknown(other, "combineBy")),
            }
        }
        "chooseBranch" => {
            refuse_expressions(given, "", &["output", "chooseBranchMode"])?;
            let output = ("output", given.get("output").clone());
            let input = ("useDataOfInput", given.get("useDataOfInput").clone());
            // n8n asks for all inputs and waits for the first two; what comes to the others by then is taken.
            let more = number_of_inputs(given).as_f64() > Some(2.0);
            let wait = ("chooseBranchMode", if more { "waitForFirstTwo".into() } else { Value::Undefined });
            Ok(parameters_from([("mode", "chooseBranch".into()), wait, inputs(), output, input]).into())
        }
        other => Err(unknown(other, "mode")),
    }
}

/// n8n stores the number of inputs as a number or as its text.
fn number_of_inputs(given: &Value) -> Value {
    let number = crate::coercion::to_number(given.get("numberInputs")).filter(|number| *number >= 2.0);
    Value::Number(number.unwrap_or(2.0))
}

/// The fields to match by, a pair each.
fn pairs_of(given: &Value) -> Vec<(Value, Value)> {
    let pairs = given.get("mergeByFields").get("values").as_array().unwrap_or_default();
    pairs.iter().map(|pair| (pair.get("field1").clone(), pair.get("field2").clone())).collect()
}

/// Names with commas, the same on both sides.
fn same_names(given: &Value, remarks: &mut Vec<String>) -> Vec<(Value, Value)> {
    let names = given.get("fieldsToMatchString");
    if word(given, "fieldsToMatchString", "").starts_with('=') {
        remarks.push(
            "The expression in “Fields to Match” gives one name: names with commas between them are not split.".into(),
        );
        return vec![(names.clone(), names.clone())];
    }
    crate::matching::names_of(names).into_iter().map(|name| (name.clone().into(), name.into())).collect()
}

fn by_fields(given: &Value, pairs: Vec<(Value, Value)>, require_fields: bool) -> Result<Value, Unsupported> {
    refuse_expressions(given, "", &["joinMode", "outputDataFrom"])?;
    let options = given.get("options");
    refuse_expressions(options, "options", &["disableDotNotation", "fuzzyCompare", "multipleMatches"])?;
    let join_mode = word(given, "joinMode", "keepMatches");
    // n8n keeps what was chosen before in parameters that it shows and heeds no longer.
    let output_data_from = match join_mode {
        "keepMatches" | "keepNonMatches" => given.get("outputDataFrom").clone(),
        _ => Value::Undefined,
    };
    let require_fields = if require_fields { Value::Bool(true) } else { Value::Undefined };
    let options = parameters_from([
        ("clashHandling", clash_handling(options)?),
        ("disableDotNotation", options.get("disableDotNotation").clone()),
        ("fuzzyCompare", options.get("fuzzyCompare").clone()),
        ("multipleMatches", options.get("multipleMatches").clone()),
        ("requireFields", require_fields),
    ]);
    Ok(parameters_from([
        ("mode", "combine".into()),
        ("combineBy", "combineByFields".into()),
        ("mergeByFields", import_match_fields(pairs)),
        ("joinMode", join_mode.into()),
        ("outputDataFrom", output_data_from),
        ("options", options),
    ]))
}

/// Version 2 passed on the items of one input where the other had none. From version 3 on, the last input's fields have their own
/// names, too, where numbers are added to names.
fn by_position(given: &Value, is_version_2: bool) -> Result<Value, Unsupported> {
    let options = given.get("options");
    refuse_expressions(options, "options", &["includeUnpaired"])?;
    let adds_suffix = word(options.get("clashHandling").get("values"), "resolveClash", "") == "addSuffix";
    let options = parameters_from([
        ("clashHandling", clash_handling(options)?),
        ("includeUnpaired", options.get("includeUnpaired").clone()),
        ("skipEmptyInputs", if is_version_2 { Value::Bool(true) } else { Value::Undefined }),
        ("preferredLast", if is_version_2 { Value::Bool(true) } else { Value::Undefined }),
        ("keepsNamesOfLast", if adds_suffix && !is_version_2 { Value::Bool(true) } else { Value::Undefined }),
    ]);
    Ok(parameters_from([("mode", "combine".into()), ("combineBy", "combineByPosition".into()), ("options", options)]))
}

fn combinations(given: &Value) -> Result<Value, Unsupported> {
    let options = parameters_from([("clashHandling", clash_handling(given.get("options"))?)]);
    Ok(parameters_from([("mode", "combine".into()), ("combineBy", "combineAll".into()), ("options", options)]))
}

fn clash_handling(options: &Value) -> Result<Value, Unsupported> {
    let values = options.get("clashHandling").get("values");
    refuse_expressions(values, "options.clashHandling.values", &["resolveClash", "mergeMode", "overrideEmpty"])?;
    let resolve = word(values, "resolveClash", "");
    if resolve == "addSuffix" {
        // The other choices are hidden then, and not heeded.
        return Ok(parameters_from([("values", parameters_from([("resolveClash", resolve.into())]))]));
    }
    let given = [
        ("resolveClash", if resolve.is_empty() { Value::Undefined } else { resolve.into() }),
        ("mergeMode", values.get("mergeMode").clone()),
        ("overrideEmpty", values.get("overrideEmpty").clone()),
    ];
    let values = parameters_from(given);
    let is_set = values.as_object().is_some_and(|values| !values.is_empty());
    Ok(if is_set { parameters_from([("values", values)]) } else { Value::Undefined })
}
