//! Where names are declared, how values are taken apart, labels, and patterns that go on.

use super::{check_all, check_fails};

#[test]
fn a_pattern_with_the_flag_g_goes_on_where_it_was() {
    check_all(&[
        ("(() => { const re = /a/g; let n = 0; while (re.exec('banana')) n++; return n })()", "3"),
        (
            "(() => { const re = /(\\w)=(\\d)/g; const r = {}; let m; while ((m = re.exec('a=1&b=2')) !== null) \
             { r[m[1]] = m[2] } return r })()",
            r#"{"a":"1","b":"2"}"#,
        ),
        (
            "(() => { const re = /a/g; return [re.test('aa'), re.lastIndex, re.test('aa'), re.test('aa'), re.lastIndex] })()",
            "[true,1,true,false,0]",
        ),
        ("(() => { const re = /a/y; re.lastIndex = 1; return [re.test('ba'), re.test('ba')] })()", "[true,false]"),
        (
            "(() => { const re = /é/g; re.exec('é😀é'); const i = re.lastIndex; re.exec('é😀é'); return [i, re.lastIndex] })()",
            "[1,4]",
        ),
        (
            "(() => { const re = /x*/g; let m, n = 0; while ((m = re.exec('ab')) !== null) { n++; \
             if (m.index === re.lastIndex) re.lastIndex++ } return n })()",
            "3",
        ),
        (
            "(() => { const re = /x*/g; let m, n = 0; while ((m = re.exec('😀')) !== null) { n++; \
             if (m.index === re.lastIndex) re.lastIndex++ } return n })()",
            "2",
        ),
        ("(() => { const re = /b/g; re.exec('abab'); return 'abab'.replace(re, 'x') + re.lastIndex })()", "\"axax0\""),
        ("(() => { const re = /b/g; re.exec('abab'); return ['abab'.match(re).length, re.lastIndex] })()", "[2,0]"),
        // A literal is made anew each time, and for each item.
        ("['1', '2', '3'].map(s => /\\d/g.test(s))", "[true,true,true]"),
        ("(() => { const re = /\\d/g; return ['1', '2', '3'].map(s => re.test(s)) })()", "[true,false,true]"),
        ("(() => { const re = /\\d/; return ['1', '2'].map(s => re.test(s)) })()", "[true,true]"),
        ("(() => { const re = /a/g; re.lastIndex = -1; return re.test('a') })()", "true"),
        ("(() => { const re = /a/g; re.lastIndex = 9; return [re.test('a'), re.lastIndex] })()", "[false,0]"),
    ]);
    check_fails("(() => { const re = /a/; re.source = 'b'; return re })()", "\"source\"");
    check_fails("(() => { const re = /x*/g; let n = 0; while (re.exec('a')) n++; return n })()", "too many steps");
}

