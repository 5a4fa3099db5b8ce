//! **RSS trigger**: starts the workflow when a feed has new entries.
//!
//! before: nothing · after: `[{"title":"News","link":"https://…","isoDate":"…","content":"…"}]`, once for each entry

use std::collections::HashSet;
use std::sync::LazyLock;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use weft_connectors::HttpResponse;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, ParameterType, Problem, Retried, Unsupported, field,
    label, parameters, port,
};
use weft_value::{Item, Object, Value};

use super::rss_read;
use crate::action::{Trigger, TriggerKind};
use crate::poll::{Found, Known, Look, Poll, PollTimes};

/// The kind.
pub struct RssTrigger;

/// The largest feed, in bytes: many triggers may look at once.
const MOST_BYTES: usize = 8 << 20;
/// How many entries of a feed are looked at, the newest first.
const MOST_ENTRIES: usize = 1_000;
/// How many entries are remembered.
const MOST_REMEMBERED: usize = 2 * MOST_ENTRIES;
/// The longest word for a state of a feed that is remembered, in bytes.
const MOST_STATE: usize = 512;
/// What a server answers whose feed is as it was (RFC 9110, section 15.4.5).
const NOT_MODIFIED: u16 = 304;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "rssTrigger",
    version: 1,
    label: label("RSS trigger", "Déclencheur RSS"),
    description: label(
        "Starts the workflow when a feed has new entries.",
        "Démarre le workflow quand un flux a de nouvelles entrées.",
    ),
    group: Group::Trigger,
    icon: "rss",
    color: "orange",
    subtitle: Some("{feedUrl}"),
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: vec![
        PollTimes::form(),
        field(ParameterType::String, "feedUrl", label("Address", "Adresse"))
            .help(
                "The address of the feed itself, not of the page that shows it.",
                "L’adresse du flux lui-même, pas celle de la page qui le montre.",
            )
            .literal()
            .required()
            .example("https://example.com/feed.xml"),
    ],
    retried: Retried::Pure,
    documentation: label(
        "RSS, Atom and JSON Feed. All entries that are new begin one execution; what was there when the workflow was activated is \
         not new. An entry whose date changes is new again. The newest 1000 entries are looked at, and a feed may have 8 MiB. It is \
         fetched again only when it has changed, where its server can tell (ETag, Last-Modified). Executed by hand, it gives the \
         newest entry.",
        "RSS, Atom et JSON Feed. Toutes les nouvelles entrées démarrent une exécution ; ce qui était là à l’activation du workflow \
         n’est pas nouveau. Une entrée dont la date change est de nouveau nouvelle. Les 1000 entrées les plus récentes sont \
         regardées, et un flux peut avoir 8 Mio. Il n’est repris que s’il a changé, quand son serveur sait le dire (ETag, \
         Last-Modified). Exécuté à la main, il donne l’entrée la plus récente.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    feed_url: String,
    #[serde(default)]
    poll_times: Value,
}

/// A node, ready to look.
struct Feed {
    url: String,
    times: PollTimes,
}

impl NodeKind for RssTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.rssFeedReadTrigger"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = Object::new();
        if let Some(times) = PollTimes::import(node.parameters.get("pollTimes")) {
            new.insert("pollTimes", times);
        }
        // What n8n shows where nobody filled anything in.
        let url = node.parameters.get("feedUrl");
        new.insert("feedUrl", url.as_str().unwrap_or("https://blog.n8n.io/rss/"));
        Ok(Value::from(new).into())
    }
}

impl TriggerKind for RssTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let Parameters { feed_url, poll_times } = parameters(&DESCRIPTOR, given)?;
        Ok(Trigger::Poll(Box::new(Feed { url: feed_url.trim().to_owned(), times: PollTimes::read(&poll_times)? })))
    }
}

#[async_trait]
impl Poll for Feed {
    fn times(&self) -> &PollTimes {
        &self.times
    }

    fn source(&self) -> String {
        self.url.clone()
    }

