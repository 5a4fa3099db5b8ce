//! The names that `var` declares: they belong to the whole function, wherever they stand in it.

use oxc_ast::ast::{BindingPattern, ForStatementInit, ForStatementLeft, Statement as Js, VariableDeclaration};

/// The names that `var` declares in blocks and loops within `statements`, and those that it declares there more than once. What it
/// declares once beside the other statements needs no place before it.
pub(super) fn names(statements: &[Js<'_>], into: &mut Vec<String>) {
    let mut beside = Vec::new();
    for statement in statements {
        match statement {
            Js::VariableDeclaration(declaration) => declared(declaration, &mut beside),
            other => within(other, into),
        }
    }
    beside.sort_unstable();
    let twice = beside.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone());
    into.extend(twice);
}

fn declared(declaration: &VariableDeclaration<'_>, into: &mut Vec<String>) {
    if declaration.kind != oxc_ast::ast::VariableDeclarationKind::Var {
        return;
    }
    for declarator in &declaration.declarations {
        if let BindingPattern::BindingIdentifier(id) = &declarator.id {
            into.push(id.name.to_string());
        }
    }
}

/// Statements within a statement nest as deep as the parser let them; lowering them goes as deep, and is bounded.
fn within(statement: &Js<'_>, into: &mut Vec<String>) {
    match statement {
        Js::VariableDeclaration(declaration) => declared(declaration, into),
        Js::BlockStatement(block) => block.body.iter().for_each(|inner| within(inner, into)),
        Js::LabeledStatement(labelled) => within(&labelled.body, into),
        Js::IfStatement(inner) => {
            within(&inner.consequent, into);
            inner.alternate.iter().for_each(|alternate| within(alternate, into));
        }
        Js::ForStatement(inner) => {
            if let Some(ForStatementInit::VariableDeclaration(declaration)) = &inner.init {
                declared(declaration, into);
            }
            within(&inner.body, into);
        }
        Js::ForOfStatement(inner) => looped(&inner.left, &inner.body, into),
        Js::ForInStatement(inner) => looped(&inner.left, &inner.body, into),
        Js::WhileStatement(inner) => within(&inner.body, into),
        Js::DoWhileStatement(inner) => within(&inner.body, into),
        Js::SwitchStatement(inner) => {
            inner.cases.iter().flat_map(|case| &case.consequent).for_each(|inner| within(inner, into));
        }
        Js::TryStatement(inner) => {
            let handler = inner.handler.iter().flat_map(|handler| &handler.body.body);
            let finalizer = inner.finalizer.iter().flat_map(|block| &block.body);
            inner.block.body.iter().chain(handler).chain(finalizer).for_each(|inner| within(inner, into));
        }
        _ => {}
    }
}

fn looped(left: &ForStatementLeft<'_>, body: &Js<'_>, into: &mut Vec<String>) {
    if let ForStatementLeft::VariableDeclaration(declaration) = left {
        declared(declaration, into);
    }
    within(body, into);
}
