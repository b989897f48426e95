package io.hbagent.keepalive;

import java.util.concurrent.atomic.AtomicLong;

/** Counts of what was done, for the status. Any thread. */
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

  /** Connections seen to connect and given a policy. */
  public long connected() {
    return connected.get();
  }

  /** Connections seen to be accepted and given a policy. */
  public long accepted() {
    return accepted.get();
  }

  /** Connections that passed no hook, were found open and given a policy. */
  public long swept() {
    return swept.get();
  }

  /** How often the application changed an option and the policy was put in force again. */
  public long reapplied() {
    return reapplied.get();
  }

  /** How often options that native code had changed past the hooks were set again. */
  public long nativeChanges() {
    return nativeChanges.get();
  }

  /** How often the application's own choice was let stand. */
  public long respected() {
    return respected.get();
  }

  /** Sockets that passed a hook and were left alone because they are not TCP. */
  public long notTcp() {
    return notTcp.get();
  }

  /** Sockets that were closed before their options were set. */
  public long closedMeanwhile() {
    return closedMeanwhile.get();
  }
}
