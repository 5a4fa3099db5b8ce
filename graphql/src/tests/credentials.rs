use serde_json::json;
use weft_model::CredentialId;
use weft_model::credential::CredentialEvent;
use weft_model::member::Role;
use weft_projections::testing::Story;

use super::stage::{Stage, by};
use crate::id::global;
use crate::{Language, session_data};

fn created(story: &mut Story, name: &str, kind: &str) -> CredentialId {
    let id = CredentialId(story.id());
    story.tell(id, CredentialEvent::Created { name: name.into(), kind: kind.into() });
    id
}

async fn stage() -> (Stage, Story, [CredentialId; 2]) {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    story.joined(Role::Owner);
    let ids = [created(&mut story, "Shop", "basic"), created(&mut story, "Mail", "userPassword")];
    let mut other = Story::of(2);
    created(&mut other, "Foreign", "basic");
    for story in [&story, &other] {
        stage.told(story).await;
    }
    (stage, story, ids)
}

#[tokio::test]
async fn a_list_of_credentials_asks_once_for_all_that_may_be_shown() {
    let (stage, story, [shop, mail]) = stage().await;
    let query = "{ credentials(first: 10) { totalCount nodes { id reference name type version fields { name value isSet } usedAt } } }";
    let data = stage.data(query, by(&story, Role::Operator)).await;
    let node = |id: CredentialId, name: &str, kind: &str| {
        json!({
            "id": global(id).as_str(), "reference": id.to_string(), "name": name, "type": kind, "version": 1, "usedAt": null,
            "fields": [{ "name": "user", "value": "ada", "isSet": true }, { "name": "password", "value": null, "isSet": true }],
        })
    };
    let nodes = json!([node(mail, "Mail", "userPassword"), node(shop, "Shop", "basic")]);
    assert_eq!(data["credentials"], json!({ "totalCount": 2, "nodes": nodes }));
    assert_eq!(*stage.fake.shown_asked.lock().unwrap(), [2]);

    let query = "{ credentials(first: 1, type: \"basic\") { totalCount nodes { name } pageInfo { hasNextPage } } }";
    let data = stage.data(query, by(&story, Role::Operator)).await;
    let expected = json!({ "totalCount": 1, "nodes": [{ "name": "Shop" }], "pageInfo": { "hasNextPage": false } });
    assert_eq!(data["credentials"], expected);
}

#[tokio::test]
async fn types_come_in_the_readers_language() {
    let (stage, story, _) = stage().await;
    let mut request =
        async_graphql::Request::new("{ credentialTypes { kind label fields { name secret options { label } } } }");
    request.data = session_data(&stage.schema, by(&story, Role::Viewer), Language("fr".into()));
    let data = stage.schema.execute(request).await.data.into_json().unwrap();
    let fields = json!([{ "name": "user", "secret": false, "options": [{ "label": "A (fr)" }] }]);
    assert_eq!(data["credentialTypes"], json!([{ "kind": "basic", "label": "Basic (fr)", "fields": fields }]));
}

#[tokio::test]
async fn what_is_given_arrives_and_is_not_answered() {
    let (stage, story, [shop, _]) = stage().await;
    let editor = by(&story, Role::Editor);
    let create = "mutation { createCredential(input: { name: \"New\", type: \"basic\", fields: \
                  [{ name: \"user\", value: \"bob\" }, { name: \"password\", value: \"hunter2\" }] }) { errors { message } } }";
    let answer = stage.ask(create, editor).await;
    assert!(!serde_json::to_string(&answer).unwrap().contains("hunter2"));
    let update = format!(
        "mutation {{ updateCredential(input: {{ credentialId: \"{}\", name: \"Store\", fields: [{{ name: \"user\", value: null }}] }}) \
         {{ credential {{ name }} errors {{ message }} }} }}",
        global(shop).as_str()
    );
    let data = stage.data(update, editor).await;
    assert_eq!(data["updateCredential"], json!({ "credential": { "name": "Shop" }, "errors": [] }));
    let given = std::mem::take(&mut *stage.fake.credentials_given.lock().unwrap());
    let given: Vec<_> =
        given.into_iter().map(|field| (field.name, field.value.map(|value| value.into_inner().to_string()))).collect();
    let expected = [("user", Some("bob")), ("password", Some("hunter2")), ("user", None)];
    assert_eq!(given, expected.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))));
}

#[tokio::test]
async fn a_credential_in_use_is_not_deleted_and_the_workflow_is_named() {
    let (stage, story, [shop, _]) = stage().await;
    let delete = |id: &str| {
        format!(
            "mutation {{ deleteCredential(input: {{ credentialId: \"{id}\" }}) {{ position errors {{ code message }} }} }}"
        )
    };
    let data = stage.data(delete(global(shop).as_str()), by(&story, Role::Admin)).await;
    let error = json!({ "code": "credential_in_use", "message": "“Shop” is used by “Orders”." });
    assert_eq!(data["deleteCredential"], json!({ "position": null, "errors": [error] }));
    let data = stage.data(delete("nonsense"), by(&story, Role::Admin)).await;
    assert_eq!(data["deleteCredential"]["errors"][0]["code"], json!("not_found"));
    let refused = stage.ask(delete(global(shop).as_str()), by(&story, Role::Editor)).await;
    assert!(!refused.errors.is_empty());
}

#[tokio::test]
async fn a_trial_is_of_one_that_is_kept_or_of_what_is_filled_in() {
    let (stage, story, [shop, _]) = stage().await;
    let editor = by(&story, Role::Editor);
    let ask = |input: &str| {
        format!(
            "mutation {{ testCredential(input: {{ {input} }}) {{ outcome code message errors {{ code field }} }} }}"
        )
    };
    let shop = format!("credentialId: \"{}\"", global(shop).as_str());
    let unsaved = "type: \"basic\", fields: [{ name: \"password\", value: \"hunter2\" }], url: \"https://x.example\"";
    let refused =
        json!({ "outcome": "REFUSED", "code": "http_status", "message": "The server answered 401.", "errors": [] });
    for input in [shop.as_str(), unsaved] {
        let data = stage.data(ask(input), editor).await;
        assert_eq!(data["testCredential"], refused, "{input}");
    }
    let given = std::mem::take(&mut *stage.fake.credentials_given.lock().unwrap());
    assert_eq!(given.len(), 1);
    for input in ["", &format!("{shop}, type: \"basic\""), &format!("{shop}, fields: [{{ name: \"a\" }}]")] {
        let data = stage.data(ask(input), editor).await;
        assert_eq!(data["testCredential"]["errors"][0]["code"], json!("bad_input"), "{input}");
    }
    let data = stage.data(ask("credentialId: \"nonsense\""), editor).await;
    assert_eq!(data["testCredential"]["errors"][0]["code"], json!("not_found"));
    let answer = stage.ask(ask(&shop), by(&story, Role::Operator)).await;
    assert!(!answer.errors.is_empty());
}
