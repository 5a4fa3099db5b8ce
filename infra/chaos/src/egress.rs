//! F17: addresses that a workflow must not reach, through the real server with its rules in force.
//!
//! Names that resolve differently the second time (DNS rebinding) need a name server of one's own; the tests of
//! `services/connectors` have one.

use std::time::Duration;

use tokio::net::TcpStream;
use weft_trial::{exchange, prepare, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting, TENANT};
use crate::ledger::settle;
use crate::load::Acknowledged;
use crate::redirector::redirect_to;

const ADDRESSES: [&str; 12] = [
    "http://127.0.0.1:1/",
    "http://localhost:1/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f.1/",
    "file:///etc/passwd",
];

/// Where a server that may be reached sends whoever asks it.
const REDIRECTIONS: [&str; 4] =
    ["http://127.0.0.2:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://10.0.0.1/"];

/// One outcome each for asking directly and for being redirected.
pub async fn run(setting: &Setting) -> anyhow::Result<Vec<Outcome>> {
    // The address of the outside world is taken away again: the rules are those of a fresh installation.
    let arena = Arena::open(setting, &[("WEFT_EGRESS_ALLOW", String::new())]).await?;
    let direct = ask(arena, "F17 egress", &ADDRESSES.map(str::to_owned)).await?;
    let arena = Arena::open(setting, &[]).await?;
    let mut addresses = Vec::new();
    for target in REDIRECTIONS {
        addresses.push(redirect_to(target).await?);
    }
    let redirected = ask(arena, "F17 redirects", &addresses).await?;
    Ok(vec![direct, redirected])
}

/// Every address is refused, and every refusal is in the audit.
async fn ask(arena: Arena, case: &str, addresses: &[String]) -> anyhow::Result<Outcome> {
    let mut refused = 0;
    for address in addresses {
        let hook = arena.publish(&workflows::side_effect(address)).await?;
        let (host, request) = prepare(&hook, "{\"n\":1}")?;
        let mut stream = TcpStream::connect(host).await?;
        refused += usize::from(!exchange(&mut stream, &request, &mut Vec::new()).await?);
    }
    let events = arena.server.lines(&["log", "tail", "--tenant", TENANT, "--all"]).await?;
    let is_told = |event: &&serde_json::Value| event["type"] == "access.refused" && event["data"]["reason"] == "egress";
    let audited = events.iter().filter(is_told).count();
    let reached = arena.counter.different();
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    let verdict = ledger.judge(&arena.server, &Acknowledged::default()).await?;
    arena.server.stop().await?;
    Ok(Outcome {
        case: case.into(),
        injected: format!("{} addresses that must not be reached", addresses.len()),
        counted: format!("{refused} refused, {audited} audited"),
        lost: format!("{reached} reached, {}", verdict.in_words()),
        passed: refused == addresses.len() && audited == addresses.len() && reached == 0 && verdict.is_clean(),
    }
    .announce())
}
