//! Blocks of expressions that are beyond the expression language: a code runner executes them, once for all items of the step.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use weft_code_runner_client::{CodeError, CodeErrorKind, CodeGlobals, CodeLimits, CodeMode, CodeRequest, Runner};
use weft_expressions::EvaluationError;
use weft_nodes::Step as _;
use weft_value::{Item, Object, Value};

use super::view::StepView;

/// So many different blocks of one step are executed.
const MOST_BLOCKS: usize = 16;
/// JSON that the blocks of one step may give together.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// So many steps of a process wait for blocks at the same time. Each keeps a thread, of which there are some hundreds: were all of
/// them to wait, nobody would be left to hear the answers.
const MOST_WAITING: usize = 64;

static WAITING: Semaphore = Semaphore::const_new(MOST_WAITING);

type Given = Result<Value, EvaluationError>;

/// What executes blocks, and what those of one step gave.
#[derive(Clone, Default)]
pub struct Blocks {
    runner: Option<Runner>,
    remembered: Arc<Mutex<Remembered>>,
}

/// What blocks gave for every item, or why they gave nothing.
#[derive(Default)]
struct Remembered {
    given: HashMap<Box<str>, Result<Arc<Vec<Given>>, EvaluationError>>,
    /// Bytes of JSON, about.
    bytes: usize,
}

impl Blocks {
    /// Blocks that this runner executes; none without one.
    pub(crate) fn new(runner: Option<Runner>) -> Self {
        Self { runner, remembered: Arc::default() }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StepView {
    /// The step as code may ask about it, which begins no code in turn: it would wait for a process, and might be the one that keeps
    /// it.
    pub(crate) fn as_host(&self) -> Arc<Self> {
        Arc::new(Self { blocks: Blocks::default(), ..self.clone() })
    }

    /// What the block gives for the item in that place, where names of `globals` have values of their own. Nothing where no code is
    /// executed.
    pub(super) fn run_block(&self, body: &str, item: usize, globals: Option<&Object>) -> Option<Given> {
        let runner = self.blocks.runner.as_ref()?;
        if let Some(named) = globals.filter(|globals| !globals.is_empty()) {
            let given = self.executed(runner, &[declared(named).as_str(), body].concat(), (Some(item), MOST_BYTES));
            return Some(given.and_then(|given| at(&given, item)));
        }
        let found = self.blocks.remembered().given.get(body).cloned();
        let given = found.unwrap_or_else(|| self.executed_once(runner, body));
        Some(given.and_then(|given| at(&given, item)))
    }

    /// What the block gives for every item, which is remembered, also where it fails as a whole.
    fn executed_once(&self, runner: &Runner, body: &str) -> Result<Arc<Vec<Given>>, EvaluationError> {
        let (count, bytes) = {
            let remembered = self.blocks.remembered();
            (remembered.given.len(), remembered.bytes)
        };
        if count >= MOST_BLOCKS || bytes >= MOST_BYTES {
            return Err(EvaluationError::Misuse(format!(
                "Expressions of this node that take the code runner are too many or give too much: {MOST_BLOCKS} of them and \
                 {MOST_BYTES} bytes at most. Use a Code node."
            )));
        }
        let given = self.executed(runner, body, (None, MOST_BYTES - bytes)).map(Arc::new);
        let size = |given: &Given| given.as_ref().map_or(0, |value| value.to_json().len());
        let made = given.as_ref().map_or(0, |given| given.iter().map(size).sum());
        let mut remembered = self.blocks.remembered();
        remembered.bytes += made;
        remembered.given.insert(body.into(), given.clone());
        given
    }

    /// What the block gives for every item, or for that in the place `only`.
    fn executed(
        &self,
        runner: &Runner,
        code: &str,
        (only, most_bytes): (Option<usize>, usize),
    ) -> Result<Vec<Given>, EvaluationError> {
        let _place = WAITING.try_acquire().map_err(|_| {
            EvaluationError::Misuse(
                "Too many steps wait for the code runner at the moment. Try again later.".to_owned(),
            )
        })?;
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
            limits: CodeLimits { output_bytes: most_bytes, ..CodeLimits::default() },
            host: self.as_host(),
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
fn declared(named: &Object) -> String {
    let mut code = String::new();
    for (name, value) in named {
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
