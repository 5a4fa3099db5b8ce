//! Assignments to variables and their parts, and the methods that change what a variable holds.

use oxc_ast::ast::{self, AssignmentTarget, Expression, SimpleAssignmentTarget};
use oxc_span::{GetSpan, Span};
use weft_value::{Text, Value};

use super::lower::{Lowered, Lowerer, Use, refused_name, static_key};
use super::names;
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{
    Assign, AssignOp, Expr, Param, Pattern, Receiver, Root, Target, TargetKey, TargetStep, Unpack, Update,
};

/// How many properties may lead to what is assigned.
const LONGEST_TARGET: usize = 32;

impl Lowerer {
    pub(super) fn assignment(&mut self, assignment: &ast::AssignmentExpression<'_>) -> Lowered {
        if assignment.operator == ast::AssignmentOperator::Assign
            && assignment.left.as_assignment_target_pattern().is_some()
        {
            let value = self.expr(&assignment.right)?;
            return self.assigned_to(&assignment.left, value);
        }
        self.assign(assignment).map(|assign| Expr::Assign(Box::new(assign)))
    }

    fn assign(&mut self, assignment: &ast::AssignmentExpression<'_>) -> Lowered<Assign> {
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
                let Some(member) = left.as_member_expression() else { return Err(unassignable(left.span())) };
                self.target(member)?
            }
        };
        let value = self.expr(&assignment.right)?;
        Ok(Assign { target, op, value })
    }

    /// `name = value`.
    pub(super) fn assigned(&mut self, name: &str, value: Expr, span: Span) -> Lowered {
        let target = self.target_named(name, Box::new([]), span)?;
        Ok(Expr::Assign(Box::new(Assign { target, op: AssignOp::Set, value })))
    }

    /// `left = value`, where `left` may take the value apart.
    pub(super) fn assigned_to(&mut self, left: &AssignmentTarget<'_>, value: Expr) -> Lowered {
        if left.as_assignment_target_pattern().is_none() {
            let target = self.simple_target(left)?;
            return Ok(Expr::Assign(Box::new(Assign { target, op: AssignOp::Set, value })));
        }
        let mut parts = Vec::new();
        let pattern = self.unpacked(left, &mut parts)?;
        Ok(Expr::Unpack(Box::new(Unpack { value, pattern, parts: parts.into() })))
    }

    fn simple_target(&mut self, left: &AssignmentTarget<'_>) -> Lowered<Target> {
        match left {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                self.target_named(id.name.as_str(), Box::new([]), id.span)
            }
            left => match left.as_member_expression() {
                Some(member) => self.target(member),
                None => Err(unassignable(left.span())),
            },
        }
    }

    /// What the value of `left` is bound to, and what is assigned from there.
    fn unpacked(&mut self, left: &AssignmentTarget<'_>, parts: &mut Vec<Assign>) -> Lowered<Pattern> {
        self.deeper(left.span())?;
        let pattern = match left {
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                let mut elements = Vec::with_capacity(array.elements.len());
                for element in &array.elements {
                    elements.push(element.as_ref().map(|element| self.part(element, parts)).transpose()?);
                }
                let rest = array.rest.as_ref().map(|rest| self.unpacked(&rest.target, parts)).transpose()?;
                Pattern::Array { elements: elements.into(), rest: rest.map(Box::new) }
            }
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                let fields: Result<Vec<_>, _> =
                    object.properties.iter().map(|property| self.field(property, parts)).collect();
                let rest = object.rest.as_ref().map(|rest| self.unpacked(&rest.target, parts)).transpose()?;
                Pattern::Object { fields: fields?.into(), rest: rest.map(Box::new) }
            }
            simple => {
                let target = self.simple_target(simple)?;
                self.part_of(target, parts)
            }
        };
        self.higher();
        Ok(pattern)
    }

    fn part(&mut self, part: &ast::AssignmentTargetMaybeDefault<'_>, parts: &mut Vec<Assign>) -> Lowered<Param> {
        match part {
            ast::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(part) => {
                let default = Some(self.expr(&part.init)?);
                Ok(Param { pattern: self.unpacked(&part.binding, parts)?, default })
            }
            part => Ok(Param { pattern: self.unpacked(part.to_assignment_target(), parts)?, default: None }),
        }
    }

    fn field(
        &mut self,
        property: &ast::AssignmentTargetProperty<'_>,
        parts: &mut Vec<Assign>,
    ) -> Lowered<(Text, Param)> {
        match property {
            ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                let (name, span) = (property.binding.name.as_str(), property.binding.span);
                let default = property.init.as_ref().map(|init| self.expr(init)).transpose()?;
                let target = self.target_named(name, Box::new([]), span)?;
                Ok((Text::from(name), Param { pattern: self.part_of(target, parts), default }))
            }
            ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                let Some(name) = static_key(&property.name, property.computed) else {
                    let message = "Computed keys in a pattern need the code runner.";
                    return Err(Finding::new(Code::NeedsCodeRunner, property.span.start, message));
                };
                if names::is_refused(&name) {
                    return Err(refused_name(&name, property.span));
                }
                Ok((Text::from(name), self.part(&property.binding, parts)?))
            }
        }
    }

    /// A slot from which `target` is assigned.
    fn part_of(&mut self, target: Target, parts: &mut Vec<Assign>) -> Pattern {
        let slot = self.functions.unnamed();
        parts.push(Assign { target, op: AssignOp::Set, value: Expr::Take(slot) });
        Pattern::Slot(slot)
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

    /// What `object.method(…)` changes, where the method changes lists.
    pub(super) fn receiver(&mut self, object: &Expression<'_>, method: &str, used: Use) -> Lowered<Called> {
        if let Expression::AssignmentExpression(assignment) = object {
            return Ok(Called::Changing(Receiver::Assigned(self.assign(assignment)?)));
        }
        let mut links = Vec::new();
        if let Expression::Identifier(id) = follow(object, &mut links)
            && self.functions.knows(&id.name)
        {
            // `list => list.sort()`: the parameter is a fresh name, and what counts is the value of the call.
            let sorts = matches!(method, "sort" | "reverse");
            return if sorts && used == Use::Value && !self.functions.is_constant(&id.name) {
                self.expr(object).map(Called::Plain)
            } else {
                Ok(Called::Changing(Receiver::Target(self.target_of(id, links)?)))
            };
        }
        Ok(match self.expr(object)? {
            Expr::Change(inner) if ["sort", "reverse", "fill", "copyWithin"].contains(&inner.call.name.as_str()) => {
                Called::Changing(Receiver::Changed(inner))
            }
            // What calls change in the data that the expression was given is seen by nobody.
            Expr::Path(path) if !matches!(path.root, Root::Expr(_)) => Called::Plain(Expr::Path(path)),
            other => Called::Changing(Receiver::Value(other)),
        })
    }

    /// What a chain of properties that begins at a variable leads to.
    fn target(&mut self, member: &ast::MemberExpression<'_>) -> Lowered<Target> {
        let mut links = vec![Link::Member(member)];
        match follow(member.object(), &mut links) {
            Expression::Identifier(identifier) => self.target_of(identifier, links),
            other => Err(unassignable(other.span())),
        }
    }

    fn target_of(&mut self, root: &ast::IdentifierReference<'_>, links: Vec<Link<'_, '_>>) -> Lowered<Target> {
        if links.len() > LONGEST_TARGET {
            let message = format!("More than {LONGEST_TARGET} properties lead to what is changed here.");
            return Err(Finding::new(Code::TooLarge, root.span.start, message));
        }
        let keys: Result<Vec<_>, _> = links.into_iter().rev().map(|link| self.target_key(&link)).collect();
        self.target_named(root.name.as_str(), keys?.into(), root.span)
    }

    fn target_key(&mut self, link: &Link<'_, '_>) -> Lowered<TargetKey> {
        let (step, optional) = match link {
            Link::Member(ast::MemberExpression::StaticMemberExpression(member)) => {
                (named_step(member.property.name.as_str(), member.span)?, member.optional)
            }
            Link::Member(ast::MemberExpression::ComputedMemberExpression(member)) => {
                let step = match self.expr(&member.expression)? {
                    Expr::Const(Value::String(name)) => named_step(&name, member.span)?,
                    key => TargetStep::Computed(key),
                };
                (step, member.optional)
            }
            Link::Member(member) => return Err(unassignable(member.span())),
            Link::Get(key, optional) => (TargetStep::Get(self.expr(key)?), *optional),
        };
        Ok(TargetKey { step, optional })
    }

    fn target_named(&mut self, name: &str, keys: Box<[TargetKey]>, span: Span) -> Lowered<Target> {
        match self.functions.variable(name) {
            Some(variable) => Ok(Target { variable, keys }),
            None => Err(unassignable(span)),
        }
    }
}

