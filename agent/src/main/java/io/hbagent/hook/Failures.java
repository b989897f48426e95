package io.hbagent.hook;

/**
 * The failures of the agent, counted where every part of it and every test can see it: in the
 * bridge. Any thread.
 */
public final class Failures {

  private Failures() {}

  /** Counts one failure and keeps it if it is the first. Never throws. */
  public static void add(Throwable e) {
    Bridge.failed(e);
  }

  /** Returns how many there were in this JVM. */
  public static int count() {
    return Bridge.failures;
  }

  /** Returns the first one, or null. */
  public static Throwable first() {
    return Bridge.firstFailure;
  }
}
