//! Functions: their parameters, what they take along, and bodies without loops and assignments.

use std::sync::Arc;

use oxc_ast::ast::{self, BindingPattern, Statement as Js};
use oxc_span::GetSpan;
use weft_value::Text;

use super::lower::{Lowered, Lowerer, static_key};
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{Body, Expr, Function, Param, Pattern, Source, Statement};

/// The functions around the place that is being lowered, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Functions(Vec<Scope>);

#[derive(Debug, Default)]
struct Scope {
    /// The function's own name.
    itself: Option<String>,
    names: Vec<Local>,
    slots: u32,
    captures: Vec<(String, Source)>,
}

#[derive(Debug)]
struct Local {
    name: String,
    slot: u32,
    constant: bool,
}

impl Functions {
    /// Whether `name` is bound by a function around this place.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.itself.as_deref() == Some(name) || scope.names.iter().any(|l| l.name == name))
    }

    /// Whether `name` is a constant (and not a parameter) of a function around this place.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        let local = |scope: &Scope| scope.names.iter().rev().find(|l| l.name == name).map(|l| l.constant);
        self.0.iter().rev().find_map(local).unwrap_or(false)
    }

    /// What reads `name`, where a function around this place binds it.
    pub(super) fn resolve(&mut self, name: &str) -> Option<Expr> {
        let source = self.source(name, self.0.len().checked_sub(1)?)?;
        Some(match source {
            Source::Local(slot) => Expr::Local(slot),
            Source::Capture(index) => Expr::Capture(index),
            Source::Itself => Expr::Itself,
        })
    }

    fn source(&mut self, name: &str, level: usize) -> Option<Source> {
        let scope = &self.0[level];
        if let Some(local) = scope.names.iter().rev().find(|local| local.name == name) {
            return Some(Source::Local(local.slot));
        }
        if scope.itself.as_deref() == Some(name) {
            return Some(Source::Itself);
        }
        if let Some(index) = scope.captures.iter().position(|(captured, _)| captured == name) {
            return Some(Source::Capture(index as u32));
        }
        let outer = self.source(name, level.checked_sub(1)?)?;
        let scope = &mut self.0[level];
        scope.captures.push((name.to_owned(), outer));
        Some(Source::Capture(scope.captures.len() as u32 - 1))
    }

    /// Binds `name` to a new slot of the innermost function.
    fn bind(&mut self, name: &str, constant: bool) -> u32 {
        let Some(scope) = self.0.last_mut() else { return 0 };
        let slot = scope.slots;
        scope.slots += 1;
        scope.names.push(Local { name: name.to_owned(), slot, constant });
        slot
    }

    fn visible(&self) -> usize {
        self.0.last().map_or(0, |scope| scope.names.len())
    }

    fn forget(&mut self, visible: usize) {
        if let Some(scope) = self.0.last_mut() {
            scope.names.truncate(visible);
        }
    }
}

/// What is lowered as the body.
enum BodySource<'a, 'b> {
    Expr(&'b ast::Expression<'a>),
    Block(&'b [Js<'a>]),
}

impl Lowerer {
    pub(super) fn arrow(&mut self, arrow: &ast::ArrowFunctionExpression<'_>) -> Lowered {
        self.named_arrow(arrow, None)
    }

