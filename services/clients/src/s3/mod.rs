//! Amazon S3 and its kin, such as `MinIO`, Cloudflare R2 and Ceph (<https://docs.aws.amazon.com/AmazonS3/latest/API/>).
//!
//! Requests are signed in their query (AWS Signature Version 4) and sent by the guarded client, which follows no redirect of
//! theirs: a signature holds for one host. A bucket that says that it is in another region is asked there.

mod failure;
mod place;
mod upload;
mod xml;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use rusty_s3::Method;
use rusty_s3::signing::sign;
use weft_connectors::{HttpClient, HttpDownload, HttpError, HttpRequest, HttpResponse};
use weft_value::{Object, Value};

pub use failure::Failure;
pub use place::{Addressing, Server};
pub use upload::{PART, Parts};

use xml::Document;

/// The most bytes of an answer that is no file: a page of a thousand keys, each of a kilobyte, escaped.
const MOST_ANSWER: usize = 16 << 20;
/// The most bytes of what a server says when it refuses.
const MOST_REFUSAL: usize = 64 << 10;
/// How long a signature holds, in seconds. A request is sent right after it was signed.
const SIGNED_FOR: u64 = 3600;
/// How long a server may take for anything but a download.
const ANSWER: Duration = Duration::from_mins(5);
/// How long a download may take.
const DOWNLOAD: Duration = Duration::from_hours(1);

/// Headers of a request, by their name in lower case.
pub type Headers = BTreeMap<String, String>;

/// A storage server that somebody signs in to.
pub struct Store {
    client: HttpClient,
    server: Server,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// The bucket that said last that it is in another region, and that region.
    learned: Option<(String, String)>,
}

/// One request.
#[derive(Clone)]
struct Ask<'a> {
    method: Method,
    /// Empty for none.
    bucket: &'a str,
    /// Empty for the bucket itself.
    key: &'a str,
    query: BTreeMap<&'a str, String>,
    headers: Headers,
    body: Bytes,
}

/// What is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The bucket.
    pub bucket: String,
    /// Further parameters of the query, such as `prefix` and `delimiter`.
    pub query: BTreeMap<&'static str, String>,
    /// Further headers.
    pub headers: Headers,
}

/// A part of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The files, as the server describes them: `Key`, `Size`, `LastModified`, … Everything is text.
    pub files: Vec<Value>,
    /// The beginnings that several files share, each with its `Prefix`.
    pub prefixes: Vec<Value>,
    /// What the next page is asked for with.
    pub next: Option<String>,
    /// How many bytes it took.
    pub bytes: usize,
}

impl Store {
    /// A server, asked through `client`. `now` tells the time that requests are signed with.
    pub fn new(client: HttpClient, server: Server, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { client, server, now: Box::new(now), learned: None }
    }

    /// The buckets of who signs in.
    pub async fn buckets(&mut self) -> Result<Page, Failure> {
        let (document, bytes) = self.document(&Ask::new(Method::Get, "", "")).await?;
        let files = Value::from(document.root).get("Buckets").get("Bucket").clone();
        Ok(Page { files: listed(files), bytes, ..Page::default() })
    }

    /// Makes a bucket. It is put into `region` where one is given, else into the region of the server.
    pub async fn create_bucket(&mut self, name: &str, region: &str, headers: Headers) -> Result<(), Failure> {
        let region = if region.is_empty() { self.server.region.clone() } else { region.to_owned() };
        let mut ask = Ask { headers, ..Ask::new(Method::Put, name, "") };
        // The first region of AWS refuses its own name there.
        if !region.is_empty() && region != "us-east-1" {
            ask.body = format!(
                "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>{}\
                 </LocationConstraint></CreateBucketConfiguration>",
                xml::escaped(&region)
            )
            .into();
        }
        self.answer(&ask).await.map(|_| ())
    }

    /// Deletes a bucket, which must be empty.
    pub async fn delete_bucket(&mut self, name: &str) -> Result<(), Failure> {
        self.answer(&Ask::new(Method::Delete, name, "")).await.map(|_| ())
    }

