//! Regular expressions: the linear engine where it can express the pattern, otherwise a backtracking one with a step limit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use weft_value::{Object, Text, Value};

use super::regexp_translate::{Translated, translate};
use super::text::{byte_at, unit_at};
use super::{Table, arg};
use crate::Exhausted;
use crate::stop::{Outcome, Stop};
use crate::vm::Vm;

/// A regular expression. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct RegExp {
    compiled: Arc<Compiled>,
    /// `lastIndex`: where a search with the flag `g` or `y` goes on.
    last: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Compiled {
    source: String,
    flags: String,
    engine: Engine,
    /// The name of every group that has one, by its number.
    names: Vec<(usize, String)>,
}

#[derive(Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// A match: the byte ranges of the whole and of the groups.
#[derive(Debug)]
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    pub groups: Vec<Option<(usize, usize)>>,
}

impl Match {
    /// The bytes of memory that it takes, about.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + size_of_val(self.groups.as_slice()) + size_of::<usize>()
    }
}

/// The text of a group, paid for: groups lie within each other, so that all of them can be longer than the text.
pub(crate) fn group_value(vm: &mut Vm<'_>, text: &str, group: Option<(usize, usize)>) -> Outcome {
    group.map_or(Ok(Value::Undefined), |(start, end)| vm.string(&text[start..end]))
}

/// Backtracking steps that one search may take, and bytes of the text it may walk over. Between two steps the engine may
/// read on to the end of the text, so that only both limits together bound the work. A search takes one step for every
/// place where a match could begin; therefore there are more steps than bytes.
const BACKTRACKS: usize = 50_000;
const BACKTRACKED_TEXT: usize = 32 << 10;
/// Memory of a compiled pattern.
const PROGRAM: usize = 2 << 20;

