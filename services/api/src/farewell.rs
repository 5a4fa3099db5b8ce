//! Ends each open WebSocket when the server stops, which would otherwise wait for clients that never leave.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::problem::Problem;

/// A whole close frame of a server: FIN and opcode 8, two bytes unmasked, code 1001 “going away” (RFC 6455, sections 5.2 and
/// 7.4.1). Clients connect again after it, to another process or to this one's successor.
const GOING_AWAY: &[u8] = &[0x88, 0x02, 0x03, 0xe9];

/// Cancelled when the server begins to stop.
#[derive(Clone)]
pub struct Stopping(pub CancellationToken);

impl Stopping {
    /// The one of this server, as long as it takes new connections.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let stopping = request.app_data::<web::Data<Self>>().map(|data| data.as_ref().clone());
        match stopping {
            Some(stopping) if stopping.0.is_cancelled() => {
                Err(Problem::unavailable("The server is shutting down. Try again in a moment."))
            }
            Some(stopping) => Ok(stopping),
            None => Ok(Self(CancellationToken::new())),
        }
    }
}

/// The answer that opened a WebSocket, whose frames end with a close frame when the server stops.
pub fn close_when_stopping(opened: HttpResponse, stopping: Stopping) -> HttpResponse {
    let stopped = Box::pin(stopping.0.cancelled_owned());
    opened.map_body(|_, frames| BoxBody::new(UntilStopped { frames, stopped, has_ended: false }))
}

/// What the socket sends comes in pieces of whole frames, so that one more fits between any two of them.
struct UntilStopped {
    frames: BoxBody,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    has_ended: bool,
}

impl MessageBody for UntilStopped {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.frames.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if this.has_ended {
            return Poll::Ready(None);
        }
        if this.stopped.as_mut().poll(context).is_ready() {
            this.has_ended = true;
            return Poll::Ready(Some(Ok(Bytes::from_static(GOING_AWAY))));
        }
        Pin::new(&mut this.frames).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use futures_util::{StreamExt, stream};

    use super::*;

    #[actix_web::test]
    async fn a_socket_that_sends_nothing_is_closed_when_the_server_stops() {
        let stopping = Stopping(CancellationToken::new());
        let frames = stream::once(async { Ok::<_, actix_web::Error>(Bytes::from_static(b"frame")) });
        let opened = HttpResponse::Ok().streaming(frames.chain(stream::pending()));
        let mut body = close_when_stopping(opened, stopping.clone()).into_body();
        let next = async |body: &mut BoxBody| {
            std::future::poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await.map(Result::unwrap)
        };
        assert_eq!(next(&mut body).await.as_deref(), Some(&b"frame"[..]));
        stopping.0.cancel();
        assert_eq!(next(&mut body).await.as_deref(), Some(GOING_AWAY));
        assert_eq!(next(&mut body).await, None);
    }

    #[test]
    fn a_server_that_stops_opens_no_sockets() {
        let stopping = Stopping(CancellationToken::new());
        let request = TestRequest::default().app_data(web::Data::new(stopping.clone())).to_http_request();
        assert!(Stopping::of(&request).is_ok());
        stopping.0.cancel();
        assert!(Stopping::of(&request).is_err());
    }
}
