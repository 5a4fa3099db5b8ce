//! Functions: their parameters, what they take along, and their bodies.

use std::collections::HashSet;
use std::sync::Arc;

use oxc_ast::ast::{self, BindingPattern, Statement as Js};
use oxc_span::GetSpan;
use weft_value::Text;

use super::lower::{Lowered, Lowerer, Use, static_key};
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{Body, Expr, Function, Param, Pattern, Source, Variable};

/// The functions around the place that is being lowered, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Functions {
    scopes: Vec<Scope>,
    /// The names of variables that something changes. They are known once all is lowered; then it is lowered again.
    changed: HashSet<String>,
    /// Names that are declared further down in the blocks around this place.
    expected: Vec<String>,
    /// Whether a name was added to `changed`.
    grown: bool,
}

#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The function's own name.
    itself: Option<String>,
    names: Vec<Local>,
    /// What `var` declares in a block within the function.
    hoisted: HashSet<String>,
    pub(super) slots: u32,
    captures: Vec<(String, Source, bool)>,
}

#[derive(Debug)]
struct Local {
    name: String,
    slot: u32,
    constant: bool,
    /// Whether something changes it.
    changes: bool,
}

impl Functions {
    /// Takes over what an earlier round has found to change; says whether there is something new.
    pub(super) fn changed(self) -> Option<HashSet<String>> {
        self.grown.then_some(self.changed)
    }

    pub(super) fn with_changed(changed: HashSet<String>) -> Self {
        Self { changed, ..Self::default() }
    }

    pub(super) fn begin(&mut self, itself: Option<&str>) {
        self.scopes.push(Scope { itself: itself.map(str::to_owned), ..Scope::default() });
    }

    pub(super) fn end(&mut self) -> Scope {
        self.scopes.pop().unwrap_or_default()
    }

    /// Whether `name` is bound by a function around this place.
    pub(super) fn knows(&self, name: &str) -> bool {
        let bound = |scope: &Scope| scope.itself.as_deref() == Some(name) || scope.names.iter().any(|l| l.name == name);
        self.scopes.iter().any(bound)
    }

    /// Whether `name` is a constant (and not a parameter) of a function around this place.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        let local = |scope: &Scope| scope.names.iter().rev().find(|l| l.name == name).map(|l| l.constant);
        self.scopes.iter().rev().find_map(local).unwrap_or(false)
    }

    /// Whether `name` is declared further down.
    pub(super) fn expects(&self, name: &str) -> bool {
        self.expected.iter().any(|expected| expected == name)
    }

    /// Notes names that are declared in the block that begins here; gives what [`Functions::forget_expected`] needs.
    pub(super) fn expect_names(&mut self, names: impl Iterator<Item = String>) -> usize {
        let before = self.expected.len();
        self.expected.extend(names);
        before
    }

    pub(super) fn forget_expected(&mut self, before: usize) {
        self.expected.truncate(before);
    }

    /// What reads `name`, where a function around this place binds it.
    pub(super) fn resolve(&mut self, name: &str) -> Option<Expr> {
        let (source, changes) = self.source(name, self.scopes.len().checked_sub(1)?)?;
        Some(match (source, changes) {
            (Source::Local(slot), false) => Expr::Local(slot),
            (Source::Local(slot), true) => Expr::Variable(Variable::Local(slot)),
            (Source::Capture(index), false) => Expr::Capture(index),
            (Source::Capture(index), true) => Expr::Variable(Variable::Capture(index)),
            (Source::Itself, _) => Expr::Itself,
        })
    }

    /// The variable `name`, to be changed.
    pub(super) fn variable(&mut self, name: &str) -> Option<Variable> {
        let (source, changes) = self.source(name, self.scopes.len().checked_sub(1)?)?;
        if !changes {
            self.grown |= self.changed.insert(name.to_owned());
        }
        match source {
            Source::Local(slot) => Some(Variable::Local(slot)),
            Source::Capture(index) => Some(Variable::Capture(index)),
            Source::Itself => None,
        }
    }

    fn source(&mut self, name: &str, level: usize) -> Option<(Source, bool)> {
        let scope = &self.scopes[level];
        if let Some(local) = scope.names.iter().rev().find(|local| local.name == name) {
            return Some((Source::Local(local.slot), local.changes));
        }
        if scope.itself.as_deref() == Some(name) {
            return Some((Source::Itself, false));
        }
        if let Some(index) = scope.captures.iter().position(|(captured, ..)| captured == name) {
            return Some((Source::Capture(index as u32), scope.captures[index].2));
        }
        let (outer, changes) = self.source(name, level.checked_sub(1)?)?;
        let scope = &mut self.scopes[level];
        scope.captures.push((name.to_owned(), outer, changes));
        Some((Source::Capture(scope.captures.len() as u32 - 1), changes))
    }

    /// Binds `name` to a new slot of the innermost function.
    pub(super) fn bind(&mut self, name: &str, constant: bool) -> Pattern {
        let changes = self.changed.contains(name);
        if let Some(expected) = self.expected.iter_mut().rev().find(|expected| *expected == name) {
            expected.clear();
        }
        let Some(scope) = self.scopes.last_mut() else { return Pattern::Slot(0) };
        let slot = scope.slots;
        scope.slots += 1;
        scope.names.push(Local { name: name.to_owned(), slot, constant, changes });
        if changes { Pattern::Cell(slot) } else { Pattern::Slot(slot) }
    }

    /// Whether the innermost function binds `name` here.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.names.iter().any(|local| local.name == name))
    }

    /// A slot of the innermost function that no name leads to.
    pub(super) fn unnamed(&mut self) -> u32 {
        let Some(scope) = self.scopes.last_mut() else { return 0 };
        scope.slots += 1;
        scope.slots - 1
    }

    /// Notes that `var` declares `name` for the whole innermost function.
    pub(super) fn hoist(&mut self, name: &str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.hoisted.insert(name.to_owned());
        }
    }

    /// Whether it does.
    pub(super) fn is_hoisted(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.hoisted.contains(name))
    }

    pub(super) fn slots(&self) -> u32 {
        self.scopes.last().map_or(0, |scope| scope.slots)
    }

    pub(super) fn visible(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.names.len())
    }

    pub(super) fn forget(&mut self, visible: usize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.truncate(visible);
        }
    }
}

