//! Answers that come in pages: how the next one is asked for, and when there are no more.

use bytes::Bytes;
use serde::Deserialize;
use weft_connectors::{HttpRequest as Request, HttpResponse};
use weft_nodes::{Field, NodeError, Step, WithGlobals};
use weft_value::{Object, Value, from_json_bytes};

use super::answer::headers_of;
use super::pace::milliseconds;
use super::page_parameter::PageParameters;

/// The most pages of one item, whatever the node says.
pub(super) const MOST_PAGES: usize = 10_000;
/// The pages that the node takes where it limits them and does not say to how many.
const PAGES: f64 = 100.0;
/// So many equal pages one after the other are no progress.
const MOST_EQUAL: usize = 5;

/// How pages are asked for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Pagination {
    #[serde(rename = "paginationMode")]
    pub(super) mode: PageMode,
    #[serde(rename = "nextURL")]
    next_url: Field,
    parameters: PageParameters,
    #[serde(rename = "paginationCompleteWhen")]
    complete_when: CompleteWhen,
    status_codes_when_complete: Field,
    complete_expression: Field,
    limit_pages_fetched: bool,
    max_requests: Field,
    request_interval: Field,
}

/// Where the next page is found.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) enum PageMode {
    /// There is one page.
    #[default]
    #[serde(rename = "off")]
    Off,
    /// Each request has other parameters.
    #[serde(rename = "updateAParameterInEachRequest")]
    Parameter,
    /// Each answer names the next URL.
    #[serde(rename = "responseContainsNextURL")]
    NextUrl,
}

/// What the last page is known by.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum CompleteWhen {
    /// There is nothing in it.
    #[default]
    #[serde(rename = "responseIsEmpty")]
    Empty,
    /// Its status.
    #[serde(rename = "receiveSpecificStatusCodes")]
    Status,
    /// An expression.
    #[serde(rename = "other")]
    Expression,
}

/// How one item's pages are asked for: what does not change from page to page.
pub(super) struct Limits {
    pub(super) pages: usize,
    pub(super) pause: std::time::Duration,
}

impl Pagination {
    pub(super) fn limits(&self, step: &dyn Step, index: usize) -> Result<Limits, NodeError> {
        let pause = milliseconds(&self.request_interval, (step, index), "requestInterval", 0.0)?;
        if !self.limit_pages_fetched {
            return Ok(Limits { pages: usize::MAX, pause });
        }
        let most = &self.max_requests;
        let pages = if most.is_empty() { PAGES } else { most.number(step, index, "maxRequests")? };
        if pages >= 1.0 {
            return Ok(Limits { pages: pages as usize, pause });
        }
        let message = format!("“maxRequests” must be at least 1, but it is {pages}.");
        Err(NodeError::new("parameter", message).in_field("maxRequests"))
    }

    /// The request for the page after what was `seen`; `None` where the last answer names no next URL.
    pub(super) fn next(
        &self,
        first: &Request,
        (step, index): (&dyn Step, usize),
        seen: &Seen,
    ) -> Result<Option<Request>, NodeError> {
        let step = WithGlobals::new(step, &seen.globals);
        let mut request = first.clone();
        match self.mode {
            PageMode::Off => {}
            PageMode::NextUrl if seen.pages == 0 => {}
            PageMode::NextUrl => {
                let named = self.next_url.text(&step, index).map_err(|error| error.in_field("nextURL"))?;
                if named.trim().is_empty() {
                    return Ok(None);
                }
                request.url = joined(&first.url, named.trim())?;
            }
            PageMode::Parameter => {
                for parameter in &self.parameters.parameters {
                    parameter.put(&mut request, &step, index)?;
                }
            }
        }
        Ok(Some(request))
    }

