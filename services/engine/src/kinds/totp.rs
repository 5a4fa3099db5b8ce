//! **TOTP**: the one-time password of this moment, as an authenticator app shows it (RFC 6238).
//!
//! before: `[{"login":"ada"}]`
//! with: `{}`
//! after: `[{"token":"…","secondsRemaining":…}]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use data_encoding::BASE32_NOPAD;
use serde::Deserialize;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried, Unsupported,
    choice, each_item, field, label, parameters, port,
};
use weft_value::{Item, Object, Value};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::chosen;
use crate::digest::Algorithm;
use crate::execution::StepView;

/// The kind.
pub struct Totp;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "totp",
    version: 1,
    label: label("TOTP", "TOTP"),
    description: label(
        "Gives the one-time password of this moment.",
        "Donne le mot de passe à usage unique du moment.",
    ),
    group: Group::Act,
    icon: "clock",
    color: "green",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "What an authenticator app shows, from the secret that it was set up with.",
        "Ce que montre une application d’authentification, d’après le secret qui a servi à la configurer.",
    ),
});

const ALGORITHMS: [&str; 9] =
    ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"];

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("The secret that the account was set up with.", "Le secret avec lequel le compte a été configuré.")
            .credentials(["totp"])
            .required(),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Options, "algorithm", label("Algorithm", "Algorithme"))
                .help("SHA1 unless the other side says otherwise.", "SHA1 sauf si l’autre côté dit autre chose.")
                .literal()
                .or("SHA1")
                .choices(ALGORITHMS.map(|name| choice(name, label(name, name)))),
            field(ParameterType::Number, "digits", label("Digits", "Chiffres"))
                .help(
                    "How long the password is; 6 nearly everywhere.",
                    "La longueur du mot de passe ; 6 presque partout.",
                )
                .literal()
                .or(6)
                .between(1.0, 10.0),
            field(ParameterType::Number, "period", label("Period (s)", "Période (s)"))
                .help(
                    "After so many seconds there is another password; 30 nearly everywhere.",
                    "Après ce nombre de secondes, le mot de passe change ; 30 presque partout.",
                )
                .literal()
                .or(30)
                .between(1.0, MOST_SECONDS as f64),
        ]),
    ]
}

/// A day: the longest time that a code may stay the same.
const MOST_SECONDS: u64 = 86_400;

#[derive(Deserialize)]
struct Parameters {
    #[serde(default, deserialize_with = "chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    options: Options,
}

#[derive(Deserialize)]
#[serde(default)]
struct Options {
    algorithm: Algorithm,
    digits: u32,
    period: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { algorithm: Algorithm::Sha1, digits: 6, period: 30 }
    }
}

impl NodeKind for Totp {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.totp"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        new.remove("operation");
        let remark = "It signs in. Make a credential of type “TOTP” and choose it in this node.".to_owned();
        Ok(Imported { parameters: new.into(), remarks: vec![remark] })
    }
}

impl ActionKind for Totp {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        let read = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let Options { digits, period, .. } = read.options;
        let wrong = |name: &str, most: u64| {
            let message = format!("“{name}” must be a whole number from 1 to {most}.");
            vec![Problem::error("parameter", message, format!("options.{name}"))]
        };
        if !(1..=10).contains(&digits) {
            return Err(wrong("digits", 10));
        }
        if !(1..=MOST_SECONDS).contains(&period) {
            return Err(wrong("period", MOST_SECONDS));
        }
        Ok(Box::new(read))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(credential) = self.credential else {
            return Err(NodeError::new("credential_missing", "Choose a credential.").in_field("credential").into());
        };
        let opened = step.credential(services, credential, &["totp"]).await.map_err(|e| e.in_field("credential"))?;
        let secret = secret_of(opened.field("secret"))?;
        let now = u64::try_from(step.now.as_second()).unwrap_or_default();
        let token = self.options.token(&secret, now);
        let left = self.options.period - now % self.options.period;
        let outputs = each_item(step.as_ref(), |_, _| {
            let fields = [("token", Value::from(token.as_str())), ("secondsRemaining", Value::from(left as f64))];
            Ok(Item::new(fields.into_iter().collect::<Object>()))
        })?;
        Ok(Acted::outputs(outputs))
    }
}

