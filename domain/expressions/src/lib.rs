//! The {{ }} language: parse, compile, evaluate over values.
