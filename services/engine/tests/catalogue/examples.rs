//! The examples at the head of every kind's file: items before a step, its parameters, items after it. They are executed here
//! and shown on the page of the kinds, so that neither can say what is not so.

use std::path::{Path, PathBuf};

use weft_engine::kinds::{Kind, all};
use weft_value::from_json;

use super::trying::{name, run, signing_in};

/// What stands at the head of a kind's file.
pub struct Head {
    /// What it is: `**Limit**: keeps only so many items, from the front or from the end.`
    pub is: String,
    /// Its examples, as they are written.
    pub examples: Vec<String>,
}

/// The head of the file of a kind. The file is called as the kind.
pub fn head(kind: Kind) -> Head {
    let file = file_of(name(kind));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let mut paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    let is = paragraphs.next().unwrap_or_default();
    let examples: Vec<String> = paragraphs.filter(|text| is_example(text)).collect();
    assert!(is.starts_with("**") && !examples.is_empty(), "{} begins with what it is, and an example", file.display());
    Head { is, examples }
}

fn is_example(paragraph: &str) -> bool {
    ["before", "after", "filled in", "asked for"].iter().any(|word| paragraph.starts_with(word))
}

fn file_of(kind: &str) -> PathBuf {
    let file = match kind {
        // A keyword of Rust.
        "loop" => "loop_items".to_owned(),
        kind => kind.chars().fold(String::new(), |name, c| match c {
            'A'..='Z' => format!("{name}_{}", c.to_ascii_lowercase()),
            _ => format!("{name}{c}"),
        }),
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [source.join("src/kinds"), source.join("../../domain/nodes/src/kinds")];
    let places =
        folders.iter().flat_map(|folder| [folder.join(format!("{file}.rs")), folder.join(&file).join("mod.rs")]);
    places.into_iter().find(|place| place.exists()).unwrap_or_else(|| panic!("no file is called {file}, as the kind"))
}

/// An example that can be executed.
struct Example {
    before: Vec<String>,
    parameters: String,
    after: After,
}

enum After {
    /// Items on each output; `…` stands for anything.
    Gives(Vec<String>),
    /// An error that says this.
    Fails(String),
}

/// `before: … · with: … · after: …`, each with its values in code spans, or after it `fails with “…”`.
fn executable(example: &str) -> Option<Example> {
    let (before, rest) = example.strip_prefix("before: ")?.split_once(" with: ")?;
    let (with, after) = rest.split_once(" after: ")?;
    let said = || after.split_once('“')?.1.split_once('”').map(|(said, _)| said.to_owned());
    let gives = spans(after);
    let after = if gives.is_empty() { After::Fails(said()?) } else { After::Gives(gives) };
    Some(Example { before: spans(before), parameters: spans(with).concat(), after })
}

fn spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn check(kind: Kind, example: &Example) {
    let parameters =
        from_json(&example.parameters).unwrap_or_else(|_| panic!("{}: {}", name(kind), example.parameters));
    let parameters = signing_in(kind, &parameters);
    let inputs = example.before.iter().map(|json| weft_nodes::testing::items(json)).collect();
    let ended = run(kind, &parameters, inputs);
    match (&example.after, ended) {
        (After::Gives(after), Ok(outputs)) => {
            let given: Vec<String> = outputs.iter().map(|items| weft_nodes::testing::json_of(items)).collect();
            let fits =
                after.len() == given.len() && after.iter().zip(&given).all(|(after, given)| is_like(given, after));
            assert!(fits, "{} says {after:?} and gives {given:?}", name(kind));
        }
        (After::Fails(said), Err(failure)) => {
            assert!(failure.message.contains(said), "{} says {said} and fails with {failure:?}", name(kind));
        }
        (_, ended) => panic!("{} ended with {ended:?}", name(kind)),
    }
}

/// Whether a text is as the example says, in which `…` stands for anything.
fn is_like(text: &str, example: &str) -> bool {
    let Some((begin, rest)) = example.split_once('…') else { return text == example };
    let Some(mut left) = text.strip_prefix(begin) else { return false };
    let mut parts: Vec<&str> = rest.split('…').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(place) = left.find(part) else { return false };
        left = &left[place + part.len()..];
    }
    left.ends_with(end)
}

#[test]
fn every_example_is_what_happens() {
    for kind in all() {
        let examples: Vec<Example> = head(kind).examples.iter().filter_map(|example| executable(example)).collect();
        // What acts may need a server, files or somebody who calls: the tests of such a kind have them.
        let is_by_itself = matches!(kind, Kind::Transform(_)) && !kind.node_kind().descriptor().outputs.is_empty();
        assert!(!is_by_itself || !examples.is_empty(), "{} says “before”, “with” and “after”", name(kind));
        for example in &examples {
            check(kind, example);
        }
    }
}

#[test]
fn an_example_that_is_not_so_is_noticed() {
    for (text, example, fits) in [
        (r#"[{"n":1}]"#, r#"[{"n":1}]"#, true),
        (r#"[{"n":1}]"#, r#"[{"n":2}]"#, false),
        (r#"[{"t":"abc","n":1}]"#, r#"[{"t":"…","n":1}]"#, true),
        (r#"[{"t":"abc","n":2}]"#, r#"[{"t":"…","n":1}]"#, false),
        (r#"[{"t":"abc"}]"#, r#"[{"u":"…"}]"#, false),
    ] {
        assert_eq!(is_like(text, example), fits, "{text} as {example}");
    }
    let told = executable("before: `[]` with: `{}` after: `[1]`, other `[2]`").unwrap();
    assert!(matches!(told.after, After::Gives(outputs) if outputs == ["[1]", "[2]"]));
    assert!(executable("before: `[{}]` · after `GET`: `[{}]`").is_none());
}
