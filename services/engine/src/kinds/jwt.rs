//! **JWT**: signs, checks and reads JSON Web Tokens (RFC 7519).
//!
//! before: `[{"user":"ada"}]`
//! with: `{"claims":{"subject":"={{ $json.user }}"}}`
//! after: `[{"token":"eyJ….….…"}]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header};
use serde::Deserialize;
use serde_json::Value as Json;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried, Step,
    Unsupported, choice, each_item, field, label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json_bytes};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::Opened;
use crate::credentials::chosen;
use crate::execution::StepView;
use crate::jwt::{Claims, JWT_TYPE, JwtFault, Lenience, algorithm, sign, verify};

/// The kind.
pub struct Jwt;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "jwt",
    version: 1,
    label: label("JWT", "JWT"),
    description: label("Signs, checks and reads JSON Web Tokens.", "Signe, vérifie et lit des jetons JWT."),
    group: Group::Act,
    icon: "box",
    color: "green",
    subtitle: Some("{operation}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "“Read” checks nothing: anybody can have written what it gives. A token is signed at the moment at \
         which the step began.",
        "« Lire » ne vérifie rien : n’importe qui peut avoir écrit ce qu’il donne. Un jeton est signé à \
         l’instant où l’étape a commencé.",
    ),
});

const ALGORITHMS: [&str; 12] =
    ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

