package io.hbagent.watch;

import io.hbagent.it.Forked;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of the agent's log, taken apart. */
record Event(String line, Map<String, String> fields) {

  private static final Pattern FIELD = Pattern.compile("(\\S+?)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S*)");

  /** What the watchdog says of a connection. */
  private static final Set<String> TRANSITIONS =
      Set.of("half-open", "recovered", "dead", "closed", "half-closed");

  static Event of(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2).replace("\"", ""));
    }
    return new Event(line, fields);
  }

  /** The transitions an application's agent has logged so far. */
  static List<Event> all(Forked app) {
    return app.err().stream().map(Event::of).filter(e -> TRANSITIONS.contains(e.name())).toList();
  }

  /** Waits for the first line about this. */
  static Event await(Forked app, String name) throws InterruptedException {
    return of(app.awaitErr(0, line -> line.contains(" event=" + name + " ")));
  }

  String name() {
    return get("event");
  }

  String get(String key) {
    return fields.getOrDefault(key, "");
  }

  Instant time() {
    return Instant.parse(get("ts"));
  }

  Duration since(Instant start) {
    return Duration.between(start, time());
  }
}
