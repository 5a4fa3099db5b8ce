//! What differs between two items, and what to show of it.

use std::borrow::Cow;

use weft_value::{Object, Text, Value};

use super::Layout;
use crate::coercion::is_truthy;
use crate::matching::{Comparison, Names};
use crate::{NodeError, get_path, set_path, unset_path};

/// How two items are compared.
pub(super) struct Differences<'a> {
    /// The fields that items were matched by: A's name and B's.
    pub(super) fields: &'a [(Text, Text)],
    /// Fields that are not compared.
    pub(super) skipped: Vec<Text>,
    /// Fields that a mix takes from the other side.
    pub(super) except: Vec<Text>,
    pub(super) names: Names,
    pub(super) comparison: Comparison,
    pub(super) layout: Layout,
}

impl Differences<'_> {
    /// Whether two items are the same, but for the skipped fields. A fuzzy comparison looks at the fields of A alone.
    pub(super) fn are_same(&self, a: &Value, b: &Value) -> bool {
        let (a, b) = (self.without_skipped(a), self.without_skipped(b));
        if self.comparison == Comparison::Exact {
            return self.comparison.is_same(&a, &b);
        }
        let fields = a.as_object().into_iter().flatten();
        fields.into_iter().all(|(name, value)| self.comparison.is_same(value, b.get(name)))
    }

    fn without_skipped<'v>(&self, json: &'v Value) -> Cow<'v, Value> {
        let Some(object) = json.as_object().filter(|_| !self.skipped.is_empty()) else { return Cow::Borrowed(json) };
        let mut rest = object.clone();
        for name in &self.skipped {
            match self.names {
                Names::Paths => unset_path(&mut rest, name),
                Names::Plain => drop(rest.remove(name)),
            }
        }
        Cow::Owned(rest.into())
    }

    /// `preferred` with some fields of `other`.
    pub(super) fn mixed(&self, preferred: &Value, other: &Value) -> Value {
        let mut mixed = preferred.as_object().cloned().unwrap_or_default();
        for name in &self.except {
            match (self.names, self.names.get(other, name)) {
                // A field that the other side lacks is lacking then.
                (Names::Plain, Value::Undefined) => drop(mixed.remove(name)),
                (Names::Plain, value) => mixed.insert(name.clone(), value),
                (Names::Paths, Value::Undefined) => set_path(&mut mixed, name, Value::Null),
                (Names::Paths, value) => set_path(&mut mixed, name, value),
            }
        }
        mixed.into()
    }

    /// Both versions: `keys` (by what they were matched), `same`, `different`, and `skipped` where that holds anything.
    pub(super) fn side_by_side(&self, a: &Value, b: &Value) -> Result<Value, NodeError> {
        let mut all = a.as_object().cloned().unwrap_or_default();
        for (name, value) in b.as_object().into_iter().flatten().filter(|(name, _)| a.get(name).is_undefined()) {
            all.insert(name.clone(), value.clone());
        }
        let keys: Object = self.fields.iter().map(|(name, _)| (name.clone(), a.get(name).clone())).collect();
        let (mut same, mut different, mut skipped) = (Object::new(), Object::new(), Object::new());
        for name in all.keys() {
            if self.is_same_field(a.get(name), b.get(name)) {
                same.insert(name.clone(), a.get(name).clone());
            } else if self.skipped.contains(name) {
                skipped.insert(name.clone(), self.both(self.shown(a.get(name)), self.shown(b.get(name))));
            } else {
                self.show(name, [a.get(name), b.get(name)], &mut different, &mut skipped)?;
            }
        }
        let mut shown: Object = [("keys", keys), ("same", same), ("different", different)].into_iter().collect();
        if !skipped.is_empty() {
            shown.insert("skipped", skipped);
        }
        Ok(shown.into())
    }

    /// Earlier, a field that one side lacks differed even where nothing is the same as what the other has.
    fn is_same_field(&self, a: &Value, b: &Value) -> bool {
        let is_fuzzy = self.comparison != Comparison::Exact;
        let may_lack = is_fuzzy && self.layout == Layout::Current;
        (may_lack || (!a.is_undefined() && !b.is_undefined())) && self.comparison.is_same(a, b)
    }

    /// Shows both versions of a field. What is skipped inside of it is shown apart.
    fn show(
        &self,
        name: &Text,
        sides: [&Value; 2],
        different: &mut Object,
        skipped: &mut Object,
    ) -> Result<(), NodeError> {
        let inside =
            |skip: &Text| skip.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix('.')).map(Text::from);
        let apart: Vec<Text> = match (self.layout, self.names) {
            (Layout::Current, Names::Paths) => self.skipped.iter().filter_map(inside).collect(),
            _ => Vec::new(),
        };
        let [a, b] = sides.map(|side| self.shown(side));
        if apart.is_empty() {
            different.insert(name.clone(), self.both(a, b));
            return Ok(());
        }
        let (a, apart_of_a) = parted(name, a, &apart)?;
        let (b, apart_of_b) = parted(name, b, &apart)?;
        different.insert(name.clone(), self.both(a, b));
        skipped.insert(name.clone(), self.both(apart_of_a.into(), apart_of_b.into()));
        Ok(())
    }

    fn both(&self, a: Value, b: Value) -> Value {
        let names = if self.layout == Layout::N8nVersion1 { ["input1", "input2"] } else { ["inputA", "inputB"] };
        names.into_iter().zip([a, b]).collect::<Object>().into()
    }

    /// A value where both sides are shown: what is missing is null.
    fn shown(&self, value: &Value) -> Value {
        let is_hidden = match self.layout {
            Layout::N8nVersion1 => !is_truthy(value),
            Layout::Current | Layout::N8nVersion2 => value.is_undefined(),
        };
        if is_hidden { Value::Null } else { value.clone() }
    }
}

/// A field's value without what stands at `paths`, and that.
fn parted(name: &str, value: Value, paths: &[Text]) -> Result<(Value, Object), NodeError> {
    let mut apart = Object::new();
    let Value::Object(object) = &value else {
        if value.is_nullish() {
            return Ok((value, apart));
        }
        let message = format!("“{name}.{}” cannot be skipped: “{name}” is not an object.", paths[0]);
        return Err(NodeError::new("not_an_object", message).in_field("options.skipFields"));
    };
    let mut rest = Object::clone(object);
    for path in paths {
        let found = get_path(&value, path);
        if !found.is_undefined() {
            set_path(&mut apart, path, found);
        }
        unset_path(&mut rest, path);
    }
    Ok((rest.into(), apart))
}
