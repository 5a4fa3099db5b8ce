//! Each tenant's log: the trait, MemoryLog, PgLog, one law suite.
