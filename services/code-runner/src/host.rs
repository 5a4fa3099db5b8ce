//! The functions of the runner that code can reach: asking for other nodes, the console, telling failed items, and time zones.
//! That is all there is.

#![expect(clippy::needless_pass_by_value, reason = "the engine hands the arguments of a callback over by value")]

use std::{
    cell::{Cell, RefCell},
    io,
};

use deno_core::v8;
use jiff::{Timestamp, tz::TimeZoneDatabase};
use weft_code_runner_protocol::{self as protocol, Failure, Kind, Log, MAX_QUESTION, Refusal};

use crate::{digest, engine, fault, link::Link};

/// What one step may write to the console, in bytes. The parent keeps less; this spares it the reading.
const CONSOLE_BYTES: usize = 1 << 20;

/// The most random bytes of one call.
const MOST_RANDOM: usize = 1 << 16;

thread_local! {
    // There is one thread and one socket; the engine's callbacks are plain functions and find it here.
    static LINK: RefCell<Option<Link>> = const { RefCell::new(None) };
    static CONSOLE: Cell<usize> = const { Cell::new(0) };
    static LINES: Cell<u32> = const { Cell::new(0) };
    static ZONES: TimeZoneDatabase = TimeZoneDatabase::bundled();
}

/// Keeps the socket for the life of the process.
pub fn keep(link: Link) {
    LINK.with_borrow_mut(|kept| *kept = Some(link));
}

/// Uses the socket.
pub fn with_link<T>(using: impl FnOnce(&mut Link) -> io::Result<T>) -> io::Result<T> {
    LINK.with_borrow_mut(|kept| kept.as_mut().map_or_else(|| Err(io::ErrorKind::NotConnected.into()), using))
}

/// Grants a step, whose code has so many lines, its share of the console.
pub fn begin_step(lines: u32) {
    CONSOLE.set(CONSOLE_BYTES);
    LINES.set(lines);
}

/// The object with the host's functions, for the prelude.
pub fn object<'s>(scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object> {
    let object = v8::Object::new(scope);
    let functions = [
        ("ask", v8::Function::new(scope, ask)),
        ("log", v8::Function::new(scope, log)),
        ("itemFailed", v8::Function::new(scope, item_failed)),
        ("offset", v8::Function::new(scope, offset)),
        ("dateTime", v8::Function::new(scope, date_time)),
        ("languages", v8::Function::new(scope, languages)),
        ("bytes", v8::Function::new(scope, bytes)),
        ("digest", v8::Function::new(scope, digested)),
        ("random", v8::Function::new(scope, random)),
    ];
    for (name, function) in functions {
        if let (Some(name), Some(function)) = (v8::String::new(scope, name), function) {
            object.set(scope, name.into(), function.into());
        }
    }
    if let Some(name) = v8::String::new(scope, "closeText") {
        let close = v8::Boolean::new(scope, cfg!(feature = "quickjs"));
        object.set(scope, name.into(), close.into());
    }
    object
}

/// The parent is gone or does not speak our language: there is nobody left to answer to.
fn gone() -> ! {
    std::process::exit(1)
}

/// `ask(question: string)`: hands the question to the parent as it is and waits for its answer.
fn ask(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    let question = args.get(0).to_rust_string_lossy(scope);
    if question.len() > MAX_QUESTION {
        return throw(scope, "The question is too long: what is asked for has up to 1 MiB.");
    }
    let answer = with_link(|link| {
        link.push(Kind::Ask, question.as_bytes());
        link.flush()?;
        link.read()
    });
    match answer {
        Ok((Kind::Answer, json)) => {
            let text = v8::String::new_from_utf8(scope, &json, v8::NewStringType::Normal);
            if let Some(value) = text.and_then(|text| v8::json::parse(scope, text)) {
                returned.set(value);
            }
        }
        Ok((Kind::Refused, json)) => match protocol::read_json::<Refusal>(&json) {
            Ok(refusal) => throw(scope, &refusal.message),
            Err(_) => gone(),
        },
        _ => gone(),
    }
}

