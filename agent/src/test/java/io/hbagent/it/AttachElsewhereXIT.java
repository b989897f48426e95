package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets of another user, and in another file system. */
class AttachElsewhereXIT {

  private static final Jdk JDK = Jdk.running();
  private static final String NOBODY = "65534";
  private static final int STICKY = 01000; // inode(7)

  /** In a new mount namespace: our programs and /tmp, but no folder of this project. */
  private static final String CONTAINER =
      """
      root=$1; shift
      for folder in usr bin lib lib64 etc opt proc dev tmp; do
        if [ -L /$folder ]; then cp -P /$folder $root/; continue; fi
        [ -d /$folder ] || continue
        mkdir -p $root/$folder && mount --rbind /$folder $root/$folder || exit 3
      done
      exec chroot $root "$@"
      """;

  private Path folder;
  private Path agent;
  private Path target;

  /** Copies that anybody may read, wherever this checkout lies. */
  @BeforeEach
  void copy() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    folder = Files.createTempDirectory("hb-agent");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    agent = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
  }

  @AfterEach
  void delete() throws IOException {
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void jvmOfAnotherUser() throws Exception {
    List<String> nobody = asNobody();
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Cli.run(with(nobody, JDK.java()), agent, "attach", app.pid(), "idle=7")
          .fails(
              1,
              "belongs to root, and only that user may attach to it",
              "sudo -u root java -jar " + agent + " attach " + app.pid() + " idle=7");
      app.tell("open 1");
      assertTrue(app.forked().err().isEmpty(), "it was not touched");
    }
  }

  /** What root asks of it, and what it asks itself. */
  @Test
  void jvmOfAnotherUserAttachedByRoot() throws Exception {
    List<String> nobody = asNobody();
    try (AttachTargetApp app = AttachTargetApp.startUnder(nobody, JDK, target)) {
      app.tell("open 1");
      Cli.run(List.of(JDK.java()), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given keepalive");
      Cli.run(with(nobody, JDK.java()), agent, "status", app.pid()).prints("7/5/3");
      Cli.run(List.of(JDK.java()), agent, "detach", app.pid()).prints("detached");
    }
  }

  /**
   * Its own user could not delete it when it started, and no one can attach as long as it lies
   * there: the command says which file it is.
   */
  @Test
  void socketLeftByAnEarlierJvmWithItsId() throws Exception {
    List<String> nobody = asNobody();
    int mode = (Integer) Files.getAttribute(Path.of("/tmp"), "unix:mode");
    assumeTrue((mode & STICKY) != 0, "in this /tmp anybody may delete what is another's");
    try (AttachTargetApp app = startWhereSocketWasLeft(nobody)) {
      app.tell("open 1");
      Path left = Path.of("/tmp/.java_pid" + app.pid());
      for (List<String> java : List.of(List.of(JDK.java()), with(nobody, JDK.java()))) {
        Cli.run(java, agent, "attach", app.pid(), "idle=7")
            .fails(1, "does not listen at " + left, "delete that file where the JVM sees it");
      }
      Files.delete(left);
      Cli.run(List.of(JDK.java()), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given keepalive");
      Cli again = Cli.run(with(nobody, JDK.java()), agent, "status", app.pid()).prints("7/5/3");
      again.check(again.err().isEmpty(), "the JVM's own socket is left alone");
    }
  }

  private AttachTargetApp startWhereSocketWasLeft(List<String> prefix) throws Exception {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    } // closed: the file stays
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    String script = "mv \"$0\" /tmp/.java_pid$$ && exec \"$@\"";
    List<String> shell = List.of("sh", "-c", script, socket.toString());
    return AttachTargetApp.startUnder(with(shell, prefix.toArray(new String[0])), JDK, target);
  }

  private static List<String> asNobody() throws Exception {
    List<String> command =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    assumeWorks(with(command, JDK.java(), "-version"), "cannot run Java as another user");
    return command;
  }

  @Test
  void jvmInAContainer() throws Exception {
    List<String> inside = inContainer();
    Path root = Path.of(inside.get(inside.size() - 1));
    Path copy = Files.copy(target, Files.createDirectories(root.resolve("app")).resolve("a.jar"));
    Path within = Path.of("/").resolve(root.relativize(copy));
    try (AttachTargetApp app = AttachTargetApp.startUnder(inside, JDK, within)) {
      app.tell("open 1");
      Path jar = Jvm.AGENT.toRealPath();
      assumeTrue(Files.notExists(Path.of("/proc", app.pid(), "root" + jar)), "it sees " + jar);
      Cli.run(JDK, "attach", app.pid(), "idle=7")
          .fails(1, "runs in a container, which has no " + jar, "copy the jar into it", "PID");
      // The jar in /tmp is the same there.
      Cli.run(List.of(JDK.java()), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given keepalive");
      Cli.run(List.of(JDK.java()), agent, "status", app.pid()).prints("7/5/3");
    }
  }

  private List<String> inContainer() throws Exception {
    Path root = Files.createDirectory(folder.resolve("root"));
    String script = Files.writeString(folder.resolve("container"), CONTAINER).toString();
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    List<String> command =
        List.of("unshare", isRoot ? "-m" : "-Urm", "sh", script, root.toString());
    assumeWorks(with(command, JDK.java(), "-version"), "cannot make a container");
    return command;
  }

  private static void assumeWorks(List<String> command, String otherwise) throws Exception {
    String why;
    try (Forked forked = new Forked(new ProcessBuilder(command))) {
      why = forked.exit() == 0 ? null : String.join(" ", forked.err());
    } catch (IOException e) {
      why = e.getMessage();
    }
    assumeTrue(why == null, otherwise + ": " + why);
  }

  private static List<String> with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }
}
