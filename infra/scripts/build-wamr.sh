#!/usr/bin/env bash
# Builds the WebAssembly interpreter that the QuickJS engine links, and prints the folder of its library (for WAMR_LIB_DIR).
#
# The engine's own build does the same with SIMD on, for which CMake fetches a library from the network. Code steps have no
# WebAssembly at all, so it is built without SIMD from a copy of the published source, and needs no network.
. "$(dirname "$0")/lib.sh"
exec 3>&1 1>&2

version=$(awk -F'"' '/^name = "v8x"$/{found=1} found && /^version/{print $2; exit}' Cargo.lock)
[ -n "$version" ] || fail "Cargo.lock does not name the QuickJS engine (package v8x)."
folder="$(pwd)/${CARGO_TARGET_DIR:-target}/wamr"
case ${CARGO_TARGET_DIR:-} in /*) folder="$CARGO_TARGET_DIR/wamr" ;; esac
built="$folder/build-$version"

if [ ! -f "$built/libvmlib.a" ]; then
  need_rust; need_cc
  command -v cmake >/dev/null || apt_get cmake
  say "building the WebAssembly interpreter of QuickJS"
  manifest=$(cargo metadata --format-version 1 --locked --manifest-path services/code-runner/Cargo.toml --no-default-features --features quickjs \
    --filter-platform "$(rustc -vV | awk '/^host:/{print $2}')" |
    grep -o '"manifest_path":"[^"]*/v8x-[^"]*/Cargo.toml"' | head -n1 | cut -d'"' -f4)
  [ -n "$manifest" ] || fail "The source of the QuickJS engine could not be found. Is the crates registry reachable, or the cache filled?"
  mkdir -p "$folder"
  # Built aside and moved when it is whole, so that an interrupted build is never taken for a library.
  work=$(mktemp -d "$folder/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cp -R "$(dirname "$manifest")/vendor/wamr" "$work/source"
  chmod -R u+w "$work/source"
  sed -i.orig 's/set(WAMR_BUILD_SIMD 1)/set(WAMR_BUILD_SIMD 0)/' "$work/source/v82jsc/CMakeLists.txt"
  grep -q 'WAMR_BUILD_SIMD 0' "$work/source/v82jsc/CMakeLists.txt" || fail "This version of the QuickJS engine is built differently; look at its build.rs."
  log="$work/log"
  cmake -S "$work/source/v82jsc" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
    -DWAMR_DISABLE_HW_BOUND_CHECK=1 -DWAMR_DISABLE_STACK_HW_BOUND_CHECK=1 >"$log" 2>&1 &&
    cmake --build "$work/build" -j "$(getconf _NPROCESSORS_ONLN)" >>"$log" 2>&1 ||
    { tail -n 30 "$log"; fail "The WebAssembly interpreter could not be built; its last lines are above."; }
  rm -rf "$built"
  mkdir -p "$built"
  mv "$work/build/libvmlib.a" "$built/"
fi
echo "$built" >&3
