//! **HTTP Request**: asks another server, once for each item.
//!
//! before: `[{"id":7}]` · after `GET https://example.com/orders/{{ $json.id }}`: `[{"id":7,"total":12.5}]`

mod files;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use weft_connectors::{HttpClient, HttpError, HttpRequest as Request, HttpResponse, TokenError};
use weft_model::CredentialId;
use weft_nodes::credential::of_n8n_type;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json, from_json_bytes};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::derived_id;
use crate::credentials;
use crate::execution::StepView;
use crate::files::StepFiles;
use crate::sign_in::{HTTP_TYPES, SignIn, Unsent};
use files::Answered;

/// The kind.
pub struct HttpRequest;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "httpRequest",
    version: 1,
    label: label("HTTP Request", "Requête HTTP"),
    description: label("Asks another server and takes its answer.", "Interroge un autre serveur et prend sa réponse."),
    group: Group::Act,
    icon: "globe",
    color: "indigo",
    subtitle: Some("{method} {url}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One request for each item. If the server stops in the middle of one, reading requests are repeated; the others are \
         repeated only with an idempotency key.",
        "Une requête par élément. Si le serveur s’arrête au milieu, les requêtes de lecture sont répétées ; les autres ne le sont \
         qu’avec une clé d’idempotence.",
    ),
});

fn form() -> Vec<Parameter> {
    let method = |name: &'static str| choice(name, label(name, name));
    let pairs = |name, text, switch: &'static str| {
        field(ParameterType::FixedCollection, name, text).when(switch, [true]).fields([field(
            ParameterType::FixedCollection,
            "parameters",
            label("Fields", "Champs"),
        )
        .multiple()
        .fields([
            field(ParameterType::String, "name", label("Name", "Nom")),
            field(ParameterType::String, "value", label("Value", "Valeur")),
        ])])
    };
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    vec![
        field(ParameterType::Options, "method", label("Method", "Méthode"))
            .or("GET")
            .choices(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].map(method)),
        field(ParameterType::String, "url", label("URL", "URL")).required().example("https://example.com/orders"),
        field(ParameterType::Options, "authentication", label("Sign in", "Connexion")).or("none").choices([
            choice("none", label("Without", "Sans")),
            choice("credential", label("With a credential", "Avec un identifiant")),
        ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(HTTP_TYPES)
            .required()
            .when("authentication", ["credential"]),
        switch("sendQuery", label("Send query parameters", "Envoyer des paramètres")),
        pairs("queryParameters", label("Query parameters", "Paramètres"), "sendQuery"),
        switch("sendHeaders", label("Send headers", "Envoyer des en-têtes")),
        pairs("headerParameters", label("Headers", "En-têtes"), "sendHeaders"),
        switch("sendBody", label("Send a body", "Envoyer un corps")),
        field(ParameterType::Options, "contentType", label("Body", "Corps"))
            .or("json")
            .choices([
                choice("json", label("JSON", "JSON")),
                choice("form-urlencoded", label("Form", "Formulaire")),
                choice(
                    "multipart-form-data",
                    label("Form with files (multipart)", "Formulaire avec fichiers (multipart)"),
                ),
                choice("raw", label("Text", "Texte")),
                choice("binaryData", label("File", "Fichier")),
            ])
            .when("sendBody", [true]),
        field(ParameterType::Options, "specifyBody", label("Body as", "Corps comme"))
            .or("keypair")
            .choices([choice("keypair", label("Fields", "Champs")), choice("json", label("JSON", "JSON"))])
            .when("contentType", ["json"]),
        field(ParameterType::FixedCollection, "bodyParameters", label("Body fields", "Champs du corps"))
            .when("sendBody", [true])
            .fields([body_fields()]),
        field(
            ParameterType::String,
            "inputDataFieldName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .or("data")
        .when("contentType", ["binaryData"]),
        field(ParameterType::Json, "jsonBody", label("JSON", "JSON")).rows(5).when("specifyBody", ["json"]),
        field(ParameterType::String, "body", label("Text", "Texte")).rows(5).when("contentType", ["raw"]),
        field(ParameterType::String, "rawContentType", label("Media type", "Type de média"))
            .example("text/plain")
            .when("contentType", ["raw"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Number, "timeout", label("Timeout (ms)", "Délai (ms)"))
                .literal()
                .between(1.0, 300_000.0),
            field(ParameterType::Number, "maxRedirects", label("Redirects to follow", "Redirections à suivre"))
                .literal()
                .between(0.0, 50.0),
            field(ParameterType::Options, "responseFormat", label("Take the answer as", "Prendre la réponse comme"))
                .or("autodetect")
                .choices([
                    choice("autodetect", label("What it says it is", "Ce qu’elle dit être")),
                    choice("json", label("JSON", "JSON")),
                    choice("text", label("Text", "Texte")),
                    choice("file", label("File", "Fichier")),
                ]),
            field(ParameterType::String, "outputPropertyName", label("Put a file into", "Mettre un fichier dans"))
                .example("data"),
            switch("fullResponse", label("Include status and headers", "Inclure statut et en-têtes")),
            switch("neverError", label("Take every status", "Accepter tous les statuts")),
            switch("idempotencyKey", label("Send an idempotency key", "Envoyer une clé d’idempotence")).help(
                "The receiver must know the header Idempotency-Key; then a repetition does nothing.",
                "Le destinataire doit connaître l’en-tête Idempotency-Key ; une répétition ne fait alors rien.",
            ),
        ]),
    ]
}

