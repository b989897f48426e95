package io.hbagent.watch;

import io.hbagent.log.Line;

/** A {@link Transition} of one connection, with what its log line says. One thread. */
final class TransitionEvent {

  final Transition transition;
  final ConnectionDescription connection;

  /** For how long it was half-open, in ms; -1 where it was not, or has just become so. */
  long halfOpenMillis = -1;

  /** The log line so far: its fields keep the order in which they are added. */
  final Line line;

  TransitionEvent(Transition transition, ConnectionDescription connection) {
    this.transition = transition;
    this.connection = connection;
    this.line = new Line(transition.event);
    connection.addTo(line).add("cause", transition.cause);
  }

  /** Sets for how long it was half-open. */
  TransitionEvent after(long millis) {
    halfOpenMillis = millis;
    return add("after", seconds(millis));
  }

  TransitionEvent add(String key, Object value) {
    line.add(key, value);
    return this;
  }

  /** Formats a duration as {@code 8s}, or as {@code 0.7s} if it is short. */
  static String seconds(long millis) {
    if (millis % 1000 < 100 || millis >= 10_000) {
      return millis / 1000 + "s";
    }
    return millis / 1000 + "." + millis % 1000 / 100 + "s";
  }
}
