package io.hbagent.control;

import io.hbagent.diagnose.ConnectionFacts;
import io.hbagent.diagnose.Diagnosis;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.KeepaliveValues;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.OpenSocket;
import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.tcp.SocketSnapshots;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import io.hbagent.tcp.WaitingThread;
import io.hbagent.tcp.WaitingThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;

/**
 * The diagnosis of every open connection, made when it is asked for. On the agent's thread; at
 * 10,000 connections it takes some tenths of a second.
 */
public final class Diagnoses {

  /**
   * The time between two looks at queues that may be stuck, in ms: bytes that came long ago may be
   * read one by one, and on JDK 8 to 21 the ages are not known.
   */
  private static final long SECOND_LOOK_MILLIS = 400;

  /** One connection and what is known of it. */
  static final class Diagnosed {
    final OpenSocket socket;
    final KeepaliveValues values;
    SocketSnapshot snapshot;
    long unchanged = SocketSnapshot.UNKNOWN;
    Diagnosis diagnosis;

    /** The thread that waits for its data in a blocking call, or null. */
    WaitingThread reader;

    Diagnosed(OpenSocket socket, KeepaliveValues values, SocketSnapshot snapshot) {
      this.socket = socket;
      this.values = values;
      this.snapshot = snapshot;
    }
  }

  private final KeepaliveManager manager;
  private final boolean findsThreads;
  private final IntToLongFunction unanswered;
  private final IntToLongFunction peerClosed;

  /**
   * Creates the diagnoses of this JVM.
   *
   * @param findsThreads whether the threads that wait may be looked for, which stops the JVM
   * @param unanswered returns since when the watchdog has seen a descriptor's probes or
   *     retransmissions unanswered, in ms; {@link SocketSnapshot#UNKNOWN} if it has not
   * @param peerClosed returns the same of the peer's close
   */
  public Diagnoses(
      KeepaliveManager manager,
      boolean findsThreads,
      IntToLongFunction unanswered,
      IntToLongFunction peerClosed) {
    this.manager = manager;
    this.findsThreads = findsThreads;
    this.unanswered = unanswered;
    this.peerClosed = peerClosed;
  }

  /**
   * Diagnoses connections; one that is closed in the meantime is left out. To find the threads that
   * wait stops the JVM for a moment: so only where a diagnosis needs them.
   *
   * @param readers whether to find them in any case
   */
  void forEach(Predicate<OpenSocket> wanted, boolean readers, Consumer<Diagnosed> visitor) {
    List<OpenSocket> open = new ArrayList<>();
    OpenConnections.forEach(
        manager,
        socket -> {
          if (wanted.test(socket)) {
            open.add(socket);
          }
        });
    List<Diagnosed> all = read(open);
    lookAgain(all);
    all.removeIf(each -> each.snapshot.state == TcpInfo.CLOSE);
    boolean needed = readers;
    for (Diagnosed each : all) {
      each.diagnosis = Diagnosis.of(facts(each, false));
      needed |= each.diagnosis.needsReaders;
    }
    if (needed && findsThreads) {
      addReaders(all, readers);
    }
    for (Diagnosed each : all) {
      if (each.snapshot.state != TcpInfo.CLOSE) {
        visitor.accept(each);
      }
    }
  }

  /**
   * Diagnoses connections again with the threads that wait on them, and with a snapshot of after
   * those were read: a thread may have begun to use a connection of a pool since the first.
   */
  private void addReaders(List<Diagnosed> all, boolean every) {
    List<OpenSocket> sockets = new ArrayList<>();
    BitSet numbers = new BitSet();
    for (Diagnosed each : all) {
      if (each.diagnosis.needsReaders) {
        sockets.add(each.socket);
      }
      if (every || each.diagnosis.needsReaders) {
        numbers.set(each.socket.number);
      }
    }
    WaitingThreads waiting = WaitingThreads.read(numbers);
    SocketSnapshots snapshots = snapshots(sockets);
    for (Diagnosed each : all) {
      if (every || each.diagnosis.needsReaders) {
        try {
          if (each.diagnosis.needsReaders) {
            each.snapshot = snapshots.of(each.socket.descriptor, each.socket.inode);
          }
          each.reader = reader(waiting.on(each.socket.number));
          each.diagnosis = Diagnosis.of(facts(each, waiting.problem() == null));
        } catch (IOException e) {
          // closed in the meantime: the first snapshot is as good as any
        }
      }
    }
  }