    /// Whether the page that was seen last is the last one.
    pub(super) fn is_complete(
        &self,
        (step, index): (&dyn Step, usize),
        seen: &Seen,
        answer: &HttpResponse,
    ) -> Result<bool, NodeError> {
        let step = WithGlobals::new(step, &seen.globals);
        match self.complete_when {
            CompleteWhen::Empty => Ok(seen.is_empty()),
            CompleteWhen::Status => {
                let codes = self.status_codes_when_complete.text(&step, index)?;
                let mut codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty());
                Ok(codes.any(|code| code.parse() == Ok(answer.status)))
            }
            CompleteWhen::Expression => {
                self.complete_expression.truth(&step, index).map_err(|error| error.in_field("completeExpression"))
            }
        }
    }

    /// Whether the last page may have a status that is a failure otherwise.
    pub(super) fn ends_by_failure(&self) -> bool {
        match self.complete_when {
            CompleteWhen::Empty => false,
            CompleteWhen::Status | CompleteWhen::Expression => true,
        }
    }
}

/// A next URL may be relative to the one of the first page.
fn joined(first: &str, next: &str) -> Result<String, NodeError> {
    let url = url::Url::parse(first).and_then(|first| first.join(next));
    let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.map(String::from).ok_or_else(|| {
        let shown: String = next.chars().take(200).collect();
        NodeError::new("parameter", format!("“{shown}” is not a URL.")).in_field("nextURL")
    })
}

/// What is known of the pages so far: `$request`, `$response` and `$pageCount`.
pub(super) struct Seen {
    globals: Object,
    pages: usize,
    last: Bytes,
    equal: usize,
}

impl Seen {
    pub(super) fn nothing(request: &Request) -> Self {
        let mut globals = Object::new();
        globals.insert("$request", request_value(request));
        globals.insert("$response", Value::empty_object());
        globals.insert("$pageCount", 0.0);
        Self { globals, pages: 0, last: Bytes::new(), equal: 0 }
    }

    /// One page more, with what was read of its body. Pages that do not change are an endless loop.
    pub(super) fn add(&mut self, answer: &HttpResponse, body: &Value) -> Result<(), NodeError> {
        let fields = [
            ("body", body.clone()),
            ("headers", headers_of(answer)),
            ("statusCode", Value::from(u32::from(answer.status))),
        ];
        self.pages += 1;
        self.globals.insert("$response", fields.into_iter().collect::<Object>());
        self.globals.insert("$pageCount", self.pages as f64);
        let is_equal = !answer.body.is_empty() && answer.body == self.last;
        self.equal = if is_equal { self.equal + 1 } else { 1 };
        self.last = answer.body.clone();
        if self.equal < MOST_EQUAL {
            return Ok(());
        }
        Err(NodeError::new("http_pages", format!("{MOST_EQUAL} pages one after the other were the same."))
            .describe("Check that each request asks for another page, and when the pages are complete.")
            .in_field("pagination"))
    }

    fn is_empty(&self) -> bool {
        match self.globals.get("$response").map(|response| response.get("body")) {
            Some(Value::Array(list)) => list.is_empty(),
            Some(Value::Object(object)) => object.is_empty(),
            Some(Value::String(text)) => text.is_empty(),
            Some(other) => other.is_nullish(),
            None => true,
        }
    }
}

/// The error of a node whose pages never end.
pub(super) fn endless() -> NodeError {
    NodeError::new("http_pages", format!("There are more than {MOST_PAGES} pages."))
        .describe("Limit the pages, or check when they are complete.")
        .in_field("pagination")
        .finally()
}

fn request_value(request: &Request) -> Value {
    let query: Object = url::Url::parse(&request.url)
        .map(|url| {
            url.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
        })
        .unwrap_or_default();
    let headers: Object = request.headers.iter().map(|(n, v)| (n.as_str(), Value::from(v.as_str()))).collect();
    let body = from_json_bytes(&request.body)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&request.body).into_owned()));
    let address = Value::from(request.url.split(['?', '#']).next().unwrap_or_default());
    [
        ("url", address.clone()),
        ("uri", address),
        ("method", Value::from(request.method.as_str())),
        ("headers", headers.into()),
        ("qs", query.into()),
        ("body", body),
    ]
    .into_iter()
    .collect::<Object>()
    .into()
}
