//! Texts that grow at their end, as `text += more` and `reduce((all, each) => all + each, '')` make them.
//!
//! A text that nothing else holds is added to in place; so what is paid for is what is added, and not the whole each time.

use weft_value::{Text, Value};

use super::{Frame, Vm};
use crate::ir::{BinaryOp, Expr, Piece, Variable};
use crate::stop::Outcome;

/// What is added to a text.
enum Addition<'e> {
    /// `text + a + b`.
    Sum(&'e (Expr, Expr)),
    Sums(&'e [(BinaryOp, Expr)]),
    /// `${text}a${b}`.
    Pieces(&'e [Piece]),
}

/// The expression that `expr` adds to, and what it adds.
fn parts(expr: &Expr) -> Option<(&Expr, Addition<'_>)> {
    match expr {
        Expr::Binary(BinaryOp::Add, pair) => Some((&pair.0, Addition::Sum(pair))),
        Expr::Fold(fold) if fold.rest.iter().all(|(op, _)| *op == BinaryOp::Add) => {
            Some((&fold.first, Addition::Sums(&fold.rest)))
        }
        Expr::Template(pieces) => match pieces.split_first()? {
            (Piece::Expr(first), rest) => Some((first, Addition::Pieces(rest))),
            _ => None,
        },
        _ => None,
    }
}

impl Vm<'_> {
    /// The value that a function ends with: what it adds to a text of its own is added in place, since nothing reads the
    /// name any more.
    pub(super) fn eval_last(&mut self, expr: &Expr, frame: Frame<'_>) -> Outcome {
        let Some((Expr::Local(slot), addition)) = parts(expr) else { return self.eval(expr, frame) };
        let Value::String(before) = self.slot(frame, *slot) else { return self.eval(expr, frame) };
        self.budget.enter()?;
        let more = self.addition(&addition, frame)?;
        self.budget.leave();
        drop(before);
        match self.stack.get_mut(frame.base + *slot as usize).map(std::mem::take) {
            Some(Value::String(text)) => self.extended(text, &more).map(Value::String),
            other => Ok(other.unwrap_or_default()),
        }
    }

    /// The value of `variable = variable + more` that is added in place; nothing for any other expression.
    pub(super) fn added_to(&mut self, variable: Variable, expr: &Expr, frame: Frame<'_>) -> Outcome<Option<Value>> {
        let Some((Expr::Variable(first), addition)) = parts(expr) else { return Ok(None) };
        let cell = self.cell(variable, frame);
        if *first != variable {
            return Ok(None);
        }
        let Some(Value::String(before)) = self.cells.get(cell).cloned() else { return Ok(None) };
        let more = self.addition(&addition, frame)?;
        self.extend_cell(cell, before, &more).map(Some)
    }

    /// Adds `more` to `before`, which is what stands in `cell` unless that changed meanwhile.
    pub(super) fn extend_cell(&mut self, cell: usize, before: Text, more: &str) -> Outcome {
        let taken = self.cells.get_mut(cell).map(std::mem::take);
        drop(taken);
        let text = self.extended(before, more)?;
        if let Some(place) = self.cells.get_mut(cell) {
            *place = Value::String(text.clone());
        }
        Ok(Value::String(text))
    }

    fn addition(&mut self, addition: &Addition<'_>, frame: Frame<'_>) -> Outcome<String> {
        let mut more = String::new();
        match addition {
            Addition::Sum(pair) => self.add_term(&mut more, &pair.1, frame)?,
            Addition::Sums(terms) => {
                for (_, term) in *terms {
                    self.budget.step()?;
                    self.add_term(&mut more, term, frame)?;
                }
            }
            Addition::Pieces(pieces) => {
                for piece in *pieces {
                    match piece {
                        Piece::Text(piece) => self.push(&mut more, piece)?,
                        Piece::Expr(expr) => {
                            let value = self.eval(expr, frame)?;
                            self.append(&mut more, &value)?;
                        }
                    }
                }
            }
        }
        Ok(more)
    }

    fn add_term(&mut self, more: &mut String, term: &Expr, frame: Frame<'_>) -> Outcome<()> {
        let value = self.eval(term, frame)?;
        let value = self.primitive(&value)?;
        self.append(more, &value)
    }

    /// `text` with `more` at its end. Memory that it needs anew is paid for; what it has was paid for.
    fn extended(&mut self, mut text: Text, more: &str) -> Outcome<Text> {
        self.budget.push(text.len(), more.len())?;
        let before = (text.as_ptr(), text.capacity());
        text.push_str(more);
        if before != (text.as_ptr(), text.capacity()) {
            self.budget.text(text.capacity().min(self.budget.limits().text))?;
        }
        Ok(text)
    }
}
