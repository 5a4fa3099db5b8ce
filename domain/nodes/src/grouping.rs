//! Items that belong together.

use indexmap::IndexMap;
use weft_value::Value;

use crate::ByValue;

/// Splits each group into those whose members share a key, in the order in which the keys first came. `keys` has one for every
/// item; a group holds places of items. Split by one field after the other, groups with the same first field stay together.
pub(crate) fn split_groups(groups: Vec<Vec<usize>>, keys: &[Value]) -> Vec<Vec<usize>> {
    let split = |group: Vec<usize>| {
        let mut parts: IndexMap<ByValue<'_>, Vec<usize>> = IndexMap::new();
        for member in group {
            parts.entry(ByValue(&keys[member])).or_default().push(member);
        }
        parts.into_values()
    };
    groups.into_iter().flat_map(split).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_the_order_in_which_they_came() {
        let first = ["a", "b", "a", "b"].map(Value::from);
        let second = [1.0, 2.0, 3.0, 2.0].map(Value::from);
        let groups = split_groups(split_groups(vec![vec![0, 1, 2, 3]], &first), &second);
        assert_eq!(groups, [vec![0], vec![2], vec![1, 3]]);
    }
}
