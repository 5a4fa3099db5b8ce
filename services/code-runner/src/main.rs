//! The second executable: deno_core in a locked-down process.

fn main() {}