/// What is lowered as the body.
enum BodySource<'a, 'b> {
    Expr(&'b ast::Expression<'a>, Use),
    Block(&'b [Js<'a>]),
}

impl Lowerer {
    pub(super) fn arrow(&mut self, arrow: &ast::ArrowFunctionExpression<'_>) -> Lowered {
        self.named_arrow(arrow, None, Use::Value)
    }

    /// `used` says what becomes of the value that the function gives.
    pub(super) fn named_arrow(
        &mut self,
        arrow: &ast::ArrowFunctionExpression<'_>,
        name: Option<&str>,
        used: Use,
    ) -> Lowered {
        if arrow.r#async {
            return Err(cannot_wait(arrow.span.start));
        }
        let body = match &arrow.body {
            ast::ArrowFunctionBody::FunctionBody(body) => BodySource::Block(&body.statements),
            other => BodySource::Expr(other.to_expression(), used),
        };
        self.closure(name, &arrow.params, &body)
    }

    pub(super) fn function(&mut self, function: &ast::Function<'_>) -> Lowered {
        if function.r#async {
            return Err(cannot_wait(function.span.start));
        }
        if function.generator {
            let message = "Generators need the code runner.";
            return Err(Finding::new(Code::NeedsCodeRunner, function.span.start, message));
        }
        let body = function.body.as_ref().map_or(&[][..], |body| body.statements.as_slice());
        if let Some(id) = &function.id {
            reserved(&id.name, id.span.start)?;
        }
        let name = function.id.as_ref().map(|id| id.name.as_str());
        self.closure(name, &function.params, &BodySource::Block(body))
    }

    fn closure(
        &mut self,
        name: Option<&str>,
        params: &ast::FormalParameters<'_>,
        body: &BodySource<'_, '_>,
    ) -> Lowered {
        self.functions.begin(name);
        let before = self.closures;
        let labels = std::mem::take(&mut self.labels);
        let lowered = self.inside(params, body);
        self.labels = labels;
        let scope = self.functions.end();
        let (params, rest, body) = lowered?;
        let frees = self.closures == before;
        self.closures += 1;
        let captures = scope.captures.into_iter().map(|(_, source, _)| source).collect();
        Ok(Expr::Function(Arc::new(Function { params, rest, slots: scope.slots, captures, body, frees })))
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
            BodySource::Expr(expression, used) => Body::Expr(self.used(expression, *used)?),
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
        Ok(Body::Block(self.hoisted_statements(statements)?))
    }

    pub(super) fn pattern(&mut self, pattern: &BindingPattern<'_>, constant: bool) -> Lowered<Pattern> {
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                reserved(&id.name, id.span.start)?;
                Ok(self.functions.bind(id.name.as_str(), constant))
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
                let rest = object.rest.as_ref().map(|rest| self.pattern(&rest.argument, constant)).transpose()?;
                let rest = rest.map(Box::new);
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

/// The finding that an expression would have to wait: it has its value at once.
pub(super) fn cannot_wait(start: u32) -> Finding {
    Finding::new(Code::Refused, start, "Expressions cannot wait: they know neither \"async\" nor \"await\".")
        .with_hint("Use a Code node.")
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
        _ => Finding::new(Code::NeedsCodeRunner, start, "This statement needs the code runner.")
            .with_hint("Write one expression, or use a Code node."),
    }
}
