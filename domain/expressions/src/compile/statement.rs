//! Statements.

use oxc_ast::ast::{self, BindingPattern, Expression, ForStatementInit, ForStatementLeft, Statement as Js};
use oxc_span::GetSpan;
use std::sync::Arc;

use super::function::needs_runner;
use super::lower::{Lowered, Lowerer, Use};
use super::parse::Finding;
use crate::diagnostic::Code;
use crate::ir::{Body, Call, Expr, Function, Label, Loop, LoopKind, Pattern, Statement, Switch, Try};

impl Lowerer {
    /// A block of statements: the value of the last one counts, where it is an expression.
    pub(super) fn program(&mut self, body: &[Js<'_>]) -> Lowered {
        self.functions.begin(None);
        let before = self.closures;
        let lowered = self.program_body(body);
        let scope = self.functions.end();
        let body = Body::Block(lowered?);
        let frees = self.closures == before;
        let function =
            Function { params: Box::new([]), rest: None, slots: scope.slots, captures: Box::new([]), body, frees };
        let callee = Expr::Function(Arc::new(function));
        Ok(Expr::Call(Box::new(Call { callee, args: Box::new([]), optional: false })))
    }

    fn program_body(&mut self, body: &[Js<'_>]) -> Lowered<Box<[Statement]>> {
        let body = match body {
            [rest @ .., Js::EmptyStatement(_)] => rest,
            all => all,
        };
        let mut statements = self.hoisted_statements(body)?.into_vec();
        if let Some(Js::ExpressionStatement(_)) = body.last()
            && let Some(Statement::Do(last)) = statements.pop()
        {
            statements.push(Statement::Return(Some(last)));
        }
        Ok(statements.into())
    }

    /// The statements of a function: what `var` declares in the blocks within them is declared where they begin.
    pub(super) fn hoisted_statements(&mut self, statements: &[Js<'_>]) -> Lowered<Box<[Statement]>> {
        let mut names = Vec::new();
        super::hoist::names(statements, &mut names);
        let visible = self.functions.visible();
        let mut lowered = Vec::with_capacity(names.len() + statements.len());
        for name in names {
            // A parameter of that name keeps its value.
            if !self.functions.is_local(&name) {
                let pattern = self.functions.bind(&name, true);
                lowered.push(Statement::Bind(pattern, None));
            }
            self.functions.hoist(&name);
        }
        lowered.extend(self.statements(statements)?);
        self.functions.forget(visible);
        Ok(lowered.into())
    }

    pub(super) fn statements(&mut self, statements: &[Js<'_>]) -> Lowered<Box<[Statement]>> {
        let visible = self.functions.visible();
        let pending = self.functions.expect_names(statements.iter().flat_map(declared));
        let mut lowered = Vec::with_capacity(statements.len());
        for statement in statements {
            self.nested_statement(statement, &mut lowered)?;
        }
        self.functions.forget(visible);
        self.functions.forget_expected(pending);
        Ok(lowered.into())
    }

    fn nested_statement(&mut self, statement: &Js<'_>, into: &mut Vec<Statement>) -> Lowered<()> {
        self.deeper(statement.span())?;
        let lowered = self.statement(statement, into);
        self.higher();
        lowered
    }

    fn statement(&mut self, statement: &Js<'_>, into: &mut Vec<Statement>) -> Lowered<()> {
        match statement {
            Js::ReturnStatement(statement) => {
                let value = statement.argument.as_ref().map(|argument| self.expr(argument)).transpose()?;
                into.push(Statement::Return(value));
            }
            Js::ThrowStatement(statement) => into.push(Statement::Throw(self.expr(&statement.argument)?)),
            Js::ExpressionStatement(statement) => {
                into.push(Statement::Do(self.used(&statement.expression, Use::Effect)?));
            }
            Js::VariableDeclaration(declaration) => self.declaration(declaration, into)?,
            Js::FunctionDeclaration(function) => {
                let Some(id) = &function.id else { return Err(needs_runner(statement)) };
                let value = self.function(function)?;
                let pattern = self.functions.bind(id.name.as_str(), true);
                into.push(Statement::Bind(pattern, Some(value)));
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
            Js::ForOfStatement(statement) if !statement.r#await => {
                into.push(self.for_each(&statement.left, &statement.right, &statement.body, LoopKind::Of)?);
            }
            Js::ForInStatement(statement) => {
                into.push(self.for_each(&statement.left, &statement.right, &statement.body, LoopKind::In)?);
            }
            Js::ForStatement(statement) => into.push(self.counted(statement)?),
            Js::WhileStatement(statement) => {
                let label = self.loop_label();
                let test = self.expr(&statement.test)?;
                into.push(self.repeated(LoopKind::While(test), label, &statement.body)?);
            }
            Js::DoWhileStatement(statement) => {
                let label = self.loop_label();
                let test = self.expr(&statement.test)?;
                into.push(self.repeated(LoopKind::DoWhile(test), label, &statement.body)?);
            }
            Js::BreakStatement(inner) => into.push(Statement::Break(self.label(inner.label.as_ref())?)),
            Js::ContinueStatement(inner) => into.push(Statement::Continue(self.label(inner.label.as_ref())?)),
            Js::LabeledStatement(labelled) => self.labelled(labelled, into)?,
            Js::SwitchStatement(statement) => {
                let subject = self.expr(&statement.discriminant)?;
                let visible = self.functions.visible();
                let mut cases = Vec::with_capacity(statement.cases.len());
                for case in &statement.cases {
                    let test = case.test.as_ref().map(|test| self.expr(test)).transpose()?;
                    let mut body = Vec::new();
                    for statement in &case.consequent {
                        self.nested_statement(statement, &mut body)?;
                    }
                    cases.push((test, body.into()));
                }
                self.functions.forget(visible);
                into.push(Statement::Switch(Box::new(Switch { subject, cases: cases.into() })));
            }
            Js::TryStatement(statement) => into.push(self.attempt(statement)?),
            Js::EmptyStatement(_) => {}
            other => return Err(needs_runner(other)),
        }
        Ok(())
    }

    fn declaration(&mut self, declaration: &ast::VariableDeclaration<'_>, into: &mut Vec<Statement>) -> Lowered<()> {
        for declarator in &declaration.declarations {
            if let BindingPattern::BindingIdentifier(id) = &declarator.id
                && declaration.kind == ast::VariableDeclarationKind::Var
                && self.functions.is_hoisted(&id.name)
            {
                if let Some(value) = &declarator.init {
                    let value = self.expr(value)?;
                    into.push(Statement::Do(self.assigned(id.name.as_str(), value, id.span)?));
                }
                continue;
            }
            let value = self.initial(declarator)?;
            let pattern = self.pattern(&declarator.id, true)?;
            into.push(Statement::Bind(pattern, value));
        }
        Ok(())
    }

    /// The value of `const name = value`; a function may call itself by that name.
    fn initial(&mut self, declarator: &ast::VariableDeclarator<'_>) -> Lowered<Option<Expr>> {
        let Some(value) = &declarator.init else { return Ok(None) };
        if let (BindingPattern::BindingIdentifier(id), Expression::ArrowFunctionExpression(arrow)) =
            (&declarator.id, value)
        {
            return self.named_arrow(arrow, Some(id.name.as_str()), Use::Value).map(Some);
        }
        self.expr(value).map(Some)
    }

    fn for_each(
        &mut self,
        left: &ForStatementLeft<'_>,
        right: &Expression<'_>,
        body: &Js<'_>,
        kind: fn(Pattern, Expr) -> LoopKind,
    ) -> Lowered<Statement> {
        let label = self.loop_label();
        let list = self.expr(right)?;
        let visible = self.functions.visible();
        let (slots, closures) = (self.functions.slots(), self.closures);
        let (pattern, first) = self.each_element(left, body)?;
        let mut all: Vec<_> = first.into_iter().collect();
        all.extend(self.statements(std::slice::from_ref(body))?);
        let body = all.into();
        let looped = self.looped(kind(pattern, list), label, body, slots, closures);
        self.functions.forget(visible);
        Ok(looped)
    }

    /// What an element of a loop is bound to, and what is done with it first: where its name was declared before, it is assigned.
    fn each_element(&mut self, left: &ForStatementLeft<'_>, body: &Js<'_>) -> Lowered<(Pattern, Option<Statement>)> {
        let ForStatementLeft::VariableDeclaration(declaration) = left else {
            let slot = self.functions.unnamed();
            let assigned = self.assigned_to(left.to_assignment_target(), Expr::Take(slot))?;
            return Ok((Pattern::Slot(slot), Some(Statement::Do(assigned))));
        };
        let Some(declarator) = declaration.declarations.first() else { return Err(needs_runner(body)) };
        if let BindingPattern::BindingIdentifier(id) = &declarator.id
            && declaration.kind == ast::VariableDeclarationKind::Var
            && self.functions.is_hoisted(&id.name)
        {
            let slot = self.functions.unnamed();
            let assigned = self.assigned(id.name.as_str(), Expr::Take(slot), id.span)?;
            return Ok((Pattern::Slot(slot), Some(Statement::Do(assigned))));
        }
        Ok((self.pattern(&declarator.id, true)?, None))
    }

    /// `label: statement`.
    fn labelled(&mut self, labelled: &ast::LabeledStatement<'_>, into: &mut Vec<Statement>) -> Lowered<()> {
        let label = self.labelled;
        self.labelled += 1;
        self.labels.push((labelled.label.name.to_string(), label));
        let is_loop = matches!(
            labelled.body,
            Js::ForStatement(_)
                | Js::ForOfStatement(_)
                | Js::ForInStatement(_)
                | Js::WhileStatement(_)
                | Js::DoWhileStatement(_)
        );
        if is_loop {
            self.looping = Some(label);
            self.nested_statement(&labelled.body, into)?;
        } else {
            let body = self.statements(std::slice::from_ref(&labelled.body))?;
            into.push(Statement::Labelled(label, body));
        }
        self.labels.pop();
        Ok(())
    }

    /// The label of the loop that is lowered next.
    fn loop_label(&mut self) -> Option<Label> {
        self.looping.take()
    }

    /// The number of a label that is broken out of or continued at.
    fn label(&self, label: Option<&ast::LabelIdentifier<'_>>) -> Lowered<Option<Label>> {
        let Some(label) = label else { return Ok(None) };
        let found = self.labels.iter().rev().find(|(name, _)| *name == label.name.as_str());
        let Some((_, number)) = found else {
            let message = format!("There is no label \"{}\" around this.", label.name);
            return Err(Finding::new(Code::Syntax, label.span.start, message));
        };
        Ok(Some(*number))
    }

    fn repeated(&mut self, kind: LoopKind, label: Option<Label>, body: &Js<'_>) -> Lowered<Statement> {
        let (slots, closures) = (self.functions.slots(), self.closures);
        let body = self.statements(std::slice::from_ref(body))?;
        Ok(self.looped(kind, label, body, slots, closures))
    }

    fn counted(&mut self, statement: &ast::ForStatement<'_>) -> Lowered<Statement> {
        let label = self.loop_label();
        let visible = self.functions.visible();
        let (slots, closures) = (self.functions.slots(), self.closures);
        let mut init = Vec::new();
        match &statement.init {
            None => {}
            Some(ForStatementInit::VariableDeclaration(declaration)) => self.declaration(declaration, &mut init)?,
            Some(other) => init.push(Statement::Do(self.expr(other.to_expression())?)),
        }
        let cells = init
            .iter()
            .filter_map(|statement| match statement {
                Statement::Bind(Pattern::Cell(slot), _) => Some(*slot),
                _ => None,
            })
            .collect();
        let test = statement.test.as_ref().map(|test| self.expr(test)).transpose()?;
        let update = statement.update.as_ref().map(|update| self.expr(update)).transpose()?;
        let body = self.statements(std::slice::from_ref(&statement.body))?;
        let kind = LoopKind::For { init: init.into(), test, update, cells };
        let looped = self.looped(kind, label, body, slots, closures);
        self.functions.forget(visible);
        Ok(looped)
    }

    fn looped(
        &self,
        kind: LoopKind,
        label: Option<Label>,
        body: Box<[Statement]>,
        slots: u32,
        closures: u32,
    ) -> Statement {
        let frees = self.closures == closures;
        Statement::Loop(Box::new(Loop { label, kind, body, slots: (slots, self.functions.slots()), frees }))
    }

    fn attempt(&mut self, statement: &ast::TryStatement<'_>) -> Lowered<Statement> {
        let body = self.statements(&statement.block.body)?;
        let handler = match &statement.handler {
            None => None,
            Some(handler) => {
                let visible = self.functions.visible();
                let pattern = handler.param.as_ref().map(|param| self.pattern(&param.pattern, true)).transpose()?;
                let body = self.statements(&handler.body.body)?;
                self.functions.forget(visible);
                Some((pattern, body))
            }
        };
        let finally = statement.finalizer.as_ref().map(|block| self.statements(&block.body)).transpose()?;
        Ok(Statement::Try(Box::new(Try { body, handler, finally })))
    }
}

/// The names that a statement declares for those beside it, as far as they are plain.
fn declared(statement: &Js<'_>) -> Vec<String> {
    match statement {
        Js::FunctionDeclaration(function) => function.id.iter().map(|id| id.name.to_string()).collect(),
        Js::VariableDeclaration(declaration) => declaration
            .declarations
            .iter()
            .filter_map(|declarator| match &declarator.id {
                BindingPattern::BindingIdentifier(id) => Some(id.name.to_string()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
