package io.hbagent.watch;

import io.hbagent.hook.Failures;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts every transition into a flight recording, as the event {@code hbagent.Connection}, if this
 * JVM makes one. JFR is never started for it: as long as nothing has initialised it there is no
 * recording to write to.
 */
final class FlightRecorder {

  private Events events;
  private boolean absent;

  /** Returns whether there may be a recording; the first time, prepares what an event needs. */
  boolean isReady() {
    try {
      if (!absent && events == null && Events.isRecorderThere()) {
        events = new Events();
      }
    } catch (ClassNotFoundException e) {
      absent = true; // a runtime image without jdk.jfr, or a JDK 8 before update 262
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      absent = !(e.getCause() instanceof OutOfMemoryError);
      Failures.add(e);
    }
    return !absent && events != null;
  }

  /** Records a transition. What fails is counted and not thrown: its line is written already. */
  void record(TransitionEvent event) {
    try {
      if (isReady()) {
        events.commit(event);
      }
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      Failures.add(e);
    }
  }

  /** Unregisters the event's type, so that JFR keeps nothing of it after a detach. */
  void close() {
    Events known = events;
    events = null;
    if (known != null) {
      try {
        known.unregister();
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        Failures.add(e);
      }
    }
  }

  /**
   * The event's type, created at run time with {@code jdk.jfr.EventFactory}.
   *
   * <p>By reflection, so that one class serves JDK 8 (from update 262) and 11 to 28: a class that
   * extends {@code jdk.jfr.Event} would have to be compiled for 11 and would not load on 8. Without
   * stack traces: it is always the watchdog's own.
   */
  private static final class Events {

    private static final String[][] FIELDS = {
      {"event", "Event", "half-open, recovered, dead, closed or half-closed"},
      {"cause", "Cause", "Why it is half-open or dead"},
      {"local", "Local", "Local address and port"},
      {"remote", "Remote", "Remote address and port"},
      {"role", "Role", "client or server"},
      {"rule", "Rule", "The rule that matched"},
      {"openedBy", "Opened By", "The thread that opened it"},
      {"origin", "Origin", "The code that opened it, with origin=true"},
    };

    private final Object factory;
    private final Method newEvent;
    private final Method set;
    private final Method commit;
    private final Method unregister;

    /** Returns whether JFR is initialised in this JVM, so that there may be a recording. */
    static boolean isRecorderThere() throws ReflectiveOperationException {
      Class<?> recorder = Class.forName("jdk.jfr.FlightRecorder");
      return (Boolean) recorder.getMethod("isInitialized").invoke(null);
    }

    Events() throws ReflectiveOperationException {
      Class<?> annotation = Class.forName("jdk.jfr.AnnotationElement");
      Constructor<?> annotate = annotation.getConstructor(Class.class, Object.class);
      Constructor<?> field =
          Class.forName("jdk.jfr.ValueDescriptor")
              .getConstructor(Class.class, String.class, List.class);
      List<Object> fields = new ArrayList<>();
      for (String[] each : FIELDS) {
        fields.add(field.newInstance(String.class, each[0], labels(annotate, each[1], each[2])));
      }
      fields.add(
          field.newInstance(
              long.class, "halfOpenMillis", labels(annotate, "Half-open For", "In milliseconds")));
      fields.add(field.newInstance(int.class, "fd", labels(annotate, "Descriptor", "Its number")));
      List<Object> about =
          new ArrayList<>(labels(annotate, "TCP Connection", "hb-agent's watchdog"));
      about.add(annotate.newInstance(Class.forName("jdk.jfr.Name"), "hbagent.Connection"));
      about.add(annotate.newInstance(Class.forName("jdk.jfr.Category"), new String[] {"hb-agent"}));
      about.add(annotate.newInstance(Class.forName("jdk.jfr.StackTrace"), false));
      Class<?> factoryClass = Class.forName("jdk.jfr.EventFactory");
      Class<?> event = Class.forName("jdk.jfr.Event");
      factory =
          factoryClass.getMethod("create", List.class, List.class).invoke(null, about, fields);
      newEvent = factoryClass.getMethod("newEvent");
      set = event.getMethod("set", int.class, Object.class);
      commit = event.getMethod("commit");
      unregister = factoryClass.getMethod("unregister");
      useOnce(event.getMethod("begin"));
    }

    /**
     * Calls once what each event needs, and records none: the JDK generates classes for the first
     * call of a method, which needs memory.
     *
     * @param begin called like commit, and without an effect
     */
    private void useOnce(Method begin) throws ReflectiveOperationException {
      Object event = newEvent.invoke(factory);
      set.invoke(event, 0, "");
      begin.invoke(event);
    }

    private static List<Object> labels(Constructor<?> annotate, String label, String description)
        throws ReflectiveOperationException {
      List<Object> labels = new ArrayList<>();
      Collections.addAll(
          labels,
          annotate.newInstance(Class.forName("jdk.jfr.Label"), label),
          annotate.newInstance(Class.forName("jdk.jfr.Description"), description));
      return labels;
    }

    void unregister() throws ReflectiveOperationException {
      unregister.invoke(factory);
    }

    void commit(TransitionEvent event) throws ReflectiveOperationException {
      ConnectionDescription connection = event.connection;
      Object[] values = {
        event.transition.event,
        event.transition.cause,
        connection.local,
        connection.remote,
        connection.role == null ? null : connection.role.toString(),
        connection.rule,
        connection.thread(),
        connection.origin(),
        Math.max(0, event.halfOpenMillis),
        connection.fd
      };
      Object made = newEvent.invoke(factory);
      for (int i = 0; i < values.length; i++) {
        set.invoke(made, i, values[i]);
      }
      commit.invoke(made);
    }
  }
}
