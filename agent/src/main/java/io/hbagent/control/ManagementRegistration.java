package io.hbagent.control;

import java.util.function.UnaryOperator;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Registers the {@link AgentBean} once the platform's MBean server is there, because somebody uses
 * it; never brings it about, which would cost the application 40 ms and more. On the agent's
 * thread.
 *
 * <p>A runtime image may lack java.management. No catch here names an exception of that module: the
 * JVM loads what a catch names when it verifies the class, before any of this code runs.
 */
public final class ManagementRegistration {

  private final UnaryOperator<String> agent;
  private MBeanServer server;
  private ObjectName name;
  private boolean useless;

  /**
   * @param agent answers a {@link Request} given as text
   */
  public ManagementRegistration(UnaryOperator<String> agent) {
    this.agent = agent;
  }

  /** Looks whether it is time. */
  public void look() {
    if (server != null || useless) {
      return;
    }
    try {
      for (MBeanServer each : MBeanServerFactory.findMBeanServer(null)) {
        // Every server may be found here; this bean only the platform's own has.
        if (each.isRegistered(new ObjectName("java.lang:type=Runtime"))) {
          name = new ObjectName("io.hbagent:type=Agent");
          each.registerMBean(new AgentBean(agent), name);
          server = each;
        }
      }
    } catch (Exception | LinkageError e) {
      useless = true; // a JVM without java.management, or a security manager against it
    }
  }

  /** Takes the bean away. */
  public void remove() {
    if (server != null) {
      try {
        server.unregisterMBean(name);
      } catch (Exception | LinkageError e) {
        // somebody else has taken it away
      }
      server = null;
    }
    useless = true;
  }
}
