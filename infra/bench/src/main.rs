//! Benchmarks: the figures P1 to P11.

fn main() {}
