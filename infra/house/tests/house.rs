//! The table of arrows in `ARCHITECTURE.md` is what `Cargo.toml` files say, and every path it names exists.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "every function in here is a test or serves one")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn architecture() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// Direct dependencies of every crate of ours: (ours, foreign), without those for tests.
fn dependencies() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names = |package: &serde_json::Value| {
        let used = package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"] != "dev");
        let names = used.map(|d| d["name"].as_str().unwrap().to_owned());
        names.partition(|name: &String| name.starts_with("weft-"))
    };
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|p| (p["name"].as_str().unwrap().to_owned(), names(p))).collect()
}

/// The rows of the table of arrows: crate, may use, must never use. A crate stands in the table by its folder.
fn arrows() -> Vec<(String, BTreeSet<String>, BTreeSet<String>)> {
    let text = architecture();
    let table = text.split("<!-- arrows -->").nth(1).expect("the table of arrows is marked");
    let words = |cell: &str| -> BTreeSet<String> {
        cell.split([',', '`', ' ']).filter(|word| !word.is_empty() && *word != "–").map(str::to_owned).collect()
    };
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let name = format!("weft-{}", cells[0].trim_matches('`'));
            (name, words(cells[1]).into_iter().map(|w| format!("weft-{w}")).collect(), words(cells[2]))
        })
        .collect()
}

#[test]
fn every_crate_uses_only_what_its_row_names() {
    let (dependencies, arrows) = (dependencies(), arrows());
    let mut wrong = Vec::new();
    for (name, (ours, foreign)) in &dependencies {
        let Some((_, may, never)) = arrows.iter().find(|(row, ..)| row == name) else {
            wrong.push(format!("{name} has no row in the table of arrows"));
            continue;
        };
        let anything = may.contains("weft-anything");
        wrong.extend(
            ours.iter()
                .filter(|used| !anything && !may.contains(*used))
                .map(|used| format!("{name} must not use {used}")),
        );
        wrong.extend(
            foreign.iter().filter(|used| never.contains(*used)).map(|used| format!("{name} must never use {used}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_crate() {
    let dependencies = dependencies();
    for (name, may, _) in arrows() {
        assert!(dependencies.contains_key(&name), "{name} stands in the table of arrows, but there is no such crate");
        for used in may.iter().filter(|used| *used != "weft-anything") {
            assert!(dependencies.contains_key(used), "{name} may use {used}, which does not exist");
        }
    }
}

#[test]
fn every_path_that_the_documents_name_exists() {
    let mut missing = Vec::new();
    let guides = std::fs::read_dir(root().join("infra/docs")).unwrap();
    let guides =
        guides.map(|guide| guide.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "md"));
    let guides = guides.map(|path| path.strip_prefix(root()).unwrap().display().to_string());
    let documents = ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"].map(str::to_owned).into_iter();
    for document in documents.chain(guides) {
        let text = std::fs::read_to_string(root().join(&document)).unwrap();
        for word in text.split('`').skip(1).step_by(2) {
            let path = word.split(['#', ':']).next().unwrap();
            let is_path = path.contains('/')
                && !path.contains(['<', '*', ' ', '$', '{', '…'])
                && !path.starts_with(['/', '@', '.', '~'])
                && !path.starts_with("target/");
            let top = path.split('/').next().unwrap();
            if is_path && root().join(top).exists() && !root().join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "these paths do not exist:\n{}", missing.join("\n"));
}

#[test]
fn the_architecture_stays_short_enough_to_be_read() {
    assert!(architecture().lines().count() <= 300);
}
