//! Names that mean something, and names that must not.

use weft_value::{Object, Text, Value};

use crate::ir::{Expr, GlobalName, Key, Path, Root};
use crate::library;
use crate::special::{Special, wrap};

/// Property names that lead from a value to the machinery behind it. Nothing stands behind a value here; they are refused
/// all the same, so that an expression that means harm is seen, and so that it means the same as elsewhere.
pub(crate) fn is_refused(name: &str) -> bool {
    const REFUSED: &[&str] = &[
        "constructor",
        "prototype",
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "getPrototypeOf",
        "setPrototypeOf",
        "getOwnPropertyDescriptor",
        "getOwnPropertyDescriptors",
        "defineProperty",
        "defineProperties",
        "prepareStackTrace",
        "captureStackTrace",
        "mainModule",
        "getBuiltinModule",
    ];
    REFUSED.contains(&name)
}

/// Names that other engines hide behind an empty object.
const HIDDEN: &[&str] = &[
    "document",
    "global",
    "window",
    "globalThis",
    "self",
    "alert",
    "prompt",
    "confirm",
    "eval",
    "uneval",
    "Function",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "clearTimeout",
    "clearInterval",
    "queueMicrotask",
    "require",
    "module",
    "Buffer",
    "__dirname",
    "__filename",
    "fetch",
    "XMLHttpRequest",
    "Promise",
    "GeneratorFunction",
    "AsyncFunction",
    "Generator",
    "AsyncGenerator",
    "AsyncGeneratorFunction",
    "WebAssembly",
    "Reflect",
    "Proxy",
    "escape",
    "unescape",
];

/// What the free identifier `name` means.
pub(super) fn global(name: &str) -> Expr {
    if let Some(root) = root(name) {
        return Expr::Path(Box::new(Path { root, keys: Box::new([]) }));
    }
    Expr::Const(constant(name))
}

fn constant(name: &str) -> Value {
    match name {
        "NaN" => Value::Number(f64::NAN),
        "Infinity" => Value::Number(f64::INFINITY),
        "process" => process(),
        _ => {
            if let Some(namespace) = library::namespace(name) {
                wrap(Special::Namespace(namespace))
            } else if let Some(native) = library::global(name) {
                wrap(Special::Native(native))
            } else if HIDDEN.contains(&name) {
                Value::empty_object()
            } else {
                Value::Undefined
            }
        }
    }
}

/// What scripts ask `process` before they choose a way: the same everywhere, so that nothing shows of the real host.
fn process() -> Value {
    let versions: Object = [("node", Value::from("22.0.0"))].into_iter().collect();
    let entries = [
        ("arch", Value::from("x64")),
        ("platform", Value::from("linux")),
        ("pid", Value::Number(1.0)),
        ("version", Value::from("v22.0.0")),
        ("versions", Value::from(versions)),
    ];
    Value::from(entries.into_iter().collect::<Object>())
}

fn root(name: &str) -> Option<Root> {
    let global = match name {
        "$json" | "$data" => return Some(Root::Json),
        "$binary" => return Some(Root::Binary),
        "$input" => return Some(Root::Input),
        "$now" => GlobalName::Now,
        "$today" => GlobalName::Today,
        "$workflow" => GlobalName::Workflow,
        "$execution" => GlobalName::Execution,
        "$executionId" => GlobalName::ExecutionId,
        "$vars" | "$variables" => GlobalName::Vars,
        "$env" => GlobalName::Env,
        "$mode" => GlobalName::Mode,
        "$parameter" | "$rawParameter" => GlobalName::Parameter,
        "$itemIndex" | "$position" | "$thisItemIndex" => GlobalName::ItemIndex,
        "$runIndex" | "$thisRunIndex" => GlobalName::RunIndex,
        "$prevNode" => GlobalName::PrevNode,
        "$node" => GlobalName::NodeMap,
        "$thisItem" => GlobalName::Item,
        _ if name.starts_with('$') && library::global(name).is_none() => return Some(Root::Other(name.into())),
        _ => return None,
    };
    Some(Root::Global(global))
}

/// The `this` of a function: nothing but the names that scripts look for.
pub(crate) fn this() -> Value {
    let names = ["process", "require", "module", "Buffer"];
    Value::from(names.into_iter().map(|name| (name, Value::empty_object())).collect::<Object>())
}

/// The key `name`.
pub(super) fn key(name: &str, optional: bool) -> Key {
    let index = name.parse::<u32>().ok().filter(|index| index.to_string() == name);
    Key { name: Text::from(name), index, optional }
}
