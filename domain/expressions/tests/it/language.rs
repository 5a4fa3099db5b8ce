use crate::{check, check_all, evaluate};

#[test]
fn a_lone_block_keeps_its_type_and_text_around_blocks_is_joined() {
    let written = |source: &str| evaluate(source).unwrap().to_json();
    assert_eq!(written("{{ $json.n }}"), "5");
    assert_eq!(written("{{ $json.list }}"), "[3,1,2]");
    assert_eq!(written(" {{ $json.n }}"), r#"" 5""#);
    assert_eq!(written("Hello {{ $json.name }}, {{ $json.n + 1 }}!"), r#""Hello Ada Lovelace, 6!""#);
    assert_eq!(written("[{{ $json.nope }}|{{ null }}|{{ NaN }}|{{ 0 }}|{{ false }}|{{ '' }}]"), r#""[|||0|false|]""#);
    assert_eq!(written("{{ $json.list }} and {{ $json.deep }}"), r#""3,1,2 and [object Object]""#);
    assert_eq!(written(""), r#""""#);
    assert_eq!(written("plain"), r#""plain""#);
    assert_eq!(written(r"a \{{ b \}} c"), r#""a {{ b }} c""#);
    assert_eq!(written("{{ $json.n }}{{ $json.n }}"), r#""55""#);
}

#[test]
fn brackets_inside_of_a_block_do_not_end_it() {
    let written = |source: &str| evaluate(source).unwrap().to_json();
    assert_eq!(written("{{ {a: {b: 1}} }}"), r#"{"a":{"b":1}}"#);
    assert_eq!(written("{{ {a: {b: 1}}}}"), r#"{"a":{"b":1}}"#);
    assert_eq!(written("{{ '}}' + 1 }} and {{ 2 }}"), r#""}}1 and 2""#);
    assert_eq!(written("{{ 1 }} }}"), r#""1 }}""#);
}

#[test]
fn literals_and_paths() {
    check_all(&[
        ("1", "1"),
        ("0x1F", "31"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("'a\\n\\u0041'", r#""a\nA""#),
        ("`x${1 + 1}y`", r#""x2y""#),
        ("[1, , 'a', ...[2, 3]]", r#"[1,null,"a",2,3]"#),
        ("{a: 1, 'b c': 2, [`d${1}`]: 3, ...{e: 4}}", r#"{"a":1,"b c":2,"d1":3,"e":4}"#),
        ("undefined", "undefined"),
        ("null", "null"),
        ("true", "true"),
        ("NaN", "null"),
        ("$json.deep.a.b.c", "1"),
        ("$json['with space']", r#""x""#),
        ("$json[\"deep\"]['a'].b", r#"{"c":1}"#),
        ("$json.list[1]", "1"),
        ("$json.list['length']", "3"),
        ("$json.list[9]", "undefined"),
        ("$json.name[0]", r#""A""#),
        ("$json['9'] + $json[10]", r#""nineten""#),
        ("$json.list.at(-1)", "2"),
        ("Object.keys($json).slice(0, 3)", r#"["9","10","name"]"#),
        ("$json['na' + 'me'].length", "12"),
        ("(1, 2, 3)", "3"),
        ("1; 2;", "2"),
        ("$json.name;", r#""Ada Lovelace""#),
        ("", "undefined"),
        ("// note\n 7", "7"),
        ("/* note */ 7", "7"),
    ]);
}

#[test]
fn operators_convert_as_javascript_does() {
    check_all(&[
        ("1 + '2'", r#""12""#),
        ("'3' * '4'", "12"),
        ("1 + null", "1"),
        ("1 + undefined", "null"),
        ("1 + true", "2"),
        ("[] + {}", r#""[object Object]""#),
        ("[1, 2] + ''", r#""1,2""#),
        ("[] + 1", r#""1""#),
        ("+[]", "0"),
        ("+'0x10'", "16"),
        ("+'1_0'", "null"),
        ("+' 12 '", "12"),
        ("+''", "0"),
        ("-'5'", "-5"),
        ("5 % 3", "2"),
        ("-5 % 3", "-2"),
        ("2 ** 10", "1024"),
        ("2 ** -1", "0.5"),
        ("7 / 0 > 1e308", "true"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("5 & 3", "1"),
        ("5 | 3", "7"),
        ("5 ^ 3", "6"),
        ("~5", "-6"),
        ("1 << 31", "-2147483648"),
        ("-1 >>> 0", "4294967295"),
        ("-8 >> 1", "-4"),
        ("null == undefined", "true"),
        ("null == 0", "false"),
        ("'' == 0", "true"),
        ("'1' == 1", "true"),
        ("'1' === 1", "false"),
        ("NaN == NaN", "false"),
        ("[1] == 1", "true"),
        ("[] == false", "true"),
        ("true == '1'", "true"),
        ("null >= 0", "true"),
        ("undefined > 0", "false"),
        ("'b' > 'a'", "true"),
        ("'10' < '9'", "true"),
        ("'10' < 9", "false"),
        ("'abc' < 5", "false"),
        ("[2] > 1", "true"),
        ("1 < 2 < 3", "true"),
        ("3 > 2 > 1", "false"),
        ("!''", "true"),
        ("!!'0'", "true"),
        ("!![]", "true"),
        ("void 0", "undefined"),
        ("typeof nope", r#""undefined""#),
        ("typeof null", r#""object""#),
        ("typeof (() => 1)", r#""function""#),
        ("typeof 1 + typeof ''", r#""numberstring""#),
        ("'name' in $json", "true"),
        ("'x' in $json", "false"),
        ("1 in [5, 6]", "true"),
        ("[] instanceof Array", "true"),
        ("new Date() instanceof Date", "true"),
        ("$now instanceof DateTime", "true"),
        ("({}) instanceof Array", "false"),
        ("$json.nothing ?? 'd'", r#""d""#),
        ("$json.zero ?? 'd'", "0"),
        ("$json.zero || 'd'", r#""d""#),
        ("$json.empty && 1", r#""""#),
        ("1 && 2 && 3", "3"),
        ("0 || '' || 'x' || 'y'", r#""x""#),
        ("$json.n > 3 ? 'big' : 'small'", r#""big""#),
        ("1 + 2 + '3' + 4 * 5", r#""3320""#),
        ("10 - 2 - 3", "5"),
        ("2 ** 3 ** 2", "512"),
    ]);
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    check_all(&[
        ("String(1e21)", r#""1e+21""#),
        ("String(123456789012345680000)", r#""123456789012345680000""#),
        ("String(1e-7)", r#""1e-7""#),
        ("String(0.000001)", r#""0.000001""#),
        ("String(-0)", r#""0""#),
        ("String(1.5e300)", r#""1.5e+300""#),
        ("String(0.1)", r#""0.1""#),
        ("(255).toString(16)", r#""ff""#),
        ("(0.5).toString(2)", r#""0.1""#),
        ("(1.005).toFixed(2)", r#""1.00""#),
        ("(2.5).toFixed(0)", r#""3""#),
        ("(1.45).toFixed(1)", r#""1.4""#),
        ("(-1.5).toFixed(0)", r#""-2""#),
        ("(0.5).toFixed(0)", r#""1""#),
        ("(10).toFixed(2)", r#""10.00""#),
        ("(1234.5678).toPrecision(6)", r#""1234.57""#),
        ("(1e21).toFixed(2)", r#""1e+21""#),
        ("(123456).toExponential(2)", r#""1.23e+5""#),
        ("(1234567.891).toLocaleString()", r#""1,234,567.891""#),
        ("(1234.5).toLocaleString('en-US', {style: 'currency', currency: 'USD'})", r#""$1,234.50""#),
        ("(1234.5).toLocaleString('de-DE')", r#""1.234,5""#),
        ("(0.256).toLocaleString('en-US', {style: 'percent'})", r#""26%""#),
        ("(0.256).toLocaleString('de', {style: 'percent'})", "\"26\u{a0}%\""),
        ("(1234.5).toLocaleString('es')", r#""1234,5""#),
        ("(12345.6).toLocaleString('es')", r#""12.345,6""#),
        ("(12345678.9).toLocaleString('en-IN')", r#""1,23,45,678.9""#),
        ("(-1234).toLocaleString('sv')", "\"\u{2212}1\u{a0}234\""),
        ("(1234.5).toLocaleString('pt-BR', {style: 'currency', currency: 'BRL'})", "\"R$\u{a0}1.234,50\""),
        ("parseInt('12px')", "12"),
        ("parseInt('0x1f')", "31"),
        ("parseInt('z', 36)", "35"),
        ("parseInt('')", "null"),
        ("parseFloat('3.14abc')", "3.14"),
        ("Number('12px')", "null"),
        ("Number([5])", "5"),
        ("Number(null)", "0"),
        ("Number('1e3')", "1000"),
        ("Number('Infinity') > 1", "true"),
    ]);
}

#[test]
fn optional_chains_end_the_whole_chain() {
    check_all(&[
        ("$json.nope?.a.b.c", "undefined"),
        ("$json.nope?.a.b.c() ?? 'x'", r#""x""#),
        ("$json?.deep?.a?.['b']?.c", "1"),
        ("$json.nope?.[0].x", "undefined"),
        ("$json.nope?.toUpperCase()", "undefined"),
        ("$json.name?.toUpperCase?.()", r#""ADA LOVELACE""#),
        ("$json.missing?.()", "undefined"),
        ("($json.nope?.a) ?? 1", "1"),
        ("!$json?.deep?.x", "true"),
        ("[$json.nope?.a.b, 2]", "[null,2]"),
        ("((x) => x?.a.b)(null)", "undefined"),
    ]);
}

#[test]
fn functions_take_along_what_they_see() {
    check_all(&[
        ("$json.list.map(x => x * 2)", "[6,2,4]"),
        ("$json.list.map((x, i) => x + i)", "[3,2,4]"),
        ("$json.people.map(({name, age = 1, ...rest}) => name + age)", r#"["Ada36","Bob17","Cy70"]"#),
        ("[[1, 2], [3, 4]].map(([a, b]) => a * b)", "[2,12]"),
        ("((a, b = a + 1, ...c) => [a, b, c])(1)", "[1,2,[]]"),
        ("((...all) => all.length)(1, 2, 3)", "3"),
        ("(n => m => n + m)(1)(2)", "3"),
        ("[1, 2].map(a => [10, 20].map(b => a + b))", "[[11,21],[12,22]]"),
        ("[1, 2].map(a => [1].map(() => [2].map(() => a)))", "[[[1]],[[2]]]"),
        ("(function fact(n) { return n <= 1 ? 1 : n * fact(n - 1); })(5)", "120"),
        ("[1, 2, 3].map(function (x) { return x + 1 })", "[2,3,4]"),
        ("(() => { const a = 1, b = a + 1; if (b > 1) { return { a, b }; } return null; })()", r#"{"a":1,"b":2}"#),
        ("(() => { const f = n => n ? f(n - 1) : 'done'; return f(5); })()", r#""done""#),
        ("(() => {})()", "undefined"),
        ("(() => ({a: 1}))().a", "1"),
        ("['1', '2'].map(Number)", "[1,2]"),
        ("[0, 1, ''].filter(Boolean)", "[1]"),
        ("[1.5].map(Math.floor)", "[1]"),
        ("(x => x.y)({y: 3})", "3"),
        ("[x => x + 1].map(f => f(1))", "[2]"),
        ("((a) => ((b) => a + b)(2))(1)", "3"),
        ("Math.max(...$json.list)", "3"),
        ("$json.people.find(p => p.age > 50)?.name", r#""Cy""#),
        ("(({a: {b: [c]}}) => c)({a: {b: [7]}})", "7"),
    ]);
}

#[test]
fn strings_count_utf16_units() {
    check_all(&[
        ("$json.emoji.length", "4"),
        ("$json.emoji.slice(1, 3)", r#""😀""#),
        ("$json.emoji.indexOf('é')", "3"),
        ("$json.emoji.codePointAt(1)", "128512"),
        ("$json.emoji.charCodeAt(1)", "55357"),
        ("[...$json.emoji].length", "3"),
        ("$json.emoji.at(-1)", r#""é""#),
        ("$json.emoji.substring(3)", r#""é""#),
        ("'😀'.padStart(4, 'ab')", r#""ab😀""#),
        ("$json.emoji[3]", r#""é""#),
    ]);
}

#[test]
fn long_chains_of_operators_do_not_nest() {
    let sum = vec!["1"; 5000].join(" + ");
    check(&sum, "5000");
    let any = vec!["0"; 3000].join(" || ");
    check(&format!("{any} || 7"), "7");
    let path = ".a".repeat(400);
    check(&format!("$json.deep{path}"), "undefined");
}
