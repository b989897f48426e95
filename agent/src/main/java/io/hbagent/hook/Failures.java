package io.hbagent.hook;

/**
 * What went wrong in the agent, counted where every part of it and every test can see it: in the
 * bridge. Any thread.
 */
public final class Failures {

  private Failures() {}

  /** Counts one failure and keeps it when it is the first. Never throws. */
  public static void add(Throwable e) {
    Listener.fail(e);
  }

  /** How many there were in this JVM. */
  public static int count() {
    return Listener.failureCount();
  }

  /** The first one, or null. */
  public static Throwable first() {
    return Listener.first();
  }
}