#[test]
fn an_assignment_takes_values_apart() {
    check_all(&[
        ("(() => { let a = 1, b = 2; [a, b] = [b, a]; return [a, b] })()", "[2,1]"),
        ("(() => { let a, b; ({ a, b } = { a: 1, b: 2 }); return a + b })()", "3"),
        ("(() => { let a, b, c; ({ a: b = 5, ...c } = { x: 1, y: 2 }); return [b, c] })()", r#"[5,{"x":1,"y":2}]"#),
        ("(() => { let a, b, c; [a, , b = a, ...c] = [1, 2, undefined, 4, 5]; return [a, b, c] })()", "[1,null,[4,5]]"),
        ("(() => { const o = {}; [o.a, [o['b']]] = [1, [2]]; return o })()", r#"{"a":1,"b":2}"#),
        (
            "(() => { const l = [1, 2, 3, 4]; for (let i = 0; i < 2; i++) { const j = 3 - i; [l[i], l[j]] = [l[j], l[i]] } return l })()",
            "[4,3,2,1]",
        ),
        // What was moved can be changed afterwards.
        (
            "(() => { const l = [{ v: 1 }, { v: 2 }]; [l[0], l[1]] = [l[1], l[0]]; l[0].v = 9; l.push(1); return l })()",
            r#"[{"v":9},{"v":1},1]"#,
        ),
        ("(() => { let a = 1, b = 1; for (let i = 0; i < 5; i++) [a, b] = [b, a + b]; return b })()", "13"),
        ("(() => { let a; return ([a] = [1, 2]).length })()", "2"),
        ("(() => { let a; try { [a] = null } catch (e) { return 'caught' } })()", "\"caught\""),
    ]);
    check_refused("(() => { let a; ({ constructor: a } = {}); return a })()", "constructor");
}

#[test]
fn a_loop_may_go_over_a_name_that_there_is() {
    check_all(&[
        ("(() => { let x; for (x of [1, 2, 3]) {} return x })()", "3"),
        ("(() => { let k; for (k in { a: 1, b: 2 }) ; return k })()", "\"b\""),
        ("(() => { const o = {}; for (o.k in { a: 1 }) ; return o })()", r#"{"k":"a"}"#),
        ("(() => { let a, b, r = []; for ([a, b] of [[1, 2], [3, 4]]) r.push(a + b); return r })()", "[3,7]"),
        // The element is held by that name alone.
        ("(() => { let x; for (x of [{ a: 1 }]) { x.b = 2 } return x })()", r#"{"a":1,"b":2}"#),
    ]);
}

#[test]
fn var_belongs_to_the_whole_function() {
    check_all(&[
        ("(() => { if ($json.n > 3) { var r = 'big' } else { var r = 'small' } return r })()", "\"big\""),
        ("(() => { var x = 1; { var x = 2 } return x })()", "2"),
        ("(() => { var x = 1; var x; return x })()", "1"),
        ("(() => { for (var i = 0; i < 3; i++) { var last = i * 2 } return [i, last] })()", "[3,4]"),
        ("(() => { for (var x of [1, 2]) {} return x })()", "2"),
        ("(() => { for (var k in { a: 1, b: 2 }) {} return k })()", "\"b\""),
        ("(() => { try { var v = JSON.parse('[1') } catch { v = 'none' } return v })()", "\"none\""),
        ("(() => { switch (1) { case 1: var q = 5 } return q })()", "5"),
        ("(() => { a: { do { var d = 1 } while (false) } return d })()", "1"),
        (
            "(() => { const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f()) })()",
            "[3,3,3]",
        ),
        (
            "(() => { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f()) })()",
            "[0,1,2]",
        ),
        ("(() => { function f(x) { if (x) { var x = x + 1 } return x } return f(1) })()", "2"),
        (
            "(() => { const f = () => { if (true) { var inner = 1 } return inner }; return [f(), typeof inner] })()",
            r#"[1,"undefined"]"#,
        ),
        ("if ($json.n > 3) { var r = 'big' } else { var r = 'small' } r", "\"big\""),
    ]);
}

#[test]
fn labels_lead_out_of_several_loops() {
    check_all(&[
        (
            "(() => { const r = []; outer: for (const p of ['Ada', 'Bob', 'Cy']) { for (const l of p) { if (l === 'o') continue outer } \
             r.push(p) } return r })()",
            r#"["Ada","Cy"]"#,
        ),
        (
            "(() => { let n = 0; outer: for (let i = 0; i < 9; i++) { for (let j = 0; j < 9; j++) { n++; if (i * j === 6) break outer } } \
             return n })()",
            "16",
        ),
        (
            "(() => { let n = 0; a: while (true) { n++; switch (n) { case 3: break a; default: continue a } } return n })()",
            "3",
        ),
        (
            "(() => { let n = 0; a: do { n++; for (;;) { if (n > 4) break a; continue a } } while (true); return n })()",
            "5",
        ),
        (
            "(() => { x: for (const k in { a: 1, b: 2 }) { for (;;) { if (k === 'b') return k; continue x } } })()",
            "\"b\"",
        ),
        ("(() => { b: { if ($json.n) break b; return 'no' } return 'yes' })()", "\"yes\""),
        (
            "(() => { a: for (const x of new Set([1, 2])) { for (;;) { if (x > 1) break a; continue a } } return 'done' })()",
            "\"done\"",
        ),
        ("(() => { let n = 0; a: for (;;) { try { break a } finally { n++ } } return n })()", "1"),
    ]);
    check_refused("(() => { a: for (;;) { [1].forEach(() => { break a }) } })()", "a");
    check_refused("(() => { for (;;) { break nowhere } })()", "nowhere");
}

#[test]
fn a_tag_is_called_with_the_texts_and_the_values() {
    check_all(&[
        ("String.raw`C:\\new\\${$json.n}`", r#""C:\\new\\${$json.n}""#),
        ("String.raw`a\\n${$json.n}b`", r#""a\\n5b""#),
        ("((s, ...v) => s.join('|') + v.join(','))`a${1}b${2}c`", "\"a|b|c1,2\""),
        ("String.raw({ raw: 'abc' }, 1, 2, 3)", "\"a1b2c\""),
        ("String.raw({ raw: [] }, 1)", "\"\""),
        ("String.raw()", "undefined"),
    ]);
}

/// `source` is refused when it is compiled, with a sentence that contains `part`.
#[track_caller]
fn check_refused(source: &str, part: &str) {
    let findings = weft_expressions::compile(&format!("{{{{ {source} }}}}")).expect_err(source);
    let said = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert!(said.contains(part), "{source}: {said}");
}
