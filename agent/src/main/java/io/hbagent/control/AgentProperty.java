package io.hbagent.control;

import io.hbagent.config.Settings;

/**
 * Shows that the agent is in this JVM, to a command line that reads its system properties from
 * outside: so {@code list} need not load anything into a JVM to find out. On the agent's thread.
 */
public final class AgentProperty {

  /** Version, a blank, and the settings. Gone after a detach. */
  public static final String PROPERTY = "io.hbagent.at-work";

  private boolean hidden;

  /** Not there yet. */
  public AgentProperty() {}

  /** Sets the property to what is in force now. */
  public synchronized void show(Settings settings) {
    if (!hidden) {
      try {
        System.setProperty(PROPERTY, Version.text() + " " + settings);
      } catch (RuntimeException e) {
        // A host whose properties are read-only: then it is not listed.
      }
    }
  }

  /** Sets the property again where the application has replaced all properties since. */
  public void keep(Settings settings) {
    try {
      if (System.getProperty(PROPERTY) == null) {
        show(settings);
      }
    } catch (RuntimeException e) {
      // as above
    }
  }

  /** Takes the property away for good. */
  public synchronized void hide() {
    hidden = true;
    try {
      System.clearProperty(PROPERTY);
    } catch (RuntimeException e) {
      // as above
    }
  }
}
