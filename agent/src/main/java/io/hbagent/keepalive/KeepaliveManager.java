package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Sets the policy on the connections that pass a hook, and sets it again where the application
 * changes it; {@link OpenConnections} is for all others.
 *
 * <p>{@link #opened} and {@link #optionSet} run on the application's threads, inside its connect,
 * accept and setOption: they decide and set, a few system calls. The first allocates nothing as
 * long as there are no rules. No lock is common to all connections, except while {@link
 * ConnectionTable} grows. An exception is counted by the bridge and never reaches the application.
 */
public final class KeepaliveManager {

  final ApplicationOptionsTable applicationOptions = new ApplicationOptionsTable();

  final Listeners listeners = new Listeners();

  /** The kernel's values for a socket on which nothing is set. */
  volatile KeepaliveValues unset = KeepaliveValues.LINUX;

  /** Set when there are listeners that have keepalive only because of the agent. */
  volatile boolean listenersHaveKeepalive;

  /**
   * Set when the next connection of each role is to be read back. Not from the start: loading what
   * that needs costs some ms, which the agent's thread spends first.
   */
  volatile boolean readBack;

  private final ConnectionTable table = new ConnectionTable();
  private final Counters counters = new Counters();
  private final Readback clientReadback = new Readback();
  private final Readback serverReadback = new Readback();
  private final Readback selfTest = new Readback();
  private volatile Rules rules;

  /** The policy for options that the application sets itself. */
  volatile Conflict conflict;

  /** Set when native code is loaded, which may open connections past the hooks. */
  private volatile boolean nativeCode;

  /** Creates a manager with its first rules. */
  public KeepaliveManager(Rules rules, Conflict conflict) {
    this.rules = rules;
    this.conflict = conflict;
  }

  /**
   * Puts rules in force for connections from now on; {@link OpenConnections#change} must follow.
   *
   * @return the rules that were in force
   */
  public Rules change(Rules newRules, Conflict newConflict) {
    Rules before = rules;
    conflict = newConflict;
    rules = newRules;
    return before;
  }

  /**
   * Gives options to a connection that passes a hook: a client's before it connects, a server's
   * before the application has it.
   *
   * @param socket its key in {@link ApplicationOptionsTable}
   * @param listener the socket that accepted it, whose options it has inherited; or null
   */
  public void opened(
      FileDescriptor fd,
      Object socket,
      Role role,
      InetAddress remote,
      int port,
      FileDescriptor listener)
      throws IOException {
    Rules current = rules;
    int decision = Rules.NO_RULE;
    if (!current.isEmpty()) {
      InetSocketAddress local = current.needLocal() ? Kernel.local(fd) : null;
      decision = current.decide(role, remote, port, local);
    }
    table.put(Kernel.number(fd), role, decision);
    boolean client = role == Role.CLIENT;
    Policy policy = current.policy(decision);
    if (!policy.keepalive()) {
      KeepaliveValues before = listeners.before(listener);
      if (before != null) {
        before.set(fd, Options.KEEPALIVE_ALL); // inherited from a listener that got it from us
      } else if (listenersHaveKeepalive && !client) {
        Kernel.set(fd, Options.KEEPALIVE, 0);
      }
      return;
    }
    Conflict mode = conflict;
    ApplicationOptionsTable.Entry choice =
        mode == Conflict.ENFORCE ? null : applicationOptions.get(socket);
    int own = 0;
    if (choice != null) {
      own = mode == Conflict.RESPECT ? choice.bits() : 0;
      policy = mode == Conflict.TIGHTEN ? choice.tighter(policy, unset) : policy;
    }
    boolean isSet = mode == Conflict.ENFORCE && policy.equals(listeners.inherited(listener));
    Readback readback = client ? clientReadback : serverReadback;
    try {
      if (!isSet) {
        policy.set(fd, policy.options(own));
      }
      if (readBack && readback.isPending()) {
        readback.read(fd, policy, own);
      }
    } catch (IOException e) {
      explain(fd, e);
      return;
    }
    (client ? counters.connected : counters.accepted).incrementAndGet();
  }

  /**
   * Gives options to a socket that is about to listen, so that what it accepts has them without a
   * system call; on Linux, others may not pass them on. It is given none where what it accepts may
   * have to be rid of them: by a rule that turns keepalive off, or of a fixed user timeout; and
   * none in the first moments of a JVM, in which reading options is not linked yet.
   */
  public void listening(FileDescriptor fd) {
    Rules current = rules;
    Policy policy = current.policy(current.decide(Role.SERVER, null, 0, null));
    if (conflict != Conflict.ENFORCE
        || !readBack
        || !policy.keepalive()
        || policy.userTimeout() > 0
        || current.mayTurnServersOff()
        || !Options.CURRENT.hasInfo()) {
      return;
    }
    try {
      if (TcpInfo.state(Kernel.info(fd)) == TcpInfo.CLOSE) { // neither connected nor listening
        KeepaliveValues before = KeepaliveValues.of(fd);
        policy.set(fd, policy.options(0));
        listeners.add(fd, policy, before);
      }
    } catch (IOException e) {
      // not TCP, or closed in the meantime
    }
  }

  /** Rethrows an exception unless the socket is not TCP, or was closed; those are counted. */
  private void explain(FileDescriptor fd, IOException e) throws IOException {
    if (Kernel.isTcp(fd)) {
      throw e;
    }
    try {
      Kernel.keepAlive(fd);
      counters.notTcp.incrementAndGet();
    } catch (IOException closed) {
      counters.closed.incrementAndGet();
    }
  }

  /** Handles an option that the application has set, by the JDK's name for it. */
  public void optionSet(FileDescriptor fd, String name) throws IOException {
    int option = Options.bit(name);
    if (option != 0) {
      optionSet(fd, fd, option);
    }
  }

  /** Does the same for one of the {@link Options}; {@code socket} as in {@link #opened}. */
  void optionSet(FileDescriptor fd, Object socket, int option) throws IOException {
    Conflict mode = conflict;
    int number = Kernel.number(fd);
    boolean connection = mode != Conflict.RESPECT && isConnection(fd);
    // One that passed no hook may have had keepalive before: off is then not what it had.
    boolean sparing = mode == Conflict.ENFORCE && (!connection || table.isHooked(number));
    try {
      applicationOptions.set(socket, option, Kernel.get(fd, option), sparing);
    } catch (IOException e) {
      return; // closed in the meantime
    }
    listeners.changed(number);
    if (mode == Conflict.RESPECT) {
      counters.respected.incrementAndGet();
      return;
    }
    if (!connection) {
      return; // opened() will set it
    }
    Policy policy = rules.policy(table.decision(number));
    if (!policy.keepalive()) {
      return;
    }
    ApplicationOptionsTable.Entry choice =
        mode == Conflict.TIGHTEN ? applicationOptions.get(socket) : null;
    if (choice != null) {
      Policy tighter = choice.tighter(policy, unset);
      tighter.set(fd, tighter.options(0)); // the change of one option can decide for all of them
      (tighter.equals(policy) ? counters.reapplied : counters.respected).incrementAndGet();
    } else {
      policy.set(fd, option);
      counters.reapplied.incrementAndGet();
    }
  }

  private boolean isConnection(FileDescriptor fd) {
    if (!Options.CURRENT.hasInfo()) {
      return table.role(Kernel.number(fd)) != null;
    }
    try {
      int state = TcpInfo.state(Kernel.info(fd));
      return state != TcpInfo.CLOSE && state != TcpInfo.LISTEN;
    } catch (IOException e) {
      return false; // not TCP, or closed in the meantime
    }
  }

  /** Records that native code is loaded, which may open connections past the hooks. Any thread. */
  public void nativeCode() {
    nativeCode = true;
  }

  /** Returns whether native code came since the last call. */
  public boolean takeNativeCode() {
    boolean came = nativeCode;
    nativeCode = false;
    return came;
  }

  /**
   * Reads the kernel's defaults from {@code /proc}, until the {@link SelfTest} reads them from a
   * socket: for {@code conflict=tighten}, which compares an application's first option with them.
   */
  public void readDefaults() {
    unset = KeepaliveValues.ofSysctl();
  }

  /** Returns the rules in force. */
  public Rules rules() {
    return rules;
  }

  /** Returns the counters. */
  public Counters counters() {
    return counters;
  }

  /**
   * Verifies a role by a connection that is open, where none could be read back when it was opened.
   * Other values prove nothing: they may have been changed since.
   */
  public void verify(OpenSocket connection, KeepaliveValues values) {
    Readback readback = readback(connection.role);
    Policy policy = rules.policy(connection.decision);
    if (readback.isPending()
        && policy.keepalive()
        && table.isHooked(connection.number)
        && values.matches(policy, 0)) {
      readback.ok();
    }
  }

  /** Returns the result of reading back the first connection of a role. */
  public Readback readback(Role role) {
    return role == Role.CLIENT ? clientReadback : serverReadback;
  }

  /** Returns the result of the {@link SelfTest}. */
  public Readback selfTest() {
    return selfTest;
  }

  /** Returns role, rule and opener of each connection. */
  public ConnectionTable table() {
    return table;
  }
}