/// What a method is called on.
pub(super) enum Called {
    /// A value that the method changes.
    Changing(Receiver),
    /// A value that nobody sees changed.
    Plain(Expr),
}

/// What leads from a value to the next one.
enum Link<'e, 'a> {
    Member(&'e ast::MemberExpression<'a>),
    /// `.get(key)`, `?.get(key)`.
    Get(&'e Expression<'a>, bool),
}

/// Collects what leads to `object`, the last link first; gives what it begins with.
fn follow<'e, 'a>(mut object: &'e Expression<'a>, links: &mut Vec<Link<'e, 'a>>) -> &'e Expression<'a> {
    loop {
        if let Some(member) = object.as_member_expression() {
            links.push(Link::Member(member));
            object = member.object();
        } else if let Expression::CallExpression(call) = object
            && !call.optional
            && let [key] = call.arguments.as_slice()
            && let (Some(key), Some(member)) = (key.as_expression(), call.callee.as_member_expression())
            && member.static_property_name() == Some("get")
        {
            links.push(Link::Get(key, member.optional()));
            object = member.object();
        } else {
            return object;
        }
    }
}

fn named_step(name: &str, span: Span) -> Lowered<TargetStep> {
    if names::is_refused(name) { Err(refused_name(name, span)) } else { Ok(TargetStep::Named(Text::from(name))) }
}

fn unassignable(span: Span) -> Finding {
    Finding::new(Code::NeedsCodeRunner, span.start, "Expressions can change their own variables only.")
        .with_hint("Copy the value first: const copy = { ...value }.")
}
