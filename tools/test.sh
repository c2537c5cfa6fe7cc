# shellcheck shell=bash
# ./dev test: builds, runs the suites one after the other, and sums up.

readonly kSuites='architecture cpp ui e2e'
total_passed=0 total_failed=0 total_skipped=0 summary=''

suite_architecture() {
  local filter=$1
  node --test --test-reporter=spec ${filter:+"--test-name-pattern=$filter"} 'tests/architecture/*.test.mjs'
}

suite_cpp() {
  local filter=$1
  export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=ignore --timeout 180 -j $(($(jobs) * 2)) \
    ${filter:+-R "$filter"}
}

suite_ui() {
  local filter=$1
  (cd ui && node_modules/.bin/vitest run --reporter=default --reporter=json \
    --outputFile.json=../build/ui-tests.json --passWithNoTests ${filter:+-t "$filter"})
}

suite_e2e() {
  local filter=$1
  export PLAYWRIGHT_JSON_OUTPUT_NAME=$PWD/build/e2e-tests.json
  (cd tests/e2e && node_modules/.bin/playwright test --reporter=list,json --pass-with-no-tests \
    ${filter:+-g "$filter"})
}

# How many passed, failed and were skipped, from the suite's log or report.
count_suite() {
  case $1 in
    architecture | cpp) node tools/count-tests.mjs "$1" "build/log/test-$1.log" "$2" ;;
    *) node tools/count-tests.mjs "$1" "build/$1-tests.json" "$2" ;;
  esac
}

summary_line() { printf '  %-14s %7s %7s %8s   %s' "$@"; }

# run_suite NAME FILTER
run_suite() {
  local name=$1 filter=$2 status=0 started=$SECONDS passed=0 failed=0 skipped=0
  rm -f "build/$name-tests.json"
  step "tests: $name${filter:+ matching $filter}" "test-$name" "suite_$name" "$filter" || status=$?
  read -r passed failed skipped < <(count_suite "$name" "$filter") || true
  # A runner that fails without a failed test (it could not start, a file did not load) counts as one.
  [ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
  [ "$failed" -eq 0 ] || { [ "${VERBOSE:-}" = 1 ] || tail -n 80 "build/log/test-$name.log" >&2; }
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  total_skipped=$((total_skipped + skipped))
  summary+=$(summary_line "$name" "$passed" "$failed" "$skipped" "$(duration $((SECONDS - started)))")$'\n'
}

read_test_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --preset)
        preset=${2:-}
        shift
        ;;
      --preset=*) preset=${1#--preset=} ;;
      -*) fail "./dev test has no option $1. Usage: ./dev test [FILTER] [--preset asan|tsan]" ;;
      *)
        [ -z "$filter" ] || fail "./dev test takes one filter; put alternatives into it: '$filter|$1'"
        filter=$1
        ;;
    esac
    shift
  done
  case $preset in
    release | asan | tsan) ;;
    *) fail "There is no preset '$preset'; asan and tsan are the sanitizer presets." ;;
  esac
}

prepare_tests() {
  lock_build
  need_packages build test node
  need_modules ui
  if [[ " $suites " == *" e2e "* || " $suites " == *" architecture "* ]]; then need_modules tests/e2e; fi
  if [[ " $suites " == *" cpp "* || " $suites " == *" e2e "* ]]; then
    build_ui
    compile "$preset" all
  fi
  unlock_build
}

run_tests() {
  local filter='' preset=release suites=$kSuites suite
  read_test_arguments "$@"
  # Sanitizers watch C++; the other suites do not change with the preset.
  [ "$preset" = release ] || suites=cpp
  if [ -n "$filter" ] && [[ " $suites " == *" $filter "* ]]; then
    suites=$filter filter=''
  fi
  prepare_tests
  for suite in $suites; do run_suite "$suite" "$filter"; done
  printf '\n%s\n%s\n' "$(summary_line suite passed failed skipped time)" "$summary"
  [ $((total_passed + total_failed)) -gt 0 ] || fail "No test matches '$filter'."
  echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
  [ "$total_failed" -eq 0 ]
}