    async fn look(&self, at: &Look<'_>) -> Result<Found, NodeError> {
        let Some(client) = &at.services.http else {
            return Err(NodeError::new("http", "This installation makes no HTTP requests."));
        };
        let (memory, since) = match &at.known {
            Known::Trial => (Memory::default(), None),
            Known::Since(since) => (Memory::default(), Some(*since)),
            Known::Seen(memory) => (Memory::deserialize(memory).unwrap_or_default(), None),
        };
        let conditions = memory.state.conditions();
        let response = rss_read::fetch(client, &self.url, MOST_BYTES, &conditions).await;
        let response = response.map_err(|not| in_own_field(not.error))?;
        if response.status == NOT_MODIFIED && !conditions.is_empty() {
            return Ok(Found { memory: serde_json::json!(memory), ..Found::default() });
        }
        let state = State::of(&response);
        let entries = newest(rss_read::parse(response, Vec::new()).await?);
        if at.is_trial() {
            return Ok(Found { items: latest(entries), ..Found::default() });
        }
        Ok(news(&entries, &Memory { state, ..memory }, since))
    }
}

fn in_own_field(error: NodeError) -> NodeError {
    if error.field.is_some() { error.in_field("feedUrl") } else { error }
}

/// What is remembered of a feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Memory {
    /// The entries that were seen, those of the last look first.
    seen: Vec<String>,
    /// What is older than this, in milliseconds since 1970, was there before anybody looked.
    floor: Option<i64>,
    /// In what state the feed was at the last look that saw it.
    #[serde(flatten)]
    state: State,
}

/// How the server calls the state that a feed is in: it gives the feed again only where it is another one (RFC 9110, section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct State {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
}

impl State {
    fn of(response: &HttpResponse) -> Self {
        let said = |name| {
            let short = response.header(name).filter(|word| !word.is_empty() && word.len() <= MOST_STATE);
            short.map(str::to_owned)
        };
        Self { etag: said("etag"), modified: said("last-modified") }
    }

    fn conditions(&self) -> Vec<(String, String)> {
        let named = [("if-none-match", &self.etag), ("if-modified-since", &self.modified)];
        let named = named.into_iter().filter_map(|(name, word)| Some((name.to_owned(), word.clone()?)));
        named.collect()
    }
}

struct Entry {
    /// Where it stands in the feed.
    place: usize,
    date: Option<Timestamp>,
    key: String,
    object: Object,
}

impl Entry {
    fn new(place: usize, object: Object) -> Self {
        let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let identity = ["guid", "id", "link", "title"].into_iter().find_map(text).unwrap_or_default();
        let date = text("isoDate");
        let digest = Sha256::digest(format!("{identity}\n{}", date.unwrap_or_default()));
        let key = URL_SAFE_NO_PAD.encode(&digest[..16]);
        Self { place, date: date.and_then(|date| date.parse().ok()), key, object }
    }

    fn millisecond(&self) -> Option<i64> {
        self.date.map(Timestamp::as_millisecond)
    }
}

/// The entries, of too many the newest: those without a date first, then by date. Each once, in the order of the feed.
fn newest(entries: Vec<Object>) -> Vec<Entry> {
    let mut known = HashSet::new();
    let entries = entries.into_iter().enumerate().map(|(place, object)| Entry::new(place, object));
    let mut entries: Vec<Entry> = entries.filter(|entry| known.insert(entry.key.clone())).collect();
    entries.sort_by_key(|entry| (entry.date.is_some(), std::cmp::Reverse(entry.date)));
    entries.truncate(MOST_ENTRIES);
    entries.sort_by_key(|entry| entry.place);
    entries
}

/// The one entry that came last.
fn latest(entries: Vec<Entry>) -> Vec<Item> {
    let latest = entries.into_iter().max_by_key(|entry| (entry.date, std::cmp::Reverse(entry.place)));
    latest.map(|entry| Item::new(entry.object)).into_iter().collect()
}

