package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import java.io.File;

/** The sources of the settings, kept to be read again when the file changes. Immutable. */
final class SettingsSource {

  private final String arguments;
  private final String environment = System.getenv("HB_AGENT_OPTIONS");
  private final File folder;

  /**
   * Creates a source that is not read yet.
   *
   * @param arguments the text after {@code -javaagent:hb-agent.jar=}, or null
   * @param folder of the agent's jar, where a properties file may lie
   */
  SettingsSource(String arguments, File folder) {
    this.arguments = arguments;
    this.folder = folder;
  }

  /** Returns the same source with other arguments. */
  SettingsSource with(String otherArguments) {
    return new SettingsSource(otherArguments, folder);
  }

  /** Reads the settings. */
  Settings read() throws BadOption {
    return SettingsReader.read(arguments, environment, besideJar());
  }

  /** Returns whether the JVM shall refuse to start when {@link #read} throws. */
  boolean isStrict() {
    return SettingsReader.isStrict(arguments, environment, besideJar());
  }

  private File besideJar() {
    return new File(folder, "hb-agent.properties");
  }
}
