//! What a call brings: a body that is read, and files that go straight to the store of files.
//!
//! Files come as parts of a form (RFC 7578), as a body of a type that cannot be read, or as any body that the node keeps as it
//! came. Parts and bodies that are not read are streamed: none of them is in memory as a whole.

use std::convert::Infallible;

use actix_web::dev::Decompress;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use indexmap::IndexMap;
use multer::{Field, Multipart};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use weft_engine::{CALLED_FILE, StepFiles, Webhook};
use weft_nodes::NodeError;
use weft_value::{BinaryRef, Value};

use super::body::{self, Kind};
use crate::problem::Problem;
use crate::receive::{Pace, Received, Room, Share, announced, late, receive};

/// The most parts of a form.
const MOST_PARTS: usize = 256;
/// How many pieces of a form wait to be stored.
const AHEAD: usize = 4;

/// How the body of a call is wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// As the text that was sent.
    pub(super) raw_text: bool,
    /// Beside what is read, as it came, in a file of this name.
    pub(super) raw_file: Option<String>,
}

impl Wanted {
    /// As this node says.
    pub(super) fn of(webhook: &Webhook) -> Self {
        Self { raw_text: webhook.wants_raw_body(), raw_file: webhook.raw_file().map(str::to_owned) }
    }
}

/// What a call brought.
#[derive(Default)]
pub(super) struct Brought {
    /// The body, read by its type.
    pub(super) body: Value,
    /// Files by name.
    pub(super) files: IndexMap<String, BinaryRef>,
}

/// What a page sent in parts, each with the name of its field.
pub(super) struct Parts {
    pub(super) texts: Vec<(String, String)>,
    pub(super) files: Vec<(String, BinaryRef)>,
}

/// What receives calls.
pub(super) struct Receiver<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) files: StepFiles,
    /// The most bytes of what is read, and of what a part that is no file holds.
    pub(super) limit: usize,
    /// The most bytes of a file, and of all parts of a form.
    pub(super) upload_limit: usize,
    pub(super) room: &'a Room,
}

