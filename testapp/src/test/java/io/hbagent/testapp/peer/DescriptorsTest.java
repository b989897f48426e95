package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void aLimitThatLetsEverybodyInIsNotMentioned() {
    assertEquals("", said(5000, 5050));
    assertEquals("", said(5000, Long.MAX_VALUE));
  }

  @Test
  void aLimitThatIsTooLowIsToldAtTheStart() {
    String complaint =
        "only about 206 of 5000 clients will fit: this process may open 256 files (ulimit -Hn)";
    assertTrue(said(5000, 256).contains(complaint));
    assertTrue(said(1, 20).contains("only about 0 of 1 clients"));
  }

  @Test
  void thisProcessHasALimitThatLetsItWork() {
    assertTrue(Descriptors.limit() > 50);
  }

  private static String said(int maxClients, long limit) {
    StringWriter said = new StringWriter();
    Descriptors.check(maxClients, limit, new Report(new PrintWriter(said)));
    return said.toString();
  }
}
