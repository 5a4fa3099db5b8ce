//! The kinds that only transform items, one file each. To add one, write its file and name it in the list below.

use crate::TransformKind;

/// Declares the module of each kind and lists them in [`all`], in the order of the palette.
macro_rules! kinds {
    ($($file:ident::$kind:ident),* $(,)?) => {
        $(mod $file;)*

        /// Every kind of this crate.
        pub fn all() -> Vec<&'static dyn TransformKind> {
            vec![$(&$file::$kind),*]
        }
    };
}

kinds! {
    manual_trigger::ManualTrigger,
    set::Set,
    r#if::If,
    filter::Filter,
    switch::Switch,
    merge::Merge,
    loop_items::LoopItems,
    date_time::DateAndTime,
    html::Html,
    xml::Xml,
    markdown::Markdown,
    compare_datasets::CompareDatasets,
    no_op::NoOp,
    note::Note,
    stop_and_error::StopAndError,
    debug_helper::DebugHelper,
    split_out::SplitOut,
    aggregate::Aggregate,
    summarize::Summarize,
    sort::Sort,
    limit::Limit,
    remove_duplicates::RemoveDuplicates,
    rename_keys::RenameKeys,
    placeholder::Placeholder,
}

pub use set::writes_json;
