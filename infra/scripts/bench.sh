#!/usr/bin/env bash
# Builds a release and measures it. Figures to measure may be named: infra/scripts/bench.sh P1 P3
. "$(dirname "$0")/lib.sh"
need_rust; need_node; need_cc; npm_ci infra/postgres; choose_engine
step "Building the release"
cargo_release -p weft-bench
step "Measuring"
exec target/release/weft-bench "$@"
