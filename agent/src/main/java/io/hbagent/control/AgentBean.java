package io.hbagent.control;

import java.util.function.UnaryOperator;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;

/**
 * The agent as a managed bean, {@code io.hbagent:type=Agent}: what the command line can ask can be
 * asked here. On the threads of JMX clients; everything is handed to the agent's own thread.
 *
 * <p>Written by hand, because the JDK caches what it finds out about bean interfaces, and would
 * keep the classes of an agent that is gone.
 */
final class AgentBean implements DynamicMBean {

  private static final String TEXT = "java.lang.String";
  private static final String NUMBER = "long";

  /** Name of the attribute, its type, and where it stands in the status. */
  private static final String[][] ATTRIBUTES = {
    {"Version", TEXT, "agent", "version"},
    {"Settings", TEXT, "agent", "settings"},
    {"Source", TEXT, "agent", "source"},
    {"Connected", NUMBER, "counters", "connected"},
    {"Accepted", NUMBER, "counters", "accepted"},
    {"Failures", NUMBER, "counters", "failures"},
    {"FirstFailure", TEXT, "counters", "first-failure"},
    {"Watched", NUMBER, "watchdog", "watched"},
    {"HalfOpenNow", NUMBER, "watchdog", "half-open-now"},
    {"HalfOpenEver", NUMBER, "watchdog", "half-open-ever"},
    {"UnansweredProbes", NUMBER, "watchdog", "unanswered-probes"},
    {"UnacknowledgedData", NUMBER, "watchdog", "unacknowledged-data"},
    {"Recovered", NUMBER, "watchdog", "recovered"},
    {"DeadByTimeout", NUMBER, "watchdog", "dead-timeout"},
    {"DeadByReset", NUMBER, "watchdog", "dead-reset"},
    {"ClosedHalfOpen", NUMBER, "watchdog", "closed"},
    {"HalfClosed", NUMBER, "watchdog", "half-closed"},
    {"LongestHalfOpenMillis", NUMBER, "watchdog", "longest-ms"},
  };

  private final UnaryOperator<String> agent;

  AgentBean(UnaryOperator<String> agent) {
    this.agent = agent;
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes = new MBeanAttributeInfo[ATTRIBUTES.length];
    for (int i = 0; i < attributes.length; i++) {
      String[] row = ATTRIBUTES[i];
      String text = "As " + row[3] + " of the status";
      attributes[i] = new MBeanAttributeInfo(row[0], row[1], text, true, false, false);
    }
    MBeanOperationInfo[] operations = {
      operation("status", "Settings, counters, hooks and connections, as JSON"),
      operation(
          "reconfigure",
          "Go on with other options",
          parameter("options", "java.lang.String", "as after -javaagent:hb-agent.jar=")),
      operation("reload", "Read the properties file again"),
      operation(
          "detach",
          "Take the agent out of this JVM",
          parameter("restore", "boolean", "give open connections back what they had")),
    };
    return new MBeanInfo(
        AgentBean.class.getName(), "hb-agent: TCP keepalive", attributes, null, operations, null);
  }

  private static MBeanParameterInfo parameter(String name, String type, String text) {
    return new MBeanParameterInfo(name, type, text);
  }

  private static MBeanOperationInfo operation(
      String name, String text, MBeanParameterInfo... parameters) {
    return new MBeanOperationInfo(
        name, text, parameters, "java.lang.String", MBeanOperationInfo.ACTION);
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException {
    for (String[] row : ATTRIBUTES) {
      if (row[0].equals(name)) {
        return value(row, ask(Request.Verb.STATUS, ""));
      }
    }
    throw new AttributeNotFoundException(name);
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    Report status = ask(Request.Verb.STATUS, "");
    AttributeList list = new AttributeList();
    for (String name : names) {
      for (String[] row : ATTRIBUTES) {
        if (row[0].equals(name)) {
          list.add(new Attribute(name, value(row, status)));
        }
      }
    }
    return list;
  }

  /** Numbers of a watchdog that was never on are 0. */
  private static Object value(String[] row, Report status) {
    Report.Entry record = status.first(row[2]);
    return row[1].equals(NUMBER) ? (Object) record.number(row[3]) : record.text(row[3]);
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " is read-only; use reconfigure");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String name, Object[] parameters, String[] signature)
      throws ReflectionException {
    switch (name) {
      case "status":
        return ask(Request.Verb.STATUS, "").toJson();
      case "reconfigure":
        return ask(Request.Verb.ATTACH, String.valueOf(parameters[0])).toJson();
      case "reload":
        return ask(Request.Verb.RELOAD, "").toJson();
      case "detach":
        boolean restore = Boolean.TRUE.equals(parameters[0]);
        return ask(restore ? Request.Verb.RESTORE : Request.Verb.DETACH, "").toJson();
      default:
        throw new ReflectionException(new NoSuchMethodException(name), name);
    }
  }

  /** The answer; a failure is thrown as the sentence it is, in a class every client has. */
  private Report ask(Request.Verb verb, String options) {
    Report report =
        Report.parse(agent.apply(new Request(verb, options, Request.DEFAULT_MILLIS).toString()));
    if (report == null || report.failure() != null) {
      throw new IllegalStateException(report == null ? "no answer" : report.failure());
    }
    return report;
  }
}
