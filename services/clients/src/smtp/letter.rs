//! A letter: who, to whom, what. How it is written (RFC 5322, MIME) is the library's business.

use std::str::FromStr as _;
use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{Bcc, Cc, ContentTransferEncoding, ContentType, ReplyTo, To};
use lettre::message::{Attachment as Part, Body, Mailbox, Mailboxes, MultiPart, SinglePart};
use thiserror::Error;

/// A letter. Lists of addresses have commas between them: `Ada <ada@example.com>, bob@example.com`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Who writes it.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Who gets a copy.
    pub cc: String,
    /// Who gets one without being named.
    pub bcc: String,
    /// Whom to answer.
    pub reply_to: String,
    /// The subject.
    pub subject: String,
    /// The text, where there is one.
    pub text: Option<String>,
    /// The same as HTML, where there is one.
    pub html: Option<String>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// What is unique in the id of the message.
    pub key: String,
}

/// A file that goes with a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// By what the HTML may show it, as in `<img src="cid:logo">` (RFC 2392).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its media type; one that is none makes it a file of no known type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What makes a letter impossible.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct Unsendable {
    /// The part of the letter.
    pub part: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// A letter in its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The address of who writes.
    pub from: String,
    /// The addresses of all who get it.
    pub to: Vec<String>,
    /// The id of the message, in angle brackets.
    pub id: String,
    /// The message.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// The letter in its envelope, dated `at`.
    pub fn compose(self, at: SystemTime) -> Result<Composed, Unsendable> {
        let from = Mailbox::from_str(self.from.trim()).map_err(|_| not_an_address("from", &self.from))?;
        let id = format!("<{}@{}>", self.key, from.email.domain());
        let builder =
            Message::builder().message_id(Some(id.clone())).date(at).subject(self.subject.as_str()).from(from);
        let mut builder = builder;
        for (part, text) in [("to", &self.to), ("cc", &self.cc), ("bcc", &self.bcc), ("replyTo", &self.reply_to)] {
            let listed = mailboxes(part, text)?;
            if listed.iter().next().is_none() {
                continue;
            }
            builder = match part {
                "to" => builder.mailbox(To::from(listed)),
                "cc" => builder.mailbox(Cc::from(listed)),
                "bcc" => builder.mailbox(Bcc::from(listed)),
                _ => builder.mailbox(ReplyTo::from(listed)),
            };
        }
        let written = match content(self.text, self.html, self.attachments) {
            Content::One(part) => builder.singlepart(part),
            Content::Several(parts) => builder.multipart(parts),
        };
        let nobody = |_| Unsendable { part: "to", message: "The letter is addressed to nobody.".to_owned() };
        let message = written.map_err(nobody)?;
        let to = message.envelope().to().iter().map(ToString::to_string).collect();
        let from = message.envelope().from().map(ToString::to_string).unwrap_or_default();
        Ok(Composed { from, to, id, bytes: message.formatted() })
    }
}

/// What a letter says, with what goes with it.
enum Content {
    One(SinglePart),
    Several(MultiPart),
}

impl Content {
    /// The same as the first of several parts.
    fn within(self, parts: lettre::message::MultiPartBuilder) -> MultiPart {
        match self {
            Self::One(part) => parts.singlepart(part),
            Self::Several(several) => parts.multipart(several),
        }
    }
}

/// The texts, then the files: those that the HTML shows stand beside it (RFC 2387), the others come behind everything.
fn content(text: Option<String>, html: Option<String>, files: Vec<Attachment>) -> Content {
    let is_shown = |file: &Attachment| html.as_deref().is_some_and(|html| file.is_shown_in(html));
    let (shown, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_shown);
    let html = html.map(|html| {
        let html = Content::One(SinglePart::html(html));
        if shown.is_empty() {
            return html;
        }
        Content::Several(shown.into_iter().fold(html.within(MultiPart::related()), |parts, file| {
            let part = Part::new_inline_with_name(file.id.clone(), file.name.clone());
            parts.singlepart(file.encoded(part))
        }))
    });
    let said = match (text, html) {
        (Some(text), Some(html)) => {
            let plain = MultiPart::alternative().singlepart(SinglePart::plain(text));
            Content::Several(match html {
                Content::One(html) => plain.singlepart(html),
                Content::Several(html) => plain.multipart(html),
            })
        }
        (None, Some(html)) => html,
        (text, None) => Content::One(SinglePart::plain(text.unwrap_or_default())),
    };
    if others.is_empty() {
        return said;
    }
    Content::Several(others.into_iter().fold(said.within(MultiPart::mixed()), |parts, file| {
        let part = Part::new(file.name.clone());
        parts.singlepart(file.encoded(part))
    }))
}

impl Attachment {
    /// Whether the HTML names it. What could leave its header is no id.
    fn is_shown_in(&self, html: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+@$".contains(&byte);
        if self.id.is_empty() || !self.id.bytes().all(is_plain) {
            return false;
        }
        let mut named = html.match_indices("cid:").map(|(at, _)| &html[at + 4..]);
        named.any(|rest| {
            let behind = rest.strip_prefix(self.id.as_str());
            behind.is_some_and(|behind| !behind.bytes().next().is_some_and(is_plain))
        })
    }

