//! One block: guard, parse, lower.

use std::collections::HashSet;
use std::thread;

use oxc_allocator::Allocator;
use oxc_ast::ast::{Expression, Statement};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{GetSpan, SourceType};
use weft_value::Value;

use super::lower::Lowerer;
use crate::diagnostic::Code;
use crate::ir::Expr;

/// A finding at a byte of the block.
#[derive(Debug)]
pub(crate) struct Finding {
    pub code: Code,
    pub offset: usize,
    pub message: String,
    pub hint: Option<String>,
}

impl Finding {
    pub(crate) fn new(code: Code, offset: u32, message: impl Into<String>) -> Self {
        Self { code, offset: offset as usize, message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Bytes that one block may have.
const MOST_BYTES: usize = 512 << 10;
/// Words and signs that one block may have.
const MOST_TOKENS: usize = 60_000;
/// Words and signs up to which parsing fits on any thread's stack.
const SHALLOW: usize = 40;
/// Stack that one level of nesting may need, in the parser and in the lowering together; estimated, with room, for an
/// unoptimised build.
const STACK_PER_TOKEN: usize = 8 << 10;

/// Compiles one block.
///
/// The parser is recursive and has no limit of its own, so that `((((…` would overflow the stack. No text nests deeper
/// than it has tokens; therefore the tokens are counted first, and a block with many of them is parsed on a thread with a
/// stack for that many levels. (The system only backs the part of a stack that is touched.)
pub(crate) fn block(code: &str) -> Result<Expr, Finding> {
    let tokens = count_tokens(code);
    if code.len() > MOST_BYTES || tokens > MOST_TOKENS {
        let message = format!("This expression is too long: {} bytes, {tokens} words and signs.", code.len());
        return Err(Finding::new(Code::TooLarge, 0, message).with_hint("Use a Code node for work of this size."));
    }
    with_stack_for(tokens, || compile(code)).unwrap_or_else(|| {
        Err(Finding::new(Code::TooLarge, 0, "This expression is too large to be compiled at the moment."))
    })
}

/// Does what may need the stack of so many levels; nothing where there is no memory for it.
fn with_stack_for<T: Send>(tokens: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if tokens <= SHALLOW {
        return Some(work());
    }
    let stack = (tokens * STACK_PER_TOKEN).max(4 << 20);
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(stack).spawn_scoped(scope, work);
        worker.ok().and_then(|worker| worker.join().ok())
    })
}

/// An upper bound of the number of tokens: runs of letters and digits, and every sign.
fn count_tokens(code: &str) -> usize {
    let mut in_word = false;
    let mut count = 0;
    for byte in code.bytes() {
        let word = byte.is_ascii_alphanumeric() || byte >= 0x80;
        let sign = !word && !byte.is_ascii_whitespace();
        count += usize::from(sign || (word && !in_word));
        in_word = word;
    }
    count
}

fn compile(code: &str) -> Result<Expr, Finding> {
    let trimmed = code.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    if trimmed.trim().is_empty() {
        return Ok(Expr::Const(Value::Undefined));
    }
    let allocator = Allocator::default();
    let failure = match parser(&allocator, trimmed).parse_expression() {
        Ok(expression) => return lower(&[&expression]),
        Err(diagnostics) => diagnostics,
    };
    let program = parser(&allocator, code).parse();
    if program.fatal_error_or_diagnostics() {
        let first = failure.iter().next();
        let offset = first.and_then(|d| d.labels.first().map(oxc_span::LabeledSpan::offset)).unwrap_or(0);
        let message = first.map_or_else(|| "This is not JavaScript.".to_owned(), |d| sentence(&d.message));
        return Err(Finding::new(Code::Syntax, offset, message).with_hint(hint(trimmed)));
    }
    statements(&program.program.body)
}

/// A block as the body of a function: what it gives is returned. Statements give what the last one gives, where that is an
/// expression. Nothing where it is no JavaScript.
pub(crate) fn function_body(code: &str) -> Option<String> {
    with_stack_for(count_tokens(code), || body(code)).flatten()
}

fn body(code: &str) -> Option<String> {
    let trimmed = code.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    let allocator = Allocator::default();
    if parser(&allocator, trimmed).parse_expression().is_ok() {
        return Some(format!("return ({trimmed}\n);"));
    }
    let program = parser(&allocator, code).parse();
    if program.fatal_error_or_diagnostics() {
        return None;
    }
    let Some(Statement::ExpressionStatement(last)) = program.program.body.last() else { return None };
    let span = last.expression.span();
    let (start, end) = (span.start as usize, span.end as usize);
    Some(format!("{}return ({}\n);", code.get(..start)?, code.get(start..end)?))
}

fn parser<'a>(allocator: &'a Allocator, code: &'a str) -> Parser<'a> {
    let options = ParseOptions { preserve_parens: false, ..ParseOptions::default() };
    Parser::new(allocator, code, SourceType::script()).with_options(options)
}

/// Whether a program could not be parsed.
trait Failed {
    fn fatal_error_or_diagnostics(&self) -> bool;
}

impl Failed for oxc_parser::ParserReturn<'_> {
    fn fatal_error_or_diagnostics(&self) -> bool {
        self.panicked || !self.diagnostics.is_empty()
    }
}

/// Statements. Where they are expressions one after the other, the value of the last one counts.
fn statements(body: &[Statement<'_>]) -> Result<Expr, Finding> {
    let mut expressions = Vec::with_capacity(body.len());
    for statement in body {
        match statement {
            Statement::ExpressionStatement(statement) => expressions.push(&statement.expression),
            Statement::EmptyStatement(_) => {}
            _ => return again(|lowerer| lowerer.program(body)),
        }
    }
    lower(&expressions)
}

/// Lowers until it is known which variables change: each round may find more.
fn again(mut lower: impl FnMut(&mut Lowerer) -> Result<Expr, Finding>) -> Result<Expr, Finding> {
    let mut changed = HashSet::new();
    loop {
        let mut lowerer = Lowerer::new(changed);
        let expr = lower(&mut lowerer)?;
        match lowerer.functions.changed() {
            Some(more) => changed = more,
            None => return Ok(expr),
        }
    }
}

fn lower(expressions: &[&Expression<'_>]) -> Result<Expr, Finding> {
    again(|lowerer| {
        let mut all = Vec::with_capacity(expressions.len());
        for expression in expressions {
            all.push(lowerer.expr(expression)?);
        }
        match all.len() {
            0 => Ok(Expr::Const(Value::Undefined)),
            1 => Ok(all.remove(0)),
            _ => Ok(Expr::Sequence(all.into())),
        }
    })
}

fn sentence(message: &str) -> String {
    if message.ends_with('.') { message.to_owned() } else { format!("{message}.") }
}

fn hint(code: &str) -> String {
    let unbalanced = |open: char, close: char| code.matches(open).count() > code.matches(close).count();
    if unbalanced('(', ')') {
        return "A closing parenthesis seems to be missing.".to_owned();
    }
    if unbalanced('[', ']') {
        return "A closing square bracket seems to be missing.".to_owned();
    }
    if unbalanced('{', '}') {
        return "A closing brace seems to be missing.".to_owned();
    }
    "Write one JavaScript expression between {{ and }}; text belongs outside or into quotes.".to_owned()
}
