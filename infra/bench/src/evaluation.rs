//! P4: evaluations of expressions per second on one core.

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use weft_expressions::{Budget, ItemsScope, Scope, Template, compile};
use weft_value::{Item, Value, from_json};

use crate::report::{Figure, Report, Target};

/// What is measured, and what is asked for on the reference machine.
const CASES: &[(&str, &str, Target)] = &[
    ("property path", "{{ $json.a.b }}", Target::AtLeast(5e6)),
    ("four calls", "{{ $json.name.trim().toLowerCase().split(' ').join('-') }}", Target::AtLeast(5e5)),
    ("text with two blocks", "Hello {{ $json.name }}, {{ $json.a.b }} times", Target::None),
    ("reduce over ten", "{{ $json.items.reduce((s, i) => s + i.price * i.qty, 0) }}", Target::None),
    ("date", "{{ $now.plus({ days: 1 }).toFormat('yyyy-MM-dd') }}", Target::None),
];

/// Measures each expression over one item.
pub fn run(report: &mut Report) -> anyhow::Result<()> {
    let items: Vec<String> = (0..10).map(|n| format!(r#"{{"price":{n}.5,"qty":{n}}}"#)).collect();
    let text = format!(r#"{{"a":{{"b":42}},"name":" Ada King Lovelace ","items":[{}]}}"#, items.join(","));
    let scope = ItemsScope::new(vec![Item::new(from_json(&text)?)], Timestamp::UNIX_EPOCH, TimeZone::UTC);
    for (name, source, target) in CASES {
        let template = compile(source).map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
        let value = evaluate(&template, &scope).context("the first evaluation")?;
        report.add(Figure {
            id: "P4",
            what: format!("one core, {name}"),
            value: rate(&template, &scope)?,
            unit: "evaluations/s",
            target: *target,
            details: json!({ "expression": source, "value": value.to_json() }),
        });
    }
    Ok(())
}

fn evaluate(template: &Template, scope: &dyn Scope) -> anyhow::Result<Value> {
    Ok(template.evaluate(scope, &mut Budget::default())?)
}

/// The best of five rounds of a fifth of a second each.
fn rate(template: &Template, scope: &dyn Scope) -> anyhow::Result<f64> {
    let mut best: f64 = 0.0;
    for _ in 0..5 {
        let start = Instant::now();
        let mut count = 0_u32;
        while start.elapsed() < Duration::from_millis(200) {
            for _ in 0..1000 {
                std::hint::black_box(evaluate(template, std::hint::black_box(scope))?);
            }
            count += 1000;
        }
        best = best.max(f64::from(count) / start.elapsed().as_secs_f64());
    }
    Ok(best)
}
