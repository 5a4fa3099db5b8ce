//! Receiving a body: within the limit of one, and within what the process holds of all.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Decompress;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use crate::problem::Problem;

/// What all bodies that are being received may hold together, in bytes.
const TOGETHER: usize = 256 * 1024 * 1024;
/// Room is given out in pieces of this many bytes.
const PIECE: usize = 4 * 1024;
/// Bodies are received in fractions of a second.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// How long a caller may send nothing in the middle of a body.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a body may take from its first byte: a caller who sends a byte now and then holds room that others wait for.
const WHOLE: Duration = Duration::from_mins(2);

/// The room for bodies in this process. It is taken as bytes arrive, not as they are announced: a caller who announces much
/// and sends nothing takes nothing from others.
pub struct Room {
    pieces: Arc<Semaphore>,
    pace: Pace,
}

/// How fast what goes to the store of files must come at least, in bytes per second: it takes no room, but a place among the
/// calls.
const FILES: u64 = 32 << 10;

/// How slowly a body may come.
#[derive(Clone, Copy)]
pub struct Pace {
    silence: Duration,
    whole: Duration,
}

impl Pace {
    /// By when the next piece of what began at `began` must have come. So many bytes of it went to the store of files.
    pub fn until(self, began: Instant, filed: u64) -> Instant {
        let whole = self.whole + Duration::from_secs(filed / FILES);
        (began + whole).min(Instant::now() + self.silence)
    }
}

impl Room {
    /// Room for some bodies of the largest size at least.
    pub fn for_bodies_of(largest: usize) -> Self {
        Self::of(TOGETHER.max(largest.saturating_mul(2)))
    }

    /// A share of the room, which holds nothing yet.
    pub fn share(&self) -> Share {
        Share { room: Arc::clone(&self.pieces), held: None }
    }

    /// How slowly what takes room may come.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    #[cfg(test)]
    pub fn with_pace(self, silence: Duration, whole: Duration) -> Self {
        Self { pace: Pace { silence, whole }, ..self }
    }

    fn of(bytes: usize) -> Self {
        let pieces = Arc::new(Semaphore::new((bytes / PIECE).min(Semaphore::MAX_PERMITS)));
        Self { pieces, pace: Pace { silence: SILENCE, whole: WHOLE } }
    }
}

/// A body with the room that it takes, which it gives back when it goes.
pub struct Received {
    /// The bytes, unpacked.
    pub bytes: web::Bytes,
    pub _share: Share,
}

/// What one body has taken of the room.
pub struct Share {
    room: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Holds so many bytes, or says that there is no room.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        let has = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let lacks = bytes.div_ceil(PIECE).saturating_sub(has);
        if lacks == 0 {
            return Ok(());
        }
        let pieces = u32::try_from(lacks).unwrap_or(u32::MAX);
        let more = Arc::clone(&self.room).try_acquire_many_owned(pieces).map_err(|_| {
            Problem::overloaded(
                TRY_AGAIN,
                "Too many bodies are being received at once. Send this one again in a second.",
            )
        })?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}

/// A body that is being received.
pub struct Receiving {
    payload: Decompress<web::Payload>,
    body: web::BytesMut,
    /// What came and is more than was wanted so far.
    next: Option<web::Bytes>,
    share: Share,
    began: Instant,
    pace: Pace,
}

impl Receiving {
    /// Begins with nothing.
    pub fn begin(request: &HttpRequest, payload: web::Payload, room: &Room) -> Self {
        Self {
            payload: Decompress::from_headers(payload, request.headers()),
            body: web::BytesMut::new(),
            next: None,
            share: room.share(),
            began: Instant::now(),
            pace: room.pace,
        }
    }

    /// Receives the rest, as long as all of it is at most `limit` bytes, unpacked: what is longer is not held. Says whether it
    /// came to the end.
    pub async fn up_to(&mut self, limit: usize) -> Result<bool, Problem> {
        while let Some(chunk) = self.chunk().await? {
            let length = self.body.len() + chunk.len();
            if length > limit {
                self.next = Some(chunk);
                return Ok(false);
            }
            self.share.grow(length)?;
            self.body.extend_from_slice(&chunk);
        }
        Ok(true)
    }

