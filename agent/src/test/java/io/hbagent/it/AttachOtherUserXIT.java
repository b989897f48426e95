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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Attach to a JVM of another user, and to one in a container with its own file system. */
class AttachOtherUserXIT {

  private static final Jdk JDK = Jdk.running();
  private static final String UNPRIVILEGED_UID = "65534";
  private static final int STICKY = 01000; // inode(7)

  @TempDir(factory = ReadableTempDir.class)
  Path folder;

  private Path agent;
  private Path target;

  /** Makes copies that every user can read, wherever this checkout is. */
  @BeforeEach
  void copy() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    agent = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
  }

  @Test
  void jvmOfAnotherUser() throws Exception {
    List<String> unprivileged = asUnprivileged();
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Cli.run(with(unprivileged, JDK.command()), agent, "attach", app.pid(), "idle=7")
          .fails(
              1,
              "belongs to root, and only that user may attach to it",
              "sudo -u root java -jar " + agent + " attach " + app.pid() + " idle=7");
      app.command("open 1");
      assertTrue(app.forked().err().isEmpty(), "it was not touched");
    }
  }

  /** Root attaches and detaches; the JVM's own user asks for the status. */
  @Test
  void jvmOfAnotherUserAttachedByRoot() throws Exception {
    List<String> unprivileged = asUnprivileged();
    try (AttachTargetApp app = AttachTargetApp.startUnder(unprivileged, JDK, target)) {
      app.command("open 1");
      Cli.run(JDK.command(), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given the policy");
      Cli.run(with(unprivileged, JDK.command()), agent, "status", app.pid()).prints("7/5/3");
      Cli.run(JDK.command(), agent, "detach", app.pid()).prints("detached");
    }
  }

  /**
   * The target's user could not delete the socket file at start, and no one can attach while it
   * exists: the command names the file.
   */
  @Test
  void socketLeftByAnEarlierJvmWithItsId() throws Exception {
    List<String> unprivileged = asUnprivileged();
    int mode = (Integer) Files.getAttribute(Path.of("/tmp"), "unix:mode");
    assumeTrue((mode & STICKY) != 0, "this /tmp is not sticky: users may delete files of others");
    try (AttachTargetApp app = startWhereSocketWasLeft(unprivileged)) {
      app.command("open 1");
      Path left = Path.of("/tmp/.java_pid" + app.pid());
      for (List<String> java : List.of(JDK.command(), with(unprivileged, JDK.command()))) {
        Cli.run(java, agent, "attach", app.pid(), "idle=7")
            .fails(1, "does not listen at " + left, "delete that file where the JVM sees it");
      }
      Files.delete(left);
      Cli.run(JDK.command(), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given the policy");
      Cli again =
          Cli.run(with(unprivileged, JDK.command()), agent, "status", app.pid()).prints("7/5/3");
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
    return AttachTargetApp.startUnder(with(shell, prefix), JDK, target);
  }

  private static List<String> asUnprivileged() throws Exception {
    return OtherUser.prefix(UNPRIVILEGED_UID, JDK);
  }

  /** Creates temporary folders outside of /tmp, which the container shares. */
  static final class InVarTmp implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
        throws IOException {
      return Files.createTempDirectory(Path.of("/var/tmp"), "hb-agent");
    }
  }

  @Test
  void jvmInAContainer(@TempDir(factory = InVarTmp.class) Path outside) throws Exception {
    List<String> inside = inContainer();
    Path root = Path.of(inside.get(inside.size() - 1));
    Path copy = Files.copy(target, Files.createDirectories(root.resolve("app")).resolve("a.jar"));
    Path within = Path.of("/").resolve(root.relativize(copy));
    try (AttachTargetApp app = AttachTargetApp.startUnder(inside, JDK, within)) {
      app.command("open 1");
      Path jar = Files.copy(Jvm.AGENT, outside.toRealPath().resolve("hb-agent.jar"));
      Cli.run(JDK.command(), jar, "attach", app.pid(), "idle=7")
          .fails(1, "runs in a container, which has no " + jar, "copy the jar into it", "PID");
      // The jar in /tmp is the same there.
      Cli.run(JDK.command(), agent, "attach", app.pid(), "idle=7")
          .prints("2 connections given the policy");
      Cli.run(JDK.command(), agent, "status", app.pid()).prints("7/5/3");
    }
  }

  private List<String> inContainer() throws Exception {
    Path root = Files.createDirectory(folder.resolve("root"));
    // The system's programs and /tmp, but no folder of this project.
    String folders = "usr bin lib lib64 etc opt proc dev tmp";
    String script = Chroot.script(folder.resolve("container"), folders, "").toString();
    List<String> command =
        List.of("unshare", "-m" + OtherUser.MAP_ROOT, "sh", script, root.toString());
    Forked.assumeRuns(with(command, List.of(JDK.java(), "-version")), "cannot make a container");
    return command;
  }

  private static List<String> with(List<String> command, List<String> more) {
    return Stream.concat(command.stream(), more.stream()).toList();
  }
}
