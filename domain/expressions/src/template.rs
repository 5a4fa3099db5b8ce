//! A compiled parameter.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use weft_value::{Text, Value};

use crate::compile::{Finding, Part, block, function_body, next_part};
use crate::diagnostic::{Code, place};
use crate::ir::{Expr, Path, Root};
use crate::library::json::append_to_json;
use crate::stop::{Outcome, Stop, misuse};
use crate::vm::{Frame, Vm, joined, walk};
use crate::{Budget, Diagnostic, EvaluationError, Exhausted, Reference, Scope, references};

/// A compiled parameter: text and blocks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Template {
    compiled: Arc<Compiled>,
    writing: Writing,
}

/// How the value of a block is written among text.
#[derive(Clone, Copy, Debug)]
enum Writing {
    /// As JavaScript joins a list: nothing for nothing, `[object Object]` for an object.
    Text,
    /// As a part of JSON, except for texts: they stand in quotes of their own or are JSON themselves.
    Json,
}

#[derive(Debug)]
struct Compiled {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(Text),
    Block(Expr, Place, Body),
}

/// The bytes of the source that a block takes, with its braces.
type Place = Range<usize>;

/// The block as the body of a function, where it was evaluated by a code runner; nothing in it where it cannot be one.
type Body = OnceLock<Option<Box<str>>>;

/// A block of a template, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// It, with its braces.
    pub source: &'a str,
    /// The line that it begins on, from 1.
    pub line: u32,
    /// Where on the line, from 1, in UTF-16 code units.
    pub column: u32,
}

/// What a block stands between.
const OPENING: &str = "{{";
const CLOSING: &str = "}}";

/// Blocks that one parameter may have.
const MOST_BLOCKS: usize = 4000;

/// Compiles `source`: a parameter without its leading `=`. Text around `{{ }}` is kept; a lone block keeps its type.
///
/// Every block with something wrong gives one diagnostic. A block that is good JavaScript beyond the expression language (classes,
/// generators, getters …) is compiled, too: [`Scope::run_code`] is asked for its value.
pub fn compile(source: &str) -> Result<Template, Vec<Diagnostic>> {
    let mut pieces = Vec::new();
    let mut wrong = Vec::new();
    let mut from = 0;
    while from < source.len() {
        let mut first: Option<Result<Expr, Finding>> = None;
        let mut complete = None;
        let (part, end) = next_part(source, from, |code| {
            let compiled = block(code);
            let is_complete = !matches!(&compiled, Err(finding) if finding.code == Code::Syntax);
            let slot = if is_complete { &mut complete } else { &mut first };
            slot.get_or_insert(compiled);
            is_complete
        });
        match part {
            Part::Text(text) => pieces.push(Piece::Text(text.into())),
            Part::Unclosed(at) => {
                let finding = Finding::new(Code::Unclosed, 0, "This {{ is never closed.")
                    .with_hint("Add }} where the expression ends.");
                wrong.push(diagnostic(source, at, finding));
            }
            Part::Block { start, .. } => match complete.or(first) {
                Some(Ok(expr)) => pieces.push(Piece::Block(expr, from..end, Body::new())),
                Some(Err(finding)) if finding.code == Code::NeedsCodeRunner => {
                    let expr = Expr::NeedsCodeRunner(finding.message.into());
                    pieces.push(Piece::Block(expr, from..end, Body::new()));
                }
                Some(Err(finding)) => wrong.push(diagnostic(source, start, finding)),
                None => {}
            },
        }
        if pieces.len() + wrong.len() > MOST_BLOCKS {
            let finding =
                Finding::new(Code::TooLarge, 0, format!("This parameter has more than {MOST_BLOCKS} blocks."));
            wrong.push(diagnostic(source, from, finding));
            break;
        }
        from = end;
    }
    if wrong.is_empty() { Ok(Template::new(Compiled { source: source.to_owned(), pieces })) } else { Err(wrong) }
}

fn diagnostic(source: &str, start: usize, finding: Finding) -> Diagnostic {
    let (line, column) = place(source, start + finding.offset);
    Diagnostic { message: finding.message, line, column, hint: finding.hint, code: finding.code }
}

