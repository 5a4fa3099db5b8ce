//! Texts of SQL with places for values.

use std::fmt::Write as _;

use weft_value::Value;

/// A statement, with a value for each `@P1`, `@P2`, … in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// What stands in its places.
    pub values: Vec<Value>,
}

impl From<&str> for Statement {
    fn from(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }
}

/// A name of a column, whatever is in it.
pub fn identifier(name: &str) -> String {
    format!("[{}]", name.replace(']', "]]"))
}

/// A name of a table, perhaps behind those of its schema and its database: `shop.dbo.orders`. What stands in brackets or double
/// quotes is one name already.
pub fn qualified(name: &str) -> String {
    let mut parts = vec![String::new()];
    let mut closing = None;
    for character in name.trim().chars() {
        match (closing, character) {
            (Some(end), other) if other == end => closing = None,
            (None, '[') => closing = Some(']'),
            (None, '"') => closing = Some('"'),
            (None, '.') => parts.push(String::new()),
            (_, other) => parts.iter_mut().last().into_iter().for_each(|part| part.push(other)),
        }
    }
    // Between two dots may be nothing: the schema of the user.
    let written = |part: &String| if part.is_empty() { String::new() } else { identifier(part) };
    parts.iter().map(written).collect::<Vec<_>>().join(".")
}

/// A place for a value in `values`, which is put there.
pub fn place(value: &Value, values: &mut Vec<Value>) -> String {
    values.push(value.clone());
    format!("@P{}", values.len())
}

/// `query` with places for what it asks for: `$1` is the first value. Inside of quoted texts, names and comments nothing is asked for.
pub fn prepared(query: &str, values: &[Value]) -> Result<Statement, String> {
    let mut sql = String::with_capacity(query.len());
    let mut rest = query;
    let mut asks = false;
    while let Some(first) = rest.chars().next() {
        if first == '$'
            && !sql.ends_with(is_name_part)
            && let Some((number, after)) = number_of(rest)
        {
            let given = values.len();
            if number > given {
                return Err(format!("The query asks for the value ${number}, but only {given} are given."));
            }
            let _ = write!(sql, "@P{number}");
            asks = true;
            rest = after;
            continue;
        }
        let length = kept(rest, first);
        sql.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    // Without a place, the text may be anything, such as the body of a procedure, which is no statement with values.
    Ok(Statement { sql, values: if asks { values.to_vec() } else { Vec::new() } })
}

fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || "_$@#".contains(character)
}

/// The number behind a `$`, and what follows it. `$1.50` is an amount of money.
fn number_of(text: &str) -> Option<(usize, &str)> {
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    let number = text[1..=digits].parse().ok().filter(|number| *number > 0)?;
    let after = &text[1 + digits..];
    let is_money = after.strip_prefix('.').is_some_and(|more| more.starts_with(|next: char| next.is_ascii_digit()));
    (!is_money).then_some((number, after))
}

/// How much of `text`, which begins with `first`, is one piece that asks for nothing: a quoted text or name, a comment, a letter.
/// A doubled quote is one text that ends and another that begins, which is the same here.
fn kept(text: &str, first: char) -> usize {
    let until = |end: char| 1 + text[1..].find(end).map_or(text.len() - 1, |at| at + 1);
    match first {
        '\'' | '"' => until(first),
        '[' => until(']'),
        '-' if text.starts_with("--") => text.find('\n').unwrap_or(text.len()),
        '/' if text.starts_with("/*") => text[2..].find("*/").map_or(text.len(), |end| end + 4),
        other => other.len_utf8(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use weft_value::from_json;

    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(identifier("a]b; drop table x"), "[a]]b; drop table x]");
        for (name, expected) in [
            ("t", "[t]"),
            (" shop.dbo.orders ", "[shop].[dbo].[orders]"),
            ("[a.b].c", "[a.b].[c]"),
            ("\"a.b\".\"c\"", "[a.b].[c]"),
            ("shop..orders", "[shop]..[orders]"),
            ("é; drop table x--", "[é; drop table x--]"),
        ] {
            assert_eq!(qualified(name), expected);
        }
    }

    #[test]
    fn values_travel_beside_the_text() {
        let values = from_json(r#"["it's",2]"#).unwrap();
        for (query, expected) in [
            ("select $1, $2 + $2", "select @P1, @P2 + @P2"),
            ("select '$1', [$1], \"$1\", a$1, @$1, $2", "select '$1', [$1], \"$1\", a$1, @$1, @P2"),
            ("$2 -- $1\n/* $1; */ '''$1'", "@P2 -- $1\n/* $1; */ '''$1'"),
            ("select $1.50, $1", "select $1.50, @P1"),
            ("'open $1 é $2", "'open $1 é $2"),
            ("merge $action $0 $", "merge $action $0 $"),
        ] {
            let made = prepared(query, values.as_array().unwrap()).unwrap();
            assert_eq!(made.sql, expected);
            assert_eq!(made.values.is_empty(), !expected.contains("@P"), "{query}");
        }
        assert!(prepared("select $3", values.as_array().unwrap()).unwrap_err().contains("$3, but only 2"));
    }
}
