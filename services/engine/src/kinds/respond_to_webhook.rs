//! **Respond to webhook**: answers whoever called the webhook that started this execution.
//!
//! before: `[{"id":1}]`
//! with: `{}`
//! after: `[{"id":1}]`, and the caller has the same item

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use jsonwebtoken::Header;
use serde::Deserialize;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Object, Value, from_json};

use super::jwt::refused;
use super::webhook::Headers;
use crate::Answer;
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::answer::list;
use crate::credentials::{Opened, chosen};
use crate::execution::{StepView, passed_on};
use crate::files::{StepFiles, file_of};
use crate::jwt::{JWT_TYPE, algorithm, sign};

/// The kind.
pub struct RespondToWebhook;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "respondToWebhook",
    version: 1,
    label: label("Respond to webhook", "Répondre au webhook"),
    description: label(
        "Answers the call that started this execution.",
        "Répond à l’appel qui a démarré cette exécution.",
    ),
    group: Group::Flow,
    icon: "reply",
    color: "violet",
    subtitle: Some("{respondWith}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Works when the Webhook node is set to respond with this node. Only the first answer counts.",
        "Fonctionne quand le nœud Webhook est réglé pour répondre avec ce nœud. Seule la première réponse compte.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "respondWith", label("Respond with", "Répondre avec"))
            .help("What the caller gets.", "Ce que reçoit l’appelant.")
            .or("firstIncomingItem")
            .choices([
                choice("firstIncomingItem", label("First incoming item", "Premier élément reçu"))
                    .help("Its data as a JSON object.", "Ses données, en objet JSON."),
                choice("allIncomingItems", label("All incoming items", "Tous les éléments reçus"))
                    .help("Their data as a JSON list.", "Leurs données, en liste JSON."),
                choice("json", label("JSON", "JSON")),
                choice("text", label("Text", "Texte")).help(
                    "Sent as HTML unless the response headers name another content-type.",
                    "Envoyé en HTML, sauf si les en-têtes de réponse nomment un autre content-type.",
                ),
                choice("binary", label("A file", "Un fichier")),
                choice("jwt", label("A JSON Web Token", "Un jeton JWT"))
                    .help("The claims, signed: { token: … }.", "Les déclarations, signées : { token: … }."),
                choice("redirect", label("Redirect", "Redirection"))
                    .help("The caller is sent to another address.", "L’appelant est renvoyé vers une autre adresse."),
                choice("noData", label("No body", "Aucun corps")),
            ]),
        field(ParameterType::String, "redirectURL", label("Redirect to", "Rediriger vers"))
            .help("The address that the caller is sent to.", "L’adresse vers laquelle l’appelant est renvoyé.")
            .required()
            .when("respondWith", ["redirect"]),
        field(ParameterType::String, "responseBody", label("Body", "Corps"))
            .help(
                "JSON, or any text, as chosen above; it may hold expressions of the first item.",
                "Du JSON ou un texte quelconque, selon le choix ci-dessus ; il peut contenir des expressions du \
                 premier élément.",
            )
            .rows(5)
            .or("")
            .when("respondWith", ["json", "text"]),
        field(
            ParameterType::String,
            "inputFieldName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .help(
            "Which file of the first item is sent; empty for the first it has.",
            "Le fichier du premier élément qui est envoyé ; vide pour le premier qu’il a.",
        )
        .or("data")
        .when("respondWith", ["binary"]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("The secret or the key that the token is signed with.", "Le secret ou la clé qui signe le jeton.")
            .credentials([JWT_TYPE])
            .required()
            .when("respondWith", ["jwt"]),
        field(ParameterType::Json, "payload", label("Claims", "Déclarations"))
            .help("What the token says, as a JSON object.", "Ce que dit le jeton, en objet JSON.")
            .or("{}")
            .required()
            .when("respondWith", ["jwt"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Number, "responseCode", label("Response code", "Code de réponse"))
                .help(
                    "The HTTP status of the answer: 200, or 307 for a redirect, unless you say otherwise.",
                    "Le statut HTTP de la réponse : 200, ou 307 pour une redirection, sauf indication contraire.",
                )
                .between(100.0, 599.0),
            field(
                ParameterType::String,
                "responseKey",
                label("Put the data into a field", "Mettre les données dans un champ"),
            )
            .help(
                "For JSON: the field that the data is put into; a dot reaches inside. Empty, the data is the answer \
                 itself.",
                "Pour du JSON : le champ où mettre les données ; un point descend dans l’objet. Vide, les données \
                 sont la réponse même.",
            ),
            field(ParameterType::FixedCollection, "responseHeaders", label("Response headers", "En-têtes de réponse"))
                .help(
                    "Names and values that are added to the answer; they replace headers of the same name.",
                    "Noms et valeurs ajoutés à la réponse ; ils remplacent les en-têtes de même nom.",
                )
                .literal(),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    respond_with: RespondWith,
    #[serde(default, rename = "redirectURL")]
    redirect_url: Field,
    #[serde(default)]
    response_body: Field,
    #[serde(default)]
    input_field_name: Field,
    #[serde(default, deserialize_with = "chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    payload: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum RespondWith {
    FirstIncomingItem,
    AllIncomingItems,
    Json,
    Text,
    Binary,
    Jwt,
    Redirect,
    NoData,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    #[serde(rename = "responseCode")]
    code: Field,
    #[serde(rename = "responseKey")]
    key: Field,
    #[serde(rename = "responseHeaders")]
    headers: Headers,
}

impl NodeKind for RespondToWebhook {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.respondToWebhook"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        match given.get("respondWith").as_str() {
            Some("binary") => {
                let mut new = given.as_object().cloned().unwrap_or_default();
                if given.get("responseDataSource").as_str() != Some("set") {
                    new.insert("inputFieldName", "");
                }
                Ok(Value::from(new).into())
            }
            Some("jwt") => {
                let remark = "It signs in. Make a credential of type “JWT” and choose it in this node.".to_owned();
                Ok(Imported { parameters: given.clone(), remarks: vec![remark] })
            }
            _ => Ok(given.clone().into()),
        }
    }
}

