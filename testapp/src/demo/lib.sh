# shellcheck shell=bash
# Common functions of the demo: printing, progress, processes that are stopped by their own pid.

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hb-demo.XXXXXX")
children=()       # pids of what runs in the background
declare -A pid_of # by the name it was started with

if [[ -t 1 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
  bold=$'\e[1m' good=$'\e[32m' bad=$'\e[31m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' good='' bad='' dim='' plain=''
fi

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
note() { printf '%s\n' "$*"; }
fail() {
  clear_progress
  printf '%stestapp/demo: %s%s\n' "$bad" "$*" "$plain" >&2
  exit 1
}

# Milliseconds, for differences only.
now() { printf '%s' $((${EPOCHREALTIME/[.,]/} / 1000)); }
seconds() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# progress TEXT: one line that is overwritten each time; where the output is no terminal, a line every 5 s.
last_progress=-5
progress() {
  local text=$*
  if [[ -t 1 ]]; then
    # A line that wraps could not be written over.
    printf '\r\e[K%s%s%s' "$dim" "${text:0:79}" "$plain"
  elif ((SECONDS - last_progress >= 5)); then
    last_progress=$SECONDS
    printf '%s\n' "$text"
  fi
}
clear_progress() {
  last_progress=-5
  if [[ -t 1 ]]; then printf '\r\e[K'; fi
}

# busy TEXT COMMAND...: runs the command with the seconds counted on screen; shows its output if it fails.
busy() {
  local text=$1 log=$scratch/busy.log start=$SECONDS
  shift
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  children+=("$pid")
  while kill -0 "$pid" 2>/dev/null; do
    progress "$text … $((SECONDS - start)) s"
    sleep 0.3
  done
  clear_progress
  if ! wait "$pid"; then
    tail -n 30 "$log" >&2
    fail "$text failed; its last lines are above"
  fi
  note "$text: done in $((SECONDS - start)) s"
}

# start NAME COMMAND...: runs it in the background; its output is $scratch/NAME.out and .err. Sets $started to its pid.
start() {
  local name=$1
  shift
  rm -f -- "$scratch/$name".{out,err} # await must not find what an earlier one printed
  "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" </dev/null &
  started=$!
  pid_of[$name]=$started
  children+=("$started")
}

# await NAME REGEX [err]: waits until the program started by that name has printed such a line, 20 s at most.
await() {
  local name=$1 regex=$2 stream=${3-out} pid=${pid_of[$1]} end=$((SECONDS + 20))
  until grep -Eqs -- "$regex" "$scratch/$name.$stream"; do
    if ((SECONDS >= end)) || ! kill -0 "$pid" 2>/dev/null; then
      cat "$scratch/$name.out" "$scratch/$name.err" >&2
      fail "the $name did not print '$regex': what it did print is above"
    fi
    sleep 0.1
  done
}

# stop PID...: ends these processes of ours and waits until they are gone. One that is stopped has to go on to end.
stop() {
  kill "$@" 2>/dev/null || true
  kill -CONT "$@" 2>/dev/null || true
  wait "$@" 2>/dev/null || true
}

cleanup() {
  trap '' INT TERM HUP
  if ((${#children[@]})); then stop "${children[@]}"; fi
  rm -rf -- "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