/// `log(level: string, text: string)`.
fn log(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, _: v8::ReturnValue) {
    let left = CONSOLE.get();
    let text = args.get(1);
    // Looked at before it is copied: the string may be larger than what is left.
    let length = v8::Local::<v8::String>::try_from(text).map_or(0, |text| text.length());
    let Some(rest) = left.checked_sub(length + 16) else { return CONSOLE.set(0) };
    CONSOLE.set(rest);
    let line = Log { level: args.get(0).to_rust_string_lossy(scope), text: text.to_rust_string_lossy(scope) };
    let sent = with_link(|link| {
        link.push_json(Kind::Log, &line);
        link.flush()
    });
    if sent.is_err() {
        gone();
    }
}

/// `itemFailed(item: number, exception: any)`.
fn item_failed(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, _: v8::ReturnValue) {
    let item = args.get(0).number_value(scope).map(|item| item as u32);
    let failure = Failure { item, ..fault::thrown(scope, args.get(1), LINES.get()) };
    let sent = with_link(|link| {
        link.push_json(Kind::ItemFailed, &failure);
        link.flush()
    });
    if sent.is_err() {
        gone();
    }
}

/// `offset(zone: string, milliseconds: number)`: minutes east of UTC, `undefined` for a zone or a moment that is not known.
fn offset(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    let zone = args.get(0).to_rust_string_lossy(scope);
    let moment = args.get(1).number_value(scope).filter(|ms| ms.is_finite());
    let moment = moment.and_then(|ms| Timestamp::from_millisecond(ms as i64).ok());
    let zone = ZONES.with(|zones| zones.get(&zone).ok());
    if let Some((zone, moment)) = zone.zip(moment) {
        returned.set_double(f64::from(zone.to_offset(moment).seconds()) / 60.0);
    }
}

/// `dateTime()`: the function that makes the class.
fn date_time(scope: &mut v8::PinScope, _: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    if let Some(maker) = engine::date_time_maker(scope) {
        returned.set(maker);
    }
}

/// `languages()`: the function that makes what engines without languages lack.
fn languages(scope: &mut v8::PinScope, _: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    if let Some(maker) = engine::languages_maker(scope) {
        returned.set(maker);
    }
}

/// `bytes()`: the function that makes `Buffer` and its like.
fn bytes(scope: &mut v8::PinScope, _: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    if let Some(maker) = engine::bytes_maker(scope) {
        returned.set(maker);
    }
}

/// `digest(algorithm: string, bytes: string, key?: string)`: in hexadecimal, `undefined` for an algorithm that is not known.
/// Bytes come as strings of Latin-1.
fn digested(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    let algorithm = args.get(0).to_rust_string_lossy(scope);
    let text = args.get(1).to_rust_string_lossy(scope);
    let key = args.get(2);
    let key = if key.is_undefined() { None } else { Some(latin1(&key.to_rust_string_lossy(scope))) };
    let made = digest::digest(&algorithm, key.as_deref(), &latin1(&text));
    if let Some(text) = made.and_then(|made| v8::String::new(scope, &hexadecimal(&made))) {
        returned.set(text.into());
    }
}

/// `random(count: number)`: so many bytes of the machine's randomness, in hexadecimal.
fn random(scope: &mut v8::PinScope, args: v8::FunctionCallbackArguments, mut returned: v8::ReturnValue) {
    let count = args.get(0).number_value(scope).unwrap_or_default();
    if !(0.0..=MOST_RANDOM as f64).contains(&count) {
        return throw(scope, "One call gives 0 to 65536 random bytes.");
    }
    if let Some(text) = v8::String::new(scope, &hexadecimal(&digest::random(count as usize))) {
        returned.set(text.into());
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u32::from(c) as u8).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into memory cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn throw(scope: &mut v8::PinScope, message: &str) {
    if let Some(message) = v8::String::new(scope, message) {
        let exception = v8::Exception::error(scope, message);
        scope.throw_exception(exception);
    }
}
