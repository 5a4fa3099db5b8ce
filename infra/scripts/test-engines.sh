#!/usr/bin/env bash
# The code runner's tests on both engines, and its memory over ten thousand steps. V8 needs its archive; without it that half is an error, not a pass.
. "$(dirname "$0")/lib.sh"
need_rust; need_cc
for engine in v8 quickjs; do
  step "Code runner on $engine"
  settings=$(WEFT_JS_ENGINE=$engine infra/scripts/js-engine.sh) || fail "$engine could not be prepared; see the lines above."
  eval "$settings"
  cargo test -q --locked -p weft-code-runner -p weft-code-runner-client --no-default-features --features "weft-code-runner/$engine"
  cargo run -q --locked -p weft-code-runner --no-default-features --features "weft-code-runner/$engine" \
    --example endurance -- target/debug/weft-code-runner
done
