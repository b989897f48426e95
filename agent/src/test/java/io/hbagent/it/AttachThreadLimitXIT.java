package io.hbagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands to a JVM at its thread limit: HotSpot starts its Attach Listener at the first attach,
 * and aborts if the thread cannot be created.
 */
class AttachThreadLimitXIT {

  /** User IDs of these tests, one for each JDK: the limit counts the threads of a user. */
  private static final int USER = 64_200;

  @TempDir(factory = ReadableTempDir.class)
  Path folder;

  private Path jar;
  private Path target;

  @BeforeEach
  void copy() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    jar = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
  }

  @TestFactory
  Stream<DynamicTest> userHasNoThreadLeft() {
    return Jdk.each(
        jdk -> {
          String user = String.valueOf(USER + jdk.version());
          List<String> limited = OtherUser.prefix(user, jdk, "prlimit", "--nproc=150");
          try (AttachTargetApp app = AttachTargetApp.startLimited(limited, jdk, target)) {
            app.command("open 1");
            app.command("take");
            for (String command : List.of("attach", "status", "detach")) {
              Cli.run(jdk.command(), jar, command, app.pid())
                  .fails(
                      1,
                      "can start no more threads (ulimit -u is 150, and its user has 150 threads)",
                      "nothing was sent to it");
            }
            app.command("free");
            Cli.run(jdk.command(), jar, "attach", app.pid())
                .prints("2 connections given the policy");
          }
        });
  }

  /**
   * The jars have a name of their own, so that no other test's {@code list} takes the target for a
   * JVM with the agent and attaches to it. A JDK in another root may not see the control group.
   */
  @TestFactory
  Stream<DynamicTest> controlGroupHasNoThreadLeft() {
    List<String> java = Jdk.running().command();
    return Jdk.each(
        jdk -> {
          String name = "limit-" + jdk.version() + "-" + ProcessHandle.current().pid();
          Path agent = Files.copy(jar, folder.resolve(name + ".jar"));
          Path app = Files.createDirectory(folder.resolve(name)).resolve(name + ".jar");
          Path group = group("hb-agent-" + name);
          try (AttachTargetApp limited =
              AttachTargetApp.startJar(
                  jdk, Files.copy(target, app), AttachTargetApp.STEADY_THREADS)) {
            String pid = limited.pid();
            limited.command("open 1");
            Files.writeString(group.resolve("cgroup.procs"), pid);
            Files.writeString(group.resolve("pids.max"), "1");
            Cli.run(java, agent, "attach", pid)
                .fails(1, "can start no more threads (", "/pids.max is 1)", "nothing was sent");
            Cli list = Cli.run(java, agent, "list");
            list.check(
                list.lines().stream().anyMatch(line -> line.matches(pid + " .* \\? .*")),
                "a question mark in its row");
            limited.command("measure");
            Files.writeString(group.resolve("pids.max"), "max");
            Cli.run(java, agent, "attach", pid).prints("2 connections given the policy");
            Files.writeString(group.resolve("pids.max"), "1");
            // Works, because the Attach Listener runs by now.
            Cli.run(java, agent, "status", pid).prints("2 connections");
          } finally {
            delete(group);
          }
        });
  }

  /** Creates a control group with a pids controller. */
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

  /** Deletes a control group once the kernel has removed its last process. */
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
}
