//! Whatever an expression tries, a counter of the budget ends it; no test here looks at a clock.

use weft_expressions::{Budget, Code, EvaluationError, Exhausted, Limits, compile};
use weft_value::Value;

use crate::{check, scope};

fn run(source: &str) -> (Result<Value, EvaluationError>, Budget) {
    let mut budget =
        Budget::new(Limits { steps: 500_000, text: 1 << 20, elements: 100_000, memory: 32 << 20, ..Limits::default() });
    let template = compile(&format!("{{{{ {source} }}}}")).unwrap_or_else(|wrong| panic!("{source}: {wrong:?}"));
    let value = template.evaluate(&scope(), &mut budget);
    (value, budget)
}

#[track_caller]
fn exhausts(source: &str, expected: &[Exhausted]) {
    let (value, budget) = run(source);
    match value {
        Err(EvaluationError::Exhausted(limit)) => assert!(expected.contains(&limit), "{source}: {limit:?}"),
        other => panic!("{source}: {other:?}"),
    }
    // What goes over is refused before it is made.
    assert!(budget.memory_used() < 160 << 20, "{source}: {}", budget.memory_used());
}

#[test]
fn strings_do_not_grow_without_bounds() {
    use Exhausted::{Memory, Text};
    exhausts("'x'.repeat(1e9)", &[Text]);
    exhausts("'x'.padStart(1e9, 'ab')", &[Text]);
    exhausts("'x'.padEnd(Infinity)", &[Text]);
    exhausts("numberList(1, 40).reduce(s => s + s, 'x')", &[Text]);
    exhausts("numberList(1, 40).reduce(s => `${s}${s}`, 'x')", &[Text]);
    exhausts("numberList(1, 40).reduce(s => s.concat(s), 'x')", &[Text]);
    exhausts("numberList(1, 40).reduce(s => [s, s].join(''), 'x')", &[Text]);
    exhausts("numberList(1, 40).reduce(s => s.replace(/^/, s), 'x')", &[Text, Memory]);
    exhausts(
        "numberList(1, 40).reduce(s => s.replaceAll('x', 'xx'), 'x')",
        &[Text, Memory, Exhausted::Steps, Exhausted::Elements],
    );
    exhausts("numberList(1, 40).reduce(s => JSON.stringify(s), '\"\\\\')", &[Text, Memory, Exhausted::Steps]);
    exhausts("'x'.repeat(1e5).split('').map(c => 'y'.repeat(1e5))", &[Memory, Exhausted::Steps]);
    exhausts("'x'.repeat(1e6).replace(/x/g, 'y'.repeat(1000))", &[Text, Exhausted::Steps, Exhausted::Elements, Memory]);
}

#[test]
fn lists_do_not_grow_without_bounds() {
    use Exhausted::{Elements, Memory, Steps};
    exhausts("Array(1e9).fill(0)", &[Elements]);
    exhausts("Array.from({length: 1e9})", &[Elements]);
    exhausts("numberList(0, 1e12)", &[Elements]);
    exhausts("new Uint8Array(1e12).length", &[Elements]);
    exhausts("numberList(1, 40).reduce(l => [...l, ...l], [1])", &[Elements, Memory]);
    exhausts("numberList(1, 40).reduce(l => l.concat(l), [1])", &[Elements, Memory]);
    exhausts("numberList(1, 1000).map(() => numberList(1, 1000))", &[Memory, Steps]);
    exhausts("numberList(1, 1000).flatMap(() => numberList(1, 1000))", &[Elements, Memory, Steps]);
    exhausts("JSON.parse('[' + '1,'.repeat(300000) + '1]')", &[Elements]);
}

#[test]
fn what_shares_its_parts_is_counted_as_it_would_be_written() {
    use Exhausted::{Depth, Steps, Text};
    exhausts("numberList(1, 60).reduce(l => [l, l], [])", &[Steps, Depth]);
    exhausts("numberList(1, 60).reduce(l => ({a: l, b: l}), {})", &[Steps, Depth]);
    exhausts("JSON.stringify(numberList(1, 30).reduce(l => [l, l], []))", &[Steps, Text]);
    exhausts("String(numberList(1, 30).reduce(l => [l, l], []))", &[Steps, Text]);
    exhausts("[numberList(1, 30).reduce(l => [l, l], [])].flat(Infinity)", &[Steps, Depth]);
}

