//! Evaluates lines of JSON from standard input: `{"id", "expression", "items", "timezone"}` gives `{"id", "value"}`,
//! `{"id", "undefined": true}` or `{"id", "error"}`.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]
#![expect(clippy::disallowed_methods, reason = "a program of its own may ask the clock")]

use std::io::BufRead;

use jiff::Timestamp;
use weft_expressions::evaluate_line;

fn main() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        println!("{}", evaluate_line(&line?, Timestamp::now()));
    }
    Ok(())
}
