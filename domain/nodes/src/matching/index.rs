//! Finds the partners of every item of one list among another.

use std::collections::HashMap;

use weft_value::{Item, Text, Value};

use super::{Comparison, Names};

/// What makes items belong together.
#[derive(Debug)]
pub(crate) struct Matcher {
    /// A field of the left items and the field of the right items that must hold the same value.
    pub(crate) fields: Vec<(Text, Text)>,
    /// How the names of the fields are read.
    pub(crate) names: Names,
    /// When two values are the same.
    pub(crate) comparison: Comparison,
}

/// The partners of every left item.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    /// Lists of partners; left items with the same values share one.
    lists: Vec<Vec<u32>>,
    /// The number of the list of each left item.
    list_of: Vec<Option<usize>>,
}

impl Matches {
    /// The places of the partners of left item `index`, rising; empty when it has none.
    pub(crate) fn of(&self, index: usize) -> &[u32] {
        let list = self.list_of.get(index).copied().flatten();
        list.and_then(|list| self.lists.get(list)).map_or(&[], Vec::as_slice)
    }

    /// How many pairs there are.
    pub(crate) fn count(&self) -> usize {
        (0..self.list_of.len()).map(|index| self.of(index).len()).sum()
    }

    /// With the first partner of each item alone.
    #[must_use]
    pub(crate) fn first_only(mut self) -> Self {
        for list in &mut self.lists {
            list.truncate(1);
        }
        self
    }

    /// For each of `right` right items, whether it is somebody's partner.
    pub(crate) fn is_matched(&self, right: usize) -> Vec<bool> {
        let mut matched = vec![false; right];
        for index in self.lists.iter().flatten() {
            matched[*index as usize] = true;
        }
        matched
    }
}

/// Right items whose values are exactly the same.
struct Group {
    values: Vec<Value>,
    items: Vec<u32>,
}

/// The right items by their values.
struct Index {
    groups: Vec<Group>,
    /// The numbers of the groups by the key of the comparison.
    by_key: HashMap<String, Vec<usize>>,
}

impl Matcher {
    /// Who belongs to whom. A left item that lacks one of the fields has no partner.
    pub(crate) fn find<'a>(
        &self,
        left: impl IntoIterator<Item = &'a Item>,
        right: impl IntoIterator<Item = &'a Item>,
    ) -> Matches {
        let index = self.index(right);
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut matches = Matches::default();
        for item in left {
            let values: Vec<Value> = self.fields.iter().map(|(name, _)| self.names.get(&item.json, name)).collect();
            if values.iter().any(Value::is_undefined) {
                matches.list_of.push(None);
                continue;
            }
            let list = *known.entry(key(Comparison::Exact, &values)).or_insert_with(|| {
                matches.lists.push(self.look_up(&index, &values));
                matches.lists.len() - 1
            });
            matches.list_of.push(Some(list));
        }
        matches
    }

    fn index<'a>(&self, right: impl IntoIterator<Item = &'a Item>) -> Index {
        let mut index = Index { groups: Vec::new(), by_key: HashMap::new() };
        let mut by_values: HashMap<String, usize> = HashMap::new();
        for (place, item) in right.into_iter().enumerate() {
            let values: Vec<Value> = self.fields.iter().map(|(_, name)| self.names.get(&item.json, name)).collect();
            let exact = key(Comparison::Exact, &values);
            if let Some(group) = by_values.get(&exact) {
                index.groups[*group].items.push(place as u32);
                continue;
            }
            let number = index.groups.len();
            index.by_key.entry(key(self.comparison, &values)).or_default().push(number);
            index.groups.push(Group { values, items: vec![place as u32] });
            by_values.insert(exact, number);
        }
        index
    }

    fn look_up(&self, index: &Index, values: &[Value]) -> Vec<u32> {
        let candidates = index.by_key.get(&key(self.comparison, values)).map_or(&[][..], Vec::as_slice);
        let fits =
            |group: &&Group| group.values.iter().zip(values).all(|(right, left)| self.comparison.is_same(left, right));
        let fitting: Vec<&Group> = candidates.iter().map(|number| &index.groups[*number]).filter(fits).collect();
        let mut items: Vec<u32> = fitting.iter().flat_map(|group| group.items.iter().copied()).collect();
        if fitting.len() > 1 {
            items.sort_unstable();
        }
        items
    }
}

fn key(comparison: Comparison, values: &[Value]) -> String {
    let mut key = String::with_capacity(values.len() * 16);
    for value in values {
        comparison.write_key(value, &mut key);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::items;

    fn partners(comparison: Comparison, names: Names, left: &str, right: &str) -> Vec<Vec<u32>> {
        let fields = vec![("a".into(), "b.c".into()), ("x".into(), "x".into())];
        let left = items(left);
        let matches = Matcher { fields, names, comparison }.find(&left, &items(right));
        (0..left.len()).map(|index| matches.of(index).to_vec()).collect()
    }

    #[test]
    fn all_fields_must_agree() {
        let left = r#"[{"a":1,"x":1},{"a":1,"x":2},{"a":1},{"a":null,"x":1}]"#;
        let right = r#"[{"b":{"c":1},"x":1},{"b.c":1,"x":1},{"b":{"c":"1"},"x":true},{"x":1},{"b":{"c":null},"x":1}]"#;
        let found = |comparison, names| partners(comparison, names, left, right);
        assert_eq!(found(Comparison::Exact, Names::Paths), [vec![0, 1], vec![], vec![], vec![4]]);
        assert_eq!(found(Comparison::Exact, Names::Plain), [vec![1], vec![], vec![], vec![]]);
        assert_eq!(found(Comparison::Fuzzy, Names::Paths), [vec![0, 1, 2], vec![], vec![], vec![3, 4]]);
    }

    #[test]
    fn values_of_several_fields_do_not_run_into_each_other() {
        let left = r#"[{"a":"1","x":"23"}]"#;
        let right = r#"[{"b":{"c":"12"},"x":"3"},{"b":{"c":"1"},"x":"23"}]"#;
        assert_eq!(partners(Comparison::Exact, Names::Paths, left, right), [vec![1]]);
    }

    #[test]
    fn what_was_matched_is_known() {
        let by_a =
            Matcher { fields: vec![("a".into(), "a".into())], names: Names::Paths, comparison: Comparison::Exact };
        let matches = by_a.find(&items(r#"[{"a":1},{"a":3},{"a":1}]"#), &items(r#"[{"a":1},{"a":2},{"a":1}]"#));
        assert_eq!(matches.count(), 4);
        assert_eq!(matches.is_matched(3), [true, false, true]);
        let first = matches.first_only();
        assert_eq!((first.of(2), first.count()), (&[0][..], 2));
        assert_eq!(first.is_matched(3), [true, false, false]);
    }
}
