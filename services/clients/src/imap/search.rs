//! What letters are searched by (RFC 3501, section 6.4.4), in the form that n8n's users know: a list of names, each alone or with what
//! it compares with, `["UNSEEN", ["FROM", "ada"], ["SINCE", "May 20, 2010"], ["OR", "SEEN", ["SUBJECT", "é"]]]`; a `!` before a name
//! turns it around.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use weft_value::Value;

/// How deep criteria may stand in each other, and how many there may be.
const MOST_DEPTH: usize = 8;
const MOST_CRITERIA: usize = 100;
/// The longest text, in bytes.
const MOST_TEXT: usize = 1_000;

const ALONE: [&str; 14] = [
    "ALL",
    "ANSWERED",
    "DELETED",
    "DRAFT",
    "FLAGGED",
    "NEW",
    "OLD",
    "RECENT",
    "SEEN",
    "UNANSWERED",
    "UNDELETED",
    "UNDRAFT",
    "UNFLAGGED",
    "UNSEEN",
];
const WITH_TEXT: [&str; 8] = ["BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO", "X-GM-RAW"];
const WITH_WORD: [&str; 2] = ["KEYWORD", "UNKEYWORD"];
const WITH_DATE: [&str; 6] = ["BEFORE", "ON", "SENTBEFORE", "SENTON", "SENTSINCE", "SINCE"];
const WITH_NUMBER: [&str; 2] = ["LARGER", "SMALLER"];

/// Criteria, checked and written as the protocol has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criteria {
    text: String,
    is_ascii: bool,
}

/// Why there are no criteria.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NoCriteria(String);

impl Criteria {
    /// Every letter.
    pub fn all() -> Self {
        Self { text: "ALL".to_owned(), is_ascii: true }
    }

    /// Reads a list of criteria, all of which a letter must meet.
    pub fn read(list: &Value) -> Result<Self, NoCriteria> {
        let Some(list) = list.as_array() else { return Err(wrong("They are no list.")) };
        let mut left = MOST_CRITERIA;
        let parts = list.iter().map(|one| criterion(one, MOST_DEPTH, &mut left)).collect::<Result<Vec<_>, _>>()?;
        let text = if parts.is_empty() { "ALL".to_owned() } else { parts.join(" ") };
        Ok(Self { is_ascii: text.is_ascii(), text })
    }

    /// The search for letters from a number on, and of a day on: the server's day may be another one than here, and neither is missed.
    pub(super) fn command(&self, first: u32, since: Option<Timestamp>) -> String {
        let charset = if self.is_ascii { "" } else { "CHARSET UTF-8 " };
        let day_before =
            |at: Timestamp| at.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::UNIX_EPOCH);
        let since = since.map(|at| format!("SINCE {} ", written(Offset::UTC.to_datetime(day_before(at)).date())));
        format!("{charset}UID {first}:* {}{}", since.unwrap_or_default(), self.text)
    }
}

fn wrong(reason: impl std::fmt::Display) -> NoCriteria {
    NoCriteria(format!("These search criteria cannot be understood: {reason}"))
}

fn criterion(given: &Value, depth: usize, left: &mut usize) -> Result<String, NoCriteria> {
    *left = left.checked_sub(1).ok_or_else(|| wrong(format!("there are more than {MOST_CRITERIA} of them.")))?;
    let depth = depth.checked_sub(1).ok_or_else(|| wrong("they stand too deep in each other."))?;
    let (name, arguments) = match given.as_array() {
        Some([name, arguments @ ..]) => (name, arguments),
        Some([]) => return Err(wrong("one of them is an empty list.")),
        None => (given, &[][..]),
    };
    let Some(name) = name.as_str() else { return Err(wrong(format!("{} is no name.", name.to_json()))) };
    let (not, name) = name.strip_prefix('!').map_or(("", name), |name| ("NOT ", name));
    let name = name.to_ascii_uppercase();
    let said = match arguments {
        [] if ALONE.contains(&name.as_str()) => name,
        [text] if WITH_TEXT.contains(&name.as_str()) => format!("{name} {}", quoted(text)?),
        [word] if WITH_WORD.contains(&name.as_str()) => format!("{name} {}", atom(word)?),
        [date] if WITH_DATE.contains(&name.as_str()) => format!("{name} {}", day(date)?),
        [number] if WITH_NUMBER.contains(&name.as_str()) => format!("{name} {}", whole(number)?),
        [header, text] if name == "HEADER" => format!("HEADER {} {}", quoted(header)?, quoted(text)?),
        [one, other] if name == "OR" => {
            format!("OR {} {}", criterion(one, depth, left)?, criterion(other, depth, left)?)
        }
        numbers @ [_, ..] if name == "UID" => format!("UID {}", ranges(numbers)?),
        _ => return Err(wrong(format!("“{name}” is not known, or has other values beside it."))),
    };
    Ok(format!("{not}{said}"))
}

