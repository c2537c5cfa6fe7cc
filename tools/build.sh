# shellcheck shell=bash
# Building the user interface and the C++ tree, and starting the product.

jobs() { echo "${JOBS:-$(nproc)}"; }

# One ./dev at a time installs and builds in this folder; others wait. Tests and programs run without it.
lock_build() {
  mkdir -p build
  exec {build_lock}>build/.lock
  flock -n "$build_lock" && return 0
  say "waiting for another ./dev that builds here"
  flock "$build_lock"
}

unlock_build() { exec {build_lock}>&-; }

ui_sources() {
  find ui controller/api/openapi.yaml \( -name node_modules -o -name dist -o -name '.*' \) -prune \
    -o -type f -print0
}

npm_build() { (cd ui && npm run build); }

# ui/dist, made again only when a file of ui/ or the API description changed.
build_ui() {
  need_modules ui
  local stamp=ui/dist/.built wanted
  wanted=$(ui_sources | sort -z | xargs -0 sha256sum | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  must_step "The user interface does not build." "building the user interface" ui-build npm_build
  echo "$wanted" >"$stamp"
}

configure() {
  local preset=$1
  local folder=build/$preset
  # A build folder that was copied along with the sources names the place it came from.
  grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt" || rm -rf "$folder"
  [ ! -f "$folder/build.ninja" ] || return 0
  must_step "CMake could not configure the $preset preset." "configuring ($preset)" "configure-$preset" \
    cmake --preset "$preset"
}

# compile PRESET TARGET...
compile() {
  local preset=$1
  shift
  configure "$preset"
  must_step "The build failed; the first error is in build/log/build-$preset.log." \
    "compiling ($preset)" "build-$preset" ninja -C "build/$preset" -j "$(jobs)" "$@"
}

build_all() {
  lock_build
  need_packages build node
  build_ui
  compile release all
  unlock_build
  say "programs: build/release/bin/runbook-controller, build/release/bin/runbook-agent"
}

# Ends by becoming the controller, so that signals reach it and nothing of ours stays behind.
run_product() {
  lock_build
  need_packages build node
  build_ui
  compile release runbook-controller runbook-agent
  unlock_build
  trap - EXIT INT TERM HUP
  exec build/release/bin/runbook-controller dev "$@"
}
