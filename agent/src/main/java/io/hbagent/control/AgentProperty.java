package io.hbagent.control;

import io.hbagent.config.Settings;

/**
 * A system property that shows the agent to a command line that reads the properties of this JVM
 * from outside, so that {@code list} loads nothing into a JVM. Any thread.
 */
public final class AgentProperty {

  /** The property: version, a blank, and the settings. Gone after a detach. */
  public static final String PROPERTY = "io.hbagent.at-work";

  private String value;
  private boolean hidden;

  /** Creates a property that is not set yet. */
  public AgentProperty() {}

  /** Sets the property. */
  public synchronized void show(Settings settings) {
    value = Version.text() + " " + settings;
    keep();
  }

  /** Sets the property again where the application has replaced all properties since. */
  public synchronized void keep() {
    try {
      if (!hidden && value != null && !value.equals(System.getProperty(PROPERTY))) {
        System.setProperty(PROPERTY, value);
      }
    } catch (RuntimeException e) {
      // A host whose properties are read-only: then it is not listed.
    }
  }

  /** Removes the property for good. */
  public synchronized void hide() {
    hidden = true;
    try {
      System.clearProperty(PROPERTY);
    } catch (RuntimeException e) {
      // as above
    }
  }
}
