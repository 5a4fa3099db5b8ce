//! **RSS read**: the entries of a feed.
//!
//! before: `[{}]` · after reading `https://example.com/feed.xml`: `[{"title":"News","link":"https://…","isoDate":"…","content":"…"},…]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_connectors::{HttpClient, HttpError, HttpRequest, HttpResponse};
use weft_file_formats::{FormatError, feed};
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, field, label, parameters, port,
};
use weft_value::{Item, Object, Text, Value};

use super::http_request::failed;
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::execution::{Room, StepView};

/// The kind.
pub struct RssRead;

/// The largest feed, in bytes.
const MOST_BYTES: usize = 16 << 20;
/// What is asked for, the most telling first.
const ACCEPTED: &str = "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.8, application/feed+json;q=0.7, \
    application/xml;q=0.4, text/xml;q=0.4, */*;q=0.1";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "rssRead",
    version: 1,
    label: label("RSS read", "Lire un flux RSS"),
    description: label("Reads the entries of a feed.", "Lit les entrées d’un flux."),
    group: Group::Act,
    icon: "rss",
    color: "orange",
    subtitle: Some("{url}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Idempotent,
    documentation: label(
        "RSS, Atom and JSON Feed. For each item that comes in, the feed of that item is read; each of its entries is an item. A \
         feed may have 16 MiB.",
        "RSS, Atom et JSON Feed. Pour chaque élément reçu, le flux de cet élément est lu ; chacune de ses entrées est un élément. \
         Un flux peut avoir 16 Mio.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::String, "url", label("Address", "Adresse"))
            .help(
                "The address of the feed itself, not of the page that shows it.",
                "L’adresse du flux lui-même, pas celle de la page qui le montre.",
            )
            .required()
            .example("https://example.com/feed.xml"),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([field(
            ParameterType::String,
            "customFields",
            label("Other elements", "Autres éléments"),
        )
        .example("media:title, itunes:duration")
        .help("Their names in the feed, with commas between.", "Leurs noms dans le flux, séparés par des virgules.")]),
    ]
}

#[derive(Deserialize)]
struct Parameters {
    url: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    custom_fields: Field,
}

impl NodeKind for RssRead {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.rssFeedRead"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        let mut options = node.parameters.get("options").as_object().cloned().unwrap_or_default();
        let mut remarks = Vec::new();
        if options.remove("ignoreSSL").is_some_and(|ignores| ignores.as_bool() == Some(true)) {
            remarks.push("RSS read checks certificates here, whatever the node said.".to_owned());
        }
        new.insert("options", options);
        Ok(Imported { parameters: new.into(), remarks })
    }
}

impl ActionKind for RssRead {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Idempotent
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(client) = &services.http else {
            return Err(NodeError::new("http", "This installation makes no HTTP requests.").into());
        };
        let (mut made, mut failed, mut refused, mut room) = (Vec::new(), Vec::new(), Vec::new(), step.room);
        for (index, item) in step.input(0).iter().enumerate() {
            match self.entries(client, step.as_ref(), index, (&mut room, &mut refused)).await {
                Ok(entries) => made.extend(entries.into_iter().map(|entry| Item::new(entry).paired_with(index))),
                Err(failure) if step.carries_on() && !failure.ends_execution => {
                    failed.push(failure.error.at_item(index).to_item(Some(item)));
                }
                Err(failure) => {
                    let error = failure.error.at_item(index);
                    return Err(ActFailure { error, refused, ..failure });
                }
            }
        }
        Ok(Acted { refused, ..Acted::outputs(Outputs { failed, ..Outputs::one(made) }) })
    }
}

impl Parameters {
    /// The entries of one item's feed; a host that may not be reached is added to `refused`.
    async fn entries(
        &self,
        client: &HttpClient,
        step: &dyn Step,
        index: usize,
        (room, refused): (&mut Room, &mut Vec<String>),
    ) -> Result<Vec<Object>, ActFailure> {
        let url = self.url.text(step, index)?;
        let url = url.trim();
        let more = self.options.custom_fields.names(step, index)?;
        let response = fetch(client, url, MOST_BYTES, &[]).await.map_err(|NotFetched { error, host }| {
            if let Some(host) = host.filter(|host| !refused.contains(host)) {
                refused.push(host);
            }
            error
        })?;
        room.take(response.body.len()).map_err(|full| ActFailure::ending(NodeError::from(full)))?;
        Ok(parse(response, more).await?)
    }
}

/// Why there is no feed.
pub(super) struct NotFetched {
    pub(super) error: NodeError,
    /// The host that this installation does not permit.
    pub(super) host: Option<String>,
}

/// What a server answers that was asked for a feed of at most `most` bytes, under the conditions that `headers` name.
pub(super) async fn fetch(
    client: &HttpClient,
    url: &str,
    most: usize,
    headers: &[(String, String)],
) -> Result<HttpResponse, NotFetched> {
    let of_error = |error| NotFetched { error, host: None };
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(of_error(NodeError::new("parameter", format!("“{url}” is not a URL.")).in_field("url")));
    }
    let mut request = HttpRequest::new("GET", url);
    request.headers.push(("accept".into(), ACCEPTED.into()));
    request.headers.extend_from_slice(headers);
    request.answer_bytes = most;
    let response = client.send(request).await.map_err(|error| NotFetched {
        host: if let HttpError::Refused(refusal) = &error { Some(refusal.host.clone()) } else { None },
        error: failed(&error),
    })?;
    if response.status >= 400 {
        let reason = response.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let message = format!("The server answered {}{reason}.", response.status);
        return Err(of_error(NodeError::new("http_status", message).with_status(response.status)));
    }
    Ok(response)
}

