//! Evaluations per second on one core: `cargo run --release -p weft-expressions --example p4`.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, ItemsScope, Scope, Template, compile};
use weft_value::{Item, Value, from_json};

/// What is measured, and what is asked for on the reference machine.
const CASES: &[(&str, &str, f64)] = &[
    ("property path", "{{ $json.a.b }}", 5e6),
    ("four calls", "{{ $json.name.trim().toLowerCase().split(' ').join('-') }}", 5e5),
    ("text with two blocks", "Hello {{ $json.name }}, {{ $json.a.b }} times", 0.0),
    ("reduce over ten", "{{ $json.items.reduce((s, i) => s + i.price * i.qty, 0) }}", 0.0),
    ("date", "{{ $now.plus({ days: 1 }).toFormat('yyyy-MM-dd') }}", 0.0),
];

fn main() -> anyhow::Result<()> {
    let items: Vec<String> = (0..10).map(|n| format!(r#"{{"price":{n}.5,"qty":{n}}}"#)).collect();
    let text = format!(r#"{{"a":{{"b":42}},"name":" Ada King Lovelace ","items":[{}]}}"#, items.join(","));
    let scope = ItemsScope::new(vec![Item::new(from_json(&text)?)], Timestamp::UNIX_EPOCH, TimeZone::UTC);
    for (name, source, target) in CASES {
        let template = compile(source).map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
        let value = evaluate(&template, &scope).context("the first evaluation")?;
        let rate = rate(&template, &scope)?;
        let target = if *target > 0.0 { format!(" (target {:.1} M/s)", target / 1e6) } else { String::new() };
        println!("P4 {name:<22} {:>8.2} M/s{target}   {source} = {}", rate / 1e6, value.to_json());
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
