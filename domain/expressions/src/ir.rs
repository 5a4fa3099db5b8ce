//! What a block is compiled to: a tree that names nothing at run time. Locals are slots, methods are resolved to the table
//! entries that could answer them, and a chain of plain properties is one node.

use std::sync::Arc;

use weft_value::{Text, Value};

use crate::library::regexp::RegExp;
use crate::library::{MethodSet, Native};

/// One expression.
#[derive(Debug)]
pub(crate) enum Expr {
    Const(Value),
    /// A property chain such as `$json.a.b`.
    Path(Box<Path>),
    /// A regular expression that remembers where it is: each evaluation has its own.
    Pattern(RegExp),
    /// A slot of the current call.
    Local(u32),
    /// The same, which is empty afterwards.
    Take(u32),
    /// A value that the current function took along when it was made.
    Capture(u32),
    /// The function that is being called (by its own name).
    Itself,
    /// `this`.
    This,
    Template(Box<[Piece]>),
    Array(Box<[Element]>),
    Object(Box<[Entry]>),
    /// `object[key]` with a key that is computed; `optional` for `?.[`.
    Index {
        pair: Box<(Expr, Expr)>,
        optional: bool,
    },
    /// The extent of a `?.`: where it ends early, all of this is `undefined`.
    Chain(Box<Expr>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    /// `first op a op b …`, evaluated from the left without nesting.
    Fold(Box<Fold>),
    /// `a || b || c`: the first operand that decides.
    Logical(LogicalOp, Box<[Expr]>),
    Conditional(Box<(Expr, Expr, Expr)>),
    Method(Box<MethodCall>),
    Call(Box<Call>),
    /// A call of a function that is known when compiling.
    Native(&'static Native, Box<[Element]>),
    /// `$('Name')` and its kin with a name that is computed.
    NodeByName(Box<Expr>),
    Function(Arc<Function>),
    Sequence(Box<[Expr]>),
    /// A variable that something changes.
    Variable(Variable),
    Assign(Box<Assign>),
    /// `[a, b] = value`.
    Unpack(Box<Unpack>),
    Update(Box<Update>),
    Delete(Box<Target>),
    Change(Box<Change>),
    /// A block that only the code runner executes, and why.
    NeedsCodeRunner(Box<str>),
}

/// Where the place of a variable that changes is found: such variables live apart from the stack, so that several functions
/// can share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    Local(u32),
    Capture(u32),
}

/// A variable, or what properties lead to from it.
#[derive(Debug)]
pub(crate) struct Target {
    pub variable: Variable,
    pub keys: Box<[TargetKey]>,
}

/// One step of a target.
#[derive(Debug)]
pub(crate) struct TargetKey {
    pub step: TargetStep,
    /// After `?.`.
    pub optional: bool,
}

/// What leads on to the next value.
#[derive(Debug)]
pub(crate) enum TargetStep {
    Named(Text),
    Computed(Expr),
    /// `.get(key)`: where this is a map, its entry.
    Get(Expr),
}

/// `target = value` and its kin.
#[derive(Debug)]
pub(crate) struct Assign {
    pub target: Target,
    pub op: AssignOp,
    pub value: Expr,
}

/// `[a, b] = value`: the parts are bound to slots without a name, and assigned from there.
#[derive(Debug)]
pub(crate) struct Unpack {
    pub value: Expr,
    pub pattern: Pattern,
    pub parts: Box<[Assign]>,
}

/// What an assignment does with the value before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AssignOp {
    Set,
    Binary(BinaryOp),
    Logical(LogicalOp),
}

/// `target++` and its kin.
#[derive(Debug)]
pub(crate) struct Update {
    pub target: Target,
    pub delta: f64,
    pub prefix: bool,
}

/// `target.push(…)` and its kin.
#[derive(Debug)]
pub(crate) struct Change {
    pub receiver: Receiver,
    pub call: Invocation,
}

/// What a method changes.
#[derive(Debug)]
pub(crate) enum Receiver {
    Target(Target),
    /// `(target ||= value).push(…)`.
    Assigned(Assign),
    /// `target.sort().push(…)`: the list that was changed before.
    Changed(Box<Change>),
    /// Any other value. No variable leads to it; so it cannot be changed where one holds it.
    Value(Expr),
}

/// Operators of one chain that leans to the left.
#[derive(Debug)]
pub(crate) struct Fold {
    pub first: Expr,
    pub rest: Box<[(BinaryOp, Expr)]>,
}

/// A property chain.
#[derive(Debug)]
pub(crate) struct Path {
    pub root: Root,
    pub keys: Box<[Key]>,
}

/// Where a chain begins.
#[derive(Debug)]
pub(crate) enum Root {
    /// `$json`.
    Json,
    /// `$binary`.
    Binary,
    /// `$input`.
    Input,
    /// `$('Name')`.
    Node(Text),
    /// `$node["Name"]`.
    LegacyNode(Text),
    /// The json of an item of another node: `$('Name').item.json`, `$node["Name"].json`, `$('Name').first().json`.
    NodeJson(Text, Which),
    /// A global that the scope answers.
    Global(GlobalName),
    /// Another global that begins with `$`.
    Other(Text),
    /// Anything else.
    Expr(Expr),
}