    /// Its part. Base64 leaves every byte as it is, in texts, too.
    fn encoded(self, part: Part) -> SinglePart {
        let unknown = || ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN);
        let media_type = ContentType::parse(&self.media_type).unwrap_or_else(|_| unknown());
        let base64 = ContentTransferEncoding::Base64;
        let body = Body::new_with_encoding(self.bytes, base64).unwrap_or_else(Body::new);
        part.body(body, media_type)
    }
}

fn mailboxes(part: &'static str, text: &str) -> Result<Mailboxes, Unsendable> {
    if text.trim().is_empty() {
        return Ok(Mailboxes::new());
    }
    Mailboxes::from_str(text.trim().trim_end_matches(',')).map_err(|_| not_an_address(part, text))
}

fn not_an_address(part: &'static str, text: &str) -> Unsendable {
    let shown: String = text.chars().take(100).collect();
    let message = format!("“{shown}” is no address of mail. Write ada@example.com or Ada <ada@example.com>.");
    Unsendable { part, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            from: "Ada <ada@example.com>".into(),
            to: "bob@example.com, \"Zoë, Z.\" <zoe@example.org>".into(),
            subject: "Hello".into(),
            text: Some("Hi\n.dot".into()),
            key: "7".into(),
            ..Letter::default()
        }
    }

    fn written(letter: &Letter) -> String {
        String::from_utf8(letter.clone().compose(SystemTime::UNIX_EPOCH).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_letter_names_everybody_but_blind_copies() {
        let letter = Letter { cc: "c@example.com".into(), bcc: "d@example.com,".into(), ..letter() };
        let composed = letter.clone().compose(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(composed.from, "ada@example.com");
        assert_eq!(composed.to, ["bob@example.com", "zoe@example.org", "c@example.com", "d@example.com"]);
        assert_eq!(composed.id, "<7@example.com>");
        let text = written(&letter);
        assert!(text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"), "{text}");
        assert!(text.contains("Cc: c@example.com\r\n") && !text.contains("d@example.com"), "{text}");
        assert!(
            text.contains("Message-ID: <7@example.com>\r\n") && text.trim_end().ends_with("\r\nHi\r\n.dot"),
            "{text}"
        );
    }

    #[test]
    fn text_and_html_stand_side_by_side() {
        let both = written(&Letter { html: Some("<p>é</p>".into()), ..letter() });
        assert!(both.contains("multipart/alternative") && both.contains("text/plain") && both.contains("text/html"));
        let html = written(&Letter { html: Some("<p>é</p>".into()), text: None, ..letter() });
        assert!(html.contains("text/html") && !html.contains("text/plain"), "{html}");
    }

    #[test]
    fn nothing_gets_out_of_its_header() {
        let evil = written(&Letter { subject: "Hi\r\nBcc: eve@example.com\r\n\r\nbody é".into(), ..letter() });
        assert!(!evil.contains("\nBcc:") && !evil.contains("\r\n\r\nbody"), "{evil}");
        for (part, letter) in [
            ("from", Letter { from: "ada@example.com\r\nBcc: eve@example.com".into(), ..letter() }),
            ("from", Letter { from: String::new(), ..letter() }),
            ("to", Letter { to: "nobody".into(), ..letter() }),
            ("to", Letter { to: String::new(), ..letter() }),
            ("bcc", Letter { bcc: "a@b@c".into(), ..letter() }),
            ("replyTo", Letter { reply_to: "x".into(), ..letter() }),
        ] {
            assert_eq!(letter.compose(SystemTime::UNIX_EPOCH).unwrap_err().part, part);
        }
    }

    fn file(id: &str, name: &str, media_type: &str) -> Attachment {
        Attachment { id: id.into(), name: name.into(), media_type: media_type.into(), bytes: b"a\nb".to_vec() }
    }

    #[test]
    fn files_stand_where_they_are_shown() {
        let html = Some("<img src=\"cid:logo\"> <img src='cid:logo2'>".to_owned());
        let attachments = vec![file("logo", "l.png", "image/png"), file("data", "né.txt", "text/plain")];
        let both = written(&Letter { html, attachments: attachments.clone(), ..letter() });
        let at = |what: &str| both.find(what).unwrap_or_else(|| panic!("{what} is missing: {both}"));
        let order = ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html"];
        let order = order.into_iter().chain(["Content-ID: <logo>", "l.png", "attachment;", "n%C3%A9.txt"]);
        let places: Vec<_> = order.map(at).collect();
        assert!(places.is_sorted(), "{places:?}: {both}");
        assert_eq!(both.matches("YQpi").count(), 2, "{both}");
        let plain = written(&Letter { attachments, ..letter() });
        assert!(!plain.contains("Content-ID") && !plain.contains("related"), "{plain}");
    }

    #[test]
    fn what_a_file_says_of_itself_stays_in_its_header() {
        let html = Some("<img src='cid:a'> cid:x cid:logo2".to_owned());
        let attachments = vec![
            file("x\r\nBcc: eve@example.com", "a\"b\r\nBcc: eve@example.com", "text/plain\r\nBcc: eve@example.com"),
            file("logo", "", "nothing"),
        ];
        let text = written(&Letter { html, attachments, ..letter() });
        assert!(!text.contains("\nBcc: eve@example.com") && !text.contains("Content-ID"), "{text}");
        assert_eq!(text.matches("application/octet-stream").count(), 2, "{text}");
    }
}
