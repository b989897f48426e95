package io.hbagent.keepalive;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;

/**
 * The rules in their order and the policy for whatever none of them matches. Immutable and pure.
 *
 * <p>A decision is a number, so that a table of connections can keep it in a few bits: the index of
 * the rule that matched, or {@link #NO_RULE}.
 */
public final class Rules {

  /** The decision that no rule matched. */
  public static final int NO_RULE = -1;

  /** Rules that set nothing. */
  public static final Rules OFF = new Rules(Policy.OFF, Collections.<Rule>emptyList());

  private final Policy otherwise;
  private final List<Rule> rules;
  private final boolean needLocal;
  private final boolean needRemote;
  private final boolean mayTurnServersOff;

  /**
   * @param otherwise the policy of a connection that no rule matches
   * @param rules first match wins
   */
  public Rules(Policy otherwise, List<Rule> rules) {
    this.otherwise = otherwise;
    this.rules = rules;
    boolean local = false;
    boolean remote = false;
    boolean off = false;
    for (Rule rule : rules) {
      local |= !rule.local.isEmpty();
      remote |= !rule.remote.isEmpty();
      off |= rule.role != Role.CLIENT && !rule.policy.keepalive();
    }
    this.needLocal = local;
    this.needRemote = remote;
    this.mayTurnServersOff = off;
  }

  /** Returns whether there are none, so that no address is needed to decide. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Returns whether a rule has a condition on the remote end. */
  boolean needRemote() {
    return needRemote;
  }

  /** Returns whether a rule leaves accepted connections as the application has them. */
  boolean mayTurnServersOff() {
    return mayTurnServersOff;
  }

  /** Returns whether a rule has a condition on the local end. */
  public boolean needLocal() {
    return needLocal;
  }

  /**
   * Decides for one connection.
   *
   * @param role which end this process is
   * @param address of the remote end, or null when it is not known
   * @param port of the remote end
   * @param local the local end, or null when it is not known or {@link #needLocal} is false
   * @return the index of the first rule that matches, or {@link #NO_RULE}
   */
  public int decide(Role role, InetAddress address, int port, InetSocketAddress local) {
    // Taken out once: each getAddress is a copy.
    byte[] remoteAddress = address == null ? null : address.getAddress();
    byte[] localAddress = local == null ? null : local.getAddress().getAddress();
    int localPort = local == null ? 0 : local.getPort();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).matches(role, remoteAddress, port, localAddress, localPort)) {
        return i;
      }
    }
    return NO_RULE;
  }

  /** Decides for a connection of which both ends are known, or the local one of a listener. */
  int decide(Role role, InetSocketAddress remote, InetSocketAddress local) {
    return remote == null
        ? decide(role, null, 0, local)
        : decide(role, remote.getAddress(), remote.getPort(), local);
  }

  /**
   * Returns the policy that goes with a decision; the general one also for a rule that is no more.
   */
  public Policy policy(int decision) {
    return decision >= 0 && decision < rules.size() ? rules.get(decision).policy : otherwise;
  }

  /** Returns the policy of a connection that no rule matches. */
  public Policy otherwise() {
    return otherwise;
  }

  /**
   * Returns a policy that sets something, for the self-test: the first there is, else the standard
   * one.
   */
  public Policy anyPolicy() {
    if (otherwise.keepalive()) {
      return otherwise;
    }
    for (Rule rule : rules) {
      if (rule.policy.keepalive()) {
        return rule.policy;
      }
    }
    return Policy.STANDARD;
  }

  @Override
  public String toString() {
    return otherwise + " " + rules;
  }

  /** Returns the rules in their order. */
  public List<Rule> list() {
    return rules;
  }
}
