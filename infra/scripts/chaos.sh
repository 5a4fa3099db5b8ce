#!/usr/bin/env bash
# The fault suite against the real server: F1, F2, F3, F10, F17. Cases to run may be named: infra/scripts/chaos.sh F1
. "$(dirname "$0")/lib.sh"
need_rust; need_node; need_cc; npm_ci infra/postgres; choose_engine
step "Building with fail points"
cargo build -q --release --locked -p weft-server --features fail-points
cp target/release/weft target/release/weft-fail-points
cargo build -q --release --locked -p weft-chaos
cargo build -q --release --locked -p weft-code-runner --no-default-features --features "$WEFT_JS_ENGINE"
step "Injecting faults"
exec target/release/weft-chaos --weft target/release/weft-fail-points --code-runner target/release/weft-code-runner "$@"