/// RFC 4648, section 6; people write it in groups and small letters, with or without padding.
fn secret_of(text: &str) -> Result<Zeroizing<Vec<u8>>, NodeError> {
    let plain: Zeroizing<String> = Zeroizing::new(
        text.chars().filter(|c| !matches!(c, ' ' | '-' | '=')).map(|c| c.to_ascii_uppercase()).collect(),
    );
    let bytes = BASE32_NOPAD.decode(plain.as_bytes()).ok().filter(|bytes| !bytes.is_empty());
    bytes.map(Zeroizing::new).ok_or_else(|| {
        NodeError::new("totp", "The secret of the credential is not in Base32, as authenticator apps write it.")
            .in_field("credential")
            .finally()
    })
}

impl Options {
    /// RFC 6238, section 4.2, and RFC 4226, section 5.3.
    fn token(&self, secret: &[u8], now: u64) -> String {
        let counter = (now / self.period).to_be_bytes();
        let digest = self.algorithm.of(Some(secret), &counter);
        let offset = usize::from(digest.last().copied().unwrap_or_default() & 0xf);
        let number =
            digest[offset..offset + 4].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)) & 0x7fff_ffff;
        let width = self.digits as usize;
        format!("{:0width$}", number % 10_u64.pow(self.digits))
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    /// RFC 6238, appendix B.
    #[test]
    fn the_examples_of_the_standard_are_what_is_given() {
        let secret = |length: usize| b"1234567890".iter().copied().cycle().take(length).collect::<Vec<u8>>();
        for (now, sha1, sha256, sha512) in [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] {
            for (algorithm, length, token) in
                [(Algorithm::Sha1, 20, sha1), (Algorithm::Sha256, 32, sha256), (Algorithm::Sha512, 64, sha512)]
            {
                let options = Options { algorithm, digits: 8, period: 30 };
                assert_eq!(options.token(&secret(length), now), token, "{now}");
            }
        }
    }

    #[test]
    fn a_token_has_as_many_digits_as_it_shall_and_changes_with_the_period() {
        let options = |digits, period| Options { algorithm: Algorithm::Sha1, digits, period };
        let secret = b"12345678901234567890";
        assert_eq!(options(6, 30).token(secret, 59), "287082");
        assert_eq!(options(10, 30).token(secret, 59).len(), 10);
        assert_eq!(options(6, 30).token(secret, 30), options(6, 30).token(secret, 59));
        assert_ne!(options(6, 30).token(secret, 29), options(6, 30).token(secret, 30));
        assert_eq!(options(6, 60).token(secret, 118), options(6, 30).token(secret, 59));
    }

    #[test]
    fn a_secret_is_read_as_people_write_it_and_never_repeated() {
        for text in ["JBSWY3DPEHPK3PXP", "jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP", "JBSWY3DPEHPK3PXP=="] {
            assert_eq!(secret_of(text).unwrap().as_slice(), b"Hello!\xde\xad\xbe\xef", "{text}");
        }
        for text in ["", "hunter1", "é", "===="] {
            let error = secret_of(text).unwrap_err();
            assert!(error.is_final && !error.message.contains("hunter1"), "{error}");
        }
    }

    #[test]
    fn parameters_are_checked_and_an_n8n_node_is_imported() {
        let id = CredentialId(uuid::Uuid::from_u128(7));
        let node =
            |json: String| Totp.prepare(&from_json(&json).unwrap()).err().map(|problems| problems[0].field.clone());
        assert_eq!(node(format!(r#"{{"credential":"{id}","options":{{"digits":8}}}}"#)), None);
        assert_eq!(node("{}".into()), Some(Some("credential".into())));
        assert!(node(format!(r#"{{"credential":"{id}","options":{{"digits":0}}}}"#)).is_some());
        assert!(node(format!(r#"{{"credential":"{id}","options":{{"period":0}}}}"#)).is_some());
        let imported =
            import(&Totp, 1.0, r#"{"operation":"generateSecret","options":{"algorithm":"SHA256"}}"#).unwrap();
        assert_eq!(imported.parameters.to_json(), r#"{"options":{"algorithm":"SHA256"}}"#);
        assert_eq!(imported.remarks.len(), 1);
    }
}
