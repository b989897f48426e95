package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Relative paths are resolved against the command's working directory, not the target's. */
class AttachRelativePathsXIT {

  private static final String CONFIG = "hb-agent-test.properties";
  private static final String LOG = "hb-agent-test.log";

  @TempDir Path temp;

  @TestFactory
  Stream<DynamicTest> configAndLogFromAnotherFolder() {
    return Jdk.each(this::paths);
  }

  private void paths(Jdk jdk) throws Exception {
    Path here = Files.createTempDirectory(temp, "here").toRealPath();
    Path there = Files.createTempDirectory(temp, "there").toRealPath();
    Text.write(here.resolve(CONFIG), "idle = 7");
    Files.createDirectory(here.resolve("sub"));
    Text.write(there.resolve(CONFIG), "idle = 9");
    try (AttachTargetApp app = AttachTargetApp.startIn(there, jdk)) {
      app.command("open 1");
      Cli.runIn(here, jdk, "attach", app.pid(), "config=" + CONFIG + ",log=sub/../" + LOG)
          .prints("2 connections given the policy", "idle=7s", here.resolve(CONFIG).toString());
      assertTrue(Files.readString(here.resolve(LOG)).contains("event=open-connections given=2"));
      assertEquals(List.of(CONFIG), names(there));

      // Attached again from another folder, the same relative path is another file.
      Cli.runIn(there, jdk, "attach", app.pid(), "config=" + CONFIG)
          .prints("idle=9s", there.resolve(CONFIG).toString());
      Cli.runIn(here, jdk, "attach", "--dry-run", app.pid(), "config=sub/none")
          .fails(2, here.resolve("sub/none").toString());
      // The file watched is the one named last.
      Text.write(here.resolve(CONFIG), "idle = 11");
      Text.write(there.resolve(CONFIG), "idle = 12");
      Waiting.until(app.forked(), () -> Files.readString(here.resolve(LOG)).contains("idle=12s"));
      assertTrue(!Files.readString(here.resolve(LOG)).contains("idle=11s"));
      Cli.run(jdk, "detach", app.pid()).prints("detached");
      assertEquals(List.of(CONFIG), names(there));
    }
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
