//! What code writes and reads by a language and by the calendar: tables of `expression => JSON`, by what Node.js and Luxon give.
//! The parent is the language of expressions, as in the product.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};
use support::{json, pool, with_nodes};
use weft_code_runner_client::{NodeLookup, Query, Refusal};
use weft_expressions::{Budget, ItemsScope, compile};
use weft_value::{Item, Value, from_json};

/// Answers as an execution does, and counts how often it was asked.
#[derive(Default)]
struct Expressions(AtomicUsize);

#[async_trait]
impl NodeLookup for Expressions {
    async fn look_up(&self, _node: &str, query: &Query) -> Result<Value, Refusal> {
        let Query::Evaluate { expression, globals, .. } = query else { panic!("{query:?} was not to be asked") };
        self.0.fetch_add(1, Ordering::Relaxed);
        let globals = globals.as_deref().map_or_else(Value::empty_object, |globals| from_json(globals).unwrap());
        let now = Timestamp::from_millisecond(1_768_471_200_000).unwrap();
        let scope = ItemsScope::new(Vec::<Item>::new(), now, TimeZone::get("America/New_York").unwrap());
        let scope = scope.with_globals(globals.as_object().unwrap().clone());
        let template = compile(expression).unwrap_or_else(|wrong| panic!("{expression}: {wrong:?}"));
        template.evaluate(&scope, &mut Budget::default()).map_err(|error| Refusal { message: error.to_string() })
    }
}

/// Every line of `table` gives what it says; `names` are the constants before them.
async fn check(table: &str, names: &str) {
    let cases: Vec<_> = table.lines().map(|line| line.rsplit_once(" => ").unwrap()).collect();
    let runs: Vec<_> = cases.iter().map(|(expression, _)| format!("said(() => ({expression}))")).collect();
    let code = format!(
        "{names}const said = (run) => {{ try {{ return JSON.stringify(run() ?? null); }} catch (error) {{ return JSON.stringify(error.message); }} }};
        return [{{ json: {{ said: [{}] }} }}]",
        runs.join(",\n")
    );
    let outcome = pool().execute(with_nodes(&code, Arc::new(Expressions::default()))).await.unwrap();
    let said = outcome.items[0].json.get("said").as_array().unwrap();
    let wrong: Vec<_> = cases
        .iter()
        .zip(said)
        .filter(|((_, expected), said)| said.as_str() != Some(*expected))
        .map(|((expression, expected), said)| format!("{expression}\n    gave {said:?}\n    not  {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[tokio::test]
async fn moments_lengths_and_intervals_are_those_of_luxon() {
    let names = "const d = DateTime.fromISO('2024-03-15T10:30:45.123'), bad = DateTime.fromISO('nonsense'),
        e = DateTime.fromISO('2026-01-31T23:59:59', { zone: 'Europe/Paris' }), u = DateTime.fromISO('2024-03-15T10:30:45Z', { setZone: true });\n";
    check(include_str!("moments.txt"), names).await;
}

#[tokio::test]
async fn numbers_dates_and_the_order_of_texts_follow_languages() {
    check(include_str!("languages.txt"), "").await;
}

#[tokio::test]
async fn lists_are_sorted_without_a_question_for_each_comparison() {
    let asked = Arc::new(Expressions::default());
    let code = "const names = Array.from({ length: 2000 }, (_, i) => `Name ${(i * 7919) % 2000}`);
        const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
        return [{ json: { first: sorted[0], last: sorted.at(-1), euros: [1, 1, 1, 1].map((n) => n.toLocaleString('de-DE', { minimumFractionDigits: 2 })) } }]";
    let outcome = pool().execute(with_nodes(code, Arc::clone(&asked))).await;
    assert_eq!(
        json(&outcome),
        r#"[{"json":{"first":"Name 0","last":"Name 1999","euros":["1,00","1,00","1,00","1,00"]}}]"#
    );
    let times = asked.0.load(Ordering::Relaxed);
    assert!(times <= 1, "asked {times} times");
}
