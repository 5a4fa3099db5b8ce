//! Dates as people write them, by the rules that V8 has for texts that are not in the standard's format.
//!
//! A text is taken apart into numbers, words and signs, and their order says what each stands for: a number before a colon belongs to
//! the time of day, a sign behind a time begins an offset, all other numbers are the day's. Words count by their first three letters,
//! what stands in brackets is passed over, and so are unknown words before the first number.

use std::iter::Peekable;
use std::str::Chars;

use super::{Read, is_time, millis};

/// What a text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A number without a sign, and how many digits it has.
    Number(i64, usize),
    /// A word, by its first three letters in lower case, and how many it has.
    Word([char; 3], usize),
    Symbol(char),
    Space,
}

struct Tokens<'a>(Peekable<Chars<'a>>);

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let first = self.0.next()?;
        Some(match first {
            '0'..='9' => self.number(first),
            'A'.. if !first.is_whitespace() => self.word(first),
            '(' => {
                self.pass_brackets();
                Token::Space
            }
            _ if first.is_whitespace() => Token::Space,
            _ => Token::Symbol(first),
        })
    }
}

impl Tokens<'_> {
    /// A number; digits that make no more difference (behind the ninth) are passed over.
    fn number(&mut self, first: char) -> Token {
        let (mut number, mut digits) = (i64::from(first.to_digit(10).unwrap_or(0)), 1);
        while let Some(digit) = self.0.peek().and_then(|next| next.to_digit(10)) {
            self.0.next();
            digits += 1;
            if number < 100_000_000 {
                number = number * 10 + i64::from(digit);
            }
        }
        Token::Number(number, digits)
    }

    fn word(&mut self, first: char) -> Token {
        let mut letters = ['\0'; 3];
        let mut length = 0;
        let mut next = Some(first);
        while let Some(letter) = next {
            if let Some(place) = letters.get_mut(length) {
                *place = letter.to_ascii_lowercase();
            }
            length += 1;
            next = self.0.next_if(|next| *next >= 'A' && !next.is_whitespace());
        }
        Token::Word(letters, length)
    }

    fn pass_brackets(&mut self) {
        let mut open = 1;
        for next in self.0.by_ref() {
            open += match next {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if open == 0 {
                return;
            }
        }
    }
}

/// What a word says.
#[derive(Clone, Copy)]
enum Meaning {
    Month(i64),
    /// The hours that it adds to one to twelve.
    HalfOfDay(i64),
    /// The hours of its time zone from UTC.
    Zone(i64),
}

fn meaning(letters: [char; 3], length: usize) -> Option<Meaning> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word: String = letters.iter().filter(|letter| **letter != '\0').collect();
    if let Some(month) = MONTHS.iter().position(|month| *month == word) {
        return Some(Meaning::Month(month as i64 + 1));
    }
    if length > 3 {
        return None;
    }
    Some(match word.as_str() {
        "am" => Meaning::HalfOfDay(0),
        "pm" => Meaning::HalfOfDay(12),
        "z" | "ut" | "utc" | "gmt" => Meaning::Zone(0),
        "edt" => Meaning::Zone(-4),
        "est" | "cdt" => Meaning::Zone(-5),
        "cst" | "mdt" => Meaning::Zone(-6),
        "mst" | "pdt" => Meaning::Zone(-7),
        "pst" => Meaning::Zone(-8),
        _ => return None,
    })
}

/// The loose format, as far as it is read.
#[derive(Default)]
pub(super) struct Loose {
    day: Vec<i64>,
    month: Option<i64>,
    time: Vec<i64>,
    /// The hours that a half of the day adds.
    half: Option<i64>,
    /// The sign, the hours and the minutes from UTC.
    offset: Option<(i64, i64, Option<i64>)>,
    has_number: bool,
}

impl Loose {
    pub(super) fn read(text: &str) -> Option<Read> {
        let mut loose = Self::default();
        let mut tokens = Tokens(text.chars().peekable());
        while let Some(token) = tokens.next() {
            match token {
                Token::Number(number, _) => loose.number(number, &mut tokens)?,
                Token::Word(letters, length) => loose.word(meaning(letters, length), &mut tokens)?,
                Token::Symbol(sign @ ('+' | '-')) if loose.takes_offset() => loose.offset(sign, &mut tokens)?,
                Token::Symbol('+' | '-' | ')') if loose.has_number => return None,
                Token::Symbol(_) | Token::Space => {}
            }
        }
        loose.finish()
    }

    fn takes_offset(&self) -> bool {
        !self.time.is_empty() || matches!(self.offset, Some((_, 0, Some(0))))
    }

