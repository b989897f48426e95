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
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * The agent as a managed bean, {@code io.hbagent:type=Agent}, with the requests of the command
 * line. On the threads of JMX clients; everything is handed to the agent's own thread.
 *
 * <p>A dynamic bean, because the JDK caches what it finds out about bean interfaces, and would keep
 * the classes of an agent that is gone.
 */
public final class AgentBean implements DynamicMBean {

  private static final String TEXT = "java.lang.String";
  private static final String NUMBER = "long";

  /** Name of the attribute, its type, and the kind and name of the value in the status. */
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
          new MBeanParameterInfo("options", TEXT, "as after -javaagent:hb-agent.jar=")),
      operation("reload", "Read the properties file again"),
      operation(
          "detach",
          "Take the agent out of this JVM",
          new MBeanParameterInfo("restore", "boolean", "give open connections back what they had")),
    };
    return new MBeanInfo(
        AgentBean.class.getName(), "hb-agent: TCP keepalive", attributes, null, operations, null);
  }

  private static MBeanOperationInfo operation(
      String name, String text, MBeanParameterInfo... parameters) {
    return new MBeanOperationInfo(name, text, parameters, TEXT, MBeanOperationInfo.ACTION);
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException {
    AttributeList found = getAttributes(new String[] {name});
    if (found.isEmpty()) {
      throw new AttributeNotFoundException(name);
    }
    return ((Attribute) found.get(0)).getValue();
  }

  /** Returns the values now; numbers of a watchdog that was never on are 0. */
  @Override
  public AttributeList getAttributes(String[] names) {
    Report status = ask(Request.Verb.COUNTERS, "");
    AttributeList list = new AttributeList();
    for (String name : names) {
      for (String[] row : ATTRIBUTES) {
        if (row[0].equals(name)) {
          Report.Entry entry = status.first(row[2]);
          boolean number = row[1].equals(NUMBER);
          list.add(
              new Attribute(name, number ? (Object) entry.number(row[3]) : entry.text(row[3])));
        }
      }
    }
    return list;
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

  /** Returns the answer; a failure is thrown as its sentence, in a class every client has. */
  private Report ask(Request.Verb verb, String options) {
    Report report =
        Report.parse(agent.apply(new Request(verb, options, Request.DEFAULT_MILLIS).toString()));
    if (report == null || report.failure() != null) {
      throw new IllegalStateException(report == null ? "no answer" : report.failure());
    }
    return report;
  }

  /**
   * Registers the bean once the application uses the platform's MBean server; never creates that,
   * which would cost the application 40 ms and more. On the agent's thread.
   *
   * <p>A runtime image may lack java.management. Loaded apart from the bean, and no catch here
   * names an exception of that module: the JVM loads what a catch names when it verifies the class.
   */
  public static final class Registration {

    private final UnaryOperator<String> agent;
    private MBeanServer server;
    private ObjectName name;
    private boolean ended;

    /**
     * Creates a registration that is still to be made.
     *
     * @param agent answers a {@link Request} given as text
     */
    public Registration(UnaryOperator<String> agent) {
      this.agent = agent;
    }

    /** Registers the bean once the server is there. Called again and again. */
    public void register() {
      if (server != null || ended) {
        return;
      }
      try {
        for (MBeanServer each : MBeanServerFactory.findMBeanServer(null)) {
          // An application may have several servers; the platform's has this bean.
          if (each.isRegistered(new ObjectName("java.lang:type=Runtime"))) {
            name = new ObjectName("io.hbagent:type=Agent");
            each.registerMBean(new AgentBean(agent), name);
            server = each;
          }
        }
      } catch (Exception | LinkageError e) {
        ended = true; // a JVM without java.management, or a security manager against it
      }
    }

    /** Removes the bean for good. */
    public void remove() {
      ended = true;
      try {
        if (server != null) {
          server.unregisterMBean(name);
        }
      } catch (Exception | LinkageError e) {
        // The application has removed it.
      }
      server = null;
    }
  }
}
