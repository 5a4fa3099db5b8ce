use weft_expressions::{Code, Diagnostic, EvaluationError, compile};

#[track_caller]
fn wrong(source: &str) -> Diagnostic {
    compile(source).err().map_or_else(|| panic!("{source} compiles"), |mut wrong| wrong.remove(0))
}

#[test]
fn a_syntax_error_has_a_place_and_a_hint() {
    let diagnostic = wrong("Hello\n{{ $json.a + }}");
    assert_eq!((diagnostic.code, diagnostic.line), (Code::Syntax, 2));
    assert!(diagnostic.column >= 12 && diagnostic.hint.is_some(), "{diagnostic:?}");
    assert!(wrong("{{ (1 + 2 }}").hint.unwrap().contains("parenthesis"));
    assert!(wrong("{{ [1, 2 }}").hint.unwrap().contains("square bracket"));
    let unclosed = wrong("ab {{ $json.a");
    assert_eq!((unclosed.code, unclosed.line, unclosed.column), (Code::Unclosed, 1, 4));
    assert_eq!(wrong("é😀{{ ) }}").column, 7);
}

#[test]
fn every_wrong_block_is_reported() {
    let codes: Vec<_> = compile("{{ 1 + }} {{ 2 }} {{ class {} }} {{ import('fs') }}")
        .unwrap_err()
        .into_iter()
        .map(|d| d.code)
        .collect();
    assert_eq!(codes, [Code::Syntax, Code::Refused]);
}

#[test]
fn what_only_the_code_runner_executes_is_no_mistake() {
    for source in [
        "(function* () { yield 1 })()",
        "new (class {})()",
        "class A {} new A()",
        "const f = () => g(); const g = () => 1; f()",
        "$json.a = 1",
        "x++",
        "delete $json.a",
        "Math.max = 1",
        "undefined = 1",
        "$now.x += 1",
        "[a, b] = [1, 2]",
        "[$json.name] = ['x']",
        "(() => { y = 1 })()",
        "(() => { let a; ({ ['a']: a, [$json.name]: a } = {}) })()",
    ] {
        let error = crate::evaluate(&format!("{{{{ {source} }}}}")).unwrap_err();
        assert!(matches!(error, EvaluationError::NeedsCodeRunner(_)), "{source}: {error:?}");
    }
}

#[test]
fn what_is_dangerous_is_refused() {
    for source in [
        "$json.constructor",
        "({}).__proto__",
        "x['prototype']",
        "Object.getPrototypeOf({})",
        "{ __proto__: 1 }",
        "import('fs')",
        "(({constructor}) => constructor)(1)",
        "(() => { function ___n8n_data() {} return 1 })()",
        "extend({}, 'a', [])",
        "$",
        "$ + 'x'",
        "with (1) { 2 }",
    ] {
        let diagnostic = wrong(&format!("{{{{ {source} }}}}"));
        assert_eq!(diagnostic.code, Code::Refused, "{source}: {diagnostic:?}");
    }
    assert_eq!(wrong("{{ /(/ }}").code, Code::Pattern);
    assert_eq!(wrong("{{ /a/gg }}").code, Code::Syntax);
}

#[test]
fn a_template_knows_whether_it_is_constant() {
    assert!(compile("plain").unwrap().is_constant());
    assert!(compile("{{ 'x' }} y").unwrap().is_constant());
    assert!(!compile("{{ $json.x }}").unwrap().is_constant());
}
