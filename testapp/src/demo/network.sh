# shellcheck shell=bash
# A network without root: two network namespaces and cables (veth pairs) between them, numbered from 0.
# 192.0.2.0/24 is the range kept for documentation; here it exists in these namespaces only, four addresses a cable.

our_address() { printf '192.0.2.%d' $((4 * $1 + 1)); }
peer_address() { printf '192.0.2.%d' $((4 * $1 + 2)); }

# namespaces_allowed: sets $unshare to the command that makes a namespace; fails where there is none.
namespaces_allowed() {
  for unshare in 'unshare -n' 'unshare -Urn'; do
    # shellcheck disable=SC2086 # a command and its options
    if $unshare ip link add hb0 type veth peer name hb1 2>/dev/null; then return; fi
  done
  return 1
}

# inside_namespace FUNCTION ARGUMENT...: runs it in a demo of its own, within a new network namespace.
inside_namespace() {
  # shellcheck disable=SC2086
  $unshare "$here/demo" --inside "$@" &
  children+=("$!")
  wait "$!"
}

# network_up CABLES: to be called inside. The peer's namespace exists as long as the process $peer.
network_up() {
  start peer unshare -n sleep 900
  peer=$started
  local try cable
  for ((try = 0; try < 50; try++)); do
    if [[ $(readlink "/proc/$peer/ns/net") != "$(readlink /proc/self/ns/net)" ]]; then break; fi
    sleep 0.1
  done
  ip link set lo up
  for ((cable = 0; cable < $1; cable++)); do lay_cable "$cable"; done
}

# Each end is called hbN. Without ARP and IPv6, so that the counters hold only what the programs send.
lay_cable() {
  local our_mac peer_mac
  our_mac=$(printf '02:00:00:00:%02x:01' "$1") peer_mac=$(printf '02:00:00:00:%02x:02' "$1")
  ip link add "hb$1" address "$our_mac" type veth peer name "hb$1" address "$peer_mac" netns "$peer"
  end_up '' "$1" "$(our_address "$1")" "$(peer_address "$1")" "$peer_mac"
  end_up at_peer "$1" "$(peer_address "$1")" "$(our_address "$1")" "$our_mac"
}

# end_up WHERE CABLE OWN_ADDRESS OTHER_ADDRESS OTHER_MAC; WHERE is at_peer or nothing.
end_up() {
  $1 ip link set "hb$2" addrgenmode none
  $1 ip address add "$3/30" dev "hb$2"
  $1 ip link set "hb$2" up
  $1 ip neighbour replace "$4" lladdr "$5" dev "hb$2" nud permanent
}

at_peer() { nsenter --net="/proc/$peer/ns/net" "$@"; }

pull_cable() { at_peer ip link set "hb$1" down; }
plug_cable() { at_peer ip link set "hb$1" up; }

# The server's JVM beside the peer, to be used through start.
testapp_at_peer() {
  exec nsenter --net="/proc/$peer/ns/net" "$JAVA_HOME/bin/java" -jar "$testapp_jar" "$@"
}
