//! From a query to a tree: precedence climbing over tokens, by the binding powers of the specification's grammar.

use weft_value::{Text, Value, from_json};

/// A query.
#[derive(Debug)]
pub(super) enum Node {
    /// `@`.
    Current,
    Field(Text),
    Index(i64),
    Slice(Slice),
    Literal(Value),
    /// `a.b`, `a | b`: the second within what the first finds.
    Then(Box<Node>, Box<Node>),
    /// `list[*].each`.
    Project(Box<Node>, Box<Node>),
    /// `object.*.each`.
    ProjectValues(Box<Node>, Box<Node>),
    /// `list[?condition].each`.
    Filter {
        list: Box<Node>,
        condition: Box<Node>,
        each: Box<Node>,
    },
    /// `list[]`.
    Flatten(Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(Compare, Box<Node>, Box<Node>),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{name: a}`.
    Hash(Vec<(Text, Node)>),
    Call(Text, Vec<Node>),
    /// `&a`, for functions that evaluate it themselves.
    Reference(Box<Node>),
}

/// `[from:to:step]`.
#[derive(Debug, Default)]
pub(super) struct Slice {
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub step: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Why there is no tree.
#[derive(Debug)]
pub(super) enum Fault {
    Syntax(String),
    /// A name that expressions must not touch.
    Refused(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Quoted(String),
    Literal(Value),
    Number(i64),
    Compare(Compare),
    /// `[]`.
    Flatten,
    /// `[?`.
    Filter,
    Or,
    And,
    /// Any sign of one letter.
    Sign(char),
    End,
}

/// Tokens of one query; a tree of theirs can be as deep, and is dropped by recursion.
const MOST_TOKENS: usize = 1000;
/// How deep brackets may nest.
const DEEPEST: u32 = 60;

const PIPE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const COMPARE: u8 = 5;
const FLATTEN: u8 = 9;
const STAR: u8 = 20;
const FILTER: u8 = 21;
const DOT: u8 = 40;
const NOT: u8 = 45;

fn power(token: &Token) -> u8 {
    match token {
        Token::Or => OR,
        Token::And => AND,
        Token::Compare(_) => COMPARE,
        Token::Flatten => FLATTEN,
        Token::Filter => FILTER,
        Token::Sign('|') => PIPE,
        Token::Sign('*') => STAR,
        Token::Sign('.') => DOT,
        Token::Sign('!') => NOT,
        Token::Sign('{') => 50,
        Token::Sign('[') => 55,
        Token::Sign('(') => 60,
        Token::Name(_) | Token::Quoted(_) | Token::Literal(_) | Token::Number(_) | Token::Sign(_) | Token::End => 0,
    }
}

type Parsed<T = Node> = Result<T, Fault>;

fn syntax<T>(sentence: impl Into<String>) -> Parsed<T> {
    Err(Fault::Syntax(sentence.into()))
}

/// The tree of `query`.
pub(super) fn parse(query: &str) -> Parsed {
    let mut parser = Parser { tokens: tokens(query)?, at: 0, depth: 0 };
    let node = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(node),
        other => unexpected(other),
    }
}

fn unexpected<T>(token: &Token) -> Parsed<T> {
    let what = match token {
        Token::Name(name) | Token::Quoted(name) => format!("\"{name}\" is not expected there."),
        Token::Sign(sign) => format!("\"{sign}\" is not expected there."),
        Token::Number(number) => format!("\"{number}\" is not expected there."),
        Token::End => "it ends too early.".to_owned(),
        Token::Literal(_) => "a literal is not expected there.".to_owned(),
        Token::Compare(_) | Token::Or | Token::And => "an operator is not expected there.".to_owned(),
        Token::Flatten | Token::Filter => "\"[\" is not expected there.".to_owned(),
    };
    syntax(what)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is(&self, sign: char) -> bool {
        *self.peek() == Token::Sign(sign)
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        match self.peek() {
            Token::End => syntax(format!("a \"{sign}\" is missing at the end.")),
            other => unexpected(other),
        }
    }

    fn expression(&mut self, least: u8) -> Parsed {
        if self.depth == DEEPEST {
            return syntax(format!("it nests deeper than {DEEPEST} levels."));
        }
        self.depth += 1;
        let mut left = self.first()?;
        while least < power(self.peek()) {
            left = self.more(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What begins an expression.
    fn first(&mut self) -> Parsed {
        match self.next() {
            Token::Literal(value) => Ok(Node::Literal(value)),
            Token::Quoted(_) if self.is('(') => syntax("the name of a function stands without quotes."),
            Token::Name(name) | Token::Quoted(name) => named(name),
            Token::Filter => self.filter(Node::Current),
            Token::Flatten => self.flatten(Node::Current),
            Token::Sign('!') => Ok(Node::Not(Box::new(self.expression(NOT)?))),
            Token::Sign('*') => {
                let each = if self.is(']') { Node::Current } else { self.projected(STAR)? };
                Ok(Node::ProjectValues(Box::new(Node::Current), Box::new(each)))
            }
            Token::Sign('{') => self.hash(),
            Token::Sign('[') => match self.peek() {
                Token::Number(_) | Token::Sign(':') => self.index(Node::Current),
                Token::Sign('*') if self.tokens.get(self.at + 1) == Some(&Token::Sign(']')) => {
                    self.at += 2;
                    let each = self.projected(STAR)?;
                    Ok(Node::Project(Box::new(Node::Current), Box::new(each)))
                }
                _ => self.list(),
            },
            Token::Sign('@') => Ok(Node::Current),
            Token::Sign('&') => Ok(Node::Reference(Box::new(self.expression(0)?))),
            Token::Sign('(') => {
                let inner = self.expression(0)?;
                self.expect(')')?;
                Ok(inner)
            }
            other => unexpected(&other),
        }
    }

    /// What goes on with `left`.
    fn more(&mut self, left: Node) -> Parsed {
        let left = Box::new(left);
        match self.next() {
            Token::Sign('.') if self.take('*') => Ok(Node::ProjectValues(left, Box::new(self.projected(STAR)?))),
            Token::Sign('.') => Ok(Node::Then(left, Box::new(self.after_dot(DOT)?))),
            Token::Sign('|') => Ok(Node::Then(left, Box::new(self.expression(PIPE)?))),
            Token::Or => Ok(Node::Or(left, Box::new(self.expression(OR)?))),
            Token::And => Ok(Node::And(left, Box::new(self.expression(AND)?))),
            Token::Compare(compare) => Ok(Node::Compare(compare, left, Box::new(self.expression(COMPARE)?))),
            Token::Flatten => self.flatten(*left),
            Token::Filter => self.filter(*left),
            Token::Sign('(') => match *left {
                Node::Field(name) => self.arguments(name),
                _ => syntax("only the name of a function can stand before \"(\"."),
            },
            Token::Sign('[') if matches!(self.peek(), Token::Number(_) | Token::Sign(':')) => self.index(*left),
            Token::Sign('[') => {
                match self.next() {
                    Token::Sign('*') => self.expect(']')?,
                    other => return unexpected(&other),
                }
                Ok(Node::Project(left, Box::new(self.projected(STAR)?)))
            }
            other => unexpected(&other),
        }
    }

    fn flatten(&mut self, left: Node) -> Parsed {
        let each = self.projected(FLATTEN)?;
        Ok(Node::Project(Box::new(Node::Flatten(Box::new(left))), Box::new(each)))
    }

    fn filter(&mut self, list: Node) -> Parsed {
        let condition = Box::new(self.expression(0)?);
        self.expect(']')?;
        let each = if *self.peek() == Token::Flatten { Node::Current } else { self.projected(FILTER)? };
        Ok(Node::Filter { list: Box::new(list), condition, each: Box::new(each) })
    }

    /// What is done with every element of a projection.
    fn projected(&mut self, least: u8) -> Parsed {
        match self.peek() {
            token if power(token) < 10 => Ok(Node::Current),
            Token::Sign('[') | Token::Filter => self.continued(least),
            Token::Sign('.') => {
                self.at += 1;
                self.after_dot(least)
            }
            other => unexpected(other),
        }
    }

    /// Goes on from the current element with `[…]`, which is no list of several here.
    fn continued(&mut self, least: u8) -> Parsed {
        let mut left = self.more(Node::Current)?;
        while least < power(self.peek()) {
            left = self.more(left)?;
        }
        Ok(left)
    }

    fn after_dot(&mut self, least: u8) -> Parsed {
        match self.peek() {
            Token::Name(_) | Token::Quoted(_) | Token::Sign('*' | '{') => self.expression(least),
            Token::Sign('[') => {
                self.at += 1;
                self.list()
            }
            other => unexpected(other),
        }
    }

    /// `0]`, `1:3]`.
    fn index(&mut self, left: Node) -> Parsed {
        let mut parts = [None; 3];
        let mut part = 0;
        loop {
            match self.next() {
                Token::Number(number) if parts[part].is_none() => parts[part] = Some(number),
                Token::Sign(':') if part < 2 => part += 1,
                Token::Sign(']') => break,
                other => return unexpected(&other),
            }
        }
        let [from, to, step] = parts;
        match (part, from) {
            (0, Some(index)) => Ok(Node::Then(Box::new(left), Box::new(Node::Index(index)))),
            (0, None) => syntax("\"[]\" needs a number."),
            _ => {
                let slice = Node::Then(Box::new(left), Box::new(Node::Slice(Slice { from, to, step })));
                Ok(Node::Project(Box::new(slice), Box::new(self.projected(STAR)?)))
            }
        }
    }

    fn list(&mut self) -> Parsed {
        let mut nodes = vec![self.expression(0)?];
        while self.take(',') {
            nodes.push(self.expression(0)?);
        }
        self.expect(']')?;
        Ok(Node::List(nodes))
    }

    fn hash(&mut self) -> Parsed {
        let mut entries = Vec::new();
        loop {
            let name = match self.next() {
                Token::Name(name) | Token::Quoted(name) => allowed(name)?,
                other => return unexpected(&other),
            };
            self.expect(':')?;
            entries.push((Text::from(name), self.expression(0)?));
            if !self.take(',') {
                break;
            }
        }
        self.expect('}')?;
        Ok(Node::Hash(entries))
    }

    fn arguments(&mut self, name: Text) -> Parsed {
        let mut args = Vec::new();
        while !self.take(')') {
            if !args.is_empty() {
                self.expect(',')?;
            }
            args.push(self.expression(0)?);
        }
        Ok(Node::Call(name, args))
    }
}

fn allowed(name: String) -> Parsed<String> {
    if crate::compile::is_refused(&name) { Err(Fault::Refused(name)) } else { Ok(name) }
}

fn named(name: String) -> Parsed {
    Ok(Node::Field(Text::from(allowed(name)?)))
}

fn tokens(query: &str) -> Parsed<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        if tokens.len() == MOST_TOKENS {
            return syntax(format!("it is longer than {MOST_TOKENS} words and signs."));
        }
        let (token, length) = token(rest, first)?;
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The token at the beginning of `rest`, and its bytes.
fn token(rest: &str, first: char) -> Parsed<(Token, usize)> {
    const TWO: &[(&str, Token)] = &[
        ("||", Token::Or),
        ("&&", Token::And),
        ("[]", Token::Flatten),
        ("[?", Token::Filter),
        ("==", Token::Compare(Compare::Equal)),
        ("!=", Token::Compare(Compare::NotEqual)),
        ("<=", Token::Compare(Compare::LessEqual)),
        (">=", Token::Compare(Compare::GreaterEqual)),
    ];
    if let Some((_, token)) = TWO.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((token.clone(), 2));
    }
    let run = |belongs: fn(char) -> bool| rest[1..].find(|c| !belongs(c)).map_or(rest.len(), |end| end + 1);
    Ok(match first {
        '<' => (Token::Compare(Compare::Less), 1),
        '>' => (Token::Compare(Compare::Greater), 1),
        'a'..='z' | 'A'..='Z' | '_' => {
            let length = run(|c| c.is_ascii_alphanumeric() || c == '_');
            (Token::Name(rest[..length].to_owned()), length)
        }
        '-' | '0'..='9' => {
            let length = run(|c| c.is_ascii_digit());
            match rest[..length].parse() {
                Ok(number) => (Token::Number(number), length),
                Err(_) => return syntax(format!("\"{}\" is not a number.", &rest[..length])),
            }
        }
        '"' => {
            let length = quoted(rest, '"')?;
            match from_json(&rest[..length]) {
                Ok(Value::String(name)) => (Token::Quoted(name.to_string()), length),
                _ => return syntax("the name in double quotes is not valid."),
            }
        }
        '\'' => {
            let length = quoted(rest, '\'')?;
            (Token::Literal(Value::from(rest[1..length - 1].replace("\\'", "'"))), length)
        }
        '`' => {
            let length = quoted(rest, '`')?;
            let literal = rest[1..length - 1].replace("\\`", "`");
            // Text without quotes is taken as text, as older queries write it.
            let value = from_json(literal.trim()).unwrap_or_else(|_| Value::from(literal.trim_start()));
            (Token::Literal(value), length)
        }
        '.' | '*' | '[' | ']' | '{' | '}' | '(' | ')' | ',' | ':' | '@' | '&' | '|' | '!' => (Token::Sign(first), 1),
        other => return syntax(format!("\"{other}\" is not expected there.")),
    })
}

/// The bytes up to the quote that closes.
fn quoted(rest: &str, mark: char) -> Parsed<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return Ok(at + 1),
            _ => {}
        }
    }
    syntax(format!("a {mark} is never closed."))
}
