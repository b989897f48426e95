package io.hbagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands to a JVM that can start no more threads: HotSpot starts its Attach Listener when a
 * command wakes it, and aborts where it gets none.
 */
class AttachThreadLimitXIT {

  /** Users of these tests, one for each JDK: the limit counts the threads of a user. */
  private static final int USER = 64_200;

  @TempDir Path folder;
  private Path jar;
  private Path target;

  @BeforeEach
  void copy() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    jar = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
  }

  @TestFactory
  Stream<DynamicTest> userHasNoThreadLeft() {
    return Jdk.each(
        jdk -> {
          String user = String.valueOf(USER + jdk.version());
          List<String> limited =
              List.of(
                  "setpriv",
                  "--reuid=" + user,
                  "--regid=" + user,
                  "--clear-groups",
                  "prlimit",
                  "--nproc=150");
          assumeWorks(
              Stream.concat(limited.stream(), Stream.of(jdk.java(), "-version")).toList(),
              "cannot run Java as another user");
          try (AttachTargetApp app =
              AttachTargetApp.startUnder(limited, jdk, target, "-XX:+UseSerialGC")) {
            app.tell("open 1");
            app.tell("take");
            for (String command : List.of("attach", "status", "detach")) {
              Cli.run(List.of(jdk.java()), jar, command, app.pid())
                  .fails(
                      1,
                      "can start no more threads (ulimit -u is 150, and its user has 150 threads)",
                      "nothing was sent to it");
            }
            app.tell("free");
            Cli.run(List.of(jdk.java()), jar, "attach", app.pid())
                .prints("2 connections given keepalive");
          }
        });
  }

  /**
   * The jars have a name of this test's, so that no other test's {@code list} takes the target for
   * one with the agent and asks it. A JDK in another root may not see the control group.
   */
  @TestFactory
  Stream<DynamicTest> controlGroupHasNoThreadLeft() {
    List<String> java = List.of(Jdk.running().java());
    return Jdk.each(
        jdk -> {
          String name = "limit-" + jdk.version() + "-" + ProcessHandle.current().pid();
          Path agent = Files.copy(jar, folder.resolve(name + ".jar"));
          Path app = Files.createDirectory(folder.resolve(name)).resolve(name + ".jar");
          Path group = group("hb-agent-" + name);
          try (AttachTargetApp limited =
              AttachTargetApp.startJar(jdk, Files.copy(target, app), "-XX:+UseSerialGC")) {
            String pid = limited.pid();
            limited.tell("open 1");
            Files.writeString(group.resolve("cgroup.procs"), pid);
            Files.writeString(group.resolve("pids.max"), "1");
            Cli.run(java, agent, "attach", pid)
                .fails(1, "can start no more threads (", "/pids.max is 1)", "nothing was sent");
            Cli list = Cli.run(java, agent, "list");
            list.check(
                list.forked().out().stream().anyMatch(line -> line.matches(pid + " .* \\? .*")),
                "a question mark in its row");
            limited.tell("measure");
            Files.writeString(group.resolve("pids.max"), "max");
            Cli.run(java, agent, "attach", pid).prints("2 connections given keepalive");
            Files.writeString(group.resolve("pids.max"), "1");
            // By the Attach Listener that is there by now.
            Cli.run(java, agent, "status", pid).prints("2 connections");
          } finally {
            delete(group);
          }
        });
  }

  /** Makes a control group with a pids controller. */
  private static Path group(String name) {
    Path first = Path.of("/sys/fs/cgroup/pids");
    Path group = (Files.isDirectory(first) ? first : Path.of("/sys/fs/cgroup")).resolve(name);
    try {
      Files.createDirectory(group);
      Files.writeString(group.resolve("pids.max"), "max");
    } catch (IOException e) {
      assumeTrue(false, "cannot make a control group: " + e);
    }
    return group;
  }

  /** Possible once the kernel has let go of its last process. */
  private static void delete(Path group) throws Exception {
    for (int i = 0; i < 100; i++) {
      try {
        Files.delete(group);
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    Files.delete(group);
  }

  private static void assumeWorks(List<String> command, String otherwise) throws Exception {
    try (Forked forked = new Forked(new ProcessBuilder(command))) {
      assumeTrue(forked.exit() == 0, () -> forked.describe(otherwise));
    } catch (IOException e) {
      assumeTrue(false, otherwise + ": " + e);
    }
  }
}
