//! `sort` and `toSorted`.
//!
//! A comparison that is none shows how a list is sorted: `(a, b) => a < b ? -1 : 0` sorts only where `a` is the later one.
//! So elements are compared in the order in which V8 compares them: in runs that are there or are made by inserting, which
//! are merged then.

use std::sync::Arc;

use weft_value::Value;

use super::arg;
use super::array_callbacks::function;
use crate::stop::Outcome;
use crate::vm::{Vm, utf16_order};

/// Lists up to here are one run.
const SHORT: usize = 64;

/// A sort of our own: the comparison may fail, and need not be an order at all.
pub(super) fn sort(vm: &mut Vm<'_>, list: &Arc<Vec<Value>>, args: &[Value]) -> Outcome {
    vm.budget.elements(list.len())?;
    let compare = arg(args, 0);
    let (defined, undefined): (Vec<Value>, Vec<Value>) =
        list.iter().cloned().partition(|element| !element.is_undefined());
    let mut sorted = if compare.is_undefined() {
        by_text(vm, defined)?
    } else {
        function(args)?;
        let mut sorted = defined;
        in_runs(vm, &mut sorted, &mut |vm, later, earlier| {
            let order = vm.call(compare, &[later.clone(), earlier.clone()])?;
            Ok(vm.number(&order)? < 0.0)
        })?;
        sorted
    };
    sorted.extend(undefined);
    Ok(Value::from(sorted))
}

fn by_text(vm: &mut Vm<'_>, list: Vec<Value>) -> Outcome<Vec<Value>> {
    let mut keyed = Vec::with_capacity(list.len());
    for element in list {
        let key = vm.text(&element)?;
        vm.budget.scan(key.len().saturating_mul(8))?;
        keyed.push((key, element));
    }
    vm.budget.walk(keyed.len() * 8)?;
    keyed.sort_by(|(a, _), (b, _)| utf16_order(a, b));
    Ok(keyed.into_iter().map(|(_, element)| element).collect())
}

/// Whether the later one of two elements belongs before the earlier one.
type Precedes<'c> = dyn FnMut(&mut Vm<'_>, &Value, &Value) -> Outcome<bool> + 'c;

fn in_runs(vm: &mut Vm<'_>, list: &mut [Value], precedes: &mut Precedes<'_>) -> Outcome<()> {
    let shortest = shortest_run(list.len());
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < list.len() {
        let found = find_run(vm, &mut list[start..], precedes)?;
        let length = found.max(shortest.min(list.len() - start));
        insert(vm, &mut list[start..start + length], found, precedes)?;
        runs.push((start, length));
        start += length;
        while let Some(at) = due(&runs) {
            merge_at(vm, list, &mut runs, at, precedes)?;
        }
    }
    while runs.len() > 1 {
        let at = runs.len() - 2;
        let at = if at > 0 && runs[at - 1].1 < runs[at + 1].1 { at - 1 } else { at };
        merge_at(vm, list, &mut runs, at, precedes)?;
    }
    Ok(())
}

/// How long runs are made at least, so that there are about as many as a power of two.
fn shortest_run(mut length: usize) -> usize {
    let mut rest = 0;
    while length >= SHORT {
        rest |= length & 1;
        length >>= 1;
    }
    length + rest
}

/// The length of the run that `list` begins with; one that falls is turned round.
fn find_run(vm: &mut Vm<'_>, list: &mut [Value], precedes: &mut Precedes<'_>) -> Outcome<usize> {
    if list.len() < 2 {
        return Ok(list.len());
    }
    let falls = precedes(vm, &list[1], &list[0])?;
    let mut length = 2;
    while length < list.len() && precedes(vm, &list[length], &list[length - 1])? == falls {
        length += 1;
    }
    if falls {
        list[..length].reverse();
    }
    Ok(length)
}

/// Inserts what follows the first `sorted` elements among them.
fn insert(vm: &mut Vm<'_>, list: &mut [Value], sorted: usize, precedes: &mut Precedes<'_>) -> Outcome<()> {
    for next in sorted..list.len() {
        let (mut left, mut right) = (0, next);
        while left < right {
            let middle = left + (right - left) / 2;
            if precedes(vm, &list[next], &list[middle])? {
                right = middle;
            } else {
                left = middle + 1;
            }
        }
        list[left..=next].rotate_right(1);
    }
    Ok(())
}

/// The run that is to be merged with the one after it, so that the runs before are longer than those after.
fn due(runs: &[(usize, usize)]) -> Option<usize> {
    let length = |at: usize| runs[at].1;
    let holds = |at: usize| at < 2 || length(at - 2) > length(at - 1) + length(at);
    let at = runs.len().checked_sub(2)?;
    if !holds(at + 1) || !holds(at) {
        return Some(if length(at - 1) < length(at + 1) { at - 1 } else { at });
    }
    (length(at) <= length(at + 1)).then_some(at)
}

fn merge_at(
    vm: &mut Vm<'_>,
    list: &mut [Value],
    runs: &mut Vec<(usize, usize)>,
    at: usize,
    precedes: &mut Precedes<'_>,
) -> Outcome<()> {
    let (start, length) = runs[at];
    let (middle, more) = runs.remove(at + 1);
    runs[at].1 = length + more;
    let end = middle + more;
    let before = list[start..middle].to_vec();
    let (mut left, mut right) = (0, middle);
    for place in start..end {
        if left == before.len() {
            break;
        }
        if right < end && precedes(vm, &list[right], &before[left])? {
            list.swap(place, right);
            right += 1;
        } else {
            list[place] = before[left].clone();
            left += 1;
        }
    }
    Ok(())
}
