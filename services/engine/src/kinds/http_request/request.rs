//! What is asked.

use std::time::Duration;

use weft_connectors::HttpRequest as Request;
use weft_nodes::{Field, NodeError, Step};
use weft_value::{Object, Value, from_json};

use super::parameters::{ContentType, Pair, Pairs, Parameters, Specify};

impl Parameters {
    /// The request of item `index`, without the files of its body.
    pub(super) fn request(&self, step: &dyn Step, index: usize) -> Result<Request, NodeError> {
        let url = self.url.text(step, index)?;
        let mut url = url::Url::parse(url.trim())
            .map_err(|_| NodeError::new("parameter", format!("“{url}” is not a URL.")).in_field("url"))?;
        if self.send_query {
            self.put_query(&mut url, step, index)?;
        }
        let mut request = Request::new(self.method.clone(), url);
        if self.send_headers {
            let json = (&self.json_headers, "jsonHeaders");
            request.headers = self.headers.written(self.specify_headers, json, (step, index))?;
        }
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
            request.headers.push(("accept".into(), self.options.response_format.accepted().into()));
        }
        if self.send_body {
            self.put_body(&mut request, step, index)?;
        }
        if let Some(timeout) = self.options.timeout {
            request.timeout = Duration::from_millis(timeout);
        }
        if let Some(redirects) = self.options.max_redirects {
            request.redirects = redirects;
        }
        Ok(request)
    }

    fn put_body(&self, request: &mut Request, step: &dyn Step, index: usize) -> Result<(), NodeError> {
        let (media_type, body) = match self.content_type {
            // What files are sent is not known before they were read.
            ContentType::Multipart | ContentType::Binary => return Ok(()),
            ContentType::Json => ("application/json".to_owned(), self.json(step, index)?.to_json()),
            ContentType::Form => {
                let pairs = self.fields.resolve(step, index)?;
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                ("application/x-www-form-urlencoded".to_owned(), form)
            }
            ContentType::Raw => {
                let media_type = self.raw_content_type.text(step, index)?.to_string();
                let media_type = if media_type.is_empty() { "text/plain".to_owned() } else { media_type };
                (media_type, self.body.text(step, index)?.to_string())
            }
        };
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request.headers.push(("content-type".into(), media_type));
        }
        request.body = body.into();
        Ok(())
    }

    fn json(&self, step: &dyn Step, index: usize) -> Result<Value, NodeError> {
        match self.specify_body {
            Specify::Keypair => {
                let mut object = Object::new();
                for pair in &self.fields.parameters {
                    object.insert(pair.name.text(step, index)?, pair.value.resolve(step, index)?);
                }
                Ok(object.into())
            }
            Specify::Json => match self.json_body.resolve(step, index)? {
                Value::String(text) => from_json(&text).map_err(|error| {
                    NodeError::new("json", "The body is not valid JSON.")
                        .describe(error.to_string())
                        .in_field("jsonBody")
                }),
                value => Ok(value),
            },
        }
    }
}

impl Pairs {
    /// The pairs of an item as the node has them: as pairs, or as a JSON object. A list stands for its name again and again.
    pub(super) fn written(
        &self,
        specify: Specify,
        (json, field): (&Field, &str),
        (step, index): (&dyn Step, usize),
    ) -> Result<Vec<(String, String)>, NodeError> {
        match specify {
            Specify::Keypair => return self.resolve(step, index),
            Specify::Json => {}
        }
        let mut pairs = Vec::new();
        for (name, value) in &object_of((json, field), (step, index))? {
            let values = value.as_array().unwrap_or(std::slice::from_ref(value));
            let texts = values.iter().filter(|value| !value.is_nullish());
            pairs.extend(
                texts.map(|value| (name.to_string(), value.as_str().map_or_else(|| value.to_json(), str::to_owned))),
            );
        }
        Ok(pairs)
    }

    /// The pairs of an item.
    pub(crate) fn resolve(&self, step: &dyn Step, index: usize) -> Result<Vec<(String, String)>, NodeError> {
        let resolve =
            |pair: &Pair| Ok((pair.name.text(step, index)?.to_string(), pair.value.text(step, index)?.to_string()));
        self.parameters.iter().map(resolve).collect()
    }
}

/// The object that an item's JSON is; nothing stands for an empty one.
pub(super) fn object_of((json, field): (&Field, &str), (step, index): (&dyn Step, usize)) -> Result<Object, NodeError> {
    let wrong = || NodeError::new("json", "This is no JSON object of names and values.").in_field(field);
    let object = match json.resolve(step, index)? {
        Value::String(text) if text.trim().is_empty() => return Ok(Object::new()),
        Value::String(text) => from_json(&text).map_err(|error| wrong().describe(error.to_string()))?,
        Value::Undefined | Value::Null => return Ok(Object::new()),
        value => value,
    };
    object.as_object().cloned().ok_or_else(wrong)
}
