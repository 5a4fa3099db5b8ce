//! The public contract: one file per noun.
