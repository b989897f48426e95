package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void aLimitThatLetsEverybodyInIsNotMentioned() {
    assertEquals("", output(5000, 5050));
    assertEquals("", output(5000, Long.MAX_VALUE));
  }

  @Test
  void aLimitThatIsTooLowIsToldAtTheStart() {
    String complaint =
        "only about 206 of 5000 clients will fit: this process may open 256 files (ulimit -Hn)";
    assertTrue(output(5000, 256).contains(complaint));
    assertTrue(output(1, 20).contains("only about 0 of 1 clients"));
  }

  @Test
  void thisProcessHasALimitThatLetsItWork() {
    assertTrue(Descriptors.limit() > 50);
  }

  private static String output(int maxClients, long limit) {
    StringWriter output = new StringWriter();
    Descriptors.check(maxClients, limit, new Report(new PrintWriter(output)));
    return output.toString();
  }
}
