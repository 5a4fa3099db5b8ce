//! Letters as mail servers keep them (RFC 5322, MIME): header, texts and attachments, all decoded, by mail-parser.

use jiff::Timestamp;
use mail_parser::{Address as Parsed, HeaderForm, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::FormatError;

/// The most attachments and headers that are made of one letter.
pub const MOST_ATTACHMENTS: usize = 200;
const MOST_HEADERS: usize = 1_000;

/// A letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Names in lower case and decoded values, in their order.
    pub headers: Vec<(String, String)>,
    /// The whole lines of the header, by their names in lower case.
    pub lines: Vec<(String, String)>,
    /// The plain text.
    pub text: Option<String>,
    /// The text as HTML.
    pub html: Option<String>,
    /// When it was written, as `2026-01-31T12:00:00.000Z`.
    pub date: Option<String>,
    /// Who wrote it.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Who gets a copy.
    pub cc: Vec<Address>,
    /// Who gets a copy that the others do not know of.
    pub bcc: Vec<Address>,
    /// Who is to be answered.
    pub reply_to: Vec<Address>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// Somebody's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The name beside it; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

/// A file in a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its media type.
    pub media_type: String,
    /// By what the HTML names it.
    pub content_id: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Mail {
    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The letter that these bytes are; a header alone is one without text.
pub fn read(bytes: &[u8]) -> Result<Mail, FormatError> {
    let message = MessageParser::default().parse(bytes).filter(|message| !message.headers().is_empty());
    let message = message.ok_or_else(|| FormatError::broken("mail", "it has no header"))?;
    let (headers, lines) = headers(&message);
    if message.attachment_count() > MOST_ATTACHMENTS {
        return Err(FormatError::TooMuch { what: "its attachments", limit: MOST_ATTACHMENTS as u64 });
    }
    Ok(Mail {
        headers,
        lines,
        text: joined(
            message.text_bodies(),
            |part| if let PartType::Text(text) = &part.body { Some(text) } else { None },
        ),
        html: joined(
            message.html_bodies(),
            |part| if let PartType::Html(html) = &part.body { Some(html) } else { None },
        ),
        date: message.date().and_then(|date| moment(date.to_timestamp())),
        from: addresses(message.from()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        bcc: addresses(message.bcc()),
        reply_to: addresses(message.reply_to()),
        attachments: message.attachments().map(attachment).collect(),
    })
}

type Named = Vec<(String, String)>;

fn headers(message: &Message<'_>) -> (Named, Named) {
    let (mut decoded, mut lines) = (Named::new(), Named::new());
    for (name, raw) in message.headers_raw().take(MOST_HEADERS) {
        let key = name.to_ascii_lowercase();
        // All values of a name are decoded at once, with the first of them.
        if decoded.iter().all(|(known, _)| *known != key) {
            let values = message.header_as(name.to_owned(), HeaderForm::Text);
            decoded.extend(values.iter().map(|value| (key.clone(), value.as_text().unwrap_or_default().to_owned())));
        }
        lines.push((key, format!("{name}: {}", raw.trim())));
    }
    (decoded, lines)
}

fn joined<'a, 'x: 'a, T: AsRef<str> + 'a>(
    parts: impl Iterator<Item = &'a MessagePart<'x>>,
    text: impl Fn(&'a MessagePart<'x>) -> Option<&'a T>,
) -> Option<String> {
    let texts: Vec<&str> = parts.filter_map(text).map(AsRef::as_ref).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn moment(second: i64) -> Option<String> {
    let at = Timestamp::from_second(second).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string())
}

fn addresses(given: Option<&Parsed<'_>>) -> Vec<Address> {
    let all = given.into_iter().flat_map(Parsed::iter);
    let read = all.map(|one| Address {
        name: one.name().unwrap_or_default().to_owned(),
        address: one.address().unwrap_or_default().to_owned(),
    });
    read.collect()
}

fn attachment(part: &MessagePart<'_>) -> Attachment {
    let of_type = |kind: &mail_parser::ContentType<'_>| {
        let subtype = kind.subtype().unwrap_or("octet-stream");
        format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase()
    };
    let usual = if part.message().is_some() { "message/rfc822" } else { "application/octet-stream" };
    Attachment {
        name: part.attachment_name().map(str::to_owned),
        media_type: part.content_type().map_or_else(|| usual.to_owned(), of_type),
        content_id: part.content_id().map(str::to_owned),
        bytes: part.contents().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "From: =?UTF-8?Q?Zo=C3=AB?= <zoe@example.com>\r\nTo: Bob <bob@example.com>,\r\n ada@example.com\r\n\
        Subject: =?UTF-8?B?Q2Fmw6k=?= and\r\n tea\r\nDate: Sat, 31 Jan 2026 13:00:00 +0100\r\nMessage-ID: <1@example.com>\r\n\
        Received: from a\r\nReceived: from b\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
        Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nH=E9llo\r\n--c\r\nContent-Type: text/html\r\n\r\n<b>Hi</b>\r\n--c--\r\n\
        --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <pic>\r\n\
        Content-Disposition: attachment; filename*=UTF-8''%C3%A9.png\r\n\r\nAAECAw==\r\n--b--\r\n";

    #[test]
    fn a_letter_is_taken_apart_and_decoded() {
        let mail = read(LETTER.as_bytes()).unwrap();
        assert_eq!(mail.header("subject"), Some("Café and tea"));
        assert_eq!(mail.header("from"), Some("Zoë <zoe@example.com>"));
        assert_eq!(mail.header("to"), Some("Bob <bob@example.com>, ada@example.com"));
        assert_eq!(mail.headers.iter().filter(|(name, _)| name == "received").count(), 2);
        assert_eq!(mail.lines.iter().find(|(name, _)| name == "message-id").unwrap().1, "Message-ID: <1@example.com>");
        let address = |name: &str, address: &str| Address { name: name.into(), address: address.into() };
        assert_eq!(mail.from, [address("Zoë", "zoe@example.com")]);
        assert_eq!(mail.to, [address("Bob", "bob@example.com"), address("", "ada@example.com")]);
        assert_eq!(mail.date.as_deref(), Some("2026-01-31T12:00:00.000Z"));
        assert_eq!((mail.text.as_deref(), mail.html.as_deref()), (Some("Héllo"), Some("<b>Hi</b>")));
        let expected = Attachment {
            name: Some("é.png".into()),
            media_type: "image/png".into(),
            content_id: Some("pic".into()),
            bytes: vec![0, 1, 2, 3],
        };
        assert_eq!(mail.attachments, [expected]);
    }

    #[test]
    fn plain_letters_and_headers_alone_are_letters() {
        let plain = read(b"Subject: x\r\n\r\nHello\r\n").unwrap();
        assert_eq!((plain.text.as_deref().map(str::trim), plain.html), (Some("Hello"), None));
        let header = read(b"Subject: x\r\nFrom: a@x.example\r\n\r\n").unwrap();
        assert_eq!((header.header("subject"), header.text.as_deref().unwrap_or_default()), (Some("x"), ""));
        let html = read(b"Content-Type: text/html\r\n\r\n<p>x</p>").unwrap();
        assert_eq!((html.text, html.html.as_deref()), (None, Some("<p>x</p>")));
        assert!(read(b"").is_err());
    }

    #[test]
    fn a_letter_with_too_many_files_is_refused() {
        let part = "--b\r\nContent-Type: image/png\r\n\r\nx\r\n".repeat(MOST_ATTACHMENTS + 1);
        let letter = format!("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{part}--b--\r\n");
        assert!(matches!(read(letter.as_bytes()), Err(FormatError::TooMuch { .. })));
    }
}