impl ActionKind for RespondToWebhook {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// The answer leaves only after the step is recorded, so that there is nothing to record before.
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let mut answer = self.answer(step.as_ref())?;
        if matches!(self.respond_with, RespondWith::Binary) {
            self.put_file(&mut answer, step.as_ref(), &step.files(services)).await?;
        }
        if matches!(self.respond_with, RespondWith::Jwt) {
            let id = self
                .credential
                .ok_or_else(|| NodeError::new("credential_missing", "Choose a credential.").in_field("credential"))?;
            let opened = step.credential(services, id, &[JWT_TYPE]).await.map_err(|e| e.in_field("credential"))?;
            self.put_token(&mut answer, step.as_ref(), &opened)?;
        }
        let outputs = Outputs { ports: vec![passed_on(&step.shared_input(0))], ..Outputs::default() };
        Ok(Acted { answer: Some(answer), ..Acted::outputs(outputs) })
    }
}

impl Parameters {
    fn answer(&self, step: &dyn Step) -> Result<Answer, NodeError> {
        let status = self.status(step)?;
        let answer = match self.respond_with {
            RespondWith::FirstIncomingItem => {
                let first = step.input(0).first().map(|item| item.json.clone());
                Answer::json(status, &self.in_key(step, first.unwrap_or_else(Value::empty_object))?)
            }
            RespondWith::AllIncomingItems => Answer::json(status, &self.in_key(step, list(step.input(0)))?),
            RespondWith::Json => Answer::json(status, &self.in_key(step, self.json(step)?)?),
            RespondWith::Text => {
                let text = self.response_body.text(step, 0)?;
                Answer::of_type(status, "text/html; charset=utf-8", text.to_string())
            }
            RespondWith::Redirect => {
                let to = self.redirect_url.text(step, 0)?.to_string();
                Answer::empty(status).with_headers([("location".to_owned(), to)])
            }
            RespondWith::Binary | RespondWith::Jwt | RespondWith::NoData => Answer::empty(status),
        };
        Ok(answer.with_headers(self.options.headers.pairs()))
    }

