# shellcheck shell=bash
# Part 2: the cable is pulled under two idle clients, one without the agent and one with it. Runs inside a namespace.

patience=15 # seconds until the client that noticed nothing is given up

show_cable() {
  policy=idle=2,intvl=1,cnt=3
  heading "2. The cable is pulled under two clients ($policy): who notices?"
  network_up 1
  connect_both
  pull_cable 0
  local pulled without='' with=''
  pulled=$(now)
  while (($(now) - pulled < patience * 1000)); do
    with=${with:-"$(died with "$pulled")"}
    without=${without:-"$(died without "$pulled")"}
    [[ -z $with || -z $without ]] || break
    progress "pulled $(seconds $(($(now) - pulled))) s ago:" \
      "without agent ${without:-waits}, with hb-agent ${with:-waits}"
    sleep 0.1
  done
  clear_progress
  cable_row 'without agent' "$without" without
  cable_row 'with hb-agent' "$with" with
  [[ -n $with ]] || fail "the client with the agent did not notice within $patience s"
  note
  note "  Without keepalive an idle connection to a peer that is gone stays for ever."
}

connect_both() {
  progress "Connecting two clients to a server at the other end of the cable"
  local at
  at=$(peer_address 0)
  start server testapp_at_peer echo server --host "$at" --port 7007
  await server '^listening on '
  start without testapp echo client --host "$at" --hold 300
  await without '^echo 1 of 1 '
  start with under_agent echo client --host "$at" --hold 300
  await with '^echo 1 of 1 '
}

# died NAME PULLED: time from the pull of the cable to the client's report of a dead connection; empty if there is none yet.
died() {
  if grep -q '^connection died' "$scratch/$1.out"; then
    printf 'noticed after %s s' "$(seconds $(($(now) - $2)))"
  fi
}

cable_row() {
  local title=$1 noticed=$2 name=$3
  if [[ -n $noticed ]]; then
    printf '  %-15s %s%s%s (%s)\n' "$title" "$good" "$noticed" "$plain" \
      "$(sed -n 's/^connection died after [^:]*: //p' "$scratch/$name.out")"
  else
    printf '  %-15s %sstill hanging after %d s%s\n' "$title" "$bad" "$patience" "$plain"
  fi
}
