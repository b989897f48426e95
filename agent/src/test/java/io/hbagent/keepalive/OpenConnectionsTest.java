package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.tcp.FakeSockets;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deciding, setting, sweeping, changing and restoring, on sockets in memory. */
class OpenConnectionsTest {

  private static final String UNTOUCHED = "0/7200/75/9/0";
  private static final String SET = "1/20/5/3/0";
  private static final Policy NINE = new Policy(true, 9, 5, 3, 0);
  private static final Rules GENERAL = new Rules(Policy.STANDARD, List.of());
  private static final Rules SERVERS_NINE =
      new Rules(Policy.STANDARD, List.of(new Rule("in", List.of(), List.of(), Role.SERVER, NINE)));

  private final FakeSockets sockets = new FakeSockets();
  private KeepaliveManager manager = new KeepaliveManager(GENERAL, Conflict.ENFORCE);
  private OpenConnections open = new OpenConnections(manager);

  @AfterEach
  void close() {
    sockets.close();
  }

  private void start(Rules rules, Conflict conflict) {
    manager = new KeepaliveManager(rules, conflict);
    open = new OpenConnections(manager);
  }

  /** Connects as the application does, through the hooks. */
  private FileDescriptor hooked(int number, String... before) throws IOException {
    FileDescriptor fd = sockets.open(number);
    set(fd, before);
    manager.opened(fd, fd, Role.CLIENT, InetAddress.getLoopbackAddress(), 5432, null);
    sockets.connect(number, 40_000 + number, "127.0.0.1", 5432);
    return fd;
  }

  /** Connects as native code does. */
  private FileDescriptor unhooked(int number, String... options) throws IOException {
    FileDescriptor fd = sockets.open(number);
    natively(fd, options);
    sockets.connect(number, 40_000 + number, "127.0.0.1", 5432);
    return fd;
  }

  private static void natively(FileDescriptor fd, String... options) throws IOException {
    for (String option : options) {
      String[] words = option.split("=", -1);
      Kernel.set(fd, bit(words[0]), Integer.parseInt(words[1]));
    }
  }

  /** Sets options as the application does, through the hooks. */
  private void set(FileDescriptor fd, String... options) throws IOException {
    for (String option : options) {
      natively(fd, option);
      manager.optionSet(fd, option.substring(0, option.indexOf('=')));
    }
  }

  private static int bit(String name) {
    return name.equals("TCP_USER_TIMEOUT")
        ? io.hbagent.tcp.Options.USER_TIMEOUT
        : io.hbagent.tcp.Options.bit(name);
  }

  @Test
  void aConnectionCostsFourSystemCalls() throws IOException {
    hooked(5);
    assertEquals(SET, sockets.options(5));
    assertEquals(4, sockets.sets);
    assertEquals(1, manager.counters().connected.get());
  }

  @Test
  void aConnectionClosedAtOnceIsCounted() throws IOException {
    FileDescriptor fd = sockets.open(5);
    sockets.close(5);
    manager.opened(fd, fd, Role.CLIENT, InetAddress.getLoopbackAddress(), 5432, null);
    assertEquals(1, manager.counters().closed.get() + manager.counters().notTcp.get());
    assertEquals(0, manager.counters().connected.get());
  }

  @Test
  void aConnectionClosedBeforeItIsReadBackIsCounted() throws IOException {
    manager.readBack = true;
    sockets.onSet =
        () -> {
          if (sockets.sets == 4) {
            sockets.close(5);
          }
        };
    FileDescriptor fd = sockets.open(5);
    manager.opened(fd, fd, Role.CLIENT, InetAddress.getLoopbackAddress(), 5432, null);
    assertEquals(1, manager.counters().closed.get());
    assertTrue(manager.readback(Role.CLIENT).isPending(), "the next one is read back");
    hooked(6);
    assertTrue(manager.readback(Role.CLIENT).isOk());
    assertEquals(1, manager.counters().connected.get());
  }

  @Test
  void anAcceptedConnectionFollowsItsRule() throws IOException {
    start(SERVERS_NINE, Conflict.ENFORCE);
    sockets.open(4);
    sockets.listen(4, 80);
    FileDescriptor fd = sockets.accept(4, 5, "192.0.2.1", 999);
    manager.opened(fd, fd, Role.SERVER, InetAddress.getLoopbackAddress(), 999, null);
    assertEquals("1/9/5/3/0", sockets.options(5));
  }

  /** Listens as the application does, through the hooks. */
  private FileDescriptor listening(int number, int port) throws IOException {
    manager.readBack = true;
    FileDescriptor fd = sockets.open(number);
    manager.listening(fd);
    sockets.listen(number, port);
    return fd;
  }

