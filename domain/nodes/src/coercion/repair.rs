//! JSON that people and expressions wrote with mistakes: a text with its quotes and line breaks put between quotes as it is, a
//! value that is missing, a bracket or comma too few.

use weft_value::{MAX_DEPTH, Object, Value, from_json};

/// What `text` means, as far as that can be told: quotes inside of a text belong to it unless what follows them can only follow a
/// text, a missing value is null, words are texts, commas may lack or be too many, comments and the fences of Markdown go.
pub(super) fn repaired(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = text.strip_prefix("```").map_or(text, |inside| {
        let inside = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        inside.strip_suffix("```").unwrap_or(inside)
    });
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_blanks();
    (reader.at == text.len()).then_some(value)
}

/// What closes the text that `c` opens.
fn closing(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '“' | '”' => Some(&['”', '“', '"']),
        '\'' => Some(&['\'']),
        '‘' | '’' => Some(&['’', '‘', '\'']),
        '`' => Some(&['`']),
        _ => None,
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// White space and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let after = rest.trim_start();
            let after = if after.starts_with("//") {
                after.find('\n').map_or("", |end| &after[end..])
            } else if let Some(comment) = after.strip_prefix("/*") {
                comment.split_once("*/").map_or("", |(_, after)| after)
            } else {
                after
            };
            if after.len() == rest.len() {
                return;
            }
            self.at = self.text.len() - after.len();
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip_blanks();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            None | Some('}' | ']' | ',') => Some(Value::Null),
            Some(c) => match closing(c) {
                Some(ends) => {
                    self.next();
                    Some(self.quoted(ends, Place::Value).into())
                }
                None => Some(self.word()),
            },
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut object = Object::new();
        loop {
            self.skip_blanks();
            let key = match self.peek() {
                None | Some(']') => break,
                Some('}') => {
                    self.next();
                    break;
                }
                Some(',') => {
                    self.next();
                    continue;
                }
                Some(c) => match closing(c) {
                    Some(ends) => {
                        self.next();
                        self.quoted(ends, Place::Key)
                    }
                    None => self.until(&[':', ',', '{', '}', '[', ']', '"', '\n']).to_owned(),
                },
            };
            self.skip_blanks();
            // A text that no colon follows is a value without a name: nobody can tell what was meant.
            let value = match self.next() {
                Some(':') => self.value(depth + 1)?,
                None => Value::Null,
                Some(_) => return None,
            };
            object.insert(key, value);
        }
        Some(object.into())
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut array = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None | Some('}') => break,
                Some(']') => {
                    self.next();
                    break;
                }
                Some(':') => return None,
                Some(',') => {
                    self.next();
                }
                Some(_) => array.push(self.value(depth + 1)?),
            }
        }
        Some(array.into())
    }

    /// What stands before one of `ends`, without blanks around it.
    fn until(&mut self, ends: &[char]) -> &'t str {
        let rest = self.rest();
        let end = rest.find(ends).unwrap_or(rest.len());
        self.at += end;
        rest[..end].trim()
    }

    /// A value without quotes.
    fn word(&mut self) -> Value {
        let word = self.until(&[',', '{', '}', '[', ']', '"', '\n']);
        match word {
            "None" | "undefined" => Value::Null,
            "True" => true.into(),
            "False" => false.into(),
            _ => from_json(word).unwrap_or_else(|_| word.into()),
        }
    }

    /// The rest of a text whose opening quote was read.
    fn quoted(&mut self, ends: &[char], place: Place) -> String {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.next() {
            if c == '\\' {
                self.escaped(&mut text);
            } else if ends.contains(&c) && self.ends_here(place) {
                return text;
            } else {
                text.push(c);
            }
        }
        // Nothing closed it: it ends where the next sign of JSON stands.
        self.at = start;
        self.until(&[',', ':', '{', '}', '[', ']', '\n']).to_owned()
    }

    fn escaped(&mut self, text: &mut String) {
        let Some(c) = self.next() else { return };
        text.push(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                // Half a sign (a surrogate) needs its other half: what JSON writes of both is read as JSON.
                let code = self.rest().get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
                let is_half = code.is_some_and(|code| (0xd800..0xdc00).contains(&code));
                let length = if is_half && self.rest().get(4..6) == Some("\\u") { 10 } else { 4 };
                let sign = |length| {
                    let digits = self.rest().get(..length)?;
                    Some((from_json(&format!("\"\\u{digits}\"")).ok()?.as_str()?.to_owned(), length))
                };
                if let Some((sign, length)) = sign(length).or_else(|| sign(4)) {
                    self.at += length;
                    text.push_str(&sign);
                }
                return;
            }
            other => other,
        });
    }

    /// Whether a quote that was just read ends its text: what follows can follow a text and nothing else.
    fn ends_here(&self, place: Place) -> bool {
        let rest = self.rest();
        let after = rest.trim_start();
        let breaks_line = rest[..rest.len() - after.len()].contains('\n');
        let Some(next) = after.chars().next() else { return true };
        match (place, next) {
            (Place::Key, ':') | (_, '}' | ']') => true,
            (Place::Key, _) => false,
            (Place::Value, ',') => {
                let then = after[1..].trim_start();
                let is_closed = then.is_empty() || then.starts_with(['{', '}', '[', ']', '/']) || begins_value(then);
                is_closed || then.starts_with(|c| closing(c).is_some())
            }
            (Place::Value, '/') => after.starts_with("//") || after.starts_with("/*"),
            (Place::Value, c) => breaks_line && closing(c).is_some(),
        }
    }
}