fn text_of(given: &Value) -> Result<&str, NoCriteria> {
    let text = given.as_str().ok_or_else(|| wrong(format!("{} is no text.", given.to_json())))?;
    if text.len() > MOST_TEXT {
        return Err(wrong(format!("a text is longer than {MOST_TEXT} bytes.")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong("a text has more than one line."));
    }
    Ok(text)
}

fn quoted(given: &Value) -> Result<String, NoCriteria> {
    Ok(format!("\"{}\"", text_of(given)?.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn atom(given: &Value) -> Result<&str, NoCriteria> {
    let word = text_of(given)?;
    let is_atom = |c: char| c.is_ascii_graphic() && !"(){%*\"\\]".contains(c);
    if word.is_empty() || !word.chars().all(is_atom) {
        return Err(wrong(format!("“{word}” is no keyword.")));
    }
    Ok(word)
}

fn whole(given: &Value) -> Result<u32, NoCriteria> {
    let number = given.as_f64().or_else(|| given.as_str()?.trim().parse().ok());
    let whole = number.filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number));
    whole.map(|number| number as u32).ok_or_else(|| wrong(format!("{} is no number of bytes.", given.to_json())))
}

/// Numbers of letters: `7`, `3:9`, `12:*`, and lists of them.
fn ranges(given: &[Value]) -> Result<String, NoCriteria> {
    let one = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_json(), str::to_owned);
        let is_number = |part: &str| part == "*" || part.parse::<u32>().is_ok_and(|number| number > 0);
        let is_range = |range: &str| range.split(':').count() <= 2 && range.split(':').all(is_number);
        let fits = !text.is_empty() && text.len() <= MOST_TEXT && text.split(',').all(is_range);
        if fits { Ok(text) } else { Err(wrong(format!("“{text}” names no letters."))) }
    };
    let given = match given {
        [list] => list.as_array().unwrap_or(given),
        _ => given,
    };
    Ok(given.iter().map(one).collect::<Result<Vec<_>, _>>()?.join(","))
}

/// A day as the protocol writes it: `20-May-2010`.
fn day(given: &Value) -> Result<String, NoCriteria> {
    let text = text_of(given)?.trim();
    let iso = || text.parse::<Date>().ok().or_else(|| text.parse::<DateTime>().ok().map(DateTime::date));
    let zoned = || text.parse::<Timestamp>().ok().map(|at| Offset::UTC.to_datetime(at).date());
    let spelled = || {
        let formats = ["%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%Y/%m/%d", "%m/%d/%Y"];
        formats.iter().find_map(|format| Date::strptime(format, text).ok())
    };
    let date = zoned().or_else(iso).or_else(spelled);
    let date = date.ok_or_else(|| wrong(format!("“{text}” is no date; write it as 2026-01-31.")))?;
    Ok(written(date))
}

fn written(date: Date) -> String {
    date.strftime("%d-%b-%Y").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use weft_value::from_json;

    use super::*;

    fn read(json: &str) -> Result<Criteria, NoCriteria> {
        Criteria::read(&from_json(json).unwrap())
    }

    #[test]
    fn criteria_are_written_as_the_protocol_has_them() {
        for (given, expected) in [
            (r#"["UNSEEN"]"#, "UNSEEN"),
            ("[]", "ALL"),
            (r#"["unseen",["FROM","a\"b\\c"],["!SUBJECT","x"]]"#, r#"UNSEEN FROM "a\"b\\c" NOT SUBJECT "x""#),
            (r#"[["SINCE","May 20, 2010"],["BEFORE","2026-01-31T23:30:00Z"]]"#, "SINCE 20-May-2010 BEFORE 31-Jan-2026"),
            (r#"[["OR","SEEN",["OR",["TO","a"],"!DELETED"]]]"#, r#"OR SEEN OR TO "a" NOT DELETED"#),
            (r#"[["LARGER",1000],["UID","3:9","12:*"],["UID",[1,2]]]"#, "LARGER 1000 UID 3:9,12:* UID 1,2"),
            (r#"[["HEADER","X-Spam","yes"],["KEYWORD","$Done"]]"#, r#"HEADER "X-Spam" "yes" KEYWORD $Done"#),
        ] {
            assert_eq!(read(given).unwrap().text, expected, "{given}");
        }
        let since = Some("2026-02-01T00:30:00Z".parse().unwrap());
        assert_eq!(read(r#"["UNSEEN"]"#).unwrap().command(7, None), "UID 7:* UNSEEN");
        assert_eq!(Criteria::all().command(1, since), "UID 1:* SINCE 31-Jan-2026 ALL");
        assert_eq!(read(r#"[["SUBJECT","é"]]"#).unwrap().command(1, None), r#"CHARSET UTF-8 UID 1:* SUBJECT "é""#);
    }

    #[test]
    fn what_is_no_criterion_is_never_sent() {
        let deep = format!("[{}1{}]", r#"["OR","SEEN","#.repeat(9), "]".repeat(9));
        let many = format!("[{}]", vec![r#""SEEN""#; 101].join(","));
        for given in [
            r#"{"a":1}"#,
            r#"["LOGOUT"]"#,
            r#"["SEEN\r\nA1 LOGOUT"]"#,
            r#"[["FROM","a\r\nA1 LOGOUT"]]"#,
            r#"[["FROM"]]"#,
            r#"[["SEEN","x"]]"#,
            r#"[["KEYWORD","a b"]]"#,
            r#"[["SINCE","some day"]]"#,
            r#"[["LARGER",-1]]"#,
            r#"[["UID","1 DELETED"]]"#,
            "[[]]",
            "[7]",
            &deep,
            &many,
        ] {
            assert!(read(given).unwrap_err().to_string().starts_with("These search criteria"), "{given}");
        }
    }
}
