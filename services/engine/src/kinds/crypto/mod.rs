//! **Crypto**: hashes texts and files, signs, encrypts and decrypts texts.
//!
//! before: `[{"name":"ada"}]`
//! with: `{"type":"MD5","value":"={{ $json.name }}"}`
//! after: `[{"name":"ada","data":"8c8d357b5e872bbacd45197626bd5759"}]`

mod cipher;
mod form;
mod import;
mod keys;
mod sign;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use serde::Deserialize;
use tokio::sync::Semaphore;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Problem, Retried, Step, Unsupported, parameters,
    set_path,
};
use weft_value::{Item, Value};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::credentials::{self, Opened};
use crate::digest::Algorithm;
use crate::execution::StepView;
use crate::files::{BASE64, StepFiles, file_of};
use crate::remote;
use cipher::{Cipher, Decrypting, Encrypting, Symmetric};
use form::DESCRIPTOR;
use sign::Signer;

/// The kind.
pub struct Crypto;

const SECRET: &str = "secret";
const KEY_PAIR: &str = "keyPair";

/// How much work with keys this process does at a time: each key that is made of a secret takes 64 MiB meanwhile.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    action: Does,
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    cipher: Cipher,
    #[serde(rename = "type", default = "sha256")]
    hash: Algorithm,
    #[serde(default = "sha256")]
    algorithm: Algorithm,
    #[serde(default)]
    binary_data: bool,
    #[serde(default)]
    binary_property_name: Field,
    #[serde(default)]
    value: Field,
    #[serde(default)]
    secret: Field,
    #[serde(default)]
    data_property_name: Field,
    #[serde(default)]
    encoding: Encoding,
}

fn sha256() -> Algorithm {
    Algorithm::Sha256
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Does {
    Hash,
    Hmac,
    Sign,
    Encrypt,
    Decrypt,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    #[default]
    Symmetric,
    Asymmetric,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Encoding {
    #[default]
    Hex,
    Base64,
}

impl Encoding {
    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => BASE64.encode(bytes),
        }
    }
}

impl NodeKind for Crypto {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.crypto"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for Crypto {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        let read = parameters::<Parameters>(&DESCRIPTOR, given)?;
        if read.action == Does::Hmac && is_kept_here(&read.secret) {
            let message = "The secret must not stand in the node or in a variable: the history of both is kept for ever. Put it into a \
                 credential of type “Secret”.";
            return Err(vec![Problem::error("secret_in_parameter", message, "secret")]);
        }
        if read.action == Does::Hmac && read.credential.is_none() && read.secret.is_empty() {
            let message = "“Credential” must be filled in.";
            return Err(vec![Problem::error("parameter_required", message, "credential")]);
        }
        Ok(Box::new(read))
    }
}

/// Whether a secret is in the events of a workflow or of a variable.
fn is_kept_here(secret: &Field) -> bool {
    match secret {
        Field::Expression(template) => {
            template.is_constant() || import::VARIABLES.iter().any(|name| template.source().contains(name))
        }
        secret => !secret.is_empty(),
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let mut collected = Collected::default();
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(collected.into()));
        }
        let work = Work { node: self, files: step.files(services), tool: self.tool(&step, services).await? };
        for index in 0..step.input(0).len() {
            match work.one(step.as_ref(), index).await {
                Ok(item) => collected.take(index, [item]),
                Err(error) => collected.take_failure(&step, index, error.into())?,
            }
        }
        Ok(Acted::outputs(collected.into()))
    }
}

/// What the work is done with.
enum Tool {
    /// A hash, or an HMAC under the secret.
    Hash(Option<Zeroizing<String>>),
    /// Something that takes longer.
    Key(Arc<Key>),
}

enum Key {
    Signs(Signer),
    Secret(Box<Mutex<Symmetric>>),
    Encrypts(Encrypting),
    Decrypts(Decrypting),
}

