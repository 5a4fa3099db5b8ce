//! What is said on a WebSocket, apart from the network: `graphql-transport-ws` with our rules about who may go on speaking.
//!
//! A socket lives for hours, what somebody may do does not. So who is at the other end is asked again for every operation, and
//! every few seconds as long as the socket is open; a socket whose answer changed is closed, and the client comes back with what
//! it has then.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_graphql::http::{ClientMessage, WebSocket, WebSocketProtocols, WsMessage};
use async_graphql::{Data, ErrorExtensionValues, Executor, Request, Response, ServerError};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, Stream, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use weft_model::Actor;
use weft_model::member::Role;

/// What one socket may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a client has for `connection_init`.
    pub init: Duration,
    /// How often it is asked again who is at the other end.
    pub look_again: Duration,
    /// How many operations may go on at once.
    pub operations: usize,
    /// How long a client may send nothing.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(10),
            look_again: Duration::from_secs(3),
            operations: 100,
            silence: Duration::from_mins(1),
        }
    }
}

/// Who is at the other end, now.
pub struct Admitted {
    /// Goes with one operation.
    pub data: Data,
    /// Who it is.
    pub actor: Actor,
    /// As what.
    pub role: Role,
}

/// Why a socket is closed: a code of the protocol, or of RFC 6455, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The code.
    pub code: u16,
    /// The sentence.
    pub reason: String,
}

impl Closing {
    /// Nobody is signed in, or no longer: come back with a fresh session.
    pub fn unauthorized(reason: impl Into<String>) -> Self {
        Self { code: 4401, reason: short(reason.into()) }
    }

    /// Somebody is signed in who may not do this, or not as before.
    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self { code: 4403, reason: short(reason.into()) }
    }

    /// It cannot be told who it is: something of ours is away.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self { code: TRY_AGAIN_LATER, reason: short(reason.into()) }
    }

    fn is_unavailable(&self) -> bool {
        self.code == TRY_AGAIN_LATER
    }
}

const TRY_AGAIN_LATER: u16 = 1013;

/// A control frame holds 123 bytes of reason (RFC 6455, section 5.5).
fn short(mut reason: String) -> String {
    reason.truncate(reason.floor_char_boundary(123));
    reason
}

type Authenticate = dyn Fn(Value) -> BoxFuture<'static, Result<Admitted, Closing>> + Send + Sync;

/// What is said to a client that says `incoming`. It ends after the first message that closes.
pub fn converse<E, A, F>(
    executor: E,
    incoming: impl Stream<Item = Vec<u8>> + Send + 'static,
    authenticate: A,
    limits: Limits,
) -> impl Stream<Item = WsMessage>
where
    E: Executor,
    A: Fn(Value) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Admitted, Closing>> + Send + 'static,
{
    let (closing, closed) = mpsc::channel(1);
    let connection = Arc::new(Connection {
        authenticate: Box::new(move |init| authenticate(init).boxed()),
        admitted: OnceLock::new(),
        operations: Arc::new(Semaphore::new(limits.operations)),
        in_use: Mutex::default(),
        closing,
    });
    tokio::spawn(watch(Arc::clone(&connection), limits));
    let (entering, hearing, telling) = (Arc::clone(&connection), Arc::clone(&connection), Arc::clone(&connection));
    let executor = Checked { executor, connection };
    let heard = incoming.filter_map(move |message| std::future::ready(hearing.hear(message))).boxed();
    let socket = WebSocket::from_message_stream(executor, heard, WebSocketProtocols::GraphQLWS)
        .on_connection_init(move |init| async move { Ok(entering.enter(init).await) })
        .keepalive_timeout(limits.silence);
    let socket = socket.inspect(move |said| telling.tell(said));
    stream::unfold((closed, Box::pin(socket)), |(mut closed, mut socket)| async move {
        let said = tokio::select! {
            biased;
            Some(Closing { code, reason }) = closed.recv() => WsMessage::Close(code, reason),
            said = socket.next() => said?,
        };
        Some((said, (closed, socket)))
    })
}

struct Connection {
    authenticate: Box<Authenticate>,
    /// What `connection_init` brought, and who that was.
    admitted: OnceLock<(Value, Actor, Role)>,
    operations: Arc<Semaphore>,
    /// The ids of the operations that go on.
    in_use: Mutex<HashSet<String>>,
    closing: mpsc::Sender<Closing>,
}

/// What the server says of the end of an operation.
#[derive(Deserialize)]
struct Complete {
    id: String,
}

