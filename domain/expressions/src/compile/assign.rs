//! Assignments to variables and their parts, and the methods that change what a variable holds.

use oxc_ast::ast::{self, AssignmentTarget, Expression, SimpleAssignmentTarget};
use oxc_span::{GetSpan, Span};
use weft_value::{Text, Value};

use super::lower::{Lowered, Lowerer, refused_name};
use super::names;
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{Assign, AssignOp, Change, Expr, Target, TargetKey, Update};
use crate::library;

/// Methods that change the list that they are called on. (Sets, maps and dates are changed where they are.)
const CHANGING: &[&str] = &["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"];

/// How many properties may lead to what is assigned.
const LONGEST_TARGET: usize = 32;

impl Lowerer {
    pub(super) fn assignment(&mut self, assignment: &ast::AssignmentExpression<'_>) -> Lowered {
        let op = match (assignment.operator.to_binary_operator(), assignment.operator.to_logical_operator()) {
            (Some(op), _) => AssignOp::Binary(super::lower::operator(op)),
            (_, Some(op)) => AssignOp::Logical(super::lower::logical_operator(op)),
            _ => AssignOp::Set,
        };
        let target = match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(identifier) => {
                self.target_named(identifier.name.as_str(), Box::new([]), identifier.span)?
            }
            left => {
                let Some(member) = left.as_member_expression() else {
                    let message = "Taking values apart in an assignment needs the code runner.";
                    return Err(Finding::new(Code::NeedsCodeRunner, left.span().start, message)
                        .with_hint("Declare new names instead: const { a, b } = value."));
                };
                self.target(member)?
            }
        };
        let value = self.expr(&assignment.right)?;
        Ok(Expr::Assign(Box::new(Assign { target, op, value })))
    }

    pub(super) fn update(&mut self, update: &ast::UpdateExpression<'_>) -> Lowered {
        let target = match &update.argument {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(identifier) => {
                self.target_named(identifier.name.as_str(), Box::new([]), identifier.span)?
            }
            argument => match argument.as_member_expression() {
                Some(member) => self.target(member)?,
                None => return Err(unassignable(update.span)),
            },
        };
        let delta = if update.operator == ast::UpdateOperator::Increment { 1.0 } else { -1.0 };
        Ok(Expr::Update(Box::new(Update { target, delta, prefix: update.prefix })))
    }

    pub(super) fn delete(&mut self, unary: &ast::UnaryExpression<'_>) -> Lowered {
        match unary.argument.as_member_expression() {
            Some(member) => Ok(Expr::Delete(Box::new(self.target(member)?))),
            None => Err(unassignable(unary.span)),
        }
    }

    /// `name.a[b].method(…)`, where the method changes what it is called on and `name` is a variable; else nothing.
    pub(super) fn change(&mut self, call: &ast::CallExpression<'_>, name: &str) -> Lowered<Option<Expr>> {
        let Some(member) = call.callee.as_member_expression() else { return Ok(None) };
        if !CHANGING.contains(&name) || member.optional() || call.optional {
            return Ok(None);
        }
        // `(a[k] ||= []).push(x)`: first the assignment, then the change of its target.
        let (before, receiver) = match member.object() {
            Expression::AssignmentExpression(assignment) => (Some(assignment), None),
            receiver => (None, Some(receiver)),
        };
        let target = match (before, receiver) {
            (Some(assignment), _) => match &assignment.left {
                AssignmentTarget::AssignmentTargetIdentifier(id) if self.functions.knows(&id.name) => {
                    self.target_named(id.name.as_str(), Box::new([]), id.span)?
                }
                left => match left.as_member_expression() {
                    Some(member) if self.is_variable(root(member)) => self.target(member)?,
                    _ => return Ok(None),
                },
            },
            (_, Some(Expression::Identifier(id))) if self.is_variable_to_change(&id.name, name) => {
                self.target_named(id.name.as_str(), Box::new([]), id.span)?
            }
            (_, Some(receiver)) => match receiver.as_member_expression() {
                Some(member) if matches!(root(member), Expression::Identifier(id) if self.is_variable_to_change(&id.name, name)) => {
                    self.target(member)?
                }
                _ => return Ok(None),
            },
            (None, None) => return Ok(None),
        };
        let (Some(set), args) = (library::method_set(name), self.args(&call.arguments)?) else { return Ok(None) };
        let change = Expr::Change(Box::new(Change { target, name: Text::from(name), set, args }));
        match before {
            Some(assignment) => Ok(Some(Expr::Sequence(Box::new([self.assignment(assignment)?, change])))),
            None => Ok(Some(change)),
        }
    }

    fn is_variable(&self, root: &Expression<'_>) -> bool {
        matches!(root, Expression::Identifier(id) if self.functions.knows(&id.name))
    }

    /// `list => list.sort()`: the parameter is a fresh name, and what counts is the value of the call.
    fn is_variable_to_change(&self, variable: &str, method: &str) -> bool {
        self.functions.knows(variable) && (!sorts(method) || self.functions.is_constant(variable))
    }

    /// What a chain of properties that begins at a variable leads to.
    fn target(&mut self, member: &ast::MemberExpression<'_>) -> Lowered<Target> {
        let mut members = vec![member];
        let mut object = member.object();
        while let Some(inner) = object.as_member_expression() {
            members.push(inner);
            object = inner.object();
        }
        let Expression::Identifier(identifier) = object else { return Err(unassignable(object.span())) };
        if members.len() > LONGEST_TARGET {
            let message = format!("More than {LONGEST_TARGET} properties lead to what is assigned here.");
            return Err(Finding::new(Code::TooLarge, object.span().start, message));
        }
        let mut keys = Vec::with_capacity(members.len());
        for member in members.into_iter().rev() {
            keys.push(match member {
                ast::MemberExpression::StaticMemberExpression(member) => {
                    named_key(member.property.name.as_str(), member.span)?
                }
                ast::MemberExpression::ComputedMemberExpression(member) => match self.expr(&member.expression)? {
                    Expr::Const(Value::String(name)) => named_key(&name, member.span)?,
                    key => TargetKey::Computed(key),
                },
                ast::MemberExpression::PrivateFieldExpression(member) => return Err(unassignable(member.span)),
            });
        }
        self.target_named(identifier.name.as_str(), keys.into(), identifier.span)
    }

    fn target_named(&mut self, name: &str, keys: Box<[TargetKey]>, span: Span) -> Lowered<Target> {
        match self.functions.variable(name) {
            Some(variable) => Ok(Target { variable, keys }),
            None => Err(unassignable(span)),
        }
    }
}

fn sorts(method: &str) -> bool {
    matches!(method, "sort" | "reverse")
}

/// What a chain of members begins with.
fn root<'e, 'a>(member: &'e ast::MemberExpression<'a>) -> &'e Expression<'a> {
    let mut object = member.object();
    while let Some(inner) = object.as_member_expression() {
        object = inner.object();
    }
    object
}

fn named_key(name: &str, span: Span) -> Lowered<TargetKey> {
    if names::is_refused(name) { Err(refused_name(name, span)) } else { Ok(TargetKey::Named(Text::from(name))) }
}

fn unassignable(span: Span) -> Finding {
    Finding::new(Code::Refused, span.start, "Expressions can change their own variables only.")
        .with_hint("Copy the value first: const copy = { ...value }.")
}
