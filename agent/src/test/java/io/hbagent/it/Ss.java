package io.hbagent.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The output of {@code ss} of iproute2: the kernel's values, read without Java. */
final class Ss {

  private static final Pattern LINE =
      Pattern.compile(
          "^(\\S+) +\\d+ +\\d+ +(\\S+) +(\\S+)(?: +timer:\\((\\w+),([^,]*),(\\d+)\\))?.*");

  private static final Pattern TIME =
      Pattern.compile("(?:(\\d+)min)?(?:(\\d+)(?:sec|\\.(?=\\d)))?(?:(\\d+)ms)?");

  private Ss() {}

  /**
   * A connection.
   *
   * @param timer keepalive, on (it sends data again), or empty for none
   * @param seconds until the timer expires
   * @param count unanswered probes of keepalive, or retransmits
   * @param line the whole line
   */
  record Connection(
      String state,
      String local,
      String remote,
      String timer,
      double seconds,
      int count,
      String line) {}

  static boolean isThere() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ss")));
  }

  /**
   * Returns the connections with this local or remote port, as {@code local remote}, with true for
   * those that have keepalive.
   */
  static Map<String, Boolean> keepalive(String port) throws Exception {
    Map<String, Boolean> found = new TreeMap<>();
    for (Connection one : connections(port)) {
      if (one.state().equals("ESTAB")) {
        found.put(one.local() + " " + one.remote(), one.timer().equals("keepalive"));
      }
    }
    return Collections.unmodifiableMap(found);
  }

  /** Returns the connections with this local or remote port. */
  static List<Connection> connections(String port) throws Exception {
    String filter = "sport = :" + port + " or dport = :" + port;
    return connections(new ProcessBuilder("ss", "-HtnoiO", "state", "connected", filter));
  }

  /** Returns the connections that a command prints. */
  static List<Connection> connections(ProcessBuilder command) throws Exception {
    List<Connection> found = new ArrayList<>();
    try (Forked ss = new Forked(command)) {
      ss.exit();
      for (String line : ss.out()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          boolean timer = matcher.group(4) != null;
          found.add(
              new Connection(
                  matcher.group(1),
                  plain(matcher.group(2)),
                  plain(matcher.group(3)),
                  timer ? matcher.group(4) : "",
                  timer ? seconds(matcher.group(5)) : 0,
                  timer ? Integer.parseInt(matcher.group(6)) : 0,
                  line));
        }
      }
    }
    return found;
  }

  /**
   * Parses a time as ss writes it: 119min, 1min59sec, 200ms, 5.148ms for 5.148 s, and an empty
   * string for 0.
   */
  static double seconds(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return 60 * number(matcher.group(1))
        + number(matcher.group(2))
        + number(matcher.group(3)) / 1000.0;
  }

  private static int number(String text) {
    return text == null ? 0 : Integer.parseInt(text);
  }

  private static String plain(String address) {
    return address.replace("[::ffff:", "").replace("]", "");
  }
}
