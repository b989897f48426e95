package io.hbagent.keepalive;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of connections and option changes, for the status. Any thread. */
public final class Counters {

  final AtomicLong connected = new AtomicLong();
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong swept = new AtomicLong();
  final AtomicLong reapplied = new AtomicLong();
  final AtomicLong nativeChanges = new AtomicLong();
  final AtomicLong respected = new AtomicLong();
  final AtomicLong notTcp = new AtomicLong();
  final AtomicLong closedMeanwhile = new AtomicLong();

  Counters() {}

  /** Returns the number of connections seen to connect and given a policy. */
  public long connected() {
    return connected.get();
  }

  /** Returns the number of connections seen to be accepted and given a policy. */
  public long accepted() {
    return accepted.get();
  }

  /** Returns the number of connections that passed no hook and were given a policy. */
  public long swept() {
    return swept.get();
  }

  /** Returns how often the policy was set again after the application had changed an option. */
  public long reapplied() {
    return reapplied.get();
  }

  /** Returns how often the policy was set again after native code had changed an option. */
  public long nativeChanges() {
    return nativeChanges.get();
  }

  /** Returns how often an option that the application had set was kept. */
  public long respected() {
    return respected.get();
  }

  /** Returns the number of sockets that passed a hook and are not TCP. */
  public long notTcp() {
    return notTcp.get();
  }

  /** Returns the number of sockets that were closed before their options were set. */
  public long closedMeanwhile() {
    return closedMeanwhile.get();
  }
}