fn form() -> Vec<Parameter> {
    let text = |name, said| field(ParameterType::String, name, said);
    let seconds = |name, said| field(ParameterType::Number, name, said);
    let switch = |name, said| field(ParameterType::Boolean, name, said).literal().or(false);
    vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération")).literal().or("sign").choices([
            choice("sign", label("Sign", "Signer")).help("Makes a token of claims.", "Fait un jeton de déclarations."),
            choice("verify", label("Check", "Vérifier")).help(
                "Fails where the signature is wrong or the time has passed, and gives the claims.",
                "Échoue si la signature est fausse ou le délai passé, et donne les déclarations.",
            ),
            choice("decode", label("Read", "Lire"))
                .help("Gives the claims without checking anything.", "Donne les déclarations sans rien vérifier."),
        ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("The secret or the keys, and the algorithm.", "Le secret ou les clés, et l’algorithme.")
            .credentials([JWT_TYPE])
            .required()
            .when("operation", ["sign", "verify"]),
        switch("useJson", label("Claims as JSON", "Déclarations en JSON"))
            .help(
                "One JSON object instead of one claim after the other.",
                "Un objet JSON au lieu d’une déclaration après l’autre.",
            )
            .when("operation", ["sign"]),
        field(ParameterType::Collection, "claims", label("Claims", "Déclarations")).when("useJson", [false]).fields([
            text("audience", label("Audience (aud)", "Destinataire (aud)"))
                .help("Who the token is for.", "À qui le jeton est destiné."),
            seconds("expiresIn", label("Expires after (s)", "Expire après (s)")).help(
                "After so many seconds nobody takes the token any longer.",
                "Après ce nombre de secondes, plus personne n’accepte le jeton.",
            ),
            text("issuer", label("Issuer (iss)", "Émetteur (iss)")).help("Who made the token.", "Qui a fait le jeton."),
            text("jwtid", label("Id (jti)", "Identifiant (jti)"))
                .help("Tells this token from all others.", "Distingue ce jeton de tous les autres."),
            seconds("notBefore", label("Valid after (s)", "Valable après (s)")).help(
                "Nobody takes the token until so many seconds have passed.",
                "Personne n’accepte le jeton avant ce nombre de secondes.",
            ),
            text("subject", label("Subject (sub)", "Sujet (sub)"))
                .help("Who or what the token speaks of.", "De qui ou de quoi parle le jeton."),
        ]),
        field(ParameterType::Json, "claimsJson", label("Claims", "Déclarations"))
            .help(
                "An object; “iat”, the moment of signing, is added where it is missing.",
                "Un objet ; « iat », le moment de la signature, est ajouté s’il manque.",
            )
            .rows(5)
            .when("useJson", [true]),
        text("token", label("Token", "Jeton"))
            .help("Three parts with dots between them.", "Trois parties séparées par des points.")
            .required()
            .when("operation", ["verify", "decode"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            switch("complete", label("Give header and signature, too", "Donner aussi en-tête et signature")).help(
                "The item has header, payload and signature instead of the claims alone.",
                "L’élément a header, payload et signature au lieu des seules déclarations.",
            ),
            switch("ignoreExpiration", label("Take what has expired", "Accepter ce qui a expiré")),
            switch("ignoreNotBefore", label("Take what does not hold yet", "Accepter ce qui ne vaut pas encore")),
            field(ParameterType::Number, "clockTolerance", label("Tolerance of clocks (s)", "Tolérance d’horloge (s)"))
                .help(
                    "So many seconds may the clocks of both sides differ.",
                    "De combien de secondes les horloges des deux côtés peuvent différer.",
                )
                .literal()
                .between(0.0, 86_400.0),
            text("kid", label("Key id (kid)", "Identifiant de clé (kid)")).help(
                "Tells the receiver which key the token is signed with.",
                "Dit au destinataire avec quelle clé le jeton est signé.",
            ),
            field(ParameterType::Options, "algorithm", label("Algorithm", "Algorithme"))
                .help("Used instead of the credential’s.", "Utilisé à la place de celui de l’identifiant.")
                .literal()
                .choices(ALGORITHMS.map(|name| choice(name, label(name, name)))),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    #[serde(default, deserialize_with = "chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    use_json: bool,
    #[serde(default)]
    claims: ClaimFields,
    #[serde(default)]
    claims_json: Field,
    #[serde(default)]
    token: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Sign,
    Verify,
    Decode,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimFields {
    audience: Field,
    expires_in: Field,
    issuer: Field,
    jwtid: Field,
    not_before: Field,
    subject: Field,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    complete: bool,
    ignore_expiration: bool,
    ignore_not_before: bool,
    clock_tolerance: u64,
    kid: Field,
    algorithm: Option<Algorithm>,
}

impl NodeKind for Jwt {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.jwt"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        if given.get("options").get("algorithm").as_str() == Some("ES512") {
            let message = "JWT cannot sign with ES512 yet. Choose another algorithm.".into();
            return Err(Unsupported { message, field: Some("options.algorithm".into()) });
        }
        let mut new = given.as_object().cloned().unwrap_or_default();
        let mut remarks = Vec::new();
        if given.get("operation").as_str() != Some("decode") {
            remarks.push("It signs in. Make a credential of type “JWT” and choose it in this node.".to_owned());
        }
        if new.remove("headerClaims").is_some_and(|claims| !is_empty_json(&claims)) {
            remarks.push("Claims in the header of a token are not there yet; they were left out.".to_owned());
        }
        Ok(Imported { parameters: new.into(), remarks })
    }
}

fn is_empty_json(value: &Value) -> bool {
    match value {
        Value::String(text) => matches!(text.trim(), "" | "{}"),
        Value::Object(object) => object.is_empty(),
        other => other.is_undefined(),
    }
}

impl ActionKind for Jwt {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let opened = match self.credential.filter(|_| self.operation != Operation::Decode) {
            Some(id) => {
                let opened = step.credential(services, id, &[JWT_TYPE]).await;
                Some(opened.map_err(|error| error.in_field("credential"))?)
            }
            None => None,
        };
        Ok(Acted::outputs(each_item(step.as_ref(), |index, _| self.one(opened.as_ref(), step.as_ref(), index))?))
    }
}

impl Parameters {
    fn one(&self, opened: Option<&Opened>, step: &dyn Step, index: usize) -> Result<Item, NodeError> {
        let fields = match (self.operation, opened) {
            (Operation::Decode, _) => self.read(&self.token.text(step, index)?)?,
            (Operation::Sign, Some(opened)) => {
                let token = self.sign(opened, step, index)?;
                [("token", Value::from(token))].into_iter().collect()
            }
            (Operation::Verify, Some(opened)) => {
                let token = self.token.text(step, index)?;
                let used = self.options.algorithm.unwrap_or_else(|| algorithm(opened));
                verify(opened, used, &token, self.lenience(step)).map_err(|fault| refused(&fault))?;
                self.read(&token)?
            }
            (Operation::Sign | Operation::Verify, None) => {
                return Err(NodeError::new("credential_missing", "Choose a credential.").in_field("credential"));
            }
        };
        Ok(Item::new(fields))
    }

    fn lenience(&self, step: &dyn Step) -> Lenience {
        Lenience {
            now: step.now().as_second(),
            expired: self.options.ignore_expiration,
            too_early: self.options.ignore_not_before,
            seconds: self.options.clock_tolerance,
        }
    }

