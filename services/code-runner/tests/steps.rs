//! What code finds around it, and what becomes of what it returns.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "steps/blocks.rs"]
mod blocks;
mod support;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use support::{each, items, json, pool, request, with_nodes};
use weft_code_runner_client::{
    CodeErrorKind, CodeLimits, CodeMode, CodeRequest, Keepsake, NodeLookup, Query, Refusal, SqlRequest,
};
use weft_value::{Value, from_json};

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
async fn code_for_the_old_function_nodes_finds_what_it_knows() {
    let pool = pool();
    for (mode, code, expected) in [
        (
            CodeMode::Function,
            "undeclared = 5; items = [{ json: { n: undeclared }, anything: 'else' }]; return items",
            r#"[{"json":{"n":5}}]"#,
        ),
        (CodeMode::Function, "return { done: true }", r#"[{"json":{"done":true}}]"#),
        (
            CodeMode::Function,
            "return [{ json: { sum: $item(1).$json.n + $item(2).$json.n, code: getNodeParameter('functionCode', 0) } }]",
            r#"[{"json":{"sum":5,"code":"the code"}}]"#,
        ),
        (
            CodeMode::FunctionItem,
            "item = { twice: item.n * 2 }; return item",
            r#"[{"json":{"twice":2},"pairedItem":{"item":0}},{"json":{"twice":4},"pairedItem":{"item":1}},{"json":{"twice":6},"pairedItem":{"item":2}}]"#,
        ),
    ] {
        let mut asked = CodeRequest { mode, ..request(code) };
        asked.globals.parameter = from_json(r#"{"jsCode":"the code"}"#).unwrap();
        assert_eq!(json(&pool.execute(asked).await), expected, "{code}");
    }
    let file = "setBinaryData({ note: { data: 'aGVsbG8=', mimeType: 'text/plain', fileName: 'note.txt' } });
        item.had = getBinaryData() === undefined; return item";
    let asked = CodeRequest { mode: CodeMode::FunctionItem, items: items(r#"[{"n":1}]"#), ..request(file) };
    let expected = r#"[{"json":{"n":1,"had":false},"binary":{"note":{"mimeType":"text/plain","fileName":"note.txt","size":5,"data":"aGVsbG8="}},"pairedItem":{"item":0}}]"#;
    assert_eq!(json(&pool.execute(asked).await), expected);
    let asked = CodeRequest { mode: CodeMode::FunctionItem, ..request("if (item.n === 2) return; return item") };
    let error = pool.execute(asked).await.unwrap_err();
    assert_eq!((error.kind, error.item), (CodeErrorKind::InvalidReturn, Some(1)), "{error:?}");
}

#[tokio::test]
async fn bytes_are_read_and_written_as_node_js_does() {
    let pool = pool();
    for (code, expected) in [
        (
            "const b = Buffer.from('héllo'); return [{ base64: b.toString('base64'), hex: b.toString('hex'), n: b.length, part: b.slice(0, 2) }]",
            r#"{"base64":"aMOpbGxv","hex":"68c3a96c6c6f","n":6,"part":{"type":"Buffer","data":[104,195]}}"#,
        ),
        (
            "return [{ text: Buffer.from('8J2En-KCrA', 'base64').toString(), url: Buffer.from([251, 255]).toString('base64url'),
                latin: Buffer.from('68e9', 'hex').toString('latin1'), bad: Buffer.from([0xe2, 0x82, 65]).toString() }]",
            "{\"text\":\"𝄟€\",\"url\":\"-_8\",\"latin\":\"hé\",\"bad\":\"\u{fffd}A\"}",
        ),
        (
            "const b = Buffer.concat([Buffer.alloc(2), Buffer.from([1, 2])]); b.writeUInt16BE(513, 0);
                return [{ list: [...b], read: b.readInt32LE(0), at: b.indexOf(2), same: b.equals(Buffer.from([2, 1, 1, 2])), is: Buffer.isBuffer(b.subarray(1)), size: Buffer.byteLength('é') }]",
            r#"{"list":[2,1,1,2],"read":33620226,"at":0,"same":true,"is":true,"size":2}"#,
        ),
        (
            "return [{ encoded: [...new TextEncoder().encode('é')], decoded: new TextDecoder().decode(Buffer.from('efbbbf61', 'hex')), a: atob('aGk='), b: btoa('hi') }]",
            r#"{"encoded":[195,169],"decoded":"a","a":"hi","b":"aGk="}"#,
        ),
    ] {
        assert_eq!(json(&pool.execute(request(code)).await), format!(r#"[{{"json":{expected}}}]"#), "{code}");
    }
    let error = pool.execute(request("Buffer.from('a', 'rot13')")).await.unwrap_err();
    assert_eq!(error.message, "Unknown encoding: rot13");
}

#[tokio::test]
async fn the_modules_that_code_loads_most_are_there() {
    let pool = pool();
    let code = "const c = require('crypto'), { Buffer: B } = require('node:buffer');
        return [{ md5: c.createHash('md5').update('a').update('bc').digest('hex'), sha: c.createHash('sha256').update(B.from('é')).digest('base64'),
            mac: c.createHmac('sha1', 'key').update('The quick brown fox jumps over the lazy dog').digest('hex'), n: c.createHash('sha512').digest().length,
            uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(c.randomUUID()), differ: c.randomBytes(8).toString('hex') !== c.randomBytes(8).toString('hex'),
            size: c.randomBytes(5).length, int: c.randomInt(3, 4), iso: require('luxon').DateTime.fromISO('2026-01-01').toISODate() }]";
    let expected = r#"[{"json":{"md5":"900150983cd24fb0d6963f7d28e17f72","sha":"SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw/biumnEw=","mac":"de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9","n":64,"uuid":true,"differ":true,"size":5,"int":3,"iso":"2026-01-01"}}]"#;
    assert_eq!(json(&pool.execute(request(code)).await), expected);
    for (code, message) in [
        ("require('fs')", "Code cannot load the module \"fs\". There are crypto, buffer and luxon."),
        (
            "require('crypto').createHash('x').digest()",
            "The algorithm \"x\" is not known. Use md5, sha1, sha256, sha384 or sha512.",
        ),
    ] {
        assert_eq!(pool.execute(request(code)).await.unwrap_err().message, message);
    }
}

#[tokio::test]
async fn code_makes_and_opens_files() {
    let pool = pool();
    let code =
        "return [{ json: {}, binary: { note: await this.helpers.prepareBinaryData(Buffer.from('hi'), 'a.csv') } }]";
    let made = r#"[{"json":{},"binary":{"note":{"mimeType":"text/csv","fileName":"a.csv","fileExtension":"csv","size":2,"data":"aGk="}}}]"#;
    assert_eq!(json(&pool.execute(request(code)).await), made);
    let open = "items[0].binary = { f: { data: 'aGk=' }, g: {} };
        const tried = await helpers.getBinaryDataBuffer(0, 'g').catch((error) => error.message);
        return [{ text: (await helpers.getBinaryDataBuffer(0, 'f')).toString(), tried }]";
    let opened = r#"[{"json":{"text":"hi","tried":"The file \"g\" is too large to be opened in code. Use Extract from file."}}]"#;
    assert_eq!(json(&pool.execute(request(open)).await), opened);
}

/// An execution that answers with the question.
struct Echo;

#[async_trait]
impl NodeLookup for Echo {
    async fn look_up(&self, _node: &str, query: &Query) -> Result<Value, Refusal> {
        let Query::Evaluate { expression, item, globals } = query else { panic!("{query:?} was not to be asked") };
        Ok(Value::from(format!("{expression} at {item} with {}", globals.as_deref().unwrap_or("nothing"))))
    }
}

#[tokio::test]
async fn the_parent_evaluates_what_code_asks_for() {
    let pool = pool();
    let code = "return [{ q: $jmespath({ a: [1] }, 'a[0]'), e: $evaluateExpression('{{ $json.n }}', 2) }]";
    let expected = r#"[{"json":{"q":"{{ $jmespath($value, $query) }} at 0 with {\"$value\":{\"a\":[1]},\"$query\":\"a[0]\"}","e":"{{ $json.n }} at 2 with nothing"}}]"#;
    assert_eq!(json(&pool.execute(with_nodes(code, Arc::new(Echo))).await), expected);
}

/// An execution that keeps things.
#[derive(Default)]
struct Shelf(Mutex<HashMap<Keepsake, Value>>);

#[async_trait]
impl NodeLookup for Shelf {
    async fn look_up(&self, _node: &str, query: &Query) -> Result<Value, Refusal> {
        let mut kept = self.0.lock().unwrap();
        match query {
            Query::Kept { kind } => Ok(kept.get(kind).cloned().unwrap_or_else(Value::empty_object)),
            Query::Keep { kind, json } => {
                let value = from_json(json).map_err(|_| Refusal { message: "This shelf is too low.".into() })?;
                kept.insert(*kind, value);
                Ok(Value::Null)
            }
            other => panic!("{other:?} was not to be asked"),
        }
    }
}

#[tokio::test]
async fn what_code_keeps_is_there_for_the_next_step() {
    let (pool, shelf) = (pool(), Arc::new(Shelf::default()));
    let count = "const data = $getWorkflowStaticData('global'); data.n = (data.n ?? 0) + 1;
        $execution.customData.set('last', data.n); return [{ n: data.n, all: $execution.customData.getAll() }]";
    for n in 1..3 {
        let expected = format!(r#"[{{"json":{{"n":{n},"all":{{"last":"{n}"}}}}}}]"#);
        assert_eq!(json(&pool.execute(with_nodes(count, Arc::clone(&shelf))).await), expected);
    }
    let failing = "$getWorkflowStaticData('node').seen = true; throw new Error('after all')";
    assert!(pool.execute(with_nodes(failing, Arc::clone(&shelf))).await.is_err());
    assert_eq!(shelf.0.lock().unwrap()[&Keepsake::Node].to_json(), r#"{"seen":true}"#);
    for (code, part) in [
        ("$execution.customData.set('a b', 1)", "letters, digits"),
        ("$execution.customData.set('a', {})", "a text, a number or a boolean"),
        ("for (let i = 0; i < 11; i++) $execution.customData.set('k' + i, i)", "up to 10 entries"),
        // The entries before this one are kept.
        ("$execution.customData.set('toString', 1)", "up to 10 entries"),
        ("$getWorkflowStaticData('other')", "\"global\" or \"node\""),
        ("$getWorkflowStaticData('global').text = 'x'.repeat(70000); return []", "too long"),
        (
            "let deep = []; for (let i = 0; i < 2000; i++) deep = [deep]; $getWorkflowStaticData('global').deep = deep; return []",
            "too low",
        ),
        ("return await helpers.httpRequest({ url: 'https://example.com' })", "helpers.httpRequest is not available"),
    ] {
        let error = pool.execute(with_nodes(code, Arc::clone(&shelf))).await.unwrap_err();
        assert!(error.message.contains(part), "{code}: {error:?}");
    }
}

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
async fn every_item_asks_for_what_it_was_made_from_itself() {
    let nodes = Arc::new(Nodes::default());
    let code = "if ($json.n === 1) throw new Error('first'); return { from: $('Wébhook').item.json.a }";
    let asked = CodeRequest { mode: CodeMode::EachItem, carries_on: true, ..with_nodes(code, Arc::clone(&nodes)) };
    let expected = r#"[{"json":{"from":"linked"},"pairedItem":{"item":1}},{"json":{"from":"linked to 2"},"pairedItem":{"item":2}}]"#;
    assert_eq!(json(&pool().execute(asked).await), expected);
    assert_eq!(*nodes.0.lock().unwrap(), [Query::Linked { item: 1 }, Query::Linked { item: 2 }]);
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
async fn the_console_is_kept_with_the_step() {
    let pool = pool();
    let outcome =
        pool.execute(request("console.log('a', 1, { b: [2] }, null); console.warn('w'); return []")).await.unwrap();
    let lines: Vec<_> = outcome.logs.iter().map(|log| (log.level.as_str(), log.text.as_str())).collect();
    assert_eq!(lines, [("log", "a 1 {\"b\":[2]} null"), ("warn", "w")]);
    let error = pool.execute(request("console.log('before'); throw new Error('x')")).await.unwrap_err();
    assert_eq!(error.logs[0].text, "before");
}

#[tokio::test]
async fn a_flood_of_lines_is_cut() {
    let pool = pool();
    let outcome =
        pool.execute(request("for (let i = 0; i < 1e5; i++) console.log('line ' + i); return []")).await.unwrap();
    let bytes: usize = outcome.logs.iter().map(|log| log.text.len()).sum();
    assert!(bytes <= 64 * 1024 + 100, "{bytes} bytes were kept");
    assert_eq!(outcome.logs.last().unwrap().level, "warn");
}

#[tokio::test]
async fn moments_are_read_in_the_zone_of_the_workflow() {
    let pool = pool();
    let code = "return [{ now: $now, today: $today.toISODate(), plus: $now.plus({ days: 1 }).toFormat('yyyy-MM-dd HH:mm ZZ'),
        paris: $now.setZone('Europe/Paris').hour, iso: DateTime.fromISO('2026-03-08T01:30:00').plus({ hours: 1 }).toISO(),
        diff: DateTime.fromISO('2026-05-01').diff(DateTime.fromISO('2026-01-15'), ['months', 'days']).toObject(),
        bad: DateTime.fromISO('no').isValid, zone: DateTime.now().setZone('Nowhere/City').isValid }]";
    let expected = r#"[{"json":{"now":"2026-01-15T05:00:00.000-05:00","today":"2026-01-15","plus":"2026-01-16 05:00 -05:00","paris":11,"iso":"2026-03-08T03:30:00.000-04:00","diff":{"months":3,"days":16},"bad":false,"zone":false}}]"#;
    assert_eq!(json(&pool.execute(request(code)).await), expected);
}

#[tokio::test]
async fn the_globals_are_there_and_chance_repeats() {
    let pool = pool();
    let mut asked = request(
        "return [{ v: $vars.key, n: $env.REGION, w: $workflow.name, e: $execution.id, r: $runIndex, p: $prevNode.name, x: Math.random() }]",
    );
    asked.globals.vars = from_json(r#"{"key":"value"}"#).unwrap();
    asked.globals.env = from_json(r#"{"REGION":"eu"}"#).unwrap();
    asked.globals.workflow = from_json(r#"{"id":"1","name":"Orders"}"#).unwrap();
    asked.globals.execution = from_json(r#"{"id":"e1"}"#).unwrap();
    asked.globals.prev_node = from_json(r#"{"name":"Webhook"}"#).unwrap();
    asked.globals.iteration = 2;
    let first = json(&pool.execute(asked.clone()).await);
    assert!(
        first.starts_with(r#"[{"json":{"v":"value","n":"eu","w":"Orders","e":"e1","r":2,"p":"Webhook","x":0."#),
        "{first}"
    );
    assert_eq!(json(&pool.execute(asked.clone()).await), first);
    asked.globals.seed = 8;
    assert_ne!(json(&pool.execute(asked).await), first);
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

#[derive(Default)]
struct Nodes(Mutex<Vec<Query>>);

#[async_trait]
impl NodeLookup for Nodes {
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal> {
        if node != "Wébhook" {
            return Err(Refusal { message: format!("There is no node named \"{node}\".") });
        }
        self.0.lock().unwrap().push(query.clone());
        Ok(from_json(match query {
            Query::Items { iteration: Some(1), .. } => r#"[{"json":{"a":"second time"}}]"#,
            Query::Items { .. } => r#"[{"json":{"a":1}},{"json":{"a":2}}]"#,
            Query::Linked { item } if *item == 2 => r#"{"json":{"a":"linked to 2"}}"#,
            Query::Linked { .. } => r#"{"json":{"a":"linked"}}"#,
            Query::Parameters => r#"{"path":"x"}"#,
            Query::Executed => "true",
            Query::Evaluate { .. } | Query::Kept { .. } | Query::Keep { .. } => panic!("these are not about a node"),
        })
        .unwrap())
    }
}

#[tokio::test]
async fn other_nodes_are_asked_only_when_the_code_does() {
    let pool = pool();
    let nodes = Arc::new(Nodes::default());
    assert_eq!(json(&pool.execute(with_nodes("return []", Arc::clone(&nodes))).await), "[]");
    assert!(nodes.0.lock().unwrap().is_empty());
    let code = "const w = $('Wébhook');
        return [{ first: w.first().json.a, last: w.last().json.a, n: w.all().length, linked: w.item.json.a, two: w.itemMatching(2).json.a,
            again: w.all(0, 1)[0].json.a, ran: w.isExecuted, path: w.params.path, old: $node['Wébhook'].json.a, items: $items('Wébhook').length }]";
    let expected = r#"[{"json":{"first":1,"last":2,"n":2,"linked":"linked","two":"linked to 2","again":"second time","ran":true,"path":"x","old":1,"items":2}}]"#;
    assert_eq!(json(&pool.execute(with_nodes(code, Arc::clone(&nodes))).await), expected);
    let asked: HashSet<String> = nodes.0.lock().unwrap().iter().map(|query| format!("{query:?}")).collect();
    assert_eq!(asked.len(), nodes.0.lock().unwrap().len(), "a question was asked twice");
}

#[tokio::test]
async fn a_missing_node_is_an_exception_that_can_be_caught() {
    let pool = pool();
    let error = pool.execute(with_nodes("\nreturn $('Nobody').all()", Arc::new(Nodes::default()))).await.unwrap_err();
    assert_eq!((error.kind, error.line), (CodeErrorKind::Thrown, Some(2)), "{error:?}");
    assert_eq!(error.message, "There is no node named \"Nobody\".");
    let code = "try { $('Nobody').all() } catch (e) { return [{ caught: e.message }] }";
    assert!(json(&pool.execute(with_nodes(code, Arc::new(Nodes::default()))).await).contains("Nobody"));
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
        tenant: support::TENANT,
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
