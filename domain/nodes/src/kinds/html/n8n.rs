//! What n8n's HTML and HTML Extract nodes call the parameters of this kind.

use std::sync::Arc;

use weft_value::{Object, Value};

use crate::{Imported, N8nNode, Unsupported};

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    let is_extract_node = node.node_type.ends_with(".htmlExtract");
    if is_extract_node {
        new.insert("operation", "extractHtmlContent");
    }
    match new.get("operation").and_then(Value::as_str).unwrap_or("generateHtmlTemplate") {
        "generateHtmlTemplate" => return Ok(template(new)),
        "convertToHtmlTable" => {
            let mut options = new.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
            options.insert("rawCells", true);
            new.insert("options", options);
            return Ok(Value::from(new).into());
        }
        _ => {}
    }
    if new.remove("sourceData").is_some_and(|source| source.as_str() != Some("json")) {
        return Err(Unsupported {
            message: "HTML is read from fields, not from files yet. Extract the file's text first.".into(),
            field: Some("sourceData".into()),
        });
    }
    let mut options = new.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    options.insert("asN8n", true);
    if is_extract_node {
        options.insert("keepsNoText", true);
        let trims = options.get("trimValues").and_then(Value::as_bool);
        options.insert("trimValues", trims.unwrap_or(true));
    }
    new.insert("options", options);
    // Since version 1.2 the text of an element is laid out in lines.
    if node.version > 1.1
        && let Some(Value::Object(extraction)) = new.get_mut("extractionValues")
        && let Some(Value::Array(values)) = Arc::make_mut(extraction).get_mut("values")
    {
        for value in Arc::make_mut(values).iter_mut() {
            if let Value::Object(value) = value
                && value.get("returnValue").is_none_or(|what| what.as_str() == Some("text"))
            {
                Arc::make_mut(value).insert("returnValue", "plainText");
            }
        }
    }
    Ok(Value::from(new).into())
}

/// A template always holds expressions, without the sign that begins one elsewhere.
fn template(mut new: Object) -> Imported {
    match new.get("html").and_then(Value::as_str).map(str::to_owned) {
        Some(html) => {
            // Some say that it holds expressions, as other parameters do.
            new.insert("html", format!("={}", html.strip_prefix('=').unwrap_or(&html)));
            Value::from(new).into()
        }
        None => Imported {
            parameters: new.into(),
            remarks: vec!["The template of HTML was the example that n8n shows; write one of your own.".into()],
        },
    }
}