    /// A page of what is in a bucket; `from` is what the page before said.
    pub async fn list(&mut self, listing: &Listing, from: Option<String>) -> Result<Page, Failure> {
        let mut ask = Ask { headers: listing.headers.clone(), ..Ask::new(Method::Get, &listing.bucket, "") };
        ask.query = listing.query.iter().map(|(name, value)| (*name, value.clone())).collect();
        ask.query.insert("list-type", "2".to_owned());
        if let Some(token) = from {
            ask.query.insert("continuation-token", token);
        }
        let (Document { mut root, .. }, bytes) = self.document(&ask).await?;
        let mut take = |name: &str| root.remove(name).unwrap_or_default();
        let is_cut = take("IsTruncated").as_str() == Some("true");
        let next =
            take("NextContinuationToken").as_str().filter(|token| is_cut && !token.is_empty()).map(str::to_owned);
        Ok(Page { files: listed(take("Contents")), prefixes: listed(take("CommonPrefixes")), next, bytes })
    }

    /// A file, to be read from the download.
    pub async fn get(&mut self, bucket: &str, key: &str, headers: Headers) -> Result<HttpDownload, Failure> {
        self.open(&Ask { headers, ..Ask::of_file(Method::Get, bucket, key)? }).await
    }

    /// Stores a file of one piece.
    pub async fn put(&mut self, bucket: &str, key: &str, headers: Headers, body: Bytes) -> Result<(), Failure> {
        let mut ask = Ask { headers, body, ..Ask::of_file(Method::Put, bucket, key)? };
        ask.headers.insert("content-md5".to_owned(), md5_of(&ask.body));
        self.answer(&ask).await.map(|_| ())
    }

    /// Deletes a file; an empty `version` is the newest one.
    pub async fn delete(&mut self, bucket: &str, key: &str, version: &str) -> Result<(), Failure> {
        let mut ask = Ask::of_file(Method::Delete, bucket, key)?;
        if !version.is_empty() {
            ask.query.insert("versionId", version.to_owned());
        }
        self.answer(&ask).await.map(|_| ())
    }

    /// Deletes up to a thousand files; what was deleted, as the server says it.
    pub async fn delete_all(&mut self, bucket: &str, keys: &[&str]) -> Result<Vec<Value>, Failure> {
        let mut objects = String::new();
        for key in keys {
            let _ = write!(objects, "<Object><Key>{}</Key></Object>", xml::escaped(key));
        }
        let body = format!("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{objects}</Delete>");
        let mut ask = Ask { body: body.into(), ..Ask::new(Method::Post, bucket, "") };
        ask.query.insert("delete", String::new());
        ask.headers.insert("content-md5".to_owned(), md5_of(&ask.body));
        let (mut document, _) = self.document(&ask).await?;
        if let Some(error) = listed(document.root.remove("Error").unwrap_or_default()).first() {
            let text = |name: &str| error.get(name).as_str().unwrap_or_default().to_owned();
            let message = format!("{}: {}", text("Key"), text("Message"));
            return Err(Failure::Refused { status: 200, code: text("Code"), message });
        }
        Ok(listed(document.root.remove("Deleted").unwrap_or_default()))
    }

    /// Copies a file inside the server; what it says of the copy.
    pub async fn copy(&mut self, from: (&str, &str), to: (&str, &str), headers: Headers) -> Result<Object, Failure> {
        let mut ask = Ask { headers, ..Ask::of_file(Method::Put, to.0, to.1)? };
        let source = place::source(from.0, from.1)?;
        ask.headers.insert("x-amz-copy-source".to_owned(), source);
        Ok(self.document(&ask).await?.0.root)
    }

    async fn document(&mut self, ask: &Ask<'_>) -> Result<(Document, usize), Failure> {
        let answer = self.answer(ask).await?;
        let document = xml::read(&answer.body).ok_or(Failure::Answer)?;
        // What takes long is answered before it is known how it ends.
        if document.name == "Error" { Err(Failure::said(200, &document)) } else { Ok((document, answer.body.len())) }
    }