/// What is new, and what is remembered. At the first look, entries are new that are younger than the activation; later on, those
/// that were not seen. An old entry that comes back into the feed because others left it is older than anything that was there at
/// first, and is not new either.
fn news(entries: &[Entry], memory: &Memory, since: Option<Timestamp>) -> Found {
    let seen: HashSet<&str> = memory.seen.iter().map(String::as_str).collect();
    let oldest = entries.iter().filter_map(Entry::millisecond).min();
    let floor = if since.is_some() { oldest } else { memory.floor };
    let is_new = |entry: &Entry| {
        if let Some(since) = since {
            return entry.date.is_some_and(|date| date > since);
        }
        let is_old = entry.millisecond().zip(floor).is_some_and(|(date, floor)| date < floor);
        !is_old && !seen.contains(entry.key.as_str())
    };
    let now: HashSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    let earlier = memory.seen.iter().filter(|key| !now.contains(key.as_str())).cloned();
    let keys: Vec<String> =
        entries.iter().map(|entry| entry.key.clone()).chain(earlier).take(MOST_REMEMBERED).collect();
    let items = entries.iter().filter(|entry| is_new(entry)).map(|entry| Item::new(entry.object.clone())).collect();
    let memory = serde_json::json!(Memory { seen: keys, floor, state: memory.state.clone() });
    Found { items, memory, owes: false }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use weft_nodes::testing::{import, json_of};
    use weft_value::from_json;

    use super::*;

    fn entries(json: &str) -> Vec<Entry> {
        let list = from_json(json).unwrap();
        let objects = list.as_array().unwrap().iter().map(|entry| entry.as_object().unwrap().clone()).collect();
        newest(objects)
    }

    fn memory(found: &Found) -> Memory {
        Memory::deserialize(&found.memory).unwrap()
    }

    fn titles(found: &Found) -> String {
        found.items.iter().map(|item| item.json.get("title").as_str().unwrap().to_owned()).collect()
    }

    const NOON: &str = "2026-01-31T12:00:00Z";

    #[test]
    fn what_was_there_before_is_not_new_and_what_comes_is_once() {
        let first = r#"[{"title":"c","guid":"3","isoDate":"2026-01-31T12:30:00.000Z"},{"title":"u","guid":"0"},
            {"title":"b","guid":"2","isoDate":"2026-01-31T11:00:00.000Z"},{"title":"a","guid":"1","isoDate":"2026-01-31T10:00:00.000Z"}]"#;
        let found = news(&entries(first), &Memory::default(), Some(NOON.parse().unwrap()));
        assert_eq!(titles(&found), "c");
        let again = news(&entries(first), &memory(&found), None);
        assert_eq!((titles(&again), &again.memory), (String::new(), &found.memory));
        // One without a date, one that is dated before the activation, one that changed, one that was there long before.
        let next = r#"[{"title":"v","link":"https://x.example/9"},{"title":"d","guid":"4","isoDate":"2026-01-31T11:59:00.000Z"},
            {"title":"C","guid":"3","isoDate":"2026-01-31T12:45:00.000Z"},{"title":"b","guid":"2","isoDate":"2026-01-31T11:00:00.000Z"},
            {"title":"z","guid":"-1","isoDate":"2026-01-30T10:00:00.000Z"}]"#;
        let third = news(&entries(next), &memory(&again), None);
        assert_eq!(titles(&third), "vdC");
        // What left the feed and comes back was seen.
        assert_eq!(titles(&news(&entries(first), &memory(&third), None)), "");
    }

    #[test]
    fn what_is_remembered_and_looked_at_is_bounded() {
        let many = |from: usize| {
            let entry = |n: usize| format!(r#"{{"title":"{n}","isoDate":"{:04}-01-01T00:00:00Z"}}"#, 1_000 + n);
            let list: Vec<_> = (from..from + 1_500).map(entry).collect();
            entries(&format!("[{}]", list.join(",")))
        };
        let first = many(0);
        assert_eq!((first.len(), first[0].place), (MOST_ENTRIES, 500));
        let mut found = news(&first, &Memory::default(), Some(Timestamp::MIN));
        assert_eq!(found.items.len(), MOST_ENTRIES);
        for from in [1_500, 3_000] {
            found = news(&many(from), &memory(&found), None);
            assert_eq!(found.items.len(), MOST_ENTRIES);
        }
        assert_eq!(memory(&found).seen.len(), MOST_REMEMBERED);
        assert!(found.memory.to_string().len() < 64 * 1024, "{}", found.memory.to_string().len());
    }

    #[test]
    fn the_state_of_a_feed_is_remembered_as_its_server_calls_it() {
        let state = |headers: &[(&str, &str)]| {
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            State::of(&HttpResponse { status: 200, reason: None, headers, body: Bytes::new(), url: String::new() })
        };
        let (tag, date) = (r#"W/"5f-e""#, "Sat, 31 Jan 2026 10:00:00 GMT");
        let known = state(&[("ETag", tag), ("Last-Modified", date)]);
        let memory = Memory { seen: vec!["k".to_owned()], floor: None, state: known };
        let written = serde_json::json!(memory);
        assert_eq!(written, serde_json::json!({ "seen": ["k"], "floor": null, "etag": tag, "modified": date }));
        assert_eq!(Memory::deserialize(&written).unwrap(), memory);
        let asked = [("if-none-match", tag), ("if-modified-since", date)];
        assert_eq!(memory.state.conditions(), asked.map(|(name, value)| (name.to_owned(), value.to_owned())));
        // What was remembered before there were states, and what is not worth it.
        let older: Memory = serde_json::from_str(r#"{"seen":["k"],"floor":7}"#).unwrap();
        assert_eq!((older.floor, older.state), (Some(7), State::default()));
        let long = "x".repeat(MOST_STATE + 1);
        assert_eq!(state(&[("etag", long.as_str()), ("last-modified", "")]), State::default());
    }

    #[test]
    fn a_trial_gives_the_newest_entry() {
        let dated =
            r#"[{"title":"old","isoDate":"2026-01-01T00:00:00Z"},{"title":"é","isoDate":"2026-02-01T00:00:00Z"}]"#;
        assert_eq!(json_of(&latest(entries(dated))), r#"[{"title":"é","isoDate":"2026-02-01T00:00:00Z"}]"#);
        assert_eq!(json_of(&latest(entries(r#"[{"title":"a"},{"title":"b"}]"#))), r#"[{"title":"a"}]"#);
        assert!(latest(Vec::new()).is_empty());
    }

    #[test]
    fn nodes_of_n8n_are_taken_over() {
        for (node, expected) in [
            (
                r#"{"feedUrl":"https://example.com/f","pollTimes":{"item":[{"mode":"everyX","value":5,"unit":"minutes"}]}}"#,
                r#"{"pollTimes":{"item":[{"mode":"everyX","value":5,"unit":"minutes"}]},"feedUrl":"https://example.com/f"}"#,
            ),
            ("{}", r#"{"feedUrl":"https://blog.n8n.io/rss/"}"#),
        ] {
            let imported = import(&RssTrigger, 1.0, node).unwrap();
            assert_eq!(imported.parameters.to_json(), expected);
            assert!(imported.remarks.is_empty() && RssTrigger.prepare(&imported.parameters).is_ok());
        }
    }

    #[test]
    fn what_is_wrong_is_told_where_it_is() {
        for (given, field) in [
            ("{}", "feedUrl"),
            (r#"{"feedUrl":"={{ $vars.url }}"}"#, "feedUrl"),
            (r#"{"feedUrl":"https://x.example","pollTimes":{"item":[]}}"#, "pollTimes"),
            (
                r#"{"feedUrl":"https://x.example","pollTimes":{"item":[{"mode":"custom","cronExpression":"?"}]}}"#,
                "pollTimes.item[0]",
            ),
        ] {
            let problems = RssTrigger.prepare(&from_json(given).unwrap()).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{given}");
        }
    }
}
