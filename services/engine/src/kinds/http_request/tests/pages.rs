//! Pages and pauses, against a server on this machine.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::tz::TimeZone;
use uuid::Uuid;
use weft_model::{Edge, Endpoint, Graph, Node, NodeId, OnError};
use weft_value::Pairing;

use super::*;
use crate::kinds::Kinds;
use crate::test_server::{Server, answer};
use crate::{OnceReport, RunOnce, run_once};

/// Executes the node behind a trigger that gives `items`.
async fn report(server: &Server, parameters: &str, items: &str, on_error: OnError) -> OnceReport {
    let (start, it) = (NodeId(Uuid::from_u128(1)), NodeId(Uuid::from_u128(2)));
    let mut graph = Graph::default();
    graph.nodes.insert(start, Node::new(start, "Start", "manualTrigger"));
    let parameters = from_json(&parameters.replace("SERVER", &server.url(""))).unwrap();
    graph.nodes.insert(it, Node { parameters, on_error, ..Node::new(it, "It", "httpRequest") });
    graph.edges.insert(Edge { from: Endpoint { node: start, port: 0 }, to: Endpoint { node: it, port: 0 } });
    run_once(RunOnce {
        name: "Test".into(),
        graph,
        trigger: None,
        items: weft_nodes::testing::items(items),
        time_zone: TimeZone::UTC,
        variables: Value::empty_object(),
        services: Services { http: Some(server.client()), ..Services::default() },
        kinds: Kinds::default(),
        longest_wait: Duration::ZERO,
    })
    .await
    .unwrap()
}

/// What the node gives, or the code and the message of its failure.
async fn gives(server: &Server, parameters: &str, items: &str) -> Result<String, (String, String)> {
    let report = report(server, parameters, items, OnError::Stop).await;
    match report.error {
        Some(error) => Err((error.code, error.message)),
        None => Ok(weft_nodes::testing::json_of(&report.nodes[1].runs[0].outputs[0])),
    }
}

/// A server with so many pages of one number each, and empty ones behind them.
async fn numbers(pages: usize) -> Server {
    Server::start(move |_, head| {
        let query = query_of(head);
        let page: usize = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        let items = if page > pages { "[]".to_owned() } else { format!(r#"[{{"page":{page}}}]"#) };
        answer("200 OK", "content-type: application/json\r\n", &items)
    })
    .await
}

fn query_of(head: &str) -> BTreeMap<String, String> {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let query = target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn by_parameter(more: &str) -> String {
    format!(
        r#"{{"url":"SERVER/?of={{{{ $json.of }}}}","options":{{"pagination":{{"paginationMode":"updateAParameterInEachRequest",
            "parameters":{{"parameters":[{{"name":"page","value":"={{{{ $pageCount + 1 }}}}"}}]}}{more}}}}}}}"#
    )
    .replace(r#""url":""#, r#""url":"="#)
}

