//! The query of a request, with the lists and objects in it.

use serde::Deserialize;
use url::{Url, form_urlencoded};
use weft_nodes::{NodeError, Step};
use weft_value::Value;

use super::parameters::{Parameters, Specify};
use super::request::object_of;

/// How a list is written: `a=1&a=2`, `a[]=1&a[]=2` or `a[0]=1&a[1]=2`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Lists {
    Repeat,
    Brackets,
    Indices,
}

impl Parameters {
    /// Adds what the node says to what the URL has. A blank is written `%20`, which every server reads.
    pub(super) fn put_query(&self, url: &mut Url, step: &dyn Step, index: usize) -> Result<(), NodeError> {
        let pairs = match self.options.query_parameter_arrays {
            Some(lists) => lists.pairs(self.query_values(step, index)?),
            None => self.query.written(self.specify_query, (&self.json_query, "jsonQuery"), (step, index))?,
        };
        if pairs.is_empty() {
            return Ok(());
        }
        let added = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().replace('+', "%20");
        let query = match url.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{query}&{added}"),
            None => added,
        };
        url.set_query(Some(&query));
        Ok(())
    }

    /// Names and values; those of one name are a list.
    fn query_values(&self, step: &dyn Step, index: usize) -> Result<Vec<(String, Value)>, NodeError> {
        match self.specify_query {
            Specify::Json => {
                let object = object_of((&self.json_query, "jsonQuery"), (step, index))?;
                return Ok(object.iter().map(|(name, value)| (name.to_string(), value.clone())).collect());
            }
            Specify::Keypair => {}
        }
        let mut values: Vec<(String, Value)> = Vec::new();
        for pair in &self.query.parameters {
            let (name, value) = (pair.name.text(step, index)?.to_string(), pair.value.resolve(step, index)?);
            let Some((_, before)) = values.iter_mut().find(|(known, _)| *known == name) else {
                values.push((name, value));
                continue;
            };
            let mut list = before.as_array().map_or_else(|| vec![before.clone()], <[Value]>::to_vec);
            list.push(value);
            *before = list.into();
        }
        Ok(values)
    }
}

impl Lists {
    fn pairs(self, values: Vec<(String, Value)>) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (name, value) in values {
            self.write(name, &value, &mut pairs);
        }
        pairs
    }

    /// What is missing is left out, and `null` is empty.
    fn write(self, name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Undefined => {}
            Value::Null => pairs.push((name, String::new())),
            Value::Array(entries) => {
                for (place, entry) in entries.iter().enumerate() {
                    let name = match self {
                        Self::Repeat => name.clone(),
                        Self::Brackets => format!("{name}[]"),
                        Self::Indices => format!("{name}[{place}]"),
                    };
                    self.write(name, entry, pairs);
                }
            }
            Value::Object(object) => {
                for (key, entry) in object.iter() {
                    self.write(format!("{name}[{key}]"), entry, pairs);
                }
            }
            Value::String(text) => pairs.push((name, text.to_string())),
            other => pairs.push((name, other.to_json().trim_matches('"').to_owned())),
        }
    }
}
