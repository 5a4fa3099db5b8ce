//! From an exception to a sentence with a place in the user's code.

use deno_core::v8;
use weft_code_runner_protocol::{Failure, FailureKind};

/// The name under which the user's code is compiled.
pub const FILE: &str = "code.js";
/// The lines in front of the user's code.
const LINES_BEFORE: u32 = 1;
/// What is kept of a message and of a stack, in bytes.
const MAX_TEXT: usize = 4096;

/// A failure without a place.
pub fn plain(kind: FailureKind, message: &str) -> Failure {
    Failure { kind, message: message.to_owned(), line: None, column: None, item: None, stack: None }
}

/// The failure that `exception` stands for; `lines` is the number of lines of the user's code.
pub fn thrown(scope: &mut v8::PinScope, exception: v8::Local<v8::Value>, lines: u32) -> Failure {
    let stack = property(scope, exception, "stack").unwrap_or_default();
    let frames: Vec<String> = stack.lines().filter_map(|line| user_frame(line, lines)).collect();
    let place = stack.lines().find_map(place).and_then(|(line, column)| Some((user_line(line, lines)?, column)));
    let message = property(scope, exception, "message").filter(|message| !message.is_empty());
    let message = message
        .or_else(|| text(scope, exception))
        .unwrap_or_else(|| "The code threw a value without a text.".to_owned());
    Failure {
        kind: FailureKind::Thrown,
        message: shorten(message),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        item: None,
        stack: if frames.is_empty() { None } else { Some(shorten(frames.join("\n"))) },
    }
}

/// Whether what `scope` caught is a `SyntaxError`.
pub fn is_syntax_error(scope: &mut v8::PinnedRef<'_, v8::TryCatch<v8::HandleScope>>) -> bool {
    let exception = scope.exception();
    exception.and_then(|exception| property(scope, exception, "name")).as_deref() == Some("SyntaxError")
}

/// The line of the user's code for a line of what was compiled. Code that ends too early fails on the line behind it.
pub fn user_line(line: u32, lines: u32) -> Option<u32> {
    line.checked_sub(LINES_BEFORE).map(|line| line.clamp(1, lines.max(1)))
}

/// Getters of the code may run and throw here; then there is no such property.
fn property(scope: &mut v8::PinScope, value: v8::Local<v8::Value>, name: &str) -> Option<String> {
    v8::tc_scope!(let scope, scope);
    let object: v8::Local<v8::Object> = value.try_into().ok()?;
    let key = v8::String::new(scope, name)?;
    let found = object.get(scope, key.into())?;
    if found.is_string() { Some(found.to_rust_string_lossy(scope)) } else { None }
}

fn text(scope: &mut v8::PinScope, value: v8::Local<v8::Value>) -> Option<String> {
    v8::tc_scope!(let scope, scope);
    let object = value.is_object() && !value.is_native_error();
    let text = if object { v8::json::stringify(scope, value) } else { value.to_string(scope) };
    text.map(|text| text.to_rust_string_lossy(scope))
}

/// The line and column behind the last `code.js:` of a line of a stack.
fn place(frame: &str) -> Option<(u32, u32)> {
    let (_, numbers) = frame.rsplit_once("code.js:")?;
    let mut numbers = numbers.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.unwrap_or(1)))
}

/// A frame of the user's code with its own line numbers; frames of the prelude are left out.
fn user_frame(frame: &str, lines: u32) -> Option<String> {
    let (line, column) = place(frame)?;
    let name =
        frame.trim_start().strip_prefix("at ").and_then(|rest| rest.split_once(" (")).map_or("", |(name, _)| name);
    let line = user_line(line, lines)?;
    Some(if name.is_empty() { format!("at line {line}:{column}") } else { format!("at {name} (line {line}:{column})") })
}

fn shorten(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
