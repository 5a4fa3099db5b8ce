//! Conversations through the whole application: written to by a stranger, answered by the last node or by a node of its own.

use super::*;

fn answering(name: &str) -> Value {
    let set = json!({ "name": "output", "type": "string", "value": "=You said {{ $json.chatInput }} ({{ $json.sessionId }})" });
    json!({ "name": name, "kind": "set", "parameters": { "assignments": { "assignments": [set] } } })
}

fn conversation(parameters: &Value) -> Value {
    json!({ "name": "Chat", "kind": "chatTrigger", "parameters": parameters })
}

macro_rules! say {
    ($app:expr, $path:expr, $body:expr) => {{
        let request = TestRequest::post().uri($path).insert_header(HOST).set_json($body);
        text(call_service(&$app, request.to_request()).await).await
    }};
}

macro_rules! open {
    ($app:expr, $path:expr, $header:expr) => {{
        let request = TestRequest::get().uri($path).insert_header(HOST).insert_header(PAGE).insert_header($header);
        text(call_service(&$app, request.to_request()).await).await
    }};
}

#[actix_web::test]
async fn a_message_is_answered_by_the_last_node() {
    let house = House::open().await;
    let (path, _) = house.published_line(vec![conversation(&json!({})), answering("Answer")]).await;
    assert!(path.ends_with("/chat"), "{path}");
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let message = json!({ "action": "sendMessage", "chatInput": "Été ?", "sessionId": "7" });
    let (status, answer) = say!(app, &path, &message);
    assert_eq!((status, answer.as_str()), (200, r#"{"output":"You said Été ? (7)"}"#));
    assert_eq!(house.begun().await, 1);

    let session = json!({ "action": "loadPreviousSession", "sessionId": "7" });
    assert_eq!(say!(app, &path, &session), (200, r#"{"data":[]}"#.to_owned()));
    for wrong in [json!({ "chatInput": 7 }), json!({}), json!([1])] {
        let (status, problem) = say!(app, &path, &wrong);
        assert_eq!(status, 400);
        assert!(problem.contains("invalid_message") && problem.contains("chatInput"), "{problem}");
    }
    let request = TestRequest::put().uri(&path).insert_header(HOST);
    assert_eq!(call_service(&app, request.to_request()).await.status().as_u16(), 405);
    assert_eq!(house.begun().await, 1, "nothing else was a message");
}

#[actix_web::test]
async fn a_conversation_may_ask_who_writes_and_answer_by_a_node() {
    let house = House::open().await;
    let fields = json!([{ "name": "user", "value": "ada" }, { "name": "password", "value": "hush" }]);
    let create =
        "mutation ($input: CreateCredentialInput!) { createCredential(input: $input) { credential { reference } } }";
    let made = house.ask(create, json!({ "input": { "name": "Chat", "type": "basic", "fields": fields } })).await;
    let credential = made["createCredential"]["credential"]["reference"].clone();
    let asking = json!({ "authentication": "credential", "credential": credential, "responseMode": "responseNode" });
    let respond = json!({ "respondWith": "text", "responseBody": "=Bonjour {{ $json.chatInput }}" });
    let respond = json!({ "name": "Respond", "kind": "respondToWebhook", "parameters": respond });
    let (path, _) = house.published_line(vec![conversation(&asking), respond]).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let message = json!({ "chatInput": "Zoë", "sessionId": "7" });
    assert_eq!(say!(app, &path, &message).0, 401);
    assert_eq!(open!(app, &path, ("accept-language", "en")).0, 401);
    assert_eq!(open!(app, &path, ("authorization", "Basic YWRhOmh1c2g=")).0, 200);
    assert_eq!(house.begun().await, 0);
    // base64 of ada:hush.
    let request =
        TestRequest::post().uri(&path).insert_header(HOST).insert_header(("authorization", "Basic YWRhOmh1c2g="));
    let answer = text(call_service(&app, request.set_json(&message).to_request()).await).await;
    assert_eq!(answer, (200, "Bonjour Zoë".to_owned()));
}

#[actix_web::test]
async fn a_conversation_is_held_on_a_page_at_its_address() {
    let house = House::open().await;
    let page = json!({ "title": "Ask Zoë", "subtitle": "About <orders>", "initialMessages": "Bonjour !\nWhat is it?" });
    let (path, test) = house.published_line(vec![conversation(&page), answering("Answer")]).await;
    let (closed, _) =
        house.published_line(vec![conversation(&json!({ "mode": "webhook" })), answering("Answer")]).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let english = ("accept-language", "en");
    let (status, html) = open!(app, &path, english);
    assert_eq!(status, 200);
    assert!(html.contains("<h1>Ask Zoë</h1>") && html.contains("About &lt;orders&gt;"), "{html}");
    assert!(
        html.contains("Acme Flows") && html.contains("<p>Bonjour !</p>") && html.contains(">Send</button>"),
        "{html}"
    );
    assert!(open!(app, &path, ("accept-language", "fr")).1.contains(">Envoyer</button>"));
    let (_, rest) = html.split_once(" src=\"").unwrap();
    let (status, script) = open!(app, rest.split('"').next().unwrap(), english);
    assert!(status == 200 && script.contains("sendMessage"), "{script}");
    assert_eq!(house.begun().await, 0, "nobody has written yet");
    let message = json!({ "action": "sendMessage", "chatInput": "Hi", "sessionId": "7" });
    assert_eq!(say!(app, &path, &message), (200, r#"{"output":"You said Hi (7)"}"#.to_owned()));
    assert_eq!(open!(app, &closed, english).0, 405, "it has no page");
    assert_eq!(open!(app, &format!("{path}/more"), english).0, 404);
    assert_eq!(open!(app, &test, english).0, 404, "nobody listens");
}

#[actix_web::test]
async fn a_private_conversation_is_written_to_from_the_editor_alone() {
    let house = House::open().await;
    let nodes = vec![conversation(&json!({ "public": false })), answering("Answer")];
    let (path, test) = house.published_line(nodes.clone()).await;
    let workflow = house.created_line(nodes).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let message = json!({ "chatInput": "Hi", "sessionId": "7" });
    assert_eq!(say!(app, &path, &message).0, 404, "it has no address of its own");
    assert_eq!(say!(app, &test, &message).0, 404, "nobody listens");

    let query = "query ($id: ID!) { workflow(id: $id) { draft { graph { nodes { id name } } } } }";
    let seen = house.ask(query, json!({ "id": workflow })).await;
    let nodes = seen["workflow"]["draft"]["graph"]["nodes"].as_array().unwrap().clone();
    let node = nodes.iter().find(|node| node["name"] == json!("Chat")).unwrap()["id"].clone();
    let listen =
        "mutation ($input: ListenForWebhookInput!) { listenForWebhook(input: $input) { testUrl errors { message } } }";
    let told = house.ask(listen, json!({ "input": { "workflowId": workflow, "nodeId": node } })).await;
    assert_eq!(told["listenForWebhook"]["errors"], json!([]));
    let test = told["listenForWebhook"]["testUrl"].as_str().unwrap().replace("http://acme.localhost:8080", "");
    assert_eq!(say!(app, &test, &json!({ "action": "loadPreviousSession" })).0, 200, "which is no message");
    let (status, page) = open!(app, &test, ("accept-language", "en"));
    assert!(status == 200 && page.contains("id=\"talk\""), "{page}");
    assert_eq!(say!(app, &test, &message), (200, r#"{"output":"You said Hi (7)"}"#.to_owned()));
}
