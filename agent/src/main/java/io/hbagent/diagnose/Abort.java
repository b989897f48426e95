package io.hbagent.diagnose;

import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.OpenSocket;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.SocketDuplicate;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ending of connections at the operator's request. On the agent's thread; Linux only.
 *
 * <p>A number can be closed by the application and used again between the listing and the end. So
 * the descriptor is duplicated first, the inode of the duplicate is compared with that of the
 * connection that was listed, and the duplicate is disconnected: another connection is never ended.
 */
public final class Abort {

  /** The result for a connection that the application has closed, or that has ended by itself. */
  public static final String GONE = "it had ended by itself";

  private Abort() {}

  /**
   * Returns the open connections that targets name, those that are not connected yet among them.
   *
   * @throws IllegalArgumentException with a sentence, if one of them names none; not for an exact
   *     one, whose connection has ended
   */
  public static List<OpenSocket> find(KeepaliveManager manager, List<AbortTarget> targets) {
    List<OpenSocket> named = new ArrayList<>();
    Set<AbortTarget> matched = new HashSet<>();
    if (!OpenSockets.canList()) {
      throw new IllegalArgumentException(
          "the open connections of this process cannot be listed, for which Linux with /proc is"
              + " needed");
    }
    OpenConnections.forEach(
        manager,
        socket -> {
          boolean any = false;
          for (AbortTarget target : targets) {
            if (target.matches(socket)) {
              matched.add(target);
              any = true;
            }
          }
          if (any) {
            named.add(socket);
          }
        });
    for (AbortTarget target : targets) {
      if (!matched.contains(target) && !target.isExact()) {
        throw new IllegalArgumentException(reason(target) + "; nothing was changed");
      }
    }
    named.sort((one, other) -> Integer.compare(one.number, other.number));
    return named;
  }

  /** Returns why a target names no connection, and where to find one. */
  private static String reason(AbortTarget target) {
    if (target.number < 0) {
      return "no connection has the remote end " + target + "; status shows those there are";
    }
    FileDescriptor fd = Kernel.wrap(target.number);
    String descriptor = "descriptor " + target;
    try {
      if (Kernel.isTcp(fd)) {
        return TcpInfo.state(Kernel.info(fd)) == TcpInfo.LISTEN
            ? descriptor
                + " is a listener on port "
                + Kernel.local(fd).getPort()
                + ", and only connections are ended; name one, which abort '*' --dry-run shows"
            : descriptor + " is a socket that is not connected, so there is nothing to end";
      }
    } catch (IOException e) {
      // closed in the meantime
    }
    return descriptor
        + " is no TCP connection of this process; abort '*' --dry-run shows those there are";
  }

  /**
   * Ends a connection with a reset, if it is the one that was listed.
   *
   * @return null if it was ended, {@link #GONE}, or the reason it was not, with a cure
   */
  public static String end(OpenSocket connection) {
    try (SocketDuplicate same = new SocketDuplicate(connection.number)) {
      int state = TcpInfo.state(Kernel.info(same.descriptor));
      if (same.inode() != connection.inode || state == TcpInfo.CLOSE || state == TcpInfo.LISTEN) {
        return GONE;
      }
      same.abort();
      return TcpInfo.state(Kernel.info(same.descriptor)) == TcpInfo.CLOSE
          ? null
          : "the kernel has not ended it; ss -K as root does";
    } catch (IOException e) {
      return OpenSockets.inode(connection.number) == connection.inode
          ? "the kernel refuses (" + e.getMessage() + "); ss -K as root ends it all the same"
          : GONE;
    }
  }
}
