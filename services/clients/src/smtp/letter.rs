//! A letter: who, to whom, what. How it is written (RFC 5322, MIME) is the library's business.

use std::str::FromStr as _;
use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{Bcc, Cc, ReplyTo, To};
use lettre::message::{Mailbox, Mailboxes, MultiPart, SinglePart};
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
    /// What is unique in the id of the message.
    pub key: String,
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
    pub fn compose(&self, at: SystemTime) -> Result<Composed, Unsendable> {
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
        let written = match (&self.text, &self.html) {
            (Some(text), Some(html)) => {
                builder.multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
            }
            (None, Some(html)) => builder.singlepart(SinglePart::html(html.clone())),
            (text, None) => builder.singlepart(SinglePart::plain(text.clone().unwrap_or_default())),
        };
        let nobody = |_| Unsendable { part: "to", message: "The letter is addressed to nobody.".to_owned() };
        let message = written.map_err(nobody)?;
        let to = message.envelope().to().iter().map(ToString::to_string).collect();
        let from = message.envelope().from().map(ToString::to_string).unwrap_or_default();
        Ok(Composed { from, to, id, bytes: message.formatted() })
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
        String::from_utf8(letter.compose(SystemTime::UNIX_EPOCH).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_letter_names_everybody_but_blind_copies() {
        let letter = Letter { cc: "c@example.com".into(), bcc: "d@example.com,".into(), ..letter() };
        let composed = letter.compose(SystemTime::UNIX_EPOCH).unwrap();
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
}
