//! What the folds give.
