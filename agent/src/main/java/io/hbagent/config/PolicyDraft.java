package io.hbagent.config;

import io.hbagent.keepalive.Policy;

/** A policy while its keys are being read; a rule's draft begins as the general policy. */
final class PolicyDraft {

  private static final int OFF = 0;
  private static final int ADAPTIVE = Policy.ADAPTIVE;
  private static final int DERIVED = -2;

  private boolean keepalive = Policy.STANDARD.keepalive();
  private int idle = Policy.STANDARD.idle();
  private int intvl = Policy.STANDARD.intvl();
  private int cnt = Policy.STANDARD.cnt();
  private int userTimeout = OFF;

  PolicyDraft() {}

  PolicyDraft(PolicyDraft from) {
    keepalive = from.keepalive;
    idle = from.idle;
    intvl = from.intvl;
    cnt = from.cnt;
    userTimeout = from.userTimeout;
  }

  /** Takes the value of a key of {@link Key.Scope#POLICY}. */
  void set(Key key, Entry entry) throws BadOption {
    if (key == Key.IDLE) {
      idle = Values.seconds(entry, key);
    } else if (key == Key.INTVL) {
      intvl = Values.seconds(entry, key);
    } else if (key == Key.CNT) {
      cnt = Values.number(entry, 1, 127, key);
    } else if (key == Key.KEEPALIVE) {
      keepalive = Values.either(entry, "on", "off", key);
    } else {
      userTimeout = userTimeout(entry, key);
    }
  }

  private static int userTimeout(Entry entry, Key key) throws BadOption {
    if (entry.value.equals("off")) {
      return OFF;
    }
    if (entry.value.equals("derived")) {
      return DERIVED;
    }
    if (entry.value.equals("adaptive")) {
      return ADAPTIVE;
    }
    return Values.seconds(entry, key) * 1000;
  }

  Policy finish() {
    if (!keepalive) {
      return Policy.OFF;
    }
    return new Policy(true, idle, intvl, cnt, userTimeout == DERIVED ? derived() : userTimeout);
  }

  /** idle + intvl*cnt in milliseconds; with the largest values above what an int holds. */
  private int derived() {
    return (int) Math.min(Integer.MAX_VALUE, (idle + (long) intvl * cnt) * 1000L);
  }

  /** Prints the keys as they are read back. */
  void print(StringBuilder out) {
    out.append("idle=").append(idle).append("s,intvl=").append(intvl).append("s,cnt=").append(cnt);
    out.append(",keepalive=").append(keepalive ? "on" : "off").append(",user-timeout=");
    if (userTimeout == OFF) {
      out.append("off");
    } else if (userTimeout == ADAPTIVE) {
      out.append("adaptive");
    } else {
      out.append(userTimeout == DERIVED ? "derived" : Values.duration(userTimeout));
    }
  }
}
