//! Credentials that a file gives for one execution. They are kept nowhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, bail};
use async_trait::async_trait;
use serde::Deserialize;
use weft_engine::kinds::Kinds;
use weft_engine::{CredentialUse, Credentials, NotOpened, Opened};
use weft_model::{CredentialId, Graph};
use weft_nodes::ParameterType;
use weft_nodes::credential::credential_type;
use weft_value::{Object, Value};
use zeroize::Zeroizing;

use crate::operator::fresh_id;

/// What a file says of one credential: `{"type":"basic","fields":{"user":"ada","password":"…"}}`.
#[derive(Deserialize)]
pub struct Given {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    fields: BTreeMap<String, Text>,
}

struct Text(Zeroizing<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new).map(Self)
    }
}

struct OfFile(HashMap<CredentialId, (String, BTreeMap<String, Zeroizing<String>>)>);

#[async_trait]
impl Credentials for OfFile {
    async fn open(&self, asked: CredentialUse) -> Result<Opened, NotOpened> {
        let (kind, fields) = self.0.get(&asked.credential).ok_or(NotOpened::Missing)?;
        Ok(Opened { kind: kind.clone(), fields: fields.clone() })
    }
}

/// Credentials by the name of the node that uses them, or by the reference that its parameters hold. A node that is named chooses
/// the one that is given.
pub fn credentials(
    given: BTreeMap<String, Given>,
    kinds: &Kinds,
    graph: &mut Graph,
) -> anyhow::Result<Option<Arc<dyn Credentials>>> {
    let mut known = HashMap::new();
    for (name, Given { kind, fields }) in given {
        let of_kind = credential_type(&kind).with_context(|| format!("there is no type of credential \"{kind}\""))?;
        let mut fields: BTreeMap<_, _> = fields.into_iter().map(|(name, Text(text))| (name, text)).collect();
        of_kind.fill(&mut fields);
        of_kind.check(&fields).with_context(|| format!("the credential \"{name}\" makes no sense"))?;
        let id = match graph.node_named(&name).map(|node| node.id) {
            Some(node) => {
                let id = CredentialId(fresh_id());
                choose(kinds, graph, node, id).with_context(|| format!("the node \"{name}\" signs in nowhere"))?;
                id
            }
            None => match name.parse() {
                Ok(id) => id,
                Err(_) => bail!("there is neither a node nor a reference of a credential \"{name}\""),
            },
        };
        known.insert(id, (kind, fields));
    }
    Ok((!known.is_empty()).then(|| Arc::new(OfFile(known)) as _))
}

/// Lets a node sign in with a credential; nothing where its kind has no parameter for one.
fn choose(kinds: &Kinds, graph: &mut Graph, node: weft_model::NodeId, id: CredentialId) -> Option<()> {
    let node = graph.nodes.get_mut(&node)?;
    let kind = kinds.kind(&node.kind, node.kind_version).ok()?;
    let mut chooses = kind.node_kind().descriptor().parameters.iter();
    let parameter = chooses.find(|parameter| parameter.kind == ParameterType::Credential)?;
    let mut parameters: Object = node.parameters.as_object().cloned().unwrap_or_default();
    parameters.insert(parameter.name, id.to_string());
    node.parameters = Value::from(parameters);
    Some(())
}

#[cfg(test)]
mod tests {
    use weft_model::WorkflowFile;

    use super::*;

    fn graph() -> Graph {
        let file = r#"{"weft":1,"name":"x","nodes":[
            {"name":"Ask","kind":"httpRequest","parameters":{"url":"https://x.example","authentication":"credential"}},
            {"name":"Set","kind":"set"}],"edges":[]}"#;
        let file = WorkflowFile::parse(file).unwrap();
        file.into_definition(|| weft_model::NodeId(fresh_id())).unwrap().graph
    }

    fn read(json: &str, graph: &mut Graph) -> anyhow::Result<Option<Arc<dyn Credentials>>> {
        credentials(serde_json::from_str(json).unwrap(), &Kinds::default(), graph)
    }

    async fn opened(credentials: &dyn Credentials, credential: CredentialId) -> Option<(String, String)> {
        let none = uuid::Uuid::nil();
        let asked = CredentialUse {
            tenant: weft_model::TenantId(none),
            workflow: weft_model::WorkflowId(none),
            node: weft_model::NodeId(none),
            execution: weft_model::ExecutionId(none),
            correlation: weft_model::CorrelationId(none),
            credential,
        };
        let opened = credentials.open(asked).await.ok()?;
        Some((opened.kind.clone(), opened.field("token").to_owned()))
    }

    #[tokio::test]
    async fn a_node_that_is_named_uses_what_is_given() {
        let mut graph = graph();
        let given = r#"{"Ask":{"type":"bearer","fields":{"token":"hunter2"}}}"#;
        let credentials = read(given, &mut graph).unwrap().unwrap();
        let chosen = graph.node_named("Ask").unwrap().parameters.get("credential").as_str().unwrap().parse().unwrap();
        assert_eq!(opened(&*credentials, chosen).await, Some(("bearer".into(), "hunter2".into())));
        assert_eq!(opened(&*credentials, CredentialId(uuid::Uuid::nil())).await, None);
    }

    #[tokio::test]
    async fn a_reference_that_stands_in_the_file_is_enough() {
        let id = CredentialId(uuid::Uuid::from_u128(7));
        let given = format!(r#"{{"{id}":{{"type":"bearer","fields":{{"token":"t"}}}}}}"#);
        let credentials = read(&given, &mut graph()).unwrap().unwrap();
        assert_eq!(opened(&*credentials, id).await, Some(("bearer".into(), "t".into())));
    }

    #[test]
    fn what_makes_no_sense_is_named_and_never_repeated() {
        for (given, said) in [
            (r#"{"Ask":{"type":"nothing","fields":{"token":"hunter2"}}}"#, "no type of credential"),
            (r#"{"Ask":{"type":"bearer","fields":{"user":"hunter2"}}}"#, "makes no sense"),
            (r#"{"Set":{"type":"bearer","fields":{"token":"hunter2"}}}"#, "signs in nowhere"),
            (r#"{"Nobody":{"type":"bearer","fields":{"token":"hunter2"}}}"#, "neither a node"),
        ] {
            let error = format!("{:#}", read(given, &mut graph()).err().unwrap());
            assert!(error.contains(said) && !error.contains("hunter2"), "{error}");
        }
        assert!(read("{}", &mut graph()).unwrap().is_none());
    }
}
