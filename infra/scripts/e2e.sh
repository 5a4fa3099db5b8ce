#!/usr/bin/env bash
# Starts the real server on a fresh data folder and tests it from outside: the audits of graphql-http, a graphql-ws client,
# and the Playwright journey.
. "$(dirname "$0")/lib.sh"
need_node; need_browser; npm_ci frontend; npm_ci infra/postgres; build_web_app

weft=${WEFT_E2E_PROGRAM:-target/debug/weft}
[ -x "$weft" ] || fail "$weft is missing. Run: make test (or cargo build -p weft-server)"
folder=$(mktemp -d "${TMPDIR:-/tmp}/weft-e2e.XXXXXX")
# As root, PostgreSQL is another user, who must get to its folder here rather than have one elsewhere.
chmod 755 "$folder"
log="$folder/server.log"
server=
stop() {
  status=$?
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  if [ $status -ne 0 ] && [ -f "$log" ]; then printf '\n  the last lines of the server:\n'; tail -n 40 "$log"; fi
  rm -rf "$folder"
}
trap stop EXIT

export WEFT_DATA_DIR="$folder/data"
"$weft" --json demo >"$folder/demo.json" || fail "the demo could not be made"
"$weft" serve --port "${WEFT_E2E_PORT:-0}" >"$folder/address" 2>"$log" &
server=$!
for _ in $(seq 1 300); do
  grep -q '^http' "$folder/address" && break
  kill -0 "$server" 2>/dev/null || fail "the server ended before it was ready"
  sleep 0.1
done
address=$(grep -om1 'http[^ ]*' "$folder/address") || fail "the server did not become ready within 30 s"
export WEFT_E2E_ADDRESS=$address WEFT_E2E_DEMO="$folder/demo.json"
say "the server is ready at $address"

cd frontend
npm run --silent e2e:api
npm run --silent e2e
