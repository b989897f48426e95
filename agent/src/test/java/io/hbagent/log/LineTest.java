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
            + " odd=\"say \\\"a=b\\\" \\\\ now and then\"",
        line.toString());
  }
}
