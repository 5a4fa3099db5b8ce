//! The guarded client.

use std::{error::Error, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Method, Response, StatusCode,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, Entry, HeaderMap, HeaderName,
        HeaderValue, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
    },
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::{
    dialer::Dialers,
    egress::{Egress, Way},
    error::{EgressRefusal, HttpError},
    message::{HttpRequest, HttpResponse},
    resolver::{Lookups, Resolver, SystemResolver},
    socket::Dialer,
    upload::Upload,
};

/// How the client behaves for a whole installation.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Where it may go.
    pub egress: Egress,
    /// How large a body may be that is sent from memory.
    pub request_bytes: usize,
    /// The `User-Agent` where the request names none.
    pub agent: String,
    /// How many names may be looked up at the same time; each may hold a thread.
    pub lookups: usize,
    /// How long the lookup of one name may take.
    pub lookup_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            egress: Egress::default(),
            request_bytes: 64 << 20,
            agent: "workflow-automation/1".to_owned(),
            lookups: 64,
            lookup_timeout: Duration::from_secs(5),
        }
    }
}

/// Sends requests to addresses that tenants chose. Clones share connections.
#[derive(Clone)]
pub struct HttpClient(Arc<Inner>);

struct Inner {
    egress: Arc<Egress>,
    dialers: Dialers,
    sockets: Dialer,
    request_bytes: usize,
}

/// One hop on the way to the answer.
struct Hop {
    method: Method,
    url: Url,
    headers: HeaderMap,
    /// What is meant for the first origin only.
    private: Vec<HeaderName>,
    body: Bytes,
    /// What is sent in place of it, read anew for each hop.
    upload: Option<Upload>,
}

impl HttpClient {
    /// A client that looks names up as the system does.
    pub fn new(settings: HttpSettings) -> Result<Self, HttpError> {
        Self::with_resolver(settings, SystemResolver)
    }

    /// A client with a resolver of one's own.
    pub fn with_resolver(settings: HttpSettings, resolver: impl Resolver) -> Result<Self, HttpError> {
        let lookups = Arc::new(Lookups::new(Arc::new(resolver), settings.lookups, settings.lookup_timeout));
        let egress = Arc::new(settings.egress);
        let dialers = Dialers::new(&egress, &lookups, &settings.agent)?;
        let sockets = Dialer::new(Arc::clone(&egress), lookups);
        Ok(Self(Arc::new(Inner { egress, dialers, sockets, request_bytes: settings.request_bytes })))
    }

    /// What dials for everything that does not speak HTTP, by the same rules.
    pub fn dialer(&self) -> Dialer {
        self.0.sockets.clone()
    }

    /// Sends `request`, follows its redirects and reads the answer. An answer of any status is an answer.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.open(request).await?.read().await
    }

    /// The same, up to the headers: the body is read by whoever wants it, within the same time.
    pub async fn open(&self, request: HttpRequest) -> Result<HttpDownload, HttpError> {
        if request.body.len() > self.0.request_bytes {
            return Err(HttpError::TooLarge { what: "request", limit: self.0.request_bytes });
        }
        let (limit, redirects, most) = (request.timeout, request.redirects, request.answer_bytes);
        let until = Instant::now() + limit;
        let hop = Hop::new(request)?;
        let host = host_of(&hop.url);
        let opened = timeout_at(until, self.0.follow(hop, redirects)).await;
        let (response, url) = opened.unwrap_or_else(|_| Err(HttpError::Timeout { host, limit }))?;
        Ok(HttpDownload { head: head(&response, &url), response, url, until, limit, most, received: 0 })
    }
}

impl Inner {
    async fn follow(&self, mut hop: Hop, redirects: usize) -> Result<(Response, Url), HttpError> {
        for _ in 0..=redirects {
            let response = self.dial(&hop).await?;
            let next = if redirects == 0 { None } else { target(&response, &hop.url) };
            match next {
                None => return Ok((response, hop.url)),
                Some(url) => hop.redirect(response.status(), url),
            }
        }
        Err(HttpError::TooManyRedirects { host: host_of(&hop.url), limit: redirects })
    }

    async fn dial(&self, hop: &Hop) -> Result<Response, HttpError> {
        let client = match self.egress.judge_url(&hop.url)? {
            Way::Judged => &self.dialers.judged,
            Way::Permitted => &self.dialers.permitted,
        };
        let request = client.request(hop.method.clone(), hop.url.clone()).headers(hop.headers.clone());
        if let Some(upload) = &hop.upload {
            let (body, failed) = upload.body();
            let sent = request.header(CONTENT_LENGTH, upload.length()).body(body).send().await;
            return sent.map_err(|error| match failed.take() {
                Some(source) => HttpError::Unread { source },
                None => failure(error, &hop.url),
            });
        }
        let request = if hop.body.is_empty() { request } else { request.body(hop.body.clone()) };
        request.send().await.map_err(|error| failure(error, &hop.url))
    }
}

