//! Node kinds: the trait, the descriptors, and the kinds that only transform items.
