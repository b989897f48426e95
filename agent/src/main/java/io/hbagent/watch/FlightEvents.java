package io.hbagent.watch;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The event {@code hbagent.Connection}, made at run time with {@code jdk.jfr.EventFactory}.
 *
 * <p>By reflection, so that one class serves JDK 8 (from update 262) and 11 to 28: a class that
 * extends {@code jdk.jfr.Event} would have to be compiled for 11 and would not load on 8. Without
 * stack traces: it is always the watchdog's own.
 */
final class FlightEvents {

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

  /** Whether something of this JVM uses JFR, so that there may be a recording. */
  static boolean isRecorderThere() throws ReflectiveOperationException {
    Class<?> recorder = Class.forName("jdk.jfr.FlightRecorder");
    return (Boolean) recorder.getMethod("isInitialized").invoke(null);
  }

  FlightEvents() throws ReflectiveOperationException {
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
    List<Object> about = new ArrayList<>(labels(annotate, "TCP Connection", "hb-agent's watchdog"));
    about.add(annotate.newInstance(Class.forName("jdk.jfr.Name"), "hbagent.Connection"));
    about.add(annotate.newInstance(Class.forName("jdk.jfr.Category"), new String[] {"hb-agent"}));
    about.add(annotate.newInstance(Class.forName("jdk.jfr.StackTrace"), false));
    Class<?> factoryClass = Class.forName("jdk.jfr.EventFactory");
    Class<?> event = Class.forName("jdk.jfr.Event");
    factory = factoryClass.getMethod("create", List.class, List.class).invoke(null, about, fields);
    newEvent = factoryClass.getMethod("newEvent");
    set = event.getMethod("set", int.class, Object.class);
    commit = event.getMethod("commit");
    rehearse(event.getMethod("begin"));
  }

  /**
   * Calls once what each event needs, and records none: for the first call of a method the JDK
   * makes classes.
   *
   * @param begin called like commit, and without an effect
   */
  private void rehearse(Method begin) throws ReflectiveOperationException {
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

  void commit(Transition transition) throws ReflectiveOperationException {
    Connection connection = transition.connection;
    Object[] values = {
      transition.what.event,
      transition.what.cause(),
      connection.local,
      connection.remote,
      connection.role == null ? null : connection.role.toString(),
      connection.rule,
      connection.thread(),
      connection.origin(),
      Math.max(0, transition.after),
      connection.fd
    };
    Object event = newEvent.invoke(factory);
    for (int i = 0; i < values.length; i++) {
      set.invoke(event, i, values[i]);
    }
    commit.invoke(event);
  }
}
