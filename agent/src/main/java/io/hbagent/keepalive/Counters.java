package io.hbagent.keepalive;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of connections and option changes, for the status. Any thread. */
public final class Counters {

  /** Connections seen to connect and given a policy. */
  public final AtomicLong connected = new AtomicLong();

  /** Connections seen to be accepted and given a policy. */
  public final AtomicLong accepted = new AtomicLong();

  /** Connections that passed no hook and were given a policy. */
  public final AtomicLong swept = new AtomicLong();

  /** Times the policy was set again after the application had changed an option. */
  public final AtomicLong reapplied = new AtomicLong();

  /** Times the policy was set again after native code had changed an option. */
  public final AtomicLong nativeChanges = new AtomicLong();

  /** Times an option that the application had set was kept. */
  public final AtomicLong respected = new AtomicLong();

  /** Sockets that passed a hook and are not TCP. */
  public final AtomicLong notTcp = new AtomicLong();

  /** Sockets that were closed before their options were set. */
  public final AtomicLong closed = new AtomicLong();

  /** Connections ended at the operator's request. */
  public final AtomicLong aborted = new AtomicLong();

  Counters() {}
}