impl Template {
    fn new(compiled: Compiled) -> Self {
        Self { compiled: Arc::new(compiled), writing: Writing::Text }
    }

    /// The same, where the text around the blocks is JSON: `{"list": {{ $json.list }}}` holds the list and not what JavaScript
    /// makes of it in a text.
    #[must_use]
    pub fn writing_json(self) -> Self {
        Self { writing: Writing::Json, ..self }
    }

    /// The value for the item that `scope` stands at.
    ///
    /// What JavaScript would throw (a property of `undefined`, broken JSON) makes the value of its block `undefined`; what
    /// [`EvaluationError`] names fails the evaluation.
    pub fn evaluate(&self, scope: &dyn Scope, budget: &mut Budget) -> Result<Value, EvaluationError> {
        match self.compiled.pieces.as_slice() {
            [] => Ok(Value::from("")),
            [Piece::Text(text)] => Ok(Value::String(text.clone())),
            [Piece::Block(Expr::Path(path), ..)] if matches!(path.root, Root::Json) => json_path(path, scope, budget),
            [Piece::Block(expr, place, body)] => {
                let mut vm = Vm::new(scope, budget);
                let value = self.value(&mut vm, (expr, place, body))?;
                // Data of the scope is data already.
                if matches!(expr, Expr::Path(path) if !matches!(path.root, Root::Expr(_)))
                    && !matches!(value, Value::Opaque(_))
                {
                    return Ok(value);
                }
                vm.settle(value).map_err(failure)
            }
            _ => self.text(&mut Vm::new(scope, budget)).map_err(failure),
        }
    }

    /// The value within an evaluation that is under way.
    fn nested(&self, vm: &mut Vm<'_>) -> Outcome {
        match self.compiled.pieces.as_slice() {
            [] => Ok(Value::from("")),
            [Piece::Block(expr, ..)] => vm.eval(expr, Frame::OUTERMOST),
            _ => self.text(vm),
        }
    }

    /// Text with blocks among it.
    fn text(&self, vm: &mut Vm<'_>) -> Outcome {
        let mut text = String::with_capacity(self.compiled.source.len());
        for piece in &self.compiled.pieces {
            match piece {
                Piece::Text(piece) => vm.push(&mut text, piece)?,
                Piece::Block(expr, place, body) => {
                    let value = self.value(vm, (expr, place, body)).map_err(|error| Stop::Fail(Box::new(error)))?;
                    match self.writing {
                        Writing::Text => {
                            if matches!(value, Value::Opaque(_)) {
                                // A function is refused here too; all else is written as text.
                                vm.settle(value.clone())?;
                            }
                            joined(vm, &mut text, &value)?;
                        }
                        Writing::Json => {
                            let value = vm.settle(value)?;
                            append_to_json(vm, &mut text, &value)?;
                        }
                    }
                }
            }
        }
        vm.string(text)
    }

