package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** First match wins; what is not known does not match. */
class RulesTest {
  private static final Policy FAST = new Policy(true, 5, 5, 3, 0);
  private static final Policy SLOW = new Policy(true, 60, 5, 3, 0);

  private static List<AddressPattern> patterns(String... texts) {
    return List.of(texts).stream().map(AddressPattern::parse).toList();
  }

  private final Rules rules =
      new Rules(
          Policy.STANDARD,
          List.of(
              new Rule("health", List.of(), patterns(":8080"), Role.SERVER, Policy.OFF),
              new Rule("db", patterns("10.0.0.0/8:5432"), List.of(), null, SLOW),
              new Rule("ten", patterns("10.0.0.0/8"), List.of(), Role.CLIENT, FAST)));

  private Policy decide(Role role, String remote, int port, InetSocketAddress local)
      throws Exception {
    return rules.policy(rules.decide(role, InetAddress.getByName(remote), port, local));
  }

  @Test
  void firstMatchWins() throws Exception {
    assertEquals(SLOW, decide(Role.CLIENT, "10.1.1.1", 5432, null));
    assertEquals(FAST, decide(Role.CLIENT, "10.1.1.1", 80, null));
    assertEquals(Policy.STANDARD, decide(Role.SERVER, "10.1.1.1", 80, null));
    assertEquals(Policy.STANDARD, decide(Role.CLIENT, "192.0.2.1", 5432, null));
  }

  @Test
  void aLocalEndThatIsNotKnownDoesNotMatch() throws Exception {
    assertEquals(Policy.STANDARD, decide(Role.SERVER, "192.0.2.1", 1, null));
    InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    assertEquals(Policy.OFF, decide(Role.SERVER, "192.0.2.1", 1, local));
    assertEquals(Policy.STANDARD, decide(Role.CLIENT, "192.0.2.1", 1, local));
  }

  @Test
  void aDecisionThatIsNoMoreFallsBackToTheGeneralPolicy() {
    assertEquals(Policy.STANDARD, rules.policy(99));
    assertEquals(Policy.STANDARD, rules.policy(Rules.NO_RULE));
  }

  @Test
  void theSelfTestHasAlwaysSomethingToSet() {
    assertEquals(Policy.STANDARD, Rules.OFF.anyPolicy());
    assertEquals(Policy.STANDARD, rules.anyPolicy());
    Rules onlyOne =
        new Rules(Policy.OFF, List.of(new Rule("x", patterns("*"), List.of(), null, FAST)));
    assertEquals(FAST, onlyOne.anyPolicy());
  }

  @Test
  void onlyRulesThatLookAtTheLocalEndNeedIt() {
    assertTrue(rules.needLocal());
    assertFalse(Rules.OFF.needLocal());
    assertTrue(Rules.OFF.isEmpty());
  }
}