/// Which item of another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Linked,
    SameIndex,
    First,
    Last,
}

/// The globals with a name of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalName {
    Now,
    Today,
    Workflow,
    Execution,
    ExecutionId,
    Vars,
    Env,
    Mode,
    CustomData,
    Parameter,
    ItemIndex,
    RunIndex,
    PrevNode,
    NodeMap,
    Item,
}

/// One step of a chain.
#[derive(Debug)]
pub(crate) struct Key {
    pub name: Text,
    /// The name as the index of a list.
    pub index: Option<u32>,
    /// After `?.`.
    pub optional: bool,
}

/// A piece of a template literal.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(Text),
    Expr(Expr),
}

/// An element of a list, or an argument.
#[derive(Debug)]
pub(crate) enum Element {
    One(Expr),
    Spread(Expr),
}

/// An entry of an object literal.
#[derive(Debug)]
pub(crate) enum Entry {
    Named(Text, Expr),
    Computed(Expr, Expr),
    Spread(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Plus,
    Minus,
    Not,
    BitNot,
    Typeof,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogicalOp {
    Or,
    And,
    Coalesce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    ShiftLeft,
    ShiftRight,
    ShiftRightZero,
    BitOr,
    BitXor,
    BitAnd,
    In,
    InstanceOf,
}

/// `receiver.name(args)`.
#[derive(Debug)]
pub(crate) struct MethodCall {
    pub receiver: Expr,
    pub call: Invocation,
}

/// `.name(args)`.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub name: Text,
    /// What the library has under this name.
    pub set: Option<&'static MethodSet>,
    pub args: Box<[Element]>,
    /// `receiver?.name(…)`.
    pub optional: bool,
    /// `receiver.name?.(…)`.
    pub optional_call: bool,
}

/// `callee(args)`, where the callee is a value.
#[derive(Debug)]
pub(crate) struct Call {
    pub callee: Expr,
    pub args: Box<[Element]>,
    pub optional: bool,
}

/// A function of the expression's own.
#[derive(Debug)]
pub(crate) struct Function {
    pub params: Box<[Param]>,
    pub rest: Option<Pattern>,
    /// The number of slots: parameters and constants.
    pub slots: u32,
    /// What is taken along when the function is made.
    pub captures: Box<[Source]>,
    pub body: Body,
    /// Whether no function is made in it, so that nothing holds its variables afterwards.
    pub frees: bool,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub pattern: Pattern,
    pub default: Option<Expr>,
}

/// What a value is bound to.
#[derive(Debug)]
pub(crate) enum Pattern {
    Slot(u32),
    /// A variable that something changes: the slot holds its place.
    Cell(u32),
    Object {
        fields: Box<[(Text, Param)]>,
        rest: Option<Box<Pattern>>,
    },
    Array {
        elements: Box<[Option<Param>]>,
        rest: Option<Box<Pattern>>,
    },
}

/// Where a taken-along value stands in the call that makes the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Local(u32),
    Capture(u32),
    Itself,
}

/// The body of a function.
#[derive(Debug)]
pub(crate) enum Body {
    Expr(Expr),
    Block(Box<[Statement]>),
}

/// A statement.
#[derive(Debug)]
pub(crate) enum Statement {
    Do(Expr),
    Bind(Pattern, Option<Expr>),
    If(Expr, Box<[Statement]>, Box<[Statement]>),
    Loop(Box<Loop>),
    Switch(Box<Switch>),
    Try(Box<Try>),
    Return(Option<Expr>),
    Throw(Expr),
    /// Out of the innermost loop or `switch`, or out of what has this label.
    Break(Option<Label>),
    Continue(Option<Label>),
    /// `label: { … }`.
    Labelled(Label, Box<[Statement]>),
}

/// A label, numbered within its block.
pub(crate) type Label = u32;

/// A loop.
#[derive(Debug)]
pub(crate) struct Loop {
    pub label: Option<Label>,
    pub kind: LoopKind,
    pub body: Box<[Statement]>,
    /// The slots of the names within it: the first one, and the first one after them.
    pub slots: (u32, u32),
    /// Whether no function is made in it, so that nothing holds its variables afterwards.
    pub frees: bool,
}

/// What a loop goes over.
#[derive(Debug)]
pub(crate) enum LoopKind {
    Of(Pattern, Expr),
    In(Pattern, Expr),
    For {
        init: Box<[Statement]>,
        test: Option<Expr>,
        update: Option<Expr>,
        /// The slots of counters that something changes.
        cells: Box<[u32]>,
    },
    While(Expr),
    DoWhile(Expr),
}

/// `switch`: the cases in order; the one without a test is the default.
#[derive(Debug)]
pub(crate) struct Switch {
    pub subject: Expr,
    pub cases: Box<[Case]>,
}

/// What is looked for, and what is done from there on.
pub(crate) type Case = (Option<Expr>, Box<[Statement]>);

/// `try`, `catch`, `finally`.
#[derive(Debug)]
pub(crate) struct Try {
    pub body: Box<[Statement]>,
    pub handler: Option<(Option<Pattern>, Box<[Statement]>)>,
    pub finally: Option<Box<[Statement]>>,
}
