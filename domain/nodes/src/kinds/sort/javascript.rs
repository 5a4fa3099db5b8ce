//! The order in which JavaScript leaves items that have no order: a number beside a text, a field that is missing.
//!
//! n8n compares two texts by their letters and everything else as numbers; what is neither equal nor less is greater, whichever
//! way it is asked. Such answers contradict each other, so that the result depends on which pairs are compared, and imported
//! nodes compare the pairs that V8 compares: a run at the start, then insertion by halves (Tim Peters, “listsort.txt” in `CPython`).
//! Lists of 64 items and more are made of such runs, merged; where answers contradict each other there, V8 may end otherwise.

use std::cmp::Ordering;

use weft_value::Value;

use crate::ByValue;
use crate::coercion::as_number;

/// What an item is sorted by.
pub(super) struct Key {
    value: Value,
    number: Option<f64>,
}

/// The keys of the values of one field.
pub(super) fn keys(values: Vec<&Value>) -> Vec<Key> {
    values.into_iter().map(Key::new).collect()
}

impl Key {
    /// Texts are compared in lower case.
    fn new(value: &Value) -> Self {
        let value = value.as_str().map_or_else(|| value.clone(), |text| text.to_lowercase().into());
        Self { number: as_number(&value), value }
    }

    /// Greater is what is neither equal nor less.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if ByValue(&self.value) == ByValue(&other.value) {
            return Ordering::Equal;
        }
        let is_less = match (&self.value, &other.value) {
            (Value::String(a), Value::String(b)) => a < b,
            _ => self.number.zip(other.number).is_some_and(|(a, b)| a < b),
        };
        if is_less { Ordering::Less } else { Ordering::Greater }
    }
}

/// The places 0 to `count`, as `compare` orders them.
pub(super) fn sorted(count: usize, compare: impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let is_less = |a: usize, b: usize| compare(a, b) == Ordering::Less;
    let shortest = shortest_run(count);
    let mut runs: Vec<usize> = Vec::new();
    let mut start = 0;
    while start < count {
        let found = run_at(&mut order[start..], is_less);
        let length = found.max(shortest.min(count - start));
        insert(&mut order[start..start + length], found, is_less);
        runs.push(length);
        start += length;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(count);
        let mut start = 0;
        for pair in runs.chunks(2) {
            let (left, rest) = order[start..].split_at(pair[0]);
            let right = &rest[..pair.get(1).copied().unwrap_or(0)];
            merge(left, right, is_less, &mut merged);
            start += left.len() + right.len();
        }
        runs = runs.chunks(2).map(|pair| pair.iter().sum()).collect();
        order = merged;
    }
    order
}

/// The length to which shorter runs are filled up: between 32 and 64, so that the runs are about a power of two.
fn shortest_run(count: usize) -> usize {
    let mut rest = count;
    let mut odd = 0;
    while rest >= 64 {
        odd |= rest & 1;
        rest >>= 1;
    }
    rest + odd
}

/// The length of the run that `order` begins with; one that falls is turned round.
fn run_at(order: &mut [usize], is_less: impl Fn(usize, usize) -> bool) -> usize {
    if order.len() < 2 {
        return order.len();
    }
    let falls = is_less(order[1], order[0]);
    let goes_on = |pair: &&[usize]| is_less(pair[1], pair[0]) == falls;
    let length = 2 + order[1..].windows(2).take_while(goes_on).count();
    if falls {
        order[..length].reverse();
    }
    length
}

/// Puts what stands behind the first `sorted` places in among them.
fn insert(order: &mut [usize], sorted: usize, is_less: impl Fn(usize, usize) -> bool) {
    for place in sorted..order.len() {
        let new = order[place];
        // Which pairs are compared matters: the middle is that of V8.
        let (mut from, mut to) = (0, place);
        while from < to {
            let middle = from + (to - from) / 2;
            if is_less(new, order[middle]) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        order[from..=place].rotate_right(1);
    }
}

fn merge(left: &[usize], right: &[usize], is_less: impl Fn(usize, usize) -> bool, merged: &mut Vec<usize>) {
    let (mut left, mut right) = (left, right);
    while let ([first, rest_left @ ..], [other, rest_right @ ..]) = (left, right) {
        if is_less(*other, *first) {
            merged.push(*other);
            right = rest_right;
        } else {
            merged.push(*first);
            left = rest_left;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_items_are_sorted_and_keep_their_order_where_they_are_equal() {
        for count in [0, 1, 2, 63, 64, 65, 1000] {
            let key = |place: usize| place * 7919 % 101;
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|place| key(*place));
            assert_eq!(sorted(count, |a, b| key(a).cmp(&key(b))), expected, "{count}");
        }
    }

    #[test]
    fn what_contradicts_itself_ends() {
        let mut order = sorted(1000, |_, _| Ordering::Less);
        order.sort_unstable();
        assert!(order.into_iter().eq(0..1000));
        assert_eq!(sorted(200, |_, _| Ordering::Greater), (0..200).collect::<Vec<_>>());
    }
}
