//! A letter as an item, in the three forms that n8n has.

use serde::Deserialize;
use weft_file_formats::mail::{self, Address, Attachment, Mail};
use weft_nodes::NodeError;
use weft_value::{BinaryRef, Item, Object, Value};

use crate::files::{StepFiles, apart, with_file};

/// What stands beside the text, as n8n has it.
const TOP: [&str; 5] = ["cc", "date", "from", "subject", "to"];

/// A letter that was taken.
pub(super) struct Letter {
    /// Its number in the mailbox.
    pub(super) uid: u32,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether these are all.
    pub(super) whole: Whole,
}

/// How much of a letter was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// All of it.
    All,
    /// The header alone, of so many bytes.
    Header { size: u32 },
}

/// What of a letter becomes an item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shape {
    format: Format,
    #[serde(default)]
    download_attachments: bool,
    #[serde(default = "prefix")]
    data_property_attachments_prefix_name: String,
}

fn prefix() -> String {
    "attachment_".to_owned()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Format {
    Simple,
    Resolved,
    Raw,
}

/// A letter of which the server gives nothing, as an item that says so.
pub(super) fn unreadable(uid: u32, error: &str) -> Item {
    let attributes: Object = [("uid", Value::from(uid))].into_iter().collect();
    let entries = [("error", Value::from(error)), ("attributes", attributes.into())];
    Item::new(entries.into_iter().collect::<Object>())
}

impl Shape {
    /// A letter as an item; one that is its header alone says so.
    pub(super) async fn item(&self, files: &StepFiles, letter: Letter) -> Result<Item, NodeError> {
        let Letter { uid, bytes, whole } = letter;
        let shape = self.clone();
        // A large letter takes its time, and nobody else waits for it. One that is none is one without anything but its number.
        let (mut object, attachments) = apart(move || Ok(shape.object(&bytes))).await?;
        let attributes: Object = [("uid", Value::from(uid))].into_iter().collect();
        object.insert("attributes", attributes);
        if let Whole::Header { size } = whole {
            object.insert("tooLarge", true);
            object.insert("size", size);
        }
        let mut item = Item::new(object);
        for (index, attachment) in attachments.into_iter().enumerate() {
            let described = described(&attachment);
            let file = files.keep(attachment.bytes, described).await?;
            item = with_file(item, format!("{}{index}", self.data_property_attachments_prefix_name), file);
        }
        Ok(item)
    }

    fn object(&self, bytes: &[u8]) -> (Object, Vec<Attachment>) {
        if self.format == Format::Raw {
            return ([("raw", Value::from(text_of(bytes)))].into_iter().collect(), Vec::new());
        }
        let mut mail = match mail::read(bytes) {
            Ok(mail) => mail,
            Err(error) => return ([("error", Value::from(error.to_string()))].into_iter().collect(), Vec::new()),
        };
        let takes_files = self.format == Format::Resolved || self.download_attachments;
        let attachments = if takes_files { std::mem::take(&mut mail.attachments) } else { Vec::new() };
        let object = if self.format == Format::Resolved { resolved(mail) } else { simple(mail) };
        (object, attachments)
    }
}

/// What stands below the header, as it came.
fn text_of(bytes: &[u8]) -> String {
    let below = |end: &[u8]| bytes.windows(end.len()).position(|window| window == end).map(|at| at + end.len());
    let begins = below(b"\r\n\r\n").or_else(|| below(b"\n\n")).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[begins..]).into_owned()
}

fn simple(mail: Mail) -> Object {
    let mut object = Object::new();
    for (name, text) in [("textHtml", mail.html), ("textPlain", mail.text)] {
        if let Some(text) = text {
            object.insert(name, text);
        }
    }
    let mut metadata = Object::new();
    for (name, value) in mail.headers {
        let place = if TOP.contains(&name.as_str()) { &mut object } else { &mut metadata };
        // Of several headers of one name, the first counts.
        if place.get(&name).is_none() {
            place.insert(name, value);
        }
    }
    object.insert("metadata", metadata);
    object
}

fn resolved(mail: Mail) -> Object {
    let mut object = Object::new();
    let people = [("from", &mail.from), ("to", &mail.to), ("cc", &mail.cc), ("bcc", &mail.bcc)];
    let header = |name: &str| mail.header(name).filter(|value| !value.is_empty()).map(str::to_owned);
    for (name, value) in [
        ("html", mail.html.clone()),
        ("text", mail.text.clone()),
        ("subject", header("subject")),
        ("date", mail.date.clone()),
        ("messageId", header("message-id")),
        ("inReplyTo", header("in-reply-to")),
        ("references", header("references")),
    ] {
        if let Some(value) = value {
            object.insert(name, value);
        }
    }
    for (name, addresses) in people.into_iter().chain([("replyTo", &mail.reply_to)]) {
        if !addresses.is_empty() {
            object.insert(name, people_of(addresses));
        }
    }
    let mut headers = Object::new();
    for (name, line) in mail.lines {
        headers.insert(name, line);
    }
    object.insert("headers", headers);
    object
}

