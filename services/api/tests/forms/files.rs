//! Forms that take files, and forms that ask who fills them in.

use super::*;

/// A page in the parts that a browser sends: names with texts, and with names and bytes of files.
fn parts(texts: &[(&str, &str)], files: &[(&str, &str, &str)]) -> String {
    let texts = texts
        .iter()
        .map(|(name, text)| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"));
    let files = files.iter().map(|(name, file, bytes)| {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"");
        format!("--x\r\n{head}\r\nContent-Type: application/pdf\r\n\r\n{bytes}\r\n")
    });
    texts.chain(files).collect::<String>() + "--x--\r\n"
}

fn sent(path: &str, body: String) -> TestRequest {
    let request = TestRequest::post().uri(path).insert_header(HOST).insert_header(PAGE);
    request.insert_header(("content-type", "multipart/form-data; boundary=x")).set_payload(body)
}

#[actix_web::test]
async fn files_reach_the_workflow_and_wrong_ones_are_refused_beside_their_field() {
    let house = House::open().await;
    let form = json!({
        "formTitle": "Apply",
        "formFields": [
            { "fieldLabel": "Name", "requiredField": true },
            { "fieldLabel": "Your CV", "fieldType": "file", "acceptFileTypes": ".pdf", "requiredField": true },
            { "fieldLabel": "More", "fieldType": "file", "multipleFiles": true },
        ],
    });
    let said = "={{ $json['Your CV'].filename }} {{ $binary.Your_CV.fileName }} {{ $json.More.length }} {{ $binary.More_1.fileName }}";
    let end = json!({ "operation": "completion", "completionTitle": "Bye", "completionMessage": said });
    let nodes = vec![
        json!({ "name": "Form", "kind": "formTrigger", "parameters": form }),
        json!({ "name": "End", "kind": "form", "parameters": end }),
    ];
    let (path, _) = house.published_line(nodes).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;

    let wrong = parts(&[("field-0", " ")], &[("field-1", "cv.exe", "x"), ("field-2", "", "")]);
    let (status, refused) = text(call_service(&app, sent(&path, wrong).to_request()).await).await;
    assert_eq!((status, house.begun().await), (422, 0));
    assert!(refused.contains("id=\"field-1-fault\">Choose a file of a type that is accepted."), "{refused}");
    assert!(refused.contains("Choose again what you had chosen."), "{refused}");
    let none = parts(&[("field-0", "Zoë")], &[("field-1", "", "")]);
    let (status, refused) = text(call_service(&app, sent(&path, none).to_request()).await).await;
    assert_eq!(status, 422);
    assert!(refused.contains("id=\"field-1-fault\">Choose a file."), "{refused}");

    let files = [("field-1", "Été.pdf", "one"), ("field-2", "a.pdf", "two"), ("field-2", "b.pdf", "three")];
    let right = parts(&[("field-0", "Zoë")], &files);
    let led = call_service(&app, sent(&path, right).to_request()).await;
    assert_eq!(led.status().as_u16(), 303);
    let next = led.headers().get("location").unwrap().to_str().unwrap().to_owned();
    let mut page = (200, "One moment, please.".to_owned());
    for _ in 0..10_000 {
        if !page.1.contains("One moment, please.") {
            break;
        }
        let request = TestRequest::get().uri(&next).insert_header(HOST).insert_header(PAGE);
        page = text(call_service(&app, request.to_request()).await).await;
    }
    assert!(page.1.contains("Été.pdf Été.pdf 2 b.pdf"), "{}", page.1);
}

#[actix_web::test]
async fn a_form_may_ask_who_fills_it_in() {
    let house = House::open().await;
    let fields = json!([{ "name": "user", "value": "ada" }, { "name": "password", "value": "hush" }]);
    let create =
        "mutation ($input: CreateCredentialInput!) { createCredential(input: $input) { credential { reference } } }";
    let made = house.ask(create, json!({ "input": { "name": "Form", "type": "basic", "fields": fields } })).await;
    let mut form = sign_up();
    form["authentication"] = json!("credential");
    form["credential"] = made["createCredential"]["credential"]["reference"].clone();
    let (path, _) = house.published(form, json!({ "name": "Then", "kind": "noOp" })).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let open = || TestRequest::get().uri(&path).insert_header(HOST).insert_header(PAGE);
    // base64 of ada:wrong: a browser asks for another password only when it is told 401.
    for request in [open(), open().insert_header(("authorization", "Basic YWRhOndyb25n"))] {
        let refused = call_service(&app, request.insert_header(("accept-language", "fr")).to_request()).await;
        let challenge = refused.headers().get("www-authenticate").unwrap().to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Basic "), "{challenge}");
        let (status, page) = text(refused).await;
        assert!(status == 401 && page.contains("se connecte d’abord"), "{page}");
    }
    // base64 of ada:hush.
    let right = ("authorization", "Basic YWRhOmh1c2g=");
    let (status, page) = text(call_service(&app, open().insert_header(right).to_request()).await).await;
    assert!(status == 200 && page.contains("<h1>Inscription</h1>"), "{page}");
    let send = || TestRequest::post().uri(&path).insert_header(HOST).insert_header(PAGE).set_form([("field-0", "Zoë")]);
    assert_eq!(call_service(&app, send().to_request()).await.status().as_u16(), 401);
    assert_eq!(house.begun().await, 0);
    let (status, thanks) = text(call_service(&app, send().insert_header(right).to_request()).await).await;
    assert!(status == 200 && thanks.contains("Your answer has been recorded."), "{thanks}");
    assert_eq!(house.begun().await, 1);
}
