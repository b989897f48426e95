package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Report;
import io.hbagent.diagnose.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyCommandTest {

  private static Report.Entry connection(Verdict verdict) {
    Report.Entry one = new Report.Entry("connection").add("fd", 33).add("role", "client");
    one.add("local", "10.0.0.1:4000").add("remote", "10.0.0.7:5432").add("verdict", verdict);
    return one.add("since-ms", 45_000).add("evidence", "acknowledged").add("opened-by", "main");
  }

  @Test
  void oneConnectionInAParagraph() {
    Report.Entry hangs = connection(Verdict.SERVICE_DOES_NOT_ANSWER).add("reader", "exec-7");
    Report.Entry frame = new Report.Entry("frame").add("text", "com.example.Dao.find\u001b[2J");
    String text =
        WhyCommand.text(
            "JVM 1 (App)",
            List.of(hangs, connection(Verdict.WE_DO_NOT_CLOSE)),
            List.of(frame),
            1_000);
    assertEquals(
        "JVM 1 (App), 10.0.0.1:4000 > 10.0.0.7:5432, fd=33: SERVICE DOES NOT ANSWER\n  "
            + Verdict.SERVICE_DOES_NOT_ANSWER.meaning
            + " So for 45 s at least.\n"
            + "  evidence: acknowledged; reader=exec-7\n"
            + "  opened by: main\n"
            + "  the thread that waits: exec-7\n"
            + "      at com.example.Dao.find\\u001b[2J\n"
            + "  what to do: "
            + Verdict.SERVICE_DOES_NOT_ANSWER.advice
            + "\n\n"
            + "  WE DO NOT CLOSE for 45 s, 1 connection to 10.0.0.7:5432\n"
            + "      acknowledged\n",
        text);
    String narrow = WhyCommand.text("JVM 1 (App)", List.of(hangs), List.of(), 60);
    assertTrue(narrow.lines().allMatch(line -> line.length() <= 60), narrow);
  }

  @Test
  void namesAreResolvedWhereTheCommandRuns() throws Exception {
    for (String same : List.of("10.0.0.7:5432", "10.0.0.0/8", ":5432", "*:5432", "[::1]:80")) {
      assertEquals(same, WhyCommand.patterns(same));
    }
    CommandException wrong =
        assertThrows(CommandException.class, () -> WhyCommand.patterns("2001:db8::1"));
    assertTrue(wrong.getMessage().contains("as in [2001:db8::1]"), wrong.getMessage());
    assertEquals(CommandException.USAGE, wrong.exitCode);
    String local = WhyCommand.patterns("localhost:5432");
    assertTrue(local.contains("127.0.0.1:5432"), local);
    CommandException e =
        assertThrows(CommandException.class, () -> WhyCommand.patterns("no.such.invalid:80"));
    assertTrue(e.getMessage().contains("cannot resolve no.such.invalid here"), e.getMessage());
  }
}
