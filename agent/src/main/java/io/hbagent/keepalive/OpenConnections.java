package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Applies the rules to connections that are open already, and restores what they had. On the
 * agent's thread; see {@link OpenSockets} for what happens when a descriptor's number is used again
 * in between.
 *
 * <p>After an attach {@link #give} is called when the hooks are in place, and again a few times: a
 * thread that was inside connect or accept while the JVM wove it goes on in the old code, and the
 * next call finds what it opens.
 */
public final class OpenConnections {

  /** Longer than a thread needs from the entry of connect to the kernel. */
  private static final long UNCONNECTED_NANOS = 10_000_000_000L;

  private final KeepaliveManager keeper;
  private final Map<Integer, Found> found = new HashMap<>();

  /** After a detach by another thread, the agent's own may still come here: it gives no more. */
  private volatile boolean released;

  /** By port: what listeners had before us. */
  private final Map<Integer, KeepaliveValues> listeners = new HashMap<>();

  /** The connections of one JVM, of which none was looked at yet. */
  public OpenConnections(KeepaliveManager keeper) {
    this.keeper = keeper;
  }

  /**
   * Gives options to every socket that has not passed a hook and was not looked at before.
   * Listeners come last: what a connection has inherited from one of ours was not there before us.
   */
  public SweepResult give() {
    SweepResult tally = new SweepResult();
    if (released) {
      return tally;
    }
    SocketSnapshot look = new SocketSnapshot();
    for (OpenSocket socket : look.sockets) {
      if (!look.isListener(socket)) {
        give(socket, look, tally);
      }
    }
    for (OpenSocket socket : look.sockets) {
      if (look.isListener(socket)) {
        give(socket, look, tally);
      }
    }
    forgetClosed(look);
    return tally;
  }

  /**
   * Gives options to the connections of native code, which pass no hook, and sets those again that
   * native code has changed. Listeners and unconnected sockets are left alone.
   */
  public SweepResult giveToNative() {
    SweepResult tally = new SweepResult();
    if (released) {
      return tally;
    }
    SocketSnapshot look = new SocketSnapshot();
    for (OpenSocket socket : look.sockets) {
      if (look.isConnected(socket)) {
        give(socket, look, tally);
      }
    }
    forgetClosed(look);
    keeper.counters().swept.addAndGet(tally.given);
    return tally;
  }

  private void give(OpenSocket socket, SocketSnapshot look, SweepResult tally) {
    Found before = found.get(socket.number());
    boolean known = before != null && before.inode == socket.inode();
    boolean hooked = keeper.table().role(socket.number()) != null;
    try {
      if (known ? before.waiting : !hooked) {
        new OpenSocketUpdate(keeper, socket, tally, known ? before : remember(socket)).give(look);
      } else if (hooked) {
        keeper.recheck(socket.descriptor(), true, look.remotes);
      }
    } catch (IOException e) {
      tally.closed++;
    }
  }

  private Found remember(OpenSocket socket) throws IOException {
    KeepaliveValues listener = listeners.get(Kernel.local(socket.descriptor()).getPort());
    KeepaliveValues now = KeepaliveValues.of(socket.descriptor());
    boolean inherited = listener != null && now.matches(keeper.rules().otherwise(), 0);
    Found entry = new Found(socket, inherited ? listener : now);
    found.put(socket.number(), entry);
    if (TcpInfo.state(Kernel.info(socket.descriptor())) == TcpInfo.LISTEN) {
      listeners.put(Kernel.local(socket.descriptor()).getPort(), now);
    }
    return entry;
  }

  private void forgetClosed(SocketSnapshot look) {
    Map<Integer, Found> left = new HashMap<>();
    for (OpenSocket socket : look.sockets) {
      Found entry = found.get(socket.number());
      if (entry != null && entry.inode == socket.inode()) {
        left.put(socket.number(), entry);
      }
    }
    found.clear();
    found.putAll(left);
  }

  /** Whether a socket that was found unconnected may still come to be a connection unseen. */
  public boolean isWaiting() {
    boolean any = false;
    for (Found entry : found.values()) {
      if (entry.waiting && !entry.connecting) {
        entry.waiting = System.nanoTime() - entry.since < UNCONNECTED_NANOS;
      }
      any |= entry.waiting;
    }
    return any;
  }

  /**
   * Brings changed rules to every open connection and to the listeners.
   *
   * <p>A connection whose new policy is off is only touched when the old one was on: then its
   * options are there because of us.
   *
   * @param before the rules that were in force until now
   */
  public SweepResult change(Rules before) {
    try {
      return changeAll(before);
    } finally {
      keeper.changed();
    }
  }

  private SweepResult changeAll(Rules before) {
    SweepResult tally = new SweepResult();
    SocketSnapshot look = new SocketSnapshot();
    Map<Integer, ApplicationOptions> own = keeper.ownChoices().byNumber();
    for (OpenSocket socket : look.sockets) {
      Found entry = found.get(socket.number());
      boolean known = entry != null && entry.inode == socket.inode();
      try {
        new OpenSocketUpdate(keeper, socket, tally, known ? entry : null)
            .change(look, before, own.get(socket.number()));
      } catch (IOException e) {
        tally.closed++;
      }
    }
    return tally;
  }

  /** What {@link #give} would do in a JVM without the agent. Changes nothing. */
  public static SweepResult preview(KeepaliveManager keeper) {
    SweepResult tally = new SweepResult();
    SocketSnapshot look = new SocketSnapshot();
    for (OpenSocket socket : look.sockets) {
      try {
        new OpenSocketUpdate(keeper, socket, tally, null).preview(look);
      } catch (IOException e) {
        tally.closed++;
      }
    }
    return tally;
  }

  /**
   * Lets go of everything, after the hooks are gone: listeners get back what they had, so that
   * nothing accepted from now on carries what we set; connections only on request.
   *
   * @param restore whether connections get back what they had as well
   */
  public SweepResult release(boolean restore) {
    return release(restore, false);
  }

  /**
   * Gives everything back what it had, after an attach that was not finished, and whose hooks may
   * have been gone for a while: what was not looked at is only touched where it carries exactly
   * what a hook has given, or what it has inherited from a listener that was looked at.
   */
  public SweepResult takeBack() {
    return release(true, true);
  }

  private SweepResult release(boolean restore, boolean seenOnly) {
    released = true;
    SweepResult tally = new SweepResult();
    Map<Integer, ApplicationOptions> own = keeper.ownChoices().byNumber();
    for (int pass = 0; pass < 2; pass++) {
      SocketSnapshot look =
          new SocketSnapshot(); // anew: a listener that still had ours may have accepted another
      for (OpenSocket socket : look.sockets) {
        try {
          if (look.isListener(socket) == (pass == 0)) {
            Found entry = found.get(socket.number());
            boolean known = entry != null && entry.inode == socket.inode();
            ApplicationOptions choice = own.get(socket.number());
            OpenSocketUpdate visit =
                new OpenSocketUpdate(keeper, socket, tally, known ? entry : null);
            boolean wanted = choice != null && (choice.bits() & Options.WANTED) != 0;
            if (known || !seenOnly) {
              visit.release(look, restore, wanted);
            } else if (pass == 1 && !wanted) {
              KeepaliveValues listener = listeners.get(Kernel.local(socket.descriptor()).getPort());
              visit.takeBackUnseen(look, listener, choice == null ? 0 : choice.bits());
            }
          }
        } catch (IOException e) {
          // closed meanwhile
        }
      }
    }
    found.clear();
    return tally;
  }

  /** A connected socket as the report shows it. */
  public interface Visitor {
    /**
     * Called once for each.
     *
     * @throws IOException when it was closed meanwhile
     */
    void see(OpenSocket socket, ConnectionInfo peer, int info) throws IOException;
  }

  /** Shows every open connection; listeners and unconnected sockets are left out. */
  public static void show(KeepaliveManager keeper, Visitor visitor) {
    SocketSnapshot look = new SocketSnapshot();
    for (OpenSocket socket : look.sockets) {
      try {
        int info = Kernel.info(socket.descriptor());
        int state = TcpInfo.state(info);
        if (state != TcpInfo.LISTEN && state != TcpInfo.CLOSE && state != TcpInfo.SYN_SENT) {
          visitor.see(socket, ConnectionInfo.of(socket, keeper, keeper.rules(), look), info);
        }
      } catch (IOException e) {
        // closed meanwhile
      }
    }
  }

  /** A socket that was there before the hooks. */
  static final class Found {
    final long inode;
    final KeepaliveValues before;
    final long since = System.nanoTime();
    boolean connecting;
    boolean waiting;

    Found(OpenSocket socket, KeepaliveValues before) {
      this.inode = socket.inode();
      this.before = before;
    }
  }

  /** The policy of a listener: that of a connection whose remote end nobody knows yet. */
  static Policy ofListener(Rules rules, InetSocketAddress local) {
    return rules.policy(rules.decide(Role.SERVER, null, 0, local));
  }
}
