//! Texts of SQL with places for values.

use weft_value::Value;

/// A statement, with a value for each `?` in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// What stands in its places. Where there is none, the text may hold several statements.
    pub values: Vec<Value>,
}

impl From<&str> for Statement {
    fn from(sql: &str) -> Self {
        Self::from(sql.to_owned())
    }
}

impl From<String> for Statement {
    fn from(sql: String) -> Self {
        Self { sql, values: Vec::new() }
    }
}

/// A name of a column, whatever is in it.
pub fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A name of a table, perhaps behind that of its database: `shop.orders`. What stands in backticks is one name already.
pub fn qualified(name: &str) -> String {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for character in name.trim().chars() {
        match character {
            '`' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            other => parts.iter_mut().last().into_iter().for_each(|part| part.push(other)),
        }
    }
    parts.iter().map(|part| identifier(part)).collect::<Vec<_>>().join(".")
}

/// A place for a value in `values`, which is put there. A list takes as many places as it is long, with commas between them, as
/// `in (…)` wants it; a list in it is a row in parentheses.
pub fn place(value: &Value, values: &mut Vec<Value>) -> String {
    match value {
        Value::Array(list) if list.is_empty() => "NULL".to_owned(),
        Value::Array(list) => {
            let one = |entry: &Value| match entry {
                Value::Array(_) => format!("({})", place(entry, values)),
                other => place(other, values),
            };
            list.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        other => {
            values.push(other.clone());
            "?".to_owned()
        }
    }
}

/// `query` with places for what it asks for: `$1` is the first value, `$1:name` a name that the first value says, `?` the next
/// value. Inside of quoted texts, names and comments nothing is asked for. Where it asks for values it is taken apart at its
/// semicolons, since the server prepares one statement at a time.
pub fn prepared(query: &str, values: &[Value]) -> Result<Vec<Statement>, String> {
    let mut reading = Reading { values, next: 0, statements: Vec::new(), now: Statement::default() };
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ';' => {
                reading.end();
                rest = &rest[1..];
                continue;
            }
            '?' => {
                reading.next_value()?;
                rest = &rest[1..];
                continue;
            }
            '$' if !reading.now.sql.ends_with(is_name_part) => {
                if let Some((number, after)) = number_of(rest) {
                    rest = reading.numbered(number, after)?;
                    continue;
                }
                1
            }
            _ => kept(rest, first),
        };
        reading.now.sql.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    reading.end();
    if reading.statements.iter().all(|statement| statement.values.is_empty()) {
        // No place, no need to take it apart: bodies of procedures have semicolons of their own.
        let names: Vec<String> = reading.statements.into_iter().map(|statement| statement.sql).collect();
        return Ok(vec![names.join(";").into()]);
    }
    Ok(reading.statements)
}

struct Reading<'a> {
    values: &'a [Value],
    /// Which value the next `?` stands for.
    next: usize,
    statements: Vec<Statement>,
    now: Statement,
}

impl Reading<'_> {
    fn end(&mut self) {
        let now = std::mem::take(&mut self.now);
        if !now.sql.trim().is_empty() {
            self.statements.push(now);
        }
    }

    fn value(&self, number: usize) -> Result<&Value, String> {
        let given = self.values.len();
        let none = || format!("The query asks for the value ${number}, but only {given} are given.");
        number.checked_sub(1).and_then(|index| self.values.get(index)).ok_or_else(none)
    }

    fn next_value(&mut self) -> Result<(), String> {
        self.next += 1;
        let value = self.value(self.next)?.clone();
        let place = place(&value, &mut self.now.values);
        self.now.sql.push_str(&place);
        Ok(())
    }

    /// What stands for a value that is asked for by its number, and what follows.
    fn numbered<'q>(&mut self, number: usize, after: &'q str) -> Result<&'q str, String> {
        let value = self.value(number)?.clone();
        let name = after.strip_prefix(":name").filter(|rest| !rest.starts_with(is_name_part));
        let written = match name {
            Some(_) => names(&value, number)?,
            None => place(&value, &mut self.now.values),
        };
        self.now.sql.push_str(&written);
        Ok(name.unwrap_or(after))
    }
}

