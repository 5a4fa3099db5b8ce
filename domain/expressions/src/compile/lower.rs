//! Expressions of the syntax tree to expressions of ours.

use std::collections::HashSet;

use oxc_ast::ast::{self, Expression, ObjectPropertyKind, PropertyKey};
use oxc_span::{GetSpan, Span};
use weft_value::{Text, Value};

use super::function::{Functions, cannot_wait};
use super::names;
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{
    BinaryOp, Call, Element, Entry, Expr, Fold, GlobalName, Label, LogicalOp, Path, Piece, Root, UnaryOp, Which,
};
use crate::library::regexp::RegExp;
use crate::special::{Special, wrap};

pub(super) type Lowered<T = Expr> = Result<T, Finding>;

/// How deep an expression may nest; evaluation goes as deep as this once for every call within a call.
const DEEPEST: u32 = 180;
/// How many properties one path may have.
const LONGEST_PATH: usize = 1000;

/// What becomes of the value of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Value,
    /// Nothing: only what the expression does counts.
    Effect,
}

/// Lowers one block.
pub(super) struct Lowerer {
    pub(super) functions: Functions,
    /// How many functions were made so far.
    pub(super) closures: u32,
    /// The labels around this place, within the function.
    pub(super) labels: Vec<(String, Label)>,
    /// The label of the loop that comes next.
    pub(super) looping: Option<Label>,
    /// How many labels there were so far.
    pub(super) labelled: Label,
    depth: u32,
}

impl Lowerer {
    /// `changed` are the names of variables that are known to change.
    pub(super) fn new(changed: HashSet<String>) -> Self {
        Self {
            functions: Functions::with_changed(changed),
            closures: 0,
            labels: Vec::new(),
            looping: None,
            labelled: 0,
            depth: 0,
        }
    }

    /// Lowers `expression`, whose value counts.
    pub(super) fn expr(&mut self, expression: &Expression<'_>) -> Lowered {
        self.used(expression, Use::Value)
    }

    /// Lowers `expression`.
    pub(super) fn used(&mut self, expression: &Expression<'_>, used: Use) -> Lowered {
        self.deeper(expression.span())?;
        let lowered = self.any(expression, used);
        self.higher();
        lowered
    }

