package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void readsBackWhatItPrints() {
    Report report = Report.ok();
    report.add("one").add("text", "a\tb\nc\\d=e:f").add("number", 42).add("none", null);
    report.add("two").add("empty", "").add("negative", -1L).add("looks-like-a-number", "7");
    Report again = Report.parse(report.toString());
    assertEquals(report.toString(), again.toString());
    assertEquals("a\tb\nc\\d=e:f", again.first("one").text("text"));
    assertEquals(42, again.first("one").number("number"));
    assertEquals("", again.first("three").text("anything"));
  }

  @Test
  void anAnswerThatIsNotCompleteIsNone() {
    String text = Report.failed("x").toString();
    for (int i = 0; i < text.length(); i++) {
      assertNull(Report.parse(text.substring(0, i)), text.substring(0, i));
    }
    assertEquals("x", Report.parse(text).failure());
    assertNull(Report.parse(new Request(Request.Verb.STATUS, "").toString()));
  }

  @Test
  void requestsReadBack() {
    Request request = Request.parse(new Request(Request.Verb.ATTACH, "idle=5,cnt=3").toString());
    assertEquals(Request.Verb.ATTACH, request.verb());
    assertEquals("idle=5,cnt=3", request.options());
    assertEquals("", Request.parse(new Request(Request.Verb.DETACH, "").toString()).options());
    assertNull(Request.parse(""));
    assertNull(Request.parse("NONSENSE\n\n"));
    assertNull(Request.parse("ATTACH\nidle=5"));
  }

  @Test
  void jsonEscapes() {
    Report report = Report.ok();
    report.add("agent").add("text", "q\" b\\ \n \u0001 \u00e9 \ud83d").add("n", 7);
    report.add("connection").add("fd", 3);
    String json = Json.of(report);
    assertTrue(json.contains("\"text\": \"q\\\" b\\\\ \\u000a \\u0001 \u00e9 \\ud83d\""), json);
    assertTrue(json.contains("\"n\": 7"), json);
    assertTrue(json.contains("\"connections\": [\n    {\"fd\": 3}\n  ]"), json);
    assertTrue(json.contains("\"hooks\": []"), json);
  }
}
