//! The fault suite: F1 to F19.

fn main() {}