impl Receiver<'_> {
    /// Receives and reads what the caller sends.
    pub(super) async fn bring(self, payload: web::Payload, wanted: &Wanted) -> Result<Brought, Problem> {
        let headers = self.request.headers();
        body::refuse_unknown_encoding(headers)?;
        if let Some(boundary) = boundary(headers)? {
            return Ok(self.parts(payload, boundary, &|_| true).await?.brought());
        }
        let is_file = !wanted.raw_text
            && match &wanted.raw_file {
                // Whatever its type says, it is kept.
                Some(_) => body::kind_of(headers).unwrap_or(Kind::Other),
                None => body::kind_of(headers)?,
            } == Kind::Other;
        if is_file {
            return self.filed(payload, wanted.raw_file.as_deref()).await;
        }
        let Received { bytes, _share } = receive(self.request, payload, self.limit, self.room).await?;
        let mut brought = Brought::default();
        let file = match &wanted.raw_file {
            _ if wanted.raw_text => {
                brought.body = body::read_raw_body(&bytes)?;
                None
            }
            raw_file => {
                brought.body = body::read_body(body::kind_of(headers)?, &bytes)?;
                raw_file.as_deref()
            }
        };
        if let Some(name) = file {
            let kept = self.files.keep(bytes, described(media_type(headers), None)).await;
            brought.files.insert(name.to_owned(), kept.map_err(|error| problem(&error))?);
        }
        Ok(brought)
    }

    /// Receives a body that is a file, and keeps it as it comes. Without a name of its own, an empty one is none.
    async fn filed(self, payload: web::Payload, name: Option<&str>) -> Result<Brought, Problem> {
        let too_large =
            || Problem::too_large(format!("A webhook takes a file of at most {} MiB.", self.upload_limit >> 20));
        if announced(self.request).is_some_and(|announced| announced > self.upload_limit) {
            return Err(too_large());
        }
        let headers = self.request.headers();
        let mut payload = Decompress::from_headers(payload, headers);
        let (began, pace, mut length) = (Instant::now(), self.room.pace(), 0);
        let mut sink = self.files.create();
        while let Some(piece) = timeout_at(pace.until(began, length), payload.next()).await.map_err(late)? {
            let piece = piece.map_err(|error| {
                Problem::bad_request("broken_body", format!("The body ended early or is broken: {error}."))
            })?;
            length += piece.len() as u64;
            if length > self.upload_limit as u64 {
                return Err(too_large());
            }
            sink.write(piece).await.map_err(|error| problem(&error))?;
        }
        let mut brought = Brought { body: Value::empty_object(), ..Brought::default() };
        if name.is_some() || length > 0 {
            let file = sink.finish(described(media_type(headers), None)).await.map_err(|error| problem(&error))?;
            brought.files.insert(name.unwrap_or(CALLED_FILE).to_owned(), file);
        }
        Ok(brought)
    }

    /// Receives what a page sent in parts; nothing where it was sent otherwise. `takes` says which fields take files: those of
    /// others are not kept.
    pub(super) async fn page(
        self,
        payload: web::Payload,
        takes: &dyn Fn(&str) -> bool,
    ) -> Result<Result<Parts, web::Payload>, Problem> {
        let Some(boundary) = boundary(self.request.headers())? else { return Ok(Err(payload)) };
        body::refuse_unknown_encoding(self.request.headers())?;
        let Gathering { texts, files, .. } = self.parts(payload, boundary, takes).await?;
        Ok(Ok(Parts { texts, files }))
    }

    /// Receives a form with files.
    async fn parts(
        self,
        payload: web::Payload,
        boundary: String,
        takes: &dyn Fn(&str) -> bool,
    ) -> Result<Gathering, Problem> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        // The parser wants a stream that may move between threads, and what a caller sends may not.
        let mut payload = Decompress::from_headers(payload, self.request.headers());
        let feeding = async {
            while let Some(piece) = payload.next().await {
                if sender.send(piece).await.is_err() {
                    break;
                }
            }
            drop(sender);
            std::future::pending::<Infallible>().await
        };
        let reading = self.gather(Multipart::new(ReceiverStream::new(receiver), boundary), takes);
        tokio::select! {
            gathered = reading => gathered,
            never = feeding => match never {},
        }
    }

    async fn gather(&self, mut parts: Multipart<'_>, takes: &dyn Fn(&str) -> bool) -> Result<Gathering, Problem> {
        let mut gathering = Gathering::begun(self.room, self.upload_limit);
        for _ in 0..=MOST_PARTS {
            let Some(part) = gathering.in_time(parts.next_field()).await? else { return Ok(gathering) };
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_some() && !takes(&name) {
                pass_over(part, &mut gathering).await?;
            } else if part.file_name().is_some() {
                let file = self.file(part, &mut gathering).await?;
                // A browser sends a field for files that was left empty as one empty file without a name.
                if file.size > 0 || file.file_name.as_deref().is_some_and(|name| !name.is_empty()) {
                    gathering.files.push((name, file));
                }
            } else {
                let text = self.text(part, &name, &mut gathering).await?;
                gathering.texts.push((name, text));
            }
        }
        Err(Problem::too_large(format!("A form has at most {MOST_PARTS} parts.")))
    }

    async fn file(&self, mut part: Field<'_>, gathering: &mut Gathering) -> Result<BinaryRef, Problem> {
        let media_type = part.content_type().map(ToString::to_string);
        let file = described(media_type, part.file_name());
        let mut sink = self.files.create();
        while let Some(piece) = gathering.in_time(part.chunk()).await? {
            gathering.take(piece.len())?;
            gathering.filed += piece.len() as u64;
            sink.write(piece).await.map_err(|error| problem(&error))?;
        }
        sink.finish(file).await.map_err(|error| problem(&error))
    }

    async fn text(&self, mut part: Field<'_>, name: &str, gathering: &mut Gathering) -> Result<String, Problem> {
        let mut bytes = Vec::new();
        gathering.held += name.len();
        while let Some(piece) = gathering.in_time(part.chunk()).await? {
            gathering.take(piece.len())?;
            gathering.held += piece.len();
            if gathering.held > self.limit {
                return Err(Problem::too_large(format!("The texts of a form take at most {} bytes.", self.limit)));
            }
            gathering.share.grow(gathering.held)?;
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Problem::bad_request("invalid_utf8", format!("The part \"{name}\" of the form is not UTF-8: byte {at}."))
        })
    }
}

