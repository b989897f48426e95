package io.hbagent.watch;

import io.hbagent.hook.Failures;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
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
  void record(Transition transition, ConnectionDescription connection, long halfOpenMillis) {
    try {
      if (isReady()) {
        events.commit(
            transition.event,
            transition.cause,
            connection.local,
            connection.remote,
            connection.role == null ? null : connection.role.toString(),
            connection.rule,
            connection.thread(),
            connection.origin(),
            halfOpenMillis,
            connection.fd);
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
        known.unregister.invoke(known.factory);
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

    private final Constructor<?> annotate =
        jfr("AnnotationElement").getConstructor(Class.class, Object.class);
    private final Constructor<?> field =
        jfr("ValueDescriptor").getConstructor(Class.class, String.class, List.class);
    private final Object factory;
    private final Method newEvent = jfr("EventFactory").getMethod("newEvent");
    private final Method set = jfr("Event").getMethod("set", int.class, Object.class);
    private final Method commit = jfr("Event").getMethod("commit");
    private final Method unregister = jfr("EventFactory").getMethod("unregister");

    private static Class<?> jfr(String name) throws ClassNotFoundException {
      return Class.forName("jdk.jfr.".concat(name));
    }

    /** Returns whether JFR is initialised in this JVM, so that there may be a recording. */
    static boolean isRecorderThere() throws ReflectiveOperationException {
      return (Boolean) jfr("FlightRecorder").getMethod("isInitialized").invoke(null);
    }

    Events() throws ReflectiveOperationException {
      List<Object> fields =
          Arrays.asList(
              field("event", "Event", "half-open, recovered, dead, closed or half-closed"),
              field("cause", "Cause", "Why it is half-open or dead"),
              field("local", "Local", "Local address and port"),
              field("remote", "Remote", "Remote address and port"),
              field("role", "Role", "client or server"),
              field("rule", "Rule", "The rule that matched"),
              field("openedBy", "Opened By", "The thread that opened it"),
              field("origin", "Origin", "The code that opened it, with origin=true"),
              field(long.class, "halfOpenMillis", "Half-open For", "In milliseconds"),
              field(int.class, "fd", "Descriptor", "Its number"));
      List<Object> about = new ArrayList<>(labels("TCP Connection", "hb-agent's watchdog"));
      about.add(annotate.newInstance(jfr("Name"), "hbagent.Connection"));
      about.add(annotate.newInstance(jfr("Category"), new String[] {"hb-agent"}));
      about.add(annotate.newInstance(jfr("StackTrace"), false));
      Method create = jfr("EventFactory").getMethod("create", List.class, List.class);
      factory = create.invoke(null, about, fields);
      // What each event needs is called once, without recording one: the JDK generates classes for
      // the first call of a method, which needs memory. Begin is called as commit is.
      Object event = newEvent.invoke(factory);
      set.invoke(event, 0, "");
      jfr("Event").getMethod("begin").invoke(event);
    }

    private Object field(String name, String label, String description)
        throws ReflectiveOperationException {
      return field(String.class, name, label, description);
    }

    private Object field(Class<?> type, String name, String label, String description)
        throws ReflectiveOperationException {
      return field.newInstance(type, name, labels(label, description));
    }

    private List<Object> labels(String label, String description)
        throws ReflectiveOperationException {
      return Arrays.asList(
          annotate.newInstance(jfr("Label"), label),
          annotate.newInstance(jfr("Description"), description));
    }

    /** Records an event with values in the order of the fields. */
    void commit(Object... values) throws ReflectiveOperationException {
      Object event = newEvent.invoke(factory);
      for (int i = 0; i < values.length; i++) {
        set.invoke(event, i, values[i]);
      }
      commit.invoke(event);
    }
  }
}
