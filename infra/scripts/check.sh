#!/usr/bin/env bash
# Format, lint and the unit tests of what changed since the last commit (or in it, when the tree is clean).
. "$(dirname "$0")/lib.sh"
need_rust
changed=$(git status --porcelain | awk '{print $NF}')
[ -n "$changed" ] || changed=$(git diff --name-only HEAD~1 2>/dev/null || git ls-files)

cargo fmt --all --check || fail "Rust files are not formatted. Run: make fmt"

packages=()
while read -r manifest; do
  folder=$(dirname "$manifest")
  if grep -q "^$folder/" <<<"$changed"; then packages+=(-p "$(awk -F'"' '/^name/{print $2; exit}' "$manifest")"); fi
done < <(git ls-files '*/Cargo.toml' | grep -v '^services/code-runner/')
if [ ${#packages[@]} -gt 0 ]; then
  step "Lint and unit tests: ${packages[*]//-p/}"
  cargo clippy -q --locked "${packages[@]}" --all-targets -- -D warnings
  cargo test -q --locked "${packages[@]}" --lib --bins
fi
if grep -q '^services/code-runner/' <<<"$changed"; then
  step "Code runner"
  choose_engine
  cargo clippy -q --locked -p weft-code-runner --no-default-features --features "$WEFT_JS_ENGINE" --all-targets -- -D warnings
fi
if grep -qE '^(frontend|graphql/schema)' <<<"$changed"; then
  step "Web app"
  need_node; npm_ci frontend
  (cd frontend && npm run --silent check && npm test --silent)
fi
step "Checked in ${SECONDS} s"
