//! Blocks of expressions that are beyond the expression language: a code runner executes them, once for all items of the step.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use weft_code_runner_client::{CodeError, CodeErrorKind, CodeGlobals, CodeLimits, CodeMode, CodeRequest, Runner};
use weft_expressions::EvaluationError;
use weft_nodes::Step as _;
use weft_value::{Item, Object, Value};

use super::view::StepView;

/// So many blocks are remembered; further ones are executed for each item anew.
const MOST_REMEMBERED: usize = 16;
/// JSON that one block may give for all items of a step.
const MOST_BYTES: usize = 8 * 1024 * 1024;

type Given = Result<Value, EvaluationError>;
type Remembered = HashMap<Box<str>, Arc<Vec<Given>>>;

/// What executes blocks, and what those of one step gave.
#[derive(Clone, Default)]
pub struct Blocks {
    runner: Option<Runner>,
    remembered: Arc<Mutex<Remembered>>,
}

impl Blocks {
    /// Blocks that this runner executes; none without one.
    pub(crate) fn new(runner: Option<Runner>) -> Self {
        Self { runner, remembered: Arc::default() }
    }

    fn of(&self, body: &str) -> Option<Arc<Vec<Given>>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).get(body).cloned()
    }

    fn has_room(&self) -> bool {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).len() < MOST_REMEMBERED
    }

    fn remember(&self, body: &str, given: &Arc<Vec<Given>>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.insert(body.into(), Arc::clone(given));
    }
}

impl StepView {
    /// What the block gives for the item in that place, where names of `globals` have values of their own. Nothing where no code is
    /// executed.
    pub(super) fn run_block(&self, body: &str, item: usize, globals: Option<&Object>) -> Option<Given> {
        let runner = self.blocks.runner.as_ref()?;
        let named = globals.filter(|globals| !globals.is_empty());
        let alone = named.is_some() || !(self.blocks.of(body).is_some() || self.blocks.has_room());
        if alone {
            let given = self.executed(runner, &[declared(named).as_str(), body].concat(), Some(item));
            return Some(given.and_then(|given| at(&given, item)));
        }
        if let Some(given) = self.blocks.of(body) {
            return Some(at(&given, item));
        }
        let given = match self.executed(runner, body, None) {
            Ok(given) => Arc::new(given),
            Err(error) => return Some(Err(error)),
        };
        self.blocks.remember(body, &given);
        Some(at(&given, item))
    }

    /// What the block gives for every item, or for that in the place `only`.
    fn executed(&self, runner: &Runner, code: &str, only: Option<usize>) -> Result<Vec<Given>, EvaluationError> {
        let mut items = self.shared_input(self.main_input());
        if items.is_empty() {
            items = Arc::new(vec![Item::new(Value::empty_object())]);
        }
        let count = items.len();
        let request = CodeRequest {
            tenant: self.info.tenant.0,
            code: code.into(),
            mode: CodeMode::Expression,
            carries_on: true,
            items,
            globals: CodeGlobals { only, methods: METHODS.clone(), ..self.code_globals() },
            limits: CodeLimits { output_bytes: MOST_BYTES, ..CodeLimits::default() },
            // What code asks in turn must not begin code again: it could go on for ever.
            host: Arc::new(Self { blocks: Blocks::default(), ..self.clone() }),
        };
        let ended = self.lists.wait_for_code(runner.execute(request));
        let outcome = ended.map_err(|error| EvaluationError::Misuse(error.message.clone()))?.map_err(failure)?;
        let mut failed: HashMap<_, _> = outcome.failed.into_iter().map(|error| (error.item, error)).collect();
        let mut succeeded = outcome.items.into_iter();
        let given = (0..count).map(|place| match failed.remove(&Some(place as u32)) {
            Some(error) if error.kind == CodeErrorKind::Thrown => Ok(Value::Undefined),
            Some(error) => Err(failure(error)),
            None => succeeded.next().map_or(Ok(Value::Undefined), |item| value_of(&item)),
        });
        Ok(given.collect())
    }
}

fn at(given: &[Given], item: usize) -> Given {
    given.get(item).cloned().unwrap_or(Ok(Value::Undefined))
}

fn value_of(item: &Item) -> Given {
    match item.json.get("refused").as_str() {
        Some(refused) => Err(EvaluationError::Misuse(refused.to_owned())),
        None => Ok(item.json.get("value").clone()),
    }
}

fn failure(error: CodeError) -> EvaluationError {
    EvaluationError::Misuse(error.message)
}

/// The names as constants in front of a block.
fn declared(named: Option<&Object>) -> String {
    let mut code = String::new();
    for (name, value) in named.into_iter().flatten() {
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '$' || c == '_');
        // A text as JSON is a text in JavaScript, too.
        let json = Value::from(value.to_json()).to_json();
        if is_name && !value.is_undefined() {
            // Writing to a text does not fail.
            let _ = write!(code, "const {name} = JSON.parse({json});");
        }
    }
    code
}

/// What extends JavaScript's own values in expressions, by type.
static METHODS: LazyLock<Value> = LazyLock::new(|| {
    let mut methods: HashMap<&str, Vec<Value>> = HashMap::new();
    for entry in weft_expressions::catalogue().iter().filter(|entry| entry.is_extension && entry.is_function) {
        methods.entry(entry.receiver).or_default().push(entry.name.into());
    }
    methods.into_iter().map(|(receiver, names)| (receiver, Value::from(names))).collect::<Object>().into()
});