/// A form that is being received.
struct Gathering {
    texts: Vec<(String, String)>,
    files: Vec<(String, BinaryRef)>,
    share: Share,
    /// The bytes of the texts so far.
    held: usize,
    /// The bytes of the files so far, also of those that are passed over, and how many more bytes of both are taken.
    filed: u64,
    left: usize,
    most: usize,
    began: Instant,
    pace: Pace,
}

impl Gathering {
    fn begun(room: &Room, most: usize) -> Self {
        let (share, pace) = (room.share(), room.pace());
        Self {
            texts: Vec::new(),
            files: Vec::new(),
            share,
            held: 0,
            filed: 0,
            left: most,
            most,
            began: Instant::now(),
            pace,
        }
    }

    /// What the next piece of a form is, from a caller that goes on sending.
    async fn in_time<T>(&self, next: impl Future<Output = multer::Result<T>>) -> Result<T, Problem> {
        let broken =
            |error| Problem::bad_request("broken_body", format!("The form ended early or is broken: {error}."));
        timeout_at(self.pace.until(self.began, self.filed), next).await.map_err(late)?.map_err(broken)
    }

    fn take(&mut self, bytes: usize) -> Result<(), Problem> {
        let too_large = || Problem::too_large(format!("A form with files has at most {} MiB.", self.most >> 20));
        self.left = self.left.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }

    fn brought(self) -> Brought {
        Brought { body: body::gather(self.texts), files: named(self.files) }
    }
}

async fn pass_over(mut part: Field<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    while let Some(piece) = gathering.in_time(part.chunk()).await? {
        gathering.take(piece.len())?;
        gathering.filed += piece.len() as u64;
    }
    Ok(())
}

/// Files by the names of their fields; of several files of one field each has a number behind it.
fn named(files: Vec<(String, BinaryRef)>) -> IndexMap<String, BinaryRef> {
    let plain = |name: &str| match name.strip_suffix("[]").unwrap_or(name) {
        "" => CALLED_FILE.to_owned(),
        name => name.to_owned(),
    };
    let mut counts: IndexMap<String, usize> = IndexMap::new();
    for (name, _) in &files {
        *counts.entry(plain(name)).or_default() += 1;
    }
    let mut numbers: IndexMap<String, usize> = IndexMap::new();
    let mut named = IndexMap::new();
    for (name, file) in files {
        let name = plain(&name);
        let number = numbers.entry(name.clone()).or_default();
        let own = if counts[&name] > 1 { format!("{name}{number}") } else { name };
        *number += 1;
        named.insert(own, file);
    }
    named
}

/// What separates the parts of a form; nothing where no form with parts was sent.
fn boundary(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return Ok(None);
    }
    let boundary = multer::parse_boundary(sent);
    boundary.map(Some).map_err(|error| {
        Problem::bad_request("invalid_form", format!("The form does not say what separates its parts: {error}."))
    })
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    sent.split(';').next().map(str::trim).filter(|sent| !sent.is_empty()).map(str::to_owned)
}

/// What is known of a file before its bytes. Its name says nothing about folders.
fn described(media_type: Option<String>, name: Option<&str>) -> BinaryRef {
    let name = name.map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned());
    let extension = name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_owned());
    BinaryRef {
        mime_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        file_name: name,
        file_extension: extension,
        ..BinaryRef::default()
    }
}

