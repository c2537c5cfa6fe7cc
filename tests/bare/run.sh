#!/usr/bin/env bash
# Inside a bare root: ./dev run until READY, then SIGTERM; nothing may be left of it. Then once more on the
# same data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Processes other than this script, its children for reading, and process 1.
others() {
  local folder pid
  for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    case $pid in 1 | "$$" | "$BASHPID") continue ;; esac
    [ ! -s "$folder/cmdline" ] || printf '%s %s\n' "$pid" "$(tr '\0' ' ' <"$folder/cmdline")"
  done 2>/dev/null
}

start_and_stop() {
  local started=$SECONDS line pid ready=''
  exec {output}< <(exec ./dev run 2>&1)
  pid=$!
  while read -r line <&"$output"; do
    printf '%s\n' "$line"
    if [[ $line == READY* ]]; then ready=1; break; fi
  done
  [ -n "$ready" ] || { echo "bare: ./dev run ended before it was ready"; return 1; }
  echo "bare: $1: READY after $((SECONDS - started)) s"
  started=$SECONDS
  kill -TERM "$pid"
  cat <&"$output"
  exec {output}<&-
  echo "bare: $1: stopped after $((SECONDS - started)) s"
  [ -z "$(others)" ] || { echo "bare: left behind:"; others; return 1; }
}

start_and_stop "first start"
start_and_stop "second start"