/// Under the limits that a server has, and with sizes that would be its end.
#[track_caller]
fn exhausts_a_server(source: &str) {
    let template = compile(&format!("{{{{ {source} }}}}")).unwrap_or_else(|wrong| panic!("{source}: {wrong:?}"));
    let mut budget = Budget::default();
    let value = template.evaluate(&scope(), &mut budget);
    assert!(matches!(value, Err(EvaluationError::Exhausted(_))), "{source}: {:?}", value.map(|_| ()));
}

#[test]
fn a_terabyte_is_refused_before_it_is_written() {
    for source in [
        "'x'.repeat(1e6).replace(/.+/, '$&'.repeat(1e6))",
        "Array(1e6).fill('x'.repeat(3e7))",
        "Array(1e6).fill({ a: 'x'.repeat(3e7) })",
        "Array(1e6).fill({ ['x'.repeat(3e7)]: 1 })",
        "Array(1e6).fill('x'.repeat(3e7).match(/.*/))",
        "({ a: Array(1e6).fill('x'.repeat(3e7)) })",
        "Array(1e6).fill('x'.repeat(3e7)).join('')",
        "''.concat(...Array(1e5).fill('x'.repeat(3e7)))",
        "''.concat(...Array(1e5).fill(new Error('x'.repeat(3e7))))",
        "`${Array(1e6).fill('x'.repeat(3e7))}`",
        "Array(1e6).fill('x'.repeat(3e7)).toString()",
        "String(Array(1e6).fill('x'.repeat(3e7)))",
        "JSON.stringify(Array(1e6).fill('x'.repeat(3e7)))",
        "Array(1e6).fill('x'.repeat(3e7)).toJsonString()",
        "'x'.repeat(3e7).padStart(1e12, 'y'.repeat(3e7))",
    ] {
        exhausts_a_server(source);
    }
}

#[test]
fn what_is_large_but_honest_is_not_refused() {
    check("numberList(1, 50000).map(() => 'x'.repeat(100)).join('').length", "5000000");
    check("'a,'.repeat(90000).replace(/,/g, ';').length", "180000");
    check("'a,'.repeat(90000).split(',').length", "90001");
    check("'ab'.repeat(1000).replace(/(?<a>a)(b)/g, '$2$<a>').slice(0, 4)", "\"baba\"");
    check("numberList(1, 1000).map(() => 'x'.repeat(10000)).length", "1000");
}

#[test]
fn nothing_nests_without_bounds() {
    use Exhausted::{Depth, Steps};
    exhausts("(function f() { return f(); })()", &[Depth]);
    exhausts("(f => f(f))(f => f(f))", &[Depth]);
    exhausts("(() => { const f = n => [f(n + 1)]; return f(0); })()", &[Depth]);
    exhausts("numberList(1, 90000).reduce(l => [l], [])", &[Depth, Steps]);
    exhausts("numberList(1, 90000).reduce(l => ({l}), {})", &[Depth, Steps]);
    exhausts("numberList(1, 90000).reduce(f => () => f, () => 1)()", &[Depth, Steps]);
    exhausts("numberList(1, 90000).reduce(s => [new Set([s])], 1)", &[Exhausted::Memory, Steps]);
    exhausts("numberList(1, 90000).reduce(s => new Map([[1, s]]), 1)", &[Exhausted::Memory, Steps]);
    // Sets lie side by side, so that no chain of them is deep when it is dropped.
    check("numberList(1, 50000).reduce(s => new Set([s]), 1).size", "1");
    check(
        "(() => { const a = new Set(); let s = a; for (let i = 0; i < 50000; i++) { const n = new Set(); s.add(n); s = n } return a.size })()",
        "1",
    );
    exhausts("numberList(1, 90000).reduceRight(l => [[[[[[[[[[l]]]]]]]]]], [])", &[Depth, Steps]);
    exhausts("(() => { const f = (n, l) => n ? f(n - 1, [[[[[[[[l]]]]]]]]) : l; return f(1e6, []); })()", &[Depth]);
    check("JSON.parse('['.repeat(100000))", "undefined");
    check("JSON.parse('['.repeat(100000) + ']'.repeat(100000))", "undefined");
}

