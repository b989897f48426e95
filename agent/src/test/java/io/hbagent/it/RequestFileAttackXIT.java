package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks on the request file: the command line runs as root, and the target's user owns the folder
 * of the file. No file of root's is written, truncated or made readable.
 *
 * <p>The target runs as another user in a chroot. This test plays the attacker: it replaces names
 * in a folder of that user, which that user could do as well.
 */
class RequestFileAttackXIT {

  private static final Jdk JDK = Jdk.running();
  private static final int USER = 65534;
  private static final String REQUEST = ".hb-agent-";
  private static final String CONTENT = "root's own\n";
  private static final int TRIES = 4;

  @TempDir(factory = ReadableTempDir.class)
  Path folder;

  private Path root;
  private Path tmp;
  private Path agent;
  private Path victim;
  private AttachTargetApp app;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(OtherUser.IS_ROOT, "needs root");
    root = Files.createDirectory(folder.resolve("root"));
    tmp = Files.createDirectory(root.resolve("tmp"));
    Files.setAttribute(tmp, "unix:uid", USER);
    victim = Files.writeString(folder.resolve("victim"), CONTENT);
    agent = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    Path inside = Files.createDirectories(root.resolve(Path.of("/").relativize(folder)));
    Files.copy(agent, inside.resolve("hb-agent.jar"));
    Files.copy(AttachTargetApp.jar(), inside.resolve("target.jar"));
    String prefix = "setpriv --reuid=" + USER + " --regid=" + USER + " --clear-groups";
    // The system's programs, and a /tmp of its own.
    Path script =
        Chroot.script(folder.resolve("container"), "usr bin lib lib64 etc opt proc dev", prefix);
    List<String> container = List.of("unshare", "-m", "sh", script.toString(), root.toString());
    try {
      app = AttachTargetApp.startUnder(container, JDK, folder.resolve("target.jar"));
    } catch (AssertionError e) {
      assumeTrue(false, "cannot make a container: " + e.getMessage());
    }
    // Some JDKs look for the attach socket here, because the process ID is the same inside and
    // outside.
    Path socket = Path.of("tmp", ".java_pid" + app.pid());
    Files.createSymbolicLink(Path.of("/").resolve(socket), root.resolve(socket));
  }

  @AfterEach
  void end() throws IOException {
    if (app != null) {
      app.close();
    }
  }

  private Forked cli(String... arguments) throws IOException {
    return Cli.start(JDK.command(), agent, arguments);
  }

  /** Without an attack the attach works. */
  @Test
  void attachesWithoutAnAttack() throws Exception {
    app.command("open 1");
    Cli.run(JDK.command(), agent, "attach", app.pid(), "idle=7")
        .prints("2 connections given the policy");
    Cli.run(JDK.command(), agent, "detach", app.pid()).prints("detached");
    assertEquals(List.of(), requests(), "nothing is left");
  }

  /**
   * The file is replaced by a link to a file of root's when it is created, or when it is first
   * written.
   */
  @Test
  void exchangedWhileItIsWritten() throws Exception {
    Cli.run(JDK.command(), agent, "attach", app.pid()).prints("attached");
    for (Predicate<Path> when : List.<Predicate<Path>>of(file -> true, file -> size(file) > 0)) {
      for (int i = 0; i < TRIES; i++) {
        try (Forked cli = cli("status", "--timeout=5", app.pid())) {
          exchange(cli, when);
          cli.exit();
          assertUntouched(cli);
        }
      }
    }
  }

  /**
   * The file is replaced while the command waits for the answer; in a sticky folder of root's as
   * well, because the target's user owns the file by then.
   */
  @Test
  void exchangedWhileItIsWatched() throws Exception {
    Cli.run(JDK.command(), agent, "attach", app.pid()).prints("attached");
    for (boolean sticky : new boolean[] {false, true}) {
      if (sticky) {
        Files.setAttribute(tmp, "unix:uid", 0);
        Files.setAttribute(tmp, "unix:mode", 01777);
      }
      try (Forked cli = cli("status", "--watch", app.pid())) {
        cli.awaitOut(0, line -> line.startsWith("JVM "));
        exchange(cli, file -> true);
        try { // the open file is still read and written
          int from = cli.out().size();
          cli.awaitOut(from, line -> line.startsWith("JVM "));
          cli.awaitOut(cli.out().size(), line -> line.startsWith("JVM "));
        } finally {
          assertUntouched(cli);
        }
      }
    }
  }

  /** A FIFO would block the thread that opens it. */
  @Test
  void exchangedForAFifo() throws Exception {
    Cli.run(JDK.command(), agent, "attach", app.pid()).prints("attached");
    try (Forked cli = cli("status", "--watch", app.pid())) {
      cli.awaitOut(0, line -> line.startsWith("JVM "));
      Path file = awaitRequest(cli, each -> true);
      Files.move(file, tmp.resolve("away"));
      try (Forked mkfifo = new Forked(new ProcessBuilder("mkfifo", file.toString()))) {
        assertEquals(0, mkfifo.exit(), () -> mkfifo.describe("makes a FIFO"));
      }
      cli.awaitOut(cli.out().size(), line -> line.startsWith("JVM "));
      cli.awaitOut(cli.out().size(), line -> line.startsWith("JVM "));
    }
  }

  @Test
  void hugeAnswer() throws Exception {
    Cli.run(JDK.command(), agent, "attach", app.pid()).prints("attached");
    try (Forked cli = cli("status", "--watch", app.pid())) {
      cli.awaitOut(0, line -> line.startsWith("JVM "));
      Path file = awaitRequest(cli, each -> true);
      try (Forked truncate =
          new Forked(new ProcessBuilder("truncate", "-s", "20G", file.toString()))) {
        assertEquals(0, truncate.exit(), () -> truncate.describe("makes it huge"));
      }
      Cli.end(cli).fails(1, "the answer is larger than");
    }
  }

  /** The folder itself is a link out of the container, or is not writable by the target's user. */
  @Test
  void folderThatLeadsElsewhere() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.move(tmp, root.resolve("away"));
    Files.createSymbolicLink(tmp, elsewhere);
    Cli.run(JDK.command(), agent, "status", app.pid()).fails(1);
    assertEquals(List.of(), List.of(elsewhere.toFile().list()));
    Files.delete(tmp);
    Files.move(root.resolve("away"), tmp);
    Files.setAttribute(tmp, "unix:uid", 0); // as if it were mounted
    Cli.run(JDK.command(), agent, "status", app.pid())
        .fails(1, "is none that its own user may write to");
    assertEquals(List.of(), requests());
  }

  /** Waits for the request file in a tight loop, as an attacker does. */
  private Path awaitRequest(Forked cli, Predicate<Path> when) {
    long limit = System.nanoTime() + Forked.LIMIT.toNanos();
    while (System.nanoTime() < limit && cli.isAlive()) {
      for (Path file : requests()) {
        if (when.test(file)) {
          return file;
        }
      }
    }
    throw new AssertionError(cli.describe("no request came"));
  }

  private void exchange(Forked cli, Predicate<Path> when) throws IOException {
    Path file = awaitRequest(cli, when);
    try {
      Files.move(file, tmp.resolve("away-" + System.nanoTime()));
      Files.createSymbolicLink(file, victim);
    } catch (NoSuchFileException e) {
      // The command was faster.
    }
  }

  private List<Path> requests() {
    String[] names = tmp.toFile().list((where, name) -> name.startsWith(REQUEST));
    return Stream.of(names == null ? new String[0] : names).map(tmp::resolve).toList();
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private void assertUntouched(Forked cli) throws IOException {
    assertEquals(CONTENT, Files.readString(victim), () -> cli.describe("written to"));
    assertEquals(0, Files.getAttribute(victim, "unix:uid"), () -> cli.describe("given away"));
    assertTrue(Files.isRegularFile(victim, LinkOption.NOFOLLOW_LINKS));
  }
}
