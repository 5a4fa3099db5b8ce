#!/usr/bin/env bash
# The fault suite against the real server: F1, F2, F3, F10, F17. Cases to run may be named: infra/scripts/chaos.sh F1
. "$(dirname "$0")/lib.sh"
need_rust; need_node; need_cc; npm_ci infra/postgres; choose_engine
step "Building with fail points"
cargo_release -p weft-chaos --features weft-server/fail-points
cp target/release/weft target/release/weft-fail-points
# What a person starts afterwards has none.
cargo_release -p weft-chaos
step "Injecting faults"
exec target/release/weft-chaos --weft target/release/weft-fail-points --code-runner target/release/weft-code-runner "$@"