impl RegExp {
    /// Compiles a pattern; the error is a sentence. The last few hundred patterns are kept, since a dynamic pattern is
    /// mostly the same for every item.
    pub(crate) fn new(source: &str, flags: &str) -> Result<Self, String> {
        static KEPT: OnceLock<Mutex<HashMap<(String, String), RegExp>>> = OnceLock::new();
        let kept = KEPT.get_or_init(Mutex::default);
        let key = (source.to_owned(), flags.to_owned());
        if let Some(known) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.fresh());
        }
        let made = Self::compile(source, flags)?;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= 256 {
            kept.clear();
        }
        if source.len() < 4096 {
            kept.insert(key, made.fresh());
        }
        Ok(made)
    }

    fn compile(source: &str, flags: &str) -> Result<Self, String> {
        let mut sorted: Vec<char> = flags.chars().collect();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) || sorted.iter().any(|flag| !"dgimsuvy".contains(*flag)) {
            return Err(format!("\"{flags}\" are not flags of a regular expression."));
        }
        let Translated { pattern, names, backtracks } = translate(source, flags)?;
        let engine = if backtracks {
            let mut builder = fancy_regex::RegexBuilder::new(&pattern);
            builder.backtrack_limit(BACKTRACKS).delegate_size_limit(PROGRAM);
            Engine::Backtracking(Box::new(builder.build().map_err(|error| format!("{error}."))?))
        } else {
            let built = regex::RegexBuilder::new(&pattern).size_limit(PROGRAM).dfa_size_limit(PROGRAM).build();
            Engine::Linear(built.map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "It is too large.".to_owned(),
                other => format!("{other}."),
            })?)
        };
        let flags = sorted.into_iter().collect();
        let compiled = Arc::new(Compiled { source: source.to_owned(), flags, engine, names });
        Ok(Self { compiled, last: Arc::default() })
    }

    /// Another one for the same pattern, which begins anew.
    pub(crate) fn fresh(&self) -> Self {
        Self { compiled: Arc::clone(&self.compiled), last: Arc::default() }
    }

    /// Whether a search goes on where the one before ended.
    pub(crate) fn goes_on(&self) -> bool {
        self.has('g') || self.has('y')
    }

    /// `lastIndex`, in UTF-16 units.
    pub(crate) fn last(&self) -> usize {
        self.last.load(Ordering::Relaxed)
    }

    /// Sets `lastIndex`.
    pub(crate) fn set_last(&self, index: usize) {
        self.last.store(index, Ordering::Relaxed);
    }

    /// The next match in `text` (ECMA-262, `RegExpBuiltinExec`).
    pub(crate) fn next(&self, vm: &mut Vm<'_>, text: &Text) -> Outcome<Option<Match>> {
        if !self.goes_on() {
            return self.find(vm, text, 0);
        }
        // Where a place in UTF-16 lies in the text, and the other way round, is counted.
        vm.budget.walk(text.len() / 256)?;
        let last = self.last();
        let found = if last > text.utf16_len() {
            None
        } else {
            let mut from = byte_at(text, last);
            if unit_at(text, from) < last {
                // No match begins within a surrogate pair.
                from = next_char(text, from);
            }
            self.find(vm, text, from)?
        };
        self.set_last(found.as_ref().map_or(0, |found| unit_at(text, found.end)));
        Ok(found)
    }

    /// Whether `flag` is set.
    pub(crate) fn has(&self, flag: char) -> bool {
        self.compiled.flags.contains(flag)
    }

    /// The flags.
    pub(crate) fn flags(&self) -> &str {
        &self.compiled.flags
    }

    /// The pattern as it was written.
    pub(crate) fn source(&self) -> &str {
        if self.compiled.source.is_empty() { "(?:)" } else { &self.compiled.source }
    }

    /// `/source/flags`.
    pub(crate) fn literal(&self) -> String {
        format!("/{}/{}", self.source(), self.compiled.flags)
    }

    /// Whether `text` has a match, for callers without an evaluation to charge.
    pub(crate) fn is_match(&self, text: &str) -> Result<bool, Exhausted> {
        match &self.compiled.engine {
            Engine::Linear(regex) if self.has('y') => Ok(regex.find(text).is_some_and(|found| found.start() == 0)),
            Engine::Linear(regex) => Ok(regex.is_match(text)),
            Engine::Backtracking(_) if text.len() > BACKTRACKED_TEXT => Err(Exhausted::Pattern),
            Engine::Backtracking(regex) => {
                let found = regex.find(text).map_err(|_| Exhausted::Pattern)?;
                Ok(found.is_some_and(|found| !self.has('y') || found.start() == 0))
            }
        }
    }

    /// The first match in `text` from byte `from`. A search is charged for the text that it may read.
    pub(crate) fn find(&self, vm: &mut Vm<'_>, text: &str, from: usize) -> Outcome<Option<Match>> {
        vm.budget.walk(4 + (text.len() - from.min(text.len())) / 512)?;
        if from > text.len() || !text.is_char_boundary(from) {
            return Ok(None);
        }
        let found = match &self.compiled.engine {
            Engine::Linear(regex) => {
                Self::allow_groups(vm, regex, text, from)?;
                regex.captures_at(text, from).map(|captures| {
                    let range = |index| captures.get(index).map(|group| (group.start(), group.end()));
                    (0..captures.len()).map(range).collect::<Vec<_>>()
                })
            }
            Engine::Backtracking(regex) => {
                vm.budget.walk(2000 + text.len() / 4)?;
                if text.len() > BACKTRACKED_TEXT {
                    return Err(Exhausted::Pattern.into());
                }
                regex.captures_from_pos(text, from).map_err(|_| Stop::from(Exhausted::Pattern))?.map(|captures| {
                    let range = |index| captures.get(index).map(|group| (group.start(), group.end()));
                    (0..captures.len()).map(range).collect::<Vec<_>>()
                })
            }
        };
        let Some(groups) = found else { return Ok(None) };
        vm.budget.walk(groups.len())?;
        let (start, end) = groups.first().copied().flatten().unwrap_or((from, from));
        if self.has('y') && start != from {
            return Ok(None);
        }
        Ok(Some(Match { start, end, groups }))
    }

    /// To find a match is quick; to find the groups within it takes a walk over the match with all groups in hand. So where
    /// much text is left, the match is found first and that walk paid for.
    fn allow_groups(vm: &mut Vm<'_>, regex: &regex::Regex, text: &str, from: usize) -> Outcome<()> {
        let groups = regex.captures_len();
        if groups > 1
            && text.len() - from > 4096
            && let Some(found) = regex.find_at(text, from)
        {
            vm.budget.walk((found.len() / 32).saturating_mul(groups))?;
        }
        Ok(())
    }

    /// All matches in `text`, at most `limit` of them.
    pub(crate) fn find_all(&self, vm: &mut Vm<'_>, text: &str, limit: usize) -> Outcome<Vec<Match>> {
        let mut all = Vec::new();
        let mut from = 0;
        while all.len() < limit
            && let Some(found) = self.find(vm, text, from)?
        {
            from = if found.end > found.start { found.end } else { next_char(text, found.end) };
            vm.budget.element(all.len(), found.weight())?;
            all.push(found);
        }
        Ok(all)
    }

    /// The whole match and its groups as a list.
    pub(crate) fn match_value(vm: &mut Vm<'_>, text: &Text, found: &Match) -> Outcome<Vec<Value>> {
        vm.budget.elements(found.groups.len())?;
        found.groups.iter().map(|group| group_value(vm, text, *group)).collect()
    }

    /// The named groups of a match.
    pub(crate) fn groups_value(&self, vm: &mut Vm<'_>, text: &str, found: &Match) -> Outcome {
        if self.compiled.names.is_empty() {
            return Ok(Value::Undefined);
        }
        vm.budget.entries(self.compiled.names.len())?;
        let mut object = Object::new();
        for (index, name) in &self.compiled.names {
            let group = found.groups.get(*index).copied().flatten();
            let value = group_value(vm, text, group)?;
            vm.budget.text(name.len())?;
            object.insert(name.as_str(), value);
        }
        Ok(Value::from(object))
    }

    /// The number and name of every named group.
    pub(crate) fn names(&self) -> &[(usize, String)] {
        &self.compiled.names
    }

    /// A property such as `source`.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "source" => Value::from(self.source()),
            "flags" => Value::from(self.compiled.flags.as_str()),
            "global" => Value::Bool(self.has('g')),
            "ignoreCase" => Value::Bool(self.has('i')),
            "multiline" => Value::Bool(self.has('m')),
            "dotAll" => Value::Bool(self.has('s')),
            "unicode" => Value::Bool(self.has('u')),
            "sticky" => Value::Bool(self.has('y')),
            "lastIndex" => Value::Number(self.last() as f64),
            _ => return None,
        })
    }
}

/// The byte after the character at `at`.
pub(crate) fn next_char(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

pub(super) const METHODS: Table<RegExp> = &[
    ("test", |vm, regexp, args| {
        let text = vm.text(arg(args, 0))?;
        Ok(Value::Bool(regexp.next(vm, &text)?.is_some()))
    }),
    ("exec", |vm, regexp, args| {
        let text = vm.text(arg(args, 0))?;
        match regexp.next(vm, &text)? {
            Some(found) => super::string_patterns::match_object(vm, regexp, &text, &found),
            None => Ok(Value::Null),
        }
    }),
    ("toString", |vm, regexp, _| vm.string(regexp.literal())),
];

/// The UTF-16 index of a match.
pub(crate) fn index_of(text: &str, found: &Match) -> f64 {
    unit_at(text, found.start) as f64
}
