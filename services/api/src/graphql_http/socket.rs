//! Subscriptions over one WebSocket.

use std::time::Duration;

use actix_web::http::header::SEC_WEBSOCKET_PROTOCOL;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, CloseCode, CloseReason};
use async_graphql::http::{WebSocket, WebSocketProtocols, WsMessage};
use async_graphql::{Data, Executor};
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::problem::Problem;

/// The only protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// The largest message that a client may send, in bytes.
const MESSAGE_LIMIT: usize = 256 * 1024;
/// A client that sends nothing for so long, not even a pong, is gone.
const SILENCE_LIMIT: Duration = Duration::from_mins(1);
/// How often the server asks whether the client is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Opens the socket. `authenticate` turns the payload of `connection_init` into the data of the connection.
pub fn open<E, A, F>(
    request: &HttpRequest,
    body: web::Payload,
    executor: E,
    authenticate: A,
) -> Result<HttpResponse, actix_web::Error>
where
    E: Executor,
    A: FnOnce(serde_json::Value) -> F + Send + Unpin + 'static,
    F: Future<Output = async_graphql::Result<Data>> + Send + 'static,
{
    let offered = request.headers().get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !offered.split(',').any(|protocol| protocol.trim() == PROTOCOL) {
        return Err(Problem::bad_request(
            "websocket_protocol",
            format!("Ask for the WebSocket protocol {PROTOCOL}; no other is spoken here."),
        )
        .into());
    }
    let (response, session, messages) = actix_ws::handle_with_protocols(request, body, &[PROTOCOL])?;
    let messages = messages.aggregate_continuations().max_continuation_size(MESSAGE_LIMIT);
    // One message at a time is read ahead: a client that floods us is slowed down, not buffered.
    let (incoming, received) = mpsc::channel::<Vec<u8>>(1);
    let socket = WebSocket::new(executor, ReceiverStream::new(received), WebSocketProtocols::GraphQLWS)
        .on_connection_init(authenticate)
        .keepalive_timeout(SILENCE_LIMIT);
    actix_web::rt::spawn(read(session.clone(), messages, incoming));
    actix_web::rt::spawn(write(session, socket));
    Ok(response)
}

async fn read(
    mut session: actix_ws::Session,
    mut messages: actix_ws::AggregatedMessageStream,
    incoming: mpsc::Sender<Vec<u8>>,
) {
    while let Some(Ok(message)) = messages.next().await {
        let bytes = match message {
            AggregatedMessage::Text(text) => text.into_bytes().to_vec(),
            AggregatedMessage::Binary(bytes) => bytes.to_vec(),
            AggregatedMessage::Ping(bytes) => {
                if session.pong(&bytes).await.is_err() {
                    return;
                }
                continue;
            }
            AggregatedMessage::Pong(_) => br#"{"type":"pong"}"#.to_vec(),
            AggregatedMessage::Close(_) => return,
        };
        if incoming.send(bytes).await.is_err() {
            return;
        }
    }
}

async fn write(mut session: actix_ws::Session, socket: impl futures_util::Stream<Item = WsMessage>) {
    let mut socket = std::pin::pin!(socket);
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        let message = tokio::select! {
            message = socket.next() => message,
            _ = ping.tick() => {
                if session.ping(b"").await.is_err() {
                    return;
                }
                continue;
            }
        };
        match message {
            Some(WsMessage::Text(text)) => {
                if session.text(text).await.is_err() {
                    return;
                }
            }
            Some(WsMessage::Close(code, reason)) => {
                let reason = CloseReason { code: CloseCode::Other(code), description: Some(reason) };
                // The other side may have closed already, which is what we want.
                let _ = session.close(Some(reason)).await;
                return;
            }
            None => {
                let _ = session.close(None).await;
                return;
            }
        }
    }
}