fn problem(error: &NodeError) -> Problem {
    if error.code == "file_too_large" {
        return Problem::too_large(error.message.clone());
    }
    Problem::unavailable(error.message.clone())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::dev::Payload;
    use actix_web::error::PayloadError;
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;
    use actix_web::{FromRequest, ResponseError};
    use futures_util::stream;

    use super::*;

    const ENDS: &str = "\r\n--x--\r\n";

    async fn bring(content_type: &str, sent: impl Into<Vec<u8>>, wanted: Wanted) -> Result<String, StatusCode> {
        let request = TestRequest::post().insert_header((CONTENT_TYPE, content_type)).set_payload(sent.into());
        let (request, mut payload) = request.to_http_parts();
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        let files = StepFiles::new(weft_model::TenantId(uuid::Uuid::from_u128(1)), None);
        let room = Room::for_bodies_of(1 << 20);
        let receiver = Receiver { request: &request, files, limit: 1000, upload_limit: 3000, room: &room };
        let brought = receiver
            .bring(payload, &wanted)
            .await
            .map_err(|problem| actix_web::ResponseError::status_code(&problem))?;
        let files: Vec<String> = brought
            .files
            .iter()
            .map(|(name, file)| {
                let file_name = file.file_name.as_deref().unwrap_or("-");
                format!("{name}={file_name}:{}:{}:{}", file.mime_type, file.size, file.data.as_deref().unwrap_or("-"))
            })
            .collect();
        Ok(format!("{} {}", brought.body.to_json(), files.join(" ")))
    }

    fn part(disposition: &str, more: &str, text: &str) -> String {
        format!("\r\n--x\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n{text}")
    }

    type Bytes = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<web::Bytes, PayloadError>>>>;

    #[actix_web::test]
    async fn a_text_that_never_ends_gives_the_room_back() {
        let begin = Ok(web::Bytes::from(part("name=\"a\"", "", "")));
        let drops = stream::repeat_with(|| Ok(web::Bytes::from_static(b"x"))).then(|byte| async {
            tokio::task::yield_now().await;
            byte
        });
        let sent: Bytes = Box::pin(stream::iter([begin]).chain(drops));
        let content_type = (CONTENT_TYPE, "multipart/form-data; boundary=x");
        let (request, _) = TestRequest::post().insert_header(content_type).to_http_parts();
        let payload = web::Payload::from_request(&request, &mut Payload::from(sent)).await.unwrap();
        let files = StepFiles::new(weft_model::TenantId(uuid::Uuid::from_u128(1)), None);
        let room = Room::for_bodies_of(1 << 20).with_pace(Duration::from_hours(1), Duration::from_millis(1));
        let receiver = Receiver { request: &request, files, limit: usize::MAX, upload_limit: usize::MAX, room: &room };
        let refused = receiver.bring(payload, &Wanted::default()).await.err().unwrap();
        assert_eq!(refused.status_code(), StatusCode::REQUEST_TIMEOUT);
    }

    #[actix_web::test]
    async fn a_form_brings_texts_and_files() {
        let sent = [
            part("name=\"a\"", "", "1"),
            part("name=\"a\"", "", "\u{e9}"),
            part("name=\"one\"; filename=\"dir/a.txt\"", "Content-Type: text/plain\r\n", "hello"),
            part("name=\"many[]\"; filename=\"b\"", "", "b"),
            part("name=\"many[]\"; filename=\"c\"", "", "c"),
            part("name=\"none\"; filename=\"\"", "Content-Type: application/octet-stream\r\n", ""),
        ];
        let brought = bring("multipart/form-data; boundary=x", sent.concat() + ENDS, Wanted::default()).await;
        let expected = "{\"a\":[\"1\",\"\u{e9}\"]} one=a.txt:text/plain:5:aGVsbG8= \
            many0=b:application/octet-stream:1:Yg== many1=c:application/octet-stream:1:Yw==";
        assert_eq!(brought.as_deref(), Ok(expected));
    }

    #[actix_web::test]
    async fn a_page_keeps_the_files_of_its_own_fields_alone() {
        let sent = [
            part("name=\"field-0\"", "", "\u{e9}"),
            part("name=\"field-1\"; filename=\"a.txt\"", "Content-Type: text/plain\r\n", "hello"),
            part("name=\"field-0\"; filename=\"b\"", "", "smuggled"),
        ];
        let request = TestRequest::post().insert_header((CONTENT_TYPE, "multipart/form-data; boundary=x"));
        let (request, mut payload) = request.set_payload(sent.concat() + ENDS).to_http_parts();
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        let files = StepFiles::new(weft_model::TenantId(uuid::Uuid::from_u128(1)), None);
        let room = Room::for_bodies_of(1 << 20);
        let receiver = Receiver { request: &request, files, limit: 1000, upload_limit: 3000, room: &room };
        let Ok(Ok(Parts { texts, files })) = receiver.page(payload, &|name| name == "field-1").await else {
            panic!("it is sent in parts")
        };
        assert_eq!(texts, [("field-0".to_owned(), "\u{e9}".to_owned())]);
        let names: Vec<_> = files.iter().map(|(name, file)| (name.as_str(), file.file_name.as_deref())).collect();
        assert_eq!(names, [("field-1", Some("a.txt"))]);
    }

    #[actix_web::test]
    async fn a_form_that_is_broken_or_too_large_is_refused() {
        let many = part("name=\"a\"", "", "1").repeat(MOST_PARTS + 1) + ENDS;
        let long = part("name=\"a\"", "", &"x".repeat(1001)) + ENDS;
        for (content_type, sent, status) in [
            ("multipart/form-data", part("name=\"a\"", "", "1") + ENDS, StatusCode::BAD_REQUEST),
            ("multipart/form-data; boundary=x", part("name=\"a\"", "", "1"), StatusCode::BAD_REQUEST),
            ("multipart/form-data; boundary=x", many, StatusCode::PAYLOAD_TOO_LARGE),
            ("multipart/form-data; boundary=x", long, StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            assert_eq!(bring(content_type, sent, Wanted::default()).await, Err(status), "{content_type}");
        }
        let latin = [part("name=\"a\"", "", "").into_bytes(), vec![0xff], ENDS.into()].concat();
        let refused = bring("multipart/form-data; boundary=x", latin, Wanted::default()).await;
        assert_eq!(refused, Err(StatusCode::BAD_REQUEST));
    }

    #[actix_web::test]
    async fn a_file_may_be_larger_than_what_is_read_and_has_a_limit_of_its_own() {
        for (content_type, length, status) in [
            ("application/octet-stream", 3000, None),
            ("application/octet-stream", 3001, Some(StatusCode::PAYLOAD_TOO_LARGE)),
            ("text/plain", 1001, Some(StatusCode::PAYLOAD_TOO_LARGE)),
        ] {
            let brought = bring(content_type, "x".repeat(length), Wanted::default()).await;
            assert_eq!(brought.err(), status, "{content_type} {length}");
        }
        // What nobody announced is counted.
        let sent: Bytes = Box::pin(stream::iter((0..4).map(|_| Ok(web::Bytes::from(vec![b'x'; 1000])))));
        let (request, _) = TestRequest::post().insert_header((CONTENT_TYPE, "image/png")).to_http_parts();
        let payload = web::Payload::from_request(&request, &mut Payload::from(sent)).await.unwrap();
        let files = StepFiles::new(weft_model::TenantId(uuid::Uuid::from_u128(1)), None);
        let room = Room::for_bodies_of(1 << 20);
        let receiver = Receiver { request: &request, files, limit: 1000, upload_limit: 3000, room: &room };
        let refused = receiver.bring(payload, &Wanted::default()).await.err().unwrap();
        assert_eq!(refused.status_code(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[actix_web::test]
    async fn a_body_that_cannot_be_read_is_a_file() {
        let raw = || Wanted { raw_file: Some("own".into()), ..Wanted::default() };
        for (content_type, sent, wanted, expected) in [
            ("image/png", "abc", Wanted::default(), "{} data=-:image/png:3:YWJj"),
            ("image/png", "", Wanted::default(), "{} "),
            ("image/png", "abc", raw(), "{} own=-:image/png:3:YWJj"),
            ("application/json", "{\"a\":1}", Wanted::default(), "{\"a\":1} "),
            ("application/json", "{\"a\":1}", raw(), "{\"a\":1} own=-:application/json:7:eyJhIjoxfQ=="),
            ("text/plain; charset=latin1", "abc", raw(), "{} own=-:text/plain:3:YWJj"),
            ("image/png", "abc", Wanted { raw_text: true, ..Wanted::default() }, "\"abc\" "),
        ] {
            assert_eq!(
                bring(content_type, sent, wanted.clone()).await.as_deref(),
                Ok(expected),
                "{content_type} {wanted:?}"
            );
        }
    }
}
