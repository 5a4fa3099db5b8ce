use weft_expressions::{Budget, compile};
use weft_value::Value;

use crate::{check_all, check_fails, scope};

#[test]
fn strings() {
    check_all(&[
        ("' x '.trim()", r#""x""#),
        ("'abc'.toUpperCase()", r#""ABC""#),
        ("'a-b-c'.split('-')", r#"["a","b","c"]"#),
        ("'abc'.split('')", r#"["a","b","c"]"#),
        ("'a,b,c'.split(',', 2)", r#"["a","b"]"#),
        ("''.split(',')", r#"[""]"#),
        ("'abc'.includes('b')", "true"),
        ("'abc'.startsWith('b', 1)", "true"),
        ("'abc'.endsWith('c')", "true"),
        ("'abcabc'.lastIndexOf('b')", "4"),
        ("'abc'.slice(-2)", r#""bc""#),
        ("'abc'.substring(2, 0)", r#""ab""#),
        ("'testtest'.substr(0, 6)", r#""testte""#),
        ("'ab'.repeat(3)", r#""ababab""#),
        ("'5'.padStart(3, '0')", r#""005""#),
        ("'a'.concat(1, null)", r#""a1null""#),
        ("'a'.charCodeAt(0)", "97"),
        ("'a'.localeCompare('b')", "-1"),
        ("'a a'.replace('a', 'b')", r#""b a""#),
        ("'a a'.replaceAll('a', '$&$&')", r#""aa aa""#),
        ("'héllo wörld'.replaceSpecialChars()", r#""hello world""#),
        ("'hello world'.toTitleCase()", r#""Hello World""#),
        ("'what is it like to go up'.toTitleCase()", r#""What Is It Like to Go Up""#),
        ("'The END of iPhone-based apps'.toTitleCase()", r#""The END of iPhone-Based Apps""#),
        ("'Hello-World x!'.toSnakeCase()", r#""hello_world_x""#),
        ("'a. b'.toSentenceCase()", r#""A. B""#),
        ("'x'.hash('sha256').length", "64"),
        ("'12345'.hash()", r#""827ccb0eea8a706c4c34a16891f84e7b""#),
        ("'hi'.base64Encode()", r#""aGk=""#),
        ("'aGk='.base64Decode()", r#""hi""#),
        ("'a b&c'.urlEncode()", r#""a%20b%26c""#),
        ("'a%20b'.urlDecode()", r#""a b""#),
        ("'{\"a\":1}'.parseJson().a", "1"),
        ("'a\"b'.toJsonString()", r#""\"a\\\"b\"""#),
        ("'x@y.org z'.extractEmail()", r#""x@y.org""#),
        ("'https://a.example.com:80/p?q'.extractDomain()", r#""a.example.com""#),
        ("'yes'.toBoolean()", "true"),
        ("'no'.toBoolean()", "false"),
        ("'12.7px'.toInt()", "12"),
        ("'0x10'.toInt() + '010'.toInt() + 'ff'.toInt(16)", "281"),
        ("$now.plus().equals($now) && $now.minus().equals($now)", "true"),
        ("'-ff'.toInt(16)", "-255"),
        ("'12'.toInt(NaN)", "12"),
        ("'12.7'.toNumber()", "12.7"),
        ("'a@b.co'.isEmail()", "true"),
        ("['mailto:a@b.co', 'a@b.c', 'a@1.2.3.4'].map(text => text.isEmail())", "[true,false,false]"),
        (
            "['a.org/p', 'a.org:80', 'a.org:x', 'a.org?q', 'http://a.org'].map(t => t.isDomain())",
            "[true,true,false,true,false]",
        ),
        ("'http://a.b/c http://a.bc/d'.extractUrl()", r#""http://a.bc/d""#),
        ("'12e3'.isNumeric()", "true"),
        ("' 12'.isNumeric() || '1 2'.isNumeric()", "false"),
        ("'**b** and [l](u)'.removeMarkdown()", r#""b and l""#),
        ("'<b>x</b>'.removeTags()", r#""x""#),
        ("'it'.quote()", r#""\"it\"""#),
        ("''.isEmpty()", "true"),
        ("'x'.isNotEmpty()", "true"),
        ("encodeURIComponent('a b/ü')", r#""a%20b%2F%C3%BC""#),
        ("decodeURIComponent('%C3%BC')", r#""ü""#),
        ("encodeURI('a b/ü?')", r#""a%20b/%C3%BC?""#),
        ("String.fromCharCode(72, 105)", r#""Hi""#),
    ]);
    check_fails("'x'.toNumber()", "is not a number");
    check_fails("'x'.hash('nope')", "hash() does not know");
}

#[test]
fn lists() {
    check_all(&[
        ("[3, 1, 10].sort()", "[1,10,3]"),
        ("[3, 1, 10].sort((a, b) => a - b)", "[1,3,10]"),
        ("['b', undefined, 'a'].sort()", r#"["a","b",null]"#),
        ("[3, 1, 2].toSorted((a, b) => b - a)", "[3,2,1]"),
        // The later one of two is asked for first, so half of a comparison is enough.
        ("[5, 2, 8, 1].sort((a, b) => a < b ? -1 : 0)", "[1,2,5,8]"),
        ("[5, 2, 8, 1].toSorted((a, b) => a > b ? -1 : 0)", "[8,5,2,1]"),
        ("[5, 2, 8, 1].sort((a, b) => a > b)", "[5,2,8,1]"),
        ("[1, 2, 3].sort(() => -1).concat([1, 2, 3].sort(() => 1))", "[3,2,1,1,2,3]"),
        ("[3, 'x', 1].sort((a, b) => a - b)", r#"[3,"x",1]"#),
        (
            "numberList(1, 500).map(n => [n * 7919 % 50, n]).sort((a, b) => a[0] - b[0]).every(([k, n], i, all) => !i || all[i - 1][0] < k || (all[i - 1][0] === k && all[i - 1][1] < n))",
            "true",
        ),
        ("[1, 2, 3].reverse()", "[3,2,1]"),
        ("[1, 2, 3].filter(x => x > 1)", "[2,3]"),
        ("[1, 2, 3].reduce((s, x) => s + x)", "6"),
        ("[1, 2, 3].reduce((s, x) => s + x, '')", r#""123""#),
        ("[[1], [2, [3]]].flat()", "[1,2,[3]]"),
        ("[[1], [2, [3]]].flat(Infinity)", "[1,2,3]"),
        ("[1, 2].flatMap(x => [x, x])", "[1,1,2,2]"),
        ("[1, 2, 3].some(x => x > 2)", "true"),
        ("[1, 2, 3].every(x => x > 2)", "false"),
        ("[1, 2, 3].findIndex(x => x === 2)", "1"),
        ("[1, 2, 3].findLast(x => x < 3)", "2"),
        ("[1, 2, 3].indexOf(3)", "2"),
        ("[NaN].includes(NaN)", "true"),
        ("[NaN].indexOf(NaN)", "-1"),
        ("[1, 2, 3].slice(1)", "[2,3]"),
        ("[1].concat([2], 3)", "[1,2,3]"),
        ("[1, null, 'a'].join('-')", r#""1--a""#),
        ("[1, 2, 3, 4].splice(1, 2)", "[2,3]"),
        ("[1, 2, 3].toSpliced(0, 1, 'x')", r#"["x",2,3]"#),
        ("[1, 2].push(3)", "3"),
        ("Array.from({length: 3}, (_, i) => i * i)", "[0,1,4]"),
        ("Array(3).fill(0)", "[0,0,0]"),
        ("[...Array(3).keys()]", "[0,1,2]"),
        ("Array.isArray([])", "true"),
        ("[1, 2, 3].first()", "1"),
        ("[].last()", "undefined"),
        ("[1, 1, 2].unique()", "[1,2]"),
        ("$json.people.pluck('age')", "[36,17,70]"),
        ("[1, 2, 3].average()", "2"),
        ("$json.list.min()", "1"),
        ("[1, null, '', 0].compact()", "[1,0]"),
        ("[{}, [], [[]], { a: [] }, { a: null }, 'nil'].compact()", "[[],{},{}]"),
        ("[1, 2, 3].chunk(2)", "[[1,2],[3]]"),
        ("[{k: 'a', v: 1}].smartJoin('k', 'v')", r#"{"a":1}"#),
        ("[{a: 1}].renameKeys('a', 'b')", r#"[{"b":1}]"#),
        ("[{a: 1, b: 2}].renameKeys('a', 'z')", r#"[{"b":2,"z":1}]"#),
        ("[{a: 1, b: 2}].renameKeys('a', 'b')", r#"[{"b":1}]"#),
        ("[{a: 1, b: 2}, {a: 2}].mergeIntoObject([{x: 1}])", r#"{"a":2,"b":2,"x":1}"#),
        ("Math.max.bind(null, 10)(3)", "10"),
        ("[1, 2].map(((x, y) => x + y).bind(null, 10))", "[11,12]"),
        ("((...all) => all).bind(null, 1).bind(null, 2)(3)", "[1,2,3]"),
        (
            "[Object.isFrozen({}), Object.isSealed([]), Object.isExtensible({}), Object.isFrozen(5)]",
            "[false,false,true,true]",
        ),
        ("[{a: 1}].merge([{b: 2}])", r#"{"a":1,"b":2}"#),
        ("[1, 2].difference([2])", "[1]"),
        ("[{a: 1}].intersection([{a: 1}])", r#"[{"a":1}]"#),
        ("[1].append(2, 3)", "[1,2,3]"),
        ("[].isEmpty()", "true"),
        ("[...new Set([1, 1, 2])]", "[1,2]"),
        ("new Map([['a', 1]]).get('a')", "1"),
        ("Object.entries({a: 1}).map(([k, v]) => k + v)", r#"["a1"]"#),
        ("Object.fromEntries([['a', 1]])", r#"{"a":1}"#),
        ("Object.assign({a: 1}, {b: 2})", r#"{"a":1,"b":2}"#),
        ("Object.assign([], [10, 20], null, {1: 5})", "[10,5]"),
        ("Object.values('ab')", r#"["a","b"]"#),
        ("Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even')", r#"{"odd":[1,3],"even":[2]}"#),
        ("({a: 1}).hasField('a')", "true"),
        ("({a: 1, b: 2}).removeField('a')", r#"{"b":2}"#),
        ("({a: null, b: {c: ''}}).compact()", r#"{"b":{}}"#),
        ("({a: 'x y'}).urlEncode()", r#""a=x+y""#),
        ("({a: 1}).keys()", r#"["a"]"#),
        ("({}).isEmpty()", "true"),
        ("null.isEmpty()", "true"),
    ]);
    check_fails("['x'].sum()", "list of numbers");
    check_fails("$json.nope.first()", "cannot be used on undefined");
    check_fails("(5).first()", "can be called on a list");
}

#[test]
fn lists_know_what_is_equal_through_all_its_parts() {
    check_all(&[
        ("[{a: 1, b: [2]}, {b: [2], a: 1}, {a: 1}].unique()", r#"[{"a":1,"b":[2]},{"a":1}]"#),
        ("[[1, [2]], [1, [2]], [[1], 2]].unique()", "[[1,[2]],[[1],2]]"),
        ("[{a: undefined}, {b: undefined}, {}].unique().length", "3"),
        ("[0, -0, '0', null, undefined, false].unique().length", "5"),
        ("[NaN, NaN, [NaN], [NaN]].unique().length", "4"),
        ("['2026-01-01T00:00Z', '2026-01-01T01:00+01:00'].map(t => DateTime.fromISO(t)).unique().length", "1"),
        ("[{k: 1, v: 1}, {k: 1, v: 2}, {v: 3}, {}].unique('k')", r#"[{"k":1,"v":1},{"v":3}]"#),
        ("[1, 2, 2].union([3, '2', 1])", r#"[1,2,3,"2"]"#),
        ("[3, 1, 1, 2, 3].difference([2])", "[3,1]"),
        ("[2, 1, 2, 3].intersection([3, 2, 2])", "[2,3]"),
    ]);
}

#[test]
fn what_is_equal_is_found_without_looking_at_everything() {
    for find in [
        "list.unique()",
        "list.map(n => ({ n: 't' + n, m: [n] })).removeDuplicates()",
        "list.map(n => ({ n })).unique('n')",
        "list.map(() => NaN).unique()",
        "list.union(list)",
        "list.difference(list.map(n => -n))",
        "list.intersection(list)",
    ] {
        let steps = |count: u32| {
            let mut budget = Budget::default();
            let template = compile(&format!("{{{{ (list => {find}.length)(numberList(1, {count})) }}}}")).unwrap();
            let found = template.evaluate(&scope(), &mut budget).unwrap();
            assert_eq!(found, Value::from(count), "{find}");
            budget.steps_used()
        };
        assert!(steps(100_000) < steps(10_000) * 11, "{find}: {} {}", steps(100_000), steps(10_000));
    }
}

#[test]
fn numbers_and_mathematics() {
    check_all(&[
        ("(1.5).round()", "2"),
        ("(-1.5).round()", "-2"),
        ("(-0.4).round() + (2.5).round()", "3"),
        ("(1.2345).round(2)", "1.23"),
        ("(1.2).ceil()", "2"),
        ("(4).isEven()", "true"),
        ("(-3).isOdd()", "true"),
        ("(0).toBoolean()", "false"),
        ("Math.round(2.5)", "3"),
        ("Math.max()", "null"),
        ("Math.min(1, 'x')", "null"),
        ("Math.hypot(3, 4)", "5"),
        ("Math.trunc(-1.5)", "-1"),
        ("Math.sign(-3)", "-1"),
        ("Math.PI > 3.14", "true"),
        ("Number.isInteger(5.0)", "true"),
        ("Number.MAX_SAFE_INTEGER", "9007199254740991"),
        ("isNaN('x')", "true"),
        ("$min(3, 1)", "1"),
        ("$max(3, 1)", "3"),
        ("$average(1, 3)", "2"),
        ("$if(1 > 2, 'a', 'b')", r#""b""#),
        ("$ifEmpty('', 'd')", r#""d""#),
        ("$not(0)", "true"),
        ("numberList(3, 1)", "[3,2,1]"),
        ("zip(['a'], [1])", r#"{"a":1}"#),
        ("Math.random() === Math.random()", "false"),
        ("true.toInt()", "1"),
        ("Boolean('')", "false"),
        ("String(null)", r#""null""#),
        ("[1, 2].toString()", r#""1,2""#),
    ]);
    check_fails("(1.5).isEven()", "whole number");
    for (source, part) in [
        ("'nope'.parseJson()", "not JSON"),
        ("'x'.toInt()", "not a number"),
        ("'12'.toInt(37)", "not a number"),
        ("[1, '2', 3].sum()", "list of numbers"),
        ("'x'.toDecimalNumber()", "not a number"),
        ("'1,234.5'.toFloat()", "write a point"),
        ("[1, '2'].average()", "list of numbers"),
        ("$average(1, '2')", "needs numbers"),
        ("[{a: 1}].merge({b: 1})", "needs a list"),
        ("[{a: 1}].smartJoin('a', 1)", "two fields"),
        ("({a: 'x'}).keepFieldsContaining(1)", "text to look for"),
        ("(5).toDateTime({})", "knows"),
    ] {
        check_fails(source, part);
    }
    check_all(&[
        ("'$12.50'.toFloat() + '€ 3'.toNumber() + '£7'.toInt()", "22.5"),
        ("'a,b'.urlEncode('whole')", r#""a,b""#),
        ("'YW Jj!'.base64Decode() + 'YWJ'.base64Decode() + '!'.base64Decode()", r#""abcab""#),
        ("[3, 1, 3].unique('a')", "[3,1]"),
        ("['192.168.1.1', 'a_b.com', 'com', 'é.com'].map(text => text.isDomain())", "[true,true,false,false]"),
        ("$average()", "0"),
    ]);
    check_fails("$ifEmpty(1)", "needs a value");
}

#[test]
fn json() {
    check_all(&[
        (
            "JSON.stringify({a: [1, undefined, () => 1], b: undefined, c: new Date(0)})",
            r#""{\"a\":[1,null,null],\"c\":\"1970-01-01T00:00:00.000Z\"}""#,
        ),
        ("JSON.stringify({a: [1], b: {}}, null, 2)", r#""{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}""#),
        ("JSON.stringify('é\\u0001\"')", r#""\"é\\u0001\\\"\"""#),
        ("JSON.stringify({a: 1, b: 2}, ['b'])", r#""{\"b\":2}""#),
        ("JSON.stringify({2: 1, b: 2, a: {b: 3, a: 1}}, ['a', 'b', 'a'])", r#""{\"a\":{\"a\":1,\"b\":3},\"b\":2}""#),
        ("(-0).toExponential() + (-0).toPrecision(3)", r#""0e+00.00""#),
        (
            "[Math.hypot(2025, 22.5), Math.hypot(2.5, -1), Math.hypot(), Math.hypot(NaN, Infinity)]",
            "[2025.1249961422131,2.6925824035672523,0,null]",
        ),
        ("JSON.stringify({a: 1, b: 'x'}, (k, v) => typeof v === 'number' ? v + 1 : v)", r#""{\"a\":2,\"b\":\"x\"}""#),
        ("JSON.stringify(undefined)", "undefined"),
        ("JSON.stringify(1e21)", r#""1e+21""#),
        ("JSON.parse('{\"a\":[1,2]}').a[1]", "2"),
        ("JSON.parse('[1,2]', (k, v) => typeof v === 'number' ? v * 2 : v)", "[2,4]"),
        ("JSON.parse('{')", "undefined"),
        ("$json.deep.toJsonString()", r#""{\"a\":{\"b\":{\"c\":1}}}""#),
    ]);
}

#[test]
fn extensions_take_what_real_texts_and_lists_hold() {
    check_all(&[
        // Texts that are dates are texts first, but for what `Date` writes.
        ("'2026-01-15T10:30:00'.toInt()", "2026"),
        ("'2026-01-15T10:30:00'.toBoolean()", "true"),
        ("'2026-01-15T10:30:00'.plus(1, 'day').toISODate()", r#""2026-01-16""#),
        ("'1970-01-01T00:00:01.000Z'.toInt()", "1000"),
        ("'10:30'.toDateTime().toISO()", r#""2026-03-01T10:30:00.000-05:00""#),
        ("DateTime.fromISO('08:15', { zone: 'Asia/Tokyo' }).toISO()", r#""2026-03-01T08:15:00.000+09:00""#),
        ("DateTime.fromISO('10:3x').isValid", "false"),
        ("(12.7).toInt(5)", "13"),
        ("'a“b”\\u00a0c😀 € d.'.toSnakeCase()", "\"ab\u{a0}c😀_€_d\""),
        (r#"'say "a\\b"'.quote()"#, r#""\"say \\\"a\\\\b\\\"\"""#),
        ("'more at http://example.com/x now'.toTitleCase()", r#""More at http://example.com/x Now""#),
        ("'e.g. at 9 a.m. it is: late'.toTitleCase()", r#""e.g. at 9 a.m. It Is: Late""#),
        ("'# Title\\n\\n\\n\\n1. one\\n> said ~~not~~'.removeMarkdown()", r#""Title\n\none\n said not""#),
        ("'a ![alt](x.png) b ```c```'.removeMarkdown()", r#""a  b c""#),
        (
            "['ftp://files.example.com/x', 'http://localhost:80', 'https://a.io?x=1', 'http://10.0.0.1/a'].every(t => t.isUrl())",
            "true",
        ),
        (
            "['https://example', 'https://me:x@example.com', 'ws://example.com', 'www.example.com'].some(t => t.isUrl())",
            "false",
        ),
        ("'see ftp://files.example.com/a, then b'.extractUrl()", r#""ftp://files.example.com/a,""#),
        ("'//example.com/a'.extractDomain()", r#""example.com""#),
        ("'localhost'.isDomain()", "true"),
        ("'see https://example.com'.extractDomain()", "undefined"),
        ("' https://example.com/é a?b '.extractUrlPath()", r#""/%C3%A9%20a""#),
        ("'see https://example.com/a'.extractUrlPath()", "undefined"),
        ("[{ a: 1, b: 2 }, { a: 2 }].merge([{ a: 5 }, { b: 7 }])", r#"{"a":2,"b":7}"#),
        ("[{ a: 1 }, null, { c: 2 }].merge([{ b: 1 }, { d: 1 }])", r#"{"a":1,"b":1,"d":1}"#),
        ("[{ a: 1 }, { a: 2, b: 1 }].merge()", r#"{"a":1,"b":1}"#),
        ("[{ b: 1, a: 2 }, { a: 3 }, { c: 4 }].pluck('a', 'b')", "[[1,2],3]"),
        ("[new Date(0), new Date(0), new Date(1)].unique().length", "2"),
    ]);
}

#[test]
fn errors_name_what_has_no_properties() {
    check_all(&[
        (
            "(x => { try { return x.foo } catch (e) { return e.message } })(null)",
            r#""Cannot read properties of null (reading 'foo')""#,
        ),
        (
            "(x => { try { return x.y.foo } catch (e) { return e.message } })({})",
            r#""Cannot read properties of undefined (reading 'foo')""#,
        ),
    ]);
}

#[test]
fn texts_grow_at_their_end() {
    check_all(&[
        ("numberList(1, 3000).reduce((all, n) => all + '<tr><td>row number ' + n + '</td></tr>', '').length", "97893"),
        ("numberList(1, 3000).reduce((all, n) => `${all}<tr><td>row number ${n}</td></tr>`, '').length", "97893"),
        (
            "(() => { let s = ''; for (let i = 0; i < 20000; i++) { s += 'a line of text, number ' + i + '\\n' } return s.length })()",
            "568890",
        ),
        ("(() => { let s = ''; for (let i = 0; i < 20000; i++) { s = s + 'x' + i } return s.length })()", "108890"),
        ("Object.keys(numberList(1, 2000).reduce((all, i) => ({ ...all, ['k' + i]: i }), {})).length", "2000"),
        // Whoever else holds the text keeps it as it was.
        (
            "(() => { let s = 'a text of some length'; const t = s; s += '!'; s = s + '?'; return [t.length, s.length] })()",
            "[21,23]",
        ),
        ("(() => { let s = 'ab'; s += (s = 'x', 'c'); return s })()", r#""abc""#),
        ("(() => { let s = 'ab'; s = s + (s = 'x') + s; return s })()", r#""abxx""#),
        (
            "(() => { let s = 'n'; s += [1, 2]; s += null; s += new Map(); return s + 1 })()",
            r#""n1,2null[object Map]1""#,
        ),
        ("(() => { const all = ['a text of some length']; all.map(t => t + '!'); return all[0].length })()", "21"),
        ("(s => (() => s + s + s.length))('a text of some length')().length", "44"),
    ]);
}
