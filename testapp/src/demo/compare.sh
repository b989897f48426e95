# shellcheck shell=bash
# demo compare: the same two accidents for six clients, each on a cable of its own to a server of its own.

# Row by row: program, what it runs under, the pace of its own heartbeat, name.
row_program=(echo pingpong heartbeat echo pingpong pingpong)
row_runner=(testapp testapp testapp under_agent under_agent under_agent)
row_pace=(none same same none same slow)
row_name=('plain client' 'pingpong' 'heartbeat' 'plain client + hb-agent' 'pingpong + hb-agent' 'slow pingpong + hb-agent')
slow_row=5

# show_compare IDLE INTVL CNT FOLDER: to be called inside a namespace. An empty folder: nothing is written.
show_compare() {
  idle=$1 intvl=$2 cnt=$3 write_to=$4
  lines_pingpong=$(lines_of pingpong)
  lines_heartbeat=$(lines_of heartbeat)
  measure
  print_report
  if [[ -n $write_to ]]; then write_report; fi
  local row
  for row in 3 4 5; do
    [[ -n ${cut_by[row]-} ]] || fail "the client with the agent (${row_name[row]}) did not notice within $patience s"
  done
}

# measure: runs it all, inside a namespace. Leaves bytes_a_minute and, for each accident, ..._after (ms) and ..._by by row.
measure() {
  policy=idle=$idle,intvl=$intvl,cnt=$cnt
  # Slow enough for the kernel to notice first, whole times idle.
  slow_idle=$(((idle + intvl * cnt) / idle * idle + idle))
  # Counted for 12 idle times or a little more, so that the slow heartbeat fits into it a whole number of times, too.
  window=$(((12 * idle + slow_idle - 1) / slow_idle * slow_idle))
  # Longer than any of them should need.
  patience=$((slow_idle + 2 * intvl * cnt + 6))
  network_up ${#row_name[@]}
  start_servers
  start_clients
  count_idle_bytes
  await_slow_heartbeat
  accident cut pull_cables
  replace_clients
  accident stop stop_servers
}

start_servers() {
  local row arguments
  progress "Starting ${#row_name[@]} servers"
  for row in "${!row_name[@]}"; do
    arguments=(server --host "$(peer_address "$row")" --port 7007)
    # It has to wait for its client as long as the others do.
    if [[ ${row_program[row]} == heartbeat ]]; then arguments+=(--timeout 3600); fi
    start "server $row" testapp_at_peer "${row_program[row]}" "${arguments[@]}"
  done
  for row in "${!row_name[@]}"; do await "server $row" 'listening on '; done
}

start_clients() {
  local row arguments
  progress "Starting ${#row_name[@]} clients"
  for row in "${!row_name[@]}"; do
    arguments=(client --host "$(peer_address "$row")" --port 7007)
    case ${row_pace[row]} in
      none) arguments+=(--hold 900) ;;
      same) arguments+=(--idle "$idle" --intvl "$intvl" --cnt "$cnt") ;;
      slow) arguments+=(--idle "$slow_idle" --intvl "$intvl" --cnt "$cnt") ;;
    esac
    start "client $row" "${row_runner[row]}" "${row_program[row]}" "${arguments[@]}"
  done
  for row in "${!row_name[@]}"; do await "client $row" 'connected |^echo 1 of 1 '; done
}

# The clients that noticed have ended; those that did not are ended. The servers stay for the next ones.
replace_clients() {
  local row
  for row in "${!row_name[@]}"; do
    stop "${pid_of[client $row]}"
    plug_cable "$row"
  done
  start_clients
}

pull_cables() {
  local row
  for row in "${!row_name[@]}"; do pull_cable "$row"; done
}

stop_servers() {
  local row
  for row in "${!row_name[@]}"; do kill -STOP "${pid_of[server $row]}"; done
}

count_idle_bytes() {
  local row before after end
  pass $((idle + 1)) "Letting the connections fall silent"
  mapfile -t before < <(bytes_of_cables)
  end=$(($(now) + window * 1000))
  pass $((window - 1)) "Counting the bytes of idle connections for $window s"
  while (($(now) < end)); do sleep 0.01; done
  mapfile -t after < <(bytes_of_cables)
  for row in "${!row_name[@]}"; do bytes_a_minute[row]=$(((after[row] - before[row]) * 60 / window)); done
}

# Both directions of hb0, hb1, ... as the interfaces count them: from the Ethernet header on.
bytes_of_cables() {
  awk -v cables=${#row_name[@]} '
    { sub(/^ */, ""); sub(/:/, " "); bytes[$1] = $2 + $10 }
    END { for (i = 0; i < cables; i++) print bytes["hb" i] }' /proc/self/net/dev
}

# The slow row shows that the kernel is the first to know where the application asks rarely. That is so if the cable is not
# pulled just before it asks: pull it just after.
await_slow_heartbeat() {
  local end=$((SECONDS + slow_idle + 5)) before
  before=$(pongs)
  while (($(pongs) == before && SECONDS < end)); do
    progress "Waiting until the slow heartbeat has beaten"
    sleep 0.1
  done
}

pongs() { grep -c ' PONG$' "$scratch/client $slow_row.out" || true; }

# accident NAME COMMAND: lets it happen and watches the clients.
accident() {
  local -n after=$1_after by=$1_by
  local row begin waiting=${#row_name[@]} early
  for row in "${!row_name[@]}"; do
    early=$(verdict "$row")
    [[ -z $early ]] || fail "the ${row_name[row]} had lost its connection before anything was done to it ($early)"
  done
  begin=$(now)
  "$2"
  while ((waiting && $(now) - begin < patience * 1000)); do
    for row in "${!row_name[@]}"; do
      if [[ -z ${by[row]-} ]] && by[row]=$(verdict "$row") && [[ -n ${by[row]} ]]; then
        after[row]=$(($(now) - begin))
        waiting=$((waiting - 1))
      fi
    done
    progress "$1: $(seconds $(($(now) - begin))) of $patience s, $waiting of ${#row_name[@]} clients noticed nothing"
    sleep 0.05
  done
  clear_progress
}

# verdict ROW: "kernel: ..." when a system call of the client failed, "application: ..." when its own probes went unanswered;
# nothing while it waits.
verdict() {
  sed -nE '
    s/^connection died after [^:]*: (.*)/kernel: \1/p
    s/^ *[0-9.]+ dead: ([0-9]+ probes unanswered),.*/application: \1/p
    s/^ *[0-9.]+ ((timed out|unreachable|reset by peer|failed|closed by peer)[:,]?.*)/kernel: \1/p
    ' "$scratch/client $1.out"
}

# pass SECONDS TEXT: lets time pass.
pass() {
  local end=$((SECONDS + $1))
  while ((SECONDS < end)); do
    progress "$2 … $((end - SECONDS)) s"
    sleep 0.2
  done
  clear_progress
}
