//! What code finds around it.

use crate::support::{items, json, pool, request};
use weft_code_runner_client::{CodeErrorKind, CodeMode, CodeRequest};
use weft_value::from_json;

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
