//! n8n's Edit image, which works with `GraphicsMagick`.

use weft_nodes::{Imported, Unsupported};
use weft_value::{Object, Value};

/// Versions 1 and 1.1.
pub(super) fn imported(given: &Value) -> Result<Imported, Unsupported> {
    let old = given.as_object().cloned().unwrap_or_default();
    let operation = given.get("operation").as_str().unwrap_or("border").to_owned();
    let mut new = old.clone();
    if operation == "multiStep" {
        let steps = given.get("operations").get("operations").as_array().unwrap_or_default();
        let steps: Result<Vec<Value>, Unsupported> = steps
            .iter()
            .map(|step| {
                let operation = step.get("operation").as_str().unwrap_or_default().to_owned();
                Ok(completed(step.as_object().cloned().unwrap_or_default(), &operation)?.into())
            })
            .collect();
        let steps: Object = [("operations", Value::from(steps?))].into_iter().collect();
        new.insert("operations", steps);
        new.insert("operation", operation);
    } else if operation != "information" {
        new = completed(new, &operation)?;
    }
    Ok(Value::from(new).into())
}

/// One operation with n8n's defaults, which are not ours.
fn completed(mut given: Object, operation: &str) -> Result<Object, Unsupported> {
    let defaults: &[(&str, &str)] = match operation {
        "blur" => &[("sigma", "2")],
        "border" => &[("borderWidth", "10"), ("borderHeight", "10"), ("borderColor", "#000000")],
        "composite" if given.get("operator").is_none_or(|operator| operator.as_str() == Some("Over")) => {
            &[("positionX", "0"), ("positionY", "0")]
        }
        "create" => &[("width", "50"), ("height", "50"), ("backgroundColor", "#ffffff00")],
        "crop" => &[("width", "500"), ("height", "500"), ("positionX", "0"), ("positionY", "0")],
        "draw" => &[("primitive", "rectangle"), ("color", "#ff000000")],
        "resize" => &[("width", "500"), ("height", "500"), ("resizeOption", "maximumArea")],
        "rotate" => &[("rotate", "0"), ("backgroundColor", "#ffffffff")],
        "transparent" => &[("color", "#ff0000")],
        other => {
            let message =
                format!("Edit image does not do “{other}” yet, or not in this way. Use another service for it.");
            return Err(Unsupported { message, field: Some("operation".into()) });
        }
    };
    for (name, value) in defaults {
        if !given.contains_key(name) {
            let value = value.parse().map_or_else(|_| Value::from(*value), Value::Number);
            given.insert(*name, value);
        }
    }
    for name in ["backgroundColor", "borderColor", "color"] {
        if let Some(colour) = given.get(name).and_then(Value::as_str).and_then(opaque_by_itself) {
            given.insert(name, colour);
        }
    }
    given.remove("operator");
    given.insert("operation", operation);
    Ok(given)
}

/// `GraphicsMagick` writes how transparent a colour is where style sheets write how opaque it is.
fn opaque_by_itself(colour: &str) -> Option<String> {
    let (colour, transparent) = colour.strip_prefix('#').filter(|digits| digits.len() == 8)?.split_at_checked(6)?;
    let transparent = u8::from_str_radix(transparent, 16).ok()?;
    Some(format!("#{colour}{:02x}", 255 - transparent))
}
