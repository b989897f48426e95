package io.hbagent.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The version of the agent, written into the jar by its build. */
public final class Version {

  private Version() {}

  /** Such as {@code 0.1.0}; {@code unknown} when the jar lacks it. */
  public static String text() {
    ClassLoader loader = Version.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream("io/hbagent/version.txt")) {
      if (in != null) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      }
    } catch (IOException e) {
      // reported as unknown
    }
    return "unknown";
  }
}
