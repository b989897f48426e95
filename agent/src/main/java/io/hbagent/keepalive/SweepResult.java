package io.hbagent.keepalive;

import java.util.ArrayList;
import java.util.List;

/** What one look at the open sockets came to. One thread. */
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

  /** Adds a later look at the same sockets. */
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

  /** Connections that now carry what they did not carry before. */
  public int given() {
    return given;
  }

  /** Connections that carried it already. */
  public int same() {
    return same;
  }

  /** Connections whose keepalive was turned off. */
  public int turnedOff() {
    return turnedOff;
  }

  /** Listeners that were given options, for what they accept to inherit. */
  public int listeners() {
    return listeners;
  }

  /** Connections left alone because their policy is off. */
  public int offByRule() {
    return offByRule;
  }

  /** Connections left alone because the application chose itself ({@code conflict=respect}). */
  public int ownChoice() {
    return ownChoice;
  }

  /** Sockets still connecting, looked at again until they are connected. */
  public int connecting() {
    return connecting;
  }

  /** Sockets closed between the look and the use. */
  public int closed() {
    return closed;
  }

  /** Connections that keep what the agent gave them, after it is gone. */
  public int kept() {
    return kept;
  }

  /** The connections that would be given options: after a dry run only. */
  public List<ConnectionInfo> would() {
    return would;
  }
}
