package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries by number, overwritten by the next connection, and growing under several threads. */
class ConnectionTableTest {
  private final ConnectionTable table = new ConnectionTable();

  @Test
  void keepsRoleAndDecision() {
    table.put(3, Role.CLIENT, Rules.NO_RULE);
    table.put(4, Role.SERVER, 0);
    table.put(5, Role.CLIENT, 7);
    assertEquals(Role.CLIENT, table.role(3));
    assertEquals(Rules.NO_RULE, table.decision(3));
    assertEquals(Role.SERVER, table.role(4));
    assertEquals(0, table.decision(4));
    assertEquals(7, table.decision(5));
    table.put(5, Role.SERVER, 1);
    assertEquals(Role.SERVER, table.role(5));
  }

  @Test
  void knowsNothingOfOtherNumbers() {
    assertNull(table.role(0));
    assertNull(table.role(1 << 20));
    assertNull(table.role(-1));
    assertEquals(Rules.NO_RULE, table.decision(1 << 20));
    table.put(-1, Role.CLIENT, 0);
  }

  /**
   * The watchdog distinguishes two connections on one descriptor number by what remains of the
   * first.
   */
  @Test
  void whatIsClosedIsNotTakenForItsSuccessor() {
    table.put(3, Role.SERVER, 1);
    int first = table.entry(3);
    assertFalse(table.isClosed(3));
    table.closed(3);
    assertTrue(table.isClosed(3));
    assertEquals(first, table.entry(3), "there is still something to say of it");
    table.put(3, Role.SERVER, 1);
    assertFalse(table.isClosed(3));
    assertFalse(ConnectionTable.isSame(first, table.entry(3)));
    table.closed(1 << 20);
    table.closed(-1);
  }

  @Test
  void growingLosesNothing() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int first = t;
      Thread thread =
          new Thread(
              () -> {
                for (int n = first; n < 40_000; n += 4) {
                  table.put(n, n % 2 == 0 ? Role.CLIENT : Role.SERVER, n % 9);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(10_000);
    }
    for (int n = 0; n < 40_000; n++) {
      assertEquals(n % 2 == 0 ? Role.CLIENT : Role.SERVER, table.role(n), "entry " + n);
      assertEquals(n % 9, table.decision(n), "entry " + n);
    }
  }
}
