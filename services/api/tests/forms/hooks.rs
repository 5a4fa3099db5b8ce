//! Webhooks that are called by whom they do not want, by pages of other hosts, and with several methods.

use super::*;

/// A webhook and what answers it, published; the path of its address.
async fn listening(house: &House, parameters: Value, answer: &str) -> String {
    let mut parameters = parameters;
    parameters["responseMode"] = json!("lastNode");
    let nodes = vec![
        json!({ "name": "Hook", "kind": "webhook", "parameters": parameters }),
        json!({ "name": "Answer", "kind": "set", "parameters": {
            "assignments": { "assignments": [{ "id": "1", "name": "said", "type": "string", "value": answer }] },
        } }),
    ];
    house.published_line(nodes).await.0
}

fn get(path: &str, address: &str) -> TestRequest {
    let peer = std::net::SocketAddr::new(address.parse().unwrap(), 4711);
    TestRequest::get().uri(path).insert_header(HOST).peer_addr(peer)
}

macro_rules! status {
    ($app:expr, $request:expr) => {
        call_service(&$app, $request.to_request()).await.status().as_u16()
    };
}

#[actix_web::test]
async fn a_webhook_turns_away_whom_it_does_not_want() {
    let house = House::open().await;
    let options = json!({ "options": { "ipWhitelist": "10.0.0.1, 203.0.113.0/24", "ignoreBots": true } });
    let path = listening(&house, options, "yes").await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    assert_eq!(status!(app, get(&path, "203.0.113.7")), 200);
    assert_eq!(house.begun().await, 1);
    // Nobody's word is taken on where a call comes from who is no trusted proxy.
    let elsewhere = get(&path, "198.51.100.1").insert_header(("x-forwarded-for", "10.0.0.1"));
    assert_eq!(status!(app, elsewhere), 403);
    let robot = get(&path, "10.0.0.1").insert_header(("user-agent", "Examplebot/2.1"));
    assert_eq!(status!(app, robot), 403);
    assert_eq!(house.begun().await, 1);
    let proxies = TrustedProxies::read(&["10.9.0.0/16".to_owned()]).unwrap();
    let behind = init_service(actix_web::App::new().configure(web_behind(&house, proxies))).await;
    let through = |caller: &str| get(&path, "10.9.0.1").insert_header(("x-forwarded-for", caller.to_owned()));
    assert_eq!(status!(behind, through("203.0.113.9")), 200);
    assert_eq!(status!(behind, through("198.51.100.1")), 403);
}

#[actix_web::test]
async fn a_form_turns_away_whom_it_does_not_want() {
    let house = House::open().await;
    let mut form = sign_up();
    form["ipWhitelist"] = json!("10.0.0.0/8");
    let (path, _) = house.published(form, json!({ "name": "Then", "kind": "noOp" })).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    assert_eq!(status!(app, get(&path, "10.0.0.1").insert_header(PAGE)), 200);
    assert_eq!(status!(app, get(&path, "198.51.100.1").insert_header(PAGE)), 403);
    let in_french = get(&path, "198.51.100.1").insert_header(PAGE).insert_header(("accept-language", "fr"));
    let (status, page) = text(call_service(&app, in_french.to_request()).await).await;
    assert!(status == 403 && page.contains("lang=\"fr\"") && page.contains("ne vous est pas ouverte"), "{page}");
}

#[actix_web::test]
async fn a_browser_is_told_which_pages_may_call() {
    let house = House::open().await;
    let open = listening(&house, json!({}), "yes").await;
    let options = json!({ "options": { "allowedOrigins": "https://shop.example" } });
    let chosen = listening(&house, options, "yes").await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let asks = |path: &str, origin: &str| {
        TestRequest::default()
            .method(actix_web::http::Method::OPTIONS)
            .uri(path)
            .insert_header(HOST)
            .insert_header(("origin", origin.to_owned()))
            .insert_header(("access-control-request-method", "GET"))
            .insert_header(("access-control-request-headers", "x-own"))
    };
    let allows = |response: &ServiceResponse<_>, name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    for (path, origin, allowed) in [
        (&open, "https://a.example", Some("*")),
        (&chosen, "https://shop.example", Some("https://shop.example")),
        (&chosen, "https://a.example", None),
    ] {
        let told = call_service(&app, asks(path, origin).to_request()).await;
        assert_eq!(told.status().as_u16(), 204);
        assert_eq!(allows(&told, "access-control-allow-origin").as_deref(), allowed, "{origin}");
        assert_eq!(allows(&told, "access-control-allow-headers").is_some(), allowed.is_some());
        assert_eq!(allows(&told, "access-control-allow-methods"), allowed.map(|_| "GET".to_owned()));
        let called = get(path, "127.0.0.1").insert_header(("origin", origin.to_owned()));
        let answer = call_service(&app, called.to_request()).await;
        assert_eq!(allows(&answer, "access-control-allow-origin").as_deref(), allowed, "{origin}");
        assert!(allows(&answer, "access-control-allow-credentials").is_none());
    }
    assert_eq!(house.begun().await, 3, "asking begins nothing");
    let wrong = asks(&open, "https://a.example").insert_header(("access-control-request-method", "PUT"));
    assert_eq!(status!(app, wrong), 405);
}

