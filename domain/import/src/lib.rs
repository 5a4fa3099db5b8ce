//! Foreign workflow formats to ours.
