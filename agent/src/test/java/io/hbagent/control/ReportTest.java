package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void readsBackWhatItPrints() {
    Report report = Report.ok();
    report.add("one").add("text", "a\tb\nc\\d=e:f").add("number", 42).add("none", null);
    report.add("two").add("empty", "").add("negative", -1L).add("looks-like-a-number", "7");
    Report again = Report.parse(report.toString());
    assertEquals(report.toString(), again.toString());
    assertEquals("a\\u0009b\\u000ac\\d=e:f", again.first("one").text("text"), "for a terminal");
    assertEquals(report.toJson(), again.toJson());
    assertEquals(42, again.first("one").number("number"));
    assertEquals("", again.first("three").text("anything"));
  }

  @Test
  void anyTextReadsBack() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(8); j > 0; j--) {
        text.append("\\\t\nbnt=:".charAt(random.nextInt(8)));
      }
      Report report = Report.ok();
      report.add("one").add("text", text);
      assertEquals(report.toJson(), Report.parse(report.toString()).toJson());
    }
  }

  @Test
  void anAnswerThatIsNotCompleteIsNone() {
    String text = Report.failed("x").toString();
    for (int i = 0; i < text.length(); i++) {
      assertNull(Report.parse(text.substring(0, i)), text.substring(0, i));
    }
    assertEquals("x", Report.parse(text).failure());
    assertNull(Report.parse(new Request(Request.Verb.STATUS, "", 1).toString()));
  }

  /** An answer is data of the target's user. */
  @Test
  void anythingElseIsAFailure() {
    for (String line :
        new String[] {"a\t", "a\tb", "a\tn:x", "a\tb\tc=d", "a\tn:", "a\tn:9".repeat(9)}) {
      String failure = Report.parse("ok\n" + line + "\nend\n").failure();
      assertTrue(failure.startsWith("its answer cannot be read (") && failure.length() < 400, line);
    }
    Random random = new Random(7);
    String good = "ok\none\ttext=x\tnumber:42\n\t:=\n";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder("ok\n");
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append(good.charAt(random.nextInt(good.length())));
      }
      Report.parse(text.append("\nend\n").toString());
    }
  }

  @Test
  void requestsReadBack() {
    Request request = Request.parse(new Request(Request.Verb.ATTACH, "idle=5,cnt=3", 1).toString());
    assertEquals(Request.Verb.ATTACH, request.verb);
    assertEquals("idle=5,cnt=3", request.options);
    assertEquals(1, request.millis);
    assertEquals("", Request.parse(new Request(Request.Verb.DETACH, "", 1).toString()).options);
    assertNull(Request.parse(""));
    assertNull(Request.parse("NONSENSE 1\n\n"));
    assertNull(Request.parse("ATTACH 1\nidle=5"));
    assertNull(Request.parse("ATTACH\nidle=5\n"));
    assertNull(Request.parse("ATTACH x\nidle=5\n"));
  }

  @Test
  void jsonEscapes() {
    Report report = Report.ok();
    report.add("agent").add("text", "q\" b\\ \n \u0001 \u00e9 \ud83d \u2028\u009b").add("n", 7);
    report.add("connection").add("fd", 3);
    String json = report.toJson();
    assertTrue(
        json.contains("\"text\": \"q\\\" b\\\\ \\u000a \\u0001 \u00e9 \\ud83d \\u2028\\u009b\""),
        json);
    assertTrue(json.contains("\"n\": 7"), json);
    assertTrue(json.contains("\"connections\": [\n    {\"fd\": 3}\n  ]"), json);
    assertTrue(json.contains("\"hooks\": []"), json);
  }
}
