//! Executes 10 000 light steps and prints what they cost and how the memory of all processes moved; exits with 1 when the
//! memory after 10 000 is more than 20 % above that after 1 000.
//!
//! `cargo run -p weft-code-runner --features v8 --example endurance -- target/debug/weft-code-runner [steps]`

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use weft_code_runner_client::{CodeGlobals, CodeLimits, CodeMode, CodeRequest, NoNodes, Runner, RunnerSettings};
use weft_value::{Item, from_json};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a program that prints figures")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("Name the executable of the code runner.")?;
    let steps: usize = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let pool = Runner::new(RunnerSettings { processes: 2, ..RunnerSettings::new(program) })?;
    let report = pool.check().await?;
    println!("engine {} {}", report.engine, report.version);

    let mut took = Vec::with_capacity(steps);
    let mut memory = Vec::new();
    for _ in 0..steps {
        let before = Instant::now();
        pool.execute(light_step()?).await?;
        took.push(before.elapsed());
        memory.push(resident(&pool));
    }
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
    println!("p50 {:?}  p95 {:?}  p99 {:?}  max {:?}", at(0.5), at(0.95), at(0.99), at(1.0));
    println!("steps/s {:.0}", steps as f64 / took.iter().sum::<Duration>().as_secs_f64());

    // A process that was just replaced is smaller than one that is about to be: windows are compared, not moments.
    let tenth = steps / 10;
    let (early, late) = (mean(&memory[tenth / 2..tenth * 3 / 2]), mean(&memory[steps - tenth..]));
    println!(
        "resident after 10 %: {:.1} MiB, at the end: {:.1} MiB ({:+.1} %)",
        early,
        late,
        (late / early - 1.0) * 100.0
    );
    if late > early * 1.2 {
        std::process::exit(1);
    }
    Ok(())
}

fn light_step() -> Result<CodeRequest, Box<dyn std::error::Error>> {
    let item = from_json(r#"{"name":"ada","items":[{"price":2,"qty":3},{"price":1.5,"qty":4}]}"#)?;
    Ok(CodeRequest {
        tenant: uuid::Uuid::from_u128(1),
        code: "for (const item of $input.all()) item.json.total = item.json.items.reduce((s, i) => s + i.price * i.qty, 0);\nreturn $input.all();".into(),
        mode: CodeMode::AllItems,
        carries_on: false,
        items: Arc::new(vec![Item::new(item)]),
        globals: CodeGlobals { zone: "UTC".into(), ..CodeGlobals::default() },
        limits: CodeLimits::default(),
        host: Arc::new(NoNodes),
    })
}

/// This process and its runners, in MiB.
fn resident(pool: &Runner) -> f64 {
    let own = std::fs::read_to_string("/proc/self/statm").ok();
    let own = own.and_then(|text| text.split_ascii_whitespace().nth(1)?.parse::<usize>().ok()).unwrap_or(0) * 4096;
    (own + pool.state().resident_bytes) as f64 / f64::from(1 << 20)
}

fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}
