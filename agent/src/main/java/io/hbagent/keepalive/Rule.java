package io.hbagent.keepalive;

import java.util.List;

/** A policy for the connections that match. Immutable. */
public final class Rule {

  /** As in {@code rule.NAME.idle}. */
  public final String name;

  /** One of them must match the remote end; empty: any. */
  public final List<AddressPattern> remote;

  /** One of them must match the local end; empty: any. */
  public final List<AddressPattern> local;

  /** The end this process must be, or null for both. */
  public final Role role;

  /** The policy of the connections that match. */
  public final Policy policy;

  /** Creates a rule. */
  public Rule(
      String name,
      List<AddressPattern> remote,
      List<AddressPattern> local,
      Role role,
      Policy policy) {
    this.name = name;
    this.remote = remote;
    this.local = local;
    this.role = role;
    this.policy = policy;
  }

  /** Returns whether a connection matches; the address of an end that is unknown is null. */
  boolean matches(Role end, byte[] address, int port, byte[] localAddress, int localPort) {
    return (role == null || role == end)
        && any(remote, address, port)
        && any(local, localAddress, localPort);
  }

  private static boolean any(List<AddressPattern> patterns, byte[] address, int port) {
    // By index: an iterator would be garbage on the application's thread.
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(address, port)) {
        return true;
      }
    }
    return patterns.isEmpty();
  }

  @Override
  public String toString() {
    return name + " remote=" + remote + " local=" + local + " role=" + role + " " + policy;
  }
}
