#!/usr/bin/env bash
# Formats every Rust file, or with --check says which ones are not formatted. Files are named one by one, because modules that a
# macro declares (the lists of node kinds) are not found by `cargo fmt`.
. "$(dirname "$0")/lib.sh"
need_rust
git ls-files -co --exclude-standard -z '*.rs' | xargs -0 rustfmt "$@"
