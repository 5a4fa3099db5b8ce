use weft_expressions::{Budget, Exhausted, Limits, compile};

use crate::{check, check_all, check_fails, scope};

/// `body` is the body of a function that is called at once.
#[track_caller]
fn runs(table: &[(&str, &str)]) {
    for (body, expected) in table {
        check(&format!("(() => {{ {body} }})()"), expected);
    }
}

#[test]
fn variables_change() {
    runs(&[
        ("let a = 1; a = a + 1; return a", "2"),
        ("let a = 5; a += 2; a *= 3; a -= 1; a /= 4; a %= 3; a **= 3; return a", "8"),
        ("let a; a ??= 1; a ||= 2; a &&= 3; return a", "3"),
        ("let i = 1; return [i++, i, ++i, i--, --i, i]", "[1,2,3,3,1,1]"),
        ("let s = 'a'; s += 1; return s", r#""a1""#),
        ("const o = {}; o.a = 1; o['b' + 1] = 2; o.a++; return o", r#"{"a":2,"b1":2}"#),
        ("const o = { a: { b: [1] } }; o.a.b[0] += 5; o.a.c = 7; return o", r#"{"a":{"b":[6],"c":7}}"#),
        ("const l = []; l[2] = 'x'; return l.length", "3"),
        ("const l = [1, 2, 3]; l.length = 1; return l", "[1]"),
        ("const o = { a: 1, b: 2 }; delete o.a; return o", r#"{"b":2}"#),
        ("const { a, ...rest } = { a: 1, b: 2 }; rest.c = a; return rest", r#"{"b":2,"c":1}"#),
        ("let a = 1; { let a = 2; a++ } return a", "1"),
        ("var n = 0; function add(x) { n += x } add(2); add(3); return n", "5"),
    ]);
    check_all(&[
        ("const a = 1; a + 1", "2"),
        ("let x = 2; x *= 4; x", "8"),
        ("let s = 0; for (const x of $json.list) { s += x } s;", "6"),
        ("if ($json.n > 1) { 2 }", "undefined"),
    ]);
}

#[test]
fn lists_sets_maps_and_dates_change_in_variables() {
    runs(&[
        ("const l = [1]; const n = l.push(2, 3); return [l, n]", "[[1,2,3],3]"),
        ("const l = [1, 2, 3]; return [l.pop(), l.shift(), l.unshift(0), l]", "[3,1,2,[0,2]]"),
        ("const l = [3, 1, 2]; l.sort(); return l", "[1,2,3]"),
        ("const l = [3, 1, 2]; l.sort((a, b) => b - a).pop(); return l.reverse()", "[2,3]"),
        ("const l = [3, 1, 2]; const m = l.sort().reverse(); return [l, m.length]", "[[3,2,1],3]"),
        ("const l = [1, 2, 3, 4]; const cut = l.splice(1, 2, 'x'); return [cut, l]", r#"[[2,3],[1,"x",4]]"#),
        ("const l = [1, 2]; l.fill(0); return l", "[0,0]"),
        ("const o = { l: [3, 1] }; o.l.sort(); o.l.reverse(); return o", r#"{"l":[3,1]}"#),
        ("const s = new Set(); s.add(1); s.add(1); s.add(2); return [s.size, s.delete(1), s.has(1)]", "[2,true,false]"),
        ("const m = new Map(); m.set('a', 1).get('a'); m.set('b', 2); m.delete('a'); return [...m.keys()]", r#"["b"]"#),
        (
            "const d = new Date(0); d.setUTCDate(5); d.setUTCHours(3); return d.toISOString()",
            r#""1970-01-05T03:00:00.000Z""#,
        ),
        (
            "const groups = {}; for (const p of $json.people) { (groups[p.age > 18 ? 'old' : 'young'] ||= []).push(p.name) } return groups",
            r#"{"old":["Ada","Cy"],"young":["Bob"]}"#,
        ),
        (
            "const groups = {}; $json.people.forEach(p => { const k = p.name.length; if (!groups[k]) groups[k] = []; groups[k].push(p.age) }); return groups",
            r#"{"2":[70],"3":[36,17]}"#,
        ),
        ("const now = $now; return now.set({ year: 2020 }).year", "2020"),
    ]);
    runs(&[
        ("const l = [1]; l?.push(2); l.push?.(3); l?.reverse(); return l", "[3,2,1]"),
        ("const o = { a: { l: [] } }; o?.a.l.push(1); o.a?.['l']?.push(2); return o.a.l", "[1,2]"),
        (
            "let l; let n = 0; l?.push(n++); const o = {}; o.x?.[n++].push(n++); return [l ?? 'none', n]",
            r#"["none",0]"#,
        ),
        ("const g = { a: [] }; for (const k of ['a', 'b']) { g[k]?.push(k) } return g", r#"{"a":["a"]}"#),
        (
            "let i = 0; const a = []; (a[i++] ||= []).push('x'); (a[i++] ??= []).push('y'); return [a, i]",
            r#"[[["x"],["y"]],2]"#,
        ),
        (
            "let n = 0; const k = () => { n++; return 'k' }; const a = {}; (a[k()] ||= []).push(1); return [a, n]",
            r#"[{"k":[1]},1]"#,
        ),
        (
            "const m = new Map(); for (const n of [1, 2, 3]) { if (!m.has(n % 2)) m.set(n % 2, []); m.get(n % 2).push(n) } return [...m]",
            "[[1,[1,3]],[0,[2]]]",
        ),
        (
            "const m = new Map([['a', { n: 1, l: [[2, 1]] }]]); m.get('a').n += 4; m.get('a').l[0].sort(); m.get('b')?.l.push(1); return m.get('a')",
            r#"{"n":5,"l":[[1,2]]}"#,
        ),
        ("const o = { get: k => [k] }; return o.get('x').push('y')", "2"),
    ]);
    check_fails(
        "(() => { const l = []; const o = { get: () => l }; o.get().push(1); return l })()",
        "another variable holds",
    );
    check_fails("(() => { const o = { get: k => ({ k }) }; o.get('x').k = 2 })()", "no variable of the expression");
    check_all(&[
        ("[1, 2, 3].reduce((acc, x) => { acc.push(x * 2); return acc }, [])", "[2,4,6]"),
        ("['a', 'b', 'a'].reduce((acc, x) => { acc[x] = (acc[x] || 0) + 1; return acc }, {})", r#"{"a":2,"b":1}"#),
        ("[1, 2].reduce((acc, x) => (acc.push(x), acc), [])", "[1,2]"),
        (
            "$json.people.map(p => { p.old = p.age > 18; delete p.name; return p })",
            r#"[{"age":36,"old":true},{"age":17,"old":false},{"age":70,"old":true}]"#,
        ),
    ]);
}

#[test]
fn loops_branches_and_errors() {
    runs(&[
        (
            "const out = []; for (let i = 0; i < 5; i++) { if (i === 1) continue; if (i === 4) break; out.push(i) } return out",
            "[0,2,3]",
        ),
        ("let n = 0; while (n < 10) n += 3; return n", "12"),
        ("let n = 0; do { n++ } while (n < 3); return n", "3"),
        ("const out = []; for (const k in { a: 1, b: 2 }) out.push(k); return out", r#"["a","b"]"#),
        ("const out = []; for (const [k, v] of Object.entries({ a: 1 })) out.push(k + v); return out", r#"["a1"]"#),
        ("for (const p of $json.people) { if (p.age < 18) return p.name } return 'nobody'", r#""Bob""#),
        ("let s = ''; for (const c of 'aé😀') s = c + s; return s", r#""😀éa""#),
        ("switch ($json.n) { case 4: return 'four'; case 5: { return 'five' } default: return 'other' }", r#""five""#),
        ("let s = ''; switch (1) { case 1: s += 'a'; case 2: s += 'b'; break; default: s += 'c' } return s", r#""ab""#),
        ("let s = ''; switch (9) { case 1: s += 'a'; default: s += 'b'; case 2: s += 'c' } return s", r#""bc""#),
        ("try { return JSON.parse('{') } catch { return 'broken' }", r#""broken""#),
        ("try { throw new Error('no') } catch (e) { return e.message } finally { 1 }", r#""no""#),
        ("let n = 0; try { n = 1; $json.nope.x } catch (e) { n += 10 } finally { n += 100 } return n", "111"),
        ("try { return 1 } finally { return 2 }", "2"),
        ("for (let i = 0; ; i++) { try { if (i > 2) break } finally { i++ } } return 'done'", r#""done""#),
    ]);
}

#[test]
fn functions_share_their_variables() {
    runs(&[
        ("let n = 0; const add = () => { n++ }; add(); add(); return n", "2"),
        (
            "const counter = () => { let n = 0; return () => ++n }; const a = counter(), b = counter(); return [a(), a(), b()]",
            "[1,2,1]",
        ),
        ("const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i) } return fs.map(f => f())", "[0,1,2]"),
        ("function f(n) { return n < 2 ? 1 : n * f(n - 1) } return f(5)", "120"),
        ("let seen = 0; [1, 2, 3].forEach(x => { seen += x }); return seen", "6"),
        ("const out = []; [1, 2].forEach(x => [3, 4].forEach(y => { out.push(x * y) })); return out", "[3,4,6,8]"),
        (
            "let keep; const run = f => f(); run(() => { let n = 1; keep = () => ++n }); run(() => { let m = 7; m++; return m }); return [keep(), keep()]",
            "[2,3]",
        ),
    ]);
}

#[test]
fn data_stays_as_it_is_and_no_name_is_forgotten() {
    runs(&[
        ("const l = $json.list; l.push(9); return [l.length, $json.list.length]", "[4,3]"),
        ("const d = $json.deep; d.a.b.c = 2; return [d.a.b.c, $json.deep.a.b.c]", "[2,1]"),
        ("const a = [1]; const b = [...a]; b.push(2); return [a, b]", "[[1],[1,2]]"),
        (
            "const rows = []; for (let i = 0; i < 3; i++) { const row = {}; row.i = i; rows.push(row) } return rows",
            r#"[{"i":0},{"i":1},{"i":2}]"#,
        ),
        ("const a = [1]; a.push(a.length); return a", "[1,1]"),
        ("const o = { l: [] }; o.l.push(1); o.l.push(2); return o", r#"{"l":[1,2]}"#),
        ("const a = {}; const b = { a: 1 }; a.b = b; delete a.b; b.c = 2; return b", r#"{"a":1,"c":2}"#),
        (
            "return [[3, 1].sort(), [1, 2].concat(3).reverse(), 'b,a'.split(',').sort(), Object.keys({ a: 1 }).pop()]",
            r#"[[1,3],[3,2,1],["a","b"],"a"]"#,
        ),
        ("const s = $json.list.sort(); return [s, $json.list]", "[[1,2,3],[3,1,2]]"),
        ("const f = () => [1]; f().push(2); return f()", "[1]"),
        ("const sorted = l => l.sort(); return [sorted([2, 1]), [[4, 3]].map(l => l.sort())]", "[[1,2],[[3,4]]]"),
        ("const f = l => { l.sort(); return l[0] }; return f($json.list)", "1"),
        ("const m = 'ab'.match(/a(b)/); m.shift(); return m", r#"["b"]"#),
    ]);
    for body in [
        "const l = []; (l.length ? [] : l).push(1); return l",
        "const l = []; const f = () => l; f().push(2); return l",
        "const l = []; [l][0].push(4); return l",
        "const l = [], n = 'push'; l[n](2); return l",
        "const l = []; const p = l.push; p(1); return l",
        "const l = []; l.push.apply(l, [1]); return l",
        "const l = [1]; l.push(l); return l",
        "const o = {}; o.o = { o }; return o",
        "const o = {}; (l => { o.a = l; o.b = l })([]); o.a.push(1); return o.b",
        "const m = new Map(); (l => { m.set(1, l); m.set(2, l) })([]); m.get(1).push(1); return m.get(2)",
        "return (a => () => { const b = a; b.push(1); return a })([0])()",
        "const m = 'ab'.match(/a(b)/); const n = m; m.shift(); return n",
        "const rows = [[2, 1]]; rows.forEach(r => { r.sort() }); return rows",
        "const rows = [[2, 1]]; rows.forEach(r => r.reverse()); return rows",
        "const rows = [[2, 1]]; rows.forEach(r => r.length > 1 && r.sort()); return rows",
        "const f = (l) => { l.sort(); return 1 }; const l = [2, 1]; f(l); return l",
        "const a = []; const b = a; b.push(1); return a",
        "const a = {}; const o = { a }; a.x = 1; return o",
        "const rows = [{ n: 1 }]; rows.forEach(r => { r.n = 2 }); return rows",
        "const rows = [{ n: 1 }]; for (const r of rows) { r.n = 2 } return rows",
        "const m = {}; m.k = []; const g = m.k; g.push(1); return m",
        "const a = [1]; const f = () => a; const b = a; b[0] = 2; return f()",
    ] {
        check_fails(&format!("(() => {{ {body} }})()"), "another variable holds");
    }
}

#[test]
fn sets_and_maps_are_shared_by_all_of_their_names() {
    runs(&[
        ("const s = new Set(); const t = s; t.add(1); return [s.size, t.size]", "[1,1]"),
        ("const fill = set => { set.add(1); set.add(2) }; const s = new Set(); fill(s); return [...s]", "[1,2]"),
        (
            "const o = { m: new Map() }; o.m.set('a', 1); const m = o.m; m.set('b', 2); return [...o.m.keys()]",
            r#"["a","b"]"#,
        ),
        (
            "const s = new Set([1]); return [s.add(2) === s, [s].includes(s), new Map([[s, 'here']]).get(s)]",
            r#"[true,true,"here"]"#,
        ),
        (
            "const s = new Set(); s.add(s); const l = [s]; s.add(l); return [s.has(s), s.has(l), s.size]",
            "[true,true,2]",
        ),
        (
            "const m = new Map(); const k = {}; m.set(k, 1); return [m.get(k), m.get({}), m.get(NaN), m.has(-0)]",
            "[1,null,null,false]",
        ),
        ("const s = new Set([1]); s.forEach(n => { if (n < 5) s.add(n + 1) }); return [...s]", "[1,2,3,4,5]"),
        ("const s = new Set([1]); for (const n of s) { if (n < 5) s.add(n * 2) } return [...s]", "[1,2,4,8]"),
        (
            "const m = new Map([['a', 1]]); for (const [k, v] of m) { if (v < 3) m.set(k + k, v + 1); if (v === 2) break } return [...m.values()]",
            "[1,2,3]",
        ),
        ("const s = new Set([1, 2, 3]); s.forEach(n => s.delete(n)); s.add(9); return [...s]", "[9]"),
        (
            "const m = new Map([['a', 1]]); const seen = []; m.forEach((v, k) => { seen.push(k + v); m.clear() }); return [seen, m.size]",
            r#"[["a1"],0]"#,
        ),
        (
            "const a = new Set([1, 2]); const b = a.union(new Set([3])); b.delete(1); return [[...a], [...b]]",
            "[[1,2],[2,3]]",
        ),
        ("const d = [1]; const s = new Set(); s.add(d); return [s.has(d), s.has([1])]", "[true,false]"),
    ]);
    check_fails(
        "(() => { const l = []; const s = new Set([l]); l.push(1); return [...s] })()",
        "another variable holds",
    );
    check("(() => { const l = []; new Set([l]); l.push(1); return l })()", "[1]");
}

#[test]
fn dates_are_shared_by_all_of_their_names() {
    runs(&[
        ("const d = new Date(0); const e = d; e.setUTCDate(5); return [d.getUTCDate(), d === e]", "[5,true]"),
        (
            "const d = new Date(0); const later = x => { x.setTime(x.getTime() + 1000) }; later(d); return d.getTime()",
            "1000",
        ),
        ("const o = { d: new Date(0) }; const n = o.d.setUTCFullYear(2020); return n === o.d.getTime()", "true"),
        ("const d = new Date(0); const copy = new Date(d); copy.setUTCDate(9); return d.getUTCDate()", "1"),
        ("const f = () => new Date(0); f().setUTCDate(5); return f().getUTCDate()", "1"),
    ]);
}

#[test]
fn loops_end_with_their_budget() {
    let limits = Limits { steps: 100_000, memory: 4 << 20, ..Limits::default() };
    for (body, reason) in [
        ("while (true) {}", Exhausted::Steps),
        ("for (;;) {}", Exhausted::Steps),
        ("let n = 0; do { n++ } while (true)", Exhausted::Steps),
        ("const l = []; while (true) l.push('0123456789')", Exhausted::Steps),
        ("let l = []; while (true) l = [l]", Exhausted::Depth),
        ("const l = []; while (true) { l[0] = [l[0]] }", Exhausted::Depth),
        ("let s = 'x'; while (true) s += s", Exhausted::Memory),
        ("const s = new Set(); for (let i = 0; ; i++) s.add(i)", Exhausted::Steps),
        ("const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])", Exhausted::Steps),
        ("const s = new Set([0]); s.forEach(n => s.add(n + 1))", Exhausted::Steps),
        ("while (true) new Set([1, 2, 3])", Exhausted::Memory),
        ("const l = []; l[1e15] = 1", Exhausted::Elements),
        ("const l = []; l.length = 1e9", Exhausted::Elements),
        ("const f = () => f(); f()", Exhausted::Depth),
        ("try { while (true) {} } catch (e) { return 1 }", Exhausted::Steps),
        ("try { while (true) {} } finally { return 1 }", Exhausted::Steps),
    ] {
        let template = compile(&format!("{{{{ (() => {{ {body} }})() }}}}")).unwrap();
        let error = template.evaluate(&scope(), &mut Budget::new(limits)).unwrap_err();
        assert_eq!(error, reason.into(), "{body}");
    }
}

#[test]
fn what_is_gathered_is_not_copied_every_time() {
    for gather in [
        "reduce((acc, _, i) => { acc.push({ i }); acc[0].n = i; return acc }, []).length",
        "reduce((acc, _, i) => { acc.add(i); acc.has('x' + i); return acc }, new Set()).size",
        "reduce((acc, _, i) => { acc.set('k' + i, i); acc.delete('k' + (i - 5)); return acc }, new Map()).size",
    ] {
        let steps = |count: usize| {
            let mut budget = Budget::default();
            let source = format!("{{{{ Array.from({{ length: {count} }}).{gather} }}}}");
            compile(&source).unwrap().evaluate(&scope(), &mut budget).unwrap();
            budget.steps_used()
        };
        assert!(steps(8_000) < steps(4_000) * 3, "{gather}: {} {}", steps(8_000), steps(4_000));
    }
    for (fill, size) in [
        ("const out = []; for (let i = 0; i < 50000; i++) { out.push(i) } return out.length", "50000"),
        ("const out = new Set(); for (let i = 0; i < 50000; i++) { out.add(i) } return out.size", "50000"),
        ("const out = new Map(); for (let i = 0; i < 50000; i++) { out.set('k' + i, [i]) } return out.size", "50000"),
        ("const o = {}; for (let i = 0; i < 50000; i++) { o['k' + i] = i } return Object.keys(o).length", "50000"),
        ("const o = {}; for (let i = 0; i < 50000; i++) { o[i] = i } return Object.keys(o).length", "50000"),
        ("const s = new Set(numberList(1, 50000)); for (const n of [...s]) { s.delete(n) } return s.size", "0"),
    ] {
        check(&format!("(() => {{ {fill} }})()"), size);
    }
}
