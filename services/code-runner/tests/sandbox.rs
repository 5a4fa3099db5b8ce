//! From inside the sandbox, the outside cannot be reached.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Stdio};

fn runner(argument: &str) -> (bool, serde_json::Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_weft-code-runner"))
        .arg(argument)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

#[test]
fn opening_connecting_and_forking_are_refused_inside() {
    let (all_refused, attempts) = runner("--self-test");
    let attempts = attempts.as_array().unwrap();
    assert!(attempts.len() >= 12);
    for attempt in attempts {
        assert_eq!(attempt["refused"], true, "{attempt}");
    }
    assert!(all_refused);
}

#[test]
fn the_check_names_every_layer() {
    let (succeeded, report) = runner("--check");
    assert!(succeeded);
    let layers = report["layers"].as_array().unwrap();
    let names: Vec<_> = layers.iter().map(|layer| layer["name"].as_str().unwrap()).collect();
    let expected =
        ["parent-death", "no-new-privileges", "not-dumpable", "empty-environment", "landlock", "limits", "seccomp"];
    assert_eq!(names, expected);
    for layer in layers.iter().filter(|layer| layer["name"] != "landlock") {
        assert_eq!(layer["active"], true, "{layer}");
    }
}

/// The filter's own list is the wall when Landlock is missing; the engine must still be able to work behind it.
#[test]
fn the_environment_of_the_server_does_not_get_in() {
    let output = Command::new(env!("CARGO_BIN_EXE_weft-code-runner"))
        .arg("--check")
        .env_clear()
        .env("WEFT_SECRET", "x")
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let layer =
        report["layers"].as_array().unwrap().iter().find(|layer| layer["name"] == "empty-environment").unwrap().clone();
    assert_eq!(layer["active"], false, "{layer}");
}