    /// Lets at most `most` more bytes go by and holds nothing: a browser that is still sending reads an answer only when it has
    /// sent everything.
    pub async fn discard(mut self, most: usize) {
        self.body = web::BytesMut::new();
        self.share.held = None;
        let mut gone = 0;
        while let Ok(Some(chunk)) = self.chunk().await {
            gone += chunk.len();
            if gone > most {
                return;
            }
        }
    }

    /// What was received.
    pub fn received(self) -> Received {
        Received { bytes: self.body.freeze(), _share: self.share }
    }

    async fn chunk(&mut self) -> Result<Option<web::Bytes>, Problem> {
        if let Some(chunk) = self.next.take() {
            return Ok(Some(chunk));
        }
        let chunk = timeout_at(self.pace.until(self.began, 0), self.payload.next()).await.map_err(late)?;
        chunk.transpose().map_err(|error| {
            Problem::bad_request("broken_body", format!("The body ended early or is broken: {error}."))
        })
    }
}

/// How many bytes a request says that its body has, as it is sent.
pub fn announced(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// The whole body of a webhook, unpacked, as long as it keeps to the limit.
pub async fn receive(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
    room: &Room,
) -> Result<Received, Problem> {
    let too_large = || Problem::too_large(format!("A webhook takes at most {limit} bytes."));
    if announced(request).is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let mut receiving = Receiving::begin(request, payload, room);
    if receiving.up_to(limit).await? { Ok(receiving.received()) } else { Err(too_large()) }
}

/// What a caller is told who sends too slowly.
pub fn late(_: Elapsed) -> Problem {
    let (silence, whole) = (SILENCE.as_secs(), WHOLE.as_secs());
    Problem::timed_out(format!("The body came too slowly: {silence} s without a byte, or {whole} s in all."))
}

#[cfg(test)]
mod tests {
    use actix_web::dev::Payload;
    use actix_web::error::PayloadError;
    use actix_web::http::StatusCode;
    use actix_web::http::header::RETRY_AFTER;
    use actix_web::test::TestRequest;
    use actix_web::{FromRequest, ResponseError};
    use futures_util::stream;

    use super::*;

    async fn send(bytes: usize, room: &Room) -> Result<Received, Problem> {
        let (request, mut payload) = TestRequest::post().set_payload(vec![b'x'; bytes]).to_http_parts();
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        receive(&request, payload, 4 * PIECE, room).await
    }

    #[actix_web::test]
    async fn when_the_room_is_taken_another_body_is_refused_until_one_goes() {
        let room = Room::of(4 * PIECE);
        let first = send(2 * PIECE + 1, &room).await.unwrap();
        assert_eq!(first.bytes.len(), 2 * PIECE + 1);
        let refused = send(2 * PIECE, &room).await.err().unwrap().error_response();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers().get(RETRY_AFTER).unwrap(), "1");
        let small = send(PIECE, &room).await.unwrap();
        drop((first, small));
        assert!(send(4 * PIECE, &room).await.is_ok());
        assert_eq!(room.pieces.available_permits(), 4, "all of it is given back");
    }

    type Bytes = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<web::Bytes, PayloadError>>>>;

    async fn send_slowly(bytes: Bytes, room: &Room) -> StatusCode {
        let (request, _) = TestRequest::post().to_http_parts();
        let payload = web::Payload::from_request(&request, &mut Payload::from(bytes)).await.unwrap();
        receive(&request, payload, usize::MAX, room).await.err().unwrap().status_code()
    }

    #[actix_web::test]
    async fn who_sends_too_slowly_gives_the_room_back() {
        let byte = || Ok(web::Bytes::from_static(b"x"));
        let (soon, never) = (Duration::from_millis(1), Duration::from_hours(1));
        let silent: Bytes = Box::pin(stream::iter([byte()]).chain(stream::pending()));
        let without_end: Bytes = Box::pin(stream::repeat_with(byte).then(|byte| async {
            tokio::task::yield_now().await;
            byte
        }));
        for (bytes, silence, whole) in [(silent, soon, never), (without_end, never, soon)] {
            let room = Room::of(TOGETHER).with_pace(silence, whole);
            assert_eq!(send_slowly(bytes, &room).await, StatusCode::REQUEST_TIMEOUT);
            assert_eq!(room.pieces.available_permits(), TOGETHER / PIECE);
        }
    }

    #[actix_web::test]
    async fn a_body_above_the_limit_of_one_is_refused_as_such() {
        let refused = send(4 * PIECE + 1, &Room::of(64 * PIECE)).await.err().unwrap();
        assert_eq!(refused.status_code(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
