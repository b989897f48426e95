package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The command that the user is advised to run. */
class AttachChecksTest {

  @Test
  void userWithoutAName() {
    assertEquals("alice", AttachChecks.sudoUser("alice"));
    assertEquals("'#65123'", AttachChecks.sudoUser("65123"));
  }
}
