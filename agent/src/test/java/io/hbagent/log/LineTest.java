package io.hbagent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** logfmt: one line, whatever a value holds. */
class LineTest {
  @Test
  void quotesOnlyWhatNeedsIt() {
    Line line =
        new Line("started")
            .add("cnt", 3)
            .add("source", "agent arguments")
            .add("plain", "a/b:c")
            .add("nothing", null)
            .add("empty", "")
            .add("odd", "say \"a=b\" \\ now\nand then");
    assertEquals(
        "event=started cnt=3 source=\"agent arguments\" plain=a/b:c empty=\"\""
            + " odd=\"say \\\"a=b\\\" \\\\ now\\u000aand then\"",
        line.toString());
  }

  /** Next line, line separator, the C1 form of ESC [, and an override of the direction. */
  @Test
  void controlsBeyondAsciiAreEscaped() {
    assertEquals(
        "event=x thread=\"\\u0085\\u2028\\u009b31m\\u202e\"",
        new Line("x").add("thread", "\u0085\u2028\u009b31m\u202e").toString());
  }
}