fn names(value: &Value, number: usize) -> Result<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_json(), str::to_owned);
    let listed: Vec<String> = match value {
        Value::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    };
    if listed.is_empty() || listed.iter().any(String::is_empty) {
        return Err(format!("The value ${number} is used as a name, but it is empty."));
    }
    Ok(listed.iter().map(|name| qualified(name)).collect::<Vec<_>>().join(","))
}

fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The number behind a `$`, and what follows it.
fn number_of(text: &str) -> Option<(usize, &str)> {
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    let number = text[1..=digits].parse().ok().filter(|number| *number > 0)?;
    Some((number, &text[1 + digits..]))
}

/// How much of `text`, which begins with `first`, is one piece that asks for nothing: a quoted text or name, a comment, a letter.
fn kept(text: &str, first: char) -> usize {
    match first {
        '\'' | '"' => quoted_length(text, first),
        '`' => 1 + text[1..].find('`').map_or(text.len() - 1, |end| end + 1),
        '#' => text.find('\n').unwrap_or(text.len()),
        '-' if text.starts_with("--") && text[2..].chars().next().is_none_or(char::is_whitespace) => {
            text.find('\n').unwrap_or(text.len())
        }
        '/' if text.starts_with("/*") => text[2..].find("*/").map_or(text.len(), |end| end + 4),
        other => other.len_utf8(),
    }
}

/// The length of a text with its quotes. A doubled quote is one text that ends and another that begins, which is the same here.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;

    fn read(query: &str, values: &str) -> Result<Vec<(String, String)>, String> {
        let values = from_json(values).unwrap();
        let statements = prepared(query, values.as_array().unwrap())?;
        Ok(statements.into_iter().map(|one| (one.sql, Value::from(one.values).to_json())).collect())
    }

    #[test]
    fn names_stay_names() {
        assert_eq!(identifier("a`b; drop table x"), "`a``b; drop table x`");
        for (name, expected) in
            [("t", "`t`"), (" shop.orders ", "`shop`.`orders`"), ("`a.b`.c", "`a.b`.`c`"), ("é", "`é`"), ("", "``")]
        {
            assert_eq!(qualified(name), expected);
        }
    }

    #[test]
    fn values_travel_beside_the_text() {
        for (query, sql, given) in [
            ("select $1, $2 + $2", "select ?, ? + ?", r#"["it's",2,2]"#),
            ("select ?, ?", "select ?, ?", r#"["it's",2]"#),
            ("select '$1', \"?\", `$1`, a$1, $2", "select '$1', \"?\", `$1`, a$1, ?", "[2]"),
            ("$2 # $1\n-- ?\n/* $1; */ --2", "? # $1\n-- ?\n/* $1; */ --2", "[2]"),
            (r"'\'$1' '''$1' $2", r"'\'$1' '''$1' ?", "[2]"),
            ("in ($3) ($4)", "in (?, ?) ((?, ?), (?, ?))", r#"["a","b",1,2,3,4]"#),
            ("$5:name $6:name, $1", "`t` `a`.`b`,`c`, ?", r#"["it's"]"#),
            ("$7 in ($8)", "? in (NULL)", r#"[{"x":1}]"#),
            ("$1:names 'open $1", "?:names 'open $1", r#"["it's"]"#),
        ] {
            let values = r#"["it's",2,["a","b"],[[1,2],[3,4]],"t",["a.b","c"],{"x":1},[]]"#;
            assert_eq!(read(query, values), Ok(vec![(sql.to_owned(), given.to_owned())]), "{query}");
        }
    }

    #[test]
    fn several_statements_are_taken_apart_where_they_ask() {
        let two = vec![("select ?".to_owned(), "[1]".to_owned()), (" select ';'".to_owned(), "[]".to_owned())];
        assert_eq!(read("select $1; select ';'; ", "[1]"), Ok(two));
        let one = "create procedure p() begin select 1; select 2; end";
        assert_eq!(read(one, "[1]"), Ok(vec![(one.to_owned(), "[]".to_owned())]));
    }

    #[test]
    fn what_is_not_given_is_told() {
        for (query, part) in [("$3", "$3, but only 2"), ("?, ?, ?", "$3, but only 2"), ("$2:name", "is empty")] {
            assert!(read(query, r#"["a",""]"#).unwrap_err().contains(part), "{query}");
        }
        assert_eq!(read("select 1 $ $0 é", "[]").unwrap()[0].0, "select 1 $ $0 é");
    }
}
