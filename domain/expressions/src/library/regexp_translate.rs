//! JavaScript's patterns in the syntax of our engines.

use std::fmt::Write;

use oxc_allocator::Allocator;
use oxc_regular_expression::ast::{
    Alternative, BoundaryAssertionKind, Character, CharacterClass, CharacterClassContents, CharacterClassContentsKind,
    CharacterClassEscapeKind, Disjunction, LookAroundAssertionKind, Modifier, Modifiers, Quantifier, Term,
    UnicodePropertyEscape,
};
use oxc_regular_expression::{LiteralParser, Options};

/// A pattern for our engines.
#[derive(Debug)]
pub(super) struct Translated {
    pub pattern: String,
    /// The number and name of every named group.
    pub names: Vec<(usize, String)>,
    /// Whether only the backtracking engine can express it.
    pub backtracks: bool,
}

/// The longest pattern, and the most brackets in it; the parser below is recursive.
const LONGEST: usize = 20_000;
const MOST_BRACKETS: usize = 250;

/// Translates `source` with `flags`; the error is a sentence.
pub(super) fn translate(source: &str, flags: &str) -> Result<Translated, String> {
    let brackets = source.bytes().filter(|byte| *byte == b'(' || (*byte == b'[' && flags.contains('v'))).count();
    if source.len() > LONGEST || brackets > MOST_BRACKETS {
        return Err("It is too large.".to_owned());
    }
    let allocator = Allocator::default();
    let source = if source.is_empty() { "(?:)" } else { source };
    let parser = LiteralParser::new(&allocator, source, Some(flags), Options::default());
    let pattern = parser.parse().map_err(|error| format!("{error}."))?;
    let mut writer =
        Writer { out: String::new(), names: Vec::new(), groups: 0, backtracks: false, dot_all: flags.contains('s') };
    let inline: String = flags.chars().filter(|flag| "im".contains(*flag)).collect();
    if !inline.is_empty() {
        let _ = write!(writer.out, "(?{inline})");
    }
    collect_names(&pattern.body, &mut 0, &mut writer.names);
    writer.disjunction(&pattern.body);
    Ok(Translated { pattern: writer.out, names: writer.names, backtracks: writer.backtracks })
}

/// Groups are numbered where they open; references by name may stand before them.
fn collect_names(disjunction: &Disjunction<'_>, groups: &mut usize, names: &mut Vec<(usize, String)>) {
    for term in disjunction.body.iter().flat_map(|alternative| alternative.body.iter()) {
        collect_term(term, groups, names);
    }
}

fn collect_term(term: &Term<'_>, groups: &mut usize, names: &mut Vec<(usize, String)>) {
    match term {
        Term::CapturingGroup(group) => {
            *groups += 1;
            if let Some(name) = &group.name {
                names.push((*groups, name.to_string()));
            }
            collect_names(&group.body, groups, names);
        }
        Term::IgnoreGroup(group) => collect_names(&group.body, groups, names),
        Term::LookAroundAssertion(assertion) => collect_names(&assertion.body, groups, names),
        Term::Quantifier(quantifier) => collect_term(&quantifier.body, groups, names),
        _ => {}
    }
}

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
const NOTHING: &str = r"[^\x{0}-\x{10ffff}]";
const ANYTHING: &str = r"[\x{0}-\x{10ffff}]";

struct Writer {
    out: String,
    names: Vec<(usize, String)>,
    groups: usize,
    backtracks: bool,
    dot_all: bool,
}

