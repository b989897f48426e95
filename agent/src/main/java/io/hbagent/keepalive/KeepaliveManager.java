package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Sets the policy on the connections of this JVM, and sets it again where it was changed.
 *
 * <p>{@link #connecting}, {@link #accepted} and {@link #optionSet} run on the application's
 * threads, inside its connect, accept and setOption: they decide and set, a few system calls. The
 * first two allocate nothing as long as there are no rules. No lock is common to all connections,
 * but while {@link ConnectionTable} grows. What they throw is counted by the bridge and never
 * reaches the application.
 */
public final class KeepaliveManager {

  private final ApplicationOptionsTable ownChoices = new ApplicationOptionsTable();
  private final ConnectionTable table = new ConnectionTable();
  private final Counters counters = new Counters();
  private final Readback clientProof = new Readback();
  private final Readback serverProof = new Readback();
  private final Readback selfTest = new Readback();
  private volatile Rules rules;
  private volatile Conflict conflict;
  private volatile boolean listenersCarry;

  /** Held while rules are replaced, and while a connection that no hook sees is given options. */
  private final Object ruleChange = new Object();

  /** Whether open connections still carry what rules that were replaced gave them. */
  private boolean changing;

  /** Native code came, which may open connections past the hooks. */
  private volatile boolean nativeCode;

  /** A manager with its first rules. */
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
    synchronized (ruleChange) {
      changing = true;
      Rules before = rules;
      conflict = newConflict;
      rules = newRules;
      return before;
    }
  }

  /** The open connections carry what the rules in force say. */
  void changed() {
    synchronized (ruleChange) {
      changing = false;
    }
  }

  /** A socket is about to connect: what is set now holds for the connection to come. */
  public void connecting(FileDescriptor fd, InetAddress remote, int port) throws IOException {
    keep(fd, fd, Role.CLIENT, remote, port);
  }

  /** A connection was accepted; the application does not have it yet. */
  public void accepted(FileDescriptor fd, InetAddress remote, int port) throws IOException {
    keep(fd, fd, Role.SERVER, remote, port);
  }

  /**
   * Decides for one connection and sets its options.
   *
   * @param socket what {@link ApplicationOptionsTable} knows it by
   */
  void keep(FileDescriptor fd, Object socket, Role role, InetAddress remote, int port)
      throws IOException {
    if (give(fd, socket, role, remote, port)) {
      (role == Role.CLIENT ? counters.connected : counters.accepted).incrementAndGet();
    }
  }

  private boolean give(FileDescriptor fd, Object socket, Role role, InetAddress remote, int port)
      throws IOException {
    Rules current = rules;
    int decision = Rules.NO_RULE;
    if (!current.isEmpty()) {
      InetSocketAddress local = current.needLocal() ? Kernel.local(fd) : null;
      decision = current.decide(role, remote, port, local);
    }
    table.put(Kernel.number(fd), role, decision);
    Policy policy = current.policy(decision);
    if (!policy.keepalive()) {
      if (listenersCarry && role == Role.SERVER) {
        Kernel.keepAlive(fd, false); // inherited from a listener that got it from us
      }
      return false;
    }
    Conflict mode = conflict;
    int own = mode == Conflict.RESPECT ? ownChoices.of(socket) : 0;
    if (mode == Conflict.TIGHTEN) {
      policy = ownChoices.tighter(socket, policy);
    }
    try {
      Applier.apply(fd, policy, own);
    } catch (IOException e) {
      explain(fd, e);
      return false;
    }
    (role == Role.CLIENT ? clientProof : serverProof).take(fd, policy, own);
    return true;
  }

  /** Tells a socket that is not TCP, or closed by now, from a failure. */
  private void explain(FileDescriptor fd, IOException e) throws IOException {
    if (Kernel.isTcp(fd)) {
      throw e;
    }
    (fd.valid() && isOpen(fd) ? counters.notTcp : counters.closedMeanwhile).incrementAndGet();
  }

  private static boolean isOpen(FileDescriptor fd) {
    try {
      Kernel.keepAlive(fd);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The application has set an option; {@code name} is the JDK's name for it. */
  public void optionSet(FileDescriptor fd, String name) throws IOException {
    int bit = Options.bit(name);
    if (bit != 0) {
      optionSet(fd, fd, bit);
    }
  }

  /** The same for the option of this bit; {@code socket} as in {@link #keep}. */
  void optionSet(FileDescriptor fd, Object socket, int bit) throws IOException {
    if (bit == Options.KEEPALIVE) {
      ownChoices.wanted(socket, isOn(fd));
    }
    Conflict mode = conflict;
    if (mode != Conflict.ENFORCE) {
      ownChoices.set(socket, fd, bit);
    }
    if (mode == Conflict.RESPECT) {
      counters.respected.incrementAndGet();
      return;
    }
    if (!isConnection(fd)) {
      return; // connecting() will set it
    }
    Policy policy = rules.policy(table.decision(Kernel.number(fd)));
    if (!policy.keepalive()) {
      return;
    }
    if (mode == Conflict.TIGHTEN) {
      Policy tighter = ownChoices.tighter(socket, policy);
      Applier.apply(fd, tighter, 0); // the change of one option can decide for all of them
      (tighter.equals(policy) ? counters.reapplied : counters.respected).incrementAndGet();
    } else {
      Applier.reapply(fd, policy, bit);
      counters.reapplied.incrementAndGet();
    }
  }

  /**
   * Gives options to a connection that passed no hook and was found by its number. On the
   * watchdog's thread.
   */
  public void found(FileDescriptor fd, Role role, InetSocketAddress local, InetSocketAddress remote)
      throws IOException {
    synchronized (ruleChange) {
      int number = Kernel.number(fd);
      int decision = rules.decide(role, remote.getAddress(), remote.getPort(), local);
      table.found(number, role, decision);
      Policy policy = rules.policy(decision);
      if (policy.keepalive()) {
        KeepaliveValues carried = KeepaliveValues.of(fd);
        int own = carried.own(policy, conflict, ownChoices.unset());
        ApplicationOptions choice =
            conflict == Conflict.RESPECT ? ownChoices.byNumber().get(number) : null;
        own |= choice == null ? 0 : choice.bits();
        if (!carried.matches(policy, own)) {
          Applier.apply(fd, policy, own);
          counters.swept.incrementAndGet();
        }
      }
    }
  }

  /**
   * Sets the options of a known connection again where native code has changed them past the hooks;
   * with {@code conflict=respect} its choice stands. On the watchdog's thread or the agent's.
   *
   * @param fd a descriptor by number: another connection may have it by now, or none
   * @param all whether all options are read, and not SO_KEEPALIVE alone
   * @throws IOException if it is not TCP, or closed
   */
  public void recheck(FileDescriptor fd, boolean all, RemoteAddresses remotes) throws IOException {
    int number = Kernel.number(fd);
    if (conflict == Conflict.RESPECT
        || (!all && Kernel.keepAlive(fd))
        || conforms(fd, rules.policy(table.decision(number)))
        || !TcpInfo.isConnected(Kernel.info(fd))) {
      return;
    }
    synchronized (ruleChange) {
      if (changing) {
        return;
      }
      // Decided anew: the table may have the decision of a connection that had the number before.
      InetSocketAddress local = Kernel.local(fd);
      InetSocketAddress remote = remotes.of(fd);
      Role role = table.role(number);
      int decision = rules.decide(role, remote.getAddress(), remote.getPort(), local);
      table.redecide(number, role, decision);
      Policy policy = rules.policy(decision);
      if (!conforms(fd, policy)) {
        ApplicationOptions choice =
            conflict == Conflict.TIGHTEN ? ownChoices.byNumber().get(number) : null;
        Applier.apply(fd, choice == null ? policy : choice.tighter(policy, ownChoices.unset()), 0);
        counters.nativeChanges.incrementAndGet();
      }
    }
  }

  private boolean conforms(FileDescriptor fd, Policy policy) throws IOException {
    return !policy.keepalive()
        || Applier.difference(fd, policy, 0) == null
        || (conflict == Conflict.TIGHTEN && KeepaliveValues.of(fd).isSooner(policy));
  }

  /** Native code comes, which may open connections past the hooks. On the application's threads. */
  public void nativeCode() {
    nativeCode = true;
  }

  /** Returns whether native code came since the last call. */
  public boolean takeNativeCode() {
    boolean came = nativeCode;
    nativeCode = false;
    return came;
  }

  private static boolean isOn(FileDescriptor fd) {
    try {
      return Kernel.keepAlive(fd);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private boolean isConnection(FileDescriptor fd) {
    if (!Kernel.numbers().hasInfo()) {
      return table.role(Kernel.number(fd)) != null;
    }
    try {
      int state = TcpInfo.state(Kernel.info(fd));
      return state != TcpInfo.CLOSE && state != TcpInfo.LISTEN;
    } catch (IOException e) {
      return false; // not TCP, or closed meanwhile
    }
  }

  /** From here on the first connection of each role is read back from the kernel. */
  void armProofs() {
    clientProof.arm();
    serverProof.arm();
  }

  /** Whether there are listeners that carry keepalive only because of us. */
  void listenersCarry(boolean also) {
    if (also) {
      listenersCarry = true;
    }
  }

  /** What is in force now. */
  public Rules rules() {
    return rules;
  }

  /** What holds when the application sets options itself. */
  public Conflict conflict() {
    return conflict;
  }

  /** What was done. */
  public Counters counters() {
    return counters;
  }

  /** Whether the first connection of this kind was seen to carry what was set. */
  public Readback proof(Role role) {
    return role == Role.CLIENT ? clientProof : serverProof;
  }

  /** The result of the {@link SelfTest}. */
  public Readback selfTest() {
    return selfTest;
  }

  /**
   * Takes the kernel's defaults from its files, until the {@link SelfTest} asks a socket: for
   * {@code conflict=tighten}, where the first option that an application sets is weighed against
   * them.
   */
  public void readDefaults() {
    ownChoices.unset(KeepaliveValues.ofSysctl());
  }

  ApplicationOptionsTable ownChoices() {
    return ownChoices;
  }

  /** Who opened what. */
  public ConnectionTable table() {
    return table;
  }
}
