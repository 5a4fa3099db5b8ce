//! The parts of n8n's nodes of databases that are alike.

use weft_value::{Object, Value};

/// The first remark on every node that signs in.
pub(crate) fn signs_in(credential: &str) -> String {
    format!("It signs in. Make a credential of type “{credential}” and choose it in this node.")
}

/// What n8n calls where it names one thing in several ways: `{"mode":"list","value":"orders"}`.
pub(crate) fn chosen(value: &Value) -> Value {
    match value {
        Value::Object(locator) => locator.get("value").cloned().unwrap_or_default(),
        other => other.clone(),
    }
}

/// The operation, which is left out where it is n8n's first.
pub(crate) fn operation(given: &Value) -> &str {
    given.get("operation").as_str().unwrap_or("insert")
}

pub(crate) fn copy(from: &Value, name: &str, to: &mut Object) {
    let value = from.get(name);
    if !value.is_undefined() {
        to.insert(name, value.clone());
    }
}

/// The same for what n8n names in several ways.
pub(crate) fn copy_chosen(from: &Value, name: &str, to: &mut Object) {
    let value = chosen(from.get(name));
    if !value.is_undefined() {
        to.insert(name, value);
    }
}

/// One column to match, with a value of its own where columns are named.
pub(crate) fn columns_by_name(given: &Value, new: &mut Object) {
    copy(given, "dataMode", new);
    let matching = chosen(given.get("columnToMatchOn"));
    let mut values = given.get("valuesToSend").get("values").as_array().unwrap_or_default().to_vec();
    if !matching.is_undefined() {
        if given.get("dataMode").as_str() == Some("defineBelow") && !given.get("valueToMatchOn").is_undefined() {
            values.insert(0, pair(matching.clone(), given.get("valueToMatchOn").clone()));
        }
        new.insert("matchingColumns", matching);
    }
    put_values(values, new);
}

/// Columns that are named in one text, whose values are the fields of the same name.
pub(crate) fn columns_by_text(given: &Value, new: &mut Object, remarks: &mut Vec<String>) {
    let key = given.get("updateKey").as_str().unwrap_or("id");
    let mut columns: Vec<&str> = names(given.get("columns").as_str().unwrap_or_default()).collect();
    if operation(given) == "update" {
        new.insert("matchingColumns", key);
        columns.extend(Some(key).filter(|key| !columns.contains(key)));
    }
    if columns.iter().any(|column| column.contains(':')) {
        remarks.push("The types behind the names of columns were left out: the table itself knows them.".to_owned());
    }
    new.insert("dataMode", "defineBelow");
    let bare = |column: &str| column.split(':').next().unwrap_or_default().to_owned();
    let value = |column: &str| Value::from(format!("={{{{ $json[{}] }}}}", Value::from(column).to_json()));
    put_values(
        columns.iter().map(|name| bare(name)).map(|name| pair(name.as_str().into(), value(&name))).collect(),
        new,
    );
}

pub(crate) fn pair(column: Value, value: Value) -> Value {
    [("column", column), ("value", value)].into_iter().collect::<Object>().into()
}

pub(crate) fn put_values(values: Vec<Value>, new: &mut Object) {
    if !values.is_empty() {
        let values: Object = [("values", Value::from(values))].into_iter().collect();
        new.insert("valuesToSend", values);
    }
}

/// Names as one text.
pub(crate) fn joined(value: &Value) -> Value {
    match value {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ").into(),
        other => other.clone(),
    }
}

/// That an option is not known here.
pub(crate) fn no_counterpart(option: &str) -> String {
    format!("The option “{option}” of this node has no counterpart here.")
}

pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}
