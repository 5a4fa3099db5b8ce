# Shared by the project's scripts: saying what is done, finding tools, installing what is missing.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

step() { printf '\n\033[1m▸ %s\033[0m\n' "$*"; }
say() { printf '  %s\n' "$*"; }
fail() { printf '\n\033[31m✗ %s\033[0m\n' "$*" >&2; exit 1; }

# at_least HAVE WANT: whether version HAVE is WANT or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

need_rust() {
  command -v cargo >/dev/null || fail "Rust is missing. Run: curl -sSf https://sh.rustup.rs | sh, open a new shell, and run this again (1.95 or newer is needed)."
  local have; have=$(rustc --version | awk '{print $2}')
  at_least "$have" 1.95.0 || fail "Rust $have is too old: 1.95 or newer is needed. Run: rustup update stable"
}

need_node() {
  command -v node >/dev/null || fail "Node.js is missing. Run: nvm install 22 (see https://github.com/nvm-sh/nvm), then run this again (20.19 or newer is needed)."
  local have; have=$(node --version | tr -d v)
  at_least "$have" 20.19.0 || fail "Node.js $have is too old: 20.19 or newer is needed. Run: nvm install 22 (see https://github.com/nvm-sh/nvm)"
  command -v npm >/dev/null || fail "npm is missing. It comes with Node.js: see https://nodejs.org"
}

# apt_get PACKAGE…: installs Debian packages, as root or with sudo; otherwise names the command.
apt_get() {
  command -v apt-get >/dev/null || fail "$* is missing, and this system has no apt-get. Install it with your package manager, then run this again."
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "$* is missing. Run: sudo apt-get install $*"
    sudo=(sudo -n)
  fi
  say "installing $* (apt-get)"
  "${sudo[@]}" apt-get -qq update >/dev/null || say "the package lists could not be refreshed; trying with the old ones"
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get -qq install -y "$@" >/dev/null || fail "$* could not be installed. Run: apt-get install $*"
}

# npm_ci FOLDER: installs the locked packages, unless they are there already.
npm_ci() {
  local stamp="$1/node_modules/.installed-from"
  if [ -f "$stamp" ] && cmp -s "$1/package-lock.json" "$stamp"; then return; fi
  say "installing npm packages of $1"
  (cd "$1" && npm ci --no-fund --no-audit --loglevel=error) || fail "npm ci failed in $1. Is the npm registry reachable?"
  cp "$1/package-lock.json" "$stamp"
}

# A C compiler is what Rust links with.
need_cc() { command -v cc >/dev/null || apt_get build-essential; }

need_browser() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  if [ -z "$CHROMIUM" ]; then apt_get chromium; CHROMIUM=$(command -v chromium) || fail "Chromium could not be found after its installation."; fi
  export CHROMIUM
}

# Servers that tests of connectors start for themselves: program, colon, Debian package. Where one cannot be installed, its tests
# say that they are skipped. None may begin to run as a service: a policy that forbids it stands there during the installation.
want_servers() {
  local pair missing=() sudo=() policy=/usr/sbin/policy-rc.d forbids=
  local wanted=(
    redis-server:redis-server mariadbd:mariadb-server mosquitto:mosquitto nats-server:nats-server
    rabbitmq-server:rabbitmq-server sshd:openssh-server slapd:slapd dovecot:dovecot-imapd
  )
  for pair in "${wanted[@]}"; do
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  want_python_servers
  [ ${#missing[@]} != 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then sudo=(sudo -n); fi
  if ! command -v apt-get >/dev/null || ! "${sudo[@]}" true 2>/dev/null; then
    say "missing, so that their tests will be skipped: ${missing[*]}"
    return
  fi
  if [ ! -e $policy ]; then
    forbids=yes
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
    "${sudo[@]}" chmod 755 $policy
  fi
  for pair in "${missing[@]}"; do
    (apt_get "$pair") || say "$pair could not be installed: its tests will be skipped"
  done
  [ -z "$forbids" ] || "${sudo[@]}" rm -f $policy
}

# Servers that are written in Python, in an environment of their own: a storage server that speaks as Amazon S3 does, FTP, a
# Kafka cluster inside of Kafka's client for C, and what does as MongoDB does.
want_python_servers() {
  local folder=target/test-servers
  if [ -x $folder/bin/moto_server ] && [ -x $folder/bin/ftpbench ] && $folder/bin/python3 -c 'import confluent_kafka, mockupdb, mongomock' 2>/dev/null; then
    return
  fi
  say "installing moto, pyftpdlib, confluent-kafka, mockupdb and mongomock (pip)"
  if ! { python3 -m venv $folder && $folder/bin/pip install -q 'moto[server]' pyftpdlib pyOpenSSL confluent-kafka mockupdb mongomock; } >/dev/null 2>&1; then
    rm -rf $folder
    say "moto, pyftpdlib, confluent-kafka, mockupdb and mongomock could not be installed: the tests of S3, FTP, Kafka and MongoDB will be skipped unless they are in the path"
  fi
}

# Chooses the JavaScript engine of the code runner and exports what its build needs.
choose_engine() {
  local settings
  settings=$(infra/scripts/js-engine.sh) || fail "no JavaScript engine could be prepared for the code runner; see the lines above."
  eval "$settings"
  say "JavaScript engine of the code runner: $WEFT_JS_ENGINE"
}

# cargo_for_all COMMAND ARGUMENT…: cargo over every crate at once. Cargo compiles a dependency anew for every selection of
# crates that wants other features of it, so one selection for everything is built in half the time of several.
cargo_for_all() {
  local command=$1; shift
  cargo "$command" --locked --workspace --features "weft-code-runner/$WEFT_JS_ENGINE" "$@"
}

# cargo_release ARGUMENT…: builds the two programs for use, and what else is asked for, in one go for the same reason.
cargo_release() {
  cargo build --release --locked -p weft-server -p weft-code-runner --features "weft-code-runner/$WEFT_JS_ENGINE" "$@"
}

build_web_app() {
  npm_ci frontend
  local newest; newest=$(find frontend/src frontend/index.html frontend/package-lock.json frontend/vite.config.ts graphql/schema.graphql -newer frontend/dist/index.html -print -quit 2>/dev/null || true)
  if [ -f frontend/dist/index.html ] && [ -z "$newest" ]; then return; fi
  say "building the web app"
  (cd frontend && npm run --silent build)
}