impl Writer {
    fn disjunction(&mut self, disjunction: &Disjunction<'_>) {
        for (index, alternative) in disjunction.body.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            self.alternative(alternative);
        }
    }

    /// Without the flag `u` a character beyond U+FFFF arrives as its two halves.
    fn alternative(&mut self, alternative: &Alternative<'_>) {
        let mut terms = alternative.body.iter().peekable();
        while let Some(term) = terms.next() {
            if let (Term::Character(high), Some(Term::Character(low))) = (term, terms.peek())
                && let Some(whole) = pair(high.value, low.value)
            {
                self.code_point(whole);
                terms.next();
                continue;
            }
            self.term(term);
        }
    }

    fn term(&mut self, term: &Term<'_>) {
        match term {
            Term::BoundaryAssertion(assertion) => self.out.push_str(boundary(assertion.kind)),
            Term::LookAroundAssertion(assertion) => {
                self.backtracks = true;
                self.out.push_str(look_around(assertion.kind));
                self.group_rest(&assertion.body);
            }
            Term::Quantifier(quantifier) => self.quantifier(quantifier),
            Term::Character(character) => self.code_point(character.value),
            Term::Dot(_) if self.dot_all => self.out.push_str(ANYTHING),
            Term::Dot(_) => self.out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            Term::CharacterClassEscape(escape) => {
                let (negative, set) = class_escape(escape.kind);
                let _ = write!(self.out, "[{}{set}]", if negative { "^" } else { "" });
            }
            Term::UnicodePropertyEscape(escape) => self.property(escape),
            Term::CharacterClass(class) => self.class(class),
            Term::CapturingGroup(group) => {
                self.groups += 1;
                self.out.push('(');
                self.group_rest(&group.body);
            }
            Term::IgnoreGroup(group) => {
                self.out.push_str("(?");
                self.modifiers(group.modifiers.as_ref());
                self.out.push(':');
                self.group_rest(&group.body);
            }
            Term::IndexedReference(reference) => self.reference(reference.index as usize),
            Term::NamedReference(reference) => {
                let name = reference.name.as_str();
                let index = self.names.iter().find(|(_, known)| known == name).map_or(0, |(index, _)| *index);
                self.reference(index);
            }
        }
    }

    fn quantifier(&mut self, quantifier: &Quantifier<'_>) {
        self.out.push_str("(?:");
        self.term(&quantifier.body);
        self.out.push(')');
        self.quantity(quantifier.min, quantifier.max);
        if !quantifier.greedy {
            self.out.push('?');
        }
    }

    fn group_rest(&mut self, body: &Disjunction<'_>) {
        self.disjunction(body);
        self.out.push(')');
    }

    fn reference(&mut self, index: usize) {
        self.backtracks = true;
        let _ = write!(self.out, r"(?:\{index})");
    }

    fn quantity(&mut self, min: u64, max: Option<u64>) {
        let _ = match (min, max) {
            (0, None) => self.out.write_char('*'),
            (1, None) => self.out.write_char('+'),
            (0, Some(1)) => self.out.write_char('?'),
            (min, None) => write!(self.out, "{{{min},}}"),
            (min, Some(max)) => write!(self.out, "{{{min},{max}}}"),
        };
    }

    fn modifiers(&mut self, modifiers: Option<&Modifiers>) {
        let Some(modifiers) = modifiers else { return };
        for (flag, name) in [(Modifier::I, 'i'), (Modifier::M, 'm'), (Modifier::S, 's')] {
            if modifiers.enabling.contains(flag) {
                self.out.push(name);
            }
        }
        if !modifiers.disabling.is_empty() {
            self.out.push('-');
            for (flag, name) in [(Modifier::I, 'i'), (Modifier::M, 'm'), (Modifier::S, 's')] {
                if modifiers.disabling.contains(flag) {
                    self.out.push(name);
                }
            }
        }
    }

    /// One character. Half of a pair stands for what cut strings hold in its place.
    fn code_point(&mut self, value: u32) {
        match char::from_u32(value) {
            Some(c) if c.is_ascii_alphanumeric() => self.out.push(c),
            Some(_) => {
                let _ = write!(self.out, r"\x{{{value:x}}}");
            }
            None => self.out.push_str(r"\x{fffd}"),
        }
    }

    fn property(&mut self, escape: &UnicodePropertyEscape<'_>) {
        let sign = if escape.negative { 'P' } else { 'p' };
        let _ = match &escape.value {
            Some(value) => write!(self.out, r"\{sign}{{{}={value}}}", escape.name),
            None => write!(self.out, r"\{sign}{{{}}}", escape.name),
        };
    }

    fn class(&mut self, class: &CharacterClass<'_>) {
        if class.body.is_empty() {
            self.out.push_str(if class.negative { ANYTHING } else { NOTHING });
            return;
        }
        self.out.push_str(if class.negative { "[^" } else { "[" });
        let separator = match class.kind {
            CharacterClassContentsKind::Union => "",
            CharacterClassContentsKind::Intersection => "&&",
            CharacterClassContentsKind::Subtraction => "--",
        };
        let mut contents = class.body.iter().enumerate().peekable();
        while let Some((index, content)) = contents.next() {
            if index > 0 {
                self.out.push_str(separator);
            }
            if let (CharacterClassContents::Character(high), Some((_, CharacterClassContents::Character(low)))) =
                (content, contents.peek())
                && let Some(whole) = pair(high.value, low.value)
            {
                self.code_point(whole);
                contents.next();
                continue;
            }
            self.class_content(content);
        }
        self.out.push(']');
    }

    fn class_content(&mut self, content: &CharacterClassContents<'_>) {
        match content {
            CharacterClassContents::CharacterClassRange(range) => {
                self.range_end(&range.min);
                self.out.push('-');
                self.range_end(&range.max);
            }
            CharacterClassContents::CharacterClassEscape(escape) => match class_escape(escape.kind) {
                (false, set) => self.out.push_str(set),
                (true, set) => {
                    let _ = write!(self.out, "[^{set}]");
                }
            },
            CharacterClassContents::UnicodePropertyEscape(escape) => self.property(escape),
            CharacterClassContents::Character(character) => self.code_point(character.value),
            CharacterClassContents::NestedCharacterClass(class) => self.class(class),
            CharacterClassContents::ClassStringDisjunction(_) => self.out.push_str(NOTHING),
        }
    }

    /// The end of a range keeps its place in the order even where it is half of a pair.
    fn range_end(&mut self, character: &Character) {
        match character.value {
            0xd800..=0xdbff => self.out.push_str(r"\x{d7ff}"),
            0xdc00..=0xdfff => self.out.push_str(r"\x{e000}"),
            value => self.code_point(value),
        }
    }
}

