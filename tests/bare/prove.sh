#!/usr/bin/env bash
# Proves that the repository works on a bare machine: makes a minimal Debian root (bash and apt only), copies
# the sources in, runs ./dev run until it is READY, stops it, runs ./dev test, and prints how long each took.
# Usage, as root: tests/bare/prove.sh FOLDER bookworm|trixie [run|test]...
# FOLDER gets the root; without parts it is run and test.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/bare/root.sh
source "$here/root.sh"

folder=${1:?folder for the root} suite=${2:?bookworm or trixie}
shift 2
[ $# -gt 0 ] || set -- run test
root=$folder/$suite

started=$SECONDS
make_root "$root" "$suite"
copy_sources "$here/../.." "$root/src"
echo "$suite: bare root with the sources: $((SECONDS - started)) s"
for part in "$@"; do
  started=$SECONDS status=0
  enter_root "$root" bash "/src/tests/bare/$part.sh" >"$folder/$suite-$part.log" 2>&1 || status=$?
  echo "$suite: ./dev $part: $((SECONDS - started)) s, exit code $status, output in $folder/$suite-$part.log"
  grep -E '^(READY|bare:|.* passed, )' "$folder/$suite-$part.log" | sed "s/^/$suite:   /" || true
  [ $status -eq 0 ] || { tail -n 40 "$folder/$suite-$part.log"; exit 1; }
done
