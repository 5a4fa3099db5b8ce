//! F17: addresses that a workflow must not reach, through the real server with its rules in force.

use tokio::net::TcpStream;
use weft_trial::{exchange, prepare, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting, TENANT};

const ADDRESSES: [&str; 10] = [
    "http://127.0.0.1:1/",
    "http://localhost:1/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0.0.0.0/",
    "file:///etc/passwd",
];

/// One outcome: every address is refused, and every refusal is in the audit.
pub async fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    // The counter's address is taken away again: the rules are those of a fresh installation.
    let arena = Arena::open(setting, &[("WEFT_EGRESS_ALLOW", String::new())]).await?;
    let mut refused = 0;
    for address in ADDRESSES {
        let hook = arena.publish(&workflows::side_effect(address)).await?;
        let (host, request) = prepare(&hook, "{\"n\":1}")?;
        let mut stream = TcpStream::connect(host).await?;
        refused += usize::from(!exchange(&mut stream, &request, &mut Vec::new()).await?);
    }
    let events = arena.server.lines(&["log", "tail", "--tenant", TENANT, "--all"]).await?;
    let audited = events
        .iter()
        .filter(|event| event["type"] == "execution.step_failed" && event["data"]["error"]["code"] == "egress_refused")
        .count();
    arena.server.stop().await?;
    Ok(Outcome {
        case: "F17 egress".into(),
        injected: format!("{} addresses that must not be reached", ADDRESSES.len()),
        counted: format!("{refused} refused, {audited} audited"),
        lost: format!("{} reached", arena.counter.different()),
        passed: refused == ADDRESSES.len() && audited >= ADDRESSES.len() && arena.counter.different() == 0,
    }
    .announce())
}
