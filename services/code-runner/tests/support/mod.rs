//! A pool of the runner that was just built, and requests for it.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::{sync::Arc, time::Duration};

use uuid::Uuid;
use weft_code_runner_client::{
    CodeError, CodeGlobals, CodeLimits, CodeMode, CodeOutcome, CodeRequest, NoNodes, NodeLookup, Runner, RunnerSettings,
};
use weft_value::Item;

pub const TENANT: Uuid = Uuid::from_u128(1);

pub fn settings() -> RunnerSettings {
    RunnerSettings { processes: 2, spares: 1, ..RunnerSettings::new(env!("CARGO_BIN_EXE_weft-code-runner")) }
}

pub fn pool() -> Runner {
    Runner::new(settings()).unwrap()
}

pub fn items(json: &str) -> Arc<Vec<Item>> {
    let value = weft_value::from_json(json).unwrap();
    Arc::new(value.as_array().unwrap().iter().cloned().map(Item::new).collect())
}

pub fn request(code: &str) -> CodeRequest {
    CodeRequest {
        tenant: TENANT,
        code: code.into(),
        mode: CodeMode::AllItems,
        carries_on: false,
        items: items(r#"[{"n":1},{"n":2},{"n":3}]"#),
        globals: CodeGlobals {
            now: 1_768_471_200_000,
            zone: "America/New_York".into(),
            seed: 7,
            ..CodeGlobals::default()
        },
        limits: CodeLimits { wall: Duration::from_secs(10), cpu: Duration::from_secs(5), ..CodeLimits::default() },
        host: Arc::new(NoNodes),
    }
}

pub fn each(code: &str) -> CodeRequest {
    CodeRequest { mode: CodeMode::EachItem, ..request(code) }
}

pub fn with_nodes(code: &str, host: Arc<impl NodeLookup>) -> CodeRequest {
    CodeRequest { host, ..request(code) }
}

/// The JSON of the items, or the error's sentence.
pub fn json(result: &Result<CodeOutcome, CodeError>) -> String {
    match result {
        Ok(outcome) => serde_json::to_string(&outcome.items).unwrap(),
        Err(error) => panic!("{error:?}"),
    }
}
