//! A kind that acts on the world of the tests: it counts, fails a few times, or never comes back.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use weft_code_runner_client::Keepsake;
use weft_engine::kinds::{Kind, Kinds};
use weft_engine::{ActFailure, Acted, Action, ActionKind, Services, StepView};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Group, Label, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform, label, port,
};
use weft_value::{Item, ItemRef, Object, Pairing, Value};

/// What happened to the outside world, by the probe's name.
static WORLD: LazyLock<Mutex<HashMap<String, u32>>> = LazyLock::new(Mutex::default);

/// How often the probe `name` touched the world.
pub fn touched(name: &str) -> u32 {
    WORLD.lock().unwrap().get(name).copied().unwrap_or_default()
}

pub struct ProbeKind;

const TEXT: Label = label("Probe", "Sonde");

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "probe",
    version: 1,
    label: TEXT,
    description: TEXT,
    group: Group::Act,
    icon: "probe",
    color: "gray",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: Vec::new(),
    retried: Retried::AtMostOnce,
    documentation: TEXT,
});

/// `{"name":…, "retried":"idempotent"|"atMostOnce"|"pure", "failures":n}`, and one of [`DOES`] set to true.
struct Probe {
    name: String,
    retried: Retried,
    failures: u32,
    does: Does,
}

/// What a probe does with its items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    PassOn,
    Hang,
    /// It hangs in its first attempt.
    HangAtFirst,
    Panic,
    /// It counts, as code would, how often it ran in everything that code may keep, and gives the counts.
    Keep,
    /// It gives its `$now`.
    Stamp,
    /// It opens the credential that has its node's id.
    SignIn,
}

const DOES: [(&str, Does); 6] = [
    ("hangs", Does::Hang),
    ("hangsAtFirst", Does::HangAtFirst),
    ("panics", Does::Panic),
    ("keeps", Does::Keep),
    ("stamps", Does::Stamp),
    ("signsIn", Does::SignIn),
];

impl NodeKind for ProbeKind {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }
}

impl ActionKind for ProbeKind {
    fn prepare(&self, parameters: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(Probe {
            name: parameters.get("name").as_str().unwrap_or_default().to_owned(),
            retried: match parameters.get("retried").as_str() {
                Some("idempotent") => Retried::Idempotent,
                Some("pure") => Retried::Pure,
                _ => Retried::AtMostOnce,
            },
            failures: parameters.get("failures").as_f64().unwrap_or_default() as u32,
            does: DOES
                .iter()
                .find(|(name, _)| parameters.get(name).as_bool() == Some(true))
                .map_or(Does::PassOn, |(_, does)| *does),
        }))
    }
}

#[async_trait]
impl Action for Probe {
    fn retried(&self) -> Retried {
        self.retried
    }

    fn keeps(&self) -> bool {
        self.does == Does::Keep
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if self.does == Does::SignIn {
            step.credential(services, CredentialId(step.node().id.0), &["basic"]).await?;
        }
        *WORLD.lock().unwrap().entry(self.name.clone()).or_default() += 1;
        assert!(self.does != Does::Panic, "the probe panics, as the test wants");
        if self.does == Does::Hang || (self.does == Does::HangAtFirst && step.attempt == 1) {
            std::future::pending::<()>().await;
        }
        let counts = (self.does == Does::Keep).then(|| {
            [("all", Keepsake::Global), ("own", Keepsake::Node), ("marked", Keepsake::CustomData)]
                .map(|(name, kind)| (name, count(&step, kind)))
        });
        let code_ms = counts.map(|_| 1);
        if step.attempt <= self.failures {
            let error = NodeError::new("probe", format!("failure {} of {}", step.attempt, self.failures));
            return Err(ActFailure { code_ms, ..error.into() });
        }
        if let Some(counts) = counts {
            let item = Item::new(counts.into_iter().collect::<Object>());
            return Ok(Acted { code_ms, ..Acted::outputs(Outputs::one(vec![item.paired_with(0)])) });
        }
        if self.does == Does::Stamp {
            let item = Item::new([("now", step.now.to_string().as_str())].into_iter().collect::<Object>());
            return Ok(Acted::outputs(Outputs::one(vec![item.paired_with(0)])));
        }
        let items = step.input(0).iter().enumerate().map(|(index, item)| item.clone().paired_with(index));
        Ok(Acted::outputs(Outputs::one(items.collect())))
    }
}

/// One more than was kept before.
fn count(step: &StepView, kind: Keepsake) -> f64 {
    let node = step.node().id;
    let count = step.kept.get(kind, node).get("count").as_f64().unwrap_or_default() + 1.0;
    step.kept.set(kind, node, [("count", count)].into_iter().collect::<Object>().into());
    count
}

/// A kind that transforms items as code may: `{"tangle":n}` pairs every item with all inputs, over and over, n times each;
/// `{"waitsFor":"name"}` keeps its thread until the probe of that name has touched the world.
pub struct TransformKind;

static TRANSFORM: LazyLock<Descriptor> =
    LazyLock::new(|| Descriptor { kind: "probeTransform", retried: Retried::Pure, ..DESCRIPTOR.clone() });

struct ProbeTransform {
    tangle: u32,
    waits_for: Option<String>,
}

impl NodeKind for TransformKind {
    fn descriptor(&self) -> &'static Descriptor {
        &TRANSFORM
    }
}

impl weft_nodes::TransformKind for TransformKind {
    fn prepare(&self, parameters: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(ProbeTransform {
            tangle: parameters.get("tangle").as_f64().unwrap_or_default() as u32,
            waits_for: parameters.get("waitsFor").as_str().map(str::to_owned),
        }))
    }
}

impl Transform for ProbeTransform {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        if let Some(name) = &self.waits_for {
            let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while touched(name) == 0 {
                assert!(std::time::Instant::now() < patience, "nobody else can progress");
                std::thread::yield_now();
            }
        }
        let count = step.input(0).len() as u32;
        let items = step.input(0).iter().cloned().map(|mut item| {
            if self.tangle > 0 {
                let all = (0..self.tangle).map(|place| ItemRef { item: place % count, input: 0 });
                item.pairing = Pairing::many(all);
            }
            item
        });
        Ok(Outputs::one(items.collect()))
    }
}

/// All kinds and the probes.
pub fn kinds() -> Kinds {
    let mut all = weft_engine::kinds::all();
    all.push(Kind::Action(&ProbeKind));
    all.push(Kind::Transform(&TransformKind));
    Kinds::new(all)
}