/// The entries of a feed, with the elements named in `more`. A large feed takes its time, and nobody else waits for it.
pub(super) async fn parse(response: HttpResponse, more: Vec<Text>) -> Result<Vec<Object>, NodeError> {
    let read = tokio::task::spawn_blocking(move || feed::read(&response.body, &response.url, &more)).await;
    let read =
        read.map_err(|_| unreadable("The feed could not be worked on: this is a fault of the server.".into()))?;
    read.map_err(|error| no_feed(&error))
}

fn no_feed(error: &FormatError) -> NodeError {
    match error {
        FormatError::TooMuch { .. } => unreadable(error.to_string()),
        FormatError::Broken { .. } | FormatError::Stopped | FormatError::Unknown(_) => {
            unreadable("This is no feed: neither RSS nor Atom nor JSON Feed.".to_owned()).describe(error.to_string())
        }
    }
}

fn unreadable(message: String) -> NodeError {
    NodeError::new("feed_invalid", message).finally()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;
    use uuid::Uuid;
    use weft_model::{Edge, Endpoint, Graph, Node, NodeId, OnError};
    use weft_nodes::testing::{import, items, json_of};
    use weft_value::from_json;

    use super::*;
    use crate::kinds::Kinds;
    use crate::test_server::{Server, answer};
    use crate::{OnceReport, RunOnce, run_once};

    async fn report(server: &Server, given: &str, on_error: OnError) -> OnceReport {
        let (start, it) = (NodeId(Uuid::from_u128(1)), NodeId(Uuid::from_u128(2)));
        let parameters = from_json(r#"{"url":"={{ $json.url }}","options":{"customFields":"x:y"}}"#).unwrap();
        let mut graph = Graph::default();
        graph.nodes.insert(start, Node::new(start, "Start", "manualTrigger"));
        graph.nodes.insert(it, Node { parameters, on_error, ..Node::new(it, "It", "rssRead") });
        graph.edges.insert(Edge { from: Endpoint { node: start, port: 0 }, to: Endpoint { node: it, port: 0 } });
        run_once(RunOnce {
            name: "Test".into(),
            graph,
            trigger: None,
            items: items(&given.replace("SERVER", &server.url(""))),
            time_zone: TimeZone::UTC,
            variables: Value::empty_object(),
            services: Services { http: Some(server.client()), ..Services::default() },
            kinds: Kinds::default(),
            longest_wait: Duration::ZERO,
        })
        .await
        .unwrap()
    }

    async fn server() -> Server {
        Server::start(|_, head| match head.split(' ').nth(1) {
            Some("/feed") => {
                let item = "<item><title>é</title><x:y>1</x:y></item>";
                let feed = format!("<rss version=\"2.0\" xmlns:x=\"urn:x\"><channel>{item}{item}</channel></rss>");
                answer("200 OK", "content-type: application/rss+xml\r\n", &feed)
            }
            Some("/page") => answer("200 OK", "content-type: text/html\r\n", "<html></html>"),
            _ => answer("404 Not Found", "", ""),
        })
        .await
    }

    #[tokio::test]
    async fn each_items_feed_gives_its_entries() {
        let server = server().await;
        let done = report(&server, r#"[{"url":"SERVER/feed"},{"url":"SERVER/feed"}]"#, OnError::Stop).await;
        let made = &done.nodes[1].runs[0].outputs[0];
        let entry = r#"{"title":"é","x:y":"1"}"#;
        assert_eq!(json_of(made), format!("[{entry},{entry},{entry},{entry}]"), "{:?}", done.error);
        assert!(server.heads()[0].contains("accept: application/rss+xml"));
    }

    #[tokio::test]
    async fn what_cannot_be_read_says_why() {
        let server = server().await;
        for (url, code) in [
            ("SERVER/page", "feed_invalid"),
            ("SERVER/gone", "http_status"),
            ("ftp://example.com", "parameter"),
            ("http://10.0.0.1/feed", "egress_refused"),
        ] {
            let done = report(&server, &format!(r#"[{{"url":"{url}"}}]"#), OnError::Stop).await;
            assert_eq!(done.error.map(|error| error.code).as_deref(), Some(code), "{url}");
        }
        let given = r#"[{"url":"SERVER/page","n":"ü"},{"url":"SERVER/feed"}]"#;
        let carried = report(&server, given, OnError::Continue).await;
        let made = json_of(&carried.nodes[1].runs[0].outputs[0]);
        assert!(made.starts_with(r#"[{"error":"This is no feed"#) && made.contains(r#""title":"é""#), "{made}");
    }

    #[test]
    fn nodes_of_n8n_are_taken_over() {
        for (version, node, options, remarks) in [
            (1.0, r#"{"url":"https://example.com/f"}"#, "{}", 0),
            (1.1, r#"{"url":"https://example.com/f","options":{"ignoreSSL":true}}"#, "{}", 1),
            (
                1.2,
                r#"{"url":"https://example.com/f","options":{"customFields":"a, b","ignoreSSL":false}}"#,
                r#"{"customFields":"a, b"}"#,
                0,
            ),
        ] {
            let imported = import(&RssRead, version, node).unwrap();
            assert_eq!(imported.parameters.get("options").to_json(), options);
            assert_eq!(imported.remarks.len(), remarks, "{version}");
            assert!(RssRead.prepare(&imported.parameters).is_ok());
        }
        assert_eq!(RssRead.prepare(&Value::empty_object()).err().unwrap()[0].field.as_deref(), Some("url"));
    }
}