    /// Goes one level deeper; every success is followed by a [`Lowerer::higher`].
    pub(super) fn deeper(&mut self, span: Span) -> Lowered<()> {
        if self.depth == DEEPEST {
            let message = format!("This expression nests deeper than {DEEPEST} levels.");
            return Err(Finding::new(Code::TooLarge, span.start, message));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn higher(&mut self) {
        self.depth -= 1;
    }

    fn any(&mut self, expression: &Expression<'_>, used: Use) -> Lowered {
        match expression {
            Expression::BooleanLiteral(literal) => Ok(Expr::Const(Value::Bool(literal.value))),
            Expression::NullLiteral(_) => Ok(Expr::Const(Value::Null)),
            Expression::NumericLiteral(literal) => Ok(Expr::Const(Value::Number(literal.value))),
            Expression::BigIntLiteral(literal) => {
                Ok(Expr::Const(Value::Number(literal.value.as_str().parse().unwrap_or(f64::NAN))))
            }
            Expression::StringLiteral(literal) => Ok(Expr::Const(Value::from(string(literal).as_str()))),
            Expression::RegExpLiteral(literal) => regexp(literal),
            Expression::TemplateLiteral(literal) => self.template(literal),
            Expression::TaggedTemplateExpression(tagged) => self.tagged(tagged),
            Expression::Identifier(identifier) => self.identifier(identifier.name.as_str(), identifier.span),
            Expression::ArrayExpression(array) => self.array(array),
            Expression::ObjectExpression(object) => self.object(object),
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow),
            Expression::FunctionExpression(function) => self.function(function),
            Expression::BinaryExpression(binary) => self.binary(binary),
            Expression::LogicalExpression(logical) => self.logical(logical, used),
            Expression::ConditionalExpression(conditional) => Ok(Expr::Conditional(Box::new((
                self.expr(&conditional.test)?,
                self.used(&conditional.consequent, used)?,
                self.used(&conditional.alternate, used)?,
            )))),
            Expression::CallExpression(call) => self.call(call, used),
            Expression::NewExpression(new) => self.new_expression(new),
            Expression::ChainExpression(chain) => self.chain(&chain.expression, used),
            Expression::SequenceExpression(sequence) => {
                let last = sequence.expressions.len().saturating_sub(1);
                let each = |(at, e)| self.used(e, if at == last { used } else { Use::Effect });
                let all: Result<Vec<_>, _> = sequence.expressions.iter().enumerate().map(each).collect();
                Ok(Expr::Sequence(all?.into()))
            }
            Expression::UnaryExpression(unary) if unary.operator == ast::UnaryOperator::Delete => self.delete(unary),
            Expression::UnaryExpression(unary) => self.unary(unary),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::UpdateExpression(update) => self.update(update),
            Expression::ThisExpression(_) => Ok(Expr::This),
            Expression::ParenthesizedExpression(inner) => self.used(&inner.expression, used),
            _ => match expression.as_member_expression() {
                Some(member) => self.member(member),
                None => Err(refusal(expression)),
            },
        }
    }

    fn identifier(&mut self, name: &str, span: Span) -> Lowered {
        if let Some(local) = self.functions.resolve(name) {
            return Ok(local);
        }
        if self.functions.expects(name) {
            let message = format!("\"{name}\" is used before it is declared, which needs the code runner.");
            return Err(Finding::new(Code::NeedsCodeRunner, span.start, message).with_hint("Declare it further up."));
        }
        if name == "$" {
            let finding = Finding::new(Code::Refused, span.start, "$ alone has no value.");
            return Err(finding.with_hint("Name a node: $('Node name')."));
        }
        Ok(names::global(name))
    }

    fn template(&mut self, literal: &ast::TemplateLiteral<'_>) -> Lowered {
        let mut pieces = Vec::new();
        let mut expressions = literal.expressions.iter();
        for quasi in &literal.quasis {
            let text = quasi.value.cooked.as_ref().map_or(quasi.value.raw.as_str(), |cooked| cooked.as_str());
            if !text.is_empty() {
                pieces.push(Piece::Text(Text::from(unmarked(text, quasi.lone_surrogates).as_str())));
            }
            if let Some(expression) = expressions.next() {
                pieces.push(Piece::Expr(self.expr(expression)?));
            }
        }
        Ok(match pieces.as_slice() {
            [] => Expr::Const(Value::from("")),
            [Piece::Text(text)] => Expr::Const(Value::String(text.clone())),
            _ => Expr::Template(pieces.into()),
        })
    }

    /// A tag is called with the texts and the values between them; `String.raw` sees the texts as they are written.
    fn tagged(&mut self, tagged: &ast::TaggedTemplateExpression<'_>) -> Lowered {
        let texts = |raw: bool| {
            let text = |quasi: &ast::TemplateElement<'_>| {
                let text = match &quasi.value.cooked {
                    Some(cooked) if !raw => cooked.as_str(),
                    _ => quasi.value.raw.as_str(),
                };
                Value::from(unmarked(text, quasi.lone_surrogates && !raw).as_str())
            };
            Value::from(tagged.quasi.quasis.iter().map(text).collect::<Vec<_>>())
        };
        let raw = tagged.tag.as_member_expression().is_some_and(|member| {
            let object = matches!(member.object(), Expression::Identifier(id) if id.name == "String" && !self.functions.knows("String"));
            object && member.static_property_name() == Some("raw")
        });
        let callee = self.expr(&tagged.tag)?;
        let first = if raw {
            Value::from([("raw", texts(true))].into_iter().collect::<weft_value::Object>())
        } else {
            texts(false)
        };
        let mut args = vec![Element::One(Expr::Const(first))];
        for expression in &tagged.quasi.expressions {
            args.push(Element::One(self.expr(expression)?));
        }
        Ok(Expr::Call(Box::new(Call { callee, args: args.into(), optional: false })))
    }