#[test]
fn work_is_counted() {
    use Exhausted::{Pattern, Steps};
    exhausts("numberList(1, 1000).map(a => numberList(1, 1000).map(b => a * b).length)", &[Steps, Exhausted::Memory]);
    exhausts("(() => { const f = n => n < 2 ? n : f(n - 1) + f(n - 2); return f(30); })()", &[Steps]);
    exhausts("numberList(1, 50000).map(n => n * 7919 % 50021).sort((a, b) => b - a)", &[Steps]);
    exhausts("(t => numberList(1, 90).map(() => t).unique())('x'.repeat(5e5))", &[Steps]);
    exhausts("numberList(1, 90000).map(() => 'x'.repeat(1e5).includes('y'))", &[Steps, Exhausted::Memory]);
    exhausts("/(?:a+(?!x))+b/.test('a'.repeat(40))", &[Pattern]);
    exhausts("/^(a|\\1a)*b/.test('a'.repeat(40))", &[Pattern]);
    exhausts("'a'.repeat(1e6).match(/(?!x)a*b/g)", &[Pattern, Steps]);
    check("/^(a+)+$/.test('a'.repeat(5000) + 'b')", "false");
    check("/(x+x+)+y/.test('x'.repeat(5000))", "false");
}

#[test]
fn patterns_are_bounded_when_they_are_made() {
    check("new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')", "undefined");
    check("new RegExp('(?:a{1000}){1000}').test('a')", "undefined");
    check("new RegExp('a'.repeat(1e5)).test('a')", "undefined");
    check("new RegExp('[' + 'a'.repeat(1e4) + ']').test('a')", "true");
}

#[test]
fn a_source_of_any_size_and_depth_is_refused_without_harm() {
    let refused = |code: String| compile(&format!("{{{{ {code} }}}}")).expect_err("too large").remove(0).code;
    assert_eq!(refused("1".repeat(10 << 20)), Code::TooLarge);
    assert_eq!(refused(format!("'{}'", "x".repeat(10 << 20))), Code::TooLarge);
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{a:", "}"),
        ("!", "1"),
        ("-", "1"),
        ("a=>", "1"),
        ("a?b:", "1"),
        ("`${", "}`"),
        ("f(", ")"),
        ("typeof ", "1"),
        ("new ", "x"),
        ("a**", "1"),
        ("[...", "]"),
    ] {
        for count in [300, 4000, 20_000, 1 << 20] {
            let closing = if close.len() == 1 && close.chars().all(char::is_alphanumeric) {
                close.to_owned()
            } else {
                close.repeat(count)
            };
            let nested = format!("{{{{ {}{closing} }}}}", open.repeat(count));
            let is_refused = match compile(&nested) {
                Ok(template) => template.evaluate(&scope(), &mut Budget::default()).is_err(),
                Err(_) => true,
            };
            assert!(is_refused, "{open} {count}");
        }
    }
    let blocks = "{{1}}".repeat(100_000);
    assert_eq!(compile(&blocks).unwrap_err().pop().map(|wrong| wrong.code), Some(Code::TooLarge));
    assert!(compile(&"{{".repeat(100_000)).is_err());
    assert!(compile(&format!("{{{{ '{}", "}}".repeat(100_000))).is_err());
    assert!(compile(&"{{ a }} text ".repeat(1000)).is_ok());
    let text = "plain text ".repeat(1 << 20);
    assert_eq!(
        compile(&text).unwrap().evaluate(&scope(), &mut Budget::default()).unwrap().as_str(),
        Some(text.as_str())
    );
}

#[test]
fn evaluations_fit_on_a_small_stack() {
    // Twice a thread's usual stack: this is an unoptimised build, whose frames are several times as large.
    let worker = std::thread::Builder::new().stack_size(4 << 20).spawn(|| {
        exhausts("(function f(n) { return 1 + [f(n + 1)].map(x => ({ x }))[0].x; })(0)", &[Exhausted::Depth]);
        exhausts("[1].map(function f(n) { return [n].map(f); })", &[Exhausted::Depth]);
    });
    worker.unwrap().join().unwrap();
}

#[test]
fn several_evaluations_share_one_budget() {
    let template = compile("{{ $json.list.map(x => x + 1) }}").unwrap();
    let mut budget = Budget::new(Limits { steps: 200, ..Limits::default() });
    let done = (0..100).take_while(|_| template.evaluate(&scope(), &mut budget).is_ok()).count();
    assert!((2..50).contains(&done), "{done}");
}
