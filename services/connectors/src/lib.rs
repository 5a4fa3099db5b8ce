//! The outside world: the one guarded HTTP client.
