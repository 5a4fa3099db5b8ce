use weft_expressions::{Budget, EvaluationError, compile};

use crate::{check_all, check_fails, evaluate, scope};

#[test]
fn what_javascript_throws_is_undefined() {
    check_all(&[
        ("$json.nope.a.b", "undefined"),
        ("nope", "undefined"),
        ("nope.a.b()", "undefined"),
        ("nope()", "undefined"),
        ("$json.name.nope()", "undefined"),
        ("JSON.parse('x')", "undefined"),
        ("null.x", "undefined"),
        ("'a' + $json.nope.x", "undefined"),
        ("(() => { throw new Error('x') })()", "undefined"),
        ("$unknown", "undefined"),
        ("$unknown.x ?? 1", "undefined"),
        ("(5)()", "undefined"),
        ("$unknown?.()", "undefined"),
        ("[...5]", "undefined"),
        ("nope || 'x'", r#""x""#),
    ]);
    assert_eq!(evaluate("a{{ $json.nope.x.y }}b").unwrap().to_json(), r#""ab""#);
}

#[test]
fn unknown_nodes_functions_and_refused_names_always_fail() {
    check_fails("$('Nope').item.json.a", "There is no node named \"Nope\"");
    check_fails("$('Nope').first().json.a ?? 1", "There is no node named");
    check_fails("$node['Nope'].json", "There is no node named");
    check_fails("$('No' + 'pe')", "There is no node named");
    check_fails("$unknown('x')", "There is no function $unknown() here");
    assert_eq!(evaluate("{{ $json.name.trim }}"), Err(EvaluationError::Function));
    assert_eq!(evaluate("{{ () => 1 }}"), Err(EvaluationError::Function));
    assert_eq!(evaluate("x{{ Math.max }}"), Err(EvaluationError::Function));
    for name in ["constructor", "__proto__", "prototype", "__defineGetter__"] {
        check_fails(&format!("$json['{}' + '{}']", &name[..4], &name[4..]), name);
        check_fails(&format!("(x => x['{}' + '{}'])(() => 1)", &name[..4], &name[4..]), name);
    }
}

#[test]
fn nothing_stands_behind_a_value() {
    check_all(&[
        ("Object.keys(this)", r#"["process","require","module","Buffer"]"#),
        ("globalThis", "{}"),
        ("Object.keys(process)", r#"["arch","platform","pid","version","versions"]"#),
        ("process.env", "undefined"),
        ("require('fs')", "undefined"),
        ("Function('return 1')", "undefined"),
        ("eval('1')", "undefined"),
        ("setTimeout(1)", "undefined"),
        ("typeof window", r#""object""#),
        ("window.document", "undefined"),
        ("Reflect.ownKeys({})", "undefined"),
        ("new Function('return 1')", "undefined"),
        ("new Proxy({}, {})", "undefined"),
        ("fetch('http://localhost')", "undefined"),
        ("Object.keys(Math)", "[]"),
        ("({}).toString.call(1)", r#""[object Object]""#),
        ("$json.hasOwnProperty('name')", "true"),
        ("({a: 1}).valueOf().a", "1"),
    ]);
}

#[test]
fn blocks_that_give_nothing_among_others_are_told_apart() {
    let told = |source: &str| {
        let template = compile(source).unwrap();
        let blocks = template.undefined_blocks(&scope(), &mut Budget::default(), 2);
        blocks.iter().map(|block| format!("{}:{} {}", block.line, block.column, block.source)).collect::<Vec<_>>()
    };
    let greeting = "Hello {{ $json.name.toUpperCase() }} 😀 {{ $json.name.toUpper() }}\n{{$json.nope}}";
    assert_eq!(told(greeting), ["1:41 {{ $json.name.toUpper() }}", "2:1 {{$json.nope}}"]);
    assert_eq!(told("{{ nope }}{{ nope }} {{ nope }}").len(), 2, "no more than were asked for");
    // Null, nothing to read and a lone block are told by the value itself.
    for source in
        ["a{{ $json.nothing }}{{ $json.empty }}", "{{ $json.nope }}", "plain", "", "\\{{ nope }} {{ $json.n }}"]
    {
        assert_eq!(told(source), [""; 0], "{source}");
    }
    // What fails is told by the error.
    assert_eq!(told("{{ $('Nope').item }} {{ nope }}"), ["1:22 {{ nope }}"]);
}
