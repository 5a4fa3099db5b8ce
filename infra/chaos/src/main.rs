//! The fault suite: injects faults into the real server under load, then counts what was lost.
//!
//! Each case prints what was injected, what was counted and what was lost. After every case the same invariants are checked
//! (see `ledger`). To add a case, add a module with `run` and one line in `cases`.

mod arena;
mod code;
mod counter;
mod egress;
mod kill;
mod ledger;
mod load;
mod pause;
mod postgres;
mod redirector;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Injects faults and counts what is lost.
#[derive(Parser)]
struct Arguments {
    /// The cases to run: F1, F2, F3, F10, F17; all when left out.
    cases: Vec<String>,
    /// The program, built with its fail points.
    #[arg(long, default_value = "target/release/weft-fail-points")]
    weft: PathBuf,
    /// The code runner that it uses.
    #[arg(long, default_value = "target/release/weft-code-runner")]
    code_runner: PathBuf,
    /// How many clients call at once.
    #[arg(long, default_value_t = 16)]
    clients: usize,
}

/// What one case found.
struct Outcome {
    case: String,
    injected: String,
    counted: String,
    lost: String,
    passed: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let wanted =
        |case: &str| arguments.cases.is_empty() || arguments.cases.iter().any(|c| c.eq_ignore_ascii_case(case));
    let setting = arena::Setting {
        weft: arguments.weft.canonicalize()?,
        code_runner: arguments.code_runner.canonicalize()?,
        clients: arguments.clients,
    };
    let mut outcomes = Vec::new();
    if wanted("F1") {
        outcomes.extend(kill::run(&setting).await?);
    }
    if wanted("F2") {
        outcomes.push(pause::run(&setting).await?);
    }
    if wanted("F3") {
        outcomes.extend(postgres::run(&setting).await?);
    }
    if wanted("F10") {
        outcomes.extend(code::run(&setting).await?);
    }
    if wanted("F17") {
        outcomes.extend(egress::run(&setting).await?);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    println!("{} passed, {failed} failed", outcomes.len() - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Outcome {
    /// Prints the outcome as soon as it is known.
    fn announce(self) -> Self {
        let mark = if self.passed { "✓" } else { "✗" };
        println!(
            "{mark} {:<28} injected: {}\n  {:<28} counted: {}\n  {:<28} lost: {}",
            self.case, self.injected, "", self.counted, "", self.lost
        );
        self
    }
}
