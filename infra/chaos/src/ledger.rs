//! What the log says after a fault, and the invariants that hold whatever happened.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::Value;
use weft_trial::Server;

use crate::arena::TENANT;
use crate::load::Acknowledged;

/// Everything that the tenant's log says about executions.
#[derive(Default)]
pub struct Ledger {
    executions: HashMap<String, Execution>,
    gaps: usize,
}

#[derive(Default)]
struct Execution {
    workflow: String,
    ended: Option<String>,
    ends: usize,
    uncertain: bool,
    waiting: bool,
    outcomes: HashMap<String, usize>,
    adopted_at: Option<String>,
}

/// The invariants, counted.
#[derive(Debug)]
pub struct Verdict {
    /// Executions that the log knows.
    pub executions: usize,
    /// Acknowledged executions that did not end well.
    pub lost: usize,
    /// Step outcomes that were recorded twice.
    pub repeated: usize,
    /// Executions that have not ended, are not uncertain and do not wait.
    pub stuck: usize,
    /// Executions whose end was recorded more than once.
    pub flipped: usize,
    /// Executions with a step whose outcome is unknown.
    pub uncertain: usize,
    /// Executions that another worker took over.
    pub adopted: usize,
    /// Places where a position is missing.
    pub gaps: usize,
    /// Whether the hash chain verifies.
    pub verified: bool,
    /// Whether the read models equal a fold of the log.
    pub projected: bool,
}

impl Verdict {
    /// What was lost, in words.
    pub fn in_words(&self) -> String {
        format!(
            "{} lost, {} steps repeated, {} statuses flipped, {} stuck, {} gaps, chain {}, projections {}",
            self.lost,
            self.repeated,
            self.flipped,
            self.stuck,
            self.gaps,
            if self.verified { "sound" } else { "broken" },
            if self.projected { "equal a fold of the log" } else { "differ from the log" }
        )
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.lost + self.repeated + self.stuck + self.flipped + self.gaps == 0 && self.verified && self.projected
    }
}

impl Ledger {
    /// Reads the tenant's whole log through the command line.
    pub async fn read(server: &Server) -> anyhow::Result<Self> {
        let events = server.lines(&["log", "tail", "--tenant", TENANT, "--all"]).await?;
        let mut ledger = Self::default();
        let mut last = 0;
        for event in &events {
            let position = event["position"].as_u64().unwrap_or_default();
            ledger.gaps += usize::from(position != last + 1);
            last = position;
            ledger.fold(event);
        }
        Ok(ledger)
    }

    fn fold(&mut self, event: &Value) {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let kind = text("type");
        let Some(kind) = kind.strip_prefix("execution.") else { return };
        let execution = self.executions.entry(text("stream")).or_default();
        match kind {
            "queued" => event["data"]["workflow"].as_str().unwrap_or_default().clone_into(&mut execution.workflow),
            "succeeded" | "failed" | "cancelled" => {
                execution.ended = Some(kind.to_owned());
                execution.ends += 1;
            }
            "step_outcome_unknown" => execution.uncertain = true,
            "step_waiting" | "step_awaits" => execution.waiting = true,
            "step_resumed" | "step_signalled" => execution.waiting = false,
            "adopted" => execution.adopted_at = Some(text("at")),
            "step_succeeded" | "step_failed" => {
                let data = &event["data"];
                let step = format!("{} {} {}", data["node"], data["iteration"], data["attempt"]);
                *execution.outcomes.entry(step).or_default() += 1;
            }
            _ => {}
        }
    }

    /// Executions that are still to end.
    pub fn open(&self) -> usize {
        self.executions.values().filter(|e| e.ended.is_none() && !e.uncertain && !e.waiting).count()
    }

    /// How many executions a workflow had.
    pub fn executions_of(&self, workflow: &str) -> usize {
        self.executions.values().filter(|execution| execution.workflow == workflow).count()
    }

    /// When the last execution was taken over, by the database's clock.
    pub fn last_adoption(&self) -> Option<jiff::Timestamp> {
        self.executions.values().filter_map(|e| e.adopted_at.as_deref()?.parse().ok()).max()
    }

    /// Compares with what the clients were told, and checks chain and projections.
    pub async fn judge(&self, server: &Server, told: &Acknowledged) -> anyhow::Result<Verdict> {
        let count = |wanted: &dyn Fn(&Execution) -> bool| self.executions.values().filter(|e| wanted(e)).count();
        let well: HashSet<&String> =
            self.executions.iter().filter(|(_, e)| e.ended.as_deref() == Some("succeeded")).map(|(id, _)| id).collect();
        Ok(Verdict {
            executions: self.executions.len(),
            lost: told.executions.iter().filter(|id| !well.contains(id)).count(),
            repeated: self.executions.values().flat_map(|e| e.outcomes.values()).filter(|times| **times > 1).count(),
            stuck: self.open(),
            flipped: count(&|e| e.ends > 1),
            uncertain: count(&|e| e.uncertain),
            adopted: count(&|e| e.adopted_at.is_some()),
            gaps: self.gaps,
            verified: server.command(&["log", "verify", "--tenant", TENANT]).await.is_ok(),
            projected: server.command(&["projection", "verify", "--tenant", TENANT]).await.is_ok(),
        })
    }
}

/// Reads the log until every execution has ended, for at most `patience`; the last reading.
pub async fn settle(server: &Server, patience: Duration) -> anyhow::Result<Ledger> {
    let until = Instant::now() + patience;
    loop {
        let ledger = Ledger::read(server).await?;
        if ledger.open() == 0 || Instant::now() > until {
            return Ok(ledger);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
