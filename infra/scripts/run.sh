#!/usr/bin/env bash
# Builds and starts everything, with the demo.
. "$(dirname "$0")/lib.sh"

step "Checking the tools"
need_rust; need_node; need_cc
[ -n "${DATABASE_URL:-}" ] || npm_ci infra/postgres
choose_engine

step "Building (the first time takes a while, later seconds)"
build_web_app
cargo_release

step "Making the demo"
target/release/weft demo

step "Starting"
exec target/release/weft serve
