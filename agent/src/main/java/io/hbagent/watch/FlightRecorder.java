package io.hbagent.watch;

import io.hbagent.hook.Failures;

/**
 * Puts every transition into a flight recording, where this JVM makes one.
 *
 * <p>JFR is never started for it: as long as nobody has initialised it there is no recording to
 * write to.
 */
final class FlightRecorder {

  private FlightEvents events;
  private boolean absent;

  /** Whether there may be a recording; with the first yes all is made that an event needs. */
  boolean isReady() {
    try {
      if (!absent && events == null && FlightEvents.isRecorderThere()) {
        events = new FlightEvents();
      }
    } catch (ClassNotFoundException e) {
      absent = true; // a runtime image without jdk.jfr, or a JDK 8 before update 262
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      count(e);
      absent = true;
    }
    return !absent && events != null;
  }

  void record(Transition transition) {
    if (isReady()) {
      try {
        events.commit(transition);
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        count(e);
      }
    }
  }

  /** What is called by reflection wraps what it throws: without memory it is tried again. */
  private static void count(Throwable e) {
    if (e.getCause() instanceof OutOfMemoryError) {
      throw (OutOfMemoryError) e.getCause();
    }
    Failures.add(e);
  }
}
