//! Texts of SQL: names and values that stay what they are.

use std::fmt::Write as _;

use postgres_protocol::escape::{escape_identifier, escape_literal};
use weft_value::Value;

/// A name of a table or a column, whatever is in it.
pub fn identifier(name: &str) -> String {
    escape_identifier(name)
}

/// A table in a schema; in the one that the server finds it in where none is named.
pub fn qualified(schema: &str, table: &str) -> String {
    if schema.is_empty() { identifier(table) } else { format!("{}.{}", identifier(schema), identifier(table)) }
}

/// A value as a literal. Numbers and truth values are themselves, everything else is text of no type yet, which becomes what
/// the place where it stands needs; a list is an array of literals, an object is JSON.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => "NULL".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) if !number.is_finite() => escape_literal(&number.to_string()),
        // A sign would join with one before it, and two of them begin a comment.
        Value::Number(number) if *number < 0.0 => format!("({})", value.to_json()),
        Value::Number(_) => value.to_json(),
        Value::Array(list) if list.is_empty() => "'{}'".to_owned(),
        Value::Array(list) => format!("array[{}]", list.iter().map(literal).collect::<Vec<_>>().join(",")),
        Value::String(text) => escape_literal(text),
        other => escape_literal(&plain(other)),
    }
}

/// A value as plain text.
fn plain(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => String::new(),
        Value::String(text) => text.as_str().to_owned(),
        Value::DateTime(moment) => moment.to_iso(),
        other => other.to_json(),
    }
}

/// A list as the text of an array, `{1,"a b",NULL}`, which every type of array reads (manual, section 8.15.2).
pub fn array(list: &[Value]) -> String {
    let mut text = String::from("{");
    for (index, entry) in list.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        match entry {
            Value::Undefined | Value::Null => text.push_str("NULL"),
            Value::Array(inner) => text.push_str(&array(inner)),
            other => {
                let escaped = plain(other).replace('\\', "\\\\").replace('"', "\\\"");
                let _ = write!(text, "\"{escaped}\"");
            }
        }
    }
    text.push('}');
    text
}

/// `query` with its `$1`, `$2`, … replaced by literals of `values`. What follows says how: `:name` (or `~`) is a name, a list of
/// them with commas, or the fields of an object; `:csv` (or `:list`) the literals of a list; `:json` the JSON of a value;
/// `:raw` (or `^`) its text as it is. Inside of quoted texts, names and comments nothing is replaced but `:value` (or `#`) in
/// texts: the value without quotes of its own.
pub fn replaced(query: &str, values: &[Value]) -> Result<String, String> {
    let mut out = String::with_capacity(query.len() + 16 * values.len());
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '\'' => {
                let escapes = is_escape_string(&out);
                let length = string_length(rest, escapes);
                out.push_str(&with_open_values(&rest[..length], values, escapes)?);
                rest = &rest[length..];
                continue;
            }
            '"' => 1 + rest[1..].find('"').map_or(rest.len() - 1, |end| end + 1),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment_length(rest),
            '$' if !out.ends_with(is_name_part) => {
                if let Some((asked, length)) = asked_for(rest) {
                    out.push_str(&asked.written(values)?);
                    rest = &rest[length..];
                    continue;
                }
                dollar_quoted_length(rest)
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..skipped]);
        rest = &rest[skipped..];
    }
    Ok(out)
}

fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// Whether the quote that follows begins a text with backslash escapes: `E'…'`.
fn is_escape_string(before: &str) -> bool {
    let mut last = before.chars().rev();
    last.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&'e')) && !last.next().is_some_and(is_name_part)
}

/// The length of a text with its quotes. A doubled quote is one text that ends and another that begins, which is the same here.
fn string_length(text: &str, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return at + 1,
            '\\' if escapes => {
                characters.next();
            }
            _ => {}
        }
    }
    text.len()
}

/// Comments nest.
fn comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let step = if rest.starts_with(b"/*") {
            depth += 1;
            2
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            2
        } else {
            1
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of `$tag$…$tag$`, or 1 where that is no such text.
fn dollar_quoted_length(text: &str) -> usize {
    let Some(end) = text[1..].find('$') else { return 1 };
    let tag = &text[..end + 2];
    let is_tag = tag[1..=end].chars().all(|character| character.is_alphanumeric() || character == '_');
    if !is_tag {
        return 1;
    }
    text[tag.len()..].find(tag).map_or(text.len(), |close| tag.len() + close + tag.len())
}

/// A place where a value is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked {
    number: usize,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Literal,
    Name,
    List,
    Json,
    Raw,
    Open,
}

/// How a value may be asked for, by what follows its number.
const WAYS: [(&str, How); 10] = [
    (":name", How::Name),
    (":alias", How::Name),
    ("~", How::Name),
    (":csv", How::List),
    (":list", How::List),
    (":json", How::Json),
    (":raw", How::Raw),
    ("^", How::Raw),
    (":value", How::Open),
    ("#", How::Open),
];

