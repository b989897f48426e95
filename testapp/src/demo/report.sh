# shellcheck shell=bash
# Prints the results of demo compare: as a table on the terminal, and as docs/compare.md and docs/compare.svg.

# compare_rows FORMAT: one printf a row: name, cut cable, stopped process, bytes a minute, lines of code.
compare_rows() {
  local row
  for row in "${!row_name[@]}"; do
    # shellcheck disable=SC2059 # the caller's format
    printf "$1" "${row_name[row]}" "$(outcome cut "$row")" "$(outcome stop "$row")" "${bytes_a_minute[row]}" \
      "$(cost "${row_program[row]}")"
  done
}

# outcome cut|stop ROW; $waiting is what to call a client that noticed nothing.
outcome() {
  local -n after=$1_after by=$1_by
  if [[ -n ${by[$2]-} ]]; then
    printf '%s s, %s' "$(seconds "${after[$2]}")" "${by[$2]%%:*}"
  else
    printf '%s after %d s' "$waiting" "$patience"
  fi
}

cost() {
  case $1 in
    pingpong) printf '%d' "$lines_pingpong" ;;
    heartbeat) printf '%d' "$lines_heartbeat" ;;
    *) printf 0 ;;
  esac
}

print_report() {
  local waiting=waiting line='  %-24s %-19s %-19s %7s %5s\n'
  heading "Who notices, after how long (idle $idle s, intvl $intvl s, cnt $cnt)"
  # shellcheck disable=SC2059
  printf "$line" '' 'cable pulled' 'server stopped' 'B/min' 'lines'
  compare_rows "$line"
  note
  note "  kernel:      a read failed, as keepalive makes it"
  note "  application: the client's own probes went unanswered"
  note "  B/min:       bytes of an idle connection, both directions; counted for $window s"
  note "               before the cable was pulled, and scaled"
  note "  lines:       of code that only serve the heartbeat, both sides;"
  note "               testapp/demo compare --lines shows each"
}

write_report() {
  mkdir -p -- "$write_to"
  markdown >"$scratch/compare.md"
  picture >"$scratch/compare.svg"
  cp "$scratch/compare.md" "$scratch/compare.svg" "$write_to/"
  note
  note "Written: ${write_to#"$root/"}/compare.md"
  note "         ${write_to#"$root/"}/compare.svg"
}

markdown() {
  local jdk kernel waiting='still waiting'
  jdk=$("$JAVA_HOME/bin/java" -version 2>&1 | sed -nE 's/.* version "([^"]*)".*/\1/p')
  kernel=$(uname -r)
  cat <<END
# Keepalive, a heartbeat of one's own, or both

Six clients lost their peer in two ways. \`testapp/demo compare --write\` ran them and wrote this page and the picture.

![Who noticed after how long, and what the silence cost](compare.svg)

| client | cable pulled | server process stopped | bytes per idle minute | lines of code |
|---|---|---|--:|--:|
$(compare_rows '| %s | %s | %s | %s | %s |\n')

Settings: idle $idle s, intvl $intvl s, cnt $cnt for the kernel's keepalive and for the heartbeats alike; the slow heartbeat begins
after $slow_idle s. Java $jdk, $(uname -s) ${kernel%%-*}.

- **kernel**: a read of the client failed, as keepalive makes it. **application**: the client's own probes went unanswered.
- **cable pulled**: the link of the server's side goes down, for all clients in the same moment. **server process stopped**:
  SIGSTOP; its kernel goes on acknowledging.

## What to use when

**Keepalive shows whether the network works.** The kernel of the other side answers the probes, so a pulled cable, a host
without power or a firewall that forgot the connection is noticed, by every program and without a line of code: the option is
all it takes, and hb-agent sets it where the program does not. It says nothing about the program behind that kernel: stopped,
deadlocked or busy for ever, it looks alive.

**A heartbeat of the application shows whether the service works.** Only the program can answer it. For that both sides must speak
it, and it costs code, an agreed message, and wakes both programs for every beat.

**Use both, each for what it can tell**: a quick keepalive for the network, and a heartbeat as slow as the service may be
missing. That is the last row. A dead network is found as fast as by keepalive alone, a dead service by the heartbeat, and the
error says which of the two it is. Do not run both at the same pace: the question the heartbeat has just asked is data under
way, during which the kernel does not probe, and so it adds nothing (the row before).

## How it was measured

- **Times** run from the accident to the line in which the client says so; they are good to about 0.2 s. Anything from
  intvl·cnt = $((intvl * cnt)) s to idle + intvl·cnt = $((idle + intvl * cnt)) s is right, since the last sign of life may be up to idle old;
  the slow heartbeat may need $((slow_idle + intvl * cnt)) s for a stopped process. The cable was pulled just after an answer to the slow
  heartbeat; had it been pulled just before the next question, the heartbeat would have been the first to know.
- **Bytes** are the interface's own counters in the client's namespace, both directions from the Ethernet header on, of one
  connection on a cable of its own without ARP and IPv6. They were counted for $window s before the cable was pulled and scaled to a
  minute, so one exchange more or less is $((100 * idle / window)) %. They fall in proportion as idle grows: the programs' own settings
  are 10 s for pingpong and 25 s for heartbeat.
- **Lines of code** are those that would go if the program did without its heartbeat, on both sides: without comments, blank
  lines, imports, and annotations on a line of their own. What pingpong and heartbeat share is in both numbers. The list is
  \`testapp/src/demo/lines.sh\`; \`testapp/demo compare --lines\` prints every line that is counted. The agent costs no line and
  one option of the JVM.

## Limits

- The times are shortened so that a run takes two minutes. hb-agent's defaults are longer, and the kernel's own begin after two
  hours.
- Idle connections only. With unacknowledged data under way keepalive does not probe, and the kernel retransmits for about a
  quarter of an hour; that is what hb-agent's \`user-timeout\` and a heartbeat are for.
- One connection each, no loss, no delay, one machine. On a slow network too short an intvl kills the living.
- The clients' side only. A server finds dead clients by the same means: keepalive under hb-agent, or, as the heartbeat server
  does, by dropping who has been silent too long.
END
}
