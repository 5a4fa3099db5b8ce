//! What the tests of this crate share: small ids, small graphs, given/when/then.

use cqrs_es::test::TestFramework;
use uuid::Uuid;
use weft_value::Value;

use crate::cqrs::Aggregated;
use crate::{Edge, Endpoint, Graph, Node, NodeId, Point};

/// Given these events, when …, then …
pub fn given<D>(events: Vec<D::Event>) -> cqrs_es::test::AggregateTestExecutor<Aggregated<D>>
where
    D: crate::Decider + Send + Sync,
    D::Command: Send,
    D::Event: cqrs_es::DomainEvent,
    D::Rejection: Send,
{
    TestFramework::with(()).given(events)
}

pub fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn id(number: u128) -> NodeId {
    NodeId(uuid(number))
}

pub fn json(text: &str) -> Value {
    weft_value::from_json(text).unwrap()
}

pub fn named(number: u128, name: &str, kind: &str) -> Node {
    Node { position: Point { x: 240 * number as i32, y: 0 }, ..Node::new(id(number), name, kind) }
}

pub fn edge(from: u128, output: u16, to: u128, input: u16) -> Edge {
    Edge { from: Endpoint { node: id(from), port: output }, to: Endpoint { node: id(to), port: input } }
}

pub fn graph(nodes: impl IntoIterator<Item = Node>, edges: impl IntoIterator<Item = Edge>) -> Graph {
    Graph {
        nodes: nodes.into_iter().map(|node| (node.id, node)).collect(),
        edges: edges.into_iter().collect(),
        ..Graph::default()
    }
}

pub fn at(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_700_000_000 + second).unwrap()
}
