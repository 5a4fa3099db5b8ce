//! The limits that the engine itself keeps: heap and `ArrayBuffer`s. They turn most excesses into an error with a sentence;
//! the parent's watch is what holds when they do not.

use std::{
    alloc::{Layout, alloc, alloc_zeroed, dealloc},
    ffi::{c_char, c_void},
    ptr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use deno_core::v8;
use weft_code_runner_protocol::EXIT_MEMORY;

/// What the heap may grow beyond its limit so that the engine can still stop the code in an orderly way.
const SLACK: usize = 32 << 20;

/// Whether the heap limit was reached in this process. It belongs to one isolate, hence a static.
static HEAP_IS_FULL: AtomicBool = AtomicBool::new(false);

/// Whether the code of the step was stopped for memory.
pub fn heap_is_full() -> bool {
    HEAP_IS_FULL.load(Ordering::Relaxed)
}

/// Stops the code when `isolate` reaches its heap limit.
pub fn watch_heap(isolate: &mut v8::OwnedIsolate) {
    let handle = Box::into_raw(Box::new(isolate.thread_safe_handle()));
    isolate.add_near_heap_limit_callback(near_heap_limit, handle.cast());
    isolate.set_oom_error_handler(out_of_memory);
}

#[expect(unsafe_code, reason = "the engine calls back with the pointer that it was given")]
unsafe extern "C" fn near_heap_limit(data: *mut c_void, current: usize, _initial: usize) -> usize {
    // SAFETY: `data` is the handle that `watch_heap` boxed and never freed.
    let handle = unsafe { &*data.cast::<v8::IsolateHandle>() };
    HEAP_IS_FULL.store(true, Ordering::Relaxed);
    handle.terminate_execution();
    current + SLACK
}

#[expect(unsafe_code, reason = "the signature that the engine asks for")]
unsafe extern "C" fn out_of_memory(_location: *const c_char, _details: &v8::OomDetails) {
    // SAFETY: `_exit` may be called at any moment; nothing of this process is worth saving.
    unsafe { libc::_exit(EXIT_MEMORY) }
}

/// Counts what all `ArrayBuffer`s together hold and refuses what goes beyond the limit: a `RangeError` in the code.
struct Budget {
    used: AtomicUsize,
    most: usize,
}

impl Budget {
    fn take(&self, size: usize) -> bool {
        let before = self.used.fetch_add(size, Ordering::Relaxed);
        let granted = before.saturating_add(size) <= self.most;
        if !granted {
            self.used.fetch_sub(size, Ordering::Relaxed);
        }
        granted
    }
}

/// An allocator for `ArrayBuffer`s that gives out at most `most` bytes at a time.
#[expect(unsafe_code, reason = "the engine takes its allocator as a table of raw functions")]
pub fn buffer_allocator(most: usize) -> v8::UniqueRef<v8::Allocator> {
    const TABLE: v8::RustAllocatorVtable<Budget> =
        v8::RustAllocatorVtable { allocate: allocate_zeroed, allocate_uninitialized, free, drop: drop_budget };
    let budget = Arc::into_raw(Arc::new(Budget { used: AtomicUsize::new(0), most }));
    // SAFETY: the handle is a `Budget` as the table says, and lives until `drop_budget`.
    unsafe { v8::new_rust_allocator(budget, &TABLE) }
}

/// The layout of a buffer; a length of 0 still needs an address of its own.
fn layout(length: usize) -> Option<Layout> {
    Layout::from_size_align(length.max(1), 16).ok()
}

fn allocate(budget: &Budget, length: usize, make: impl FnOnce(Layout) -> *mut u8) -> *mut c_void {
    let Some(layout) = layout(length).filter(|_| budget.take(length)) else { return ptr::null_mut() };
    make(layout).cast()
}

#[expect(unsafe_code, reason = "raw memory for the engine")]
unsafe extern "C" fn allocate_zeroed(budget: &Budget, length: usize) -> *mut c_void {
    // SAFETY: the layout's size is never 0.
    allocate(budget, length, |layout| unsafe { alloc_zeroed(layout) })
}

#[expect(unsafe_code, reason = "raw memory for the engine")]
unsafe extern "C" fn allocate_uninitialized(budget: &Budget, length: usize) -> *mut c_void {
    // SAFETY: the layout's size is never 0.
    allocate(budget, length, |layout| unsafe { alloc(layout) })
}

#[expect(unsafe_code, reason = "raw memory of the engine")]
unsafe extern "C" fn free(budget: &Budget, data: *mut c_void, length: usize) {
    if let Some(layout) = layout(length).filter(|_| !data.is_null()) {
        // SAFETY: the engine hands back what one of the functions above gave it, with the same length.
        unsafe { dealloc(data.cast(), layout) };
        budget.used.fetch_sub(length, Ordering::Relaxed);
    }
}

#[expect(unsafe_code, reason = "the engine owns the handle")]
unsafe extern "C" fn drop_budget(budget: *const Budget) {
    // SAFETY: made by `Arc::into_raw` in `buffer_allocator`, dropped once.
    drop(unsafe { Arc::from_raw(budget) });
}