    /// The first `most` blocks among text or other blocks that give `undefined`: there is nothing in their place in the value.
    /// Evaluates them once more, for whoever writes the expression.
    pub fn undefined_blocks(&self, scope: &dyn Scope, budget: &mut Budget, most: usize) -> Vec<Block<'_>> {
        if self.compiled.pieces.len() < 2 {
            return Vec::new();
        }
        let mut vm = Vm::new(scope, budget);
        let mut undefined = Vec::new();
        for piece in &self.compiled.pieces {
            if undefined.len() == most {
                break;
            }
            if let Piece::Block(expr, place, body) = piece
                && matches!(self.value(&mut vm, (expr, place, body)), Ok(Value::Undefined))
            {
                undefined.push(self.block(place));
            }
        }
        undefined
    }

    fn block(&self, bytes: &Place) -> Block<'_> {
        let (line, column) = place(&self.compiled.source, bytes.start);
        Block { source: &self.compiled.source[bytes.clone()], line, column }
    }

    /// The value of a block. What is beyond the expression language, the scope has executed.
    fn value(&self, vm: &mut Vm<'_>, (expr, place, body): (&Expr, &Place, &Body)) -> Result<Value, EvaluationError> {
        match run(vm, expr) {
            Err(EvaluationError::NeedsCodeRunner(why)) => {
                let code = self.compiled.source.get(place.start + OPENING.len()..place.end - CLOSING.len());
                let body = body.get_or_init(|| function_body(code?).map(String::into_boxed_str));
                let given = body.as_ref().and_then(|body| vm.scope.run_code(body));
                given.unwrap_or(Err(EvaluationError::NeedsCodeRunner(why)))
            }
            other => other,
        }
    }

    /// The nodes that the expression names.
    pub fn references(&self) -> Vec<Reference> {
        references(&self.compiled.source)
    }

    /// Whether the value is the same in every scope.
    pub fn is_constant(&self) -> bool {
        self.compiled.pieces.iter().all(|piece| matches!(piece, Piece::Text(_) | Piece::Block(Expr::Const(_), ..)))
    }

    /// Why only a scope with a code runner has its value, where that is known before it is evaluated.
    pub fn needs_code_runner(&self) -> Option<&str> {
        self.compiled.pieces.iter().find_map(|piece| match piece {
            Piece::Block(Expr::NeedsCodeRunner(why), ..) => Some(&**why),
            _ => None,
        })
    }

    /// What it was compiled from.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }
}

/// How many `$evaluateExpression()` may stand within each other; each takes its own part of the thread's stack.
const DEEPEST_SOURCE: u8 = 4;
/// Steps that compiling takes, at least, and for every byte.
const COMPILE_STEPS: usize = 500;

impl Vm<'_> {
    /// The value of `source` at `item`: `$evaluateExpression()`.
    pub(crate) fn evaluate_source(&mut self, source: &str, item: usize) -> Outcome {
        self.budget.walk(COMPILE_STEPS + source.len().saturating_mul(8))?;
        if self.nested == DEEPEST_SOURCE {
            return Err(misuse(format!(
                "$evaluateExpression() can stand within itself {DEEPEST_SOURCE} times at most."
            )));
        }
        let template = compile(source).map_err(|wrong| {
            let sentences: Vec<_> = wrong.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
            misuse(format!("$evaluateExpression() was given what is not an expression: {}", sentences.join(" ")))
        })?;
        let before = std::mem::replace(&mut self.item, item);
        self.nested += 1;
        let value = template.nested(self);
        self.nested -= 1;
        self.item = before;
        value
    }
}

/// Four evaluations out of five are this: `{{ $json.a.b }}`. No evaluator is set up for it.
fn json_path(path: &Path, scope: &dyn Scope, budget: &mut Budget) -> Result<Value, EvaluationError> {
    budget.step()?;
    let Some(item) = scope.item() else { return Ok(Value::Undefined) };
    if let Ok(found) = walk(&item.json, &path.keys) {
        return Ok(found.clone());
    }
    let mut vm = Vm::new(scope, budget);
    let value = forgiving(vm.path(path, Frame::OUTERMOST))?;
    vm.settle(value).map_err(failure)
}

fn run(vm: &mut Vm<'_>, expr: &Expr) -> Result<Value, EvaluationError> {
    let depth = vm.budget.depth();
    let outcome = vm.eval(expr, Frame::OUTERMOST);
    vm.budget.return_to(depth);
    forgiving(outcome)
}

/// What JavaScript throws is `undefined` here, as workflows expect it.
fn forgiving(outcome: Result<Value, Stop>) -> Result<Value, EvaluationError> {
    match outcome {
        Ok(value) => Ok(value),
        Err(Stop::Throw(_) | Stop::Chain) => Ok(Value::Undefined),
        Err(Stop::Fail(error)) => Err(*error),
    }
}

fn failure(stop: Stop) -> EvaluationError {
    match stop {
        Stop::Fail(error) => *error,
        // Nothing that makes a text or a result throws; a stop without a reason is taken for the strictest one.
        Stop::Throw(_) | Stop::Chain => Exhausted::Depth.into(),
    }
}