fn boundary(kind: BoundaryAssertionKind) -> &'static str {
    match kind {
        BoundaryAssertionKind::Start => "^",
        BoundaryAssertionKind::End => "$",
        BoundaryAssertionKind::Boundary => r"\b",
        BoundaryAssertionKind::NegativeBoundary => r"\B",
    }
}

fn look_around(kind: LookAroundAssertionKind) -> &'static str {
    match kind {
        LookAroundAssertionKind::Lookahead => "(?=",
        LookAroundAssertionKind::NegativeLookahead => "(?!",
        LookAroundAssertionKind::Lookbehind => "(?<=",
        LookAroundAssertionKind::NegativeLookbehind => "(?<!",
    }
}

fn class_escape(kind: CharacterClassEscapeKind) -> (bool, &'static str) {
    match kind {
        CharacterClassEscapeKind::D => (false, DIGIT),
        CharacterClassEscapeKind::NegativeD => (true, DIGIT),
        CharacterClassEscapeKind::S => (false, SPACE),
        CharacterClassEscapeKind::NegativeS => (true, SPACE),
        CharacterClassEscapeKind::W => (false, WORD),
        CharacterClassEscapeKind::NegativeW => (true, WORD),
    }
}

/// The character of two surrogate halves.
fn pair(high: u32, low: u32) -> Option<u32> {
    let is_pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    is_pair.then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}
