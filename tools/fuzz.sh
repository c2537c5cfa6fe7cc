# shellcheck shell=bash
# ./dev fuzz: libFuzzer on the parsers of tests/fuzz, each for some time. What it finds lies in
# build/fuzz/found and new inputs in build/fuzz/corpus; tests/fuzz/corpus is only read.

fuzz_program() { echo build/fuzz/bin/runbook_fuzz; }

# NAME MOST_BYTES of each target.
fuzz_targets() { "$(fuzz_program)" --list; }

# fuzz_one NAME MOST_BYTES SECONDS
fuzz_one() {
  local name=$1 corpus=build/fuzz/corpus/$1 found=build/fuzz/found/$1
  mkdir -p "$corpus" "$found"
  # LeakSanitizer needs ptrace, which containers often lack; the tests of --preset asan look for leaks.
  RUNBOOK_FUZZ_TARGET=$name "$(fuzz_program)" -max_total_time="$3" -max_len="$2" -timeout=10 \
    -rss_limit_mb=2048 -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$found/" \
    "$corpus" "tests/fuzz/corpus/$name"
}

# A line of figures from libFuzzer's log, and where to find what it found.
fuzz_report() {
  local name=$1 log=build/log/fuzz-$1.log
  awk -v name="$name" '
    /number_of_executed_units/ { units = $2 }
    /average_exec_per_sec/ { speed = $2 }
    match($0, /cov: [0-9]+/) { covered = substr($0, RSTART + 5, RLENGTH - 5) }
    END { printf "  %-20s %12d inputs %10d/s %8d edges\n", name, units, speed, covered }' "$log"
}

read_fuzz_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds)
        seconds=${2:-}
        shift
        ;;
      --seconds=*) seconds=${1#--seconds=} ;;
      -*) fail "./dev fuzz has no option $1. Usage: ./dev fuzz [NAME] [--seconds N]" ;;
      *) wanted=$1 ;;
    esac
    shift
  done
  [[ $seconds =~ ^[1-9][0-9]*$ ]] || fail "--seconds takes a number, not '$seconds'."
}

# run_fuzz [NAME] [--seconds N]: without a name all targets, one after the other.
run_fuzz() {
  local wanted='' seconds=30 name most found=0 known=0
  read_fuzz_arguments "$@"
  lock_build
  need_packages build test
  compile fuzz runbook_fuzz
  unlock_build
  while read -r name most; do
    [ -z "$wanted" ] || [ "$wanted" = "$name" ] || continue
    known=1
    step "fuzz: $name" "fuzz-$name" fuzz_one "$name" "$most" "$seconds" || {
      found=1
      grep -E '^(SUMMARY|terminate|  what|==[0-9]+== ?ERROR)' "build/log/fuzz-$name.log" >&2 || true
      say "the input lies in build/fuzz/found/$name; the log is build/log/fuzz-$name.log"
    }
    fuzz_report "$name"
  done < <(fuzz_targets)
  [ "$known" = 1 ] ||
    fail "There is no fuzz target '$wanted'. There is: $(fuzz_targets | cut -d' ' -f1 | xargs)"
  [ "$found" = 0 ]
}
