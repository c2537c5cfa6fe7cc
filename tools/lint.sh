# shellcheck shell=bash
# ./dev lint and ./dev fmt.

formatted_files() {
  find agent certs cmake controller db protocol tests tools -name node_modules -prune \
    -o -type f \( -name '*.[ch]pp' -o -name '*.mjs' \) -print0
}

bash_files() {
  find dev .ci/run tools tests/bare -type f \( -name '*.sh' -o -name dev -o -name run \) -print0
}

check_format() { formatted_files | xargs -0 -P "$(jobs)" -n 20 clang-format-19 --dry-run --Werror; }

check_bash() { bash_files | xargs -0 shellcheck -x; }

check_ui() { (cd ui && npm run lint && npm run types && npm run check); }

check_e2e_types() { (cd tests/e2e && node_modules/.bin/tsc --noEmit); }

check_architecture() { node --test --test-reporter=spec 'tests/architecture/*.test.mjs'; }

# Compile commands that stand alone: no precompiled header, no cache, no tests.
configure_tidy() {
  cmake --preset release -B build/tidy -DRUNBOOK_PRECOMPILE=OFF -DRUNBOOK_CCACHE=OFF -DBUILD_TESTING=OFF &&
    ninja -C build/tidy controller/http/ui_assets_table.inc
}

check_tidy() { configure_tidy && node tools/tidy.mjs build/tidy "$(jobs)"; }

run_lint() {
  local failed=()
  lock_build
  need_packages build lint node
  need_modules ui
  need_modules tests/e2e
  unlock_build
  lint_step "formatting (./dev fmt mends it)" format check_format
  lint_step "shell scripts" bash check_bash
  lint_step "architecture" architecture check_architecture
  lint_step "user interface: rules, types, API types" ui check_ui
  lint_step "end-to-end tests: types" e2e check_e2e_types
  lint_step "clang-tidy" tidy check_tidy
  [ ${#failed[@]} -eq 0 ] || fail "lint found faults in: ${failed[*]}"
  say "lint found nothing"
}

lint_step() {
  step "$1" "lint-$2" "$3" && return 0
  [ "${VERBOSE:-}" = 1 ] || tail -n 60 "build/log/lint-$2.log" >&2
  failed+=("$2")
}

format_cpp() { formatted_files | xargs -0 -P "$(jobs)" -n 20 clang-format-19 -i; }

format_ui() { (cd ui && npm run fmt && node_modules/.bin/eslint --fix .); }

format_sources() {
  lock_build
  need_packages lint node
  need_modules ui
  unlock_build
  must_step "clang-format failed." "formatting C++" fmt-cpp format_cpp
  must_step "ESLint found faults it cannot mend itself." "formatting TypeScript" fmt-ui format_ui
}
