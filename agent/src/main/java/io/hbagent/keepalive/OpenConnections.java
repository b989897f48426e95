package io.hbagent.keepalive;

import io.hbagent.keepalive.FoundSockets.Found;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.Options;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Applies the rules to sockets that are open already, finds the connections that no hook has seen,
 * and restores the options that sockets had. On the agent's thread; see {@link OpenSockets} for a
 * descriptor number that is used again in between.
 *
 * <p>After an attach {@link #apply} is called when the hooks are in place, and again a few times: a
 * thread that was inside connect or accept while the JVM wove it goes on in the old code, and the
 * next call finds the connection it opens. {@link #sweep} is called for as long as the JVM lives.
 */
public final class OpenConnections {

  /** In which of so many sweeps the timers of a connection are read, beside SO_KEEPALIVE. */
  private static final int TIMERS_EVERY = 8;

  private final KeepaliveManager manager;
  private final FoundSockets found = new FoundSockets();
  private int sweeps;

  /** Set by a detach on another thread: the agent's own may still call here. */
  private volatile boolean released;

  /** Creates the open connections of this JVM. */
  public OpenConnections(KeepaliveManager manager) {
    this.manager = manager;
  }

  /**
   * Gives options to every socket that has not passed a hook and was not found before. Listeners
   * come last: options that a connection has inherited from one of ours were not there before.
   */
  public SweepResult apply() {
    if (released) {
      return new SweepResult();
    }
    Pass pass = new Pass();
    pass.forEach(pass.others, pass::apply);
    pass.forEach(pass.listeners, pass::apply);
    found.retain(pass.numbers, pass.listenerPorts);
    return pass.result;
  }

  /**
   * Gives options to the connections that no hook has seen, as native code opens them, and sets
   * those again that native code has changed on any; with {@code conflict=respect} they are kept.
   * Listeners and unconnected sockets are left alone.
   *
   * <p>A connection that passed a hook costs one getsockopt, in some sweeps four. One that was
   * found is known by its inode, a readlink: no hook sees when native code closes it and opens
   * another with the same number.
   *
   * @param allTimers whether the timers of every connection are read, and not those of one in eight
   */
  public SweepResult sweep(boolean allTimers) {
    if (released) {
      return new SweepResult();
    }
    sweeps = (sweeps + 1) % TIMERS_EVERY;
    Pass pass = new Pass(true, allTimers);
    pass.others.removeIf(socket -> !TcpInfo.isConnected(socket.info));
    pass.forEach(pass.others, pass::apply);
    found.retain(pass.numbers, pass.listenerPorts);
    manager.counters().swept.addAndGet(pass.result.given);
    return pass.result;
  }

  /** Returns whether a socket that was found unconnected may still connect without a hook. */
  public boolean isWaiting() {
    return found.isWaiting();
  }

  /**
   * Applies changed rules to every open connection and to the listeners.
   *
   * <p>A connection whose new policy is off is only changed if the old one was on: then its options
   * are the agent's.
   *
   * @param before the rules that were in force until now
   */
  public SweepResult change(Rules before) {
    Pass pass = new Pass();
    pass.forEach(pass.listeners, pass::changeListener);
    pass.forEach(pass.others, () -> pass.change(before));
    return pass.result;
  }

  /**
   * Returns the result {@link #apply} would have in a JVM without the agent. Changes nothing.
   *
   * @param manager one that has set nothing
   */
  public static SweepResult preview(KeepaliveManager manager) {
    Pass pass = new OpenConnections(manager).new Pass();
    pass.forEach(pass.listeners, pass::previewListener);
    pass.forEach(pass.others, pass::preview);
    return pass.result;
  }

  /**
   * Restores listeners, after the hooks are gone, so that connections accepted from now on inherit
   * nothing of ours; connections only on request.
   *
   * @param restore whether connections are restored as well: to the options they had before, or
   *     that the application has set since
   */
  public SweepResult release(boolean restore) {
    return release(restore, false);
  }

  /**
   * Restores everything after an attach that was not finished: a socket that was not found is only
   * changed if it has exactly the options a hook has given, or has inherited them from a listener
   * that was found.
   */
  public SweepResult takeBack() {
    return release(true, true);
  }

  private SweepResult release(boolean restore, boolean foundOnly) {
    released = true;
    Pass first = new Pass();
    first.forEach(first.listeners, first::restoreListener);
    Pass pass = new Pass(); // anew: a listener that still had ours may have accepted another
    pass.forEach(pass.others, () -> pass.release(restore, foundOnly));
    found.clear();
    return pass.result;
  }

  /** Takes the open connections. */
  public interface Visitor {
    /**
     * Called once for each.
     *
     * @throws IOException if it was closed in the meantime
     */
    void visit(OpenSocket connection) throws IOException;
  }

  /**
   * Visits every open connection, also one that is still connecting; listeners and unconnected
   * sockets are left out.
   */
  public static void forEach(KeepaliveManager manager, Visitor visitor) {
    Pass pass = new OpenConnections(manager).new Pass();
    pass.others.removeIf(socket -> TcpInfo.state(socket.info) == TcpInfo.CLOSE);
    pass.forEach(
        pass.others,
        () -> {
          pass.readEnds();
          visitor.visit(pass.socket);
        });
  }

  /** Handles the current socket of a pass; throws if that was closed in the meantime. */
  private interface Step {
    void run() throws IOException;
  }

  /** One pass over the sockets of the process as they are when it is created. */
  private final class Pass {

    final SweepResult result = new SweepResult();
    final List<OpenSocket> listeners = new ArrayList<>();

    /** Connected sockets, and those not connected yet. */
    final List<OpenSocket> others = new ArrayList<>();

    final BitSet listenerPorts = new BitSet();

    /** The numbers of TCP sockets. */
    final BitSet numbers = new BitSet();

    private final ConnectionTable table = manager.table();
    private final Rules rules = manager.rules();
    private final Conflict conflict = manager.conflict;
    private final RemoteAddresses remotes = new RemoteAddresses();
    private final long inherited = OpenSockets.inherited();
    private final boolean allTimers;

    /** The options the application has set itself; null until they are needed. */
    private Map<Integer, ApplicationOptionsTable.Entry> choices;

    // The current socket.
    private OpenSocket socket;
    private FileDescriptor fd;

    /** Null if it has passed a hook. */
    private Found entry;

    Pass() {
      this(false, true);
    }

    /**
     * Lists the sockets.
     *
     * @param sweep whether to recheck those that have passed a hook instead of listing them
     * @param allTimers as in {@link OpenConnections#sweep}
     */
    Pass(boolean sweep, boolean allTimers) {
      this.allTimers = allTimers;
      OpenSockets.forEach(sweep ? this::sweep : this::add);
    }

    private void sweep(int number, FileDescriptor shared) {
      if (!table.isHooked(number)) {
        add(number, shared);
        return;
      }
      try {
        if (isUnchanged(number, shared)) {
          numbers.set(number);
        } else if (isHooked(number, shared)) {
          numbers.set(number);
          reapply(number, shared);
        } else {
          add(number, shared);
        }
      } catch (IOException e) {
        // closed in the meantime, or another kind of descriptor by now
      }
    }

    private void add(int number, FileDescriptor shared) {
      long inode = OpenSockets.inode(number);
      if (inode < 0 || !Kernel.isTcp(shared)) {
        return;
      }
      numbers.set(number);
      try {
        int info = Kernel.info(shared);
        OpenSocket open = new OpenSocket(number, inode, Kernel.wrap(number), info);
        if (TcpInfo.state(info) == TcpInfo.LISTEN) {
          int port = Kernel.local(shared).getPort();
          listenerPorts.set(port);
          listeners.add(open);
          KeepaliveValues before = manager.listeners.before(number);
          if (before != null && found.listener(port) == null) {
            found.listener(port, before);
          }
        } else {
          others.add(open);
        }
      } catch (IOException e) {
        // closed in the meantime
      }
    }

    /** Runs a step for each of some sockets; those closed in the meantime are counted. */
    void forEach(List<OpenSocket> sockets, Step step) {
      for (OpenSocket each : sockets) {
        socket = each;
        fd = each.descriptor;
        entry = found.get(each.number, each.inode);
        try {
          step.run();
        } catch (IOException e) {
          result.closed++;
        }
      }
    }

    /** Reads both ends of a connection from the kernel, and decides by the rules. */
    void readEnds() throws IOException {
      socket.local = Kernel.local(fd);
      socket.remote =
          state() == TcpInfo.SYN_SENT ? remotes.ofConnecting(socket.inode) : remotes.of(fd);
      Role seen = table.isClosed(socket.number) ? null : table.role(socket.number);
      boolean accepted = listenerPorts.get(socket.local.getPort()) || socket.inode == inherited;
      socket.role = seen != null ? seen : accepted ? Role.SERVER : Role.CLIENT;
      socket.decision = decide(rules);
    }

    private int decide(Rules by) {
      return by.decide(socket.role, socket.remote, socket.local);
    }

    private int state() {
      return TcpInfo.state(socket.info);
    }

    /** Returns the policy of a listener: of a connection whose remote end is not known yet. */
    private Policy ofListener() throws IOException {
      return rules.policy(rules.decide(Role.SERVER, null, Kernel.local(fd)));
    }

    void apply() throws IOException {
      if (released) {
        return;
      }
      boolean isGiven =
          state() == TcpInfo.LISTEN && manager.listeners.before(socket.number) != null;
      if (entry == null && !isGiven && !isHooked(socket.number, fd)) {
        table.closed(socket.number); // its entry is that of an earlier connection
        entry = found.find(fd, rules.otherwise());
      }
      if (entry == null || entry.isDone) {
        if (!isUnchanged(socket.number, fd)) {
          reapply(socket.number, fd);
        }
        return;
      }
      int state = state();
      entry.state = state;
      if (state == TcpInfo.CLOSE) {
        return;
      }
      if (state == TcpInfo.LISTEN) {
        applyToListener();
      } else if (state == TcpInfo.SYN_SENT && !rules.isEmpty()) {
        result.connecting++; // its remote end, for the rules, is not known before it is connected
        return;
      } else {
        if (state != TcpInfo.SYN_SENT) {
          readEnds();
        }
        table.redecide(socket.number, socket.role, socket.decision);
        Policy policy = rules.policy(socket.decision);
        if (count(policy, entry.before)) {
          policy.set(fd, policy.options(own(policy, entry.before)));
        }
      }
      entry.isDone = true; // unless one of these has failed: the next call tries again
    }

    /**
     * Returns whether a socket has passed a hook. Not every close is seen, without watchdog and
     * sweep none: a connection that should have options of ours and has none is not the one of the
     * table's entry.
     */
    private boolean isHooked(int number, FileDescriptor socketFd) throws IOException {
      Policy policy = rules.policy(table.decision(number));
      return table.isHooked(number)
          && (!policy.keepalive() || manager.unset.difference(socketFd, policy.options(0)) != 0);
    }

    /** Returns whether a known connection has the options it was given, as far as they are read. */
    private boolean isUnchanged(int number, FileDescriptor socketFd) throws IOException {
      boolean timers = allTimers || (number + sweeps) % TIMERS_EVERY == 0;
      return (!timers && Kernel.keepAlive(socketFd))
          || conforms(socketFd, rules.policy(table.decision(number)));
    }

    private boolean conforms(FileDescriptor socketFd, Policy policy) throws IOException {
      return !policy.keepalive()
          || policy.difference(socketFd, policy.options(0)) == 0
          || (conflict == Conflict.TIGHTEN && KeepaliveValues.of(socketFd).isSooner(policy));
    }

    /** Sets the options of a known connection again, which native code has changed. */
    private void reapply(int number, FileDescriptor socketFd) throws IOException {
      if (conflict == Conflict.RESPECT || !TcpInfo.isConnected(Kernel.info(socketFd))) {
        return;
      }
      // Decided anew: the table may have the decision of a connection that had the number before.
      Role role = table.role(number);
      int decision = rules.decide(role, remotes.of(socketFd), Kernel.local(socketFd));
      table.redecide(number, role, decision);
      Policy policy = rules.policy(decision);
      if (!conforms(socketFd, policy)) {
        ApplicationOptionsTable.Entry choice = conflict == Conflict.TIGHTEN ? choice(number) : null;
        policy = choice == null ? policy : choice.tighter(policy, manager.unset);
        policy.set(socketFd, policy.options(0));
        manager.counters().nativeChanges.incrementAndGet();
      }
    }

    /** Returns the options the application was seen to set on the socket of a number, or null. */
    private ApplicationOptionsTable.Entry choice(int number) {
      if (choices == null) {
        choices = manager.applicationOptions.byNumber();
      }
      return choices.get(number);
    }

    /**
     * Returns the options that stay as the application, or a library, has set them.
     *
     * @param original the values without the agent's
     */
    private int own(Policy policy, KeepaliveValues original) {
      int own = original.own(policy, conflict, manager.unset);
      ApplicationOptionsTable.Entry choice = choice(socket.number);
      if (choice == null) {
        return own;
      }
      return conflict == Conflict.RESPECT ? own | choice.bits() : own & Options.KEEPALIVE_ALL;
    }

    /** Counts a connection; returns whether it lacks options that it is to be given. */
    private boolean count(Policy policy, KeepaliveValues before) {
      if (!policy.keepalive()) {
        result.offByRule++;
      } else if (before.matches(policy, 0)) {
        result.same++;
      } else if (before.matches(policy, own(policy, before))) {
        result.ownChoice++;
      } else {
        result.given++;
        return true;
      }
      return false;
    }

    private void applyToListener() throws IOException {
      Policy policy = ofListener();
      if (policy.keepalive()) {
        if (!entry.before.keepalive()) {
          // First: what it accepts is turned off where a rule says so.
          manager.listenersHaveKeepalive = true;
        }
        int own = own(policy, entry.before);
        entry.before.set(fd, own); // earlier settings may have replaced it
        policy.set(fd, policy.options(own));
        result.listeners += policy.options(own) == 0 ? 0 : 1;
      }
    }

    void previewListener() throws IOException {
      result.listeners += ofListener().keepalive() ? 1 : 0;
    }

    void preview() throws IOException {
      if (state() == TcpInfo.SYN_SENT) {
        result.connecting++;
      } else if (state() != TcpInfo.CLOSE) {
        readEnds();
        if (count(rules.policy(socket.decision), KeepaliveValues.of(fd))) {
          result.would.add(socket);
        }
      }
    }

    void changeListener() throws IOException {
      if (entry == null) {
        return; // opened since: the hook on accept gives options to what it accepts
      }
      if (ofListener().keepalive()) {
        applyToListener();
      } else {
        restoreListener();
      }
    }

    void restoreListener() throws IOException {
      KeepaliveValues before = manager.listeners.before(socket.number);
      if (entry != null) {
        entry.before.set(fd, Options.ALL);
      } else if (before != null) {
        ApplicationOptionsTable.Entry choice = choice(socket.number);
        (choice == null ? before : choice.over(before)).set(fd, Options.ALL);
      }
    }

    void change(Rules rulesBefore) throws IOException {
      if (!TcpInfo.isConnected(socket.info)) {
        return; // connect has set the options it had then, or apply() waits for it
      }
      readEnds();
      Policy policy = rules.policy(socket.decision);
      Policy old = rulesBefore.policy(decide(rulesBefore));
      table.redecide(socket.number, socket.role, socket.decision);
      if (!policy.keepalive()) {
        if (!old.keepalive() || !restore(old)) {
          result.offByRule++;
        }
        return;
      }
      KeepaliveValues present = KeepaliveValues.of(fd);
      KeepaliveValues original = original();
      int own = own(policy, original);
      original.set(fd, own); // earlier settings may have replaced it
      policy.set(fd, policy.options(own));
      boolean timeoutEnds = old.userTimeout() > 0 && policy.userTimeout() == 0;
      if (timeoutEnds && (own & Options.USER_TIMEOUT) == 0) {
        Kernel.userTimeout(fd, 0);
      }
      if (own != 0 && original.matches(policy, own)) {
        result.ownChoice++;
      } else if (present.differences(KeepaliveValues.of(fd)) == 0) {
        result.same++;
      } else {
        result.given++;
      }
    }

    /** Returns the values the socket would have if there had been no agent. */
    private KeepaliveValues original() throws IOException {
      KeepaliveValues before =
          entry == null ? found.listener(Kernel.local(fd).getPort()) : entry.before;
      if (before == null) {
        before = manager.unset;
      }
      ApplicationOptionsTable.Entry choice = choice(socket.number);
      return choice == null ? before : choice.over(before);
    }

    /** Restores the options that a policy has set; returns whether that turned keepalive off. */
    private boolean restore(Policy policy) throws IOException {
      KeepaliveValues original = original();
      int options = original.changed(fd, policy);
      original.set(fd, options);
      result.restored += options != 0 ? 1 : 0;
      boolean off = (options & Options.KEEPALIVE) != 0; // a policy that sets anything has it on
      result.turnedOff += off ? 1 : 0;
      return off;
    }

    void release(boolean restore, boolean foundOnly) throws IOException {
      if (state() == TcpInfo.CLOSE) {
        return;
      }
      if (state() != TcpInfo.SYN_SENT) {
        readEnds();
      }
      Policy policy = rules.policy(socket.decision);
      if (foundOnly && entry == null) {
        Policy inherited = ofListener();
        if (found.listener(Kernel.local(fd).getPort()) != null && hasOptions(inherited)) {
          policy = inherited;
        } else if (table.role(socket.number) == null || !hasOptions(policy)) {
          return;
        }
      }
      if (restore && policy.keepalive()) {
        restore(policy);
      } else if (policy.keepalive() && original().changed(fd, policy) != 0) {
        result.kept++;
      }
    }

    /** Returns whether the socket has the values of a policy, but for the application's own. */
    private boolean hasOptions(Policy policy) throws IOException {
      ApplicationOptionsTable.Entry choice = choice(socket.number);
      int own = choice == null ? 0 : choice.bits();
      return policy.keepalive() && policy.difference(fd, policy.options(own)) == 0;
    }
  }
}
