package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The columns of {@code list}. */
class AttachListXIT {

  @TempDir Path folder;

  @BeforeEach
  void requireProc() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
  }

  @TestFactory
  Stream<DynamicTest> showsProcessUserVersionAndMainClassOrJar() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp named = AttachTargetApp.start(jdk);
              AttachTargetApp jar = AttachTargetApp.startJar(jdk)) {
            Cli list =
                Cli.run(jdk, "list")
                    .prints("PID ", " USER ", " JDK ", " HB-AGENT", " AOT ", " MAIN");
            check(jdk, row(list, named), "AttachTarget");
            check(jdk, row(list, jar), AttachTargetApp.jar().toString());
            Cli json = Cli.run(jdk, "list", "--json");
            json.prints("\"pid\": " + named.pid() + ", ", "\"main\": \"AttachTarget\"}");
            json.prints("\"pid\": " + jar.pid() + ", ", AttachTargetApp.jar() + "\"}");
          }
        });
  }

  /** JDK 8's management looks the name of this machine up, which waits for a DNS that is gone. */
  @TestFactory
  Stream<DynamicTest> looksUpNoName() {
    return Jdk.each(
        jdk -> {
          Cli cli = Cli.run(jdk, List.of("-verbose:class"), "attach", "NoJvmHasThisName");
          cli.fails(1, "no JVM runs");
          assertFalse(cli.out().contains(" sun.management."), "no management");
        });
  }

  private static void check(Jdk jdk, List<String> row, String main) throws Exception {
    // Where a user has no name, its number is shown.
    Object number = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Set<String> users = Set.of(System.getProperty("user.name"), number.toString());
    assertTrue(users.contains(row.get(1)), row::toString);
    assertTrue(row.get(2).matches("(1\\.)?" + jdk.version() + "\\b.*"), row::toString);
    assertEquals(List.of("-", "-", main), row.subList(3, 6));
  }

  @TestFactory
  Stream<DynamicTest> showsTheAgentAndItsPolicy() {
    return Jdk.each(this::policies);
  }

  private void policies(Jdk jdk) throws Exception {
    try (AttachTargetApp without = AttachTargetApp.start(jdk);
        AttachTargetApp attached = AttachTargetApp.start(jdk);
        AttachTargetApp fromStart = AttachTargetApp.startJar(jdk, agent("idle=8"));
        AttachTargetApp off = AttachTargetApp.start(jdk, agent("keepalive=off"))) {
      Cli.run(jdk, "attach", attached.pid(), "idle=7,cnt=4").prints("attached");
      Cli.run(jdk, "status", fromStart.pid()).prints("hb-agent"); // it is at work by now
      Cli.run(jdk, "status", off.pid()).prints("hb-agent");
      Cli list = Cli.run(jdk, "list");
      assertEquals("-", row(list, without).get(3));
      assertEquals("7/5/4", row(list, attached).get(3));
      assertEquals("8/5/3", row(list, fromStart).get(3));
      assertEquals("off", row(list, off).get(3));
      assertEquals("AttachTarget", row(list, off).get(5));
      assertTrue(threads(attached).contains("Attach Listener"), "how a JVM is touched");
      assertTrue(!threads(without).contains("Attach Listener"), "not touched");

      Path file = Text.write(folder.resolve("hb.properties"), "idle = 9");
      Cli.run(jdk, "attach", attached.pid(), "config=" + file).prints("idle=9s");
      Cli.run(jdk, "detach", fromStart.pid()).prints("detached");
      list = Cli.run(jdk, "list");
      assertEquals(List.of("9/5/3", "+file"), row(list, attached).subList(3, 5));
      assertEquals("-", row(list, fromStart).get(3));
      Cli.run(jdk, "list", "--json").prints("\"hb-agent\": \"9/5/3 +file\"", "\"hb-agent\": \"-\"");
    }
  }

  /**
   * Main classes, users and policies with control characters: they clear the screen, ring the bell
   * or start a new line.
   */
  @TestFactory
  Stream<DynamicTest> controlCharactersInNamesAreNotPrinted() throws Exception {
    String odd = "\u001b[2J\u0007\r\nJVM";
    Path jar = Files.copy(AttachTargetApp.jar(), folder.resolve(odd));
    String shown = "\\u001b[2J\\u0007\\u000d\\u000aJVM";
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.startJar(jdk, jar)) {
            Cli list = printable(Cli.run(jdk, "list").prints(shown));
            assertEquals(
                folder.resolve("x").resolveSibling(shown).toString(), row(list, app).get(5));
            printable(Cli.run(jdk, "list", "--json").prints("/" + shown + "\""));
            printable(Cli.run(jdk, "status", app.pid(), "--verbose")).check(true, "");
            printable(Cli.run(jdk, "attach", app.pid()).prints(" (" + shown + "): "));
            app.command("rename a\\u001b[2J\\u0007\\r\\n\\u009bb");
            app.command("open 1");
            printable(Cli.run(jdk, "status", app.pid(), "--wide"))
                .prints(" (" + shown + "): ", " a\\u001b[2J\\u0007\\u000d\\u000a\\u009bb");
            printable(Cli.run(jdk, "status", app.pid(), "--json"))
                .prints("\\u000d\\u000a\\u009bb\"");
          }
        });
  }

  private static Cli printable(Cli cli) {
    String all = cli.out() + cli.err();
    String text = all.replace("\tat ", "at "); // of our own stack traces
    cli.check(text.matches("[ -~\\n…]*"), "only what is printable");
    return cli;
  }

  private static String agent(String options) {
    return "-javaagent:" + Jvm.AGENT + "=" + options;
  }

  private static List<String> row(Cli list, AttachTargetApp app) {
    List<List<String>> rows =
        list.lines().stream()
            .map(line -> List.of(line.trim().split(" +")))
            .filter(row -> row.get(0).equals(app.pid()))
            .toList();
    list.check(rows.size() == 1, "one row for " + app.pid());
    return rows.get(0);
  }

  /** Returns the names of the target's threads as the kernel has them. */
  private static List<String> threads(AttachTargetApp app) throws Exception {
    List<String> names = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc", app.pid(), "task"))) {
      for (Path task : tasks.toList()) {
        try {
          names.add(Files.readString(task.resolve("comm")).trim());
        } catch (IOException e) {
          // the thread has ended
        }
      }
    }
    return names;
  }
}
