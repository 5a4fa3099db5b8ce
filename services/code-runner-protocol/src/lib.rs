//! The frames that the server and a code runner exchange over one socket.
//!
//! A frame is `length: u32 big endian` (of all that follows), `version: u8`, `kind: u8`, body. The body is JSON; the large
//! ones ([`Kind::Items`], [`Kind::Globals`], [`Kind::Returned`], [`Kind::Answer`]) are handed through unparsed, so that only
//! the JavaScript engine and the side that needs them read them.
//!
//! One step is: `Execute`, `Globals`, `Items` → any number of `Log`, `ItemFailed` and `Ask`/`Answer` pairs → `Returned` or
//! `Failed` → `Done`. A query is `Sql`, one `Items` for each of its tables → `Returned` or `Failed` → `Done`. The runner begins by saying `Ready`. Neither side is newer than the other (they are built together); the version byte turns
//! a mixed installation into a sentence instead of a riddle.
//!
//! This crate must not know sockets, processes or JavaScript. To add a frame, add a [`Kind`] and its body.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// The version of the frames described here.
pub const VERSION: u8 = 5;
/// The bytes in front of a frame's body.
pub const HEADER: usize = 6;
/// The longest question of a runner, in bytes of JSON: bounds names of nodes, what code keeps, and what it has evaluated.
pub const MAX_QUESTION: usize = 1024 * 1024;

/// The exit status of a runner whose engine had no memory left.
pub const EXIT_MEMORY: i32 = 86;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// To the runner: [`Execute`].
    Execute = 1,
    /// To the runner: the JSON of the step's globals (an object).
    Globals = 2,
    /// To the runner: the JSON of the step's items (a list).
    Items = 3,
    /// To the runner: the JSON that answers an [`Ask`], as it is.
    Answer = 4,
    /// To the runner: [`Refusal`], an [`Ask`] that has no answer.
    Refused = 5,
    /// To the runner: [`Sql`].
    Sql = 6,
    /// From the runner: [`Report`]; it is ready for its first step.
    Ready = 16,
    /// From the runner: [`Ask`].
    Ask = 17,
    /// From the runner: [`Log`].
    Log = 18,
    /// From the runner: the JSON of what the code returned.
    Returned = 19,
    /// From the runner: [`Failure`].
    Failed = 20,
    /// From the runner: [`Done`], the last frame of a step.
    Done = 21,
    /// From the runner: [`Failure`] of one item, after which the step carries on with the next.
    ItemFailed = 22,
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Execute,
            2 => Self::Globals,
            3 => Self::Items,
            4 => Self::Answer,
            5 => Self::Refused,
            6 => Self::Sql,
            16 => Self::Ready,
            17 => Self::Ask,
            18 => Self::Log,
            19 => Self::Returned,
            20 => Self::Failed,
            21 => Self::Done,
            22 => Self::ItemFailed,
            _ => return None,
        })
    }
}

/// A frame that cannot be read.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The other side speaks another version.
    #[error(
        "The other side speaks version {0} of the code runner's protocol, this side version {VERSION}; build both together."
    )]
    Version(u8),
    /// The kind is none of ours, or its length is impossible.
    #[error("What arrived is not a frame of the code runner's protocol.")]
    Malformed,
    /// The body is not the JSON that its kind announces.
    #[error("The body of a frame is not what its kind announces.")]
    Body(#[from] serde_json::Error),
}

/// Appends one frame with `body` to `out`.
pub fn write(kind: Kind, body: &[u8], out: &mut Vec<u8>) {
    write_with(kind, out, |out| out.extend_from_slice(body));
}

/// Appends one frame whose body is the JSON of `body` to `out`.
pub fn write_json<T: Serialize + ?Sized>(kind: Kind, body: &T, out: &mut Vec<u8>) {
    // Writing into memory cannot fail, and the types of this protocol and `Value` have text for every key.
    write_with(kind, out, |out| drop(serde_json::to_writer(out, body)));
}

fn write_with(kind: Kind, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, VERSION, kind as u8]);
    body(out);
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// The kind and the length of the body that the header announces.
pub fn read_header(header: [u8; HEADER]) -> Result<(Kind, usize), FrameError> {
    let [a, b, c, d, version, kind] = header;
    if version != VERSION {
        return Err(FrameError::Version(version));
    }
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    let body = length.checked_sub(HEADER - 4).ok_or(FrameError::Malformed)?;
    Ok((Kind::from_byte(kind).ok_or(FrameError::Malformed)?, body))
}

/// The body of a frame as its type.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    Ok(serde_json::from_slice(body)?)
}

/// Begins a step; its globals and items follow.
#[derive(Debug, Serialize, Deserialize)]
pub struct Execute {
    /// The code, the body of an async function.
    pub code: String,
    /// Whether the code runs once or once for each item.
    pub mode: Mode,
    /// Whether code that runs once for each item goes on with the next one when one has failed.
    pub carries_on: bool,
    /// How many bytes of JSON the code may return.
    pub output_bytes: usize,
}

impl Execute {
    /// Whether failed items are told one by one, and `null` stands for them in what is returned.
    pub fn tells_failed_items(&self) -> bool {
        self.carries_on && self.mode.is_each_item()
    }
}

/// Begins a query over tables; one frame of items (a list of objects) for each of them follows.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sql {
    /// The statements; what the last one gives is returned, as a list of objects.
    pub text: String,
    /// The values of its placeholders, in their order: texts, numbers, booleans or nulls.
    pub values: Vec<serde_json::Value>,
    /// How many tables follow: `input1`, `input2`, …
    pub tables: usize,
    /// How many bytes of JSON it may return.
    pub output_bytes: usize,
}