    fn named_arrow(&mut self, arrow: &ast::ArrowFunctionExpression<'_>, name: Option<&str>) -> Lowered {
        if arrow.r#async {
            return Err(Finding::new(Code::NeedsCodeRunner, arrow.span.start, "Async functions need the code runner."));
        }
        let body = match &arrow.body {
            ast::ArrowFunctionBody::FunctionBody(body) => BodySource::Block(&body.statements),
            other => BodySource::Expr(other.to_expression()),
        };
        self.closure(name, &arrow.params, &body)
    }

    pub(super) fn function(&mut self, function: &ast::Function<'_>) -> Lowered {
        if function.r#async || function.generator {
            let message = "Async functions and generators need the code runner.";
            return Err(Finding::new(Code::NeedsCodeRunner, function.span.start, message));
        }
        let body = function.body.as_ref().map_or(&[][..], |body| body.statements.as_slice());
        let name = function.id.as_ref().map(|id| id.name.as_str());
        self.closure(name, &function.params, &BodySource::Block(body))
    }

    fn closure(
        &mut self,
        name: Option<&str>,
        params: &ast::FormalParameters<'_>,
        body: &BodySource<'_, '_>,
    ) -> Lowered {
        self.functions.0.push(Scope { itself: name.map(str::to_owned), ..Scope::default() });
        let lowered = self.inside(params, body);
        let scope = self.functions.0.pop().unwrap_or_default();
        let (params, rest, body) = lowered?;
        let captures = scope.captures.into_iter().map(|(_, source)| source).collect();
        Ok(Expr::Function(Arc::new(Function { params, rest, slots: scope.slots, captures, body })))
    }

    fn inside(
        &mut self,
        params: &ast::FormalParameters<'_>,
        body: &BodySource<'_, '_>,
    ) -> Lowered<(Box<[Param]>, Option<Pattern>, Body)> {
        let mut lowered = Vec::with_capacity(params.items.len());
        for param in &params.items {
            let default = param.initializer.as_ref().map(|default| self.expr(default)).transpose()?;
            lowered.push(Param { pattern: self.pattern(&param.pattern, false)?, default });
        }
        let rest = params.rest.as_ref().map(|rest| self.pattern(&rest.rest.argument, false)).transpose()?;
        let body = match body {
            BodySource::Expr(expression) => Body::Expr(self.expr(expression)?),
            BodySource::Block(statements) => self.body(statements)?,
        };
        Ok((lowered.into(), rest, body))
    }

    fn body(&mut self, statements: &[Js<'_>]) -> Lowered<Body> {
        if let [Js::ReturnStatement(only)] = statements
            && let Some(argument) = &only.argument
        {
            return Ok(Body::Expr(self.expr(argument)?));
        }
        Ok(Body::Block(self.statements(statements)?))
    }

    fn statements(&mut self, statements: &[Js<'_>]) -> Lowered<Box<[Statement]>> {
        let visible = self.functions.visible();
        let mut lowered = Vec::with_capacity(statements.len());
        for statement in statements {
            self.statement(statement, &mut lowered)?;
        }
        self.functions.forget(visible);
        Ok(lowered.into())
    }

    fn statement(&mut self, statement: &Js<'_>, into: &mut Vec<Statement>) -> Lowered<()> {
        match statement {
            Js::ReturnStatement(statement) => {
                let value = statement.argument.as_ref().map(|argument| self.expr(argument)).transpose()?;
                into.push(Statement::Return(value));
            }
            Js::ThrowStatement(statement) => into.push(Statement::Throw(self.expr(&statement.argument)?)),
            Js::VariableDeclaration(declaration) => {
                for declarator in &declaration.declarations {
                    let value = self.initial(declarator)?;
                    let pattern = self.pattern(&declarator.id, true)?;
                    into.push(Statement::Bind(pattern, value));
                }
            }
            Js::IfStatement(statement) => {
                let test = self.expr(&statement.test)?;
                let then = self.statements(std::slice::from_ref(&statement.consequent))?;
                let otherwise = match &statement.alternate {
                    Some(alternate) => self.statements(std::slice::from_ref(alternate))?,
                    None => Box::new([]),
                };
                into.push(Statement::If(test, then, otherwise));
            }
            Js::BlockStatement(block) => into.extend(self.statements(&block.body)?),
            Js::EmptyStatement(_) => {}
            other => return Err(needs_runner(other)),
        }
        Ok(())
    }

    /// The value of `const name = value`; a function may call itself by that name.
    fn initial(&mut self, declarator: &ast::VariableDeclarator<'_>) -> Lowered<Option<Expr>> {
        let Some(value) = &declarator.init else { return Ok(None) };
        if let (BindingPattern::BindingIdentifier(id), ast::Expression::ArrowFunctionExpression(arrow)) =
            (&declarator.id, value)
        {
            return self.named_arrow(arrow, Some(id.name.as_str())).map(Some);
        }
        self.expr(value).map(Some)
    }

    fn pattern(&mut self, pattern: &BindingPattern<'_>, constant: bool) -> Lowered<Pattern> {
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                reserved(&id.name, id.span.start)?;
                Ok(Pattern::Slot(self.functions.bind(id.name.as_str(), constant)))
            }
            BindingPattern::ObjectPattern(object) => {
                let mut fields = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    let Some(name) = static_key(&property.key, property.computed) else {
                        return Err(Finding::new(
                            Code::NeedsCodeRunner,
                            property.span.start,
                            "Computed keys in a pattern need the code runner.",
                        ));
                    };
                    if super::is_refused(&name) {
                        return Err(super::lower::refused_name(&name, property.span));
                    }
                    fields.push((Text::from(name), self.param(&property.value, constant)?));
                }
                let rest = match object.rest.as_ref().map(|rest| &rest.argument) {
                    Some(BindingPattern::BindingIdentifier(id)) => {
                        Some(self.functions.bind(id.name.as_str(), constant))
                    }
                    _ => None,
                };
                Ok(Pattern::Object { fields: fields.into(), rest })
            }
            BindingPattern::ArrayPattern(array) => {
                let mut elements = Vec::with_capacity(array.elements.len());
                for element in &array.elements {
                    elements.push(element.as_ref().map(|element| self.param(element, constant)).transpose()?);
                }
                let rest = array.rest.as_ref().map(|rest| self.pattern(&rest.argument, constant)).transpose()?;
                Ok(Pattern::Array { elements: elements.into(), rest: rest.map(Box::new) })
            }
            BindingPattern::AssignmentPattern(inner) => {
                Err(Finding::new(Code::NeedsCodeRunner, inner.span.start, "This pattern needs the code runner."))
            }
        }
    }

    fn param(&mut self, pattern: &BindingPattern<'_>, constant: bool) -> Lowered<Param> {
        if let BindingPattern::AssignmentPattern(with_default) = pattern {
            let default = Some(self.expr(&with_default.right)?);
            return Ok(Param { pattern: self.pattern(&with_default.left, constant)?, default });
        }
        Ok(Param { pattern: self.pattern(pattern, constant)?, default: None })
    }
}

/// Names that engines of this language keep for themselves; whoever binds one means harm.
fn reserved(name: &str, start: u32) -> Lowered<()> {
    if name.starts_with("___") || super::is_refused(name) {
        return Err(Finding::new(Code::Refused, start, format!("Expressions cannot name anything \"{name}\".")));
    }
    Ok(())
}

/// The finding that a statement is beyond the expression language.
pub(super) fn needs_runner(statement: &Js<'_>) -> Finding {
    let start = statement.span().start;
    match statement {
        Js::WithStatement(_) => Finding::new(Code::Refused, start, "Expressions cannot use \"with\"."),
        Js::ImportDeclaration(_)
        | Js::ExportNamedDeclaration(_)
        | Js::ExportDefaultDeclaration(_)
        | Js::ExportAllDeclaration(_) => Finding::new(Code::Refused, start, "Expressions cannot import or export."),
        _ => Finding::new(Code::NeedsCodeRunner, start, "Statements need the code runner.")
            .with_hint("Write one expression, or use a Code node."),
    }
}