    /// Whether the next number without a colon behind it ends the time.
    fn is_time(&self, number: i64) -> bool {
        match self.time.len() {
            1 | 2 => number < 60,
            3 => number < 1000,
            _ => false,
        }
    }

    fn number(&mut self, number: i64, tokens: &mut Tokens<'_>) -> Option<()> {
        self.has_number = true;
        if tokens.0.next_if_eq(&':').is_some() {
            if tokens.0.next_if_eq(&':').is_some() {
                self.time.is_empty().then_some(())?;
                self.time.extend([number, 0]);
                return Some(());
            }
            self.time.push(number);
            return (self.time.len() <= 4).then_some(());
        }
        let has_point = tokens.0.next_if_eq(&'.').is_some();
        if has_point && self.is_time(number) {
            self.time.push(number);
            // The digits of a fraction count with their zeros, so that they are no token.
            let mut digits = String::new();
            while let Some(digit) = tokens.0.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            let milli = millis(&digits)?;
            self.end_time(milli);
            return Some(());
        }
        if let Some((_, _, minutes @ None)) = &mut self.offset {
            *minutes = (number < 60).then_some(Some(number))?;
            return Some(());
        }
        if self.is_time(number) {
            self.end_time(number);
            let ends = |next: &char| next.is_whitespace() || matches!(next, '+' | '-' | 'z' | 'Z' | '(');
            return tokens.0.peek().is_none_or(ends).then_some(());
        }
        self.day.push(number);
        tokens.0.next_if_eq(&'-');
        (self.day.len() <= 3).then_some(())
    }

    fn end_time(&mut self, last: i64) {
        self.time.push(last);
        self.time.resize(4, 0);
    }

    fn word(&mut self, meaning: Option<Meaning>, tokens: &mut Tokens<'_>) -> Option<()> {
        match meaning {
            Some(Meaning::HalfOfDay(hours)) if !self.time.is_empty() => self.half = Some(hours),
            Some(Meaning::Month(month)) => {
                self.month = Some(month);
                tokens.0.next_if_eq(&'-');
            }
            Some(Meaning::Zone(hours)) if self.has_number => self.offset = Some((hours.signum(), hours.abs(), Some(0))),
            _ => {
                // Words that say nothing stand before all numbers, and apart from them.
                (!self.has_number && !tokens.0.peek().is_some_and(char::is_ascii_digit)).then_some(())?;
            }
        }
        Some(())
    }

    fn offset(&mut self, sign: char, tokens: &mut Tokens<'_>) -> Option<()> {
        let sign = if sign == '-' { -1 } else { 1 };
        let (number, digits) = if tokens.0.peek().is_some_and(char::is_ascii_digit) {
            match tokens.next() {
                Some(Token::Number(number, digits)) => (number, digits),
                _ => (0, 0),
            }
        } else {
            (0, 0)
        };
        self.has_number = true;
        self.offset = Some(if tokens.0.next_if_eq(&':').is_some() {
            (sign, number, None)
        } else {
            match digits {
                1 | 2 => (sign, number, Some(0)),
                3 | 4 => (sign, number / 100, Some(number % 100)),
                _ => return None,
            }
        });
        Some(())
    }

    fn finish(mut self) -> Option<Read> {
        (!self.day.is_empty()).then_some(())?;
        self.day.resize(3, 1);
        let is_day = |number: i64| (1..=31).contains(&number);
        let (year, month, day) = match (self.month, &*self.day) {
            (Some(month), [first, second, ..]) if is_day(*first) => (*second, month, *first),
            (Some(month), [first, second, ..]) => (*first, month, *second),
            (None, [first, second, third]) if !is_day(*first) => (*first, *second, *third),
            (None, [first, second, third]) => (*third, *first, *second),
            _ => return None,
        };
        let year = match year {
            0..=49 => year + 2000,
            50..=99 => year + 1900,
            _ => year,
        };
        ((1..=12).contains(&month) && is_day(day)).then_some(())?;
        self.time.resize(4, 0);
        let [mut hour, minute, second, milli] = *self.time.as_slice() else { return None };
        if let Some(half) = self.half {
            (hour <= 12).then_some(())?;
            hour = hour % 12 + half;
        }
        is_time([hour, minute, second, milli]).then_some(())?;
        let fields = [year, month - 1, day, hour, minute, second, milli].map(|field| field as f64);
        let minutes = |(sign, hours, minutes): (i64, i64, Option<i64>)| sign * (hours * 60 + minutes.unwrap_or(0));
        Some(Read { fields, offset_minutes: self.offset.map(minutes) })
    }
}
