//! A private PostgreSQL cluster: find the binaries, start, adopt, stop.
