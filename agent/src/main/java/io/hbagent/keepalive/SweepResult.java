package io.hbagent.keepalive;

import java.util.ArrayList;
import java.util.List;

/** The counts of one pass over the open sockets. One thread. */
public final class SweepResult {

  /** Connections that were given options. */
  public int given;

  /** Connections that had the options already. */
  public int same;

  /** Connections whose keepalive was turned off. */
  public int turnedOff;

  /** Listeners given options, which accepted connections inherit. */
  public int listeners;

  /** Connections whose policy is off. */
  public int offByRule;

  /** Connections that keep options the application has set. */
  public int ownChoice;

  /** Sockets still connecting, followed until they are connected. */
  public int connecting;

  /** Sockets that were closed in the meantime. */
  public int closed;

  /** Connections that keep the agent's options after it is gone. */
  public int kept;

  /** Connections of which options were restored. */
  public int restored;

  /** The connections that would be given options: after a dry run only. */
  public final List<OpenSocket> would = new ArrayList<>();

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
}