impl Parameters {
    async fn tool(&self, step: &StepView, services: &Services) -> Result<Tool, NodeError> {
        if self.action == Does::Hash || (self.action == Does::Hmac && self.credential.is_none()) {
            return Ok(Tool::Hash(None));
        }
        let opened = remote::opened(step, services, self.credential, &[SECRET, KEY_PAIR]).await?;
        let (wanted, label) = match (self.action, self.mode) {
            (Does::Hmac | Does::Hash, _) | (Does::Encrypt | Does::Decrypt, Mode::Symmetric) => (SECRET, "Secret"),
            (Does::Sign, _) | (Does::Encrypt | Does::Decrypt, Mode::Asymmetric) => (KEY_PAIR, "Key pair"),
        };
        if opened.kind != wanted {
            let message = format!("This takes a credential of type “{label}”.");
            return Err(NodeError::new("credential_type", message).in_field("credential").finally());
        }
        if self.action == Does::Hmac {
            return Ok(Tool::Hash(Some(Zeroizing::new(opened.field("secret").to_owned()))));
        }
        let key = self.key(&opened).map_err(|error| error.in_field("credential"))?;
        Ok(Tool::Key(Arc::new(key)))
    }

    fn key(&self, opened: &Opened) -> Result<Key, NodeError> {
        Ok(match (self.action, self.mode) {
            (Does::Sign | Does::Hash | Does::Hmac, _) => Key::Signs(Signer::new(opened, self.algorithm)?),
            (Does::Encrypt | Does::Decrypt, Mode::Symmetric) => {
                Key::Secret(Box::new(Mutex::new(Symmetric::new(opened, self.cipher))))
            }
            (Does::Encrypt, Mode::Asymmetric) => Key::Encrypts(Encrypting::new(opened)?),
            (Does::Decrypt, Mode::Asymmetric) => Key::Decrypts(Decrypting::new(opened)?),
        })
    }
}

/// What the items of a step need.
struct Work<'a> {
    node: &'a Parameters,
    files: StepFiles,
    tool: Tool,
}

impl Work<'_> {
    async fn one(&self, step: &dyn Step, index: usize) -> Result<Item, NodeError> {
        let item = &step.input(0)[index];
        let text = match &self.tool {
            Tool::Hash(secret) => self.hash(step, index, secret.as_ref()).await?,
            Tool::Key(key) => self.with_key(key, step, index).await?,
        };
        let mut json = item.json.as_object().cloned().unwrap_or_default();
        set_path(&mut json, &self.node.data_property_name.text(step, index)?, text.into());
        Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
    }

    async fn hash(
        &self,
        step: &dyn Step,
        index: usize,
        secret: Option<&Zeroizing<String>>,
    ) -> Result<String, NodeError> {
        let derived = (self.node.action == Does::Hmac && secret.is_none())
            .then(|| self.node.secret.text(step, index))
            .transpose()?;
        let secret = secret.map(|secret| secret.as_bytes()).or(derived.as_ref().map(|secret| secret.as_bytes()));
        let mut running = self.node.hash.begin(secret);
        if self.node.binary_data {
            let name = self.node.binary_property_name.text(step, index)?;
            let file = file_of(&step.input(0)[index], &name).map_err(|error| error.in_field("binaryPropertyName"))?;
            let mut stream = self.files.open(file).await?;
            while let Some(bytes) = stream.next().await? {
                running.add(&bytes);
            }
        } else {
            running.add(self.node.value.text(step, index)?.as_bytes());
        }
        Ok(self.node.encoding.write(&running.end()))
    }

    /// Does it where it keeps nobody from progressing.
    async fn with_key(&self, key: &Arc<Key>, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        let fault = || NodeError::new("crypto", "The work with the key broke off: this is a fault of the server.");
        let text = self.node.value.text(step, index)?.as_str().to_owned();
        let (key, does, encoding) = (Arc::clone(key), self.node.action, self.node.encoding);
        let _turn = AT_A_TIME.acquire().await.map_err(|_| fault())?;
        let working = tokio::task::spawn_blocking(move || match key.as_ref() {
            Key::Signs(signer) => signer.sign(text.as_bytes()).map(|signature| encoding.write(&signature)),
            Key::Secret(symmetric) => {
                let mut symmetric = symmetric.lock().map_err(|_| fault())?;
                if does == Does::Encrypt { symmetric.encrypt(&text) } else { symmetric.decrypt(&text) }
            }
            Key::Encrypts(key) => key.encrypt(&text),
            Key::Decrypts(key) => key.decrypt(&text),
        });
        working.await.map_err(|_| fault())?
    }
}
