# shellcheck shell=bash
# ./dev bench: programs that measure. They build the product, start it on free ports and in folders of their
# own, and print figures; nothing of it stays.

bench_names() { (cd tests/bench && for file in *.mjs; do echo "${file%.mjs}"; done); }

# run_bench [NAME [ARGUMENT]...]: without a name all of them, one after the other.
run_bench() {
  local name=${1:-} names
  [ $# -eq 0 ] || shift
  readarray -t names < <(bench_names)
  if [ -n "$name" ]; then
    [ -f "tests/bench/$name.mjs" ] || fail "There is no measurement '$name'. There is: ${names[*]}"
    names=("$name")
  fi
  lock_build
  need_packages build node
  build_ui
  compile release runbook-controller runbook-agent
  unlock_build
  need_node
  if [[ " ${names[*]} " == *" console "* ]]; then
    need_packages test
    need_modules tests/e2e
  fi
  for name in "${names[@]}"; do
    node "tests/bench/$name.mjs" "$@"
  done
}
