//! Calls: of methods, of values, of the expression's own functions.

use std::sync::Arc;

use weft_value::{Object, Value};

use super::flow::Flow;
use super::{Frame, Vm};
use crate::ir::{Body, Call, Expr, Function, Invocation, MethodCall, Param, Pattern, Root, Statement};
use crate::library;
use crate::special::{Special, special};
use crate::stop::{Outcome, Stop, misuse, nothing_to_read, type_error};

/// The arguments of a call.
enum Args<'a> {
    Lent(&'a [Value]),
    Given(&'a mut [Value]),
}

impl Args<'_> {
    fn take(&mut self, index: usize) -> Value {
        match self {
            Self::Lent(args) => args.get(index).cloned().unwrap_or_default(),
            Self::Given(args) => args.get_mut(index).map(std::mem::take).unwrap_or_default(),
        }
    }

    fn all(&self) -> &[Value] {
        match self {
            Self::Lent(args) => args,
            Self::Given(args) => args,
        }
    }
}

impl Vm<'_> {
    pub(super) fn method_call(&mut self, call: &MethodCall, frame: Frame<'_>) -> Outcome {
        let receiver = self.eval(&call.receiver, frame)?;
        self.invoke(&receiver, &call.call, frame)
    }

    /// `receiver.name(args)`.
    pub(super) fn invoke(&mut self, receiver: &Value, call: &Invocation, frame: Frame<'_>) -> Outcome {
        if receiver.is_nullish() && call.optional {
            return Err(Stop::Chain);
        }
        // An object may have a function of its own under this name.
        if let Value::Object(object) = receiver
            && let Some(own) = object.get(&call.name)
            && (call.set.is_none() || special(own).is_some_and(Special::is_callable))
        {
            if own.is_nullish() && call.optional_call {
                return Err(Stop::Chain);
            }
            let own = own.clone();
            let args = self.elements(&call.args, frame)?;
            return self.call(&own, &args);
        }
        let Some(set) = call.set else {
            return self.foreign_method(receiver, call, frame);
        };
        let args = self.elements(&call.args, frame)?;
        library::call_method(self, set, receiver, &args)
    }

    /// A method that no table has: of `$input`, of another node, or of nothing.
    fn foreign_method(&mut self, receiver: &Value, call: &Invocation, frame: Frame<'_>) -> Outcome {
        if receiver.is_nullish() {
            return Err(nothing_to_read(receiver, &call.name));
        }
        let method = self.property(receiver, &call.name)?;
        if method.is_nullish() && call.optional_call {
            return Err(Stop::Chain);
        }
        let args = self.elements(&call.args, frame)?;
        self.call(&method, &args)
    }

    pub(super) fn value_call(&mut self, call: &Call, frame: Frame<'_>) -> Outcome {
        let callee = self.eval(&call.callee, frame)?;
        if callee.is_nullish() && call.optional {
            return Err(Stop::Chain);
        }
        if let (Value::Undefined, Expr::Path(path)) = (&callee, &call.callee)
            && let (Root::Other(name), []) = (&path.root, path.keys.as_ref())
        {
            return Err(misuse(format!("There is no function {name}() here.")));
        }
        let args = self.elements(&call.args, frame)?;
        self.call(&callee, &args)
    }

    /// Calls `callee`.
    pub(crate) fn call(&mut self, callee: &Value, args: &[Value]) -> Outcome {
        match special(callee) {
            Some(Special::Closure(function, captures)) => {
                self.call_closure(callee, function, captures, Args::Lent(args))
            }
            Some(Special::Native(native)) => {
                self.budget.step()?;
                (native.run)(self, args)
            }
            Some(Special::Bound(callee, given)) => {
                self.budget.elements(given.len() + args.len())?;
                let (callee, args) = (callee.clone(), [given, args].concat());
                self.budget.enter()?;
                let value = self.call(&callee, &args)?;
                self.budget.leave();
                Ok(value)
            }
            Some(Special::Method(this, set)) => {
                if set.changes_lists() {
                    self.refuse_any_name(this)?;
                }
                library::call_method(self, set, this, args)
            }
            Some(Special::Namespace(namespace)) => library::call_namespace(self, *namespace, args),
            _ => Err(type_error("This is not a function")),
        }
    }

    /// Calls `callee` and takes the arguments away, so that the function alone holds them and may change them in place.
    pub(crate) fn call_taking(&mut self, callee: &Value, args: &mut [Value]) -> Outcome {
        match special(callee) {
            Some(Special::Closure(function, captures)) => {
                self.call_closure(callee, function, captures, Args::Given(args))
            }
            _ => self.call(callee, args),
        }
    }

    fn call_closure(
        &mut self,
        callee: &Value,
        function: &Arc<Function>,
        captures: &[Value],
        args: Args<'_>,
    ) -> Outcome {
        self.budget.step()?;
        let (base, cells) = (self.stack.len(), self.cells.len());
        self.stack.resize(base + function.slots as usize, Value::Undefined);
        // Behind its slots, so that what it took along is found where names are looked for.
        self.stack.push(callee.clone());
        let frame = Frame { base, captures, itself: Some(callee) };
        let value = self.run(function, frame, args);
        self.stack.truncate(base);
        if function.frees {
            self.release(cells);
        } else {
            self.keep();
        }
        match value {
            // A chain never reaches beyond the function that it is written in.
            Err(Stop::Chain) => Ok(Value::Undefined),
            value => value,
        }
    }

    fn run(&mut self, function: &Function, frame: Frame<'_>, mut args: Args<'_>) -> Outcome {
        for (index, param) in function.params.iter().enumerate() {
            let value = args.take(index);
            self.bind_param(param, value, frame)?;
        }
        if let Some(rest) = &function.rest {
            let rest_args = args.all().get(function.params.len()..).unwrap_or(&[]).to_vec();
            let list = self.list(rest_args)?;
            self.bind(rest, list, frame)?;
        }
        match &function.body {
            Body::Expr(expr) => self.eval_last(expr, frame),
            Body::Block(statements) => {
                let (last, statements) = match statements.split_last() {
                    Some((Statement::Return(Some(last)), before)) => (Some(last), before),
                    _ => (None, statements.as_ref()),
                };
                match (self.block(statements, frame)?, last) {
                    (Flow::Return(value), _) => Ok(value),
                    (Flow::Next, Some(last)) => self.eval_last(last, frame),
                    _ => Ok(Value::Undefined),
                }
            }
        }
    }

    fn bind_param(&mut self, param: &Param, value: Value, frame: Frame<'_>) -> Outcome<()> {
        let value = match (&param.default, value) {
            (Some(default), Value::Undefined) => self.eval(default, frame)?,
            (_, value) => value,
        };
        self.bind(&param.pattern, value, frame)
    }

    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value, frame: Frame<'_>) -> Outcome<()> {
        match pattern {
            Pattern::Slot(slot) => {
                if let Some(place) = self.stack.get_mut(frame.base + *slot as usize) {
                    *place = value;
                }
                Ok(())
            }
            Pattern::Cell(slot) => {
                let place = self.new_cell(value)?;
                if let Some(slot) = self.stack.get_mut(frame.base + *slot as usize) {
                    *slot = place;
                }
                Ok(())
            }
            Pattern::Object { fields, rest } => self.bind_object(fields, rest.as_deref(), &value, frame),
            Pattern::Array { elements, rest } => {
                let values = self.iterate(&value)?;
                for (index, element) in elements.iter().enumerate() {
                    if let Some(param) = element {
                        self.bind_param(param, values.get(index).cloned().unwrap_or_default(), frame)?;
                    }
                }
                if let Some(rest) = rest {
                    let list = self.list(values.get(elements.len()..).unwrap_or(&[]).to_vec())?;
                    self.bind(rest, list, frame)?;
                }
                Ok(())
            }
        }
    }

    fn bind_object(
        &mut self,
        fields: &[(weft_value::Text, Param)],
        rest: Option<&Pattern>,
        value: &Value,
        frame: Frame<'_>,
    ) -> Outcome<()> {
        if value.is_nullish() {
            return Err(type_error("Cannot destructure undefined"));
        }
        for (name, param) in fields {
            let field = self.property(value, name)?;
            self.bind_param(param, field, frame)?;
        }
        if let Some(rest) = rest {
            let mut left = Object::new();
            self.spread_into(&mut left, value)?;
            for (name, _) in fields {
                left.remove(name);
            }
            self.bind(rest, Value::from(left), frame)?;
        }
        Ok(())
    }
}