impl Hop {
    fn new(request: HttpRequest) -> Result<Self, HttpError> {
        let invalid = |what: &str| HttpError::Invalid(what.to_owned());
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| invalid("the method is not one"))?;
        let url =
            Url::parse(&request.url).map_err(|error| HttpError::Invalid(format!("the URL is not one ({error})")))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let wrong = |_| HttpError::Invalid(format!("the header \"{}\" is not one", name.escape_default()));
            let value = HeaderValue::from_str(value).map_err(|_| {
                HttpError::Invalid(format!("the value of the header \"{}\" cannot be sent", name.escape_default()))
            })?;
            headers.append(HeaderName::from_bytes(name.as_bytes()).map_err(wrong)?, value);
        }
        let named = request.private_headers.iter().filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        let private: Vec<_> = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].into_iter().chain(named).collect();
        for name in &private {
            if let Entry::Occupied(mut values) = headers.entry(name) {
                values.iter_mut().for_each(|value| value.set_sensitive(true));
            }
        }
        if request.upload.is_some() {
            // Its length is known, and no other one is told.
            headers.remove(CONTENT_LENGTH);
            headers.remove(TRANSFER_ENCODING);
        }
        Ok(Self { method, url, headers, private, body: request.body, upload: request.upload })
    }

    /// Becomes the request that a redirect asks for (Fetch standard, HTTP-redirect fetch).
    fn redirect(&mut self, status: StatusCode, url: Url) {
        let becomes_get = match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => self.method != Method::GET && self.method != Method::HEAD,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            (self.body, self.upload) = (Bytes::new(), None);
            for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING] {
                self.headers.remove(name);
            }
        }
        if url.origin() != self.url.origin() {
            // What proves who asks is meant for the first host only.
            for name in &self.private {
                self.headers.remove(name);
            }
        }
        self.url = url;
    }
}

/// Where a response redirects to, if it does.
fn target(response: &Response, from: &Url) -> Option<Url> {
    let follows = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).filter(|_| follows)?;
    from.join(location.to_str().ok()?).ok()
}

/// An answer whose body was not read yet.
pub struct HttpDownload {
    /// The answer without its body.
    pub head: HttpResponse,
    response: Response,
    url: Url,
    until: Instant,
    limit: Duration,
    most: usize,
    received: usize,
}

impl HttpDownload {
    /// The body may have so many bytes, instead of what the request said.
    pub fn allow(&mut self, bytes: usize) {
        self.most = bytes;
    }

    /// The next bytes of the body, decompressed; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, HttpError> {
        let too_large = HttpError::TooLarge { what: "answer", limit: self.most };
        if self.response.content_length().unwrap_or(0) > self.most as u64 {
            return Err(too_large);
        }
        let chunk = timeout_at(self.until, self.response.chunk()).await;
        let late = |_| HttpError::Timeout { host: host_of(&self.url), limit: self.limit };
        let Some(chunk) = chunk.map_err(late)?.map_err(|error| failure(error, &self.url))? else { return Ok(None) };
        // Counted as it arrives and after decompression, so that neither a lie nor a bomb helps.
        self.received += chunk.len();
        if self.received > self.most { Err(too_large) } else { Ok(Some(chunk)) }
    }

    /// The whole answer.
    pub async fn read(mut self) -> Result<HttpResponse, HttpError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.next().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse { body: body.freeze(), ..self.head })
    }
}

fn head(response: &Response, url: &Url) -> HttpResponse {
    let status = response.status();
    let text =
        |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()));
    HttpResponse {
        status: status.as_u16(),
        reason: status.canonical_reason(),
        headers: response.headers().iter().filter_map(text).collect(),
        body: Bytes::new(),
        url: url.to_string(),
    }
}

/// Finds what the judge said inside of what the library says.
fn failure(error: reqwest::Error, url: &Url) -> HttpError {
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = source {
        if let Some(refusal) = cause.downcast_ref::<EgressRefusal>() {
            return EgressRefusal { port: url.port_or_known_default(), ..refusal.clone() }.into();
        }
        if let Some(HttpError::UnknownHost { host }) = cause.downcast_ref::<HttpError>() {
            return HttpError::UnknownHost { host: host.clone() };
        }
        if let Some(HttpError::Timeout { host, limit }) = cause.downcast_ref::<HttpError>() {
            return HttpError::Timeout { host: host.clone(), limit: *limit };
        }
        source = cause.source();
    }
    let sent = !error.is_connect() && !error.is_builder();
    // The library would print the whole URL.
    HttpError::Connection { host: host_of(url), sent, source: error.without_url() }
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
