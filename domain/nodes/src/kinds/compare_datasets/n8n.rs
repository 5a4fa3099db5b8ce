//! The parameters of n8n's Compare datasets, version by version, as ours.

use weft_value::Value;

use crate::matching::{import_match_fields, parameters_from, refuse_expressions};
use crate::{Imported, Unsupported};

/// Ours for an n8n node of that version: 1, 2, or 2.1 to 2.3. The versions differ in how they show differences, what they
/// show while nobody chose, and whether a field to match must be in the data (until 2.1).
pub(super) fn import(version: f64, given: &Value) -> Result<Imported, Unsupported> {
    refuse_expressions(given, "", &["resolve", "preferWhenMix", "fuzzyCompare"])?;
    let options = given.get("options");
    refuse_expressions(options, "options", &["multipleMatches", "disableDotNotation", "fuzzyCompare"])?;
    let (layout, resolve) = match version {
        _ if version < 2.0 => ("n8nVersion1", "preferInput2"),
        _ if version < 2.1 => ("n8nVersion2", "preferInput2"),
        _ => ("current", "includeBoth"),
    };
    let resolve = given.get("resolve").as_str().unwrap_or(resolve);
    let is_mixed = resolve == "mix";
    let when_mixed = |name: &str| if is_mixed { given.get(name).clone() } else { Value::Undefined };
    let fuzzy = if version < 2.0 { options.get("fuzzyCompare") } else { given.get("fuzzyCompare") };
    let pairs = given.get("mergeByFields").get("values").as_array().unwrap_or_default();
    let pairs = pairs.iter().map(|pair| (pair.get("field1").clone(), pair.get("field2").clone()));
    let options = parameters_from([
        ("skipFields", options.get("skipFields").clone()),
        ("multipleMatches", options.get("multipleMatches").clone()),
        ("disableDotNotation", options.get("disableDotNotation").clone()),
        ("requireFields", Value::Bool(version < 2.2)),
        ("layout", layout.into()),
    ]);
    let parameters = parameters_from([
        ("mergeByFields", import_match_fields(pairs)),
        ("resolve", resolve.into()),
        ("preferWhenMix", when_mixed("preferWhenMix")),
        ("exceptWhenMix", when_mixed("exceptWhenMix")),
        ("fuzzyCompare", fuzzy.clone()),
        ("options", options),
    ]);
    Ok(parameters.into())
}
