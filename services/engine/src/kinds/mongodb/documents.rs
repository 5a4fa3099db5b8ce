//! From parameters and an item to documents.

use jiff::tz::TimeZone;
use weft_clients::mongodb::{self, Change, Changes, Document, Find, NotSent, has_operator};
use weft_nodes::{Dots, Field, NodeError, Path, Step};
use weft_value::{DateTime, Object, Value, from_json};

use super::{Operation, Parameters};

/// How many digits an id has that MongoDB made.
const ID: usize = 24;

impl Parameters {
    /// Whether a pipeline reads, as far as that is known before it is made for an item.
    pub(super) fn only_reads(&self) -> bool {
        let Field::Constant(query) = &self.query else { return false };
        let text = query.as_str().map_or_else(|| query.to_json(), str::to_owned);
        !text.contains("$out") && !text.contains("$merge")
    }

    pub(super) fn collection(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let name = self.collection.text(step, index)?;
        let name = name.trim();
        if name.is_empty() || name.contains(['\0', '$']) {
            let message = "“Collection” must be the name of a collection, which has no $ in it.";
            return Err(NodeError::new("parameter", message).in_field("collection"));
        }
        Ok(name.to_owned())
    }

    /// What documents are like that are found or deleted.
    pub(super) fn query(&self, step: &dyn Step, index: usize) -> Result<Document, NodeError> {
        let mut query = json((step, index), ("query", &self.query, &self.query_values))?;
        if let Value::Object(object) = &mut query
            && let Some(id) = object.get("_id").and_then(made_id)
        {
            std::sync::Arc::make_mut(object).insert("_id", id);
        }
        mongodb::document(&query).map_err(|wrong| not_sent(&wrong, "query"))
    }

    pub(super) fn find(&self, step: &dyn Step, index: usize) -> Result<Find, NodeError> {
        let options = &self.options;
        let document = |name: &'static str, field, values| {
            mongodb::document(&json((step, index), (name, field, values))?).map_err(|wrong| not_sent(&wrong, name))
        };
        let count = |name: &'static str, field: &Field| {
            let count = if field.is_empty() { 0.0 } else { field.number(step, index, name)? };
            // Beyond them nothing is given in any case.
            Ok::<_, NodeError>(count.clamp(0.0, f64::from(u32::MAX)) as u32)
        };
        Ok(Find {
            query: self.query(step, index)?,
            limit: count("options.limit", &options.limit)?,
            skip: count("options.skip", &options.skip)?,
            sort: document("options.sort", &options.sort, &options.sort_parameters)?,
            projection: document("options.projection", &options.projection, &options.projection_parameters)?,
        })
    }

    pub(super) fn pipeline(&self, step: &dyn Step, index: usize) -> Result<Vec<Document>, NodeError> {
        let pipeline = json((step, index), ("query", &self.query, &self.query_values))?;
        mongodb::documents(&pipeline).map_err(|wrong| not_sent(&wrong, "query"))
    }

    /// The pipeline that lists search indexes: the one of a name, or all.
    pub(super) fn listing(&self, step: &dyn Step, index: usize) -> Result<Vec<Document>, NodeError> {
        let name = self.index_name.text(step, index)?;
        let mut named = Document::new();
        if !name.trim().is_empty() {
            named.insert("name", name.trim());
        }
        let mut stage = Document::new();
        stage.insert("$listSearchIndexes", named);
        Ok(vec![stage])
    }

    /// What is done with a search index of that name.
    pub(super) fn on_index(
        &self,
        step: &dyn Step,
        index: usize,
        collection: &str,
    ) -> Result<(Value, Document), NodeError> {
        let name = self.index_name.text(step, index)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(NodeError::new("parameter", "“Name of the index” must be filled in.").in_field("indexName"));
        }
        let definition = || {
            let given = ("indexDefinition", &self.index_definition, &self.index_definition_values);
            json((step, index), given)
        };
        let command = match self.operation {
            Operation::CreateSearchIndex => {
                let index: Object = [
                    ("name", Value::from(name)),
                    ("type", self.index_type.name().into()),
                    ("definition", definition()?),
                ]
                .into_iter()
                .collect();
                vec![("createSearchIndexes", collection.into()), ("indexes", vec![Value::from(index)].into())]
            }
            Operation::UpdateSearchIndex => {
                let definition = ("definition", definition()?);
                vec![("updateSearchIndex", collection.into()), ("name", name.into()), definition]
            }
            _ => vec![("dropSearchIndex", collection.into()), ("name", name.into())],
        };
        let command = Value::from(command.into_iter().collect::<Object>());
        let document = mongodb::document(&command).map_err(|wrong| not_sent(&wrong, "indexDefinition"))?;
        Ok((name.into(), document))
    }

    /// The change that an item asks for, and what is told of it.
    pub(super) fn changed(&self, step: &dyn Step, index: usize, how: Changes) -> Result<(Change, Object), NodeError> {
        let key = self.update_key.text(step, index)?;
        let key = Some(key.trim()).filter(|key| !key.is_empty()).unwrap_or("id");
        let item = &step.input(0)[index].json;
        let found = Path::new(key, self.dots()).get(item);
        if found.is_nullish() {
            let message = format!("The item has no value for “{key}”, by which the document is found.");
            return Err(NodeError::new("parameter", message).in_field("updateKey"));
        }
        let by = if key == "_id" { made_id(found).unwrap_or_else(|| found.clone()) } else { found.clone() };
        // What the item says is compared with, whatever it is: it is no operator.
        let equal: Object = [("$eq", by)].into_iter().collect();
        let filter: Object = [(key, Value::from(equal))].into_iter().collect();
        let nested = if how == Changes::FindAndReplace { Shape::Nested } else { Shape::Flat };
        let told = self.written(step, index, nested, Some(key))?;
        let mut fields = told.clone();
        fields.remove("_id");
        let document =
            |object: Object, parameter| mongodb::document(&object.into()).map_err(|wrong| not_sent(&wrong, parameter));
        let fields = document(fields, "fields")?;
        if fields.is_empty() && how != Changes::FindAndReplace {
            let message = format!("There is no field to write beside “{key}”.");
            return Err(NodeError::new("parameter", message).in_field("fields"));
        }
        let change = Change { how, filter: document(filter, "updateKey")?, fields, upsert: self.upsert };
        Ok((change, shown(&told)))
    }

    /// The fields of an item that are written, and with them the one by which its document is found.
    pub(super) fn written(
        &self,
        step: &dyn Step,
        index: usize,
        shape: Shape,
        key: Option<&str>,
    ) -> Result<Object, NodeError> {
        let item = &step.input(0)[index].json;
        let mut names = self.fields.names(step, index)?;
        let mut object = if names.is_empty() { item.as_object().cloned().unwrap_or_default() } else { Object::new() };
        if let Some(key) = key.filter(|key| !names.is_empty() && names.iter().all(|name| name.as_str() != *key)) {
            names.push(key.into());
        }
        for name in &names {
            let path = Path::new(name, self.dots());
            let value = Some(path.get(item)).filter(|value| !value.is_undefined()).cloned().unwrap_or(Value::Null);
            match shape {
                Shape::Nested => path.set(&mut object, value),
                // Only this part of what is nested is changed.
                Shape::Flat => object.insert(name.clone(), value),
            }
        }
        for name in self.options.date_fields.names(step, index)? {
            make_date(&mut object, &Path::new(&name, self.dots()))?;
        }
        Ok(object)
    }

    fn dots(&self) -> Dots {
        if self.options.use_dot_notation { Dots::Reach } else { Dots::Literal }
    }
}