/// The fields of a form, of which some may be files.
fn body_fields() -> Parameter {
    field(ParameterType::FixedCollection, "parameters", label("Fields", "Champs")).multiple().fields([
        field(ParameterType::Options, "parameterType", label("Is", "Est")).or("formData").choices([
            choice("formData", label("Text", "Du texte")),
            choice("formBinaryData", label("A file (multipart only)", "Un fichier (multipart seulement)")),
        ]),
        field(ParameterType::String, "name", label("Name", "Nom")),
        field(ParameterType::String, "value", label("Value", "Valeur")),
        field(
            ParameterType::String,
            "inputDataFieldName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .example("data"),
    ])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    method: String,
    url: Field,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    #[serde(default, rename = "queryParameters")]
    query: Pairs,
    #[serde(default, rename = "headerParameters")]
    headers: Pairs,
    #[serde(default)]
    send_query: bool,
    #[serde(default)]
    send_headers: bool,
    #[serde(default)]
    send_body: bool,
    #[serde(default)]
    content_type: ContentType,
    #[serde(default)]
    specify_body: SpecifyBody,
    #[serde(default, rename = "bodyParameters")]
    fields: Pairs,
    #[serde(default)]
    json_body: Field,
    #[serde(default)]
    body: Field,
    #[serde(default)]
    raw_content_type: Field,
    #[serde(default)]
    input_data_field_name: Field,
    #[serde(default)]
    options: Options,
}

/// Whether a credential proves something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Authentication {
    /// None does.
    #[default]
    None,
    /// The one that the node names.
    Credential,
}

/// Names and values, in n8n's nesting.
#[derive(Default, Deserialize)]
pub(crate) struct Pairs {
    #[serde(default)]
    parameters: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    #[serde(default)]
    name: Field,
    #[serde(default)]
    value: Field,
    #[serde(default, rename = "parameterType")]
    kind: PairKind,
    #[serde(default, rename = "inputDataFieldName")]
    file: Field,
}