  private static SocketSnapshots snapshots(List<OpenSocket> open) {
    List<Long> inodes = new ArrayList<>(open.size());
    for (OpenSocket socket : open) {
      inodes.add(socket.inode);
    }
    return new SocketSnapshots(inodes);
  }

  private static List<Diagnosed> read(List<OpenSocket> open) {
    SocketSnapshots snapshots = snapshots(open);
    List<Diagnosed> all = new ArrayList<>(open.size());
    for (OpenSocket socket : open) {
      try {
        KeepaliveValues values = KeepaliveValues.of(socket.descriptor);
        SocketSnapshot snapshot = snapshots.of(socket.descriptor, socket.inode);
        all.add(new Diagnosed(socket, values, snapshot));
      } catch (IOException e) {
        // closed in the meantime
      }
    }
    return all;
  }

  /** Takes a second snapshot of the connections whose queues may be stuck, if there are any. */
  private static void lookAgain(List<Diagnosed> all) {
    List<Diagnosed> doubtful = new ArrayList<>();
    List<OpenSocket> sockets = new ArrayList<>();
    for (Diagnosed each : all) {
      SocketSnapshot snapshot = each.snapshot;
      boolean unread =
          snapshot.receiveQueue > 0
              && (!snapshot.hasAges() || snapshot.lastDataReceived >= Diagnosis.LONG_MILLIS);
      if (unread || (!snapshot.hasAges() && snapshot.timer == Timers.ZERO_WINDOW)) {
        doubtful.add(each);
        sockets.add(each.socket);
      }
    }
    if (doubtful.isEmpty()) {
      return;
    }
    try {
      Thread.sleep(SECOND_LOOK_MILLIS);
    } catch (InterruptedException e) {
      return; // the agent's threads are not interrupted
    }
    SocketSnapshots snapshots = snapshots(sockets);
    for (Diagnosed each : doubtful) {
      try {
        SocketSnapshot before = each.snapshot;
        SocketSnapshot now = snapshots.of(each.socket.descriptor, each.socket.inode);
        each.snapshot = now;
        if (now.sendQueue == before.sendQueue
            && now.receiveQueue == before.receiveQueue
            && now.timer == before.timer) {
          each.unchanged = SECOND_LOOK_MILLIS;
        }
      } catch (IOException e) {
        // closed in the meantime: the first snapshot is as good as any
      }
    }
  }

  /** Returns a thread that waits for data of this connection alone, or null. */
  private static WaitingThread reader(List<WaitingThread> waiting) {
    for (WaitingThread each : waiting) {
      if (each.operation.equals("read") || each.operation.equals("poll")) {
        return each;
      }
    }
    return null;
  }

  private ConnectionFacts facts(Diagnosed each, boolean readersKnown) {
    int number = each.socket.number;
    KeepaliveValues values = each.values;
    ConnectionFacts facts =
        new ConnectionFacts(
            each.snapshot, each.socket.role, values.keepalive(), values.idle(), values.cnt());
    ConnectionTable table = manager.table();
    if (table.isHooked(number)) {
      facts.opened = (System.nanoTime() / 1_000_000_000L - table.openedAt(number)) * 1_000L;
    }
    facts.unanswered = unanswered.applyAsLong(number);
    facts.peerClosed = peerClosed.applyAsLong(number);
    facts.unchanged = each.unchanged;
    facts.readersKnown = readersKnown;
    facts.reader = each.reader == null ? null : each.reader.name;
    return facts;
  }
}
