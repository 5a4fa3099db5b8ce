//! What becomes of items and code that fail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Shelf;
use crate::support::{each, items, json, pool, request, with_nodes};
use weft_code_runner_client::{CodeErrorKind, CodeLimits, CodeMode, CodeRequest, Keepsake};

#[tokio::test]
async fn a_failed_item_does_not_end_a_step_that_carries_on() {
    let (pool, shelf) = (pool(), Arc::new(Shelf::default()));
    let carrying_on = |mode, code: &str| CodeRequest {
        mode,
        carries_on: true,
        items: items(r#"[{"n":1},{"n":2},{"n":3},{"n":4}]"#),
        ..with_nodes(code, Arc::clone(&shelf))
    };
    let code = "const data = $getWorkflowStaticData('global'); data.n = (data.n ?? 0) + 1;
        if ($json.n === 2) throw new TypeError('second');
        if ($json.n === 3) return { n: 3n };
        await null; return { n: $json.n, i: $itemIndex, count: data.n }";
    let outcome = pool.execute(carrying_on(CodeMode::EachItem, code)).await.unwrap();
    let failed: Vec<_> = outcome.failed.iter().map(|error| (error.item, error.line)).collect();
    assert_eq!(failed, [(Some(1), Some(2)), (Some(2), None)]);
    assert!(outcome.failed[0].message.contains("second") && outcome.failed[1].message.contains("BigInt"));
    let expected = r#"[{"json":{"n":1,"i":0,"count":1},"pairedItem":{"item":0}},{"json":{"n":4,"i":3,"count":4},"pairedItem":{"item":3}}]"#;
    assert_eq!(json(&Ok(outcome)), expected);
    assert_eq!(shelf.0.lock().unwrap()[&Keepsake::Global].to_json(), r#"{"n":4}"#, "every item ran once");

    let code = "if (item.n === 1) return; if (item.n === 2) throw undefined; item.left = 1; return item";
    let outcome = pool.execute(carrying_on(CodeMode::FunctionItem, code)).await.unwrap();
    let failed: Vec<_> = outcome.failed.iter().map(|error| (error.item, error.kind)).collect();
    assert_eq!(failed, [(Some(0), CodeErrorKind::InvalidReturn), (Some(1), CodeErrorKind::Thrown)]);
    assert_eq!(outcome.items.len(), 2);

    // What ends the process ends the step, once.
    let limits = CodeLimits { wall: Duration::from_millis(300), ..CodeLimits::default() };
    let began = Instant::now();
    let many = items(&format!("[{}]", ["{}"; 100].join(",")));
    let endless = CodeRequest { limits, items: many, ..carrying_on(CodeMode::EachItem, "for (;;) {}") };
    assert_eq!(pool.execute(endless).await.unwrap_err().kind, CodeErrorKind::TimeLimit);
    assert!(began.elapsed() < Duration::from_secs(15), "a hundred items took {:?}", began.elapsed());
}

#[tokio::test]
async fn what_cannot_be_kept_hides_neither_an_exception_nor_what_can() {
    let pool = pool();
    let keeping = "const unkeepable = $getWorkflowStaticData('global'); unkeepable.self = unkeepable;
        $getWorkflowStaticData('node').seen = true;\n";
    for (ending, line, part) in
        [("throw new Error('after all')", Some(3), "after all"), ("return []", None, "circular")]
    {
        let shelf = Arc::new(Shelf::default());
        let error = pool.execute(with_nodes(&format!("{keeping}{ending}"), Arc::clone(&shelf))).await.unwrap_err();
        assert_eq!((error.kind, error.line), (CodeErrorKind::Thrown, line), "{error:?}");
        assert!(error.message.contains(part), "{error:?}");
        assert_eq!(shelf.0.lock().unwrap()[&Keepsake::Node].to_json(), r#"{"seen":true}"#);
    }
}

#[tokio::test]
async fn a_failure_names_the_line_of_the_code() {
    let pool = pool();
    for (code, kind, line, part) in [
        ("return 1 +;", CodeErrorKind::Syntax, Some(1), ""),
        ("const a = 1;\nif (a {\n}", CodeErrorKind::Syntax, Some(2), ""),
        ("const a = {};\n\nreturn a.b.c;", CodeErrorKind::Thrown, Some(3), "undefined"),
        ("await null;\nthrow new TypeError('wrong');", CodeErrorKind::Thrown, Some(2), "wrong"),
        ("function inner() {\n  throw new Error('deep');\n}\ninner();", CodeErrorKind::Thrown, Some(2), "deep"),
        (
            "setTimeout(() => {\n  throw new Error('late');\n}, 1);\nawait new Promise(() => {});",
            CodeErrorKind::Thrown,
            Some(2),
            "late",
        ),
        ("throw 'just text'", CodeErrorKind::Thrown, None, "just text"),
        ("throw { code: 7 }", CodeErrorKind::Thrown, None, "7"),
        ("await new Promise(() => {})", CodeErrorKind::NeverSettles, None, "promise"),
        ("const a = {}; a.a = a; return [{ a }]", CodeErrorKind::InvalidReturn, None, "circular"),
        ("return [{ n: 1n }]", CodeErrorKind::InvalidReturn, None, ""),
        ("return 5", CodeErrorKind::InvalidReturn, None, "a number"),
        ("return () => 1", CodeErrorKind::InvalidReturn, None, "nothing"),
        ("", CodeErrorKind::InvalidReturn, None, "nothing"),
        ("return eval('1')", CodeErrorKind::Thrown, Some(1), ""),
    ] {
        let error = pool.execute(request(code)).await.unwrap_err();
        assert_eq!((error.kind, error.line), (kind, line), "{code}: {error:?}");
        assert!(error.message.contains(part), "{code}: {error:?}");
    }
    let error = pool.execute(each("if ($json.n === 2) throw new Error('second'); return {}")).await.unwrap_err();
    assert_eq!((error.item, error.line), (Some(1), Some(1)));
    let error = pool.execute(request("function f() {\n  null.x;\n}\nf();")).await.unwrap_err();
    assert!(error.stack.as_deref().is_some_and(|stack| stack.starts_with("at f (line 2:")), "{error:?}");
}

#[tokio::test]
async fn a_failed_item_of_the_right_shape_is_still_refused() {
    let error = pool().execute(request("return [{ json: {} }, { json: {}, other: 1 }]")).await.unwrap_err();
    assert_eq!((error.kind, error.item), (CodeErrorKind::InvalidReturn, Some(1)));
}
