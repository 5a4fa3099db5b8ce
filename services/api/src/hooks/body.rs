//! The body of a webhook call as a value.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use indexmap::IndexMap;
use weft_value::{Object, Value, from_json_bytes};

use crate::problem::Problem;

/// What a body is read as, by its content type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its value.
    Json,
    /// An object of strings; a name that comes twice becomes a list.
    Form,
    /// A string.
    Text,
    /// Nothing: it is a file.
    Other,
}

/// Reads a body of this kind; none, and one that is a file, is an empty object.
pub fn read_body(kind: Kind, bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(Value::empty_object());
    }
    match kind {
        Kind::Json => from_json_bytes(bytes).map_err(|error| Problem::bad_request("invalid_json", error.to_string())),
        Kind::Form => read_form(bytes),
        Kind::Text => read_text(bytes).map(Value::from),
        Kind::Other => Ok(Value::empty_object()),
    }
}

/// A body as the text that was sent, whatever its content type says. Bytes that are no text are refused rather than changed.
pub fn read_raw_body(bytes: &[u8]) -> Result<Value, Problem> {
    read_text(bytes).map(Value::from)
}

/// What a body of this content type is read as; without one it is JSON.
pub fn kind_of(headers: &HeaderMap) -> Result<Kind, Problem> {
    let Some(header) = headers.get(CONTENT_TYPE) else { return Ok(Kind::Json) };
    let header = header.to_str().unwrap_or_default();
    let (essence, parameters) = header.split_once(';').unwrap_or((header, ""));
    let charset = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("charset="));
    let kind = match essence.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Kind::Form,
        essence if essence == "application/json" || essence.ends_with("+json") => Kind::Json,
        essence if essence.starts_with("text/") || essence == "application/xml" || essence.ends_with("+xml") => {
            Kind::Text
        }
        _ => return Ok(Kind::Other),
    };
    if charset.is_some_and(|charset| !charset.trim_matches('"').eq_ignore_ascii_case("utf-8")) {
        return Err(Problem::unsupported_media_type(format!("Send the body in UTF-8; \"{header}\" is not.")));
    }
    Ok(kind)
}

/// Encodings that we know were undone before; whatever is still named is one that we do not know.
pub fn refuse_unknown_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()) {
        None | Some("identity" | "gzip" | "deflate") => Ok(()),
        Some(encoding) => Err(Problem::unsupported_media_type(format!(
            "The content encoding \"{encoding}\" is not taken here; send the body plain or with gzip."
        ))),
    }
}

fn read_text(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        Problem::bad_request("invalid_utf8", format!("The body is not UTF-8: byte {}.", error.valid_up_to()))
    })
}

fn read_form(bytes: &[u8]) -> Result<Value, Problem> {
    read_text(bytes)?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes)
        .map_err(|error| Problem::bad_request("invalid_form", format!("The form cannot be read: {error}.")))?;
    Ok(gather(pairs))
}

/// Pairs of name and text as an object; a name that comes more than once holds the list of its texts.
pub fn gather(pairs: impl IntoIterator<Item = (String, String)>) -> Value {
    let mut texts: IndexMap<String, Vec<Value>> = IndexMap::new();
    for (name, text) in pairs {
        texts.entry(name).or_default().push(Value::from(text));
    }
    let mut object = Object::new();
    for (name, mut texts) in texts {
        let value = if texts.len() == 1 { texts.swap_remove(0) } else { Value::from(texts) };
        object.insert(name, value);
    }
    Value::from(object)
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::http::StatusCode;
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn read(content_type: &str, body: &[u8]) -> Result<String, StatusCode> {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        }
        kind_of(&headers)
            .and_then(|kind| read_body(kind, body))
            .map(|value| value.to_json())
            .map_err(|problem| problem.status_code())
    }

    /// 2 MiB of one name: a list that were copied for each of its texts would take hours.
    #[test]
    fn a_name_that_comes_often_is_gathered_at_once() {
        let body = "a=1&".repeat(500_000);
        let read = read_body(Kind::Form, body.as_bytes()).unwrap();
        let Value::Array(list) = read.get("a") else { panic!("{read:?}") };
        assert_eq!(list.len(), 500_000);
    }

    #[test]
    fn a_body_is_read_by_its_content_type() {
        for (content_type, body, expected) in [
            ("application/json", &b"{\"a\":[1]}"[..], Ok("{\"a\":[1]}")),
            ("application/vnd.api+json; charset=UTF-8", b"1", Ok("1")),
            ("", b"{\"a\":1}", Ok("{\"a\":1}")),
            ("application/json", b"", Ok("{}")),
            (
                "application/x-www-form-urlencoded",
                b"a=1&b=x+y&a=%C3%A9",
                Ok("{\"a\":[\"1\",\"\u{e9}\"],\"b\":\"x y\"}"),
            ),
            ("text/plain; charset=utf-8", "\u{e9}".as_bytes(), Ok("\"\u{e9}\"")),
            ("application/json", b"{\"a\":", Err(StatusCode::BAD_REQUEST)),
            ("application/json", b"\xff", Err(StatusCode::BAD_REQUEST)),
            ("text/plain", b"\xff", Err(StatusCode::BAD_REQUEST)),
            ("text/plain; charset=latin1", b"x", Err(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
            ("application/octet-stream", b"x", Ok("{}")),
        ] {
            assert_eq!(read(content_type, body), expected.map(str::to_owned), "{content_type} {body:?}");
        }
    }

    #[test]
    fn a_raw_body_is_its_text_and_never_something_else() {
        assert_eq!(read_raw_body(b"{\"a\":").unwrap().to_json(), r#""{\"a\":""#);
        assert_eq!(read_raw_body(b"\xff\xfe").unwrap_err().status_code(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn an_unknown_encoding_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        let refused = refuse_unknown_encoding(&headers);
        assert_eq!(refused.unwrap_err().status_code(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
