# shellcheck shell=bash
# Part 1: both ends of a connection on this machine, and the keepalive timer that the kernel runs for each.

show_options() {
  policy=idle=5,intvl=5,cnt=3
  heading "1. Both ends of an echo connection, and the keepalive timer of each (ss -tno)"
  row '' who local remote 'keepalive timer'
  pair_rows 'without agent' testapp
  local without=$timers
  pair_rows 'with hb-agent' under_agent
  note
  note "  The command: java -javaagent:agent/target/hb-agent.jar=$policy \\"
  note "                 -jar testapp/target/testapp.jar echo client"
  note "  It said:     $(grep -m 1 ' event=started ' "$scratch/client.err" | fold -s -w 64 | sed '2,$s/^/               /')"
  note "  The timer:   time until the next probe, probes unanswered so far."
  [[ $without == 'none none' ]] || fail "the connection without the agent had a timer already: $without"
  [[ $timers == 'keepalive,'*' keepalive,'* ]] || fail "the connection with the agent has not both timers: $timers"
}

# pair_rows TITLE RUNNER: starts both ends with that runner, prints their rows, stops them. Sets $timers.
pair_rows() {
  local title=$1 runner=$2 server client port
  progress "Starting the server and the client $title"
  start server "$runner" echo server --port 0
  server=$started
  await server '^listening on '
  port=$(sed -n 's/^listening on .*://p' "$scratch/server.out")
  start client "$runner" echo client --port "$port" --hold 60
  client=$started
  await client '^echo 1 of 1 '
  # The agent has it written by a thread of its own, which may come after all of that.
  [[ $runner != under_agent ]] || await client ' event=started ' err
  local row_client row_server
  row_client=$(end_of client "$port")
  row_server=$(end_of server "$port")
  clear_progress
  # shellcheck disable=SC2086 # three words each
  row "$title" client $row_client
  # shellcheck disable=SC2086
  row '' server $row_server
  timers="${row_client##* } ${row_server##* }"
  stop "$client" "$server"
}

row() { printf '  %-13s %-6s %-15s %-15s %s\n' "$@"; }

# end_of client|server PORT: prints the local address, the remote address and the timer of that end. An unacknowledged
# byte shows as the timer "on" for a moment: keepalive runs once it is gone.
end_of() {
  local filter="dport = :$2" line='' try
  if [[ $1 == server ]]; then filter="sport = :$2"; fi
  for ((try = 0; try < 30; try++)); do
    line=$(ss -tnoH state established "$filter")
    [[ -z $line || $line == *'timer:(on,'* ]] || break
    sleep 0.1
  done
  # A socket of both families shows IPv4 as [::ffff:127.0.0.1], and ss shows 4.912 seconds as 4.912ms.
  sed -nE 's/\[::ffff:([0-9.]+)\]/\1/g; s/(\.[0-9]{3})ms/\1sec/; t next; :next
    s/^[0-9]+ +[0-9]+ +([^ ]+) +([^ ]+) .*timer:\(([^)]*)\).*/\1 \2 \3/; t print
    s/^[0-9]+ +[0-9]+ +([^ ]+) +([^ ]+).*/\1 \2 none/; :print; p' <<<"$line"
}
