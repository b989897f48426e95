package io.hbagent.watch;

import io.hbagent.hook.Failures;
import java.util.List;

/**
 * Puts every transition into a flight recording, where this JVM makes one.
 *
 * <p>JFR is never started for it: as long as nobody has initialised it there is no recording to
 * write to.
 */
final class FlightRecorder {

  private FlightEvents events;
  private boolean absent;

  void record(List<Transition> transitions) {
    if (absent) {
      return;
    }
    try {
      if (events == null) {
        if (!FlightEvents.isRecorderThere()) {
          return;
        }
        events = new FlightEvents();
      }
      for (Transition transition : transitions) {
        events.commit(transition);
      }
    } catch (ClassNotFoundException e) {
      absent = true; // a runtime image without jdk.jfr, or a JDK 8 before update 262
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      absent = true;
      Failures.add(e);
    }
  }
}
