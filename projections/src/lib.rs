//! The read side: one folder per read model.
