package io.hbagent.watch;

/** A change of a connection that is counted, logged and recorded. */
enum Transition {
  /** It became half-open: keepalive probes are unanswered. */
  UNANSWERED_PROBES("half-open", "unanswered-probes"),
  /** It became half-open: data is retransmitted and not acknowledged. */
  UNACKNOWLEDGED_DATA("half-open", "unacknowledged-data"),
  /** It was half-open, and the peer answers again. */
  RECOVERED("recovered", null),
  /** The kernel has dropped it because the peer did not answer. */
  DEAD_TIMEOUT("dead", "timeout"),
  /** The peer has reset it. */
  DEAD_RESET("dead", "reset"),
  /** The application has closed it while it was half-open. */
  CLOSED("closed", null),
  /** The peer closed it long ago and the application has not. */
  HALF_CLOSED("half-closed", null);

  /** The name of the event in the log and in a flight recording. */
  final String event;

  /** The cause as it is logged; null where the event needs none. */
  final String cause;

  Transition(String event, String cause) {
    this.event = event;
    this.cause = cause;
  }

  /** Returns the name of its counter in the status report. */
  String counter() {
    return event.equals("half-open") ? cause : text();
  }

  /** Returns event and cause in one word. */
  String text() {
    return cause == null ? event : event + "-" + cause;
  }
}