/// What a field of a form is.
#[derive(Clone, Copy, Default, Deserialize)]
enum PairKind {
    #[default]
    #[serde(rename = "formData")]
    Text,
    #[serde(rename = "formBinaryData")]
    File,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum ContentType {
    #[default]
    #[serde(rename = "json")]
    Json,
    #[serde(rename = "form-urlencoded")]
    Form,
    #[serde(rename = "raw")]
    Raw,
    #[serde(rename = "multipart-form-data")]
    Multipart,
    #[serde(rename = "binaryData")]
    Binary,
}

/// What an answer is taken as.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ResponseFormat {
    #[default]
    Autodetect,
    Json,
    Text,
    File,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum SpecifyBody {
    #[default]
    Keypair,
    Json,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    timeout: Option<u64>,
    max_redirects: Option<usize>,
    response_format: ResponseFormat,
    output_property_name: Field,
    full_response: bool,
    never_error: bool,
    idempotency_key: bool,
}

impl NodeKind for HttpRequest {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.httpRequest"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let (type_version, given) = (node.version, node.parameters);
        if type_version < 3.0 {
            return Err(unsupported("HTTP Request before version 3", "typeVersion"));
        }
        let signs_in = n8n_sign_in(given)?;
        let mut new = given.as_object().cloned().unwrap_or_default();
        let old = given.get("options");
        let mut options = Object::new();
        let response = old.get("response").get("response");
        let copied = [
            ("timeout", old.get("timeout")),
            ("maxRedirects", old.get("redirect").get("redirect").get("maxRedirects")),
            ("responseFormat", response.get("responseFormat")),
            ("outputPropertyName", response.get("outputPropertyName")),
            ("fullResponse", response.get("fullResponse")),
            ("neverError", response.get("neverError")),
        ];
        for (name, value) in copied.into_iter().filter(|(_, value)| !value.is_undefined()) {
            options.insert(name, value.clone());
        }
        let known = ["timeout", "redirect", "response"];
        let lost = old.as_object().into_iter().flat_map(Object::keys).filter(|key| !known.contains(&key.as_str()));
        let lost = lost.map(|key| format!("The option “{key}” of this HTTP Request is not there yet."));
        let remarks = lost.chain(signs_in.clone()).collect();
        for name in ["nodeCredentialType", "genericAuthType"] {
            new.remove(name);
        }
        new.insert("authentication", if signs_in.is_some() { "credential" } else { "none" });
        new.insert("options", options);
        Ok(Imported { parameters: new.into(), remarks })
    }
}

/// What is to be done about the credential that an n8n node signs in with; `None` where it signs in with none. The secrets of n8n
/// are in no workflow that it exports.
fn n8n_sign_in(given: &Value) -> Result<Option<String>, Unsupported> {
    let (field, n8n_type) = match given.get("authentication").as_str() {
        None | Some("none") => return Ok(None),
        Some("genericCredentialType") => ("genericAuthType", given.get("genericAuthType")),
        Some("predefinedCredentialType") => ("nodeCredentialType", given.get("nodeCredentialType")),
        Some(other) => return Err(unsupported(other, "authentication")),
    };
    credential_of_n8n(n8n_type.as_str().unwrap_or_default(), field != "genericAuthType", field).map(Some)
}

/// What to do about a request that signs in with a credential of this n8n type; `field` is the parameter that names it.
pub(crate) fn credential_of_n8n(n8n_type: &str, is_predefined: bool, field: &str) -> Result<String, Unsupported> {
    if let Some(known) = of_n8n_type(n8n_type) {
        if known.kind == "oauth2ClientCredentials" {
            return Ok(
                "It signs in with OAuth 2.0. Where the other side gives tokens to programs (client credentials), make such a \
                 credential and choose it in this node."
                    .to_owned(),
            );
        }
        if HTTP_TYPES.contains(&known.kind) {
            let label = known.label.en;
            return Ok(format!("It signs in. Make a credential of type “{label}” and choose it in this node."));
        }
        return Err(unsupported(n8n_type, field));
    }
    if !is_predefined || n8n_type.is_empty() {
        return Err(unsupported(n8n_type, field));
    }
    Ok(format!(
        "It signs in with n8n’s “{n8n_type}”. Make a credential that sends the same (a header, a bearer token, …) and choose it in \
         this node."
    ))
}

fn unsupported(what: &str, field: &str) -> Unsupported {
    let message = format!("An HTTP Request with “{what}” cannot be imported yet. Set it up again here.");
    Unsupported { message, field: Some(field.into()) }
}

