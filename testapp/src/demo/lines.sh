# shellcheck shell=bash
# Lines of code that a heartbeat costs: those that would go, and only those, if the programs were to do without it.

# What each program's heartbeat is made of: a file below $package, then a pattern. No pattern: the whole file. Else each
# matching line, up to the end of the statement or of the block that begins there.
heartbeat_parts() {
  cat <<'END'
both      peer/ProbeTimer.java
both      peer/ProbeOptions.java
both      peer/ClientLoop.java                 ProbeTimer timer;
both      peer/ClientLoop.java                 this\.timer =
both      peer/ClientLoop.java                 if \(!watch\(
both      peer/ClientLoop.java                 boolean watch\(
both      peer/ClientLoop.java                 if \(timer\.unanswered
both      peer/ClientLoop.java                 timer\.heard\(
both      peer/ClientProgram.java              ProbeTimer timer\(
both      peer/Dialogue.java                   byte\[\] probe\(
both      peer/Ending.java                     UNANSWERED\(
pingpong  pingpong/PingPongClient.java         ProbeOptions probes =
pingpong  pingpong/PingPongClient.java         ProbeTimer timer\(
pingpong  pingpong/PingPongDialogue.java       byte\[\] probe\(
pingpong  pingpong/PingPongDialogue.java       if \(frame\.type\(\) == Frame\.PONG
pingpong  pingpong/PingPongService.java        byte\[\] PONG =
pingpong  pingpong/PingPongService.java        if \(frame\.type\(\) == Frame\.PING
pingpong  pingpong/Frame.java                  int P[IO]NG =
heartbeat heartbeat/HeartbeatClient.java       ProbeOptions probes =
heartbeat heartbeat/HeartbeatClient.java       ProbeTimer timer\(
heartbeat heartbeat/HeartbeatDialogue.java     byte\[\] probe\(
heartbeat heartbeat/Words.java                 String (HEARTBEAT|OK) =
heartbeat heartbeat/HeartbeatService.java      boolean heartbeat =
heartbeat heartbeat/HeartbeatService.java      silent(;|\.touch| = new)
heartbeat heartbeat/HeartbeatService.java      silent\.remove
heartbeat heartbeat/HeartbeatService.java      long runDue\(
heartbeat heartbeat/HeartbeatServer.java       Span timeout =
heartbeat heartbeat/ExpiryQueue.java
END
}

# show_lines: every line that is counted, program by program, then the sums.
show_lines() {
  local program
  for program in pingpong heartbeat; do
    heading "$program"
    counted_lines "$program"
  done
  note
  note "pingpong $(lines_of pingpong), heartbeat $(lines_of heartbeat); lines of peer/ are in both sums"
}

lines_of() { counted_lines "$1" | wc -l; }

# counted_lines PROGRAM: FILE:NUMBER:LINE of each. Blank lines, comments, imports and annotations on a line of their own do
# not count; nor does a line count twice.
counted_lines() {
  local package=$here/src/main/java/io/hbagent/testapp program file pattern
  while read -r program file pattern; do
    if [[ $program == both || $program == "$1" ]]; then
      part "$package" "$file" "$pattern" || fail "no line of $file matches '$pattern' any more: see src/demo/lines.sh"
    fi
  done < <(heartbeat_parts) | sort -t: -k1,1 -k2,2n -u
}

part() {
  pattern=$3 awk -v file="$2" '
    function indent(line) { match(line, /^ */); return RLENGTH }
    /^[[:space:]]*($|\/\/|\/\*|\*|import |package |@[A-Za-z]+$)/ { next }
    !inside && $0 ~ ENVIRON["pattern"] { inside = 1; block = 0; depth = indent($0) }
    inside && block && indent($0) == depth && /^ *} else/ { inside = 0 }
    inside {
      print file ":" FNR ":" $0
      found = 1
      if (ENVIRON["pattern"] == "") next
      if (block) inside = !(indent($0) == depth && /^ *}/)
      else if (/[;,]$/) inside = 0
      else if (/{$/) block = 1
    }
    END { exit !found }' "$1/$2"
}
