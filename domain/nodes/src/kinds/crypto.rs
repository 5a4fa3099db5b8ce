//! **Crypto**: the hash of a text, or its HMAC under a secret.
//!
//! before: `[{"name":"ada"}]`
//! with: `{"type":"MD5","value":"={{ $json.name }}"}`
//! after: `[{"name":"ada","data":"8c8d357b5e872bbacd45197626bd5759"}]`

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::block_api::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use md5::{Digest, Md5};
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};
use weft_value::{Item, Value};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, label, parameters, path_of_name, port, set_path,
};

/// The kind.
pub struct Crypto;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "crypto",
    version: 1,
    label: label("Crypto", "Cryptographie"),
    description: label("Hashes or signs a text.", "Calcule l’empreinte d’un texte, avec ou sans secret."),
    group: Group::Transform,
    icon: "box",
    color: "green",
    subtitle: Some("{action} {type}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "MD5 and SHA-1 are for old interfaces only: they protect nothing. The text counts in UTF-8.",
        "MD5 et SHA-1 ne servent qu’aux interfaces anciennes : ils ne protègent rien. Le texte est en UTF-8.",
    ),
});

const ALGORITHMS: [&str; 8] = ["MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"];

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "action", label("Action", "Action")).or("hash").choices([
            choice("hash", label("Hash", "Empreinte")).help("A fingerprint of the text.", "Une empreinte du texte."),
            choice("hmac", label("HMAC", "HMAC")).help(
                "A fingerprint that only who knows the secret can make.",
                "Une empreinte que seul peut faire qui connaît le secret.",
            ),
        ]),
        field(ParameterType::Options, "type", label("Algorithm", "Algorithme"))
            .help(
                "What computes it; SHA256 unless somebody asks for another.",
                "Ce qui la calcule ; SHA256 sauf si l’on vous en demande un autre.",
            )
            .or("SHA256")
            .choices(ALGORITHMS.map(|name| choice(name, label(name, name)))),
        field(ParameterType::String, "value", label("Text", "Texte")).help(
            "What is hashed or signed, an expression for instance.",
            "Ce dont l’empreinte est calculée, une expression par exemple.",
        ),
        field(ParameterType::String, "secret", label("Secret", "Secret"))
            .help(
                "Known to both sides; it is kept with the workflow.",
                "Connu des deux côtés ; il est gardé avec le workflow.",
            )
            .required()
            .when("action", ["hmac"]),
        field(ParameterType::String, "dataPropertyName", label("Output field", "Champ de sortie"))
            .help(
                "The field that the result is put into; a dot reaches inside.",
                "Le champ où mettre le résultat ; un point descend dans l’objet.",
            )
            .or("data")
            .required(),
        field(ParameterType::Options, "encoding", label("Encoding", "Encodage"))
            .help("How the result is written as text.", "Comment le résultat est écrit en texte.")
            .or("hex")
            .choices([choice("hex", label("Hexadecimal", "Hexadécimal")), choice("base64", label("Base64", "Base64"))]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    action: Action,
    #[serde(rename = "type")]
    algorithm: Algorithm,
    #[serde(default)]
    value: Field,
    #[serde(default)]
    secret: Field,
    #[serde(default)]
    data_property_name: Field,
    encoding: Encoding,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Action {
    Hash,
    Hmac,
}

#[derive(Clone, Copy, Deserialize)]
enum Algorithm {
    #[serde(rename = "MD5")]
    Md5,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA256")]
    Sha256,
    #[serde(rename = "SHA384")]
    Sha384,
    #[serde(rename = "SHA512")]
    Sha512,
    #[serde(rename = "SHA3-256")]
    Sha3x256,
    #[serde(rename = "SHA3-384")]
    Sha3x384,
    #[serde(rename = "SHA3-512")]
    Sha3x512,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Encoding {
    Hex,
    Base64,
}

impl Algorithm {
    /// The digest of `text`, under `secret` where there is one.
    fn digest(self, text: &[u8], secret: Option<&[u8]>) -> Result<Vec<u8>, NodeError> {
        match self {
            Self::Md5 => digest::<Md5>(text, secret),
            Self::Sha1 => digest::<Sha1>(text, secret),
            Self::Sha256 => digest::<Sha256>(text, secret),
            Self::Sha384 => digest::<Sha384>(text, secret),
            Self::Sha512 => digest::<Sha512>(text, secret),
            Self::Sha3x256 => digest::<Sha3_256>(text, secret),
            Self::Sha3x384 => digest::<Sha3_384>(text, secret),
            Self::Sha3x512 => digest::<Sha3_512>(text, secret),
        }
    }
}

fn digest<D: Digest + BlockSizeUser>(text: &[u8], secret: Option<&[u8]>) -> Result<Vec<u8>, NodeError> {
    let Some(secret) = secret else { return Ok(D::digest(text).to_vec()) };
    // RFC 2104 takes secrets of any length, so that this does not happen.
    let mut mac = SimpleHmac::<D>::new_from_slice(secret)
        .map_err(|error| NodeError::new("secret", format!("The secret cannot be used: {error}.")).in_field("secret"))?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Parameters are events, and events are kept for ever.
const KEEP_IT_ELSEWHERE: &str = "The history of a workflow is kept for ever, with all that was written in it: keep the \
     secret in a variable, and write an expression here, such as {{ $vars.signing_key }}.";

impl NodeKind for Crypto {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.crypto"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let refused = |message: &str, field: &str| Unsupported { message: message.into(), field: Some(field.into()) };
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        let action = new.get("action").and_then(Value::as_str).unwrap_or("hash").to_owned();
        if action == "generate" {
            return Err(Unsupported::elsewhere());
        }
        if !matches!(action.as_str(), "hash" | "hmac") {
            return Err(refused(&format!("Crypto cannot “{action}” yet. Use a Code node."), "action"));
        }
        if new.remove("binaryData").is_some_and(|value| value != Value::Bool(false)) {
            return Err(refused("Crypto hashes texts, not files yet. Use a Code node.", "binaryData"));
        }
        if action == "hmac" && node.version >= 2.0 {
            let message =
                "The secret of this node is in an n8n credential, which does not come along. Add the node anew.";
            return Err(refused(message, "credentials"));
        }
        if node.version < 2.0 && !new.contains_key("type") {
            new.insert("type", "MD5");
        }
        if let Some(name) = new.get("dataPropertyName").map(path_of_name) {
            new.insert("dataPropertyName", name);
        }
        let mut remarks = Vec::new();
        if new
            .get("secret")
            .and_then(Value::as_str)
            .is_some_and(|secret| !secret.is_empty() && !secret.starts_with('='))
        {
            new.remove("secret");
            remarks.push(format!("The secret of Crypto was left out. {KEEP_IT_ELSEWHERE}"));
        }
        Ok(Imported { parameters: new.into(), remarks })
    }
}

impl TransformKind for Crypto {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let is_written_out = match &parameters.secret {
            Field::Expression(template) => template.is_constant(),
            secret => !secret.is_empty(),
        };
        if is_written_out {
            let message = format!("The secret must not stand in the node itself. {KEEP_IT_ELSEWHERE}");
            return Err(vec![Problem::error("secret_in_parameter", message, "secret")]);
        }
        Ok(Box::new(parameters))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let text = self.value.text(step, index)?;
            let secret = match self.action {
                Action::Hash => None,
                Action::Hmac => Some(self.secret.text(step, index)?),
            };
            let digest = self.algorithm.digest(text.as_bytes(), secret.as_ref().map(|secret| secret.as_bytes()))?;
            let encoded = match self.encoding {
                Encoding::Hex => hex::encode(digest),
                Encoding::Base64 => STANDARD.encode(digest),
            };
            let mut json = item.json.as_object().cloned().unwrap_or_default();
            set_path(&mut json, &self.data_property_name.text(step, index)?, encoded.into());
            Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    fn check(node: &str, expected: &str) {
        let outputs = run(&Crypto, node, &TestStep::new(&[r#"[{"t":"abc"}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), expected, "{node}");
    }

    /// The examples of RFC 1321, FIPS 180-4, FIPS 202 and RFC 2202.
    #[test]
    fn texts_are_hashed_and_signed() {
        for (node, expected) in [
            (r#"{"type":"MD5","value":"={{ $json.t }}"}"#, "900150983cd24fb0d6963f7d28e17f72"),
            (r#"{"type":"SHA1","value":"={{ $json.t }}"}"#, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (r#"{"value":"abc"}"#, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                r#"{"type":"SHA3-256","value":"abc"}"#,
                "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
            ),
            (r#"{"type":"MD5","value":"abc","encoding":"base64"}"#, "kAFQmDzST7DWlj99KOF/cg=="),
            (
                r#"{"action":"hmac","type":"MD5","secret":"={{ $json.t.replace('abc', 'Jefe') }}","value":"what do ya want for nothing?"}"#,
                "750c783e6ab0b503eaa86e310a5db738",
            ),
            (
                r#"{"action":"hmac","type":"SHA1","secret":"={{ $json.t.replace('abc', 'Jefe') }}","value":"what do ya want for nothing?"}"#,
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            ),
            (r#"{"type":"MD5"}"#, "d41d8cd98f00b204e9800998ecf8427e"),
        ] {
            check(node, &format!(r#"[{{"t":"abc","data":"{expected}"}}]"#));
        }
        for (algorithm, length) in ALGORITHMS.into_iter().zip([32, 40, 64, 96, 128, 64, 96, 128]) {
            for action in ["hash", "hmac"] {
                let node = format!(
                    r#"{{"action":"{action}","type":"{algorithm}","value":"é","secret":"={{{{ $json.s }}}}"}}"#
                );
                let outputs = run(&Crypto, &node, &TestStep::new(&[r#"[{"s":"s"}]"#])).unwrap();
                assert_eq!(outputs.ports[0][0].json.get("data").as_str().unwrap().len(), length, "{algorithm}");
            }
        }
    }

    #[test]
    fn a_secret_is_not_written_out() {
        for secret in ["s", "=s", "={{ 's' }}"] {
            let node = format!(r#"{{"action":"hmac","secret":"{secret}"}}"#);
            let problems = prepare(&Crypto, &node).err().unwrap();
            assert_eq!((problems[0].code, problems[0].field.as_deref()), ("secret_in_parameter", Some("secret")));
        }
        assert!(prepare(&Crypto, r#"{"action":"hmac","secret":"={{ $vars.key }}"}"#).is_ok());
        let imported = import(&Crypto, 1.0, r#"{"action":"hmac","secret":"s"}"#).unwrap();
        assert!(imported.parameters.get("secret").is_undefined() && imported.remarks.len() == 1);
        let imported = import(&Crypto, 1.0, r#"{"action":"hmac","secret":"={{ $vars.key }}"}"#).unwrap();
        assert!(imported.parameters.get("secret").as_str().is_some() && imported.remarks.is_empty());
    }

    #[test]
    fn parameters_are_checked_and_mapped() {
        assert!(prepare(&Crypto, r#"{"type":"SHA7"}"#).is_err());
        assert!(prepare(&Crypto, r#"{"action":"hmac"}"#).is_err());
        check(
            r#"{"type":"MD5","value":"abc","dataPropertyName":"h.md5"}"#,
            r#"[{"t":"abc","h":{"md5":"900150983cd24fb0d6963f7d28e17f72"}}]"#,
        );
        let named = import(&Crypto, 1.0, r#"{"type":"MD5","value":"abc","dataPropertyName":"h.md5"}"#).unwrap();
        check(&named.parameters.to_json(), r#"[{"t":"abc","h.md5":"900150983cd24fb0d6963f7d28e17f72"}]"#);
        for (version, old, works) in [
            (1.0, r#"{"value":"abc"}"#, true),
            (1.0, r#"{"action":"hmac","secret":"s"}"#, true),
            (2.0, r#"{"action":"hmac"}"#, false),
            (2.0, r#"{"action":"encrypt"}"#, false),
            (1.0, r#"{"binaryData":true}"#, false),
        ] {
            let imported = import(&Crypto, version, old);
            assert_eq!(imported.is_ok(), works, "{old}");
            if let Ok(imported) = imported {
                assert_eq!(imported.parameters.get("type").as_str(), Some("MD5"));
            }
        }
    }
}
