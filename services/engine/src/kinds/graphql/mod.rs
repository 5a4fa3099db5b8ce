//! **GraphQL**: asks a GraphQL server, once for each item (GraphQL over HTTP).
//!
//! before: `[{"id":7}]` · after `query($id: Int!) { order(id: $id) { total } }` with `{"id": {{ $json.id }} }`:
//! `[{"data":{"order":{"total":12.5}}}]`

mod form;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_connectors::{HttpRequest as Request, HttpResponse};
use weft_model::CredentialId;
use weft_nodes::credential::of_n8n_type;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported,
    label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json, from_json_bytes};

use super::http_request::{Authentication, Pairs, credential_of_n8n, item_of, not_answered, refused_host};
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::chosen;
use crate::execution::StepView;
use crate::sign_in::{HTTP_TYPES, SignIn, Unsent};

/// The kind.
pub struct GraphQl;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "graphql",
    version: 1,
    label: label("GraphQL", "GraphQL"),
    description: label("Asks a GraphQL server.", "Interroge un serveur GraphQL."),
    group: Group::Act,
    icon: "globe",
    color: "grape",
    subtitle: Some("{endpoint}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One request for each item. What the server says about the query (its “errors”) fails the item. If the process stops in \
         the middle of a POST, it is not repeated: it may have been a mutation.",
        "Une requête par élément. Ce que le serveur reproche à la requête (« errors ») fait échouer l’élément. Si le processus \
         s’arrête au milieu d’un POST, il n’est pas répété : c’était peut-être une mutation.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    endpoint: Field,
    request_method: Method,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, deserialize_with = "chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    request_format: RequestFormat,
    query: Field,
    #[serde(default)]
    variables: Field,
    #[serde(default)]
    operation_name: Field,
    #[serde(default, rename = "headerParameters")]
    headers: Pairs,
    #[serde(default)]
    response_format: ResponseFormat,
    #[serde(default)]
    data_property_name: Field,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Method {
    Get,
    Post,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum RequestFormat {
    #[default]
    Json,
    Graphql,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ResponseFormat {
    #[default]
    Json,
    String,
}

impl NodeKind for GraphQl {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.graphql"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        let mut new = given.as_object().cloned().unwrap_or_default();
        let signs_in = sign_in_of_n8n(given)?;
        new.insert("authentication", if signs_in.is_some() { "credential" } else { "none" });
        let mut remarks: Vec<String> = signs_in.into_iter().collect();
        // Version 1 began with another format.
        if node.version < 1.1 && !new.contains_key("requestFormat") {
            new.insert("requestFormat", "graphql");
        }
        if let Some(headers) = new.remove("headerParametersUi") {
            let parameters: Object = [("parameters", headers.get("parameter").clone())].into_iter().collect();
            new.insert("headerParameters", parameters);
        }
        if new.remove("allowUnauthorizedCerts") == Some(Value::Bool(true)) {
            remarks.push("It took every certificate; here, certificates are always checked.".to_owned());
        }
        new.remove("nodeCredentialType");
        Ok(Imported { parameters: new.into(), remarks })
    }
}

/// What is to be done about the credential; `None` where it signs in with none.
fn sign_in_of_n8n(given: &Value) -> Result<Option<String>, Unsupported> {
    let n8n_type = match given.get("authentication").as_str() {
        None | Some("none") => return Ok(None),
        Some("predefinedCredentialType") => given.get("nodeCredentialType").as_str().unwrap_or_default(),
        Some("basicAuth") => "httpBasicAuth",
        Some("customAuth") => "httpCustomAuth",
        Some("digestAuth") => "httpDigestAuth",
        Some("headerAuth") => "httpHeaderAuth",
        Some("queryAuth") => "httpQueryAuth",
        Some("oAuth2") => "oAuth2Api",
        Some(_) => "",
    };
    let is_predefined = of_n8n_type(n8n_type).is_none();
    if n8n_type.is_empty() {
        let message = "This way of a GraphQL node to sign in cannot be imported yet. Set it up again here.".into();
        return Err(Unsupported { message, field: Some("authentication".into()) });
    }
    credential_of_n8n(n8n_type, is_predefined, "authentication").map(Some)
}

impl ActionKind for GraphQl {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        if self.request_method == Method::Get { Retried::Idempotent } else { Retried::AtMostOnce }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(client) = &services.http else {
            return Err(NodeError::new("http", "This installation makes no HTTP requests.").into());
        };
        let credential = match self.credential.filter(|_| self.authentication == Authentication::Credential) {
            Some(id) => {
                let opened = step.credential(services, id, &HTTP_TYPES).await;
                Some((id, opened.map_err(|error| error.in_field("credential"))?))
            }
            None => None,
        };
        let sign_in = credential.as_ref().map(|(id, opened)| SignIn {
            opened,
            owner: (step.info.tenant, *id),
            tokens: &services.tokens,
        });
        let (mut made, mut failed, mut refused) = (Vec::new(), Vec::new(), Vec::<String>::new());
        let mut room = step.room;
        for (index, item) in step.input(0).iter().enumerate() {
            let answer = match (self.request(step.as_ref(), index), &sign_in) {
                (Err(error), _) => Err(Unsent::Unsigned(error)),
                (Ok(request), Some(sign_in)) => sign_in.send(client, request).await,
                (Ok(request), None) => client.send(request).await.map_err(Unsent::from),
            };
            if let Ok(answer) = &answer
                && let Err(full) = room.take(answer.body.len())
            {
                return Err(ActFailure { refused, ..ActFailure::ending(NodeError::from(full).at_item(index)) });
            }
            let answer = answer.map_err(|unsent| {
                refused.extend(refused_host(&unsent).filter(|host| !refused.contains(host)).cloned());
                not_answered(unsent, self.retried())
            });
            match answer.and_then(|answer| self.items(&answer, step.as_ref(), index)).map_err(|e| self.once(e, index)) {
                Ok(items) => made.extend(items.into_iter().map(|item| item.paired_with(index))),
                Err(error) if step.carries_on() => failed.push(error.at_item(index).to_item(Some(item))),
                Err(error) => return Err(ActFailure { refused, ..error.at_item(index).into() }),
            }
        }
        Ok(Acted { refused, ..Acted::outputs(Outputs { failed, ..Outputs::one(made) }) })
    }
}

impl Parameters {
    /// An error at item `index`. Another attempt would send the requests of the items before it once more.
    fn once(&self, error: NodeError, index: usize) -> NodeError {
        if index > 0 && self.retried() == Retried::AtMostOnce { error.finally() } else { error }
    }

    fn request(&self, step: &dyn Step, index: usize) -> Result<Request, NodeError> {
        let endpoint = self.endpoint.text(step, index)?;
        let mut url = url::Url::parse(endpoint.trim())
            .map_err(|_| NodeError::new("parameter", format!("“{endpoint}” is not a URL.")).in_field("endpoint"))?;
        let query = self.query.text(step, index)?;
        if self.request_method == Method::Get {
            url.query_pairs_mut().append_pair("query", &query);
        }
        let method = if self.request_method == Method::Get { "GET" } else { "POST" };
        let mut request = Request::new(method, url);
        request.headers = self.headers.resolve(step, index)?;
        if self.request_method == Method::Post {
            let (media_type, body) = match self.request_format {
                RequestFormat::Graphql => ("application/graphql", query.to_string()),
                RequestFormat::Json => ("application/json", self.body(&query, step, index)?.to_json()),
            };
            request.body = body.into();
            put_missing(&mut request, "content-type", media_type);
        }
        put_missing(&mut request, "accept", "application/graphql-response+json, application/json;q=0.9");
        Ok(request)
    }

    fn body(&self, query: &str, step: &dyn Step, index: usize) -> Result<Value, NodeError> {
        let variables = match self.variables.resolve(step, index)? {
            Value::String(text) if text.trim().is_empty() => Value::empty_object(),
            Value::String(text) => from_json(&text).map_err(|error| {
                NodeError::new("json", "The variables are not valid JSON.")
                    .describe(error.to_string())
                    .in_field("variables")
            })?,
            Value::Undefined | Value::Null => Value::empty_object(),
            value => value,
        };
        if variables.as_object().is_none() {
            return Err(NodeError::new("json", "The variables are no JSON object.").in_field("variables"));
        }
        let name = self.operation_name.text(step, index)?;
        let mut body: Object = [("query", Value::from(query)), ("variables", variables)].into_iter().collect();
        if !name.is_empty() {
            body.insert("operationName", name);
        }
        Ok(body.into())
    }

    /// GraphQL's own errors come with any status, and say more than it does.
    fn items(&self, answer: &HttpResponse, step: &dyn Step, index: usize) -> Result<Vec<Item>, NodeError> {
        let read = from_json_bytes(&answer.body).ok();
        if let Some(said) = read.as_ref().and_then(|read| said_errors(read.get("errors"))) {
            return Err(NodeError::new("graphql", format!("The GraphQL server refused it: {said}")));
        }
        if answer.status >= 400 {
            let reason = answer.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            return Err(NodeError::new("http_status", format!("The server answered {}{reason}.", answer.status))
                .with_status(answer.status));
        }
        if self.response_format == ResponseFormat::String {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let mut json = Object::new();
            json.insert(self.data_property_name.text(step, index)?, text);
            return Ok(vec![Item::new(json)]);
        }
        match read {
            Some(Value::Array(entries)) => Ok(entries.iter().cloned().map(item_of).collect()),
            Some(other) => Ok(vec![item_of(other)]),
            None => Err(NodeError::new("graphql", "The server answered something else than JSON.")),
        }
    }
}

fn put_missing(request: &mut Request, name: &str, value: &str) {
    if !request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
}

/// How much of what a server says is told, in characters.
const MOST_SAID: usize = 1_000;

fn said_errors(errors: &Value) -> Option<String> {
    let Value::Array(errors) = errors else { return None };
    let messages =
        errors.iter().map(|error| error.get("message").as_str().unwrap_or("an error without words").to_owned());
    let all = messages.take(20).collect::<Vec<_>>().join("; ");
    (!all.is_empty()).then(|| all.chars().take(MOST_SAID).collect())
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import, json_of};

    use super::*;

    fn node(json: &str) -> Parameters {
        parameters(&DESCRIPTOR, &from_json(json).unwrap()).unwrap()
    }

    fn request(json: &str) -> Result<Request, NodeError> {
        node(json).request(&TestStep::new(&[r#"[{"id":7,"name":"Zoë"}]"#]), 0)
    }

    #[test]
    fn a_request_is_what_the_node_says() {
        let asked = request(
            r#"{"endpoint":"https://x.example/g","query":"query($id: Int!) { a(id: $id) }","operationName":"A",
                "variables":"={{ { id: $json.id, name: $json.name } }}",
                "headerParameters":{"parameters":[{"name":"X-A","value":"1"}]}}"#,
        )
        .unwrap();
        let body =
            r#"{"query":"query($id: Int!) { a(id: $id) }","variables":{"id":7,"name":"Zoë"},"operationName":"A"}"#;
        assert_eq!((asked.method.as_str(), asked.body.as_ref()), ("POST", body.as_bytes()));
        assert_eq!(asked.headers[0], ("X-A".to_owned(), "1".to_owned()));
        assert!(asked.headers.contains(&("content-type".to_owned(), "application/json".to_owned())));
        let plain = request(r#"{"endpoint":"https://x.example","query":"{ a }","requestFormat":"graphql"}"#).unwrap();
        assert_eq!(plain.body.as_ref(), b"{ a }");
        let get = request(r#"{"endpoint":"https://x.example/g?k=1","query":"{ a }","requestMethod":"GET"}"#).unwrap();
        assert_eq!((get.url.as_str(), get.body.len()), ("https://x.example/g?k=1&query=%7B+a+%7D", 0));
        for variables in ["", "{}"] {
            let json = format!(r#"{{"endpoint":"https://x.example","query":"{{ a }}","variables":"{variables}"}}"#);
            assert_eq!(request(&json).unwrap().body.as_ref(), br#"{"query":"{ a }","variables":{}}"#);
        }
    }

    #[test]
    fn what_makes_no_request_is_refused_by_its_field() {
        for (json, field) in [
            (r#"{"endpoint":"no url","query":"{ a }"}"#, "endpoint"),
            (r#"{"endpoint":"https://x.example","query":"{ a }","variables":"{"}"#, "variables"),
            (r#"{"endpoint":"https://x.example","query":"{ a }","variables":"[1]"}"#, "variables"),
        ] {
            assert_eq!(request(json).unwrap_err().field.as_deref(), Some(field), "{json}");
        }
        for (json, field) in [
            (r#"{"endpoint":"https://x.example"}"#, "query"),
            (r#"{"query":"{ a }"}"#, "endpoint"),
            (r#"{"endpoint":"https://x.example","query":"{ a }","authentication":"credential"}"#, "credential"),
        ] {
            let problems = GraphQl.prepare(&from_json(json).unwrap()).err().unwrap();
            assert!(problems.iter().any(|problem| problem.field.as_deref() == Some(field)), "{json}: {problems:?}");
        }
    }

    fn items(more: &str, status: u16, body: &'static str) -> Result<String, NodeError> {
        let node = node(&format!(r#"{{"endpoint":"x","query":"y"{more}}}"#));
        let answer = HttpResponse { status, reason: None, headers: vec![], body: body.into(), url: String::new() };
        node.items(&answer, &TestStep::new(&["[{}]"]), 0).map(|items| json_of(&items))
    }

    #[test]
    fn an_answer_is_items_or_says_what_the_server_says() {
        assert_eq!(items("", 200, r#"{"data":{"a":1}}"#).unwrap(), r#"[{"data":{"a":1}}]"#);
        let text = items(r#","responseFormat":"string","dataPropertyName":"out""#, 200, r#"{"data":1}"#).unwrap();
        assert_eq!(text, r#"[{"out":"{\"data\":1}"}]"#);
        for (status, body, code, said) in [
            (200, r#"{"data":null,"errors":[{"message":"No field é"},{"message":"b"}]}"#, "graphql", "No field é; b"),
            (400, r#"{"errors":[{"message":"Syntax"}]}"#, "graphql", "Syntax"),
            (500, "oops", "http_status", "answered 500"),
            (200, "<html>", "graphql", "else than JSON"),
        ] {
            let error = items("", status, body).unwrap_err();
            assert!(error.code == code && error.message.contains(said), "{error}");
        }
        assert!(items("", 200, r#"{"data":1,"errors":[]}"#).is_ok());
    }

    #[test]
    fn only_a_reading_request_is_repeated() {
        let of =
            |method: &str| node(&format!(r#"{{"endpoint":"x","query":"y","requestMethod":"{method}"}}"#)).retried();
        assert_eq!((of("GET"), of("POST")), (Retried::Idempotent, Retried::AtMostOnce));
    }

    #[test]
    fn every_version_of_n8n_is_imported() {
        for (version, format) in [(1.0, "graphql"), (1.1, "")] {
            let json = r#"{"endpoint":"https://x.example","query":"{ a }","headerParametersUi":{"parameter":[{"name":"a","value":"b"}]},"allowUnauthorizedCerts":true}"#;
            let imported = import(&GraphQl, version, json).unwrap();
            assert_eq!(imported.parameters.get("requestFormat").as_str().unwrap_or_default(), format);
            let headers = imported.parameters.get("headerParameters").to_json();
            assert_eq!(headers, r#"{"parameters":[{"name":"a","value":"b"}]}"#);
            assert_eq!(imported.remarks.len(), 1);
            assert!(GraphQl.prepare(&imported.parameters).is_ok());
        }
        for (authentication, wanted) in
            [("basicAuth", "“Basic”"), ("digestAuth", "“Digest”"), ("oAuth2", "OAuth 2.0"), ("queryAuth", "“Query")]
        {
            let json = format!(r#"{{"endpoint":"x","query":"y","authentication":"{authentication}"}}"#);
            let imported = import(&GraphQl, 1.1, &json).unwrap();
            assert!(imported.remarks[0].contains(wanted), "{:?}", imported.remarks);
            assert!(GraphQl.prepare(&imported.parameters).is_err(), "a credential has to be chosen");
        }
        assert!(import(&GraphQl, 1.0, r#"{"authentication":"oAuth1"}"#).is_err());
    }
}
