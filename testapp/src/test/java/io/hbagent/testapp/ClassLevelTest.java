package io.hbagent.testapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All of testapp runs on Java 8 but for the classes that call java.net.http and newer jdk.net. */
class ClassLevelTest {
  @Test
  void onlyWhatCallsNewerApiNeedsMoreThanJava8() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      List<String> newer =
          files
              .filter(file -> file.toString().endsWith(".class") && majorVersion(file) > 52)
              .map(file -> file.getFileName() + " " + majorVersion(file))
              .sorted()
              .toList();
      assertEquals(
          List.of(
              "HttpClients11.class 55",
              "JdkKeepalive.class 55",
              "Others17.class 61",
              "WebLink.class 55"),
          newer);
    }
  }

  private static int majorVersion(Path file) {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.readInt(); // 0xCAFEBABE
      in.readUnsignedShort();
      return in.readUnsignedShort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
