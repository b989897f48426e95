package io.hbagent.watch;

import io.hbagent.log.Line;

/** Something that has happened to a connection, and what is to be said of it. One thread. */
final class Transition {

  final Count what;
  final Connection connection;

  /** Since it was found half-open, in ms; -1 where it was not, or has just been. */
  long after = -1;

  /** Whether it is in the flight recording, or was to be, where there is one. */
  boolean isRecorded;

  /** What the line says beside cause and after, in this order. */
  final Line details;

  Transition(Count what, Connection connection) {
    this.what = what;
    this.connection = connection;
    this.details = new Line(what.event);
    connection.addTo(details).add("cause", what.cause());
  }

  Transition after(long millis) {
    after = millis;
    details.add("after", seconds(millis));
    return this;
  }

  Transition add(String key, Object value) {
    details.add(key, value);
    return this;
  }

  /** As {@code 8s}, or {@code 0.7s} where that says more. */
  static String seconds(long millis) {
    if (millis % 1000 < 100 || millis >= 10_000) {
      return millis / 1000 + "s";
    }
    return millis / 1000 + "." + millis % 1000 / 100 + "s";
  }
}