/// Where a text stands.
#[derive(Clone, Copy)]
enum Place {
    Key,
    Value,
}

/// Whether what follows a comma is a number, a word of JSON, or a name with a colon behind it.
fn begins_value(then: &str) -> bool {
    let end =
        then.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.' | '+'))).unwrap_or(then.len());
    let (word, after) = then.split_at(end);
    let after = after.trim_start();
    if word.is_empty() {
        return false;
    }
    after.starts_with(':') || (from_json(word).is_ok() && (after.is_empty() || after.starts_with([',', ']', '}'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_mistakes_is_read() {
        for (given, expected) in [
            (r#"{"a":}"#, Some(r#"{"a":null}"#)),
            (r#"{"a": ,"b": undefined}"#, Some(r#"{"a":null,"b":null}"#)),
            ("{\"a\":\"x\ny\tz\"}", Some(r#"{"a":"x\ny\tz"}"#)),
            (r#"{"a":"say "hi", he said","b":"1"}"#, Some(r#"{"a":"say \"hi\", he said","b":"1"}"#)),
            (r#"{"a":"C:\dir \u00e9\ud83d\ude42"}"#, Some(r#"{"a":"C:dir é🙂"}"#)),
            (r#"{"a":["x"y","z"]}"#, Some(r#"{"a":["x\"y","z"]}"#)),
            ("{\"a\":\"x\"\n\"b\":1 \"c\":True}", Some(r#"{"a":"x","b":1,"c":true}"#)),
            (r#"{"a":[1,2}"#, Some(r#"{"a":[1,2]}"#)),
            (r#"{"a":{"b":[1"#, Some(r#"{"a":{"b":[1]}}"#)),
            (r#"{"a":"open"#, Some(r#"{"a":"open"}"#)),
            (r#"{"a":"}"#, Some(r#"{"a":""}"#)),
            (r#"{"a":1,"b"#, Some(r#"{"a":1,"b":null}"#)),
            ("{a: hello world, 'b': “c”,}", Some(r#"{"a":"hello world","b":"c"}"#)),
            (r#"{"a":[object Object]}"#, Some(r#"{"a":["object Object"]}"#)),
            ("// c\n{/* d */\"a\":1, // e\n\"b\":2}", Some(r#"{"a":1,"b":2}"#)),
            ("```json\n{\"a\":1}\n```", Some(r#"{"a":1}"#)),
            (r#"{"a":"x" "y"}"#, Some(r#"{"a":"x\" \"y"}"#)),
            (r#"{"a":1} {"#, None),
        ] {
            assert_eq!(repaired(given).map(|value| value.to_json()).as_deref(), expected, "{given}");
        }
        assert!(repaired(&"[".repeat(MAX_DEPTH * 2)).is_none());
    }
}
