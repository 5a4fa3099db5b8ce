//! The files of many items on one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use weft_value::{BinaryRef, Item};

/// The files of `items`; one whose name is taken gets a number: `data`, `data_1`, `data_2`. Where `unique`, a file with the
/// content of another one is left out.
pub(super) fn files_of<'i>(
    items: impl Iterator<Item = &'i Item>,
    unique: bool,
) -> Option<Arc<IndexMap<String, BinaryRef>>> {
    let mut files = IndexMap::new();
    let mut contents = HashSet::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (name, file) in items.filter_map(|item| item.binary.as_deref()).flatten() {
        if unique && !contents.insert((&file.mime_type, file.size, &file.digest, &file.data)) {
            continue;
        }
        let mut free = name.clone();
        // The numbers of a name go on where they stopped: to try them from 1 for every file would take a square of time.
        let number = numbers.entry(name).or_default();
        while files.contains_key(&free) {
            *number += 1;
            free = format!("{name}_{number}");
        }
        files.insert(free, file.clone());
    }
    (!files.is_empty()).then(|| Arc::new(files))
}
