//! Blocks that are beyond the expression language: the scope is asked for their values.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, Code, EvaluationError, ItemsScope, NodeFault, Scope, compile};
use weft_value::{Item, Value, from_json};

/// Answers every block with the same value, and keeps what it was asked.
struct Runs {
    items: ItemsScope,
    asked: RefCell<Vec<String>>,
}

impl Runs {
    fn new() -> Self {
        let item = Item::new(from_json(r#"{"list":[{"a":1}]}"#).unwrap());
        let items = ItemsScope::new(vec![item], Timestamp::UNIX_EPOCH, TimeZone::UTC);
        Self { items, asked: RefCell::default() }
    }
}

impl Scope for Runs {
    fn items(&self) -> &[Item] {
        self.items.items()
    }

    fn item_index(&self) -> usize {
        0
    }

    fn now(&self) -> Timestamp {
        self.items.now()
    }

    fn time_zone(&self) -> &TimeZone {
        self.items.time_zone()
    }

    fn node_items(
        &self,
        node: &str,
        _: Option<usize>,
        _: Option<usize>,
    ) -> Result<std::sync::Arc<Vec<Item>>, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn linked_item(&self, node: &str, _: usize) -> Result<Item, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn is_executed(&self, node: &str) -> Result<bool, NodeFault> {
        Err(NodeFault::Unknown(node.to_owned()))
    }

    fn run_code(&self, body: &str) -> Option<Result<Value, EvaluationError>> {
        self.asked.borrow_mut().push(body.to_owned());
        Some(Ok(Value::from(7.0)))
    }
}

fn value(source: &str, scope: &dyn Scope) -> Result<Value, EvaluationError> {
    compile(source).unwrap().evaluate(scope, &mut Budget::default())
}

#[test]
fn what_is_beyond_the_language_is_executed_by_the_scope() {
    for (source, body) in [
        ("{{ (() => { class A {} return new A().x })() }}", "return ( (() => { class A {} return new A().x })()\n);"),
        ("{{ [...(function* () { yield 1 })()]; }}", "return ( [...(function* () { yield 1 })()]\n);"),
        ("{{ $json.z = 1 }}", "return ( $json.z = 1\n);"),
        ("{{ const l = $json.list; class A {}; l }}", " const l = $json.list; class A {}; return (l\n);"),
        // What another variable holds, too, is found out only while it is evaluated.
        (
            "{{ (() => { const a = { n: 1 }; const b = [a]; a.n = 2; return b })() }}",
            "return ( (() => { const a = { n: 1 }; const b = [a]; a.n = 2; return b })()\n);",
        ),
    ] {
        let scope = Runs::new();
        assert_eq!(value(source, &scope), Ok(Value::from(7.0)), "{source}");
        assert_eq!(*scope.asked.borrow(), [body], "{source}");
        let in_text = format!("n = {source}!");
        assert_eq!(value(&in_text, &scope), Ok(Value::from("n = 7!")), "{source}");
        // Where nobody executes code, it is said what it takes.
        let error = value(source, &scope.items).unwrap_err();
        assert!(matches!(error, EvaluationError::NeedsCodeRunner(_)), "{source}: {error:?}");
    }
}

#[test]
fn what_the_language_knows_is_not_sent_anywhere() {
    let scope = Runs::new();
    for source in ["{{ $json.list.length }}", "{{ (() => { let n = 0; for (const x of [1]) n += x; return n })() }}"] {
        assert_eq!(value(source, &scope), Ok(Value::from(1.0)), "{source}");
    }
    assert!(scope.asked.borrow().is_empty());
}

#[test]
fn an_expression_that_would_have_to_wait_is_refused() {
    for source in ["{{ (async () => 1)() }}", "{{ await 1 }}", "{{ (async function () {})() }}"] {
        let wrong = compile(source).unwrap_err();
        assert!(matches!(wrong[0].code, Code::Refused | Code::Syntax), "{source}: {wrong:?}");
    }
}