    fn sign(&self, opened: &Opened, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let mut header = Header::new(self.options.algorithm.unwrap_or_else(|| algorithm(opened)));
        let kid = self.options.kid.text(step, index)?;
        header.kid = (!kid.is_empty()).then(|| kid.to_string());
        let now = step.now().as_second();
        let mut claims = if self.use_json { self.json(step, index)? } else { self.claims.resolve(step, index, now)? };
        claims.entry("iat").or_insert_with(|| now.into());
        sign(opened, &header, &claims).map_err(|fault| refused(&fault))
    }

    fn json(&self, step: &dyn Step, index: usize) -> Result<Claims, NodeError> {
        let text = match self.claims_json.resolve(step, index)? {
            Value::String(text) => text.to_string(),
            value => value.to_json(),
        };
        serde_json::from_str(&text)
            .map_err(|_| NodeError::new("json", "The claims are no JSON object.").in_field("claimsJson"))
    }

    /// Header and claims as they stand in the token.
    fn read(&self, token: &str) -> Result<Object, NodeError> {
        let malformed = || refused(&JwtFault::Malformed);
        let [header, payload, signature] = token.trim().split('.').collect::<Vec<_>>()[..] else {
            return Err(malformed());
        };
        let part = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| malformed())?;
            from_json_bytes(&bytes).ok().filter(|value| value.as_object().is_some()).ok_or_else(malformed)
        };
        let (header, payload) = (part(header)?, part(payload)?);
        if !self.options.complete {
            return Ok([("payload", payload)].into_iter().collect());
        }
        Ok([("header", header), ("payload", payload), ("signature", Value::from(signature))].into_iter().collect())
    }
}

impl ClaimFields {
    fn resolve(&self, step: &dyn Step, index: usize, now: i64) -> Result<Claims, NodeError> {
        let mut claims = Claims::new();
        for (name, field) in
            [("aud", &self.audience), ("iss", &self.issuer), ("jti", &self.jwtid), ("sub", &self.subject)]
        {
            let text = field.text(step, index)?;
            if !text.is_empty() {
                claims.insert(name.to_owned(), Json::from(text.to_string()));
            }
        }
        for (name, field, of) in [("exp", &self.expires_in, "expiresIn"), ("nbf", &self.not_before, "notBefore")] {
            if !field.is_empty() {
                let seconds = field.number(step, index, of)?;
                claims.insert(name.to_owned(), (now.saturating_add(seconds as i64)).into());
            }
        }
        Ok(claims)
    }
}

