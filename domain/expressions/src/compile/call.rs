//! Calls.

use oxc_ast::ast::{self, Argument, Expression};
use weft_value::{Text, Value};

use super::assign::Called;
use super::lower::{Lowered, Lowerer, Use, refused_name};
use super::names;
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{Call, Change, Element, Expr, Invocation, MethodCall, Path, Root};
use crate::library;

impl Lowerer {
    pub(super) fn call(&mut self, call: &ast::CallExpression<'_>, used: Use) -> Lowered {
        if let Expression::Identifier(callee) = &call.callee {
            let name = callee.name.as_str();
            if !self.functions.knows(name) {
                return self.global_call(name, call);
            }
        }
        let Some(member) = call.callee.as_member_expression() else {
            let callee = self.expr(&call.callee)?;
            let args = self.args(&call.arguments)?;
            return Ok(Expr::Call(Box::new(Call { callee, args, optional: call.optional })));
        };
        let Some(name) = member.static_property_name() else {
            let callee = self.expr(&call.callee)?;
            let args = self.args(&call.arguments)?;
            return Ok(Expr::Call(Box::new(Call { callee, args, optional: call.optional })));
        };
        let name = name.to_string();
        if names::is_refused(&name) {
            return Err(refused_name(&name, call.span));
        }
        if let Expression::Identifier(object) = member.object()
            && !self.functions.knows(object.name.as_str())
            && let Some(native) =
                library::namespace(object.name.as_str()).and_then(|n| library::static_method(n, &name))
        {
            return Ok(Expr::Native(native, self.args(&call.arguments)?));
        }
        let set = library::method_set(&name);
        let receiver = match set {
            Some(set) if set.changes_lists() => self.receiver(member.object(), &name, used)?,
            _ => Called::Plain(self.expr(member.object())?),
        };
        let args = match (name.as_str(), call.arguments.as_slice()) {
            // Nobody asks for the values that this function gives.
            ("forEach", [Argument::ArrowFunctionExpression(arrow)]) => {
                Box::new([Element::One(self.named_arrow(arrow, None, Use::Effect)?)]) as Box<[Element]>
            }
            (_, arguments) => self.args(arguments)?,
        };
        let (name, optional, optional_call) = (Text::from(name), member.optional(), call.optional);
        let call = Invocation { name, set, args, optional, optional_call };
        Ok(match receiver {
            Called::Plain(receiver) => Expr::Method(Box::new(MethodCall { receiver, call })),
            Called::Changing(receiver) => Expr::Change(Box::new(Change { receiver, call })),
        })
    }

    fn global_call(&mut self, name: &str, call: &ast::CallExpression<'_>) -> Lowered {
        if self.functions.expects(name) {
            return self.expr(&call.callee);
        }
        match name {
            "$" => return self.node(call),
            "$if" => return self.conditional(call),
            // How other engines call methods by name, around the checks of names.
            "extend" | "extendOptional" => return Err(refused_name(name, call.span)),
            _ => {}
        }
        let args = self.args(&call.arguments)?;
        if let Some(native) = library::global(name) {
            return Ok(Expr::Native(native, args));
        }
        Ok(Expr::Call(Box::new(Call { callee: names::global(name), args, optional: call.optional })))
    }

    /// `$('Name')`.
    fn node(&mut self, call: &ast::CallExpression<'_>) -> Lowered {
        let [Argument::StringLiteral(_) | Argument::TemplateLiteral(_)] = call.arguments.as_slice() else {
            let Some(Element::One(name)) = self.args(&call.arguments)?.into_vec().into_iter().next() else {
                return Err(Finding::new(Code::Refused, call.span.start, "$() needs the name of a node.")
                    .with_hint("Write $('Node name')."));
            };
            return Ok(Expr::NodeByName(Box::new(name)));
        };
        match self.args(&call.arguments)?.into_vec().into_iter().next() {
            Some(Element::One(Expr::Const(Value::String(name)))) => {
                Ok(Expr::Path(Box::new(Path { root: Root::Node(name), keys: Box::new([]) })))
            }
            Some(Element::One(name) | Element::Spread(name)) => Ok(Expr::NodeByName(Box::new(name))),
            None => Ok(Expr::Const(Value::Undefined)),
        }
    }

    /// `$if(condition, then, else)` evaluates only the branch that is taken.
    fn conditional(&mut self, call: &ast::CallExpression<'_>) -> Lowered {
        let mut parts = Vec::with_capacity(3);
        for argument in &call.arguments {
            let Some(expression) = argument.as_expression() else {
                return Err(Finding::new(Code::Refused, call.span.start, "$if() cannot take a spread."));
            };
            parts.push(self.expr(expression)?);
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(condition), Some(then), otherwise) => {
                let otherwise = otherwise.unwrap_or(Expr::Const(Value::Bool(false)));
                Ok(Expr::Conditional(Box::new((condition, then, otherwise))))
            }
            _ => Err(Finding::new(Code::Refused, call.span.start, "$if() needs a condition and at least one value.")
                .with_hint("Write $if(condition, then, otherwise).")),
        }
    }

    pub(super) fn new_expression(&mut self, new: &ast::NewExpression<'_>) -> Lowered {
        let args = self.args(&new.arguments)?;
        if let Expression::Identifier(callee) = &new.callee
            && !self.functions.knows(callee.name.as_str())
            && let Some(native) = library::constructor(callee.name.as_str())
        {
            return Ok(Expr::Native(native, args));
        }
        if let Some(member) = new.callee.as_member_expression()
            && let (Expression::Identifier(object), Some(name)) = (member.object(), member.static_property_name())
            && object.name == "Intl"
            && !self.functions.knows("Intl")
            && let Some(native) = library::static_method(library::Namespace::Intl, name)
        {
            return Ok(Expr::Native(native, args));
        }
        if new.callee.as_member_expression().is_some() || matches!(new.callee, Expression::Identifier(_)) {
            let callee = Expr::Const(Value::Undefined);
            return Ok(Expr::Call(Box::new(Call { callee, args, optional: false })));
        }
        Err(Finding::new(Code::NeedsCodeRunner, new.span.start, "This \"new\" needs the code runner."))
    }

    pub(super) fn args(&mut self, arguments: &[Argument<'_>]) -> Lowered<Box<[Element]>> {
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments {
            args.push(match argument {
                Argument::SpreadElement(spread) => Element::Spread(self.expr(&spread.argument)?),
                other => Element::One(self.expr(other.to_expression())?),
            });
        }
        Ok(args.into())
    }
}
