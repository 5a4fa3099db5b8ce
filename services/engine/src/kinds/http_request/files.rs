//! Files that are sent, and answers that become files.

use std::fmt::Write;

use weft_connectors::{HttpDownload, HttpError, HttpRequest, HttpResponse};
use weft_file_formats::media_type;
use weft_nodes::{NodeError, Step};
use weft_value::{BinaryRef, Item, Object, Value};

use super::answer::headers_of;
use super::parameters::{ContentType, PairKind, Parameters, ResponseFormat};
use crate::files::{SentBody, SentParts, StepFiles, file_of, with_file};

/// The most bytes of an answer that becomes a file.
const MOST_KEPT: usize = weft_event_log::MAX_FILE as usize;

/// Beginnings of media types that are no text.
const BINARY: [&str; 16] = [
    "audio/",
    "video/",
    "image/",
    "font/",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/x-tar",
    "application/x-bzip",
    "application/x-7z-compressed",
    "application/msword",
    "application/vnd.ms-",
    "application/vnd.openxmlformats-officedocument",
    "application/vnd.oasis.opendocument",
];

/// What became of one request.
pub(super) struct Answered {
    /// The answer; without its body where that became a file.
    pub(super) response: HttpResponse,
    pub(super) file: Option<BinaryRef>,
}

impl Parameters {
    /// Reads the answer, or stores it where it is to become a file.
    pub(super) async fn receive(
        &self,
        mut download: HttpDownload,
        files: &StepFiles,
        failed: impl Fn(&HttpError) -> NodeError,
    ) -> Result<Answered, NodeError> {
        if !self.wants_file(&download.head) {
            let response = download.read().await.map_err(|error| failed(&error))?;
            return Ok(Answered { response, file: None });
        }
        download.allow(MOST_KEPT);
        let mut sink = files.create();
        while let Some(bytes) = download.next().await.map_err(|error| failed(&error))? {
            sink.write(bytes).await?;
        }
        let file = sink.finish(described(&download.head)).await?;
        Ok(Answered { response: download.head, file: Some(file) })
    }

    fn wants_file(&self, head: &HttpResponse) -> bool {
        if head.status >= 400 && !self.options.never_error {
            return false;
        }
        match self.options.response_format {
            ResponseFormat::File => true,
            ResponseFormat::Text | ResponseFormat::Json => false,
            ResponseFormat::Autodetect => head.header("content-type").is_some_and(is_binary),
        }
    }

    /// The item with the file that came: it keeps its data, or has what else is known of the answer.
    pub(super) fn with_answer(
        &self,
        step: &dyn Step,
        index: usize,
        (response, file): (&HttpResponse, BinaryRef),
    ) -> Result<Item, NodeError> {
        let item = &step.input(0)[index];
        let property = self.options.output_property_name.text(step, index)?;
        let property = if property.is_empty() { "data".to_owned() } else { property.to_string() };
        let json = if self.options.full_response {
            let fields = [
                ("headers", headers_of(response)),
                ("statusCode", Value::from(u32::from(response.status))),
                ("statusMessage", response.reason.map(Value::from).unwrap_or_default()),
            ];
            fields.into_iter().collect::<Object>().into()
        } else {
            item.json.clone()
        };
        let kept = Item { binary: item.binary.clone(), ..Item::new(json) };
        Ok(with_file(kept, property, file))
    }

    /// Puts the files that a body is made of into it. They are read while it is sent.
    pub(super) fn put_files(
        &self,
        request: &mut HttpRequest,
        (step, index): (&dyn Step, usize),
        (files, boundary): (&StepFiles, &str),
    ) -> Result<(), NodeError> {
        if !self.send_body {
            return Ok(());
        }
        let item = &step.input(0)[index];
        match self.content_type {
            ContentType::Json | ContentType::Form | ContentType::Raw => {}
            ContentType::Binary => {
                let property = self.input_data_field_name.text(step, index)?;
                let file = file_of(item, &property).map_err(|error| error.in_field("inputDataFieldName"))?;
                let mut parts = SentParts::default();
                parts.push_file(file)?;
                put_body(request, parts.body(files));
                if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                    request.headers.push(("content-type".into(), file.mime_type.clone()));
                }
            }
            ContentType::Multipart => {
                let mut parts = SentParts::default();
                for pair in &self.fields.parameters {
                    let name = pair.name.text(step, index)?;
                    match pair.kind {
                        PairKind::Text => {
                            let text = pair.value.text(step, index)?.to_string();
                            parts.push(format!("{}{text}\r\n", part_head(boundary, &name, None)))?;
                        }
                        PairKind::File => {
                            let property = pair.file.text(step, index)?;
                            let file = file_of(item, &property).map_err(|error| error.in_field("bodyParameters"))?;
                            parts.push(part_head(boundary, &name, Some(file)))?;
                            parts.push_file(file)?;
                            parts.push("\r\n")?;
                        }
                    }
                }
                parts.push(format!("--{boundary}--\r\n"))?;
                put_body(request, parts.body(files));
                request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
                request.headers.push(("content-type".into(), format!("multipart/form-data; boundary={boundary}")));
            }
        }
        Ok(())
    }
}

