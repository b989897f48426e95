package io.hbagent.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key store with a self-signed certificate for the probe's TLS peers, made once per run. */
final class KeyStoreFile {

  private static Path made;

  private KeyStoreFile() {}

  static synchronized Path path() throws IOException {
    if (made == null) {
      Path folder = Files.createTempDirectory("hb-agent-keys");
      Path file = folder.resolve("keystore");
      make(file);
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      made = file;
    }
    return made;
  }

  private static void make(Path file) throws IOException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    // JKS is read by every JDK from 8 on.
    String options =
        " -genkeypair -storetype JKS -storepass changeit -keypass changeit -alias peer -keyalg RSA"
            + " -dname CN=localhost -keystore ";
    try (Forked forked = new Forked(new ProcessBuilder((keytool + options + file).split(" ")))) {
      if (forked.exit() != 0) {
        throw new IOException(forked.describe("keytool failed"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