impl Connection {
    /// Lets somebody in. Never ends for somebody who is not: the socket closes meanwhile.
    async fn enter(&self, init: Value) -> Data {
        match (self.authenticate)(init.clone()).await {
            Ok(admitted) => {
                let _ = self.admitted.set((init, admitted.actor, admitted.role));
                // Each operation brings its own.
                Data::default()
            }
            Err(closing) => {
                self.close(closing);
                std::future::pending().await
            }
        }
    }

    /// What a client says. Nothing of an operation whose id another one has that goes on: the protocol closes the socket, since
    /// nobody could tell the answers apart.
    fn hear(&self, mut message: Vec<u8>) -> Option<serde_json::Result<ClientMessage>> {
        weft_value::mend_lone_halves(&mut message);
        let message = ClientMessage::from_bytes(message);
        let mut in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        match &message {
            Ok(ClientMessage::Start { id, .. }) if !in_use.insert(id.clone()) => {
                let reason = short(format!("Subscriber for {id} already exists"));
                self.close(Closing { code: 4409, reason });
                return None;
            }
            Ok(ClientMessage::Stop { id }) => {
                in_use.remove(id);
            }
            _ => {}
        }
        Some(message)
    }

    /// Makes the id of an operation that has ended free for another one.
    fn tell(&self, said: &WsMessage) {
        if let WsMessage::Text(text) = said
            && text.starts_with(r#"{"type":"complete""#)
            && let Ok(Complete { id }) = serde_json::from_str(text)
        {
            self.in_use.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        }
    }

    /// Whether the one who was let in may still be here, as the same.
    async fn check(&self) -> Result<Data, Closing> {
        let Some((init, actor, role)) = self.admitted.get() else {
            return Err(Closing::unauthorized("The handshake is not completed."));
        };
        let now = (self.authenticate)(init.clone()).await?;
        if (now.actor, now.role) == (*actor, *role) {
            Ok(now.data)
        } else {
            Err(Closing::forbidden("What you may do has changed. Connect again."))
        }
    }

    /// Only the first reason counts.
    fn close(&self, closing: Closing) {
        let _ = self.closing.try_send(closing);
    }
}

/// Closes the socket of a client that does not introduce itself, or that may no longer be here.
async fn watch(connection: Arc<Connection>, limits: Limits) {
    let pause = async |time| tokio::time::timeout(time, connection.closing.closed()).await.is_err();
    if pause(limits.init).await && connection.admitted.get().is_none() {
        connection.close(Closing { code: 4408, reason: "connection_init did not come in time.".into() });
        return;
    }
    while pause(limits.look_again).await {
        match connection.check().await {
            Ok(_) => {}
            // Nobody is sent away because our database is.
            Err(closing) if closing.is_unavailable() => {}
            Err(closing) => return connection.close(closing),
        }
    }
}

/// Executes operations with what the client may do now.
struct Checked<E> {
    executor: E,
    connection: Arc<Connection>,
}

impl<E: Executor> Clone for Checked<E> {
    fn clone(&self) -> Self {
        Self { executor: self.executor.clone(), connection: Arc::clone(&self.connection) }
    }
}

impl<E: Executor> Executor for Checked<E> {
    async fn execute(&self, mut request: Request) -> Response {
        match self.connection.check().await {
            Ok(data) => {
                request.data = data;
                self.executor.execute(request).await
            }
            Err(closing) => refused("UNAUTHENTICATED", &closing.reason),
        }
    }

    fn execute_stream(&self, mut request: Request, session_data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let Ok(permit) = Arc::clone(&self.connection.operations).try_acquire_owned() else {
            let message = "Too many operations go on over this connection. End some of them first.";
            return stream::once(async move { refused("TOO_MANY_OPERATIONS", message) }).boxed();
        };
        let (connection, executor) = (Arc::clone(&self.connection), self.executor.clone());
        let responses = async move {
            match connection.check().await {
                Ok(data) => {
                    request.data = data;
                    executor.execute_stream(request, session_data)
                }
                Err(closing) if closing.is_unavailable() => {
                    stream::once(async move { refused("UNAVAILABLE", &closing.reason) }).boxed()
                }
                Err(closing) => {
                    connection.close(closing);
                    stream::pending().boxed()
                }
            }
        };
        // The permit goes with the operation, however it ends.
        responses.into_stream().flatten().map(move |response| (response, &permit).0).boxed()
    }
}

fn refused(code: &str, message: &str) -> Response {
    let mut error = ServerError::new(message, None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
    Response::from_errors(vec![error])
}

#[cfg(test)]
mod tests;
