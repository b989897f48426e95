package io.hbagent.keepalive;

import java.util.ArrayList;
import java.util.List;

/** The counts of one pass over the open sockets. One thread. */
public final class SweepResult {

  int given;
  int same;
  int turnedOff;
  int listeners;
  int offByRule;
  int ownChoice;
  int connecting;
  int closed;
  int kept;
  final List<ConnectionInfo> would = new ArrayList<>();

  SweepResult() {}

  /** Adds a later pass over the same sockets. */
  public void add(SweepResult later) {
    given += later.given;
    same += later.same;
    turnedOff += later.turnedOff;
    listeners += later.listeners;
    offByRule += later.offByRule;
    ownChoice += later.ownChoice;
    closed += later.closed;
    connecting = later.connecting;
  }

  /** Returns the number of connections that were given options. */
  public int given() {
    return given;
  }

  /** Returns the number of connections that had the options already. */
  public int same() {
    return same;
  }

  /** Returns the number of connections whose keepalive was turned off. */
  public int turnedOff() {
    return turnedOff;
  }

  /** Returns the number of listeners given options, which accepted connections inherit. */
  public int listeners() {
    return listeners;
  }

  /** Returns the number of connections whose policy is off. */
  public int offByRule() {
    return offByRule;
  }

  /** Returns the number of connections that keep options the application has set. */
  public int ownChoice() {
    return ownChoice;
  }

  /** Returns the number of sockets still connecting, followed until they are connected. */
  public int connecting() {
    return connecting;
  }

  /** Returns the number of sockets that were closed in the meantime. */
  public int closed() {
    return closed;
  }

  /** Returns the number of connections that keep the agent's options after it is gone. */
  public int kept() {
    return kept;
  }

  /** Returns the connections that would be given options: after a dry run only. */
  public List<ConnectionInfo> would() {
    return would;
  }
}
