//! Expressions that look at other nodes.

use std::cell::Cell;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, NodeFault, Previous, Scope, compile};
use weft_value::{Item, Value, from_json};

/// Two nodes: `Fetch` has put out three items, `Later` has not run. Counts how often data was fetched.
struct Graph {
    input: Vec<Item>,
    fetched: Arc<Vec<Item>>,
    zone: TimeZone,
    reads: Cell<u32>,
}

fn json(text: &str) -> Value {
    from_json(text).unwrap_or_else(|error| panic!("{error}"))
}

fn items(texts: &[&str]) -> Vec<Item> {
    texts.iter().enumerate().map(|(index, text)| Item::new(json(text)).paired_with(index)).collect()
}

fn graph() -> Graph {
    Graph {
        input: items(&[r#"{"a":1}"#, r#"{"a":2}"#]),
        fetched: Arc::new(items(&[r#"{"v":"x"}"#, r#"{"v":"y"}"#, r#"{"v":"z"}"#])),
        zone: TimeZone::UTC,
        reads: Cell::new(0),
    }
}

impl Graph {
    fn known(node: &str) -> Result<(), NodeFault> {
        match node {
            "Fetch" => Ok(()),
            "Later" => Err(NodeFault::NotExecuted(node.to_owned())),
            _ => Err(NodeFault::Unknown(node.to_owned())),
        }
    }
}

impl Scope for Graph {
    fn items(&self) -> &[Item] {
        &self.input
    }

    fn item_index(&self) -> usize {
        1
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    fn node_items(&self, node: &str, _: Option<usize>, run: Option<usize>) -> Result<Arc<Vec<Item>>, NodeFault> {
        Self::known(node)?;
        self.reads.set(self.reads.get() + 1);
        Ok(if run == Some(1) { Arc::new(Vec::new()) } else { Arc::clone(&self.fetched) })
    }

    fn linked_item(&self, node: &str, item: usize) -> Result<Item, NodeFault> {
        Self::known(node)?;
        self.fetched.get(item).cloned().ok_or_else(|| NodeFault::Unlinked { node: node.to_owned(), item })
    }

    fn is_executed(&self, node: &str) -> Result<bool, NodeFault> {
        match Self::known(node) {
            Err(NodeFault::NotExecuted(_)) => Ok(false),
            known => known.map(|()| true),
        }
    }

    fn previous(&self) -> Option<Previous<'_>> {
        Some(Previous { name: "Fetch", output: 0, run: 2 })
    }

    fn variables(&self) -> Value {
        json(r#"{"region":"eu"}"#)
    }

    fn workflow(&self) -> Value {
        json(r#"{"id":"w1","name":"Flow","active":true}"#)
    }

    fn execution(&self) -> Value {
        json(r#"{"id":"e1","mode":"production","resumeUrl":null}"#)
    }
}

fn written(source: &str) -> String {
    match compile(&format!("{{{{ {source} }}}}")).map(|template| template.evaluate(&graph(), &mut Budget::default())) {
        Ok(Ok(value)) => value.to_json(),
        Ok(Err(error)) => error.to_string(),
        Err(wrong) => panic!("{source}: {wrong:?}"),
    }
}

#[test]
fn the_globals_show_the_scope() {
    for (source, expected) in [
        ("$json.a", "2"),
        ("$input.item.json.a", "2"),
        ("$input.first().json.a", "1"),
        ("$input.all().length", "2"),
        ("$input.all().map(i => i.json.a)", "[1,2]"),
        ("$itemIndex", "1"),
        ("$runIndex", "0"),
        ("$prevNode.name + $prevNode.runIndex", r#""Fetch2""#),
        ("$vars.region", r#""eu""#),
        ("$workflow.name", r#""Flow""#),
        ("$execution.id", r#""e1""#),
        ("$execution.mode === 'production'", "true"),
        ("$execution", r#"{"id":"e1","mode":"production","resumeUrl":null}"#),
        ("$input.item", r#"{"json":{"a":2},"pairedItem":{"item":1}}"#),
        ("$item(0).$json.a", "1"),
        (r#"$item(0).$node["Fetch"].json["v"]"#, r#""x""#),
        ("$item('2').$node.Fetch.json.v", r#""z""#),
        ("$node.Fetch.json.v", r#""y""#),
        ("$items().length", "2"),
        ("$json", r#"{"a":2}"#),
        ("$binary", "{}"),
    ] {
        assert_eq!(written(source), expected, "{source}");
    }
}

#[test]
fn other_nodes_are_read_by_name() {
    for (source, expected) in [
        ("$('Fetch').item.json.v", r#""y""#),
        ("$('Fetch').first().json.v", r#""x""#),
        ("$('Fetch').last().json.v", r#""z""#),
        ("$('Fetch').all().length", "3"),
        ("$('Fetch').all()[2].json.v", r#""z""#),
        ("$('Fetch').itemMatching(0).json.v", r#""x""#),
        ("$('Fetch').isExecuted", "true"),
        ("$('Later').isExecuted", "false"),
        ("$node['Fetch'].runIndex", "0"),
        ("$node['Later'].runIndex", "-1"),
        ("$node['Fetch'].json.v", r#""y""#),
        ("$node.Fetch.json.v", r#""y""#),
        ("$items('Fetch')[0].json.v", r#""x""#),
        ("$('Fetch').first(0, 1)?.json.v", "null"),
        ("$('Fet' + 'ch').item.json.v", r#""y""#),
        ("$('Fetch').item['json']['v']", r#""y""#),
        ("$('Fetch').first()?.json.v", r#""x""#),
        ("$('Fetch').params", "{}"),
        ("$('Later').item.json.v", r#"The node "Later" has not been executed."#),
        ("$('Gone').item.json.v", r#"There is no node named "Gone" in this workflow."#),
        ("$('Gone').isExecuted", r#"There is no node named "Gone" in this workflow."#),
        (
            "$('Fetch').itemMatching(9).json.v",
            r#"It is not known which item of "Fetch" belongs to item 9. Use .first(), .last() or .all() instead of .item."#,
        ),
    ] {
        assert_eq!(written(source), expected, "{source}");
    }
}

#[test]
fn nothing_is_fetched_before_it_is_read() {
    let graph = graph();
    let evaluate = |source: &str| compile(source).unwrap().evaluate(&graph, &mut Budget::default()).unwrap();
    evaluate("{{ $json.a > 5 ? $('Fetch').all() : 'small' }}");
    evaluate("{{ $if($json.a > 5, $('Fetch').first().json.v, 1) }}");
    evaluate("{{ $('Fetch').item.json.v }}");
    assert_eq!(graph.reads.get(), 0);
    evaluate("{{ $('Fetch').first().json.v }}");
    assert_eq!(graph.reads.get(), 1);
}