    fn array(&mut self, array: &ast::ArrayExpression<'_>) -> Lowered {
        let mut elements = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            elements.push(match element {
                ast::ArrayExpressionElement::SpreadElement(spread) => Element::Spread(self.expr(&spread.argument)?),
                ast::ArrayExpressionElement::Elision(_) => Element::One(Expr::Const(Value::Undefined)),
                other => Element::One(self.expr(other.to_expression())?),
            });
        }
        Ok(Expr::Array(elements.into()))
    }

    fn object(&mut self, object: &ast::ObjectExpression<'_>) -> Lowered {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            entries.push(match property {
                ObjectPropertyKind::SpreadProperty(spread) => Entry::Spread(self.expr(&spread.argument)?),
                ObjectPropertyKind::ObjectProperty(property) => self.entry(property)?,
            });
        }
        Ok(Expr::Object(entries.into()))
    }

    fn entry(&mut self, property: &ast::ObjectProperty<'_>) -> Lowered<Entry> {
        if property.kind != ast::PropertyKind::Init {
            return Err(Finding::new(
                Code::NeedsCodeRunner,
                property.span.start,
                "Getters and setters need the code runner.",
            ));
        }
        let value = self.expr(&property.value)?;
        if let Some(name) = static_key(&property.key, property.computed) {
            if name == "__proto__" {
                return Err(refused_name(&name, property.span));
            }
            return Ok(Entry::Named(Text::from(name), value));
        }
        Ok(Entry::Computed(self.expr(property.key.to_expression())?, value))
    }

    /// A member read, without the extent of its optional chain. The whole chain of members is taken at once, so that it
    /// may be long.
    pub(super) fn member(&mut self, member: &ast::MemberExpression<'_>) -> Lowered {
        let mut members = vec![member];
        let mut object = member.object();
        while let Some(inner) = object.as_member_expression() {
            members.push(inner);
            object = inner.object();
        }
        if members.len() > LONGEST_PATH {
            return Err(Finding::new(
                Code::TooLarge,
                object.span().start,
                format!("This path is longer than {LONGEST_PATH} properties."),
            ));
        }
        let mut base = self.expr(object)?;
        for member in members.into_iter().rev() {
            base = self.step(base, member)?;
        }
        Ok(base)
    }

    fn step(&mut self, base: Expr, member: &ast::MemberExpression<'_>) -> Lowered {
        match member {
            ast::MemberExpression::StaticMemberExpression(member) => {
                property(base, member.property.name.as_str(), member.optional, member.property.span)
            }
            ast::MemberExpression::ComputedMemberExpression(member) => match self.expr(&member.expression)? {
                Expr::Const(Value::String(name)) => property(base, &name, member.optional, member.span),
                Expr::Const(Value::Number(n)) if n >= 0.0 && n.fract() == 0.0 && n < 4e9 => {
                    property(base, &(n as u32).to_string(), member.optional, member.span)
                }
                key => Ok(Expr::Index { pair: Box::new((base, key)), optional: member.optional }),
            },
            ast::MemberExpression::PrivateFieldExpression(member) => {
                Err(Finding::new(Code::Refused, member.span.start, "Private fields have no meaning in an expression."))
            }
        }
    }

    fn chain(&mut self, element: &ast::ChainElement<'_>, used: Use) -> Lowered {
        let inner = match element {
            ast::ChainElement::CallExpression(call) => self.call(call, used)?,
            _ => match element.as_member_expression() {
                Some(member) => self.member(member)?,
                None => return Err(Finding::new(Code::Refused, element.span().start, "This is not JavaScript.")),
            },
        };
        Ok(Expr::Chain(Box::new(inner)))
    }

    /// Chains of operators lean to the left, so that `a + b + c + …` may be as long as it likes: they are unrolled.
    fn binary(&mut self, binary: &ast::BinaryExpression<'_>) -> Lowered {
        let mut rest = vec![(operator(binary.operator), &binary.right)];
        let mut left = &binary.left;
        while let Expression::BinaryExpression(inner) = left {
            rest.push((operator(inner.operator), &inner.right));
            left = &inner.left;
        }
        let first = self.expr(left)?;
        let mut operands = Vec::with_capacity(rest.len());
        for (op, right) in rest.into_iter().rev() {
            operands.push((op, self.expr(right)?));
        }
        if operands.len() == 1
            && let Some((op, right)) = operands.pop()
        {
            return Ok(Expr::Binary(op, Box::new((first, right))));
        }
        Ok(Expr::Fold(Box::new(Fold { first, rest: operands.into() })))
    }

    /// `a || b || c` leans to the left as well.
    fn logical(&mut self, logical: &ast::LogicalExpression<'_>, used: Use) -> Lowered {
        let mut operands = Vec::new();
        let mut left = &logical.left;
        while let Expression::LogicalExpression(inner) = left
            && inner.operator == logical.operator
        {
            operands.push(&inner.right);
            left = &inner.left;
        }
        operands.push(left);
        let op = logical_operator(logical.operator);
        let lowered: Result<Vec<_>, _> = operands.into_iter().rev().map(|operand| self.expr(operand)).collect();
        let mut lowered = lowered?;
        lowered.push(self.used(&logical.right, used)?);
        Ok(Expr::Logical(op, lowered.into()))
    }

    fn unary(&mut self, unary: &ast::UnaryExpression<'_>) -> Lowered {
        let op = match unary.operator {
            ast::UnaryOperator::UnaryPlus => UnaryOp::Plus,
            ast::UnaryOperator::UnaryNegation => UnaryOp::Minus,
            ast::UnaryOperator::LogicalNot => UnaryOp::Not,
            ast::UnaryOperator::BitwiseNot => UnaryOp::BitNot,
            ast::UnaryOperator::Typeof => UnaryOp::Typeof,
            ast::UnaryOperator::Void => UnaryOp::Void,
            ast::UnaryOperator::Delete => return self.delete(unary),
        };
        match (op, self.expr(&unary.argument)?) {
            (UnaryOp::Minus, Expr::Const(Value::Number(number))) => Ok(Expr::Const(Value::Number(-number))),
            (op, argument) => Ok(Expr::Unary(op, Box::new(argument))),
        }
    }
}