    async fn answer(&mut self, ask: &Ask<'_>) -> Result<HttpResponse, Failure> {
        let mut download = self.open(ask).await?;
        download.allow(MOST_ANSWER);
        Ok(download.read().await?)
    }

    /// Asks, once more where the bucket says that it is in another region.
    async fn open(&mut self, ask: &Ask<'_>) -> Result<HttpDownload, Failure> {
        let region = self.region(ask.bucket).to_owned();
        let download = self.client.open(self.signed(ask, &region)?).await?;
        if is_success(&download) {
            return Ok(download);
        }
        let other =
            download.head.header("x-amz-bucket-region").filter(|other| place::is_region(other) && *other != region);
        let Some(other) = other.filter(|_| matches!(download.head.status, 301 | 307 | 400 | 403)) else {
            return Err(refusal(download).await);
        };
        let other = other.to_owned();
        drop(download);
        let download = self.client.open(self.signed(ask, &other)?).await?;
        self.learned = Some((ask.bucket.to_owned(), other));
        if is_success(&download) { Ok(download) } else { Err(refusal(download).await) }
    }

    /// The region that a bucket is in, as far as is known.
    fn region(&self, bucket: &str) -> &str {
        let learned = self.learned.as_ref().filter(|(of, _)| of == bucket);
        learned.map_or(self.server.region.as_str(), |(_, region)| region)
    }

    fn signed(&self, ask: &Ask<'_>, region: &str) -> Result<HttpRequest, Failure> {
        let url = self.server.url(ask.bucket, ask.key, region)?;
        let query = ask.query.iter().map(|(name, value)| (*name, value.as_str()));
        // Every one of these must be signed; what else there is, may be.
        let proving = ask.headers.iter().filter(|(name, _)| name.starts_with("x-amz-"));
        let proving: Vec<(&str, &str)> = proving.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (key, secret) = (self.server.access_key.as_str(), self.server.secret_key.as_str());
        let token = Some(self.server.token.as_str()).filter(|token| !token.is_empty());
        let (now, signed) = ((self.now)(), proving.iter().copied());
        let url = sign(&now, ask.method, url, key, secret, token, region, SIGNED_FOR, query, signed);
        let is_download = ask.method == Method::Get && !ask.key.is_empty();
        let mut headers: Vec<_> = ask.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        if ask.body.is_empty() && matches!(ask.method, Method::Put | Method::Post) {
            // Servers want to know that nothing follows; the client does not say it by itself.
            headers.push(("content-length".to_owned(), "0".to_owned()));
        }
        Ok(HttpRequest {
            headers,
            body: ask.body.clone(),
            timeout: if is_download { DOWNLOAD } else { ANSWER },
            redirects: 0,
            ..HttpRequest::new(ask.method.to_str(), url)
        })
    }
}

impl<'a> Ask<'a> {
    fn new(method: Method, bucket: &'a str, key: &'a str) -> Self {
        Self { method, bucket, key, query: BTreeMap::new(), headers: Headers::new(), body: Bytes::new() }
    }

    fn of_file(method: Method, bucket: &'a str, key: &'a str) -> Result<Self, Failure> {
        if key.is_empty() { Err(Failure::Key { key: String::new() }) } else { Ok(Self::new(method, bucket, key)) }
    }
}

fn is_success(download: &HttpDownload) -> bool {
    (200..300).contains(&download.head.status)
}

async fn refusal(mut download: HttpDownload) -> Failure {
    let status = download.head.status;
    download.allow(MOST_REFUSAL);
    match download.read().await {
        Ok(answer) => match xml::read(&answer.body) {
            Some(document) => Failure::said(status, &document),
            None => Failure::Status { status },
        },
        Err(HttpError::TooLarge { .. }) => Failure::Status { status },
        Err(error) => Failure::Http(error),
    }
}

/// What a server lists: nothing, one thing, or several.
fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list.to_vec(),
        Value::Object(one) => vec![Value::Object(one)],
        _ => Vec::new(),
    }
}

/// RFC 1864: what a body is checked against when it arrives.
fn md5_of(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests;
