#!/usr/bin/env bash
# Format, lint and unit tests of the floors that changed since the last commit (or in it, when the tree is clean).
. "$(dirname "$0")/lib.sh"
need_rust
changed=$(git status --porcelain | awk '{print $NF}')
[ -n "$changed" ] || changed=$(git diff --name-only HEAD~1 2>/dev/null || git ls-files)

infra/scripts/format-rust.sh --check || fail "Rust files are not formatted. Run: make fmt"

if grep -qE '\.(rs|sql|toml|lock|snap)$' <<<"$changed"; then
  step "Lint and unit tests"
  choose_engine
  cargo_for_all clippy -q --all-targets -- -D warnings
  cargo_for_all test -q --lib --bins
fi
if grep -qE '^(frontend|graphql/schema)' <<<"$changed"; then
  step "Web app"
  need_node; npm_ci frontend
  (cd frontend && npm run --silent check && npm test --silent)
fi
if grep -qE '(^Cargo.lock|deny.toml)$' <<<"$changed" && command -v cargo-deny >/dev/null; then
  step "Licences and sources of dependencies"
  cargo deny --offline check licenses bans sources
fi
step "Checked in ${SECONDS} s"
