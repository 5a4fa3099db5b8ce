#!/usr/bin/env bash
# Chooses the JavaScript engine of the code runner and prints, for `eval`, what its build needs:
#   WEFT_JS_ENGINE    v8 or quickjs, which is also the Cargo feature of weft-code-runner
#   RUSTY_V8_ARCHIVE  where V8 comes from, if not from the crate's own download
#   WAMR_LIB_DIR      what QuickJS links
# V8 is taken where it can be had: from RUSTY_V8_ARCHIVE, from a folder beside the checkout, from the crate's own download.
# Otherwise QuickJS is compiled, which needs neither. WEFT_JS_ENGINE=v8|quickjs forces one. What was chosen is said on stderr.
. "$(dirname "$0")/lib.sh"
exec 3>&1 1>&2

version=$(awk -F'"' '/^name = "v8"$/{found=1} found && /^version/{print $2; exit}' Cargo.lock)
target=$(rustc -vV | awk '/^host:/{print $2}')
archive="librusty_v8_simdutf_release_$target.a.gz"
url="https://github.com/denoland/rusty_v8/releases/download/v$version/$archive"

chosen() {
  say "JavaScript engine: $1 ($2)"
  echo "export WEFT_JS_ENGINE=$1" >&3
  exit 0
}

from_file() {
  # Cargo does not see that the file behind the name has changed, but it does see another name.
  printf 'export RUSTY_V8_ARCHIVE=%q\n' "$1" >&3
  chosen v8 "$2"
}

# The archive is linked against glibc 2.34; on an older one the linking would fail after minutes of compiling.
glibc_is_new_enough() {
  local have; have=$(getconf GNU_LIBC_VERSION 2>/dev/null | awk '{print $2}')
  [ -z "$have" ] || at_least "$have" 2.34
}

v8_from_variable() {
  [ -n "${RUSTY_V8_ARCHIVE:-}" ] || return 0
  [ -f "$RUSTY_V8_ARCHIVE" ] || fail "RUSTY_V8_ARCHIVE names $RUSTY_V8_ARCHIVE, which does not exist."
  from_file "$(cd "$(dirname "$RUSTY_V8_ARCHIVE")" && pwd)/$(basename "$RUSTY_V8_ARCHIVE")" "RUSTY_V8_ARCHIVE"
}

v8_beside_checkout() {
  local folder="../shared/v8/v$version"
  [ -f "$folder/$archive" ] && glibc_is_new_enough || return 0
  from_file "$(cd "$folder" && pwd)/$archive" "$folder"
}

v8_from_download() {
  # The crate looks for the download in this folder first.
  local kept="${CARGO_HOME:-$HOME/.cargo}/.rusty_v8/${url//[^a-zA-Z0-9]/_}"
  if [ -f "$kept" ]; then chosen v8 "downloaded before"; fi
  command -v curl >/dev/null || return 0
  if curl -sfIL --connect-timeout 3 --max-time 8 -o /dev/null "$url"; then chosen v8 "its release page, 31 MB"; fi
}

case ${WEFT_JS_ENGINE:-} in
  '' | v8)
    v8_from_variable
    v8_beside_checkout
    v8_from_download
    [ -z "${WEFT_JS_ENGINE:-}" ] || fail "V8 $version cannot be had for $target. Set RUSTY_V8_ARCHIVE to its $archive, or use WEFT_JS_ENGINE=quickjs."
    why="no V8 archive for $target here, and its release page cannot be reached"
    ;;
  quickjs) why="as WEFT_JS_ENGINE says" ;;
  *) fail "WEFT_JS_ENGINE is $WEFT_JS_ENGINE; it can be v8 or quickjs." ;;
esac
library=$(infra/scripts/build-wamr.sh) || fail "QuickJS could not be prepared; see the lines above."
printf 'export WAMR_LIB_DIR=%q\n' "$library" >&3
chosen quickjs "$why"