pub(super) fn refused(fault: &JwtFault) -> NodeError {
    let error = NodeError::new("jwt", fault.to_string());
    match fault {
        JwtFault::Key(_) => error.in_field("credential").finally(),
        JwtFault::Malformed | JwtFault::Algorithm | JwtFault::Signature | JwtFault::Expired | JwtFault::TooEarly => {
            error.in_field("token")
        }
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import};
    use weft_value::from_json;
    use zeroize::Zeroizing;

    use super::*;

    fn opened(fields: &[(&str, &str)]) -> Opened {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        Opened { kind: JWT_TYPE.into(), fields: fields.collect() }
    }

    fn run(json: &str, key: &Opened, items: &str) -> Result<Value, NodeError> {
        let mut given = from_json(json).unwrap().as_object().cloned().unwrap();
        given.insert("credential", CredentialId(uuid::Uuid::from_u128(7)).to_string());
        let node: Parameters = parameters(&DESCRIPTOR, &given.into()).unwrap();
        node.one(Some(key), &TestStep::new(&[items]), 0).map(|item| item.json)
    }

    #[test]
    fn what_is_signed_is_checked_and_read_again() {
        let key = opened(&[("secret", "s"), ("algorithm", "HS512")]);
        let claims = r#"{"operation":"sign","claims":{"subject":"={{ $json.user }}","expiresIn":60,"audience":"é"},"options":{"kid":"k1"}}"#;
        let token = run(claims, &key, r#"[{"user":"Zoë"}]"#).unwrap().get("token").as_str().unwrap().to_owned();
        let checked = run(
            r#"{"operation":"verify","token":"={{ $json.token }}","options":{"complete":true}}"#,
            &key,
            &format!(r#"[{{"token":"{token}"}}]"#),
        )
        .unwrap();
        assert_eq!(checked.get("payload").get("sub").as_str(), Some("Zoë"));
        assert_eq!(checked.get("payload").get("aud").as_str(), Some("é"));
        let times = ["exp", "iat"].map(|name| checked.get("payload").get(name).as_f64().unwrap());
        assert_eq!(times[0] - times[1], 60.0);
        assert_eq!(checked.get("header").get("kid").as_str(), Some("k1"));
        assert_eq!(checked.get("header").get("alg").as_str(), Some("HS512"));
        let read = run(&format!(r#"{{"operation":"decode","token":"{token}"}}"#), &opened(&[]), "[{}]").unwrap();
        assert_eq!(read.get("payload"), checked.get("payload"));
        assert!(read.get("header").is_undefined());
    }

    #[test]
    fn claims_may_be_written_as_json() {
        let key = opened(&[("secret", "s")]);
        let sign = r#"{"operation":"sign","useJson":true,"claimsJson":"{\"a\":{\"b\":[1]},\"iat\":5}"}"#;
        let token = run(sign, &key, "[{}]").unwrap().get("token").as_str().unwrap().to_owned();
        let read = run(&format!(r#"{{"operation":"decode","token":"{token}"}}"#), &key, "[{}]").unwrap();
        assert_eq!(read.get("payload").to_json(), r#"{"a":{"b":[1]},"iat":5}"#);
        let wrong = run(r#"{"operation":"sign","useJson":true,"claimsJson":"[1]"}"#, &key, "[{}]").unwrap_err();
        assert_eq!(wrong.field.as_deref(), Some("claimsJson"));
    }

    #[test]
    fn what_is_wrong_is_said_and_not_repeated() {
        let key = opened(&[("secret", "hunter2")]);
        let sign = run(r#"{"operation":"sign","claims":{"expiresIn":-10}}"#, &key, "[{}]").unwrap();
        let token = sign.get("token").as_str().unwrap().to_owned();
        let verify = |options: &str, key| {
            run(&format!(r#"{{"operation":"verify","token":"{token}","options":{options}}}"#), key, "[{}]")
        };
        let (other, keyless) = (opened(&[("secret", "other")]), opened(&[]));
        for (options, key, said) in [
            ("{}", &key, "expired"),
            ("{}", &other, "signature"),
            (r#"{"algorithm":"HS384"}"#, &key, "another algorithm"),
            (r#"{"algorithm":"ES256"}"#, &key, "public key"),
            ("{}", &keyless, "secret"),
        ] {
            let error = verify(options, key).unwrap_err();
            assert!(
                error.code == "jwt" && error.message.contains(said) && !error.message.contains("hunter2"),
                "{error}"
            );
        }
        for options in [r#"{"ignoreExpiration":true}"#, r#"{"clockTolerance":20}"#] {
            assert!(verify(options, &key).is_ok(), "{options}");
        }
        for token in ["", "a.b", "a.b.c", "é.é.é"] {
            let json = format!(r#"{{"operation":"decode","token":"={{{{ '{token}' }}}}"}}"#);
            assert_eq!(run(&json, &key, "[{}]").unwrap_err().code, "jwt", "{token}");
        }
    }

    #[test]
    fn a_form_that_lacks_something_is_refused_by_its_field() {
        for (json, field) in [
            (r#"{"operation":"sign"}"#, "credential"),
            (r#"{"operation":"verify","token":"x"}"#, "credential"),
            (r#"{"operation":"decode"}"#, "token"),
        ] {
            let problems = Jwt.prepare(&from_json(json).unwrap()).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{json}");
        }
        assert!(Jwt.prepare(&from_json(r#"{"operation":"decode","token":"x"}"#).unwrap()).is_ok());
    }

    #[test]
    fn an_n8n_node_is_imported_and_says_what_it_needs() {
        for (json, remarks) in [
            (r#"{"operation":"decode","token":"x","headerClaims":"{}"}"#, 0),
            (r#"{"claims":{"expiresIn":60}}"#, 1),
            (r#"{"operation":"verify","token":"x"}"#, 1),
            (r#"{"operation":"sign","headerClaims":"{\"x\":1}"}"#, 2),
        ] {
            let imported = import(&Jwt, 1.0, json).unwrap();
            assert_eq!(imported.remarks.len(), remarks, "{json}: {:?}", imported.remarks);
            assert!(imported.parameters.get("headerClaims").is_undefined());
        }
        assert!(import(&Jwt, 1.0, r#"{"options":{"algorithm":"ES512"}}"#).is_err());
    }
}
