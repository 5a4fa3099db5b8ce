use std::sync::Mutex;

use async_graphql::{EmptyMutation, Object, Schema, Subscription};
use serde_json::json;
use tokio_stream::wrappers::ReceiverStream;
use weft_model::IdentityId;

use super::*;

struct Query;

#[Object]
impl Query {
    async fn role(&self, context: &async_graphql::Context<'_>) -> String {
        context.data_unchecked::<String>().clone()
    }
}

struct Endless;

#[Subscription]
impl Endless {
    async fn endless(&self) -> impl Stream<Item = i32> {
        stream::iter([1]).chain(stream::pending())
    }
}

/// A socket whose client's standing can be changed while it is open.
struct Stage {
    client: mpsc::Sender<Vec<u8>>,
    said: BoxStream<'static, WsMessage>,
    standing: Arc<Mutex<Result<Role, Closing>>>,
}

impl Stage {
    fn new(limits: Limits) -> Self {
        let standing = Arc::new(Mutex::new(Ok(Role::Editor)));
        let asked = Arc::clone(&standing);
        let authenticate = move |_: Value| {
            let standing = asked.lock().unwrap().clone();
            async move {
                let role = standing?;
                let mut data = Data::default();
                data.insert(format!("{role:?}"));
                Ok(Admitted { data, actor: Actor::Identity(IdentityId(uuid::Uuid::nil())), role })
            }
        };
        let (client, incoming) = mpsc::channel(8);
        let schema = Schema::new(Query, EmptyMutation, Endless);
        let said = converse(schema, ReceiverStream::new(incoming), authenticate, limits).boxed();
        Self { client, said, standing }
    }

    async fn opened(limits: Limits) -> Self {
        let mut stage = Self::new(limits);
        assert_eq!(stage.say(json!({ "type": "connection_init" })).await, json!({ "type": "connection_ack" }));
        stage
    }

    async fn send(&self, message: Value) {
        self.client.send(message.to_string().into_bytes()).await.unwrap();
    }

    async fn hear(&mut self) -> WsMessage {
        tokio::time::timeout(Duration::from_secs(10), self.said.next()).await.expect("nothing was said").unwrap()
    }

    async fn say(&mut self, message: Value) -> Value {
        self.send(message).await;
        serde_json::from_str(&self.hear().await.unwrap_text()).unwrap()
    }

    async fn closed(&mut self) -> u16 {
        self.hear().await.unwrap_close().0
    }

    fn become_now(&self, standing: Result<Role, Closing>) {
        *self.standing.lock().unwrap() = standing;
    }
}

fn quick() -> Limits {
    Limits { init: Duration::from_millis(50), look_again: Duration::from_millis(20), ..Limits::default() }
}

fn subscribe(id: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": "subscription { endless }" } })
}

#[tokio::test]
async fn a_client_that_does_not_introduce_itself_is_sent_away() {
    assert_eq!(Stage::new(quick()).closed().await, 4408);
}

#[tokio::test]
async fn somebody_who_is_not_let_in_is_told_so_by_the_code_of_the_protocol() {
    for closing in [Closing::unauthorized("No."), Closing::forbidden("No."), Closing::unavailable("Later.")] {
        let mut stage = Stage::new(Limits::default());
        stage.become_now(Err(closing.clone()));
        stage.send(json!({ "type": "connection_init" })).await;
        assert_eq!(stage.closed().await, closing.code);
    }
}

#[tokio::test]
async fn a_socket_ends_with_the_session_and_with_the_role() {
    for (standing, code) in [(Err(Closing::unauthorized("Over.")), 4401), (Ok(Role::Viewer), 4403)] {
        let mut stage = Stage::opened(quick()).await;
        assert_eq!(stage.say(subscribe("1")).await["type"], "next");
        stage.become_now(standing);
        assert_eq!(stage.closed().await, code);
    }
}

#[tokio::test]
async fn no_operation_begins_with_a_role_of_before() {
    let slow = Limits { look_again: Duration::from_hours(1), ..Limits::default() };
    let query = json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ role }" } });
    let mut stage = Stage::opened(slow).await;
    assert_eq!(stage.say(query.clone()).await["payload"]["data"]["role"], "Editor");
    assert_eq!(stage.hear().await.unwrap_text(), r#"{"type":"complete","id":"1"}"#);
    stage.become_now(Ok(Role::Viewer));
    stage.send(query).await;
    assert_eq!(stage.closed().await, 4403);
}

#[tokio::test]
async fn a_database_that_is_away_sends_nobody_away() {
    let mut stage = Stage::opened(quick()).await;
    assert_eq!(stage.say(subscribe("1")).await["type"], "next");
    stage.become_now(Err(Closing::unavailable("Later.")));
    let said = tokio::time::timeout(Duration::from_millis(200), stage.said.next()).await;
    assert!(said.is_err(), "{said:?}");
    let refused = stage.say(subscribe("2")).await;
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "UNAVAILABLE");
}

#[tokio::test]
async fn operations_are_counted_and_make_room_when_they_end() {
    let mut stage = Stage::opened(Limits { operations: 2, ..Limits::default() }).await;
    for id in ["1", "2"] {
        assert!(stage.say(subscribe(id)).await["payload"]["errors"].is_null());
    }
    let refused = stage.say(subscribe("3")).await;
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    assert_eq!(stage.hear().await.unwrap_text(), r#"{"type":"complete","id":"3"}"#);
    assert_eq!(stage.say(json!({ "type": "complete", "id": "1" })).await["type"], "complete");
    assert!(stage.say(subscribe("4")).await["payload"]["errors"].is_null());
}

#[tokio::test]
async fn a_client_that_says_nothing_is_given_up() {
    let mut stage = Stage::opened(Limits { silence: Duration::from_millis(50), ..Limits::default() }).await;
    assert_eq!(stage.closed().await, 3008);
}

#[tokio::test]
async fn an_id_that_is_in_use_cannot_be_used_again_until_its_operation_ends() {
    let query = json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ role }" } });
    let mut stage = Stage::opened(Limits::default()).await;
    // The operation ends by itself, by its client, and at last it goes on.
    for _ in 0..2 {
        assert_eq!(stage.say(query.clone()).await["type"], "next");
        assert_eq!(stage.hear().await.unwrap_text(), r#"{"type":"complete","id":"1"}"#);
    }
    assert_eq!(stage.say(subscribe("1")).await["type"], "next");
    assert_eq!(stage.say(json!({ "type": "complete", "id": "1" })).await["type"], "complete");
    assert_eq!(stage.say(subscribe("1")).await["type"], "next");
    assert_eq!(stage.say(subscribe("2")).await["type"], "next");
    stage.send(query).await;
    let (code, reason) = stage.hear().await.unwrap_close();
    assert_eq!((code, reason.as_str()), (4409, "Subscriber for 1 already exists"));
}

#[tokio::test]
async fn half_a_surrogate_pair_is_the_replacement_character() {
    let mut stage = Stage::opened(Limits::default()).await;
    let message = br#"{"type":"subscribe","id":"\ud800","payload":{"query":"{ role }"}}"#;
    stage.client.send(message.to_vec()).await.unwrap();
    let said: Value = serde_json::from_str(&stage.hear().await.unwrap_text()).unwrap();
    assert_eq!(said["id"], "\u{fffd}");
}
