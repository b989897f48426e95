package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A changed properties file is in force within two seconds, for new connections and open ones. */
@ExtendWith(SteadyMachine.class)
class FileWatchXIT {

  private static final long LIMIT_MILLIS = 2000;
  private static final long PAUSE_MILLIS = 20;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> editedReplacedAndBroken() {
    return Jdk.each(
        jdk -> {
          Path file = folder.resolve(jdk.version() + ".properties");
          Text.write(file, "idle = 5", "intvl = 5");
          try (Session session = new Session(new Jvm(jdk).agent("config=" + file + ",cnt=4"))) {
            assertEquals(options(5, 5), session.both("open old 127.0.0.1 0"));
            session.app().awaitErr(0, StartLine::isStart);

            Text.write(file, "idle = 7", "intvl = 5");
            inForce(session, "edited", options(7, 5));

            Text.replace(file, "idle = 7", "intvl = 9");
            inForce(session, "replaced", options(7, 9));

            int lines = session.app().err().size();
            Text.write(file, "idle = 8", "# nonsense follows", "intvl = soon");
            String line = session.app().awaitErr(lines, StartLine::isLog);
            assertTrue(line.contains("event=config-rejected"), line);
            assertTrue(line.contains(file + " line 3") && line.contains("soon"), line);
            assertEquals(options(7, 9), session.both("read old"), "the last good settings");
            assertEquals(options(7, 9), session.both("open broken 127.0.0.1 0"), "for new ones");
            String pid = String.valueOf(session.app().pid());
            Cli.run(jdk, "status", pid).prints("warning: intvl=soon (" + file + " line 3)");
            Cli.run(jdk, "status", "--json", pid)
                .prints("\"warnings\": [\n    {\"text\": \"intvl=soon");

            Text.write(file, "idle = 8", "intvl = 10");
            inForce(session, "repaired", options(8, 10));
            Cli repaired = Cli.run(jdk, "status", pid).prints("idle=8s");
            repaired.check(!repaired.out().contains("warning"), "no warning");

            Files.delete(file);
            lines = session.app().err().size();
            session.app().awaitErr(lines - 1, text -> text.contains("event=config-rejected"));
            assertEquals(options(8, 10), session.both("read old"), "the last good settings");
            Cli.run(jdk, "status", pid)
                .prints("warning: config=" + file + " (agent arguments) does not exist");

            Text.write(file, "keepalive = off");
            KernelTimers kernel = KernelTimers.read();
            inForce(
                session,
                "off",
                "keepalive=0 idle=%d intvl=%d cnt=%d user-timeout=0"
                    .formatted(kernel.idle(), kernel.intvl(), kernel.cnt()));
            session.end();
          }
        });
  }

  /**
   * As in Kubernetes: the file is a link through {@code ..data}, which is a link to a dated folder.
   */
  @TestFactory
  Stream<DynamicTest> linkSwapped() {
    return Jdk.each(
        jdk -> {
          Path mount = Files.createDirectory(folder.resolve("mount-" + jdk.version()));
          version(mount, "..2026_01", "idle = 5", "rules =");
          Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_01"));
          Path file = mount.resolve("hb-agent.properties");
          Files.createSymbolicLink(file, Path.of("..data", "hb-agent.properties"));
          try (Session session = new Session(new Jvm(jdk).agent("config=" + file + ",cnt=4"))) {
            assertEquals(options(5, 5), session.both("open old 127.0.0.1 0"));
            session.app().awaitErr(0, StartLine::isStart);

            version(mount, "..2026_02", "idle = 6", "rules =");
            swap(mount, "..2026_02");
            inForce(session, "swapped", options(6, 5));

            version(
                mount,
                "..2026_03",
                "idle = 6",
                "rules = all",
                "rule.all.remote = *",
                "rule.all.intvl = 8");
            swap(mount, "..2026_03");
            inForce(session, "ruled", options(6, 8));
            session.end();
          }
        });
  }

  private static void version(Path mount, String name, String... lines) throws IOException {
    Text.write(Files.createDirectory(mount.resolve(name)).resolve("hb-agent.properties"), lines);
  }

  private static void swap(Path mount, String to) throws IOException {
    Path fresh = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(to));
    Files.move(fresh, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String options(int idle, int intvl) {
    return "keepalive=1 idle=" + idle + " intvl=" + intvl + " cnt=4 user-timeout=0";
  }

  /**
   * Checks that open connections get the options within the limit, and that a new one has them.
   * Called at once after the change.
   */
  private static void inForce(Session session, String name, String wanted) throws Exception {
    long changed = System.nanoTime();
    // A sweep may come between reading the first end and the last, so all of them must agree.
    List<String> now = options(session.command("read old"));
    while (!now.equals(List.of(wanted, wanted))) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - changed);
      if (millis > LIMIT_MILLIS) {
        throw new AssertionError(
            session.app().describe(name + ": " + wanted + " within 2 s, still " + now));
      }
      Thread.sleep(PAUSE_MILLIS);
      now = options(session.command("read old"));
    }
    String opened = session.both("open " + name + " 127.0.0.1 0");
    String fresh = wanted.startsWith("keepalive=0") ? ProbeRun.UNTOUCHED : wanted;
    assertEquals(fresh, opened, session.app().describe(name + ", a new connection"));
  }

  private static List<String> options(List<ProbeRun.Line> ends) {
    return ends.stream().map(ProbeRun.Line::options).toList();
  }
}