/// Addresses as mailparser gives them: a list, and all of them as text.
fn people_of(addresses: &[Address]) -> Object {
    let one = |address: &Address| {
        let fields = [("address", Value::from(address.address.as_str())), ("name", Value::from(address.name.as_str()))];
        Value::from(fields.into_iter().collect::<Object>())
    };
    let written = |address: &Address| {
        if address.name.is_empty() {
            address.address.clone()
        } else {
            format!("\"{}\" <{}>", address.name, address.address)
        }
    };
    let text = addresses.iter().map(written).collect::<Vec<_>>().join(", ");
    let list: Vec<Value> = addresses.iter().map(one).collect();
    [("value", Value::from(list)), ("text", Value::from(text))].into_iter().collect()
}

fn described(attachment: &Attachment) -> BinaryRef {
    BinaryRef {
        mime_type: attachment.media_type.clone(),
        file_name: attachment.name.clone(),
        file_extension: attachment.name.as_ref().and_then(|name| Some(name.rsplit_once('.')?.1.to_owned())),
        ..BinaryRef::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;
    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;

    use super::*;

    const LETTER: &[u8] = "Subject: Zo\u{eb}\r\nFrom: Ada <ada@x.example>\r\nDate: Sat, 31 Jan 2026 13:00:00 +0100\r\nX-A: 1\r\n\
        X-A: 2\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n\
        --b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\n1,2\r\n--b--\r\n"
        .as_bytes();

    async fn item(shape: &str, bytes: &[u8], whole: Whole) -> Item {
        let shape: Shape = serde_json::from_str(shape).unwrap();
        let files = StepFiles::new(TenantId(Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())));
        shape.item(&files, Letter { uid: 7, bytes: bytes.to_vec(), whole }).await.unwrap()
    }

    #[tokio::test]
    async fn a_letter_has_three_forms() {
        let simple = item(r#"{"format":"simple"}"#, LETTER, Whole::All).await;
        assert_eq!(
            simple.json.to_json(),
            r#"{"textPlain":"Hi","subject":"Zoë","from":"Ada <ada@x.example>","date":"Sat, 31 Jan 2026 13:00:00 +0100","metadata":{"x-a":"1","mime-version":"1.0","content-type":"multipart/mixed; boundary=b"},"attributes":{"uid":7}}"#
        );
        assert!(simple.binary.is_none());
        let resolved = item(r#"{"format":"resolved"}"#, LETTER, Whole::All).await;
        let json = resolved.json.to_json();
        assert!(
            json.starts_with(
                r#"{"text":"Hi","subject":"Zoë","date":"2026-01-31T12:00:00.000Z","from":{"value":[{"address":"ada@x.example","name":"Ada"}],"text":"\"Ada\" <ada@x.example>"},"headers":{"subject":"Subject: Zoë""#
            ),
            "{json}"
        );
        let file = &resolved.binary.as_ref().unwrap()["attachment_0"];
        assert_eq!((file.file_name.as_deref(), file.mime_type.as_str(), file.size), (Some("a.csv"), "text/csv", 3));
        let raw = item(r#"{"format":"raw"}"#, LETTER, Whole::All).await;
        assert!(raw.json.get("raw").as_str().unwrap().starts_with("--b\r\nContent-Type: text/plain"));
    }

    #[tokio::test]
    async fn files_come_where_they_are_wanted_and_what_is_no_letter_says_so() {
        let shape = r#"{"format":"simple","downloadAttachments":true,"dataPropertyAttachmentsPrefixName":"é_"}"#;
        assert!(item(shape, LETTER, Whole::All).await.binary.unwrap().contains_key("é_0"));
        let header = item(r#"{"format":"simple"}"#, b"Subject: x\r\n\r\n", Whole::Header { size: 9 }).await.json;
        assert_eq!((header.get("subject").as_str(), header.get("tooLarge").as_bool()), (Some("x"), Some(true)));
        let none = item(r#"{"format":"simple"}"#, b"", Whole::All).await.json.to_json();
        assert!(none.starts_with(r#"{"error":"This is no mail file"#) && none.contains(r#""uid":7"#), "{none}");
    }
}