#[tokio::test]
async fn pages_are_asked_for_until_one_is_empty() {
    let server = numbers(3).await;
    let report = report(&server, &by_parameter(""), r#"[{"of":"a é"},{"of":"b"}]"#, OnError::Stop).await;
    let items = &report.nodes[1].runs[0].outputs[0];
    let pages = r#"{"page":1},{"page":2},{"page":3}"#;
    assert_eq!(weft_nodes::testing::json_of(items), format!("[{pages},{pages}]"), "{:?}", report.error);
    let from: Vec<u32> = items
        .iter()
        .map(|item| if let Pairing::One(one) = &item.pairing { one.item } else { panic!("{item:?}") })
        .collect();
    assert_eq!(from, [0, 0, 0, 1, 1, 1]);
    let asked: Vec<_> = server.heads().iter().map(|head| query_of(head)).collect();
    let asked: Vec<_> = asked.iter().map(|query| (query["of"].as_str(), query["page"].as_str())).collect();
    let of = |name| ["1", "2", "3", "4"].map(|page| (name, page));
    assert_eq!(asked, [of("a é"), of("b")].concat());
    assert_eq!(
        gives(&server, &by_parameter(""), "[]").await.unwrap_or_default(),
        "[{\"page\":1},{\"page\":2},{\"page\":3}]"
    );
}

#[tokio::test]
async fn pages_are_limited_where_the_node_says_so() {
    let server = numbers(100).await;
    for (most, asked) in [("2", 2), ("\"={{ $json.most }}\"", 3)] {
        let limited = by_parameter(&format!(r#","limitPagesFetched":true,"maxRequests":{most}"#));
        assert!(gives(&server, &limited, r#"[{"most":3}]"#).await.is_ok());
        assert_eq!(server.heads().len(), asked);
    }
    let limited = by_parameter(r#","limitPagesFetched":true,"maxRequests":"={{ 0 }}""#);
    assert!(gives(&server, &limited, "[{}]").await.unwrap_err().1.contains("“maxRequests” must be at least 1"));
}

#[tokio::test]
async fn an_answer_names_the_next_page_and_the_last_one_names_none() {
    let server = Server::start(|number, _| {
        let next = ["\"/b?x=1\"", "\"?x=2\"", "null"][number % 3];
        let body = format!(r#"{{"number":{number},"next":{next}}}"#);
        answer("200 OK", "content-type: application/json\r\nx-page: p\r\n", &body)
    })
    .await;
    let by_url = |more: &str| {
        format!(
            r#"{{"url":"SERVER/a","options":{{"pagination":{{"paginationMode":"responseContainsNextURL",
                "nextURL":"={{{{ $response.body.next }}}}"{more}}}}}}}"#
        )
    };
    let all = r#"[{"number":0,"next":"/b?x=1"},{"number":1,"next":"?x=2"},{"number":2,"next":null}]"#;
    assert_eq!(gives(&server, &by_url(""), "[{}]").await.unwrap(), all);
    let targets = |heads: Vec<String>| -> Vec<String> {
        heads.iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect()
    };
    assert_eq!(targets(server.heads()), ["/a", "/b?x=1", "/a?x=2"]);
    let complete = by_url(
        r#","paginationCompleteWhen":"other","completeExpression":"={{ $response.headers['x-page'] === 'p' && $response.statusCode === 200 && $request.url.endsWith('/a') && $pageCount === 2 }}""#,
    );
    assert!(gives(&server, &complete, "[{}]").await.is_ok());
    assert_eq!(targets(server.heads()).len(), 2);
    let elsewhere = by_url("").replace("$response.body.next", "'ftp://example.com'");
    assert!(gives(&server, &elsewhere, "[{}]").await.unwrap_err().1.contains("“ftp://example.com” is not a URL"));
}

#[tokio::test]
async fn a_status_ends_the_pages_and_any_other_failure_is_one() {
    let failing = |status: &'static str| async move {
        Server::start(move |number, _| {
            let last = answer(status, "content-type: application/json\r\n", r#"{"end":true}"#);
            if number == 0 { answer("200 OK", "content-type: application/json\r\n", r#"{"n":0}"#) } else { last }
        })
        .await
    };
    let by_status =
        by_parameter(r#","paginationCompleteWhen":"receiveSpecificStatusCodes","statusCodesWhenComplete":"404, 410""#);
    let server = failing("404 Not Found").await;
    assert_eq!(gives(&server, &by_status, "[{}]").await.unwrap(), r#"[{"n":0},{"end":true}]"#);
    for (status, parameters) in [("500 Internal Server Error", &by_status), ("404 Not Found", &by_parameter(""))] {
        let server = failing(status).await;
        let (code, message) = gives(&server, parameters, "[{}]").await.unwrap_err();
        assert_eq!(code, "http_status", "{message}");
        assert_eq!(server.heads().len(), 2);
    }
    let server = failing("500 Internal Server Error").await;
    let carried = report(&server, &by_parameter(""), r#"[{"of":"é"}]"#, OnError::Continue).await;
    let item = weft_nodes::testing::json_of(&carried.nodes[1].runs[0].outputs[0]);
    assert!(item.starts_with(r#"[{"error":{"message":"The server answered 500"#), "{item}");
    assert!(item.ends_with(r#""code":"http_status","status":500,"httpCode":"500"}}]"#), "{item}");
}

#[tokio::test]
async fn pages_that_do_not_change_are_not_asked_for_for_ever() {
    let server = Server::start(|_, _| answer("200 OK", "content-type: application/json\r\n", r#"{"same":true}"#)).await;
    let (code, message) = gives(&server, &by_parameter(""), "[{}]").await.unwrap_err();
    assert_eq!((code.as_str(), server.heads().len()), ("http_pages", 5), "{message}");
}

#[tokio::test]
async fn parameters_go_into_query_headers_and_body() {
    let server = Server::start(|number, _| {
        let body = if number == 0 { r#"[{"cursor":"ü&"}]"# } else { "[]" };
        answer("200 OK", "content-type: application/json\r\n", body)
    })
    .await;
    let node = |content: &str| {
        format!(
            r#"{{"method":"POST","url":"SERVER/?c=0&k=1","sendBody":true,"contentType":"{content}",
                "bodyParameters":{{"parameters":[{{"name":"c","value":"0"}},{{"name":"d","value":"1"}}]}},
                "options":{{"pagination":{{"paginationMode":"updateAParameterInEachRequest","parameters":{{"parameters":[
                    {{"type":"qs","name":"c","value":"={{{{ $response.body[0].cursor }}}}"}},
                    {{"type":"headers","name":"X-C","value":"={{{{ $pageCount }}}}"}},
                    {{"type":"body","name":"c","value":"={{{{ $response.body[0].cursor }}}}"}}]}}}}}}}}"#
        )
    };
    assert_eq!(gives(&server, &node("json"), "[{}]").await.unwrap(), r#"[{"cursor":"ü&"}]"#);
    let heads = server.heads();
    assert!(heads[0].starts_with("POST /?c=0&k=1 ") && heads[0].contains("x-c: 0"), "{}", heads[0]);
    assert!(heads[0].ends_with(r#"{"c":"0","d":"1"}"#), "{}", heads[0]);
    assert!(heads[1].starts_with("POST /?k=1&c=%C3%BC%26 ") && heads[1].contains("x-c: 1"), "{}", heads[1]);
    assert!(heads[1].ends_with(r#"{"c":"ü&","d":"1"}"#), "{}", heads[1]);
    let raw = node("raw").replace(r#""contentType":"raw""#, r#""contentType":"raw","body":"text""#);
    assert!(
        gives(&server, &raw.replace("$response.body[0].cursor", "1"), "[{}]").await.unwrap_err().1.contains("neither")
    );
    let mut form = Request::new("POST", "https://x.example/");
    form.headers.push(("Content-Type".into(), "application/x-www-form-urlencoded".into()));
    form.body = "c=0&d=%C3%A9".into();
    let parameter: super::super::page_parameter::PageParameter =
        serde_json::from_str(r#"{"type":"body","name":"c","value":"a&"}"#).unwrap();
    parameter.put(&mut form, &TestStep::new(&["[{}]"]), 0).unwrap();
    assert_eq!(form.body.as_ref(), "d=%C3%A9&c=a%26".as_bytes());
}

#[tokio::test]
async fn pauses_are_made_between_batches_and_between_pages() {
    let server = numbers(1).await;
    let batched = r#"{"url":"SERVER/","options":{"batching":{"batchSize":2,"batchInterval":60}}}"#;
    let began = Instant::now();
    assert!(gives(&server, batched, "[{},{},{},{},{}]").await.is_ok());
    assert!(began.elapsed() >= Duration::from_millis(120), "two pauses: {:?}", began.elapsed());
    let began = Instant::now();
    assert!(gives(&server, &by_parameter(r#","requestInterval":100"#), "[{}]").await.is_ok());
    assert!(began.elapsed() >= Duration::from_millis(100), "one pause: {:?}", began.elapsed());
    let step = TestStep::new(&["[{},{},{}]"]);
    for (size, expected) in [("2", [0, 0, 7]), ("0", [0, 7, 7]), ("-1", [0, 0, 0])] {
        let node = node(&format!(r#"{{"url":"x","options":{{"batching":{{"batchSize":{size},"batchInterval":7}}}}}}"#));
        let pauses = [0, 1, 2].map(|index| node.options.batching.pause(&step, index).unwrap().as_millis());
        assert_eq!(pauses, expected, "{size}");
    }
    let wrong = r#"{"url":"x","options":{"batching":{"batchSize":1,"batchInterval":"={{ -5 }}"}}}"#;
    assert_eq!(node(wrong).options.batching.pause(&step, 1).unwrap_err().field.as_deref(), Some("batchInterval"));
}

#[test]
fn pages_and_batches_of_n8n_are_imported() {
    let imported = |options: &str| {
        let json = format!(r#"{{"url":"x","options":{options}}}"#);
        let imported = import(&HttpRequest, 4.2, &json).unwrap();
        assert!(imported.remarks.is_empty(), "{:?}", imported.remarks);
        assert!(HttpRequest.prepare(&imported.parameters).is_ok(), "{options}");
        imported.parameters.get("options").to_json()
    };
    for (old, new) in [
        (r#"{"batching":{"batch":{}}}"#, r#"{"batching":{"batchSize":50,"batchInterval":1000}}"#),
        (
            r#"{"batching":{"batch":{"batchSize":1,"batchInterval":5}}}"#,
            r#"{"batching":{"batchSize":1,"batchInterval":5}}"#,
        ),
        (r#"{"pagination":{"pagination":{}}}"#, r#"{"pagination":{"paginationMode":"updateAParameterInEachRequest"}}"#),
        (r#"{"pagination":{}}"#, "{}"),
        (
            r#"{"pagination":{"pagination":{"paginationMode":"responseContainsNextURL","nextURL":"={{ $response.body.next }}",
                "paginationCompleteWhen":"other","completeExpression":"!$response.body.next","limitPagesFetched":true,
                "maxRequests":7,"requestInterval":9}}}"#,
            r#"{"pagination":{"paginationMode":"responseContainsNextURL","nextURL":"={{ $response.body.next }}","paginationCompleteWhen":"other","completeExpression":"={{ !$response.body.next }}","limitPagesFetched":true,"maxRequests":7,"requestInterval":9}}"#,
        ),
    ] {
        assert_eq!(imported(old), new);
    }
}
