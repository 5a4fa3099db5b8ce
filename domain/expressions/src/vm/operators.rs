//! Operators (ECMA-262, section 13).

use std::cmp::Ordering;

use weft_value::{Text, Value};

use super::Vm;
use crate::convert::{same, text_to_number, to_int32, to_uint32, truthy, type_of};
use crate::ir::{BinaryOp, UnaryOp};
use crate::library;
use crate::special::{Special, special};
use crate::stop::{Outcome, type_error};

impl Vm<'_> {
    pub(super) fn unary(&mut self, op: UnaryOp, value: &Value) -> Outcome {
        Ok(match op {
            UnaryOp::Plus => Value::Number(self.number(value)?),
            UnaryOp::Minus => Value::Number(-self.number(value)?),
            UnaryOp::BitNot => Value::Number(f64::from(!to_int32(self.number(value)?))),
            UnaryOp::Not => Value::Bool(!truthy(value)),
            UnaryOp::Typeof => Value::from(type_of(value)),
            UnaryOp::Void => Value::Undefined,
        })
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Outcome {
        if let (Value::Number(a), Value::Number(b)) = (left, right)
            && let Some(value) = arithmetic(op, *a, *b)
        {
            return Ok(value);
        }
        match op {
            BinaryOp::Add => self.add(left, right),
            BinaryOp::Equal => Ok(Value::Bool(self.loosely_equal(left, right)?)),
            BinaryOp::NotEqual => Ok(Value::Bool(!self.loosely_equal(left, right)?)),
            BinaryOp::Same => Ok(Value::Bool(same(left, right))),
            BinaryOp::NotSame => Ok(Value::Bool(!same(left, right))),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.relation(op, left, right)
            }
            BinaryOp::In => self.contains_key(right, left),
            BinaryOp::InstanceOf => match special(right) {
                Some(Special::Namespace(namespace)) => Ok(Value::Bool(library::is_instance(left, *namespace))),
                _ => Err(type_error("The right side of instanceof is not a class")),
            },
            _ => {
                let (a, b) = (self.number(left)?, self.number(right)?);
                Ok(arithmetic(op, a, b).unwrap_or_default())
            }
        }
    }

    fn add(&mut self, left: &Value, right: &Value) -> Outcome {
        let (left, right) = (self.primitive(left)?, self.primitive(right)?);
        if !matches!(left, Value::String(_)) && !matches!(right, Value::String(_)) {
            return Ok(Value::Number(self.number(&left)? + self.number(&right)?));
        }
        let (left, right) = (self.text(&left)?, self.text(&right)?);
        self.budget.text(left.len() + right.len())?;
        let mut both = String::with_capacity(left.len() + right.len());
        both.push_str(&left);
        both.push_str(&right);
        Ok(Value::String(Text::from(both)))
    }

    /// `==` (ECMA-262, `IsLooselyEqual`).
    pub(crate) fn loosely_equal(&mut self, left: &Value, right: &Value) -> Outcome<bool> {
        Ok(match (left, right) {
            (Value::Undefined | Value::Null, Value::Undefined | Value::Null) => true,
            (Value::Undefined | Value::Null, _) | (_, Value::Undefined | Value::Null) => false,
            (Value::Number(n), Value::String(s)) | (Value::String(s), Value::Number(n)) => *n == text_to_number(s),
            (Value::Bool(truth), other) | (other, Value::Bool(truth)) if !matches!(other, Value::Bool(_)) => {
                self.loosely_equal(&Value::Number(f64::from(u8::from(*truth))), other)?
            }
            (Value::Number(_) | Value::String(_), _) if !is_primitive(right) => {
                let right = self.primitive_default(right)?;
                self.loosely_equal(left, &right)?
            }
            (_, Value::Number(_) | Value::String(_)) if !is_primitive(left) => {
                let left = self.primitive_default(left)?;
                self.loosely_equal(&left, right)?
            }
            _ => same(left, right),
        })
    }

    fn relation(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Outcome {
        let (left, right) = (self.primitive_number(left)?, self.primitive_number(right)?);
        let order = if let (Value::String(a), Value::String(b)) = (&left, &right) {
            Some(utf16_order(a, b))
        } else {
            let (a, b) = (self.number(&left)?, self.number(&right)?);
            a.partial_cmp(&b)
        };
        Ok(Value::Bool(match (op, order) {
            (_, None) => false,
            (BinaryOp::Less, Some(order)) => order == Ordering::Less,
            (BinaryOp::LessEqual, Some(order)) => order != Ordering::Greater,
            (BinaryOp::Greater, Some(order)) => order == Ordering::Greater,
            (_, Some(order)) => order != Ordering::Less,
        }))
    }

    fn contains_key(&mut self, holder: &Value, key: &Value) -> Outcome {
        let key = self.text(key)?;
        Ok(Value::Bool(match holder {
            Value::Object(object) => object.contains_key(&key),
            Value::Array(array) => {
                key.as_str() == "length" || key.parse::<usize>().is_ok_and(|index| index < array.len())
            }
            Value::DateTime(_) | Value::Opaque(_) => !self.property(holder, &key)?.is_undefined(),
            _ => return Err(type_error("The right side of \"in\" is not an object")),
        }))
    }
}

fn is_primitive(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_))
}

/// The order of two strings by their UTF-16 units.
pub(crate) fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

fn arithmetic(op: BinaryOp, a: f64, b: f64) -> Option<Value> {
    let number = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        BinaryOp::Remainder => a % b,
        BinaryOp::Power => power(a, b),
        BinaryOp::ShiftLeft => f64::from(to_int32(a).wrapping_shl(to_uint32(b) & 31)),
        BinaryOp::ShiftRight => f64::from(to_int32(a) >> (to_uint32(b) & 31)),
        BinaryOp::ShiftRightZero => f64::from(to_uint32(a) >> (to_uint32(b) & 31)),
        BinaryOp::BitOr => f64::from(to_int32(a) | to_int32(b)),
        BinaryOp::BitXor => f64::from(to_int32(a) ^ to_int32(b)),
        BinaryOp::BitAnd => f64::from(to_int32(a) & to_int32(b)),
        BinaryOp::Equal | BinaryOp::Same => return Some(Value::Bool(a == b)),
        BinaryOp::NotEqual | BinaryOp::NotSame => return Some(Value::Bool(a != b)),
        BinaryOp::Less => return Some(Value::Bool(a < b)),
        BinaryOp::LessEqual => return Some(Value::Bool(a <= b)),
        BinaryOp::Greater => return Some(Value::Bool(a > b)),
        BinaryOp::GreaterEqual => return Some(Value::Bool(a >= b)),
        BinaryOp::In | BinaryOp::InstanceOf => return None,
    };
    Some(Value::Number(number))
}

/// `a ** b`, which differs from IEEE 754 for ±1 and an infinite or missing exponent.
pub(crate) fn power(a: f64, b: f64) -> f64 {
    if b.is_nan() || (a.abs() == 1.0 && b.is_infinite()) { f64::NAN } else { a.powf(b) }
}
