#!/usr/bin/env bash
# Builds everything and passes every test. Prints how long each part took.
. "$(dirname "$0")/lib.sh"
began=$SECONDS
timed() { local name=$1 from=$SECONDS; shift; step "$name"; "$@"; say "done in $((SECONDS - from)) s"; }

tools() {
  need_rust; need_node; need_cc; need_browser
  npm_ci infra/postgres
  want_servers
  choose_engine
}
web_app() {
  npm_ci frontend
  (cd frontend && npm run --silent check && npm test --silent)
  build_web_app
}
lints() {
  infra/scripts/format-rust.sh --check || fail "Rust files are not formatted. Run: make fmt"
  cargo_for_all clippy -q --all-targets -- -D warnings
}
programs() { cargo_for_all build --all-targets; }
rust() { cargo_for_all test -q; }
# The schema and the laws of the log once more on every PostgreSQL that is installed beside the one that comes with Weft.
other_postgres() {
  local programs
  for programs in /usr/lib/postgresql/*/bin; do
    [ -x "$programs/postgres" ] || continue
    say "$("$programs/postgres" --version)"
    WEFT_POSTGRES_BIN=$programs cargo_for_all test -q --test runner --test catalogue --test laws --test postgres
  done
}

timed "Tools" tools
timed "Web app: types, lint, unit tests, build" web_app
timed "Programs and their tests (the first time takes a while)" programs
timed "Rust: unit and integration tests, the code runner on $WEFT_JS_ENGINE" rust
timed "The log on other PostgreSQLs" other_postgres
timed "Rust: format and lint" lints
timed "End to end: the web app and the API on the real server" infra/scripts/e2e.sh
step "All tests passed in $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
