//! Contexts of QuickJS without a polyfill that no step needs.
//!
//! QuickJS has no `Temporal`. Its binding therefore evaluates a polyfill of 400 KiB in every context that has none, which costs
//! far more than all the rest of a step, in time and in memory. The linker (see `build.rs`) leads the binding's calls of
//! `JS_NewContext` here, where the context gets an empty `Temporal`; `js/step.js` removes it again. Should the name ever be
//! called no more, the build still succeeds and steps are slower.

#![expect(unsafe_code, reason = "the engine's own C interface")]

use std::ffi::{CStr, c_char, c_int, c_void};

/// `JSValue` of quickjs.h on 64-bit systems without boxing of numbers; only passed on here.
#[repr(C)]
struct Value {
    payload: u64,
    tag: i64,
}

unsafe extern "C" {
    fn __real_JS_NewContext(runtime: *mut c_void) -> *mut c_void;
    fn JS_GetGlobalObject(context: *mut c_void) -> Value;
    fn JS_NewObject(context: *mut c_void) -> Value;
    /// Takes `value` over; the object stays the caller's.
    fn JS_SetPropertyStr(context: *mut c_void, object: Value, name: *const c_char, value: Value) -> c_int;
    fn JS_FreeValue(context: *mut c_void, value: Value);
}

const TEMPORAL: &CStr = c"Temporal";

/// What the binding calls instead of `JS_NewContext`.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_JS_NewContext(runtime: *mut c_void) -> *mut c_void {
    // SAFETY: called by the binding with a live runtime; every value made here is given away or freed once, before the
    // binding sees the context.
    unsafe {
        let context = __real_JS_NewContext(runtime);
        if !context.is_null() {
            let global = JS_GetGlobalObject(context);
            let Value { payload, tag } = global;
            JS_SetPropertyStr(context, Value { payload, tag }, TEMPORAL.as_ptr(), JS_NewObject(context));
            JS_FreeValue(context, global);
        }
        context
    }
}