/// Reads `name` of `base`, and sees the shapes that can be answered without making an object in between.
fn property(base: Expr, name: &str, optional: bool, span: Span) -> Lowered {
    if names::is_refused(name) {
        return Err(refused_name(name, span));
    }
    let key = names::key(name, optional);
    let Path { root, keys } = match base {
        Expr::Path(path) => *path,
        Expr::Method(method) => match (&method.receiver, name) {
            (Expr::Path(path), "json") if path.keys.is_empty() && method.call.args.is_empty() && !optional => {
                let which = match method.call.name.as_str() {
                    "first" => Some(Which::First),
                    "last" => Some(Which::Last),
                    _ => None,
                };
                match (&path.root, which) {
                    (Root::Node(node), Some(which)) => return Ok(path_of(Root::NodeJson(node.clone(), which))),
                    _ => Path { root: Root::Expr(Expr::Method(method)), keys: Box::new([]) },
                }
            }
            _ => Path { root: Root::Expr(Expr::Method(method)), keys: Box::new([]) },
        },
        other => Path { root: Root::Expr(other), keys: Box::new([]) },
    };
    let plain_item = matches!(keys.as_ref(), [key] if key.name.as_str() == "item" && !key.optional);
    match (&root, name) {
        (Root::Input, "json") if plain_item && !optional => return Ok(path_of(Root::Json)),
        (Root::Node(node), "json") if plain_item && !optional => {
            return Ok(path_of(Root::NodeJson(node.clone(), Which::Linked)));
        }
        (Root::LegacyNode(node), "json" | "data") if keys.is_empty() => {
            return Ok(path_of(Root::NodeJson(node.clone(), Which::SameIndex)));
        }
        (Root::Global(GlobalName::Execution), "customData") if keys.is_empty() => {
            return Ok(path_of(Root::Global(GlobalName::CustomData)));
        }
        (Root::Global(GlobalName::NodeMap), _) if keys.is_empty() => {
            return Ok(path_of(Root::LegacyNode(Text::from(name))));
        }
        _ => {}
    }
    let mut keys = keys.into_vec();
    keys.push(key);
    Ok(Expr::Path(Box::new(Path { root, keys: keys.into() })))
}

fn path_of(root: Root) -> Expr {
    Expr::Path(Box::new(Path { root, keys: Box::new([]) }))
}

