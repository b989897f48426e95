package io.hbagent.watch;

/** What is counted: every transition is one of these. */
enum Count {
  UNANSWERED_PROBES("half-open"),
  UNACKNOWLEDGED_DATA("half-open"),
  RECOVERED("recovered"),
  DEAD_TIMEOUT("dead"),
  DEAD_RESET("dead"),
  CLOSED("closed"),
  HALF_CLOSED("half-closed");

  /** The name of the event in the log. */
  final String event;

  Count(String event) {
    this.event = event;
  }

  /** The cause as it is logged; null where the event says it all. */
  String cause() {
    switch (this) {
      case UNANSWERED_PROBES:
        return "unanswered-probes";
      case UNACKNOWLEDGED_DATA:
        return "unacknowledged-data";
      case DEAD_TIMEOUT:
        return "timeout";
      case DEAD_RESET:
        return "reset";
      default:
        return null;
    }
  }
}
