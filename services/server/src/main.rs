//! The executable weft: config, resources, roles, drain; and the command line.

fn main() {}