    /// The file of the first item becomes the body; headers that the node names win over what the file says of itself.
    async fn put_file(&self, answer: &mut Answer, step: &dyn Step, files: &StepFiles) -> Result<(), NodeError> {
        let name = self.input_field_name.text(step, 0)?;
        let item = step.input(0).first().ok_or_else(no_file)?;
        let file = match name.as_str() {
            "" => item.binary.as_ref().and_then(|files| files.values().next()).ok_or_else(no_file)?,
            name => file_of(item, name).map_err(|error| error.in_field("inputFieldName"))?,
        };
        answer.put_file(file, files).await?;
        if !answer.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            answer.headers.push(("content-type".into(), file.mime_type.clone()));
        }
        Ok(())
    }

    /// The answer becomes `{"token": …}` with the signed claims.
    fn put_token(&self, answer: &mut Answer, step: &dyn Step, opened: &Opened) -> Result<(), NodeError> {
        let no_object = || NodeError::new("parameter_invalid", "Claims are a JSON object.").in_field("payload");
        let claims = match self.payload.resolve(step, 0)? {
            Value::String(text) => from_json(&text).map_err(|_| no_object())?,
            value => value,
        };
        let Ok(serde_json::Value::Object(claims)) = serde_json::to_value(&claims) else { return Err(no_object()) };
        let token = sign(opened, &Header::new(algorithm(opened)), &claims).map_err(|fault| refused(&fault))?;
        let told: Object = [("token", Value::from(token))].into_iter().collect();
        *answer = Answer::json(answer.status, &told.into()).with_headers(std::mem::take(&mut answer.headers));
        Ok(())
    }

    fn status(&self, step: &dyn Step) -> Result<u16, NodeError> {
        if self.options.code.is_empty() {
            return Ok(if matches!(self.respond_with, RespondWith::Redirect) { 307 } else { 200 });
        }
        let code = self.options.code.number(step, 0, "responseCode")?;
        if (100.0..600.0).contains(&code) {
            return Ok(code as u16);
        }
        Err(NodeError::new("parameter", format!("{code} is not an HTTP status.")).in_field("options.responseCode"))
    }

    fn json(&self, step: &dyn Step) -> Result<Value, NodeError> {
        match self.response_body.resolve(step, 0)? {
            Value::String(text) => from_json(&text).map_err(|error| {
                NodeError::new("json", "The body is not valid JSON.")
                    .describe(error.to_string())
                    .in_field("responseBody")
            }),
            value => Ok(value),
        }
    }

    fn in_key(&self, step: &dyn Step, data: Value) -> Result<Value, NodeError> {
        let key = self.options.key.text(step, 0)?;
        if key.is_empty() {
            return Ok(data);
        }
        let mut object = weft_value::Object::new();
        weft_nodes::set_path(&mut object, &key, data);
        Ok(object.into())
    }
}

fn no_file() -> NodeError {
    NodeError::new("file_missing", "The item has no file to answer with.").in_field("inputFieldName")
}

#[cfg(test)]
mod tests {
    use weft_model::TenantId;
    use weft_nodes::testing::{TestStep, import};

    use super::*;
    use crate::files::testing::item_with;