/// The name of a property where it is written out.
pub(super) fn static_key(key: &PropertyKey<'_>, computed: bool) -> Option<String> {
    match key {
        PropertyKey::StaticIdentifier(identifier) => Some(identifier.name.to_string()),
        PropertyKey::StringLiteral(literal) => Some(string(literal)),
        PropertyKey::NumericLiteral(literal) if !computed => Some(crate::convert::number_to_string(literal.value)),
        _ => None,
    }
}

/// The text of a literal. Half of a surrogate pair, which UTF-8 cannot hold, arrives as a mark and becomes U+FFFD.
fn string(literal: &ast::StringLiteral<'_>) -> String {
    unmarked(literal.value.as_str(), literal.lone_surrogates)
}

fn unmarked(text: &str, marked: bool) -> String {
    if !marked {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{fffd}') {
        clean.push_str(&rest[..at]);
        clean.push('\u{fffd}');
        let after = &rest[at + '\u{fffd}'.len_utf8()..];
        rest = after.get(4..).unwrap_or("");
    }
    clean.push_str(rest);
    clean
}

fn regexp(literal: &ast::RegExpLiteral<'_>) -> Lowered {
    match RegExp::new(literal.regex.pattern.text.as_str(), &literal.regex.flags.to_string()) {
        Ok(regexp) if regexp.goes_on() => Ok(Expr::Pattern(regexp)),
        Ok(regexp) => Ok(Expr::Const(wrap(Special::RegExp(regexp)))),
        Err(reason) => Err(Finding::new(
            Code::Pattern,
            literal.span.start,
            format!("This regular expression cannot be used: {reason}"),
        )),
    }
}

pub(super) fn logical_operator(operator: ast::LogicalOperator) -> LogicalOp {
    match operator {
        ast::LogicalOperator::Or => LogicalOp::Or,
        ast::LogicalOperator::And => LogicalOp::And,
        ast::LogicalOperator::Coalesce => LogicalOp::Coalesce,
    }
}

pub(super) fn operator(operator: ast::BinaryOperator) -> BinaryOp {
    use ast::BinaryOperator as Js;
    match operator {
        Js::Equality => BinaryOp::Equal,
        Js::Inequality => BinaryOp::NotEqual,
        Js::StrictEquality => BinaryOp::Same,
        Js::StrictInequality => BinaryOp::NotSame,
        Js::LessThan => BinaryOp::Less,
        Js::LessEqualThan => BinaryOp::LessEqual,
        Js::GreaterThan => BinaryOp::Greater,
        Js::GreaterEqualThan => BinaryOp::GreaterEqual,
        Js::Addition => BinaryOp::Add,
        Js::Subtraction => BinaryOp::Subtract,
        Js::Multiplication => BinaryOp::Multiply,
        Js::Division => BinaryOp::Divide,
        Js::Remainder => BinaryOp::Remainder,
        Js::Exponential => BinaryOp::Power,
        Js::ShiftLeft => BinaryOp::ShiftLeft,
        Js::ShiftRight => BinaryOp::ShiftRight,
        Js::ShiftRightZeroFill => BinaryOp::ShiftRightZero,
        Js::BitwiseOR => BinaryOp::BitOr,
        Js::BitwiseXOR => BinaryOp::BitXor,
        Js::BitwiseAnd => BinaryOp::BitAnd,
        Js::In => BinaryOp::In,
        Js::Instanceof => BinaryOp::InstanceOf,
    }
}

pub(super) fn refused_name(name: &str, span: Span) -> Finding {
    Finding::new(Code::Refused, span.start, format!("Expressions cannot use \"{name}\"."))
}

fn refusal(expression: &Expression<'_>) -> Finding {
    let (what, code) = match expression {
        Expression::AwaitExpression(_) => return cannot_wait(expression.span().start),
        Expression::YieldExpression(_) => ("yield needs", Code::NeedsCodeRunner),
        Expression::ClassExpression(_) => ("Classes need", Code::NeedsCodeRunner),
        _ => {
            let finding =
                Finding::new(Code::Refused, expression.span().start, "Expressions cannot use this part of JavaScript.");
            return finding.with_hint("Use a Code node.");
        }
    };
    Finding::new(code, expression.span().start, format!("{what} the code runner."))
}
