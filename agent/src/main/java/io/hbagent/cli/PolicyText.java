package io.hbagent.cli;

import io.hbagent.control.Report;

/** Policies and amounts in words for a terminal. */
final class PolicyText {

  private PolicyText() {}

  /** Returns an amount and its noun, in the plural unless it is one. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns {@code 20/5/3} for the value of {@link io.hbagent.control.AgentProperty}. */
  static String brief(String presence) {
    if (presence.contains(",enabled=false")) {
      return "disabled";
    }
    String brief =
        presence.contains("keepalive=off")
            ? "off"
            : value(presence, "idle=")
                + "/"
                + value(presence, "intvl=")
                + "/"
                + value(presence, "cnt=");
    return presence.contains(",config=") ? brief + " +file" : brief;
  }

  private static String value(String text, String key) {
    int from = text.indexOf(key) + key.length();
    int to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return text.substring(from, to);
  }

  /** Returns {@code idle=20s intvl=5s cnt=3} and the user timeout of an entry. */
  static String full(Report.Entry record) {
    if (!record.text("keepalive").equals("on")) {
      return "keepalive off";
    }
    long userTimeout = record.number("user-timeout-ms");
    return "idle="
        + record.text("idle")
        + "s intvl="
        + record.text("intvl")
        + "s cnt="
        + record.text("cnt")
        + (userTimeout > 0 ? " user-timeout=" + seconds(userTimeout) : "")
        + (record.text("user-timeout").isEmpty() ? "" : " user-timeout=adaptive")
        + ": a dead peer is found in "
        + record.text("dead-after")
        + " s";
  }

  static String seconds(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
