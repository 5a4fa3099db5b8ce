//! One step: compile, call, turn the crank until the promise settles, write what came out.

use std::{thread, time::Duration};

use deno_core::v8;
use weft_code_runner_protocol::{Execute, Failure, FailureKind};

use crate::{
    engine::{self, Engine, Prepared},
    fault, host, limits,
};

/// What a step came to.
pub struct Outcome {
    /// The JSON of what the code returned, or why it did not.
    pub result: Result<Vec<u8>, Failure>,
    /// Whether nothing of the step can run any more.
    pub settled: bool,
}

/// The line that is put in front of the user's code.
const OPENING: &str = "(async function () {\n";

/// Executes one step in a fresh context.
pub fn run(engine: &mut Engine, execute: &Execute, globals: &[u8], items: &[u8]) -> Outcome {
    let lines = execute.code.split('\n').count() as u32;
    host::begin_step(lines);
    let prepared = engine.take();
    v8::scope_with_context!(let scope, &mut engine.isolate, &prepared.context);
    let step = Step { prepared: &prepared, execute, lines };
    let result = step.run(scope, globals, items);
    let settled = step.pending(scope) == 0.0 && !limits::heap_is_full();
    let result = result.map_err(|failure| if limits::heap_is_full() { full() } else { failure });
    Outcome { result, settled }
}

fn full() -> Failure {
    fault::plain(FailureKind::Memory, "The code ran over its memory limit.")
}

struct Step<'a> {
    prepared: &'a Prepared,
    execute: &'a Execute,
    lines: u32,
}

impl Step<'_> {
    fn run(&self, scope: &mut v8::PinScope, globals: &[u8], items: &[u8]) -> Result<Vec<u8>, Failure> {
        v8::tc_scope!(let scope, scope);
        let Some(promise) = self.begin(scope, globals, items) else {
            let kind = if fault::is_syntax_error(scope) { FailureKind::Syntax } else { FailureKind::Thrown };
            return Err(self.caught(scope, kind));
        };
        self.turn(scope, promise)?;
        let value = promise.result(scope);
        match promise.state() {
            v8::PromiseState::Fulfilled => self.write(scope, value),
            _ => Err(Failure { item: self.failed_at(scope), ..fault::thrown(scope, value, self.lines) }),
        }
    }

    /// Calls the code; the exception, if any, is in `scope`.
    fn begin<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        globals: &[u8],
        items: &[u8],
    ) -> Option<v8::Local<'s, v8::Promise>> {
        let source = format!("{OPENING}{}\n}})", self.execute.code);
        let code = engine::compile(scope, &source, fault::FILE)?.run(scope)?;
        let globals = parse(scope, globals)?;
        let items = parse(scope, items)?;
        let mode = v8::String::new(scope, self.execute.mode.name())?.into();
        let carries_on = v8::Boolean::new(scope, self.execute.carries_on).into();
        let begin = v8::Local::new(scope, &self.prepared.begin);
        let undefined = v8::undefined(scope).into();
        begin.call(scope, undefined, &[code, globals, items, mode, carries_on])?.try_into().ok()
    }

    /// Runs microtasks and timers until the promise settles.
    fn turn(
        &self,
        scope: &mut v8::PinnedRef<'_, v8::TryCatch<v8::HandleScope>>,
        promise: v8::Local<v8::Promise>,
    ) -> Result<(), Failure> {
        loop {
            scope.perform_microtask_checkpoint();
            if limits::heap_is_full() {
                return Err(full());
            }
            if promise.state() != v8::PromiseState::Pending {
                return Ok(());
            }
            let pump = v8::Local::new(scope, &self.prepared.pump);
            let undefined = v8::undefined(scope).into();
            match pump.call(scope, undefined, &[]).and_then(|wait| wait.number_value(scope)) {
                None => return Err(self.caught(scope, FailureKind::Thrown)),
                Some(wait) if wait < 0.0 => {
                    return Err(fault::plain(
                        FailureKind::NeverSettles,
                        "The code waits for a promise that nothing will settle. Is a call of resolve() missing?",
                    ));
                }
                Some(wait) => thread::sleep(Duration::try_from_secs_f64(wait / 1000.0).unwrap_or(Duration::MAX)),
            }
        }
    }

    fn write(
        &self,
        scope: &mut v8::PinnedRef<'_, v8::TryCatch<v8::HandleScope>>,
        value: v8::Local<v8::Value>,
    ) -> Result<Vec<u8>, Failure> {
        if value.is_undefined() || value.is_function() || value.is_symbol() {
            return Ok(b"null".to_vec());
        }
        let text = match v8::Local::<v8::String>::try_from(value) {
            Ok(json) if self.execute.tells_failed_items() => Some(json),
            _ => v8::json::stringify(scope, value),
        };
        let Some(text) = text else {
            return Err(Failure { kind: FailureKind::NotJson, ..self.caught(scope, FailureKind::NotJson) });
        };
        // A UTF-16 unit takes at least one byte, so that a result that is far too large is never copied.
        let too_large = || fault::plain(FailureKind::Output, "The code returned more data than is allowed.");
        if text.length() > self.execute.output_bytes {
            return Err(too_large());
        }
        let json = text.to_rust_string_lossy(scope).into_bytes();
        if json.len() > self.execute.output_bytes { Err(too_large()) } else { Ok(json) }
    }

    fn caught(&self, scope: &mut v8::PinnedRef<'_, v8::TryCatch<v8::HandleScope>>, kind: FailureKind) -> Failure {
        let line = scope.message().and_then(|message| message.get_line_number(scope));
        let found = scope.exception().map(|exception| fault::thrown(scope, exception, self.lines));
        let failure = found.unwrap_or_else(|| fault::plain(kind, "The code was stopped."));
        let line = failure.line.or_else(|| line.and_then(|line| fault::user_line(line as u32, self.lines)));
        let item = self.failed_at(scope);
        scope.reset();
        Failure { kind, line, item, ..failure }
    }

    fn failed_at(&self, scope: &mut v8::PinScope) -> Option<u32> {
        let index = call_number(scope, &self.prepared.failed_at)?;
        if index >= 0.0 { Some(index as u32) } else { None }
    }

    /// Timers that have not run; unknown counts as one.
    fn pending(&self, scope: &mut v8::PinScope) -> f64 {
        call_number(scope, &self.prepared.pending).unwrap_or(1.0)
    }
}

fn call_number(scope: &mut v8::PinScope, function: &v8::Global<v8::Function>) -> Option<f64> {
    let function = v8::Local::new(scope, function);
    let undefined = v8::undefined(scope).into();
    function.call(scope, undefined, &[])?.number_value(scope)
}

fn parse<'s>(scope: &v8::PinScope<'s, '_>, json: &[u8]) -> Option<v8::Local<'s, v8::Value>> {
    let text = v8::String::new_from_utf8(scope, json, v8::NewStringType::Normal)?;
    v8::json::parse(scope, text)
}
