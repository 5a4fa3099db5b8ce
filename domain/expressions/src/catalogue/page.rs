//! The page of the documentation that the catalogue makes.

use std::fmt::Write;

use super::catalogue;

const HEAD: &str = "<!-- Written from the catalogue: WEFT_UPDATE_DOCS=1 cargo test -p weft-expressions page -->

# Expressions

What stands between `{{` and `}}` is an expression: JavaScript over the data of the current item, evaluated without a host to
reach. This page lists what it has to work with; every example is evaluated by a test.
";

/// The heading of a receiver, where its name alone does not say it.
fn heading(receiver: &str) -> &str {
    match receiver {
        "global" => "Globals",
        "node" => "Another node: `$('Name')`, `$input`",
        "string" => "Text",
        "number" => "Numbers",
        "boolean" => "Truth values",
        "array" => "Lists",
        "object" => "Objects",
        "moment" => "Dates of every kind",
        "date" => "`Date` alone",
        "datetime" => "`DateTime` alone",
        "duration" => "Durations",
        "interval" => "Intervals",
        "regexp" => "Regular expressions",
        "set" => "Sets",
        "map" => "Maps",
        "function" => "Functions",
        "format" => "Formats of `Intl`",
        "custom_data" => "`$execution.customData`",
        "class" => "After `new`",
        other => other,
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut receiver = "";
    for entry in catalogue() {
        if entry.receiver != receiver {
            receiver = entry.receiver;
            let _ = write!(page, "\n## {}\n\n| | | example |\n|---|---|---|\n", heading(receiver));
        }
        // A bar would end the cell, also within code.
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {} | `{}` → `{}` |",
            cell(entry.signature),
            cell(entry.description),
            cell(entry.example),
            cell(entry.result)
        );
    }
    page
}

#[test]
fn the_committed_page_is_what_the_catalogue_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/docs/expressions.md");
    if std::env::var_os("WEFT_UPDATE_DOCS").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == page(),
        "infra/docs/expressions.md is stale: WEFT_UPDATE_DOCS=1 cargo test -p weft-expressions page"
    );
}
