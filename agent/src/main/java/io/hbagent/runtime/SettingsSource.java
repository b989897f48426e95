package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import java.io.File;

/** What the settings are made from, kept so that they can be made again when the file changes. */
final class SettingsSource {

  /** The environment variable with the same text as the agent's arguments. */
  private static final String ENVIRONMENT = "HB_AGENT_OPTIONS";

  private final String arguments;
  private final String environment = System.getenv(ENVIRONMENT);
  private final File besideJar;

  private SettingsSource(String arguments, SettingsSource others) {
    this.arguments = arguments;
    this.besideJar = others.besideJar;
  }

  /**
   * @param arguments the text after {@code -javaagent:hb-agent.jar=}, or null
   * @param jar the agent's jar
   */
  SettingsSource(String arguments, File jar) {
    this.arguments = arguments;
    this.besideJar = new File(jar.getParentFile(), "hb-agent.properties");
  }

  /** The same with other arguments. */
  SettingsSource with(String otherArguments) {
    return new SettingsSource(otherArguments, this);
  }

  Settings read() throws BadOption {
    return SettingsReader.read(arguments, environment, besideJar);
  }

  /** Whether the JVM shall refuse to start when {@link #read} throws. */
  boolean isStrict() {
    return SettingsReader.isStrict(arguments, environment, besideJar);
  }
}
