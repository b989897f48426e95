package io.hbagent.control;

import io.hbagent.config.Settings;

/**
 * Shows that the agent is in this JVM, to a command line that reads its system properties from
 * outside: so {@code list} need not load anything into a JVM to find out. On the agent's thread.
 */
public final class AgentProperty {

  /** Version, a blank, and the settings. Gone after a detach. */
  public static final String PROPERTY = "io.hbagent.at-work";

  /** Not there yet. */
  public AgentProperty() {}

  /** Shows what is in force now. */
  public void show(Settings settings) {
    try {
      System.setProperty(PROPERTY, Version.text() + " " + settings);
    } catch (SecurityException e) {
      // A security manager that grants the agent less than everything: then it is not listed.
    }
  }

  /** Shows it again where the application has replaced the system properties since. */
  public void keep(Settings settings) {
    if (System.getProperty(PROPERTY) == null) {
      show(settings);
    }
  }

  /** Takes it away. */
  public void hide() {
    try {
      System.clearProperty(PROPERTY);
    } catch (SecurityException e) {
      // as above
    }
  }
}
