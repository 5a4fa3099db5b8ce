//! Why a server did not do it (<https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml>).

use std::time::Duration;

use bson::RawDocument;

use super::NAME;
use super::answer::{Answer, number, text};
use crate::{Failure, Refused};

pub(super) const NO_SUCH_COMMAND: i32 = 59;
const NOT_SIGNED_IN: i32 = 18;
const ATLAS: i32 = 8000;
const TIMED_OUT: i32 = 50;
/// The server stops, or is no longer the primary: it may have done it before.
const STOPPED: [i32; 4] = [91, 189, 11_600, 11_602];

/// The answer, unless it says that nothing was done.
pub(super) fn done(answer: Answer, patience: Duration) -> Result<Answer, Failure> {
    if answer.number("ok") == Some(1.0) {
        return Ok(answer);
    }
    let code = code(answer.body());
    let refused = refused(answer.body());
    Err(match code {
        NOT_SIGNED_IN => Failure::SignIn { server: NAME, reason: refused.message.trim_end_matches('.').to_owned() },
        TIMED_OUT => Failure::Timeout { server: NAME, limit: patience },
        code if STOPPED.contains(&code) => Failure::InDoubt(Box::new(refused)),
        _ => Failure::Refused(Box::new(refused)),
    })
}

/// The same while somebody signs in: Atlas has an error of its own for it.
pub(super) fn signed_in(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refused) if refused.code == ATLAS.to_string() || refused.code == "AtlasError" => {
            Failure::SignIn { server: NAME, reason: refused.message.trim_end_matches('.').to_owned() }
        }
        other => other,
    }
}

/// That the servers which keep copies did not confirm what was written. It is written nevertheless.
pub(super) fn confirmed(answer: &Answer) -> Result<(), Failure> {
    answer.document("writeConcernError").map_or(Ok(()), |error| Err(Failure::InDoubt(Box::new(refused(error)))))
}

pub(super) fn code(error: &RawDocument) -> i32 {
    number(error, "code").map_or(0, |code| code as i32)
}

/// What a server says of an error, in at most so many characters as somebody reads.
pub(super) fn refused(error: &RawDocument) -> Refused {
    let words = |name: &str| text(error, name).filter(|words| !words.is_empty());
    let number = code(error);
    let message = words("errmsg").map_or_else(|| format!("MongoDB refused it with the error {number}."), said);
    Refused { code: words("codeName").map_or_else(|| number.to_string(), str::to_owned), message, detail: None }
}

fn said(words: &str) -> String {
    words.chars().take(2000).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use bson::{Document, doc};

    use super::*;

    fn of(document: &Document) -> Result<Answer, Failure> {
        done(Answer::new(&document.to_vec().unwrap()).unwrap(), Duration::from_secs(3))
    }

    #[test]
    fn an_error_is_told_as_what_it_is() {
        for ok in [doc! { "ok": 1 }, doc! { "ok": 1.0 }, doc! { "ok": 1_i64 }, doc! { "ok": true }] {
            assert!(of(&ok).is_ok(), "{ok}");
        }
        let error = |code: i32| doc! { "ok": 0.0, "code": code, "codeName": "Name", "errmsg": "É." };
        assert!(matches!(of(&error(18)), Err(Failure::SignIn { reason, .. }) if reason == "É"));
        assert!(matches!(of(&error(50)), Err(Failure::Timeout { limit, .. }) if limit.as_secs() == 3));
        assert!(matches!(of(&error(91)), Err(Failure::InDoubt(_))));
        assert!(matches!(of(&error(2)), Err(Failure::Refused(refused)) if refused.code == "Name"));
        let bare = of(&doc! { "ok": 0 }).unwrap_err().to_string();
        assert_eq!(bare, "MongoDB refused it with the error 0.");
    }

    #[test]
    fn atlas_says_in_its_own_way_who_is_not_let_in() {
        let atlas = doc! { "ok": 0, "code": 8000, "codeName": "AtlasError", "errmsg": "bad auth." };
        assert!(matches!(signed_in(of(&atlas).unwrap_err()), Failure::SignIn { reason, .. } if reason == "bad auth"));
        assert!(matches!(signed_in(of(&doc! { "ok": 0, "code": 2 }).unwrap_err()), Failure::Refused(_)));
    }
}