  /** Accepts a connection as the application does, through the hooks. */
  private FileDescriptor accepted(FileDescriptor listener, int number) throws IOException {
    FileDescriptor fd = sockets.accept(Kernel.number(listener), number, "192.0.2.1", 999);
    manager.opened(fd, fd, Role.SERVER, InetAddress.getByName("192.0.2.1"), 999, listener);
    return fd;
  }

  @Test
  void anAcceptedConnectionInheritsWithoutASystemCall() throws IOException {
    FileDescriptor listener = listening(4, 80);
    assertEquals(4, sockets.sets);
    accepted(listener, 5);
    assertEquals(4, sockets.sets);
    assertEquals(SET, sockets.options(5));
    assertEquals(1, manager.counters().accepted.get());
    assertEquals(Role.SERVER, manager.table().role(5));
  }

  @Test
  void anAcceptedConnectionIsGivenOptionsWhereItInheritsOthers() throws IOException {
    FileDescriptor listener = listening(4, 80);
    AddressPattern peer = AddressPattern.parse("192.0.2.1");
    Rule nine = new Rule("peer", List.of(peer), List.of(), null, NINE);
    manager.change(new Rules(Policy.STANDARD, List.of(nine)), Conflict.ENFORCE);
    accepted(listener, 5);
    assertEquals("1/9/5/3/0", sockets.options(5), "its remote end has a rule");
    Rule off = new Rule("peer", List.of(peer), List.of(), null, Policy.OFF);
    manager.change(new Rules(Policy.STANDARD, List.of(off)), Conflict.ENFORCE);
    accepted(listener, 6);
    assertEquals(UNTOUCHED, sockets.options(6), "left as it is by a rule");
    manager.change(SERVERS_NINE, Conflict.RESPECT);
    accepted(listener, 7);
    assertEquals("1/9/5/3/0", sockets.options(7), "the rules were replaced");
    manager.change(GENERAL, Conflict.ENFORCE);
    manager.change(GENERAL, Conflict.RESPECT);
    set(listener, "TCP_KEEPIDLE=77");
    manager.change(GENERAL, Conflict.ENFORCE);
    accepted(listener, 8);
    assertEquals(SET, sockets.options(8), "the application has changed its listener");
  }

  @Test
  void aListenerThatHasTheNumberOfAnotherPassesNothingOn() throws IOException {
    listening(4, 80);
    sockets.close(4);
    FileDescriptor other = sockets.open(4);
    sockets.listen(4, 81);
    accepted(other, 5);
    assertEquals(SET, sockets.options(5));
    assertEquals(8, sockets.sets);
  }

  @Test
  void listenersAreOnlyGivenWhatEachConnectionMayHave() throws IOException {
    start(GENERAL, Conflict.RESPECT);
    listening(4, 80);
    start(new Rules(new Policy(true, 20, 5, 3, 3000), List.of()), Conflict.ENFORCE);
    listening(5, 81);
    start(Rules.OFF, Conflict.ENFORCE);
    listening(6, 82);
    Rule off = new Rule("off", List.of(), List.of(AddressPattern.parse(":8080")), null, Policy.OFF);
    start(new Rules(Policy.STANDARD, List.of(off)), Conflict.ENFORCE);
    listening(7, 83);
    start(GENERAL, Conflict.ENFORCE);
    manager.listening(sockets.open(8)); // reading is not linked yet
    manager.readBack = true;
    sockets.listen(8, 84);
    manager.listening(sockets.wrap(8)); // it listens already
    assertEquals(0, sockets.sets);
  }

