package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each connection names the thread that waits on it: in every way the JDK has, and among 200
 * platform and 200 virtual threads of the same name.
 */
class WaitingThreadsXIT {

  private static final String UNPRIVILEGED_UID = "65534";
  private static final int CONNECTIONS_8 = 219;
  private static final int CONNECTIONS_21 = 431;

  @TestFactory
  Stream<DynamicTest> eachConnectionNamesItsThread() {
    return Jdk.each(jdk -> run(jdk, List.of(), "-Dprobe.keystore=" + KeyStoreFile.path(), 0));
  }

  /** As a user without capabilities, who may not read the key store either. */
  @Test
  void withoutCapabilities() throws Exception {
    Jdk jdk = Jdk.running();
    run(jdk, OtherUser.prefix(UNPRIVILEGED_UID, jdk), "-Dnone", jdk.version() < 21 ? 1 : 2);
  }

  private static void run(Jdk jdk, List<String> prefix, String property, int fewer)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(jdk.command());
    command.addAll(jdk.opens());
    if (jdk.version() >= 9) {
      command.add("--add-opens=java.management/sun.management=ALL-UNNAMED");
      command.add("--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");
    }
    command.addAll(List.of(property, "-cp", jar().toString(), "WaitingReport"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    try (Forked app = new Forked(builder)) {
      int code = app.exit();
      String last = app.out().get(app.out().size() - 1);
      int wanted = (jdk.version() < 21 ? CONNECTIONS_8 : CONNECTIONS_21) - fewer;
      assertEquals("right " + wanted, last, () -> app.describe("exit " + code));
    }
  }

  private static synchronized Path jar() throws IOException {
    Path file = Files.createDirectories(Path.of("target/attach")).resolve("waiting-report.jar");
    Map<String, String> classes =
        Map.of("Class-Path", Path.of("target/classes").toAbsolutePath().toUri().toString());
    return Jars.build(
        file, classes, WaitingThreadsXIT.class, "WaitingClients.java", "WaitingReport.java");
  }
}