/// What a text that begins with `$` asks for, and how long that is.
fn asked_for(text: &str) -> Option<(Asked, usize)> {
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    let number = text[1..=digits].parse().ok().filter(|number| *number > 0)?;
    let rest = &text[1 + digits..];
    let found = WAYS.iter().find(|(word, _)| {
        let follows = rest.strip_prefix(word).and_then(|after| after.chars().next());
        rest.starts_with(word) && !(word.starts_with(':') && follows.is_some_and(is_name_part))
    });
    let (word, how) = found.copied().unwrap_or(("", How::Literal));
    Some((Asked { number, how }, 1 + digits + word.len()))
}

impl Asked {
    fn value(self, values: &[Value]) -> Result<&Value, String> {
        values.get(self.number - 1).ok_or_else(|| {
            let (number, given) = (self.number, values.len());
            format!("The query asks for the value ${number}, but only {given} are given.")
        })
    }

    fn written(self, values: &[Value]) -> Result<String, String> {
        let value = self.value(values)?;
        Ok(match self.how {
            How::Literal => literal(value),
            How::Name => names(value, self.number)?,
            How::List => match value {
                Value::Array(list) => list.iter().map(literal).collect::<Vec<_>>().join(","),
                Value::Object(object) => object.values().map(literal).collect::<Vec<_>>().join(","),
                one => literal(one),
            },
            How::Json => escape_literal(&value.to_json()),
            How::Raw => plain(value),
            How::Open => plain(value).replace('\'', "''"),
        })
    }
}

fn names(value: &Value, number: usize) -> Result<String, String> {
    let listed: Vec<String> = match value {
        Value::Array(list) => list.iter().map(plain).collect(),
        Value::Object(object) => object.keys().map(|key| key.as_str().to_owned()).collect(),
        one => vec![plain(one)],
    };
    if listed.is_empty() || listed.iter().any(String::is_empty) {
        return Err(format!("The value ${number} is used as a name, but it is empty."));
    }
    Ok(listed.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(","))
}

/// A quoted text with the values that are asked for inside of its quotes.
fn with_open_values(text: &str, values: &[Value], escapes: bool) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((asked, length)) = asked_for(rest).filter(|(asked, _)| asked.how == How::Open) {
            let written = asked.written(values)?;
            out.push_str(&if escapes { written.replace('\\', "\\\\") } else { written });
            rest = &rest[length..];
        } else {
            out.push('$');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;

    #[test]
    fn values_are_literals_that_nothing_gets_out_of() {
        for (json, expected) in [
            ("null", "NULL"),
            ("true", "true"),
            ("1.5", "1.5"),
            ("-1", "(-1)"),
            (r#""it's""#, "'it''s'"),
            (r#""a\\'; drop table x; --""#, r" E'a\\''; drop table x; --'"),
            (r#""é世""#, "'é世'"),
            (r#"[1,"a",null]"#, "array[1,'a',NULL]"),
            ("[]", "'{}'"),
            (r#"{"a":"it's"}"#, r#"'{"a":"it''s"}'"#),
        ] {
            assert_eq!(literal(&from_json(json).unwrap()), expected, "{json}");
        }
        assert_eq!(literal(&Value::Number(f64::NAN)), "'NaN'");
        assert_eq!(qualified("public", r#"a"b"#), r#""public"."a""b""#);
        assert_eq!(qualified("", "a"), r#""a""#);
    }

    #[test]
    fn lists_are_texts_of_arrays() {
        let list = from_json(r#"[1,"a \"b\" \\c",null,[true,""]]"#).unwrap();
        assert_eq!(array(list.as_array().unwrap()), r#"{"1","a \"b\" \\c",NULL,{"true",""}}"#);
        assert_eq!(array(&[]), "{}");
    }

    #[test]
    fn values_take_the_places_that_ask_for_them() {
        let values = from_json(r#"["it's", 2, ["a\"b","c"], {"x":1}, "o'k"]"#).unwrap();
        let values = values.as_array().unwrap();
        for (query, expected) in [
            ("select $1, $2::int, $2 + $2", "select 'it''s', 2::int, 2 + 2"),
            ("select '$1', \"$1\", a$1 -- $1\n, $2", "select '$1', \"$1\", a$1 -- $1\n, 2"),
            ("/* $1 /* $1 */ $1 */ $2", "/* $1 /* $1 */ $1 */ 2"),
            ("$$ $1 $$ $t$ $1 $$ $t$ $2", "$$ $1 $$ $t$ $1 $$ $t$ 2"),
            (r"E'\'$1' $2", r"E'\'$1' 2"),
            (r"'\' $2", r"'\' 2"),
            ("$3:name $3~ $4:name $1:alias", r#""a""b","c" "a""b","c" "x" "it's""#),
            ("in ($3:csv) ($3:list) $4:json $2:raw $2^", r#"in ('a"b','c') ('a"b','c') '{"x":1}' 2 2"#),
            ("like '%$5:value%' '$5#' $3", r#"like '%o''k%' 'o''k' array['a"b','c']"#),
            ("$1:names", "'it''s':names"),
            ("'open $1", "'open $1"),
            ("select 1 $ $0 é", "select 1 $ $0 é"),
            ("", ""),
        ] {
            assert_eq!(replaced(query, values).unwrap(), expected, "{query}");
        }
        for (query, part) in [("$6", "$6, but only 5"), ("$7:name", "$7")] {
            assert!(replaced(query, values).unwrap_err().contains(part), "{query}");
        }
        assert!(replaced("$1:name", &[Value::from("")]).unwrap_err().contains("empty"));
    }
}