  @Test
  void aDetachRestoresTheListenersOfTheHooks() throws IOException {
    FileDescriptor own = sockets.open(3);
    natively(own, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=99"); // as a preloaded library does
    manager.readBack = true;
    manager.listening(own);
    sockets.listen(3, 79);
    assertEquals(SET, sockets.options(3));
    FileDescriptor listener = listening(4, 80);
    set(listener, "TCP_KEEPIDLE=77");
    FileDescriptor other = listening(5, 81);
    accepted(other, 6);
    open.apply(); // finds none of them
    open.release(true);
    assertEquals("1/99/75/9/0", sockets.options(3));
    assertEquals("0/77/75/9/0", sockets.options(4));
    assertEquals(UNTOUCHED, sockets.options(5));
    assertEquals(UNTOUCHED, sockets.options(6));
  }

  @Test
  void enforceSetsAgainWhatTheApplicationChanges() throws IOException {
    FileDescriptor fd = hooked(5);
    set(fd, "SO_KEEPALIVE=0", "TCP_KEEPIDLE=77");
    assertEquals(SET, sockets.options(5));
    assertEquals(2, manager.counters().reapplied.get());
  }

  @Test
  void respectKeepsItOptionByOption() throws IOException {
    start(GENERAL, Conflict.RESPECT);
    hooked(5, "TCP_KEEPIDLE=77");
    assertEquals("1/77/5/3/0", sockets.options(5));
    unhooked(6, "TCP_KEEPIDLE=78");
    assertEquals(1, open.sweep(true).given);
    assertEquals("1/78/5/3/0", sockets.options(6));
  }

  @Test
  void tightenKeepsTheSooner() throws IOException {
    start(GENERAL, Conflict.TIGHTEN);
    FileDescriptor fd = hooked(5, "SO_KEEPALIVE=1", "TCP_KEEPINTERVAL=1", "TCP_KEEPIDLE=1");
    assertEquals("1/1/1/9/0", sockets.options(5));
    set(fd, "TCP_KEEPIDLE=100");
    assertEquals(SET, sockets.options(5));
  }

  @Test
  void restoreAfterASweepPutsBackTheOptionsOfNativeCode() throws IOException {
    unhooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77", "TCP_USER_TIMEOUT=3000");
    unhooked(6);
    assertEquals(2, open.sweep(false).given);
    assertEquals("1/20/5/3/3000", sockets.options(5));
    assertEquals(SET, sockets.options(6));
    assertEquals(0, open.sweep(false).given, "they have ours by now");
    assertEquals(2, manager.counters().swept.get());
    SweepResult released = open.release(true);
    assertEquals(1, released.turnedOff);
    assertEquals(2, released.restored);
    assertEquals("1/77/75/9/3000", sockets.options(5));
    assertEquals(UNTOUCHED, sockets.options(6));
  }

  @Test
  void restorePutsBackWhatTheApplicationHasSetBeforeAndAfter() throws IOException {
    hooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77");
    FileDescriptor after = hooked(6);
    set(after, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=78", "TCP_KEEPCOUNT=4");
    FileDescriptor changed = hooked(7, "SO_KEEPALIVE=1");
    set(changed, "SO_KEEPALIVE=0");
    hooked(8);
    SweepResult released = open.release(true);
    assertEquals(4, released.restored);
    assertEquals(2, released.turnedOff);
    assertEquals("1/77/75/9/0", sockets.options(5));
    assertEquals("1/78/75/4/0", sockets.options(6));
    assertEquals(UNTOUCHED, sockets.options(7));
    assertEquals(UNTOUCHED, sockets.options(8));
  }

  /** Turned off by the application since: restored is that, and not what it had set before. */
  @Test
  void restoreTurnsOffWhatTheApplicationHasTurnedOffSince() throws IOException {
    FileDescriptor found = unhooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77");
    FileDescriptor during = unhooked(6, "SO_KEEPALIVE=1");
    set(during, "SO_KEEPALIVE=0"); // after the hooks were woven and before it was found
    open.apply();
    set(found, "SO_KEEPALIVE=0");
    FileDescriptor hooked = hooked(7, "SO_KEEPALIVE=0");
    set(hooked, "SO_KEEPALIVE=0");
    assertEquals(SET, sockets.options(5));
    assertNull(manager.applicationOptions.get(hooked), "libraries do so on every connection");
    assertEquals(3, open.release(true).turnedOff);
    assertEquals("0/77/75/9/0", sockets.options(5));
    assertEquals(UNTOUCHED, sockets.options(6));
    assertEquals(UNTOUCHED, sockets.options(7));
  }

  @Test
  void restoreLeavesWhatNativeCodeHasChangedSince() throws IOException {
    FileDescriptor fd = hooked(5);
    natively(fd, "TCP_KEEPIDLE=77", "TCP_USER_TIMEOUT=4000");
    open.release(true);
    assertEquals("0/77/75/9/4000", sockets.options(5));
  }

  @Test
  void withoutRestoreConnectionsKeepTheirOptionsAndListenersDoNot() throws IOException {
    sockets.open(4);
    sockets.listen(4, 80);
    unhooked(5, "SO_KEEPALIVE=1");
    unhooked(6);
    SweepResult given = open.apply();
    assertEquals(2, given.given);
    assertEquals(1, given.listeners);
    assertEquals(SET, sockets.options(4));
    sockets.accept(4, 7, "192.0.2.1", 999);
    assertEquals(3, open.release(false).kept); // 5 had keepalive before, with other timers
    assertEquals(UNTOUCHED, sockets.options(4));
    assertEquals(SET, sockets.options(6));
  }

  @Test
  void keptAreThoseThatHaveOptionsOfOurs() throws IOException {
    hooked(5);
    unhooked(6, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=20", "TCP_KEEPINTERVAL=5", "TCP_KEEPCOUNT=3");
    open.apply();
    natively(
        hooked(7), "SO_KEEPALIVE=0", "TCP_KEEPIDLE=1", "TCP_KEEPINTERVAL=1", "TCP_KEEPCOUNT=1");
    assertEquals(1, open.release(false).kept);
  }

  @Test
  void whatAListenerOfOursAcceptedUnseenIsRestored() throws IOException {
    sockets.open(4);
    sockets.listen(4, 80);
    open.apply();
    sockets.accept(4, 5, "192.0.2.1", 999);
    unhooked(6, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=20", "TCP_KEEPINTERVAL=5", "TCP_KEEPCOUNT=3");
    open.takeBack();
    assertEquals(UNTOUCHED, sockets.options(5));
    assertEquals(SET, sockets.options(6), "the application's own");
  }

  @Test
  void aNumberUsedAgainByNativeCodeIsFound() throws IOException {
    for (Conflict conflict : Conflict.values()) {
      start(SERVERS_NINE, conflict);
      sockets.open(4);
      sockets.listen(4, 80);
      FileDescriptor fd = sockets.accept(4, 5, "192.0.2.1", 999);
      manager.opened(fd, fd, Role.SERVER, InetAddress.getLoopbackAddress(), 999, null);
      assertEquals("1/9/5/3/0", sockets.options(5));
      sockets.close(5);
      unhooked(5);
      assertEquals(1, open.sweep(true).given, conflict::toString);
      assertEquals(SET, sockets.options(5), "as a client");
      assertEquals(Role.CLIENT, manager.table().role(5));
      sockets.close(5);
      unhooked(5, "TCP_KEEPIDLE=88"); // and again, after one that was found
      assertEquals(1, open.sweep(true).given);
      open.release(true);
      assertEquals("0/88/75/9/0", sockets.options(5));
    }
  }

  @Test
  void aClosedNumberUsedAgainIsFoundThoughItsOptionsAreOurs() throws IOException {
    hooked(5);
    manager.table().closed(5);
    sockets.close(5);
    unhooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77");
    open.sweep(true);
    open.release(true);
    assertEquals("1/77/75/9/0", sockets.options(5));
  }

  @Test
  void thePortOfAClosedListenerIsForgotten() throws IOException {
    natively(sockets.open(4), "TCP_KEEPIDLE=66");
    sockets.listen(4, 40_005);
    open.apply();
    sockets.close(4);
    open.apply();
    unhooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=20", "TCP_KEEPINTERVAL=5", "TCP_KEEPCOUNT=3");
    open.apply();
    open.release(true);
    assertEquals(SET, sockets.options(5), "its own, not inherited");
  }

  @Test
  void changedRulesReachOpenConnections() throws IOException {
    start(GENERAL, Conflict.ENFORCE);
    FileDescriptor own = hooked(5, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77");
    hooked(6);
    unhooked(7, "TCP_KEEPIDLE=66");
    open.sweep(true);
    SweepResult nine = change(new Rules(NINE, List.of()), Conflict.ENFORCE);
    assertEquals(3, nine.given);
    assertEquals("1/9/5/3/0", sockets.options(6));
    assertEquals(3, change(new Rules(NINE, List.of()), Conflict.ENFORCE).same);
    change(GENERAL, Conflict.RESPECT);
    assertEquals("1/77/5/3/0", sockets.options(5), "the application's own idle comes back");
    assertEquals("1/66/5/3/0", sockets.options(7));
    SweepResult off = change(Rules.OFF, Conflict.ENFORCE);
    assertEquals(2, off.turnedOff);
    assertEquals("1/77/75/9/0", sockets.options(Kernel.number(own)));
    assertEquals(UNTOUCHED, sockets.options(6));
    assertEquals("0/66/75/9/0", sockets.options(7));
  }

  private SweepResult change(Rules rules, Conflict conflict) {
    return open.change(manager.change(rules, conflict));
  }

  @Test
  void aUserTimeoutGoesWithItsPolicy() throws IOException {
    start(new Rules(new Policy(true, 20, 5, 3, 4000), List.of()), Conflict.ENFORCE);
    hooked(5);
    assertEquals("1/20/5/3/4000", sockets.options(5));
    change(GENERAL, Conflict.ENFORCE);
    assertEquals(SET, sockets.options(5));
  }

  @Test
  void aConnectingSocketIsFollowed() throws IOException {
    start(SERVERS_NINE, Conflict.ENFORCE);
    sockets.open(5);
    sockets.state(5, TcpInfo.SYN_SENT);
    assertEquals(1, open.apply().connecting);
    assertTrue(open.isWaiting());
    sockets.connect(5, 40_005, "127.0.0.1", 5432);
    assertEquals(1, open.apply().given);
    assertEquals(SET, sockets.options(5));
  }

  @Test
  void previewChangesNothing() throws IOException {
    unhooked(5);
    sockets.sets = 0;
    assertEquals(1, OpenConnections.preview(manager).would.size());
    assertEquals(0, sockets.sets);
  }

  @Test
  void aSweepSetsAgainWhatNativeCodeChanged() throws IOException {
    FileDescriptor fd = hooked(5);
    natively(fd, "SO_KEEPALIVE=0", "TCP_KEEPIDLE=77");
    open.sweep(false);
    assertEquals(SET, sockets.options(5));
    natively(fd, "TCP_KEEPIDLE=77");
    for (int i = 0; i < 8; i++) {
      open.sweep(false);
    }
    assertEquals(SET, sockets.options(5), "the timers are read in one of eight sweeps");
    natively(fd, "TCP_KEEPIDLE=77");
    open.sweep(true);
    assertEquals(SET, sockets.options(5));
    assertEquals(3, manager.counters().nativeChanges.get());
  }

  @Test
  void aHookedConnectionCostsASweepOneSystemCall() throws IOException {
    for (int number = 8; number < 16; number++) {
      hooked(number);
    }
    sockets.gets = 0;
    sockets.readlinks = -1; // of the inherited channel
    open.sweep(false);
    assertEquals(7 + 4, sockets.gets, "and the timers of one in eight");
    assertEquals(0, sockets.readlinks, "no readlink");
  }

  @Test
  void whatAListenerAcceptedUnseenHasInheritedItsOptions() throws IOException {
    FileDescriptor listener = sockets.open(4);
    set(listener, "TCP_KEEPIDLE=66");
    manager.listening(listener);
    sockets.listen(4, 80);
    sockets.accept(4, 5, "192.0.2.1", 999);
    open.sweep(false);
    assertEquals(SET, sockets.options(5));
    open.release(true);
    assertEquals("0/66/75/9/0", sockets.options(5));
    assertEquals("0/66/75/9/0", sockets.options(4));
  }

  @Test
  void aListenerIsNotTheConnectionThatHadItsNumberBefore() throws IOException {
    hooked(4);
    sockets.close(4); // unseen
    FileDescriptor listener = sockets.open(4);
    manager.listening(listener);
    sockets.listen(4, 80);
    sockets.accept(4, 5, "192.0.2.1", 999);
    open.sweep(false);
    assertEquals(Role.SERVER, manager.table().role(5));
  }

  @Test
  void aConnectionIsNotTheListenerThatHadItsNumberBefore() throws IOException {
    manager.listening(sockets.open(4));
    sockets.listen(4, 80);
    sockets.close(4);
    unhooked(4);
    assertEquals(1, open.sweep(false).given);
  }

  @Test
  void aSweepLeavesListenersAndUnconnectedSocketsAlone() throws IOException {
    sockets.open(4);
    sockets.listen(4, 80);
    sockets.open(5);
    sockets.open(6);
    sockets.state(6, TcpInfo.SYN_SENT);
    open.sweep(true);
    for (int number = 4; number <= 6; number++) {
      assertEquals(UNTOUCHED, sockets.options(number));
    }
    assertFalse(open.isWaiting());
    sockets.accept(4, 7, "192.0.2.1", 999);
    open.sweep(true);
    assertEquals(Role.SERVER, manager.table().role(7));
  }

  /** The application had set options on it before an attach, and connects it after. */
  @Test
  void aSweepDoesNotForgetASocketThatPassedAHookSinceItWasFound() throws IOException {
    FileDescriptor fd = sockets.open(5);
    natively(fd, "SO_KEEPALIVE=1", "TCP_KEEPIDLE=77");
    open.apply();
    manager.opened(fd, fd, Role.CLIENT, InetAddress.getLoopbackAddress(), 5432, null);
    sockets.connect(5, 40_005, "127.0.0.1", 5432);
    open.sweep(false);
    open.release(true);
    assertEquals("1/77/75/9/0", sockets.options(5));
  }
}
