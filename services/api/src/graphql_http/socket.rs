//! Subscriptions over one WebSocket: the network side. What is said on it is in `conversation.rs`.

use std::time::Duration;

use actix_web::http::header::SEC_WEBSOCKET_PROTOCOL;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, CloseCode, CloseReason, ProtocolError};
use async_graphql::Executor;
use async_graphql::http::WsMessage;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::conversation::{Admitted, Closing, Limits, converse};
use crate::problem::Problem;

/// The only protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// The largest message that a client may send, in bytes, in one frame or many.
const MESSAGE_LIMIT: usize = 256 * 1024;
/// A client that sends nothing for so long, not even a pong, is gone; so is one that takes nothing for so long.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// How often the server asks whether the client is still there.
const PING_EVERY: Duration = Duration::from_secs(10);

/// Opens the socket. `authenticate` tells from the payload of `connection_init` who is at the other end, and is asked again as
/// long as the socket is open.
pub fn open<E, A, F>(
    request: &HttpRequest,
    body: web::Payload,
    executor: E,
    authenticate: A,
) -> Result<HttpResponse, actix_web::Error>
where
    E: Executor,
    A: Fn(serde_json::Value) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Admitted, Closing>> + Send + 'static,
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
    let messages =
        messages.max_frame_size(MESSAGE_LIMIT).aggregate_continuations().max_continuation_size(MESSAGE_LIMIT);
    // One message at a time is read ahead: a client that floods us is slowed down, not buffered.
    let (incoming, received) = mpsc::channel::<Vec<u8>>(1);
    let limits = Limits { silence: SILENCE_LIMIT, ..Limits::default() };
    let said = converse(executor, ReceiverStream::new(received), authenticate, limits);
    actix_web::rt::spawn(read(session.clone(), messages, incoming));
    actix_web::rt::spawn(write(session, said));
    Ok(response)
}

/// Reads until either side is done. A client that is gone without a word sends nothing that would end this, so that the end of
/// the conversation does.
async fn read(
    mut session: actix_ws::Session,
    mut messages: actix_ws::AggregatedMessageStream,
    incoming: mpsc::Sender<Vec<u8>>,
) {
    loop {
        let message = tokio::select! {
            () = incoming.closed() => return,
            message = messages.next() => message,
        };
        let bytes = match message {
            Some(Ok(AggregatedMessage::Text(text))) => text.into_bytes().to_vec(),
            Some(Ok(AggregatedMessage::Binary(bytes))) => bytes.to_vec(),
            Some(Ok(AggregatedMessage::Ping(bytes))) => {
                if session.pong(&bytes).await.is_err() {
                    return;
                }
                continue;
            }
            Some(Ok(AggregatedMessage::Pong(_))) => br#"{"type":"pong"}"#.to_vec(),
            Some(Err(ProtocolError::Overflow)) => {
                let description = Some(format!("A message may have {MESSAGE_LIMIT} bytes at most."));
                let _ = session.close(Some(CloseReason { code: CloseCode::Size, description })).await;
                return;
            }
            Some(Ok(AggregatedMessage::Close(_)) | Err(_)) | None => return,
        };
        if incoming.send(bytes).await.is_err() {
            return;
        }
    }
}

/// Writes what is said, and pings. A client that takes nothing is given up like one that says nothing.
async fn write(mut session: actix_ws::Session, said: impl futures_util::Stream<Item = WsMessage>) {
    let mut said = std::pin::pin!(said);
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        let message = tokio::select! {
            message = said.next() => message,
            _ = ping.tick() => {
                if !is_taken(session.ping(b"")).await {
                    return;
                }
                continue;
            }
        };
        match message {
            Some(WsMessage::Text(text)) => {
                if !is_taken(session.text(text)).await {
                    return;
                }
            }
            Some(WsMessage::Close(code, reason)) => {
                let reason = CloseReason { code: CloseCode::Other(code), description: Some(reason) };
                // The other side may have closed already, which is what we want.
                is_taken(session.close(Some(reason))).await;
                return;
            }
            None => {
                is_taken(session.close(None)).await;
                return;
            }
        }
    }
}

async fn is_taken(sending: impl Future<Output = Result<(), actix_ws::Closed>>) -> bool {
    matches!(tokio::time::timeout(SILENCE_LIMIT, sending).await, Ok(Ok(())))
}
