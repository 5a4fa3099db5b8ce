//! A hostile expression is refused before the memory is taken. The budget's own count cannot show that (it counts what was
//! paid for), so this asks the operating system how much the process ever held. It is a process of its own, and one test.

#![allow(clippy::unwrap_used, missing_docs, reason = "all of this is tests")]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, EvaluationError, ItemsScope, Limits, compile};
use weft_value::Item;

/// The most that the process may ever hold: the limits below several times over (what grows is copied; text becomes UTF-16).
/// Without a payment each expression here would take a gigabyte or more.
const MOST_MEBIBYTES: u64 = 256;

const HOSTILE: &[&str] = &[
    // Replacements that repeat the match, a group, or what stands around it.
    "'x'.repeat(1e6).replace(/.+/, '$&'.repeat(1000))",
    "'x'.repeat(1e6).replaceAll(/.+/g, '$&'.repeat(1000))",
    "'x'.repeat(1e6).replace('x', '$\\''.repeat(1000))",
    "('x'.repeat(1e6) + 'y').replace('y', '$`'.repeat(1000))",
    "'x'.repeat(1e6).replace(/(.+)/, '$1'.repeat(1000))",
    "'x'.repeat(1e6).replace(/(?<a>.+)/, '$<a>'.repeat(1000))",
    "'x'.repeat(1e6).replace(/(.*)/, '$1$`$&$$'.repeat(1e5))",
    // Groups within groups, each a copy of the whole.
    "(s => numberList(1, 40).map(() => s.split(/((((((((((((x+))))))))))))/)))('x'.repeat(1e6))",
    "(s => numberList(1, 40).map(() => s.match(/((((((((((((x+))))))))))))/)))('x'.repeat(1e6))",
    "(s => numberList(1, 40).map(() => s.replace(/((((((((((((x+))))))))))))/, () => '')))('x'.repeat(1e6))",
    "(s => numberList(1, 40).map(() => s.replace(/(?<a>(?<b>(?<c>(?<d>x+))))/, () => '')))('x'.repeat(1e6))",
    "'x'.repeat(4e6).match(new RegExp('('.repeat(100) + 'x+' + ')'.repeat(100)))",
    "'x'.repeat(4e6).replaceAll('x', 'y')",
    "'x,'.repeat(2e6).split(',')",
    // Text that is gathered piece by piece.
    "''.concat(...Array(1000).fill(new Error('x'.repeat(1e6))))",
    "`${Array(1000).fill(new Error('x'.repeat(1e6)))}`",
    "Array(1000).fill('x'.repeat(1e6)).join('y'.repeat(1e6))",
    "Array(1000).fill([]).join('y'.repeat(1e6))",
    "[Array(1000).fill(['x'.repeat(1e6)])].toString()",
    "'x'.repeat(1e6).padStart(4e6, 'ab').padEnd(1e9, 'é')",
    "JSON.stringify(Array(1000).fill('\\u0001'.repeat(1e6)))",
    "JSON.stringify(Array(1000).fill({ ['x'.repeat(1e6)]: 1 }), null, 10)",
    "Object.fromEntries(numberList(1, 1000).map(i => [i, 'é'.repeat(1e6)])).urlEncode()",
    "(s => Array(1000).fill(s).map(t => t.toUpperCase()))('x'.repeat(1e6))",
    // What only looks like reading.
    "(s => numberList(1, 1000).map(() => s.extractUrlPath()))('http://a/' + 'x'.repeat(1e6))",
    "(s => numberList(1, 1000).map(() => s.extractUrl()))('http://a.example/' + 'x'.repeat(1e6))",
    "(s => numberList(1, 1000).map(() => s.hash('base64')))('x'.repeat(1e6))",
    "(e => numberList(1, 1000).map(() => e.stack))(new Error('x'.repeat(1e6)))",
    // Many small things weigh more than what is in them.
    "numberList(1, 90).map(() => ({ ...'x'.repeat(90000) }))",
    "numberList(1, 90).map(() => 'x'.repeat(90000).split(''))",
    "numberList(1, 90).map(() => [...'x'.repeat(90000)])",
    "numberList(1, 90).map(() => numberList(1, 90000).map(() => ({})))",
    "numberList(1, 90).map(() => numberList(1, 90000).map(() => []))",
    "numberList(1, 90).map(() => Object.entries('x'.repeat(90000)))",
    "(() => { const s = new Set(); for (let i = 0; ; i++) s.add(i) })()",
    "(() => { for (;;) { const m = new Map(); m.set('a', 'b').set('c', 'd') } })()",
    "(() => { for (;;) { const s = new Set('x'.repeat(1000).split('').map((_, i) => i)); s.delete(1) } })()",
    "numberList(1, 90).map(() => new Map(Object.entries('x'.repeat(30000))).entries())",
];

#[test]
fn a_hostile_expression_never_takes_the_memory() {
    let scope = ItemsScope::new(vec![Item::default()], Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let mut wrong = Vec::new();
    for source in HOSTILE {
        // Linux forgets the peak when asked to; where it does not, the peak of all is held against each.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let limits = Limits { text: 4 << 20, elements: 100_000, memory: 24 << 20, ..Limits::default() };
        let template = compile(&format!("{{{{ {source} }}}}")).unwrap();
        let value = template.evaluate(&scope, &mut Budget::new(limits));
        let held = most_held();
        if held >= MOST_MEBIBYTES || !matches!(value, Err(EvaluationError::Exhausted(_))) {
            wrong.push(format!("{source}: {held} MiB, {:?}", value.map(|_| ())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The most mebibytes that this process ever held; nothing where the system does not say.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
