//! One isolate for the life of the process, and a fresh context for every step.
//!
//! A context costs a fraction of an isolate, and is made ahead, while the parent is busy with the previous answer. No snapshot
//! is used: the engine brings one for its built-ins, and what `js/step.js` adds is compiled once and bound to each context.

use deno_core::v8;
use weft_code_runner_protocol::{Layer, Report};

use crate::{host, limits};

const STEP: &str = include_str!("js/step.js");
/// The first of these is a function that is given the two others.
const DATE_TIME: &str = concat!(
    include_str!("js/datetime.js"),
    "(",
    include_str!("js/duration.js"),
    ",",
    include_str!("js/interval.js"),
    ")"
);
const LANGUAGES: &str = include_str!("js/languages.js");
const BYTES: &str = include_str!("js/bytes.js");

/// How many steps one isolate serves. QuickJS keeps every context until its isolate goes, so its process is replaced soon.
const STEPS: u32 = if cfg!(feature = "quickjs") { 128 } else { u32::MAX };
/// Steps between two full collections: a context is garbage that only a full one finds.
const STEPS_BETWEEN_COLLECTIONS: u32 = 128;

/// One thread: what a step costs is what its process costs, and the sandbox can refuse all others. What is new in the language
/// and not in Node.js, whose code people bring, is left out: it is installed in every context anew, a seventh of its cost.
const FLAGS: &str = "--single-threaded --no-js-explicit-resource-management --no-js-float16array --no-js-base-64 \
    --no-js-upsert --no-harmony-temporal";

/// The isolate with what every step needs.
pub struct Engine {
    pub(crate) isolate: v8::OwnedIsolate,
    prelude: v8::Global<v8::UnboundScript>,
    next: Option<Prepared>,
    steps: u32,
}

/// A context in which no code of a tenant has run yet, and the functions through which the step is driven.
pub struct Prepared {
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) begin: v8::Global<v8::Function>,
    pub(crate) pump: v8::Global<v8::Function>,
    pub(crate) pending: v8::Global<v8::Function>,
    pub(crate) failed_at: v8::Global<v8::Function>,
}

impl Engine {
    /// Starts the engine with its limits.
    pub fn new(heap_bytes: usize, buffer_bytes: usize) -> Self {
        v8::V8::set_flags_from_string(FLAGS);
        v8::V8::initialize_platform(v8::new_single_threaded_default_platform(false).make_shared());
        v8::V8::initialize();
        let parameters = v8::CreateParams::default()
            .heap_limits(0, heap_bytes)
            .array_buffer_allocator(limits::buffer_allocator(buffer_bytes).make_shared());
        let mut isolate = v8::Isolate::new(parameters);
        isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
        isolate.set_allow_atomics_wait(false);
        isolate.set_host_import_module_dynamically_callback(no_module);
        limits::watch_heap(&mut isolate);
        let prelude = compile_prelude(&mut isolate);
        let mut engine = Self { isolate, prelude, next: None, steps: 0 };
        engine.next = Some(engine.prepare());
        engine
    }

    /// What this engine is, for `--check` and for the parent.
    pub fn report(layers: Vec<Layer>) -> Report {
        let engine = if cfg!(feature = "quickjs") { "quickjs" } else { "v8" };
        Report { engine: engine.to_owned(), version: v8::V8::get_version().to_owned(), layers }
    }

    /// A fresh context for one step.
    pub fn take(&mut self) -> Prepared {
        self.steps += 1;
        let ahead = self.next.take();
        ahead.unwrap_or_else(|| self.prepare())
    }

    /// Whether this isolate may serve another step.
    pub fn may_go_on(&self) -> bool {
        self.steps < STEPS && !limits::heap_is_full()
    }

    /// Collects the past and prepares the next step.
    pub fn tidy(&mut self) {
        if self.steps.is_multiple_of(STEPS_BETWEEN_COLLECTIONS) {
            self.isolate.low_memory_notification();
        }
        self.next = Some(self.prepare());
    }

    fn prepare(&mut self) -> Prepared {
        v8::scope!(let scope, &mut self.isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        // No code from text: nothing a workflow needs, and much that has held holes. `js/step.js` removes WebAssembly.
        context.set_allow_generation_from_strings(false);
        let scope = &mut v8::ContextScope::new(scope, context);
        let script = v8::Local::new(scope, &self.prelude).bind_to_current_context(scope);
        let prelude = script.run(scope).and_then(|made| v8::Local::<v8::Function>::try_from(made).ok());
        let host = host::object(scope);
        let undefined = v8::undefined(scope).into();
        let made = prelude.and_then(|prelude| prelude.call(scope, undefined, &[host.into()]));
        let Some(made) = made.and_then(|made| made.to_object(scope)) else { broken() };
        let function = |name: &str| {
            let key = v8::String::new(scope, name)?;
            let found = v8::Local::<v8::Function>::try_from(made.get(scope, key.into())?).ok()?;
            Some(v8::Global::new(scope, found))
        };
        let (Some(begin), Some(pump), Some(pending), Some(failed_at)) =
            (function("begin"), function("pump"), function("pending"), function("failedAt"))
        else {
            broken()
        };
        Prepared { context: v8::Global::new(scope, context), begin, pump, pending, failed_at }
    }
}

/// Rejects `import("…")`: there are no modules but those of `require`.
fn no_module<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _: v8::Local<'s, v8::Data>,
    _: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    _: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let name: String = specifier.to_rust_string_lossy(scope).chars().take(100).collect();
    let message = format!(
        "Code cannot load the module \"{name}\" by import(). There are crypto, buffer and luxon, by require()."
    );
    let message = v8::String::new(scope, &message)?;
    let error = v8::Exception::error(scope, message);
    let resolver = v8::PromiseResolver::new(scope)?;
    resolver.reject(scope, error)?;
    Some(resolver.get_promise(scope))
}

/// The prelude is our own text and is compiled before any code of a tenant: a failure is a broken build.
fn broken() -> ! {
    std::process::exit(70)
}

fn compile_prelude(isolate: &mut v8::OwnedIsolate) -> v8::Global<v8::UnboundScript> {
    v8::scope!(let scope, isolate);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    let scope = &mut v8::ContextScope::new(scope, context);
    let Some(script) = compile(scope, STEP, "weft:step") else { broken() };
    let unbound = script.get_unbound_script(scope);
    v8::Global::new(scope, unbound)
}

/// Compiles `source` under the name `name`.
pub fn compile<'s>(scope: &v8::PinScope<'s, '_>, source: &str, name: &str) -> Option<v8::Local<'s, v8::Script>> {
    let source = v8::String::new(scope, source)?;
    let name = v8::String::new(scope, name)?.into();
    let origin = v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None);
    v8::Script::compile(scope, source, Some(&origin))
}

/// The function that makes the class `DateTime`; compiled in the contexts that use it.
pub fn date_time_maker<'s>(scope: &v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
    compile(scope, DATE_TIME, "weft:datetime")?.run(scope)
}

/// The function that makes what engines without languages lack; compiled in the contexts that use it.
pub fn languages_maker<'s>(scope: &v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
    compile(scope, LANGUAGES, "weft:languages")?.run(scope)
}

/// The function that makes `Buffer` and the classes of the Encoding Standard; compiled in the contexts that use them.
pub fn bytes_maker<'s>(scope: &v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
    compile(scope, BYTES, "weft:bytes")?.run(scope)
}
