# shellcheck shell=bash
# What ./dev says while it works: one line a step, its output in build/log/, a sign of life on long steps.
# Every step runs in a process group of its own, so that an interrupt ends all of it.

step_job='' step_ticker=''

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

on_terminal() { [ -t 2 ] && [ "${CI:-}" != true ]; }

duration() {
  local seconds=$1
  [ "$seconds" -lt 60 ] || printf '%d min ' $((seconds / 60))
  printf '%d s' $((seconds % 60))
}

# The newest line of a log that shows how far it is: ninja's [12/345], else nothing.
progress_mark() {
  tail -c 4096 "$1" 2>/dev/null | grep -o '^\[[0-9]*/[0-9]*\]' | tail -n 1 | sed 's/^/ /' || true
}

# On a terminal one line that is rewritten each second, in a log file a line every 30 seconds.
tick() {
  local title=$1 log=$2 seconds=0 every=30
  if on_terminal; then every=1; fi
  while true; do
    sleep $every
    seconds=$((seconds + every))
    if on_terminal; then
      printf '\r\033[K  %s … %s%s' "$title" "$(duration $seconds)" "$(progress_mark "$log")" >&2
    else
      say "  $title … $(duration $seconds)$(progress_mark "$log")"
    fi
  done
}

# end_group PID: TERM to the process group, KILL to what is left of it after five seconds.
end_group() {
  local group=$1 tenths=0
  [ -n "$group" ] || return 0
  kill -TERM -- "-$group" 2>/dev/null || return 0
  while kill -0 -- "-$group" 2>/dev/null; do
    [ $tenths -lt 50 ] || { kill -KILL -- "-$group" 2>/dev/null || true; break; }
    sleep 0.1
    tenths=$((tenths + 1))
  done
}

end_step() {
  end_group "$step_ticker"
  end_group "$step_job"
  step_ticker='' step_job=''
}

interrupted() {
  say
  say "stopped"
  exit "$1"
}

trap end_step EXIT
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
trap 'interrupted 129' HUP

# step TITLE LOG COMMAND...: runs the command with its output in build/log/LOG.log; false when it fails.
# With VERBOSE=1 the output is shown instead.
step() {
  local title=$1 log=build/log/$2.log started=$SECONDS status=0
  shift 2
  mkdir -p build/log
  : >"$log"
  set -m  # a process group for each of the two
  if [ "${VERBOSE:-}" = 1 ]; then
    say "▸ $title"
    "$@" < /dev/null > >(tee "$log" >&2) 2>&1 &
    step_job=$!
  else
    "$@" < /dev/null >"$log" 2>&1 &
    step_job=$!
    tick "$title" "$log" &
    step_ticker=$!
  fi
  set +m
  wait "$step_job" || status=$?
  step_job=''
  end_step
  on_terminal && printf '\r\033[K' >&2
  if [ $status -eq 0 ]; then
    say "✓ $title ($(duration $((SECONDS - started))))"
  else
    say "✗ $title ($(duration $((SECONDS - started)))), full output: $log"
  fi
  return $status
}

# must_step: as step, but a failure ends ./dev with the end of the output and a sentence on what to do.
must_step() {
  local advice=$1
  shift
  step "$@" && return 0
  [ "${VERBOSE:-}" = 1 ] || tail -n 40 "build/log/$2.log" >&2
  fail "$advice"
}
