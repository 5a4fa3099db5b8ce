//! Code that means harm: it is ended at its limit, and its neighbours do not notice.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::{Duration, Instant};

use support::{json, pool, request, settings};
use tokio::time;
use uuid::Uuid;
use weft_code_runner_client::{CodeErrorKind as Kind, CodeLimits, CodeRequest, Runner, RunnerSettings};

const WALL: Duration = Duration::from_millis(400);
/// Measured from the limit; the rest is the machine's noise while other tests run beside.
const LATE: Duration = Duration::from_millis(100);

fn bounded(code: &str) -> CodeRequest {
    CodeRequest { limits: CodeLimits { wall: WALL, ..CodeLimits::default() }, ..request(code) }
}

#[tokio::test]
async fn what_never_ends_is_ended_at_the_limit_and_neighbours_go_on() {
    let pool = Runner::new(RunnerSettings { processes: 4, ..settings() }).unwrap();
    for code in [
        "for (;;) {}",
        "while (true) { try { for (;;) {} } catch { } finally { } }",
        "const again = () => Promise.resolve().then(again); again(); return []",
        "await (async () => { for (;;) await null; })()",
        "(function again() { queueMicrotask(again); })(); await new Promise(() => {})",
        "const text = 'a'.repeat(40) + '!'; return [{ m: /^(a+)+$/.test(text) }]",
        "setInterval(() => {}, 1); await new Promise(() => {})",
        "await new Promise((resolve) => setTimeout(resolve, 1e9))",
        "return [{ toJSON() { for (;;) {} } }]",
        "throw { get stack() { for (;;) {} } }",
        "return [{ get a() { return $('x' + Math.random()).all() } }, ...(function* () { for (;;) yield 1; })()]",
    ] {
        // A machine that is busy with other tests may be late once; an engine that cannot be stopped is late always, and one
        // that stops its neighbours does so always.
        let mut late = Vec::new();
        while late.len() < 3 {
            let (took, steps) = end_of(&pool, code).await;
            if took <= WALL + LATE && steps >= 2 {
                break;
            }
            late.push((took, steps));
        }
        assert!(late.len() < 3, "{code}: ended after (time, steps of the neighbour) {late:?}");
    }
}

/// How long a step of `code` took to be ended, and how many steps a neighbour made meanwhile.
async fn end_of(pool: &Runner, code: &str) -> (Duration, usize) {
    // Both processes are ready before the clock starts: what is measured is the end of the step.
    json(&pool.execute(request("return []")).await);
    json(&pool.execute(neighbours_step()).await);
    let before = Instant::now();
    let abused = async {
        let result = pool.execute(bounded(code)).await;
        (result, before.elapsed())
    };
    let ((result, took), steps) = tokio::join!(abused, neighbour(pool));
    let kind = result.unwrap_err().kind;
    assert!(matches!(kind, Kind::TimeLimit | Kind::MemoryLimit | Kind::Crashed), "{code}: {kind:?}");
    (took, steps)
}

fn neighbours_step() -> CodeRequest {
    CodeRequest { tenant: Uuid::from_u128(2), ..request("return [{ n: items.length }]") }
}

