package io.hbagent.keepalive;

import java.util.List;

/** A policy for the connections that match. Immutable; an empty condition matches everything. */
public final class Rule {

  private final String name;
  private final List<AddressPattern> remote;
  private final List<AddressPattern> local;
  private final Role role;
  private final Policy policy;

  /**
   * @param name as in {@code rule.NAME.idle}
   * @param remote one of them must match the remote end; empty: any
   * @param local one of them must match the local end; empty: any
   * @param role the end this process is, or null for both
   * @param policy what the connections that match shall carry
   */
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

  /** Returns whether it holds for a connection; the address of an end that is unknown is null. */
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

  /** Returns the name it has in the properties file. */
  public String name() {
    return name;
  }

  /** Conditions on the remote end. */
  public List<AddressPattern> remote() {
    return remote;
  }

  /** Conditions on the local end. */
  public List<AddressPattern> local() {
    return local;
  }

  /** Returns the end this process must be, or null. */
  public Role role() {
    return role;
  }

  /** What the connections that match shall carry. */
  public Policy policy() {
    return policy;
  }
}