    #[tokio::test]
    async fn an_answer_is_a_file_of_the_first_item() {
        let files = StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), None);
        let step = TestStep::of_items(vec![item_with("a.png", "image/png", b"png")]);
        for (node, answered) in [
            (r#"{"respondWith":"binary"}"#, true),
            (r#"{"respondWith":"binary","inputFieldName":""}"#, true),
            (r#"{"respondWith":"binary","inputFieldName":"nope"}"#, false),
        ] {
            let parameters: Parameters = parameters(&DESCRIPTOR, &from_json(node).unwrap()).unwrap();
            let mut answer = parameters.answer(&step).unwrap();
            let put = parameters.put_file(&mut answer, &step, &files).await;
            assert_eq!(put.is_ok(), answered, "{node}");
            if answered {
                assert_eq!((answer.status, answer.body.as_ref()), (200, &b"png"[..]));
                assert_eq!(answer.headers, [("content-type".to_owned(), "image/png".to_owned())]);
            }
        }
        let imported = import(&RespondToWebhook, 1.0, r#"{"respondWith":"binary"}"#).unwrap();
        assert_eq!(imported.parameters.to_json(), r#"{"respondWith":"binary","inputFieldName":""}"#);
    }

    #[test]
    fn an_answer_is_a_signed_token() {
        let secret = [("secret".to_owned(), zeroize::Zeroizing::new("s".repeat(32)))].into_iter().collect();
        let opened = Opened { kind: JWT_TYPE.into(), fields: secret };
        let token = |payload: &str| {
            let id = uuid::Uuid::from_u128(7);
            let node = format!(
                r#"{{"respondWith":"jwt","credential":"{id}","payload":{payload},"options":{{"responseCode":201}}}}"#
            );
            let given: Parameters = parameters(&DESCRIPTOR, &from_json(&node).unwrap()).unwrap();
            let step = TestStep::new(&[r#"[{"id":"Zoë"}]"#]);
            let mut answer = given.answer(&step).unwrap();
            given.put_token(&mut answer, &step, &opened).map(|()| {
                assert_eq!(answer.status, 201);
                let body = from_json(std::str::from_utf8(&answer.body).unwrap()).unwrap();
                let token = body.get("token").as_str().unwrap().to_owned();
                let lenience = crate::jwt::Lenience::default();
                let read = crate::jwt::verify(&opened, algorithm(&opened), &token, lenience).unwrap();
                serde_json::to_string(&read.claims).unwrap()
            })
        };
        for (payload, claims) in [
            (r#""{\"sub\":\"é\"}""#, r#"{"sub":"é"}"#),
            (r#"{"a":1}"#, r#"{"a":1}"#),
            (r#""={{ $json }}""#, r#"{"id":"Zoë"}"#),
        ] {
            assert_eq!(token(payload).as_deref(), Ok(claims), "{payload}");
        }
        for payload in [r#""[1]""#, r#""{""#, "7"] {
            assert_eq!(token(payload).unwrap_err().field.as_deref(), Some("payload"), "{payload}");
        }
        let imported = import(&RespondToWebhook, 1.0, r#"{"respondWith":"jwt"}"#).unwrap();
        assert!(imported.remarks.len() == 1 && RespondToWebhook.prepare(&imported.parameters).is_err());
    }

    fn answer(node: &str) -> Result<Answer, NodeError> {
        let parameters: Parameters = parameters(&DESCRIPTOR, &from_json(node).unwrap()).unwrap();
        parameters.answer(&TestStep::new(&[r#"[{"id":1},{"id":2}]"#]))
    }

    #[test]
    fn the_answer_is_what_the_node_says() {
        for (node, status, body) in [
            ("{}", 200, r#"{"id":1}"#),
            (r#"{"respondWith":"allIncomingItems"}"#, 200, r#"[{"id":1},{"id":2}]"#),
            (
                r#"{"respondWith":"json","responseBody":"{\"ok\":true}","options":{"responseCode":201}}"#,
                201,
                r#"{"ok":true}"#,
            ),
            (r#"{"respondWith":"text","responseBody":"hello"}"#, 200, "hello"),
            (r#"{"respondWith":"noData","options":{"responseCode":204}}"#, 204, ""),
            (r#"{"respondWith":"redirect","redirectURL":"https://example.com"}"#, 307, ""),
            (r#"{"options":{"responseKey":"data.first"}}"#, 200, r#"{"data":{"first":{"id":1}}}"#),
        ] {
            let answer = answer(node).unwrap();
            assert_eq!((answer.status, answer.body.as_ref()), (status, body.as_bytes()), "{node}");
        }
    }

    #[test]
    fn broken_json_and_odd_statuses_fail_the_step() {
        for node in [r#"{"respondWith":"json","responseBody":"{"}"#, r#"{"options":{"responseCode":42}}"#] {
            assert!(answer(node).is_err(), "{node}");
        }
    }
}