/// Steps of another tenant that succeed until shortly before the limit.
async fn neighbour(pool: &Runner) -> usize {
    let until = Instant::now() + WALL.mul_f32(0.9);
    let mut steps = 0;
    while Instant::now() < until {
        assert_eq!(json(&pool.execute(neighbours_step()).await), r#"[{"json":{"n":3}}]"#);
        steps += 1;
        time::sleep(Duration::from_millis(5)).await;
    }
    steps
}

#[tokio::test]
async fn memory_is_bounded_whatever_kind_it_is_of() {
    let pool = pool();
    for code in [
        "const list = []; for (;;) list.push(new Array(1000).fill(Math.random()))",
        "let list = [1]; for (;;) list = list.concat(list)",
        "let text = 'x'; const kept = []; for (;;) { text += text + Math.random(); kept.push(text.split('').join('-')); }",
        "const map = new Map(); for (let i = 0; ; i++) map.set(i, { i })",
        "const kept = []; for (;;) kept.push('y'.repeat(1 << 20).split(''))",
        "const kept = []; for (;;) { const b = new Uint8Array(1 << 20); b.fill(1); kept.push(b); }",
        "const b = new ArrayBuffer(4 * 1024 ** 3); return []",
        "const kept = []; const f = () => { kept.push(new Promise(() => {}), Symbol()); Promise.resolve().then(f); }; f(); await new Promise(() => {})",
        "return [{ a: 'z'.repeat(2 ** 29) }]",
    ] {
        let before = Instant::now();
        let error = pool.execute(request(code)).await.unwrap_err();
        // An engine may also answer with an exception (`RangeError`, "out of memory"), which is as good.
        let bounded = matches!(
            error.kind,
            Kind::MemoryLimit | Kind::Thrown | Kind::Crashed | Kind::OutputLimit | Kind::InvalidReturn
        );
        assert!(bounded, "{code}: {error:?} after {:?}", before.elapsed());
        assert_eq!(json(&pool.execute(request("return [{}]")).await), r#"[{"json":{}}]"#, "after {code}");
    }
}

#[tokio::test]
async fn processor_time_is_bounded_by_itself() {
    let limits = CodeLimits { wall: Duration::from_secs(20), cpu: Duration::from_millis(200), ..CodeLimits::default() };
    let before = Instant::now();
    let error = pool().execute(CodeRequest { limits, ..request("for (;;) {}") }).await.unwrap_err();
    assert_eq!(error.kind, Kind::CpuLimit, "{error:?}");
    assert!(before.elapsed() < Duration::from_secs(10));
    assert!(error.cpu_ms >= 200, "{error:?}");
}

#[tokio::test]
async fn output_is_bounded() {
    let limits = CodeLimits { output_bytes: 1000, ..CodeLimits::default() };
    let error =
        pool().execute(CodeRequest { limits, ..request("return [{ a: 'x'.repeat(2000) }]") }).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutputLimit, "{error:?}");
}

#[tokio::test]
async fn deep_recursion_and_prototype_tricks_are_ordinary_outcomes() {
    let pool = pool();
    for code in [
        "const f = () => f(); f()",
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return [{ a }]",
        "let a = {}; for (let i = 0; i < 1000; i++) a = { a }; return [a]",
        "this.constructor.constructor('return process')()",
        "(async () => {}).constructor('return 1')()",
        "return new Function('return [{}]')()",
        "Object.setPrototypeOf(globalThis, null); Object.getPrototypeOf(async () => {}).constructor('return 1')()",
        "await import('fs')",
        "require('fs')",
        "process.exit(1)",
        "Deno.exit(1)",
        "await fetch('http://127.0.0.1')",
        "WebAssembly.compile(new Uint8Array(8))",
    ] {
        let error = pool.execute(request(code)).await.unwrap_err();
        assert!(
            matches!(error.kind, Kind::Thrown | Kind::InvalidReturn | Kind::Syntax | Kind::Crashed),
            "{code}: {error:?}"
        );
        assert_eq!(json(&pool.execute(request("return [{}]")).await), r#"[{"json":{}}]"#, "after {code}");
    }
    for code in [
        "Object.prototype.json = { evil: 1 }; return [{ a: 1 }]",
        "Object.prototype.toJSON = function () { return 5 }; return [{ a: 1 }]",
        "Array.prototype[Symbol.iterator] = null; Function.prototype.call = null; Promise.prototype.then = null; return []",
        "Object.defineProperty(Object.prototype, 'then', { get() { throw 1 } }); return []",
        "for (const key of Reflect.ownKeys(globalThis)) { try { delete globalThis[key] } catch { } } return []",
    ] {
        // Whatever it does to itself is its own affair; the next step is not touched.
        drop(pool.execute(bounded(code)).await);
        assert_eq!(json(&pool.execute(request("return [{ a: 1 }]")).await), r#"[{"json":{"a":1}}]"#, "after {code}");
    }
}
