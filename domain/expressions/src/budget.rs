//! What an evaluation may consume.

use thiserror::Error;

/// The limits of one [`Budget`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Elementary steps: one per operation, and one per element or per 64 bytes that a function walks over.
    pub steps: u64,
    /// How deep operations and calls may nest.
    pub depth: u32,
    /// Bytes of one string.
    pub text: usize,
    /// Elements of one list or one object.
    pub elements: usize,
    /// Bytes made by the whole evaluation, whether they are still in use or not; and bytes of the result, where what is
    /// shared counts as often as it is written.
    pub memory: usize,
}

impl Default for Limits {
    /// Generous for real workflows (the result may be a list of a million numbers), and over within a second or two when
    /// an expression is hostile.
    fn default() -> Self {
        Self { steps: 20_000_000, depth: 200, text: 32 << 20, elements: 1_000_000, memory: 256 << 20 }
    }
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Exhausted {
    /// [`Limits::steps`].
    #[error("The expression takes too many steps. Do less work in it, or use a Code node.")]
    Steps,
    /// [`Limits::depth`].
    #[error("The expression nests too deeply (a function that calls itself without end?).")]
    Depth,
    /// [`Limits::text`].
    #[error("The expression makes a string that is too long.")]
    Text,
    /// [`Limits::elements`].
    #[error("The expression makes a list or an object with too many elements.")]
    Elements,
    /// [`Limits::memory`].
    #[error("The expression makes too much data.")]
    Memory,
    /// The backtracking steps of one regular expression, or the text that one with look-around or references may read.
    #[error(
        "A regular expression takes too many steps for this text. Leave out look-around and references to groups, or shorten the text."
    )]
    Pattern,
}

/// Counts what an evaluation consumes; several evaluations may share one.
#[derive(Clone, Debug)]
pub struct Budget {
    limits: Limits,
    steps: u64,
    depth: u32,
    memory: usize,
    /// Bytes of results, each part counted as often as it would be written.
    written: usize,
}

/// What a value weighs besides its content, about: counters, the allocator's rounding, the index of an object. Without
/// them a million empty lists would seem to be nothing.
const TEXT: usize = 32;
const LIST: usize = 64;
const OBJECT: usize = 160;
const ENTRY: usize = 96;
const VALUE: usize = std::mem::size_of::<weft_value::Value>();

impl Default for Budget {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Budget {
    /// A budget of which nothing is used.
    pub fn new(limits: Limits) -> Self {
        Self { limits, steps: 0, depth: 0, memory: 0, written: 0 }
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Steps used so far.
    pub fn steps_used(&self) -> u64 {
        self.steps
    }

    /// Bytes made so far.
    pub fn memory_used(&self) -> usize {
        self.memory
    }

    /// Takes one step.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<(), Exhausted> {
        self.steps += 1;
        if self.steps > self.limits.steps { Err(Exhausted::Steps) } else { Ok(()) }
    }

    /// Takes `steps` steps at once.
    #[inline]
    pub(crate) fn walk(&mut self, steps: usize) -> Result<(), Exhausted> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.limits.steps { Err(Exhausted::Steps) } else { Ok(()) }
    }

    /// Takes the steps of reading `bytes` bytes.
    #[inline]
    pub(crate) fn scan(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.walk(bytes / 64)
    }

    /// Allows for a string of `bytes` bytes, before it is made.
    #[inline]
    pub(crate) fn text(&mut self, bytes: usize) -> Result<(), Exhausted> {
        if bytes > self.limits.text {
            return Err(Exhausted::Text);
        }
        self.scan(bytes)?;
        self.grow(bytes.saturating_add(TEXT))
    }

    /// Allows for `more` bytes at the end of a string of `length` bytes, before they are copied.
    #[inline]
    pub(crate) fn push(&mut self, length: usize, more: usize) -> Result<(), Exhausted> {
        if length.saturating_add(more) > self.limits.text {
            return Err(Exhausted::Text);
        }
        self.scan(more)?;
        self.grow(more)
    }

    /// Allows for a list of `count` elements, before it is made.
    #[inline]
    pub(crate) fn elements(&mut self, count: usize) -> Result<(), Exhausted> {
        self.counted(count)?;
        self.grow(count.saturating_mul(VALUE).saturating_add(LIST))
    }

    /// Allows for one element more, of `bytes` bytes, in a list of `length`.
    #[inline]
    pub(crate) fn element(&mut self, length: usize, bytes: usize) -> Result<(), Exhausted> {
        if length >= self.limits.elements {
            return Err(Exhausted::Elements);
        }
        self.step()?;
        self.grow(bytes)
    }

    /// Allows for a list of `count` strings of one letter each.
    pub(crate) fn letters(&mut self, count: usize) -> Result<(), Exhausted> {
        self.elements(count)?;
        self.grow(count.saturating_mul(TEXT))
    }

    /// Allows for a list of `count` pairs.
    pub(crate) fn pairs(&mut self, count: usize) -> Result<(), Exhausted> {
        self.elements(count)?;
        self.grow(count.saturating_mul(LIST + 2 * VALUE))
    }

    /// Allows for the weight of `count` objects or entries that are counted elsewhere.
    pub(crate) fn heavy(&mut self, count: usize) -> Result<(), Exhausted> {
        self.grow(count.saturating_mul(OBJECT))
    }

    /// Allows for an object of `count` entries, before it is made.
    #[inline]
    pub(crate) fn entries(&mut self, count: usize) -> Result<(), Exhausted> {
        self.counted(count)?;
        self.grow(count.saturating_mul(ENTRY).saturating_add(OBJECT))
    }

    /// Allows for one entry more in an object of `length` entries.
    #[inline]
    pub(crate) fn entry(&mut self, length: usize) -> Result<(), Exhausted> {
        self.element(length, ENTRY)
    }

    /// Allows for `count` elements in one place, without their weight.
    #[inline]
    pub(crate) fn counted(&mut self, count: usize) -> Result<(), Exhausted> {
        if count > self.limits.elements { Err(Exhausted::Elements) } else { self.walk(count) }
    }

    /// Allows for a value of `bytes` bytes in the result. It is counted apart from what the evaluation makes, since a
    /// result is mostly made of what was paid for already.
    #[inline]
    pub(crate) fn write(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.scan(bytes)?;
        self.written = self.written.saturating_add(bytes).saturating_add(VALUE);
        if self.written > self.limits.memory { Err(Exhausted::Memory) } else { Ok(()) }
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.memory = self.memory.saturating_add(bytes);
        if self.memory > self.limits.memory { Err(Exhausted::Memory) } else { Ok(()) }
    }

    /// Goes one level deeper; every success is followed by a [`Budget::leave`].
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), Exhausted> {
        if self.depth >= self.limits.depth {
            return Err(Exhausted::Depth);
        }
        self.depth += 1;
        self.step()
    }

    /// How deep it stands.
    #[inline]
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Comes back up to `depth`, after an evaluation that ended early somewhere below.
    #[inline]
    pub(crate) fn return_to(&mut self, depth: u32) {
        self.depth = depth;
    }

    /// Comes back up.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }
}
