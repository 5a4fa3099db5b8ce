#!/usr/bin/env bash
# Builds a release and measures it. Figures to measure may be named: infra/scripts/bench.sh P1 P3
. "$(dirname "$0")/lib.sh"
need_rust; need_node; need_cc; npm_ci infra/postgres; choose_engine
step "Building the release"
cargo build -q --release --locked -p weft-server -p weft-bench
cargo build -q --release --locked -p weft-code-runner --no-default-features --features "$WEFT_JS_ENGINE"
step "Measuring"
exec target/release/weft-bench "$@"