fn put_body(request: &mut HttpRequest, body: SentBody) {
    match body {
        SentBody::Whole(bytes) => request.body = bytes,
        SentBody::Read(upload) => request.upload = Some(upload),
    }
}

/// What a part of a form begins with (RFC 7578); names are escaped as browsers do it.
fn part_head(boundary: &str, name: &str, file: Option<&BinaryRef>) -> String {
    let escaped = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let mut head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", escaped(name));
    if let Some(file) = file {
        let file_name = escaped(file.file_name.as_deref().unwrap_or("file"));
        let mime_type: String = file.mime_type.chars().filter(|c| !c.is_control()).collect();
        let _ = write!(head, "; filename=\"{file_name}\"\r\ncontent-type: {mime_type}");
    }
    head.push_str("\r\n\r\n");
    head
}

fn is_binary(content_type: &str) -> bool {
    let content_type = content_type.trim().to_ascii_lowercase();
    BINARY.iter().any(|begin| content_type.starts_with(begin)) && !content_type.starts_with("image/svg")
}

/// Name and type of an answer: what it says itself, else the end of its address.
fn described(head: &HttpResponse) -> BinaryRef {
    let of_header = || {
        let header = head.header("content-disposition")?;
        let name = header.split(';').find_map(|part| part.trim().strip_prefix("filename="))?;
        Some(name.trim().trim_matches('"').to_owned())
    };
    let of_address = || {
        let url = url::Url::parse(&head.url).ok()?;
        let last = url.path_segments()?.next_back()?.to_owned();
        media_type::extension_of_name(&last).is_some().then_some(last)
    };
    let name = of_header().or_else(of_address);
    let name = name.and_then(|name| name.rsplit(['/', '\\']).next().map(str::to_owned)).filter(|name| !name.is_empty());
    let said = head.header("content-type").map(|said| said.split(';').next().unwrap_or_default().trim().to_owned());
    let mime_type = said.filter(|said| !said.is_empty()).or_else(|| media_type::of_name(name.as_deref()?));
    let mime_type = mime_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension =
        name.as_deref().and_then(media_type::extension_of_name).or_else(|| media_type::extension(&mime_type));
    let file_extension = extension.map(str::to_owned);
    BinaryRef { mime_type, file_extension, file_name: name, ..BinaryRef::default() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;
    use weft_nodes::parameters;
    use weft_nodes::testing::TestStep;
    use weft_value::from_json;

    use super::*;
    use crate::files::testing::item_with;

    fn files() -> StepFiles {
        StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())))
    }

    fn node(json: &str) -> Parameters {
        parameters(&super::super::DESCRIPTOR, &from_json(json).unwrap()).unwrap()
    }

    fn body(json: &str) -> Result<HttpRequest, NodeError> {
        let node = node(json);
        let step = TestStep::of_items(vec![item_with("a\".txt", "text/plain", b"file \xc3\xa9")]);
        let mut request = node.request(&step, 0)?;
        node.put_files(&mut request, (&step, 0), (&files(), "B"))?;
        Ok(request)
    }

    fn type_of(request: &HttpRequest) -> Vec<&str> {
        let types = request.headers.iter().filter(|(name, _)| name == "content-type");
        types.map(|(_, value)| value.as_str()).collect()
    }

    #[test]
    fn a_body_is_a_file_or_a_form_with_files() {
        let sent = body(
            r#"{"url":"https://x.y","method":"POST","sendBody":true,"contentType":"binaryData","inputDataFieldName":"data"}"#,
        );
        let sent = sent.unwrap();
        assert_eq!(sent.body.as_ref(), "file é".as_bytes());
        assert_eq!(type_of(&sent), ["text/plain"]);
        let form = body(
            r#"{"url":"https://x.y","method":"POST","sendBody":true,"contentType":"multipart-form-data","bodyParameters":{"parameters":[
                {"name":"t","value":"={{ $json.id }}"},{"parameterType":"formBinaryData","name":"f","inputDataFieldName":"data"}]}}"#,
        );
        let form = form.unwrap();
        assert_eq!(type_of(&form), ["multipart/form-data; boundary=B"]);
        let expected = "--B\r\ncontent-disposition: form-data; name=\"t\"\r\n\r\n1\r\n\
             --B\r\ncontent-disposition: form-data; name=\"f\"; filename=\"a%22.txt\"\r\ncontent-type: text/plain\r\n\r\nfile é\r\n--B--\r\n";
        assert_eq!(std::str::from_utf8(&form.body).unwrap(), expected);
        let missing =
            body(r#"{"url":"https://x.y","sendBody":true,"contentType":"binaryData","inputDataFieldName":"nope"}"#);
        assert_eq!(missing.err().unwrap().field.as_deref(), Some("inputDataFieldName"));
    }

    #[tokio::test]
    async fn a_file_in_the_store_is_read_while_it_is_sent() {
        let files = files();
        let file = files.keep(vec![b'x'; 70_000], BinaryRef::default()).await.unwrap();
        let item = with_file(Item::new(Value::empty_object()), "data", file);
        let step = TestStep::of_items(vec![item]);
        for (how, around) in [
            (r#""contentType":"binaryData""#, 0),
            (
                r#""contentType":"multipart-form-data","bodyParameters":{"parameters":[
                {"parameterType":"formBinaryData","name":"f","inputDataFieldName":"data"}]}"#,
                "--B\r\ncontent-disposition: form-data; name=\"f\"; filename=\"file\"\r\ncontent-type: \r\n\r\n\r\n--B--\r\n"
                    .len() as u64,
            ),
        ] {
            let node = node(&format!(r#"{{"url":"https://x.y","method":"POST","sendBody":true,{how}}}"#));
            let mut request = node.request(&step, 0).unwrap();
            node.put_files(&mut request, (&step, 0), (&files, "B")).unwrap();
            assert!(request.body.is_empty());
            assert_eq!(request.upload.unwrap().length(), 70_000 + around, "{how}");
        }
    }

    fn head(headers: &[(&str, &str)], url: &str) -> HttpResponse {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        HttpResponse { status: 200, reason: None, headers, body: bytes::Bytes::new(), url: url.to_owned() }
    }

    #[test]
    fn an_answer_becomes_a_file_where_that_is_asked_or_where_it_is_no_text() {
        for (format, content_type, expected) in [
            ("autodetect", "image/png", true),
            ("autodetect", "application/pdf; x=y", true),
            ("autodetect", "image/svg+xml", false),
            ("autodetect", "application/json", false),
            ("file", "application/json", true),
            ("text", "image/png", false),
        ] {
            let node = node(&format!(r#"{{"url":"x","options":{{"responseFormat":"{format}"}}}}"#));
            let head = head(&[("content-type", content_type)], "https://x.y/");
            assert_eq!(node.wants_file(&head), expected, "{format} {content_type}");
        }
        let failed = HttpResponse { status: 404, ..head(&[("content-type", "image/png")], "https://x.y/") };
        assert!(!node(r#"{"url":"x"}"#).wants_file(&failed));
    }

    #[test]
    fn a_file_is_called_as_the_answer_says_or_as_its_address_ends() {
        let png = ("content-type", "image/png");
        for (head, name, extension) in [
            (
                head(&[png, ("content-disposition", "attachment; filename=\"../r.png\"")], "https://x.y/"),
                Some("r.png"),
                "png",
            ),
            (head(&[png], "https://x.y/a/b.jpeg?c=d"), Some("b.jpeg"), "jpeg"),
            (head(&[png], "https://x.y/a"), None, "png"),
        ] {
            let file = described(&head);
            assert_eq!((file.file_name.as_deref(), file.file_extension.as_deref()), (name, Some(extension)));
            assert_eq!(file.mime_type, "image/png");
        }
    }

    #[test]
    fn a_file_joins_its_item_or_what_is_known_of_the_answer() {
        let step = TestStep::of_items(vec![item_with("a.txt", "text/plain", b"a")]);
        let answer = head(&[("content-type", "image/png")], "https://x.y/");
        let with = |json: &str| node(json).with_answer(&step, 0, (&answer, BinaryRef::default())).unwrap();
        let kept = with(r#"{"url":"x","options":{"outputPropertyName":"picture"}}"#);
        assert_eq!(kept.json.to_json(), r#"{"id":1}"#);
        assert_eq!(kept.binary.unwrap().keys().collect::<Vec<_>>(), ["data", "picture"]);
        let full = with(r#"{"url":"x","options":{"fullResponse":true}}"#);
        assert_eq!(full.json.get("statusCode").as_f64(), Some(200.0));
    }
}
