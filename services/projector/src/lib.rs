//! Pulls events, feeds projections, keeps checkpoints, rebuilds.