#[actix_web::test]
async fn each_of_several_methods_has_its_output() {
    let house = House::open().await;
    let set = |name: &str| {
        json!({ "name": name, "kind": "set", "parameters": { "assignments": { "assignments": [
            { "id": "1", "name": "said", "type": "string", "value": format!("={{{{ '{name}' + $json.query.a }}}}") },
        ] } } })
    };
    let hook = json!({ "multipleMethods": true, "httpMethods": ["GET", "POST"], "responseMode": "lastNode",
        "options": { "responsePropertyName": "said", "responseContentType": "text/x-own" } });
    let nodes = json!([{ "name": "Hook", "kind": "webhook", "parameters": hook }, set("Got"), set("Posted")]);
    let edges = json!([{ "from": "Hook", "to": "Got" }, { "from": "Hook", "output": 1, "to": "Posted" }]);
    let path = house.published_file(nodes, edges, "GET, POST").await.0;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let call = |request: TestRequest| request.uri(&format!("{path}?a=7")).insert_header(HOST);
    for (request, said) in [(TestRequest::get(), "Got7"), (TestRequest::post(), "Posted7")] {
        let answer = call_service(&app, call(request).to_request()).await;
        assert_eq!(answer.headers().get("content-type").unwrap(), "text/x-own");
        assert_eq!(text(answer).await, (200, said.to_owned()));
    }
    assert_eq!(status!(app, call(TestRequest::put())), 405);
}

#[actix_web::test]
async fn a_call_that_is_not_wanted_is_answered_and_begins_nothing() {
    let house = House::open().await;
    let condition = json!({ "options": { "onlyRunIf": "={{ $json.query.type === 'paid' }}" } });
    let path = listening(&house, condition, "yes").await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let open = call_service(&app, get(&format!("{path}?type=open"), "127.0.0.1").to_request()).await;
    let (status, said) = text(open).await;
    assert!(status == 200 && said.contains("nothing begins for it"), "{said}");
    assert_eq!(house.begun().await, 0);
    let paid = call_service(&app, get(&format!("{path}?type=paid"), "127.0.0.1").to_request()).await;
    assert_eq!(text(paid).await, (200, r#"{"said":"yes"}"#.to_owned()));
    assert_eq!(house.begun().await, 1);
}

/// Makes a credential of a user name and a password, `ada` and `hush`, and gives its reference.
async fn credential(house: &House) -> Value {
    let fields = json!([{ "name": "user", "value": "ada" }, { "name": "password", "value": "hush" }]);
    let create =
        "mutation ($input: CreateCredentialInput!) { createCredential(input: $input) { credential { reference } } }";
    let made = house.ask(create, json!({ "input": { "name": "Callers", "type": "basic", "fields": fields } })).await;
    made["createCredential"]["credential"]["reference"].clone()
}

#[actix_web::test]
async fn a_waiting_execution_asks_who_calls_it() {
    // base64 of ada:hush.
    const RIGHT: (&str, &str) = ("authorization", "Basic YWRhOmh1c2g=");
    let house = House::open().await;
    let reference = credential(&house).await;
    for resume in ["webhook", "form"] {
        let mut wait = json!({ "resume": resume, "authentication": "credential", "credential": reference });
        if resume == "form" {
            wait["formTitle"] = json!("Approve?");
        } else {
            wait["options"] = json!({ "ipWhitelist": "10.0.0.1" });
        }
        let nodes = vec![
            json!({ "name": "Start", "kind": "manualTrigger" }),
            json!({ "name": "Ask", "kind": "wait", "parameters": wait }),
            json!({ "name": "Then", "kind": "noOp" }),
        ];
        let workflow = house.created_line(nodes).await;
        let pages = house.pages_of(&workflow).await;
        let path = if resume == "form" { pages } else { pages.replace("/forms/", "/waiting/") };
        let app = init_service(actix_web::App::new().configure(web(&house))).await;
        let mut refused = status!(app, get(&path, "10.0.0.1"));
        for _ in 0..10_000 {
            // Until the execution has come to its page, patience is asked for.
            if refused != 200 && refused != 409 {
                break;
            }
            refused = status!(app, get(&path, "10.0.0.1"));
        }
        assert_eq!(refused, 401, "{resume}");
        if resume == "webhook" {
            assert_eq!(status!(app, get(&path, "10.0.0.2").insert_header(RIGHT)), 403, "from elsewhere");
        }
        assert_eq!(status!(app, get(&path, "10.0.0.1").insert_header(RIGHT)), 200, "{resume}");
    }
}
