package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A command that is killed while it waits leaves its request file, which a later one deletes. */
class AttachAbandonedRequestXIT {

  @TestFactory
  Stream<DynamicTest> nextCommandDeletesIt() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc: the request file is elsewhere");
    return Jdk.each(AttachAbandonedRequestXIT::abandon);
  }

  private static void abandon(Jdk jdk) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar())) {
      app.command("hold io/hbagent/AgentMain");
      String options = "idle=7,log=/tmp/" + app.pid(); // no other request contains this
      try (Forked cli = Cli.start(jdk, List.of(), "attach", app.pid(), options)) {
        cli.awaitErr(0, line -> line.contains("waiting for JVM " + app.pid()));
      } // closed: by SIGKILL
      List<Path> left = requests(options);
      assertEquals(1, left.size(), "left behind");
      Path file = left.get(0);
      Instant now = Instant.now();

      Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofMinutes(50))));
      Cli.run(jdk, "status", "--timeout=1", app.pid()).fails(1, "does not answer within 1 s");
      assertTrue(Files.exists(file), "it may still be waited for");

      Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofMinutes(70))));
      Cli.run(jdk, "status", "--timeout=1", app.pid()).fails(1, "does not answer within 1 s");
      assertTrue(Files.notExists(file), "an hour is over");

      // The target, which knows the file's name already, finds no request and does nothing.
      app.command("go");
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
      assertEquals(List.of(), app.command("properties"));
      assertTrue(Files.notExists(file), "it was not made again");
    }
  }

  private static List<Path> requests(String options) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".hb-agent-"))
          .filter(file -> reads(file, options))
          .toList();
    }
  }

  private static boolean reads(Path file, String options) {
    try {
      return Files.readString(file).contains(options);
    } catch (IOException e) {
      return false; // of another user, or deleted
    }
  }
}
