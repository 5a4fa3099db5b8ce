//! Items that come in and go out.

use std::time::Duration;

use crate::support::{TENANT, each, items, json, pool, request};
use weft_code_runner_client::{CodeErrorKind, CodeLimits, CodeRequest, SqlRequest};
use weft_value::Value;

#[tokio::test]
async fn all_items_come_in_and_go_out() {
    let pool = pool();
    for (code, expected) in [
        ("return $input.all()", r#"[{"json":{"n":1}},{"json":{"n":2}},{"json":{"n":3}}]"#),
        ("return [{ n: $input.first().json.n + $input.last().json.n }]", r#"[{"json":{"n":4}}]"#),
        (
            "for (const item of items) item.json.n *= 2;\nreturn items",
            r#"[{"json":{"n":2}},{"json":{"n":4}},{"json":{"n":6}}]"#,
        ),
        ("const total = items.reduce((sum, i) => sum + i.json.n, 0);\nreturn { total }", r#"[{"json":{"total":6}}]"#),
        ("return [{ json: { first: $json.n, index: $itemIndex } }]", r#"[{"json":{"first":1,"index":0}}]"#),
        ("return [{ json: {}, pairedItem: 2 }]", r#"[{"json":{},"pairedItem":{"item":2}}]"#),
        ("return []", "[]"),
        // A text that is cut inside of an emoji, as a value and as a key.
        (
            "const cut = 'ab😀'.slice(0, 3); return [{ t: cut, [cut]: 1 }]",
            "[{\"json\":{\"t\":\"ab\u{fffd}\",\"ab\u{fffd}\":1}}]",
        ),
        // Nothing of the engine's own is in sight.
        (
            "return [{ n: Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('v8x')) }]",
            r#"[{"json":{"n":[]}}]"#,
        ),
        (
            "try { await import('fs') } catch (e) { return [{ is: e instanceof Error, said: e.message }] }",
            r#"[{"json":{"is":true,"said":"Code cannot load the module \"fs\" by import(). There are crypto, buffer and luxon, by require()."}}]"#,
        ),
        (
            "return [{ d: new Date(0), u: undefined, n: NaN }]",
            r#"[{"json":{"d":"1970-01-01T00:00:00.000Z","n":null}}]"#,
        ),
        (
            "return [{ a: $if(1 > 2, 'x', 'y'), b: $ifEmpty('', 'z'), c: $max(1, 3), d: $min(1, 3) }]",
            r#"[{"json":{"a":"y","b":"z","c":3,"d":1}}]"#,
        ),
        ("const $json = 5; return [{ $json }]", r#"[{"json":{"$json":5}}]"#),
        ("return [{ text: 'naïve 𝄞 \u{2028} \"q\"' }]", "[{\"json\":{\"text\":\"naïve 𝄞 \u{2028} \\\"q\\\"\"}}]"),
    ] {
        assert_eq!(json(&pool.execute(request(code)).await), expected, "{code}");
    }
}

#[tokio::test]
async fn code_for_each_item_runs_once_for_each_and_is_paired() {
    let pool = pool();
    let result =
        pool.execute(each("await null; return { n: $json.n * 10, i: $itemIndex, same: item === $input.item }")).await;
    let expected = r#"[{"json":{"n":10,"i":0,"same":true},"pairedItem":{"item":0}},{"json":{"n":20,"i":1,"same":true},"pairedItem":{"item":1}},{"json":{"n":30,"i":2,"same":true},"pairedItem":{"item":2}}]"#;
    assert_eq!(json(&result), expected);
}

#[tokio::test]
async fn promises_and_timers_are_waited_for() {
    let pool = pool();
    let code = "
        const order = [];
        const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        const never = setTimeout(() => order.push('cancelled'), 1);
        clearTimeout(never);
        setTimeout((word) => order.push(word), 2, 'second');
        queueMicrotask(() => order.push('first'));
        let ticks = 0;
        await new Promise((resolve) => {
            const interval = setInterval(() => { ticks += 1; if (ticks === 3) { clearInterval(interval); resolve(); } }, 1);
        });
        await sleep(5);
        return [{ order, ticks, all: await Promise.all([1, sleep(1).then(() => 2)]) }];";
    assert_eq!(
        json(&pool.execute(request(code)).await),
        r#"[{"json":{"order":["first","second"],"ticks":3,"all":[1,2]}}]"#
    );
}

#[tokio::test]
async fn nothing_of_a_step_is_left_for_the_next() {
    let pool = pool();
    let leave = "globalThis.left = 1; Object.prototype.polluted = 1; Array.prototype.map = () => 'mine'; JSON.stringify = () => 'mine';
        Promise.prototype.then = null; Math.random = () => 4; return [{ n: 1 }]";
    json(&pool.execute(request(leave)).await);
    let look = "return [{ left: typeof left, polluted: ({}).polluted === undefined, map: [1].map((x) => x + 1), text: JSON.stringify({ a: 1 }) }]";
    let expected = r#"[{"json":{"left":"undefined","polluted":true,"map":[2],"text":"{\"a\":1}"}}]"#;
    assert_eq!(json(&pool.execute(request(look)).await), expected);
}

#[tokio::test]
async fn large_data_passes_both_ways() {
    let list: Vec<String> = (0..20_000).map(|n| format!(r#"{{"n":{n},"text":"{}"}}"#, "x".repeat(100))).collect();
    let large = CodeRequest {
        items: items(&format!("[{}]", list.join(","))),
        ..request("return items.filter((i) => i.json.n % 2)")
    };
    assert_eq!(pool().execute(large).await.unwrap().items.len(), 10_000);
}

#[tokio::test]
async fn queries_run_over_tables_of_items_in_the_same_processes() {
    let pool = pool();
    let query = |text: &str| SqlRequest {
        tenant: TENANT,
        text: text.into(),
        values: vec![Value::from(1)],
        tables: vec![items(r#"[{"n":1,"who":"Zoë"},{"n":2}]"#), items(r#"[{"m":1,"ok":true}]"#)],
        limits: CodeLimits { cpu: Duration::from_secs(5), ..CodeLimits::default() },
    };
    let joined = "select who, ok from input1 join input2 on m = n where n >= ?";
    for _ in 0..2 {
        assert_eq!(json(&pool.query(query(joined)).await), r#"[{"json":{"who":"Zoë","ok":true}}]"#);
        assert_eq!(json(&pool.execute(request("return [{ code: 1 }]")).await), r#"[{"json":{"code":1}}]"#);
    }
    let wrong = pool.query(query("select ?,\nnope from input1")).await.unwrap_err();
    assert_eq!((wrong.kind, wrong.line, wrong.column), (CodeErrorKind::Syntax, Some(2), Some(1)), "{wrong:?}");
    let outside = pool.query(query("attach 'x' as y")).await.unwrap_err();
    assert!(outside.message.contains("nothing else"), "{outside:?}");
    assert_eq!(pool.state().idle, 1, "nothing of it costs the process");
}