impl ActionKind for HttpRequest {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// RFC 9110, section 9.2.2: which methods may be repeated.
    fn retried(&self) -> Retried {
        match self.method.as_str() {
            "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" => Retried::Idempotent,
            _ if self.options.idempotency_key => Retried::Keyed,
            _ => Retried::AtMostOnce,
        }
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
        let files = step.files(services);
        let (mut made, mut failed, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut room = step.room;
        for (index, item) in step.input(0).iter().enumerate() {
            let response = self.one((client, sign_in.as_ref(), &files), &step, index, &mut refused).await;
            if let Ok(answered) = &response
                && let Err(full) = room.take(answered.response.body.len())
            {
                return Err(ActFailure { refused, ..ActFailure::ending(NodeError::from(full).at_item(index)) });
            }
            let items = response.and_then(|answered| match answered.file {
                Some(file) => Ok(vec![self.with_answer(step.as_ref(), index, (&answered.response, file))?]),
                None => self.items(&answered.response),
            });
            match items.map_err(|error| self.once(error, index)) {
                Ok(items) => made.extend(items.into_iter().map(|item| item.paired_with(index))),
                Err(error) if step.carries_on() => failed.push(error.at_item(index).to_item(Some(item))),
                Err(error) => return Err(ActFailure { refused, ..error.at_item(index).into() }),
            }
        }
        Ok(Acted { refused, ..Acted::outputs(Outputs { failed, ..Outputs::one(made) }) })
    }
}

impl Parameters {
    /// One item's request; a host that may not be reached is added to `refused`.
    async fn one(
        &self,
        (client, sign_in, files): (&HttpClient, Option<&SignIn<'_>>, &StepFiles),
        step: &Arc<StepView>,
        index: usize,
        refused: &mut Vec<String>,
    ) -> Result<Answered, NodeError> {
        let mut request = self.request(step.as_ref(), index)?;
        let boundary = key_of(step, index);
        self.put_files(&mut request, (step.as_ref(), index), (files, &boundary)).await?;
        if self.options.idempotency_key {
            request.headers.push(("idempotency-key".into(), key_of(step, index)));
        }
        let opened = match sign_in {
            Some(sign_in) => sign_in.open(client, request).await,
            None => client.open(request).await.map_err(Unsent::from),
        };
        let opened = opened.map_err(|unsent| {
            if let Some(host) = refused_host(&unsent)
                && !refused.contains(host)
            {
                refused.push(host.clone());
            }
            not_answered(unsent, self.retried())
        })?;
        self.receive(opened, files, |error| no_answer(error, self.retried())).await
    }

    /// An error at item `index`. Another attempt would send the requests of the items before it once more.
    fn once(&self, error: NodeError, index: usize) -> NodeError {
        if index > 0 && self.retried() == Retried::AtMostOnce { error.finally() } else { error }
    }

    fn request(&self, step: &dyn Step, index: usize) -> Result<Request, NodeError> {
        let url = self.url.text(step, index)?;
        let mut url = url::Url::parse(url.trim())
            .map_err(|_| NodeError::new("parameter", format!("“{url}” is not a URL.")).in_field("url"))?;
        if self.send_query {
            for (name, value) in self.query.resolve(step, index)? {
                url.query_pairs_mut().append_pair(&name, &value);
            }
        }
        let mut request = Request::new(self.method.clone(), url);
        if self.send_headers {
            request.headers = self.headers.resolve(step, index)?;
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
            SpecifyBody::Keypair => {
                let mut object = Object::new();
                for pair in &self.fields.parameters {
                    object.insert(pair.name.text(step, index)?, pair.value.resolve(step, index)?);
                }
                Ok(object.into())
            }
            SpecifyBody::Json => match self.json_body.resolve(step, index)? {
                Value::String(text) => from_json(&text).map_err(|error| {
                    NodeError::new("json", "The body is not valid JSON.")
                        .describe(error.to_string())
                        .in_field("jsonBody")
                }),
                value => Ok(value),
            },
        }
    }

    fn items(&self, response: &HttpResponse) -> Result<Vec<Item>, NodeError> {
        if response.status >= 400 && !self.options.never_error {
            let reason = response.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            return Err(NodeError::new("http_status", format!("The server answered {}{reason}.", response.status)));
        }
        Ok(self.items_of(response))
    }

    /// A list in JSON is one item for each entry, everything else is one item.
    fn items_of(&self, response: &HttpResponse) -> Vec<Item> {
        let is_json = match self.options.response_format {
            ResponseFormat::Json => true,
            ResponseFormat::Text => false,
            ResponseFormat::Autodetect | ResponseFormat::File => {
                response.header("content-type").is_some_and(|kind| kind.contains("json"))
            }
        };
        let body = if is_json { from_json_bytes(&response.body).ok() } else { None };
        let body = body.unwrap_or_else(|| Value::from(String::from_utf8_lossy(&response.body).into_owned()));
        if self.options.full_response {
            let headers: Object = response.headers.iter().map(|(n, v)| (n.as_str(), Value::from(v.as_str()))).collect();
            let fields = [
                ("body", body),
                ("headers", headers.into()),
                ("statusCode", Value::from(u32::from(response.status))),
                ("statusMessage", response.reason.map(Value::from).unwrap_or_default()),
            ];
            return vec![Item::new(fields.into_iter().collect::<Object>())];
        }
        match body {
            Value::Array(entries) => entries.iter().cloned().map(item_of).collect(),
            other => vec![item_of(other)],
        }
    }
}

/// An object is an item's JSON; everything else is its `data`.
pub(crate) fn item_of(value: Value) -> Item {
    match value {
        Value::Object(_) => Item::new(value),
        other => Item::new([("data", other)].into_iter().collect::<Object>()),
    }
}

impl Pairs {
    /// The pairs of an item.
    pub(crate) fn resolve(&self, step: &dyn Step, index: usize) -> Result<Vec<(String, String)>, NodeError> {
        let resolve =
            |pair: &Pair| Ok((pair.name.text(step, index)?.to_string(), pair.value.text(step, index)?.to_string()));
        self.parameters.iter().map(resolve).collect()
    }
}

/// The same for every attempt of the same item, and for nothing else.
fn key_of(step: &StepView, index: usize) -> String {
    let place = [step.iteration.to_be_bytes(), (index as u32).to_be_bytes()].concat();
    derived_id("request", &[step.info.execution.0.as_bytes(), step.node().id.0.as_bytes(), &place]).to_string()
}

/// What became of a request. One that may have arrived and must not arrive twice is not repeated.
pub(crate) fn not_answered(unsent: Unsent, retried: Retried) -> NodeError {
    match unsent {
        Unsent::Unsigned(error) => error,
        Unsent::Token(error) => without_token(&error),
        Unsent::Http(error) => no_answer(&error, retried),
    }
}

/// What became of a request. One that may have arrived and must not arrive twice is not repeated.
fn no_answer(error: &HttpError, retried: Retried) -> NodeError {
    let may_have_arrived = matches!(error, HttpError::Connection { sent: true, .. } | HttpError::Timeout { .. });
    let failure = failed(error);
    if may_have_arrived && retried == Retried::AtMostOnce {
        return failure.finally().describe("It may have arrived nevertheless, so that it is not repeated.");
    }
    failure
}

/// The host that this installation does not permit.
pub(crate) fn refused_host(unsent: &Unsent) -> Option<&String> {
    let error = match unsent {
        Unsent::Unsigned(_) => return None,
        Unsent::Token(error) => match error.as_ref() {
            TokenError::Http(error) => error,
            TokenError::Refused { .. } | TokenError::NoToken { .. } => return None,
        },
        Unsent::Http(error) => error,
    };
    if let HttpError::Refused(refusal) = error { Some(&refusal.host) } else { None }
}

/// Why there is no token. A server that knows the client and refuses it refuses it the next time, too.
pub(crate) fn without_token(error: &TokenError) -> NodeError {
    match error {
        TokenError::Http(error) => failed(error),
        TokenError::Refused { .. } => NodeError::new("oauth_refused", error.to_string()).finally(),
        TokenError::NoToken { .. } => NodeError::new("oauth_token", error.to_string()),
    }
}

pub(crate) fn failed(error: &HttpError) -> NodeError {
    let code = match error {
        HttpError::Refused(_) => "egress_refused",
        HttpError::Invalid(_) => "http_invalid",
        HttpError::UnknownHost { .. } => "http_unknown_host",
        HttpError::Connection { .. } => "http_connection",
        HttpError::Timeout { .. } => "http_timeout",
        HttpError::TooLarge { .. } => "http_too_large",
        HttpError::TooManyRedirects { .. } => "http_redirects",
    };
    let node_error = NodeError::new(code, error.to_string());
    if matches!(error, HttpError::Refused(_) | HttpError::Invalid(_)) { node_error.finally() } else { node_error }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;
    use weft_nodes::testing::import;

    use super::*;

    fn node(parameters_json: &str) -> Parameters {
        parameters(&DESCRIPTOR, &from_json(parameters_json).unwrap()).unwrap()
    }

    fn request(node_json: &str) -> Result<Request, NodeError> {
        node(node_json).request(&TestStep::new(&["[{}]"]), 0)
    }

    #[test]
    fn a_request_is_what_the_node_says() {
        let asked = request(
            r#"{"method":"POST","url":"https://example.com/a","sendQuery":true,
                "queryParameters":{"parameters":[{"name":"q","value":"a b"}]},
                "sendBody":true,"bodyParameters":{"parameters":[{"name":"n","value":1}]}}"#,
        )
        .unwrap();
        assert_eq!(asked.url, "https://example.com/a?q=a+b");
        assert_eq!(asked.headers, [("content-type".to_owned(), "application/json".to_owned())]);
        assert_eq!(asked.body.as_ref(), br#"{"n":1}"#);
        let form = request(
            r#"{"method":"POST","url":"https://example.com","sendBody":true,"contentType":"form-urlencoded",
                "bodyParameters":{"parameters":[{"name":"a","value":"1&2"}]}}"#,
        );
        assert_eq!(form.unwrap().body.as_ref(), b"a=1%262");
        assert_eq!(request(r#"{"url":"not a url"}"#).unwrap_err().field.as_deref(), Some("url"));
    }

    #[test]
    fn the_method_says_whether_a_request_may_be_repeated() {
        for (json, retried) in [
            (r#"{"url":"x"}"#, Retried::Idempotent),
            (r#"{"url":"x","method":"PUT"}"#, Retried::Idempotent),
            (r#"{"url":"x","method":"POST"}"#, Retried::AtMostOnce),
            (r#"{"url":"x","method":"POST","options":{"idempotencyKey":true}}"#, Retried::Keyed),
        ] {
            assert_eq!(node(json).retried(), retried, "{json}");
        }
    }

    #[test]
    fn what_may_have_arrived_and_must_not_arrive_twice_is_not_repeated() {
        let timeout = || HttpError::Timeout { host: "example.com".into(), limit: Duration::from_secs(1) };
        let unknown = || HttpError::UnknownHost { host: "example.com".into() };
        for (json, error, is_final) in [
            (r#"{"url":"x","method":"POST"}"#, timeout(), true),
            (r#"{"url":"x","method":"POST"}"#, unknown(), false),
            (r#"{"url":"x"}"#, timeout(), false),
            (r#"{"url":"x","method":"POST","options":{"idempotencyKey":true}}"#, timeout(), false),
        ] {
            let retried = node(json).retried();
            assert_eq!(not_answered(Unsent::Http(error), retried).is_final, is_final, "{json}");
        }
        let error = || NodeError::new("http_status", "The server answered 503.");
        let post = node(r#"{"url":"x","method":"POST"}"#);
        assert!(!post.once(error(), 0).is_final && post.once(error(), 1).is_final);
    }

    #[test]
    fn answers_become_items() {
        let answer = |media: &str, body: &'static str| HttpResponse {
            status: 200,
            reason: Some("OK"),
            headers: vec![("content-type".into(), media.into())],
            body: body.into(),
            url: String::new(),
        };
        let plain = node(r#"{"url":"x"}"#);
        let json = |items: Vec<Item>| weft_nodes::testing::json_of(&items);
        assert_eq!(json(plain.items_of(&answer("application/json", r#"[{"a":1},2]"#))), r#"[{"a":1},{"data":2}]"#);
        assert_eq!(json(plain.items_of(&answer("text/plain", "hi"))), r#"[{"data":"hi"}]"#);
        let full = node(r#"{"url":"x","options":{"fullResponse":true}}"#);
        assert!(json(full.items_of(&answer("text/plain", "hi"))).contains(r#""statusCode":200,"statusMessage":"OK""#));
    }

    #[test]
    fn n8n_options_are_carried_over_or_named() {
        let old = r#"{"url":"x","options":{"response":{"response":{"fullResponse":true}},"proxy":"p"}}"#;
        let imported = import(&HttpRequest, 4.2, old).unwrap();
        assert_eq!(imported.parameters.get("options").to_json(), r#"{"fullResponse":true}"#);
        assert_eq!(imported.remarks.len(), 1);
    }

    #[test]
    fn an_n8n_node_that_signs_in_is_imported_and_says_what_it_needs() {
        for (json, wanted) in [
            (r#"{"authentication":"genericCredentialType","genericAuthType":"httpBasicAuth"}"#, "“Basic”"),
            (r#"{"authentication":"genericCredentialType","genericAuthType":"httpHeaderAuth"}"#, "“Header”"),
            (r#"{"authentication":"genericCredentialType","genericAuthType":"httpDigestAuth"}"#, "“Digest”"),
            (r#"{"authentication":"genericCredentialType","genericAuthType":"oAuth2Api"}"#, "OAuth 2.0"),
            (r#"{"authentication":"predefinedCredentialType","nodeCredentialType":"someApi"}"#, "“someApi”"),
        ] {
            let imported = import(&HttpRequest, 4.2, json).unwrap();
            assert_eq!(imported.parameters.get("authentication").as_str(), Some("credential"), "{json}");
            assert!(imported.parameters.get("genericAuthType").is_undefined(), "{json}");
            assert!(imported.remarks.len() == 1 && imported.remarks[0].contains(wanted), "{:?}", imported.remarks);
            let problems = HttpRequest.prepare(&imported.parameters).err().unwrap();
            assert!(problems.iter().any(|problem| problem.field.as_deref() == Some("credential")), "{problems:?}");
        }
        for json in [
            r#"{"authentication":"genericCredentialType"}"#,
            r#"{"authentication":"genericCredentialType","genericAuthType":"oAuth1Api"}"#,
            r#"{"authentication":"basicAuth"}"#,
        ] {
            assert!(import(&HttpRequest, 4.2, json).is_err(), "{json}");
        }
        let without = import(&HttpRequest, 4.2, r#"{"url":"x"}"#).unwrap();
        assert!(without.remarks.is_empty() && HttpRequest.prepare(&without.parameters).is_ok());
    }

    #[test]
    fn a_request_without_a_token_says_why_and_whether_another_attempt_helps() {
        for (error, code, is_final) in [
            (TokenError::Refused { code: "invalid_client" }, "oauth_refused", true),
            (TokenError::NoToken { status: 500 }, "oauth_token", false),
            (TokenError::Http(HttpError::UnknownHost { host: "id.example".into() }), "http_unknown_host", false),
        ] {
            let told = without_token(&error);
            assert_eq!((&*told.code, told.is_final), (code, is_final), "{error}");
        }
    }

    #[test]
    fn a_credential_is_named_by_its_id_and_never_by_an_expression() {
        let signs_in =
            |credential: &str| format!(r#"{{"url":"x","authentication":"credential","credential":"{credential}"}}"#);
        let id = CredentialId(uuid::Uuid::from_u128(7));
        assert_eq!(node(&signs_in(&id.to_string())).credential, Some(id));
        assert_eq!(node(r#"{"url":"x","credential":""}"#).credential, None);
        for wrong in ["", "Shop", "={{ $json.id }}"] {
            let given = from_json(&signs_in(wrong)).unwrap();
            let problems = parameters::<Parameters>(&DESCRIPTOR, &given).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some("credential"), "{wrong}: {problems:?}");
        }
    }
}