/// JSON, or a value, with the values that stand for `$1`, `$2`, …; nothing is an empty object.
fn json(
    (step, index): (&dyn Step, usize),
    (name, field, values): (&'static str, &Field, &Field),
) -> Result<Value, NodeError> {
    let given = match field.resolve(step, index)? {
        Value::String(text) if text.trim().is_empty() => Value::empty_object(),
        Value::String(text) => from_json(&text).map_err(|error| {
            NodeError::new("json", "This is not valid JSON.").describe(error.to_string()).in_field(name)
        })?,
        Value::Undefined | Value::Null => Value::empty_object(),
        value => value,
    };
    let values = match values.resolve(step, index)? {
        Value::Array(list) => list.to_vec(),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::String(text) => match from_json(&text) {
            Ok(Value::Array(list)) => list.to_vec(),
            _ => vec![text.into()],
        },
        Value::Undefined | Value::Null => Vec::new(),
        one => vec![one],
    };
    if values.is_empty() { Ok(given) } else { filled(given, &values).map_err(|error| error.in_field(name)) }
}

/// How what is nested is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Inside of the objects around it, which are written as a whole.
    Nested,
    /// Under its path.
    Flat,
}

/// The value with `$1`, `$2`, … replaced wherever such a text stands alone. What replaces it is never an operator.
fn filled(value: Value, values: &[Value]) -> Result<Value, NodeError> {
    match value {
        Value::String(text) => match text.strip_prefix('$').and_then(|place| place.parse::<usize>().ok()) {
            Some(place) => {
                let wrong = |message: String| NodeError::new("parameter", message);
                let found = place.checked_sub(1).and_then(|place| values.get(place));
                let found = found.ok_or_else(|| wrong(format!("There is no value of the number {place}.")))?;
                if has_operator(found) {
                    return Err(wrong(format!("The value of the number {place} has an operator of MongoDB in it.")));
                }
                Ok(found.clone())
            }
            None => Ok(Value::String(text)),
        },
        Value::Array(list) => {
            Ok(list.iter().map(|entry| filled(entry.clone(), values)).collect::<Result<Vec<_>, _>>()?.into())
        }
        Value::Object(object) => {
            let entry = |(name, value): (&weft_value::Text, &Value)| Ok((name.clone(), filled(value.clone(), values)?));
            Ok(object.iter().map(entry).collect::<Result<Object, NodeError>>()?.into())
        }
        other => Ok(other),
    }
}

/// The id that MongoDB made, where a text looks like one.
fn made_id(value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| text.len() == ID && text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some([("$oid", text)].into_iter().collect::<Object>().into())
}

/// Makes a field a moment; one that has nothing in it stays so.
fn make_date(object: &mut Object, path: &Path) -> Result<(), NodeError> {
    let whole = Value::from(object.clone());
    let value = path.get(&whole);
    if value.is_nullish() || value.as_str() == Some("") {
        return Ok(());
    }
    let moment = mongodb::moment(value).and_then(|millis| DateTime::from_millis(millis, TimeZone::UTC));
    let Some(moment) = moment else {
        let message =
            format!("The field “{}” has no moment that can be read. Write it as 2026-01-31T10:00:00Z.", path.name());
        return Err(NodeError::new("parameter", message).in_field("options.dateFields"));
    };
    path.set(object, moment);
    Ok(())
}

/// The same with moments as texts, as they are read again.
pub(super) fn shown(object: &Object) -> Object {
    let plain = |value: &Value| match value {
        Value::DateTime(moment) => moment.to_iso().into(),
        Value::Object(inner) => shown(inner).into(),
        other => other.clone(),
    };
    object.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

pub(super) fn not_sent(wrong: &NotSent, parameter: &str) -> NodeError {
    NodeError::new("parameter", format!("MongoDB does not take this: {wrong}.")).in_field(parameter)
}