/// How often the code of a step runs, and what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Once, with all items.
    AllItems,
    /// Once for each item.
    EachItem,
    /// Once, with all items, as n8n's first Function node did it: what an item has beside its data does not matter.
    Function,
    /// Once for each item, as n8n's first Function Item node did it: `item` is the data, and so is what is returned.
    FunctionItem,
    /// Once for each item, as the block of an expression: it finds what expressions find, what it returns is the field `value` of an
    /// item, and the field `refused` says what was refused where it failed for that.
    Expression,
}

impl Mode {
    /// Whether the code runs once for each item.
    pub fn is_each_item(self) -> bool {
        match self {
            Self::AllItems | Self::Function => false,
            Self::EachItem | Self::FunctionItem | Self::Expression => true,
        }
    }

    /// Its name on the wire, which the runner's prelude knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::AllItems => "allItems",
            Self::EachItem => "eachItem",
            Self::Function => "function",
            Self::FunctionItem => "functionItem",
            Self::Expression => "expression",
        }
    }
}

/// A question about another node or about what the execution keeps, which the parent answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The name of the node; empty where none is meant.
    pub node: String,
    /// What is asked.
    pub query: Query,
}

/// What code may ask of its execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Query {
    /// The items that it put out: a list of `{json, binary?, pairedItem?}`.
    #[serde(rename_all = "camelCase")]
    Items {
        /// At which output; without it, the one that leads here.
        output: Option<u32>,
        /// Which time it ran, from 0; without it, the last.
        iteration: Option<u32>,
    },
    /// The one item from which item `item` of this step's input was made: `{json, binary?, pairedItem?}`.
    Linked {
        /// A place in this step's input, from 0.
        item: u32,
    },
    /// Its parameters: an object.
    Parameters,
    /// Whether it ran: `true` or `false`.
    Executed,
    /// The value of an expression.
    Evaluate {
        /// A parameter without its leading `=`: `{{ $json.a }}`.
        expression: String,
        /// A place in this step's input, from 0.
        item: u32,
        /// The JSON of an object: names that begin with `$` and their values, for this expression alone.
        globals: Option<String>,
    },
    /// What the execution keeps of this kind: an object.
    Kept {
        /// What is asked for.
        kind: Keepsake,
    },
    /// Keeps this instead, for the steps that follow; answered with `null`.
    Keep {
        /// What is kept.
        kind: Keepsake,
        /// The JSON of an object, which the side that keeps it reads: it has limits of its own.
        json: String,
    },
}

/// What code may keep for the steps that follow in its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Keepsake {
    /// `$execution.customData`.
    CustomData,
    /// The static data of the workflow.
    Global,
    /// The static data of the node.
    Node,
}

/// Why a question has no answer; becomes an exception in the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// A sentence for the author of the code.
    pub message: String,
}

/// One line of `console.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// `log`, `info`, `warn`, `error` or `debug`.
    pub level: String,
    /// The arguments, written as text and joined by blanks.
    pub text: String,
}

/// A step that did not return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// The message of the exception.
    pub message: String,
    /// The line in the user's code, from 1.
    #[serde(default)]
    pub line: Option<u32>,
    /// The column in that line, from 1.
    #[serde(default)]
    pub column: Option<u32>,
    /// The item at which it happened, where the code runs once for each.
    #[serde(default)]
    pub item: Option<u32>,
    /// The exception's stack, in lines of the user's code.
    #[serde(default)]
    pub stack: Option<String>,
}

/// What kind of failure a runner reports by itself; all others are seen by the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureKind {
    /// The code does not parse.
    Syntax,
    /// The code threw.
    Thrown,
    /// The code awaits what will never come.
    NeverSettles,
    /// The heap limit was reached, and the engine could stop in time.
    Memory,
    /// What was returned has more bytes than allowed.
    Output,
    /// What was returned cannot be written as JSON.
    NotJson,
}

/// The end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Whether nothing of the step is left that could run later; otherwise the process must not serve another step.
    pub clean: bool,
}

/// What a runner says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `v8` or `quickjs`.
    pub engine: String,
    /// The engine's version.
    pub version: String,
    /// The layers of the sandbox and whether each is active.
    pub layers: Vec<Layer>,
}

/// One layer of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Its name: `seccomp`, `landlock`, …
    pub name: String,
    /// Whether the kernel enforces it now.
    pub active: bool,
    /// What it forbids, or why it is not active.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_written() {
        let mut out = Vec::new();
        let ask = Ask { node: "Börse".into(), query: Query::Items { output: None, iteration: Some(2) } };
        write_json(Kind::Ask, &ask, &mut out);
        let (header, body) = out.split_at(HEADER);
        let (kind, length) = read_header(header.try_into().unwrap()).unwrap();
        assert_eq!((kind, length), (Kind::Ask, body.len()));
        assert_eq!(read_json::<Ask>(body).unwrap(), ask);
    }

    #[test]
    fn another_version_is_named() {
        let error = read_header([0, 0, 0, 2, 9, 1]).unwrap_err();
        assert!(error.to_string().contains("version 9"), "{error}");
    }

    #[test]
    fn an_unknown_kind_and_an_impossible_length_are_refused() {
        assert!(matches!(read_header([0, 0, 0, 2, VERSION, 99]), Err(FrameError::Malformed)));
        assert!(matches!(read_header([0, 0, 0, 1, VERSION, 1]), Err(FrameError::Malformed)));
    }
}
