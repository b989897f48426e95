package io.hbagent.it;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Jars on this test's own class path. */
final class Jars {

  private Jars() {}

  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type.getName(), e);
    }
  }
}
