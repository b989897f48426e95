package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The command line as root, and a target whose user owns the folder that the request is left in:
 * nothing of root's is written, emptied or given away.
 *
 * <p>The target runs as another user in a chroot of its own. The attacker is this test: in a folder
 * of that user's it exchanges names, which that user could do as well.
 */
class HostileFolderXIT {

  private static final Jdk JDK = Jdk.running();
  private static final int USER = 65534;
  private static final String REQUEST = ".hb-agent-";
  private static final String CONTENT = "root's own\n";
  private static final int TRIES = 4;

  /** In a new mount namespace: our programs, and a /tmp of its own. */
  private static final String CONTAINER =
      """
      root=$1; shift
      for folder in usr bin lib lib64 etc opt proc dev; do
        if [ -L /$folder ]; then cp -P /$folder $root/; continue; fi
        [ -d /$folder ] || continue
        mkdir -p $root/$folder && mount --rbind /$folder $root/$folder || exit 3
      done
      exec chroot $root setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
      """;

  private Path folder;
  private Path root;
  private Path tmp;
  private Path agent;
  private Path victim;
  private AttachTargetApp app;

  @BeforeEach
  void start() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    folder = Files.createTempDirectory("hb-agent");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = Files.createDirectory(folder.resolve("root"));
    tmp = Files.createDirectory(root.resolve("tmp"));
    Files.setAttribute(tmp, "unix:uid", USER);
    victim = Files.writeString(folder.resolve("victim"), CONTENT);
    agent = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    Path inside = Files.createDirectories(root.resolve(Path.of("/").relativize(folder)));
    Files.copy(agent, inside.resolve("hb-agent.jar"));
    Files.copy(AttachTargetApp.jar(), inside.resolve("target.jar"));
    Path script = Files.writeString(folder.resolve("container"), CONTAINER);
    List<String> prefix = List.of("unshare", "-m", "sh", script.toString(), root.toString());
    try {
      app = AttachTargetApp.startUnder(prefix, JDK, folder.resolve("target.jar"));
    } catch (AssertionError e) {
      assumeTrue(false, "cannot make a container: " + e.getMessage());
    }
    // Where the attach API of some JDKs looks for it, since the process ID is the same in and out.
    Path socket = Path.of("tmp", ".java_pid" + app.pid());
    Files.createSymbolicLink(Path.of("/").resolve(socket), root.resolve(socket));
  }

  @AfterEach
  void end() throws IOException {
    if (app != null) {
      app.close();
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private Forked cli(String... arguments) throws IOException {
    return Cli.start(List.of(JDK.java()), agent, arguments);
  }

  /** Without it, nothing below is tried. */
  @Test
  void attachesWhereNoOneAttacks() throws Exception {
    app.tell("open 1");
    Cli.run(List.of(JDK.java()), agent, "attach", app.pid(), "idle=7")
        .prints("2 connections given keepalive");
    Cli.run(List.of(JDK.java()), agent, "detach", app.pid()).prints("detached");
    assertEquals(List.of(), requests(), "nothing is left");
  }

  /** The name leads to a file of root's as soon as it is there, or as soon as it is written to. */
  @Test
  void exchangedWhileItIsWritten() throws Exception {
    Cli.run(List.of(JDK.java()), agent, "attach", app.pid()).prints("attached");
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

  /** In a sticky folder of root's as well, because the file is the target's user's by then. */
  @Test
  void exchangedWhileItIsWatched() throws Exception {
    Cli.run(List.of(JDK.java()), agent, "attach", app.pid()).prints("attached");
    for (boolean sticky : new boolean[] {false, true}) {
      if (sticky) {
        Files.setAttribute(tmp, "unix:uid", 0);
        Files.setAttribute(tmp, "unix:mode", 01777);
      }
      try (Forked cli = cli("status", "--watch", app.pid())) {
        cli.awaitOut(0, line -> line.startsWith("JVM "));
        exchange(cli, file -> true);
        try { // what was opened once is still read and written
          int from = cli.out().size();
          cli.awaitOut(from, line -> line.startsWith("JVM "));
          cli.awaitOut(cli.out().size(), line -> line.startsWith("JVM "));
        } finally {
          assertUntouched(cli);
        }
      }
    }
  }

  /** A FIFO blocks the thread that opens it. */
  @Test
  void exchangedForAFifo() throws Exception {
    Cli.run(List.of(JDK.java()), agent, "attach", app.pid()).prints("attached");
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
    Cli.run(List.of(JDK.java()), agent, "attach", app.pid()).prints("attached");
    try (Forked cli = cli("status", "--watch", app.pid())) {
      cli.awaitOut(0, line -> line.startsWith("JVM "));
      Path file = awaitRequest(cli, each -> true);
      try (Forked truncate =
          new Forked(new ProcessBuilder("truncate", "-s", "20G", file.toString()))) {
        assertEquals(0, truncate.exit(), () -> truncate.describe("makes it huge"));
      }
      new Cli(cli, cli.exit()).fails(1, "the answer is larger than");
    }
  }

  /** The folder itself is a link out of the container, or one that its user may not write to. */
  @Test
  void folderThatLeadsElsewhere() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.move(tmp, root.resolve("away"));
    Files.createSymbolicLink(tmp, elsewhere);
    Cli.run(List.of(JDK.java()), agent, "status", app.pid()).fails(1);
    assertEquals(List.of(), List.of(elsewhere.toFile().list()));
    Files.delete(tmp);
    Files.move(root.resolve("away"), tmp);
    Files.setAttribute(tmp, "unix:uid", 0); // as one that was mounted there
    Cli.run(List.of(JDK.java()), agent, "status", app.pid())
        .fails(1, "is none that its own user may write to");
    assertEquals(List.of(), requests());
  }

  /** Waits for the file of the request; in a tight loop, as an attacker does. */
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
      // The command was quicker.
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
