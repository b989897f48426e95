package io.hbagent.diagnose;

import java.util.Locale;

/** The state of a connection in one word, the worst first. */
public enum Verdict {
  /** Our data was acknowledged, a thread waits for the reply, and nothing has come. */
  SERVICE_DOES_NOT_ANSWER(
      "The peer's kernel has our data, a thread of this JVM waits for the peer, and nothing has"
          + " come: the network is not the reason. Either the service hangs, or it owes nothing: a"
          + " thread that always reads, as that of a message queue, looks the same.",
      "look at the service on the other side (its threads, its locks, its load): this JVM can only"
          + " wait, or give up the connection"),

  /** Our data is sent again and again, and nothing is acknowledged. */
  NETWORK_LOST(
      "What we send is not acknowledged, and the kernel sends it again and again: the peer's host"
          + " or the way to it is gone.",
      "check the peer's host and the network between (routes, firewalls); without a user timeout"
          + " the kernel goes on for about 15 minutes: user-timeout=adaptive ends it sooner"),

  /** Nothing is in flight, and the peer's kernel does not answer probes. */
  HALF_OPEN(
      "The peer's kernel does not answer the probes that the idle connection sends: its host has"
          + " crashed, or something in between has forgotten the connection.",
      "nothing: the kernel drops the connection when all probes are unanswered, and the"
          + " application gets an exception; check the peer's host if there are many"),

  /** We have data to send, and the peer's receive window is closed. */
  PEER_DOES_NOT_READ(
      "The peer's kernel answers, but has no room for more: the application on the other side does"
          + " not read.",
      "look at the application on the other side: it is stopped, overloaded or waits for"
          + " something itself"),

  /** Received data lies in our receive queue. */
  WE_DO_NOT_READ(
      "The peer has sent data that this JVM does not read.",
      "look at the threads of this JVM (jstack): the one that should read is blocked elsewhere,"
          + " or the connection is forgotten in a pool"),

  /** The SYN was sent and is not answered. */
  CONNECTING(
      "The connection is being opened, and the peer's host has not answered yet.",
      "check address and port, and whether a firewall drops packets without an answer; a connect"
          + " without a timeout waits about two minutes"),

  /** The peer has closed, and the application has not. */
  WE_DO_NOT_CLOSE(
      "The peer has closed the connection, and this JVM has not: it leaks a descriptor until it"
          + " does.",
      "find the code that forgets to close (opened-by in status, with origin); a pool that checks"
          + " its connections would notice"),

  /** Round trips are long, or much is sent again. */
  SLOW_OR_LOSSY(
      "The network is slow or loses packets.",
      "look at the network between the two hosts; the reply may be late for that alone"),

  /** Our data was acknowledged and nothing has come; it is not known whether a reply is due. */
  NO_REPLY(
      "All we have sent is acknowledged, and nothing comes; whether a reply is due is not known.",
      "compare with what the application expects of this peer: where it waits for a reply, the"
          + " service does not answer"),

  /** No data moves, and nothing proves that the peer is there. */
  IDLE_UNPROVEN(
      "The connection is idle, and nothing proves that the peer is still there.",
      "turn keepalive on for it; where it is on, the answer to a probe is awaited"),

  /** No data moves, and keepalive finds out if the peer goes. */
  IDLE_AND_HEALTHY("The connection is idle, and keepalive finds out if its peer goes.", "nothing"),

  /** Data was sent or received in the last seconds, or is on its way. */
  ACTIVE("Data moves.", "nothing");

  /** Its meaning, a sentence. */
  public final String meaning;

  /** The cure, the rest of a sentence. */
  public final String advice;

  Verdict(String meaning, String advice) {
    this.meaning = meaning;
    this.advice = advice;
  }

  /** Returns whether there is nothing to look at. */
  public boolean isWell() {
    return compareTo(IDLE_UNPROVEN) >= 0;
  }

  /** Returns its name in JSON and logs, such as {@code half-open}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns its name in text, such as {@code half open}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Returns the one of a name, or null. */
  public static Verdict of(String name) {
    for (Verdict each : values()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    return null;
  }
}
