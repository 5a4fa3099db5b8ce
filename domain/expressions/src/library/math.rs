//! `Math`.

use weft_value::Value;

use super::{Native, arg};
use crate::convert::{to_int32, to_uint32};
use crate::stop::Outcome;
use crate::vm::Vm;

/// Makes the table of functions that take one number.
macro_rules! of_one_number {
    ($($name:literal => $run:expr),* $(,)?) => {
        &[$(Native { name: $name, run: |vm, args| one(vm, args, $run) }),*]
    };
}

pub(super) static ONE: &[Native] = of_one_number! {
    "abs" => f64::abs, "ceil" => f64::ceil, "floor" => f64::floor, "round" => round, "trunc" => f64::trunc,
    "sign" => sign, "sqrt" => f64::sqrt, "cbrt" => f64::cbrt, "exp" => f64::exp, "expm1" => f64::exp_m1,
    "log" => f64::ln, "log2" => f64::log2, "log10" => f64::log10, "log1p" => f64::ln_1p,
    "sin" => f64::sin, "cos" => f64::cos, "tan" => f64::tan, "asin" => f64::asin, "acos" => f64::acos, "atan" => f64::atan,
    "sinh" => f64::sinh, "cosh" => f64::cosh, "tanh" => f64::tanh, "asinh" => f64::asinh, "acosh" => f64::acosh, "atanh" => f64::atanh,
    "fround" => |x| f64::from(x as f32), "clz32" => |x| f64::from(to_uint32(x).leading_zeros()),
};

pub(super) static MANY: &[Native] = &[
    Native { name: "max", run: max },
    Native { name: "min", run: min },
    Native {
        name: "pow",
        run: |vm, args| {
            let (a, b) = (vm.number(arg(args, 0))?, vm.number(arg(args, 1))?);
            Ok(Value::Number(crate::vm::power(a, b)))
        },
    },
    Native {
        name: "atan2",
        run: |vm, args| {
            let (a, b) = (vm.number(arg(args, 0))?, vm.number(arg(args, 1))?);
            Ok(Value::Number(a.atan2(b)))
        },
    },
    Native {
        name: "imul",
        run: |vm, args| {
            let (a, b) = (vm.number(arg(args, 0))?, vm.number(arg(args, 1))?);
            Ok(Value::Number(f64::from(to_int32(a).wrapping_mul(to_int32(b)))))
        },
    },
    Native {
        name: "hypot",
        run: |vm, args| {
            let numbers = numbers(vm, args)?;
            Ok(Value::Number(hypot(&numbers)))
        },
    },
    Native { name: "random", run: |vm, _| Ok(Value::Number(vm.random())) },
];

/// The root of the sum of squares. All are divided by the largest one, so that no square overflows, and summed as Kahan does.
fn hypot(numbers: &[f64]) -> f64 {
    if numbers.iter().any(|number| number.is_infinite()) {
        return f64::INFINITY;
    }
    if numbers.iter().any(|number| number.is_nan()) {
        return f64::NAN;
    }
    let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let (mut sum, mut lost) = (0.0, 0.0);
    for number in numbers {
        let part = number.abs() / largest;
        let summand = part * part - lost;
        let next: f64 = sum + summand;
        lost = (next - sum) - summand;
        sum = next;
    }
    sum.sqrt() * largest
}

/// The constants.
pub(super) fn constant(name: &str) -> Option<f64> {
    use std::f64::consts;
    Some(match name {
        "PI" => consts::PI,
        "E" => consts::E,
        "LN2" => consts::LN_2,
        "LN10" => consts::LN_10,
        "LOG2E" => consts::LOG2_E,
        "LOG10E" => consts::LOG10_E,
        "SQRT2" => consts::SQRT_2,
        "SQRT1_2" => consts::FRAC_1_SQRT_2,
        _ => return None,
    })
}

fn one(vm: &mut Vm<'_>, args: &[Value], run: fn(f64) -> f64) -> Outcome {
    Ok(Value::Number(run(vm.number(arg(args, 0))?)))
}

/// Halves are rounded up, also below zero.
pub(super) fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 { floor + 1.0 } else { floor }
}

fn sign(number: f64) -> f64 {
    if number == 0.0 || number.is_nan() { number } else { number.signum() }
}

pub(super) fn numbers(vm: &mut Vm<'_>, args: &[Value]) -> Outcome<Vec<f64>> {
    vm.budget.walk(args.len())?;
    args.iter().map(|arg| vm.number(arg)).collect()
}

pub(super) fn max(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let numbers = numbers(vm, args)?;
    Ok(Value::Number(
        numbers.iter().fold(f64::NEG_INFINITY, |a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(*b) }),
    ))
}

pub(super) fn min(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let numbers = numbers(vm, args)?;
    Ok(Value::Number(
        numbers.iter().fold(f64::INFINITY, |a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(*b) }),
    ))
}
