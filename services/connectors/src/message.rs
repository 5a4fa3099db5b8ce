//! What is asked and what is answered.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::upload::Upload;

/// One request.
#[derive(Clone)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The URL, with its query.
    pub url: String,
    /// Headers in order; a name may come again.
    pub headers: Vec<(String, String)>,
    /// Names of those headers that prove who asks, beside the usual ones: a redirect to another origin does not get them.
    pub private_headers: Vec<String>,
    /// The body; empty for none.
    pub body: Bytes,
    /// A body that is read while it is sent, in place of `body`.
    pub upload: Option<Upload>,
    /// From the beginning to the last byte of the answer, redirects included.
    pub timeout: Duration,
    /// How many redirects are followed; 0 hands the first answer back.
    pub redirects: usize,
    /// How large the answer may be, after decompression.
    pub answer_bytes: usize,
}

/// Neither headers nor the URL's query are shown: either may hold what proves who asks.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.url.split(['?', '#']).next().unwrap_or_default();
        let bytes = self.upload.as_ref().map_or(self.body.len() as u64, Upload::length);
        let headers = self.headers.len();
        write!(f, "{} {address} ({headers} headers, {bytes} bytes)", self.method)
    }
}

impl HttpRequest {
    /// A request without headers and body, with the usual limits: 5 minutes, 21 redirects, 64 MiB.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            private_headers: Vec::new(),
            body: Bytes::new(),
            upload: None,
            timeout: Duration::from_mins(5),
            redirects: 21,
            answer_bytes: 64 << 20,
        }
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The reason that stands for the status, where it is a known one.
    pub reason: Option<&'static str>,
    /// Headers in order, names in lower case; what is not text is left out.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Bytes,
    /// The URL that answered, which differs from the one asked after redirects.
    pub url: String,
}

impl HttpResponse {
    /// The first header named `name`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
